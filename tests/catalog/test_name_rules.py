"""Which names can exist, which two are the same; each that can exist fits on every screen."""

import unicodedata

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from app.modules.catalog import screens
from app.modules.catalog.model import Exercise, Kind, Muscle, Place, Thing
from app.modules.catalog.rules import Wrong, tidy, wrong_with
from app.modules.screen import Screen
from app.modules.texts import isolated
from app.sandbox.html_text import parse
from app.utils.names import LONGEST, key
from tests.training.test_names import shown_as_typed
from tests.training.test_screens import check

ZERO_WIDTH = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u034f", "\u2062"]
BIDI = ["\u200e", "\u200f", "\u061c", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]
BLANK_LETTERS = ["\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u17b4", "\U0001d159"]
SELECTORS = ["\ufe00", "\ufe0f", "\ufe0e", "\u180b", "\U000e0100"]
TAGS = ["\U000e0001", "\U000e0041", "\U000e007f"]
CONTROLS = ["\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x1c", "\x1f", "\x7f", "\x85", "\x9f"]
OTHERS = ["\ud800", "\udfff", "\ue000", "\uf8ff", "\U000f0000", "\U0010ffff", "\u0378", "\uffff", "\U000e0080"]

FINE = {
    "a letter": "я",
    "digits": "60x8",
    "a sign": "-",
    "markup": "<b>&amp;</b>",
    "quotes": 'Farmer\'s "walk"',
    "emoji": "💪",
    "with a skin": "💪🏽",
    "with a joiner": "🏋️‍♀️",
    "with a skin and a joiner": "🏋🏽‍♂️",
    "a family": "👨‍👩‍👧‍👦",
    "a heart on fire": "❤️‍🔥",
    "a pirate's flag": "🏴‍☠️",
    "a flag": "🇺🇦",
    "England's": "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "keycaps": "1️⃣ #️⃣ *️⃣",
    "a sign in colours": "☀️ ‼️ ™️ ℹ️ 〰️ ↔️",
    "head shaking": "🙂‍↔️",
    "younger than Python": "🩷 \U0001fae8 \U0001fac6",
    "combining marks": "Cafe\u0301 a\u0323\u0307",
    "many marks": "Z" + "\u0350" * 40,
    "Hebrew with points": "שָׁלוֹם",
    "Arabic": "ضغط الصدر",
    "Devanagari": "बेंच प्रेस",
    "Thai": "ดันอก",
    "Chinese": "卧推（平板）",
    "Hangul": "벤치 프레스",
    "64 letters": "W" * 64,
    "64 emoji": "💪" * 64,
}


@pytest.mark.parametrize("name", FINE.values(), ids=FINE)
def test_a_name_that_can_be_read_is_fine(name: str) -> None:
    assert tidy(name) == name
    assert wrong_with(name) is None


@pytest.mark.parametrize("invisible", [*ZERO_WIDTH, *BIDI, *BLANK_LETTERS, *SELECTORS, *TAGS, *CONTROLS, *OTHERS])
@pytest.mark.parametrize("around", ["{}", "{}Bench", "Ben{}ch", "Bench{}", "Bench {} press", "ضغ{}ط"])
def test_nothing_in_a_name_is_invisible(around: str, invisible: str) -> None:
    assert wrong_with(tidy(around.format(invisible))) is Wrong.UNREADABLE


@pytest.mark.parametrize(
    "name",
    [
        "\u0301",  # marks alone
        "\u0301acute",
        "a \u0301",
        "\u20e3",
        "\ufe0f\u20e3",
        "💪\u200d",  # joins nothing
        "\u200d💪",
        "💪\u200dx",
        "x\u200d💪",
        "💪\u200d\u200d💪",
        "💪\u200d 💪",
        "💪\u200d\u0301",
        "❤\ufe0f\ufe0f",
        "🏴\U000e0067",  # a flag without an end
        "🏳\U000e0067\U000e007f",
        "\U000e0067\U000e007f",
    ],
)
def test_what_belongs_to_another_character_does_not_stand_alone(name: str) -> None:
    assert wrong_with(tidy(name)) is Wrong.UNREADABLE


@pytest.mark.parametrize("text", ["", " ", "\n", "\u00a0\u3000\u2003 \t", "\u2028"])
def test_blanks_are_no_name(text: str) -> None:
    assert wrong_with(tidy(text)) is Wrong.EMPTY


@pytest.mark.parametrize(("text", "wrong"), [("W" * 65, Wrong.LONG), ("💪" * 65, Wrong.LONG), (f" {'W' * 64} ", None)])
def test_a_name_has_sixty_four_characters_at_most(text: str, wrong: Wrong | None) -> None:
    assert wrong_with(tidy(text)) is wrong


@pytest.mark.parametrize(
    ("text", "name"),
    [("  Bench \t press\n", "Bench press"), ("Bench\n\npress", "Bench press"), ("a\u00a0\u3000b", "a b")],
)
def test_blanks_become_one_space(text: str, name: str) -> None:
    assert tidy(text) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bench press", "BENCH  PRESS"),
        ("Bench press", "Ｂｅｎｃｈ　ｐｒｅｓｓ"),
        ("Straße", "STRASSE"),
        ("Café", "CAFE\u0301"),
        ("Σας", "ΣΑΣ"),
        ("ΐ", "Ϊ\u0301"),
        ("ﬁt", "FIT"),
        ("①", "1"),
        ("❤", "❤️"),
    ],
)
def test_two_names_of_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("е", "e"), ("Press 1", "Press 2"), ("Cafe", "Café"), ("ab", "a b")])
def test_two_names_of_two_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


