import InputAdornment from "@mui/material/InputAdornment";
import TextField from "@mui/material/TextField";

import { useDraft } from "./draft";
import { SearchIcon } from "./icons";

const PAUSE = 200;

/** Look for something by a part of its name, while it is typed. */
export function Search({ label }: { label: string }) {
  const { text, type } = useDraft("search", PAUSE);
  return (
    <TextField
      type="search"
      label={label}
      value={text}
      onChange={(event) => {
        type(event.target.value);
      }}
      slotProps={{
        htmlInput: { maxLength: 64, dir: "auto" },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <SearchIcon fontSize="small" />
            </InputAdornment>
          ),
        },
      }}
      sx={{ flex: { xs: "1 1 160px", sm: "1 1 220px" }, maxWidth: { sm: 340 } }}
    />
  );
}
