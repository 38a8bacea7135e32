import type { TrainingSet } from "../../api/types";
import { isolated } from "../../components/names";

/** Whose a set is; not everybody has a name. */
export function personOf({ user_id, user_name }: Pick<TrainingSet, "user_id" | "user_name">): string {
  return user_name || `Person ${user_id}`;
}

/** What a set is called in a sentence. */
export function titleOf(set: Pick<TrainingSet, "exercise" | "set" | "user_id" | "user_name">): string {
  return `${isolated(set.exercise)}, set ${set.set} of ${isolated(personOf(set))}`;
}
