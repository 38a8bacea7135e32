"""Inline keyboards, checked as the real server checks them: first what they are, then whether they are too much."""

from typing import Any

import orjson

from app.sandbox.html_text import checked_link
from app.sandbox.shapes import Json

BUTTONS = 100
BUTTONS_A_ROW = 8
KEYBOARD_BYTES = 10 * 1024
DATA_BYTES = 64
OTHER_KINDS = ("web_app", "copy_text", "switch_inline_query", "switch_inline_query_current_chat", "login_url")


class KeyboardError(Exception):
    """A keyboard that Telegram refuses; the message is Telegram's."""


def inline_keyboard(markup: Any) -> Json | None:
    """Read and check a reply_markup at once."""
    return check(read(markup))


def read(markup: Any) -> Json | None:
    """Read a reply_markup; None for none, for one without buttons, and for those the sandbox does not draw."""
    if markup is None or markup == "":
        return None
    if not isinstance(markup, dict):
        raise KeyboardError("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list):
        raise KeyboardError('field "inline_keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise KeyboardError('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    read_rows = [[_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": read_rows} if read_rows else None


def _button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _unreadable("InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise _unreadable('Can\'t find field "text"')
    text = _string(button, "text")
    for kind in ("url", "callback_data"):
        if value := _string(button, kind):
            return {"text": text, kind: value}
    for kind in OTHER_KINDS:
        if kind in button:
            return {"text": text, kind: button[kind]}
    raise _unreadable("Text buttons are unallowed in the inline keyboard")


def _string(button: Json, name: str) -> str:
    value = button.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _unreadable(f'Field "{name}" must be of type String')
    return str(value)


def _unreadable(why: str) -> KeyboardError:
    return KeyboardError(f"can't parse inline keyboard button: {why}")


def check(keyboard: Json | None) -> Json | None:
    """Refuse what is too much; links come back as Telegram keeps them."""
    if keyboard is None:
        return None
    rows = [[_checked(button) for button in row] for row in keyboard["inline_keyboard"]]
    if sum(len(row) for row in rows) > BUTTONS or any(len(row) > BUTTONS_A_ROW for row in rows):
        raise KeyboardError("reply markup is too long")
    if len(orjson.dumps(rows)) > KEYBOARD_BYTES:
        raise KeyboardError("reply markup is too long")
    return {"inline_keyboard": rows}


def _checked(button: Json) -> Json:
    if not button["text"].strip():
        raise KeyboardError("inline keyboard button text must be non-empty")
    if len(button.get("callback_data", "").encode()) > DATA_BYTES:
        raise KeyboardError("BUTTON_DATA_INVALID")
    return button | {"url": _link(button["url"])} if "url" in button else button


def _link(url: str) -> str:
    scheme, separator, _ = url.partition("://")
    if separator and scheme.lower() not in ("http", "https", "tg", "ton"):
        raise KeyboardError(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    checked = checked_link(url)
    if not checked:
        raise KeyboardError(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return checked


def has_button(message: Json, data: str) -> bool:
    """Whether a message bears a button with this data."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return any(button.get("callback_data") == data for row in rows for button in row)
