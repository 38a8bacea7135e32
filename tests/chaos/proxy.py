"""A small TCP proxy that can be told to be slow, deaf, rude or half gone: the network of the bot."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

CHUNK = 64 * 1024

Address = Path | tuple[str, int]  # a socket in a folder, or a host and a port
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Matches = Callable[[bytes], bool]


@dataclass(eq=False)
class Line:
    """One connection through the proxy."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    twins: list[asyncio.StreamWriter]  # which get the same, and whose replies nobody hears
    asked: bytes = b""  # what was last passed on to the neighbour
    doomed: bool = False  # its next reply is swallowed, and the line cut

    def cut(self) -> None:
        """Reset both ends."""
        for end in (self.near, self.far, *self.twins):
            _reset(end)


def _reset(end: asyncio.StreamWriter) -> None:
    """Close a connection without a farewell: with nothing to linger for, TCP sends a reset."""
    if not end.transport.is_closing():
        with contextlib.suppress(OSError):
            end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.transport.abort()


@dataclass
class Proxy:
    """Listens on a port of 127.0.0.1 and passes everything on, to each of its upstreams in turn."""

    upstreams: list[Address]
    port: int = 0
    seconds: float = 0.0  # by which each piece comes later
    refusing: bool = False
    twinned: bool = False  # what comes goes to every upstream at the same moment; the replies of one of them come back
    lost: int = 0  # replies swallowed so far
    _to_lose: int = 0
    _loses: Matches | None = None
    _after: Matches | None = None
    _lines: set[Line] = field(default_factory=set)
    _serving: set[asyncio.Task[None]] = field(default_factory=set)
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen, from now until the end."""
        self._open.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everybody."""
        assert self._server is not None
        self._server.close()
        self.heal()
        self.reset()
        await asyncio.gather(*self._serving, return_exceptions=True)

    # What can go wrong

    def reset(self) -> int:
        """Cut every connection in mid-sentence, and say how many there were."""
        lines = list(self._lines)
        for line in lines:
            line.cut()
        return len(lines)

    def swallow(self) -> None:
        """Pass nothing on any more, in neither direction, and leave every connection open: a black hole."""
        self._open.clear()

    def close_half(self) -> None:
        """End the neighbour's half of every connection, and leave the bot's half open."""
        for line in list(self._lines):
            with contextlib.suppress(OSError, RuntimeError):
                line.far.write_eof()

    def lose_replies(self, matches: Matches, *, times: int, after: Matches | None = None) -> None:
        """Pass on the next so many requests that match, swallow their replies and cut their lines.

        Where it matters, the request before on the same line must match too.
        """
        self._loses, self._after, self._to_lose = matches, after, times

    @property
    def losing(self) -> bool:
        """Whether there are replies yet to be lost."""
        return self._to_lose > 0

    def heal(self) -> None:
        """Be a good network again; what was swallowed arrives now, where somebody still waits for it."""
        self.seconds, self.refusing, self._to_lose = 0.0, False, 0
        if self.twinned:
            self.twinned = False
            self.reset()
        self._open.set()

    # How it passes things on

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (serving := asyncio.current_task()) is not None:
            self._serving.add(serving)
            serving.add_done_callback(self._serving.discard)
        reached = None if self.refusing else await self._connected()
        if reached is None:
            _reset(writer)
            return
        address, (far_reader, far_writer) = reached
        others = [each for each in self.upstreams if each != address] if self.twinned else []
        twins = [await _opened(each) for each in others]
        line = Line(writer, far_writer, [twin for _, twin in twins])
        self._lines.add(line)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pass_on(line, reader, far_writer, requests=True))
                tasks.create_task(self._pass_on(line, far_reader, writer, requests=False))
                for unheard, _ in twins:
                    tasks.create_task(_read_out(unheard))
        finally:
            self._lines.discard(line)
            line.cut()
            for end in (writer, far_writer, *line.twins):
                with contextlib.suppress(OSError):
                    await end.wait_closed()

    async def _connected(self) -> tuple[Address, Streams] | None:
        for _ in self.upstreams:
            self.upstreams.append(address := self.upstreams.pop(0))
            with contextlib.suppress(OSError):
                return address, await _opened(address)
        return None

    def _doom(self, line: Line, request: bytes) -> None:
        """See whether this request's reply is one to be lost."""
        if self._to_lose and self._loses and (self._after is None or self._after(line.asked)) and self._loses(request):
            self._to_lose -= 1
            line.doomed = True
        line.asked = request

    async def _pass_on(
        self, line: Line, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, requests: bool
    ) -> None:
        targets = [target, *line.twins] if requests else [target]
        with contextlib.suppress(OSError, RuntimeError):  # either end may be gone at any moment
            while chunk := await source.read(CHUNK):
                if requests:
                    self._doom(line, chunk)
                if self.seconds:
                    await asyncio.sleep(self.seconds)
                await self._open.wait()
                if line.doomed and not requests:
                    self.lost += 1
                    line.cut()
                    return
                for each in targets:
                    each.write(chunk)
                await target.drain()
            for each in targets:
                each.write_eof()
            return
        line.cut()


async def _opened(address: Address) -> Streams:
    if isinstance(address, Path):
        return await asyncio.open_unix_connection(address)
    return await asyncio.open_connection(*address)


async def _read_out(source: asyncio.StreamReader) -> None:
    """Read replies that nobody hears, so that their sender is not held up."""
    with contextlib.suppress(OSError):
        while await source.read(CHUNK):
            pass
