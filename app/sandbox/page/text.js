// Texts with entities become elements; nothing is ever parsed as HTML here.

const PLAIN = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", blockquote: "blockquote", expandable_blockquote: "blockquote" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** Fill a node with a text and its entities (offsets in UTF-16 units, as JavaScript counts). */
export function fill(node, text, entities, onCommand) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  pour(node, text, 0, text.length, sorted, onCommand);
}

function pour(node, text, from, to, entities, onCommand) {
  let at = from;
  let afterBlock = false;
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index];
    if (entity.offset < at || entity.offset >= to) continue;
    const end = Math.min(entity.offset + entity.length, to);
    const block = BLOCKS.has(entity.type);
    plain(node, text.slice(at, entity.offset), afterBlock, block);
    const element = made(entity, text.slice(entity.offset, end), onCommand);
    const inner = entities.slice(index + 1).filter((each) => each.offset < end);
    pour(element.lastElementChild ?? element, text, entity.offset, end, inner, onCommand);
    node.append(element);
    at = end;
    afterBlock = block;
  }
  plain(node, text.slice(at, to), afterBlock, false);
}

/** A block stands on lines of its own: the line break beside it is not shown twice. */
function plain(node, text, afterBlock, beforeBlock) {
  if (afterBlock && text.startsWith("\n")) text = text.slice(1);
  if (beforeBlock && text.endsWith("\n")) text = text.slice(0, -1);
  if (text) node.append(text);
}

function made(entity, text, onCommand) {
  switch (entity.type) {
    case "pre": {
      const pre = document.createElement("pre");
      pre.tabIndex = 0;
      pre.setAttribute("role", "group"); // it scrolls sideways, by keys too
      pre.setAttribute("aria-label", entity.language || "Table");
      pre.append(document.createElement("code"));
      return pre;
    }
    case "text_link":
      return link(entity.url);
    case "url":
      return link(/^https?:/i.test(text) ? text : `http://${text}`);
    case "email":
      return link(`mailto:${text}`);
    case "bot_command": {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "command";
      button.addEventListener("click", () => onCommand(text));
      return button;
    }
    case "mention":
    case "hashtag":
    case "text_mention": {
      const span = document.createElement("span");
      span.className = "tag";
      return span;
    }
    case "spoiler":
      return spoiler();
    default:
      return document.createElement(PLAIN[entity.type] ?? "span");
  }
}

function link(address) {
  if (!/^(https?|tg|ton|mailto):/i.test(address)) return document.createElement("span");
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

function spoiler() {
  const span = document.createElement("span");
  span.className = "spoiler";
  span.tabIndex = 0;
  span.setAttribute("role", "button");
  span.setAttribute("aria-label", "Hidden text, press to show");
  const show = () => {
    span.classList.add("shown");
    span.removeAttribute("role");
    span.removeAttribute("aria-label");
    span.removeAttribute("tabindex");
  };
  span.addEventListener("click", show);
  span.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show();
    }
  });
  return span;
}
