"""Our bot passes the recording conversation in an emulator that others wrote.

The emulator's own routes carry it all; what it lacks is named and filled in shim.js.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dev.node import MADE_FROM, NodeProblem, installed
from tests.conftest import find_free_port
from tests.emulator.conftest import HERE, NOT_HERE, Client, Emulator, buttons, do_without, text_of
from tests.stage import START_SECONDS, TOKEN, Process, connected, webhook_env

MENU = "🏋️ <b>Your gym log</b>\nWhat shall we do?"
# What is tapped, what the message then says, and the toast; DAY is today.
CONVERSATION = (
    ("Record training", "💪 <b>What are you training?</b>", ""),
    ("Chest", "💪 <b>Chest</b>\nPick an exercise.", ""),
    ("Bench press", "📝 You haven't done Bench press before.\n\nSelect set", ""),
    ("Set 1", "📝 You haven't done Bench press before.\n\n<b>Set 1</b>: which weight?", ""),
    ("20kg", "📝 You haven't done Bench press before.\n\n<b>Set 1</b>: 20kg for how many reps?", ""),
    (
        "10",
        "✅ Set 1 saved: 20kg × 10\n\n<b>Bench press</b>, DAY\n\n"
        "<pre>+-------+-------------+------+\n"
        "| Set   | Weight (kg) | Reps |\n"
        "+-------+-------------+------+\n"
        "| Set 1 | 20kg        | 10   |\n"
        "+-------+-------------+------+</pre>",
        "Set 1 saved: 20kg × 10",
    ),
    ("Continue Exercise", "Your PR: 20kg for 10 reps (DAY)\n\n<b>Set 2</b>: which weight?", ""),
    ("20kg", "Your PR: 20kg for 10 reps (DAY)\n\n<b>Set 2</b>: 20kg for how many reps?", ""),
    (
        "12",
        "✅ Set 2 saved: 20kg × 12\n🏆 New record!\n\n<b>Bench press</b>, DAY\n\n"
        "<pre>+-------+-------------+------+\n"
        "| Set   | Weight (kg) | Reps |\n"
        "+-------+-------------+------+\n"
        "| Set 1 | 20kg        | 10   |\n"
        "| Set 2 | 20kg        | 12   |\n"
        "+-------+-------------+------+</pre>",
        "🏆 New record: 20kg × 12",
    ),
    ("Continue Exercise", "Your PR: 20kg for 12 reps (DAY)\n\n<b>Set 3</b>: which weight?", ""),
    ("22.5kg", "Your PR: 20kg for 12 reps (DAY)\n\n<b>Set 3</b>: 22.5kg for how many reps?", ""),
    (
        "8",
        "✅ Set 3 saved: 22.5kg × 8\n🏆 New record!\n\n<b>Bench press</b>, DAY\n\n"
        "<pre>+-------+-------------+------+\n"
        "| Set   | Weight (kg) | Reps |\n"
        "+-------+-------------+------+\n"
        "| Set 1 | 20kg        | 10   |\n"
        "| Set 2 | 20kg        | 12   |\n"
        "| Set 3 | 22.5kg      | 8    |\n"
        "+-------+-------------+------+</pre>",
        "🏆 New record: 22.5kg × 8",
    ),
)


@pytest.fixture
async def bot(
    emulator: Emulator, database_env: dict[str, str], redis_env: dict[str, str], tmp_path: Path
) -> AsyncIterator[Process]:
    """The bot in production form; its log holds no word of trouble."""
    port = find_free_port()
    env = webhook_env(port=port, api_url=emulator.url, database=database_env, redis=redis_env)
    process = Process("app.main_webhook", port=port, env=env, log=tmp_path / "bot.log")
    await process.start()
    await process.logged("webhook_set")
    yield process
    assert await process.stop() == 0
    assert [line for line in process.lines() if line["level"] != "INFO"] == []


async def test_from_start_to_three_saved_sets_by_tapping(
    emulator: Emulator, bot: Process, database_env: dict[str, str]
) -> None:
    ann = Client(emulator, token=TOKEN, user_id=1001)
    await ann.command("/start")
    (shown,) = await ann.screens(1)
    said = [text_of(shown)]
    for name, _, _ in CONVERSATION:
        shown = await ann.tap(shown, name)
        said.append(text_of(shown))

    with connected(database_env) as cursor:
        cursor.execute(
            """
            SELECT t.day, e.name, t.set, t.weight::float, t.reps::int
              FROM training AS t JOIN exercises AS e ON e.id = t.exercise_id
             WHERE t.user_id = %s ORDER BY t.set
            """,
            (ann.id,),
        )
        rows = cursor.fetchall()
    day = rows[0][0]
    assert rows == [(day, "Bench press", *numbers) for numbers in [(1, 20.0, 10), (2, 20.0, 12), (3, 22.5, 8)]]
    today = f"{day.day} {day:%B %Y}"
    assert said == [MENU, *(text.replace("DAY", today) for _, text, _ in CONVERSATION)]
    seen = await ann.seen()
    assert [answer.get("text", "") for answer in seen["answers"]] == [toast for _, _, toast in CONVERSATION]

    await ann.command("/gym")  # Valkey remembers the message in use, which now loses its keyboard
    async with asyncio.timeout(START_SECONDS):
        while buttons((await ann.screens(2))[0]):  # noqa: ASYNC110 - another process takes it away
            await asyncio.sleep(0.02)
    assert [text_of(screen) for screen in await ann.screens()] == [said[-1], "💪 <b>What are you training?</b>"]

    seen = await ann.seen()
    assert set(seen["used"]) == set(seen["rows"])  # the shim holds nothing that is not needed
    assert {"gym", "start"} <= {command["command"] for command in seen["commands"]}
    with connected(database_env) as cursor:
        cursor.execute("SELECT bio FROM users WHERE id = %s", (ann.id,))
        assert cursor.fetchone() == (seen["bio"],)


def test_the_lock_file_names_no_registry_and_no_machine() -> None:
    text = (HERE / "package-lock.json").read_text()
    packages = json.loads(text)["packages"].items()
    assert [name for name, package in packages if name and not package.get("integrity")] == []
    assert [name for name, package in packages if {"resolved", "link", "hasInstallScript"} & package.keys()] == []
    assert "registry" not in text


def test_without_the_registry_others_are_told_and_ci_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in MADE_FROM:
        shutil.copy(HERE / name, tmp_path)
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(NodeProblem, match="npm cannot install the packages: code ECONNREFUSED") as refused:
        installed(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"{NOT_HERE} npm cannot install"):
        do_without(refused.value)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI demands it"):
        do_without(refused.value)
