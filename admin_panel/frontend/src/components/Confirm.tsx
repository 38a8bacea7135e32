import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import { type ReactNode, useId, useState } from "react";

import { told } from "./told";

interface Props {
  title: string;
  children: ReactNode;
  /** What the button does, as on it; without it there is nothing to do but to read. */
  act?: string;
  /** It goes on to something that cannot be taken back. */
  isDangerous?: boolean;
  onAct: () => Promise<void>;
  onClose: () => void;
}

/** Ask before something is done; a refusal is shown here, where it was asked for. */
export function Confirm({ title, children, act, isDangerous, onAct, onClose }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const id = useId();
  const go = async () => {
    if (isBusy) return;
    setBusy(true);
    setRefused(null);
    try {
      await onAct();
      onClose();
    } catch (error) {
      setRefused(error);
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={isBusy ? undefined : onClose} aria-labelledby={id} fullWidth maxWidth="xs">
      <DialogTitle id={id} sx={{ overflowWrap: "anywhere" }}>
        <bdi>{title}</bdi>
      </DialogTitle>
      <DialogContent>
        {children}
        {refused !== null && (
          <Alert severity="error" variant="outlined" sx={{ mt: 2 }}>
            {told(refused)}
          </Alert>
        )}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2, flexWrap: "wrap" }}>
        <Button onClick={onClose} disabled={isBusy}>
          {act === undefined ? "Close" : "Cancel"}
        </Button>
        {act !== undefined && (
          <Button
            variant="contained"
            color={isDangerous ? "error" : "primary"}
            aria-disabled={isBusy} // disabled, it would lose the keyboard's place
            onClick={() => void go()}
          >
            {act}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
