/** The rows of a list, and above them those that something is going on with and that the list is without by now. */
export function withKept<T extends { id: unknown }>(
  rows: readonly T[] | undefined,
  kept: readonly T[],
): T[] | undefined {
  const left = kept.filter(({ id }) => rows?.some((row) => row.id === id) !== true);
  return left.length === 0 ? rows && [...rows] : [...left, ...(rows ?? [])];
}
