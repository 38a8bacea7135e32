"""The sandbox as chaos uses it: one connection for what people do, one stream of what happens in all chats."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.stage import Sandbox

Event = dict[str, Any]
REST_SECONDS = 120.0
LOOK = 0.05
TAP_LIFE = 150.0  # so many of its seconds it keeps a tap


class Telegram(Sandbox):
    """A Telegram, 20 times as fast with its second tries as the real one."""

    def __init__(self, *, port: int, folder: Path) -> None:
        super().__init__(port=port, folder=folder)
        self.ahead = 0.0  # of the computer's clock, in seconds
        self.ears: defaultdict[int, asyncio.Queue[Event]] = defaultdict(asyncio.Queue)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Telegram"]:
        """Start it, and listen."""
        await self.start()
        limit = aiohttp.TCPConnector(limit=0)
        try:
            async with aiohttp.ClientSession(connector=limit) as self.http, asyncio.TaskGroup() as tasks:
                heard = asyncio.Event()
                listening = tasks.create_task(self._listen(heard))
                await heard.wait()
                try:
                    yield self
                finally:
                    listening.cancel()
        finally:
            await self.stop()

    async def _listen(self, heard: asyncio.Event) -> None:
        """Pass every event on to whom it concerns; the sandbox is no part of what is broken."""
        never = aiohttp.ClientTimeout(total=None)
        async with self.http.get(f"{self.url}/events", timeout=never) as stream:
            heard.set()
            async for line in stream.content:
                if line.startswith(b"data: "):
                    event = json.loads(line[6:])
                    if event["chat_id"] in self.ears:
                        self.ears[event["chat_id"]].put_nowait(event)

    async def ask(self, method: str, path: str, content: Any = None) -> Any:
        async with self.http.request(method, f"{self.url}{path}", json=content) as answer:
            text = await answer.text()
            assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
            return json.loads(text) if answer.content_type == "application/json" else text

    async def control(self, order: str, **how: Any) -> None:
        """Order the sandbox to do something: fail, slow, lose, duplicate …"""
        await self.ask("POST", f"/control/{order}", how)

    async def reset(self) -> None:
        """Let nothing of before go on: no order of a fault, no time ahead, nobody's chat."""
        self.ahead = 0.0
        await self.control("reset")

    async def forward(self, seconds: float) -> None:
        """Let time pass at once, by Telegram's clock alone: taps wait 150 s, lines a day."""
        self.ahead += seconds
        await self.control("clock", forward=seconds)

    async def state(self, update_id: int) -> str:
        """What became of an update: waiting, delivered, expired or dropped."""
        return str((await self.ask("GET", f"/control/updates/{update_id}"))["state"])

    async def rest(self) -> None:
        """Wait until no update is under way; what waits for its next try is tried now."""
        async with asyncio.timeout(REST_SECONDS):
            while (await self.ask("POST", "/control/retry"))["waiting"]:  # noqa: ASYNC110 - another process delivers
                await asyncio.sleep(10 * LOOK)
