"""Every screen of a recording, as a person reads it: reached by tapping, compared with a file in snapshots/.

`UPDATE_SNAPSHOTS=1` writes the files; read what changed before it is committed.
"""

import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiogram import Dispatcher, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.types import CallbackQuery, Message, User
from aiogram.types import Chat as PrivateChat
from wcwidth import wcswidth

from app.modules.catalog.model import Exercise, Muscle
from app.modules.handlers import include_routers, unknown_message
from app.modules.memory import NOTHING, Remembered
from app.modules.menu import screens as menu
from app.modules.people.model import Act
from app.modules.screen import Screen, light
from app.modules.training import screens, service
from app.modules.training.callbacks import OpenStart, RecordEntry, written
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
from app.modules.training.rules import HIGHEST_SET
from app.sandbox.entities import units
from app.sandbox.html_text import parse
from app.sandbox.keyboards import inline_keyboard
from app.templates.exercise import MUSCLES
from app.utils.units import Unit
from tests.training.conftest import NOON, NewPerson, Someone

FOLDER = Path(__file__).parent / "snapshots"
BACK = "⬅️ Go back"


# How a screen looks, and what Telegram asks of every one.


def view(screen: Screen) -> str:
    """A screen as a person sees it: the words, the buttons, and what floats by."""
    words, _ = parse(screen.text)
    rows = [" ".join(f"[{button['text']}]" for button in row) for row in screen.keyboard]
    toast = [f"(toast: {screen.toast})"] if screen.toast else []
    return "\n".join([words, "", *rows, *toast]) + "\n"


