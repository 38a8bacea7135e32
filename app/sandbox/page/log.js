// The messages of a chat: all that is known, the part of it that is drawn, and a scroll that stays where one reads.

import { parts } from "/page/bubble.js";
import { FloatingDay, dayLine } from "/page/day.js";
import { clock, dayOf } from "/page/format.js";
import { make } from "/page/make.js";
import { Pending } from "/page/pending.js";

const DRAWN = 200; // messages in the page at most, however many are known
const STEP = 50; // so many more are drawn when an edge comes near
const NEAR = 1500; // pixels
const BOTTOM = 60; // pixels from the end that still count as the end
const GROUP_SECONDS = 600;

export class Log {
  /** `on` has tap(tap), command(text), copy(text), menu(event, message), open(message), older(), scrolled(). */
  constructor(scroller, list, on) {
    this.scroller = scroller;
    this.list = list;
    this.on = on;
    this.floating = new FloatingDay(scroller);
    this.pending = new Pending(list);
    this.clear();
    scroller.addEventListener("scroll", () => this.scrolled());
    const observer = new ResizeObserver(() => this.follows && this.toBottom(this.smooth));
    observer.observe(scroller); // a keyboard on the phone, a growing composer
    observer.observe(list);
  }

  clear() {
    this.entries = []; // {message, row}, oldest first; row is the element while it is drawn
    this.byId = new Map();
    this.start = this.end = 0; // what is drawn of them
    this.complete = false; // the first message of the chat is among them
    this.divider = null; // the first message that was unread
    this.follows = true; // new messages, until somebody scrolls up
    this.lastTop = 0;
    this.list.replaceChildren();
  }

  get size() {
    return this.entries.length;
  }

  get oldest() {
    return this.entries[0]?.message;
  }

  get newest() {
    return this.entries.at(-1)?.message;
  }

  get all() {
    return this.entries.map((each) => each.message);
  }

  get(id) {
    return this.byId.get(id)?.message;
  }

  /** How many messages of the bot come after a message. */
  botMessagesAfter(id) {
    let count = 0;
    for (let at = this.size - 1; at >= 0 && this.entries[at].message.message_id > id; at--) count += this.entries[at].message.from.is_bot;
    return count;
  }

  // What is known

  /** Show a chat: at the place where it was read, at its first unread message, or at its end. */
  load(messages, { complete, taps, waiting, unread, place }) {
    this.clear();
    this.complete = complete;
    this.pending.renew(taps, waiting);
    for (const message of messages) this.know(message);
    this.divider = this.firstUnread(unread);
    if (place && this.byId.has(place.id)) this.showAt(place.id, place.top);
    else this.toBottom(false);
    if (this.divider && !place) this.showDivider();
    this.fillEdges();
  }

  /** The first of the last so many messages of the bot, as far as they are known. */
  firstUnread(count) {
    const fromBot = this.entries.filter((each) => each.message.from.is_bot);
    return count ? (fromBot[Math.max(0, fromBot.length - count)]?.message.message_id ?? null) : null;
  }

  know(message) {
    const entry = { message, row: null };
    this.byId.set(message.message_id, entry);
    this.entries.push(entry);
    return entry;
  }

  /** Older messages have come. */
  prepend(messages, complete) {
    const entries = messages.filter((each) => !this.byId.has(each.message_id)).map((message) => ({ message, row: null }));
    for (const entry of entries) this.byId.set(entry.message.message_id, entry);
    this.complete = complete;
    this.keepPlace(() => {
      this.entries.unshift(...entries);
      this.start += entries.length;
      this.end += entries.length;
      this.place(this.start);
    });
    this.fillEdges();
  }

  /** The newest page once more, after something may have been missed; what stayed the same is left alone. */
  merge(messages, { taps, waiting, complete }) {
    this.pending.renew(taps, waiting);
    const [from, to] = [complete ? 0 : messages[0].message_id, messages.at(-1).message_id];
    const there = new Set(messages.map((each) => each.message_id));
    for (const { message_id: id } of this.all) if (id >= from && id <= to && !there.has(id)) this.remove(id);
    for (const message of messages) if (JSON.stringify(message) !== JSON.stringify(this.get(message.message_id))) this.put(message);
  }

