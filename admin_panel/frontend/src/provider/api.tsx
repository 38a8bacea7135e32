import { createContext, useContext, useSyncExternalStore } from "react";

import type { Api } from "../api/client";
import type { State } from "../api/session";

const ApiContext = createContext<Api | null>(null);
export const ApiProvider = ApiContext.Provider;

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === null) throw new Error("there is no API here");
  return api;
}

export function useSession(): State {
  const { session } = useApi();
  return useSyncExternalStore(session.subscribe, session.state);
}
