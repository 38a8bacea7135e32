"""Every kind of fault, by what it breaks."""

from tests.chaos.faults import bots, postgres

__all__ = ["bots", "postgres"]
