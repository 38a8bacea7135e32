"""A person as Telegram introduces them, and what they have settled."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum, StrEnum, auto

from app.utils.units import Unit


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


class Met(Enum):
    """How somebody stands to us."""

    NEW = auto()
    KNOWN = auto()
    GONE = auto()  # erased, by the very update that is here again


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person has settled."""

    zone: str
    is_default: bool  # they have chosen none
    unit: Unit
    step: Decimal | None  # of the weight buttons, in their unit; none: as the list has them


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as they see themselves."""

    id: int
    first_name: str | None
    last_name: str | None
    username: str | None
    registered_at: datetime
    last_seen_at: datetime
    zone: str | None  # none: the operator's default
    unit: Unit


@dataclass(frozen=True, slots=True)
class Profiles:
    """One page of people, and the place where the next one begins; None when this is the last."""

    people: tuple[Profile, ...]
    next_place: tuple[str | int, ...] | None


class PeopleOrder(StrEnum):
    """How a list of people is sorted; a minus means the other way round."""

    NEWEST = "-registered_at"
    OLDEST = "registered_at"


@dataclass(frozen=True, slots=True)
class Belongings:
    """What would be erased with a person."""

    sets: int
    exercises: int
    muscles: int
    notes: int
