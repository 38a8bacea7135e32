import { expect, it } from "vitest";

import { Unsaved } from "./unsaved";

it("knows whether any form holds something that is not saved", () => {
  const all = new Unsaved();
  expect(all.isAny()).toBe(false);
  const saved = all.note();
  const left = all.note();
  saved();
  saved(); // once more takes nothing away from the other
  expect(all.isAny()).toBe(true);
  left();
  expect(all.isAny()).toBe(false);
});

it("forgets what its person lets go", () => {
  const all = new Unsaved();
  all.note();
  all.note();
  all.forget();
  expect(all.isAny()).toBe(false);
});

it("says so whenever that changes", () => {
  const all = new Unsaved();
  const heard: boolean[] = [];
  const stop = all.subscribe(() => heard.push(all.isAny()));
  all.note()();
  all.note();
  all.forget();
  stop();
  all.note();
  expect(heard).toEqual([true, false, true, false]);
});
