"""Brings updates by hand, past the sandbox's queues: many of one person at once, to whichever process it likes."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp
from aiogram.filters.callback_data import CallbackData

from tests.stage import SECRET

FIRST_UPDATE = 2**40  # far above those of the sandbox, which begin at the seconds since 1970
SPEED = 20.0  # of second tries, as in the sandbox
SECONDS = 65.0  # in which an answer must come, as long as Telegram waits
_ids = count(FIRST_UPDATE)

Update = dict[str, Any]


def tap(person: int, message_id: int, command: CallbackData) -> Update:
    """Make the update of a tap on a message's button."""
    update_id = next(_ids)
    query = {"id": str(update_id), "from": _someone(person), "chat_instance": "1", "data": command.pack()}
    return {"update_id": update_id, "callback_query": query | {"message": _message(person, message_id, "…")}}


def line(person: int, text: str) -> Update:
    """Make the update of a typed line."""
    update_id = next(_ids)
    return {"update_id": update_id, "message": _message(person, update_id % 2**31, text) | {"from": _someone(person)}}


def _message(person: int, message_id: int, text: str) -> dict[str, Any]:
    chat = {"id": person, "type": "private", "first_name": "Raw"}
    return {"message_id": message_id, "date": int(time.time()), "chat": chat, "text": text}


def _someone(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "Raw"}


@dataclass
class Courier:
    """Telegram's manners without its queues: whatever is not answered 2xx is brought again."""

    http: aiohttp.ClientSession
    answers: Counter[int] = field(default_factory=Counter)  # how often which status came; 0 is none

    @classmethod
    @asynccontextmanager
    async def ready(cls) -> AsyncIterator["Courier"]:
        """A courier with as many connections as there are updates under way."""
        limits = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=limits, timeout=aiohttp.ClientTimeout(total=SECONDS)) as http:
            yield cls(http)

    async def bring(self, update: Update, *, port: int) -> dict[str, Any]:
        """Bring an update until it is taken, and return the Bot API call that the answer holds."""
        failures = 0
        while True:
            status, retry_after, reply = await self.try_once(update, port=port)
            if 200 <= status < 300:
                return reply
            failures += 1
            await asyncio.sleep((retry_after or (2.0 ** min(failures, 6) if failures > 1 else 0.0)) / SPEED)

    async def try_once(self, update: Update, *, port: int) -> tuple[int, int, dict[str, Any]]:
        """Bring an update once: the status, the seconds until the next try, and the call in the answer."""
        status, retry_after, reply = await self._post(update, port)
        self.answers[status] += 1
        return status, retry_after, reply

    async def _post(self, update: Update, port: int) -> tuple[int, int, dict[str, Any]]:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        try:
            async with self.http.post(f"http://127.0.0.1:{port}/webhook", json=update, headers=headers) as answer:
                reply = await answer.json() if answer.status < 300 else {}
                return answer.status, int(answer.headers.get("Retry-After", 0)), reply
        except (aiohttp.ClientError, OSError):
            return 0, 0, {}
