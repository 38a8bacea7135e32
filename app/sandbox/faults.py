"""What tests ordered to go wrong: the next N calls of a Bot API method answer otherwise than they should."""

from collections import deque
from dataclasses import dataclass


@dataclass(slots=True)
class Fault:
    """One order."""

    method: str  # lower case; * for any
    status: int
    retry_after: int | None
    html: bool
    times: int


class Faults:
    """The orders that are open, oldest first."""

    def __init__(self) -> None:
        self._orders: deque[Fault] = deque()

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

    def clear(self) -> None:
        """Let everything go right again."""
        self._orders.clear()
