// The page: who one is, what happens, and what is shown of it.

import { Composer } from "/page/composer.js";
import { Messages, clock } from "/page/messages.js";
import { ask, listen } from "/page/server.js";

const PAGE = 80;
const TOAST_MILLISECONDS = 4000;
const ACTION_MILLISECONDS = 5000;
const TAP_MILLISECONDS = 150_000;
const ACTIONS = { typing: "typing", upload_photo: "sending a photo", upload_document: "sending a file", choose_sticker: "choosing a sticker" };

const find = (selector) => document.querySelector(selector);
const scroller = find(".scroller");
const status = find(".status");
let me = Number(localStorage.getItem("me")) || null;
let people = [];
let chat = null;
let connected = true;
let action = "";
let actionTimer;
let unseen = 0;
let older = true;
let fetchingOlder = false;

const messages = new Messages(scroller, find(".log"), {
  tap,
  command: (text) => send(text).catch(() => {}),
  menu: messageMenu,
  open: openPicture,
  older: loadOlder,
  scrolled: (follows) => {
    find(".to-bottom").hidden = follows;
    if (follows) setUnseen(0);
  },
});
const composer = new Composer(find(".composer"), {
  send,
  edit: (message, text) => said(ask("PUT", `/chats/${me}/messages/${message.message_id}`, { text })),
  photo: (file, caption) => {
    const form = new FormData();
    form.append("photo", file);
    form.append("caption", caption);
    said(ask("POST", `/chats/${me}/photos`, form)).catch(() => {});
  },
  lastOwn: () => [...messages.known.values()].map((each) => each.message).findLast((each) => !each.from.is_bot && "text" in each),
});

// What people do

async function said(asked) {
  try {
    return await asked;
  } catch (error) {
    toast(error.message);
    throw error;
  }
}

async function send(text) {
  messages.toBottom(false);
  return said(ask("POST", `/chats/${me}/messages`, { text }));
}

async function tap(button) {
  messages.spin({ ...button, query_id: undefined });
  try {
    await said(ask("POST", `/chats/${me}/taps`, button));
  } catch {
    messages.rest(button);
  }
}

async function loadOlder() {
  if (!older || fetchingOlder || !messages.oldest) return;
  fetchingOlder = true;
  try {
    const owner = me;
    const found = await ask("GET", `/chats/${me}?limit=${PAGE}&before=${messages.oldest.message_id}`);
    if (owner !== me) return;
    older = found.messages.length === PAGE;
    if (found.messages.length) messages.prepend(found.messages);
  } catch {
    // The next scroll tries again.
  } finally {
    fetchingOlder = false;
  }
}

// What is shown

async function open(person) {
  me = person;
  localStorage.setItem("me", me);
  closePopover();
  setUnseen(0);
  setAction("");
  await look();
  ready();
}

/** Whoever has a keyboard before them may write at once; on a phone it would cover half the chat. */
function ready() {
  if (matchMedia("(hover: hover)").matches) composer.focus();
}

/** Look at everything anew: at the start, and whenever something may have been missed. */
async function look() {
  people = await ask("GET", "/people");
  if (!people.some((each) => each.id === me)) me = people[0].id;
  const asked = me;
  const found = await ask("GET", `/chats/${me}?limit=${PAGE}`);
  if (asked !== me) return chat;
  const same = chat?.person.id === me && messages.newest && !messages.follows;
  chat = found;
  older = chat.messages.length === PAGE;
  if (same) for (const message of chat.messages) messages.put(message);
  else messages.load(chat.messages, chat.taps, chat.waiting);
  composer.setCommands(chat.commands);
  find(".bot-name").textContent = find("#alert-title").textContent = chat.bot.first_name;
  showState();
  showPeople();
  readUp();
  return chat;
}

function showState() {
  const person = people.find((each) => each.id === me);
  if (!person) return; // somebody new, of whom we are about to hear
  const empty = messages.known.size === 0;
  find(".empty").hidden = !empty;
  find(".start").hidden = !empty || person.blocked;
  find(".unblock").hidden = !person.blocked;
  find(".line").hidden = empty || person.blocked;
  find(".away").hidden = chat.bot.answering || !connected;
  status.textContent = connected ? action || "bot · sandbox" : "Connecting";
  status.classList.toggle("busy", !connected || action !== "");
}

function setAction(now) {
  action = now;
  clearTimeout(actionTimer);
  if (now) actionTimer = setTimeout(() => setAction(""), ACTION_MILLISECONDS);
  if (chat) showState();
}

function setUnseen(count) {
  unseen = count;
  const badge = find(".to-bottom .badge");
  badge.hidden = count === 0;
  badge.textContent = count;
}

function readUp() {
  const person = people.find((each) => each.id === me);
  const newest = messages.newest;
  if (document.hidden || !newest || !person?.unread) return;
  person.unread = 0;
  showPeople();
  ask("POST", `/chats/${me}/read`, { message_id: newest.message_id }).catch(() => {});
}

