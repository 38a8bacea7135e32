"""A person as Telegram introduces them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes to the bot; the id is Telegram's."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
