import Box from "@mui/material/Box";
import { useTheme } from "@mui/material/styles";
import { Bar, BarChart, CartesianGrid, Rectangle, Tooltip, XAxis, YAxis } from "recharts";

import { short } from "../components/format";

interface Props<T> {
  name: string;
  points: readonly T[];
  label: (point: T) => string;
  /** The label in full, for who points at a bar. */
  fullLabel: (point: T) => string;
  value: (point: T) => number;
  shown: (value: number) => string;
  /** What stands beside the axis. */
  axis?: (value: number) => string;
  tone?: "one" | "two";
  height?: number;
}

const NEVER = { isAnimationActive: false } as const;

/** Bars over days or weeks; the tone only sets charts apart, the height alone says how much. */
export default function Bars<T>(props: Props<T>) {
  const { name, points, label, fullLabel, value, shown, axis = short, tone = "one", height = 220 } = props;
  const theme = useTheme();
  const bars = points.map((point) => ({ label: label(point), full: fullLabel(point), value: value(point) }));
  const text = { fill: "var(--mui-palette-text-secondary)", fontSize: 12, fontFamily: theme.typography.fontFamily };
  const colour = `var(--mui-palette-chart-${tone})`;
  return (
    <Box
      role="img"
      aria-label={`${name}: a bar chart; the table behind the button has its numbers`}
      sx={{ width: "100%", height }}
    >
      <BarChart
        data={bars}
        responsive
        accessibilityLayer={false}
        style={{ width: "100%", height }}
        margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
      >
        <CartesianGrid vertical={false} stroke="var(--mui-palette-chart-grid)" />
        <XAxis
          dataKey="label"
          tick={text}
          tickLine={false}
          axisLine={false}
          minTickGap={18}
          interval="preserveStartEnd"
        />
        <YAxis tick={text} tickLine={false} axisLine={false} width={48} tickFormatter={axis} allowDecimals={false} />
        <Tooltip
          {...NEVER}
          cursor={{ fill: "var(--mui-palette-action-hover)" }}
          content={({ payload }) => {
            const bar = payload[0]?.payload as { full: string; value: number } | undefined;
            return (
              bar && (
                <Box
                  sx={{
                    bgcolor: "sidebar.background",
                    color: "#fff",
                    px: 1.25,
                    py: 0.75,
                    borderRadius: "8px",
                    fontSize: "0.8125rem",
                  }}
                >
                  <strong>{shown(bar.value)}</strong>
                  <br />
                  {bar.full}
                </Box>
              )
            );
          }}
        />
        <Bar {...NEVER} dataKey="value" fill={colour} maxBarSize={28} shape={<Rectangle radius={[3, 3, 0, 0]} />} />
      </BarChart>
    </Box>
  );
}
