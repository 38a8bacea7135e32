"""What a person's name may be to us."""

from app.modules.people.model import Person

NAME_LENGTH = 255


def introduced(*, user_id: int, first_name: str, last_name: str | None, username: str | None) -> Person:
    """Make a person of what Telegram says, within what the table can hold."""
    return Person(
        id=user_id,
        first_name=_name(first_name) or "",
        last_name=_name(last_name),
        username=_name(username),
    )


def _name(name: str | None) -> str | None:
    # PostgreSQL stores no NUL, and names come from outside.
    return name.replace("\0", "")[:NAME_LENGTH] if name else None
