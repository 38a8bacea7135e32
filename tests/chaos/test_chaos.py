"""A choice of chaos in every run of the tests; make chaos is all of it. CHAOS_SEED=n repeats the choices of a run."""

import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chaos import faults
from tests.chaos.gym import Gym
from tests.chaos.planted import PLANTS
from tests.chaos.run import FAULTS, Outcome, run

_ = faults  # importing them enters them into FAULTS
PLANTED = ["seen_in_redis", "naked_pool"]  # make chaos runs all of them
CHOICE = {"killed_at_work", *(PLANTS[name][1] for name in PLANTED)}


@pytest.fixture(scope="module")
async def gym() -> AsyncIterator[Gym]:
    """One stage for all."""
    async with Gym.opened() as opened:
        yield opened


@pytest.fixture
def seed() -> int:
    chosen = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(10**6))
    print(f"CHAOS_SEED={chosen}")  # noqa: T201 - pytest shows it with a failure
    return chosen


def wrong(outcome: Outcome) -> list[str]:
    """Name everything that is wrong, with the way to see it again."""
    found = [f"{kind}: {each}" for kind, them in outcome.found.items() for each in them]
    again = f'make chaos ARGS="{outcome.fault.name} --seed {outcome.seed}"'
    return [*found, *outcome.troubles, again] if found or outcome.troubles else []


@pytest.mark.parametrize("name", sorted(CHOICE, key=list(FAULTS).index))
async def test_nothing_is_lost_or_doubled(gym: Gym, seed: int, tmp_path: Path, name: str) -> None:
    outcome = await run(gym, FAULTS[name], seed=seed, folder=tmp_path)
    assert wrong(outcome) == []
    assert outcome.kept
    assert not outcome.not_run


@pytest.mark.parametrize("name", PLANTED)
async def test_a_planted_fault_is_caught(gym: Gym, seed: int, tmp_path: Path, name: str) -> None:
    """By the same scene that the bot as it is shipped gets through."""
    outcome = await run(gym, FAULTS[PLANTS[name][1]], seed=seed, folder=tmp_path, planted=name)
    assert outcome.shows(PLANTS[name][2]), f"not caught: {outcome.figures()}"
