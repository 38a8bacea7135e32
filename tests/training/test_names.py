"""Names are shown as they were typed, on every screen where one can stand, and break nothing there."""

import re
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from aiogram import Router
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.modules.catalog.model import Exercise, Muscle
from app.modules.menu.callbacks import OpenMenu
from app.modules.screen import Screen
from app.modules.texts import isolated
from app.modules.training import screens
from app.modules.training.model import (
    Entered,
    GymDay,
    Likely,
    MuscleList,
    Record,
    Session,
    Set,
    Start,
    Stretch,
    Summary,
    Trained,
    Undone,
)
from app.sandbox.html_text import parse
from app.utils.units import Unit
from tests.training.conftest import NOON, NewPerson
from tests.training.test_screens import BACK, Chat, check, rooms

__all__ = ["rooms"]  # a fixture

NAMES = {
    "markup": "<b>Bold</b> press",
    "an open tag": "<pre>",
    "a closing tag": "</b></pre>",
    "a comment": "<!-- x -->",
    "ampersand": "Push & pull",
    "a reference": "&lt;b&gt; &amp; &#60; &nbsp;",
    "half a reference": "&#x;&;&",
    "double quotes": 'The "real" press',
    "single quotes": "Farmer's walk",
    "a placeable of our texts": "{ $exercise } {exercise} %s %(name)s $1",
    "Markdown": "*bold* _it_ `code` [a](https://x.org)",
    "a command": "/start @somebody #tag https://example.org",
    "Hebrew": "לחיצת חזה",
    "Arabic": "ضغط الصدر",
    "Arabic and Latin": "Press ضغط 3",
    "Hebrew in brackets": "(לחיצה)",
    "emoji": "💪🏽 Press 🏋️‍♀️",
    "a family": "👨‍👩‍👧‍👦",
    "a flag": "🇺🇦 row",
    "keycaps": "1️⃣ press",
    "combining marks": "Cafe\u0301 a\u0323\u0307 o\u0308\u0304",
    "many marks on one letter": "Z" + "\u0350" * 40,
    "a mark at the very start": "\u0301acute",
    "Chinese": "卧推（平板）",
    "Thai": "ดันอก",
    "Devanagari": "बेंच प्रेस",
    "full width": "Ｂｅｎｃｈ",
    "64 Cyrillic letters": "Жим" * 21 + "Ж",
    "64 emoji": "💪" * 64,
    "255 letters": "W" * 255,
    "255 Cyrillic letters": "Щ" * 255,
    "255 angle brackets": "<" * 255,
    "one letter": "я",
    "digits": "60",
    "a table's line": "+-------+-------------+",
    "spaces within": "Press   three   spaces",
}

PLAIN = "Qqq"
DAY = GymDay(date(2026, 3, 9), marked=True)


def session_of(name: str) -> Session:
    return Session(
        exercise=Exercise(7, name),
        muscle_id=1,
        day=DAY,
        sets=(Set(1, Decimal("62.5"), 10), Set(2, Decimal(0), 9)),
        newest=2,
        last_day=date(2026, 3, 2),
        last_sets=(Set(1, Decimal(60), 10), Set(10, Decimal("999.99"), 999)),
        days=2,
        record=Record(Decimal(80), 5, date(2025, 12, 1)),
        follower=Exercise(8, name),
        own_weights=(),
        unit=Unit.KG,
        step=None,
    )


def day_of(name: str) -> Summary:
    sets = session_of(name).sets
    return Summary(DAY.day, (Stretch(Exercise(7, name), sets, sets[0]),), 2, Decimal(625), 8, Unit.KG)


def all_screens(name: str) -> list[Screen]:
    """Every screen of a recording with this name as its muscle, its exercise, its neighbours."""
    here = session_of(name)
    first_time = replace(here, sets=(), newest=None, last_day=None, last_sets=(), record=None)
    trained = MuscleList(Muscle(1, name), (Trained(Exercise(7, name), 3, NOON), Trained(Exercise(8, name), 0, None)))
    likely = (Likely(Exercise(7, name), 3), Likely(Exercise(8, name)))
    start = Start(DAY.day, (Muscle(1, name), Muscle(2, name)), likely, Unit.KG)
    likely_ones = [each.exercise for each in likely]
    return [
        screens.muscles(start, DAY),
        screens.exercises(trained, DAY),
        screens.exercises(MuscleList(Muscle(1, name), ())),
        screens.all_exercises(trained),
        screens.exercise(here),
        screens.exercise(first_time),
        screens.exercise(replace(first_time, expired=date(2026, 3, 1))),
        screens.exercise(replace(here, note=name)),
        screens.exercise(replace(here, listed=False, day=GymDay(DAY.day, marked=True, looking_back=True))),
        screens.pick_weight(here, 3),
        screens.pick_weight(first_time, 1),
        screens.pick_reps(here, 10, Decimal("62.5")),
        screens.pick_reps(first_time, 1, Decimal(0)),
        screens.saved(here, [2], fresh=True, record=True),
        screens.saved(here, [1, 2], entry=5),
        screens.set_done(here, 1),
        screens.replace_or_keep(here, Set(1, Decimal(70), 5)),
        screens.deleted(here, Set(3, Decimal(70), 5)),
        screens.undone(here, Undone(removed=(3, 4))),
        screens.doubtful(here, Decimal(180), Decimal(80), choices=[(Decimal(180), OpenMenu())]),
        screens.which_exercise(likely_ones, Entered(3, Decimal(60), 8), unit=Unit.KG, entry=5, day=DAY),
        screens.ask_note(replace(here, note=name)),
        screens.summary(
            Summary(DAY.day, (Stretch(Exercise(7, name), here.sets, here.sets[0]),), 2, Decimal(625), 8, Unit.KG)
        ),
        screens.another_day(DAY.day),
    ]


