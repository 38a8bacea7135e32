"""Figures, and everybody's sets as the admins look through them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, both ends among them; none when it ends before it begins."""

    first: date
    last: date


class Step(StrEnum):
    """What active people are counted by."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Active:
    """How many people trained on a day, or in the week that begins with it."""

    day: date
    people: int


@dataclass(frozen=True, slots=True)
class Volume:
    """What was done on a day."""

    day: date
    sets: int
    tonnage: Decimal  # kilos


@dataclass(frozen=True, slots=True)
class Use:
    """How often an exercise that everybody has was done."""

    exercise_id: int
    exercise: str
    muscle: str
    sets: int
    sessions: int  # a person's days


@dataclass(frozen=True, slots=True)
class Hour:
    """How many sets were recorded in an hour of the week."""

    weekday: int  # 1: Monday
    hour: int
    sets: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a person has done so far."""

    days: int
    sets: int
    tonnage: Decimal  # kilos
    first_day: date | None
    last_day: date | None
    records: int  # exercises that they hold a record in: all that they ever did
    own_muscles: int
    own_exercises: int


@dataclass(frozen=True, slots=True)
class Best:
    """A person's record in one exercise."""

    exercise_id: int
    exercise: str
    muscle: str
    is_own: bool
    weight: Decimal  # kilos
    reps: Decimal
    day: date
    days: int  # with this exercise
    last_day: date


@dataclass(frozen=True, slots=True)
class OwnExercise:
    """An exercise that a person has added."""

    id: int
    name: str
    muscle: str
    days: int  # with it
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class LoggedSet:
    """One set of anybody's as the table has it."""

    id: str
    day: date
    date: datetime
    user_id: int
    muscle_id: int  # as it was then
    exercise_id: int
    set_no: int
    weight: Decimal
    reps: Decimal


@dataclass(frozen=True, slots=True)
class NamedSet:
    """A set, and the names of today that go with its numbers."""

    logged: LoggedSet
    user_name: str
    muscle: str
    exercise: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sets an admin wants to see; None: all."""

    user_id: int | None = None
    muscle_id: int | None = None
    exercise_id: int | None = None
    first: date | None = None
    last: date | None = None

    @property
    def is_of_everybody(self) -> bool:
        """Whether they are found by counted days: an exercise's or a muscle's, whoever did them."""
        return self.user_id is None and (self.exercise_id, self.muscle_id) != (None, None)


@dataclass(frozen=True, slots=True)
class LoggedSets:
    """One page of them, newest first, and the place where the next one begins; None when this is the last."""

    sets: tuple[NamedSet, ...]
    next_place: tuple[str, str, str] | None
