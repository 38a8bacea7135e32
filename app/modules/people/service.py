"""Getting to know people, what they settle, and letting them go."""

from decimal import Decimal
from typing import Any

from app.modules.errors import Stranger
from app.modules.people import queries
from app.modules.people.model import Act, Belongings, Met, PeopleOrder, Person, Profile, Profiles, Settings
from app.modules.people.rules import zones
from app.modules.postgres import Cursor, one_statement
from app.utils.units import Unit, step_in


@one_statement
def meet(cursor: Cursor, *, person: Person, bot_id: int = 0, update_id: int = 0) -> Met:
    """Register a person on first contact, refresh them later; never again by the update that erased them."""
    is_new, is_gone = queries.meet(cursor, person=person, bot_id=bot_id, update_id=update_id)
    return Met.NEW if is_new else Met.GONE if is_gone else Met.KNOWN


@one_statement
def keep_bio(cursor: Cursor, *, user_id: int, bio: str | None) -> None:
    """Keep a person's own words about themselves."""
    queries.set_bio(cursor, user_id=user_id, bio=bio.replace("\0", "") if bio else None)


@one_statement
def settings(cursor: Cursor, *, act: Act) -> Settings:
    """Find what a person has settled."""
    row = queries.settings(cursor, user_id=act.user_id)
    if row is None:
        raise Stranger
    zone, unit, step = row
    unit = Unit(unit)
    return Settings(zone or act.zone, is_default=zone is None, unit=unit, step=step and step_in(unit, step))


@one_statement
def profile(cursor: Cursor, *, user_id: int) -> Profile:
    """Find who a person is."""
    row = queries.profile(cursor, user_id=user_id)
    if row is None:
        raise Stranger
    return _profile(row)


FIRST_PLACE: dict[PeopleOrder, tuple[str | int, ...]] = {
    PeopleOrder.NEWEST: ("infinity", 0),
    PeopleOrder.OLDEST: ("-infinity", 0),
}


@one_statement
def people(
    cursor: Cursor, *, order: PeopleOrder, after: tuple[str | int, ...] | None, limit: int, search: str
) -> Profiles:
    """Find one page of people; by how a name of theirs or their number begins, when something is looked for."""
    begins = " ".join(search.split())
    rows = queries.people(cursor, order=order, place=after or FIRST_PLACE[order], limit=limit + 1, search=begins)
    found = tuple(_profile(row) for row in rows[:limit])
    if len(rows) <= limit:
        return Profiles(found, None)
    return Profiles(found, (found[-1].registered_at.isoformat(), found[-1].id))


@one_statement
def set_zone(cursor: Cursor, *, act: Act, zone: str) -> bool:
    """Settle the time zone from now on; no recorded set moves. False when nothing was changed."""
    return zone in zones() and queries.set_zone(cursor, act=act, zone=zone)


@one_statement
def set_unit(cursor: Cursor, *, act: Act, unit: Unit) -> None:
    """Settle kilos or pounds; what is recorded stays what it is, and is shown in this unit."""
    queries.set_unit(cursor, act=act, unit=unit)


@one_statement
def set_step(cursor: Cursor, *, act: Act, step: Decimal | None) -> None:
    """Settle the step of the weight buttons, said in kilos."""
    queries.set_step(cursor, act=act, step=step)


@one_statement
def belongings(cursor: Cursor, *, act: Act) -> Belongings:
    """Count what would be erased with a person."""
    return Belongings(*queries.belongings(cursor, user_id=act.user_id))


@one_statement
def erase(cursor: Cursor, *, act: Act) -> bool:
    """Erase a person and everything of theirs, exactly once."""
    return queries.erase(cursor, act=act)


def _profile(row: tuple[Any, ...]) -> Profile:
    id_, first_name, last_name, username, registered_at, last_seen_at, zone, unit = row
    return Profile(id_, first_name, last_name, username, registered_at, last_seen_at, zone, Unit(unit))
