"""Outgoing calls: what each kind of answer of a Bot API server means to us."""

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError, TelegramForbiddenError
from aiogram.methods import GetMe, SendDocument
from aiogram.types import BufferedInputFile
from aiohttp import web

from app.modules.errors import Throttled, Unavailable
from app.modules.telegram import BotApi

TOKEN = "1234567890:AAEhBP0av28fsjkdhfkjshdfkjhsdkfjhsdA"
Answers = list[web.Response]


class Server:
    """A Bot API server that answers as told, in order, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[web.Response | Callable[[], Awaitable[web.Response]]] = []
        self.asked: list[tuple[str, str, bytes]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.content_type, await request.read()))
        answer = self.answers.pop(0)
        return answer if isinstance(answer, web.Response) else await answer()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """The server, listening."""
    made = Server()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def api(server: Server) -> AsyncIterator[BotApi]:
    """Our session, pointed at it."""
    made = BotApi(server.url, TOKEN)
    yield made
    await made.close()


def error(code: int, description: str = "Bad luck", **parameters: int) -> web.Response:
    content = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return web.json_response(content, status=code)


def result(value: object = True) -> web.Response:
    return web.json_response({"ok": True, "result": value})


async def test_a_call_is_one_json_request(api: BotApi, server: Server) -> None:
    server.answers = [result({"message_id": 5})]
    assert await api.call("sendMessage", {"chat_id": 1, "text": "hi"}) == {"message_id": 5}
    assert server.asked == [(f"/bot{TOKEN}/sendMessage", "application/json", b'{"chat_id":1,"text":"hi"}')]
    assert api.calls == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (error(400, "Bad Request: message is not modified"), TelegramBadRequest),
        (error(403, "Forbidden: bot was blocked by the user"), TelegramForbiddenError),
        (error(409, "Conflict: terminated by other getUpdates request"), TelegramConflictError),
        (error(401, "Unauthorized"), Unavailable),
        (error(404, "Not Found"), Unavailable),
        (error(429, "Too Many Requests: retry after 300", retry_after=300), Throttled),
        (error(500, "Internal Server Error"), Unavailable),
        (error(502, "Bad Gateway"), Unavailable),
        (web.Response(status=502, text="<html>Bad Gateway</html>"), Unavailable),
        (web.Response(status=413, text="<html>Request Entity Too Large</html>"), TelegramBadRequest),
        (web.Response(status=200, text="<html>Hotel wifi</html>"), Unavailable),
        (web.Response(status=200, text=""), Unavailable),
        (web.Response(status=200, text="[]"), Unavailable),
        (web.Response(status=200, text='{"ok": true}'), Unavailable),
        (web.Response(status=200, text='{"ok": false}'), Unavailable),
    ],
)
async def test_every_answer_has_its_meaning(
    api: BotApi, server: Server, answer: web.Response, expected: type[Exception]
) -> None:
    server.answers = [answer]
    with pytest.raises(expected) as raised:
        await api.call("sendMessage", {"chat_id": 1, "text": "hi"})
    assert TOKEN not in str(raised.value)


async def test_a_short_429_is_waited_out_once(api: BotApi, server: Server) -> None:
    server.answers = [error(429, retry_after=1), result()]
    assert await api.call("sendMessage", {}) is True
    server.answers = [error(429, retry_after=1), error(429, retry_after=3)]
    with pytest.raises(Throttled) as throttled:
        await api.call("sendMessage", {})
    assert throttled.value.retry_after == 3
    assert api.calls == 4


async def test_a_long_429_is_passed_on_with_its_seconds(api: BotApi, server: Server) -> None:
    server.answers = [error(429, retry_after=37)]
    with pytest.raises(Throttled) as throttled:
        await api.call("sendMessage", {})
    assert throttled.value.retry_after == 37
    assert api.calls == 1


@pytest.mark.parametrize("patience", [3, 0], ids=["awaited", "in passing"])
async def test_nothing_is_sent_to_a_chat_before_its_patience_is_over(
    api: BotApi, server: Server, monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    server.answers = [error(429, retry_after=300), result("another's"), result("afterwards")]
    now = time.monotonic()
    monkeypatch.setattr("app.modules.telegram.time.monotonic", lambda: now)
    with pytest.raises(Throttled):
        await api.call("editMessageReplyMarkup", {"chat_id": 1}, patience=patience)
    now += 100.5
    with pytest.raises(Throttled) as throttled:
        await api.call("sendMessage", {"chat_id": 1})
    assert (throttled.value.retry_after, api.calls) == (200, 1)
    assert await api.call("sendMessage", {"chat_id": 2}) == "another's"
    now += 199.5
    assert await api.call("sendMessage", {"chat_id": 1}) == "afterwards"


async def test_no_server_and_a_slow_server_are_unavailable(server: Server) -> None:
    nowhere = BotApi("http://127.0.0.1:1", TOKEN)
    with pytest.raises(Unavailable):
        await nowhere.call("getMe", {})
    await nowhere.close()

    async def never() -> web.Response:
        await asyncio.sleep(60)
        return result()

    server.answers = [never]
    slow = BotApi(server.url, TOKEN)
    with pytest.raises(Unavailable):
        await slow.call("getMe", {}, seconds=0.1)
    await slow.close()


async def test_aiograms_methods_work_too(api: BotApi, server: Server) -> None:
    bot = Bot(TOKEN, session=api)
    server.answers = [result({"id": 7, "is_bot": True, "first_name": "Gym"})]
    me = await bot(GetMe())
    assert (me.id, me.first_name) == (7, "Gym")
    server.answers = [
        result({"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}),
    ]
    sent = await bot(SendDocument(chat_id=1, document=BufferedInputFile(b"a,b", filename="sets.csv"), caption="Sets"))
    assert sent.message_id == 1
    path, content_type, body = server.asked[-1]
    assert (path, content_type) == (f"/bot{TOKEN}/sendDocument", "multipart/form-data")
    assert b'filename="sets.csv"' in body
    assert b"a,b" in body


async def test_a_file_is_sent_whole_and_again_from_its_beginning(api: BotApi, server: Server) -> None:
    content = b"\xef\xbb\xbfset,reps\r\n" * 50_000
    server.answers = [error(429, retry_after=1), result({"message_id": 5})]
    with tempfile.TemporaryFile() as file:
        file.write(content)  # and not yet flushed
        params = {"chat_id": "1", "caption": "Ünïcode"}
        sent = await api.upload("sendDocument", params, field="document", file=file, name="sets.csv")
        assert not file.closed
    assert sent == {"message_id": 5}
    assert api.calls == 2
    for path, content_type, body in server.asked:
        assert (path, content_type) == (f"/bot{TOKEN}/sendDocument", "multipart/form-data")
        assert re.search(rb'name="document"; filename="sets.csv"', body)
        assert body.count(content) == 1
        assert "Ünïcode".encode() in body


async def test_a_file_that_cannot_be_sent_now_is_unavailable(api: BotApi, server: Server) -> None:
    server.answers = [error(500), error(429, retry_after=37)]
    with tempfile.TemporaryFile() as file:
        for expected in (Unavailable, Throttled):
            with pytest.raises(expected):
                await api.upload("sendDocument", {"chat_id": "1"}, field="document", file=file, name="sets.csv")
    assert api.calls == 2
