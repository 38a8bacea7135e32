"""What is exported, and the files that it goes to."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO

MOST_AT_ONCE = 2  # exports a process: of its ten connections the others are for recording


@dataclass(frozen=True, slots=True)
class Files:
    """Three open files: two tables and the log."""

    sets: IO[bytes]
    exercises: IO[bytes]
    log: IO[bytes]


@dataclass(frozen=True, slots=True)
class Written:
    """What the files hold, and the person's day that their names say."""

    today: date
    sets: int
    exercises: int


@dataclass(frozen=True, slots=True)
class Owner:
    """A person and what they have settled, whose all of it is."""

    id: int
    first_name: str | None
    last_name: str | None
    username: str | None
    bio: str | None
    registered_at: datetime
    last_seen_at: datetime
    zone: str | None  # none: the operator's default
    unit: str
    step: Decimal | None  # of the weight buttons, said in kilos; none: as the list has them
    weights: list[Decimal]  # used, and offered by no button to everybody; kilos
    today: date


@dataclass(frozen=True, slots=True)
class OwnersMuscle:
    """A muscle as its person has it."""

    id: int
    name: str
    is_own: bool
    is_hidden: bool
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnersExercise:
    """An exercise as its person has it."""

    id: int
    name: str
    muscle_id: int
    muscle: str
    is_own: bool
    is_hidden: bool
    deleted_at: datetime | None
    note: str | None
    days: int | None  # none: never trained, and then there is no record either
    last_day: date | None
    record_kilos: Decimal | None
    record_reps: Decimal | None
    record_day: date | None


@dataclass(frozen=True, slots=True)
class LoggedSet:
    """A set with the names of what was trained."""

    day: date
    at: datetime
    muscle_id: int
    muscle: str
    exercise_id: int
    exercise: str
    set_no: int
    kilos: Decimal
    reps: Decimal
    former_kilos: Decimal | None  # what was replaced, for Undo
    former_reps: Decimal | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What an admin changed of a person's."""

    at: datetime
    action: str
    kind: str
    thing_id: str
    before: str | None  # JSON
    after: str | None


@dataclass(frozen=True, slots=True)
class SetAside:
    """A message that could not be handled, as it came."""

    at: datetime
    update: str | None
