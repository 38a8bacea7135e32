"""Every kind of fault, by what it breaks."""

from tests.chaos.faults import bots, postgres, redis

__all__ = ["bots", "postgres", "redis"]
