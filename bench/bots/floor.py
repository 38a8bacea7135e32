"""The floor: the least that any bot does, with no framework at all, to be measured below ours.

A bare ASGI function behind the same uvicorn with the same flags; the statements prepared, in as many threads as
connections; the screens; one call written by hand to a keep-alive connection, the other as the webhook's answer. No
lock, no memory of a conversation, no secret compared, no error handled.
"""

from app.utils import lean_aiogram  # noqa: F401 - our screens' buttons are aiogram's

# isort: split
import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import orjson
import psycopg2
from starlette.types import Receive, Scope, Send

from app.modules.people import service as people
from app.modules.people.model import Act
from app.modules.people.rules import introduced
from app.modules.postgres import Connection, Cursor
from app.modules.screen import Screen
from app.modules.server import server
from app.modules.training import callbacks, screens, service
from app.modules.training.model import Set
from app.settings import WebhookSettings
from bench.bots.usual import saved

HEAD_END = b"\r\n\r\n"


def started(cursor: Cursor, sender: dict[str, Any], act: Act) -> Screen:
    """Answer /gym."""
    names = {name: sender.get(name) for name in ("last_name", "username")}
    person = introduced(user_id=act.user_id, first_name=sender["first_name"], **names)
    people.meet(cursor, person=person, bot_id=act.bot_id, update_id=act.update_id)
    return screens.muscles(service.start(cursor, act=act, day=None))


def tapped(cursor: Cursor, data: str, act: Act) -> Screen:
    """Answer a tap."""
    prefix, *fields = data.split(":")
    if prefix == "rl1":
        return screens.exercises(service.muscle_list(cursor, user_id=act.user_id, muscle_id=int(fields[0])))
    exercise_id = int(fields[0])
    if prefix == "rr1":
        done = Set(int(fields[1]), Decimal(fields[2]), int(fields[3]))
        service.record_set(cursor, act=act, exercise_id=exercise_id, done=done, day=callbacks.read(fields[4]))
        found = service.session(cursor, act=act, exercise_id=exercise_id, day=None, what_next=True)
        return saved(found, done, entry=act.update_id)
    found = service.session(cursor, act=act, exercise_id=exercise_id, day=None)
    if prefix == "re1":
        return screens.exercise(found)
    if prefix == "rs1":
        return screens.pick_weight(found, int(fields[1]))
    return screens.pick_reps(found, int(fields[1]), Decimal(fields[2]))


class Line(asyncio.Protocol):
    """One connection to the Bot API: a request, then its answer."""

    def __init__(self) -> None:
        self._came = b""
        self._answer: asyncio.Future[None] | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    async def post(self, request: bytes) -> None:
        self._came, self._answer = b"", asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await self._answer

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, end, body = self._came.partition(HEAD_END)
        if end and len(body) == int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]):
            self._answer.set_result(None)


class Floor:
    """The ASGI application."""

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        self._bot_id = int(settings.telegram_bot_token.partition(":")[0])
        self._own = threading.local()
        self._threads = ThreadPoolExecutor(settings.db_pool, initializer=self._connect)
        self._lines: list[Line] = []

    def _connect(self) -> None:
        settings = self._settings
        connection = psycopg2.connect(
            host=settings.db_host,
            port=settings.db_port,
            dbname=settings.db_name,
            user=settings.db_user,
            password=settings.db_password,
            connection_factory=Connection,
            cursor_factory=Cursor,
        )
        connection.autocommit = True
        connection.set_up(prepares=True)
        self._own.cursor = connection.cursor()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        loop = asyncio.get_running_loop()
        method, params, answer = await loop.run_in_executor(self._threads, self._work, orjson.loads(body))
        await self._post(method, params)
        content = orjson.dumps(answer)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _work(self, update: dict[str, Any]) -> tuple[str, bytes, dict[str, Any]]:
        """Do the database's part and make the screen: what is sent, and what the webhook answers."""
        tap = update.get("callback_query")
        sender = (tap or update["message"])["from"]
        act = Act(sender["id"], self._bot_id, update["update_id"], datetime.now(UTC), self._settings.default_timezone)
        if tap:
            screen = tapped(self._own.cursor, tap["data"], act)
            method, where = "editMessageText", {"message_id": tap["message"]["message_id"]}
            answer = {"method": "answerCallbackQuery", "callback_query_id": tap["id"]}
            if screen.toast:
                answer["text"] = screen.toast
        else:
            screen = started(self._own.cursor, sender, act)
            method, where, answer = "sendMessage", {}, {}
        params = {
            "text": screen.text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": screen.keyboard},
            "chat_id": sender["id"],
        }
        return method, orjson.dumps(params | where), answer

    async def _post(self, method: str, params: bytes) -> None:
        api = urlsplit(self._settings.telegram_api_url)
        if self._lines:
            line = self._lines.pop()
        else:
            _, line = await asyncio.get_running_loop().create_connection(Line, api.hostname, api.port)
        head = f"POST /bot{self._settings.telegram_bot_token}/{method} HTTP/1.1\r\nHost: {api.netloc}\r\n"
        kind = f"Content-Type: application/json\r\nContent-Length: {len(params)}\r\n\r\n"
        await line.post(head.encode() + kind.encode() + params)
        self._lines.append(line)


def main() -> None:
    """Run until SIGTERM."""
    settings = WebhookSettings()
    app = Floor(settings)
    gc.collect()
    gc.freeze()
    server(app, host=settings.bot_host, port=settings.bot_port).run()


if __name__ == "__main__":
    main()
