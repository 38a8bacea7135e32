// Photos and files to send: chosen, dropped or pasted, looked at once more, with a caption.

import { extension, fileSize } from "/page/format.js";
import { icon, make } from "/page/make.js";
import { entry, openMenu, opens } from "/page/menu.js";
import { toast } from "/page/notices.js";
import { show } from "/page/overlays.js";

const PHOTO_BYTES = 10 * 1024 * 1024;
const FILE_BYTES = 20 * 1024 * 1024;
const PHOTO_SIDES = 10_000;
const PHOTO_TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const PREVIEW = 720; // pixels of the preview's longer side

const find = (selector) => document.querySelector(selector);
const dialog = find("dialog.sending");
const form = dialog.querySelector("form");
const preview = dialog.querySelector(".preview");
const caption = dialog.querySelector("textarea");
const asFile = dialog.querySelector("[name=as_file]");
const complaint = dialog.querySelector(".complaint");
const drop = find(".drop");

export class Attachments {
  /** `on` has allowed(), words() to begin the caption with, unsent(words), sent(kind, file, caption). */
  constructor(on) {
    this.on = on;
    this.chosen = [];
    const photos = find("input.photo-file");
    const files = find("input.any-file");
    const attach = find(".attach");
    const choices = [entry("Photo", "photo", () => photos.click()), entry("File", "file", () => files.click())];
    opens(attach, () => {
      const { right, top } = attach.getBoundingClientRect();
      openMenu(choices, { right, top: top - 8, up: true }, attach);
    });
    for (const input of [photos, files]) {
      input.addEventListener("change", () => {
        this.offer([...input.files], { asFile: input === files });
        input.value = "";
      });
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    caption.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    asFile.addEventListener("change", () => this.draw());
    dialog.querySelector(".cancel").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => on.unsent(caption.value));
    document.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length || !on.allowed()) return;
      event.preventDefault();
      this.offer([...event.clipboardData.files]);
    });
    this.listenToDrops();
  }

  listenToDrops() {
    let over = 0; // every element that is entered tells of it
    const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") && this.on.allowed();
    document.addEventListener("dragenter", (event) => {
      if (!carriesFiles(event)) return;
      over += 1;
      drop.classList.toggle("no-photo", ![...event.dataTransfer.items].every((each) => PHOTO_TYPES.includes(each.type)));
      drop.hidden = false;
    });
    document.addEventListener("dragleave", (event) => {
      if (carriesFiles(event)) over = Math.max(0, over - 1);
      if (!over) drop.hidden = true;
    });
    document.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
    document.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      over = 0;
      drop.hidden = true;
      this.offer([...event.dataTransfer.files], { asFile: Boolean(event.target.closest(".drop-file")) });
    });
  }

  /** Ask whether these are to be sent. */
  async offer(files, { asFile: plain = false } = {}) {
    if (dialog.open) return; // others are on their way
    const fit = files.filter((each) => each.size > 0 && each.size <= FILE_BYTES);
    if (fit.length < files.length) toast(files.some((each) => each.size) ? "A file may have 20 MB." : "This file is empty.");
    if (!fit.length) return;
    this.chosen = await Promise.all(fit.map(async (file) => ({ file, picture: await pictureOf(file) })));
    asFile.checked = plain;
    complaint.textContent = "";
    caption.value = this.on.words();
    this.draw();
    show(dialog);
    (matchMedia("(hover: hover)").matches ? caption : dialog.querySelector("[type=submit]")).focus();
  }

  kindOf({ picture }) {
    return picture && !asFile.checked ? "photo" : "document";
  }

  draw() {
    const photos = this.chosen.filter((each) => each.picture).length;
    const kinds = new Set(this.chosen.map((each) => this.kindOf(each)));
    const what = kinds.size > 1 || kinds.has("document") ? ["a file", "files"] : ["a photo", "photos"];
    const count = this.chosen.length;
    dialog.querySelector("h2").textContent = `Send ${count > 1 ? `${count} ${what[1]}` : what[0]}`;
    asFile.parentElement.hidden = photos === 0;
    preview.replaceChildren(...this.chosen.map((each) => (this.kindOf(each) === "photo" ? drawn(each.picture) : listed(each.file))));
  }

  async send() {
    const button = dialog.querySelector("[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    complaint.textContent = "";
    try {
      while (this.chosen.length) {
        await this.on.sent(this.kindOf(this.chosen[0]), this.chosen[0].file, caption.value.trim());
        this.chosen.shift();
        caption.value = ""; // it goes with the first
      }
      dialog.close();
    } catch (error) {
      complaint.textContent = error.message;
      this.draw();
    } finally {
      button.disabled = false;
    }
  }
}

/** The pixels of a file that can go as a photo; null for any other, which goes as a file. */
async function pictureOf(file) {
  if (!PHOTO_TYPES.includes(file.type) || file.size > PHOTO_BYTES) return null;
  try {
    const picture = await createImageBitmap(file);
    return picture.width + picture.height <= PHOTO_SIDES ? picture : null;
  } catch {
    return null;
  }
}

/** Drawn by hand: the page may load pictures from the sandbox alone, which has not got this one yet. */
function drawn(picture) {
  const scale = Math.min(1, PREVIEW / Math.max(picture.width, picture.height));
  const canvas = make("canvas", { width: Math.max(1, picture.width * scale), height: Math.max(1, picture.height * scale), role: "img", ariaLabel: "Photo to send" });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function listed(file) {
  const kind = extension(file.name);
  return make(
    "div",
    { className: "document" },
    make("span", { className: "file-icon", data: { kind } }, kind ? make("b", {}, kind) : icon("file")),
    make("span", { className: "file-name" }, make("span", {}, file.name)),
    make("span", { className: "file-size" }, fileSize(file.size)),
  );
}
