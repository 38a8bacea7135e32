"""What a person types, line by line, and what the bot reads in it."""

import re
import string
import sys
from collections.abc import Callable
from decimal import Decimal
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.modules import texts
from app.modules.texts import t
from app.modules.training.model import Set
from app.modules.training.rules import is_possible
from app.modules.training.typed import LONGEST, Entry, Number, Reason, Unreadable, Words, as_reps, as_weight, read
from app.sandbox.html_text import parse
from app.templates.exercise import MOST_REPS, MOST_SETS, MOST_WEIGHT
from app.utils.units import Unit, in_kilos, in_unit

WEIGHT, REPS, SETS = Reason.WEIGHT, Reason.REPS, Reason.SETS
DECIMALS, FORM = Reason.DECIMALS, Reason.FORM

# A single number of somebody who counts in kilos: as a weight, as reps.
NUMBERS: dict[str, tuple[str | Reason, int | Reason]] = {
    "60": ("60", 60),
    " 60 ": ("60", 60),
    "\t60\u00a0": ("60", 60),
    "60\n": ("60", 60),
    "\n\n 60 \n \n": ("60", 60),
    "060": ("60", 60),
    "62.5": ("62.5", REPS),
    "62,5": ("62.5", REPS),
    "62٫5": ("62.5", REPS),
    "62،5": ("62.5", REPS),
    "62．５": ("62.5", REPS),
    "62.25": ("62.25", REPS),
    "62.5kg": ("62.5", REPS),
    "62.5 KG": ("62.5", REPS),
    "60kg": ("60", REPS),
    "60 kilos": ("60", REPS),
    "60кг": ("60", REPS),
    "60㎏": ("60", REPS),
    "６０ｋｇ": ("60", REPS),
    "٦٠": ("60", 60),
    "۶۰": ("60", 60),
    "६०": ("60", 60),
    "๖๐": ("60", 60),
    "６０": ("60", 60),
    "𝟔𝟎": ("60", 60),
    "6️⃣0️⃣": ("60", 60),
    "\u200f60\u200e": ("60", 60),
    "\ufeff60": ("60", 60),
    "60.": ("60", 60),
    "60!": ("60", 60),
    ".5": ("0.5", REPS),
    "8.0": ("8", REPS),
    "1": ("1", 1),
    "999": ("999", 999),
    "999.99": ("999.99", REPS),
    "0": ("0", REPS),
    "0,00": ("0", REPS),
    "bw": ("0", REPS),
    "BW": ("0", REPS),
    "Bodyweight": ("0", REPS),
    "ｂｗ": ("0", REPS),
    "1000": (WEIGHT, REPS),
    "999.995": (WEIGHT, REPS),
    "-5": (WEIGHT, REPS),
    "−5": (WEIGHT, REPS),
    "–5": (WEIGHT, REPS),
    "-0": (WEIGHT, REPS),
    "-0.001": (WEIGHT, REPS),
    "60,555": (DECIMALS, REPS),
    "60.500": (DECIMALS, REPS),
    "1.000": (DECIMALS, REPS),
    "0.001": (DECIMALS, REPS),
    "135lb": ("61.23497", REPS),
    "135 lbs": ("61.23497", REPS),
    "1000lb": ("453.59237", REPS),
    "2 pounds": ("0.90718", REPS),
    "2204.60lb": ("999.98974", REPS),
    "2204.61lb": (WEIGHT, REPS),
    "135.555lb": (DECIMALS, REPS),
    "-5lb": (WEIGHT, REPS),
    "5" * 500: (WEIGHT, REPS),
    "٥" * 500: (WEIGHT, REPS),
    "9" * 4096: (WEIGHT, REPS),
    "0." + "0" * 100 + "1": (DECIMALS, REPS),
}

