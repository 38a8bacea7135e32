"""A workout by tapping, through the sandbox and a real bot: old, double and mixed-up taps included."""

from typing import Any

import pytest

from dev.servers import Valkey
from tests.stage import Process, Sandbox, Someone, connected

Message = dict[str, Any]


@pytest.fixture
async def ann(sandbox: Sandbox, bot: Process) -> Someone:
    """Somebody new."""
    return await sandbox.person("Ann")


def rows(database: dict[str, str], user_id: int) -> list[tuple[Any, ...]]:
    with connected(database) as cursor:
        cursor.execute(
            """
            SELECT e.name, t.set, t.weight::float, t.reps::int
              FROM training AS t JOIN exercises AS e ON e.id = t.exercise_id
             WHERE t.user_id = %s ORDER BY t.date, e.name
            """,
            (user_id,),
        )
        return cursor.fetchall()


def buttons(message: Message) -> dict[str, str]:
    return {each["text"]: each["callback_data"] for row in message["reply_markup"]["inline_keyboard"] for each in row}


async def tap(someone: Someone, message: Message, name: str, sees: str) -> Message:
    """Tap a button of a message and wait until that message shows a text."""
    await someone.tap(message, buttons(message)[name])
    await someone.quiet()
    return await someone.sees_in(message, sees)


async def to_reps(
    someone: Someone, *, muscle: str = "Chest", exercise: str = "Bench press", weight: str = "20kg"
) -> Message:
    """From /gym to the question of the reps of set 1."""
    await someone.write("/gym")
    shown = await someone.sees("What are you training?")
    shown = await tap(someone, shown, muscle, muscle)
    shown = await tap(someone, shown, exercise, "Select set")
    shown = await tap(someone, shown, "Set 1", "which weight?")
    if weight not in buttons(shown):
        shown = await tap(someone, shown, "heavier ▶", "which weight?")
    return await tap(someone, shown, weight, "for how many reps?")


async def test_the_first_set_ever_takes_five_taps(ann: Someone, shared_database: dict[str, str]) -> None:
    shown = await to_reps(ann)
    shown = await tap(ann, shown, "10", "Set 1 saved: 20kg × 10")
    assert rows(shared_database, ann.id) == [("Bench press", 1, 20.0, 10)]
    assert "New record" not in shown["text"]
    assert list(buttons(shown))[:2] == ["⚡ Set 2: 20kg × 10", "Continue Exercise"]


async def test_emptying_redis_between_any_two_taps_changes_nothing(
    ann: Someone, valkey: Valkey, shared_database: dict[str, str]
) -> None:
    await ann.write("/gym")
    shown = await ann.sees("What are you training?")
    for name, sees in [
        ("Legs", "Legs"),
        ("Leg press", "You haven't done Leg press before."),
        ("Set 1", "which weight?"),
        ("heavier ▶", "which weight?"),
        ("60kg", "60kg for how many reps?"),
        ("12", "Set 1 saved: 60kg × 12"),
        ("Continue Exercise", "Set 2"),
        ("60kg", "for how many reps?"),
        ("11", "Set 2 saved: 60kg × 11"),
    ]:
        valkey.flush()
        shown = await tap(ann, shown, name, sees)
    assert rows(shared_database, ann.id) == [("Leg press", 1, 60.0, 12), ("Leg press", 2, 60.0, 11)]


async def test_a_double_tap_and_two_phones_are_one_row(
    ann: Someone, sandbox: Sandbox, shared_database: dict[str, str]
) -> None:
    shown = await to_reps(ann)
    ten = buttons(shown)["10"]
    await sandbox.ask("POST", "/control/duplicate", {"times": 5})
    for _ in range(3):
        await ann.tap(shown, ten, forged=True)  # the screen may have moved on: the finger did not
    shown = await ann.sees_in(shown, "Set 1: 20kg × 10")
    await sandbox.quiet()
    assert rows(shared_database, ann.id) == [("Bench press", 1, 20.0, 10)]
    again = next(each for each in await ann.messages() if each["message_id"] == shown["message_id"])
    assert "Set 1" in again["text"]
    assert "saved" in again["text"] or "✅" in again["text"]