  /** A message is new, or is now so; true when it was new. */
  put(message) {
    const known = this.byId.get(message.message_id);
    if (known) {
      known.message = message;
      if (known.row) this.keepPlace(() => this.refresh(known));
      return false;
    }
    if (message.message_id < this.newest?.message_id) return false; // older than all we know: it comes with its page
    const toTheEnd = this.end === this.size;
    const entry = this.know(message);
    if (this.follows || !message.from.is_bot) {
      const many = toTheEnd ? Math.min(DRAWN, this.end - this.start + 1) : DRAWN / 2;
      this.draw(this.size - many, this.size);
      entry.row.classList.add("arrived");
      this.toBottom(toTheEnd);
    } else if (toTheEnd && this.end - this.start < DRAWN) {
      this.keepPlace(() => this.draw(this.start, this.size));
    }
    return true;
  }

  remove(id) {
    const entry = this.byId.get(id);
    if (!entry) return;
    const at = this.entries.indexOf(entry);
    const hadFocus = entry.row?.contains(document.activeElement);
    this.keepPlace(() => {
      entry.row?.remove();
      this.byId.delete(id);
      this.entries.splice(at, 1);
      if (at < this.start) this.start -= 1;
      if (at < this.end) this.end -= 1;
      this.place(at - 1);
      this.place(at);
    });
    if (hadFocus) this.scroller.focus({ preventScroll: true });
    this.fillEdges();
  }

  // What is drawn

  /** Have exactly these entries in the page. */
  draw(start, end) {
    for (let at = this.start; at < this.end; at++) if (at < start || at >= end) this.erase(this.entries[at]);
    this.start = start;
    this.end = end;
    let next = null;
    for (let at = end - 1; at >= start; at--) {
      const entry = this.entries[at];
      if (!entry.row) this.list.insertBefore(this.made(entry), next);
      next = entry.row;
    }
    for (let at = start - 1; at <= end; at++) this.place(at);
  }

  erase(entry) {
    entry?.row?.remove();
    if (entry) entry.row = null;
  }

  made(entry) {
    const { message } = entry;
    const article = make("article", { className: `message ${message.from.is_bot ? "in" : "out"}`, tabIndex: -1, data: { id: message.message_id } });
    article.append(make("div", { className: "stack" }));
    entry.row = make("div", { className: "row" }, article);
    this.refresh(entry);
    article.addEventListener("contextmenu", (event) => this.on.menu(event, entry.message));
    return entry.row;
  }

  /** Draw a message as it is now, in place; the focus stays on its button, or on the one in its stead. */
  refresh(entry) {
    const { message } = entry;
    const article = entry.row.lastElementChild;
    const stack = article.firstElementChild;
    const keys = () => [...stack.querySelectorAll(".key")];
    const focused = document.activeElement;
    const at = keys().indexOf(focused);
    const picture = stack.querySelector(".photo img");
    article.ariaLabel = `${message.from.is_bot ? message.from.first_name : "You"}, ${clock(message.date)}`;
    article.classList.toggle("keyed", Boolean(message.reply_markup?.inline_keyboard));
    stack.replaceChildren(
      ...parts(message, {
        waiting: this.pending.waits(message.message_id),
        busy: (data) => this.pending.busy(message.message_id, data),
        on: { ...this.on, tap: (data) => this.on.tap({ message_id: message.message_id, data }) },
      }),
    );
    const now = stack.querySelector(".photo img");
    if (picture && now?.src === picture.src) {
      picture.alt = now.alt;
      now.replaceWith(picture); // the same picture does not flicker
    }
    if (at < 0) return;
    const same = focused.dataset.data && keys().find((each) => each.dataset.data === focused.dataset.data);
    (same || keys()[Math.min(at, keys().length - 1)] || article).focus({ preventScroll: true });
  }

  /** How an entry stands to its neighbours: the day above it, the group it belongs to. */
  place(at) {
    const entry = this.entries[at];
    if (!entry?.row) return;
    const [before, after] = [this.entries[at - 1], this.entries[at + 1]];
    const { row, message } = entry;
    const newDay = before ? dayOf(before.message.date) !== dayOf(message.date) : this.complete;
    const divided = message.message_id === this.divider;
    row.lastElementChild.classList.toggle("first", newDay || divided || !together(before, entry));
    row.lastElementChild.classList.toggle("last", !together(entry, after) || after.message.message_id === this.divider);
    const line = (name, wanted, made) => {
      const there = row.querySelector(name);
      if (there && !wanted) there.remove();
      if (!there && wanted) row.lastElementChild.before(made());
    };
    line(".day", newDay, () => dayLine(message.date));
    line(".unread-line", divided, () => make("div", { className: "unread-line" }, "Unread messages"));
  }