function showPeople() {
  find(".people").replaceChildren(...people.map((each) => personButton(each)));
  const person = people.find((each) => each.id === me);
  if (!person) return;
  paint(find(".me .avatar"), person);
  const others = people.reduce((sum, each) => sum + (each.id === me ? 0 : each.unread), 0);
  const badge = find(".me .badge");
  badge.hidden = others === 0;
  badge.textContent = others;
  find(".me").setAttribute("aria-label", `You are ${nameOf(person)}${others ? `; ${others} unread with others` : ""}. Be somebody else`);
  const unread = others + person.unread;
  document.title = unread ? `(${unread}) ${chat.bot.first_name}` : chat.bot.first_name;
}

function personButton(person, role) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "person";
  if (role) button.setAttribute("role", role);
  button.setAttribute("aria-current", person.id === me);
  const avatar = document.createElement("span");
  paint(avatar, person);
  const name = document.createElement("b");
  name.dir = "auto";
  name.textContent = nameOf(person);
  const time = document.createElement("time");
  const preview = document.createElement("small");
  preview.dir = "auto";
  const last = person.last_message;
  if (last) {
    time.textContent = clock(last.date);
    const words = last.text ?? last.caption ?? (last.photo ? "Photo" : last.sticker?.emoji ?? "");
    preview.textContent = `${last.from.is_bot ? "" : "You: "}${words.slice(0, 80).replaceAll("\n", " ")}`;
  } else {
    preview.textContent = person.blocked ? "has blocked the bot" : "no messages yet";
  }
  button.append(avatar, name, time, preview);
  if (person.unread && person.id !== me) {
    const badge = document.createElement("i");
    badge.className = "badge";
    badge.textContent = person.unread;
    badge.setAttribute("aria-label", `${person.unread} unread`);
    button.append(badge);
  }
  button.addEventListener("click", () => open(person.id).catch((error) => toast(error.message)));
  return button;
}

const nameOf = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

function paint(avatar, person) {
  avatar.classList.add("avatar");
  avatar.dataset.tint = person.id % 7;
  avatar.textContent = [person.first_name, person.last_name].filter(Boolean).map((each) => [...each][0].toUpperCase()).join("");
  avatar.setAttribute("aria-hidden", "true");
}

function toast(text) {
  const element = document.createElement("div");
  element.className = "toast";
  element.dir = "auto";
  element.textContent = text;
  find(".toasts").replaceChildren(element);
  setTimeout(() => element.classList.add("leaving"), TOAST_MILLISECONDS);
  setTimeout(() => element.remove(), TOAST_MILLISECONDS + 400);
}

function alert(text) {
  const dialog = find("dialog.alert");
  dialog.querySelector("p").textContent = text;
  if (!dialog.open) dialog.showModal();
}

function openPicture(source, words) {
  const dialog = find("dialog.picture");
  dialog.querySelector("img").src = source;
  dialog.querySelector("img").alt = words;
  dialog.showModal();
}

// Menus

function openPopover(content, { right, left, top }, opener) {
  const popover = find(".popover");
  popover.replaceChildren(...content);
  popover.hidden = false;
  const { offsetWidth: width, offsetHeight: height } = popover; // as it will be: it is still growing
  const x = left ?? right - width;
  popover.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  popover.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
  popover.querySelector("button")?.focus({ preventScroll: true });
  popover.opener = opener;
}

function closePopover({ refocus = false } = {}) {
  const popover = find(".popover");
  if (popover.hidden) return;
  popover.hidden = true;
  if (refocus) popover.opener?.focus();
}

function menuButton(words, icon, act, className = "") {
  const button = document.createElement("button");
  button.type = "button";
  button.className = className;
  button.setAttribute("role", "menuitem");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", icon);
  svg.append(path);
  button.append(svg, words);
  button.addEventListener("click", () => {
    closePopover({ refocus: true });
    act();
  });
  return button;
}

const ICONS = {
  add: "M12 5v14M5 12h14",
  text: "M6 3h9l4 4v14H6zM9 11h7M9 15h7",
  block: "M12 3a9 9 0 1 0 .01 0M5.7 5.7l12.6 12.6",
  edit: "M4 20l1-5L16 4l4 4L9 19zM13.5 6.5l4 4",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
};

function messageMenu(event, message) {
  if (getSelection().toString()) return;
  event.preventDefault();
  openPopover(
    [
      menuButton("Edit", ICONS.edit, () => composer.edit(message)),
      menuButton("Copy text", ICONS.copy, () => navigator.clipboard.writeText(message.text).then(() => toast("Copied"))),
    ],
    { left: event.clientX, top: event.clientY },
  );
}

