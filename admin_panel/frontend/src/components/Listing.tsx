/** A list of the API's, page by page: what stands above it, its states, its table, and the way on and back. */
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Paper from "@mui/material/Paper";
import { type ListControllerResult, type RaRecord, useListContext } from "ra-core";
import { type ReactNode, useId, useState } from "react";

import { useFilters } from "./filters";
import { TITLE, useFocusKept } from "./focus";
import { HIDDEN } from "./hidden";
import { BackIcon, FilterIcon, NextIcon } from "./icons";
import { withKept } from "./kept";
import { FormerRows, type Sorting } from "./Rows";
import { Empty, Failed, Loading } from "./States";

interface Props<T extends RaRecord> {
  /** What the list is of, as in "The muscles". */
  what: string;
  /** What one looks for by a word; always there. */
  search?: ReactNode;
  /** What else narrows the list; on a phone behind a button. */
  filters?: ReactNode;
  /** What stands above the first row, such as the form for a new one. */
  top?: ReactNode;
  /** The rows that are being changed or deleted: they stay also when the list is without them by now. */
  kept?: readonly T[];
  /** Nothing there at all. */
  empty: ReactNode;
  children: (rows: T[], sorting: Sorting) => ReactNode;
}

export function Listing<T extends RaRecord>(props: Props<T>) {
  const { what, search, filters: others, top, kept = [], empty, children } = props;
  const list = useListContext<T>();
  const { data, error, refetch, sort, setSort, isFetching, isPlaceholderData = false, hasNextPage } = list;
  const [filters, setFilters] = useFilters();
  const keepFocus = useFocusKept(data);
  const sorting = {
    field: sort.field,
    order: sort.order,
    set: (field: string, order: "ASC" | "DESC") => {
      setSort({ field, order });
    },
  };
  const rows = withKept(data, kept);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Paper variant="outlined" sx={{ position: "relative", overflow: "hidden" }} onFocus={keepFocus}>
      {(search !== undefined || others !== undefined) && <Finding what={what} search={search} others={others} />}
      {top}
      <Box role="status" sx={HIDDEN}>
        {data !== undefined &&
          !isFetching &&
          `Shown ${what}: ${data.length}${hasNextPage ? ", and there are more" : ""}.`}
      </Box>
      <Box aria-busy={isFetching}>
        {error !== null && (
          <Box sx={{ px: 2 }}>
            <Failed what={`The ${what}`} error={error} retry={() => void refetch()} />
          </Box>
        )}
        {rows === undefined ? (
          error === null && (
            <Box sx={{ px: 2 }}>
              <Loading what={what} />
            </Box>
          )
        ) : rows.length > 0 ? (
          <FormerRows value={isPlaceholderData}>{children(rows, sorting)}</FormerRows>
        ) : isFiltered ? (
          <Empty
            title="Nothing fits."
            action={
              <Button
                variant="outlined"
                onClick={() => {
                  setFilters({});
                }}
              >
                Show everything
              </Button>
            }
          >
            No {what} are like that. Ask for less, or look at everything.
          </Empty>
        ) : (
          empty
        )}
      </Box>
      <Pager list={list} />
    </Paper>
  );
}

function Finding({ what, search, others }: { what: string; search: ReactNode; others: ReactNode }) {
  const [filters] = useFilters();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const set = Object.keys(filters).filter((field) => field !== "search").length;
  return (
    <Box
      role="search"
      aria-label={`Find among ${what}`}
      sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, px: 2, py: 1.5, borderBottom: 1, borderColor: "divider" }}
    >
      {search}
      {others !== undefined && (
        <>
          <Button
            variant="outlined"
            startIcon={<FilterIcon />}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => {
              setOpen(!isOpen);
            }}
            sx={{ display: { sm: "none" }, flexGrow: search === undefined ? 1 : 0 }}
          >
            {set === 0 ? "Filters" : `Filters (${set})`}
          </Button>
          <Box
            id={id}
            sx={{
              display: { xs: isOpen ? "flex" : "none", sm: "contents" },
              flexWrap: "wrap",
              gap: 1.5,
              width: "100%",
            }}
          >
            {others}
          </Box>
        </>
      )}
    </Box>
  );
}

function Pager<T extends RaRecord>({ list }: { list: ListControllerResult<T> }) {
  const { page, setPage, hasNextPage, hasPreviousPage } = list;
  if (!hasNextPage && !hasPreviousPage) return null;
  const go = (to: number) => {
    setPage(to);
    document.getElementById(TITLE)?.focus();
    window.scrollTo({ top: 0 });
  };
  return (
    <Box
      component="nav"
      aria-label="Pages"
      sx={{ display: "flex", justifyContent: "space-between", gap: 1, p: 1, borderTop: 1, borderColor: "divider" }}
    >
      <Box sx={{ display: "flex", gap: 1 }}>
        <Button
          size="small"
          startIcon={<BackIcon />}
          disabled={!hasPreviousPage}
          onClick={() => {
            go(page - 1);
          }}
        >
          Previous
        </Button>
        {page > 2 && (
          <Button
            size="small"
            onClick={() => {
              go(1);
            }}
          >
            First page
          </Button>
        )}
      </Box>
      <Button
        size="small"
        endIcon={<NextIcon />}
        disabled={!hasNextPage}
        onClick={() => {
          go(page + 1);
        }}
      >
        Next
      </Button>
    </Box>
  );
}
