import type { TrainingSet } from "../../api/types";
import type { Filters } from "../../components/filters";
import { isolated } from "../../components/names";

/** Whose a set is; not everybody has a name. */
export function personOf({ user_id, user_name }: Pick<TrainingSet, "user_id" | "user_name">): string {
  return user_name || `Person ${user_id}`;
}

/** What a set is called in a sentence. */
export function titleOf(set: Pick<TrainingSet, "exercise" | "set" | "user_id" | "user_name">): string {
  return `${isolated(set.exercise)}, set ${set.set} of ${isolated(personOf(set))}`;
}

/** Which sets a list or a file of them holds: the API finds a muscle's or an exercise's by counted days. */
export function scopeOf({ user_id, muscle_id, exercise_id, from, to }: Filters): string {
  const isOfEverybody = user_id === undefined && (muscle_id !== undefined || exercise_id !== undefined);
  if (!isOfEverybody) return "Every recorded set, newest day first.";
  const isOfDays = from !== undefined || to !== undefined;
  if (isOfDays) return "Newest first; at most 366 days at once.";
  return "The last 366 days, newest first. From and To show others.";
}

/** What a file of these sets is called. */
export function fileOf({ from, to }: Filters): string {
  const days = [from === undefined ? "" : ` from ${from}`, to === undefined ? "" : ` to ${to}`];
  return `training${days.join("")}.csv`;
}
