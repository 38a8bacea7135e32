"""Every room's router, and a kind answer to what no room expects: old buttons, unknown words, pictures, edits."""

import logging

from aiogram import Dispatcher, Router
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from app.modules.menu import handlers as menu
from app.modules.menu.screens import lost
from app.modules.screen import Reply, Show
from app.modules.texts import label, t
from app.modules.training import handlers as training

log = logging.getLogger(__name__)

unexpected = Router(name="unexpected")


def include_routers(dispatcher: Dispatcher) -> None:
    """Join the rooms; the unexpected comes last."""
    dispatcher.include_routers(menu.router, training.router, unexpected)


@unexpected.callback_query()
async def old_button(tap: CallbackQuery, show: Show) -> Reply:
    """Answer a button that no room knows (forged, or of a format long gone) with a fresh menu."""
    log.warning("unknown_button")
    return await show(lost(t("old-button"), toast=label("old-button-toast")))


@unexpected.message()
async def unknown_message(message: Message, show: Show) -> Reply:
    """Answer words that mean nothing here, and whatever is not words."""
    return await show(lost(t("not-understood" if message.text else "not-text")))


@unexpected.edited_message()
async def edited(message: Message, show: Show) -> Reply:
    """Say that an edit changes nothing."""
    return await show(lost(t("edited-message")))


@unexpected.my_chat_member()
async def membership(change: ChatMemberUpdated) -> None:
    """Note that somebody blocked or unblocked the bot; there is nobody to answer."""
    log.info("membership_changed", extra={"status": change.new_chat_member.status})
