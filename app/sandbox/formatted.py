"""Texts as bots send them: with parse_mode or entities, read as the real server reads them."""

from typing import Any

from app.sandbox import html_text
from app.sandbox.answers import bad_request
from app.sandbox.entities import clean, finished, units
from app.sandbox.shapes import Json

SOURCE_BYTES = 1 << 15
ENTITY_TYPES = {
    "mention": None,
    "hashtag": None,
    "cashtag": None,
    "bot_command": None,
    "url": None,
    "email": None,
    "phone_number": None,
    "bold": None,
    "italic": None,
    "underline": None,
    "strikethrough": None,
    "spoiler": None,
    "blockquote": None,
    "expandable_blockquote": None,
    "code": None,
    "pre": "language",
    "text_link": "url",
}
_FOUND_ANYWAY = ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number")


def read(source: str, *, parse_mode: str, entities: Any) -> tuple[str, list[Json]]:
    """The plain text, trimmed, and its entities; its length is not yet looked at."""
    if len(source.encode()) > SOURCE_BYTES:
        raise bad_request("text is too long")
    text = clean(source)
    match parse_mode.lower() if text else "":
        case "" | "none":
            return finished(text, _entities(entities, text))
        case "html":
            try:
                return finished(*html_text.parse(text))
            except html_text.HtmlError as error:
                raise bad_request(f"can't parse entities: {error}") from None
        case "markdown" | "markdownv2":
            raise bad_request("the sandbox reads no Markdown: of the parse modes it knows HTML alone")
        case _:
            raise bad_request("unsupported parse_mode")


def _entities(entities: Any, text: str) -> list[Json]:
    if not isinstance(entities, list):  # the real server passes over anything else, too
        return []
    end = units(text)
    checked: list[Json] = []
    for entity in entities:
        kind, offset, length = _fields(entity)
        if kind in _FOUND_ANYWAY:
            continue
        if offset < 0:
            raise bad_request(f"receive an entity with incorrect offset {offset}")
        if offset > end:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + length > end:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {offset + length}"
            )
        extra = ENTITY_TYPES[kind]
        more = {extra: str(entity[extra])} if extra and entity.get(extra) else {}
        if kind == "text_link":
            more = {"url": html_text.checked_link(str(entity.get("url", "")))}
            if not more["url"]:
                raise bad_request(f"entity URL '{entity.get('url', '')}' is invalid: Wrong HTTP URL")
        if length > 0:
            checked.append({"offset": offset, "length": length, "type": kind, **more})
    return checked


def _fields(entity: Any) -> tuple[str, int, int]:
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    for name in ("offset", "length"):
        if name not in entity:
            raise bad_request(f"can't parse MessageEntity: Can't find field \"{name}\"")
        if type(entity[name]) is not int:
            raise bad_request(f'can\'t parse MessageEntity: Field "{name}" must be a Number')
    if entity.get("type") not in ENTITY_TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    return entity["type"], entity["offset"], entity["length"]