def check(screen: Screen) -> None:
    """Telegram takes it, and its tables are straight."""
    words, entities = parse(screen.text)
    assert 0 < units(words) <= 4096
    assert words == words.strip(), "Telegram would trim it"
    assert "\n\n\n" not in words
    assert screen.keyboard, "nobody is left without a button"
    assert all(screen.keyboard), "an empty row"
    assert inline_keyboard({"inline_keyboard": [list(row) for row in light(screen.keyboard)]})
    buttons = [button for row in screen.keyboard for button in row]
    assert len(buttons) <= 100
    assert all(len(row) <= 8 for row in screen.keyboard)
    for button in buttons:
        assert set(button) == {"text", "callback_data"}
        assert button["text"].strip()
        assert 1 <= len(button["callback_data"].encode()) <= 64
    assert len(screen.toast or "") <= 200
    for entity in entities:
        if entity["type"] == "pre":
            utf16 = words.encode("utf-16-le")
            table = utf16[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
            assert len({wcswidth(line) for line in table.splitlines()}) == 1, table


def button_data(screen: Screen) -> list[str]:
    return [button["callback_data"] for row in screen.keyboard for button in row]


@pytest.fixture(scope="module")
def rooms() -> Iterator[list[Router]]:
    """The rooms as the bot joins them; afterwards they are free again for another test."""
    made = Dispatcher(disable_fsm=True)
    include_routers(made)
    yield [router for router in made.sub_routers if router.name != "unexpected"]
    for router in made.sub_routers:
        router._parent_router = None


_led: set[str] = set()  # what is known to lead to one room: each is asked about once, not on each of 1,800 screens


def query(person_id: int, data: str) -> CallbackQuery:
    return CallbackQuery(
        id="1", from_user=User(id=person_id, is_bot=False, first_name="Ann"), chat_instance="1", data=data
    )


async def who_answers(rooms: list[Router], tap: CallbackQuery) -> list[tuple[HandlerObject, dict[str, Any]]]:
    """The handlers whose filters take this tap."""
    answers = []
    for room in rooms:
        for handler in room.callback_query.handlers:
            taken, values = await handler.check(tap)
            if taken:
                answers.append((handler, values))
    return answers


async def check_callbacks(rooms: list[Router], screen: Screen) -> None:
    """Every button has exactly one room that it leads to, which depends on nothing but what the button carries."""
    for data in {*button_data(screen)} - _led:
        assert len(await who_answers(rooms, query(1, data))) == 1, data
        _led.add(data)


@dataclass
class Chat:
    """Somebody before the bot's own handlers: taps buttons by what they read, types, and sees one screen at a time."""

    person: Someone
    rooms: list[Router]
    screen: Screen = field(default_factory=menu.menu)
    remembered: Remembered = NOTHING

    async def tap(self, *texts: str) -> "Chat":
        """Tap one button after another."""
        for text in texts:
            found = [button for row in self.screen.keyboard for button in row if button["text"] == text]
            assert found, f"no [{text}] on:\n{view(self.screen)}"
            await self.send(found[0]["callback_data"])
        return self

    async def send(self, data: str) -> "Chat":
        """Tap a button that carries this, on whichever message."""
        tap = query(self.person.id, data)
        ((handler, values),) = await who_answers(self.rooms, tap)

        act = self.person.act()

        async def show(screen: Screen) -> None:
            self.screen = screen
            if screen.asks is not None:
                self._remember(act)

        await handler.call(tap, **values, show=show, db=self.person.db, act=act)
        check(self.screen)
        await check_callbacks(self.rooms, self.screen)
        self.person.later(seconds=5)
        return self

    async def write(self, text: str, *, late: float = 0) -> "Chat":
        """Type a line, which arrives so many seconds after it was sent; where there is no tap, no toast is seen."""
        sender, where = query(self.person.id, "x").from_user, PrivateChat(id=self.person.id, type="private")
        line = Message(message_id=1, date=self.person.now, chat=where, from_user=sender, text=text)
        self.person.later(seconds=late)

        act, remembered = self.person.act(), self.remembered

        async def show(screen: Screen) -> None:
            self.screen = replace(screen, toast=None)
            self._remember(act)

        for handler in (each for room in self.rooms for each in room.message.handlers):
            taken, values = await handler.check(line, raw_state=remembered.state, bot=None)
            try:
                if taken:
                    values |= {"show": show, "db": self.person.db, "act": act, "remembered": remembered}
                    await handler.call(line, **values)
                    break
            except SkipHandler:
                continue
        else:
            await unknown_message(line, show, remembered)  # type: ignore[arg-type]
        check(self.screen)
        await check_callbacks(self.rooms, self.screen)
        self.person.later(seconds=5)
        return self

    def _remember(self, act: Act) -> None:
        """As Redis would: in JSON."""
        made = Remembered.of(self.screen.asks, self.screen.about, flow=None, by=act.update_id)
        self.remembered = Remembered(**orjson.loads(orjson.dumps(made)))

    def data(self, text: str) -> str:
        """What a button carries, to be tapped later."""
        return next(button["callback_data"] for row in self.screen.keyboard for button in row if button["text"] == text)

    def sees(self) -> str:
        return view(self.screen)

    def sees_as_in(self, file: Path) -> None:
        """The screen is as it stands in a file, which UPDATE_SNAPSHOTS=1 writes."""
        if os.environ.get("UPDATE_SNAPSHOTS") == "1":
            file.write_text(self.sees(), encoding="utf-8")
        assert file.exists(), f"no {file.name}: read the screen, then make it by UPDATE_SNAPSHOTS=1\n\n{self.sees()}"
        assert self.sees() == file.read_text(encoding="utf-8")


@pytest.fixture
async def chat(someone: NewPerson, rooms: list[Router]) -> Chat:
    """Somebody new, before the main menu, on Wednesday 11 March 2026 at noon."""
    return Chat(await someone(), rooms)


# Scenes. Each ends on one screen, whose name is the scene's.

Scene = Callable[[Chat], Awaitable[Any]]
SCENES: dict[str, Scene] = {}


def scene(play: Scene) -> Scene:
    """Keep a scene under its name."""
    SCENES[play.__name__.replace("_", "-")] = play
    return play


async def train(chat: Chat, name: str, *sets: tuple[str | int, int], at: str = "2026-03-04T12:00:00+00:00") -> int:
    """Some sets of an exercise, some time ago, five minutes apart."""
    exercise, then = await chat.person.exercise(name), chat.person.at(at)
    for set_no, (weight, reps) in enumerate(sets, 1):
        await then.record(exercise, set_no, weight, reps)
        then.later(minutes=5)
    return exercise


async def last_time(chat: Chat) -> None:
    await train(chat, "Bench press", (80, 5), at="2024-12-10T12:00:00+00:00")
    await train(chat, "Bench press", (60, 10), (65, 8), at="2024-12-15T12:00:00+00:00")


async def chest(chat: Chat) -> Chat:
    return await chat.tap("Record training", "Chest")


@scene
async def menu_(chat: Chat) -> None:
    await chat.tap("Help", BACK)


@scene
async def muscles(chat: Chat) -> None:
    await chat.tap("Record training")


@scene
async def muscles_likely(chat: Chat) -> None:
    for hour, name in enumerate(("Bench press", "Incline smith", "Pec deck"), 12):
        await train(chat, name, (60, 10), at=f"2026-03-04T{hour}:00:00+00:00")
    await train(chat, "Bench press", (60, 10), (60, 10), at="2026-03-11T11:40:00+00:00")
    await chat.tap("Record training")


@scene
async def muscles_likely_by_weekday(chat: Chat) -> None:
    for number, name in enumerate(("Squat", "Leg press", "Crunch")):
        await train(chat, name, (60, 10), at=f"2026-03-04T12:{number}0:00+00:00")
    await chat.tap("Record training")


@scene
async def muscles_after_another_exercise(chat: Chat) -> None:
    await chat.tap("Record training", "Legs", "Squat", "Set 1", "20kg", "10", "Another exercise")


@scene
async def exercises_untrained(chat: Chat) -> None:
    await chest(chat)


@scene
async def exercises_compact(chat: Chat) -> None:
    for name in ("Bench press", "Incline smith", "Pec deck", "Chest dips", "Push-ups", "Cable crossover"):
        await train(chat, name, (60, 10))
    await chest(chat)


@scene
async def exercises_compact_of_two(chat: Chat) -> None:
    for name in ("Bench press", "Pec deck"):
        await train(chat, name, (60, 10))
    await chest(chat)


@scene
async def exercises_all(chat: Chat) -> None:
    await exercises_compact(chat)
    await chat.tap("Show All")


@scene
async def exercises_page_2(chat: Chat) -> None:
    for number in range(1, 101):
        await chat.person.own_exercise(f"Press of mine {number:03}")
    await chest(chat)
    await chat.tap("▶")


@scene
async def exercises_last_page_after_show_all(chat: Chat) -> None:
    for number in range(1, 26):
        await chat.person.own_exercise(f"Press of mine {number:03}")
    await exercises_compact_of_two(chat)
    await chat.tap("Show All", "▶")


@scene
async def exercises_none(chat: Chat) -> None:
    await chat.person.sql(
        "INSERT INTO user_hidden_exercises (user_id, exercise_id) SELECT %s, id FROM exercises WHERE muscle = 1",
        chat.person.id,
    )
    await chest(chat)


@scene
async def exercise_first_time(chat: Chat) -> None:
    await chest(chat)
    await chat.tap("Bench press")


@scene
async def exercise_last_training_and_record(chat: Chat) -> None:
    await last_time(chat)
    await chest(chat)
    await chat.tap("Bench press")


@scene
async def exercise_only_today(chat: Chat) -> None:
    await train(chat, "Bench press", ("62.5", 8), at="2026-03-11T11:00:00+00:00")
    await chest(chat)
    await chat.tap("Bench press")


@scene
async def exercise_with_done_sets(chat: Chat) -> None:
    await last_time(chat)
    await train(chat, "Bench press", ("62.5", 10), ("62.5", 9), at="2026-03-11T11:00:00+00:00")
    await chest(chat)
    await chat.tap("Bench press")


@scene
async def exercise_six_sets_done(chat: Chat) -> None:
    await train(chat, "Bench press", *[("62.5", 8)] * 6, at="2026-03-11T11:00:00+00:00")
    await chest(chat)
    await chat.tap("Bench press")


@scene
async def exercise_full_day(chat: Chat) -> None:
    await last_time(chat)
    await train(chat, "Bench press", *[("62.5", 8)] * 20, at="2026-03-11T09:00:00+00:00")
    await chest(chat)
    await chat.tap("Bench press")


@scene
async def exercise_bodyweight_record(chat: Chat) -> None:
    await train(chat, "Pull-ups", (0, 12), (0, 10))
    await chat.tap("Record training", "Back", "Pull-ups")


@scene
async def exercise_of_a_marked_day(chat: Chat) -> None:
    await last_time(chat)
    await chat.tap("Record training", "Another day", "9", "Chest", "Bench press")


@scene
async def exercise_expired(chat: Chat) -> None:
    await last_time(chat)
    await chest(chat)
    await chat.tap("Bench press")
    monday = chat.data("⚡ Set 1: 60kg × 10")
    chat.person.later(days=2)
    await chat.send(monday)


@scene
async def weight_first_time(chat: Chat) -> None:
    await exercise_first_time(chat)
    await chat.tap("Set 1")


@scene
async def weight_around_the_last(chat: Chat) -> None:
    await last_time(chat)
    await chest(chat)
    await chat.tap("Bench press", "Set 2")


@scene
async def weight_lighter(chat: Chat) -> None:
    await weight_around_the_last(chat)
    await chat.tap("◀ lighter")


@scene
async def weight_heavier(chat: Chat) -> None:
    await weight_around_the_last(chat)
    await chat.tap("heavier ▶")


@scene
async def weight_with_own_weights(chat: Chat) -> None:
    await train(chat, "Squat", ("61.25", 5), ("66.75", 5))
    await weight_around_the_last(chat)


@scene
async def weight_after_sets_today(chat: Chat) -> None:
    await exercise_with_done_sets(chat)
    await chat.tap("Set 3")


@scene
async def weight_of_a_marked_day(chat: Chat) -> None:
    await exercise_of_a_marked_day(chat)
    await chat.tap("Set 2")


@scene
async def weight_after_bodyweight(chat: Chat) -> None:
    await exercise_bodyweight_record(chat)
    await chat.tap("Set 1")


@scene
async def reps(chat: Chat) -> None:
    await weight_around_the_last(chat)
    await chat.tap("65kg")


@scene
async def reps_first_time(chat: Chat) -> None:
    await weight_first_time(chat)
    await chat.tap("20kg")


@scene
async def reps_bodyweight(chat: Chat) -> None:
    await weight_after_bodyweight(chat)
    await chat.tap("Bodyweight")


@scene
async def reps_of_a_marked_day(chat: Chat) -> None:
    await weight_of_a_marked_day(chat)
    await chat.tap("70kg")


@scene
async def saved_very_first(chat: Chat) -> None:
    await reps_first_time(chat)
    await chat.tap("10")


@scene
async def saved(chat: Chat) -> None:
    await reps(chat)
    await chat.tap("8")


@scene
async def saved_by_one_tap(chat: Chat) -> None:
    for hour, name in enumerate(("Bench press", "Incline smith", "Pec deck"), 12):
        await train(chat, name, (60, 10), (65, 8), (65, 7), at=f"2026-03-04T{hour}:00:00+00:00")
    await chat.tap("Record training", "Chest", "Bench press", "⚡ Set 1: 60kg × 10")


@scene
async def saved_with_record(chat: Chat) -> None:
    await weight_around_the_last(chat)
    await chat.tap("85kg", "5")


@scene
async def saved_bodyweight(chat: Chat) -> None:
    await reps_bodyweight(chat)
    await chat.tap("14")


@scene
async def saved_on_a_marked_day(chat: Chat) -> None:
    await reps_of_a_marked_day(chat)
    await chat.tap("6")


@scene
async def saved_the_twentieth(chat: Chat) -> None:
    await train(chat, "Bench press", *[("62.5", 8)] * 19, at="2026-03-11T09:00:00+00:00")
    await chest(chat)
    await chat.tap("Bench press", "⚡ Set 20: 62.5kg × 8")


@scene
async def saved_already(chat: Chat) -> None:
    await reps(chat)
    twice = chat.data("8")
    await chat.send(twice)
    await chat.send(twice)


@scene
async def saved_already_with_other_numbers(chat: Chat) -> None:
    await reps(chat)
    eight, nine = chat.data("8"), chat.data("9")
    await chat.send(eight)
    await chat.send(nine)


@scene
async def saved_too_soon(chat: Chat) -> None:
    await saved_by_one_tap(chat)
    chat.person.later(seconds=-4)
    await chat.tap("⚡ Set 2: 65kg × 8")


@scene
async def saved_too_soon_of_another_exercise(chat: Chat) -> None:
    await saved_by_one_tap(chat)
    await chat.tap("⚡ Set 2: 65kg × 8", "➡️ Incline smith")
    chat.person.later(seconds=-8)  # as fast as two thumbs can be
    await chat.tap("⚡ Set 1: 60kg × 10")


@scene
async def set_done_is_opened(chat: Chat) -> None:
    await exercise_with_done_sets(chat)
    await chat.tap("✅ Set 1: 62.5kg × 10")


@scene
async def removed(chat: Chat) -> None:
    await last_time(chat)
    await chest(chat)
    bench = chat.data("Bench press")
    await chat.person.sql(
        "INSERT INTO user_hidden_exercises (user_id, exercise_id) VALUES (%s, 1)",
        chat.person.id,
    )
    await chat.send(bench)


@scene
async def removed_on_a_marked_day(chat: Chat) -> None:
    await exercise_of_a_marked_day(chat)
    set_2 = chat.data("Set 2")
    await chat.person.sql("INSERT INTO user_hidden_exercises (user_id, exercise_id) VALUES (%s, 1)", chat.person.id)
    await chat.send(set_2)


@scene
async def removed_muscle(chat: Chat) -> None:
    await chat.tap("Record training")
    legs = chat.data("Legs")
    await chat.person.sql("INSERT INTO user_hidden_muscles (user_id, muscle_id) VALUES (%s, 7)", chat.person.id)
    await chat.send(legs)


@scene
async def calendar(chat: Chat) -> None:
    await chat.tap("Record training", "Another day")


@scene
async def calendar_earlier_month(chat: Chat) -> None:
    await calendar(chat)
    await chat.tap("◀")


@scene
async def muscles_of_a_marked_day(chat: Chat) -> None:
    await calendar(chat)
    await chat.tap("9")


@scene
async def exercises_of_a_marked_day(chat: Chat) -> None:
    await last_time(chat)
    await muscles_of_a_marked_day(chat)
    await chat.tap("Chest")


@scene
async def set_done_of_a_marked_day(chat: Chat) -> None:
    await saved_on_a_marked_day(chat)
    await chat.tap(BACK, "✅ Set 2: 70kg × 6")


@scene
async def weight_instead(chat: Chat) -> None:
    await set_done_is_opened(chat)
    await chat.tap("Replace")


@scene
async def reps_instead(chat: Chat) -> None:
    await weight_instead(chat)
    await chat.tap("65kg")


@scene
async def replaced(chat: Chat) -> None:
    await reps_instead(chat)
    await chat.tap("8")


@scene
async def replaced_after_the_question(chat: Chat) -> None:
    await saved_already_with_other_numbers(chat)
    await chat.tap("Replace")


@scene
async def kept(chat: Chat) -> None:
    await saved_already_with_other_numbers(chat)
    await chat.tap("Keep")


@scene
async def replace_asked_anew(chat: Chat) -> None:
    """The set was changed by a line while its `Replace` was on the screen."""
    await saved_already_with_other_numbers(chat)
    replace_it = chat.data("Replace")
    await chat.tap(BACK, "✅ Set 2: 65kg × 8", "Replace", "70kg", "6")
    await chat.send(replace_it)


@scene
async def deleted(chat: Chat) -> None:
    await set_done_is_opened(chat)
    await chat.tap("Delete")


@scene
async def deleted_and_put_back(chat: Chat) -> None:
    await deleted(chat)
    await chat.tap("↩️ Put back: 62.5kg × 10")


@scene
async def deleted_too_late(chat: Chat) -> None:
    """The set was changed by a line while its `Delete` was on the screen."""
    await set_done_is_opened(chat)
    delete = chat.data("Delete")
    await chat.tap("Replace", "65kg", "8")
    await chat.send(delete)


@scene
async def undone_one(chat: Chat) -> None:
    await saved(chat)
    await chat.tap("Undo")


@scene
async def undone_several(chat: Chat) -> None:
    await saved_several(chat)
    await chat.tap("Undo")


@scene
async def undone_two(chat: Chat) -> None:
    await exercise_first_time(chat)
    await chat.write("2x8@60")
    await chat.tap("Undo")


@scene
async def undone_after_replace(chat: Chat) -> None:
    await replaced(chat)
    await chat.tap("Undo")


@scene
async def undone_nothing(chat: Chat) -> None:
    await saved(chat)
    undo = chat.data("Undo")
    await chat.tap("Undo")
    await chat.send(undo)


@scene
async def saved_several(chat: Chat) -> None:
    await exercise_last_training_and_record(chat)
    await chat.write("3x8@60")


@scene
async def saved_several_with_record(chat: Chat) -> None:
    await exercise_last_training_and_record(chat)
    await chat.write("3x8@80")


@scene
async def saved_several_with_a_gap(chat: Chat) -> None:
    await exercise_first_time(chat)
    await chat.tap("Set 2", "20kg", "10", BACK)
    await chat.write("3x8@20")


@scene
async def saved_by_a_line_already(chat: Chat) -> None:
    await reps(chat)
    eight, asked = chat.data("8"), chat.remembered
    await chat.send(eight)
    chat.remembered = asked
    await chat.write("8")


@scene
async def saved_by_a_line_with_other_numbers(chat: Chat) -> None:
    await reps(chat)
    eight, asked = chat.data("8"), chat.remembered
    await chat.send(eight)
    chat.remembered = asked
    await chat.write("9")


@scene
async def weight_typed(chat: Chat) -> None:
    await exercise_last_training_and_record(chat)
    await chat.write("61,25")


@scene
async def weight_typed_wrongly(chat: Chat) -> None:
    await weight_around_the_last(chat)
    await chat.write("60,555")


@scene
async def reps_typed_wrongly(chat: Chat) -> None:
    await reps(chat)
    await chat.write("2.5")


@scene
async def line_that_could_mean_several_things(chat: Chat) -> None:
    await chat.tap("Record training")
    await chat.write("1e3")


@scene
async def doubtful_by_the_record(chat: Chat) -> None:
    await weight_around_the_last(chat)
    await chat.write("180")


@scene
async def doubtful_by_the_last(chat: Chat) -> None:
    await train(chat, "Bench press", (100, 5), at="2024-12-10T12:00:00+00:00")
    await train(chat, "Bench press", (8, 10), at="2024-12-15T12:00:00+00:00")
    await chest(chat)
    await chat.tap("Bench press")
    await chat.write("80.5x10")


@scene
async def doubtful_of_a_marked_day(chat: Chat) -> None:
    await exercise_of_a_marked_day(chat)
    await chat.write("180x8")


@scene
async def doubtful_and_chosen(chat: Chat) -> None:
    await exercise_last_training_and_record(chat)
    await chat.write("2x8@180")
    await chat.tap("80kg")


async def in_pounds(chat: Chat) -> None:
    await chat.send("pu1:lb")
    await chat.tap(BACK)


@scene
async def settings_listed(chat: Chat) -> None:
    await chat.tap("Settings")


@scene
async def settings_in_pounds_by_step(chat: Chat) -> None:
    await chat.tap("Settings", "lb", "5lb")


@scene
async def pounds_saved(chat: Chat) -> None:
    await in_pounds(chat)
    await last_time(chat)
    await (await chest(chat)).tap("Bench press", "Set 1", "135lb", "10")


@scene
async def pounds_of_which_weight(chat: Chat) -> None:
    await pounds_saved(chat)
    await chat.tap("Continue Exercise")


@scene
async def pounds_shown_in_kilos(chat: Chat) -> None:
    await pounds_saved(chat)
    await chat.send("pu1:kg")
    await chat.tap(BACK, "Record training", "▶ Bench press: Set 2")


@scene
async def pounds_typed_too_heavy(chat: Chat) -> None:
    await in_pounds(chat)
    await (await chest(chat)).tap("Bench press")
    await chat.write("2300x5")


@scene
async def pounds_doubtful(chat: Chat) -> None:
    await in_pounds(chat)
    await last_time(chat)
    await (await chest(chat)).tap("Bench press")
    await chat.write("295x5")


@scene
async def pounds_for_which_exercise(chat: Chat) -> None:
    await in_pounds(chat)
    await last_time(chat)
    await chat.write("press 135x5")


@scene
async def pounds_of_a_day(chat: Chat) -> None:
    await pounds_saved(chat)
    await chat.tap("Finish")


@scene
async def weight_by_step(chat: Chat) -> None:
    await chat.tap("Settings", "1.25kg", BACK)
    await last_time(chat)
    await (await chest(chat)).tap("Bench press", "Set 1")


@scene
async def weight_by_step_in_pounds(chat: Chat) -> None:
    await in_pounds(chat)
    await chat.tap("Settings", "10lb", BACK)
    await last_time(chat)  # 60kg: no full number of pounds
    await (await chest(chat)).tap("Bench press", "Set 1")


@scene
async def which_exercise(chat: Chat) -> None:
    for name in ("Hammer incline", "Squat"):
        await train(chat, name, (60, 10))
    await chat.tap("Record training")
    await chat.write("incl")


@scene
async def which_exercise_of_many(chat: Chat) -> None:
    await chat.tap("Record training")
    await chat.write("curl")


@scene
async def which_exercise_of_a_marked_day(chat: Chat) -> None:
    await muscles_of_a_marked_day(chat)
    await chat.write("incl")


@scene
async def which_exercise_for_a_set(chat: Chat) -> None:
    await chat.tap("Record training")
    await chat.write("incl 62,5x8")


@scene
async def which_exercise_for_sets(chat: Chat) -> None:
    for number, name in enumerate(("Squat", "Leg press", "Crunch")):
        await train(chat, name, (60, 10), at=f"2026-03-04T12:{number}0:00+00:00")
    await chat.write("3x12xbw")


@scene
async def which_exercise_for_sets_of_somebody_new(chat: Chat) -> None:
    await chat.write("60x8")


@scene
async def which_exercise_when_no_name_fits(chat: Chat) -> None:
    await chat.tap("Record training")
    await chat.write("qqqq 60x8")


@scene
async def note_asked(chat: Chat) -> None:
    await exercise_last_training_and_record(chat)
    await chat.tap("📝 Note")


@scene
async def note_kept(chat: Chat) -> None:
    await note_asked(chat)
    await chat.write("  seat 4,\n narrow <b>grip</b> ")


@scene
async def note_in_the_head(chat: Chat) -> None:
    await note_kept(chat)
    await chat.tap("Set 1")


@scene
async def note_asked_again(chat: Chat) -> None:
    await note_kept(chat)
    await chat.tap("📝 Note")


@scene
async def note_too_long(chat: Chat) -> None:
    await note_asked(chat)
    await chat.write("x" * 201)


@scene
async def note_unreadable(chat: Chat) -> None:
    await note_asked_again(chat)
    await chat.write("seat\0 4")


@scene
async def note_removed(chat: Chat) -> None:
    await note_asked_again(chat)
    await chat.tap("Remove the note")


@scene
async def summary(chat: Chat) -> None:
    chat.person.later(minutes=-66)
    await chat.tap("Record training", "Chest", "Bench press")
    await chat.write("3x8@62,5")
    chat.person.later(minutes=40)
    await chat.write("pull-ups bw x 12")
    await chat.write("5 10")
    chat.person.later(minutes=21)
    await chat.write("leg press 300x20")
    await chat.tap("Finish")


@scene
async def summary_of_one_set(chat: Chat) -> None:
    await saved_bodyweight(chat)
    await chat.tap("Finish")


@scene
async def summary_of_nothing(chat: Chat) -> None:
    await saved(chat)
    finish = chat.data("Finish")
    await chat.tap("Undo")
    await chat.send(finish)


@scene
async def summary_of_a_marked_day(chat: Chat) -> None:
    await saved_on_a_marked_day(chat)
    await chat.tap("Finish")


@scene
async def line_for_a_day_that_is_over(chat: Chat) -> None:
    await saved(chat)
    chat.person.later(hours=20)
    await chat.write("70x5")


@scene
async def line_of_yesterday_that_arrives_today(chat: Chat) -> None:
    chat.person.later(hours=11, minutes=40)
    await saved(chat)
    chat.person.later(minutes=18)
    await chat.write("62.5x7", late=900)


@scene
async def line_for_a_full_day(chat: Chat) -> None:
    await train(chat, "Bench press", *[("62.5", 8)] * 18, at="2026-03-11T09:00:00+00:00")
    await chest(chat)
    await chat.tap("Bench press")
    await chat.write("3x8@60")


@scene
async def weight_for_a_full_day(chat: Chat) -> None:
    await exercise_full_day(chat)
    await chat.write("60")


@scene
async def undo_of_a_day_that_is_over(chat: Chat) -> None:
    await saved(chat)
    undo = chat.data("Undo")
    chat.person.later(hours=20)
    await chat.send(undo)


@scene
async def lost_place(chat: Chat) -> None:
    await reps(chat)
    chat.remembered = NOTHING  # Redis was emptied
    await chat.write("8")


@scene
async def not_understood(chat: Chat) -> None:
    await chat.tap("Record training")
    await chat.write("hello there")


@scene
async def not_understood_at_an_exercise(chat: Chat) -> None:
    await reps(chat)
    await chat.write("hello there")


@pytest.mark.parametrize("name", SCENES)
async def test_screen(chat: Chat, name: str) -> None:
    await SCENES[name](chat)
    chat.sees_as_in(FOLDER / f"{name.rstrip('-')}.txt")


def test_no_snapshot_is_left_over() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == {name.rstrip("-") for name in SCENES}


# The contract's own words.


async def test_the_exercise_screen_is_the_contract_s_letter_by_letter(chat: Chat) -> None:
    await exercise_last_training_and_record(chat)
    words, entities = parse(chat.screen.text)
    assert (
        words
        == """\
📊 Your last training for Bench press (15-12-2024):

+-------+-------------+------+
| Set   | Weight (kg) | Reps |
+-------+-------------+------+
| Set 1 | 60kg        | 10   |
| Set 2 | 65kg        | 8    |
+-------+-------------+------+

Your PR: 80kg for 5 reps (10 December 2024)

Select set"""
    )
    assert [entity["type"] for entity in entities] == ["pre"]  # the table alone


async def test_the_first_time_and_only_today_are_the_contract_s(chat: Chat) -> None:
    await exercise_first_time(chat)
    assert parse(chat.screen.text)[0] == "📝 You haven't done Bench press before.\n\nSelect set"
    await chat.tap("Set 1", "20kg", "10", BACK)
    assert parse(chat.screen.text)[0] == "Your PR: 20kg for 10 reps (11 March 2026)\n\nSelect set"


async def test_the_line_to_beat(chat: Chat) -> None:
    await weight_around_the_last(chat)
    assert "\n\nLast time set 2: 65kg × 8\n\n" in chat.screen.text
    await chat.tap(BACK, "Set 3")
    assert "Last time" not in chat.screen.text


async def test_a_record_is_told_once(chat: Chat) -> None:
    await saved_with_record(chat)
    assert "🏆 New record!" in chat.screen.text
    await chat.tap(BACK, "✅ Set 2: 85kg × 5")
    assert "🏆" not in view(chat.screen)


# The tree of going back: each scene goes up to the scene beside it.

UP = {
    "muscles": "menu_",
    "muscles_likely": "menu_",
    "muscles_of_a_marked_day": "menu_",
    "calendar": "muscles",
    "calendar_earlier_month": "muscles",
    "exercises_untrained": "muscles",
    "exercises_compact": "muscles_likely_any",
    "exercises_all": "exercises_compact",
    "exercises_page_2": "muscles",
    "exercises_last_page_after_show_all": "exercises_compact_of_two",
    "exercises_of_a_marked_day": "muscles_of_a_marked_day",
    "exercise_first_time": "exercises_untrained",
    "weight_first_time": "exercise_first_time",
    "reps_first_time": "weight_first_time",
    "exercise_last_training_and_record": "chest_list",
    "weight_around_the_last": "exercise_last_training_and_record",
    "weight_lighter": "exercise_last_training_and_record",
    "weight_heavier": "exercise_last_training_and_record",
    "reps": "weight_around_the_last",
    "exercise_of_a_marked_day": "exercises_of_a_marked_day",
    "weight_of_a_marked_day": "exercise_of_a_marked_day",
    "reps_of_a_marked_day": "weight_of_a_marked_day",
    "set_done_is_opened": "exercise_with_done_sets",
    "weight_instead": "exercise_with_done_sets",
    "reps_instead": "set_done_is_opened",
    "saved_already_with_other_numbers": "kept",
    "which_exercise": "muscles_above_which",
    "which_exercise_of_a_marked_day": "muscles_of_a_marked_day",
    "doubtful_by_the_record": "exercise_last_training_and_record",
    "doubtful_of_a_marked_day": "exercise_of_a_marked_day",
    "note_asked": "exercise_last_training_and_record",
    "note_too_long": "exercise_last_training_and_record",
    "summary_of_nothing": "menu_",
    "summary_of_a_marked_day": "menu_",
}


async def chest_list(chat: Chat) -> None:
    await last_time(chat)
    await chest(chat)


async def muscles_above_which(chat: Chat) -> None:
    for name in ("Hammer incline", "Squat"):
        await train(chat, name, (60, 10))
    await chat.tap("Record training")


async def muscles_likely_any(chat: Chat) -> None:
    for name in ("Bench press", "Incline smith", "Pec deck", "Chest dips", "Push-ups", "Cable crossover"):
        await train(chat, name, (60, 10))
    await chat.tap("Record training")


@pytest.mark.parametrize("name", UP)
async def test_go_back_goes_up(chat: Chat, rooms: list[Router], someone: NewPerson, name: str) -> None:
    await globals()[name](chat)
    last = chat.screen.keyboard[-1]
    assert [button["text"] for button in last] == [BACK], "the last row, by itself"
    await chat.tap(BACK)
    above = Chat(await someone(), rooms)
    await globals()[UP[name]](above)
    assert chat.sees() == above.sees()


@pytest.mark.parametrize("name", SCENES)
def test_go_back_is_the_last_button_of_every_screen_but_the_menu(name: str) -> None:
    """Read from the snapshots, which test_screen compares with the screens."""
    lines = (FOLDER / f"{name.rstrip('-')}.txt").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("[")]
    is_menu = name in ("menu-", "lost-place", "not-understood")
    assert sum(row.count(f"[{BACK}]") for row in rows) == (0 if is_menu else 1)
    assert is_menu or rows[-1] == f"[{BACK}]"


