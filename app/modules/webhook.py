"""POST /webhook, the receiver: a plain ASGI endpoint that refuses early and answers last.

The secret is compared before a byte of the body is read; the body is small, plain and quick, or refused.
"""

import asyncio
import hmac
import logging
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from app.modules.delivery import Delivery, Done, Foreign, Later
from app.utils.json_text import parsed

log = logging.getLogger(__name__)

SECRET_HEADER = b"x-telegram-bot-api-secret-token"
BODY_LIMIT = 128 * 1024
BODY_SECONDS = 10.0


class Refusal(Exception):
    """A request that is not Telegram's, or not one we take."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Webhook:
    """The endpoint; while its secret is being changed, the old one opens it too.

    Without a secret (development only) it takes updates made by hand on this computer.
    """

    def __init__(self, delivery: Delivery, *, secrets: tuple[str, ...]) -> None:
        self._delivery = delivery
        self._secrets = [secret.encode() for secret in secrets]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one update; 200 when its work is done, 503 when it should come again."""
        try:
            self._admit(scope)
            update = _json(await _body(scope, receive))
        except Refusal as refusal:
            log.warning("webhook_refused", extra={"status": refusal.status, "reason": refusal.reason})
            # What is left of the request is not worth reading.
            headers = [(b"connection", b"close")]
            await _answer(send, refusal.status, {"error": refusal.reason}, headers)
            return
        outcome = await self._delivery.take(update)
        match outcome:
            case Done(reply):
                await _answer(send, 200, reply if reply is not None else {})
            case Later(seconds):
                await _answer(send, 503, {"error": "try again"}, [(b"retry-after", str(seconds).encode())])
            case Foreign():
                log.warning("webhook_refused", extra={"status": 400, "reason": "no update"})
                await _answer(send, 400, {"error": "this is no update of the Bot API"})

    def _admit(self, scope: Scope) -> None:
        headers = scope["headers"]
        if not self._secrets:
            _from_this_computer(scope)
        else:
            given = [value for name, value in headers if name == SECRET_HEADER]
            if len(given) != 1 or not any([hmac.compare_digest(given[0], secret) for secret in self._secrets]):
                raise Refusal(401, "the secret token is missing or wrong")
        for name, value in headers:
            if name == b"content-encoding" and value.lower() != b"identity":
                raise Refusal(415, "compressed bodies are not taken")
            if name == b"content-length" and int(value) > BODY_LIMIT:  # the HTTP parser lets only digits through
                raise Refusal(413, "the body is too large")


def _from_this_computer(scope: Scope) -> None:
    """Let through what a person sends by hand; a web page open in their browser cannot send this."""
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").rsplit(b":", 1)[0]
    local = (scope.get("client") or ("", 0))[0] in ("127.0.0.1", "::1") and host in (b"localhost", b"127.0.0.1")
    if not local or headers.get(b"content-type", b"").split(b";")[0].strip() != b"application/json":
        raise Refusal(
            401, "without TELEGRAM_WEBHOOK_SECRET only JSON (Content-Type: application/json) from localhost is taken"
        )


async def _body(scope: Scope, receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refusal(400, "the sender went away")
                chunk: bytes = message.get("body", b"")
                size += len(chunk)
                if size > BODY_LIMIT:
                    raise Refusal(413, "the body is too large")
                chunks.append(chunk)
                if not message.get("more_body", False):
                    return b"".join(chunks)
    except TimeoutError:
        raise Refusal(408, "the body came too slowly") from None


def _json(body: bytes) -> Any:
    try:
        return parsed(body)
    except ValueError:
        raise Refusal(400, "the body is no JSON") from None


async def _answer(send: Send, status: int, content: Any, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    body = orjson.dumps(content)
    fixed = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    try:
        await send({"type": "http.response.start", "status": status, "headers": fixed + (headers or [])})
        await send({"type": "http.response.body", "body": body})
    except RuntimeError as error:
        if "closed" not in str(error):  # uvloop's way to say that the other end has gone: it will ask again
            raise
        log.info("answer_not_taken", extra={"status": status})