# Sets: name, sets, weight, reps.
ENTRIES: dict[str, tuple[str, int, str, int]] = {
    "60x8": ("", 1, "60", 8),
    "60X8": ("", 1, "60", 8),
    "60 8": ("", 1, "60", 8),
    "60\u20098": ("", 1, "60", 8),
    "60   8": ("", 1, "60", 8),
    "60*8": ("", 1, "60", 8),
    "60х8": ("", 1, "60", 8),  # Cyrillic
    "60Х8": ("", 1, "60", 8),
    "60χ8": ("", 1, "60", 8),  # Greek
    "60×8": ("", 1, "60", 8),
    "60✖️8": ("", 1, "60", 8),
    "６０ｘ８": ("", 1, "60", 8),
    "٦٠×٨": ("", 1, "60", 8),
    "60 x 8": ("", 1, "60", 8),
    "60x 8": ("", 1, "60", 8),
    "60x8.": ("", 1, "60", 8),
    "\u200f60x8": ("", 1, "60", 8),
    "\n60x8\n": ("", 1, "60", 8),
    "62,5x8": ("", 1, "62.5", 8),
    "62.5 8": ("", 1, "62.5", 8),
    "60kgx8": ("", 1, "60", 8),
    "60kg x 8": ("", 1, "60", 8),
    "60 kg x 8": ("", 1, "60", 8),
    "60 kg 8": ("", 1, "60", 8),
    "60kg 8": ("", 1, "60", 8),
    "60кгх8": ("", 1, "60", 8),
    "999.99x999": ("", 1, "999.99", 999),
    "135lb x 5": ("", 1, "135", 5),
    "3x5@135lbs": ("", 3, "135", 5),
    "bench 135lb 5": ("bench", 1, "135", 5),
    "1x1": ("", 1, "1", 1),
    "0x10": ("", 1, "0", 10),  # no hexadecimal in a gym: 0 is bodyweight, as everywhere
    "bw x 12": ("", 1, "0", 12),
    "bwx12": ("", 1, "0", 12),
    "BW 12": ("", 1, "0", 12),
    "bodyweight*12": ("", 1, "0", 12),
    "3x8x60": ("", 3, "60", 8),
    "3х8х60": ("", 3, "60", 8),
    "3*8*60": ("", 3, "60", 8),
    "3x8@60": ("", 3, "60", 8),
    "3 x 8 @ 60kg": ("", 3, "60", 8),
    "3x8 @62,5 kg": ("", 3, "62.5", 8),
    "３ｘ８＠６０": ("", 3, "60", 8),
    "3x8 60": ("", 3, "60", 8),
    "3x8 60kg": ("", 3, "60", 8),
    "3 8 60": ("", 3, "60", 8),
    "3 8@60": ("", 3, "60", 8),
    "3x12@bw": ("", 3, "0", 12),
    "3x12xbw": ("", 3, "0", 12),
    "3 x 12 x BW": ("", 3, "0", 12),
    "1x8@60": ("", 1, "60", 8),
    "20x8@60": ("", 20, "60", 8),
    "bench 60x8": ("bench", 1, "60", 8),
    "  Bench press   60 8 ": ("Bench press", 1, "60", 8),
    "bench 3x8@60": ("bench", 3, "60", 8),
    "bench 3 8 60": ("bench", 3, "60", 8),
    "bench @60x8": ("bench", 1, "60", 8),
    "bench: 60x8": ("bench", 1, "60", 8),
    "bench:60 8": ("bench", 1, "60", 8),
    "bench, 60x8": ("bench", 1, "60", 8),
    "bench,60x8": ("bench", 1, "60", 8),
    "bench - 60x8": ("bench", 1, "60", 8),
    "bench – 60x8": ("bench", 1, "60", 8),
    "bench60x8": ("bench", 1, "60", 8),
    "жим лёжа 60х8": ("жим лёжа", 1, "60", 8),
    "לחיצת חזה 60x8": ("לחיצת חזה", 1, "60", 8),
    "ضغط ٦٠×٨": ("ضغط", 1, "60", 8),
    "बेंच प्रेस ६०x८": ("बेंच प्रेस", 1, "60", 8),
    "卧推60x8": ("卧推", 1, "60", 8),
    "卧推（平板）60x8": ("卧推（平板）", 1, "60", 8),
    "💪 60x8": ("💪", 1, "60", 8),
    "Push-ups bw x 12": ("Push-ups", 1, "0", 12),
    "Farmer's walk 3x12@40": ("Farmer's walk", 3, "40", 12),
    "<b>Bold</b> press 60x8": ("<b>Bold</b> press", 1, "60", 8),
    "leg press 45 100x8": ("leg press 45", 1, "100", 8),
    "leg press 45 3x8@100": ("leg press 45", 3, "100", 8),
    "leg press 45 3x8 100": ("leg press 45", 3, "100", 8),
    "leg press 45 100 8": ("leg press 45", 1, "100", 8),  # 45 sets it cannot be
    "leg press 45, 100x8": ("leg press 45", 1, "100", 8),
    "leg press 45° 100x8": ("leg press 45°", 1, "100", 8),
    "leg press #4 100x8": ("leg press #4", 1, "100", 8),
    "leg2 60x8": ("leg2", 1, "60", 8),
    "leg2 60 8": ("leg2", 1, "60", 8),
    "leg2 3 8 60": ("leg2", 3, "60", 8),
    "V0 60x8": ("V0", 1, "60", 8),
    "21s curl 20x21": ("21s curl", 1, "20", 21),
    "45 degree back extension 20x12": ("45 degree back extension", 1, "20", 12),
    "1-arm row 20x10": ("1-arm row", 1, "20", 10),
    "squat 3/4 60x8": ("squat 3/4", 1, "60", 8),
    "5x5 squat 100x5": ("5x5 squat", 1, "100", 5),
    "Smith X 60x8": ("Smith X", 1, "60", 8),
    "bodyweight squat bw x 12": ("bodyweight squat", 1, "0", 12),
    "Program 1.2.3 60x8": ("Program 1.2.3", 1, "60", 8),
}

