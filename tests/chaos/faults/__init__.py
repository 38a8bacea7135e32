"""Every kind of fault, by what it breaks."""

from tests.chaos.faults import aimed, bots, clock, postgres, redis

__all__ = ["aimed", "bots", "clock", "postgres", "redis"]
