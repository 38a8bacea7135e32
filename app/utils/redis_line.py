"""One line to Redis: any number of commands on their way at once, answered in their order.

Instead of redis-py, whose import alone is a fifth of a bot's memory, and whose pool and retries cost each command more
than Redis does. The protocol is left to hiredis, which is Redis's own.
"""

import asyncio
from collections import deque
from typing import Any, cast

import hiredis

RedisError = hiredis.HiredisError  # an answer that is a refusal, or none that can be read

Word = str | bytes | int


class Line(asyncio.Protocol):
    """A connection; once it is cut, by whomever, everybody who waits on it hears a ConnectionError."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._reader = hiredis.Reader()
        self._waiting: deque[asyncio.Future[Any]] = deque()

    @classmethod
    async def opened(cls, host: str, port: int, *, password: str | None) -> "Line":
        """Connect and sign in; a host that begins with / is a socket."""
        loop = asyncio.get_running_loop()
        try:
            if host.startswith("/"):
                _, line = await loop.create_unix_connection(cls, host)
            else:
                _, line = await loop.create_connection(cls, host, port)
        except RuntimeError as error:  # uvloop's word for a line that is closed while it is opened
            raise ConnectionResetError from error
        try:
            if password is not None:
                await line.ask("AUTH", password)
        except BaseException:
            line.cut()
            raise
        return line

    @property
    def is_open(self) -> bool:
        """Whether something may be asked; the other end may be gone all the same."""
        return not self._transport.is_closing()

    async def ask(self, *command: Word) -> Any:
        """Ask one thing; whoever stops waiting for the answer disturbs nobody else's."""
        if not self.is_open:
            raise ConnectionResetError
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        self._transport.write(hiredis.pack_command(cast(Any, command)))  # its stub knows commands of one word
        said = await answer
        if isinstance(said, Exception):
            raise said
        return said

    def cut(self) -> None:
        """Hang up; nothing that comes later can be taken for an answer to something else."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._reader.feed(data)
            while (said := self._reader.gets()) is not False:  # which is hiredis's word for: not all of it yet
                answer = self._waiting.popleft()
                if not answer.done():
                    answer.set_result(said)
        except (hiredis.ProtocolError, IndexError):  # no Redis, or an answer that nobody asked for
            self.cut()

    def connection_lost(self, _: Exception | None) -> None:
        for answer in self._waiting:
            if not answer.done():
                answer.set_result(ConnectionResetError())  # as a result: an error that nobody awaits would be logged
        self._waiting.clear()
