"""How a row of each file is written: cells of a table, or an object of the log."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any

import orjson

from app.modules.export.model import Correction, LoggedSet, Owner, OwnersExercise, OwnersMuscle, SetAside
from app.utils.units import Unit, in_unit, plain

FORMAT = "gym-bot-log"
VERSION = 1

SET_HEAD = ("day", "time", "muscle", "exercise", "set", "weight_kg", "weight_lb", "reps")
EXERCISE_HEAD = (
    "muscle",
    "exercise",
    "own",
    "hidden",
    "deleted",
    "days_trained",
    "last_day",
    "record_kg",
    "record_lb",
    "record_reps",
    "record_day",
    "note",
)

Cells = Sequence[Any]


def set_cells(logged: LoggedSet, *, zone: tzinfo) -> Cells:
    """Write a set for a spreadsheet; its moment as the person's clock showed it, with the offset from UTC."""
    return (
        logged.day,
        logged.at.astimezone(zone).isoformat(timespec="seconds"),
        logged.muscle,
        logged.exercise,
        logged.set_no,
        plain(logged.kilos),
        plain(in_unit(logged.kilos, Unit.LB)),
        plain(logged.reps),
    )


def exercise_cells(known: OwnersExercise) -> Cells:
    """Write an exercise for a spreadsheet; what there is nothing of stays empty."""
    kilos, reps = known.record_kilos, known.record_reps
    return (
        known.muscle,
        known.name,
        _yes_no(known.is_own),
        _yes_no(known.is_hidden),
        _yes_no(known.deleted_at is not None),
        known.days or 0,
        known.last_day,
        None if kilos is None else plain(kilos),
        None if kilos is None else plain(in_unit(kilos, Unit.LB)),
        None if reps is None else plain(reps),
        known.record_day,
        known.note,
    )


def _yes_no(truth: bool) -> str:
    return "yes" if truth else "no"


def head_fields(owner: Owner, *, at: datetime) -> dict[str, Any]:
    """Begin the log: what it is, whose, and what they have settled."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": _moment(at),
        "person": {
            "id": owner.id,
            "first_name": owner.first_name,
            "last_name": owner.last_name,
            "username": owner.username,
            "bio": owner.bio,
            "registered_at": _moment(owner.registered_at),
            "last_seen_at": _moment(owner.last_seen_at),
        },
        "settings": {
            "time_zone": owner.zone,
            "unit": owner.unit,
            "weight_step_kg": _number(owner.step),
            "own_weights_kg": [_number(each) for each in owner.weights],
        },
    }


def muscle_fields(muscle: OwnersMuscle) -> dict[str, Any]:
    """Write a muscle for the log."""
    return {
        "id": muscle.id,
        "name": muscle.name,
        "own": muscle.is_own,
        "hidden": muscle.is_hidden,
        "deleted_at": _moment(muscle.deleted_at),
    }


def exercise_fields(known: OwnersExercise) -> dict[str, Any]:
    """Write an exercise for the log; its days and record follow from its sets."""
    return {
        "id": known.id,
        "muscle": known.muscle_id,
        "name": known.name,
        "own": known.is_own,
        "hidden": known.is_hidden,
        "deleted_at": _moment(known.deleted_at),
        "note": known.note,
    }


def set_fields(logged: LoggedSet) -> dict[str, Any]:
    """Write a set for the log."""
    return {
        "day": logged.day,
        "at": _moment(logged.at),
        "muscle": logged.muscle_id,
        "exercise": logged.exercise_id,
        "set": logged.set_no,
        "weight_kg": _number(logged.kilos),
        "reps": _number(logged.reps),
        "former_weight_kg": _number(logged.former_kilos),
        "former_reps": _number(logged.former_reps),
    }


def correction_fields(made: Correction) -> dict[str, Any]:
    """Write for the log what an admin changed."""
    return {
        "at": _moment(made.at),
        "action": made.action,
        "kind": made.kind,
        "thing": made.thing_id,
        "before": _json(made.before),
        "after": _json(made.after),
    }


def set_aside_fields(kept: SetAside) -> dict[str, Any]:
    """Write for the log a message that could not be handled, as a string: what stands in it may be no JSON."""
    return {"at": _moment(kept.at), "update": kept.update}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _number(number: Decimal | None) -> int | float | None:
    """Make a number of JSON; its digits, eight at most, are those of the decimal."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _json(text: str | None) -> orjson.Fragment | None:
    return None if text is None else orjson.Fragment(text)
