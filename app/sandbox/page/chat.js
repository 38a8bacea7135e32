// The page: who one is, what one does, what happens, and what is shown of it.

import { Attachments } from "/page/attach.js";
import { Composer } from "/page/composer.js";
import { renameDays } from "/page/day.js";
import { summary } from "/page/format.js";
import { showAction, showBot, showLine } from "/page/head.js";
import { Log } from "/page/log.js";
import { draftOf, iAm, keepDraft, keepPlaceOf, placeOf, whoAmI } from "/page/memory.js";
import { entry, openMenu, opens } from "/page/menu.js";
import { alert, announce, toast } from "/page/notices.js";
import { People, badge } from "/page/people.js";
import { ask, listen, send as upload } from "/page/server.js";
import { view } from "/page/viewer.js";

const PAGE = 100;
const DEEP_PAGE = 200; // on the way back to where one was reading
const TAP_MILLISECONDS = 150_000;
const SOON_MILLISECONDS = 150;

const find = (selector) => document.querySelector(selector);
const scroller = find(".scroller");
let me = whoAmI();
let chat = null; // the answer of the last look: bot, commands…
let readUpTo = 0;
let fetching = null;
let early = []; // what happened with somebody while their chat was on its way

const people = new People({ choose: (id) => open(id).catch((error) => toast(error.message)) });
const log = new Log(scroller, find(".log"), {
  tap,
  command: (text) => send(text).catch(() => {}),
  copy: (text) => navigator.clipboard.writeText(text).then(() => toast("Copied")),
  menu: messageMenu,
  open: (message) => view(log.all.filter((each) => each.photo), message),
  older: loadOlder,
  scrolled,
});
const composer = new Composer(find(".composer"), {
  send,
  edit: (message, text) => said(ask("PUT", `/chats/${me}/messages/${message.message_id}`, { text })),
  draft: (text) => me && keepDraft(me, text),
  lastOwn: () => log.all.findLast((each) => !each.from.is_bot && "text" in each),
  scroll: (pages) => scroller.scrollBy({ top: pages * scroller.clientHeight * 0.9 }),
});
new Attachments({
  allowed: () => Boolean(chat) && !people.current?.blocked,
  words: () => (composer.edited ? "" : composer.take()),
  unsent: (words) => composer.edited || !words || composer.write(words),
  sent: async (kind, file, caption) => {
    await upload(me, kind, file, caption);
    log.toBottom(false);
  },
});

// What one does

async function said(asked) {
  try {
    return await asked;
  } catch (error) {
    toast(error.message);
    throw error;
  }
}

async function send(text) {
  log.toBottom(false);
  return said(ask("POST", `/chats/${me}/messages`, { text }));
}

async function tap(button) {
  log.pending.tapped(button);
  try {
    await said(ask("POST", `/chats/${me}/taps`, button));
  } catch {
    log.pending.answered(button);
  }
}

function loadOlder() {
  fetching ??= fetchOlder(PAGE).catch(() => {}).finally(() => (fetching = null)); // a failed one: the next scroll tries again
}

async function fetchOlder(limit) {
  const oldest = log.oldest.message_id;
  const found = await page(me, limit, oldest);
  if (log.oldest?.message_id === oldest) log.prepend(found.messages, !found.has_more); // else somebody else reads now
}

function messageMenu(event, message) {
  if (message.from.is_bot || !("text" in message) || getSelection().toString()) return; // the browser's own
  event.preventDefault();
  const copy = () => navigator.clipboard.writeText(message.text).then(() => toast("Copied"));
  openMenu([entry("Edit", "edit", () => composer.edit(message)), entry("Copy text", "copy", copy)], { left: event.clientX, top: event.clientY });
}

opens(find(".more"), () => {
  const { right, bottom } = find(".more").getBoundingClientRect();
  const { blocked } = people.current;
  const choices = [
    entry("Transcript as text", "text", () => window.open(`/chats/${me}/transcript`, "_blank", "noopener")),
    entry(blocked ? "Unblock the bot" : "Block the bot", "block", () => block(!blocked), blocked ? "" : "danger"),
  ];
  openMenu([...choices, find(".sidebar .promise").cloneNode(true)], { right, top: bottom + 4 }, find(".more"));
});

