/** What was done, or failed, in a corner and to screen readers; one line each, gone after a while; failures stay. */
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";

import { type Kind, type Toast, withToast } from "./corner";

type Say = (text: string, kind?: Kind) => void;

const SECONDS = { success: 5, info: 6, error: null } as const; // a failure stays until somebody has seen it
const ToastContext = createContext<Say>(() => undefined);

export const useSay = (): Say => useContext(ToastContext);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const last = useRef(0);
  const close = useCallback((id: number) => {
    setToasts((all) => all.filter((toast) => toast.id !== id));
  }, []);
  const say = useCallback<Say>(
    (text, kind = "success") => {
      const id = ++last.current;
      setToasts((all) => withToast(all, { id, kind, text }));
      const seconds = SECONDS[kind];
      if (seconds === null) return;
      setTimeout(() => {
        close(id);
      }, seconds * 1000);
    },
    [close],
  );
  const shown = useMemo(
    () =>
      toasts.map(({ id, kind, text }) => (
        <Alert
          key={id}
          role="none" // the corner itself is what screen readers listen to
          severity={kind}
          variant="filled"
          onClose={() => {
            close(id);
          }}
          sx={{
            boxShadow: 6,
            bgcolor: "sidebar.background",
            color: "#fff",
            "& .MuiAlert-icon": { color: "sidebar.active" },
          }}
        >
          {text}
        </Alert>
      )),
    [toasts, close],
  );
  return (
    <ToastContext value={say}>
      {children}
      <Box
        role="status"
        aria-live="polite"
        sx={{
          position: "fixed",
          zIndex: 1500,
          bottom: 16,
          left: { xs: 12, sm: "auto" },
          right: { xs: 12, sm: 24 },
          maxWidth: { sm: 420 },
          display: "grid",
          gap: 1,
          p: 1,
          m: -1, // what scrolls cuts off shadows
          maxHeight: "70dvh",
          overflowY: "auto",
          overflowWrap: "anywhere",
        }}
      >
        {shown}
      </Box>
    </ToastContext>
  );
}
