"""What admins look at."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from psycopg2 import errors as pg

from app.modules.errors import NotFound, Stranger, UnknownZone
from app.modules.insight import queries
from app.modules.insight.model import (
    Active,
    Best,
    Figures,
    Hour,
    LoggedSet,
    LoggedSets,
    NamedSet,
    OwnExercise,
    Period,
    Step,
    Use,
    Volume,
    Wanted,
)
from app.modules.insight.rules import MOST_DAYS, USUAL_DAYS, is_zone, period
from app.modules.postgres import Cursor, one_statement

__all__ = ["MOST_DAYS", "USUAL_DAYS", "period"]  # rules that the door needs

DAYS_AT_ONCE = 7  # counted in one transaction: a fraction of a second, even of ten million sets


@one_statement
def is_counted(cursor: Cursor, *, of: Period, at: datetime) -> bool:
    """Say whether all days of a period that are over are counted."""
    return not queries.uncounted(cursor, period=of, at=at, limit=1)


def count(cursor: Cursor, *, of: Period, at: datetime) -> bool:
    """Count some days of a period that are not; False when another process is just counting."""
    if not queries.take_turn(cursor):
        return False
    if days := queries.uncounted(cursor, period=of, at=at, limit=DAYS_AT_ONCE):
        queries.forget_changes(cursor, days=days)
        queries.forget_exercises(cursor, days=days)
        queries.count_exercises(cursor, days=days)
        queries.count_days(cursor, days=days)
    return True


@one_statement
def active(cursor: Cursor, *, of: Period, at: datetime, step: Step) -> list[Active]:
    """Count the people who trained, by day or by week, from the first of the period to its last."""
    rows = (queries.active_by_day if step is Step.DAY else queries.active_by_week)(cursor, period=of, at=at)
    found = dict(_pairs(rows))
    return [Active(day, found.get(day, 0)) for day in _days(of, step)]


@one_statement
def volume(cursor: Cursor, *, of: Period, at: datetime) -> list[Volume]:
    """Sum up sets and tonnage by day."""
    return _volumes(queries.volume(cursor, period=of, at=at), of)


@one_statement
def most_used(cursor: Cursor, *, of: Period, at: datetime, limit: int) -> list[Use]:
    """Find the exercises that were done most."""
    return [Use(*row) for row in queries.most_used(cursor, period=of, at=at, limit=limit)]


@one_statement
def hours(cursor: Cursor, *, of: Period, at: datetime, zone: str) -> list[Hour]:
    """Count the sets recorded in each hour of the week."""
    if not is_zone(zone):  # of no sets at all PostgreSQL would not even look at it
        raise UnknownZone
    try:
        rows = queries.hours(cursor, period=of, at=at, zone=zone)
    except pg.InvalidParameterValue:  # its list of zones is another than ours
        raise UnknownZone from None
    found = {(weekday, hour): sets for weekday, hour, sets in rows}
    return [Hour(weekday, hour, found.get((weekday, hour), 0)) for weekday in range(1, 8) for hour in range(24)]


@one_statement
def figures(cursor: Cursor, *, user_id: int) -> Figures:
    """Sum up what a person has done so far."""
    row = queries.figures(cursor, user_id=user_id)
    if row is None:
        raise Stranger
    return Figures(*row)


@one_statement
def persons_volume(cursor: Cursor, *, user_id: int, of: Period) -> list[Volume]:
    """Sum up a person's sets and tonnage by day."""
    return _volumes(queries.persons_volume(cursor, user_id=user_id, period=of), of)


@one_statement
def records(cursor: Cursor, *, user_id: int) -> list[Best]:
    """Find a person's records."""
    return [Best(*row) for row in queries.records(cursor, user_id=user_id)]


@one_statement
def own_exercises(cursor: Cursor, *, user_id: int) -> list[OwnExercise]:
    """Find the exercises that a person has added."""
    return [OwnExercise(*row) for row in queries.own_exercises(cursor, user_id=user_id)]


def _days(of: Period, step: Step = Step.DAY) -> list[date]:
    """List the days of a period, or the Mondays of its weeks."""
    every = [of.first + timedelta(days=number) for number in range((of.last - of.first).days + 1)]
    return every if step is Step.DAY else list(dict.fromkeys(day - timedelta(days=day.weekday()) for day in every))


def _volumes(rows: Sequence[tuple[Any, ...]], of: Period) -> list[Volume]:
    found = {day: Volume(day, sets, tonnage) for day, sets, tonnage in rows}
    return [found.get(day, Volume(day, 0, Decimal(0))) for day in _days(of)]


def _pairs(rows: Sequence[tuple[Any, ...]]) -> list[tuple[date, int]]:
    return [(day, people) for day, people in rows]


@one_statement
def logged_sets(
    cursor: Cursor, *, wanted: Wanted, after: tuple[str | int, ...] | None, limit: int, at: datetime
) -> LoggedSets:
    """Find one page of sets, newest first; of everybody's by exercise or muscle, days that are over must be counted."""
    day, moment, set_id = after or (wanted.last or "infinity", "infinity", "")
    if wanted.user_id is not None:
        by_exercise = wanted.exercise_id is not None
        find = queries.logged_sets_of_persons_exercise if by_exercise else queries.logged_sets_of_person
    elif wanted.exercise_id is not None:
        find = queries.logged_sets_of_exercise
    elif wanted.muscle_id is not None:
        find = queries.logged_sets_of_muscle
    else:
        find = queries.logged_sets
    rows = find(
        cursor,
        wanted={
            "user_id": wanted.user_id,
            "muscle_id": wanted.muscle_id,
            "exercise_id": wanted.exercise_id,
            "first": wanted.first or "-infinity",
            "day": day,
            "date": moment,
            "id": set_id,
            "limit": limit + 1,
            "at": at,
        },
    )
    found = tuple(_named(row) for row in rows[:limit])
    if len(rows) <= limit:
        return LoggedSets(found, None)
    last = found[-1].logged
    return LoggedSets(found, (last.day.isoformat(), last.date.isoformat(), last.id))


@one_statement
def logged_set(cursor: Cursor, *, set_id: str) -> NamedSet:
    """Find one set of anybody's."""
    row = queries.logged_set(cursor, set_id=set_id)
    if row is None:
        raise NotFound
    return _named(row)


def _named(row: tuple[Any, ...]) -> NamedSet:
    *logged, user_name, muscle, exercise = row
    return NamedSet(LoggedSet(*logged), user_name, muscle, exercise)
