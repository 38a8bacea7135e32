"""The panel's server: `python -m admin_panel.frontend.main` (port 5174). It hands out what was built.

No Node at run time. /api is passed on to the API: page and API share an origin, so that no other one is let in.
"""

import asyncio
import logging
import re
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path

import aiohttp
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from yarl import URL

from admin_panel.headers import HEADERS
from app.modules import logging as our_logging
from app.modules.server import server
from app.settings import PanelSettings, SettingsError, load

log = logging.getLogger(__name__)

DIST = Path(__file__).parent / "dist"
NONCE = "NONCE"  # stands in index.html where the nonce of each answer goes (vite.config.ts)
# Scripts come from our files alone. The styles that React makes as it goes are let in by a nonce of their own.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FOREVER = "public, max-age=31536000, immutable"  # the name of a file in assets/ changes with what is in it
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}  # machines have ideas of their own
BODY_LIMIT = 64 * 1024  # the API's own
BODY_SECONDS = 10.0
ANSWER_SECONDS = 600.0  # between two parts of an answer: a merge may take minutes
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
READING = {"GET", "HEAD", "OPTIONS"}
NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
LOST = (
    "The admin API broke off before it had answered. "
    "Whether it was done is not known: look at the list again before you try once more."
)
# What belongs to one connection alone, and what this server writes itself.
NOT_PASSED_ON = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding"),
    *("upgrade", "host", "content-length", "expect", "forwarded", "x-forwarded-for", "x-forwarded-proto"),
    *("x-forwarded-host", "x-real-ip"),
}
NOT_PASSED_BACK = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}


@dataclass(frozen=True)
class File:
    """A built file, and the same compressed."""

    kind: str
    plain: bytes
    compressed: dict[str, bytes]


class UnknownKind(Exception):
    """A built file that no browser could be told about; the message is ours."""


def files(folder: Path) -> dict[str, File]:
    """Read what was built, by address; it is a few megabytes, and a path that is no key leads nowhere."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".br", ".gz", ".html") and not path.name.startswith("."):
            beside = {name: path.with_name(path.name + end) for name, end in ENCODINGS}
            compressed = {name: other.read_bytes() for name, other in beside.items() if other.exists()}
            if path.suffix not in KINDS:
                raise UnknownKind(f"{path.name} is of a kind that the server does not know: say what it is in KINDS.")
            file = File(KINDS[path.suffix], path.read_bytes(), compressed)
            found[f"/{path.relative_to(folder).as_posix()}"] = file
    return found


class Panel:
    """The pages."""

    def __init__(self, folder: Path) -> None:
        self._files = files(folder)
        self._index = (folder / "index.html").read_text(encoding="utf-8")

    async def answer(self, request: Request) -> Response:
        """Answer with a file; every other address is one of the page's own, and the page itself."""
        path = request.url.path
        if (file := self._files.get(path)) is not None:
            return _file(file, path, request.headers.get("accept-encoding", ""))
        if path.startswith("/assets/"):
            return Response("There is no such file.\n", 404, media_type="text/plain")
        nonce = secrets.token_urlsafe(16)
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY.format(nonce=nonce)}
        return Response(self._index.replace(NONCE, nonce), headers=headers, media_type="text/html")


def _file(file: File, path: str, accepted: str) -> Response:
    encoding = next((name for name in _accepted(accepted) if name in file.compressed), None)
    headers = {"Cache-Control": FOREVER if path.startswith("/assets/") else "public, max-age=3600"}
    if file.compressed:
        headers["Vary"] = "Accept-Encoding"
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    body = file.plain if encoding is None else file.compressed[encoding]
    return Response(body, headers=headers, media_type=file.kind)


def _accepted(header: str) -> list[str]:
    """Say which of our encodings somebody takes, the smallest first; q=0 is a no."""
    words = [word.strip().lower().partition(";") for word in header.split(",")]
    taken = {name.strip() for name, _, weight in words if not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)}
    return [name for name, _ in ENCODINGS if name in taken]


