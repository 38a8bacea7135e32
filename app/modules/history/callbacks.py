"""Buttons of looking back."""

from aiogram.filters.callback_data import CallbackData

from app.modules.training.callbacks import Day, Small


class OpenHistory(CallbackData, prefix="h1"):
    """Show days with sets: from one on back, or the next ones after one; the newest when neither is said."""

    until: Day = ""
    after: Day = ""


class OpenDay(CallbackData, prefix="h2"):
    """Show all that was done on a day."""

    day: Day
    page: Small = 1


class OpenRecords(CallbackData, prefix="h3"):
    """Show records."""

    page: Small = 1
