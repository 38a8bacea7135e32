"""Buttons that lead to the front door."""

from aiogram.filters.callback_data import CallbackData


class OpenMenu(CallbackData, prefix="m1"):
    """Show the main menu."""


class OpenHelp(CallbackData, prefix="m2"):
    """Show what the bot can do."""
