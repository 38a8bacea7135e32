import { type FocusEvent, useEffect, useRef } from "react";

/** The title of every page, where the keyboard goes on when what it was on is gone. */
export const TITLE = "page-title";

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** When a row goes with the keyboard's place in it (archived, deleted), go on at the page's title. */
export function useFocusKept(rows: unknown): (event: FocusEvent) => void {
  const last = useRef<Element | null>(null);
  useEffect(() => {
    if (last.current === null || last.current.isConnected) return;
    last.current = null;
    if (isLost()) document.getElementById(TITLE)?.focus();
  }, [rows]);
  return (event) => {
    last.current = event.target;
  };
}

/** When this goes, and the keyboard's place with it, go on where it was called from. */
export function useFocusBack(id: string): void {
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (isLost()) (document.getElementById(id) ?? document.getElementById(TITLE))?.focus();
      });
    },
    [id],
  );
}
