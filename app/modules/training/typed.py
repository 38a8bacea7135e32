"""What a typed line says: a number, sets with or without a name, or words to search for.

Letter by letter the line is folded (digits of every script, widths, the many signs for times), then cut into tokens,
each of one kind; what the line says is read from the string of its kinds. Two numbers are weight and reps, three are
sets, reps, weight. What could be read in two ways is not guessed: a wrong set is worse than a question.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.templates.exercise import MOST_REPS, MOST_SETS, MOST_WEIGHT
from app.utils.units import Unit, in_kilos, in_unit, plain

LONGEST = 200  # characters in which a set can be said


@dataclass(frozen=True, slots=True)
class Number:
    """A single number, not yet judged; bodyweight is the number 0."""

    value: Decimal
    unit: Unit | None = None  # as typed; none: the one that the person counts in


@dataclass(frozen=True, slots=True)
class Entry:
    """Some equal sets; without a name they are of whatever exercise is meant."""

    name: str
    sets: int
    weight: Number  # judged when the person's unit is known
    reps: int


@dataclass(frozen=True, slots=True)
class Words:
    """Anything else: something to search for by name."""

    text: str


class Reason(StrEnum):
    """Why numbers cannot be taken: the key of the sentence that says what to do next."""

    WEIGHT = "typed-weight"
    DECIMALS = "typed-decimals"
    REPS = "typed-reps"
    SETS = "typed-sets"
    FORM = "typed-form"
    LINES = "typed-lines"
    CHARACTERS = "typed-characters"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Numbers that cannot be taken, and the limit that the sentence names."""

    reason: Reason
    limit: str = ""


_WRONG_REPS = Unreadable(Reason.REPS, f"{MOST_REPS}")
_WRONG_SETS = Unreadable(Reason.SETS, f"{MOST_SETS}")
_WRONG_FORM = Unreadable(Reason.FORM)

# The kinds of tokens: n number, k kilos, l pounds, b bodyweight, x times, @ at, w word, p punctuation, space.
_UNITS = {
    **dict.fromkeys(("kg", "kgs", "kilo", "kilos", "кг", "㎏"), "k"),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "l"),
    **dict.fromkeys(("bw", "bodyweight"), "b"),
}
_UNIT_OF = {"k": Unit.KG, "l": Unit.LB}
_SIGNS = {"*": "x", "@": "@"}
_IN_SETS = "nklbx@ "
_PICTURES = ("So", "Cn", "Co")  # emoji, those that this Python does not know yet too: a name may be of nothing else

_SAME = str.maketrans("хχ×✕✖⨯∗−٫،", "xx*****-.,")
_JOINERS = "\u200c\u200d"  # parts of Persian words and of emoji
_DRESS = "\ufe0e\ufe0f\u20e3"  # what makes a picture of a digit or a sign
_AFTER_NAME = " \t-–—:;,=@"
_LOOSE = " :;,=(@"  # a number after one of these stands by itself

_TOKEN = re.compile(
    r"(?P<n>(?:(?<![^\s*@])-)?(?:(?<!\w)\.)?[0-9][0-9.,]*(?:e[-+]?[0-9]+)?)|(?P<letters>[^\W\d_]+)|(?P<space>\s+)|.",
    re.DOTALL,
)
_PLAIN = re.compile(r"-?(?:[0-9]+(?:[.,][0-9]+)?|\.[0-9]+)")
_ITEM = re.compile(r"n(?: ?[kl])?|b")
_SET = re.compile(r"[nklb] ?[x@] ?[nb]")

# How the numbers are joined: `60x8`, `60 8`; `3x8x60`, `3x8@60`, `3x8 60`, `3 8 60`, `3 8@60`.
_WEIGHT_REPS = ("x", " ")
_SETS_REPS_WEIGHT = ("xx", "x@", "x ", "  ", " @")
_AFTER_A_NUMBERED_NAME = (" x", " xx", " x@", " x ")  # `leg press 45 100x8`


def read(text: str) -> Number | Entry | Words | Unreadable:
    """Read what a person typed."""
    lines = [line.strip() for line in _visible(text).splitlines() if line.strip()]
    if len(lines) > 1:
        return Unreadable(Reason.LINES)
    line = lines[0] if lines else ""
    if any(unicodedata.category(letter) in ("Cc", "Cs") and not letter.isspace() for letter in line):
        return Unreadable(Reason.CHARACTERS)
    if len(line) > LONGEST:
        return Number(Decimal(line)) if line.isdecimal() else Words(line)
    return _read_line(line)


def as_weight(number: Number, unit: Unit) -> Decimal | Unreadable:
    """Take a number as a weight, and say it in kilos: 0 (bodyweight) to 999.99; what was typed is never rounded."""
    unit = number.unit or unit
    most = in_unit(MOST_WEIGHT, unit)
    if number.value.is_signed() or number.value > most:
        return Unreadable(Reason.WEIGHT, f"{plain(most)}{unit}")
    if _decimals(number) > 2:
        return Unreadable(Reason.DECIMALS)
    return in_kilos(number.value, unit)


def as_reps(number: Number) -> int | Unreadable:
    """Take a number as reps: whole and typed as such, 1 to 999, without a unit."""
    return _whole(number, MOST_REPS) or _WRONG_REPS


