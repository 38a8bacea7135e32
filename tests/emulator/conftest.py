"""telegram-test-api, an emulator of Telegram's Bot API by others, with a shim for what it lacks (shim.js)."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NoReturn

import aiohttp
import pytest

from dev.node import NodeProblem, installed
from tests.conftest import find_free_port
from tests.stage import START_SECONDS, Process

Message = dict[str, Any]
HERE = Path(__file__).parent
NOT_HERE = "The emulator by others is not here:"


class Emulator(Process):
    """The emulator, in a process of its own."""

    def __init__(self, node: str, *, port: int, folder: Path) -> None:
        super().__init__("telegram-test-api", port=port, env={}, log=folder / "emulator.log")
        self._command = [node, str(HERE / "shim.js"), str(port)]

    async def ask(self, path: str, content: dict[str, Any]) -> Any:
        """Ask one of its own routes, those of its TelegramClient."""
        async with aiohttp.ClientSession() as http, http.post(f"{self.url}{path}", json=content) as answer:
            assert answer.status == 200, f"{path}: {answer.status} {await answer.text()}"
            return await answer.json()


class Client:
    """A person with one bot: what the emulator's TelegramClient does, in Python."""

    def __init__(self, emulator: Emulator, *, token: str, user_id: int) -> None:
        self._emulator = emulator
        self._token = token
        self.id = user_id
        self._me = {"id": user_id, "is_bot": False, "first_name": "Ann"}
        self._chat = {"id": user_id, "type": "private", "first_name": "Ann"}

    async def command(self, text: str) -> None:
        """Send a command."""
        entity = {"type": "bot_command", "offset": 0, "length": len(text)}
        message = {"from": self._me, "chat": self._chat, "date": int(time.time()), "text": text, "entities": [entity]}
        await self._emulator.ask("/sendCommand", {"botToken": self._token, **message})

    async def tap(self, message: Message, name: str) -> Message:
        """Tap a button of a message; return that message as it is when the tap has been answered."""
        tapped = {
            "message_id": message["messageId"],
            "from": {"id": int(self._token.split(":")[0]), "is_bot": True, "first_name": "Bot"},
            "chat": self._chat,
            "date": message["time"] // 1000,
            "text": text_of(message),
        }
        before = len((await self.seen())["answers"])
        tap = {"from": self._me, "message": tapped, "data": buttons(message)[name]}
        await self._emulator.ask("/sendCallback", {"botToken": self._token, **tap})
        async with asyncio.timeout(START_SECONDS):
            while len((await self.seen())["answers"]) == before:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.02)
        return next(each for each in await self.screens() if each["messageId"] == message["messageId"])

    async def screens(self, count: int = 0) -> list[Message]:
        """Everything that the bot has sent, as the emulator has it now; wait until it is so much."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                history = (await self._emulator.ask("/getUpdatesHistory", {"token": self._token}))["result"]
                screens = [each for each in history if each.get("message", {}).get("chat_id") == self.id]
                if len(screens) >= count:
                    return screens
                await asyncio.sleep(0.02)

    async def seen(self) -> dict[str, Any]:
        """What the shim has seen of the bot: its command menu, its answers to taps, which rows it needed."""
        return dict(await self._emulator.ask("/seen", {}))


def text_of(message: Message) -> str:
    """The text of a recorded message, as the bot sent it."""
    return str(message["message"]["text"])


def buttons(message: Message) -> dict[str, str]:
    """The buttons of a recorded message, and what each of them sends."""
    rows = message["message"]["reply_markup"]["inline_keyboard"]
    return {each["text"]: each["callback_data"] for row in rows for each in row}


def do_without(problem: NodeProblem) -> NoReturn:
    """Without the emulator CI fails; elsewhere its tests are skipped, and the last lines say so loudly."""
    if os.environ.get("CI"):
        pytest.fail(f"{NOT_HERE} {problem} CI demands it.")
    pytest.skip(f"{NOT_HERE} {problem}")


@pytest.fixture(scope="module")
def node() -> str:
    """The program of Node, after the emulator was installed."""
    try:
        return installed(HERE)
    except NodeProblem as problem:
        do_without(problem)


@pytest.fixture(scope="module")
async def emulator(node: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Emulator]:
    """The emulator, listening; a webhook that failed would have ended it."""
    made = Emulator(node, port=find_free_port(), folder=tmp_path_factory.mktemp("emulator"))
    await made.start()
    yield made
    assert await made.stop() == -signal.SIGTERM, made.log.read_text()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NOT_HERE in str(report.longrepr)]
    if skipped:
        terminalreporter.section("NOT TESTED: the emulator by others", sep="!", red=True, bold=True)
        terminalreporter.write_line(
            f"{len(skipped)} tests were skipped. {skipped[0].longrepr[2].removeprefix('Skipped: ')}"
        )
