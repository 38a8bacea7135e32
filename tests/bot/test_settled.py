"""Settings and leaving, through the sandbox and a real bot."""

from typing import Any

import pytest

from tests.stage import Process, Sandbox, Someone, connected

Message = dict[str, Any]
TABLES = {
    "training": "user_id",
    "exercise_stats": "user_id",
    "exercise_notes": "user_id",
    "entries_spent": "user_id",
    "user_hidden_exercises": "user_id",
    "user_hidden_muscles": "user_id",
    "exercises": "created_by",
    "muscles": "created_by",
    "updates_parked": "user_id",
    "users": "id",
}


@pytest.fixture
async def ann(sandbox: Sandbox, bot: Process) -> Someone:
    """Somebody new."""
    return await sandbox.person("Ann")


def ask(database: dict[str, str], statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connected(database) as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


async def tap(someone: Someone, message: Message, name: str, sees: str) -> Message:
    """Tap the first button whose text begins so, and wait until that message shows a text."""
    data = next(
        each["callback_data"]
        for row in message["reply_markup"]["inline_keyboard"]
        for each in row
        if each["text"].startswith(name)
    )
    await someone.tap(message, data)
    await someone.quiet()
    return await someone.sees_in(message, sees)


async def test_a_zone_by_region_and_city(ann: Someone, shared_database: dict[str, str]) -> None:
    await ann.write("/settings")
    shown = await ann.sees("Time zone: UTC")
    assert "Is that your clock?" in shown["text"]
    shown = await tap(ann, shown, "Time zone", "Where do you train?")
    shown = await tap(ann, shown, "Asia", "Which city")
    shown = await tap(ann, shown, "▶", "Which city")
    shown = await tap(ann, shown, "Jerusalem" if "Jerusalem" in str(shown) else "Tokyo", "Time zone: ")
    assert "Is that your clock?" not in shown["text"]
    ((zone,),) = ask(shared_database, "SELECT timezone FROM users WHERE id = %s", ann.id)
    assert zone in ("Asia/Jerusalem", "Asia/Tokyo")


async def test_a_zone_by_the_clock(ann: Someone, shared_database: dict[str, str]) -> None:
    ((clock,),) = ask(shared_database, "SELECT to_char(now() AT TIME ZONE 'Asia/Kathmandu', 'HH24:MI')")
    await ann.write("/settings")
    shown = await tap(ann, await ann.sees("Settings"), "Time zone", "Where do you train?")
    await tap(ann, shown, "By my clock", "What does your clock show")
    await ann.write("soon")
    await ann.sees("No place shows that time")
    await ann.write(clock)
    shown = await ann.sees("Which is nearest to you?")
    await tap(ann, shown, "Kathmandu", "Time zone: Kathmandu")


@pytest.mark.parametrize("forged", ["pz1:Mars/Olympus", "pz1:Etc/GMT+5", "pg1:Narnia:1", "pk1:7:1", "pg1:Asia:99"])
async def test_a_forged_setting_changes_nothing(ann: Someone, shared_database: dict[str, str], forged: str) -> None:
    await ann.write("/settings")
    shown = await ann.sees("Settings")
    await ann.tap(shown, forged, forged=True)
    await ann.quiet()
    assert ask(shared_database, "SELECT timezone FROM users WHERE id = %s", ann.id) == [(None,)]
    assert (await ann.messages())[-1]["reply_markup"]["inline_keyboard"]


async def has_a_past(someone: Someone, database: dict[str, str]) -> None:
    """A row in every table."""
    await someone.write("/start")
    await someone.sees("What shall we do?")
    ask(
        database,
        """
        INSERT INTO muscles (name, is_global, created_by) VALUES ('Neck', FALSE, %(id)s);
        INSERT INTO exercises (name, muscle, is_global, created_by)
        SELECT 'Nod', m.id, FALSE, %(id)s FROM muscles AS m WHERE m.created_by = %(id)s;
        INSERT INTO user_hidden_muscles VALUES (%(id)s, 8);
        INSERT INTO user_hidden_exercises VALUES (%(id)s, 100);
        INSERT INTO exercise_notes SELECT %(id)s, e.id, 'seat 4' FROM exercises AS e WHERE e.created_by = %(id)s;
        INSERT INTO updates_parked (bot_id, update_id, user_id) VALUES (1, %(id)s, %(id)s)
        """.replace("%(id)s", str(someone.id)),
    )
    await someone.write("nod 3x8@20")
    await someone.sees("Sets 1–3 saved")


def left_behind(database: dict[str, str], user_id: int) -> dict[str, int]:
    return {
        table: ask(database, f"SELECT count(*) FROM {table} WHERE {column} = %s", user_id)[0][0]
        for table, column in TABLES.items()
    }


async def test_leaving_erases_every_row_once_it_is_confirmed(
    ann: Someone, sandbox: Sandbox, shared_database: dict[str, str]
) -> None:
    await has_a_past(ann, shared_database)
    assert all(left_behind(shared_database, ann.id).values())
    await ann.write("/delete_me")
    shown = await ann.sees("Type DELETE")
    assert "3 sets, 1 exercise and 1 muscle of your own, 1 note" in shown["text"]
    await ann.write("delete it")
    await ann.sees("Nothing was erased")
    assert all(left_behind(shared_database, ann.id).values())
    await sandbox.ask("POST", "/control/duplicate", {"times": 3})  # the confirmation comes again and again
    await ann.write("delete")
    await ann.quiet()
    assert not any(left_behind(shared_database, ann.id).values())
    await ann.write("/start")
    await ann.sees("What shall we do?")
    assert left_behind(shared_database, ann.id) == {table: int(table == "users") for table in TABLES}


async def test_leaving_can_be_thought_better_of(ann: Someone, shared_database: dict[str, str]) -> None:
    await has_a_past(ann, shared_database)
    await ann.write("/delete_me")
    await tap(ann, await ann.sees("Type DELETE"), "Keep my log", "What shall we do?")
    await ann.write("/delete_me")
    await ann.sees("Type DELETE")
    await ann.write("/gym")
    await ann.sees("What are you training?")
    await ann.write("DELETE")  # answers no question any more
    await ann.quiet()
    assert all(left_behind(shared_database, ann.id).values())