PLAIN_SCREENS = all_screens(PLAIN)


def shown_as_typed(name: str) -> None:
    """Every screen is the plain one, letter by letter, but for the name: isolated when it runs from right to left."""
    for screen, plain in zip(all_screens(name), PLAIN_SCREENS, strict=True):
        check(screen)
        words, entities = parse(screen.text)
        expected, formats = parse(plain.text)
        assert words == expected.replace(PLAIN, isolated(name))
        assert [each["type"] for each in entities] == [each["type"] for each in formats]
        tables = [text_of(words, each) for each in entities if each["type"] == "pre"]
        assert tables == [text_of(expected, each) for each in formats if each["type"] == "pre"]
        buttons = [each for row in screen.keyboard for each in row]  # a long name has a row of its own
        for button, other in zip(buttons, [each for row in plain.keyboard for each in row], strict=True):
            assert button["text"] in (
                other["text"].replace(PLAIN, name),
                other["text"].replace(PLAIN, isolated(name)),
            )
            assert button["callback_data"] == other["callback_data"], "a name has no place in it"


def text_of(words: str, entity: dict[str, int]) -> str:
    utf16 = words.encode("utf-16-le")
    return utf16[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_shown_as_typed(name: str) -> None:
    shown_as_typed(name)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_a_name_through_the_database_and_every_tap(someone: NewPerson, rooms: list[Router], name: str) -> None:
    """Muscle, exercise and neighbour by that name, from the first screen to the saved set."""
    chat = Chat(await someone(), rooms)
    person = chat.person
    ((muscle,),) = await person.sql(
        "INSERT INTO muscles (name, name_key, is_global, created_by) VALUES (%s, %s, FALSE, %s) RETURNING id",
        name,
        name.casefold(),
        person.id,
    )
    exercise, neighbour = [await person.own_exercise(name, place) for place in (muscle, 1)]
    for hour, each in enumerate((exercise, neighbour), 10):
        await person.at(f"2026-03-04T{hour}:00:00+00:00").record(each, 1, 60, 10)

    def stands(times: int = 1) -> None:
        words, entities = parse(chat.screen.text)
        assert words.count(name) >= times
        marked = isolated(name)
        assert marked == name or marked in words
        for entity in entities:
            if entity["type"] == "pre":
                assert not re.search(r"[^\x20-\x7e\n]", text_of(words, entity)), "something in a table that is not ours"

    await chat.tap("Record training")
    texts = [button["text"] for row in chat.screen.keyboard for button in row]
    assert texts[:2] == [f"▶ {isolated(name)}"] * 2
    assert name in texts
    await chat.tap(name)
    stands()
    await chat.tap(name)
    stands()
    await chat.tap("Set 2", "60kg")
    stands()
    await chat.tap("10")
    stands()
    await chat.tap(BACK, BACK, "Show All", name, "⚡ Set 1: 60kg × 10", f"➡️ {isolated(name)}")
    stands()
    await chat.tap("⚡ Set 1: 60kg × 10", "Another exercise")
    assert chat.screen.keyboard[0][0]["text"] == f"▶ {isolated(name)}: Set 2"
    assert len(await person.rows()) == 5


def is_printable(letter: str) -> bool:
    return letter.isprintable() and unicodedata.category(letter) not in ("Cn", "Co")


LETTERS = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")).filter(is_printable)
TRICKY = st.sampled_from(
    [*"<>&;\"'{}$%\\/`*_[]()#@!?-+|~^=:., ", "&lt;", "</b>", "<pre>", "{ $", "א", "ع", "é", "💪", "e\u0301"]
)
A_NAME = (
    st.lists(st.one_of(LETTERS, TRICKY), min_size=1, max_size=64)
    .map(lambda letters: "".join(letters).strip()[:64].strip())
    .filter(lambda name: bool(name) and PLAIN not in name)
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(A_NAME)
@example("{")
@example("\u0301")
@example("א" * 64)
@example("&#8296;")
def test_any_printable_name_is_shown_as_typed(name: str) -> None:
    shown_as_typed(name)


async def test_names_of_right_to_left_do_not_turn_the_numbers_round(someone: NewPerson, rooms: list[Router]) -> None:
    """The isolate is closed again before the day in brackets."""
    chat = Chat(await someone(), rooms)
    await chat.person.own_exercise("לחיצת חזה")
    await train_own(chat, "לחיצת חזה")
    await chat.tap("Record training", "Chest", "לחיצת חזה")
    first_line = parse(chat.screen.text)[0].splitlines()[0]
    assert first_line == "📊 Your last training for \u2068לחיצת חזה\u2069 (04-03-2026):"


async def train_own(chat: Chat, name: str) -> None:
    ((exercise,),) = await chat.person.sql(
        "SELECT id FROM exercises WHERE name = %s AND created_by = %s", name, chat.person.id
    )
    await chat.person.at("2026-03-04T12:00:00+00:00").record(exercise, 1, 60, 10)