ANY = st.characters(exclude_categories=()) | st.sampled_from("<>&;\"'{}$%\\/`*_[]()💪🏽‍️♀🏴🇺🇦\u0301\u20e3אع 1")
SOME = st.text(ANY, max_size=70)
NAMES = st.lists(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    | st.sampled_from([*FINE.values(), *"<>&;\"'{}$%", "&lt;", "{ $"]),
    min_size=1,
    max_size=64,
).map(lambda parts: tidy("".join(parts))[:LONGEST].strip())


@settings(max_examples=500, deadline=None)
@given(SOME)
def test_a_name_that_is_fine_has_nothing_that_hides(text: str) -> None:
    """Whatever is typed is judged; what passes is stable, has a key, and can be stored and sent."""
    name = tidy(text)
    assert tidy(name) == name
    if wrong_with(name) is not None:
        return
    assert 1 <= len(name) <= LONGEST
    assert name == name.strip()
    name.encode()
    assert key(name)
    assert key(key(name)) == key(name)
    assert not {unicodedata.category(letter) for letter in name} & {"Cc", "Cs", "Co", "Zl", "Zp"}
    formats = [letter for letter in name if unicodedata.category(letter) == "Cf"]
    assert all(letter == "\u200d" or 0xE0020 <= ord(letter) <= 0xE007F for letter in formats)
    assert unicodedata.category(name[0])[0] != "M"


PLAIN = "Qqq"


def all_screens(name: str) -> list[Screen]:
    """Every screen of `/edit`."""
    home, other = Muscle(1, name), Muscle(2, name)
    muscle = Thing(Kind.MUSCLE, 1, name)
    exercise, twin = Thing(Kind.EXERCISE, 7, name, home), Thing(Kind.EXERCISE, 8, name, other)
    single = Thing(Kind.EXERCISE, 9, f"{name}!", home)
    things, places = (muscle, exercise, twin, single), (Place(home, False), Place(other, True))
    exercises = (Exercise(7, name), Exercise(8, name))
    return [
        screens.muscle_added(muscle),
        screens.places(places),
        screens.ask_exercise(home),
        screens.exercise_added(exercise),
        screens.rename(things),
        screens.ask_name(muscle),
        screens.ask_name(exercise),
        screens.renamed(exercise),
        screens.delete(things),
        screens.ask_delete(exercise, exercises=0),
        screens.ask_delete(muscle, exercises=3),
        screens.deleted(exercise, things),
        screens.deleted(muscle, ()),
        screens.hide(places),
        screens.hide_in(home, exercises),
        screens.hidden(screens.hide_in(home, exercises), exercise),
        screens.hidden(screens.hide(places), muscle),
        screens.show_again(things),
        screens.shown(muscle, ()),
        screens.shown(exercise, things),
        screens.shown(twin, things),
        screens.there(screens.ask_muscle(), muscle),
        screens.there(screens.ask_exercise(home), exercise),
        screens.there_hidden(screens.ask_muscle(), muscle),
        screens.there_hidden(screens.ask_exercise(home), exercise),
        screens.no_room_for_a_muscle(),
        screens.no_room_for_an_exercise(),
    ]


PLAIN_SCREENS = all_screens(PLAIN)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(NAMES)
@example("א" * 64)
@example("💪" * 64)
@example("&#8296;")
@example("🏴󠁧󠁢󠁥󠁮󠁧󠁿")
@example("</b>")
def test_any_name_that_is_fine_is_shown_as_typed_by_every_screen(name: str) -> None:
    """Of `/edit` and of a recording: letter by letter what a plain name gives, within Telegram's limits."""
    assume(wrong_with(name) is None and PLAIN not in name)
    for screen, plain in zip(all_screens(name), PLAIN_SCREENS, strict=True):
        check(screen)
        words, formats = parse(screen.text)
        expected, plain_formats = parse(plain.text)
        assert words == expected.replace(PLAIN, isolated(name))
        assert [each["type"] for each in formats] == [each["type"] for each in plain_formats]
        buttons = [each for row in screen.keyboard for each in row]
        for button, other in zip(buttons, [each for row in plain.keyboard for each in row], strict=True):
            assert button["text"] in (other["text"].replace(PLAIN, name), other["text"].replace(PLAIN, isolated(name)))
            assert button["callback_data"] == other["callback_data"], "a name has no place in it"
    shown_as_typed(name)


@pytest.mark.parametrize("letter", ["💪", "Щ", "א", "\ufdfa", "<"])
def test_the_fullest_screens_are_within_the_limits(letter: str) -> None:
    home = Muscle(2**31 - 1, letter * 64)
    things = [Thing(Kind.EXERCISE, 2**31 - 1 - n, letter * 64, home) for n in range(200)]
    exercises = [Exercise(each.id, each.name) for each in things]
    places = [Place(Muscle(each.id, each.name), True) for each in things]
    for number in (1, 3, 5):
        for screen in (
            screens.rename(things, number=number),
            screens.delete(things, number=number),
            screens.deleted(things[0], things),
            screens.show_again(things, number=number),
            screens.shown(things[0], things),
            screens.places(places, number=number),
            screens.hide(places, number=number),
            screens.hidden(screens.hide_in(home, exercises, number=number), things[0]),
        ):
            check(screen)
