"""What people do while they train."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.modules.admins.model import Change
from app.modules.catalog import service as catalog
from app.modules.catalog.model import Exercise, GlobalExercise, Muscle
from app.modules.errors import IntoArchived, NoSet, SameExercise, Stranger, TooManySets
from app.modules.insight import service as insight
from app.modules.insight.model import LoggedSet, NamedSet
from app.modules.people.model import Act
from app.modules.postgres import Cursor, one_statement
from app.modules.training import queries
from app.modules.training.model import (
    Entered,
    Everything,
    GymDay,
    Likely,
    Merge,
    MuscleList,
    Outcome,
    Record,
    Saved,
    Session,
    Set,
    Start,
    Stretch,
    Summary,
    Trained,
    Undone,
)
from app.modules.training.rules import BODYWEIGHT, HIGHEST_SET, is_possible, minutes_trained, next_free, offered
from app.modules.versions import check_seen
from app.templates.exercise import MOST_NOTE, MOST_SETS
from app.utils.units import Unit, in_unit, step_in

COMMON_WEIGHTS = [BODYWEIGHT, *(weight for unit in Unit for weight in offered(unit))]


@one_statement
def today(cursor: Cursor, *, act: Act) -> date:
    """Say which date a person's own calendar shows."""
    return queries.today(cursor, act=act)


@one_statement
def start(cursor: Cursor, *, act: Act, day: GymDay | None) -> Start:
    """Find the muscles and the likely exercises, for today or for a day from the calendar."""
    found = queries.start(cursor, act=act, day=day)
    if not found:
        raise Stranger
    taken = found.get("taken") or []
    return Start(
        today=date.fromisoformat(found["day"]),
        muscles=tuple(Muscle(*each) for each in found["muscles"] or ()),
        likely=tuple(
            Likely(Exercise(id_, name), next_free(taken) if in_hand else None)
            for id_, name, in_hand in found["likely"] or ()
        ),
        unit=Unit(found["unit"]),
    )


