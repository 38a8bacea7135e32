"""Inline keyboards, checked as the real server checks them."""

from typing import Any

import orjson

from app.sandbox.html_text import checked_link
from app.sandbox.shapes import Json

BUTTONS = 100
BUTTONS_A_ROW = 8
KEYBOARD_BYTES = 10 * 1024
DATA_BYTES = 64


class KeyboardError(Exception):
    """A keyboard that Telegram refuses; the message is Telegram's."""


def inline_keyboard(markup: Any) -> Json | None:
    """Check a reply_markup; None for none, for one without buttons, and for those the sandbox does not draw."""
    if markup is None or markup == "":
        return None
    if not isinstance(markup, dict):
        raise KeyboardError("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list):
        raise KeyboardError('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
    if not all(isinstance(row, list) for row in rows):
        raise KeyboardError('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    checked = [[_button(button) for button in row] for row in rows if row]
    if not checked:
        return None
    if sum(len(row) for row in checked) > BUTTONS or any(len(row) > BUTTONS_A_ROW for row in checked):
        raise KeyboardError("reply markup is too long")
    if len(orjson.dumps(checked)) > KEYBOARD_BYTES:
        raise KeyboardError("reply markup is too long")
    return {"inline_keyboard": checked}


def _button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise KeyboardError("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise KeyboardError("can't parse inline keyboard button: Can't find field \"text\"")
    text = button["text"]
    if not isinstance(text, str):
        raise KeyboardError('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not text.strip():
        raise KeyboardError("can't parse inline keyboard button: Text is empty")
    if url := button.get("url"):
        return {"text": text, "url": _url(str(url))}
    data = button.get("callback_data")
    if not data:
        for kind in ("web_app", "copy_text", "switch_inline_query", "switch_inline_query_current_chat", "login_url"):
            if kind in button:
                return {"text": text, kind: button[kind]}
        raise KeyboardError("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if not isinstance(data, str):
        raise KeyboardError('can\'t parse inline keyboard button: Field "callback_data" must be of type String')
    if len(data.encode()) > DATA_BYTES:
        raise KeyboardError("BUTTON_DATA_INVALID")
    return {"text": text, "callback_data": data}


def _url(url: str) -> str:
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