# To be searched for as they are.
WORDS = [
    *["incl", "Bench press", "bench 60", "bench 60kg", "bench 1000", "leg press 45", "leg2", "21s", "5x5 squat"],
    *["bench60 8", "60x8 easy", "60x8 💪", "squat x 8", "x", "kg", "@", "bodyweight squat", "Smith machine x"],
    *[
        "NaN",
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "infinity",
        "inf x 8",
        "NaNx8",
        "0x1F",
        "0b10",
        "1e",
        "sixty",
        "六十",
        "①",
    ],
    *[
        "💪",
        "60💪",
        "👨\u200d👩\u200d👧",
        "<b>",
        "</b></pre>",
        "&lt;b&gt;",
        "'; DROP TABLE training; --",
        "{ $exercise }",
    ],
    *["!!!", "-", "", "a" * 4096, "💪" * 2048, "6x" * 2048, "1 " * 2048, "a1" * 2048, "é" * 4096, "x" * 4096],
]

# Numbers that are refused, and why.
REFUSED: dict[str, Reason] = {
    "1000x8": WEIGHT,
    "-60x8": WEIGHT,
    "bench -60x8": WEIGHT,
    "3x8@-60": WEIGHT,
    "3x8@1000": WEIGHT,
    "5" * 150 + "x8": WEIGHT,
    "60,555x8": DECIMALS,
    "3x8@60.555": DECIMALS,
    "60x0": REPS,
    "60x1000": REPS,
    "60x2.5": REPS,
    "60x8.0": REPS,
    "60 000": REPS,
    "1 000": REPS,
    "60x8kg": REPS,
    "8 60kg": REPS,
    "12 x bw": REPS,
    "3x0@60": REPS,
    "bench 60x0": REPS,
    "21x8@60": SETS,
    "0x8@60": SETS,
    "2.5x8@60": SETS,
    "3kg x 8 x 60": SETS,
    "bench 21x8@60": SETS,
    "21 8 60": SETS,
    "1e3": FORM,
    "1E3": FORM,
    "1e-3": FORM,
    "1e3x8": FORM,
    "60x1e1": FORM,
    "+60": FORM,
    "+20x8": FORM,
    "1.2.3": FORM,
    "1.000,5": FORM,
    "1'000": FORM,
    "1_000": FORM,
    "60..5": FORM,
    "60,": FORM,
    "60, 8": FORM,
    "62½": FORM,
    "2²": FORM,
    "60①": FORM,
    "60-8": FORM,
    "60x-8": FORM,
    "60/8": FORM,
    "15-12-2024": FORM,
    "15.12.2024": FORM,
    "10:30": FORM,
    "60kg8": FORM,
    "bw12": FORM,
    "kg 60": FORM,
    "60x": FORM,
    "x60x8": FORM,
    "x8": FORM,
    "60xx8": FORM,
    "60**8": FORM,
    "60x8x": FORM,
    "60x8x3x2": FORM,
    "8@60": FORM,  # 60kg for 8, or 8kg for 60?
    "60@8": FORM,
    "bench 8@60": FORM,
    "3 60x8": FORM,  # three of 60x8, or 3 of 60 with 8?
    "45 100x8": FORM,
    "60 8 70 8": FORM,
    "60x8 70x8": FORM,
    "60x8, 70x8": FORM,
    "60x8; 70x8": FORM,
    "bench 60x8 70x8": FORM,
    "bench 60x8 / 70x8": FORM,
    "bench 60 8 70 8": FORM,
    "bench 60x": FORM,
    "bench 60, 8": FORM,
    "(60x8)": FORM,
    "- 60x8": FORM,
    "60x8\n70x8": Reason.LINES,
    "bench\n60x8": Reason.LINES,
    "60\r\n8": Reason.LINES,
    "60\u20288": Reason.LINES,
    "a\nb\nc": Reason.LINES,
    "1\n" * 2048: Reason.LINES,
    "\x00": Reason.CHARACTERS,
    "60\x00": Reason.CHARACTERS,
    "60\x00x8": Reason.CHARACTERS,
    "60x8\x07": Reason.CHARACTERS,
    "\ud800": Reason.CHARACTERS,
    "60\udfff": Reason.CHARACTERS,
    "bench\ud83d 60x8": Reason.CHARACTERS,
    "\x00" * 4096: Reason.CHARACTERS,
}


