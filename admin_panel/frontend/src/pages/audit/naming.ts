/** The names behind the numbers that the audit keeps: each is asked for once, and remembered. */
import { useQueries } from "@tanstack/react-query";

import type { Api } from "../../api/client";
import { isRefusal } from "../../api/refusal";
import type { Entry } from "../../api/types";
import { nameOf } from "../../components/format";
import { useApi } from "../../provider/api";

type Kind = "person" | "exercise" | "muscle" | "admin";

/** What a number stands for; undefined: it is not known (yet), or nothing stands behind it any more. */
export type NameOf = (kind: Kind, id: string) => string | undefined;

export interface Wanted {
  kind: Kind;
  id: string;
  /** Whose it may be, of an exercise that somebody added for themselves. */
  of?: string;
}

/** What the entries have only numbers of. */
export function unnamed(entries: readonly Pick<Entry, "kind" | "thing_id" | "before" | "after">[]): Wanted[] {
  const found = new Map<string, Wanted>();
  const want = (kind: Kind, id: unknown, of?: unknown) => {
    if (typeof id !== "number" && typeof id !== "string") return;
    found.set(`${kind} ${id}`, { kind, id: String(id), ...(typeof of === "number" ? { of: String(of) } : {}) });
  };
  for (const { kind, thing_id, before, after } of entries) {
    if (kind === "admin" && thing_id !== "") want("admin", thing_id);
    const set = kind === "set" ? (after ?? before) : null;
    if (!set) continue;
    want("person", set.user_id);
    want("exercise", set.exercise_id, set.user_id);
    want("muscle", set.muscle_id);
  }
  return [...found.values()];
}

/** Find the names of what these entries have only numbers of. */
export function useNames(entries: readonly Entry[]): NameOf {
  const api = useApi();
  const wanted = unnamed(entries);
  const found = useQueries({
    queries: wanted.map((one) => ({
      queryKey: ["named", one.kind, one.id],
      queryFn: ({ signal }: { signal: AbortSignal }) => named(api, one, signal),
      staleTime: 300_000,
      retry: false, // its number stands there
    })),
  });
  const names = new Map(wanted.map(({ kind, id }, place) => [`${kind} ${id}`, found[place]?.data ?? undefined]));
  return (kind, id) => names.get(`${kind} ${id}`);
}

async function named(api: Api, { kind, id, of }: Wanted, signal: AbortSignal): Promise<string | null> {
  switch (kind) {
    case "person":
      return nameOf(await api.get("/api/v1/users/{user_id}", { path: { user_id: Number(id) }, signal }));
    case "muscle":
      return (await api.get("/api/v1/muscles/{muscle_id}", { path: { muscle_id: Number(id) }, signal })).name;
    case "exercise":
      try {
        return (await api.get("/api/v1/exercises/{exercise_id}", { path: { exercise_id: Number(id) }, signal })).name;
      } catch (error) {
        if (of === undefined || !isRefusal(error, "not_found")) throw error;
        const owns = await api.get("/api/v1/users/{user_id}/exercises", { path: { user_id: Number(of) }, signal });
        return owns.find((own) => own.id === Number(id))?.name ?? null;
      }
    case "admin": {
      // Nothing lists the admins: what one changed has the name, and so has who is looking.
      const { items } = await api.get("/api/v1/audit", { query: { admin_id: Number(id), limit: 1 }, signal });
      if (items[0]) return items[0].admin_name;
      const me = await api.get("/api/v1/auth/me", { signal });
      return me.id === Number(id) ? me.name : null;
    }
  }
}
