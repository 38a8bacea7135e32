/** What is said of a chart in words. */
import type { Hour } from "../../api/types";

const NAMES = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"] as const;

export function bySum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

/** The item with the greatest value, the first of several. */
export function mostOf<T>(items: readonly T[], value: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (most, item) => (most === undefined || value(item) > value(most) ? item : most),
    undefined,
  );
}

export function busiestHour(hours: readonly Hour[]): string {
  const most = mostOf(hours, (each) => each.sets);
  if (most === undefined || most.sets === 0) return "";
  return `Busiest: ${NAMES[most.weekday - 1] ?? ""} from ${most.hour} to ${(most.hour + 1) % 24} o'clock.`;
}
