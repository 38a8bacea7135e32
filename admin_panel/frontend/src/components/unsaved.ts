import { createContext, useContext, useEffect, useSyncExternalStore } from "react";

/** The forms that hold something which is not saved yet. */
export class Unsaved {
  private readonly forms = new Set<symbol>();
  private readonly listeners = new Set<() => void>();

  isAny = (): boolean => this.forms.size > 0;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** One form more; what is returned is for when it is saved, or left. */
  note = (): (() => void) => {
    const form = Symbol();
    this.forms.add(form);
    this.tell();
    return () => {
      this.forms.delete(form);
      this.tell();
    };
  };

  /** All of it may be lost: its person has said so. */
  forget = (): void => {
    this.forms.clear();
    this.tell();
  };

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

const UnsavedContext = createContext<Unsaved | null>(null);
export const UnsavedProvider = UnsavedContext.Provider;

export function useAllUnsaved(): Unsaved {
  const all = useContext(UnsavedContext);
  if (all === null) throw new Error("nobody minds here what is not saved");
  return all;
}

/** Whether anything is unsaved, whenever that changes. */
export function useIsAnyUnsaved(): boolean {
  const { subscribe, isAny } = useAllUnsaved();
  return useSyncExternalStore(subscribe, isAny);
}

/** A form says whether it holds something: whoever would lose it is asked (layout/Leaving.tsx). */
export function useUnsaved(isUnsaved: boolean): void {
  const { note } = useAllUnsaved();
  useEffect(() => (isUnsaved ? note() : undefined), [note, isUnsaved]);
}
