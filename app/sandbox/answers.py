"""What the sandbox answers: JSON, one shape of complaint on the page's side and Telegram's own on the bot's."""

from typing import Any

import orjson
from aiohttp import web

from app.sandbox.shapes import Json


class Problem(Exception):
    """A request of the page or of a test that cannot be done; the message is a clear sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class ApiError(Exception):
    """A Bot API call that fails, in the real server's words."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.retry_after = retry_after

    @property
    def content(self) -> Json:
        """The error as Telegram answers it."""
        extra = {} if self.retry_after is None else {"parameters": {"retry_after": self.retry_after}}
        return {"ok": False, "error_code": self.code, "description": str(self), **extra}


class Told:
    """A plain yes with a few words, as setWebhook answers."""

    def __init__(self, description: str) -> None:
        self.description = description


def bad_request(description: str) -> ApiError:
    """The commonest of Telegram's errors."""
    return ApiError(400, f"Bad Request: {description}")


def too_many_requests(seconds: int) -> ApiError:
    """Telegram's request for patience."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def answer(content: Any, *, status: int = 200) -> web.Response:
    """JSON, as all our answers are."""
    return web.Response(body=orjson.dumps(content), status=status, content_type="application/json")


async def read_object(request: web.Request) -> Json:
    """The JSON object in the body of a request."""
    try:
        content = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise Problem(400, "The body must be JSON.") from None
    if not isinstance(content, dict):
        raise Problem(400, "The body must be a JSON object.")
    return content
