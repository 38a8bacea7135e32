"""What the bot remembers of a conversation between two messages: which text it waits for, and where.

A convenience, never the truth: buttons carry their whole command, so a tap reads nothing here. One Redis key a person,
kept 24 hours, half a second at most; when Redis is slow or gone it is skipped, for a second at a time.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
from aiogram.fsm.state import State

from app.settings import RedisSettings
from app.utils.redis_line import Line, RedisError, Word

log = logging.getLogger(__name__)

KEPT_SECONDS = 24 * 60 * 60
PATIENCE_SECONDS = 0.5
SKIPPED_SECONDS = 1.0
MOST_UNWRITTEN = 10_000

# A tap on an older message may come late, or again: what was asked since, further below, is what the person looks at.
_WRITE_UNLESS_OVERTAKEN = """
local kept = redis.call('GET', KEYS[1])
if kept then
    local readable, there = pcall(cjson.decode, kept)
    if readable and type(there) == 'table' then
        if (tonumber(there.flow) or 0) > tonumber(ARGV[2]) and (tonumber(there.by) or 0) > tonumber(ARGV[3]) then
            return 0
        end
    end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[4])
return 1
"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The open question (one of states.py), what it is about, the message whose buttons are in use.

    And the update that led there: a line that came no later than that is a redelivery, and answers nothing.
    """

    state: str | None = None
    about: dict[str, Any] = field(default_factory=dict)
    flow: int | None = None
    by: int = 0

    @classmethod
    def of(cls, asks: State | None, about: dict[str, Any], *, flow: int | None, by: int = 0) -> "Remembered":
        """Remember the question of a screen."""
        return cls(asks.state if asks else None, about, flow, by)

    @property
    def place(self) -> tuple[int, int]:
        """The message and the update, by which it is told what overtook what."""
        return self.flow or 0, self.by


NOTHING = Remembered()


class Memory(Protocol):
    """Where conversations are remembered."""

    async def read(self, user_id: int) -> Remembered:
        """Recall a person's conversation; nothing when it is forgotten or out of reach."""
        ...

    async def write(self, user_id: int, remembered: Remembered) -> None:
        """Remember a person's conversation, if that can be done now and nothing newer has overtaken it."""
        ...

    async def forget(self, user_id: int) -> None:
        """Forget a person's conversation."""
        ...

    async def trouble(self) -> str | None:
        """Say in words what is wrong, if anything is."""
        ...

    async def close(self) -> None:
        """Give the connections back."""
        ...


class LocalMemory:
    """Conversations in this process alone: for development."""

    def __init__(self) -> None:
        self._kept: dict[int, Remembered] = {}

    async def read(self, user_id: int) -> Remembered:
        return self._kept.get(user_id, NOTHING)

    async def write(self, user_id: int, remembered: Remembered) -> None:
        if not _overtaken(remembered.place, by=self._kept.get(user_id, NOTHING).place):
            self._kept[user_id] = remembered

    async def forget(self, user_id: int) -> None:
        self._kept.pop(user_id, None)

    async def trouble(self) -> str | None:
        return None

    async def close(self) -> None:
        self._kept.clear()


class RedisMemory:
    """Conversations in Redis, so that they outlive the process and are shared between several."""

    def __init__(self, settings: RedisSettings, *, bot_id: int) -> None:
        self._settings = settings
        self._line: Line | None = None
        self._connecting = asyncio.Lock()
        self._prefix = f"fsm:{bot_id}:"
        self._skip_until = 0.0
        self._unwritten: OrderedDict[int, tuple[int, int]] = OrderedDict()  # whose question in Redis is an old one

    async def read(self, user_id: int) -> Remembered:
        if user_id in self._unwritten:  # a lost question is asked again; an old one would be answered wrongly
            return NOTHING
        kept = await self._ask("GET", f"{self._prefix}{user_id}")
        if not kept:
            return NOTHING
        try:
            return Remembered(**orjson.loads(kept))
        except (orjson.JSONDecodeError, TypeError):
            return NOTHING  # another version's, or not ours

    async def write(self, user_id: int, remembered: Remembered) -> None:
        written = (f"{self._prefix}{user_id}", orjson.dumps(remembered), *remembered.place, KEPT_SECONDS)
        answer = await self._ask("EVAL", _WRITE_UNLESS_OVERTAKEN, 1, *written)
        unwritten = self._unwritten.get(user_id, NOTHING.place)
        if answer is None:
            self._unwritten[user_id] = max(unwritten, remembered.place)
        elif answer and not _overtaken(remembered.place, by=unwritten):
            self._unwritten.pop(user_id, None)
        if len(self._unwritten) > MOST_UNWRITTEN:
            self._unwritten.popitem(last=False)

    async def forget(self, user_id: int) -> None:
        if await self._ask("DEL", f"{self._prefix}{user_id}") is not None:
            self._unwritten.pop(user_id, None)

    async def trouble(self) -> str | None:
        self._skip_until = 0.0
        await self._ask("PING")
        if self._skip_until:
            return "Redis does not answer: buttons work, an open question may have to be asked again."
        return None

    async def close(self) -> None:
        if self._line is not None:
            self._line.cut()

    async def _ask(self, *command: Word) -> Any:
        if time.monotonic() < self._skip_until:
            return None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._answer(command)
        except (RedisError, OSError) as error:  # which a TimeoutError is, too
            self._skip_until = time.monotonic() + SKIPPED_SECONDS
            log.warning("redis_skipped", extra={"kind": type(error).__name__})
            if isinstance(error, TimeoutError):
                await self.close()  # what was open when nobody answered may be dead, and never say so
            return None

    async def _answer(self, command: tuple[Word, ...]) -> Any:
        try:
            return await (await self._opened()).ask(*command)
        except OSError:  # the line may have died since it was used last; one more try is on a fresh one
            return await (await self._opened()).ask(*command)

    async def _opened(self) -> Line:
        """The line that everybody shares, opened when there is none."""
        if self._line is not None and self._line.is_open:
            return self._line
        async with self._connecting:
            if self._line is None or not self._line.is_open:
                where = self._settings
                self._line = await Line.opened(where.redis_host, where.redis_port, password=where.redis_password)
            return self._line


def _overtaken(place: tuple[int, int], *, by: tuple[int, int]) -> bool:
    """Say whether both a newer update and a newer message stand against it."""
    return by[0] > place[0] and by[1] > place[1]
