"""So many exports at once, and no more."""

import asyncio

import pytest

from app.modules.errors import Unavailable
from app.modules.export import handlers


async def test_who_waits_too_long_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "TURN_SECONDS", 0.05)
    turns = asyncio.Semaphore(1)
    async with handlers._turn(turns):
        with pytest.raises(Unavailable):
            async with handlers._turn(turns):
                pass
    async with handlers._turn(turns):  # a turn that was not had is not given back
        assert turns.locked()
    assert not turns.locked()


async def test_a_turn_ends_with_whatever_ended_it() -> None:
    turns = asyncio.Semaphore(1)
    with pytest.raises(ValueError, match="broken"):
        async with handlers._turn(turns):
            raise ValueError("broken")
    assert not turns.locked()
