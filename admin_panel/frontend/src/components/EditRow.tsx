import { useRefresh } from "ra-core";
import type { ReactNode } from "react";

import type { Kind } from "../provider/dataProvider";
import { Conflict } from "./Conflict";
import { FormRow } from "./FormRow";
import { useSaving, type Versioned } from "./saving";
import { useSay } from "./Toasts";

export interface Field<T> {
  label: string;
  /** What it is in a thing, in words; and what was typed, in the same words. */
  of: (thing: T) => string;
  typed: string;
}

interface Props<T extends Versioned> {
  kind: Kind;
  /** What was looked at. */
  seen: T;
  /** What it is, as in "This muscle". */
  what: string;
  /** The form's name, and the button that opened it. */
  name: string;
  openedBy: string;
  fields: readonly Field<T>[];
  /** What was touched, as the API takes it; what was not is left out, and somebody else's change of it stays. */
  changed: Record<string, unknown>;
  isWhole: boolean;
  /** What is said when it is done. */
  done: string;
  onClose: () => void;
  children: ReactNode;
}

/** Change one thing in its line of a list. */
export function EditRow<T extends Versioned>(props: Props<T>) {
  const { kind, seen, what, name, openedBy, fields, changed, isWhole, done, onClose, children } = props;
  const { theirs, isPerhapsOurs, isBusy, problem, ...saving } = useSaving(kind, seen);
  const refresh = useRefresh();
  const say = useSay();
  const save = async () => {
    if (await saving.save(changed)) {
      say(done);
      onClose();
    }
  };
  const sides = fields.map(({ label, of, typed }) => {
    const before = of(seen);
    return { label, before, now: theirs ? of(theirs) : "", typed: typed === before ? null : typed };
  });
  const isIdle = !isWhole || sides.every(({ typed }) => typed === null);
  return (
    <FormRow
      openedBy={openedBy}
      name={name}
      act="Save"
      isBusy={isBusy}
      isIdle={isIdle || theirs !== undefined}
      isUnsaved={sides.some(({ typed }) => typed !== null)}
      problem={problem}
      onSave={() => void save()}
      onClose={onClose}
      below={
        theirs !== undefined && (
          <Conflict
            what={what}
            sides={theirs && sides}
            isPerhapsOurs={isPerhapsOurs}
            isBusy={isBusy}
            isIdle={isIdle}
            onMine={() => void save()}
            onTheirs={() => {
              if (isBusy) return;
              refresh();
              onClose();
            }}
          />
        )
      }
    >
      {children}
    </FormRow>
  );
}
