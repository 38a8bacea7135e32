"""The panel's own server: what a first look costs, what it tells browsers, and how it passes requests on."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from starlette.requests import Request

from admin_panel.frontend import main
from app.settings import PanelSettings
from tests.conftest import find_free_port
from tests.panel.conftest import House
from tests.stage import Process

FIRST_LOAD = 400_000  # bytes, compressed: the page, its scripts, what the first page after signing in needs
ASSET = re.compile(r'(?:src|href)="(/[^"]+)"')


@pytest.fixture(scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def get(http: aiohttp.ClientSession, url: str, **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
    async with http.get(url, headers=headers) as answer:
        return answer, await answer.read()


async def test_the_first_load_is_small_compressed_and_kept_by_the_browser(
    house: House, http: aiohttp.ClientSession, pages: Path
) -> None:
    """Charts aside, which come when they are to be seen: every script that index.html names, and all pages together."""
    _, index = await get(http, f"{house.url}/", **{"Accept-Encoding": "br"})
    first = set(ASSET.findall(index.decode()))
    charts = {f"/assets/{path.name}" for path in (pages / "assets").glob("Bars-*.js")}
    every = {f"/assets/{path.name}" for path in (pages / "assets").glob("*.js")} | first
    assert len(charts) == 1
    assert not charts & first
    size = len(index)
    for address in sorted(every - charts):
        answer, body = await get(http, f"{house.url}{address}", **{"Accept-Encoding": "gzip, br"})
        assert answer.status == 200
        if address.endswith(".js"):
            assert answer.headers["Content-Encoding"] == "br"
            assert answer.headers["Content-Type"].startswith("text/javascript")
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["Vary"] == "Accept-Encoding"
        size += len(body)
    assert size <= FIRST_LOAD
    address = next(iter(charts))
    for accepted, encoding in (
        ("identity", None),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("Br; q=0.00 , GZIP;q=0.5", "gzip"),
        ("gzip;q=0.5, br;q=0.05", "br"),
    ):
        answer, _ = await get(http, f"{house.url}{address}", **{"Accept-Encoding": accepted})
        assert answer.headers.get("Content-Encoding") == encoding, accepted


async def test_scripts_come_from_here_alone_and_each_answer_has_its_nonce(
    house: House, http: aiohttp.ClientSession
) -> None:
    nonces = set()
    for path in ("/", "/training?page=2", "/people/7"):
        answer, body = await get(http, f"{house.url}{path}")
        policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
        assert (answer.status, policy["default-src"], policy["script-src"]) == (200, "'none'", "'self'")
        assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
        (nonce,) = re.findall("'nonce-([^']{20,})'", policy["style-src"])
        assert f'nonce="{nonce}"'.encode() in body
        assert b"NONCE" not in body
        assert not re.search(rb"<script(?![^>]*src=)", body)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        nonces.add(nonce)
    assert len(nonces) == 3


async def raw(url: str, request: str) -> bytes:
    """Send what no client would; return the first line of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    writer.write(request.replace("\n", "\r\n").encode())
    line = await reader.readline()
    writer.close()
    return line


@pytest.mark.parametrize(
    "path", ["/assets/none.js", "/assets/../main.py", "/assets/%2e%2e/main.py", "/api/../metrics", "/api/v1/none"]
)
async def test_what_is_not_there(house: House, path: str) -> None:
    assert b" 404 " in await raw(house.url, f"GET {path} HTTP/1.1\nHost: localhost\n\n")


@pytest.fixture
async def passage(
    tmp_path: Path, pages: Path, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[str, list[web.Request], asyncio.Event]]:
    """The server before an API that remembers who asked, writes files slowly, and breaks off in the middle.

    Its parameter adds to the server's environment.
    """
    heard: list[web.Request] = []
    left = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        heard.append(request)
        if request.path == "/api/gone":
            assert request.transport
            request.transport.abort()  # what was asked for may be done
            return web.Response()
        if request.path == "/api/echo":
            return web.Response(body=await request.read(), headers={"ETag": '"1"', "Set-Cookie": "a=1; HttpOnly"})
        stream = web.StreamResponse(headers={"Content-Disposition": "attachment"})
        await stream.prepare(request)
        await stream.write(b"first line\n")
        if request.path == "/api/cut":
            assert request.transport
            request.transport.abort()
            return stream
        try:
            while True:
                await asyncio.sleep(0.02)
                await stream.write(b"x" * 1000)
        except (ConnectionError, asyncio.CancelledError):
            left.set()
            raise

    app = web.Application()
    app.router.add_route("*", "/api/{rest:.*}", answer)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    port, api_port = find_free_port(), find_free_port()
    await web.TCPSite(runner, "127.0.0.1", api_port).start()
    env = {"PANEL_PORT": str(port), "API_URL": f"http://127.0.0.1:{api_port}", **getattr(request, "param", {})}
    server = Process("admin_panel.frontend.main", port=port, env=env, log=tmp_path / "panel.log")
    await server.start()
    yield server.url, heard, left
    await runner.cleanup()
    async with aiohttp.ClientSession() as http, http.get(f"{server.url}/api/echo") as away:
        assert (away.status, (await away.json())["error"]) == (503, "unavailable")
    assert await server.stop() == 0
    assert [line for line in server.lines() if "exc_info" in line] == []


