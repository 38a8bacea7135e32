"""Getting to know people."""

from app.modules.people import queries
from app.modules.people.model import Person
from app.modules.postgres import Cursor, one_statement


@one_statement
def meet(cursor: Cursor, *, person: Person) -> bool:
    """Register a person on first contact, refresh them later; True when they are new."""
    return queries.meet(cursor, person=person)


@one_statement
def keep_bio(cursor: Cursor, *, user_id: int, bio: str | None) -> None:
    """Keep a person's own words about themselves."""
    queries.set_bio(cursor, user_id=user_id, bio=bio.replace("\0", "") if bio else None)
