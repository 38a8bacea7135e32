// A photo large: its caption, the photos before and after it, saving it. Esc, Back, a click beside it or a pull close it.

import { photoOf } from "/page/bubble.js";
import { clock, dayName } from "/page/format.js";
import { show } from "/page/overlays.js";
import { fill } from "/page/text.js";

const SWIPE = 60; // pixels
const find = (selector) => document.querySelector(`dialog.viewer ${selector}`);
const dialog = document.querySelector("dialog.viewer");
const image = find("img");
const [before, after] = [find(".before"), find(".after")];
let photos = [];
let at = 0;

/** Show one of several messages with photos. */
export function view(messages, message) {
  photos = messages;
  at = messages.findIndex((each) => each.message_id === message.message_id);
  draw();
  show(dialog);
  find(".close").focus();
}

function draw() {
  const message = photos[at];
  const { url, width, height } = photoOf(message);
  image.src = url;
  image.width = width;
  image.height = height;
  image.alt = message.caption ?? "Photo";
  find(".sender").textContent = message.from.is_bot ? message.from.first_name : "You";
  find("time").textContent = `${dayName(message.date)} at ${clock(message.date)}`;
  find(".save").href = url;
  find(".save").download = `photo-${message.message_id}`;
  const words = find("figcaption");
  words.replaceChildren();
  words.hidden = !message.caption;
  fill(words, message.caption ?? "", message.caption_entities, () => {});
  before.disabled = at === 0;
  after.disabled = at === photos.length - 1;
}

function go(step) {
  if (!photos[at + step]) return;
  at += step;
  draw();
}

before.addEventListener("click", () => go(-1));
after.addEventListener("click", () => go(1));
find(".close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => {
  if (!event.target.closest("img, button, a, figcaption")) dialog.close();
});
dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") go(-1);
  else if (event.key === "ArrowRight") go(1);
});

let from = null;
dialog.addEventListener("touchstart", ({ touches }) => (from = touches.length === 1 ? touches[0] : null), { passive: true });
dialog.addEventListener("touchend", ({ changedTouches: [to] }) => {
  if (!from || (visualViewport?.scale ?? 1) > 1) return; // two fingers enlarge it
  const [x, y] = [to.clientX - from.clientX, to.clientY - from.clientY];
  if (Math.abs(x) > SWIPE && Math.abs(x) > Math.abs(y)) go(x > 0 ? -1 : 1);
  else if (Math.abs(y) > SWIPE) dialog.close();
});
