// The line one writes in: sending, editing, the menu of commands and its suggestions, photos.

const LONGEST = 4096;

export class Composer {
  /** `on` has send(text), edit(message, text), photo(file, caption), lastOwn(). */
  constructor(root, on) {
    this.on = on;
    this.commands = [];
    this.edited = null;
    this.chosen = -1;
    const find = (selector) => root.querySelector(selector);
    this.line = find(".line");
    this.text = find("textarea");
    this.menu = find(".menu");
    this.list = find(".commands");
    this.sendButton = find(".send");
    this.editing = find(".editing");
    const file = find(".file");
    this.line.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    this.menu.addEventListener("click", () => this.toggleMenu());
    find(".stop-editing").addEventListener("click", () => this.stopEditing());
    find(".attach").addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      if (file.files[0]) on.photo(file.files[0], this.text.value.trim());
      file.value = "";
      this.write("");
    });
    root.addEventListener("paste", (event) => {
      const picture = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
      if (!picture) return;
      event.preventDefault();
      on.photo(picture, this.text.value.trim());
      this.write("");
    });
    document.addEventListener("click", (event) => {
      if (!this.list.contains(event.target) && !this.menu.contains(event.target) && event.target !== this.text) this.hide();
    });
  }

  setCommands(commands) {
    this.commands = commands;
    this.menu.hidden = commands.length === 0;
    this.hide();
  }

  write(text) {
    this.text.value = text;
    this.changed();
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
    this.write("");
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
    const value = this.text.value;
    this.line.classList.toggle("typed", value !== "");
    this.sendButton.disabled = value.trim() === "";
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
    const typed = /^\/([a-z0-9_]*)$/i.exec(value);
    if (typed && !this.edited) this.show(this.commands.filter((each) => each.command.startsWith(typed[1].toLowerCase())), 0);
    else this.hide();
  }

  pressed(event) {
    const open = !this.list.hidden;
    const options = this.list.children;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.choose((this.chosen + step + options.length) % options.length);
    } else if (open && event.key === "Tab" && this.chosen >= 0) {
      event.preventDefault();
      this.write(`${options[this.chosen].dataset.command} `);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (open && this.chosen >= 0) options[this.chosen].click();
      else this.submit();
    } else if (event.key === "Escape") {
      if (open) this.hide();
      else if (this.edited) this.stopEditing();
    } else if (event.key === "ArrowUp" && this.text.value === "") {
      const own = this.on.lastOwn();
      if (own) {
        event.preventDefault();
        this.edit(own);
      }
    }
  }

  toggleMenu() {
    if (this.list.hidden) {
      this.show(this.commands, -1);
      this.menu.setAttribute("aria-expanded", "true");
    } else {
      this.hide();
    }
  }

  show(commands, chosen) {
    this.list.replaceChildren(...commands.map((each, index) => this.suggestion(each, index)));
    this.list.hidden = commands.length === 0;
    this.text.setAttribute("aria-controls", "commands");
    this.choose(commands.length ? chosen : -1);
  }

  hide() {
    this.list.hidden = true;
    this.chosen = -1;
    this.menu.setAttribute("aria-expanded", "false");
    this.text.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    this.chosen = index;
    [...this.list.children].forEach((each, number) => each.setAttribute("aria-selected", number === index));
    const option = this.list.children[index];
    if (!option) return;
    this.text.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  suggestion({ command, description }, index) {
    const option = document.createElement("button");
    option.type = "button";
    option.className = "suggestion";
    option.id = `command-${index}`;
    option.setAttribute("role", "option");
    option.dataset.command = `/${command}`;
    const name = document.createElement("b");
    name.textContent = `/${command}`;
    const words = document.createElement("span");
    words.textContent = description;
    words.dir = "auto";
    option.append(name, words);
    option.addEventListener("click", () => {
      this.hide();
      this.write("");
      this.on.send(`/${command}`).catch(() => {});
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
