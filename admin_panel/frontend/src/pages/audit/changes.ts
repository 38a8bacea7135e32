/** What an entry of the audit tells: field by field, what it was and what it became. */
import type { Entry } from "../../api/types";
import { isolated } from "../../components/names";

export interface Change {
  field: string;
  before: string;
  after: string;
}

const NONE = "—";

/** The fields that differ; of a thing that was made or deleted, all of them. */
export function changes({ before, after }: Pick<Entry, "before" | "after">): Change[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields
    .map((field) => ({ field, before: said(before?.[field]), after: said(after?.[field]) }))
    .filter((change) => change.before !== change.after);
}

function said(value: unknown): string {
  if (value === undefined || value === null) return NONE;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The change in half a line: a name, or the fields that differ. */
export function summary(entry: Pick<Entry, "before" | "after">): string {
  const differing = changes(entry);
  if (differing.length === 0) return "no details are told";
  if (entry.before && entry.after) {
    return differing.map(({ field, before, after }) => `${field}: ${isolated(before)} → ${isolated(after)}`).join(", ");
  }
  const whole = entry.after ?? entry.before ?? {};
  return "name" in whole ? said(whole.name) : differing.map(({ field }) => field).join(", ");
}
