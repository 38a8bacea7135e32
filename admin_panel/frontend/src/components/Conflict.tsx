import Alert from "@mui/material/Alert";
import AlertTitle from "@mui/material/AlertTitle";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";

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
      <Box tabIndex={0} role="region" aria-label="The two changes" sx={{ overflowX: "auto" }}>
        <Table
          size="small"
          aria-label="What is there now, and what you typed"
          sx={{ my: 1, "& td, & th": { px: 1 }, "& tbody tr:last-of-type > *": { border: 0 } }}
        >
          <TableHead>
            <TableRow>
              <TableCell>Field</TableCell>
              <TableCell>You looked at</TableCell>
              <TableCell>There now</TableCell>
              <TableCell>You typed</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {sides.map(({ label, before, now, typed }) => (
              <TableRow key={label}>
                <TableCell component="th" scope="row">
                  {label}
                </TableCell>
                <TableCell sx={{ color: "text.secondary" }}>
                  <bdi>{before}</bdi>
                </TableCell>
                <TableCell sx={{ fontWeight: now === before ? 400 : 700 }}>
                  <bdi>{now}</bdi>
                </TableCell>
                <TableCell sx={typed === null ? { color: "text.secondary" } : { fontWeight: 700 }}>
                  {typed === null ? "nothing" : <bdi>{typed}</bdi>}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
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
