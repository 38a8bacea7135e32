"""Hostile requests to POST /webhook: refused early, in words, with memory flat."""

import asyncio
import contextlib
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.conftest import find_free_port
from tests.stage import SECRET, START_SECONDS, Process, webhook_env

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
OLD_SECRET = SECRET[::-1]
GOOD = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}


@pytest.fixture(scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Process]:
    """A receiver with nothing behind it: no database, no Redis, no Bot API. Refusing needs none of them."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    nothing = {"DB_HOST": "127.0.0.1", "DB_PORT": "1", "DB_NAME": "x", "DB_USER": "x", "REDIS_HOST": "127.0.0.1"}
    port = find_free_port()
    env = webhook_env(port=port, api_url="http://127.0.0.1:1", database=nothing, redis={"REDIS_PORT": "1"})
    env["TELEGRAM_WEBHOOK_SECRET_OLD"] = OLD_SECRET
    process = Process("app.main_webhook", port=port, env=env, log=folder / "bot.log")
    await process.start()
    yield process
    assert await process.stop() == 0


async def send(bot: Process, raw: bytes) -> str:
    """Send bytes as they are and return what comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
    try:
        writer.write(raw)
        await writer.drain()
        return (await asyncio.wait_for(reader.read(65536), 5)).decode()
    except ConnectionError:
        return "connection closed"
    finally:
        writer.close()


async def post(bot: Process, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{bot.url}/webhook", data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET], ids=["new", "old"])
async def test_both_secrets_open_it_while_one_is_changed(bot: Process, secret: str) -> None:
    assert (await post(bot, b'{"update_id": 1}', GOOD | {SECRET_HEADER: secret}))[0] == 200


@pytest.mark.parametrize(
    "secret",
    [None, b"", b"wrong", SECRET.encode()[:-1], SECRET.encode() + b"x", "s\u00e9cret".encode(), b"\xff\xfe"],
    ids=["no", "empty", "wrong", "short", "long", "non-ascii", "not utf-8"],
)
async def test_a_wrong_secret_is_refused_before_the_body_is_read(bot: Process, secret: bytes | None) -> None:
    header = b"" if secret is None else SECRET_HEADER.encode() + b": " + secret + b"\r\n"
    # A body is promised and never sent: whoever waited for it would never answer.
    head = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n" + header + b"\r\n"
    assert (await send(bot, head)).startswith("HTTP/1.1 401 ")


async def test_a_hundred_kilobytes_of_secret_are_refused(bot: Process) -> None:
    head = b"POST /webhook HTTP/1.1\r\nHost: x\r\n" + SECRET_HEADER.encode() + b": " + b"x" * 100_000 + b"\r\n\r\n"
    answer = await send(bot, head)
    assert answer == "connection closed" or answer.startswith("HTTP/1.1 401 ") or answer == ""


async def test_two_secrets_are_refused(bot: Process) -> None:
    both = f"{SECRET_HEADER}: {SECRET}\r\n" * 2
    head = f"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n{both}\r\n{{}}"
    assert (await send(bot, head.encode())).startswith("HTTP/1.1 401 ")


async def test_a_head_without_end_loses_its_connection(bot: Process) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
    writer.write(b"POST /webhook HTTP/1.1\r\nHost: x\r\n")
    with contextlib.suppress(ConnectionError):  # a busy bot closes the door when all is written
        for number in range(2_000):
            writer.write(f"X-{number}: {'y' * 1000}\r\n".encode())
            await writer.drain()
    async with asyncio.timeout(START_SECONDS):
        with contextlib.suppress(ConnectionError):
            await reader.read()  # ends when the connection does
    writer.close()


async def test_a_gzip_bomb_is_refused_unopened(bot: Process) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(bomb) < 128 * 1024
    assert await post(bot, bomb, GOOD | {"Content-Encoding": "gzip"}) == (
        415,
        '{"error":"compressed bodies are not taken"}',
    )


async def test_a_body_too_large_is_refused_by_its_length(bot: Process) -> None:
    head = f"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {128 * 1024 + 1}\r\n{SECRET_HEADER}: {SECRET}\r\n\r\n"
    assert (await send(bot, head.encode())).startswith("HTTP/1.1 413 ")


async def test_chunks_without_end_are_cut_off(bot: Process) -> None:
    head = f"POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n{SECRET_HEADER}: {SECRET}\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
    writer.write(head.encode())
    chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
    answer = b""
    try:
        for _ in range(10_000):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    try:
        answer = await reader.read(65536)
    except ConnectionError:
        answer = b""
    writer.close()
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"nonsense", 400),
        (b"\xff\xfe\x00", 400),
        (b"[" * 60_000, 400),
        (b"[" * 60_000 + b"]" * 60_000, 400),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 400),
        (b'{"update_id": NaN}', 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"hello": "world"}', 400),
        (b'{"update_id": "1"}', 400),
        (b'{"update_id": true}', 400),
        (b'{"update_id": -1}', 400),
        (b'{"update_id": 99999999999999999999}', 400),
        (b'{"update_id": 1}', 200),
        (b'{"update_id": 2, "message": {"text": 5}}', 503),  # it would be kept aside, and there is no database
        (b'{"update_id": 3, "something_new_from_telegram": {"x": [1, 2, 3]}}', 200),
        (b'{"update_id": 4, "message": ' + b'{"reply_to_message": ' * 4000 + b"{}" + b"}" * 4001, 400),
    ],
)
async def test_foreign_json_gets_a_clear_answer(bot: Process, body: bytes, status: int) -> None:
    answered, text = await post(bot, body, GOOD)
    assert answered == status
    assert isinstance(json.loads(text), dict)


