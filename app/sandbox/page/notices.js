// What is said in passing: toasts, alerts, and what a screen reader is told.

import { make } from "/page/make.js";
import { show } from "/page/overlays.js";

const TOAST_MILLISECONDS = 4000;
const SAID_MILLISECONDS = 10_000;
const toasts = document.querySelector(".toasts");
const announcer = document.querySelector(".announcer");

/** A few words over the chat, gone after some seconds. */
export function toast(text) {
  const element = make("div", { className: "toast", dir: "auto" }, text);
  toasts.replaceChildren(element);
  setTimeout(() => element.classList.add("leaving"), TOAST_MILLISECONDS);
  setTimeout(() => element.remove(), TOAST_MILLISECONDS + 400);
}

/** Words that wait for an OK. */
export function alert(text) {
  const dialog = document.querySelector("dialog.alert");
  dialog.querySelector("p").textContent = text;
  show(dialog);
}

/**
 * Say something to a screen reader, politely. The log of messages keeps silent itself: it is filled at both ends as one
 * scrolls, and would read all of that aloud.
 */
export function announce(words) {
  const line = make("p", {}, words);
  announcer.append(line);
  setTimeout(() => line.remove(), SAID_MILLISECONDS);
}
