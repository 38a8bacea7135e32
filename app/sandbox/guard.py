"""The door: only this computer's own pages and programs come in, and every error leaves as a clear sentence."""

import logging

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from app.sandbox.answers import Problem, answer

log = logging.getLogger(__name__)

_HERE = ("localhost", "127.0.0.1", "::1")
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse strangers, then turn whatever went wrong into JSON."""
    if not _from_here(request):
        return answer({"error": "The sandbox answers this computer alone."}, status=403)
    try:
        return await handler(request)
    except Problem as problem:
        return answer({"error": str(problem)}, status=problem.status)
    except web.HTTPRequestEntityTooLarge:
        return answer({"error": "That is too large."}, status=413)
    except web.HTTPMethodNotAllowed as error:
        refused = answer({"error": f"{request.method} cannot be used here."}, status=405)
        refused.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return refused
    except web.HTTPNotFound:
        return answer({"error": "There is nothing here."}, status=404)


def _from_here(request: web.Request) -> bool:
    """Whether host and origin are ours: a foreign web page reaches loopback too, by DNS tricks or plain fetches."""
    host = _host_of(f"http://{request.headers.get('Host', '')}")
    if host not in _HERE:
        return False
    origin = request.headers.get("Origin")
    if origin is not None and (_host_of(origin) not in _HERE or URL(origin).port != _port(request)):
        return False
    # A link that somebody follows to the page is fine; a foreign page that loads or posts something is not.
    site, mode = request.headers.get("Sec-Fetch-Site"), request.headers.get("Sec-Fetch-Mode")
    return site not in ("cross-site", "same-site") or (request.method == "GET" and mode == "navigate")


def _host_of(url: str) -> str | None:
    try:
        return URL(url).host
    except ValueError:
        return None


def _port(request: web.Request) -> int | None:
    transport = request.transport
    return transport.get_extra_info("sockname")[1] if transport is not None else None


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Give every answer the same strict headers."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
