import InputAdornment from "@mui/material/InputAdornment";
import TextField from "@mui/material/TextField";
import { useEffect, useRef, useState } from "react";

import { useFilter } from "./filters";
import { SearchIcon } from "./icons";

const PAUSE = 200; // milliseconds between two keys, after which one looks for what was typed

/** Look for something by a part of its name, while it is typed. */
export function Search({ label }: { label: string }) {
  const [present, setFilter] = useFilter("search");
  const set = present ?? "";
  const [text, setText] = useState(set);
  const [seen, setSeen] = useState(set);
  const timer = useRef<number>(undefined);
  if (set !== seen) {
    // somebody else has changed it: "show everything", the way back
    setSeen(set);
    setText(set);
  }
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  const typed = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    const { pathname } = window.location;
    timer.current = window.setTimeout(() => {
      if (window.location.pathname !== pathname) return; // on the way to another page, which may take a moment to load
      setSeen(value.trim());
      setFilter(value.trim());
    }, PAUSE);
  };
  return (
    <TextField
      type="search"
      label={label}
      value={text}
      onChange={(event) => {
        typed(event.target.value);
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
      sx={{ flex: "1 1 220px", maxWidth: { sm: 340 } }}
    />
  );
}
