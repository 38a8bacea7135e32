"""Our HTTP client against real servers, most of them bad ones."""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.modules.errors import Unavailable
from app.modules.telegram import BotApi
from app.utils import http_client
from app.utils.http_client import LARGEST_ANSWER, Answer, HttpClient, NoAnswer

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
FILLED = b"HTTP/1.1 200 OK\r\n" + (b"X: " + b"x" * 1000 + b"\r\n") * (LARGEST_ANSWER // 1000)
WHOLE = {
    "sized": (OK, (200, b"ok")),
    "empty": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", (200, b"")),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"")),
    "chunked": (CHUNKED + b"2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n", (200, b"abc")),
    "trailers": (CHUNKED + b"1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n", (200, b"a")),
    "1xx": (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK, (200, b"ok")),
    "offer": (b"HTTP/1.1 200 OK\r\nUpgrade: h2\r\nConnection: Upgrade\r\ncontent-length: 1\r\n\r\na", (200, b"a")),
    "redirect": (b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", (302, b"")),
    "refusal": (b"HTTP/1.1 413 Too Large\r\nContent-Length: 1\r\n\r\nx", (413, b"x")),
}
LAST = {
    "old and open": b"HTTP/1.0 200 OK\r\n\r\nok",
    "open": b"HTTP/1.1 200 OK\r\n\r\nok",
    "open after a 1xx": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok",
    "said": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
    "old": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "unsaid": OK,
}
BROKEN = {
    "nothing": b"",
    "head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "after a 1xx": b"HTTP/1.1 100 Continue\r\n\r\n",
    "sized": b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}",
    "chunked": CHUNKED + b"2\r\n{}\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "no size": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    "two sizes": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "no chunk": CHUNKED + b"z\r\n",
    "upgrade": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    "huge": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGEST_ANSWER + bytes(LARGEST_ANSWER),
    "huge head": FILLED + b"Content-Length: 0\r\n\r\n",
}
PIECE = bytes(64 * 1024)


class Server:
    """A server that talks as told, to one connection after the other, and to all the rest as to the last."""

    def __init__(self) -> None:
        self.talks: list[Talk] = []
        self.connections = 0
        self.at_once = 0
        self.most_at_once = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = self.talks[min(self.connections, len(self.talks) - 1)]
        self.connections += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away
        finally:
            self.at_once -= 1
            writer.transport.abort()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """The server, listening."""
    made = Server()
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    async with await asyncio.start_server(made.talk, sock=listening) as started:
        made.port = started.sockets[0].getsockname()[1]
        yield made
        await until(lambda: made.at_once == 0)


@pytest.fixture
async def client(server: Server) -> AsyncIterator[HttpClient]:
    """Our client, pointed at it."""
    made = HttpClient(server.url)
    yield made
    await made.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - of two sides, and no event of ours
            await asyncio.sleep(0.005)


def at_rest(client: HttpClient) -> int:
    """How many connections could serve the next request."""
    return sum(connection.open for connection in client._idle)


async def ask(client: HttpClient, path: str = "", seconds: float = 10) -> Answer:
    return await client.post(path, b"{}", content_type="application/json", seconds=seconds)


async def asked(reader: asyncio.StreamReader) -> str:
    """Read a request of `ask`, and return its path."""
    head = await reader.readuntil(b"\r\n\r\n{}")
    return head.split()[1].decode()


def always(answer: bytes) -> Talk:
    """Answer every request of a connection so."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await asked(reader)
            writer.write(answer)

    return talk


def once(answer: bytes) -> Talk:
    """Answer one request so, and close."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    return talk


async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read, and say nothing."""
    while await reader.read(65536):
        pass


async def test_many_calls_share_one_connection(client: HttpClient, server: Server) -> None:
    heads = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            heads.append(await reader.readuntil(b"\r\n\r\n{}"))
            writer.write(OK)

    server.talks = [talk]
    for _ in range(20):
        assert await ask(client, "call") == (200, b"ok")
    assert server.connections == 1
    kind = "Content-Type: application/json\r\nContent-Length: 2"
    head = f"POST /call HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{kind}\r\n\r\n{{}}"
    assert heads == [head.encode()] * 20


@pytest.mark.parametrize(("sent", "expected"), WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("bytewise", [False, True], ids=["at once", "byte by byte"])
async def test_an_answer_is_read_to_its_end_and_no_further(
    client: HttpClient, server: Server, sent: bytes, expected: tuple[int, bytes], bytewise: bool
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await asked(reader)
            for piece in [sent[i : i + 1] for i in range(len(sent))] if bytewise else [sent]:
                writer.write(piece)
                await asyncio.sleep(0)

    server.talks = [talk]
    assert [await ask(client), await ask(client)] == [expected, expected]
    assert server.connections == 1


@pytest.mark.parametrize("sent", LAST.values(), ids=LAST)
async def test_a_connection_that_the_server_closes_is_not_used_again(
    client: HttpClient, server: Server, sent: bytes
) -> None:
    server.talks = [once(sent)]
    for number in (1, 2):
        assert await ask(client) == (200, b"ok")
        await until(lambda: at_rest(client) == 0)
        assert server.connections == number


@pytest.mark.parametrize("sent", [LAST["said"], LAST["old"]], ids=["said", "old"])
async def test_an_announced_end_is_believed_before_it_comes(client: HttpClient, server: Server, sent: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(sent)
        await never(reader, writer)

    server.talks = [talk]
    assert await ask(client) == (200, b"ok")
    assert at_rest(client) == 0


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN)
async def test_what_is_no_whole_answer_fails_and_the_next_call_starts_afresh(
    client: HttpClient, server: Server, sent: bytes
) -> None:
    server.talks = [once(sent), always(OK)]
    with pytest.raises(NoAnswer):
        await ask(client)
    assert await ask(client) == (200, b"ok")
    assert server.connections == 2


async def test_an_answer_of_nothing_is_not_given_twice(client: HttpClient, server: Server) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await asked(reader)

    server.talks = [talk]
    assert await ask(client) == (204, b"")
    with pytest.raises(NoAnswer):
        await ask(client)
    assert server.connections == 1


@pytest.mark.parametrize("more", [OK, b"\x00"], ids=["answer", "garbage"])
@pytest.mark.parametrize("later", [False, True], ids=["with it", "later"])
async def test_what_nobody_asked_for_answers_nothing(
    client: HttpClient, server: Server, more: bytes, later: bool
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        if later:
            writer.write(OK)
            await until(lambda: at_rest(client) == 1)
            writer.write(more)
        else:
            writer.write(OK + more)
        await never(reader, writer)

    server.talks = [talk, always(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nown")]
    assert await ask(client) == (200, b"ok")
    await until(lambda: at_rest(client) == 0)
    assert await ask(client) == (200, b"own")


@pytest.mark.parametrize("cancelled", [False, True], ids=["too slow", "cancelled"])
async def test_an_answer_that_comes_too_late_is_never_the_next_ones(
    client: HttpClient, server: Server, cancelled: bool
) -> None:
    came, given_up = asyncio.Event(), asyncio.Event()

    async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        came.set()
        await given_up.wait()
        writer.write(OK)
        await never(reader, writer)

    server.talks = [late, always(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nown")]
    if cancelled:
        asking = asyncio.create_task(ask(client))  # noqa: TID251 - to be cancelled
        await came.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    else:
        with pytest.raises(TimeoutError):
            await ask(client, seconds=0.1)
    given_up.set()
    assert at_rest(client) == 0
    assert await ask(client) == (200, b"own")


async def test_no_more_connections_than_allowed_and_waiting_for_one_takes_of_the_calls_time(server: Server) -> None:
    go = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            path = await asked(reader)
            await go.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(path), path.encode()))

    server.talks = [talk]
    client = HttpClient(server.url, connections=2)
    async with asyncio.TaskGroup() as group:
        asking = [group.create_task(ask(client, str(number))) for number in range(7)]
        await until(lambda: server.connections == 2)
        with pytest.raises(TimeoutError):
            await ask(client, seconds=0.1)
        go.set()
    assert [task.result().content for task in asking] == [b"/%d" % number for number in range(7)]
    assert (server.connections, server.most_at_once, at_rest(client)) == (2, 2, 2)
    await client.close()


async def test_an_idle_connection_is_closed(
    client: HttpClient, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_client, "IDLE_SECONDS", 0.2)
    server.talks = [always(OK)]
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(ask(client))
    assert server.connections == server.at_once == 3
    await until(lambda: server.at_once == 0)
    assert await ask(client) == (200, b"ok")
    assert server.connections == 4


async def upload(client: HttpClient, pieces: AsyncGenerator[bytes, None]) -> Answer:
    return await client.post("up", pieces, content_type="text/plain", seconds=60)


async def chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Read the pieces of an upload."""
    assert b"\r\nTransfer-Encoding: chunked\r\n" in await reader.readuntil(b"\r\n\r\n")
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")


async def test_an_upload_is_written_no_faster_than_it_is_read(client: HttpClient, server: Server) -> None:
    total, read, unread = 32 * 1024 * 1024, 0, 0

    async def pieces() -> AsyncGenerator[bytes, None]:
        nonlocal unread
        yield b""
        for written in range(0, total, len(PIECE)):
            unread = max(unread, written - read)
            yield PIECE

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal read
        async for piece in chunks(reader):
            read += len(piece)
        writer.write(OK)
        await always(OK)(reader, writer)

    server.talks = [talk]
    assert await upload(client, pieces()) == (200, b"ok")
    assert read == total
    assert unread < total // 2  # what the kernel holds; else all of it, for nothing here ever waits
    assert await ask(client) == (200, b"ok")
    assert server.connections == 1


async def test_a_refusal_in_mid_upload_is_heard(client: HttpClient, server: Server) -> None:
    ended = False

    async def endless() -> AsyncGenerator[bytes, None]:
        nonlocal ended
        try:
            while True:
                yield PIECE
        finally:
            ended = True

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        await until(lambda: ended)

    server.talks = [talk, always(OK)]
    assert await upload(client, endless()) == (413, b"")
    assert at_rest(client) == 0


async def test_a_server_that_dies_and_a_file_that_breaks_in_mid_upload(client: HttpClient, server: Server) -> None:
    async def endless() -> AsyncGenerator[bytes, None]:
        while True:
            yield PIECE

    async def broken() -> AsyncGenerator[bytes, None]:
        yield PIECE
        raise OSError("disk")

    async def dies(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    server.talks = [dies, never, always(OK)]
    with pytest.raises(NoAnswer):
        await upload(client, endless())
    with pytest.raises(OSError, match="disk"):
        await upload(client, broken())
    assert await ask(client) == (200, b"ok")
    assert server.connections == 3


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://a..b/", "http://nowhere.invalid/"])
async def test_nowhere_is_an_error_of_the_network(url: str) -> None:
    with pytest.raises(OSError, match="."):
        await ask(HttpClient(url))


@pytest.fixture
async def look_ups(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whom the name server was asked for; the fourth time it does not answer."""
    loop = asyncio.get_running_loop()
    look_up, hosts = loop.getaddrinfo, []

    async def counted(host: str, *rest: Any, **how: Any) -> Any:
        if host == "localhost":  # uvloop asks for numbers, too
            hosts.append(host)
            if len(hosts) > 3:
                raise socket.gaierror("no name server")
        return await look_up(host, *rest, **how)

    monkeypatch.setattr(loop, "getaddrinfo", counted)
    return hosts


async def test_a_name_is_looked_up_once_for_all_and_again_where_nobody_is_reached(
    server: Server, look_ups: list[str]
) -> None:
    server.talks = [always(OK)]
    client = HttpClient(f"http://localhost:{server.port}/")
    assert {answer.status for answer in await asyncio.gather(*(ask(client) for _ in range(50)))} == {200}
    assert server.connections > 1
    assert look_ups == ["localhost"]
    await client.close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    nobody = HttpClient(f"http://localhost:{port}/")
    for _ in range(3):
        with pytest.raises(OSError, match="refused|Connect call failed"):  # the last time, those of before are tried
            await ask(nobody)
    assert look_ups == ["localhost"] * 4


async def test_what_is_under_way_when_the_client_is_closed_leaves_no_connection(server: Server) -> None:
    came, closed = asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        came.set()
        await closed.wait()
        writer.write(OK)
        assert await reader.read() == b""

    server.talks = [talk]
    client = HttpClient(server.url)
    async with asyncio.TaskGroup() as tasks:
        call = tasks.create_task(ask(client))
        await came.wait()
        await client.close()
        closed.set()
    assert call.result() == (200, b"ok")
    assert not client._idle
    await until(lambda: server.at_once == 0)


async def test_a_server_that_is_gone_before_the_end_of_a_body_is_an_error_of_the_network(
    client: HttpClient, server: Server
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"piece")

    async def pieces() -> AsyncGenerator[bytes, None]:
        yield b"piece"
        await until(lambda: server.at_once == 0)
        await asyncio.sleep(0.05)  # our own end hears of it a moment later, and tells nobody

    server.talks = [talk]
    with pytest.raises(NoAnswer):
        await client.post("x", pieces(), content_type="text/plain", seconds=10)


async def test_a_server_on_one_of_its_names_addresses_is_found(server: Server) -> None:
    """localhost is ::1 as well, where nobody listens."""
    server.talks = [always(OK)]
    client = HttpClient(f"http://localhost:{server.port}/")
    assert await ask(client) == (200, b"ok")
    await client.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost, signed by itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "localhost.pem", folder / "key.pem"
    kind = ["-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2"]
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        ["openssl", "req", *kind, *name, "-keyout", key, "-out", made], check=True, capture_output=True, timeout=60
    )
    return made, key


@pytest.mark.parametrize(
    ("host", "trusted"),
    [("localhost", True), ("localhost", False), ("127.0.0.1", True)],
    ids=["trusted", "not trusted", "another's name"],
)
async def test_a_certificate_must_be_trusted_and_the_servers_own(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, host: str, trusted: bool
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    asked_for = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readline():
            asked_for.append(head.split()[1])
            await reader.readuntil(b"\r\n\r\n{}")
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{"ok":true,"result":true}')
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls) as server:
        api = BotApi(f"https://{host}:{server.sockets[0].getsockname()[1]}", "7:secret")
        if trusted and host == "localhost":
            assert [await api.call("getMe", {}), await api.call("getMe", {})] == [True, True]
            assert asked_for == [b"/bot7:secret/getMe"] * 2
        else:
            with pytest.raises(Unavailable) as raised:
                await api.call("getMe", {})
            assert "secret" not in repr(raised.value)
            assert asked_for == []
        await api.close()
