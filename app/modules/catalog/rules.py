"""What a name may be."""

import re
import unicodedata
from enum import StrEnum

from app.utils.names import LONGEST

MOST_MUSCLES = 30  # of one's own
MOST_EXERCISES = 200

_BLANKS = re.compile(r"[\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # of England, say: a flag that spells its region
_JOINER = "\u200d"
_DRESS = ("\ufe0e", "\ufe0f")  # whether a sign is drawn in colours
_SKIN = range(0x1F3FB, 0x1F400)
_PICTURES = range(0x1F300, 0x1FB00)  # kept for emoji; some are younger than Python's own list
_UNREADABLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_INVISIBLE = {
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0x1D159,
    *range(0x180B, 0x1810), *range(0xFE00, 0xFE0E), *range(0xE0100, 0xE01F0),
}  # fmt: skip


class Wrong(StrEnum):
    """Why a name cannot be kept, by the key of the text that says so."""

    EMPTY = "catalog-name-empty"
    LONG = "catalog-name-long"
    UNREADABLE = "catalog-name-unreadable"


def tidy(text: str) -> str:
    """Make single spaces of all blanks, and none at the ends."""
    return _BLANKS.sub(" ", text).strip(" ")


def wrong_with(name: str) -> Wrong | None:
    """Say what is wrong with a tidy name: it has 1 to 64 characters, and each can be seen."""
    if not name:
        return Wrong.EMPTY
    plain = _FLAG.sub("\U0001f3f4", name)
    if not all(_is_seen(plain, place) for place in range(len(plain))):
        return Wrong.UNREADABLE
    return Wrong.LONG if len(name) > LONGEST else None


def _is_seen(name: str, place: int) -> bool:
    """Whether a character can be seen, or belongs to the one before: a mark on a letter, a part of an emoji."""
    letter, before, after = name[place], name[place - 1 : place], name[place + 1 : place + 2]
    if letter == _JOINER:
        return (_is_picture(before) or before in _DRESS or _is_skin(before)) and _is_picture(after)
    if letter in _DRESS:
        return _is_picture(before) or (before != "" and (before == "ℹ" or unicodedata.category(before)[0] in "PN"))
    if ord(letter) in _INVISIBLE:
        return False
    if unicodedata.category(letter)[0] == "M":
        return before not in ("", " ", _JOINER)
    return unicodedata.category(letter) not in _UNREADABLE or ord(letter) in _PICTURES


def _is_picture(letter: str) -> bool:
    return letter != "" and (unicodedata.category(letter) in ("So", "Sm") or ord(letter) in _PICTURES)


def _is_skin(letter: str) -> bool:
    return letter != "" and ord(letter) in _SKIN
