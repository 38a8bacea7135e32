import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import type { ReactNode } from "react";

import { useFocusBack } from "./focus";
import { useUnsaved } from "./unsaved";

interface Props {
  /** The button that opened it. */
  openedBy: string;
  name: string;
  children: ReactNode;
  act: string;
  isBusy: boolean;
  /** Nothing to save yet. */
  isIdle?: boolean;
  /** Something is typed that would be lost. */
  isUnsaved: boolean;
  problem: string | null;
  below?: ReactNode;
  onSave: () => void;
  onClose: () => void;
}

/** A form in one line of a list: Enter saves, Escape leaves it. */
export function FormRow(props: Props) {
  const { openedBy, name, children, act, isBusy, isIdle, isUnsaved, problem, below, onSave, onClose } = props;
  useFocusBack(openedBy);
  useUnsaved(isUnsaved);
  return (
    <Box
      component="form"
      aria-label={name}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && !isIdle) onSave();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.nativeEvent.isComposing) {
          event.stopPropagation();
          onClose();
        }
      }}
      sx={{ py: 0.5 }}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "flex-start" }}>
        {children}
        <Box sx={{ display: "flex", gap: 1, pt: 0.25 }}>
          <Button type="submit" variant="contained" disabled={isIdle} aria-disabled={isBusy}>
            {act}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </Box>
      </Box>
      {problem !== null && (
        <Alert severity="error" variant="outlined" sx={{ mt: 1.5 }}>
          {problem}
        </Alert>
      )}
      {below}
    </Box>
  );
}
