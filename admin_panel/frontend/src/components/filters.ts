import { useListContext } from "ra-core";

export type Filters = Readonly<Record<string, string | number>>;

/** What the list holds only some by, as it stands in the address. */
export function useFilters(): [Filters, (filters: Filters) => void] {
  const list = useListContext();
  const set = (filters: Filters) => {
    list.setFilters(filters, {}, false);
  };
  return [list.filterValues as Filters, set];
}

/** One of a list's filters; null is none. */
export function useFilter(field: string): [string | null, (value: string | number | null) => void] {
  const [filters, setFilters] = useFilters();
  const { [field]: present, ...others } = filters;
  const set = (value: string | number | null) => {
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
