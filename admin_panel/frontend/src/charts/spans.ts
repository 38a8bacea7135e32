import type { Hour } from "../api/types";

export interface Span {
  first: number;
  /** The hour that it ends before. */
  end: number;
  sets: number;
}

/** A day of the week in columns of some hours each. */
export function spansOf(hours: readonly Hour[], weekday: number, width: number): Span[] {
  const spans = Array.from({ length: 24 / width }, (_, place) => ({
    first: place * width,
    end: (place + 1) * width,
    sets: 0,
  }));
  for (const each of hours) {
    const span = spans[Math.floor(each.hour / width)];
    if (each.weekday === weekday && span !== undefined) span.sets += each.sets;
  }
  return spans;
}