def name_of(text: str) -> str:
    return ascii(text[:40])


def answer(judged: object) -> object:
    return judged.reason if isinstance(judged, Unreadable) else judged


def judged(text: str, unit: Unit = Unit.KG) -> object:
    """What is read, its weight judged as well: the reason why it is refused, or what it says."""
    line = read(text)
    weight = as_weight(line.weight, unit) if isinstance(line, Entry) else line
    return weight if isinstance(weight, Unreadable) else line


@pytest.mark.parametrize("text", NUMBERS, ids=name_of)
def test_a_number(text: str) -> None:
    weight, reps = NUMBERS[text]
    number = read(text)
    assert isinstance(number, Number)
    assert answer(as_weight(number, Unit.KG)) == (weight if isinstance(weight, Reason) else Decimal(weight))
    assert answer(as_reps(number)) == reps


@pytest.mark.parametrize("text", ENTRIES, ids=name_of)
def test_sets(text: str) -> None:
    name, sets, weight, reps = ENTRIES[text]
    unit = Unit.KG if re.search("kg|кг", text) else Unit.LB if "lb" in text else None
    assert read(text) == Entry(name, sets, Number(Decimal(weight), unit), reps)


@pytest.mark.parametrize("text", WORDS, ids=name_of)
def test_words(text: str) -> None:
    assert read(text) == Words(text.strip())


@pytest.mark.parametrize("text", REFUSED, ids=name_of)
def test_what_is_refused(text: str) -> None:
    assert answer(judged(text)) is REFUSED[text]


# Somebody who counts in pounds: the kilos that are kept.
POUNDS = {
    "135": "61.23497",
    "135lb": "61.23497",
    "60kg": "60",
    "0": "0",
    "bw": "0",
    "2.5": "1.13398",
    "1000": "453.59237",
    "2204.6": "999.98974",
    "2204.61": WEIGHT,
    "2204.60": "999.98974",
    "999.99kg": "999.99",
    "1000kg": WEIGHT,
    "-5": WEIGHT,
    "9" * 300: WEIGHT,
    "135.555": DECIMALS,
}


@pytest.mark.parametrize("text", POUNDS, ids=name_of)
def test_a_number_of_somebody_who_counts_in_pounds(text: str) -> None:
    weight, number = POUNDS[text], read(text)
    assert isinstance(number, Number)
    assert answer(as_weight(number, Unit.LB)) == (weight if isinstance(weight, Reason) else Decimal(weight))


