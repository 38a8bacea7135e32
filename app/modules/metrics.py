"""What is counted, by name, and GET /metrics, which shows it: to this computer, or to whoever has the token.

Labels are names of ours alone: no id, no path, nothing that anybody typed.
"""

import hmac
import math
import re

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

WORK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

UPDATES = Counter("gym_updates", "Updates of Telegram, by what became of them.", ["result"], registry=REGISTRY)
UPDATE_SECONDS = Histogram("gym_update_seconds", "From an update to its answer.", buckets=WORK, registry=REGISTRY)
PERSON_SECONDS = Histogram(
    "gym_person_wait_seconds", "Waiting for a person's earlier updates.", buckets=WORK, registry=REGISTRY
)
SETS = Counter("gym_sets_saved", "Sets saved, by tapping and typing.", registry=REGISTRY)
PENDING = Gauge("gym_updates_pending", "Updates that Telegram still holds for us; NaN: unknown.", registry=REGISTRY)
PARKED = Gauge("gym_updates_parked", "Updates kept aside for us to see; NaN: unknown.", registry=REGISTRY)
BACKUP = Gauge(
    "gym_last_backup_timestamp_seconds", "When the last backup was made; 0: never, NaN: unknown.", registry=REGISTRY
)
PENDING.set(math.nan)
PARKED.set(math.nan)
BACKUP.set(math.nan)
BOT_API = Counter("gym_bot_api_answers", "Answers of the Bot API.", ["method", "result"], registry=REGISTRY)
POOL_SECONDS = Histogram(
    "gym_database_wait_seconds", "Waiting for a free connection to the database.", buckets=WORK, registry=REGISTRY
)
POOL_REFUSED = Counter(
    "gym_database_refused", "Work that the database did not do in time.", ["reason"], registry=REGISTRY
)
REQUESTS = Counter("gym_api_requests", "Requests to the admin API.", ["route", "method", "status"], registry=REGISTRY)
FAILURES = Counter("gym_api_failures", "Requests to the admin API that it could not serve.", registry=REGISTRY)
REQUEST_SECONDS = Histogram(
    "gym_api_request_seconds", "From a request to its answer.", ["route", "method"], buckets=WORK, registry=REGISTRY
)
SIGN_INS = Counter("gym_sign_ins", "Tries to sign in.", ["result"], registry=REGISTRY)

TEXT = b"text/plain; version=0.0.4; charset=utf-8"
FORWARDED = (b"x-forwarded-for", b"x-real-ip", b"forwarded", b"x-forwarded-host", b"x-forwarded-proto", b"via")
HERE = re.compile(rb"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?")


class Metrics:
    """The endpoint, as plain ASGI; to anybody else it is not there."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Show what was counted so far."""
        if not (_is_from_here(scope) or self._has_token(scope)):
            raise HTTPException(404)
        body = generate_latest(REGISTRY)
        headers = [(b"content-type", TEXT), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _has_token(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        return (
            self._token is not None
            and len(given) == 1
            and hmac.compare_digest(given[0], f"Bearer {self._token}".encode())
        )


def _is_from_here(scope: Scope) -> bool:
    """Whether this computer asks, by its own name; what a proxy on it, or a page in its browser, asks is not for it."""
    names = {name for name, _ in scope["headers"]}
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    is_by_name = len(hosts) == 1 and HERE.fullmatch(hosts[0]) is not None
    return (scope.get("client") or ("", 0))[0] in ("127.0.0.1", "::1") and is_by_name and not names & {*FORWARDED}
