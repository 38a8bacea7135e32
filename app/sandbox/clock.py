"""The sandbox's time: that of the computer, moved forward by whoever does not want to wait for a day to pass."""

import time


class Clock:
    """Tells the time."""

    def __init__(self) -> None:
        self.ahead = 0.0  # of the computer, in seconds

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead
