import { expect, it } from "vitest";

import { Places, UnknownPage } from "./pages";

function places() {
  const kept = new Map<string, string>();
  const setItem = (name: string, value: string) => void kept.set(name, value);
  return new Places({ getItem: (name) => kept.get(name) ?? null, setItem });
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
