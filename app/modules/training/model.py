"""What a person trains: sets, records, and what the screens of a recording show."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from app.modules.catalog.model import Exercise, Muscle


@dataclass(frozen=True, slots=True)
class GymDay:
    """A day as a button carries it; a marked one was picked from the calendar and does not expire."""

    day: date
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Set:
    """One set."""

    set_no: int
    weight: Decimal
    reps: int


@dataclass(frozen=True, slots=True)
class Record:
    """The greatest weight ever, then the most reps at it, then the earliest day."""

    weight: Decimal
    reps: int
    day: date


@dataclass(frozen=True, slots=True)
class Likely:
    """An exercise that a person probably does next; with its next set when it is the one in hand."""

    exercise: Exercise
    next_set: int | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """The first screen of a recording."""

    today: date
    muscles: tuple[Muscle, ...]
    likely: tuple[Likely, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """An exercise in a muscle's list, and how often this person trained it."""

    exercise: Exercise
    days: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class MuscleList:
    """The exercises of one muscle that a person sees, in the order of their names."""

    muscle: Muscle
    exercises: tuple[Trained, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """One exercise on one day, and what is known of it: all that its screens show."""

    exercise: Exercise
    muscle_id: int
    day: GymDay
    sets: tuple[Set, ...]  # of that day, by number
    newest: int | None  # the number of the one saved last
    last_day: date | None  # the latest earlier day with this exercise
    last_sets: tuple[Set, ...]
    days: int  # with this exercise, ever
    record: Record | None
    follower: Exercise | None  # when asked for: what came next last time, and has not been trained on this day
    own_weights: tuple[Decimal, ...]
    expired: date | None = None  # the day of the button that led here too late


class Outcome(StrEnum):
    """What became of a tap that would record a set."""

    SAVED = "saved"
    SAME = "same"  # it was there already, with these numbers
    OTHER = "other"  # that set was there already, with other numbers
    SEEN = "seen"  # this update came before
    TOO_SOON = "too soon"  # a one-tap set right behind another
    EXPIRED = "expired"  # the button's day is over
    GONE = "gone"  # the exercise is hidden, deleted, or was never this person's


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a tap that would record a set, and the set that it left behind."""

    outcome: Outcome
    before: int | None = None  # too soon: the set of this exercise that was saved a moment ago; none: of another