async def test_requests_are_passed_on_and_answers_come_back_as_they_come(
    passage: tuple[str, list[web.Request], asyncio.Event], http: aiohttp.ClientSession
) -> None:
    url, heard, left = passage
    told = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "If-Match": '"7"', "Authorization": "Bearer t"}
    async with http.patch(f"{url}/api/echo?q=a%20b", data=b"{}", headers=told) as answer:
        assert await answer.read() == b"{}"
        assert (answer.headers["ETag"], answer.headers["Set-Cookie"]) == ('"1"', "a=1; HttpOnly")
    (request,) = heard
    assert (request.method, request.path_qs) == ("PATCH", "/api/echo?q=a%20b")
    assert (request.headers["If-Match"], request.headers["Authorization"]) == ('"7"', "Bearer t")
    assert request.headers.getall("X-Forwarded-For") == ["127.0.0.1"]  # a stranger's word counts nothing
    assert request.headers["X-Forwarded-Proto"] == "http"
    async with http.post(f"{url}/api/echo", data=b"x" * 70_000) as answer:
        assert answer.status == 413
    async with http.get(f"{url}/api/endless") as answer:
        assert await answer.content.readline() == b"first line\n"  # long before the end
        answer.close()
    for method, status, code in (("PATCH", 502, "unknown"), ("GET", 503, "unavailable")):
        async with http.request(method, f"{url}/api/gone") as answer:
            assert (answer.status, (await answer.json())["error"]) == (status, code)
    await asyncio.wait_for(left.wait(), 30)  # who has gone is not written for
    with pytest.raises(aiohttp.ClientPayloadError):
        await get(http, f"{url}/api/cut")  # a file that broke off does not look whole


@pytest.mark.parametrize("passage", [{"TRUSTED_PROXIES": "127.0.0.0/8"}], indirect=True, ids=["trusted"])
async def test_what_proxies_before_it_say_is_passed_on_whole(
    passage: tuple[str, list[web.Request], asyncio.Event], http: aiohttp.ClientSession
) -> None:
    url, heard, _ = passage
    told = [("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", "10.0.0.7, 10.0.0.8"), ("X-Forwarded-Proto", "https")]
    async with http.get(f"{url}/api/echo", headers=told) as answer:
        assert answer.status == 200
    (request,) = heard
    assert request.headers.getall("X-Forwarded-For") == ["6.6.6.6, 10.0.0.7, 10.0.0.8, 127.0.0.1"]
    assert request.headers.getall("X-Forwarded-Proto") == ["https"]


async def test_nothing_is_added_to_a_request_and_what_ends_here_is_taken_away(
    passage: tuple[str, list[web.Request], asyncio.Event],
) -> None:
    url, heard, _ = passage
    head = "POST /api/echo HTTP/1.1\nHost: gym\nConnection: keep-alive, X-Hop\nX-Hop: 1\nX-End: 2\nContent-Length: 2"
    assert b" 200 " in await raw(url, f"{head}\n\n{{}}")
    (request,) = heard
    forwarded = {"X-Forwarded-For", "X-Forwarded-Proto"}
    assert {*request.headers} == {"Host", "Content-Length", "x-end"} | forwarded


@pytest.mark.parametrize("path", ["/api/%2e%2e/metrics", "/api/v1/.%2E/../metrics", "/api/v1%2f..%2f..%2fmetrics"])
async def test_no_address_leads_out_of_the_api(
    passage: tuple[str, list[web.Request], asyncio.Event], path: str
) -> None:
    url, heard, _ = passage
    assert b" 404 " in await raw(url, f"GET {path} HTTP/1.1\nHost: gym\n\n")
    assert heard == []


def test_a_file_of_a_kind_that_nobody_knows_is_named(tmp_path: Path) -> None:
    (tmp_path / "sound.ogg").touch()
    with pytest.raises(main.UnknownKind, match=r"sound\.ogg"):
        main.files(tmp_path)


async def test_a_body_that_dawdles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "BODY_SECONDS", 0.05)
    scope = {"type": "http", "method": "POST", "path": "/api/echo", "raw_path": b"/api/echo", "headers": []}
    answer = await main.Passage(PanelSettings()).answer(Request(scope, asyncio.Future))
    assert (answer.status_code, json.loads(bytes(answer.body))["error"]) == (408, "too_slow")
