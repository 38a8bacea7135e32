import Box from "@mui/material/Box";
import Paper from "@mui/material/Paper";
import type { ReactNode } from "react";

export interface Fact {
  label: string;
  value: ReactNode;
  note?: string;
}

/** A few numbers side by side, each with its word. */
export function Tiles({ name, facts }: { name: string; facts: readonly Fact[] }) {
  return (
    <Box
      component="dl"
      aria-label={name}
      sx={{
        display: "grid",
        gap: 1.5,
        m: 0,
        mb: 2,
        gridTemplateColumns: "repeat(auto-fit, minmax(min(150px, 44%), 1fr))",
      }}
    >
      {facts.map(({ label, value, note }) => (
        <Paper key={label} variant="outlined" sx={{ px: 2, py: 1.5, minWidth: 0 }}>
          <Box component="dt" sx={{ color: "text.secondary", fontSize: "0.8125rem" }}>
            {label}
          </Box>
          <Box
            component="dd"
            sx={{ m: 0, fontSize: "1.375rem", fontWeight: 700, letterSpacing: "-0.01em", overflowWrap: "anywhere" }}
          >
            {value}
            {note !== undefined && (
              <Box
                component="span"
                sx={{
                  display: "block",
                  minHeight: "1.5em",
                  color: "text.secondary",
                  fontSize: "0.8125rem",
                  fontWeight: 400,
                }}
              >
                {note}
              </Box>
            )}
          </Box>
        </Paper>
      ))}
    </Box>
  );
}
