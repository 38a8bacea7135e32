// The list of messages: bubbles, groups, days, keyboards, and a scroll that stays where one reads.

import { fill } from "/page/text.js";

const GROUP_SECONDS = 600;
const BOTTOM_PIXELS = 60;
const ONE_TICK = "M2 6l3.5 3.5L12 2";
const TWO_TICKS = "M1 6l3.5 3.5L11 2.2M7.7 8.7l.9.8L15.5 2.2";

export const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export class Messages {
  /** `on` has tap(button), command(text), menu(event, message), open(url), older(), scrolled(follows). */
  constructor(scroller, log, on) {
    this.scroller = scroller;
    this.log = log;
    this.on = on;
    this.clear();
    // We follow new messages until somebody scrolls up; on the way down, and while the room changes its height (a
    // keyboard on the phone, a growing composer), we are not at the bottom and follow all the same.
    this.follows = true;
    let last = 0;
    scroller.addEventListener("scroll", () => {
      const { scrollTop } = scroller;
      if (this.atBottom()) this.follows = true;
      else if (scrollTop < last - 1) this.follows = false;
      last = scrollTop;
      if (scrollTop < 300) on.older();
      on.scrolled(this.follows);
    });
    const observer = new ResizeObserver(() => this.follows && this.toBottom(this.smooth));
    observer.observe(scroller);
    observer.observe(log); // pictures and fonts arrive later than words
  }

  clear() {
    this.known = new Map();
    this.tapped = new Map();
    this.waiting = new Set();
    this.log.replaceChildren();
  }

  get newest() {
    return [...this.known.values()].at(-1)?.message;
  }

  get oldest() {
    return this.known.values().next().value?.message;
  }

  /** Show a whole chat from its end. */
  load(messages, taps, waiting) {
    this.clear();
    this.waiting = new Set(waiting);
    for (const tap of taps) this.tapped.set(key(tap), tap.query_id);
    for (const message of messages) this.add(message);
    this.arrange();
    this.toBottom(false);
  }

  /** Show older messages above. */
  prepend(messages) {
    this.keepPlace(() => {
      const later = [...this.known];
      this.known = new Map();
      const first = this.log.firstElementChild;
      for (const message of messages) this.log.insertBefore(this.made(message), first);
      for (const [id, entry] of later) this.known.set(id, entry);
      this.arrange();
    });
  }

  /** A message is new, or is now so; true when it was new. */
  put(message) {
    const entry = this.known.get(message.message_id);
    if (entry) {
      this.keepPlace(() => this.refresh(entry, message));
      return false;
    }
    const follows = this.follows || !message.from.is_bot;
    const show = () => {
      this.add(message).classList.add("arrived");
      this.arrange();
    };
    if (follows) {
      show();
      this.toBottom(true);
    } else {
      this.keepPlace(show);
    }
    return true;
  }

  remove(id) {
    const entry = this.known.get(id);
    if (!entry) return;
    this.keepPlace(() => {
      entry.element.remove();
      this.known.delete(id);
      this.arrange();
    });
  }

  /** The bot has taken a message: a second tick. */
  taken(id) {
    this.waiting.delete(id);
    const entry = this.known.get(id);
    if (entry) tick(entry.element, false);
  }

  /** A button spins from now on. */
  spin(tap) {
    this.tapped.set(key(tap), tap.query_id);
    this.mark(tap, true);
  }

  /** A button spins no more. */
  rest(tap) {
    if (tap.query_id !== undefined && this.tapped.get(key(tap)) !== tap.query_id) return;
    this.tapped.delete(key(tap));
    this.mark(tap, false);
  }

  mark(tap, busy) {
    const entry = this.known.get(tap.message_id);
    for (const button of entry?.element.querySelectorAll(".key") ?? []) {
      if (button.dataset.data === tap.data) button.setAttribute("aria-busy", busy);
    }
  }

  atBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < BOTTOM_PIXELS;
  }

  toBottom(smooth) {
    this.follows = true;
    this.smooth = smooth && document.hasFocus();
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: this.smooth ? "smooth" : "instant" });
  }

  /** Change something, and leave what is being read where it is. */
  keepPlace(change) {
    const bottom = this.follows;
    const edge = this.scroller.getBoundingClientRect().top;
    const anchor = bottom ? null : [...this.log.children].find((each) => !each.matches(".day") && each.getBoundingClientRect().bottom > edge);
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (bottom) this.toBottom(false);
    else if (anchor?.isConnected) this.scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  add(message) {
    const element = this.made(message);
    this.log.append(element);
    return element;
  }

  made(message) {
    const element = document.createElement("article");
    element.className = `message ${message.from.is_bot ? "in" : "out"}`;
    element.dataset.id = message.message_id;
    element.append(document.createElement("div"));
    element.firstElementChild.className = "stack";
    const entry = { element, message };
    this.known.set(message.message_id, entry);
    this.refresh(entry, message);
    if (!message.from.is_bot && "text" in message) {
      element.addEventListener("contextmenu", (event) => this.on.menu(event, entry.message));
    }
    return element;
  }

  /** Draw a message as it is now, in place. */
  refresh(entry, message) {
    const { element } = entry;
    entry.message = message;
    const stack = element.firstElementChild;
    const focused = [...stack.querySelectorAll(".key")].indexOf(document.activeElement);
    const who = message.from.is_bot ? message.from.first_name : "You";
    element.setAttribute("aria-label", `${who}, ${clock(message.date)}`);
    const bubble = this.bubble(message);
    const keyboard = this.keyboard(message);
    element.classList.toggle("keyed", Boolean(keyboard));
    stack.replaceChildren(bubble, ...(keyboard ? [keyboard] : []));
    if (focused >= 0) {
      const keys = stack.querySelectorAll(".key");
      (keys[Math.min(focused, keys.length - 1)] ?? this.scroller).focus({ preventScroll: true });
    }
  }

  bubble(message) {
    const bubble = document.createElement("div");
    bubble.className = "bubble";
    const words = message.text ?? message.caption ?? "";
    if (message.photo) {
      const size = message.photo.at(-1);
      const photo = document.createElement("button");
      photo.type = "button";
      photo.className = "photo";
      photo.setAttribute("aria-label", "Photo, press to enlarge");
      const image = new Image(size.width, size.height);
      image.alt = message.caption ?? "Photo";
      image.src = `/files/${encodeURIComponent(size.file_id)}`;
      photo.append(image);
      photo.addEventListener("click", () => this.on.open(image.src, image.alt));
      bubble.append(photo);
      if (!words) bubble.classList.add("bare-photo");
    }
    if (message.sticker) {
      bubble.classList.add("sticker");
      bubble.append(message.sticker.emoji);
    }
    const text = document.createElement("div");
    text.className = "text";
    text.dir = "auto";
    const spoken = document.createElement("div");
    spoken.className = "words";
    fill(spoken, words, message.entities ?? message.caption_entities, this.on.command);
    text.append(spoken, this.meta(message));
    bubble.append(text);
    return bubble;
  }

  meta(message) {
    const meta = document.createElement("span");
    meta.className = "meta";
    if (message.edit_date && "text" in message && !message.from.is_bot) meta.append("edited");
    const time = document.createElement("time");
    time.dateTime = new Date(message.date * 1000).toISOString();
    time.textContent = clock(message.date);
    time.title = new Date(message.date * 1000).toLocaleString();
    meta.append(time);
    if (!message.from.is_bot) meta.append(ticks(this.waiting.has(message.message_id)));
    return meta;
  }

  keyboard(message) {
    const rows = message.reply_markup?.inline_keyboard;
    if (!rows) return null;
    const keyboard = document.createElement("div");
    keyboard.className = "keyboard";
    keyboard.setAttribute("role", "group");
    keyboard.setAttribute("aria-label", "Buttons");
    for (const row of rows) {
      const keys = document.createElement("div");
      keys.className = "keys";
      for (const button of row) keys.append(this.key(message, button));
      keyboard.append(keys);
    }
    return keyboard;
  }

  key(message, button) {
    const element = document.createElement(button.url ? "a" : "button");
    element.className = "key";
    element.dir = "auto";
    element.textContent = button.text;
    if (button.url) {
      element.classList.add("outside");
      element.href = /^(https?|tg|ton):/i.test(button.url) ? button.url : "#";
      element.target = "_blank";
      element.rel = "noopener noreferrer";
      return element;
    }
    element.type = "button";
    if (button.callback_data === undefined) {
      element.disabled = true;
      return element;
    }
    const tap = { message_id: message.message_id, data: button.callback_data };
    element.dataset.data = button.callback_data;
    element.setAttribute("aria-busy", this.tapped.has(key(tap)));
    element.addEventListener("click", () => this.tapped.has(key(tap)) || this.on.tap(tap));
    return element;
  }

  /** Group what one side said in one go, and put the days between. */
  arrange() {
    for (const day of this.log.querySelectorAll(".day")) day.remove();
    let before;
    for (const entry of this.known.values()) {
      const { message, element } = entry;
      const newDay = !before || dayOf(before.message) !== dayOf(message);
      const first = newDay || before.message.from.is_bot !== message.from.is_bot || message.date - before.message.date > GROUP_SECONDS;
      element.classList.toggle("first", first);
      element.classList.add("last");
      if (before) before.element.classList.toggle("last", first);
      if (newDay) element.before(separator(message.date));
      before = entry;
    }
  }
}

const key = (tap) => `${tap.message_id} ${tap.data}`;
const dayOf = (message) => new Date(message.date * 1000).toDateString();

function separator(seconds) {
  const day = document.createElement("div");
  day.className = "day";
  const then = new Date(seconds * 1000);
  const now = new Date();
  const days = Math.round((new Date(now.toDateString()) - new Date(then.toDateString())) / 86_400_000);
  const year = then.getFullYear() === now.getFullYear() ? undefined : "numeric";
  day.textContent = ["Today", "Yesterday"][days] ?? then.toLocaleDateString("en", { month: "long", day: "numeric", year });
  return day;
}

function ticks(waiting) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 18 11");
  svg.setAttribute("class", "ticks");
  svg.setAttribute("role", "img");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  drawTicks(svg, waiting);
  return svg;
}

function tick(element, waiting) {
  const svg = element.querySelector(".ticks");
  if (svg) drawTicks(svg, waiting);
}

function drawTicks(svg, waiting) {
  svg.setAttribute("aria-label", waiting ? "Sent" : "Delivered");
  svg.firstElementChild.setAttribute("d", waiting ? ONE_TICK : TWO_TICKS);
}
