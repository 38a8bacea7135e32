"""A person as Telegram introduces them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes to the bot; the id is Telegram's."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, when, and by which update: every effect carries it."""

    user_id: int
    bot_id: int
    update_id: int
    at: datetime
    zone: str  # the time zone of somebody who has chosen none
