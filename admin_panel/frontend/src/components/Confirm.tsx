import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import { type ReactNode, useId, useState } from "react";

import { sentenceOf } from "../api/refusal";

interface Props {
  title: string;
  children: ReactNode;
  /** What the button does, as on it. */
  act: string;
  /** It goes on to something that cannot be taken back. */
  isDangerous?: boolean;
  onAct: () => Promise<void>;
  onClose: () => void;
  /** What else can be done when it was refused. */
  insteadOf?: (error: unknown) => ReactNode;
  isDisabled?: boolean;
}

/** Ask before something is done; a refusal is shown here, where it was asked for. */
export function Confirm({ title, children, act, isDangerous, onAct, onClose, insteadOf, isDisabled }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const id = useId();
  const go = async () => {
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
        {title}
      </DialogTitle>
      <DialogContent>
        {children}
        {refused !== null && (
          <Alert severity="error" variant="outlined" sx={{ mt: 2 }}>
            {sentenceOf(refused)}
          </Alert>
        )}
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2, flexWrap: "wrap" }}>
        <Button onClick={onClose} disabled={isBusy}>
          Cancel
        </Button>
        {refused !== null && insteadOf?.(refused)}
        <Button
          variant="contained"
          color={isDangerous ? "error" : "primary"}
          disabled={isBusy || isDisabled}
          onClick={() => void go()}
        >
          {act}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
