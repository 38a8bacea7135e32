// One message: its bubble, what hangs in it, and the buttons below.

import { clock, extension, fileSize, onlyEmoji } from "/page/format.js";
import { button, icon, make, unseen } from "/page/make.js";
import { fill } from "/page/text.js";

const ONE_TICK = "M2 6l3.5 3.5L12 2";
const TWO_TICKS = "M1 6l3.5 3.5L11 2.2M7.7 8.7l.9.8L15.5 2.2";
const LARGEST = 420; // pixels of a photo's longer side
const SMALLEST = 120;
const SMALLEST_WITH_WORDS = 240;

/** The parts of a message, top to bottom; `look` has waiting (one tick), busy(data) and on. */
export function parts(message, look) {
  const words = message.text ?? message.caption ?? "";
  const photo = photoOf(message);
  const bubble = make("div", { className: "bubble" });
  const text = make("div", { className: "text", dir: "auto" });
  const spoken = make("div", { className: "words" });
  fill(spoken, words, message.entities ?? message.caption_entities, look.on.command);
  text.append(spoken, meta(message, look.waiting));
  if (photo) {
    bubble.classList.add("with-photo");
    bubble.append(photoButton(photo, message, look.on));
  }
  if (message.document) {
    bubble.classList.add("with-file");
    bubble.append(savable(message.document));
  }
  bubble.classList.toggle("bare", !words);
  if (message.sticker || (message.text && onlyEmoji(words))) {
    bubble.classList.add("large-emoji");
    if (message.sticker) spoken.append(message.sticker.emoji);
  }
  bubble.append(text);
  const rows = message.reply_markup?.inline_keyboard;
  return rows ? [bubble, keyboard(rows, look)] : [bubble];
}

/** The photo of a message, where it is and how large; Telegram's own form has a list of sizes. */
export function photoOf(message) {
  const size = Array.isArray(message.photo) ? message.photo.at(-1) : message.photo;
  return size ? { ...size, url: addressOf(size) } : null;
}

const addressOf = (file) => file.url ?? `/files/${encodeURIComponent(file.file_id)}`;

function photoButton(photo, message, on) {
  const open = button({ className: "photo", ariaLabel: "Photo, press to enlarge" }, () => on.open(message));
  const [width, height] = shownSize(photo, message.caption ? SMALLEST_WITH_WORDS : SMALLEST);
  // The place is kept while the picture is on its way: nothing moves when it comes.
  open.style.width = `${width}px`;
  open.style.aspectRatio = `${width} / ${height}`;
  open.append(make("img", { src: photo.url, alt: message.caption ?? "Photo", decoding: "async", draggable: false }));
  return open;
}

function shownSize({ width, height }, least) {
  const scale = Math.min(1, LARGEST / width, LARGEST / height);
  const within = (pixels, low) => Math.round(Math.min(LARGEST, Math.max(low, pixels * scale)));
  return [within(width, least), within(height, SMALLEST / 2)];
}

function savable(file) {
  const name = file.file_name ?? "File";
  const kind = extension(name);
  // The end of a long name says more than its middle; names written from the right are left whole.
  const tail = /[\u0590-\u08ff]/.test(name) ? 0 : Math.min(8, name.length - 1);
  const cut = name.length - tail;
  return make(
    "a",
    { className: "document", href: addressOf(file), download: name },
    unseen(`Save ${name}, ${fileSize(file.file_size)}`),
    make("span", { className: "file-icon", ariaHidden: "true", data: { kind } }, kind ? make("b", {}, kind) : icon("file"), icon("save")),
    make("span", { className: "file-name", title: name, ariaHidden: "true" }, make("span", {}, name.slice(0, cut)), make("span", {}, name.slice(cut))),
    make("span", { className: "file-size", ariaHidden: "true" }, fileSize(file.file_size)),
  );
}

function meta(message, waiting) {
  const when = new Date(message.date * 1000);
  return make(
    "span",
    { className: "meta" },
    // Bots edit all the time: Telegram marks the edits of people alone.
    message.edit_date && !message.from.is_bot ? "edited" : null,
    make("time", { dateTime: when.toISOString(), title: when.toLocaleString() }, clock(message.date)),
    message.from.is_bot ? null : ticks(waiting),
  );
}

function ticks(waiting) {
  const svg = icon("", "0 0 18 11");
  svg.setAttribute("class", "ticks");
  svg.removeAttribute("aria-hidden");
  svg.setAttribute("role", "img");
  drawTicks(svg, waiting);
  return svg;
}

/** One tick: on its way to the bot; two: the bot has it. */
export function drawTicks(svg, waiting) {
  svg.setAttribute("aria-label", waiting ? "Sent" : "Delivered");
  svg.firstElementChild.setAttribute("d", waiting ? ONE_TICK : TWO_TICKS);
}

function keyboard(rows, look) {
  const drawn = rows.map((row) => make("div", { className: "keys" }, ...row.map((each) => key(each, look))));
  return make("div", { className: "keyboard", role: "group", ariaLabel: "Buttons" }, ...drawn);
}

function key({ text, url, callback_data: data, copy_text: copied }, { busy, on }) {
  const shape = { className: "key", dir: "auto" };
  if (url) {
    const href = /^(https?|tg|ton):/i.test(url) ? url : "#";
    return make("a", { ...shape, className: "key outside", href, target: "_blank", rel: "noopener noreferrer" }, text);
  }
  if (copied) return button(shape, () => on.copy(copied.text), text);
  if (data === undefined) return button({ ...shape, disabled: true }, () => {}, text);
  const element = button(shape, () => busy(data) || on.tap(data), text);
  element.dataset.data = data;
  element.ariaBusy = String(busy(data));
  return element;
}
