import Box from "@mui/material/Box";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { listAt } from "../../components/filters";
import { count, day, dayShort, number, tonnage, weekday } from "../../components/format";
import { Link } from "../../components/Link";
import { Page } from "../../components/Page";
import { Panel } from "../../components/Panel";
import { PeriodSwitch, usePeriod } from "../../components/Period";
import { type Fact, Tiles } from "../../components/Tiles";
import { HeatMap, WEEKDAYS } from "../../charts/HeatMap";
import { Bars, DayBars, TonnageBars } from "../../charts/lazy";
import { Ranking } from "../../charts/Ranking";
import { useApi } from "../../provider/api";
import { busiestHour, bySum, clock, figure, inZone, mostOf } from "./figures";

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const MOST_USED = 10;

export default function Overview() {
  const [period, setPeriod] = usePeriod();
  const [step, setStep] = useState<"day" | "week">("day");
  const api = useApi();
  const query = { from: period.from, to: period.to };
  const shared = { placeholderData: keepPreviousData, staleTime: 60_000 };
  const active = useQuery({
    queryKey: ["overview", "active", query, step],
    queryFn: ({ signal }) => api.get("/api/v1/analytics/active-users", { query: { ...query, by: step }, signal }),
    ...shared,
  });
  const volume = useQuery({
    queryKey: ["overview", "volume", query],
    queryFn: ({ signal }) => api.get("/api/v1/analytics/volume", { query, signal }),
    ...shared,
  });
  const used = useQuery({
    queryKey: ["overview", "used", query],
    queryFn: ({ signal }) => api.get("/api/v1/analytics/exercises", { query: { ...query, limit: MOST_USED }, signal }),
    ...shared,
  });
  const hours = useQuery({
    queryKey: ["overview", "hours", query],
    queryFn: ({ signal }) =>
      inZone(ZONE, (zone) => api.get("/api/v1/analytics/hours", { query: { ...query, zone }, signal })),
    ...shared,
  });
  const facts: Fact[] = [
    {
      label: "Sets",
      ...figure(volume, ({ items }) => ({ value: number(bySum(items, (each) => each.sets)) })),
      note: `in ${period.days} days`,
    },
    {
      label: "Lifted",
      ...figure(volume, ({ items }) => {
        const lifted = bySum(items, (each) => each.tonnage);
        const sets = bySum(items, (each) => each.sets);
        return { value: tonnage(lifted), note: `${number(Math.round(lifted / Math.max(1, sets)))} kg a set` };
      }),
    },
    {
      label: step === "day" ? "Most people on a day" : "Most people in a week",
      ...figure(active, ({ items }) => {
        const most = mostOf(items, (each) => each.people);
        if (most === undefined || most.people === 0) return { value: "0", note: "nobody trained" };
        return { value: number(most.people), note: `${step === "day" ? "" : "week of "}${dayShort(most.day)}` };
      }),
    },
    {
      label: "Busiest day",
      ...figure(volume, ({ items }) => {
        const most = mostOf(items, (each) => each.sets);
        if (most === undefined || most.sets === 0) return { value: "0 sets", note: "no sets" };
        return { value: count(most.sets, "set"), note: weekday(most.day) };
      }),
    },
  ];
  const nothing = "Nobody trained in these days.";
  return (
    <Page
      title="Overview"
      about={`${day(period.from)} to ${day(period.to)}. Each person's day, by their own clock.`}
      actions={<PeriodSwitch days={period.days} onChange={setPeriod} />}
    >
      <Tiles name="The period in numbers" facts={facts} />
      <Box
        sx={{
          display: "grid",
          gap: 2,
          gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "repeat(2, minmax(0, 1fr))" },
        }}
      >
        <Panel
          title="Active people"
          query={active}
          isEmpty={({ items }) => items.every((each) => each.people === 0)}
          empty={nothing}
          actions={
            <ToggleButtonGroup
              exclusive
              size="small"
              value={step}
              aria-label="Active people by"
              onChange={(_, chosen: "day" | "week" | null) => {
                if (chosen !== null) setStep(chosen);
              }}
            >
              {(["day", "week"] as const).map((each) => (
                <ToggleButton key={each} value={each} sx={{ py: 0.25, px: 1.25, color: "text.primary" }}>
                  {each === "day" ? "Day" : "Week"}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          }
          summary={({ items }) => {
            const most = mostOf(items, (each) => each.people);
            const mean = bySum(items, (each) => each.people) / Math.max(1, items.length);
            const each = step === "day" ? "a day" : "a week";
            const usual = count(Math.round(mean * 10) / 10, "person", "people");
            return `${usual} ${each} on average, ${number(most?.people ?? 0)} at most.`;
          }}
          chart={({ items }) => (
            <Bars
              name="Active people"
              points={items}
              label={(point) => dayShort(point.day)}
              fullLabel={(point) => (step === "day" ? weekday(point.day) : `Week of ${dayShort(point.day)}`)}
              value={(point) => point.people}
              shown={(value) => count(value, "person", "people")}
            />
          )}
          table={({ items }) => ({
            head: [step === "day" ? "Day" : "Week of", "People"],
            rows: [...items].reverse().map((each) => [day(each.day), number(each.people)]),
          })}
        />
        <Panel
          title="Most used exercises"
          query={used}
          isEmpty={({ items }) => items.length === 0}
          empty={nothing}
          chart={({ items }) => (
            <Ranking
              name="Most used exercises"
              rows={items}
              keyOf={(use) => use.exercise_id}
              label={(use) => (
                <Link to={listAt("/training", { exercise_id: use.exercise_id, ...query })}>
                  <bdi>{use.exercise}</bdi>
                </Link>
              )}
              note={(use) => <bdi>{use.muscle}</bdi>}
              value={(use) => use.sets}
              shown={(use) => count(use.sets, "set")}
            />
          )}
          table={({ items }) => ({
            head: ["Exercise", "Muscle", "Sets", "Sessions"],
            words: ["Muscle"],
            rows: items.map((use) => [use.exercise, use.muscle, number(use.sets), number(use.sessions)]),
          })}
        />
        <Panel
          title="Sets a day"
          query={volume}
          isEmpty={({ items }) => items.every((each) => each.sets === 0)}
          empty={nothing}
          summary={({ items }) => {
            const mean = bySum(items, (each) => each.sets) / items.length;
            return `${count(Math.round(mean * 10) / 10, "set")} a day on average.`;
          }}
          chart={({ items }) => (
            <DayBars
              name="Sets a day"
              points={items}
              value={(point) => point.sets}
              shown={(value) => count(value, "set")}
            />
          )}
          table={({ items }) => ({
            head: ["Day", "Sets", "Tonnage"],
            rows: [...items].reverse().map((each) => [day(each.day), number(each.sets), tonnage(each.tonnage)]),
          })}
        />
        <Panel
          title="Tonnage a day"
          query={volume}
          isEmpty={({ items }) => items.every((each) => each.sets === 0)}
          empty={nothing}
          summary={({ items }) => `${tonnage(bySum(items, (each) => each.tonnage) / items.length)} a day on average.`}
          chart={({ items }) => <TonnageBars name="Tonnage a day" points={items} />}
          table={({ items }) => ({
            head: ["Day", "Tonnage", "Sets"],
            rows: [...items].reverse().map((each) => [day(each.day), tonnage(each.tonnage), number(each.sets)]),
          })}
        />
        <Box sx={{ gridColumn: "1 / -1", minWidth: 0 }}>
          <Panel
            title="Busy hours"
            query={hours}
            isEmpty={({ items }) => items.every((each) => each.sets === 0)}
            empty={nothing}
            summary={({ items, zone }) =>
              `${busiestHour(items)} Sets by the hour of recording, ${clock(zone, ZONE)}; ` +
              "without those that were entered for another day later."
            }
            chart={({ items }) => <HeatMap hours={items} />}
            table={({ items }) => ({
              head: ["Hour", ...WEEKDAYS],
              rows: Array.from({ length: 24 }, (_, hour) => [
                `${hour}:00`,
                ...WEEKDAYS.map((_, place) =>
                  number(items.find((each) => each.weekday === place + 1 && each.hour === hour)?.sets ?? 0),
                ),
              ]),
            })}
          />
        </Box>
      </Box>
    </Page>
  );
}
