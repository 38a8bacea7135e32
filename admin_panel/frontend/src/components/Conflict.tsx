import Alert from "@mui/material/Alert";
import AlertTitle from "@mui/material/AlertTitle";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";

import { Compared } from "./Compared";

/** A field before, as it is there now, and as it was typed; null: it was not touched, so theirs stays. */
export interface Side {
  label: string;
  before: string;
  now: string;
  typed: string | null;
}

interface Props {
  /** What is edited, as in "This muscle". */
  what: string;
  /** null: it is there no more. */
  sides: readonly Side[] | null;
  /** What was saved before had no answer: it may be what is there now. */
  isPerhapsOurs: boolean;
  isBusy: boolean;
  /** What is typed now is nothing to save. */
  isIdle: boolean;
  onMine: () => void;
  onTheirs: () => void;
}

/** Somebody was faster: what is there now beside what was typed, and whose counts. Nothing typed is lost before. */
export function Conflict({ what, sides, isPerhapsOurs, isBusy, isIdle, onMine, onTheirs }: Props) {
  if (sides === null) {
    return (
      <Alert severity="warning" variant="outlined" sx={{ mt: 1.5 }}>
        <AlertTitle sx={{ fontSize: "0.9375rem" }}>{what} was deleted meanwhile.</AlertTitle>
        What you typed is still here, but there is nothing left to save it to.
        <Box sx={{ mt: 1 }}>
          <Button size="small" variant="outlined" onClick={onTheirs}>
            Close
          </Button>
        </Box>
      </Alert>
    );
  }
  const different = sides.filter(({ before, now, typed }) => typed !== null || now !== before);
  return (
    <Alert
      severity="warning"
      variant="outlined"
      sx={{ mt: 1.5, alignItems: "flex-start", "& .MuiAlert-message": { flex: 1, minWidth: 0 } }}
    >
      <AlertTitle sx={{ fontSize: "0.9375rem" }}>
        {isPerhapsOurs ? "It was changed, perhaps by what you saved before." : "Somebody changed it while you typed."}
      </AlertTitle>
      {isPerhapsOurs ? "Compare what is there now." : "Nothing is saved yet, and nothing you typed is lost."}
      {different.length > 0 && (
        <Box sx={{ my: 1 }}>
          <Compared
            name="What is there now, and what you typed"
            head={["Field", "You looked at", "There now", "You typed"]}
            lines={different.map(({ label, before, now, typed }) => ({
              label,
              sides: [
                { text: before, isQuiet: true },
                { text: now, isStrong: now !== before },
                typed === null ? { text: "unchanged", isQuiet: true } : { text: typed, isStrong: true },
              ],
            }))}
          />
        </Box>
      )}
      <Box sx={{ display: "flex", gap: 1, flexWrap: "wrap" }}>
        <Button size="small" variant="contained" disabled={isIdle} aria-disabled={isBusy} onClick={onMine}>
          Save what I typed
        </Button>
        <Button size="small" variant="outlined" aria-disabled={isBusy} onClick={onTheirs}>
          Keep what is there
        </Button>
      </Box>
    </Alert>
  );
}
