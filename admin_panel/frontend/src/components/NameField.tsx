import TextField from "@mui/material/TextField";
import { useQuery } from "@tanstack/react-query";
import { useContext, useEffect, useState } from "react";

import { key, quoted } from "./names";
import { Taken } from "./taken";

export interface Named {
  id: number;
  name: string;
  archived_at?: string | null;
}

interface Props {
  value: string;
  onChange: (value: string) => void;
  /** Whose name may stay what it is. */
  ownId?: number;
  /** Find things whose name has this part; `among` names the list, for what is remembered. */
  among: string;
  find: (part: string, signal: AbortSignal) => Promise<readonly Named[]>;
  autoFocus?: boolean;
}

const PAUSE = 150;

/** A name that must be unlike the others': one that is there already is said while it is typed. */
export function NameField({ value, onChange, ownId, among, find, autoFocus }: Props) {
  const wanted = key(value);
  const settled = useSettled(wanted);
  const { data } = useQuery({
    queryKey: ["names", among, settled],
    queryFn: ({ signal }) => find(settled, signal),
    enabled: settled !== "",
    staleTime: 5_000,
    retry: false,
  });
  const taken = settled === wanted ? data?.find((each) => each.id !== ownId && key(each.name) === wanted) : undefined;
  const tell = useContext(Taken);
  const isTaken = taken !== undefined;
  useEffect(() => {
    tell(isTaken);
  }, [tell, isTaken]);
  return (
    <TextField
      label="Name"
      value={value}
      onChange={(event) => {
        onChange(event.target.value);
      }}
      autoFocus={autoFocus}
      required
      error={isTaken}
      helperText={taken && `${quoted(taken.name)} is there already${taken.archived_at ? ", archived" : ""}.`}
      sx={{ flex: "1 1 240px", maxWidth: 420 }}
      slotProps={{
        htmlInput: { maxLength: 64, dir: "auto", autoComplete: "off" },
        formHelperText: { role: "alert" },
        inputLabel: { required: false },
      }}
    />
  );
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(value);
    }, PAUSE);
    return () => {
      clearTimeout(timer);
    };
  }, [value]);
  return settled;
}