async def test_from_saved_up_to_the_menu(chat: Chat) -> None:
    await saved(chat)
    titles = []
    for _ in range(4):
        await chat.tap(BACK)
        titles.append(parse(chat.screen.text)[0].splitlines()[0])
    assert titles == [
        "📊 Your last training for Bench press (15-12-2024):",
        "💪 Chest",
        "💪 What are you training?",
        "🏋️ Your gym log",
    ]


@pytest.mark.parametrize("way", ["short list", "Show All", "a page", "likely", "➡️", "saved", "expired"])
async def test_an_exercise_goes_to_the_short_list_however_it_was_reached(chat: Chat, way: str) -> None:
    bench = await train(chat, "Bench press", (60, 10), (60, 10))
    await train(chat, "Squat", (60, 10))  # its muscle is another; what came next
    if way == "a page":
        for number in range(60):
            await chat.person.own_exercise(f"Press of mine {number:03}")
    await chat.tap("Record training")
    match way:
        case "short list":
            await chat.tap("Chest", "Bench press")
        case "Show All":
            await chat.tap("Chest", "Show All", "Bench press")
        case "a page":
            await chat.tap("Chest", "Show All", "▶", "Smith flat")
        case "likely":
            await chat.tap("▶ Bench press")
        case "➡️":
            await chat.tap("▶ Squat")
            await train(chat, "Squat", (50, 5), at="2026-03-05T12:00:00+00:00")
            await train(chat, "Bench press", (50, 5), at="2026-03-05T13:00:00+00:00")
            await chat.tap("⚡ Set 1: 60kg × 10", "➡️ Bench press")
        case "saved":
            await chat.tap("Chest", "Show All", "Bench press", "⚡ Set 1: 60kg × 10", BACK)
        case "expired":
            await chat.tap("Chest", "Show All", "Bench press")
            set_1 = chat.data("Set 1")
            chat.person.later(days=2)
            await chat.send(set_1)
    await chat.tap(BACK)
    assert parse(chat.screen.text)[0].splitlines()[0] == "💪 Chest"
    shown = [button["text"] for row in chat.screen.keyboard for button in row]
    assert shown == ["Bench press", "Show All", BACK]
    assert f"re1:{bench}:" in button_data(chat.screen)[0]