def _whole(number: Number, most: int) -> int | None:
    fits = number.unit is None and 1 <= number.value <= most and _decimals(number) == 0
    return int(number.value) if fits else None


def _decimals(number: Number) -> int:
    return len(f"{number.value:f}".partition(".")[2])


def _visible(text: str) -> str:
    """Leave out what nobody sees, such as the marks that turn right-to-left text."""
    return "".join(
        letter
        for letter in text
        if letter in _JOINERS or not (letter in _DRESS or unicodedata.category(letter) == "Cf")
    )


def _folded(letter: str) -> str:
    """Fold one character into one, so that places in the line stay the same."""
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(letter)
    if kind in ("No", "Nl"):  # ½ and ² would become digits of the number before them
        return "#"
    if kind == "Pd":
        return "-"
    same = unicodedata.normalize("NFKC", letter).casefold()
    return (same if len(same) == 1 else letter).translate(_SAME)


@dataclass(frozen=True, slots=True)
class _Item:
    """A number of a line and where it begins; None when it is none after all, such as 1.2.3."""

    start: int
    number: Number | None


def _read_line(line: str) -> Number | Entry | Words | Unreadable:
    folded = "".join(map(_folded, line))
    tokens = _tokens(folded.rstrip(" .!"))
    kinds = "".join(kind for kind, _, _ in tokens)
    before = len(kinds.rstrip(_IN_SETS))
    prefix, tail = kinds[:before], kinds[before:]
    named = "w" in prefix
    found = list(_ITEM.finditer(tail))
    if not found:
        return Words(line) if named or "n" not in kinds else _WRONG_FORM
    items = [_item(tokens[before + each.start()], each[0]) for each in found]
    gaps = [tail[left.end() : right.start()] for left, right in zip(found, found[1:], strict=False)]
    joins = "".join(_join(gap) for gap in gaps)
    glued = folded[items[0].start - 1] not in _LOOSE
    if named and found[0][0] == "n" and _belongs_to_name(items[0].number, joins, glued=glued):
        items, joins = items[1:], joins[1:]
    if named and not joins and not tail[found[-1].end() :]:
        return Words(line)
    led = tail[: found[0].start()].strip() or prefix
    numbers = [each.number for each in items if each.number is not None]
    if len(numbers) < len(items) or tail[found[-1].end() :] or (led and not named) or _has_sets(prefix):
        return _WRONG_FORM
    if not joins:
        return numbers[0]
    name = line[: items[0].start].rstrip(_AFTER_NAME) if named else ""
    if joins in _WEIGHT_REPS:
        return _entry(name, Number(Decimal(1)), *numbers)
    if joins in _SETS_REPS_WEIGHT:
        sets, reps, weight = numbers
        return _entry(name, sets, weight, reps)
    return _WRONG_FORM


def _tokens(folded: str) -> list[tuple[str, int, str]]:
    """Cut a line into tokens: kind, start, text."""
    tokens = []
    for match in _TOKEN.finditer(folded):
        text = match[0]
        if match.lastgroup == "n":
            kinds = "n"
        elif match.lastgroup == "space":
            kinds = " "
        elif match.lastgroup == "letters":
            kinds = _kinds_of(text)
        else:
            kinds = _SIGNS.get(text) or _UNITS.get(text) or ("w" if unicodedata.category(text) in _PICTURES else "p")
        tokens += [(kind, match.start(), text) for kind in kinds]
    return tokens


def _kinds_of(letters: str) -> str:
    """Say what a run of letters is: a word, a unit, times, or two of these that stand together (`60kgx8`, `8xbw`)."""
    if not letters.strip("x"):
        return letters
    if letters[-1] == "x" and letters[:-1] in _UNITS:
        return f"{_UNITS[letters[:-1]]}x"
    if letters[0] == "x" and _UNITS.get(letters[1:]) == "b":
        return "xb"
    return _UNITS.get(letters, "w")


def _item(token: tuple[str, int, str], kinds: str) -> _Item:
    _, start, text = token
    if kinds == "b":
        return _Item(start, Number(Decimal(0)))
    if not _PLAIN.fullmatch(text):
        return _Item(start, None)
    return _Item(start, Number(Decimal(text.replace(",", ".")), _UNIT_OF.get(kinds[-1])))


def _join(gap: str) -> str:
    """Say how two numbers are joined, in one character."""
    join = gap.strip() or gap
    return join if len(join) == 1 else "?"


def _belongs_to_name(first: Number | None, joins: str, *, glued: bool) -> bool:
    """Whether the first number ends the name: `leg2 60x8`, `leg press 45 100x8`, `leg press 45 100 8`."""
    if (glued and joins.startswith(" ")) or joins in _AFTER_A_NUMBERED_NAME:
        return True
    return joins == "  " and (first is None or _whole(first, MOST_SETS) is None)


def _has_sets(prefix: str) -> bool:
    """Whether sets stand right before the last ones (`60x8 / 70x8`), not within a name (`5x5 squat 100x5`)."""
    return _SET.search(prefix, prefix.rfind("w") + 1) is not None


def _entry(name: str, sets: Number, weight: Number, reps: Number) -> Entry | Unreadable:
    count, times = _whole(sets, MOST_SETS), as_reps(reps)
    if count is None:
        return _WRONG_SETS
    if isinstance(times, Unreadable):
        return times
    return Entry(name, count, weight, times)
