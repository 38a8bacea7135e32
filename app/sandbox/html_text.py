"""Telegram's HTML: a marked-up text becomes a plain text and its entities, or the real server's complaint."""

import re
from dataclasses import dataclass

from app.sandbox.entities import units
from app.sandbox.shapes import Json

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Za-z]+));?")
_SPACE = " \t\n\r\v\f"
# A host without a dot, localhost too, is no link to the real server either.
_LINK = re.compile(r"(?:(https?)://)?([\w-]+(?:\.[\w-]+)+(?::[0-9]+)?|\[[0-9a-f:]+\])([/?#]\S*)?", re.IGNORECASE)


class HtmlError(Exception):
    """A text that Telegram cannot parse; the message is Telegram's."""


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    position: int


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text = ""
        self.length = 0  # of the text, in UTF-16 units
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def now(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def skip_spaces(self) -> None:
        while self.now() and self.now() in _SPACE:
            self.at += 1

    def until(self, ends: str) -> str:
        begin = self.at
        while self.now() and self.now() not in ends:
            self.at += 1
        return self.source[begin : self.at]

    def add(self, text: str) -> None:
        self.text += text
        self.length += units(text)


def parse(source: str) -> tuple[str, list[Json]]:
    """Read Telegram's HTML subset; HtmlError carries the real server's text."""
    reader = _Reader(source)
    while reader.at < len(source):
        if source[reader.at] == "<":
            if source.startswith("</", reader.at):
                _end_tag(reader)
            else:
                _start_tag(reader)
        elif source[reader.at] == "&":
            reader.add(_reference(reader))
        else:
            reader.add(reader.until("<&"))
    if reader.open:
        raise HtmlError(f'Can\'t find end tag corresponding to start tag "{reader.open[-1].tag}"')
    for entity in reader.entities:
        if entity["type"] == "code":
            entity.pop("language", None)  # a language counts only where a <pre> lies round the <code>
    return reader.text, reader.entities


def _reference(reader: _Reader) -> str:
    """Read `&lt;` and its kin; anything else after an ampersand stays as it is written."""
    match = _REFERENCE.match(reader.source, reader.at)
    character = ""
    if match:
        hexadecimal, decimal, name = match.groups()
        if name:
            character = _NAMED.get(name, "")
        elif len(match[0].rstrip(";")) < 10:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            character = chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000 else ""
    if not match or not character:
        reader.at += 1
        return "&"
    reader.at = match.end()
    return character


def _start_tag(reader: _Reader) -> None:
    begin = reader.at
    where = reader.byte(begin)
    reader.at += 1
    tag = reader.until(_SPACE + ">").lower()
    if not reader.now():
        raise HtmlError(f"Unclosed start tag at byte offset {where}")
    if tag not in _TYPES:
        raise HtmlError(f'Unsupported start tag "{tag}" at byte offset {where}')
    argument = ""
    while True:
        reader.skip_spaces()
        if reader.now() == ">":
            break
        name, value = _attribute(reader, tag, where)
        match tag, name:
            case ("a", "href"):
                argument = value
            case ("code", "class") if value.startswith("language-"):
                argument = value.removeprefix("language-")
            case ("span", "class") if value.startswith("tg-"):
                argument = value.removeprefix("tg-")
            case ("tg-emoji", "emoji-id"):
                argument = value
            case ("blockquote", "expandable"):
                argument = "expandable"
    reader.at += 1
    if tag == "span" and argument != "spoiler":
        raise HtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
    reader.open.append(_Open(tag, argument, reader.length, len(reader.text)))


def _attribute(reader: _Reader, tag: str, where: int) -> tuple[str, str]:
    name = reader.until(_SPACE + "=>/\"'")
    if not name:
        raise HtmlError(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
    reader.skip_spaces()
    if not reader.now():
        raise HtmlError(f'Unclosed start tag "{tag}" at byte offset {where}')
    if reader.now() != "=":
        return name, ""
    reader.at += 1
    reader.skip_spaces()
    if not reader.now():
        raise HtmlError(f'Unclosed start tag "{tag}" at byte offset {where}')
    if reader.now() in "'\"":
        value = _quoted(reader)
    else:
        token = reader.at
        while reader.now() and (reader.now().isascii() and reader.now().isalnum() or reader.now() in ".-"):
            reader.at += 1
        value = reader.source[token : reader.at].lower()
        if reader.now() and reader.now() not in _SPACE + ">":
            raise HtmlError(f"Unexpected end of name token at byte offset {reader.byte(token)}")
    if not reader.now():
        raise HtmlError(f"Unclosed start tag at byte offset {where}")
    return name, value


def _quoted(reader: _Reader) -> str:
    quote = reader.now()
    reader.at += 1
    value = ""
    while reader.now() and reader.now() != quote:
        if reader.now() == "&":
            value += _reference(reader)
        else:
            value += reader.until(f"&{quote}")
    reader.at += 1
    return value


def _end_tag(reader: _Reader) -> None:
    where = reader.byte(reader.at)
    if not reader.open:
        raise HtmlError(f"Unexpected end tag at byte offset {where}")
    reader.at += 2
    tag = reader.until(_SPACE + ">").lower()
    reader.skip_spaces()
    if reader.now() != ">":
        raise HtmlError(f"Unclosed end tag at byte offset {where}")
    reader.at += 1
    opened = reader.open.pop()
    if tag and tag != opened.tag:
        raise HtmlError(f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", found "</{tag}>"')
    if reader.length > opened.offset:
        _add_entity(reader, opened)


def _add_entity(reader: _Reader, opened: _Open) -> None:
    entity: Json = {"offset": opened.offset, "length": reader.length - opened.offset, "type": _TYPES[opened.tag]}
    last = reader.entities[-1] if reader.entities else {}
    same_place = (last.get("offset"), last.get("length")) == (entity["offset"], entity["length"])
    if opened.tag == "a":
        url = checked_link(opened.argument or reader.text[opened.position :])
        if not url:
            return
        entity["url"] = url
    elif opened.tag == "tg-emoji":
        if not (opened.argument.isascii() and opened.argument.isdigit() and int(opened.argument)):
            raise HtmlError("Invalid custom emoji identifier specified")
        return  # bots may not send those: what stays is the plain one inside
    elif opened.tag == "code" and opened.argument and same_place and last.get("type") == "pre":
        last["language"] = opened.argument
        return
    elif opened.tag == "pre" and same_place and last.get("type") == "code":
        reader.entities.pop()
        if language := last.get("language"):
            entity["language"] = language
    elif opened.tag == "code" and opened.argument:
        entity["language"] = opened.argument
    elif opened.tag == "blockquote" and opened.argument:
        entity["type"] = "expandable_blockquote"
    reader.entities.append(entity)


def checked_link(url: str) -> str:
    """A link as Telegram would keep it; empty for anything that is none, `javascript:` above all."""
    url = url.strip()
    if url.lower().startswith(("tg://", "ton://")):
        return url
    match = _LINK.fullmatch(url)
    if not match:
        return ""
    scheme, host, rest = match.groups()
    return f"{(scheme or 'http').lower()}://{host.lower()}{rest or '/'}"
