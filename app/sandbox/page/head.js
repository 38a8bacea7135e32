// What stands around the messages: whether we are connected, what the bot is doing, whether it is there at all.

import { announce } from "/page/notices.js";

const ACTION_MILLISECONDS = 5000;
const ACTIONS = { typing: "typing", upload_photo: "sending a photo", upload_document: "sending a file", choose_sticker: "choosing a sticker" };

const find = (selector) => document.querySelector(selector);
let connected = true;
let bot = null; // as the last look or state event had it
let action = "";
let timer;

/** The line to the sandbox is there, or not; true when it has just come back. */
export function showLine(on) {
  const back = on && !connected;
  connected = on;
  draw();
  return back;
}

/** The bot is so: first_name, answering, mode, last_error. */
export function showBot(now) {
  bot = now;
  find(".bot-name").textContent = find("#alert-title").textContent = bot.first_name;
  draw();
}

/** The bot is doing something until a moment in seconds; "" when it has done it. */
export function showAction(name, until) {
  action = name && (ACTIONS[name] ?? "typing");
  clearTimeout(timer);
  if (name) timer = setTimeout(() => showAction(""), until ? Math.max(0, until * 1000 - Date.now()) : ACTION_MILLISECONDS);
  draw();
}

function draw() {
  const status = find(".status");
  const words = connected ? action || "bot · sandbox" : "Connecting";
  if (status.textContent !== words) status.textContent = words;
  status.classList.toggle("busy", !connected || action !== "");
  const away = find(".away");
  const isAway = connected && bot !== null && !bot.answering;
  if (isAway && away.hidden) announce(away.querySelector("p").firstChild.textContent);
  away.hidden = !isAway;
  find(".away .why").textContent = bot?.last_error ?? "";
  find(".try-now").hidden = bot?.mode !== "webhook"; // a bot that polls comes by itself
}