class Passage:
    """The way on to the API; what it answers comes back as it comes, a file of any length too."""

    def __init__(self, settings: PanelSettings) -> None:
        self._api = settings.api_url
        self._trusted = [ip_network(network) for network in settings.trusted_proxies or ()]
        self.http: aiohttp.ClientSession

    async def answer(self, request: Request) -> Response:
        """Pass one request on."""
        path = request.scope["raw_path"].decode("latin-1")
        if {".", ".."} & set(request.scope["path"].split("/")):  # written as %2e too: somebody on the way may go up
            return _refusal(404, "not_found", "There is nothing at this address.")
        try:
            body = await _body(request)
        except (TimeoutError, ClientDisconnect):  # who has left will not hear it
            return _refusal(408, "too_slow", "The request came too slowly.")
        if body is None:
            return _refusal(413, "too_large", "The body is too large.")
        query = request.scope["query_string"].decode("latin-1")
        try:
            answer = await self.http.request(
                request.method,
                URL(f"{self._api}{path}{'?' if query else ''}{query}", encoded=True),
                headers=self._headers(request),
                data=body or None,
                allow_redirects=False,
            )
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("api_unreachable", extra={"reason": type(error).__name__})
            if request.method in READING or isinstance(error, NOT_SENT):
                return _refusal(503, "unavailable", "The admin API cannot be reached. Try again in a moment.")
            return _refusal(502, "unknown", LOST)
        back = StreamingResponse(_streamed(answer), answer.status)
        back.raw_headers = [
            (name.lower(), value) for name, value in answer.raw_headers if name.lower().decode() not in NOT_PASSED_BACK
        ]
        return back

    def _headers(self, request: Request) -> list[tuple[str, str]]:
        """Say whose request it is: the API believes what this server says, so strangers' words are left out."""
        peer = request.client.host if request.client else ""
        # A proxy may add a line of its own below those of its client.
        before = ", ".join(request.headers.getlist("x-forwarded-for")) if self._is_trusted(peer) else ""
        scheme = request.headers.get("x-forwarded-proto", "") if self._is_trusted(peer) else ""
        ends_here = NOT_PASSED_ON | {
            name.strip().lower() for line in request.headers.getlist("connection") for name in line.split(",")
        }
        return [
            *((name, value) for name, value in request.headers.items() if name not in ends_here),
            ("X-Forwarded-For", f"{before}, {peer}" if before else peer),
            ("X-Forwarded-Proto", scheme if scheme in ("http", "https") else "http"),
        ]

    def _is_trusted(self, peer: str) -> bool:
        try:
            return any(ip_address(peer) in network for network in self._trusted)
        except ValueError:
            return False


async def _body(request: Request) -> bytes | None:
    """Read a body; None when it is too large, TimeoutError when it is too slow."""
    body = b""
    async with asyncio.timeout(BODY_SECONDS):
        async for part in request.stream():
            body += part
            if len(body) > BODY_LIMIT:
                return None
    return body


async def _streamed(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Hand an answer on part by part; the connection to the API is closed when nobody reads any more."""
    try:
        async for part in answer.content.iter_any():
            yield part
    finally:
        answer.close()


def _refusal(status: int, code: str, sentence: str) -> Response:
    body = {"error": code, "detail": sentence, "request_id": secrets.token_hex(8)}
    return JSONResponse(body, status, {"Cache-Control": "no-store"})


class Guarded:
    """The outermost: headers that protect browsers, and an answer that breaks off stays broken off."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                known = {name.lower() for name, _ in headers}
                ours = [*HEADERS, (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")]
                message = {**message, "headers": headers + [pair for pair in ours if pair[0] not in known]}
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except (aiohttp.ClientError, TimeoutError) as error:  # in the middle of an answer
            log.warning("answer_cut", extra={"reason": type(error).__name__})


def build(settings: PanelSettings, folder: Path = DIST) -> ASGIApp:
    """Build the server."""
    panel, passage = Panel(folder), Passage(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        timeout = aiohttp.ClientTimeout(total=None, connect=5, sock_read=ANSWER_SECONDS)
        connector = aiohttp.TCPConnector(limit=100)
        async with aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=timeout,
            connector=connector,
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),  # the browser's, or none
        ) as passage.http:
            log.info("panel_started")
            yield
        log.info("panel_stopped")

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    app = Starlette(
        routes=[
            Route("/health", health),
            Route("/api/{path:path}", passage.answer, methods=METHODS),
            Route("/{path:path}", panel.answer),
        ],
        lifespan=lifespan,
    )
    return Guarded(app)


def main() -> int:
    """Run until SIGTERM; requests in hand are ended first."""
    try:
        settings = load(PanelSettings)
    except SettingsError as error:
        sys.stderr.write(f"The admin panel cannot start.\n{error}\n")
        return 1
    if not (DIST / "index.html").exists():
        sys.stderr.write(
            "The admin panel is not built yet: `make panel`, or npm ci && npm run build beside its code.\n"
        )
        return 1
    try:
        app = build(settings)
    except UnknownKind as error:
        sys.stderr.write(f"The admin panel cannot start.\n{error}\n")
        return 1
    our_logging.set_up(secrets=settings.secret_values())
    server(app, host=settings.panel_host, port=settings.panel_port).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
