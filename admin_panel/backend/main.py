"""The admin API: `python -m admin_panel.backend.main` (port 8001), from the environment alone."""

import asyncio
import logging
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp

from admin_panel.backend import docs, errors
from admin_panel.backend.api.v1 import router
from admin_panel.backend.deps import House
from admin_panel.backend.middlewares import Envelope, Limits
from admin_panel.backend.paging import Cursors
from admin_panel.backend.paths import Paths
from app import schema
from app.modules import logging as our_logging
from app.modules.admins import service as admins
from app.modules.errors import CannotDo
from app.modules.metrics import Metrics
from app.modules.postgres import Database
from app.modules.server import server
from app.readiness import database_trouble
from app.settings import ApiSettings, SettingsError, load

log = logging.getLogger(__name__)

HASHERS = 2  # passwords checked at once
DESCRIPTION = """
**Begin** with *Authorize*: an admin's name and password. (`make admin` makes the first admin.) It lasts 15 minutes.
Then the answer is 401: *Authorize* again (*Logout*, then the password). A program sends the `refresh_token` that
`POST /auth/login` gave it to `POST /auth/refresh` instead.

**Change** things in two steps, so that two admins never overwrite each other unseen: read a thing, then send its
`version` as `If-Match` with PUT, PATCH, DELETE or a merge. Without it the answer is 428; when somebody was faster,
412: read it again. Each change answers the next version.

**Lists** come by pages: `next` of one page is `cursor` of the next.

**Refusals** have one shape: `error` for programs, `detail` for people, and the `request_id` to find it in the log.

Every change is kept in `GET /audit`. Weights are in kilos, moments in UTC.
"""
TAGS = [
    {"name": "Signing in", "description": "Admins by password, people of the bot by Telegram."},
    {"name": "Muscles", "description": "Those that everybody has. Private ones are their owners' alone."},
    {
        "name": "Exercises",
        "description": "Those that everybody has; two that are one are merged, with all their history.",
    },
    {"name": "Training", "description": "Everybody's recorded sets: looked through, corrected, deleted, exported."},
    {"name": "People", "description": "Who uses the bot, and what each has done."},
    {"name": "Analytics", "description": "Figures by day, exercise and hour; days are people's own."},
    {"name": "One person", "description": "What a person of the bot sees; an admin adds `user_id`."},
    {"name": "Audit", "description": "Who changed what and when."},
]


def build(settings: ApiSettings) -> ASGIApp:
    """Build the API; nothing is connected yet, so a database that is down stops nothing."""
    return _enveloped(_app(settings), settings)


def described() -> dict[str, Any]:
    """Describe the API by its OpenAPI, without a house: what is made of it is made where no database is."""
    nowhere = ApiSettings(db_host="localhost", db_name="none", db_user="none", jwt_secret=secrets.token_hex(32))
    return _app(nowhere).openapi()


def _app(settings: ApiSettings) -> FastAPI:
    db = Database(settings, guard=schema.refuse_newer)
    house = House(settings, db, Cursors(settings.jwt_secrets), asyncio.Semaphore(HASHERS))
    app = FastAPI(
        title="Gym bot: admin API",
        version="1",
        summary="Look after what everybody trains, and see how they do.",
        description=DESCRIPTION,
        openapi_tags=TAGS,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.house = house
    errors.install(app)
    docs.install(app)
    app.include_router(router)

    @app.get("/health", include_in_schema=False)
    async def health() -> dict[str, str]:
        """Say that the process lives."""
        return {"status": "ok"}

    @app.get("/ready", include_in_schema=False)
    async def ready() -> JSONResponse:
        """Say whether requests can be served now, and in words what is wrong."""
        broken = await database_trouble(house.db)
        status = "down" if broken else "ready"
        return JSONResponse({"status": status, "problems": broken}, status_code=503 if broken else 200)

    app.router.routes.append(Route("/metrics", Metrics(settings.metrics_token), methods=["GET"]))
    return app


def _enveloped(app: FastAPI, settings: ApiSettings) -> ASGIApp:
    paths = app.state.paths = Paths(app)

    inner: ASGIApp = Limits(app)
    if settings.cors_origins:
        inner = CORSMiddleware(
            inner,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-Match"],
            expose_headers=["ETag", "Location", "Retry-After", "X-Request-ID"],
        )
    return Envelope(inner, paths=paths, trusted_proxies=settings.trusted_proxies or ())


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Warm up, serve, give the connections back."""
    house: House = app.state.house
    asyncio.get_running_loop().set_exception_handler(our_logging.unhandled)
    for warning in house.settings.warnings():
        log.warning("weak_setting", extra={"hint": warning})
    await asyncio.to_thread(admins.nobody)  # else the first unknown name would take longer than a known one
    log.info("api_started")
    try:
        yield
    finally:
        await house.db.close()
        log.info("api_stopped")


def main() -> int:
    """Run until SIGTERM; requests in hand are ended first."""
    try:
        settings = load(ApiSettings)
        schema.refuse_to_start_on_newer(settings)
    except (SettingsError, CannotDo) as refusal:
        sys.stderr.write(f"The admin API cannot start.\n{refusal}\n")
        return 1
    our_logging.set_up(secrets=settings.secret_values())
    server(build(settings), host=settings.api_host, port=settings.api_port).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