async def test_other_methods_and_paths_are_no_door(bot: Process) -> None:
    async with aiohttp.ClientSession() as http:
        for method, path, status in [("GET", "/webhook", 405), ("POST", "/webhook/x", 404), ("GET", "/docs", 404)]:
            async with http.request(method, bot.url + path, headers=GOOD) as answer:
                assert answer.status == status


@pytest.mark.parametrize(
    "start",
    [
        b"POST /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n",
        b"POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["405", "404", "401"],
)
async def test_whoever_goes_on_after_the_answer_is_cut_off(bot: Process, start: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
    writer.write(start)
    with contextlib.suppress(ConnectionError):
        for _ in range(10_000):
            writer.write(b"4\r\nmore\r\n")
            await writer.drain()
    async with asyncio.timeout(START_SECONDS):
        with contextlib.suppress(ConnectionError):
            await reader.read()  # ends when the connection does
    writer.close()


async def test_trailers_without_end_are_cut_off(bot: Process) -> None:
    head = f"POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n{SECRET_HEADER}: {SECRET}\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
    writer.write(head.encode() + b"2\r\n{}\r\n0\r\n")
    with contextlib.suppress(ConnectionError):
        for number in range(5_000):
            writer.write(f"X-{number}: {'y' * 1000}\r\n".encode())
            await writer.drain()
    async with asyncio.timeout(START_SECONDS):
        with contextlib.suppress(ConnectionError):
            await reader.read()  # ends when the connection does
    writer.close()


async def test_memory_stays_flat_under_all_of_it(bot: Process) -> None:
    large = b'{"update_id": 5, "message": "' + b"x" * 120_000 + b'"}'

    async def attack(rounds: int) -> None:
        for _ in range(rounds):
            await asyncio.gather(*(post(bot, large, GOOD) for _ in range(50)))
            await asyncio.gather(*(post(bot, b"[" * 100_000, GOOD) for _ in range(20)))
            await asyncio.gather(*(test_a_hundred_kilobytes_of_secret_are_refused(bot) for _ in range(20)))

    await attack(3)
    before = bot.memory_mib()
    await attack(6)
    assert bot.memory_mib() - before < 20


async def test_the_log_has_no_secret_no_body_and_no_traceback(bot: Process) -> None:
    log = bot.log.read_text(encoding="utf-8")
    assert SECRET not in log
    assert "nonsense" not in log
    assert "Traceback" not in log
    assert "update_failed" not in bot.events()
    assert not {"crashed", "task_failed", "update_not_kept"} & set(bot.events())
