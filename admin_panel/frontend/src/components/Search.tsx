import IconButton from "@mui/material/IconButton";
import InputAdornment from "@mui/material/InputAdornment";
import TextField from "@mui/material/TextField";
import { useRef } from "react";

import { useDraft } from "./draft";
import { ClearIcon, SearchIcon } from "./icons";

const PAUSE = 200;

/** Look for something by a part of its name, while it is typed. */
export function Search({ label }: { label: string }) {
  const { text, type } = useDraft("search", PAUSE);
  const box = useRef<HTMLInputElement>(null);
  return (
    <TextField
      type="search"
      label={label}
      value={text}
      inputRef={box}
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
          endAdornment: text !== "" && (
            <InputAdornment position="end">
              <IconButton
                size="small"
                edge="end"
                aria-label="Clear the search"
                onClick={() => {
                  type("");
                  box.current?.focus();
                }}
              >
                <ClearIcon fontSize="small" />
              </IconButton>
            </InputAdornment>
          ),
        },
      }}
      sx={{
        flex: { xs: "1 1 160px", sm: "1 1 220px" },
        maxWidth: { sm: 340 },
        "& input::-webkit-search-cancel-button": { display: "none" }, // the browser's own is blue, and of one browser
      }}
    />
  );
}
