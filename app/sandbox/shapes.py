"""The Bot API's objects as plain dicts, shaped exactly as Telegram sends them."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
BOT_NAME = "Gym bot"
BOT_USERNAME = "gym_sandbox_bot"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can chat with the bot."""

    id: int
    first_name: str
    last_name: str | None
    username: str | None
    blocked: bool


def names(person: Person) -> Json:
    """The names a person has; absent ones are left out, as Telegram does."""
    given = {"first_name": person.first_name, "last_name": person.last_name, "username": person.username}
    return {key: value for key, value in given.items() if value}


def user(person: Person) -> Json:
    """A person as the sender of something."""
    return {"id": person.id, "is_bot": False, **names(person), "language_code": "en"}


def chat(person: Person) -> Json:
    """A person's private chat with the bot."""
    return {"id": person.id, **names(person), "type": "private"}


def bot_user(bot_id: int) -> Json:
    """The bot as a sender."""
    return {"id": bot_id, "is_bot": True, "first_name": BOT_NAME, "username": BOT_USERNAME}
