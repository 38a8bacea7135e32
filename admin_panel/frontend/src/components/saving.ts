/** Saving one changed thing under its version, and what happens when somebody was faster. */
import { useDataProvider, useRefresh } from "ra-core";
import { useState } from "react";

import { isRefusal, sentenceOf } from "../api/refusal";
import type { Kind } from "../provider/dataProvider";

export interface Versioned {
  id: number | string;
  version: string;
}

export interface Saving<T extends Versioned> {
  isBusy: boolean;
  /** Why it was not saved. */
  problem: string | null;
  /** What is there now, when it is not what was looked at. null: it is there no more. */
  theirs: T | null | undefined;
  /** Save; true when it is done. What was typed stays with the form in any case. */
  save: (changed: Record<string, unknown>) => Promise<boolean>;
  forget: () => void;
}

export function useSaving<T extends Versioned>(kind: Kind, seen: T): Saving<T> {
  const provider = useDataProvider();
  const refresh = useRefresh();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [theirs, setTheirs] = useState<T | null | undefined>(undefined);

  const save = async (changed: Record<string, unknown>): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    try {
      await provider.update(kind, { id: seen.id, data: changed, previousData: seen, meta: { version: (theirs ?? seen).version } });
      refresh();
      return true;
    } catch (error) {
      if (isRefusal(error, "stale")) setTheirs(await present<T>(provider, kind, seen.id));
      else if (isRefusal(error, "not_found")) setTheirs(null);
      else setProblem(sentenceOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const forget = () => {
    setTheirs(undefined);
    setProblem(null);
    refresh();
  };
  return { isBusy, problem, theirs, save, forget };
}

async function present<T>(provider: ReturnType<typeof useDataProvider>, kind: Kind, id: number | string): Promise<T | null> {
  try {
    return ((await provider.getOne(kind, { id })) as { data: T }).data;
  } catch (error) {
    if (isRefusal(error, "not_found")) return null;
    throw error;
  }
}
