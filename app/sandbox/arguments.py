"""The arguments of a Bot API call: from the query, JSON or a form, read as leniently as Telegram does."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from app.sandbox.answers import ApiError, bad_request
from app.sandbox.files import Upload

Methods = dict[str, Callable[["Arguments"], Awaitable[Any]]]


class Arguments:
    """What a call was given, by name; files apart."""

    def __init__(self, given: dict[str, Any], files: dict[str, Upload] | None = None) -> None:
        self.given = given
        self.files = files or {}

    @property
    def told(self) -> dict[str, Any]:
        """The arguments as a list of calls tells them."""
        return self.given | {
            name: f"(file {each.name}, {len(each.content)} bytes)" for name, each in self.files.items()
        }

    def has(self, name: str) -> bool:
        """Whether something was given at all."""
        return self.given.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """A text; empty when missing."""
        value = self.given.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else orjson.dumps(value).decode()

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number, also written as a text; the default for anything else."""
        value = self.given.get(name)
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**62:
            return default
        return value

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return self.text(name).lower() in ("true", "yes", "1")

    def structure(self, name: str, *, complaint: str) -> Any:
        """An object or a list, also written as JSON in a text; None when missing."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise bad_request(complaint) from None


async def read(request: web.Request) -> Arguments:
    """Read the arguments of a request."""
    try:
        given, files = await _body(request)
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    return Arguments(dict(request.query) | given, files)


async def _body(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    if request.method != "POST" or not request.can_read_body:
        return {}, {}
    match request.content_type:
        case "application/json":
            try:
                content = orjson.loads(await request.read())
            except orjson.JSONDecodeError:
                raise bad_request("can't parse JSON object") from None
            if not isinstance(content, dict):
                raise bad_request("object expected as JSON")
            return content, {}
        case "application/x-www-form-urlencoded" | "multipart/form-data":
            try:
                form = await request.post()
            except ValueError:
                raise bad_request("can't parse the form") from None
            texts = {name: value for name, value in form.items() if isinstance(value, str)}
            return texts, {name: upload(value) for name, value in form.items() if isinstance(value, web.FileField)}
    return {}, {}


def upload(field: web.FileField) -> Upload:
    """A file from a form."""
    return Upload(field.filename, field.file.read())
