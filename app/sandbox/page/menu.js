// The little menu: one at a time; Esc, Back on a phone and a click elsewhere close it (the browser's own popover).

import { button, icon } from "/page/make.js";

const menu = document.querySelector(".popover");
const EDGE = 8;
let opener = null;

/** Open it with some content at a place; `up` when it grows upwards from there. */
export function openMenu(content, { left, right, top, up = false }, from = null) {
  opener = from;
  menu.replaceChildren(...content);
  menu.showPopover();
  opener?.setAttribute("aria-expanded", "true");
  const { offsetWidth: width, offsetHeight: height } = menu;
  const x = left ?? right - width;
  const y = up ? top - height : top;
  menu.style.left = `${Math.max(EDGE, Math.min(x, innerWidth - width - EDGE))}px`;
  menu.style.top = `${Math.max(EDGE, Math.min(y, innerHeight - height - EDGE))}px`;
  items()[0]?.focus({ preventScroll: true });
}

/** An entry of the menu. */
export function entry(words, drawing, act, className = "") {
  const chosen = () => {
    menu.hidePopover();
    act();
  };
  return button({ className, role: "menuitem" }, chosen, icon(drawing), words);
}

/** A button that opens the menu, and closes it when it is open. */
export function opens(element, content) {
  let wasOpen = false;
  element.addEventListener("pointerdown", () => {
    wasOpen = opener === element && menu.matches(":popover-open");
  });
  element.addEventListener("click", () => {
    if (wasOpen) wasOpen = false; // the browser has just closed it
    else content();
  });
}

const items = () => [...menu.querySelectorAll("[role=menuitem]")];

menu.addEventListener("toggle", (event) => {
  if (event.newState !== "closed") return;
  opener?.setAttribute("aria-expanded", "false");
  // The focus goes back, unless something else has taken it meanwhile.
  if (document.activeElement === document.body || menu.contains(document.activeElement)) opener?.focus();
});
menu.addEventListener("keydown", (event) => {
  const all = items();
  const at = all.indexOf(document.activeElement);
  const goes = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  if (goes !== undefined) all[goes % all.length].focus();
  else if (event.key === "Tab") menu.hidePopover();
  else return;
  event.preventDefault();
});
