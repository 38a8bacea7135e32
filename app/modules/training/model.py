"""What a person trains: sets, records, and what the screens of a recording show."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from math import ceil

from app.modules.catalog.model import Exercise, GlobalExercise, Muscle
from app.utils.units import Unit


@dataclass(frozen=True, slots=True)
class GymDay:
    """A day as a button carries it; a marked one was picked from the calendar or the history and does not expire."""

    day: date
    marked: bool = False
    looking_back: bool = False  # from the history, to which the screens of this exercise go back; marked as well

    @property
    def for_others(self) -> "GymDay | None":
        """What other exercises of the day carry: a marked day stays marked, another is chosen anew by the day rule."""
        return GymDay(self.day, marked=True) if self.marked else None


@dataclass(frozen=True, slots=True)
class Set:
    """One set; its weight is in kilos, whatever its person counts in."""

    set_no: int
    weight: Decimal
    reps: int


@dataclass(frozen=True, slots=True)
class Entered:
    """Some equal sets, as a line says them; in kilos."""

    sets: int
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
    unit: Unit


@dataclass(frozen=True, slots=True)
class Trained:
    """An exercise in a muscle's list, and how often this person trained it."""

    exercise: Exercise
    days: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Everything:
    """All exercises that a person sees, and which day it is for them."""

    today: date
    exercises: tuple[Trained, ...]
    unit: Unit


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
    unit: Unit
    step: Decimal | None  # of the weight buttons, in that unit; none: as the list has them
    listed: bool = True  # no: it is hidden or deleted, and seen by looking back alone
    note: str | None = None  # the person's own, of this exercise; not read for the screen of a saved set
    expired: date | None = None  # the day of the button that led here too late


class Outcome(StrEnum):
    """What became of a tap or a line that would record, replace or delete a set."""

    SAVED = "saved"
    DONE = "done"  # replaced or deleted, as asked
    SAME = "same"  # it was there already, with these numbers
    OTHER = "other"  # that set was there already, with other numbers
    SEEN = "seen"  # this update came before
    MISSING = "missing"  # there is no such set to replace or delete
    FULL = "full"  # more sets than a day takes: none was saved
    TOO_SOON = "too soon"  # a one-tap set right behind another
    EXPIRED = "expired"  # the button's day is over
    GONE = "gone"  # the exercise is hidden, deleted, or was never this person's


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a tap or a line that would record something."""

    outcome: Outcome
    numbers: tuple[int, ...] = ()  # the sets that it made
    entry: int | None = None  # what Undo takes back
    before: int | None = None  # too soon: the set of this exercise that was saved a moment ago; none: of another


@dataclass(frozen=True, slots=True)
class Undone:
    """What an Undo took back."""

    removed: tuple[int, ...] = ()
    restored: Set | None = None  # as it was before it was replaced


@dataclass(frozen=True, slots=True)
class Stretch:
    """One exercise of a finished day."""

    exercise: Exercise
    sets: tuple[Set, ...]  # by number
    best: Set  # the heaviest, then the one with most reps


@dataclass(frozen=True, slots=True)
class Summary:
    """A finished day."""

    day: date
    exercises: tuple[Stretch, ...]
    sets: int
    tonnage: Decimal  # in this unit, of the weights as they are read
    minutes: int  # between its sets; long pauses are not counted
    unit: Unit

    @property
    def total(self) -> dict[str, int | str]:
        """Tell all of it to a text."""
        tonnage = f"{self.tonnage.normalize():,f}{self.unit}"
        told = {"exercises": len(self.exercises), "sets": self.sets, "minutes": self.minutes}
        return {**told, "whole": ceil(self.tonnage), "tonnage": tonnage}


@dataclass(frozen=True, slots=True)
class Merge:
    """What merging one exercise into another changes, or has changed."""

    source: GlobalExercise
    into: GlobalExercise
    sets: int
    people: int
    records: int  # people whose record of the other is another by it
    days_numbered_on: int  # of one person each, which have sets of both
    days_too_full: int  # for the numbers that a set may have; one of them, and nothing can be merged
    notes_moved: int
    notes_joined: int  # to the note that stands there
    notes_left: int  # both together would be too long
    shown_again: int  # people who had hidden the other, but train this one
