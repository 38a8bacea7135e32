"""Buttons of a recording. Each carries its whole command, so that it works late, twice, and from an old message.

A day is written as the days since 2000, with an m when it was marked in the calendar; none means: whichever day it is.
Formats are kept for ever: a new one gets a new number in its prefix.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from app.modules.training.model import GymDay

FIRST_DAY = date(2000, 1, 1)

Day = Annotated[str, Field(pattern=r"^([0-9]{1,5}m?)?$")]
Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Small = Annotated[int, Field(ge=0, le=9999)]
Weight = Annotated[Decimal, Field(ge=0, le=Decimal("999.99"), decimal_places=2)]


def written(day: GymDay | None) -> str:
    """Write a day as buttons carry it."""
    return "" if day is None else f"{(day.day - FIRST_DAY).days}{'m' if day.marked else ''}"


def read(day: str) -> GymDay | None:
    """Read a button's day."""
    return GymDay(FIRST_DAY + timedelta(int(day.rstrip("m"))), day.endswith("m")) if day else None


class OpenStart(CallbackData, prefix="rm1"):
    """Show the muscles, one of them first."""

    day: Day = ""
    first: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class OpenMuscle(CallbackData, prefix="rl1"):
    """Show the short list of a muscle."""

    muscle: Id
    day: Day = ""


class ShowAll(CallbackData, prefix="ra1"):
    """Show everything of a muscle, from a page on."""

    muscle: Id
    page: Small = 1
    day: Day = ""


class OpenExercise(CallbackData, prefix="re1"):
    """Show an exercise: last time, the record, the sets."""

    exercise: Id
    day: Day = ""


class OpenSet(CallbackData, prefix="rs1"):
    """Ask the weight of a set, or show it when it is done."""

    exercise: Id
    set_no: Small
    day: Day


class OpenWeights(CallbackData, prefix="rw1"):
    """Show more weights, from a place in the list on."""

    exercise: Id
    set_no: Small
    start: Small
    day: Day


class PickWeight(CallbackData, prefix="rk1"):
    """Ask the reps of a set."""

    exercise: Id
    set_no: Small
    weight: Weight
    day: Day


class RecordSet(CallbackData, prefix="rr1"):
    """Save a set."""

    exercise: Id
    set_no: Small
    weight: Weight
    reps: Small
    day: Day


class RecordQuick(CallbackData, prefix="rq1"):
    """Save a set by one tap; a second tap right behind it saves nothing."""

    exercise: Id
    set_no: Small
    weight: Weight
    reps: Small
    day: Day


class OpenCalendar(CallbackData, prefix="rc1"):
    """Show a month to pick another day from; 0 is the present one."""

    month: Annotated[int, Field(ge=0, le=999912)] = 0
