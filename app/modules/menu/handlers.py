"""Telegram's way to the front door."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from app.modules.memory import Remembered
from app.modules.menu import screens
from app.modules.menu.callbacks import OpenHelp, OpenMenu
from app.modules.screen import Reply, Show

router = Router(name="menu")


@router.message(Command("start", ignore_case=True))
async def start(message: Message, show: Show) -> Reply:
    """Greet; the person was registered on the way in."""
    return await show(screens.menu())


@router.message(Command("help", ignore_case=True))
async def help_(message: Message, show: Show) -> Reply:
    """Explain."""
    return await show(screens.help_())


@router.message(Command("cancel", ignore_case=True))
async def cancel(message: Message, show: Show, remembered: Remembered) -> Reply:
    """Leave whatever question is open."""
    return await show(screens.cancelled(was_open=remembered.state is not None))


@router.callback_query(OpenMenu.filter())
async def open_menu(tap: CallbackQuery, show: Show) -> Reply:
    """Go up to the menu."""
    return await show(screens.menu())


@router.callback_query(OpenHelp.filter())
async def open_help(tap: CallbackQuery, show: Show) -> Reply:
    """Explain, in place."""
    return await show(screens.help_())
