// The day between messages, and the one that floats above them while somebody scrolls.

import { dayName } from "/page/format.js";
import { make } from "/page/make.js";

const SHOWN_MILLISECONDS = 1200;
const BY_HAND_MILLISECONDS = 600;

export const dayLine = (seconds) => make("div", { className: "day", data: { seconds } }, dayName(seconds));

/** Midnight has passed: Today is Yesterday. */
export function renameDays(list) {
  for (const line of list.querySelectorAll(".day")) line.textContent = dayName(line.dataset.seconds);
}

/** Shown while one scrolls by hand and no longer: it must not lie on words that are read. */
export class FloatingDay {
  constructor(scroller) {
    this.element = make("div", { className: "floating-day", ariaHidden: "true" });
    scroller.after(this.element);
    this.until = 0;
    const byHand = () => (this.until = Math.max(this.until, performance.now() + BY_HAND_MILLISECONDS));
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) scroller.addEventListener(kind, byHand, { passive: true });
  }

  /** Somebody scrolled, and the topmost message on the screen is of this time. */
  show(seconds, beside) {
    if (performance.now() > this.until || beside) return this.element.classList.remove("shown");
    this.until = performance.now() + SHOWN_MILLISECONDS; // a finger's swing goes on scrolling
    this.element.textContent = dayName(seconds);
    this.element.classList.add("shown");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.element.classList.remove("shown"), SHOWN_MILLISECONDS);
  }
}
