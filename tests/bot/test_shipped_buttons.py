"""Every button that was ever shipped is answered by what it was made for: messages of long ago keep their keyboards.

shipped_buttons.json is the list. A new format gets a line of its own there; no line is ever changed or taken out. Its
order matters only in that the one-tap button comes before other sets: right behind one it records nothing.
"""

import itertools
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram.filters.callback_data import CallbackData

import app.modules.handlers  # noqa: F401 - every room, and so every button
from app.modules.texts import label
from tests.bot.test_hostile_webhooks import GOOD
from tests.bot.test_settled import ask
from tests.stage import Process, Sandbox, Someone

SHIPPED = json.loads((Path(__file__).parent / "shipped_buttons.json").read_text(encoding="utf-8"))
TAPS = [data for each in SHIPPED.values() for data in each["taps"]]
_update_ids = itertools.count(3_000_000_000)  # above the sandbox's own


def test_the_list_names_every_format_as_it_was_shipped() -> None:
    kinds = [kind for kind in CallbackData.__subclasses__() if kind.__module__.startswith("app.")]
    made = {kind.__prefix__: " ".join(kind.model_fields) for kind in kinds}
    assert {prefix: fields for prefix, fields in made.items() if prefix not in SHIPPED} == {}, "add it to the list"
    assert {prefix: made[prefix] for prefix in made} == {prefix: SHIPPED[prefix]["fields"] for prefix in made}
    assert all(data.split(":")[0] == prefix for prefix, each in SHIPPED.items() for data in each["taps"])


async def press(bot: Process, message: dict[str, Any], data: str) -> dict[str, Any]:
    """Tap a button as Telegram would bring it; return what the tap is answered."""
    update_id = next(_update_ids)
    query = {"id": str(update_id), "from": message["chat"] | {"is_bot": False}, "chat_instance": "1", "data": data}
    query["message"] = message
    update = {"update_id": update_id, "callback_query": query}
    async with aiohttp.ClientSession() as http, http.post(f"{bot.url}/webhook", json=update, headers=GOOD) as answer:
        assert answer.status == 200
        return dict(await answer.json())


@pytest.fixture
async def ann(sandbox: Sandbox, bot: Process) -> Someone:
    """Somebody new."""
    return await sandbox.person("Ann")


async def test_every_shipped_button_is_answered(
    ann: Someone, bot: Process, sandbox: Sandbox, shared_database: dict[str, str]
) -> None:
    await ann.write("/start")
    menu = await ann.sees("What shall we do?")
    assert (await press(bot, menu, "zz9:1"))["text"] == label("old-button-toast")  # what no answer looks like
    for data in TAPS:
        calls = len(await sandbox.ask("GET", "/control/calls"))
        events = len(bot.events())
        reply = await press(bot, menu, data)
        assert reply["method"] == "answerCallbackQuery", data
        shown = [call["method"] for call in (await sandbox.ask("GET", "/control/calls"))[calls:]]
        assert {"editMessageText", "sendMessage", "sendDocument", "sendMediaGroup"} & {*shown}, data
        assert {"unknown_button", "update_failed"} & {*bot.events()[events:]} == set(), data
    recorded = (
        "SELECT day - DATE '2000-01-01', set, weight::text, reps::int FROM training WHERE user_id = %s ORDER BY set"
    )
    assert ask(shared_database, recorded, ann.id) == [(9600, 1, "60", 8), (9600, 2, "61.23497", 8), (9600, 9, "65", 8)]
