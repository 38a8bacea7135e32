import Box from "@mui/material/Box";
import type { ReactNode } from "react";

interface Props<T> {
  name: string;
  rows: readonly T[];
  keyOf: (row: T) => number;
  label: (row: T) => ReactNode;
  note: (row: T) => ReactNode;
  value: (row: T) => number;
  shown: (row: T) => string;
}

/** What there is most of, each with its bar and its number. */
export function Ranking<T>({ name, rows, keyOf, label, note, value, shown }: Props<T>) {
  const most = Math.max(1, ...rows.map(value));
  return (
    <Box
      component="ol"
      aria-label={name}
      sx={{
        listStyle: "none",
        m: 0,
        p: 0,
        display: "grid",
        gap: 1.25,
        columnGap: 3,
        // Down the first column, then down the second one.
        gridAutoFlow: { sm: "column" },
        gridAutoColumns: { sm: "minmax(0, 1fr)" },
        gridTemplateRows: { sm: `repeat(${Math.ceil(rows.length / 2)}, auto)` },
      }}
    >
      {rows.map((row) => (
        <Box component="li" key={keyOf(row)} sx={{ display: "flex", flexDirection: "column", fontSize: "0.875rem" }}>
          <Box sx={{ overflowWrap: "anywhere" }}>{label(row)}</Box>
          {/* At the foot of its row: a name of two lines beside it takes no bar out of line. */}
          <Box sx={{ display: "flex", gap: 1, justifyContent: "space-between", mt: "auto", mb: 0.25 }}>
            <Box component="span" sx={{ minWidth: 0, overflowWrap: "anywhere", color: "text.secondary" }}>
              {note(row)}
            </Box>
            <Box component="span" sx={{ whiteSpace: "nowrap", fontWeight: 600 }}>
              {shown(row)}
            </Box>
          </Box>
          <Box aria-hidden="true" sx={{ height: 8, borderRadius: "4px", bgcolor: "action.hover", overflow: "hidden" }}>
            <Box
              sx={{ height: "100%", borderRadius: "4px", bgcolor: "chart.two" }}
              style={{ width: `${(value(row) / most) * 100}%` }}
            />
          </Box>
        </Box>
      ))}
    </Box>
  );
}
