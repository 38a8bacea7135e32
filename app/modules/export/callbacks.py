"""The button that sends the files."""

from aiogram.filters.callback_data import CallbackData


class OpenExport(CallbackData, prefix="x1"):
    """Send everything as files; the screen with the button stays."""
