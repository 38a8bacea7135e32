import { createContext } from "react";

/** Told by a form's field that its name is another's: the field says so, and there is nothing to save. */
export const Taken = createContext<(isTaken: boolean) => void>(() => undefined);
