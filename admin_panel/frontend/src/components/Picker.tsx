import Autocomplete from "@mui/material/Autocomplete";
import TextField from "@mui/material/TextField";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";

export interface Option {
  id: number;
  label: string;
  /** What tells two of one name apart. */
  note?: string;
}

interface Props {
  label: string;
  /** What is chosen, by its number. */
  value: number | null;
  onChange: (chosen: Option | null) => void;
  /** Names the list, for what is remembered. */
  among: string;
  find: (search: string, signal: AbortSignal) => Promise<readonly Option[]>;
  /** What is behind a number that came by the address. */
  one: (id: number, signal: AbortSignal) => Promise<Option>;
  /** It has a line of its own. */
  isWide?: boolean;
}

/** Choose one thing out of many, looked for by its name while one types. */
export function Picker({ label, value, onChange, among, find, one, isWide = false }: Props) {
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const picked = (id: number | null) => ["picked", among, id];
  const { data: chosen } = useQuery({
    queryKey: picked(value),
    queryFn: ({ signal }) => (value === null ? null : one(value, signal)),
    enabled: value !== null,
    staleTime: 60_000,
    retry: false,
  });
  const present = useMemo(
    () => (value === null ? null : (chosen ?? { id: value, label: `ID ${value}` })),
    [value, chosen],
  );
  const search = present !== null && text === present.label ? "" : text.trim();
  const { data: options = [], isFetching, isError } = useQuery({
    queryKey: ["options", among, search],
    queryFn: ({ signal }) => find(search, signal),
    enabled: isOpen,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  return (
    <Autocomplete
      size="small"
      options={[...options]}
      value={present}
      inputValue={text}
      loading={isFetching}
      open={isOpen}
      onOpen={() => {
        setOpen(true);
      }}
      onClose={() => {
        setOpen(false);
      }}
      onInputChange={(_, typed) => {
        setText(typed);
      }}
      onChange={(_, option) => {
        if (option !== null) queries.setQueryData(picked(option.id), option); // its name is known already
        onChange(option);
      }}
      filterOptions={(found) => found}
      getOptionKey={(option) => option.id}
      getOptionLabel={(option) => option.label}
      isOptionEqualToValue={(one, other) => one.id === other.id}
      noOptionsText={isError ? "The list could not be loaded." : "Nothing fits."}
      renderOption={({ key, ...props }, option) => (
        <li key={key} {...props}>
          <span>
            <bdi>{option.label}</bdi>
            {option.note !== undefined && (
              <small style={{ display: "block", opacity: 0.75 }}>
                <bdi>{option.note}</bdi>
              </small>
            )}
          </span>
        </li>
      )}
      renderInput={(props) => <TextField {...props} label={label} />}
      sx={{ minWidth: 150, flex: { xs: "1 1 100%", sm: "1 1 150px" }, maxWidth: { sm: isWide ? 460 : 260 } }}
    />
  );
}
