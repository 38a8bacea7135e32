"""What people do with their lists."""

from collections.abc import Sequence
from typing import Any

from app.modules.catalog import queries
from app.modules.catalog.model import Became, Exercise, Kind, Muscle, Muscles, Outcome, Place, Thing
from app.modules.catalog.rules import MOST_EXERCISES, MOST_MUSCLES
from app.modules.errors import Stranger
from app.modules.people.model import Act
from app.modules.postgres import Cursor, one_statement
from app.utils.names import key


@one_statement
def muscles(cursor: Cursor, *, act: Act) -> Muscles:
    """Find the muscles that a person sees, and how much they have added."""
    found = queries.muscles(cursor, user_id=act.user_id)
    if found is None:
        raise Stranger
    places = tuple(Place(Muscle(id_, name), is_own) for id_, name, is_own in found["places"] or ())
    return Muscles(places, found["own_muscles"], found["own_exercises"])


@one_statement
def own(cursor: Cursor, *, act: Act) -> tuple[Thing, ...]:
    """Find what a person has added."""
    return _things(queries.own(cursor, user_id=act.user_id))


@one_statement
def hideable(cursor: Cursor, *, act: Act, muscle_id: int) -> tuple[Muscle, tuple[Exercise, ...]] | None:
    """Find what a person could hide of a muscle; None when it is not theirs to hide."""
    found = queries.hideable(cursor, user_id=act.user_id, muscle_id=muscle_id)
    if found is None:
        return None
    return Muscle(muscle_id, found["name"]), tuple(Exercise(*each) for each in found["exercises"] or ())


@one_statement
def hidden(cursor: Cursor, *, act: Act) -> tuple[Thing, ...]:
    """Find what a person hid."""
    found = queries.hidden(cursor, user_id=act.user_id)
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