def test_every_number_of_pounds_comes_back_as_it_was_entered() -> None:
    for hundredths in range(220_461):
        pounds = Decimal(hundredths) / 100
        kilos = in_kilos(pounds, Unit.LB)
        assert kilos == round(kilos, 5) <= MOST_WEIGHT
        assert in_unit(kilos, Unit.LB) == pounds


# The sentences.


def test_every_reason_has_its_sentence_and_every_sentence_its_reason() -> None:
    file = texts.FOLDER / texts.DEFAULT_LANGUAGE / "typed.ftl"
    assert set(re.findall(r"^([a-z][\w-]*) =", file.read_text(encoding="utf-8"), re.M)) == set(Reason)


SENTENCES = {
    "-5": "Weights go from 0 (bodyweight) to 999.99kg, like 62.5 or 60x8.",
    "60,555": "Weights have two decimals at most, like 62.25. I never round, so type it the way you want it kept.",
    "60x2.5": "Reps are whole numbers from 1 to 999: 8, or after the weight, 60x8.",
    "21x8@60": "One line can hold 1 to 20 sets: 3x8@60 is three sets of 8 at 60.",
    "3000lb": "Weights go from 0 (bodyweight) to 2204.6lb, like 62.5 or 60x8.",
    "1e3": "Those numbers could mean several things to me, so nothing was saved.\n"
    "Type a weight like 62.5, a set like 60x8, or three sets of 8 like 3x8@60. "
    "A name may stand in front: bench 60x8.",
    "60\n8": "I read one line at a time, so nothing was saved. Send the first alone, like bench 60x8, then the next.",
    "60\x00": "There is a character in that line that I cannot read. Type it once more, like 60x8.",
}


@pytest.mark.parametrize("text", SENTENCES, ids=name_of)
def test_a_sentence_says_what_to_do_next(text: str) -> None:
    line = read(text)
    refused = as_weight(line, Unit.KG) if isinstance(line, Number) else line
    assert isinstance(refused, Unreadable)
    said, entities = parse(t(refused.reason, limit=refused.limit))
    assert said == SENTENCES[text]
    assert {each["type"] for each in entities} == {"code"}


def test_the_examples_in_the_sentences_can_be_typed() -> None:
    for reason in Reason:
        for example_line in re.findall("<code>(.+?)</code>", t(reason, limit="9")):
            assert isinstance(read(example_line), Entry | Number), example_line


def test_nothing_that_was_typed_is_in_a_sentence() -> None:
    for text in REFUSED:
        refused = judged(text)
        assert isinstance(refused, Unreadable)
        assert refused.limit in ("", "999.99kg", "999", "20")


# Any text.

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("0123456789.,-+ex*@ \n\tkglbw×х٦½²\x00\u200f\u200d\ufe0f"),
        st.sampled_from(string.ascii_letters),
        st.characters(categories=["Cs", "Cc", "Cf", "Nd", "No", "Nl", "Mn", "Lo", "So", "Pd", "Zs", "Cn"]),
    ),
    max_size=60,
)


@settings(max_examples=1000, deadline=None)
@given(st.one_of(HOSTILE, st.text(st.characters(exclude_categories=[]), max_size=300)))
@example("\ud800\udc00")
@example("\u0660" * 201)
@example("ﷺ 60x8")
@example("x" * 200)
def test_any_text_is_read_and_what_is_read_can_be_saved(text: str) -> None:
    line = read(text)
    if isinstance(line, Number):
        assert line.value.is_finite()
        possible(line, as_reps(line))
    elif isinstance(line, Entry):
        assert type(line.sets) is type(line.reps) is int
        assert 1 <= line.sets <= MOST_SETS
        assert line.name == line.name.strip()
        line.name.encode()
        possible(line.weight, line.reps)
    elif isinstance(line, Words):
        line.text.encode()
        assert "\n" not in line.text
        assert "\x00" not in line.text
    else:
        assert t(line.reason, limit=line.limit)


