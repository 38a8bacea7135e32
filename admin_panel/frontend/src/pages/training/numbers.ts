/** What is typed for a set, as the API takes it; null: it is no such number. */
export function weightOf(text: string): number | null {
  const plain = text.trim().replace(",", ".");
  const kilos = Number(plain);
  return /^\d{1,3}(\.\d{1,5})?$/.test(plain) && kilos <= 999.99 ? kilos : null;
}

export function repsOf(text: string): number | null {
  const reps = Number(text.trim());
  return /^\d{1,3}$/.test(text.trim()) && reps >= 1 ? reps : null;
}
