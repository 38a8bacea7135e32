"""How many messages a bot may send: about one a second to a chat and thirty to all, with room for bursts.

Telegram tells no exact numbers; these are of the size that its FAQ and bots in the wild report.
"""

import math
from dataclasses import dataclass

from app.sandbox.answers import too_many_requests
from app.sandbox.clock import Clock

CHAT_RATE, CHAT_BURST = 1.0, 60.0
WHOLE_RATE, WHOLE_BURST = 30.0, 60.0
WEBHOOK_SECONDS = 1.0


@dataclass(slots=True)
class _Allowance:
    """What may be sent at once: it grows by the second, up to a burst."""

    left: float
    at: float
    refused_until: float = 0.0


class Limits:
    """Refuses what is too much, with 429, until the seconds it named are over."""

    def __init__(self, clock: Clock, *, speed: float) -> None:
        self._clock = clock
        self._speed = speed
        self.begin_anew()

    def begin_anew(self, *, on: bool | None = None) -> None:
        """Forget what was sent; unless told, only a sandbox at the real one's speed counts from now on.

        In one that is sped up for tests, people tap faster than any real person does.
        """
        self.on = self._speed == 1 if on is None else on
        self._chats: dict[int, _Allowance] = {}
        self._whole = _Allowance(WHOLE_BURST, self._clock.now())
        self._webhook_from = 0.0

    def spend(self, chat_id: int) -> None:
        """Count one message to a chat, or one edit in it."""
        if not self.on:
            return
        chat = self._chats.setdefault(chat_id, _Allowance(CHAT_BURST, self._clock.now()))
        self._grow(chat, CHAT_RATE, CHAT_BURST)
        self._grow(self._whole, WHOLE_RATE, WHOLE_BURST)
        chat.left -= 1
        self._whole.left -= 1

    def set_webhook(self) -> None:
        """Count one setWebhook: a second one within a second is too much, whatever it says."""
        now = self._clock.now()
        if self.on and now < self._webhook_from:
            raise too_many_requests(1)
        self._webhook_from = now + WEBHOOK_SECONDS / self._speed

    def _grow(self, allowance: _Allowance, rate: float, burst: float) -> None:
        now = self._clock.now()
        if now < allowance.refused_until:
            raise too_many_requests(math.ceil(allowance.refused_until - now))
        rate *= self._speed
        allowance.left = min(burst, allowance.left + (now - allowance.at) * rate)
        allowance.at = now
        if allowance.left < 1:
            seconds = max(math.ceil((1 - allowance.left) / rate), 1)
            allowance.refused_until = now + seconds
            raise too_many_requests(seconds)
