/**
 * A list of the API's: its page, order and filters stand in the address. react-admin's own goes to the first page when
 * another one cannot be had; this stays, so that one tries again where one was.
 */
import { keepPreviousData } from "@tanstack/react-query";
import {
  type FilterPayload,
  ListContextProvider,
  type ListControllerResult,
  type SortPayload,
  useGetList,
  useListParams,
} from "ra-core";
import { type ReactNode, useEffect, useState } from "react";

import { Asked, type Filters } from "../components/asked";
import { AskedProvider } from "../components/filters";
import type { Kind } from "./dataProvider";
import { UnknownPage } from "./pages";

const PER_PAGE = 50;
const AS_IT_COMES: SortPayload = { field: "id", order: "ASC" };

interface Props {
  of: Kind;
  sort?: SortPayload;
  children: ReactNode;
}

export function List({ of: resource, sort = AS_IT_COMES, children }: Props) {
  const [params, { setPage, setSort, setFilters }] = useListParams({ resource, sort, perPage: PER_PAGE });
  const { page, perPage, order } = params;
  const filterValues = params.filterValues as FilterPayload;
  const asked = { pagination: { page, perPage }, sort: { field: params.sort, order }, filter: filterValues };
  const [filtered] = useState(() => new Asked(filterValues as Filters));
  useEffect(() => {
    filtered.seen(filterValues);
  }, [filtered, filterValues]);
  const found = useGetList(resource, asked, { placeholderData: keepPreviousData });
  // An address from elsewhere, or a page whose last line was deleted.
  const isNone =
    found.error instanceof UnknownPage || (!found.isFetching && !found.isPlaceholderData && found.data?.length === 0);
  useEffect(() => {
    if (page > 1 && isNone) setPage(1);
  }, [page, isNone, setPage]);
  const list = {
    ...found,
    ...{ page, perPage, resource, filterValues, setPage, setSort, setFilters, sort: asked.sort },
    hasNextPage: !found.isPlaceholderData && found.pageInfo?.hasNextPage === true, // what comes next says this page
    hasPreviousPage: page > 1,
  };
  return (
    <AskedProvider value={filtered}>
      <ListContextProvider value={list as unknown as ListControllerResult}>{children}</ListContextProvider>
    </AskedProvider>
  );
}