async def test_a_marked_day_is_named_on_every_screen_and_kept(chat: Chat) -> None:
    steps = ("Record training", "Another day", "9", "Chest", "Bench press", "Set 1", "20kg", "10", "Another exercise")
    for number, step in enumerate(steps):
        await chat.tap(step)
        if number >= 2:
            assert parse(chat.screen.text)[0].startswith("📅 For Monday 9 March 2026"), step
    await chat.tap(BACK)
    assert chat.sees() == view(menu.menu())
    assert [row[0] for row in await chat.person.rows()] == ["2026-03-09"]


async def test_the_exercise_s_first_button_is_the_one_tap_set(chat: Chat) -> None:
    for hour, name in enumerate(("Bench press", "Incline smith"), 12):
        await train(chat, name, (60, 10), (65, 8), at=f"2026-03-04T{hour}:00:00+00:00")
    await chat.tap("Record training", "▶ Bench press")
    assert chat.screen.keyboard[0][0]["text"] == "⚡ Set 1: 60kg × 10"
    await chat.tap("⚡ Set 1: 60kg × 10", "➡️ Incline smith")
    assert chat.screen.keyboard[0][0]["text"] == "⚡ Set 1: 60kg × 10"


async def test_taps_of_a_set(chat: Chat) -> None:
    """One when repeating, three when changing, five for the very first (from the muscles on)."""
    await chat.tap("Record training")
    await chat.tap("Chest", "Bench press", "Set 1", "20kg", "10")
    assert len(await chat.person.rows()) == 1
    await chat.tap("⚡ Set 2: 20kg × 10")
    assert len(await chat.person.rows()) == 2
    await chat.tap("Continue Exercise", "22.5kg", "8")
    assert len(await chat.person.rows()) == 3