const block = (blocked) => said(ask("POST", "/control/block", { person_id: me, blocked })).catch(() => {});

find(".start").addEventListener("click", () => send("/start").then(ready, () => {}));
find(".unblock").addEventListener("click", () => block(false));
find(".try-now").addEventListener("click", () => said(ask("POST", "/control/retry", {})).catch(() => {}));
find(".to-bottom").addEventListener("click", () => {
  log.toBottom(true);
  scrolled();
});
document.addEventListener("keydown", (event) => {
  // Who begins to type wants to write, wherever the focus is.
  const free = !document.activeElement?.matches("input, textarea") && !find("dialog[open], :popover-open");
  if (free && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) composer.focus();
});
document.addEventListener("visibilitychange", () => {
  renameDays(find(".log"));
  if (here()) readUp();
});
addEventListener("pagehide", () => here() && keepPlaceOf(me, log.reading));

// Who one is, and where one reads

/** Whether what is shown is the chat of whom one is; in between it still comes. */
const here = () => chat?.person.id === me;

async function open(person) {
  if (here()) keepPlaceOf(me, log.reading);
  early = [];
  me = person;
  showAction("");
  await look();
  ready();
}

/** Whoever has a keyboard before them may write at once; on a phone it would cover half the chat. */
function ready() {
  if (matchMedia("(hover: hover)").matches) composer.focus();
}

async function page(person, limit, before) {
  const found = await ask("GET", `/chats/${person}?limit=${limit}${before ? `&before=${before}` : ""}`);
  return { ...found, has_more: found.has_more ?? found.messages.length === limit };
}

/** Look at everything: at the start, as somebody else, and whenever something may have been missed. */
async function look({ anew = false } = {}) {
  const everybody = await ask("GET", "/people");
  if (!everybody.some((each) => each.id === me)) me = everybody[0].id;
  const person = me;
  const found = await page(person, PAGE);
  const { messages, taps, waiting } = found;
  const isOther = anew || chat?.person.id !== person;
  const again = !isOther && log.size && messages[0]?.message_id <= log.newest.message_id;
  const place = again ? null : placeOf(person);
  while (place && found.has_more && messages[0].message_id > place.id) {
    const older = await page(person, DEEP_PAGE, messages[0].message_id);
    messages.unshift(...older.messages);
    found.has_more = older.has_more;
  }
  if (person !== me) return;
  chat = found;
  iAm(me);
  if (again) log.merge(messages, { taps, waiting, complete: !found.has_more });
  else log.load(messages, { complete: !found.has_more, taps, waiting, place, unread: found.person.unread });
  if (isOther) composer.begin(draftOf(me));
  if (isOther) readUpTo = (log.divider ?? log.newest?.message_id + 1) - 1 || 0;
  composer.setCommands(chat.commands);
  showBot(chat.bot);
  people.show(everybody, me);
  showChoices();
  scrolled();
  for (const event of early.splice(0)) heard(event);
}

let scrolling;

function scrolled() {
  find(".to-bottom").hidden = log.follows;
  clearTimeout(scrolling);
  scrolling = setTimeout(() => {
    if (!here()) return;
    readUp();
    keepPlaceOf(me, log.reading);
  }, SOON_MILLISECONDS);
}

/** What was before somebody's eyes is read, here and in every other tab. */
function readUp() {
  const seen = log.lastOnScreen()?.message_id;
  if (!document.hidden && people.current?.unread && seen > readUpTo) {
    haveRead(seen);
    ask("POST", `/chats/${me}/read`, { message_id: seen }).catch(() => {});
  } else {
    showUnread();
  }
}

function haveRead(id) {
  readUpTo = Math.max(readUpTo, id);
  people.current.unread = log.botMessagesAfter(readUpTo);
  showUnread();
}

