"""What tests ordered to go wrong: the next N calls of a Bot API method are not answered as they should be."""

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass
from typing import Literal

from app.sandbox.answers import ApiError, too_many_requests

LONGEST_HANG = 600.0
_WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class NoAnswer(Exception):
    """The connection is closed without an answer."""


class ProxyError(Exception):
    """A page of HTML comes, as from a proxy before the Bot API."""

    def __init__(self, status: int) -> None:
        super().__init__(f"<html><head><title>{status}</title></head><body>nginx</body></html>")
        self.status = status


@dataclass(slots=True)
class Fault:
    """One order."""

    method: str  # lower case; * for any
    kind: Literal["fail", "slow", "lose", "hang"]
    times: int = 1
    status: int = 500
    retry_after: int | None = None
    html: bool = False
    seconds: float = 0.0
    words: str | None = None


class Faults:
    """The orders that are open, oldest first."""

    def __init__(self) -> None:
        self._orders: deque[Fault] = deque()
        self._cleared = asyncio.Event()

    def order(self, fault: Fault) -> None:
        """Let calls go wrong from now on."""
        self._orders.append(fault)

    def take(self, method: str) -> Fault | None:
        """The order that this call must follow, if there is one."""
        for fault in self._orders:
            if fault.method in ("*", method):
                fault.times -= 1
                if fault.times <= 0:
                    self._orders.remove(fault)
                return fault
        return None

    async def before(self, fault: Fault) -> None:
        """What happens instead of carrying a call out, or before."""
        match fault.kind:
            case "fail" if fault.html:
                raise ProxyError(fault.status)
            case "fail" if fault.status == 429:
                raise too_many_requests(1 if fault.retry_after is None else fault.retry_after)
            case "fail":
                words = fault.words or _WORDS.get(fault.status, "Internal Server Error")
                raise ApiError(fault.status, words, retry_after=fault.retry_after)
            case "slow":
                await self._pause(fault.seconds)
            case "hang":
                await self._pause(LONGEST_HANG)
                raise NoAnswer

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._cleared.wait()

    def clear(self) -> None:
        """Let everything go right again, also what hangs."""
        self._orders.clear()
        self._cleared.set()
        self._cleared = asyncio.Event()
