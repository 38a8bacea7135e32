"""Every screen of `/edit`, as a person reads it: reached by tapping, compared with a file in snapshots/.

`UPDATE_SNAPSHOTS=1` writes the files; read what changed before it is committed.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.state import State

from app.modules.catalog import callbacks, screens
from app.modules.memory import NOTHING, Remembered
from app.modules.states import Asked
from tests.catalog.conftest import CHEST, add_own_muscle, out_of_sight, own_names
from tests.training.conftest import NewPerson
from tests.training.test_screens import BACK, Chat, button_data, query, train, who_answers

FOLDER = Path(__file__).parent / "snapshots"
KINDS = [
    kind
    for kind in vars(callbacks).values()
    if isinstance(kind, type) and issubclass(kind, CallbackData) and kind is not CallbackData
]
SIX = ["Add muscle", "Add exercise", "Rename", "Delete", "Hide", "Show again"]

Scene = Callable[[Chat], Awaitable[Any]]
SCENES: dict[str, Scene] = {}


def scene(play: Scene) -> Scene:
    """Keep a scene under its name."""
    SCENES[play.__name__.replace("_", "-")] = play
    return play


async def fill(chat: Chat) -> None:
    """One muscle with two exercises, and one exercise in a muscle of everybody's."""
    await chat.write("/edit")
    await chat.tap("Add muscle")
    await chat.write("Neck")
    await chat.write("Neck curl")
    await chat.tap("Add another to Neck")
    await chat.write("Plate raise")
    await chat.tap(BACK, "Add exercise", "Chest")
    await chat.write("Svend press")
    await chat.tap(BACK)


@scene
async def edit(chat: Chat) -> None:
    await chat.tap("Edit exercises")


@scene
async def edit_by_command(chat: Chat) -> None:
    await chat.write("/edit")


@scene
async def ask_muscle(chat: Chat) -> None:
    await edit(chat)
    await chat.tap("Add muscle")


@scene
async def muscle_added(chat: Chat) -> None:
    await ask_muscle(chat)
    await chat.write("  Neck  &   traps ")


@scene
async def muscle_added_and_its_exercise(chat: Chat) -> None:
    await muscle_added(chat)
    await chat.write("Neck curl")


@scene
async def muscle_there(chat: Chat) -> None:
    await ask_muscle(chat)
    await chat.write("CHEST")


@scene
async def muscle_there_hidden(chat: Chat) -> None:
    await edit(chat)
    await chat.tap("Hide", "Chest", "🙈 Hide all of Chest", BACK, "Add muscle")
    await chat.write("chest")


@scene
async def muscle_there_hidden_is_back(chat: Chat) -> None:
    await muscle_there_hidden(chat)
    await chat.tap("Show again: Chest")


@scene
async def name_too_long(chat: Chat) -> None:
    await ask_muscle(chat)
    await chat.write("N" * 65)


@scene
async def name_unreadable(chat: Chat) -> None:
    await edit(chat)
    await chat.tap("Add exercise", "Chest")
    await chat.write("Ben\u200bch")


@scene
async def muscles_full(chat: Chat) -> None:
    await chat.person.sql(
        """INSERT INTO muscles (name, is_global, created_by)
           SELECT 'Own ' || n, FALSE, %s FROM generate_series(1, 30) AS n""",
        chat.person.id,
    )
    await ask_muscle(chat)


@scene
async def exercises_full(chat: Chat) -> None:
    await chat.person.sql(
        """INSERT INTO exercises (name, muscle, is_global, created_by)
           SELECT 'Own ' || n, 1, FALSE, %s FROM generate_series(1, 200) AS n""",
        chat.person.id,
    )
    await edit(chat)
    await chat.tap("Add exercise")


@scene
async def places(chat: Chat) -> None:
    await fill(chat)
    await chat.tap("Add exercise")


@scene
async def no_place(chat: Chat) -> None:
    await chat.person.sql("INSERT INTO user_hidden_muscles SELECT %s, id FROM muscles WHERE is_global", chat.person.id)
    await edit(chat)
    await chat.tap("Add exercise")


@scene
async def ask_exercise(chat: Chat) -> None:
    await edit(chat)
    await chat.tap("Add exercise", "Chest")


@scene
async def exercise_added(chat: Chat) -> None:
    await ask_exercise(chat)
    await chat.write("Svend press")


