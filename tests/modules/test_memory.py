"""Conversations in Redis: one key a person; and life without Redis."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import hiredis
import pytest
import uvloop
from redis import Redis

from app.modules.memory import KEPT_SECONDS, NOTHING, LocalMemory, Memory, RedisMemory, Remembered
from app.settings import RedisSettings
from dev.servers import Valkey, temporary_folder

QUESTION = Remembered("Asked:name", {"muscle": 3, "name": "ноги 🦵"}, flow=17)


def settings(env: dict[str, str]) -> RedisSettings:
    return RedisSettings.model_validate({name.lower(): value for name, value in env.items()})


@pytest.fixture
async def memory(redis_env: dict[str, str]) -> AsyncIterator[RedisMemory]:
    """A memory on an empty Valkey."""
    made = RedisMemory(settings(redis_env), bot_id=42)
    yield made
    await made.close()


@pytest.mark.parametrize("kind", ["redis", "local"])
async def test_what_is_written_is_read_and_nobody_elses(kind: str, memory: RedisMemory) -> None:
    kept: Memory = memory if kind == "redis" else LocalMemory()
    await kept.write(1, QUESTION)
    assert await kept.read(1) == QUESTION
    assert await kept.read(2) == NOTHING
    await kept.forget(1)
    assert await kept.read(1) == NOTHING
    assert await kept.trouble() is None


@pytest.mark.parametrize("kind", ["redis", "local"])
async def test_an_older_message_does_not_overrule_what_a_newer_one_asks(kind: str, memory: RedisMemory) -> None:
    kept: Memory = memory if kind == "redis" else LocalMemory()
    newer = replace(QUESTION, flow=8, by=3)
    await kept.write(1, newer)
    await kept.write(1, replace(QUESTION, flow=5, by=2))
    assert await kept.read(1) == newer
    late = replace(QUESTION, flow=8, by=2)  # the same message, to which an old tap came late
    again = replace(QUESTION, flow=5, by=4)  # an older message, which is used again
    for other in (late, again):
        await kept.write(1, other)
        assert await kept.read(1) == other


async def test_what_could_not_be_written_stays_unknown_until_it_is(memory: RedisMemory) -> None:
    await memory.write(1, replace(QUESTION, flow=5, by=1))
    memory._unwritten[1] = (8, 3)  # what was asked below a newer message did not get through
    await memory.write(1, replace(QUESTION, flow=5, by=2))
    assert await memory.read(1) == NOTHING
    await memory.write(1, replace(QUESTION, flow=9, by=4))
    assert (await memory.read(1)).flow == 9


async def test_it_is_one_key_a_person_for_a_day(memory: RedisMemory, redis_env: dict[str, str]) -> None:
    await memory.write(1, QUESTION)
    await memory.write(2, QUESTION)
    with Redis(unix_socket_path=redis_env["REDIS_HOST"], password=redis_env["REDIS_PASSWORD"], protocol=2) as redis:
        assert sorted(redis.keys()) == [b"fsm:42:1", b"fsm:42:2"]  # type: ignore[arg-type,type-var]
        assert KEPT_SECONDS - 60 < redis.ttl("fsm:42:1") <= KEPT_SECONDS  # type: ignore[operator]


@pytest.mark.parametrize("kept", ["nonsense", "[]", '{"state": 1, "of": "another version"}', ""])
async def test_what_cannot_be_read_is_nothing(memory: RedisMemory, redis_env: dict[str, str], kept: str) -> None:
    with Redis(unix_socket_path=redis_env["REDIS_HOST"], password=redis_env["REDIS_PASSWORD"], protocol=2) as redis:
        redis.set("fsm:42:1", kept)
    assert await memory.read(1) == NOTHING


@pytest.mark.parametrize(
    "change",
    [{"REDIS_PASSWORD": "wrong"}, {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "1"}, {"REDIS_HOST": "/nowhere"}],
    ids=["wrong password", "nobody listens", "no socket"],
)
async def test_without_redis_nothing_is_remembered_and_nothing_raised(
    redis_env: dict[str, str], change: dict[str, str]
) -> None:
    memory = RedisMemory(settings(redis_env | change), bot_id=42)
    await memory.write(1, QUESTION)
    assert await memory.read(1) == NOTHING
    assert "Redis does not answer" in str(await memory.trouble())
    await memory.close()


@pytest.fixture
def own_valkey() -> Valkey:
    """A Valkey that a test may hurt."""
    with temporary_folder() as folder:
        server = Valkey(folder / "valkey", durable=False)
        server.start()
        yield server
        server.stop()


async def until(met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # noqa: ASYNC251 - nothing else runs


async def test_a_frozen_redis_is_asked_once_and_then_skipped(own_valkey: Valkey) -> None:
    memory = RedisMemory(settings(own_valkey.env()), bot_id=42)
    await memory.write(1, QUESTION)
    assert own_valkey.pid
    os.kill(own_valkey.pid, signal.SIGSTOP)
    try:
        assert await memory.read(1) == NOTHING
        assert memory._skip_until > time.monotonic()  # the next ones do not wait
        assert await memory.read(1) == NOTHING
    finally:
        os.kill(own_valkey.pid, signal.SIGCONT)
    await until(lambda: memory._skip_until < time.monotonic())
    assert await memory.read(1) == QUESTION
    await memory.close()


def test_a_redis_that_hangs_up_in_mid_sentence_raises_nothing(redis_env: dict[str, str]) -> None:
    """On the bot's own event loop, which speaks of a line that is closed in words of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(hung_up_on(redis_env))


async def hung_up_on(redis_env: dict[str, str]) -> None:
    lines: set[asyncio.StreamWriter] = set()
    reading = True

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.add(writer)
        commands = hiredis.Reader()
        with contextlib.suppress(OSError):
            while came := await reader.read(1000):
                commands.feed(came)
                while commands.gets() is not False:
                    writer.write(b"+OK\r\n")
        lines.discard(writer)
        writer.transport.abort()

    async def hang_up() -> None:
        while reading:
            await asyncio.sleep(0.001)
            for line in list(lines):
                line.transport.abort()

    async def forget() -> None:
        for person in range(40):
            memory._skip_until = 0.0
            await memory.forget(person)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server, asyncio.TaskGroup() as tasks:
        port = str(server.sockets[0].getsockname()[1])
        memory = RedisMemory(settings(redis_env | {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": port}), bot_id=42)
        hanging_up = tasks.create_task(hang_up())
        await asyncio.gather(*(forget() for _ in range(30)))
        reading = False
        await hanging_up
        assert await memory.trouble() is None  # nor has it used up its connections
        await memory.close()
        while lines:  # noqa: ASYNC110 - the other ends hear of it
            await asyncio.sleep(0.001)


async def test_a_redis_that_comes_back_is_used_again(own_valkey: Valkey) -> None:
    memory = RedisMemory(settings(own_valkey.env()), bot_id=42)
    await memory.write(1, QUESTION)
    own_valkey.kill()
    assert await memory.read(1) == NOTHING
    own_valkey.start()
    assert await memory.trouble() is None
    await memory.write(1, QUESTION)
    assert await memory.read(1) == QUESTION
    await memory.close()
