/** What is going to be deleted, for all pages: it goes on wherever one goes, and ends with whoever planned it. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";

import { isRefusal } from "../../api/refusal";
import { useSay } from "../../components/Toasts";
import { told } from "../../components/told";
import { useApi, useSession } from "../../provider/api";
import { type Planned, Plans } from "./plans";
import { titleOf } from "./titles";

const PlansContext = createContext<Plans | null>(null);

export interface Deletions extends Pick<Plans, "plan" | "undo" | "now" | "finish"> {
  planned: ReadonlyMap<string, Planned>;
}

export function useDeletions(): Deletions {
  const plans = useContext(PlansContext);
  if (plans === null) throw new Error("there are no deletions here");
  const { plan, undo, now, finish } = plans;
  return { planned: useSyncExternalStore(plans.subscribe, plans.all), plan, undo, now, finish };
}

export function DeletionsProvider({ children }: { children: ReactNode }) {
  const api = useApi();
  const queries = useQueryClient();
  const say = useSay();
  useSession(); // who is here
  const name = api.session.name();
  const [plans] = useState(
    () =>
      new Plans(async (set) => {
        try {
          await api.remove("/api/v1/training/{set_id}", { path: { set_id: set.id }, version: set.version });
          say(`Deleted: ${titleOf(set)}.`);
        } catch (error) {
          if (isRefusal(error, "stale")) {
            say(`Not deleted: ${titleOf(set)}. Somebody changed it since you looked; look again.`, "error");
          } else if (isRefusal(error, "not_found")) {
            say(`${titleOf(set)} is deleted already.`, "info");
          } else if (isRefusal(error, "unknown")) {
            say(`Perhaps deleted: ${titleOf(set)}. ${told(error)}`, "error");
          } else say(`Not deleted: ${titleOf(set)}. ${told(error)}`, "error");
        }
        await queries.invalidateQueries({ queryKey: ["training"] });
      }),
  );
  const isAny = useSyncExternalStore(plans.subscribe, plans.all).size > 0;
  useEffect(() => {
    if (!isAny) return;
    const warn = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => {
      window.removeEventListener("beforeunload", warn);
    };
  }, [isAny]);
  // What one admin planned is not done in the name of the next.
  useEffect(
    () => () => {
      for (const set of plans.drop()) say(`Not deleted: ${titleOf(set)}. You signed out before.`, "info");
    },
    [name, plans, say],
  );
  return <PlansContext value={plans}>{children}</PlansContext>;
}
