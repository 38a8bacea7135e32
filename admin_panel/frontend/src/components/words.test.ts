import { afterAll, expect, it, vi } from "vitest";

import { spansOf } from "../charts/spans";
import { busiestHour, clock, figure, inZone, mostOf } from "../pages/overview/figures";
import { repsOf, weightOf } from "../pages/training/numbers";
import { fileOf, scopeOf, titleOf } from "../pages/training/titles";
import { Refusal } from "../api/refusal";
import type { Filters } from "./filters";
import { count, day, dayOf, daysBefore, exactly, nameOf, tonnage, weight } from "./format";
import { type Toast, withToast } from "./corner";
import { withKept, withPresent } from "./kept";
import { isolated, key, quoted } from "./names";
import { told } from "./told";

const HOME = vi.hoisted(() => {
  const home = process.env.TZ;
  process.env.TZ = "Pacific/Kiritimati"; // fourteen hours before UTC
  return home;
});
afterAll(() => {
  process.env.TZ = HOME;
});

it.each([
  ["  bAck ", "back"],
  ["Ｂench  press", "bench press"],
  ["Straße", "strasse"],
  ["❤️ squat", "❤ squat"],
  ["ﬁnger curl", "finger curl"],
])("%s is the same name as %s", (name, same) => {
  expect(key(name)).toBe(key(same));
});

it.each([
  ["60", 60],
  ["62,5", 62.5],
  [" 62.5 ", 62.5],
  ["0", 0],
  ["999.99", 999.99],
  ["1000", null],
  ["-1", null],
  ["6e1", null],
  ["", null],
  ["60kg", null],
])("the weight %j", (text, kilos) => {
  expect(weightOf(text)).toBe(kilos);
});

it.each([
  ["8", 8],
  ["999", 999],
  ["0", null],
  ["8.5", null],
  ["1000", null],
  ["", null],
])("the reps %j", (text, reps) => {
  expect(repsOf(text)).toBe(reps);
});

it("says numbers and days as people do", () => {
  expect([count(1, "set"), count(2000, "set"), count(1, "person", "people"), count(0, "person", "people")]).toEqual(
    ["1 set", "2,000 sets", "1 person", "0 people"],
  );
  expect([tonnage(1440), tonnage(12_340), tonnage(11_400_000)]).toEqual(["1,440 kg", "12.3 t", "11,400 t"]);
  expect([weight(0), weight(62.5)]).toEqual(["bodyweight", "62.5 kg"]);
  expect([day("2026-03-01"), daysBefore("2026-03-01", 1)]).toEqual(["1 Mar 2026", "2026-02-28"]);
  expect(nameOf({ id: 7, first_name: null, last_name: null })).toBe("Person 7");
});

it("tells two weights apart that look the same", () => {
  expect([exactly(0), exactly(61.23), exactly(61.23497)]).toEqual(["bodyweight", "61.23 kg", "61.23497 kg"]);
});

it("calls who has no name by their number", () => {
  expect(titleOf({ exercise: "Squat", set: 1, user_id: 7, user_name: "" })).toBe("Squat, set 1 of Person 7");
});

it("tells the day of a moment as it is here", () => {
  expect(dayOf("2026-03-11T09:59:00Z")).toBe("11 Mar 2026");
  expect(dayOf("2026-03-11T10:01:00Z")).toBe("12 Mar 2026");
});

it("keeps names that are written from the right to themselves", () => {
  expect(isolated("Neck")).toBe("Neck");
  expect(isolated("Neck צוואר")).toBe("\u2068Neck צוואר\u2069");
  expect(quoted("رقبة")).toBe("“\u2068رقبة\u2069”");
  expect(titleOf({ exercise: "סקוואט", set: 2, user_id: 7, user_name: "אן" })).toBe(
    "\u2068סקוואט\u2069, set 2 of \u2068אן\u2069",
  );
});

it("speaks to people where the API speaks to programs", () => {
  const stale = new Refusal(412, "stale", "Read it again, and send its new version in If-Match.");
  expect(told(stale)).not.toContain("If-Match");
  expect(told(new Refusal(409, "name_taken", "There is one of that name already."))).toBe(
    "There is one of that name already.",
  );
  expect(told(new Refusal(409, "bad_name", "Type it once more."))).toContain("cannot be seen");
  expect(told(new TypeError("x is undefined"))).toContain("Load the page anew");
});

it("offers what is chosen at present beside what can be chosen", () => {
  const [chest, back] = [{ id: 1, label: "Chest" }, { id: 2, label: "Back" }];
  expect(withPresent([chest], back, "")).toEqual([back, chest]);
  expect(withPresent([chest], back, " bA")).toEqual([back, chest]);
  expect(withPresent([chest], back, "che")).toEqual([chest]);
  expect(withPresent([chest, back], back, "")).toEqual([chest, back]);
  expect(withPresent([chest], undefined, "")).toEqual([chest]);
});

