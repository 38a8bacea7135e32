"""Every kind of fault, by what it breaks."""

from tests.chaos.faults import aimed, bot_api, bots, clock, crowds, postgres, redis, updates

__all__ = ["aimed", "bot_api", "bots", "clock", "crowds", "postgres", "redis", "updates"]
