"""Redis ends, freezes, forgets, fills up, or cannot be reached: buttons go on working all the while."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from redis import Redis

from tests.chaos.gym import Gym
from tests.chaos.run import Scene, fault
from tests.chaos.telegram import LOOK

BUTTON_SECONDS = 1.0  # promise 4
_SAYS_SO = "Redis does not answer"


@contextlib.asynccontextmanager
async def _going_on(scene: Scene) -> AsyncIterator[None]:
    """See to it that people's sets are shown while Redis is away, and that no tap waits for its answer for its sake.

    A second more than twice the slowest tap of the time before: this machine may have more to do than this.
    """
    shown, usual = len(scene.history.shown), _slowest_tap(scene)
    yield
    await scene.progress(shown + len(scene.lifters) - len(scene.history.shown))
    scene.note("went on", sets=len(scene.history.shown) - shown, usual=round(usual, 3))
    scene.measure("a tap answered", _slowest_tap(scene), most=BUTTON_SECONDS + 2 * usual)


def _slowest_tap(scene: Scene) -> float:
    """Say how long the slowest tap took since this was last asked."""
    slowest = max(lifter.slowest for lifter in scene.lifters)
    for lifter in scene.lifters:
        lifter.slowest = 0.0
    return slowest


def _ask(gym: Gym, *words: Any, password: str | None = None) -> Any:
    """Order Redis itself something, past the proxy."""
    with Redis(unix_socket_path=str(gym.valkey.socket), password=password or gym.valkey.password) as redis:
        return redis.execute_command(*words)


@fault(4)
async def redis_killed(scene: Scene) -> None:
    """Kill -9 of Redis, four times; what it knew is gone."""
    for longest in (2, 3, 4, 15):
        await scene.breath(0.5, 2)
        async with _going_on(scene):
            scene.note("kill")
            await asyncio.to_thread(scene.gym.valkey.kill)
            await scene.breath(1, longest)
        await asyncio.to_thread(scene.gym.valkey.start)


@fault(4)
async def redis_flushed(scene: Scene) -> None:
    """Redis is emptied between any two steps, 150 times."""
    async with _going_on(scene):
        for _ in range(150):
            await scene.breath(0.02, 0.2)
            scene.note("flush")
            await asyncio.to_thread(scene.gym.valkey.flush)


@fault(4)
async def redis_frozen(scene: Scene) -> None:
    """Redis stands still for 5 to 10 s, twice."""
    for _ in range(2):
        await scene.breath(1, 2)
        pid = scene.gym.valkey.pid
        assert pid is not None
        try:
            async with _going_on(scene):
                scene.note("freeze")
                os.kill(pid, signal.SIGSTOP)
                await scene.breath(5, 10)
        finally:
            os.kill(pid, signal.SIGCONT)


@fault(4)
async def redis_out_of_memory(scene: Scene) -> None:
    """Redis has no memory left for anything new, twice."""
    for _ in range(2):
        await scene.breath(1, 2)
        try:
            async with _going_on(scene):
                scene.note("no memory")
                _ask(scene.gym, "CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "1")
                await scene.breath(3, 6)
        finally:
            _ask(scene.gym, "CONFIG", "SET", "maxmemory", "0")


@fault(4)
async def redis_password_wrong(scene: Scene) -> None:
    """Redis has another password than the bot, twice."""
    right = scene.gym.valkey.password
    for _ in range(2):
        await scene.breath(1, 2)
        scene.note("another password")
        _ask(scene.gym, "CONFIG", "SET", "requirepass", "another")
        try:
            async with _going_on(scene):
                _ask(scene.gym, "CLIENT", "KILL", "TYPE", "normal", password="another")
                await scene.breath(3, 6)
        finally:
            _ask(scene.gym, "CONFIG", "SET", "requirepass", right, password="another")


@fault(4)
async def redis_slow(scene: Scene) -> None:
    """Each word to Redis and back takes 50 to 300 ms."""
    for _ in range(4):
        await scene.breath(0.5, 1)
        async with _going_on(scene):
            scene.gym.to_redis.seconds = scene.chance.uniform(0.05, 0.3)
            scene.note("slow", seconds=round(scene.gym.to_redis.seconds, 3))
            await scene.breath(2, 4)
        scene.gym.to_redis.heal()


@fault(4)
async def redis_reset(scene: Scene) -> None:
    """Every connection to Redis is reset, 100 times."""
    async with _going_on(scene):
        for _ in range(100):
            await scene.breath(0.05, 0.25)
            scene.note("reset", lines=scene.gym.to_redis.reset())


@fault(4)
async def redis_black_hole(scene: Scene) -> None:
    """For 5 to 10 s nothing comes through to Redis or back, and every connection stays open; twice."""
    for _ in range(2):
        await scene.breath(1, 2)
        async with _going_on(scene):
            scene.note("swallow")
            scene.gym.to_redis.swallow()
            await scene.breath(5, 10)
        scene.gym.to_redis.heal()


@fault(4)
async def redis_half_closed(scene: Scene) -> None:
    """Redis hears that the bot has hung up, while the bot's half of each connection is open: 40 times."""
    async with _going_on(scene):
        for _ in range(40):
            await scene.breath(0.1, 0.5)
            scene.note("close half")
            scene.gym.to_redis.close_half()


@fault(4)
async def redis_absent(scene: Scene) -> None:
    """The bot starts while Redis is down: it serves, and /ready says so, until Redis is there."""
    scene.note("kill")
    await asyncio.to_thread(scene.gym.valkey.kill)
    await scene.gym.bot.stop()
    await scene.gym.bot.start()
    shown = len(scene.history.shown)
    await scene.breath(3, 6)
    await scene.progress(shown + len(scene.lifters) - len(scene.history.shown))
    said = await _ready(scene.gym)
    assert said["status"] == "limping", f"/ready says {said}"
    assert any(_SAYS_SO in problem for problem in said["problems"]), f"/ready says {said}"
    await asyncio.to_thread(scene.gym.valkey.start)
    while (await _ready(scene.gym))["status"] != "ready":  # noqa: ASYNC110 - another process says it
        await asyncio.sleep(LOOK)


async def _ready(gym: Gym) -> dict[str, Any]:
    async with aiohttp.ClientSession() as http, http.get(f"{gym.bot.url}/ready") as answer:
        assert answer.status == 200, f"/ready answers {answer.status}"
        return dict(await answer.json())
