/**
 * Deleting with a way back. The API deletes for good, so the panel waits before it asks: until then nothing is deleted,
 * nothing says so, and Undo takes the intention back. Whoever closes the tab meanwhile has deleted nothing.
 */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";

import type { Api } from "../../api/client";
import { isRefusal, sentenceOf } from "../../api/refusal";
import type { TrainingSet } from "../../api/types";
import { useSay } from "../../components/Toasts";

export const SECONDS = 8;

export interface Deletions {
  /** When each set will be deleted, by its id. */
  planned: ReadonlyMap<string, { set: TrainingSet; left: number }>;
  plan: (set: TrainingSet) => void;
  undo: (id: string) => void;
  now: (id: string) => void;
}

const DeletionsContext = createContext<Deletions | null>(null);

export function useDeletions(): Deletions {
  const found = useContext(DeletionsContext);
  if (found === null) throw new Error("there are no deletions here");
  return found;
}

export function titleOf(set: TrainingSet): string {
  return `${set.exercise}, set ${set.set} of ${set.user_name}`;
}

export function DeletionsProvider({ api, children }: { api: Api; children: ReactNode }) {
  const [planned, setPlanned] = useState<Deletions["planned"]>(new Map());
  const queries = useQueryClient();
  const say = useSay();
  const running = useRef(new Set<string>());

  const change = useCallback((id: string, to: { set: TrainingSet; left: number } | null) => {
    setPlanned((before) => {
      const after = new Map(before);
      if (to === null) after.delete(id);
      else after.set(id, to);
      return after;
    });
  }, []);

  const remove = useCallback(
    async (set: TrainingSet) => {
      if (running.current.has(set.id)) return;
      running.current.add(set.id);
      try {
        await api.remove("/api/v1/training/{set_id}", { path: { set_id: set.id }, version: set.version });
        say(`Deleted: ${titleOf(set)}.`);
      } catch (error) {
        if (isRefusal(error, "stale")) {
          say(`Not deleted: ${titleOf(set)}. Somebody changed it since you looked; look again.`, "error");
        } else if (isRefusal(error, "not_found")) {
          say(`${titleOf(set)} was deleted by somebody else already.`, "info");
        } else say(`Not deleted: ${titleOf(set)}. ${sentenceOf(error)}`, "error");
      }
      await queries.invalidateQueries({ queryKey: ["training"] });
      change(set.id, null);
    },
    [api, change, queries, say],
  );

  const isAny = planned.size > 0;
  useEffect(() => {
    if (!isAny) return;
    const timer = setInterval(() => {
      setPlanned((before) => new Map([...before].map(([id, { set, left }]) => [id, { set, left: Math.max(0, left - 1) }])));
    }, 1000);
    const warn = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => {
      clearInterval(timer);
      window.removeEventListener("beforeunload", warn);
    };
  }, [isAny]);

  useEffect(() => {
    for (const { set, left } of planned.values()) if (left === 0) void remove(set);
  }, [planned, remove]);

  const deletions = useMemo<Deletions>(
    () => ({
      planned,
      plan: (set) => {
        running.current.delete(set.id); // not before: a tick while the list is read again would delete it twice
        change(set.id, { set, left: SECONDS });
      },
      undo: (id) => {
        if (!running.current.has(id)) change(id, null);
      },
      now: (id) => {
        const found = planned.get(id);
        if (found) change(id, { ...found, left: 0 });
      },
    }),
    [planned, change],
  );
  return <DeletionsContext value={deletions}>{children}</DeletionsContext>;
}