function showUnread() {
  const person = people.current;
  if (!person) return;
  people.show();
  badge(find(".to-bottom .badge"), person.unread);
  find(".to-bottom").ariaLabel = `To the newest message${person.unread ? `, ${person.unread} unread` : ""}`;
  document.title = people.unread ? `(${people.unread}) ${chat.bot.first_name}` : chat.bot.first_name;
}

/** What one can do just now. */
function showChoices() {
  const person = people.current;
  if (!person || !chat) return; // somebody new, of whom we are about to hear
  const empty = log.size === 0;
  find(".empty").hidden = !empty;
  find(".start").hidden = !empty || person.blocked;
  find(".unblock").hidden = !person.blocked;
  find(".line").hidden = empty || person.blocked;
}

// What happens

function heard(event) {
  const { kind, chat_id: where } = event;
  if (where === null) return heardByAll(event);
  if (where === me && !here()) return early.push(event);
  if (kind === "message") return heardMessage(event);
  if (kind === "read") return heardRead(event);
  if (where === me) heardHere(event);
  keepLast(event);
}

/** The list of people shows everybody's last message as it is now. */
function keepLast({ kind, chat_id: where, message, message_id: id }) {
  const person = people.get(where);
  const last = person?.last_message?.message_id;
  if (kind === "deleted" && id === last) lookAtPeople();
  if (kind !== "edited" || message.message_id !== last) return;
  person.last_message = message;
  people.show();
}

function heardByAll(event) {
  switch (event.kind) {
    case "people":
      lookAtPeople();
      break;
    case "state":
      showBot({ ...chat.bot, last_error: "", ...event });
      break;
    case "commands":
      ask("GET", `/chats/${me}?limit=1`).then((found) => composer.setCommands(found.commands), () => {});
      break;
    default:
      look({ anew: true }).catch(() => {});
  }
}

let peopleTimer;

/** Once for many events on end. */
function lookAtPeople() {
  clearTimeout(peopleTimer);
  peopleTimer = setTimeout(async () => {
    const everybody = await ask("GET", "/people").catch(() => null);
    if (!everybody || !chat) return;
    people.show(everybody, me);
    showUnread();
    showChoices();
  }, SOON_MILLISECONDS);
}

function heardMessage({ chat_id: where, message }) {
  const person = people.get(where);
  if (!person) return;
  const isNew = !person.last_message || person.last_message.message_id < message.message_id;
  if (isNew) person.last_message = message;
  if (isNew && message.from.is_bot) person.unread += 1;
  if (where !== me) return showUnread();
  if (message.from.is_bot) showAction("");
  else if (!log.get(message.message_id)) log.pending.sent(message.message_id);
  if (log.put(message) && message.from.is_bot) tell(message);
  showChoices();
  readUp();
}

function heardRead({ chat_id: where, message_id: id }) {
  if (where === me && people.current) haveRead(id);
  else lookAtPeople();
}

function heardHere(event) {
  switch (event.kind) {
    case "edited":
      if (!log.get(event.message.message_id)) break;
      log.put(event.message);
      if (event.message.from.is_bot) tell(event.message);
      break;
    case "deleted":
      log.remove(event.message_id);
      showChoices();
      break;
    case "taken":
      log.pending.taken(event.message_id);
      break;
    case "tapped":
      log.pending.tapped(event);
      setTimeout(() => log.pending.answered(event), TAP_MILLISECONDS);
      break;
    case "answered":
      log.pending.answered(event);
      if (event.text) (event.show_alert ? alert : toast)(event.text);
      break;
    case "action":
      showAction(event.action, event.until);
      break;
  }
}

/** A screen reader hears what the bot says, and what it has made of an earlier message. */
function tell(message) {
  const buttons = message.reply_markup?.inline_keyboard.flat().length ?? 0;
  announce(`${message.from.first_name}: ${summary(message)}${buttons ? ` (${buttons} buttons)` : ""}`);
}

async function begin() {
  try {
    await look();
    listen(chat.last_event, { heard, line: (on) => showLine(on) && look().catch(() => {}) });
    ready();
  } catch {
    showLine(false);
    setTimeout(begin, 1000);
  }
}

begin();
