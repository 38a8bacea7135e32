import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";

import { useFilter } from "./filters";

interface Props {
  label: string;
  field: string;
  /** What the API takes, and what a person reads; the empty one is no filter. */
  options: readonly (readonly [string, string])[];
  width?: number;
}

/** Show only some of a list, by one of a few values. */
export function Choice({ label, field, options, width = 160 }: Props) {
  const [present, set] = useFilter(field);
  return (
    <TextField
      select
      label={label}
      value={options.some(([value]) => value === present) ? present : ""}
      onChange={(event) => {
        set(event.target.value);
      }}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      sx={{ minWidth: width, flex: { xs: "1 1 140px", sm: "0 0 auto" } }}
    >
      {options.map(([value, name]) => (
        <MenuItem key={value} value={value}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  );
}

/** Which of the things that can be archived. */
export const STATES = [
  ["", "In use"],
  ["archived", "Archived"],
  ["all", "All"],
] as const;
