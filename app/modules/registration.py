"""The bot's registration with Telegram: its webhook and its command menu, set only when something differs.

One process does it at a time (a claim in the table), since a second setWebhook within a second gets a 429. The secret
cannot be read back from Telegram, so a fingerprint of everything that was set is kept beside the claim.
"""

import hashlib
import hmac
import logging
from typing import Any

import orjson
from aiogram.exceptions import TelegramAPIError

from app.modules.errors import Unavailable
from app.modules.inbox import service as inbox
from app.modules.postgres import Database
from app.modules.telegram import BotApi
from app.modules.texts import label
from app.settings import WebhookSettings

log = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
MAX_CONNECTIONS = 40
COMMANDS = ("gym", "start", "history", "records", "edit", "settings", "export", "help", "cancel", "delete_me")


def commands() -> list[dict[str, str]]:
    """The command menu."""
    return [{"command": name, "description": label(f"command-{name}")} for name in COMMANDS]


async def set_commands(api: BotApi) -> None:
    """Tell Telegram the command menu, when it knows another."""
    if await api.call("getMyCommands", {}) != commands():
        await api.call("setMyCommands", {"commands": commands()})
        log.info("commands_set")


async def pending(api: BotApi) -> int:
    """Ask Telegram how many updates it still holds for our webhook."""
    return int((await api.call("getWebhookInfo", {}, patience=0))["pending_update_count"])


async def register(settings: WebhookSettings, *, api: BotApi, db: Database, bot_id: int) -> None:
    """Set the webhook when what Telegram has differs from what we want; raise Unavailable to be called again."""
    wanted = _wanted(settings)
    fingerprint = hmac.digest(
        settings.telegram_webhook_secret.encode(), orjson.dumps(wanted, option=orjson.OPT_SORT_KEYS), hashlib.sha256
    ).hex()
    try:
        await set_commands(api)
        if await _is_as_wanted(wanted, fingerprint, api=api, db=db, bot_id=bot_id):
            log.info("webhook_as_wanted")
            return
        if not await db.run(inbox.claim_registration, bot_id=bot_id):
            raise Unavailable("another process is registering the webhook")
        done = None
        try:
            # Somebody may have done it between the look and the claim.
            if not await _is_as_wanted(wanted, fingerprint, api=api, db=db, bot_id=bot_id):
                # A 429 means that somebody set it a moment ago: not again before it is looked at again.
                secret = {"secret_token": settings.telegram_webhook_secret}
                await api.call("setWebhook", wanted | secret, patience=0)
            done = fingerprint
        finally:
            await db.run(inbox.end_registration, bot_id=bot_id, fingerprint=done)
        log.info("webhook_set")
    except TelegramAPIError as error:
        log.error("registration_refused", extra={"reason": error.message})
        raise Unavailable(f"Telegram refuses it: {error.message}") from error


async def _is_as_wanted(wanted: dict[str, Any], fingerprint: str, *, api: BotApi, db: Database, bot_id: int) -> bool:
    known = await db.run(inbox.registered, bot_id=bot_id)
    info = await api.call("getWebhookInfo", {})
    return (
        known == fingerprint
        and info.get("url") == wanted["url"]
        and info.get("max_connections", MAX_CONNECTIONS) == wanted["max_connections"]
        and sorted(info.get("allowed_updates", ())) == sorted(wanted["allowed_updates"])
    )


def _wanted(settings: WebhookSettings) -> dict[str, Any]:
    return {
        "url": settings.webhook_url,
        "allowed_updates": list(ALLOWED_UPDATES),
        "max_connections": MAX_CONNECTIONS,
        "drop_pending_updates": False,
    }
