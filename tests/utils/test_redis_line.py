"""Many commands on one line to a real Valkey: each gets its own answer, or hears that there is none."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.utils.redis_line import Line, RedisError


@pytest.fixture
async def line(redis_env: dict[str, str]) -> AsyncIterator[Line]:
    """A line to an empty Valkey."""
    made = await Line.opened(redis_env["REDIS_HOST"], 0, password=redis_env["REDIS_PASSWORD"])
    yield made
    made.cut()


async def test_each_gets_the_answer_to_what_it_asked(line: Line) -> None:
    asked = [line.ask("ECHO", str(number)) for number in range(500)]
    assert await asyncio.gather(*asked) == [str(number).encode() for number in range(500)]


async def test_whoever_stops_waiting_leaves_the_others_their_answers(line: Line) -> None:
    async with asyncio.TaskGroup() as tasks:
        impatient = [tasks.create_task(line.ask("ECHO", f"unheard {number}")) for number in range(20)]
        patient = [tasks.create_task(line.ask("ECHO", str(number))) for number in range(20)]
        await asyncio.sleep(0)  # all have asked
        for each in impatient:
            each.cancel()
    assert [each.result() for each in patient] == [str(number).encode() for number in range(20)]
    assert await line.ask("ECHO", "later") == b"later"


async def test_a_refusal_is_its_own_askers_alone(line: Line) -> None:
    refused, said = await asyncio.gather(line.ask("NO SUCH"), line.ask("ECHO", "well"), return_exceptions=True)
    assert isinstance(refused, RedisError)
    assert said == b"well"
    assert line.is_open


async def test_a_line_that_is_cut_answers_everybody_with_an_error(line: Line) -> None:
    async def cut() -> None:
        line.cut()

    waiting = [line.ask("BLPOP", "nothing", 0) for _ in range(3)]
    *said, _ = await asyncio.gather(*waiting, cut(), return_exceptions=True)
    assert {type(each) for each in said} == {ConnectionResetError}
    assert not line.is_open
    with pytest.raises(ConnectionResetError):
        await line.ask("PING")


async def test_a_wrong_password_opens_no_line(redis_env: dict[str, str]) -> None:
    with pytest.raises(RedisError):
        await Line.opened(redis_env["REDIS_HOST"], 0, password="wrong")


@pytest.mark.parametrize("said", [b"+OK\r\n+OK\r\n", b"what?\r\n"], ids=["an answer too many", "no redis"])
async def test_what_cannot_be_an_answer_ends_the_line(said: bytes) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(said)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        line = await Line.opened("127.0.0.1", server.sockets[0].getsockname()[1], password=None)
        await asyncio.gather(line.ask("PING"), return_exceptions=True)
        assert not line.is_open
