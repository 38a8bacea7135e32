import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import { useSearchParams } from "react-router-dom";

import { daysBefore, isoDay } from "./format";

const PERIODS = [
  [7, "7 days"],
  [30, "30 days"],
  [90, "90 days"],
  [365, "Year"],
] as const;
const USUAL = 30;

export interface Period {
  days: number;
  from: string;
  to: string;
}

/** The last days that figures are of; they stand in the address, so that a link shows the same. */
export function usePeriod(): [Period, (days: number) => void] {
  const [search, setSearch] = useSearchParams();
  const asked = Number(search.get("days"));
  const days = PERIODS.some(([each]) => each === asked) ? asked : USUAL;
  const to = isoDay(new Date());
  return [
    { days, from: daysBefore(to, days - 1), to },
    (chosen) => {
      setSearch({ days: String(chosen) }, { replace: true });
    },
  ];
}

export function PeriodSwitch({ days, onChange }: { days: number; onChange: (days: number) => void }) {
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      value={days}
      aria-label="Period"
      onChange={(_, chosen: number | null) => {
        if (chosen !== null) onChange(chosen);
      }}
      sx={{ bgcolor: "background.paper" }}
    >
      {PERIODS.map(([value, name]) => (
        <ToggleButton key={value} value={value} sx={{ px: 1.5, color: "text.primary" }}>
          {name}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
