/** What is said of a chart in words. */
import type { UseQueryResult } from "@tanstack/react-query";

import { isRefusal } from "../../api/refusal";
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

type Found<T> = Pick<UseQueryResult<T>, "data" | "isError" | "isPlaceholderData">;

export interface Said {
  value: string;
  note?: string;
}

/** A number above the charts: another period's is none of this one's. What failed is told, and tried again, below. */
export function figure<T>({ data, isError, isPlaceholderData }: Found<T>, say: (found: T) => Said): Said {
  if (data !== undefined && !isPlaceholderData) return say(data);
  return { value: isError ? "not known" : "…", note: "" }; // its line stays, so that nothing jumps
}

const UTC = "UTC";

/** Ask for something in the browser's time zone; where the API does not know that one, in UTC. */
export async function inZone<T>(zone: string, ask: (zone: string) => Promise<T>): Promise<T & { zone: string }> {
  try {
    return { ...(await ask(zone)), zone };
  } catch (error) {
    if (zone === UTC || !isRefusal(error, "unknown_zone", "invalid")) throw error;
    return { ...(await ask(UTC)), zone: UTC };
  }
}

/** Whose clock the hours are by. */
export function clock(zone: string, wanted: string): string {
  if (zone === wanted) return `in your time (${zone})`;
  return `in ${zone}, because your time zone (${wanted}) is not known here`;
}
