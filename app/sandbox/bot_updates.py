"""The Bot API: how the bot wants to hear of what happens, by webhook or by getUpdates."""

import re
from typing import Any

from yarl import URL

from app.sandbox.answers import ApiError, Told, bad_request
from app.sandbox.arguments import Arguments, Methods
from app.sandbox.delivery import LONGEST_POLL, MAX_CONNECTIONS, Delivery
from app.sandbox.limits import Limits
from app.sandbox.shapes import Json
from app.sandbox.store import Store

UPDATES_AT_ONCE = 100
CONNECTIONS = 100
SECRET_LENGTH = 256


class Updates:
    """Webhook and polling."""

    def __init__(self, store: Store, delivery: Delivery, limits: Limits) -> None:
        self._store = store
        self._delivery = delivery
        self._limits = limits

    def methods(self) -> Methods:
        """What can be called."""
        return {
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
        }

    async def _get_updates(self, given: Arguments) -> list[Json]:
        if self._delivery.webhook:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._note_allowed(given)
        return await self._delivery.fetch(
            offset=given.integer("offset"),
            limit=_between(1, given.integer("limit", UPDATES_AT_ONCE), UPDATES_AT_ONCE),
            seconds=_between(0, given.integer("timeout"), LONGEST_POLL),
        )

    async def _set_webhook(self, given: Arguments) -> Told:
        url = given.text("url").strip()
        if not url:
            return await self._delete_webhook(given)
        self._limits.set_webhook()
        _check_url(url)
        secret = given.text("secret_token")
        if len(secret) > SECRET_LENGTH:
            raise bad_request("secret token is too long")
        if not re.fullmatch("[A-Za-z0-9_-]*", secret):
            raise bad_request("secret token contains unallowed characters")
        webhook = {
            "url": url,
            "secret_token": secret,
            "max_connections": _between(1, given.integer("max_connections", MAX_CONNECTIONS), CONNECTIONS),
        }
        self._note_allowed(given)
        drop = given.flag("drop_pending_updates")
        if self._delivery.webhook == webhook and not drop:
            return Told("Webhook is already set")
        self._delivery.set_webhook(webhook, drop=drop)
        return Told("Webhook was set")

    async def _delete_webhook(self, given: Arguments) -> Told:
        had, drop = self._delivery.webhook is not None, given.flag("drop_pending_updates")
        if had or drop:
            self._delivery.set_webhook(None, drop=drop)
        return Told("Webhook was deleted" if had else "Webhook is already deleted")

    async def _get_webhook_info(self, given: Arguments) -> Json:
        webhook = self._delivery.webhook
        self._store.expire()
        info: Json = {
            "url": webhook["url"] if webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": self._store.count_waiting(),
        }
        if error := self._store.setting("last_error"):
            info |= {"last_error_date": error["date"], "last_error_message": error["message"]}
        if webhook:
            info |= {"max_connections": webhook["max_connections"], "ip_address": "127.0.0.1"}
        if allowed := self._store.setting("allowed_updates"):
            info["allowed_updates"] = allowed
        return info

    def _note_allowed(self, given: Arguments) -> None:
        if given.has("allowed_updates"):
            self._store.set_setting("allowed_updates", _allowed_updates(given))


def _between(least: int, value: int, most: int) -> int:
    return max(least, min(value, most))


def _allowed_updates(given: Arguments) -> list[str] | None:
    """The kinds of updates asked for; None for the usual ones."""
    complaint = "can't parse allowed_updates JSON object"
    names: Any = given.structure("allowed_updates", complaint=complaint)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise bad_request(complaint)
    return names or None


def _check_url(url: str) -> None:
    try:
        parsed = URL(url)
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if parsed.host != "localhost" and parsed.host != "::1" and not re.fullmatch(r"127(\.\d{1,3}){3}", parsed.host):
        raise bad_request("bad webhook: the sandbox delivers to this computer alone (127.0.0.1, localhost)")
