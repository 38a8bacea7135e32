import { expect, it } from "vitest";

import type { Api } from "../api/client";
import { Refusal } from "../api/refusal";
import { dataProvider } from "./dataProvider";
import { Places, type Shelf, UnknownPage } from "./pages";

function shelf(): Shelf {
  const kept = new Map<string, string>();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) };
}

function places() {
  return new Places(shelf());
}

it("knows where a page begins from the one before, each list by itself", () => {
  const known = places();
  known.note("a", 1, "two");
  known.note("a", 2, "three");
  known.note("b", 1, null);
  expect([1, 2, 3].map((page) => known.find("a", page))).toEqual([undefined, "two", "three"]);
  expect(() => known.find("b", 2)).toThrow(UnknownPage);
  expect(() => known.find("c", 2)).toThrow(UnknownPage);
});

it("forgets what came after a page that has become another", () => {
  const known = places();
  known.note("a", 1, "two");
  known.note("a", 2, "three");
  known.note("a", 1, "other");
  expect(known.find("a", 2)).toBe("other");
  expect(() => known.find("a", 3)).toThrow(UnknownPage);
});

it("takes somebody else's writing for none", () => {
  const known = new Places({ getItem: () => "{", setItem: () => undefined });
  expect(() => known.find("a", 2)).toThrow(UnknownPage);
});

it("does not know a page whose cursor the API takes no more; every other failure stays what it is", async () => {
  const there = shelf();
  const answers = [
    () => ({ items: [], next: "two" }),
    () => new Refusal(404, "unknown_cursor", "It belongs to another list."),
    () => new Refusal(503, "unavailable", "Later."),
  ];
  const api = {
    get: () => {
      const answer = answers.shift()?.();
      return answer instanceof Refusal ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as Api;
  const list = (page: number) => dataProvider(api, there).getList("muscles", { pagination: { page, perPage: 50 } });
  await list(1);
  await expect(list(2)).rejects.toBeInstanceOf(UnknownPage);
  await expect(list(2)).rejects.toMatchObject({ code: "unavailable" });
});
