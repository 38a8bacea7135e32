"""HTTP/1.1 to one server, in as few steps as asyncio allows: connections kept alive, answers read whole.

Nothing is tried twice (whoever asks knows what may be), no redirect is followed, and whatever goes wrong is an OSError.
A connection serves the next request only when all of the last one is over: what nobody awaited is never its answer.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

import aiohappyeyeballs
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

CONNECTIONS = 100
IDLE_SECONDS = 60.0
EYEBALL_SECONDS = 0.25  # how long an address is tried alone (RFC 8305)
ADDRESS_SECONDS = 3600.0  # how long addresses are believed
LARGEST_ANSWER = 8 * 1024 * 1024  # as it travels, head included

Body = bytes | AsyncGenerator[bytes, None]  # whole, or piece by piece


class NoAnswer(ConnectionError):
    """The server closed the connection too early, or what it said is no HTTP, or too much of it."""


class Answer(NamedTuple):
    """What the server said, whatever it means."""

    status: int
    content: bytes


class HttpClient:
    """The connections to one server: at most so many at once, and the one used last is used first."""

    def __init__(self, base: str, *, connections: int = CONNECTIONS) -> None:
        url = urlsplit(base)
        self._host = url.hostname or ""
        self._port = url.port or (443 if url.scheme == "https" else 80)
        self._secure = url.scheme == "https"
        self._tls: ssl.SSLContext | None = None
        self._path = url.path
        self._named = url.netloc.rpartition("@")[2]
        self._addresses: list[Any] = []
        self._addresses_until = 0.0
        self._looking_up = asyncio.Lock()
        self._places = asyncio.Semaphore(connections)
        self._closed = False
        self._idle: list[_Connection] = []  # the one that waits longest is the first
        self._closing: asyncio.TimerHandle | None = None

    async def post(self, path: str, body: Body, *, content_type: str, seconds: float) -> Answer:
        """POST to a path below the base; the seconds are for all of it, waiting for a connection included."""
        length = f"Content-Length: {len(body)}" if isinstance(body, bytes) else "Transfer-Encoding: chunked"
        head = f"POST {self._path}{path} HTTP/1.1\r\nHost: {self._named}\r\nContent-Type: {content_type}\r\n"
        async with asyncio.timeout(seconds), self._places:
            connection = self._rested() or await self._connected()
            try:
                answer = await connection.exchange(f"{head}{length}\r\n\r\n".encode(), body)
            except BaseException:  # cancelled, too: its answer may still come, and would be the next one's
                connection.abort()
                raise
            self._rest(connection)
            return answer

    async def close(self) -> None:
        """Give the connections back; those at work follow when they have their answers."""
        self._closed = True
        while self._idle:
            self._idle.pop().abort()
        self._close_idle()
        await asyncio.sleep(0)  # which is when the event loop closes them

    def _rested(self) -> "_Connection | None":
        while self._idle:
            if (connection := self._idle.pop()).open:
                return connection
        return None

    def _rest(self, connection: "_Connection") -> None:
        if self._closed or not (connection.open and connection.over):
            connection.abort()
            return
        connection.idle_since = asyncio.get_running_loop().time()
        self._idle.append(connection)
        if self._closing is None:
            self._close_idle()

    def _close_idle(self) -> None:
        """Close what has been idle too long, and come again for the next; one timer for all of them."""
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        loop = asyncio.get_running_loop()
        while self._idle and self._idle[0].idle_since + IDLE_SECONDS <= loop.time():
            self._idle.pop(0).abort()
        if self._idle:
            self._closing = loop.call_at(self._idle[0].idle_since + IDLE_SECONDS, self._close_idle)

    async def _connected(self) -> "_Connection":
        """Connect by whichever of the server's addresses answers first; uvloop tries one after the other."""
        loop = asyncio.get_running_loop()
        if self._secure and self._tls is None:
            self._tls = ssl.create_default_context()
        name = self._host if self._secure else None
        try:
            addresses = await self._where()
            connected = await aiohappyeyeballs.start_connection(addresses, happy_eyeballs_delay=EYEBALL_SECONDS)
            _, made = await loop.create_connection(_Connection, sock=connected, ssl=self._tls, server_hostname=name)
        except (UnicodeError, RuntimeError):  # a host's name that is none; uvloop's word for some failures
            raise NoAnswer("nowhere to connect to") from None
        except OSError:
            self._addresses_until = 0.0  # it may have moved
            raise
        return made

    async def _where(self) -> list[Any]:
        """The server's addresses, looked up by one call for all; where that fails, those of before are tried."""
        loop = asyncio.get_running_loop()
        async with self._looking_up:
            if loop.time() >= self._addresses_until:
                try:
                    self._addresses = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
                    self._addresses_until = loop.time() + ADDRESS_SECONDS
                except OSError:
                    if not self._addresses:
                        raise
            return self._addresses


