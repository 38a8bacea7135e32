"""What people do with their lists."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from psycopg2 import errors as pg

from app.modules.admins.model import Change
from app.modules.catalog import queries
from app.modules.catalog.model import (
    Became,
    Exercise,
    ExerciseOrder,
    GlobalExercise,
    GlobalExercises,
    GlobalMuscle,
    GlobalMuscles,
    Kind,
    Muscle,
    MuscleOrder,
    Muscles,
    Outcome,
    Place,
    Thing,
    Use,
    UsedMuscle,
)
from app.modules.catalog.rules import MOST_EXERCISES, MOST_MUSCLES, tidy, wrong_with
from app.modules.errors import BadName, InUse, MuscleArchived, NameTaken, NoSuchMuscle, NotFound, Stranger
from app.modules.people.model import Act
from app.modules.postgres import Cursor, one_statement
from app.modules.versions import check_seen
from app.utils.names import LONGEST, containing, key


@one_statement
def muscles(cursor: Cursor, *, user_id: int) -> Muscles:
    """Find the muscles that a person sees, and how much they have added."""
    found = queries.muscles(cursor, user_id=user_id)
    if found is None:
        raise Stranger
    places = tuple(Place(Muscle(id_, name), is_own) for id_, name, is_own in found["places"] or ())
    return Muscles(places, found["own_muscles"], found["own_exercises"])


@one_statement
def own(cursor: Cursor, *, user_id: int) -> tuple[Thing, ...]:
    """Find what a person has added."""
    return _things(queries.own(cursor, user_id=user_id))


@one_statement
def hideable(cursor: Cursor, *, user_id: int, muscle_id: int) -> tuple[Muscle, tuple[Exercise, ...]] | None:
    """Find what a person could hide of a muscle; None when it is not theirs to hide."""
    found = queries.hideable(cursor, user_id=user_id, muscle_id=muscle_id)
    if found is None:
        return None
    return Muscle(muscle_id, found["name"]), tuple(Exercise(*each) for each in found["exercises"] or ())


@one_statement
def hidden(cursor: Cursor, *, user_id: int) -> tuple[Thing, ...]:
    """Find what a person hid."""
    found = queries.hidden(cursor, user_id=user_id)
    if found is None:
        raise Stranger
    return _things(found)


@one_statement
def add_muscle(cursor: Cursor, *, act: Act, name: str) -> Became:
    """Add a muscle of a person's own."""
    row = queries.add_muscle(cursor, act=act, name=name, key=key(name), most=MOST_MUSCLES)
    return _became(_known(row))


@one_statement
def add_exercise(cursor: Cursor, *, act: Act, muscle_id: int, name: str) -> Became:
    """Add an exercise of a person's own to a muscle."""
    row = queries.add_exercise(cursor, act=act, muscle_id=muscle_id, name=name, key=key(name), most=MOST_EXERCISES)
    return _became(_known(row))


@one_statement
def rename(cursor: Cursor, *, act: Act, kind: Kind, id_: int, name: str) -> Became:
    """Give something of a person's own another name."""
    if kind is Kind.MUSCLE:
        return _became(_known(queries.rename_muscle(cursor, act=act, muscle_id=id_, name=name, key=key(name))))
    return _became(_known(queries.rename_exercise(cursor, act=act, exercise_id=id_, name=name, key=key(name))))


@one_statement
def delete(cursor: Cursor, *, act: Act, kind: Kind, id_: int, exercises: int) -> Became:
    """Delete something of a person's own; a muscle when it has as many exercises as they were told."""
    if kind is Kind.MUSCLE:
        return _became(queries.delete_muscle(cursor, act=act, muscle_id=id_, exercises=exercises))
    return _became(queries.delete_exercise(cursor, act=act, exercise_id=id_))


@one_statement
def hide(cursor: Cursor, *, act: Act, kind: Kind, id_: int) -> Became:
    """Take something global out of a person's sight."""
    if kind is Kind.MUSCLE:
        return _became(queries.hide_muscle(cursor, act=act, muscle_id=id_))
    return _became(queries.hide_exercise(cursor, act=act, exercise_id=id_))


