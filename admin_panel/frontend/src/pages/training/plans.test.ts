import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { TrainingSet } from "../../api/types";
import { Plans, SECONDS } from "./plans";

const bench = { id: "bench", exercise: "Bench press" } as TrainingSet;
const squat = { id: "squat", exercise: "Squat" } as TrainingSet;

/** Plans whose deletions end when the test says so. */
function plans() {
  const asked: string[] = [];
  const ends: (() => void)[] = [];
  const made = new Plans((set) => {
    asked.push(set.id);
    return new Promise((resolve) => ends.push(resolve));
  });
  const left = () => Object.fromEntries([...made.all()].map(([id, planned]) => [id, planned.left]));
  const end = async () => {
    for (const each of ends.splice(0)) each();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { made, asked, left, end };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0); // with nothing planned nothing ticks
  vi.useRealTimers();
});

describe("a planned deletion", () => {
  it("is asked for once, when its time is over, however long that takes", async () => {
    const { made, asked, left, end } = plans();
    made.plan(bench);
    vi.advanceTimersByTime((SECONDS - 1) * 1000);
    expect([asked, left()]).toEqual([[], { bench: 1 }]);
    vi.advanceTimersByTime(60_000);
    expect([asked, left()]).toEqual([["bench"], { bench: 0 }]);
    await end();
    expect([asked, left()]).toEqual([["bench"], {}]);
  });

  it("can be undone until it is asked for, and planned again", async () => {
    const { made, asked, left, end } = plans();
    made.plan(bench);
    made.undo("bench");
    expect(left()).toEqual({});
    made.plan(bench);
    made.now("bench");
    made.now("bench");
    made.undo("bench");
    expect([asked, left()]).toEqual([["bench"], { bench: 0 }]);
    await end();
    made.plan(bench);
    expect(left()).toEqual({ bench: SECONDS });
    made.undo("bench");
  });

  it("is done at once, with all others, when one leaves", async () => {
    const { made, asked, left, end } = plans();
    made.plan(bench);
    made.plan(squat);
    made.now("squat");
    let isDone = false;
    void made.finish().then(() => (isDone = true));
    expect([asked, left()]).toEqual([["squat", "bench"], { bench: 0, squat: 0 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(isDone).toBe(false);
    await end();
    expect([isDone, left()]).toEqual([true, {}]);
  });

  it("is forgotten when nobody is there any more, unless it is asked for already", async () => {
    const { made, asked, left, end } = plans();
    made.plan(bench);
    made.plan(squat);
    made.now("squat");
    expect(made.drop()).toEqual([bench]);
    expect(left()).toEqual({ squat: 0 });
    await end();
    expect(asked).toEqual(["squat"]);
  });

  it("tells whoever listens of every change", () => {
    const { made } = plans();
    const heard = vi.fn();
    const stop = made.subscribe(heard);
    made.plan(bench);
    vi.advanceTimersByTime(1000);
    expect(heard).toHaveBeenCalledTimes(2);
    stop();
    made.undo("bench");
    expect(heard).toHaveBeenCalledTimes(2);
  });
});