@scene
async def exercise_recorded_now(chat: Chat) -> None:
    await exercise_added(chat)
    await chat.tap("Record it now")


@scene
async def exercise_recorded_by_a_line(chat: Chat) -> None:
    await exercise_added(chat)
    await chat.write("20x12")


@scene
async def exercise_there(chat: Chat) -> None:
    await ask_exercise(chat)
    await chat.write("pec   DECK")


@scene
async def exercise_there_hidden(chat: Chat) -> None:
    await edit(chat)
    await chat.tap("Hide", "Chest", "Pec deck", BACK, BACK, "Add exercise", "Chest")
    await chat.write("pec deck")


@scene
async def exercise_there_hidden_is_back(chat: Chat) -> None:
    await exercise_there_hidden(chat)
    await chat.tap("Show again: Pec deck")


@scene
async def muscle_gone_meanwhile(chat: Chat) -> None:
    await ask_exercise(chat)
    await chat.person.sql("INSERT INTO user_hidden_muscles VALUES (%s, %s)", chat.person.id, CHEST)
    await chat.write("Svend press")


@scene
async def rename(chat: Chat) -> None:
    await fill(chat)
    await chat.tap("Rename")


@scene
async def rename_two_of_one_name(chat: Chat) -> None:
    for muscle in (1, 7):
        await chat.person.own_exercise("Cable pull", muscle)
    await edit(chat)
    await chat.tap("Rename")


@scene
async def rename_nothing(chat: Chat) -> None:
    await edit(chat)
    await chat.tap("Rename")


@scene
async def ask_name(chat: Chat) -> None:
    await rename(chat)
    await chat.tap("Neck curl")


@scene
async def exercise_renamed(chat: Chat) -> None:
    await ask_name(chat)
    await chat.write("Neck curl, lying")


@scene
async def exercise_renamed_to_the_same(chat: Chat) -> None:
    await ask_name(chat)
    await chat.write("Neck curl")


@scene
async def exercise_renamed_to_another_s(chat: Chat) -> None:
    await ask_name(chat)
    await chat.write("plate RAISE")


@scene
async def muscle_renamed(chat: Chat) -> None:
    await rename(chat)
    await chat.tap("💪 Neck")
    await chat.write("Neck & traps")


@scene
async def rename_gone_meanwhile(chat: Chat) -> None:
    await ask_name(chat)
    await chat.person.sql("UPDATE exercises SET deleted_at = now() WHERE name = 'Neck curl'")
    await chat.write("Neck curl, lying")


@scene
async def delete(chat: Chat) -> None:
    await fill(chat)
    await chat.tap("Delete")


@scene
async def delete_nothing(chat: Chat) -> None:
    await edit(chat)
    await chat.tap("Delete")


@scene
async def ask_delete_exercise(chat: Chat) -> None:
    await delete(chat)
    await chat.tap("Svend press")


@scene
async def ask_delete_muscle(chat: Chat) -> None:
    await delete(chat)
    await chat.tap("💪 Neck")


@scene
async def ask_delete_muscle_of_one(chat: Chat) -> None:
    await ask_delete_muscle(chat)
    await chat.tap(BACK, "Neck curl", "Delete", "💪 Neck")


@scene
async def ask_delete_muscle_of_none(chat: Chat) -> None:
    await ask_delete_muscle_of_one(chat)
    await chat.tap("Keep", "Plate raise", "Delete", "💪 Neck")


@scene
async def exercise_deleted(chat: Chat) -> None:
    await ask_delete_exercise(chat)
    await chat.tap("Delete")


@scene
async def muscle_deleted(chat: Chat) -> None:
    await ask_delete_muscle(chat)
    await chat.tap("Delete")


@scene
async def muscle_changed_before_it_was_deleted(chat: Chat) -> None:
    await ask_delete_muscle(chat)
    seen = chat.data("Delete")
    await chat.tap(BACK, BACK, "Add exercise", "Neck")
    await chat.write("Neck bridge")
    await chat.send(seen)


@scene
async def all_deleted(chat: Chat) -> None:
    await muscle_deleted(chat)
    await chat.tap("Svend press", "Delete")


@scene
async def delete_gone_meanwhile(chat: Chat) -> None:
    await delete(chat)
    old = chat.data("Neck curl")
    await chat.tap("Neck curl", "Delete")
    await chat.send(old)


