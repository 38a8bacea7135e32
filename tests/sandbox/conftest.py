"""The real sandbox in a process of its own, a real receiver of its webhook, and a person in it."""

import asyncio
import io
import json
import struct
import zlib
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from tests.conftest import find_free_port
from tests.stage import START_SECONDS, TOKEN, Sandbox, Someone

SECONDS = START_SECONDS


def png(width: int = 2, height: int = 3) -> bytes:
    """A red picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\xff\0\0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class Api:
    """The Bot API as the bot calls it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.http = aiohttp.ClientSession()

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method; the whole answer."""
        async with self.http.post(f"{self._sandbox.url}/bot{TOKEN}/{method}", json=arguments) as answer:
            content: dict[str, Any] = await answer.json()
            assert answer.status == content.get("error_code", 200)
            return content

    async def done(self, method: str, **arguments: Any) -> Any:
        """Call a method that succeeds; its result."""
        content = await self.call(method, **arguments)
        assert content["ok"], content
        return content["result"]

    async def upload(self, method: str, files: dict[str, tuple[str, bytes]], **arguments: Any) -> dict[str, Any]:
        """Call a method with files, each a name and a content; the whole answer."""
        form = aiohttp.FormData(quote_fields=False)
        for name, value in arguments.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, (filename, content) in files.items():
            form.add_field(name, io.BytesIO(content), filename=filename)
        async with self.http.post(f"{self._sandbox.url}/bot{TOKEN}/{method}", data=form) as answer:
            return dict(await answer.json())

    async def uploaded(self, method: str, files: dict[str, tuple[str, bytes]], **arguments: Any) -> dict[str, Any]:
        """Call a method with files that succeeds; its result."""
        content = await self.upload(method, files, **arguments)
        assert content["ok"], content
        return dict(content["result"])

    async def refused(self, method: str, **arguments: Any) -> str:
        """Call a method that fails; the description."""
        content = await self.call(method, **arguments)
        assert not content["ok"], content
        return str(content["description"])


class Receiver:
    """A bot's webhook: keeps what comes, and answers as it was told."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answers: deque[web.Response] = deque()
        self.under_way = 0
        self.most_under_way = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.url = ""
        self._came = asyncio.Condition()

    async def serve(self, request: web.Request) -> web.Response:
        """Take one update."""
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        update = await request.json()
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        async with self._came:
            self.updates.append(update)
            self._came.notify_all()
        await self.gate.wait()
        self.under_way -= 1
        return self.answers.popleft() if self.answers else web.json_response({})

    async def got(self, count: int) -> list[dict[str, Any]]:
        """Wait until so many updates have come."""
        async with asyncio.timeout(SECONDS), self._came:
            await self._came.wait_for(lambda: len(self.updates) >= count)
        return self.updates

    def texts(self) -> list[str]:
        """The texts that came, in order."""
        return [update["message"]["text"] for update in self.updates if "message" in update]


class Ear:
    """Hears the events of a sandbox, one after the other."""

    def __init__(self, stream: aiohttp.StreamReader) -> None:
        self._stream = stream

    async def hears(self, *kinds: str) -> dict[str, Any]:
        """Wait for the next event of one of these kinds."""
        async with asyncio.timeout(SECONDS):
            async for line in self._stream:
                if line.startswith(b"data:"):
                    event: dict[str, Any] = json.loads(line[5:])
                    if event["kind"] in kinds:
                        return event
        raise AssertionError("the stream has ended")


@asynccontextmanager
async def listening(sandbox: Sandbox) -> AsyncIterator[Ear]:
    """An ear that hears everything from now on."""
    async with aiohttp.ClientSession() as http, http.get(f"{sandbox.url}/events") as stream:
        yield Ear(stream.content)


async def settled(sandbox: Sandbox, state: str = "delivered") -> list[dict[str, Any]]:
    """Wait until no update waits any more; all updates."""
    async with asyncio.timeout(SECONDS):
        while True:
            updates: list[dict[str, Any]] = await sandbox.ask("GET", "/control/updates")
            if all(update["state"] == state for update in updates):
                return updates
            await asyncio.sleep(0.02)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    """One sandbox for all tests that leave it as it is."""
    sandbox = Sandbox(port=find_free_port(), folder=tmp_path_factory.mktemp("sandbox"), speed=50)
    await sandbox.start()
    yield sandbox
    assert await sandbox.stop() == 0, sandbox.log.read_text(encoding="utf-8")
    assert "Traceback" not in sandbox.log.read_text(encoding="utf-8")


@pytest_asyncio.fixture(loop_scope="session")
async def api(running: Sandbox) -> AsyncIterator[Api]:
    """The Bot API of a sandbox where nothing has happened yet."""
    await running.ask("POST", "/control/reset", {})
    api = Api(running)
    await api.done("deleteWebhook")
    await api.done("deleteMyCommands")
    yield api
    await api.done("deleteWebhook", drop_pending_updates=True)
    await api.http.close()


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(running: Sandbox, api: Api) -> Sandbox:
    """A sandbox where nothing has happened yet."""
    return running


@pytest_asyncio.fixture(loop_scope="session")
async def you(sandbox: Sandbox) -> Someone:
    """The first person."""
    return Someone(sandbox, (await sandbox.ask("GET", "/people"))[0]["id"])


@pytest_asyncio.fixture(loop_scope="session")
async def mortal(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A running sandbox of this test's own, to stop and start at will."""
    sandbox = Sandbox(port=find_free_port(), folder=tmp_path, speed=50)
    await sandbox.start()
    yield sandbox
    assert await sandbox.stop() == 0
    assert "Traceback" not in sandbox.log.read_text(encoding="utf-8")


@pytest_asyncio.fixture(loop_scope="session")
async def mortal_api(mortal: Sandbox) -> AsyncIterator[Api]:
    """The Bot API of that sandbox."""
    api = Api(mortal)
    yield api
    await api.http.close()


@pytest_asyncio.fixture(loop_scope="session")
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver, not yet known to the sandbox."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/webhook", receiver.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    port = find_free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    receiver.url = f"http://127.0.0.1:{port}/webhook"
    yield receiver
    receiver.gate.set()
    await runner.cleanup()
