"""Whether what people asked for, what they were shown, and what is in the database agree."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

WRONGS = ("lost", "doubled", "phantom", "wrong_day", "wrong_owner", "out_of_order", "unanswered")
Mark = tuple[int, int, int, str, int]


@dataclass(frozen=True, slots=True, order=True)
class Done:
    """One set of one person: a row, or what a screen said."""

    person: int
    day: int  # as buttons carry it: the days since 2000
    exercise: int
    set_no: int  # of a typed line 0: whichever is free
    weight: str
    reps: int

    @property
    def mark(self) -> Mark:
        """What tells a person's sets apart, whatever number they got."""
        return self.person, self.day, self.exercise, self.weight, self.reps


@dataclass(eq=False, slots=True)
class Ask:
    """One set that somebody asked for, once or, impatiently, several times."""

    done: Done
    told_otherwise: bool = False  # a screen or a toast said that it was not recorded
    never_arrived: bool = False  # Telegram gave it up before we were back
    undo: str = ""  # "asked", and "shown" when a screen said that it is taken back


@dataclass(slots=True)
class History:
    """What happened to some people."""

    asked: list[Ask] = field(default_factory=list)  # S
    shown: set[Done] = field(default_factory=set)  # A: a screen with ✅ showed it
    rows: list[Done] = field(default_factory=list)  # D: in the database
    forbidden: set[tuple[int, int]] = field(default_factory=set)  # whom which exercise is none of their business


def problems(history: History) -> dict[str, list[str]]:
    """List, by kind, every way in which the three differ; nothing found is the promise kept. To be asked at rest."""
    found: dict[str, list[str]] = {wrong: [] for wrong in WRONGS}
    asks, rows = defaultdict(list), defaultdict(list)
    for ask in history.asked:
        asks[ask.done.mark].append(ask)
    for row in history.rows:
        rows[row.mark].append(row)
    kept = set(history.rows)
    undone = {ask.done.mark for ask in history.asked if ask.undo}
    found["lost"] += [f"shown, and not kept: {done}" for done in history.shown - kept if done.mark not in undone]
    places = Counter((row.person, row.day, row.exercise, row.set_no) for row in history.rows)
    found["doubled"] += [f"{count} rows of one set: {place}" for place, count in places.items() if count > 1]
    for mark, here in rows.items():
        for row in here[len(asks[mark]) :]:
            found[_too_many(row, history, bool(asks[mark]))].append(f"kept, and not asked for so often: {row}")
        stay = [ask for ask in asks[mark] if ask.undo != "shown"]
        found["phantom"] += [f"taken back, and there again: {row}" for row in here[len(stay) : len(asks[mark])]]
    for mark, them in asks.items():
        open_ones = [ask for ask in them if not (ask.told_otherwise or ask.never_arrived or ask.undo)]
        missing = len(open_ones) - len(rows[mark])
        found["unanswered"] += [f"not kept, and nobody was told: {ask.done}" for ask in open_ones[: max(missing, 0)]]
    found["out_of_order"] += _out_of_order(history.asked, rows)
    return {wrong: sorted(them) for wrong, them in found.items()}


def _too_many(row: Done, history: History, is_asked_for: bool) -> str:
    """Say what is wrong with a row that nobody, or nobody any more, has asked for."""
    if (row.person, row.exercise) in history.forbidden:
        return "wrong_owner"
    if is_asked_for:
        return "doubled"
    asked = {replace(ask.done, set_no=0) for ask in history.asked}
    if {replace(each, person=row.person) for each in asked if each.person != row.person} & {replace(row, set_no=0)}:
        return "wrong_owner"
    others_days = {replace(each, day=row.day) for each in asked if each.person == row.person}
    return "wrong_day" if replace(row, set_no=0) in others_days else "phantom"


def _out_of_order(asked: Iterable[Ask], rows: dict[Mark, list[Done]]) -> list[str]:
    """Typed lines take the next free number: those of one exercise must have risen, where none was taken back."""
    asked = list(asked)
    undid = {ask.done.person for ask in asked if ask.undo}
    times = Counter(ask.done.mark for ask in asked)
    lines = defaultdict(list)
    for ask in asked:
        done = ask.done
        if not done.set_no and done.person not in undid and times[done.mark] == len(rows[done.mark]) == 1:
            lines[done.person, done.day, done.exercise].append(rows[done.mark][0])
    return [
        f"typed before, numbered after: {first}, {second}"
        for them in lines.values()
        for first, second in pairwise(them)
        if first.set_no > second.set_no
    ]
