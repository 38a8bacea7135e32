"""The Bot API over HTTP: who calls, which method it is, what tests ordered to go wrong, and the list of calls."""

import contextlib
import hmac
import logging
from collections import deque
from typing import Any

from aiohttp import web

from app.sandbox import arguments, shapes
from app.sandbox.answers import ApiError, Told, answer
from app.sandbox.arguments import Arguments, Methods
from app.sandbox.bot_messages import Messages
from app.sandbox.bot_profile import Profile
from app.sandbox.bot_updates import Updates
from app.sandbox.delivery import Delivery
from app.sandbox.events import Feed
from app.sandbox.faults import Faults, NoAnswer, ProxyError
from app.sandbox.files import DOWNLOAD_BYTES
from app.sandbox.limits import Limits
from app.sandbox.shapes import Json
from app.sandbox.store import Store

log = logging.getLogger(__name__)

KEPT_CALLS = 1000
HTTP = "http"


class BotApi:
    """The server that the bot talks to."""

    def __init__(
        self, store: Store, delivery: Delivery, feed: Feed, faults: Faults, limits: Limits, *, token: str, bot_id: int
    ) -> None:
        self._store = store
        self._faults = faults
        self._token = token
        self.calls: deque[Json] = deque(maxlen=KEPT_CALLS)
        bot = shapes.bot_user(bot_id)
        self.profile = Profile(store, bot)
        methods: Methods = (
            Updates(store, delivery, limits).methods()
            | Messages(store, feed, limits, bot).methods()
            | self.profile.methods()
        )
        self._methods = {name.lower(): (name, method) for name, method in methods.items()}
        delivery.carry_out = self.carry_out

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one HTTP call."""
        try:
            self._admit(request)
            given = await arguments.read(request)
            result = await self._call(request.match_info["method"], given, by=HTTP)
        except ApiError as error:
            return _refused(error)
        except ProxyError as error:
            return web.Response(text=str(error), status=error.status, content_type="text/html")
        except NoAnswer:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if isinstance(result, Told):
            return answer({"ok": True, "result": True, "description": result.description})
        return answer({"ok": True, "result": result})

    async def download(self, request: web.Request) -> web.Response:
        """GET /file/bot<token>/<path>: a file, by the path that getFile told."""
        try:
            self._admit(request)
            found = self._store.file_by_path(request.match_info["path"])
            if found is None or len(found.content) > DOWNLOAD_BYTES:
                raise ApiError(404, "Not Found")
        except ApiError as error:
            return _refused(error)
        return web.Response(body=found.content, content_type="application/octet-stream")

    def _admit(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if ":" not in token:
            raise ApiError(401, "Unauthorized: invalid token specified")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            raise ApiError(401, "Unauthorized")

    async def carry_out(self, method: str, given: Json) -> None:
        """Carry out a call that came in the answer to an update; its errors are nobody's, nor is it ordered to fail."""
        with contextlib.suppress(ApiError):
            await self._call(method, Arguments(given), by="webhook answer")

    async def _call(self, method: str, given: Arguments, *, by: str) -> Any:
        name, carry_out = self._methods.get(method.lower(), (method, None))
        call: Json = {"at": self._store.clock.now(), "method": name, "by": by, "arguments": given.told}
        self.calls.append(call)
        try:
            fault = self._faults.take(name.lower()) if by == HTTP else None
            if fault:
                call["fault"] = fault.kind
                await self._faults.before(fault)
            if carry_out is None:
                log.warning("method_unknown", extra={"method": name[:64]})
                raise ApiError(404, "Not Found: method not found")
            result = await carry_out(given)
        except ApiError as error:
            call["error"] = {"code": error.code, "description": str(error)}
            raise
        except ProxyError as error:
            call["error"] = {"code": error.status, "description": str(error)}
            raise
        call["ok"] = True
        if fault and fault.kind == "lose":
            raise NoAnswer
        return result


def _refused(error: ApiError) -> web.Response:
    refused = answer(error.content, status=error.code)
    if error.retry_after is not None:
        refused.headers["Retry-After"] = str(error.retry_after)
    return refused
