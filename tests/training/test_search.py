"""Which exercises a few typed words find, and in which order."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.modules.catalog.model import Exercise
from app.modules.training.model import Trained
from app.modules.training.search import LONGEST, find, key
from tests.training.test_typed import steps

CATALOGUE = Path(__file__).parents[2] / "app" / "migrations" / "0002_catalogue.sql"
NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


def known(*names: str) -> list[Trained]:
    """Exercises that nobody trained yet."""
    return [Trained(Exercise(number, name), 0, None) for number, name in enumerate(names, 1)]


def catalogue() -> list[Trained]:
    """What everybody sees."""
    sql = CATALOGUE.read_text(encoding="utf-8").partition("INSERT INTO exercises")[2]
    names = [name.replace("''", "'") for name in re.findall(r"\(\d+, \d+, '((?:[^']|'')+)',", sql)]
    assert len(names) == 145
    return known(*names)


def names(found: list[Trained]) -> list[str]:
    return [each.exercise.name for each in found]


# In the global list, untrained: what stands first, and how many there are.
FOUND: dict[str, tuple[list[str], int]] = {
    "incl": (["Incline press", "Incline smith", "Hammer incline", "Bench press incline"], 7),
    "bench press": (["Bench press", "Bench press decline", "Bench press incline"], 6),
    "BENCH PRESS": (["Bench press"], 6),
    "ｂｅｎｃｈ ｐｒｅｓｓ": (["Bench press"], 6),
    "  bench   press ": (["Bench press"], 6),
    "press bench": (["Bench press"], 6),
    "pres ben": (["Bench press"], 6),
    "benchpress": (["Bench press"], 5),
    "bench-press": (["Bench press"], 6),
    "bench%": (["Bench dips", "Bench press"], 8),  # a sign between words, no more
    "bénch": (["Bench dips", "Bench press"], 8),
    "smith incl": (["Incline smith"], 1),
    "push-ups": (["Push-ups", "Diamond push-ups", "Handstand push-ups"], 3),
    "push ups": (["Push-ups"], 3),
    "pushups": (["Push-ups"], 3),
    "pushup": (["Push-ups"], 3),
    "push‑ups": (["Push-ups"], 3),  # a hyphen that does not break
    "ez bar": (["EZ-bar curl"], 1),
    "ezbar": (["EZ-bar curl"], 1),
    "tbar": (["T-bar row"], 1),
    "dead lift": (["Deadlift", "Sumo deadlift", "Romanian deadlift", "Stiff-leg deadlift"], 4),
    "lat pull": (["Lat pulldown wide grip", "Lat pulldown close grip", "Lat pulldown neutral grip"], 3),
    "pull": (["Pull-ups", "Face pull", "Rack pull"], 9),
    "farmers": (["Farmer's walk"], 1),
    "farmer’s walk": (["Farmer's walk"], 1),
    "squat": (["Squat", "Box squat", "Hack squat"], 8),
    "ups": (["V-ups", "Sit-ups", "Chin-ups"], 8),
    "lunge": (["Reverse lunge", "Walking lunge"], 2),
    "ulldow": (["Straight-arm pulldown", "Lat pulldown wide grip"], 4),
    # One slip, and only when nothing fits without.
    "benhc": (["Bench dips", "Bench press"], 8),
    "bnech press": (["Bench press"], 6),
    "inclnie": (["Incline press"], 7),
    "squats": (["Squat"], 8),
    "sqat": (["Squat"], 8),
    "xquat": (["Squat"], 8),
    "deadlfit": (["Deadlift"], 4),
    "dumbell curl": (["Dumbbell curl", "Dumbbell wrist curl", "Dumbbell curl on incline bench"], 3),
    "pulups": (["Pull-ups", "Assisted pull-ups"], 2),
    "plnak": (["Plank", "Side plank"], 2),
}

NOTHING = [
    *["", " ", "\n", "-", "...", "''", "?!", "<b>", "</pre>", "💪", "60", "60kg", "1e3", "0x10", "NaN", "inf", "qqq"],
    *["bench 60", "bench press xyz", "sqaut deep", "bennnch", "bnehc", "rwo", "x" * 64, "b" * 65, "bench " * 11],
    *[
        "\x00",
        "\ud800",
        "\u200d",
        "\u0301",
        "a" * 4096,
        "\u0301\u0323" * 2048,
        "卧推",
        "%",
        "_",
        ".*",
        "{ $x }",
    ],
]


@pytest.mark.parametrize("words", FOUND, ids=ascii)
def test_found(words: str) -> None:
    first, count = FOUND[words]
    found = names(find(words, catalogue()))
    assert found[: len(first)] == first
    assert len(found) == count


@pytest.mark.parametrize("words", NOTHING, ids=lambda words: ascii(words[:30]))
def test_nothing_found(words: str) -> None:
    assert find(words, catalogue()) == []


def test_every_name_finds_itself_first() -> None:
    everything = catalogue()
    for each in everything:
        name = each.exercise.name
        for words in (name, name.upper(), name.replace("-", " "), name.replace("'", ""), f" {name} "):
            assert find(words, everything)[0] is each, words


# Names of every script, each among the others; by the whole name and by the typed words.
SCRIPTS: dict[str, tuple[str, ...]] = {
    "Жим лёжа": ("жим", "лежа", "лёжа", "ЖИМ ЛЁЖА", "лёжа жим"),
    "Йога сидя": ("йога", "иога", "ЙОГА", "и\u0306ога"),
    "לחיצת חזה": ("לחיצת", "חזה", "חזה לחיצת", "לְחִיצַת"),
    "ضغط الصدر": ("ضغط", "الصدر", "ضَغْط"),
    "آلة السحب": ("آلة", "الة", "السحب"),
    "پرس سینه می\u200cخواهم": ("پرس", "میخواهم", "می\u200cخواهم"),
    "बेंच प्रेस": ("बेंच", "प्रेस", "बें"),
    "बिना वज़न": ("बिना", "वज़न", "वजन"),
    "ดันอก": ("ดัน", "ดันอก", "อก"),
    "벤치 프레스": ("벤치", "프레스", "벤", "프레", "ㅂ"),
    "ベンチプレス": ("ベンチ", "プレス", "ﾍﾞﾝﾁ"),
    "卧推（平板）": ("卧推", "平板", "推", "(平板)"),
    "Développé couché": ("developpe", "développé", "couche", "De\u0301veloppe\u0301"),
    "Wyciskanie na ławce": ("lawce", "ławce", "na lawce"),
    "Bankdrücken": ("bankdrucken", "BANKDRÜCKEN", "bankd"),
    "Große Übung": ("große", "grosse", "ubung"),
    "Kaldıraç İtiş": ("kaldirac", "itis", "İTİŞ"),
    "Ěščřž": ("escrz",),
    "𝐁𝐨𝐥𝐝 curl": ("bold",),
    "ﬁnger curl": ("finger",),
    "Z" + "\u0350" * 40: ("z",),
    "💪🏽 Press 🏋️‍♀️": ("💪🏽", "🏋️‍♀️", "press 💪"),
    "👨‍👩‍👧‍👦": ("👨‍👩‍👧‍👦",),
    "<b>Heavy</b> carry": ("heavy", "<b>", "carry"),
    "leg press 45°": ("45", "leg press 45", "45°"),
    "21s": ("21", "21s"),
    "Smith/Cable combo": ("smith", "cable", "smith cable"),
    "...": ("...",),
}


@pytest.mark.parametrize(
    ("name", "words"), [(name, typed) for name, all_typed in SCRIPTS.items() for typed in (name, *all_typed)], ids=ascii
)
def test_names_of_every_script_are_found(name: str, words: str) -> None:
    assert name in names(find(words, known(*SCRIPTS)))
    assert find(words, known("Qqq", name))[0].exercise.name == name


def test_a_long_name_is_found_by_a_part_of_it() -> None:
    assert find("w" * LONGEST, known("W" * 255))
    assert find("W" * 255, known("W" * 255)) == []


# The order, each rule against all those after it.


def trained(number: int, name: str, days: int = 0, *, ago: int | None = None) -> Trained:
    return Trained(Exercise(number, name), days, None if ago is None else NOON - timedelta(hours=ago))


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        ("row", trained(9, "Row"), trained(1, "Row machine", 9, ago=0)),
        ("push-ups", trained(9, "Push-ups"), trained(1, "Push ups", 9, ago=0)),
        ("push ups", trained(9, "Push-ups"), trained(1, "Push ups wide", 9, ago=0)),
        ("row seat", trained(9, "Machine row seated"), trained(1, "Row in a backseat", 9, ago=0)),
        ("incl", trained(9, "Bench incline", 1, ago=9), trained(1, "Incline press")),
        ("incl", trained(9, "Incline press", 1, ago=9), trained(1, "Bench incline", 9, ago=0)),
        ("incl", trained(9, "Incline press heavy", 2, ago=9), trained(1, "Incline curl", 1, ago=0)),
        ("incl", trained(9, "Incline press heavy", 1, ago=1), trained(1, "Incline curl", 1, ago=2)),
        ("incl", trained(9, "Incline press heavy", 1, ago=1), trained(1, "Incline curl", 1)),
        ("incl", trained(9, "Incline row"), trained(1, "Incline curl")),
        ("incl", trained(9, "incline curl"), trained(1, "Incline flye")),
        ("incl", trained(1, "Incline curl"), trained(2, "Incline curl")),
    ],
)
def test_order(words: str, first: Trained, second: Trained) -> None:
    assert find(words, [first, second]) == find(words, [second, first]) == [first, second]


def test_a_slip_is_forgiven_only_where_nothing_fits() -> None:
    assert names(find("crul", known("Curl", "Crul"))) == ["Crul"]
    assert names(find("flys", known("Fly", "Butterflys"))) == ["Butterflys"]
    assert names(find("flys", known("Fly", "Flyes"))) == ["Fly", "Flyes"]


@pytest.mark.parametrize(
    ("typed", "name", "fits"),
    [
        ("crul", "Curl", True),
        ("cur", "Cup", False),  # too short to slip
        ("cuurl", "Curl", True),
        ("culr", "Curl", True),
        ("vurl", "Curl", True),
        ("crrl", "Curl", True),
        ("lruc", "Curl", False),
        ("curlsy", "Curl", False),
        ("aacurl", "Curl", False),
        ("2025", "2024", False),  # digits do not slip
        ("bnch prss", "Bench press", True),  # one in each word
        ("жмии", "Жими", True),
        ("puhsups", "Push-ups", True),
    ],
)
def test_one_slip(typed: str, name: str, fits: bool) -> None:
    assert bool(find(typed, known(name))) is fits


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Bench  press", " bench PRESS ", True),
        ("Ｂｅｎｃｈ", "bench", True),
        ("Große", "GROSSE", True),
        ("Café", "Cafe\u0301", True),
        ("Café", "Cafe", False),
        ("Push-ups", "Push ups", False),
    ],
)
def test_key(one: str, other: str, same: bool) -> None:
    assert (key(one) == key(other)) is same


# Any words, any names.

LETTERS = st.characters(exclude_categories=[])
WORDS = st.one_of(
    st.text(LETTERS, max_size=70),
    st.text("abé -'’.ilncе\u0301\ud800\x00", max_size=8),
    st.sampled_from([*SCRIPTS, *FOUND, *NOTHING]),
)
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SOME = st.lists(st.tuples(WORDS, st.integers(0, 3), st.none() | MOMENTS), max_size=8).map(
    lambda rows: [Trained(Exercise(number, name), days, at) for number, (name, days, at) in enumerate(rows)]
)


@settings(max_examples=500, deadline=None)
@given(WORDS, SOME, st.randoms(use_true_random=False))
@example("ß", known("SS", "ß"), Random(1))
def test_the_order_of_the_known_does_not_matter(words: str, some: list[Trained], random: Random) -> None:
    found = find(words, some)
    assert len({each.exercise.id for each in found}) == len(found)
    assert all(each in some for each in found)
    shuffled = some[::-1]
    random.shuffle(shuffled)
    assert find(words, shuffled) == found


@settings(max_examples=500, deadline=None)
@given(WORDS, SOME)
def test_a_name_finds_itself_first(name: str, others: list[Trained]) -> None:
    me = Trained(Exercise(999, name), 0, None)
    found = find(name, [*others, me])
    if name.strip() and len(name.strip()) <= LONGEST:
        assert me in found
        assert key(found[0].exercise.name) == key(name)
    else:
        assert not found


# Work is counted in steps of the interpreter, not in seconds.


@pytest.mark.parametrize("words", ["incl", "inclnie", "zzzz", "a a a a", "z" * 64])
def test_twice_the_names_or_words_are_no_more_than_twice_the_work(words: str) -> None:
    everything = catalogue()
    once = steps(lambda: find(words, everything))
    assert steps(lambda: find(words, everything * 2)) <= 2.3 * once
    short = words[:30]
    assert steps(lambda: find(f"{short} {short}", everything)) <= 2.3 * steps(lambda: find(short, everything))
