"""Around every request, as plain ASGI: its id, its log line, headers that protect browsers, limits on its body."""

import asyncio
import ipaddress
import logging
import secrets
import time
from collections.abc import Collection
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admin_panel.backend import errors
from admin_panel.backend.paths import Paths
from admin_panel.headers import HEADERS
from app.modules import metrics
from app.modules.errors import GymError
from app.modules.logging import bound

log = logging.getLogger(__name__)

BODY_LIMIT = 64 * 1024
BODY_SECONDS = 10.0
DEEPEST = 16
FORM = b"application/x-www-form-urlencoded"
QUIET = ("/health", "/ready", "/metrics")  # asked every few seconds
POLICY = b"default-src 'none'; frame-ancestors 'none'"


class Envelope:
    """The outermost: gives the request its id, answers what nobody caught, and logs one line without its words."""

    def __init__(self, app: ASGIApp, *, paths: Paths, trusted_proxies: Collection[str] = ()) -> None:
        self._app = app
        self._paths = paths
        self._trusted = [ipaddress.ip_network(network) for network in trusted_proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, began, status = secrets.token_hex(8), time.monotonic(), 0
        scope["state"] = {
            **scope.get("state", {}),
            "request_id": request_id,
            "address": address(scope, self._trusted),
        }

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": _with_ours(list(message.get("headers", ())), request_id)}
            await send(message)

        with bound(request_id=request_id):
            try:
                await self._app(scope, receive, sending)
            except Exception as error:  # a bug of ours: whoever asked gets our shape and an id, the log the rest
                if status and isinstance(error.__cause__, GymError):  # no bug: refused in the middle of a long answer
                    log.warning("answer_cut", extra={"code": error.__cause__.code})
                    return
                log.exception("request_failed")
                if not status:
                    await answer(sending, 500, errors.body("internal", "api-internal", request_id))
            finally:
                self._note(scope, status, time.monotonic() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        known = self._paths.find(scope["path"])
        route, method = (known.template, scope["method"]) if known and scope["method"] in known.methods else ("", "")
        metrics.REQUESTS.labels(route, method, str(status)).inc()
        metrics.FAILURES.inc(status >= 500)
        metrics.REQUEST_SECONDS.labels(route, method).observe(seconds)
        if route not in QUIET or status != 200:
            said = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000)}
            log.info("request_answered", extra=said)


def address(scope: Scope, trusted: Collection[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> str:
    """Say where a request comes from: the last address that no proxy of ours has."""
    peer = (scope.get("client") or ("", 0))[0]
    chain = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    hops = [hop.strip() for hop in b",".join(chain).decode("latin-1").split(",") if hop.strip()]
    while hops and _is_in(peer, trusted):
        try:
            peer = str(ipaddress.ip_address(hops.pop()))
        except ValueError:
            break
    return peer


def _is_in(peer: str, networks: Collection[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        return any(ipaddress.ip_address(peer) in network for network in networks)
    except ValueError:
        return False


def _with_ours(headers: list[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
    known = {name.lower() for name, _ in headers}
    ours = [*HEADERS, (b"content-security-policy", POLICY), (b"cache-control", b"no-store")]
    return headers + [pair for pair in ours if pair[0] not in known] + [(b"x-request-id", request_id.encode())]


class Limits:
    """Reads the body before anybody else: small, plain, quick, and JSON of some depth, or refused."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request whose body is there."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _body(scope, receive)
        if isinstance(body, int):
            await answer(send, body, errors.of_status(body, scope["state"]["request_id"]), [(b"connection", b"close")])
            return
        is_read = False

        async def replay() -> Message:
            nonlocal is_read
            if is_read:
                return await receive()  # the disconnect
            is_read = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)


async def _body(scope: Scope, receive: Receive) -> bytes | int:
    """Return the body, or the status that refuses it."""
    headers = dict(scope["headers"])
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        return 415
    if int(headers.get(b"content-length", b"0")) > BODY_LIMIT:  # the HTTP parser lets only digits through
        return 413
    chunks: list[bytes] = []
    size, more = 0, True
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return 400
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
                more = message.get("more_body", False)
                if size > BODY_LIMIT:
                    return 413
    except TimeoutError:
        return 408
    body = b"".join(chunks)
    return (body and _trouble(body, scope)) or body


def _trouble(body: bytes, scope: Scope) -> int | None:
    """Return the status that refuses what is in a body.

    Whatever is no form is JSON here, and said so once: what the framework alone takes for JSON would not be looked at.
    """
    kinds = [value.split(b";")[0].strip().lower() for name, value in scope["headers"] if name == b"content-type"]
    if kinds == [FORM]:
        return None
    if len(kinds) != 1 or not kinds[0].endswith(b"json"):
        return 415
    return None if _is_plain_json(body) else 422


def _is_plain_json(body: bytes) -> bool:
    """Strict JSON, without NaN, infinity and half surrogate pairs, and not nested for its own sake."""
    try:
        level = [orjson.loads(body)]
    except orjson.JSONDecodeError:
        return False
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return True
    return False


async def answer(send: Send, status: int, content: Any, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    """Answer with JSON, below FastAPI."""
    body = orjson.dumps(content)
    fixed = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": fixed + (headers or [])})
    await send({"type": "http.response.body", "body": body})
