"""Whether what people asked for, what they were shown, and what is in the database agree."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, order=True)
class Done:
    """One set of one person; each is asked for with numbers of its own, so that none can pass for another."""

    person: int
    day: int  # as buttons carry it: the days since 2000
    exercise: int
    set_no: int
    weight: str
    reps: int


@dataclass(slots=True)
class History:
    """What happened to some people."""

    asked: set[Done] = field(default_factory=set)  # S: a button that would record it was tapped
    shown: set[Done] = field(default_factory=set)  # A: a screen with ✅ showed it
    told_otherwise: set[Done] = field(default_factory=set)  # a screen said that it was not recorded
    rows: list[Done] = field(default_factory=list)  # D: in the database


def problems(history: History) -> list[str]:
    """List every way in which the three differ; an empty list is the promise kept. To be asked at rest."""
    rows = set(history.rows)
    places = Counter((each.person, each.day, each.exercise, each.set_no) for each in history.rows)
    doubled = {each for each in rows if places[each.person, each.day, each.exercise, each.set_no] > 1}
    strange = rows - history.asked
    somebodys = {replace(each, person=0) for each in history.asked}
    wrong_owner = {each for each in strange if replace(each, person=0) in somebodys}
    return [
        *_named("lost: shown, and not in the database", history.shown - rows),
        *_named("doubled: in the database more than once", doubled),
        *_named("phantom: in the database, and nobody asked for it", strange - wrong_owner),
        *_named("wrong owner: in the database as somebody else's", wrong_owner),
        *_named("shown, and never asked for", history.shown - history.asked),
        *_named(
            "unanswered: neither in the database, nor was its person told",
            history.asked - rows - history.told_otherwise,
        ),
    ]


def _named(what: str, sets: Iterable[Done]) -> list[str]:
    return [f"{what}: {each}" for each in sorted(sets)]
