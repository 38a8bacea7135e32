import { useEffect } from "react";

/** When this goes, and the keyboard's place with it, go on where it was called from. */
export function useFocusBack(id: string): void {
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (document.activeElement === null || document.activeElement === document.body) {
          document.getElementById(id)?.focus();
        }
      });
    },
    [id],
  );
}
