import { useListContext } from "ra-core";
import { createContext, useContext } from "react";

import type { Asked, Filters } from "./asked";

export type { Filters } from "./asked";

const AskedContext = createContext<Asked | null>(null);
export const AskedProvider = AskedContext.Provider;

/** What the list holds only some by, as it stands in the address. */
export function useFilters(): [Filters, (filters: Filters) => void] {
  const list = useListContext();
  const asked = useContext(AskedContext);
  const set = (filters: Filters) => {
    asked?.ask(filters);
    list.setFilters(filters, {}, false);
  };
  return [list.filterValues as Filters, set];
}

/** One of a list's filters; null is none. */
export function useFilter(field: string): [string | null, (value: string | number | null) => void] {
  const [filters, setFilters] = useFilters();
  const asked = useContext(AskedContext);
  const present = filters[field];
  const set = (value: string | number | null) => {
    const others = Object.fromEntries(
      Object.entries(asked?.latest() ?? filters).filter(([each]) => each !== field),
    );
    setFilters(value === null || value === "" ? others : { ...others, [field]: value });
  };
  return [present === undefined ? null : String(present), set];
}

export function useNumberFilter(field: string): [number | null, (chosen: { id: number } | null) => void] {
  const [value, set] = useFilter(field);
  return [
    value === null ? null : Number(value),
    (chosen) => {
      set(chosen?.id ?? null);
    },
  ];
}

/** The address of a list that holds only some. */
export function listAt(path: string, filter: Filters): string {
  return `${path}?filter=${encodeURIComponent(JSON.stringify(filter))}`;
}
