"""Settings, through the sandbox and a real bot."""

from typing import Any

import pytest

from tests.stage import Process, Sandbox, Someone, connected

Message = dict[str, Any]


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