it("drops no failure from the corner that nobody has seen", () => {
  const kinds = (...all: Toast["kind"][]) => all.reduce<Toast[]>(
    (toasts, kind, id) => withToast(toasts, { id, kind, text: "" }),
    [],
  ).map(({ id }) => id);
  expect(kinds("success", "success", "success", "success")).toEqual([1, 2, 3]);
  expect(kinds("error", "success", "info", "success")).toEqual([0, 2, 3]);
  expect(kinds("error", "error", "error", "success", "success")).toEqual([0, 1, 2, 4]);
  expect(kinds("error", "error", "error", "error")).toEqual([0, 1, 2, 3]);
});

it("says which sets are listed", () => {
  const every: Filters[] = [{}, { from: "2026-01-01" }, { user_id: 7 }, { user_id: 7, exercise_id: 1 }];
  for (const filters of every) expect(scopeOf(filters)).toContain("Every recorded set");
  expect(scopeOf({ muscle_id: 1 })).toContain("The last 366 days");
  const some: Filters[] = [{ muscle_id: 1, to: "2026-01-01" }, { exercise_id: 1, from: "2026-01-01" }];
  for (const filters of some) expect(scopeOf(filters)).toContain("at most 366 days");
});

it("names a file by its days", () => {
  expect([
    fileOf({ user_id: 7 }),
    fileOf({ from: "2026-11-01" }),
    fileOf({ to: "2026-11-10" }),
    fileOf({ to: "2026-11-10", from: "2026-11-01" }),
  ]).toEqual([
    "training.csv",
    "training from 2026-11-01.csv",
    "training to 2026-11-10.csv",
    "training from 2026-11-01 to 2026-11-10.csv",
  ]);
});

it("sums the hours of a day by columns", () => {
  const hours = [[1, 6, 3], [1, 7, 4], [1, 23, 5], [2, 6, 9]].map(([weekday = 0, hour = 0, sets = 0]) => ({
    weekday,
    hour,
    sets,
  }));
  const monday = spansOf(hours, 1, 2);
  expect(monday).toHaveLength(12);
  expect(monday.filter(({ sets }) => sets > 0)).toEqual([
    { first: 6, end: 8, sets: 7 },
    { first: 22, end: 24, sets: 5 },
  ]);
  expect(spansOf(hours, 1, 1)[7]).toEqual({ first: 7, end: 8, sets: 4 });
});

it("keeps the rows that something is going on with", () => {
  const [one, two, three] = [{ id: 1 }, { id: 2 }, { id: 3 }];
  expect(withKept([one, two], [two])).toEqual([one, two]);
  expect(withKept([one, two], [three, two])).toEqual([three, one, two]);
  expect(withKept(undefined, [three])).toEqual([three]);
  expect(withKept([], [])).toEqual([]);
  expect(withKept<{ id: number }>(undefined, [])).toBe(undefined);
});

it("finds the most", () => {
  expect(mostOf([1, 3, 3, 2], (each) => each)).toBe(3);
  expect(mostOf<number>([], (each) => each)).toBe(undefined);
  expect(busiestHour([{ weekday: 7, hour: 23, sets: 5 }])).toBe("Busiest: Sundays from 23 to 0 o'clock.");
  expect(busiestHour([{ weekday: 7, hour: 23, sets: 0 }])).toBe("");
});

it("shows a number when it is there, and never one of another period", () => {
  const say = (sets: number) => ({ value: `${sets}`, note: "in 7 days" });
  const found = { data: 5, isError: false, isPlaceholderData: false };
  expect(figure(found, say)).toEqual({ value: "5", note: "in 7 days" });
  expect(figure({ ...found, isError: true }, say).value).toBe("5"); // what is there outlives one more try
  expect(figure({ ...found, isPlaceholderData: true }, say).value).toBe("…");
  expect(figure({ ...found, data: undefined }, say).value).toBe("…");
  expect(figure({ ...found, data: undefined, isError: true }, say).value).toBe("not known");
});

it("tells the hours in UTC where the browser's time zone is not known", async () => {
  const ask = (known: string, refusal: Error) => (zone: string) =>
    zone === known ? Promise.resolve({ sets: 3 }) : Promise.reject(refusal);
  const unknown = new Refusal(404, "unknown_zone", "That time zone is not known here.");
  expect(await inZone("Europe/Berlin", ask("Europe/Berlin", unknown))).toEqual({ sets: 3, zone: "Europe/Berlin" });
  expect(await inZone("Mars/Base", ask("UTC", unknown))).toEqual({ sets: 3, zone: "UTC" });
  expect(await inZone("(odd)", ask("UTC", new Refusal(422, "invalid", "zone is not …")))).toHaveProperty("zone", "UTC");
  const away = new Refusal(0, "offline", "Away.");
  await expect(inZone("Europe/Berlin", ask("UTC", away))).rejects.toBe(away);
  await expect(inZone("UTC", ask("nowhere", unknown))).rejects.toBe(unknown);
  expect(clock("UTC", "UTC")).toBe("in your time (UTC)");
  expect(clock("UTC", "Mars/Base")).toBe("in UTC, because your time zone (Mars/Base) is not known here");
});