  // Where one reads

  scrolled() {
    const { scrollTop } = this.scroller;
    if (this.atBottom()) this.follows = true;
    else if (scrollTop < this.lastTop - 1) this.follows = false;
    this.lastTop = scrollTop;
    this.fillEdges();
    if (!this.follows) {
      const edge = this.scroller.getBoundingClientRect().top;
      const first = this.firstOnScreen();
      const line = [...this.list.querySelectorAll(".day")].some((each) => Math.abs(each.getBoundingClientRect().top - edge) < 60);
      if (first) this.floating.show(first.message.date, line);
    }
    this.on.scrolled();
  }

  /** Draw more where an edge comes near, and less at the other. */
  fillEdges() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (scrollTop < NEAR) {
      const start = Math.max(0, this.start - STEP);
      if (start < this.start) this.keepPlace(() => this.draw(start, this.follows ? this.end : Math.min(this.end, start + DRAWN)));
      else if (!this.complete && this.size) this.on.older();
    } else if (scrollHeight - scrollTop - clientHeight < NEAR && this.end < this.size) {
      const end = Math.min(this.size, this.end + STEP);
      this.keepPlace(() => this.draw(Math.max(this.start, end - DRAWN), end));
    }
  }

  atBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return this.end === this.size && scrollHeight - scrollTop - clientHeight < BOTTOM;
  }

  toBottom(smooth) {
    if (this.end < this.size || !this.end) this.draw(Math.max(0, this.size - DRAWN / 2), this.size);
    this.follows = true;
    this.smooth = smooth && document.hasFocus() && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: this.smooth ? "smooth" : "instant" });
  }

  /** Change something, and leave what is being read where it is. */
  keepPlace(change) {
    if (this.follows) {
      change();
      this.toBottom(false);
      return;
    }
    const anchor = this.firstOnScreen();
    const before = anchor && top(anchor.row);
    change();
    if (anchor?.row?.isConnected) this.scroller.scrollTop += top(anchor.row) - before;
    this.lastTop = this.scroller.scrollTop;
  }

  firstOnScreen() {
    const edge = this.scroller.getBoundingClientRect().top;
    return this.drawn.find((each) => each.row.getBoundingClientRect().bottom > edge);
  }

  /** The newest message that somebody who looks at the page has before their eyes. */
  lastOnScreen() {
    if (this.follows) return this.newest;
    const edge = this.scroller.getBoundingClientRect().bottom;
    return this.drawn.findLast((each) => top(each.row) < edge - 20)?.message;
  }

  get drawn() {
    return this.entries.slice(this.start, this.end);
  }

  /** Where one reads, to come back to; null at the end. */
  get reading() {
    const first = this.follows ? null : this.firstOnScreen();
    return first ? { id: first.message.message_id, top: Math.round(top(first.row) - this.scroller.getBoundingClientRect().top) } : null;
  }

  showAt(id, offset) {
    const at = this.entries.indexOf(this.byId.get(id));
    const start = Math.max(0, Math.min(at - DRAWN / 2, this.size - DRAWN));
    this.draw(start, Math.min(this.size, start + DRAWN));
    this.follows = false;
    this.scroller.scrollTop += top(this.entries[at].row) - this.scroller.getBoundingClientRect().top - offset;
    this.lastTop = this.scroller.scrollTop;
    this.follows = this.atBottom();
  }

  /** When more is unread than the screen holds, begin where it begins. */
  showDivider() {
    const line = this.list.querySelector(".unread-line");
    const room = this.scroller.getBoundingClientRect();
    if (!line || line.getBoundingClientRect().top > room.top) return;
    this.showAt(this.divider, 8);
  }
}

const top = (element) => element.getBoundingClientRect().top;

/** Said by the same side in one go. */
function together(before, after) {
  if (!before || !after) return false;
  const [one, two] = [before.message, after.message];
  return one.from.is_bot === two.from.is_bot && two.date - one.date <= GROUP_SECONDS && dayOf(one.date) === dayOf(two.date);
}
