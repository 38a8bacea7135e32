import TextField from "@mui/material/TextField";

import { useDraft } from "./draft";

const PAUSE = 500;
const DAY = /^2\d{3}-/; // the browser takes 0002 for a year while 2026 is being typed

interface Props {
  label: string;
  field: string;
  /** Why no set can be of such a day. */
  problem?: string | undefined;
}

/** A day that a list begins or ends with. */
export function DayField({ label, field, problem }: Props) {
  const { text, isWhole, type, leave } = useDraft(field, PAUSE);
  return (
    <TextField
      type="date"
      label={label}
      value={text}
      error={!isWhole || problem !== undefined}
      helperText={problem}
      onChange={(event) => {
        const { value, validity } = event.target;
        type(value, value === "" ? !validity.badInput : DAY.test(value));
      }}
      onBlur={leave}
      slotProps={{
        inputLabel: { shrink: true },
        htmlInput: { min: "2000-01-01", max: "2999-12-31" },
        formHelperText: { role: "alert" },
      }}
      sx={{ flex: { xs: "1 1 140px", sm: "0 0 auto" } }}
    />
  );
}
