"""The bad network is as bad as it is told to be, and good again afterwards."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from tests.chaos.proxy import Proxy

SOON = 5.0
RESET = b"(reset)"


@pytest.fixture
async def echo() -> AsyncIterator[Proxy]:
    """A proxy before a server that says everything twice."""

    async def say_twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line * 2)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(say_twice, "127.0.0.1", 0)
    proxy = Proxy([server.sockets[0].getsockname()])
    await proxy.start()
    yield proxy
    await proxy.stop()
    server.close()


async def said(proxy: Proxy, line: bytes, *, seconds: float = SOON) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        writer.write(line)
        async with asyncio.timeout(seconds):
            return await reader.readline()
    except ConnectionError:
        return RESET
    finally:
        await end(writer)


async def end(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def test_it_passes_everything_on(echo: Proxy) -> None:
    assert await said(echo, b"one\n") == b"one\n"


async def test_it_refuses_and_heals(echo: Proxy) -> None:
    echo.refusing = True
    assert await said(echo, b"one\n") in (RESET, b"")
    echo.heal()
    assert await said(echo, b"one\n") == b"one\n"


async def test_it_swallows_and_passes_on_later(echo: Proxy) -> None:
    echo.swallow()
    asking = asyncio.ensure_future(said(echo, b"one\n"))  # noqa: TID251 - a test's own
    done, _ = await asyncio.wait({asking}, timeout=0.2)
    assert not done
    echo.heal()
    assert await asking == b"one\n"


async def test_it_loses_the_reply_of_what_matches_and_no_other(echo: Proxy) -> None:
    echo.lose_replies(lambda request: b"two" in request, times=1)
    assert await said(echo, b"one\n") == b"one\n"
    assert await said(echo, b"two\n") == RESET
    assert (echo.lost, echo.losing) == (1, False)
    assert await said(echo, b"two\n") == b"two\n"


async def test_it_cuts_and_half_closes(echo: Proxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", echo.port)
    writer.write(b"one\n")
    assert await reader.readline() == b"one\n"
    assert echo.reset() == 1
    with pytest.raises(ConnectionResetError):
        await reader.read()
    await end(writer)
    reader, writer = await asyncio.open_connection("127.0.0.1", echo.port)
    writer.write(b"one\n")
    assert await reader.readexactly(8) == b"one\n" * 2
    echo.close_half()
    assert await reader.read() == b""
    await end(writer)