@one_statement
def show_again(cursor: Cursor, *, act: Act, kind: Kind, id_: int) -> Became:
    """Bring something global back into a person's sight."""
    if kind is Kind.MUSCLE:
        return _became(queries.show_muscle(cursor, act=act, muscle_id=id_))
    return _became(queries.show_exercise(cursor, act=act, exercise_id=id_))


# What the admins do with what everybody has. Each use case looks at the row, changes it, and looks again, in one
# transaction with the audit; run twice, the second time finds the name taken, the version stale or the muscle gone.

FIRST_PLACE: dict[MuscleOrder, tuple[str | int, ...]] = {
    MuscleOrder.NAME: ("", 0),
    MuscleOrder.NAME_DOWN: ("\U0010ffff", 2**31 - 1),
    MuscleOrder.ID: (0,),
    MuscleOrder.ID_DOWN: (2**31 - 1,),
}


@one_statement
def global_muscles(
    cursor: Cursor,
    *,
    order: MuscleOrder,
    after: tuple[str | int, ...] | None,
    limit: int,
    state: str,
    search: str,
) -> GlobalMuscles:
    """Find one page of the muscles that everybody has."""
    rows = queries.global_muscles(
        cursor,
        order=order,
        place=after or FIRST_PLACE[order],
        limit=limit + 1,
        state=state,
        pattern=containing(key(search)),
    )
    found = tuple(GlobalMuscle(*row[:-1]) for row in rows[:limit])
    if len(rows) <= limit:
        return GlobalMuscles(found, None)
    by_name = order in (MuscleOrder.NAME, MuscleOrder.NAME_DOWN)
    name_key, id_ = rows[limit - 1][-1], found[-1].id  # the key as it is kept: an operator's is made by other rules
    return GlobalMuscles(found, (name_key, id_) if by_name else (id_,))


@one_statement
def used_global_muscle(cursor: Cursor, *, muscle_id: int) -> UsedMuscle:
    """Find one muscle that everybody has, and what hangs on it."""
    row = queries.used_global_muscle(cursor, muscle_id=muscle_id)
    if row is None:
        raise NotFound
    return UsedMuscle(GlobalMuscle(*row[:4]), archived=row[4], private=row[5], use=Use(*row[6:]))


def add_global_muscle(cursor: Cursor, *, name: str) -> Change[GlobalMuscle]:
    """Give everybody a new muscle."""
    kept = _good(name)
    try:
        muscle_id = queries.add_global_muscle(cursor, name=kept, key=key(kept))
    except pg.UniqueViolation:
        raise NameTaken from None
    made = _global_muscle(cursor, muscle_id)
    return Change("create", "muscle", muscle_id, made, after=made)


def rename_global_muscle(
    cursor: Cursor, *, muscle_id: int, seen: AbstractSet[str], name: str | None
) -> Change[GlobalMuscle]:
    """Give everybody's muscle another name; None leaves it."""
    before = _locked_muscle(cursor, muscle_id)
    check_seen(before, seen)
    kept = before.name if name is None else _good(name)
    try:
        queries.rename_global_muscle(cursor, muscle_id=muscle_id, name=kept, key=key(kept))
    except pg.UniqueViolation:
        raise NameTaken from None
    after = _global_muscle(cursor, muscle_id)
    return Change("update", "muscle", muscle_id, after, before, after)


def archive_global_muscle(cursor: Cursor, *, muscle_id: int, at: datetime) -> Change[GlobalMuscle]:
    """Take everybody's muscle out of all lists, its exercises with it; what was recorded stays."""
    before = _locked_muscle(cursor, muscle_id)
    if before.archived_at is None:
        queries.archive_global_muscle(cursor, muscle_id=muscle_id, at=at)
    after = _global_muscle(cursor, muscle_id)
    return Change("archive", "muscle", muscle_id, after, before, after)