# The largest and the strangest.

LARGEST = 2**31 - 1
FAR = GymDay(date(2273, 10, 15), marked=True)  # 99999 days from 2000
HEAVY = Decimal("999.98974")  # 2204.6 lb
LONGEST_BUTTON = RecordEntry(
    exercise=LARGEST, entry=2**63 - 1, sets=20, set_no=20, weight=HEAVY, reps=999, sure=True, day=written(FAR)
)


def largest_session(name: str, *, sets: int, last_sets: int, expired: bool = False) -> Session:
    def so_many(count: int) -> tuple[Set, ...]:
        return tuple(Set(number, HEAVY - number, 999) for number in range(1, count + 1))

    return Session(
        exercise=Exercise(LARGEST, name),
        muscle_id=LARGEST,
        day=FAR,
        sets=so_many(sets),
        newest=sets or None,
        last_day=FAR.day,
        last_sets=so_many(last_sets),
        days=9999,
        record=Record(HEAVY, 999, FAR.day),
        follower=Exercise(LARGEST - 1, name),
        own_weights=tuple(HEAVY - Decimal(number) / 50 for number in range(300)),
        unit=Unit.LB,
        step=Decimal(10),
        note=(name * 200)[:200],
        expired=FAR.day if expired else None,
    )


def largest_day(name: str) -> Summary:
    done = tuple(Set(number, HEAVY, 999) for number in range(1, HIGHEST_SET + 1))
    return Summary(
        FAR.day, (Stretch(Exercise(2**31 - 1, name), done, done[0]),) * 30, 600, 600 * HEAVY * 999, 99_999, Unit.LB
    )