class _Connection(asyncio.Protocol):
    """One connection: a request, then its answer. The methods named on_… are called by the parser."""

    idle_since = 0.0
    _transport: asyncio.Transport
    _answer: asyncio.Future[Answer] | None = None
    _received = 0
    _sized = False  # the head says where the answer ends
    _ends_by_closing = False

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._content = bytearray()
        self._writable = asyncio.Event()
        self._writable.set()

    @property
    def open(self) -> bool:
        """Whether another request may be written to it."""
        return not self._transport.is_closing()

    @property
    def over(self) -> bool:
        """Whether all of the last request was sent; an answer may come before."""
        return not self._transport.get_write_buffer_size()

    def abort(self) -> None:
        """Close it at once; nobody awaits its answer any more."""
        if self._answer is not None:
            self._answer.cancel()
        self._transport.abort()

    async def exchange(self, head: bytes, body: Body) -> Answer:
        """Send a request and wait for its answer."""
        if not self.open:
            raise NoAnswer("closed before anything was asked")
        self._received = 0
        self._answer = asyncio.get_running_loop().create_future()
        if isinstance(body, bytes):
            self._transport.write(head + body)
        else:
            self._transport.write(head)
            await self._send(body, self._answer)
        answer = await self._answer
        self._answer = None
        self._content.clear()  # it may idle for long
        return answer

    async def _send(self, body: AsyncGenerator[bytes, None], answer: asyncio.Future[Answer]) -> None:
        """Send a body piece by piece, no faster than it is read."""
        async with aclosing(body):
            async for piece in body:
                await self._writable.wait()
                if answer.done():
                    break
                if piece:  # an empty one would be the end
                    self._transport.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        if answer.done():  # it did not wait for the end: a refusal
            self._transport.abort()
        else:
            self._transport.write(b"0\r\n\r\n")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        if self._received > LARGEST_ANSWER:
            self._fail("too long an answer")
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._fail("no HTTP")

    def connection_lost(self, exc: Exception | None) -> None:
        if self._ends_by_closing and exc is None:
            self._complete()
        self._fail("closed before the answer's end")

    def on_message_begin(self) -> None:
        if self._answer is None or self._answer.done():  # one answer more than there were questions
            self._transport.abort()
        self._sized = False
        self._content.clear()

    def on_header(self, name: bytes, _: bytes) -> None:
        self._sized = self._sized or name.lower() in (b"content-length", b"transfer-encoding")

    def on_headers_complete(self) -> None:
        self._ends_by_closing = not self._sized and self._parser.get_status_code() >= 200

    def on_body(self, piece: bytes) -> None:
        self._content += piece

    def on_message_complete(self) -> None:
        self._ends_by_closing = False
        if self._parser.get_status_code() >= 200:  # else the answer itself is still to come
            if not self._parser.should_keep_alive():
                self._transport.abort()
            self._complete()

    def _complete(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Answer(self._parser.get_status_code(), bytes(self._content)))
        self._writable.set()

    def _fail(self, why: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(NoAnswer(why))
        self._transport.abort()
        self._writable.set()
