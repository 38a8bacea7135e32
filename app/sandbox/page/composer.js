// The line one writes in: sending, editing, drafts, the menu of commands and its suggestions.

import { make } from "/page/make.js";

const LONGEST = 4096;

export class Composer {
  /** `on` has send(text), edit(message, text), draft(text), lastOwn(), scroll(pages). */
  constructor(root, on) {
    this.on = on;
    this.commands = [];
    this.edited = null;
    this.draft = "";
    this.chosen = -1;
    const find = (selector) => root.querySelector(selector);
    this.line = find(".line");
    this.text = find("textarea");
    this.menu = find(".menu");
    this.list = find(".commands");
    this.sendButton = find(".send");
    this.editing = find(".editing");
    this.line.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.sendButton.addEventListener("pointerdown", (event) => event.preventDefault()); // a phone's keyboard stays
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    this.menu.addEventListener("click", () => this.toggleMenu());
    find(".stop-editing").addEventListener("click", () => this.stopEditing());
    document.addEventListener("click", (event) => {
      if (!this.list.contains(event.target) && !this.menu.contains(event.target) && event.target !== this.text) this.hide();
    });
  }

  setCommands(commands) {
    if (JSON.stringify(commands) === JSON.stringify(this.commands)) return;
    this.commands = commands;
    this.menu.hidden = commands.length === 0;
    this.hide();
  }

  /** Somebody else writes from now on, with a draft of their own. */
  begin(draft) {
    this.edited = null;
    this.editing.hidden = true;
    this.write(draft);
  }

  write(text) {
    this.text.value = text;
    this.changed();
  }

  /** What stands here, taken away: it goes elsewhere. */
  take() {
    const text = this.text.value.trim();
    this.write("");
    return text;
  }

  focus() {
    this.text.focus({ preventScroll: true });
  }

  edit(message) {
    this.edited = message;
    this.editing.hidden = false;
    this.editing.querySelector(".editing-text").textContent = message.text;
    this.write(message.text);
    this.focus();
  }

  stopEditing() {
    this.edited = null;
    this.editing.hidden = true;
    this.write(this.draft);
    this.focus();
  }

  async submit() {
    const text = this.text.value.trim();
    if (!text) return;
    const edited = this.edited;
    this.hide();
    if (edited) this.stopEditing();
    else this.write("");
    try {
      if (edited) await this.on.edit(edited, text);
      else for (const part of parts(text)) await this.on.send(part);
    } catch {
      // The words come back, so that nobody types them twice; whoever sends has said why.
      if (!this.text.value) this.write(text);
    }
  }

  changed() {
    const { value } = this.text;
    this.line.classList.toggle("typed", value !== "");
    this.sendButton.disabled = value.trim() === "";
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
    if (!this.edited && value !== this.draft) {
      this.draft = value;
      this.on.draft(value);
    }
    const typed = /^\/([a-z0-9_]*)$/i.exec(value);
    if (typed && !this.edited) this.show(this.commands.filter((each) => each.command.startsWith(typed[1].toLowerCase())), 0);
    else this.hide();
  }

  pressed(event) {
    const options = this.list.children;
    const open = !this.list.hidden;
    if (event.isComposing) return;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.choose((this.chosen + step + options.length) % options.length);
    } else if (open && event.key === "Tab" && this.chosen >= 0) {
      this.write(`${options[this.chosen].dataset.command} `);
    } else if (event.key === "Enter" && !event.shiftKey) {
      if (open && this.chosen >= 0) options[this.chosen].click();
      else this.submit();
    } else if (event.key === "Escape" && (open || this.edited)) {
      if (open) this.hide();
      else this.stopEditing();
    } else if (event.key === "PageUp" || event.key === "PageDown") {
      this.on.scroll(event.key === "PageUp" ? -1 : 1);
    } else if (event.key === "ArrowUp" && this.text.value === "" && this.on.lastOwn()) {
      this.edit(this.on.lastOwn());
    } else {
      return;
    }
    event.preventDefault();
  }

  toggleMenu() {
    if (this.list.hidden) {
      this.show(this.commands, -1);
      this.menu.ariaExpanded = "true";
    } else {
      this.hide();
    }
  }

  show(commands, chosen) {
    this.list.replaceChildren(...commands.map((each, index) => this.suggestion(each, index)));
    this.list.hidden = commands.length === 0;
    this.choose(commands.length ? chosen : -1);
  }

  hide() {
    this.list.hidden = true;
    this.chosen = -1;
    this.menu.ariaExpanded = "false";
    this.text.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    this.chosen = index;
    [...this.list.children].forEach((each, number) => (each.ariaSelected = String(number === index)));
    const option = this.list.children[index];
    if (!option) return;
    this.text.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  suggestion({ command, description }, index) {
    const option = make(
      "button",
      { type: "button", className: "suggestion", id: `command-${index}`, role: "option", data: { command: `/${command}` } },
      make("b", {}, `/${command}`),
      make("span", { dir: "auto" }, description),
    );
    option.addEventListener("click", () => {
      this.hide();
      if (this.text.value.startsWith("/")) this.write("");
      this.on.send(`/${command}`).catch(() => {});
      if (document.activeElement === option) this.menu.focus();
    });
    return option;
  }
}

/** Telegram cuts what is too long for one message into several. */
function parts(text) {
  const cut = [];
  while (text.length > LONGEST) {
    const piece = text.slice(0, LONGEST);
    const at = Math.max(piece.lastIndexOf("\n"), piece.lastIndexOf(" "));
    // Never between the halves of one character.
    const end = at > LONGEST / 2 ? at : LONGEST - (/[\uD800-\uDBFF]$/.test(piece) ? 1 : 0);
    cut.push(text.slice(0, end));
    text = text.slice(end).trimStart();
  }
  return text ? [...cut, text] : cut;
}