def largest_screens(name: str, *, sets: int, last_sets: int) -> list[Screen]:
    """Every screen there is, with the largest numbers and this name wherever one can stand."""
    session = largest_session(name, sets=sets, last_sets=last_sets)
    many = MuscleList(
        Muscle(LARGEST, name),
        tuple(Trained(Exercise(LARGEST - number, name), 99_999, NOON) for number in range(230)),
    )
    likely = tuple(Likely(Exercise(LARGEST - number, name), 20) for number in range(3))
    start = Start(FAR.day, tuple(Muscle(LARGEST - number, name) for number in range(38)), likely, Unit.LB)
    none = MuscleList(Muscle(LARGEST, name), ())
    ten = [each.exercise for each in many.exercises[:10]]
    return [
        screens.muscles(start, FAR, first=9999),
        screens.exercises(many, FAR),
        screens.exercises(none, FAR),
        *(screens.all_exercises(many, FAR, number=number) for number in (1, 2, 6)),
        screens.exercise(session),
        screens.exercise(largest_session(name, sets=sets, last_sets=last_sets, expired=True)),
        *(screens.pick_weight(session, 20, start=start_at) for start_at in (None, 0, 40, 9999)),
        screens.pick_reps(session, 20, HEAVY),
        screens.pick_reps(session, 20, Decimal(0)),
        *(
            screens.saved(session, [1], entry=2**62, fresh=fresh, record=fresh, toast=name)
            for fresh in (True, False)
            if sets
        ),
        screens.saved(session, range(1, sets + 1), entry=2**62, fresh=True, record=True, toast=name),
        screens.saved(session, [1], entry=2**62, replaced=True),
        screens.set_done(session, max(sets, 1)),
        screens.replace_or_keep(session, Set(max(sets, 1), HEAVY, 999)),
        screens.deleted(session, Set(20, HEAVY, 999)),
        screens.undone(session, Undone(tuple(range(1, 21)))),
        screens.undone(session, Undone(restored=Set(20, HEAVY, 999))),
        screens.undone(session, Undone()),
        screens.doubtful(session, HEAVY, HEAVY, choices=[(HEAVY, LONGEST_BUTTON)] * 2),
        screens.which_exercise(ten, None, unit=Unit.LB, entry=2**62, day=FAR, more=True),
        screens.which_exercise(ten, Entered(20, HEAVY, 999), unit=Unit.LB, entry=2**63 - 1, day=FAR),
        screens.ask_note(session),
        screens.summary(largest_day(name)),
        screens.another_day(FAR.day, 200002),
        screens.another_day(FAR.day),
    ]


