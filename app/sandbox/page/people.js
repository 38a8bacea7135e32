// Who one can be: the list beside the chat on a desk, a sheet from below on a phone.

import { briefly, initials, nameOf, summary } from "/page/format.js";
import { make, unseen } from "/page/make.js";
import { draftOf } from "/page/memory.js";
import { closeBeside, show } from "/page/overlays.js";
import { ask } from "/page/server.js";

const MOST_UNREAD = 999;
const find = (selector) => document.querySelector(selector);

export class People {
  /** `on` has choose(id). */
  constructor(on) {
    this.on = on;
    this.all = [];
    this.me = null;
    this.sheet = find("dialog.sheet");
    this.newcomer = find("dialog.new-person");
    this.lists = [find(".sidebar .people"), this.sheet.querySelector(".people")];
    closeBeside(this.sheet);
    pullDown(this.sheet);
    find(".me").addEventListener("click", () => {
      show(this.sheet);
      this.sheet.querySelector("[aria-current]")?.focus();
    });
    for (const button of document.querySelectorAll(".add-person")) button.addEventListener("click", () => this.add());
    this.newcomer.querySelector(".cancel").addEventListener("click", () => this.newcomer.close());
    this.newcomer.querySelector("form").addEventListener("submit", (event) => this.added(event));
  }

  get(id) {
    return this.all.find((each) => each.id === id);
  }

  get current() {
    return this.get(this.me);
  }

  /** Show everybody, whoever spoke last first; rows stay the same elements, so that the focus stays. */
  show(all = this.all, me = this.me) {
    const moved = me !== this.me;
    this.all = all.toSorted((a, b) => (b.last_message?.message_id ?? 0) - (a.last_message?.message_id ?? 0));
    this.me = me;
    for (const list of this.lists) this.draw(list, moved);
    const person = this.current;
    if (!person) return;
    const others = this.unread - person.unread;
    const button = find(".me");
    paint(button.querySelector(".avatar"), person);
    badge(button.querySelector(".badge"), others);
    button.querySelector(".label").textContent = `You are ${nameOf(person)}${others ? `; ${others} unread with others` : ""}. Be somebody else`;
  }

  get unread() {
    return this.all.reduce((sum, each) => sum + each.unread, 0);
  }

  draw(list, moved) {
    const focused = document.activeElement;
    const rows = new Map([...list.children].map((row) => [row.dataset.id, row]));
    this.all.forEach((person, index) => {
      const row = rows.get(String(person.id)) ?? this.row(person.id);
      rows.delete(String(person.id));
      fill(row, person, person.id === this.me);
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    });
    for (const row of rows.values()) row.remove();
    if (list.contains(focused)) focused.focus({ preventScroll: true });
    if (moved) list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /** A link: opened in another tab or window, it is that person there. */
  row(id) {
    const row = make(
      "a",
      { className: "person", href: `#${id}`, data: { id } },
      make("span", { className: "avatar" }),
      make("b", {}, make("bdi")),
      make("time"),
      make("small", {}, make("bdi")),
      make("i", { className: "badge" }),
    );
    row.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (this.sheet.open) this.sheet.close();
      this.on.choose(id);
    });
    return row;
  }

  add() {
    if (this.sheet.open) this.sheet.close();
    this.newcomer.querySelector("form").reset();
    this.newcomer.querySelector(".complaint").textContent = "";
    show(this.newcomer);
  }

  async added(event) {
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value.trim()));
    try {
      const { id } = await ask("POST", "/people", given);
      this.newcomer.close();
      this.on.choose(id);
    } catch (error) {
      this.newcomer.querySelector(".complaint").textContent = error.message;
    }
  }
}

function fill(row, person, mine) {
  const [avatar, name, time, preview, unread] = row.children;
  if (mine) row.setAttribute("aria-current", "true");
  else row.removeAttribute("aria-current");
  paint(avatar, person);
  name.firstChild.textContent = nameOf(person);
  time.textContent = person.last_message ? briefly(person.last_message.date) : "";
  const draft = mine ? "" : draftOf(person.id);
  preview.classList.toggle("draft", draft !== "");
  preview.firstChild.textContent = draft ? `Draft: ${draft.slice(0, 80)}` : lastWords(person);
  badge(unread, person.unread);
}

function lastWords({ last_message: last, blocked }) {
  if (blocked) return "has blocked the bot";
  if (!last) return "no messages yet";
  return `${last.from.is_bot ? "" : "You: "}${summary(last).slice(0, 80)}`;
}

export function badge(element, count) {
  element.hidden = count === 0;
  element.replaceChildren(count > MOST_UNREAD ? `${MOST_UNREAD}+` : String(count), unseen(" unread"));
}

function paint(avatar, person) {
  avatar.dataset.tint = person.id % 7;
  avatar.textContent = initials(person);
  avatar.ariaHidden = "true";
}

/** A sheet is pulled down to be rid of it. */
function pullDown(sheet) {
  const head = sheet.querySelector(".grip");
  let from = null;
  head.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    head.setPointerCapture(event.pointerId);
  });
  head.addEventListener("pointermove", (event) => {
    if (from !== null) sheet.style.translate = `0 ${Math.max(0, event.clientY - from)}px`;
  });
  const letGo = (event) => {
    if (from !== null && event.clientY - from > 80) sheet.close();
    from = null;
    sheet.style.translate = "";
  };
  head.addEventListener("pointerup", letGo);
  head.addEventListener("pointercancel", letGo);
}
