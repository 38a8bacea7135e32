import type { Api } from "../../api/client";
import { count, day } from "../../components/format";

export type ThingKind = "muscles" | "exercises";

/** What a muscle and an exercise have in common. */
export interface Catalogued {
  id: number;
  name: string;
  version: string;
  archived_at: string | null;
}

/** What hangs on a thing: in sentences, and whether it is too much to delete it. */
export interface Hanging {
  sentences: readonly string[];
  isUsed: boolean;
}

/** How each is taken out of everybody's lists, and brought back. */
export const SHELVING = {
  muscles: {
    archive: (api: Api, muscle_id: number) =>
      api.post("/api/v1/muscles/{muscle_id}/archive", { path: { muscle_id } }),
    restore: (api: Api, muscle_id: number) =>
      api.post("/api/v1/muscles/{muscle_id}/restore", { path: { muscle_id } }),
  },
  exercises: {
    archive: (api: Api, exercise_id: number) =>
      api.post("/api/v1/exercises/{exercise_id}/archive", { path: { exercise_id } }),
    restore: (api: Api, exercise_id: number) =>
      api.post("/api/v1/exercises/{exercise_id}/restore", { path: { exercise_id } }),
  },
};

interface Use {
  people: number;
  days: number;
  last_day: string | null;
}

/** How much something is trained, in a sentence. */
export function trained({ people, days, last_day }: Use, what: string): string {
  if (people === 0 || last_day === null) return `Nobody has trained ${what} yet.`;
  const who = count(people, "person has", "people have");
  return `${who} trained ${what}, on ${count(days, "day")} in all, last on ${day(last_day)}.`;
}