@pytest.mark.parametrize("sets", [0, 1, 19, 20])
@pytest.mark.parametrize("last_sets", [1, 99])
async def test_the_largest_screens_are_within_telegram_s_limits(rooms: list[Router], sets: int, last_sets: int) -> None:
    assert written(FAR) == "99999m"
    for name in ("W" * 64, "Ж" * 64, "<&>\"'" * 12):
        for screen in largest_screens(name, sets=sets, last_sets=last_sets):
            check(screen)
            await check_callbacks(rooms, screen)


async def test_a_page_of_forty_names_of_sixty_four_emoji(chat: Chat) -> None:
    for number in range(80):
        await chat.person.own_exercise("💪" * 62 + f"{number:02}", 8)
    await chat.tap("Record training", "Abs", "▶")


def test_thirty_muscles_of_sixty_four_emoji_on_a_marked_day() -> None:
    own = tuple(Muscle(1_000_000 + number, "💪" * 64) for number in range(30))
    likely = tuple(Likely(Exercise(1_000_000 + number, "💪" * 64), 3) for number in range(3))
    eight = tuple(Muscle(number, name) for number, name in enumerate(MUSCLES, 1))
    check(screens.muscles(Start(NOON.date(), (*eight, *own), likely, Unit.KG), GymDay(date(2026, 3, 9), marked=True)))


