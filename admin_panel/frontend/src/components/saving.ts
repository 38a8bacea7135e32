/** Saving one changed thing under its version, and what happens when somebody was faster. */
import { useDataProvider, useRefresh } from "ra-core";
import { useState } from "react";

import { isRefusal } from "../api/refusal";
import type { Kind } from "../provider/dataProvider";
import { told } from "./told";

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
  /** An answer was lost: what is there now may be what was sent before. */
  isPerhapsOurs: boolean;
  /** Save; true when it is done. What was typed stays with the form in any case. */
  save: (changed: Record<string, unknown>) => Promise<boolean>;
}

export function useSaving<T extends Versioned>(kind: Kind, seen: T): Saving<T> {
  const provider = useDataProvider();
  const refresh = useRefresh();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [theirs, setTheirs] = useState<T | null | undefined>(undefined);
  const [isPerhapsOurs, setPerhapsOurs] = useState(false);

  const save = async (changed: Record<string, unknown>): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    setProblem(null);
    try {
      const { version } = theirs ?? seen;
      await provider.update(kind, { id: seen.id, data: changed, previousData: seen, meta: { version } });
      refresh();
      return true;
    } catch (error) {
      if (!isRefusal(error, "stale", "not_found")) {
        setProblem(told(error));
        if (isRefusal(error, "unknown")) {
          setPerhapsOurs(true);
          refresh();
        }
        return false;
      }
    } finally {
      setBusy(false);
    }
    try {
      const { data } = (await provider.getOne(kind, { id: seen.id })) as { data: T };
      setTheirs(data);
    } catch (error) {
      if (isRefusal(error, "not_found")) setTheirs(null);
      else setProblem(`Somebody changed it meanwhile, and what it is now could not be read. ${told(error)}`);
    }
    return false;
  };
  return { isBusy, problem, theirs, isPerhapsOurs, save };
}
