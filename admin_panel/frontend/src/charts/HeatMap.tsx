import Box from "@mui/material/Box";
import { useTheme } from "@mui/material/styles";
import useMediaQuery from "@mui/material/useMediaQuery";

import type { Hour } from "../api/types";
import { count, short } from "../components/format";
import { HIDDEN } from "../components/hidden";
import { spansOf } from "./spans";

export const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
// How full a cell is drawn, by fifths of the busiest; none lies where neither dark nor light letters can be read on it.
const FULL = [0.12, 0.26, 0.4, 0.54, 0.92] as const;

/**
 * The hours of the week: the more sets, the fuller the cell; each shows its number as well, which needs no colour.
 * Where there is little room a cell is of two hours, and the whole week is seen at once.
 */
export function HeatMap({ hours }: { hours: readonly Hour[] }) {
  const { breakpoints } = useTheme();
  const width = useMediaQuery(breakpoints.down("lg"), { noSsr: true }) ? 2 : 1;
  const week = WEEKDAYS.map((name, place) => ({ name, spans: spansOf(hours, place + 1, width) }));
  const most = Math.max(1, ...week.flatMap(({ spans }) => spans.map(({ sets }) => sets)));
  return (
    <Box
      component="table"
      aria-label="Sets by hour of the week"
      sx={{
        borderCollapse: "separate",
        borderSpacing: "2px",
        width: "100%",
        tableLayout: "fixed",
        fontSize: { xs: "0.625rem", sm: "0.6875rem" },
        "& th": { color: "text.secondary", fontWeight: 500, fontSize: "0.75rem", textAlign: "center" },
        "& th[scope=row]": { textAlign: "left" },
        "& td": {
          position: "relative",
          height: 26,
          p: 0,
          textAlign: "center",
          borderRadius: "4px",
          bgcolor: "action.hover",
          color: "text.primary",
        },
      }}
    >
      <thead>
        <tr>
          <Box component="td" sx={{ width: { xs: 32, sm: 44 }, bgcolor: "transparent !important" }} />
          {week[0]?.spans.map(({ first, end }) => (
            <th key={first} scope="col" aria-label={`${first} to ${end} o'clock`}>
              {first}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {week.map(({ name, spans }) => (
          <tr key={name}>
            <th scope="row" aria-label={name}>
              {name.slice(0, 3)}
            </th>
            {spans.map(({ first, end, sets }) => {
              const fifth = Math.max(0, Math.ceil((sets / most) * 5) - 1);
              return (
                <td
                  key={first}
                  title={`${name}, ${first}:00 to ${end}:00: ${count(sets, "set")}`}
                  style={
                    sets === 0
                      ? {}
                      : {
                          backgroundColor: `rgba(var(--mui-palette-chart-heat), ${FULL[fifth] ?? 1})`,
                          ...(fifth === 4 ? { color: "var(--mui-palette-background-paper)" } : {}),
                        }
                  }
                >
                  {sets === 0 ? <span style={HIDDEN}>0</span> : short(sets)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </Box>
  );
}
