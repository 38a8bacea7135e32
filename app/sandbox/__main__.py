"""`python -m app.sandbox`: start the sandbox, and end it cleanly."""

import asyncio
import errno
import logging
import os
import signal
import sys

import aiohttp
from aiohttp import web
from pythonjsonlogger.json import JsonFormatter

from app.sandbox.answers import answer
from app.sandbox.bot_api import BotApi
from app.sandbox.chat_api import ChatApi
from app.sandbox.control_api import ControlApi
from app.sandbox.delivery import ANSWER_SECONDS, Delivery
from app.sandbox.events import Feed
from app.sandbox.faults import Faults
from app.sandbox.files import UPLOAD_BYTES
from app.sandbox.guard import add_headers, guard
from app.sandbox.limits import Limits
from app.sandbox.settings import Refused, Settings, read
from app.sandbox.store import Store

log = logging.getLogger("app.sandbox")

HOST = "127.0.0.1"
BODY_BYTES = UPLOAD_BYTES + 1024 * 1024
END_SECONDS = 0.5  # for deliveries under way, and again for requests: two seconds in all, with room to spare


async def run(settings: Settings, store: Store) -> None:
    """Serve until a signal comes."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with (
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        ) as http,
        asyncio.TaskGroup() as tasks,
    ):
        delivery = Delivery(store, speed=settings.speed, tasks=tasks, http=http)
        feed = Feed(store)
        runner = web.AppRunner(
            application(settings, store, delivery, feed), access_log=None, shutdown_timeout=END_SECONDS
        )
        await runner.setup()
        try:
            await listen(runner, settings.port)
            delivery.start()
            log.info("sandbox_started", extra={"port": settings.port})
            await ended.wait()
            await delivery.stop(grace=END_SECONDS)
            feed.stop()
        finally:
            await runner.cleanup()
    log.info("sandbox_ended")


def application(settings: Settings, store: Store, delivery: Delivery, feed: Feed) -> web.Application:
    """Put the parts together."""
    faults, limits = Faults(), Limits(store.clock, speed=settings.speed)
    bot_id = settings.bot_id
    bot = BotApi(store, delivery, feed, faults, limits, token=settings.token, bot_id=bot_id)
    app = web.Application(middlewares=[guard], client_max_size=BODY_BYTES)
    app.on_response_prepare.append(add_headers)
    app.router.add_get("/health", health)
    app.router.add_route("GET", "/bot{token}/{method}", bot.serve)
    app.router.add_route("POST", "/bot{token}/{method}", bot.serve)
    app.router.add_route("GET", "/file/bot{token}/{path:.+}", bot.download)
    app.router.add_routes(ChatApi(store, delivery, feed, bot, bot_id=bot_id).routes())
    app.router.add_routes(ControlApi(store, delivery, bot, faults, limits, bot_id=bot_id).routes())
    return app


async def health(request: web.Request) -> web.Response:
    """GET /health: here."""
    return answer({"status": "ok"})


async def listen(runner: web.AppRunner, port: int) -> None:
    """Open the port, on this computer alone."""
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as error:
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
        raise Refused(f"The sandbox does not start: port {port} {why}; SANDBOX_PORT chooses another.") from None


def main() -> int:
    """Start, or say in one sentence why not."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter("{asctime}{levelname}{name}{message}", style="{"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    store = None
    try:
        settings = read(os.environ)
        store = Store(settings.data)
        asyncio.run(run(settings, store))
    except* Refused as refusals:
        sys.stderr.write(f"{refusals.exceptions[0]}\n")
        return_code = 1
    else:
        return_code = 0
    finally:
        if store is not None:
            store.close()
    return return_code


if __name__ == "__main__":
    sys.exit(main())