find(".more").addEventListener("click", (event) => {
  const { right, bottom } = event.currentTarget.getBoundingClientRect();
  const person = people.find((each) => each.id === me);
  const block = () => said(ask("POST", "/control/block", { person_id: me, blocked: !person.blocked })).catch(() => {});
  openPopover(
    [
      menuButton("Transcript as text", ICONS.text, () => window.open(`/chats/${me}/transcript`, "_blank", "noopener")),
      menuButton(person.blocked ? "Unblock the bot" : "Block the bot", ICONS.block, block, person.blocked ? "" : "danger"),
      document.createElement("hr"),
      find(".sidebar .promise").cloneNode(true),
    ],
    { right, top: bottom + 4 },
    event.currentTarget,
  );
});
find(".me").addEventListener("click", (event) => {
  const { right, bottom } = event.currentTarget.getBoundingClientRect();
  openPopover(
    [
      ...people.map((each) => personButton(each, "menuitem")),
      document.createElement("hr"),
      menuButton("Add a person", ICONS.add, addPerson),
      find(".sidebar .promise").cloneNode(true),
    ],
    { right, top: bottom + 4 },
    event.currentTarget,
  );
});
document.addEventListener("pointerdown", (event) => {
  if (!find(".popover").contains(event.target)) closePopover();
});
document.addEventListener("keydown", (event) => {
  const popover = find(".popover");
  if (!popover.hidden) {
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      closePopover({ refocus: true });
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const items = [...popover.querySelectorAll("button")];
      const step = event.key === "ArrowDown" ? 1 : -1;
      items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
    }
    return;
  }
  // Who begins to type wants to write, wherever the focus is.
  const free = !document.activeElement?.matches("input, textarea") && !find("dialog[open]");
  if (free && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) composer.focus();
});

// People

function addPerson() {
  const dialog = find("dialog.new-person");
  dialog.querySelector("form").reset();
  dialog.querySelector(".complaint").textContent = "";
  dialog.showModal();
}

find(".add-person").addEventListener("click", addPerson);
find(".new-person .cancel").addEventListener("click", () => find("dialog.new-person").close());
find(".new-person form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value.trim()));
  try {
    const person = await ask("POST", "/people", given);
    find("dialog.new-person").close();
    await open(person.id);
  } catch (error) {
    find(".new-person .complaint").textContent = error.message;
  }
});

find(".start").addEventListener("click", () => send("/start").catch(() => {}));
find(".unblock").addEventListener("click", () => said(ask("POST", "/control/block", { person_id: me, blocked: false })).catch(() => {}));
find(".try-now").addEventListener("click", () => said(ask("POST", "/control/retry", {})).catch(() => {}));
find(".to-bottom").addEventListener("click", () => messages.toBottom(true));
document.addEventListener("visibilitychange", () => chat && readUp());

// What happens

function heard(event) {
  if (event.chat_id === null) heardByAll(event);
  else if (event.kind === "message") heardMessage(event);
  else if (event.chat_id === me) heardHere(event);
}

function heardByAll(event) {
  switch (event.kind) {
    case "people":
      ask("GET", "/people").then((found) => {
        people = found;
        showPeople();
        showState();
      }, () => {});
      break;
    case "state":
      chat.bot.answering = event.answering;
      showState();
      break;
    case "commands":
      ask("GET", `/chats/${me}?limit=1`).then((found) => composer.setCommands(found.commands), () => {});
      break;
    default:
      chat = null;
      look().catch(() => {});
  }
}

function heardMessage({ chat_id: where, message }) {
  const person = people.find((each) => each.id === where);
  if (!person) return;
  const isNew = !person.last_message || person.last_message.message_id < message.message_id;
  if (isNew) person.last_message = message;
  if (isNew && message.from.is_bot) person.unread += 1;
  if (where === me) {
    if (message.from.is_bot) setAction("");
    else if (!messages.known.has(message.message_id)) messages.waiting.add(message.message_id);
    const { follows } = messages;
    if (messages.put(message) && message.from.is_bot && !follows) setUnseen(unseen + 1);
    showState();
    readUp();
  }
  showPeople();
}

function heardHere(event) {
  switch (event.kind) {
    case "edited":
      if (messages.known.has(event.message.message_id)) messages.put(event.message);
      break;
    case "deleted":
      messages.remove(event.message_id);
      showState();
      break;
    case "taken":
      messages.taken(event.message_id);
      break;
    case "tapped":
      messages.spin(event);
      setTimeout(() => messages.rest(event), TAP_MILLISECONDS);
      break;
    case "answered":
      messages.rest(event);
      if (event.text) (event.show_alert ? alert : toast)(event.text);
      break;
    case "action":
      setAction(ACTIONS[event.action] ?? "typing");
      break;
  }
}

async function begin() {
  try {
    const { last_event: after } = await look();
    listen(after, {
      heard,
      line: (on) => {
        const back = on && !connected;
        connected = on;
        showState();
        if (back) look().catch(() => {});
      },
    });
    ready();
  } catch {
    status.textContent = "Connecting";
    status.classList.add("busy");
    setTimeout(begin, 1000);
  }
}

begin();
