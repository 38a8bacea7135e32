"""uvicorn with the limits that it lacks: how large a request may be, and how long it may take to arrive.

They hold before any secret is seen, for heads, bodies and trailers, and between requests; and for who does not read.
"""

import asyncio
import signal
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT = 32 * 1024
REQUEST_LIMIT = 512 * 1024  # head, body and trailers, as they travel; the endpoint's own limit on a body is smaller
HEAD_SECONDS = 10.0
IDLE_SECONDS = 75.0
READ_SECONDS = 60.0  # for some 50 KiB of an answer
DRAIN_SECONDS = 12


class LimitedHttp(HttpToolsProtocol):
    """HTTP whose requests are small and come at once; anything else loses its connection."""

    _received: int
    _in_head: bool
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._received = 0
        self._in_head = True
        self._allow(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._allow(None)
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._received = 0
        self._in_head = True
        self._allow(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._allow(None)  # from here on the endpoint watches the clock
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._received += len(data)
        if self._received > (HEAD_LIMIT if self._in_head else REQUEST_LIMIT):
            self.transport.close()

    def on_response_complete(self) -> None:
        unread = self.cycle.more_body
        super().on_response_complete()
        if unread:  # an answer before the end of the request: the rest is not worth waiting for
            self.transport.close()
        else:
            self._in_head = True
            self._received = 0
            self._allow(IDLE_SECONDS)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._stop_waiting()
        super().resume_writing()

    def _stop_waiting(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _allow(self, seconds: float | None) -> None:
        """End the connection after so many seconds, unless something happens before; None: no limit.

        What nobody reads is not waited for, as closing would.
        """
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)


def server(app: Any, *, host: str, port: int) -> uvicorn.Server:
    """Make a server that drains before it stops, and logs as we do."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn stops gracefully and then raises the signal once more; a clean stop is exit code 0.
        signal.signal(number, lambda *_: None)
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            loop="uvloop",
            http=LimitedHttp,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=int(IDLE_SECONDS),
            timeout_graceful_shutdown=DRAIN_SECONDS,
            reset_contextvars=True,
        )
    )
