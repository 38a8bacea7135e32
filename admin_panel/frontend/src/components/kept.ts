import { key } from "./names";

/** The rows of a list, and above them those that something is going on with and that the list is without by now. */
export function withKept<T extends { id: unknown }>(
  rows: readonly T[] | undefined,
  kept: readonly T[],
): T[] | undefined {
  const left = kept.filter(({ id }) => rows?.some((row) => row.id === id) !== true);
  return left.length === 0 ? rows && [...rows] : [...left, ...(rows ?? [])];
}

interface Option {
  id: number;
  label: string;
}

/** What can be chosen, and what is chosen at present: that may stay, also where it is offered to nobody else. */
export function withPresent<T extends Option>(options: readonly T[], present: T | undefined, search: string): T[] {
  const isMissing =
    present !== undefined &&
    key(present.label).includes(key(search)) &&
    options.every(({ id }) => id !== present.id);
  return isMissing ? [present, ...options] : [...options];
}
