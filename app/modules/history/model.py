"""What a person has done, to be looked back at."""

from dataclasses import dataclass
from datetime import date

from app.modules.catalog.model import Exercise
from app.modules.training.model import Record
from app.utils.units import Unit


@dataclass(frozen=True, slots=True)
class TrainingDay:
    """A day with sets."""

    day: date
    sets: int
    muscles: tuple[str, ...]  # the one with most exercises first


@dataclass(frozen=True, slots=True)
class TrainingDays:
    """One page of them, newest first, and whether there are others before and behind it."""

    days: tuple[TrainingDay, ...]
    newer: bool
    older: bool


@dataclass(frozen=True, slots=True)
class Best:
    """A record and its exercise."""

    exercise: Exercise
    record: Record


@dataclass(frozen=True, slots=True)
class Records:
    """One page of them, what is trained most first."""

    bests: tuple[Best, ...]
    total: int
    unit: Unit


PAGE_OF_DAYS = 8
PAGE_OF_RECORDS = 10
