/** A table that becomes cards on a phone; the roles are named, for a table that is drawn otherwise is none to many. */
import Box from "@mui/material/Box";
import { useTheme } from "@mui/material/styles";
import { createContext, type ReactNode, useContext } from "react";

import { HIDDEN } from "./hidden";
import { DownIcon, UpIcon } from "./icons";

export interface Column<T> {
  /** The word above it, and before it on a phone. */
  label: string;
  render: (row: T) => ReactNode;
  /** The API sorts by this field. */
  sort?: string;
  align?: "right";
  width?: number;
  /** At a desk its words are no wider: one very long name does not take the others' room. */
  most?: number;
  /** The card's first line on a phone. */
  isHead?: boolean;
  /** Says what it is without its word. */
  isPlain?: boolean;
  /** Has a line of its own on a phone. */
  isBlock?: boolean;
  /** Left out on a phone. */
  isForWide?: boolean;
  /** What can be done: its word is for screen readers alone; on a phone it stands in the first line. */
  isQuiet?: boolean;
}

export interface Sorting {
  field: string;
  order: "ASC" | "DESC";
  set: (field: string, order: "ASC" | "DESC") => void;
}

/** The rows are of the page before, while another one comes: they are dim, and nothing can be done with them. */
export const FormerRows = createContext(false);

interface Props<T> {
  name: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  keyOf: (row: T) => string | number;
  sorting?: Sorting;
  /** A row that is something else just now, such as a form. */
  instead?: (row: T) => ReactNode;
}

export function Rows<T>({ name, rows, columns, keyOf, sorting, instead }: Props<T>) {
  const { breakpoints } = useTheme();
  const [phone, desk] = [breakpoints.down("sm"), breakpoints.up("sm")];
  const acts = columns.find((column) => column.isQuiet);
  const isFormer = useContext(FormerRows);
  return (
    <Box
      component="table"
      role="table"
      aria-label={name}
      sx={{
        width: "100%",
        borderCollapse: "collapse",
        fontSize: "0.875rem",
        "& > thead > tr > th": {
          position: "relative",
          textAlign: "left",
          color: "text.secondary",
          fontWeight: 600,
          fontSize: "0.8125rem",
          whiteSpace: "nowrap",
        },
        "& > * > tr > th, & > tbody > tr > td": {
          px: 1.5,
          py: 0.75,
          borderBottom: 1,
          borderColor: "divider",
          verticalAlign: "middle",
        },
        "& > tbody > tr:last-of-type > td": { borderBottom: 0 },
        "& > tbody > tr > td": { overflowWrap: "anywhere" },
        "& > tbody > tr > td.head": { fontWeight: 500 },
        "@media (hover: hover)": { "& > tbody > tr:hover": { bgcolor: "action.hover" } },
        [desk]: { "& > * > tr > :first-of-type": { pl: 2 }, "& > * > tr > :last-of-type": { pr: 2 } },
        [phone]: {
          display: "block",
          position: "relative",
          "& > thead":
            sorting === undefined ? HIDDEN : { display: "block", borderBottom: 1, borderColor: "divider", px: 2 },
          "& > thead > tr": { display: "flex", alignItems: "center", gap: 2 },
          "& > thead > tr::before": { content: '"Sort by"', color: "text.secondary", fontSize: "0.8125rem" },
          "& > thead > tr > th": { ...HIDDEN, border: 0, p: 0 },
          "& > thead > tr > th.sorts": { position: "static", width: "auto", height: "auto", clipPath: "none" },
          "& > thead > tr > th > button": { minHeight: 44 },
          "& > tbody": { display: "block" },
          "& > tbody > tr": {
            display: "block",
            position: "relative",
            px: 2,
            py: 1,
            borderBottom: 1,
            borderColor: "divider",
          },
          "& > tbody > tr:last-of-type": { borderBottom: 0 },
          "& > tbody > tr > td": {
            display: "inline",
            border: 0,
            p: 0,
            color: "text.secondary",
            fontSize: "0.8125rem",
            textAlign: "left !important",
          },
          "& > tbody > tr > td strong": { color: "text.primary" },
          "& > tbody > tr > td::before": { content: "attr(data-lead)" },
          "& > tbody > tr > td.head": {
            display: "flex",
            alignItems: "center",
            minHeight: acts === undefined ? 28 : 44,
            mt: acts === undefined ? 0 : -0.75,
            pr: acts === undefined ? 0 : `${acts.width ?? 0}px`,
            color: "text.primary",
            fontWeight: 600,
            fontSize: "0.9375rem",
            lineHeight: 1.3,
          },
          "& > tbody > tr > td.quiet": {
            position: "absolute",
            top: 2,
            right: 4,
            display: "flex",
            alignItems: "center",
            minHeight: 44,
          },
          "& > tbody > tr > td.block, & > tbody > tr > td.whole": { display: "block" },
          "& > tbody > tr > td.wide": { display: "none" },
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
            <tr role="row" key={keyOf(row)} inert={isFormer && !other} style={isFormer && !other ? FORMER : {}}>
              {other ? (
                <td role="cell" colSpan={columns.length} className="whole">
                  {other}
                </td>
              ) : (
                columns.map((column, place) => (
                  <td
                    role="cell"
                    key={column.label}
                    className={classOf(column)}
                    data-lead={lead(column, columns.slice(0, place))}
                    style={{ textAlign: column.align }}
                  >
                    {column.most === undefined ? (
                      column.render(row)
                    ) : (
                      <Box component="span" sx={{ display: { sm: "inline-block" }, maxWidth: { sm: column.most } }}>
                        {column.render(row)}
                      </Box>
                    )}
                  </td>
                ))
              )}
            </tr>
          );
        })}
      </tbody>
    </Box>
  );
}

const FORMER = { opacity: 0.4 } as const; // what is typed or planned in a row goes on

function classOf<T>({ isHead, isQuiet, isForWide, isBlock }: Column<T>): string | undefined {
  return isHead ? "head" : isQuiet ? "quiet" : isForWide ? "wide" : isBlock ? "block" : undefined;
}

/** What stands before a value in the small lines of a card: a dot after another one, and the value's word. */
function lead<T>(column: Column<T>, before: readonly Column<T>[]): string {
  if (column.isHead || column.isQuiet || column.isBlock) return "";
  const former = before.findLast((each) => !each.isForWide);
  const isFirst = former === undefined || classOf(former) !== undefined;
  return `${isFirst ? "" : " · "}${column.isPlain ? "" : `${column.label} `}`;
}

function Head<T>({ column, sorting }: { column: Column<T>; sorting?: Sorting | undefined }) {
  const { label, sort, align, width, isQuiet } = column;
  const sorts = sorting !== undefined && sort !== undefined;
  const here = sorts && sorting.field === sort;
  return (
    <Box
      component="th"
      role="columnheader"
      scope="col"
      className={sorts ? "sorts" : undefined}
      aria-sort={here ? (sorting.order === "ASC" ? "ascending" : "descending") : undefined}
      sx={{ width: { sm: width } }}
      style={{ textAlign: align }}
    >
      {sorts ? (
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
          {here && sorting.order === "DESC" ? (
            <DownIcon sx={{ fontSize: 15 }} />
          ) : (
            <UpIcon sx={{ fontSize: 15, opacity: here ? 1 : 0.35 }} />
          )}
        </Box>
      ) : (
        <span style={isQuiet ? HIDDEN : {}}>{label}</span>
      )}
    </Box>
  );
}
