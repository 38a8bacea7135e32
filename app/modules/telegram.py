"""Outgoing calls to the Bot API: one keep-alive session, JSON in and out, nothing validated that nobody reads.

aiogram's own session builds a multipart form for every call and a whole Message of every answer; this one does so only
for files and for aiogram's own methods. Whatever cannot be answered now becomes Unavailable: Telegram sends again.
"""

import asyncio
import json
import logging
import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import IO, Any, cast

import orjson
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile

from app.modules import metrics
from app.modules.errors import RETRY_AFTER, Throttled, Unavailable
from app.utils.form_data import Form, FormFile, read
from app.utils.http_client import Body, HttpClient
from app.utils.json_text import parsed

log = logging.getLogger(__name__)

CALL_SECONDS = 10.0
UPLOAD_SECONDS = 60.0
PATIENCE_SECONDS = 3  # how long a 429 is waited out here; a longer one is Telegram's to bring back

_ERRORS: dict[int, type[TelegramAPIError]] = {
    403: TelegramForbiddenError,
    409: TelegramConflictError,
}

_JSON = "application/json"

Params = dict[str, Any]


class NoMethod(TelegramMethod[Any]):
    """What aiogram's errors name when a call was made by name and not by one of its methods."""

    __returning__ = Any
    __api_method__ = "unknown"


class BotApi(BaseSession):
    """The session of the bot: `call()` for our own screens, `make_request()` for aiogram's methods."""

    def __init__(self, server: str, token: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(server), timeout=CALL_SECONDS)
        self._http = HttpClient(self.api.api_url(token=token, method=""))
        self._silent_until: dict[str, float] = {}  # the chats in which Telegram asked for patience
        self.calls = 0  # so far, for tests that count

    async def call(
        self, method: str, params: Params, *, seconds: float = CALL_SECONDS, patience: int = PATIENCE_SECONDS
    ) -> Any:
        """Call one method of the Bot API and return its result as it came; a short 429 is waited out."""
        body = orjson.dumps(params)
        return await self._patiently(params, lambda: self._post(method, body, _JSON, seconds), patience)

    async def upload(
        self, method: str, params: Params, *, field: str, file: IO[bytes], name: str, seconds: float = UPLOAD_SECONDS
    ) -> Any:
        """Call a method that takes a file, read piece by piece from its beginning; a short 429 is waited out."""
        return await self._patiently(
            params, lambda: self._post_file(method, params, field, file, name, seconds), PATIENCE_SECONDS
        )

    async def _patiently(self, params: Params, post: Callable[[], Awaitable[Any]], patience: int) -> Any:
        """Post, and once more when the Bot API asks for so little patience; never before a chat's patience is over."""
        chat = str(params.get("chat_id", ""))
        while (left := self._silent_until.get(chat, 0.0) - time.monotonic()) > 0:  # others may make it longer
            await _wait(math.ceil(left), patience)
        try:
            return await self._posted(chat, post)
        except Throttled as throttled:
            await _wait(throttled.retry_after, patience)
        return await self._posted(chat, post)

    async def _posted(self, chat: str, post: Callable[[], Awaitable[Any]]) -> Any:
        """Post, and note how long nothing more may be sent to the chat; chats where that is over are forgotten."""
        try:
            return await post()
        except Throttled as throttled:
            now = time.monotonic()
            self._silent_until = {each: until for each, until in self._silent_until.items() if until > now}
            if chat:
                self._silent_until[chat] = now + throttled.retry_after
            raise

    async def _post_file(
        self, method: str, params: Params, field: str, file: IO[bytes], name: str, seconds: float
    ) -> Any:
        file.seek(0)  # which also writes out what is still in its buffer
        return await self._post_form(method, Form(params, {field: FormFile(name, read(file))}), seconds)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's name
    ) -> TelegramType:
        """Carry out one of aiogram's methods, answered by aiogram's types."""
        files: dict[str, InputFile] = {}
        params = {
            name: prepared
            for name, value in method.model_dump(warnings=False).items()
            if (prepared := self.prepare_value(value, bot=bot, files=files, _dumps_json=False)) is not None
        }
        seconds = CALL_SECONDS if timeout is None else timeout
        name = method.__api_method__
        if files:
            fields = {key: value if isinstance(value, str) else json.dumps(value) for key, value in params.items()}
            sent = {key: FormFile(file.filename or key, file.read(bot)) for key, file in files.items()}
            result = await self._post_form(name, Form(fields, sent), seconds)
        else:
            result = await self.call(name, params, seconds=seconds)
        answer: Any = Response[method.__returning__]  # type: ignore[name-defined]
        return cast(TelegramType, answer.model_validate({"ok": True, "result": result}, context={"bot": bot}).result)

    async def _post_form(self, method: str, form: Form, seconds: float) -> Any:
        return await self._post(method, form.pieces(), form.content_type, seconds)

    async def _post(self, method: str, body: Body, content_type: str, seconds: float) -> Any:
        self.calls += 1
        try:
            status, content = await self._http.post(method, body, content_type=content_type, seconds=seconds)
        except OSError as error:
            metrics.BOT_API.labels(method, "unreachable").inc()
            log.warning("bot_api_unreachable", extra={"method": method, "kind": type(error).__name__})
            raise Unavailable("the Bot API cannot be reached") from None  # its message may name the server
        return _result(method, status, content)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.close()

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 - aiogram's name
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """Read a file piece by piece, for aiogram's download(): by its own session, since nothing here downloads."""
        from aiogram.client.session.aiohttp import AiohttpSession

        async with AiohttpSession() as session:
            async for piece in session.stream_content(url, headers, timeout, chunk_size, raise_for_status):
                yield piece


async def _wait(seconds: int, patience: int) -> None:
    """Wait, or leave the waiting to Telegram."""
    if seconds > patience:
        raise Throttled("the Bot API asks for patience", retry_after=seconds)
    await asyncio.sleep(seconds)


def _result(method: str, status: int, content: bytes) -> Any:
    try:
        answer = parsed(content)
        if answer["ok"]:
            metrics.BOT_API.labels(method, "ok").inc()
            return answer["result"]
    except (ValueError, KeyError, TypeError):
        metrics.BOT_API.labels(method, "garbled").inc()
        log.warning("bot_api_garbled", extra={"method": method, "status": status})
        if status == 413:  # a proxy's word is as good as Telegram's own: the same is too large whenever it is tried
            raise TelegramBadRequest(method=NoMethod(), message="Request Entity Too Large") from None
        raise Unavailable("the Bot API answered in no language we know") from None
    code = answer.get("error_code", status)
    metrics.BOT_API.labels(method, str(code) if isinstance(code, int) and 300 <= code < 600 else "other").inc()
    description = str(answer.get("description", ""))
    if code == 429:
        parameters = answer.get("parameters")
        seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
        raise Throttled(
            "the Bot API asks for patience",
            retry_after=seconds if isinstance(seconds, int) and seconds > 0 else RETRY_AFTER,
        )
    if code in (401, 404):  # only the operator can mend it, and until then nothing may be lost
        log.error("bot_token_refused", extra={"method": method, "status": code})
        raise Unavailable("the Bot API does not know this TELEGRAM_BOT_TOKEN, or TELEGRAM_API_URL is no Bot API")
    if not isinstance(code, int) or not 400 <= code < 500:
        log.warning("bot_api_failed", extra={"method": method, "status": code})
        raise Unavailable("the Bot API cannot do this now")
    raise _ERRORS.get(code, TelegramBadRequest)(method=NoMethod(), message=description)