@scene
async def hide(chat: Chat) -> None:
    await fill(chat)
    await chat.tap("Hide")


@scene
async def hide_in(chat: Chat) -> None:
    await hide(chat)
    await chat.tap("Chest")


@scene
async def exercise_hidden(chat: Chat) -> None:
    await hide_in(chat)
    await chat.tap("Pec deck")


@scene
async def muscle_hidden(chat: Chat) -> None:
    await hide_in(chat)
    await chat.tap("🙈 Hide all of Chest")


@scene
async def hide_in_none(chat: Chat) -> None:
    await chat.person.sql(
        "INSERT INTO user_hidden_exercises SELECT %s, id FROM exercises WHERE muscle = 1", chat.person.id
    )
    await hide_in(chat)


@scene
async def hide_nothing(chat: Chat) -> None:
    await no_place(chat)
    await chat.tap("Hide")


@scene
async def show_again(chat: Chat) -> None:
    await edit(chat)
    await chat.tap("Hide", "Chest", "Pec deck", "Bench press", BACK, "Legs", "🙈 Hide all of Legs", BACK, "Show again")


@scene
async def show_again_nothing(chat: Chat) -> None:
    await edit(chat)
    await chat.tap("Show again")


@scene
async def exercise_shown(chat: Chat) -> None:
    await show_again(chat)
    await chat.tap("Pec deck")


@scene
async def muscle_shown(chat: Chat) -> None:
    await show_again(chat)
    await chat.tap("💪 Legs")


@scene
async def exercise_shown_of_a_hidden_muscle(chat: Chat) -> None:
    await edit(chat)
    await chat.tap("Hide", "Chest", "Pec deck", "🙈 Hide all of Chest", BACK, "Show again")
    await chat.send("es2:e:14")


@scene
async def all_shown(chat: Chat) -> None:
    await show_again(chat)
    await chat.tap("Pec deck", "Bench press", "💪 Legs")


@scene
async def cancelled(chat: Chat) -> None:
    await ask_muscle(chat)
    await chat.write("/cancel")


@scene
async def rename_page_2(chat: Chat) -> None:
    for number in range(1, 101):
        await chat.person.own_exercise(f"Press of mine {number:03}")
    await rename(chat)
    await chat.tap("▶")


@pytest.mark.parametrize("name", SCENES)
async def test_screen(chat: Chat, name: str) -> None:
    await SCENES[name](chat)
    chat.sees_as_in(FOLDER / f"{name}.txt")


def test_no_snapshot_is_left_over() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(SCENES)


@pytest.mark.parametrize("name", SCENES)
async def test_go_back_is_the_last_button_and_leads_up_to_the_menu(chat: Chat, name: str) -> None:
    await SCENES[name](chat)
    if name == "cancelled":
        return
    for _ in range(6):
        texts = [button["text"] for row in chat.screen.keyboard for button in row]
        if "Record training" in texts:
            return
        assert texts.count(BACK) == 1
        assert [button["text"] for button in chat.screen.keyboard[-1]] == [BACK]
        await chat.tap(BACK)
    raise AssertionError("the menu is not up there")


IN_VAIN = ["no-place", "rename-nothing", "delete-nothing", "hide-nothing", "show-again-nothing"]
FULL = ["muscles-full", "exercises-full"]


@pytest.mark.parametrize("name", [*IN_VAIN, *FULL, "all-deleted", "all-shown", "edit", "edit-by-command"])
async def test_edit_always_shows_all_six_buttons(chat: Chat, name: str) -> None:
    await SCENES[name](chat)
    texts = [button["text"] for row in chat.screen.keyboard for button in row]
    assert texts == [*SIX, BACK]


@pytest.mark.parametrize("name", [*IN_VAIN, *FULL])
async def test_a_button_that_can_do_nothing_says_so(chat: Chat, name: str) -> None:
    await SCENES[name](chat)
    assert chat.screen.toast
    assert chat.screen.text.endswith(screens.edit().text)
    assert len(chat.screen.text) > len(screens.edit().text)


@pytest.mark.parametrize("thing", ["Svend press", "💪 Neck"])
async def test_nothing_goes_before_it_is_confirmed(chat: Chat, thing: str) -> None:
    await delete(chat)
    before = await own_names(chat.person)
    for way_out in ("Keep", BACK):
        await chat.tap(thing, way_out)
        assert await own_names(chat.person) == before
    await chat.tap(thing, "Delete")
    assert len(await own_names(chat.person)) == (3 if thing == "Svend press" else 1)


