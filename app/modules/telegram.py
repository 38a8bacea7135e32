"""Outgoing calls to the Bot API: one keep-alive session, JSON in and out, nothing validated that nobody reads.

aiogram's own session builds a multipart form for every call and a whole Message of every answer; this one does so only
for files and for aiogram's own methods. Whatever cannot be answered now becomes Unavailable: Telegram sends again.
"""

import asyncio
import json
import logging
import math
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import IO, Any, cast

import aiohttp
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
from app.utils.json_text import parsed

log = logging.getLogger(__name__)

CALL_SECONDS = 10.0
UPLOAD_SECONDS = 60.0
PATIENCE_SECONDS = 3  # how long a 429 is waited out here; a longer one is Telegram's to bring back
CONNECTIONS = 100

_ERRORS: dict[int, type[TelegramAPIError]] = {
    403: TelegramForbiddenError,
    409: TelegramConflictError,
}

_JSON = {"Content-Type": "application/json"}

Params = dict[str, Any]


class NoMethod(TelegramMethod[Any]):
    """What aiogram's errors name when a call was made by name and not by one of its methods."""

    __returning__ = Any
    __api_method__ = "unknown"


class BotApi(BaseSession):
    """The session of the bot: `call()` for our own screens, `make_request()` for aiogram's methods."""

    def __init__(self, server: str, token: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(server), timeout=CALL_SECONDS)
        self._token = token
        self._http: aiohttp.ClientSession | None = None
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
        with os.fdopen(os.dup(file.fileno()), "rb") as reader:  # aiohttp may close what it has read
            form = aiohttp.FormData(params, quote_fields=False)
            form.add_field(field, reader, filename=name)
            return await self._post(method, form, {}, seconds)

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
            result = await self._post(name, _form(bot, params, files), {}, seconds)
        else:
            result = await self.call(name, params, seconds=seconds)
        answer: Any = Response[method.__returning__]  # type: ignore[name-defined]
        return cast(TelegramType, answer.model_validate({"ok": True, "result": result}, context={"bot": bot}).result)

    async def _post(self, method: str, body: Any, headers: dict[str, str], seconds: float) -> Any:
        url = self.api.api_url(token=self._token, method=method)
        self.calls += 1
        try:
            async with self._session().post(
                url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(total=seconds)
            ) as response:
                status, content = response.status, await response.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            metrics.BOT_API.labels(method, "unreachable").inc()
            log.warning("bot_api_unreachable", extra={"method": method, "kind": type(error).__name__})
            raise Unavailable(
                "the Bot API cannot be reached"
            ) from None  # its message may hold the URL, and so the token
        return _result(method, status, content)

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None or self._http.closed:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=3600, keepalive_timeout=60),
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
            )
        return self._http

    async def close(self) -> None:
        """Give the connections back."""
        if self._http is not None:
            await self._http.close()

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 - aiogram's name
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """Read a file piece by piece, for aiogram's download()."""
        async with self._session().get(
            url, headers=headers, timeout=aiohttp.ClientTimeout(total=timeout), raise_for_status=raise_for_status
        ) as response:
            async for chunk in response.content.iter_chunked(chunk_size):
                yield chunk


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


def _form(bot: Bot, params: Params, files: dict[str, InputFile]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in params.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    for key, file in files.items():
        form.add_field(key, file.read(bot), filename=file.filename or key)
    return form
