// How names, days, sizes and messages are put into a few words.

const DAY = 86_400_000;
const graphemes = new Intl.Segmenter();
const letters = (text) => [...graphemes.segment(text)].map((each) => each.segment);

export const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const dayOf = (seconds) => new Date(seconds * 1000).toDateString();

const daysAgo = (then) => Math.round((new Date(new Date().toDateString()) - new Date(then.toDateString())) / DAY);

/** A day as it stands between messages: Today, Yesterday, March 5, March 5, 2025. */
export function dayName(seconds) {
  const then = new Date(seconds * 1000);
  const year = then.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return ["Today", "Yesterday"][daysAgo(then)] ?? then.toLocaleDateString("en", { month: "long", day: "numeric", year });
}

/** A moment as it stands in a list: 14:05, Tue, 5 Mar, 05.03.25. */
export function briefly(seconds) {
  const then = new Date(seconds * 1000);
  const days = daysAgo(then);
  if (days <= 0) return clock(seconds);
  if (days < 7) return then.toLocaleDateString("en", { weekday: "short" });
  if (then.getFullYear() === new Date().getFullYear()) return then.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return then.toLocaleDateString("de", { day: "2-digit", month: "2-digit", year: "2-digit" });
}

export const nameOf = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

/** The letters of an avatar: the first letter or digit of each name; failing that an emoji, failing that "?". */
export function initials(person) {
  const names = [person.first_name, person.last_name].filter(Boolean).map(letters);
  const found = names.map((name) => name.find((each) => /^[\p{L}\p{N}]/u.test(each))).filter(Boolean);
  // Arabic letters side by side would join into one word.
  if (found.length) return found.map((each) => letters(each.toLocaleUpperCase())[0]).join("\u200c");
  return names.flat().find(isEmoji) ?? "?";
}

const isEmoji = (grapheme) => /\p{Emoji_Presentation}|\p{Extended_Pictographic}/u.test(grapheme);

/** One to three emoji and nothing else: these are shown large. */
export function onlyEmoji(text) {
  if (text.length > 60) return false;
  const found = letters(text);
  return found.length > 0 && found.length < 4 && found.every(isEmoji);
}

export function fileSize(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let size = bytes ?? 0;
  let unit = 0;
  for (; size >= 1000 && unit < 3; unit++) size /= 1024;
  return `${unit && size < 100 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

/** The extension of a file's name, for its icon. */
export const extension = (name) => (/\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? "").toLowerCase();

/** A message in one line, as lists and screen readers have it. */
export function summary(message) {
  const kind = message.photo ? "Photo" : message.document ? (message.document.file_name ?? "File") : message.sticker?.emoji;
  return [kind, message.text ?? message.caption].filter(Boolean).join(", ").replaceAll("\n", " ");
}
