"""PostgreSQL ends, freezes, fills up, or cannot be reached."""

import asyncio
import re

from tests.chaos.lifters import LOOK
from tests.chaos.run import Scene, fault

_PREPARED = re.compile(rb"PREPARE (gym_[0-9a-f]+)_0 AS\s+SELECT take_turn\(")


@fault(1, 5)
async def postgres_fast_restart(scene: Scene) -> None:
    """A clean restart of PostgreSQL."""
    for _ in range(3):
        await scene.breath(1, 3)
        scene.note("fast")
        await asyncio.to_thread(scene.gym.postgres.stop, "fast")
        await scene.breath(0, 1)
        await asyncio.to_thread(scene.gym.postgres.start)


@fault(1, 5)
async def postgres_immediate_restart(scene: Scene) -> None:
    """PostgreSQL falls over and recovers from its log."""
    for _ in range(3):
        await scene.breath(1, 3)
        scene.note("immediate")
        await asyncio.to_thread(scene.gym.postgres.stop, "immediate")
        await scene.breath(0, 1)
        await asyncio.to_thread(scene.gym.postgres.start)


@fault(1)
async def commit_reply_lost(scene: Scene) -> None:
    """The set is committed, and PostgreSQL's reply never comes: 1,000 times."""
    await lose_commits(scene, times=1000)


async def lose_commits(scene: Scene, *, times: int) -> None:
    """Cut the line behind every other statement that changes sets, once it has been passed on."""
    effects: set[bytes] = set()

    def is_effect(request: bytes) -> bool:
        if found := _PREPARED.search(request):
            effects.add(found[1])
        called = re.search(rb"EXECUTE (gym_[0-9a-f]+)_0", request)
        return called is not None and called[1] in effects and scene.chance.random() < 0.5

    way = scene.gym.to_postgres
    way.reset()  # so that every connection prepares anew, and the names are heard
    lost = way.lost
    way.lose_replies(is_effect, times=times)
    while way.losing:  # noqa: ASYNC110 - people tap meanwhile
        await asyncio.sleep(LOOK)
    scene.note("lost", replies=way.lost - lost)
