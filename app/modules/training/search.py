"""Finds exercises by some of the words of their names.

Case, width, accents, apostrophes and the order of words do not matter. A typed word fits a name where it begins one of
its words, and may run on into the next (`pushup`, `benchpress`); less well, where it is inside one; and only when no
name fits at all, where one slip of the finger lies between them.
"""

import itertools
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from app.modules.training.model import Trained
from app.utils.names import LONGEST, key

SHORTEST_WITH_A_SLIP = 4

_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")
_DRESS = "\ufe0e\ufe0f"
_STROKES = str.maketrans(dict(zip("łøđħıæœ", ("l", "o", "d", "h", "i", "ae", "oe"), strict=True)))


class _Fit(IntEnum):
    """How well a name fits, best first."""

    EXACT = 0
    SAME_LETTERS = 1
    BEGINS = 2
    INSIDE = 3
    SLIP = 4


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it is searched: its words, and all of them in one, with the places where words begin."""

    words: tuple[str, ...]
    joined: str
    starts: tuple[int, ...]


def find(words: str, known: Sequence[Trained]) -> list[Trained]:
    """Find the exercises whose names fit, the likeliest first."""
    words = words.strip()
    if not words or len(words) > LONGEST:
        return []
    asked, exact = _name(words), key(words)
    named = [(each, _name(each.exercise.name)) for each in known]
    fits = [(each, name, _fit(asked, name, exact=key(each.exercise.name) == exact)) for each, name in named]
    hits = [(each, name, fit) for each, name, fit in fits if fit is not None]
    if not hits:
        hits = [(each, name, _Fit.SLIP) for each, name in named if _fits_with_a_slip(asked, name)]
    hits.sort(key=lambda hit: (hit[2], not hit[0].days, not hit[1].joined.startswith(asked.joined), *_merits(hit[0])))
    return [each for each, _, _ in hits]


def is_sure(words: str, each: Trained) -> bool:
    """Whether a name fits so well that a set may be saved by it without asking."""
    name = each.exercise.name
    fit = _fit(_name(words.strip()), _name(name), exact=key(words) == key(name))
    return fit is not None and fit <= _Fit.BEGINS


def is_exact(words: str, each: Trained) -> bool:
    """Whether it is the name itself."""
    return key(words) == key(each.exercise.name)


def _merits(each: Trained) -> tuple[int, float, int, str, int]:
    """Order equals: most days, later trained, shorter, A to Z."""
    last = math.inf if each.last_at is None else -each.last_at.timestamp()
    name = each.exercise.name
    return -each.days, last, len(name), key(name), each.exercise.id


def _name(text: str) -> _Name:
    words = tuple(_folded(text).split())
    lengths = itertools.accumulate((len(word) for word in words), initial=0)
    return _Name(words, "".join(words), tuple(lengths)[:-1])


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    if not letters.isascii():
        letters = "".join(letter for letter in letters if not _is_mark(letter)).translate(_STROKES)
    return "".join(" " if _is_between(letter) else letter for letter in letters)


def _is_mark(letter: str) -> bool:
    """Whether it only dresses the letter before it; vowel signs of Indic scripts have no class, and stay."""
    return bool(unicodedata.combining(letter)) or letter in _DRESS or unicodedata.category(letter) in ("Cf", "Me")


def _is_between(letter: str) -> bool:
    """Whether it stands between words: punctuation, spaces, control characters."""
    return not letter.isalnum() and (
        unicodedata.category(letter)[0] in "PZ" or unicodedata.category(letter) in ("Cc", "Cs")
    )


def _fit(asked: _Name, name: _Name, *, exact: bool) -> _Fit | None:
    if exact:
        return _Fit.EXACT
    if not asked.words:
        return None
    if asked.joined == name.joined:
        return _Fit.SAME_LETTERS
    if all(_begins(word, name) for word in asked.words):
        return _Fit.BEGINS
    if all(_begins(word, name) or _is_inside(word, name) for word in asked.words):
        return _Fit.INSIDE
    return None


def _fits_with_a_slip(asked: _Name, name: _Name) -> bool:
    return bool(asked.words) and all(
        _begins(word, name) or _is_inside(word, name) or _slips(word, name) for word in asked.words
    )


def _begins(word: str, name: _Name) -> bool:
    return any(name.joined.startswith(word, start) for start in name.starts)


def _is_inside(word: str, name: _Name) -> bool:
    return any(word in each for each in name.words)


def _slips(word: str, name: _Name) -> bool:
    """Whether it is a word of the name, or two neighbours in one, but for one slip; digits do not slip."""
    if len(word) < SHORTEST_WITH_A_SLIP or any(letter.isdecimal() for letter in word):
        return False
    pairs = (first + second for first, second in itertools.pairwise(name.words))
    return any(_is_one_slip(word, each) for each in (*name.words, *pairs))


def _is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is too much, missing or another, or two neighbours are swapped."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    same = next((place for place, (one, other) in enumerate(zip(typed, meant, strict=False)) if one != other), None)
    if same is None:
        return True
    rest, of = typed[same:], meant[same:]
    swapped = rest[:2] == of[1::-1] and rest[2:] == of[2:]
    return rest[1:] == of or rest == of[1:] or rest[1:] == of[1:] or swapped
