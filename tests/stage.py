"""The stage of end-to-end tests: real processes, started and ended by hand, reached over HTTP alone."""

import asyncio
import atexit
import base64
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psycopg2
from psycopg2.extensions import cursor

ROOT = Path(__file__).parents[1]
SECRET = "stage-secret_" + secrets.token_hex(16)
TOKEN = "5401000001:sandbox_" + secrets.token_hex(16)
START_SECONDS = 60.0  # on a busy machine; nothing waits so long in vain
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@contextmanager
def connected(database: Mapping[str, str]) -> Iterator[cursor]:
    """Look into a database as somebody else would; committed at the end."""
    connection = psycopg2.connect(
        host=database["DB_HOST"],
        port=database["DB_PORT"],
        dbname=database["DB_NAME"],
        user=database["DB_USER"],
        password=database["DB_PASSWORD"],
    )
    try:
        with connection, connection.cursor() as made:
            yield made
    finally:
        connection.close()


class Process:
    """One of our processes, on a port of its own, its log kept in a file."""

    def __init__(self, module: str, *, port: int, env: Mapping[str, str], log: Path, arguments: tuple[str, ...] = ()):
        self.module = module
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        warnings = ("-W", "error", "-W", "ignore:unread_data()")  # aiohttp's own, where a file's parts are cut
        self._command = [sys.executable, *warnings, "-m", module, *arguments]
        self._env = {"PATH": os.defpath, "HOME": str(log.parent), **env}
        self.log = log
        self.popen: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start, and wait until it answers /health."""
        self.popen = self._launch()
        async with aiohttp.ClientSession() as http, asyncio.timeout(START_SECONDS):
            while True:
                assert self.popen.poll() is None, f"{self.module} ended at once:\n{self.log.read_text()}"
                try:
                    async with http.get(f"{self.url}/health") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)

    def _launch(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            started = subprocess.Popen(
                self._command, cwd=ROOT, env=self._env, stdout=log, stderr=log, start_new_session=True
            )
        atexit.register(started.kill)  # what a failed test forgot to stop
        return started

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        assert self.popen is not None
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        return await asyncio.to_thread(self.popen.wait, START_SECONDS)

    def lines(self) -> list[dict[str, Any]]:
        """The log so far; every line must be JSON. What is being written just now is no line yet."""
        *whole, _ = self.log.read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in whole]

    def events(self) -> list[str]:
        """The names of what was logged so far."""
        return [str(line["message"]) for line in self.lines()]

    async def logged(self, event: str, *, times: int = 1) -> None:
        """Wait until an event was logged so often."""
        async with asyncio.timeout(START_SECONDS):
            while self.events().count(event) < times:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.03)

    def memory_mib(self) -> float:
        """Resident memory now."""
        assert self.popen is not None
        status = Path(f"/proc/{self.popen.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def webhook_env(*, port: int, api_url: str, database: Mapping[str, str], redis: Mapping[str, str]) -> dict[str, str]:
    """The environment of the bot in production form."""
    return {
        **database,
        **redis,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_API_URL": api_url,
        "WEB_APP_URL": f"http://127.0.0.1:{port}",
        "BOT_PORT": str(port),
    }


class Sandbox(Process):
    """The Telegram of the stage, and what people do in it."""

    def __init__(self, *, port: int, folder: Path, speed: int = 20) -> None:
        env = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "SANDBOX_PORT": str(port),
            "SANDBOX_DATA": str(folder),
            "SANDBOX_SPEED": str(speed),
        }
        super().__init__("app.sandbox", port=port, env=env, log=folder / "sandbox.log")

    async def ask(self, method: str, path: str, content: Any = None) -> Any:
        """Ask the sandbox's own API for something."""
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, f"{self.url}{path}", json=content) as answer,
        ):
            text = await answer.text()
            assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
            return json.loads(text) if answer.content_type == "application/json" else text

    async def person(self, first_name: str = "Ann", **names: str) -> "Someone":
        """Let somebody new into the sandbox."""
        made = await self.ask("POST", "/people", {"first_name": first_name, **names})
        return Someone(self, made["id"])

    async def quiet(self) -> None:
        """Wait until every update has been taken."""
        async with asyncio.timeout(START_SECONDS):
            while any(  # noqa: ASYNC110 - another process knows
                update["state"] == "waiting" for update in await self.ask("GET", "/control/updates")
            ):
                await asyncio.sleep(0.03)


class Someone:
    """A person in the sandbox: writes, taps, reads."""

    def __init__(self, sandbox: Sandbox, user_id: int) -> None:
        self._sandbox = sandbox
        self.id = user_id

    async def write(self, text: str) -> dict[str, Any]:
        """Send a message."""
        return dict(await self._sandbox.ask("POST", f"/chats/{self.id}/messages", {"text": text}))

    async def tap(self, message: dict[str, Any], data: str, *, forged: bool = False) -> None:
        """Tap a button of a message."""
        tap = {"message_id": message["message_id"], "data": data, "forged": forged}
        await self._sandbox.ask("POST", f"/chats/{self.id}/taps", tap)

    async def edit(self, message: dict[str, Any], text: str) -> None:
        """Change a message of one's own."""
        await self._sandbox.ask("PUT", f"/chats/{self.id}/messages/{message['message_id']}", {"text": text})

    async def send_photo(self) -> None:
        """Send a picture."""
        form = aiohttp.FormData()
        form.add_field("photo", PIXEL, filename="pixel.png", content_type="image/png")
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self._sandbox.url}/chats/{self.id}/photos", data=form) as answer,
        ):
            assert answer.status < 300, await answer.text()

    async def messages(self) -> list[dict[str, Any]]:
        """Everything in the chat, oldest first."""
        return list((await self._sandbox.ask("GET", f"/chats/{self.id}"))["messages"])

    async def sees(self, text: str) -> dict[str, Any]:
        """Wait until the newest message of the bot holds a text, and return it."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                messages = await self.messages()
                if messages and messages[-1]["from"]["is_bot"] and text in messages[-1].get("text", ""):
                    return messages[-1]
                await asyncio.sleep(0.03)

    async def sees_in(self, message: dict[str, Any], text: str) -> dict[str, Any]:
        """Wait until one message of the bot, edited in place, holds a text, and return it."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                for each in await self.messages():
                    if each["message_id"] == message["message_id"] and text in each["text"]:
                        return each
                await asyncio.sleep(0.03)

    async def quiet(self) -> None:
        """Wait until every update has been taken."""
        await self._sandbox.quiet()
