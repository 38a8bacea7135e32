import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { type ReactNode, useState } from "react";

import { Confirm } from "./Confirm";
import { useFocusBack } from "./focus";
import { Taken } from "./taken";
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

/** A form in one line of a list: Enter saves, Escape leaves it, and asks before where something is typed. */
export function FormRow(props: Props) {
  const { openedBy, name, children, act, isBusy, isUnsaved, problem, below, onSave, onClose } = props;
  const [isTaken, setTaken] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const isIdle = props.isIdle === true || isTaken;
  useFocusBack(openedBy);
  useUnsaved(isUnsaved);
  return (
    <>
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
            if (isUnsaved) setAsking(true);
            else onClose();
          }
        }}
        sx={{ py: 0.5 }}
      >
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, alignItems: "flex-start" }}>
          <Taken value={setTaken}>{children}</Taken>
          <Box sx={{ display: "flex", gap: 1, pt: 0.25 }}>
            <Button type="submit" variant="contained" disabled={isIdle} aria-disabled={isBusy}>
              {act}
            </Button>
            <Button onClick={onClose}>Cancel</Button>
          </Box>
        </Box>
        {problem !== null && !isTaken && (
          <Alert severity="error" variant="outlined" sx={{ mt: 1.5 }}>
            {problem}
          </Alert>
        )}
        {below}
      </Box>
      {isAsking && (
        <Confirm
          title="Leave without saving?"
          act="Leave"
          isDangerous
          onAct={() => {
            onClose();
            return Promise.resolve();
          }}
          onClose={() => {
            setAsking(false);
          }}
        >
          <Typography variant="body2">What you typed here is not saved, and would be lost.</Typography>
        </Confirm>
      )}
    </>
  );
}