@pytest.mark.parametrize(
    ("way", "line", "leads_to"),
    [
        (("Add muscle",), "chest", ("Chest", "💪 Chest")),
        (("Add muscle",), "NECK", ("Neck", "💪 Neck")),
        (("Add exercise", "Chest"), "bench  PRESS", ("Bench press", "You haven't done Bench press before.")),
        (("Add exercise", "Neck"), "neck curl", ("Neck curl", "You haven't done Neck curl before.")),
        (("Rename", "💪 Neck"), "CHEST", ("Chest", "💪 Chest")),
        (("Rename", "Neck curl"), "plate raise", ("Plate raise", "You haven't done Plate raise before.")),
        (("Rename", "Svend press"), "Ｂｅｎｃｈ　ｐｒｅｓｓ", ("Bench press", "You haven't done Bench press before.")),
    ],
    ids=str,
)
async def test_what_is_there_already_is_one_tap_away(
    chat: Chat, way: tuple[str, ...], line: str, leads_to: tuple[str, str]
) -> None:
    await fill(chat)
    before = await own_names(chat.person)
    await chat.tap(*way)
    await chat.write(line)
    name, sees = leads_to
    assert chat.sees().startswith(f"You already have it: {name}.")
    await chat.tap(name)
    assert sees in chat.sees()
    assert await own_names(chat.person) == before


@pytest.mark.parametrize(
    ("question", "table", "most"), [("ask-muscle", "muscles", 30), ("ask-exercise", "exercises", 200)]
)
async def test_the_last_place_is_taken_while_a_name_is_asked_for(
    chat: Chat, question: str, table: str, most: int
) -> None:
    """On another phone: what is typed then is not kept, and a sentence says why."""
    await SCENES[question](chat)
    column = "" if table == "muscles" else ", muscle"
    value = "" if table == "muscles" else ", 1"
    await chat.person.sql(
        f"INSERT INTO {table} (name, is_global, created_by{column}) "
        f"SELECT 'Own ' || n, FALSE, %s{value} FROM generate_series(1, %s) AS n",
        chat.person.id,
        most,
    )
    await chat.write("One more")
    assert f"You have {most} {table} of your own, and that is as many as I can keep." in chat.sees()
    assert len(await own_names(chat.person)) == most


async def test_what_comes_back_has_its_history(chat: Chat) -> None:
    await train(chat, "Pec deck", (50, 8))
    await chat.tap("Edit exercises", "Hide", "Chest", "Pec deck")
    await chat.write("/edit")
    await chat.tap("Show again", "Pec deck", "Record it now")
    assert "Your PR: 50kg for 8 reps (4 March 2026)" in chat.sees()


async def test_a_renamed_exercise_has_its_history(chat: Chat) -> None:
    exercise = await chat.person.own_exercise("Svend press")
    await chat.person.at("2026-03-04T12:00:00+00:00").record(exercise, 1, 20, 10)
    await chat.tap("Edit exercises", "Rename", "Svend press")
    await chat.write("Plate press")
    await chat.write("plate press")
    assert "Your last training for Plate press (04-03-2026):" in chat.sees()


@pytest.mark.parametrize("text", ["/cancel", "/gym", "/start", "/help", "/edit", "/nonsense"])
@pytest.mark.parametrize("question", ["ask-muscle", "ask-exercise", "ask-name"])
async def test_a_command_ends_a_question(chat: Chat, question: str, text: str) -> None:
    await SCENES[question](chat)
    before = await own_names(chat.person)
    await chat.write(text)
    await chat.write("Some name")
    assert await own_names(chat.person) == before


@pytest.mark.parametrize("question", ["ask-muscle", "ask-exercise", "ask-name"])
async def test_a_button_of_an_older_message_ends_a_question(chat: Chat, question: str) -> None:
    await SCENES[question](chat)
    before = await own_names(chat.person)
    for data in ("rm1::0", "e1", "er1:1", "re1:1:"):
        await SCENES["ask-muscle"](Chat(chat.person, chat.rooms))
        await chat.send(data)
        await chat.write("Some name")
        assert await own_names(chat.person) == before
        assert "Some name" not in chat.sees()


