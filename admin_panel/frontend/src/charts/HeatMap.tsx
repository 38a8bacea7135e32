import Box from "@mui/material/Box";

import type { Hour } from "../api/types";
import { count, short } from "../components/format";
import { HIDDEN } from "../components/hidden";

export const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
// How full a cell is drawn, by fifths of the busiest; none lies where neither dark nor light letters can be read on it.
const FULL = [0.12, 0.26, 0.4, 0.54, 0.92] as const;

/** The hours of the week: the more sets, the fuller the cell; each shows its number as well, which needs no colour. */
export function HeatMap({ hours }: { hours: readonly Hour[] }) {
  const most = Math.max(1, ...hours.map((each) => each.sets));
  const sets = new Map(hours.map((each) => [each.weekday * 24 + each.hour, each.sets]));
  return (
    <Box tabIndex={0} role="region" aria-label="Busy hours, heat map" sx={{ overflowX: "auto" }}>
      <Box
        component="table"
        aria-label="Sets by hour of the week"
        sx={{
          borderCollapse: "separate",
          borderSpacing: "2px",
          width: "100%",
          minWidth: 720,
          tableLayout: "fixed",
          fontSize: "0.6875rem",
          "& th": { color: "text.secondary", fontWeight: 500, fontSize: "0.75rem", textAlign: "center" },
          "& th[scope=row]": { width: 44, textAlign: "left", position: "sticky", left: 0, bgcolor: "background.paper" },
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
            <Box component="td" sx={{ width: 44, bgcolor: "transparent !important" }} />
            {HOURS.map((hour) => (
              <th key={hour} scope="col" aria-label={`${hour} o'clock`}>
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {WEEKDAYS.map((weekday, place) => (
            <tr key={weekday}>
              <th scope="row" aria-label={weekday}>
                {weekday.slice(0, 3)}
              </th>
              {HOURS.map((hour) => {
                const here = sets.get((place + 1) * 24 + hour) ?? 0;
                const fifth = Math.max(0, Math.ceil((here / most) * 5) - 1);
                return (
                  <td
                    key={hour}
                    title={`${weekday}, ${hour}:00: ${count(here, "set")}`}
                    style={
                      here === 0
                        ? {}
                        : {
                            backgroundColor: `rgba(var(--mui-palette-chart-heat), ${FULL[fifth] ?? 1})`,
                            ...(fifth === 4 ? { color: "var(--mui-palette-background-paper)" } : {}),
                          }
                    }
                  >
                    {here === 0 ? <span style={HIDDEN}>0</span> : short(here)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}