FORGED = {
    "a set that no day has": "rs1:1:21:9566",
    "set 0": "rr1:1:0:60:10:9566",
    "set 21": "rq1:1:21:60:10:9566",
    "no reps": "rr1:1:1:60:0:9566",
    "a thousand reps": "rr1:1:1:60:1000:9566",
    "no day": "rr1:1:1:60:10:",
    "page 9999": "ra1:1:9999:",
    "page 0": "ra1:1:0:",
    "the last place of the weights": "rw1:1:1:9999:9566",
    "month 0": "rc1:0",
    "month 13": "rc1:202613",
    "a month to come": "rc1:202712",
    "the last month": "rc1:999912",
    "before the first month": "rc1:199912",
    "the first month": "rc1:200001",
    "a muscle that is not there": "rl1:2147483647:",
    "an exercise that is not there": "re1:2147483647:",
    "a set of one": "rr1:2147483647:1:60:10:9566",
    "a first muscle that is not there": "rm1::9999",
    "a replacement of set 0": "rp1:1:0:60:10:65:10:9566",
    "a replacement by no reps": "rp1:1:1:60:10:65:0:9566",
    "a replacement without a day": "rp1:1:1:60:10:65:10:",
    "a deletion of nothing": "rd1:1:1:60:10:9566",
    "a deletion of set 9999": "rd1:1:9999:60:10:9566",
    "a deletion without a day": "rd1:1:1:60:10:",
    "no sets at all": "rt1:1:5:0:0:60:8:1:9566",
    "21 sets": "rt1:1:5:21:0:60:8:1:9566",
    "9999 sets": "rt1:1:5:9999:0:60:8:1:9566",
    "three sets in one": "rt1:1:5:3:2:60:8:1:9566",
    "a typed set 21": "rt1:1:5:1:21:60:8:1:9566",
    "a typed set without reps": "rt1:1:5:1:0:60:0:1:9566",
    "a typed set of a day to come": "rt1:1:5:1:0:60:8:1:9569m",
    "an undo of nothing": "ru1:1:5:9566",
    "an undo of the largest entry": f"ru1:1:{2**63 - 1}:9566",
    "an undo without a day": "ru1:1:5:",
    "the end of a day to come": "rf1:99999m",
    "the end of no day": "rf1:",
    "a note of another day": "rn1:1:99999m",
    "no note to remove": "rn2:1:",
    "a day to come": "re1:1:9567m",
    "a far day": "rs1:1:1:99999m",
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED)
async def test_a_forged_button_gets_a_screen_and_records_nothing(chat: Chat, data: str) -> None:
    await chat.send(data)
    assert await chat.person.rows() == []


UNREADABLE = [
    "re1:0:",
    "re1:2147483648:",
    "re1:-1:",
    "re1:x:",
    "re1:1:100000",
    "re1:1:mm",
    "re1:1:٣",
    "rr1:1:1:1000:10:9566",
    "rr1:1:1:NaN:10:9566",
    "rr1:1:1:Infinity:10:9566",
    "rr1:1:1:-1:10:9566",
    "rr1:1:1:60.555555:10:9566",
    "rr1:1:1:60:10.5:9566",
    "rr1:1:99999:60:10:9566",
    "rr1:1:1:60:10",
    "rc1:-1",
]


@pytest.mark.parametrize("data", UNREADABLE)
async def test_a_button_that_nobody_made_is_nobody_s(rooms: list[Router], data: str) -> None:
    assert await who_answers(rooms, query(1, data)) == []


async def test_the_removed_screens_tell_nothing(chat: Chat, someone: NewPerson) -> None:
    """Foreign, deleted, hidden, never there: the same words."""
    bob = await someone()
    foreign, deleted = await bob.own_exercise("Bob's press"), await chat.person.own_exercise("Gone")
    await chat.person.sql("UPDATE exercises SET deleted_at = now() WHERE id = %s", deleted)
    await chat.person.sql("INSERT INTO user_hidden_exercises (user_id, exercise_id) VALUES (%s, 2)", chat.person.id)
    day = written((await chat.person.open(1)).day)
    views = set()
    for exercise in (foreign, deleted, 2, LARGEST):
        for data in (
            f"re1:{exercise}:",
            f"rs1:{exercise}:1:{day}",
            f"rw1:{exercise}:1:0:{day}",
            f"rk1:{exercise}:1:60:{day}",
            f"rr1:{exercise}:1:60:10:{day}",
            f"rq1:{exercise}:1:60:10:{day}",
            f"rp1:{exercise}:1:60:10:65:10:{day}",
            f"rd1:{exercise}:1:60:10:{day}",
            f"rt1:{exercise}:5:3:0:60:10:1:{day}",
            f"ru1:{exercise}:5:{day}",
            f"rn1:{exercise}:{day}",
            f"rn2:{exercise}:{day}",
        ):
            await chat.send(data)
            views.add(chat.sees())
    assert len(views) == 1
    assert views.pop().startswith("That exercise was removed\n")


async def test_what_the_sandbox_would_refuse_is_refused_here(chat: Chat) -> None:
    """The judge itself is awake."""
    await muscles(chat)
    too_many = Screen("x", [[{"text": "a", "callback_data": "m1"}] * 9])
    with pytest.raises(Exception, match="too long"):
        check(too_many)
    with pytest.raises(AssertionError):
        check(Screen("x", [[{"text": "a", "callback_data": "m1", "url": ""}]]))
    with pytest.raises(AssertionError):
        await check_callbacks(chat.rooms, Screen("x", [[{"text": "a", "callback_data": "zz9:1"}]]))


async def test_today_is_what_the_calendar_ends_with(chat: Chat) -> None:
    await calendar(chat)
    today = await chat.person.db.run(service.today, act=chat.person.act())
    days = [data for data in button_data(chat.screen) if data.startswith("rm1:") and data != "rm1::0"]
    assert days[-1] == OpenStart(day=written(GymDay(today, marked=True))).pack()
