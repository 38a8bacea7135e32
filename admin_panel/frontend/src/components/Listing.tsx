/** A list of the API's, page by page: what stands above it, its states, its table, and the way on and back. */
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Paper from "@mui/material/Paper";
import { type ListControllerResult, type RaRecord, useListContext } from "ra-core";
import type { ReactNode } from "react";

import { useFilters } from "./filters";
import { BackIcon, NextIcon } from "./icons";
import { Empty, Failed, Loading } from "./States";
import type { Sorting } from "./Rows";

interface Props<T extends RaRecord> {
  /** What the list is of, as in "The muscles". */
  what: string;
  filters?: ReactNode;
  /** What stands above the first row, such as the form for a new one. */
  top?: ReactNode;
  /** Nothing there at all. */
  empty: ReactNode;
  children: (rows: T[], sorting: Sorting) => ReactNode;
}

export function Listing<T extends RaRecord>({ what, filters: controls, top, empty, children }: Props<T>) {
  const list = useListContext<T>();
  const { data, isPending, error, refetch, sort, setSort, isFetching } = list;
  const [filters, setFilters] = useFilters();
  const sorting = {
    field: sort.field,
    order: sort.order,
    set: (field: string, order: "ASC" | "DESC") => {
      setSort({ field, order });
    },
  };
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Paper variant="outlined" sx={{ overflow: "hidden" }}>
      {controls !== undefined && (
        <Box
          role="search"
          aria-label={`Find among ${what}`}
          sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, p: 1.5, borderBottom: 1, borderColor: "divider" }}
        >
          {controls}
        </Box>
      )}
      {top}
      <Box aria-busy={isFetching}>
        {error !== null ? (
          <Box sx={{ px: 1.5 }}>
            <Failed what={`The ${what}`} error={error} retry={() => void refetch()} />
          </Box>
        ) : isPending ? (
          <Box sx={{ px: 1.5 }}>
            <Loading what={what} />
          </Box>
        ) : data.length === 0 ? (
          isFiltered ? (
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
          )
        ) : (
          children(data, sorting)
        )}
      </Box>
      <Pager list={list} />
    </Paper>
  );
}

function Pager<T extends RaRecord>({ list }: { list: ListControllerResult<T> }) {
  const { page, setPage, hasNextPage, hasPreviousPage } = list;
  if (!hasNextPage && !hasPreviousPage) return null;
  const go = (to: number) => {
    setPage(to);
    document.getElementById("page-title")?.focus();
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
