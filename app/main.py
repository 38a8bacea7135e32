"""The bot in development: long polling, questions remembered in this process; POST /webhook takes updates by hand.

An update is acknowledged (by the next getUpdates) only after its work is done.
"""

from app.utils import gc_off, lean_aiogram  # noqa: F401 - before anything of aiogram

# isort: split
import argparse
import asyncio
import contextlib
import logging
import sys
from itertools import groupby
from typing import Any

from aiogram.exceptions import TelegramAPIError, TelegramConflictError

from app import bootstrap, schema
from app.modules import logging as our_logging
from app.modules import registration
from app.modules.delivery import Done, Foreign, Later
from app.modules.errors import CannotDo, Unavailable
from app.modules.server import server
from app.settings import BotSettings, SettingsError, load

log = logging.getLogger(__name__)

POLL_SECONDS = 25
BATCH = 100
STOP_SECONDS = 10


async def poll(house: bootstrap.House) -> None:
    """Fetching updates from Telegram.

    They are handled at once, each person's in order, until this is cancelled.
    A batch is acknowledged when all of it is done, so one person's trouble holds the next batch back. That is the price
    of losing nothing without a queue of our own; a webhook, where Telegram keeps a queue a person, does not pay it.
    """
    offset = 0
    while True:
        try:
            if offset == 0:
                await registration.set_commands(house.api)
            updates = await _fetched(house, offset)
        except Unavailable as trouble:
            log.warning("waiting_for_updates", extra={"reason": str(trouble)})
            house.troubles["Fetching updates from Telegram"] = str(trouble)
            await asyncio.sleep(trouble.retry_after)
            continue
        house.troubles.clear()
        people = groupby(sorted(updates, key=sender), key=sender)  # a stable sort: each person's order stays
        work = asyncio.gather(*(_in_order(house, list(theirs)) for _, theirs in people))
        offset = max([offset, *(update["update_id"] + 1 for update in updates)])
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:  # a stop: what is in hand is ended and acknowledged first, when that can be
            with contextlib.suppress(TimeoutError, Unavailable, TelegramAPIError):
                async with asyncio.timeout(STOP_SECONDS):
                    await work
                await house.api.call("getUpdates", {"offset": offset, "timeout": 0, "limit": 1}, seconds=2, patience=0)
            raise


async def _fetched(house: bootstrap.House, offset: int) -> list[dict[str, Any]]:
    asked = {
        "offset": offset,
        "timeout": POLL_SECONDS,
        "limit": BATCH,
        "allowed_updates": list(registration.ALLOWED_UPDATES),
    }
    try:
        return list(await house.api.call("getUpdates", asked, seconds=POLL_SECONDS + 10))
    except TelegramConflictError as error:
        raise Unavailable("another process polls this bot, or a webhook was set meanwhile") from error


def sender(update: dict[str, Any]) -> int:
    """Find who sent an update; 0 where nobody did."""
    for content in update.values():
        if isinstance(content, dict):
            return int(content.get("from", {}).get("id", 0))
    return 0


async def _in_order(house: bootstrap.House, updates: list[dict[str, Any]]) -> None:
    for update in updates:
        outcome = await _until_done(house, update)
        if isinstance(outcome, Done) and outcome.reply:
            reply = dict(outcome.reply)
            try:
                await house.api.call(reply.pop("method"), reply)
            except (TelegramAPIError, Unavailable):
                log.info("answer_came_too_late")  # as in a webhook's answer, nobody hears of it


async def _until_done(house: bootstrap.House, update: dict[str, Any]) -> Done | Foreign:
    while True:
        outcome = await house.delivery.take(update)
        if not isinstance(outcome, Later):
            return outcome
        await asyncio.sleep(outcome.seconds)  # then bring it again, as Telegram does by webhook


async def webhook_in_the_way(house: bootstrap.House) -> str | None:
    """Return the URL of a webhook that is set; None when there is none, or when that cannot be known now."""
    try:
        info = await house.api.call("getWebhookInfo", {})
    except (TelegramAPIError, Unavailable):
        return None
    return info.get("url") or None


async def run(house: bootstrap.House, *, take_over: bool) -> int:
    """Poll until SIGTERM; work in hand is ended first."""
    url = await webhook_in_the_way(house)
    if url and not take_over:
        await house.api.close()
        sys.stderr.write(
            f"This bot is served by a webhook, {url}, which would stop if it were polled.\n"
            "Use another token, or take it over: --take-over (make run ARGS=--take-over).\n"
        )
        return 1
    if url:
        try:
            await house.api.call("setWebhook", {"url": ""})  # an empty URL ends it; nothing pending is dropped
        except (TelegramAPIError, Unavailable):
            await house.api.close()
            sys.stderr.write("The webhook could not be taken over just now; try again in a minute.\n")
            return 1
    await server(bootstrap.web(house, poll), host=house.settings.bot_host, port=house.settings.bot_port).serve()
    return 0


def main() -> int:
    """Read the command line and the environment, and run."""
    arguments = argparse.ArgumentParser(prog="python -m app.main", description="The bot by long polling.")
    arguments.add_argument("--take-over", action="store_true", help="end a webhook that is set, and poll instead")
    take_over = arguments.parse_args().take_over
    try:
        settings = load(BotSettings)
        schema.refuse_to_start_on_newer(settings)
    except (SettingsError, CannotDo) as refusal:
        sys.stderr.write(f"The bot cannot start.\n{refusal}\n")
        return 1
    our_logging.set_up(secrets=settings.secret_values())
    house = bootstrap.build(settings)
    return asyncio.run(run(house, take_over=take_over))


if __name__ == "__main__":
    sys.exit(main())
