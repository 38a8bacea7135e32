"""The server's own limits, where no test could wait for the real ones."""

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from app.modules import server
from tests.stage import START_SECONDS

MEGABYTE = b"x" * 2**20
MORE_THAN_SOCKETS_HOLD = 200  # megabytes


async def test_who_does_not_read_the_answer_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "READ_SECONDS", 0.05)
    ended = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for left in reversed(range(MORE_THAN_SOCKETS_HOLD)):
            await send({"type": "http.response.body", "body": MEGABYTE, "more_body": left > 0})
        ended.set()

    config = uvicorn.Config(app, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    listening = await asyncio.get_running_loop().create_server(
        lambda: server.LimitedHttp(config, state, {}), "127.0.0.1", 0
    )
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    async with asyncio.timeout(START_SECONDS):
        await ended.wait()
        while state.connections:  # noqa: ASYNC110 - the server says so to itself alone
            await asyncio.sleep(0.01)
    writer.close()
    listening.close()
