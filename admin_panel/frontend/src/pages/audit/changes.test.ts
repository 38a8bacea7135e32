import { afterAll, expect, it, vi } from "vitest";

import { changes, summary, title } from "./changes";
import { type NameOf, unnamed } from "./naming";

const HOME = vi.hoisted(() => {
  const home = process.env.TZ;
  process.env.TZ = "UTC";
  return home;
});
afterAll(() => {
  process.env.TZ = HOME;
});

const NAMES: Readonly<Record<string, string>> = {
  "person 9000000079": "Łukasz Hassan",
  "exercise 14": "Pec deck",
  "muscle 1": "Chest",
  "admin 1": "ann",
};
const known: NameOf = (kind, id) => NAMES[`${kind} ${id}`];
const unknown: NameOf = () => undefined;

const SET = {
  id: "9f460cacbbcaf6daed98ddaeaefb2bee",
  day: "2026-11-21",
  date: "2026-11-21T18:32:00+00:00",
  reps: "12",
  set_no: 4,
  weight: "61.50000",
  user_id: 9000000079,
  muscle_id: 1,
  exercise_id: 14,
};
const DIPS = { id: 38, name: "Bench dips", muscle_id: 5, muscle: "Triceps", archived_at: null };
const ROW = { id: 42, name: "Barbell row", muscle_id: 3, muscle: "Back", archived_at: null };
const CABLE = { id: 47, name: "Seated cable row", muscle_id: 3, muscle: "Back", archived_at: null };
const MOMENT = "2026-11-22T06:11:53.498829+00:00";

const DELETED = { action: "delete", kind: "set", thing_id: SET.id, before: SET, after: null };
const CORRECTED = { action: "update", kind: "set", thing_id: SET.id, before: SET, after: { ...SET, weight: "57.5" } };
const ARCHIVED = {
  action: "archive", kind: "exercise", thing_id: "38", before: DIPS, after: { ...DIPS, archived_at: MOMENT },
};
const MERGED = {
  action: "merge", kind: "exercise", thing_id: "42", before: ROW,
  after: { source: { ...ROW, archived_at: MOMENT }, into: CABLE, sets: 1218, people: 1, notes_moved: 2 },
};
const RENAMED = {
  action: "update", kind: "exercise", thing_id: "38", before: DIPS, after: { ...DIPS, name: "Dips" },
};
const MOVED = {
  action: "update", kind: "exercise", thing_id: "38", before: DIPS, after: { ...DIPS, muscle_id: 1, muscle: "Chest" },
};
const MADE = {
  action: "create", kind: "muscle", thing_id: "9", before: null,
  after: { id: 9, name: "צוואר", exercises: 0, archived_at: null },
};
const ADMIN = { action: "create", kind: "admin", thing_id: "1", before: null, after: null };
const PASSWORD = { action: "password", kind: "admin", thing_id: "1", before: null, after: { sessions_ended: true } };
const ERASED = { action: "delete", kind: "set", thing_id: "", before: null, after: null };

it.each([
  [DELETED, "Deleted: Pec deck, set 4 of Łukasz Hassan", "61.5 kg × 12, 21 Nov 2026"],
  [CORRECTED, "Changed: Pec deck, set 4 of Łukasz Hassan", "Weight: 61.5 kg → 57.5 kg"],
  [ARCHIVED, "Archived: Bench dips", "Exercise of Triceps"],
  [MERGED, "Merged: Barbell row into Seated cable row", "1,218 sets of 1 person"],
  [RENAMED, "Renamed: Bench dips → Dips", "Exercise of Triceps"],
  [MOVED, "Changed: Bench dips", "Muscle: Triceps → Chest"],
  [MADE, "Created: \u2068צוואר\u2069", "Muscle"],
  [ADMIN, "Created: admin ann", ""],
  [PASSWORD, "Password changed: admin ann", "Signed out everywhere else"],
  [ERASED, "Deleted: a set of somebody who erased themselves", "What it was went with them."],
])("tells a change in a line", (entry, what, rest) => {
  expect([title(entry, known), summary(entry, known)]).toEqual([what, rest]);
});

it("tells numbers where no name is known", () => {
  expect(title(DELETED, unknown)).toBe("Deleted: exercise 14, set 4 of person 9000000079");
  expect(title(ADMIN, unknown)).toBe("Created: admin 1");
  expect(title({ ...MADE, after: null }, unknown)).toBe("Created: muscle 9");
});

it("tells each field by its word", () => {
  expect(changes(DELETED, known).map(({ label, before, after }) => [label, before, after])).toEqual([
    ["Person", "Łukasz Hassan", "—"],
    ["Exercise", "Pec deck", "—"],
    ["Muscle", "Chest", "—"],
    ["Day", "21 Nov 2026", "—"],
    ["Set", "4", "—"],
    ["Weight", "61.5 kg", "—"],
    ["Repetitions", "12", "—"],
    ["Recorded", "21 Nov 2026, 18:32", "—"],
  ]);
  expect(changes(ARCHIVED, known)).toEqual([{ label: "Archived", before: "—", after: "22 Nov 2026, 06:11" }]);
  expect(changes(MERGED, known).map(({ label, after }) => [label, after])).toEqual([
    ["Merged into", "Seated cable row"],
    ["Sets", "1,218"],
    ["People", "1"],
    ["Notes moved", "2"],
    ["Archived", "22 Nov 2026, 06:11"],
  ]);
});

it("tells a field that is not among the words by its own name", () => {
  const entry = { kind: "muscle", before: { worn_out: "a" }, after: { worn_out: "b" } };
  expect(changes(entry, unknown)).toEqual([{ label: "Worn out", before: "a", after: "b" }]);
});

it("asks for each name once", () => {
  expect(unnamed([DELETED, CORRECTED, ADMIN, PASSWORD, ARCHIVED, ERASED])).toEqual([
    { kind: "person", id: "9000000079" },
    { kind: "exercise", id: "14", of: "9000000079" },
    { kind: "muscle", id: "1" },
    { kind: "admin", id: "1" },
  ]);
});
