"""Buttons of a recording. Each carries its whole command, so that it works late, twice, and from an old message.

A day is written as the days since 2000, with an m when it was marked in the calendar, or an h when it was opened in the
history; none means: whichever day it is.
Formats are kept for ever: a new one gets a new number in its prefix.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

from aiogram.filters.callback_data import CallbackData
from pydantic import BeforeValidator, Field

from app.modules.training.model import GymDay

FIRST_DAY = date(2000, 1, 1)


def _plain(weight: Any) -> Any:
    """Refuse what Decimal would read and no button says, such as an exponent."""
    if isinstance(weight, str) and not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,5})?", weight, re.ASCII):
        raise ValueError("no weight")
    return weight


Day = Annotated[str, Field(pattern=r"^([0-9]{1,5}[mh]?)?$")]
Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Entry = Annotated[int, Field(ge=1, le=2**63 - 1)]
Small = Annotated[int, Field(ge=0, le=9999)]
# In kilos. The limits stand before the validator: behind it, pydantic would check them in Python, not in Rust.
Weight = Annotated[Decimal, Field(ge=0, le=Decimal("999.99"), decimal_places=5), BeforeValidator(_plain)]


def written(day: GymDay | None) -> str:
    """Write a day as buttons carry it."""
    if day is None:
        return ""
    return f"{(day.day - FIRST_DAY).days}{'h' if day.looking_back else 'm' if day.marked else ''}"


def read(day: str) -> GymDay | None:
    """Read a button's day."""
    if not day:
        return None
    return GymDay(FIRST_DAY + timedelta(int(day.rstrip("mh"))), day[-1] in "mh", day[-1] == "h")


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


class ReplaceSet(CallbackData, prefix="rp1"):
    """Give a set other numbers, when it still has those that were seen."""

    exercise: Id
    set_no: Small
    seen_weight: Weight
    seen_reps: Small
    weight: Weight
    reps: Small
    day: Day


class DeleteSet(CallbackData, prefix="rd1"):
    """Take a set away, when it still has the numbers that were seen."""

    exercise: Id
    set_no: Small
    weight: Weight
    reps: Small
    day: Day


class RecordEntry(CallbackData, prefix="rt1"):
    """Save what was typed by the update `entry`, after a question; not sure: the weight may yet be doubted."""

    exercise: Id
    entry: Entry
    sets: Small
    set_no: Small  # 0: the next free ones
    weight: Weight
    reps: Small
    sure: bool
    day: Day


class Undo(CallbackData, prefix="ru1"):
    """Take back an entry."""

    exercise: Id
    entry: Entry
    day: Day


class Finish(CallbackData, prefix="rf1"):
    """Show what a day came to."""

    day: Day


class AskNote(CallbackData, prefix="rn1"):
    """Ask for the note of an exercise."""

    exercise: Id
    day: Day


class RemoveNote(CallbackData, prefix="rn2"):
    """Remove the note of an exercise."""

    exercise: Id
    day: Day


class OpenCalendar(CallbackData, prefix="rc1"):
    """Show a month to pick another day from; 0 is the present one."""

    month: Annotated[int, Field(ge=0, le=999912)] = 0