@one_statement
def muscle_list(cursor: Cursor, *, user_id: int, muscle_id: int) -> MuscleList | None:
    """Find the exercises of a muscle; None when the person does not see that muscle."""
    found = queries.muscle_list(cursor, user_id=user_id, muscle_id=muscle_id)
    if found is None:
        return None
    return MuscleList(
        Muscle(muscle_id, found["name"]),
        tuple(_trained(row) for row in found["exercises"] or ()),
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
    sets, unit = _sets(found["sets"]), Unit(found["unit"])
    return Session(
        exercise=Exercise(exercise_id, found["name"]),
        muscle_id=found["muscle_id"],
        day=day if day and found["is_open"] else GymDay(date.fromisoformat(found["day"])),
        sets=sets,
        newest=found["newest"],
        last_day=date.fromisoformat(found["last_day"]) if found["last_day"] else None,
        last_sets=_sets(found["last_sets"]),
        days=stats[0] if stats else 0,
        record=Record(Decimal(stats[1]), stats[2], date.fromisoformat(stats[3])) if stats else None,
        follower=Exercise(*follower) if follower else None,
        own_weights=tuple(map(Decimal, found["own_weights"])),
        unit=unit,
        step=step_in(unit, Decimal(found["step"])) if found["step"] else None,
        listed=found["listed"],
        note=found["note"],
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
        common_weights=COMMON_WEIGHTS,
    )
    if row is None:
        raise Stranger
    said, last_no, former_entry, _ = row
    outcome = Outcome(said)
    if outcome in (Outcome.SAVED, Outcome.SEEN):
        return Saved(outcome, (done.set_no,), entry=act.update_id)
    return Saved(outcome, entry=former_entry, before=last_no)


@one_statement
def in_hand(cursor: Cursor, *, act: Act) -> int | None:
    """Say which exercise a person is at."""
    return queries.in_hand(cursor, act=act)


@one_statement
def everything(cursor: Cursor, *, act: Act) -> Everything:
    """Find all that a person may record, to search among it."""
    row = queries.everything(cursor, act=act)
    if row is None:
        raise Stranger
    return Everything(row[0], tuple(_trained(each) for each in row[1] or ()), Unit(row[2]))


@one_statement
def record_entry(
    cursor: Cursor, *, act: Act, exercise_id: int, done: Entered, day: GymDay, set_no: int = 0, entry: int | None = None
) -> Saved:
    """Save what was typed, exactly once: one set of a chosen number, or any on the next free ones."""
    entry = act.update_id if entry is None else entry
    row = queries.record_entry(
        cursor,
        act=act,
        exercise_id=exercise_id,
        day=day,
        sets=done.sets,
        set_no=set_no,
        weight=done.weight,
        reps=done.reps,
        entry=entry,
        most_sets=MOST_SETS,
        common_weights=COMMON_WEIGHTS,
    )
    if row is None:
        raise Stranger
    said, numbers, former_entry, *_ = row
    return Saved(Outcome(said), tuple(numbers or ()), entry=entry if numbers else former_entry)


@one_statement
def replace_set(cursor: Cursor, *, act: Act, exercise_id: int, seen: Set, done: Set, day: GymDay) -> Saved:
    """Give a set other numbers, when it still is what the person saw."""
    said = queries.replace_set(
        cursor, act=act, exercise_id=exercise_id, day=day, seen=seen, done=done, common_weights=COMMON_WEIGHTS
    )
    outcome = Outcome(said or Outcome.GONE)
    is_ours = outcome in (Outcome.DONE, Outcome.SEEN)
    return Saved(outcome, (done.set_no,) if is_ours else (), entry=act.update_id if is_ours else None)


@one_statement
def delete_set(cursor: Cursor, *, act: Act, exercise_id: int, seen: Set, day: GymDay) -> Outcome:
    """Take a set away, when it still is what the person saw."""
    return Outcome(queries.delete_set(cursor, act=act, exercise_id=exercise_id, day=day, seen=seen) or Outcome.GONE)


@one_statement
def undo(cursor: Cursor, *, act: Act, exercise_id: int, day: GymDay, entry: int) -> Undone:
    """Take back an entry; nothing when it is gone already, was replaced since, or its day is over."""
    row = queries.undo(cursor, act=act, exercise_id=exercise_id, day=day, entry=entry)
    removed, restored, *_ = row or (None, None)
    return Undone(tuple(removed or ()), _sets([restored])[0] if restored else None)


@one_statement
def is_spent(cursor: Cursor, *, act: Act) -> bool:
    """Say whether the sets of a line were saved before."""
    return queries.is_spent(cursor, act=act)


@one_statement
def answer_unsaved(cursor: Cursor, *, act: Act) -> None:
    """Take an update as answered without an effect, so that it has none later."""
    queries.see_update(cursor, act=act)


@one_statement
def set_note(cursor: Cursor, *, act: Act, exercise_id: int, note: str | None) -> bool:
    """Keep what a person notes of an exercise; none removes it."""
    return queries.set_note(cursor, act=act, exercise_id=exercise_id, note=note)


@one_statement
def summary(cursor: Cursor, *, act: Act, day: date) -> Summary:
    """Sum up a day."""
    rows = queries.summary(cursor, user_id=act.user_id, day=day)
    unit = Unit(rows[0][4]) if rows else Unit.KG
    exercises = tuple(_stretch(row) for row in rows)
    every = [done for each in exercises for done in each.sets]
    return Summary(
        day=day,
        exercises=exercises,
        sets=len(every),
        tonnage=sum((in_unit(done.weight, unit) * done.reps for done in every), Decimal(0)),
        minutes=minutes_trained(moment for row in rows for moment in row[2]),
        unit=unit,
    )


# What the admins correct: anybody's sets.


def correct_set(
    cursor: Cursor, *, set_id: str, seen: AbstractSet[str], weight: Decimal | None, reps: int | None
) -> Change[NamedSet]:
    """Give a set other numbers for an admin, as if its person had replaced it; None leaves one as it is."""
    before = _locked_set(cursor, set_id, seen)
    if not is_possible(Set(1, before.weight if weight is None else weight, 1 if reps is None else reps)):
        raise NoSet
    kept = before.weight if weight is None else weight
    if (kept, before.reps if reps is None else reps) != (before.weight, before.reps):
        queries.correct_set(cursor, set_id=set_id, weight=kept, reps=before.reps if reps is None else reps)
        queries.keep_own_weight(cursor, user_id=before.user_id, weight=kept, common_weights=COMMON_WEIGHTS)
    after = insight.logged_set(cursor, set_id=set_id)
    return Change("update", "set", set_id, after, before, after.logged, person_id=before.user_id)


def remove_set(cursor: Cursor, *, set_id: str, seen: AbstractSet[str]) -> Change[None]:
    """Take a set away for an admin."""
    before = _locked_set(cursor, set_id, seen)
    queries.remove_set(cursor, set_id=set_id)
    return Change("delete", "set", set_id, None, before=before, person_id=before.user_id)


def _locked_set(cursor: Cursor, set_id: str, seen: AbstractSet[str]) -> LoggedSet:
    queries.lock_logged_set(cursor, set_id=set_id)
    found = insight.logged_set(cursor, set_id=set_id).logged
    check_seen(found, seen)
    return found


# What an admin does with everybody's history.

BETWEEN_NOTES = "; "


def merge_preview(cursor: Cursor, *, source_id: int, into_id: int) -> Merge:
    """Find what merging one exercise into another would change."""
    source, into = (catalog.global_exercise(cursor, exercise_id=each) for each in (source_id, into_id))
    return _merge(cursor, source, into)


def merge_exercises(
    cursor: Cursor, *, source_id: int, into_id: int, seen: AbstractSet[str], into_seen: AbstractSet[str], at: datetime
) -> Change[Merge]:
    """Move all history of one exercise into another, and archive it.

    Both are looked for before they are locked, so that nobody's own exercise is; locked in one order, so that two
    merges cannot wait for each other.
    """
    both = sorted({source_id, into_id})
    for each in both:
        catalog.global_exercise(cursor, exercise_id=each)
        queries.lock_history(cursor, exercise_id=each)
    locked = {each: catalog.locked_global_exercise(cursor, exercise_id=each) for each in both}
    source, into = locked[source_id], locked[into_id]
    check_seen(source, seen)
    check_seen(into, into_seen)
    merge = _merge(cursor, source, into)
    if merge.days_too_full:
        raise TooManySets(days=merge.days_too_full, limit=HIGHEST_SET)
    retired = catalog.retire_global_exercise(cursor, exercise_id=source_id, at=at)
    unhiding = queries.losing_sight(cursor, source_id=source_id, into_id=into_id)
    queries.move_notes(cursor, source_id=source_id, into_id=into_id, between=BETWEEN_NOTES, most_letters=MOST_NOTE)
    queries.move_sets(cursor, source_id=source_id, into_id=into_id)
    queries.show_again(cursor, exercise_id=into_id, user_ids=unhiding)  # last: it locks those people's rows
    done = replace(merge, source=retired)
    return Change("merge", "exercise", source_id, done, source, done)


def _merge(cursor: Cursor, source: GlobalExercise, into: GlobalExercise) -> Merge:
    if source.id == into.id:
        raise SameExercise
    if into.archived_at is not None:
        raise IntoArchived
    ids = {"source_id": source.id, "into_id": into.id}
    sets, people, records, numbered_on, too_full = queries.merge_figures(cursor, **ids, most_sets=HIGHEST_SET)
    moved, joined, left = queries.merge_notes_figures(cursor, **ids, between=BETWEEN_NOTES, most_letters=MOST_NOTE)
    return Merge(
        source=source,
        into=into,
        sets=sets,
        people=people,
        records=records,
        days_numbered_on=numbered_on,
        days_too_full=too_full,
        notes_moved=moved,
        notes_joined=joined,
        notes_left=left,
        shown_again=len(queries.losing_sight(cursor, **ids)),
    )


def _trained(row: list[Any]) -> Trained:
    id_, name, days, last_at = row
    return Trained(Exercise(id_, name), days or 0, datetime.fromisoformat(last_at) if last_at else None)


def _stretch(row: tuple[Any, ...]) -> Stretch:
    exercise_id, name, _, sets, _ = row
    done = tuple(Set(int(number), weight, int(reps)) for number, weight, reps in sets)
    return Stretch(Exercise(exercise_id, name), done, max(done, key=lambda each: (each.weight, each.reps)))


def _sets(rows: list[list[Any]] | None) -> tuple[Set, ...]:
    return tuple(Set(set_no, Decimal(weight), reps) for set_no, weight, reps in rows or ())
