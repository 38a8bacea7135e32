"""Before anything is measured: does every bot say the same, to the letter, and how often does it ask for something?

One person records some sets with each bot. Every call that goes out is compared with the script; round trips and calls
are counted on the way, where counting costs nobody time that is measured.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.stage import BOTS, TITLES, Stage
from bench.workout import ROUND

ROUNDS = 12
READER = 0  # who is read to the letter


class Differs(Exception):
    """A bot does not do what the others do: comparing them would mean nothing."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What an update costs others, on average over the recording conversation."""

    postgres_trips: float
    redis_trips: float
    calls: float


async def compare(stage: Stage, names: Iterable[str] = BOTS, *, rounds: int = ROUNDS) -> dict[str, Counts]:
    """Let one person record some sets with each bot; raise Differs when one says another thing than ours."""
    return {name: await _counted(stage, name, rounds=rounds) for name in names}


async def _counted(stage: Stage, name: str, *, rounds: int) -> Counts:
    world = stage.world
    async with stage.counted() as (watched, to_postgres, to_redis), watched.bot(name) as bot:
        world.enter([READER], bot_port=bot.port)
        await world.play(1 + len(ROUND))  # /gym, and a round in which connections and plans are made
        before = (to_postgres.trips, to_redis.trips, world.figures.calls)
        updates = rounds * len(ROUND)
        await world.play(updates)
        after = (to_postgres.trips, to_redis.trips, world.figures.calls)
    if world.wrong:
        raise Differs(f"{TITLES[name]} does not say what our screens say: {world.wrong[0]}")
    return Counts(*(round((late - early) / updates, 2) for early, late in zip(before, after, strict=True)))