def possible(number: Number, reps: int | Unreadable) -> None:
    for unit in Unit:
        weight = as_weight(number, unit)
        assert isinstance(weight, Unreadable) or (not weight.is_signed() and is_possible(Set(1, weight, 1)))
    assert isinstance(reps, Unreadable) or 1 <= reps <= MOST_REPS


# What was written reads back.

WEIGHTS = st.integers(0, 99_999).map(lambda hundredths: Decimal(hundredths) / 100)
DIGITS = st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９"])
TIMES = st.sampled_from(["x", "X", "х", "Х", "×", "*", "ｘ", "✕"])
ROOM = st.sampled_from(["", " ", "  ", "\u00a0"])
NAMES = st.sampled_from(["", "bench", "Bench press", "жим лёжа", "לחיצת חזה", "卧推", "T-bar row", "21s curl", "💪 up"])
NUMBERED = st.sampled_from(["", "leg press 45", "leg2", "№ 7 up 3", "squat 3/4"])
UNITS = st.sampled_from(["", "kg", " kg", "KG", "кг"])


@st.composite
def written(draw: st.DrawFn) -> tuple[str, Entry]:
    """An entry, and one of the ways to write it."""
    sets, weight, reps = draw(st.integers(1, MOST_SETS)), draw(WEIGHTS), draw(st.integers(1, MOST_REPS))
    several = draw(st.booleans())
    times, room = draw(TIMES), draw(ROOM)
    to_digits = str.maketrans("0123456789", draw(DIGITS))
    kilos = str(weight).replace(".", draw(st.sampled_from(".,٫")))
    unit = draw(UNITS)
    if weight == 0 and draw(st.booleans()):
        kilos, unit = "bw", ""
    by = f"{room}{times}{room}"
    if several:
        at = draw(st.sampled_from([by, f"{room}@{room}", " "]))
        line = f"{sets}{by}{reps}{at}{kilos}{unit}"
    else:
        sets = 1
        line = f"{kilos}{unit}{draw(st.sampled_from([by, ' ']))}{reps}"
    name = draw(st.one_of(NAMES, NUMBERED))
    spaced = re.search(r"[0-9bwkgкг] [0-9]", line, re.I) is not None
    if spaced and name in ("leg press 45", "№ 7 up 3", "squat 3/4"):
        name = "bench"  # `leg press 45 60 8` is said with an x
    text = f"{name} {line}".strip().translate(to_digits)
    return text, Entry(name.translate(to_digits), sets, Number(weight, Unit.KG if unit else None), reps)


@settings(max_examples=1000, deadline=None)
@given(written())
def test_an_entry_reads_back_in_every_notation(case: tuple[str, Entry]) -> None:
    text, entry = case
    assert read(text) == entry


@settings(deadline=None)
@given(WEIGHTS, DIGITS, st.sampled_from(".,٫"), UNITS, st.text(" \t\n\u00a0", max_size=3))
def test_a_weight_reads_back(weight: Decimal, digits: str, point: str, unit: str, room: str) -> None:
    text = str(weight).replace(".", point).translate(str.maketrans("0123456789", digits))
    number = read(f"{room}{text}{unit}{room}")
    assert number == Number(weight, Unit.KG if unit else None)
    assert as_weight(number, Unit.KG) == weight


@settings(deadline=None)
@given(st.integers(1, MOST_REPS), DIGITS)
def test_reps_read_back(reps: int, digits: str) -> None:
    number = read(str(reps).translate(str.maketrans("0123456789", digits)))
    assert isinstance(number, Number)
    assert as_reps(number) == reps


# Work is counted in steps of the interpreter, not in seconds.


def steps(work: Callable[[], object]) -> int:
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "piece", ["1", "1.", "1 ", "1x", "x1", "a", "a1", "1e", "-1", "- ", "x ", "@", "½", "kgx", "é "]
)
def test_twice_the_text_is_no_more_than_twice_the_work(piece: str) -> None:
    for size in (LONGEST // 2, 2048):
        once, twice = (piece * size)[:size], (piece * size * 2)[: 2 * size]
        assert steps(lambda text=twice: read(text)) <= 2.2 * steps(lambda text=once: read(text)) + 200
