/** A table that becomes a column of cards on a phone; the roles are named, for a table drawn otherwise is none to many. */
import Box from "@mui/material/Box";
import { type ReactNode } from "react";

import { HIDDEN } from "./hidden";
import { DownIcon, UpIcon } from "./icons";

export interface Column<T> {
  /** The word above it, and before it on a phone. */
  label: string;
  render: (row: T) => ReactNode;
  /** The API sorts by this field. */
  sort?: string;
  align?: "right";
  width?: string | number;
  /** Stands alone at the card's top on a phone. */
  isHead?: boolean;
  /** Left out on a phone. */
  isForWide?: boolean;
  /** The label is for screen readers alone. */
  isQuiet?: boolean;
}

export interface Sorting {
  field: string;
  order: "ASC" | "DESC";
  set: (field: string, order: "ASC" | "DESC") => void;
}

interface Props<T> {
  name: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  keyOf: (row: T) => string | number;
  sorting?: Sorting;
  /** A row that is something else just now, such as a form. */
  instead?: (row: T) => ReactNode;
  dimmed?: (row: T) => boolean;
}

const PHONE = "@media (max-width: 719.95px)";

export function Rows<T>({ name, rows, columns, keyOf, sorting, instead, dimmed }: Props<T>) {
  return (
    <Box
      component="table"
      role="table"
      aria-label={name}
      sx={{
        width: "100%",
        borderCollapse: "collapse",
        fontSize: "0.875rem",
        "& th": { position: "relative", textAlign: "left", color: "text.secondary", fontWeight: 600, fontSize: "0.8125rem", whiteSpace: "nowrap" },
        "& th, & td": { px: 1.5, py: 1, borderBottom: 1, borderColor: "divider", verticalAlign: "middle" },
        "& tbody tr:last-of-type > *": { borderBottom: 0 },
        "@media (hover: hover)": { "& tbody tr:hover": { bgcolor: "action.hover" } },
        "& td": { overflowWrap: "anywhere" },
        [PHONE]: {
          display: "block",
          position: "relative",
          "& thead": HIDDEN,
          "& tbody": { display: "block" },
          "& tbody tr": { display: "grid", gap: 0.25, py: 1.25, px: 1.5, borderBottom: 1, borderColor: "divider" },
          "& tbody tr:last-of-type": { borderBottom: 0 },
          "& td": { display: "flex", gap: 1, justifyContent: "space-between", border: 0, p: 0, textAlign: "right !important" },
          "& td[data-label]::before": {
            content: "attr(data-label)",
            color: "text.secondary",
            fontSize: "0.8125rem",
            flexShrink: 0,
          },
          "& td.head": { fontWeight: 600, fontSize: "0.9375rem", textAlign: "left !important", justifyContent: "flex-start" },
          "& td.wide, & td:empty": { display: "none" },
          "& td.quiet": { justifyContent: "flex-start", mt: 0.5, ml: -1 },
        },
      }}
    >
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <Head key={column.label} column={column} sorting={sorting} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => {
          const other = instead?.(row);
          return (
            <tr role="row" key={keyOf(row)}>
              {other ? (
                <td role="cell" colSpan={columns.length}>
                  <Box sx={{ width: "100%", textAlign: "left" }}>{other}</Box>
                </td>
              ) : (
                columns.map((column) => (
                  <Box
                    component="td"
                    role="cell"
                    key={column.label}
                    className={column.isHead ? "head" : column.isQuiet ? "quiet" : column.isForWide ? "wide" : ""}
                    data-label={column.isHead || column.isQuiet ? undefined : column.label}
                    sx={{ textAlign: column.align, opacity: dimmed?.(row) ? 0.65 : 1 }}
                  >
                    {column.render(row)}
                  </Box>
                ))
              )}
            </tr>
          );
        })}
      </tbody>
    </Box>
  );
}

function Head<T>({ column, sorting }: { column: Column<T>; sorting?: Sorting | undefined }) {
  const { label, sort, align, width, isQuiet } = column;
  const here = sorting !== undefined && sort !== undefined && sorting.field === sort;
  const inner =
    sorting === undefined || sort === undefined ? (
      <Box component="span" style={isQuiet ? HIDDEN : {}}>
        {label}
      </Box>
    ) : (
      <Box
        component="button"
        type="button"
        onClick={() => {
          sorting.set(sort, here && sorting.order === "ASC" ? "DESC" : "ASC");
        }}
        sx={{
          all: "unset",
          cursor: "pointer",
          display: "inline-flex",
          alignItems: "center",
          gap: 0.5,
          borderRadius: 1,
          color: here ? "text.primary" : "inherit",
          "&:focus-visible": { outline: "2px solid", outlineColor: "info.main", outlineOffset: 2 },
        }}
      >
        {label}
        {here ? (
          sorting.order === "ASC" ? (
            <UpIcon sx={{ fontSize: 15 }} />
          ) : (
            <DownIcon sx={{ fontSize: 15 }} />
          )
        ) : (
          <UpIcon sx={{ fontSize: 15, opacity: 0.35 }} />
        )}
      </Box>
    );
  return (
    <Box
      component="th"
      role="columnheader"
      scope="col"
      aria-sort={here ? (sorting.order === "ASC" ? "ascending" : "descending") : undefined}
      style={{ width, ...(align === undefined ? {} : { textAlign: align }) }}
    >
      {inner}
    </Box>
  );
}