async def test_two_menus_at_once_never_mix(ann: Someone, shared_database: dict[str, str]) -> None:
    chest = await to_reps(ann, weight="20kg")
    legs = await to_reps(ann, muscle="Legs", exercise="Leg press", weight="30kg")
    # The first menu lost its keyboard when the second was opened; a finger may have been quicker.
    await ann.tap(chest, buttons(chest)["8"], forged=True)
    await ann.sees_in(chest, "Set 1 saved: 20kg × 8")
    await tap(ann, legs, "9", "Set 1 saved: 30kg × 9")
    assert rows(shared_database, ann.id) == [("Bench press", 1, 20.0, 8), ("Leg press", 1, 30.0, 9)]


async def test_an_old_keyboard_records_nothing_and_says_why(ann: Someone, shared_database: dict[str, str]) -> None:
    shown = await to_reps(ann)
    prefix, exercise, set_no, weight, _, day = buttons(shown)["10"].split(":")
    year_ago = ":".join([prefix, exercise, set_no, weight, "10", str(int(day) - 365)])
    await ann.tap(shown, year_ago, forged=True)
    old = await ann.sees_in(shown, "so nothing was recorded by it")
    assert "Select set" in old["text"]
    for forged in [
        f"rr1:{exercise}:0:20:10:{day}",
        f"rr1:{exercise}:21:20:10:{day}",
        f"rr1:{exercise}:1:1000:10:{day}",
        f"rr1:{exercise}:1:NaN:10:{day}",
        f"rr1:{exercise}:1:20:0:{day}",
        f"rr1:{exercise}:1:20.555555:10:{day}",
        f"rr1:{exercise}:1:20:10:{int(day) + 5}",
        f"rr1:{exercise}:1:20:10:{int(day) + 5}m",
        f"rr1:{exercise}:1:20:10:99999m",
        f"rr1:{exercise}:1:20:10:",
        f"rr1:2147483647:1:20:10:{day}",
        f"rr1:99999999999999999999:1:20:10:{day}",
        f"rq1:{exercise}:-1:20:10:{day}",
        f"rs1:{exercise}:9999:{day}",
        f"rk1:{exercise}:9999:20:{day}",
        "rl1:2147483647:",
        "ra1:1:9999:",
        "rc1:999912",
        "rc1:202613",
    ]:
        await ann.tap(shown, forged, forged=True)
        await ann.quiet()
    assert rows(shared_database, ann.id) == []


async def test_nobody_records_in_anothers_exercise(
    sandbox: Sandbox, bot: Process, ann: Someone, shared_database: dict[str, str]
) -> None:
    bob = await sandbox.person("Bob")
    await bob.write("/start")
    await bob.sees("What shall we do?")
    with connected(shared_database) as cursor:
        cursor.execute(
            "INSERT INTO exercises (name, muscle, is_global, created_by) VALUES ('Secret', 1, FALSE, %s) RETURNING id",
            (bob.id,),
        )
        (secret,) = cursor.fetchone()
    shown = await to_reps(ann)
    said = []
    day = buttons(shown)["10"].split(":")[-1]
    for exercise in (secret, 2147483647):
        for data in (f"rr1:{exercise}:1:20:10:{day}", f"re1:{exercise}:", f"rs1:{exercise}:1:{day}"):
            await ann.tap(shown, data, forged=True)
            await ann.quiet()
            said.append((await ann.sees_in(shown, "That exercise was removed"))["text"])
            await tap(ann, await ann.sees_in(shown, "removed"), "Chest", "Pick an exercise.")
    assert len(set(said)) == 1  # the same words for foreign and missing
    assert rows(shared_database, ann.id) == []
