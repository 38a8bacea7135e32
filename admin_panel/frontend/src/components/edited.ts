import { useState } from "react";

export interface Edited<T> {
  /** As they were when their forms were opened; one more form takes nothing away that is typed in another. */
  all: readonly T[];
  of: (thing: T) => T | undefined;
  open: (thing: T) => void;
  close: (thing: T) => void;
}

/** The rows that are being changed. */
export function useEdited<T extends { id: unknown }>(): Edited<T> {
  const [all, setAll] = useState<readonly T[]>([]);
  return {
    all,
    of: ({ id }) => all.find((each) => each.id === id),
    open: (thing) => {
      setAll((former) => [...former, thing]);
    },
    close: ({ id }) => {
      setAll((former) => former.filter((each) => each.id !== id));
    },
  };
}
