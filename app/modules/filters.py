"""Filters that several rooms use; asynchronous, because aiogram runs the others in threads."""

from aiogram.types import Message


async def is_line(message: Message) -> bool:
    """Let typed lines through, and no commands."""
    return message.text is not None and not message.text.startswith("/")
