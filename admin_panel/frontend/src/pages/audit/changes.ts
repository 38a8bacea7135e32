/** What an entry of the audit tells, in words: in a line, and field by field as it was and as it became. */
import type { Entry } from "../../api/types";
import { count, day, exactly, moment, number } from "../../components/format";
import { isolated } from "../../components/names";
import type { NameOf } from "./naming";

export interface Change {
  label: string;
  before: string;
  after: string;
}

type Things = Record<string, unknown>;

const NONE = "—";
const DONE: Readonly<Record<string, string>> = {
  create: "Created",
  update: "Changed",
  delete: "Deleted",
  archive: "Archived",
  restore: "Restored",
  merge: "Merged",
  password: "Password changed",
  disable: "Disabled",
};
/** Each field's word, in the order in which they are told; what is not among them is told by its own name. */
const LABELS: Readonly<Record<string, string>> = {
  name: "Name",
  muscle: "Muscle",
  into: "Merged into",
  user_id: "Person",
  exercise_id: "Exercise",
  muscle_id: "Muscle",
  day: "Day",
  set_no: "Set",
  weight: "Weight",
  reps: "Repetitions",
  date: "Recorded",
  exercises: "Exercises",
  sets: "Sets",
  people: "People",
  records: "Records that are others now",
  days_numbered_on: "Days numbered on",
  days_too_full: "Days too full",
  notes_moved: "Notes moved",
  notes_joined: "Notes joined",
  notes_left: "Notes left, too long together",
  shown_again: "People who see it again",
  sessions_ended: "Signed out everywhere else",
  archived_at: "Archived",
};
const ORDER = Object.keys(LABELS);
const NAMED: Readonly<Record<string, "person" | "exercise" | "muscle">> = {
  user_id: "person",
  exercise_id: "exercise",
  muscle_id: "muscle",
};

/** What was done, and to what: half of the line. */
export function title(entry: Pick<Entry, "action" | "kind" | "thing_id" | "before" | "after">, nameOf: NameOf): string {
  const { action, kind, thing_id, before, after } = entry;
  const done = DONE[action] ?? action;
  if (thing_id === "") return `${done}: a ${kind} of somebody who erased themselves`;
  if (action === "merge" && before && after) return `${done}: ${name(before)} into ${name(after.into as Things)}`;
  if (kind === "admin") return `${done}: admin ${isolated(nameOf("admin", thing_id) ?? thing_id)}`;
  const whole = after ?? before;
  if (!whole) return `${done}: ${kind} ${thing_id}`;
  if (kind === "set") {
    const exercise = isolated(said("exercise_id", whole.exercise_id, nameOf));
    return `${done}: ${exercise}, set ${text(whole.set_no)} of ${isolated(said("user_id", whole.user_id, nameOf))}`;
  }
  if (before && after && before.name !== after.name) return `Renamed: ${name(before)} → ${name(after)}`;
  return `${done}: ${name(whole)}`;
}

/** The rest of the line: what a set was, what else differs, or what kind of thing it is. */
export function summary(
  entry: Pick<Entry, "action" | "kind" | "thing_id" | "before" | "after">,
  nameOf: NameOf,
): string {
  const { action, kind, thing_id, before, after } = entry;
  if (thing_id === "") return "What it was went with them.";
  if (action === "merge" && after) {
    return `${count(Number(after.sets), "set")} of ${count(Number(after.people), "person", "people")}`;
  }
  if (kind === "set" && !(before && after)) {
    const whole = after ?? before;
    return whole ? `${exactly(Number(whole.weight))} × ${text(whole.reps)}, ${day(text(whole.day))}` : "";
  }
  const told = ["name", "archived_at"]; // by the title
  const others = before && after ? changes(entry, nameOf, told) : [];
  if (others.length > 0) {
    return others.map((each) => `${each.label}: ${isolated(each.before)} → ${isolated(each.after)}`).join(", ");
  }
  if (kind === "admin") return after?.sessions_ended === true ? "Signed out everywhere else" : "";
  const muscle = (after ?? before)?.muscle;
  return kind === "exercise" && muscle !== undefined ? `Exercise of ${isolated(text(muscle))}` : capital(kind);
}

/** The fields that differ, but some perhaps; of a thing that was made or deleted, all that there are. */
export function changes(
  { kind, before, after }: Pick<Entry, "kind" | "before" | "after">,
  nameOf: NameOf,
  but: readonly string[] = [],
): Change[] {
  const [was, is] = [flat(before, kind), flat(after, kind)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((field) => !but.includes(field) && text(was[field]) !== text(is[field]))
    .sort((one, other) => place(one) - place(other))
    .map((field) => ({
      label: LABELS[field] ?? capital(field.replaceAll("_", " ")),
      before: said(field, was[field], nameOf),
      after: said(field, is[field], nameOf),
    }));
}

/** The fields that say something to a person; a merge holds the exercise that was merged beside what became of it. */
function flat(thing: Things | null, kind: string): Things {
  if (thing === null) return {};
  const { source, ...rest } = thing;
  const every = { ...(source as Things | undefined), ...rest };
  const isSet = kind === "set";
  return Object.fromEntries(
    Object.entries(every).filter(([field]) => field !== "id" && (isSet || field !== "muscle_id")), // it has the name
  );
}

function said(field: string, value: unknown, nameOf: NameOf): string {
  if (value === undefined || value === null) return NONE;
  const kind = NAMED[field];
  if (kind !== undefined) return nameOf(kind, text(value)) ?? `${kind} ${text(value)}`;
  if (field === "weight") return exactly(Number(value));
  if (field === "day") return day(text(value));
  if (field === "date" || field === "archived_at") return moment(text(value));
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return number(value);
  if (typeof value === "object" && "name" in value) return text(value.name);
  return text(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
}

const name = (thing: Things): string => isolated(text(thing.name));
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function place(field: string): number {
  const found = ORDER.indexOf(field);
  return found === -1 ? ORDER.length : found;
}
