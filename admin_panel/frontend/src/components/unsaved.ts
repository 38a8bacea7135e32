import { createContext, useContext, useEffect } from "react";

/** The forms that hold something which is not saved yet. */
export class Unsaved {
  private readonly forms = new Set<symbol>();

  isAny = (): boolean => this.forms.size > 0;

  /** One form more; what is returned is for when it is saved, or left. */
  note = (): (() => void) => {
    const form = Symbol();
    this.forms.add(form);
    return () => this.forms.delete(form);
  };

  /** All of it may be lost: its person has said so. */
  forget = (): void => {
    this.forms.clear();
  };
}

const UnsavedContext = createContext<Unsaved | null>(null);
export const UnsavedProvider = UnsavedContext.Provider;

export function useAllUnsaved(): Unsaved {
  const all = useContext(UnsavedContext);
  if (all === null) throw new Error("nobody minds here what is not saved");
  return all;
}

/** A form says whether it holds something: whoever would lose it is asked (layout/Leaving.tsx). */
export function useUnsaved(isUnsaved: boolean): void {
  const { note } = useAllUnsaved();
  useEffect(() => (isUnsaved ? note() : undefined), [note, isUnsaved]);
}
