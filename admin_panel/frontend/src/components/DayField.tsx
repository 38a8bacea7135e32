import TextField from "@mui/material/TextField";

import { useDraft } from "./draft";

const PAUSE = 500;
const DAY = /^2\d{3}-/; // the browser takes 0002 for a year while 2026 is being typed

/** A day that a list begins or ends with. */
export function DayField({ label, field }: { label: string; field: string }) {
  const { text, isWhole, type, leave } = useDraft(field, PAUSE);
  return (
    <TextField
      type="date"
      label={label}
      value={text}
      error={!isWhole}
      onChange={(event) => {
        const { value, validity } = event.target;
        type(value, value === "" ? !validity.badInput : DAY.test(value));
      }}
      onBlur={leave}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { min: "2000-01-01", max: "2999-12-31" } }}
      sx={{ flex: { xs: "1 1 140px", sm: "0 0 auto" } }}
    />
  );
}