@pytest.mark.parametrize("question", ["ask-muscle", "ask-exercise", "ask-name"])
async def test_a_name_after_redis_was_emptied_changes_nothing(chat: Chat, question: str) -> None:
    await SCENES[question](chat)
    before = await own_names(chat.person)
    chat.remembered = NOTHING
    await chat.write("Some name")
    assert await own_names(chat.person) == before
    assert "nothing saved is gone" in chat.sees()


@pytest.mark.parametrize("about", [{}, {"muscle": "1"}, {"muscle": None}, {"kind": "x", "id": 1.5}, {"id": 10**12}])
@pytest.mark.parametrize("asks", [Asked.muscle_name, Asked.exercise_name, Asked.new_name])
async def test_another_version_s_memory_breaks_nothing(chat: Chat, asks: State, about: dict[str, Any]) -> None:
    chat.remembered = Remembered(asks.state, about)
    await chat.write("Some name")
    added = await own_names(chat.person)
    assert added == ([("", "Some name", "some name")] if asks is Asked.muscle_name else [])


FORGED = ["ex1:{id}", "en1:m:{id}", "en1:e:{id}", "ea1:m:{id}", "ea1:e:{id}", "ed2:m:{id}:0", "ed2:e:{id}:0"]
FORGED += ["ei1:{id}:1", "eh2:m:{id}:1", "eh2:e:{id}:1", "es2:m:{id}", "es2:e:{id}"]


@pytest.mark.parametrize("data", FORGED)
async def test_foreign_deleted_and_missing_are_answered_alike(chat: Chat, someone: NewPerson, data: str) -> None:
    """The same words, the same work; nothing is changed, and nothing is learnt."""
    bob = await someone()
    kind = "exercises" if ":e:" in data else "muscles"
    muscle = await add_own_muscle(bob, "Bob's")
    foreign = {"muscles": muscle, "exercises": await bob.own_exercise("Bob's", muscle)}[kind]
    ids = [foreign, 2_000_000_000]
    if data.startswith(("ex1", "en1", "ea1")):  # what was one's own
        mine = await add_own_muscle(chat.person, "Gone")
        ids.append({"muscles": mine, "exercises": await chat.person.own_exercise("Gone", mine)}[kind])
        await chat.person.sql("UPDATE muscles SET deleted_at = now() WHERE id = %s", mine)
    if data.startswith(("en1", "ea1", "ed2")):
        ids.append(3)  # everybody's
    before, trips, views = await own_names(bob), set(), set()
    for id_ in ids:
        counted = chat.person.db.trips
        await chat.send(data.format(id=id_))
        trips.add(chat.person.db.trips - counted)
        views.add(chat.sees())
    assert len(views) == 1
    assert "nothing was changed" in views.pop()
    assert max(trips) <= 4  # and the plans of the first time
    assert await own_names(bob) == before
    assert await out_of_sight(chat.person) == ([], [])


@pytest.mark.parametrize(
    "data", ["en1:x:1", "en1:m:0", "en1:m:2147483648", "ea1::1", "ed2:m:1:-1", "eh2:m:1", "ep1:x", "ex1:", "e1:1"]
)
async def test_a_button_that_nobody_made_is_nobody_s(rooms: list[Router], data: str) -> None:
    assert await who_answers(rooms, query(1, data)) == []


@pytest.mark.parametrize("data", ["ep1:9999", "er1:0", "ed1:77", "eh1:9999", "ei1:1:9999", "es1:9999"])
async def test_a_page_that_is_not_there_is_the_nearest_one(chat: Chat, data: str) -> None:
    await show_again(chat)
    await fill(chat)
    await chat.send(data)
    assert len(chat.screen.keyboard) > 1


def test_every_prefix_is_this_room_s_own() -> None:
    assert len({kind.__prefix__ for kind in KINDS}) == len(KINDS)
    assert all(kind.__prefix__.startswith("e") for kind in KINDS)


async def test_every_kind_of_button_is_on_some_screen(someone: NewPerson, rooms: list[Router]) -> None:
    seen: set[str] = set()
    for play in SCENES.values():
        chat = Chat(await someone(), rooms)
        await play(chat)
        seen |= {data.split(":")[0] for data in button_data(chat.screen)}
    assert {kind.__prefix__ for kind in KINDS} <= seen
