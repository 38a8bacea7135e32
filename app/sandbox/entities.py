"""Texts as Telegram keeps them: cleaned, trimmed, with entities counted in UTF-16 units."""

import re

from app.sandbox.shapes import Json

MESSAGE_LENGTH = 4096
CAPTION_LENGTH = 1024

# Telegram's own finders, in plain form: commands, links, mentions, hashtags, e-mail addresses.
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("url", re.compile(r"(?<![\w@.])(?:https?://|www\.)[^\s<>\"«»]*[^\s<>\"«».,:;!?'()\[\]{}…]", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.@+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?!\w)")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)
_CLOSED = ("pre", "code", "text_link", "text_mention")  # nothing is found inside these


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def clean(text: str) -> str:
    """Take out what Telegram does not keep: carriage returns, and control characters, which become spaces."""
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", text.replace("\r", ""))


def finished(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Trim a text as Telegram does, and find the commands, links and mentions in it."""
    text = text.rstrip()
    end = units(text)
    kept = [{**entity, "length": min(entity["length"], end - entity["offset"])} for entity in entities]
    kept = sorted((e for e in kept if e["length"] > 0), key=lambda e: (e["offset"], -e["length"]))
    # Leading blanks go too, but not those that something formatted begins with.
    first = kept[0]["offset"] if kept else end
    blanks = min(len(text) - len(text.lstrip(" \n")), first)
    text = text[blanks:]
    kept = [{**entity, "offset": entity["offset"] - blanks} for entity in kept]
    return text, sorted([*kept, *_found(text, kept)], key=lambda e: (e["offset"], -e["length"]))


def _found(text: str, formatted: list[Json]) -> list[Json]:
    taken = [(e["offset"], e["offset"] + e["length"]) for e in formatted if e["type"] in _CLOSED]
    found: list[Json] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start = units(text[: match.start()])
            end = start + units(match[0])
            if all(end <= begin or start >= stop for begin, stop in taken):
                taken.append((start, end))
                found.append({"offset": start, "length": end - start, "type": kind})
    return found
