"""Files on their way while another process goes on with the same person."""

import tempfile

from aiogram.types import CallbackQuery, User
from aiohttp import web

from app.modules.memory import LocalMemory, Remembered
from app.modules.screen import Document, Screen, hand_over
from app.modules.telegram import BotApi
from tests.modules.test_telegram import Server, api, result, server

__all__ = ["api", "server"]  # fixtures

BEFORE = Remembered("Asked:before", {"exercise": 1}, flow=10, by=1)
MEANWHILE = Remembered("Asked:meanwhile", {"exercise": 2}, flow=12, by=3)


async def test_what_is_asked_meanwhile_stays_asked(api: BotApi, server: Server) -> None:
    memory = LocalMemory()
    await memory.write(1, BEFORE)

    async def sent() -> web.Response:
        await memory.write(1, MEANWHILE)
        return result({"message_id": 11})

    server.answers = [result(), sent, result({"message_id": 13})]
    tap = CallbackQuery(id="1", chat_instance="1", from_user=User(id=1, is_bot=False, first_name="Ann"), data="x1")
    with tempfile.TemporaryFile() as file:
        file.write(b"set")
        documents = [Document("sets.csv", file, "Sets"), Document("log.json", file, "Log")]
        await hand_over(documents, Screen("Done"), tap, api=api, memory=memory, by=2)
    found = await memory.read(1)
    assert (found.state, found.flow, found.by, found.about["exercise"]) == ("Asked:meanwhile", 12, 3, 2)
    assert found.about["files"] == [2, 2]
    assert api.calls == 3
