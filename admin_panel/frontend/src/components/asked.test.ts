import { expect, it } from "vitest";

import { Asked } from "./asked";

it("keeps both of two changes that are made before the address follows", () => {
  const asked = new Asked({});
  asked.ask({ ...asked.latest(), from: "2026-11-01" });
  asked.ask({ ...asked.latest(), to: "2026-11-10" });
  expect(asked.latest()).toEqual({ from: "2026-11-01", to: "2026-11-10" });
  asked.seen({});
  asked.seen({ from: "2026-11-01" }); // the first of the two arrives
  expect(asked.latest()).toEqual({ from: "2026-11-01", to: "2026-11-10" });
  asked.seen({ from: "2026-11-01", to: "2026-11-10" });
  expect(asked.latest()).toEqual({ from: "2026-11-01", to: "2026-11-10" });
});

it("takes an address that was not asked for here as it is", () => {
  const asked = new Asked({ muscle_id: 1 });
  asked.ask({ muscle_id: 2 });
  asked.seen({ exercise_id: 7 });
  expect(asked.latest()).toEqual({ exercise_id: 7 });
  asked.seen({});
  expect(asked.latest()).toEqual({});
});
