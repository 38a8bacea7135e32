"""What people do while they train."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.modules.catalog.model import Exercise, Muscle
from app.modules.people.model import Act
from app.modules.postgres import Cursor, one_statement
from app.modules.training import queries
from app.modules.training.model import (
    GymDay,
    Likely,
    MuscleList,
    Outcome,
    Record,
    Saved,
    Session,
    Set,
    Start,
    Trained,
)
from app.modules.training.rules import BODYWEIGHT, next_free
from app.templates.exercise import WEIGHTS


@one_statement
def today(cursor: Cursor, *, act: Act) -> date:
    """Say which date a person's own calendar shows."""
    return queries.today(cursor, act=act)


@one_statement
def start(cursor: Cursor, *, act: Act, day: GymDay | None) -> Start:
    """Find the muscles and the likely exercises, for today or for a day from the calendar."""
    found = queries.start(cursor, act=act, day=day)
    taken = found.get("taken") or []
    return Start(
        today=date.fromisoformat(found["day"]),
        muscles=tuple(Muscle(*each) for each in found["muscles"] or ()),
        likely=tuple(
            Likely(Exercise(id_, name), next_free(taken) if in_hand else None)
            for id_, name, in_hand in found["likely"] or ()
        ),
    )


@one_statement
def muscle_list(cursor: Cursor, *, act: Act, muscle_id: int) -> MuscleList | None:
    """Find the exercises of a muscle; None when the person does not see that muscle."""
    found = queries.muscle_list(cursor, user_id=act.user_id, muscle_id=muscle_id)
    if found is None:
        return None
    return MuscleList(
        Muscle(muscle_id, found["name"]),
        tuple(
            Trained(Exercise(id_, name), days or 0, datetime.fromisoformat(last_at) if last_at else None)
            for id_, name, days, last_at in found["exercises"] or ()
        ),
    )


@one_statement
def session(
    cursor: Cursor, *, act: Act, exercise_id: int, day: GymDay | None, what_next: bool = False
) -> Session | None:
    """Open an exercise on a button's day, or by the day rule when there is none or it is over."""
    found = queries.session(cursor, act=act, exercise_id=exercise_id, day=day, what_next=what_next)
    if found is None:
        return None
    stats, follower = found["stats"], found["follower"]
    sets = _sets(found["sets"])
    return Session(
        exercise=Exercise(exercise_id, found["name"]),
        muscle_id=found["muscle_id"],
        day=GymDay(date.fromisoformat(found["day"]), bool(day and day.marked and found["is_open"])),
        sets=sets,
        newest=found["newest"],
        last_day=date.fromisoformat(found["last_day"]) if found["last_day"] else None,
        last_sets=_sets(found["last_sets"]),
        days=stats[0] if stats else 0,
        record=Record(Decimal(stats[1]), stats[2], date.fromisoformat(stats[3])) if stats else None,
        follower=Exercise(*follower) if follower else None,
        own_weights=tuple(map(Decimal, found["own_weights"])),
        expired=day.day if day and not found["is_open"] else None,
    )


@one_statement
def record_set(cursor: Cursor, *, act: Act, exercise_id: int, done: Set, day: GymDay, quick: bool = False) -> Saved:
    """Save a set exactly once; whatever stands in the way is said, and nothing is changed."""
    row = queries.record_set(
        cursor,
        act=act,
        exercise_id=exercise_id,
        done=done,
        day=day,
        quick=quick,
        common_weights=[BODYWEIGHT, *WEIGHTS],
    )
    if row is None:  # the person is gone: they erased themselves a moment ago
        return Saved(Outcome.GONE)
    said, last_no, is_saved, is_same = row
    if said != "go":
        return Saved(Outcome(said), before=last_no)
    if not is_saved:
        return Saved(Outcome.SAME if is_same else Outcome.OTHER)
    return Saved(Outcome.SAVED)


def _sets(rows: list[list[Any]] | None) -> tuple[Set, ...]:
    return tuple(Set(set_no, Decimal(weight), reps) for set_no, weight, reps in rows or ())
