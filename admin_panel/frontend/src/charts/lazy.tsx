/** The drawing library comes when a chart is to be seen, not before. */
import { type ComponentProps, lazy } from "react";

import { coming } from "../api/refusal";
import type { Volume } from "../api/types";
import { dayShort, short, tonnage, weekday } from "../components/format";
import type LoadedBars from "./Bars";

export const Bars = lazy(() => coming(import("./Bars"))) as unknown as typeof LoadedBars; // lazy() forgets what a T was

type DayBarsProps<T> = Omit<ComponentProps<typeof LoadedBars<T>>, "label" | "fullLabel">;

/** Bars over single days. */
export function DayBars<T extends { day: string }>(props: DayBarsProps<T>) {
  return <Bars {...props} label={(point) => dayShort(point.day)} fullLabel={(point) => weekday(point.day)} />;
}

/** What was lifted on each day. */
export function TonnageBars({ name, points }: { name: string; points: readonly Volume[] }) {
  return (
    <DayBars
      name={name}
      points={points}
      value={(point) => point.tonnage}
      shown={tonnage}
      axis={(value) => `${short(value / 1000)} t`}
      tone="two"
    />
  );
}