def restore_global_muscle(cursor: Cursor, *, muscle_id: int) -> Change[GlobalMuscle]:
    """Bring an archived muscle back, with the exercises that went with it."""
    before = _locked_muscle(cursor, muscle_id)
    try:
        queries.archive_global_muscle(cursor, muscle_id=muscle_id, at=None)
    except pg.UniqueViolation:
        raise NameTaken from None
    after = _global_muscle(cursor, muscle_id)
    return Change("restore", "muscle", muscle_id, after, before, after)


def delete_global_muscle(cursor: Cursor, *, muscle_id: int, seen: AbstractSet[str]) -> Change[None]:
    """Delete a muscle that nothing points at."""
    before = _locked_muscle(cursor, muscle_id)
    check_seen(before, seen)
    try:
        queries.delete_global_muscle(cursor, muscle_id=muscle_id)
    except pg.ForeignKeyViolation:
        raise InUse from None
    return Change("delete", "muscle", muscle_id, None, before=before)


FIRST_EXERCISE: tuple[str | int, ...] = (0, "", 0)
LAST_EXERCISE: tuple[str | int, ...] = (2**31 - 1, "\U0010ffff", 2**31 - 1)


@one_statement
def global_exercises(
    cursor: Cursor,
    *,
    order: ExerciseOrder,
    after: tuple[str | int, ...] | None,
    limit: int,
    muscle_id: int | None,
    state: str,
    search: str,
) -> GlobalExercises:
    """Find one page of the exercises that everybody has, of one muscle or of all."""
    rows = queries.global_exercises(
        cursor,
        order=order,
        place=after or (LAST_EXERCISE if order.startswith("-") else FIRST_EXERCISE),
        limit=limit + 1,
        muscle_id=muscle_id,
        state=state,
        pattern=containing(key(search)),
    )
    found = tuple(GlobalExercise(*row[:-1]) for row in rows[:limit])
    if len(rows) <= limit:
        return GlobalExercises(found, None)
    return GlobalExercises(found, (found[-1].muscle_id, rows[limit - 1][-1], found[-1].id))


@one_statement
def used_global_exercise(cursor: Cursor, *, exercise_id: int) -> tuple[GlobalExercise, Use]:
    """Find one exercise that everybody has, and how much it is trained."""
    row = queries.used_global_exercise(cursor, exercise_id=exercise_id)
    if row is None:
        raise NotFound
    return GlobalExercise(*row[:5]), Use(*row[5:])


def add_global_exercise(cursor: Cursor, *, name: str, muscle_id: int) -> Change[GlobalExercise]:
    """Give everybody a new exercise of a muscle that everybody has."""
    kept = _good(name)
    try:
        exercise_id = queries.add_global_exercise(cursor, name=kept, key=key(kept), muscle_id=muscle_id)
    except pg.UniqueViolation:
        raise NameTaken from None
    except (pg.ForeignKeyViolation, pg.CheckViolation):
        raise NoSuchMuscle from None
    made = global_exercise(cursor, exercise_id=exercise_id)
    return Change("create", "exercise", exercise_id, made, after=made)


def change_global_exercise(
    cursor: Cursor, *, exercise_id: int, seen: AbstractSet[str], name: str | None, muscle_id: int | None
) -> Change[GlobalExercise]:
    """Give everybody's exercise another name or muscle; None leaves it."""
    before = locked_global_exercise(cursor, exercise_id=exercise_id)
    check_seen(before, seen)
    kept = before.name if name is None else _good(name)
    home = before.muscle_id if muscle_id is None else muscle_id
    try:
        queries.change_global_exercise(cursor, exercise_id=exercise_id, name=kept, key=key(kept), muscle_id=home)
    except pg.UniqueViolation:
        raise NameTaken from None
    except (pg.ForeignKeyViolation, pg.CheckViolation):
        raise NoSuchMuscle from None
    after = global_exercise(cursor, exercise_id=exercise_id)
    return Change("update", "exercise", exercise_id, after, before, after)


