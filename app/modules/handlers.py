"""Every room's router, and a kind answer to what no room expects: old buttons, unknown words, pictures, edits."""

import logging
from collections.abc import Sequence
from typing import Any

from aiogram import Dispatcher, Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.dispatcher.event.telegram import TelegramEventObserver
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from app.modules.catalog import handlers as catalog
from app.modules.export import handlers as export
from app.modules.history import handlers as history
from app.modules.memory import NOTHING, Remembered
from app.modules.menu import handlers as menu
from app.modules.menu.screens import lost
from app.modules.people import handlers as people
from app.modules.screen import Reply, Show
from app.modules.texts import label, not_understood, t
from app.modules.training import handlers as training
from app.modules.training import lines

log = logging.getLogger(__name__)

unexpected = Router(name="unexpected")


class Doors(TelegramEventObserver):
    """Taps' ways to their handlers, by the first word of what a button carries.

    aiogram would ask one room after the other, each handler trying to read the button: a tenth of a tap's work.
    """

    def __init__(self, dispatcher: Dispatcher, rooms: Sequence[Router]) -> None:
        super().__init__(dispatcher, "callback_query")
        self._doors: dict[str, TelegramEventObserver] = {}
        for room in rooms:
            for handler in room.callback_query.handlers:
                match [each.callback for each in handler.filters or ()]:
                    case [CallbackQueryFilter(callback_data=command)]:
                        door = TelegramEventObserver(room, self.event_name)
                        door.handlers.append(handler)
                        self._doors[command.__prefix__] = door

    async def trigger(self, event: Any, **kwargs: Any) -> Any:
        """Let the one handler answer that the button names; what names none is left to the rooms."""
        door = self._doors.get((event.data or "").partition(":")[0])
        return UNHANDLED if door is None else await door.trigger(event, **kwargs)


def include_routers(dispatcher: Dispatcher) -> None:
    """Join the rooms; typed lines, which any text may be, come behind them, and the unexpected last."""
    rooms = (menu.router, people.router, training.router, catalog.router, history.router, export.router, lines.router)
    dispatcher.include_routers(*rooms, unexpected)
    dispatcher.callback_query = dispatcher.observers["callback_query"] = Doors(dispatcher, rooms)


@unexpected.callback_query()
async def old_button(tap: CallbackQuery, show: Show) -> Reply:
    """Answer a button that no room knows (forged, or of a format long gone) with a fresh menu."""
    log.warning("unknown_button")
    return await show(lost(t("old-button"), toast=label("old-button-toast")))


@unexpected.message()
async def unknown_message(message: Message, show: Show, remembered: Remembered, is_new: bool = False) -> Reply:
    """Answer words that mean nothing here, or whose question is forgotten, and whatever is not words."""
    if message.text is None:
        return await show(lost(t("not-text")))
    if remembered == NOTHING and not is_new and not message.text.startswith("/"):
        return await show(lost(t("lost-place")))
    return await show(lost(not_understood(message.text)))


@unexpected.edited_message()
async def edited(message: Message, show: Show) -> Reply:
    """Say that an edit changes nothing."""
    return await show(lost(t("edited-message")))


@unexpected.my_chat_member()
async def membership(change: ChatMemberUpdated) -> None:
    """Note that somebody blocked or unblocked the bot; there is nobody to answer."""
    log.info("membership_changed", extra={"status": change.new_chat_member.status})
