/** react-admin's questions in the API's words: five kinds of things, cursors for pages, versions for changes. */
import type { DataProvider, GetListParams, GetListResult, RaRecord } from "ra-core";

import type { Api } from "../api/client";
import { isRefusal } from "../api/refusal";
import type { Entry, Exercise, Muscle, Profile, TrainingSet } from "../api/types";
import { Places, type Shelf, UnknownPage } from "./pages";

export type Kind = "muscles" | "exercises" | "training" | "people" | "audit";
type Page = { items: (Muscle | Exercise | TrainingSet | Profile | Entry)[]; next: string | null };

const SORTED: readonly Kind[] = ["muscles", "exercises", "people"];

export function dataProvider(api: Api, shelf: Shelf): DataProvider<Kind> {
  const places = new Places(shelf);

  function page(kind: Kind, query: Record<string, unknown>, signal?: AbortSignal): Promise<Page> {
    switch (kind) {
      case "muscles":
        return api.get("/api/v1/muscles", { query, signal });
      case "exercises":
        return api.get("/api/v1/exercises", { query, signal });
      case "training":
        return api.get("/api/v1/training", { query, signal });
      case "people":
        return api.get("/api/v1/users", { query, signal });
      case "audit":
        return api.get("/api/v1/audit", { query, signal });
    }
  }

  function one(kind: Kind, id: string | number, signal?: AbortSignal): Promise<unknown> {
    switch (kind) {
      case "muscles":
        return api.get("/api/v1/muscles/{muscle_id}", { path: { muscle_id: Number(id) }, signal });
      case "exercises":
        return api.get("/api/v1/exercises/{exercise_id}", { path: { exercise_id: Number(id) }, signal });
      case "training":
        return api.get("/api/v1/training/{set_id}", { path: { set_id: String(id) }, signal });
      case "people":
        return api.get("/api/v1/users/{user_id}", { path: { user_id: Number(id) }, signal });
      case "audit":
        throw notOffered("one entry of the audit");
    }
  }

  async function getList(kind: Kind, params: GetListParams): Promise<GetListResult> {
    const { page: number, perPage } = params.pagination ?? { page: 1, perPage: 50 };
    const sort = SORTED.includes(kind) && params.sort ? { sort: sorted(params.sort) } : {};
    const asked = { ...(params.filter as Record<string, unknown>), ...sort, limit: perPage };
    const list = `${kind} ${JSON.stringify(asked)}`;
    const wanted = page(kind, { ...asked, cursor: places.find(list, number) }, params.signal);
    const found = await wanted.catch((error: unknown) => {
      throw isRefusal(error, "unknown_cursor") ? new UnknownPage() : error;
    });
    places.note(list, number, found.next);
    return { data: found.items, pageInfo: { hasNextPage: found.next !== null, hasPreviousPage: number > 1 } };
  }

  return {
    supportAbortSignal: true,
    getList: getList as DataProvider["getList"],
    getOne: async (kind, { id, signal }) => ({ data: await record(one(kind, id, signal)) }),
    getMany: async (kind, { ids, signal }) => ({
      data: await Promise.all(ids.map((id) => record<never>(one(kind, id, signal)))),
    }),
    getManyReference: () => Promise.reject(notOffered("a list of what refers to something")),
    update: async (kind, { id, data, meta }) => {
      const { version } = meta as { version: string };
      const body = data as never; // the forms send what the API's description allows
      const changed = {
        muscles: () => api.patch("/api/v1/muscles/{muscle_id}", { path: { muscle_id: Number(id) }, body, version }),
        exercises: () =>
          api.patch("/api/v1/exercises/{exercise_id}", { path: { exercise_id: Number(id) }, body, version }),
        training: () => api.patch("/api/v1/training/{set_id}", { path: { set_id: String(id) }, body, version }),
        people: () => Promise.reject(notOffered("a change of a person")),
        audit: () => Promise.reject(notOffered("a change of the audit")),
      };
      return { data: await record(changed[kind]()) };
    },
    create: async (kind, { data }) => {
      const body = data as never;
      if (kind === "muscles") return { data: await record(api.post("/api/v1/muscles", { body })) };
      if (kind === "exercises") return { data: await record(api.post("/api/v1/exercises", { body })) };
      throw notOffered(`a new one among ${kind}`);
    },
    delete: async (kind, { id, meta }) => {
      const { version } = meta as { version: string };
      if (kind === "muscles") {
        await api.remove("/api/v1/muscles/{muscle_id}", { path: { muscle_id: Number(id) }, version });
      } else if (kind === "exercises") {
        await api.remove("/api/v1/exercises/{exercise_id}", { path: { exercise_id: Number(id) }, version });
      } else if (kind === "training") {
        await api.remove("/api/v1/training/{set_id}", { path: { set_id: String(id) }, version });
      } else throw notOffered(`deleting among ${kind}`);
      return { data: { id } as never };
    },
    updateMany: () => Promise.reject(notOffered("a change of many at once")),
    deleteMany: () => Promise.reject(notOffered("deleting many at once")),
  };
}

/** name, or -name for the other way round. */
export function sorted({ field, order }: { field: string; order: "ASC" | "DESC" }): string {
  return order === "DESC" ? `-${field}` : field;
}

async function record<T extends RaRecord>(found: Promise<unknown>): Promise<T> {
  return (await found) as T;
}

function notOffered(what: string): Error {
  return new Error(`The API does not offer ${what}.`);
}