def archive_global_exercise(cursor: Cursor, *, exercise_id: int, at: datetime) -> Change[GlobalExercise]:
    """Take everybody's exercise out of all lists; what was recorded stays."""
    before = locked_global_exercise(cursor, exercise_id=exercise_id)
    if before.archived_at is None:
        queries.archive_global_exercise(cursor, exercise_id=exercise_id, at=at)
    after = global_exercise(cursor, exercise_id=exercise_id)
    return Change("archive", "exercise", exercise_id, after, before, after)


def restore_global_exercise(cursor: Cursor, *, exercise_id: int) -> Change[GlobalExercise]:
    """Bring an archived exercise back into the lists."""
    before = locked_global_exercise(cursor, exercise_id=exercise_id)
    try:
        queries.archive_global_exercise(cursor, exercise_id=exercise_id, at=None)
    except pg.UniqueViolation:
        raise NameTaken from None
    except pg.CheckViolation:
        raise MuscleArchived from None
    after = global_exercise(cursor, exercise_id=exercise_id)
    return Change("restore", "exercise", exercise_id, after, before, after)


def delete_global_exercise(cursor: Cursor, *, exercise_id: int, seen: AbstractSet[str]) -> Change[None]:
    """Delete an exercise that nobody has trained or noted anything of."""
    before = locked_global_exercise(cursor, exercise_id=exercise_id)
    check_seen(before, seen)
    try:
        queries.delete_global_exercise(cursor, exercise_id=exercise_id)
    except pg.ForeignKeyViolation:
        raise InUse from None
    return Change("delete", "exercise", exercise_id, None, before=before)


def retire_global_exercise(cursor: Cursor, *, exercise_id: int, at: datetime) -> GlobalExercise:
    """Archive an exercise for its own sake: one that was archived with its muscle comes back no more with that."""
    queries.archive_global_exercise(cursor, exercise_id=exercise_id, at=at)
    return global_exercise(cursor, exercise_id=exercise_id)


def locked_global_exercise(cursor: Cursor, *, exercise_id: int) -> GlobalExercise:
    """Find one exercise that everybody has, and keep it as it is until this transaction ends."""
    queries.lock_global_exercise(cursor, exercise_id=exercise_id)
    return global_exercise(cursor, exercise_id=exercise_id)


def global_exercise(cursor: Cursor, *, exercise_id: int) -> GlobalExercise:
    """Find one exercise that everybody has."""
    row = queries.global_exercise(cursor, exercise_id=exercise_id)
    if row is None:
        raise NotFound
    return GlobalExercise(*row[:-1])


def _locked_muscle(cursor: Cursor, muscle_id: int) -> GlobalMuscle:
    queries.lock_global_muscle(cursor, muscle_id=muscle_id)
    return _global_muscle(cursor, muscle_id)


def _global_muscle(cursor: Cursor, muscle_id: int) -> GlobalMuscle:
    row = queries.global_muscle(cursor, muscle_id=muscle_id)
    if row is None:
        raise NotFound
    return GlobalMuscle(*row[:-1])


def _good(name: str) -> str:
    """Tidy a name, or say why it cannot be kept; the same rules as a person's own names have."""
    kept = tidy(name)
    if (wrong := wrong_with(kept)) is not None:
        raise BadName(wrong, count=len(kept), limit=LONGEST)
    return kept


def _known(row: Sequence[Any] | None) -> Sequence[Any]:
    """Whoever is registered gets an answer."""
    if row is None:
        raise Stranger
    return row


def _became(row: Sequence[Any] | None) -> Became:
    if row is None:
        return Became(Outcome.GONE)
    said, id_, name, *muscle = row
    if id_ is None:
        return Became(Outcome(said))
    if muscle:
        return Became(Outcome(said), Thing(Kind.EXERCISE, id_, name, Muscle(*muscle)))
    return Became(Outcome(said), Thing(Kind.MUSCLE, id_, name))


def _things(found: dict[str, Any]) -> tuple[Thing, ...]:
    muscles = (Thing(Kind.MUSCLE, id_, name) for id_, name in found.get("muscles") or ())
    exercises = (
        Thing(Kind.EXERCISE, id_, name, Muscle(muscle_id, muscle))
        for id_, name, muscle_id, muscle in found.get("exercises") or ()
    )
    return (*muscles, *exercises)
