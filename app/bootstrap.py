"""The one place that builds: settings → Database → Memory → Bot → Dispatcher, and starts what lives long."""

import asyncio
import gc
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Update
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app import backup, schema
from app.modules import logging as our_logging
from app.modules import metrics, middlewares, registration
from app.modules.delivery import Delivery
from app.modules.errors import SchemaMissing, Unavailable
from app.modules.export.model import MOST_AT_ONCE
from app.modules.handlers import include_routers
from app.modules.inbox import service as inbox
from app.modules.memory import LocalMemory, Memory, RedisMemory
from app.modules.metrics import Metrics
from app.modules.postgres import Database
from app.modules.telegram import BotApi
from app.modules.webhook import Webhook
from app.readiness import database_trouble
from app.settings import BotSettings, WebhookSettings

log = logging.getLogger(__name__)

TIDY_SECONDS = 3600.0
COUNT_SECONDS = 30.0
LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class House:
    """Everything that a bot process is made of."""

    settings: BotSettings
    db: Database
    memory: Memory
    api: BotApi
    bot: Bot
    delivery: Delivery
    troubles: dict[str, str] = field(default_factory=dict)  # what does not work just now, and why


def build(settings: BotSettings) -> House:
    """Build it; nothing is connected yet, so a neighbour that is down stops nothing."""
    db = Database(settings, guard=schema.refuse_newer)
    Update.model_rebuild()  # now, and not while the first one waits
    api = BotApi(settings.telegram_api_url, settings.telegram_bot_token)
    bot = Bot(settings.telegram_bot_token, session=api)
    memory: Memory = RedisMemory(settings, bot_id=bot.id) if isinstance(settings, WebhookSettings) else LocalMemory()
    # Taps read no state, and messages read it once in our own middleware: aiogram's FSM middleware stays out.
    dispatcher = Dispatcher(disable_fsm=True, db=db, exports=asyncio.Semaphore(MOST_AT_ONCE))
    include_routers(dispatcher)  # first: it brings the observer of taps, which the middlewares stand round
    middlewares.install(dispatcher, db=db, api=api, memory=memory, zone=settings.default_timezone)
    delivery = Delivery(bot=bot, dispatcher=dispatcher, db=db, api=api, memory=memory, schema_trouble=schema.trouble)
    return House(settings, db, memory, api, bot, delivery)


LongLived = Callable[[House], Awaitable[None]]


class Web(FastAPI):
    """FastAPI; but updates go past its layers, which do nothing for them."""

    webhook: Webhook

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == "/webhook":
            await self.webhook(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def web(house: House, *long_lived: LongLived) -> FastAPI:
    """The HTTP side of a bot process: POST /webhook, GET /health, /ready, /metrics; and what runs beside it."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_exception_handler(our_logging.unhandled)
        for warning in house.settings.warnings():
            log.warning("weak_setting", extra={"hint": warning})
        tasks = [
            asyncio.create_task(_for_ever(work, house))  # noqa: TID251 - here, and nowhere else
            for work in (*long_lived, tidy, count_waiting)
        ]
        settle_memory()
        log.info("bot_started")
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await house.api.close()
            await house.memory.close()
            await house.db.close()
            log.info("bot_stopped")

    app = Web(lifespan=lifespan, openapi_url=None)
    app.webhook = Webhook(house.delivery, secrets=house.settings.webhook_secrets)
    app.router.routes.append(Route("/webhook", app.webhook, methods=["POST"]))
    app.router.routes.append(Route("/metrics", Metrics(house.settings.metrics_token), methods=["GET"]))

    @app.get("/health")
    async def health() -> dict[str, str]:
        """Say that the process lives."""
        return {"status": "ok"}

    @app.get("/ready")
    async def ready() -> JSONResponse:
        """Say whether updates can be served now, and in words what is wrong."""
        broken = await database_trouble(house.db)
        troubles = [f"{what}: {why}; it is tried again by itself." for what, why in house.troubles.items()]
        limping = [*filter(None, [await house.memory.trouble()]), *troubles]
        status = "down" if broken else "limping" if limping else "ready"
        return JSONResponse({"status": status, "problems": [*broken, *limping]}, status_code=503 if broken else 200)

    return app


async def _for_ever(work: LongLived, house: House) -> None:
    """Do a long-lived piece of work; when a neighbour is down, wait ever longer and try again."""
    wait = 1.0
    while True:
        began = time.monotonic()
        try:
            await work(house)
        except (Unavailable, SchemaMissing) as trouble:
            log.warning("waiting_for_neighbour", extra={"work": work.__name__, "reason": str(trouble)})
            house.troubles[str(work.__doc__).rstrip(".")] = str(trouble)
            wait = 1.0 if time.monotonic() - began > LONGEST_WAIT else min(wait * 2, LONGEST_WAIT)
            wait = max(wait, getattr(trouble, "retry_after", 0))
        except Exception:
            log.exception("long_lived_work_failed", extra={"work": work.__name__})
            wait = LONGEST_WAIT
        else:
            house.troubles.pop(str(work.__doc__).rstrip("."), None)
            return
        await asyncio.sleep(wait)


async def tidy(house: House) -> None:
    """Forget old updates, every hour."""
    while True:
        more = await house.db.run(inbox.tidy, bot_id=house.bot.id)
        await asyncio.sleep(0.1 if more else TIDY_SECONDS)


async def count_waiting(house: House) -> None:
    """Count what waits, for GET /metrics: beside the taps, and not when somebody looks."""
    while True:
        metrics.PARKED.set(await _or_unknown(house.db.run(inbox.parked, bot_id=house.bot.id)))
        metrics.BACKUP.set(await _or_unknown(house.db.run(backup.last)))
        if isinstance(house.settings, WebhookSettings):  # who polls would see none
            metrics.PENDING.set(await _or_unknown(registration.pending(house.api)))
        await asyncio.sleep(COUNT_SECONDS)


async def _or_unknown(number: Awaitable[float]) -> float:
    try:
        return await number
    except (Unavailable, SchemaMissing, TelegramAPIError, KeyError):
        return math.nan


def settle_memory() -> None:
    """Put everything built so far out of the garbage collector's sight: full collections stop a loaded bot 150 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    gc.enable()
