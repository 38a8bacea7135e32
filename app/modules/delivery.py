"""One update's way through the house, by webhook or by polling alike.

The answer is given only when the work is done: Done (with a call to carry out, or none), or Later (nothing was lost,
bring it again). An update that always fails is kept aside after five tries, so that it stops nobody else.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiogram import Bot, Dispatcher
from aiogram.types import CallbackQuery, Message, Update
from pydantic import ValidationError

from app.modules import metrics
from app.modules.errors import RETRY_AFTER, SchemaMissing, Unavailable
from app.modules.inbox import service as inbox
from app.modules.inbox.model import Failed
from app.modules.logging import bound, frames
from app.modules.memory import Memory
from app.modules.menu.screens import lost
from app.modules.postgres import Cursor, Database
from app.modules.screen import Reply, answer, say, show
from app.modules.telegram import BotApi
from app.modules.texts import label, t

log = logging.getLogger(__name__)

_WHICH = ("message_id", "date", "chat")


@dataclass(frozen=True, slots=True)
class Done:
    """The work is committed; one more Bot API call may complete the answer."""

    reply: Reply = None


@dataclass(frozen=True, slots=True)
class Parked(Done):
    """It never works, and is kept aside from now on; the answer says so to who sent it."""


@dataclass(frozen=True, slots=True)
class Later:
    """It cannot be done now; the same update is welcome again after so many seconds."""

    seconds: int = RETRY_AFTER


@dataclass(frozen=True, slots=True)
class Foreign:
    """It is no update at all, whoever sent it."""


class Delivery:
    """Takes updates in."""

    def __init__(
        self,
        *,
        bot: Bot,
        dispatcher: Dispatcher,
        db: Database,
        api: BotApi,
        memory: Memory,
        schema_trouble: Callable[[Cursor], list[str]],
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._db = db
        self._api = api
        self._memory = memory
        self._schema_trouble = schema_trouble

    async def take(self, raw: Any) -> Done | Later | Foreign:
        """Handle one update, as JSON gave it."""
        with metrics.UPDATE_SECONDS.time():
            outcome = await self._outcome(raw)
        metrics.UPDATES.labels(type(outcome).__name__.lower()).inc()
        return outcome

    async def _outcome(self, raw: Any) -> Done | Later | Foreign:
        if not isinstance(raw, dict) or type(raw.get("update_id")) is not int:
            return Foreign()
        update_id = raw["update_id"]
        if not 0 <= update_id < 2**63:
            return Foreign()
        with bound(update_id=update_id):
            try:
                return await self._taken(raw)
            except Unavailable as trouble:
                log.warning("update_postponed", extra={"reason": str(trouble)})
                return Later(trouble.retry_after)
            except Exception as error:
                # Not even keeping it aside has worked; nothing is lost while Telegram has it.
                log.exception("update_not_kept", exc_info=error)
                return Later()

    async def _taken(self, raw: dict[str, Any]) -> Done | Later:
        try:
            update = Update.model_validate(_without_ballast(raw), context={"bot": self._bot})
        except (ValidationError, RecursionError) as error:
            return await self._not_understood(raw, error)
        event = update.callback_query or update.message or update.edited_message
        if event is None and update.my_chat_member is None:
            log.warning("update_not_understood")  # a kind that we did not ask for, or newer than aiogram
            return Done()
        try:
            reply = await self._dispatcher.feed_update(
                self._bot, update, bot_id=self._bot.id, update_id=update.update_id
            )
        except Unavailable:
            raise
        except SchemaMissing as error:
            if await self._db.run(self._schema_trouble):  # migrations are on their way
                return Later()
            return await self._failed(raw, event, error)
        except Exception as error:  # a bug of ours must not stop everybody else
            return await self._failed(raw, event, error)
        if not isinstance(reply, dict):  # no room took it, or it needs no answer
            reply = answer(event) if isinstance(event, CallbackQuery) else None
        return Done(reply)

    async def _not_understood(self, raw: dict[str, Any], error: Exception) -> Done:
        """Keep aside what aiogram cannot read (a newer Bot API, most likely), and answer whoever sent it."""
        log.error("update_not_understood", extra={"where": _places(error)})
        verdict = await self._note(raw, f"{type(error).__name__} at {_places(error)}", hopeless=True)
        if verdict is not Failed.PARKED_NOW:
            return Done()
        tap, message = raw.get("callback_query"), raw.get("message")
        if isinstance(tap, dict) and isinstance(tap.get("id"), str):
            return Parked({"method": "answerCallbackQuery", "callback_query_id": tap["id"], "text": label("not-read")})
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(chat, dict) and type(chat.get("id")) is int and chat.get("type") == "private":
            return Parked(say(chat["id"], t("not-read")))
        return Parked()

    async def _failed(self, raw: dict[str, Any], event: Any, error: Exception) -> Done | Later:
        log.error("update_failed", exc_info=error)
        verdict = await self._note(raw, frames(error))
        if verdict is Failed.TRY_AGAIN:
            return Later()
        if verdict is Failed.PARKED_NOW:
            log.error("update_parked")
            return Parked(await self._tell(event, by=raw["update_id"]))
        return Done()

    async def _note(self, raw: dict[str, Any], traceback: str, *, hopeless: bool = False) -> Failed:
        return await self._db.run(
            inbox.failed,
            bot_id=self._bot.id,
            update_id=raw["update_id"],
            user_id=_sender(raw),
            traceback=traceback,
            body=_written(raw),
            hopeless=hopeless,
        )

    async def _tell(self, event: Any, *, by: int) -> Reply:
        """Tell the person once that their message failed for good; if even that fails, the log has it."""
        if not isinstance(event, Message | CallbackQuery):
            return None
        try:
            return await show(lost(t("error-internal")), event, api=self._api, memory=self._memory, by=by)
        except Exception as error:  # the update is parked already
            log.error("person_not_told", exc_info=error)
            return None


def _without_ballast(raw: dict[str, Any]) -> dict[str, Any]:
    """Leave out what we never read and aiogram takes long to build: of the tapped message all but which one it is."""
    tap = raw.get("callback_query")
    message = tap.get("message") if isinstance(tap, dict) else None
    if not isinstance(tap, dict) or not isinstance(message, dict):
        return raw
    bare = {name: message[name] for name in _WHICH if name in message}
    return {**raw, "callback_query": {**tap, "message": bare}}


def _written(raw: dict[str, Any]) -> str:
    """Write an update as it is kept aside; of one that is too deep only what it was."""
    try:
        return orjson.dumps(raw).decode()
    except orjson.JSONEncodeError:  # orjson reads 1,024 levels and writes 254
        return orjson.dumps({**dict.fromkeys(raw, "too deep to be written"), "update_id": raw["update_id"]}).decode()


def _sender(raw: dict[str, Any]) -> int | None:
    """Find whose update it is."""
    for content in raw.values():
        someone = content.get("from") if isinstance(content, dict) else None
        if isinstance(someone, dict) and type(someone.get("id")) is int and 0 < someone["id"] < 2**63:
            return int(someone["id"])
    return None


def _places(error: Exception) -> str:
    """Say where an update could not be read, without what stood there."""
    if not isinstance(error, ValidationError):
        return "too deep"
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, each['loc']))[:80]} ({each['type']})" for each in problems[:3])
