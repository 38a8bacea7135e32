"""A chat as plain text, for tests and for whoever wants to tell somebody about it."""

from collections.abc import Iterable, Mapping

from app.sandbox.shapes import Json


def written(messages: Iterable[Json], toasts: Mapping[int, list[Json]]) -> str:
    """Messages as they are now, buttons as `[A] [B]`, and what popped up when those were tapped."""
    return "\n".join(_message(message, toasts.get(message["message_id"], [])) for message in messages)


def _message(message: Json, toasts: list[Json]) -> str:
    who = message["from"]["first_name"] + (" (edited)" if "edit_date" in message else "")
    lines = [f"{who}: {_words(message)}".rstrip()]
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    lines += [" ".join(f"[{button['text']}]" for button in row) for row in rows]
    lines += [f"({'alert' if toast['show_alert'] else 'toast'}) {toast['text']}" for toast in toasts]
    return "\n".join(lines) + "\n"


def _words(message: Json) -> str:
    if "photo" in message:
        size = message["photo"][-1]
        return f"(photo, {size['width']} × {size['height']}) {message.get('caption', '')}"
    if "document" in message:
        document = message["document"]
        return f"(document {document['file_name']}, {document['file_size']} bytes) {message.get('caption', '')}"
    words: str = message.get("text") or message.get("sticker", {}).get("emoji", "")
    return words
