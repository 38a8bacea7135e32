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
    given_up: set[Done] = field(default_factory=set)  # for other numbers at the same place
    silent: list[str] = field(default_factory=list)  # steps that were taken and led to nothing that anybody could see
    is_ordered: bool = True  # whether lines arrive as they were typed
    forbidden: set[tuple[int, int]] = field(default_factory=set)  # whom which exercise is none of their business


def problems(history: History) -> dict[str, list[str]]:
    """List, by kind, every way in which the three differ; nothing found is the promise kept. To be asked at rest."""
    found: dict[str, list[str]] = {wrong: [] for wrong in WRONGS}
    asks, rows = defaultdict(list), defaultdict(list)
    for ask in history.asked:
        asks[ask.done].append(ask)
    for row in history.rows:  # a tap asks for one number, a line for whichever is free
        rows[row if row in asks else replace(row, set_no=0)].append(row)
    taken_back = {ask.done for ask in history.asked if ask.undo}
    gone = history.shown - set(history.rows) - taken_back - history.given_up
    found["lost"] += [f"shown, and not kept: {done}" for done in gone if replace(done, set_no=0) not in taken_back]
    places = Counter((row.person, row.day, row.exercise, row.set_no) for row in history.rows)
    found["doubled"] += [f"{count} rows of one set: {place}" for place, count in places.items() if count > 1]
    marks = {ask.done.mark for ask in history.asked}
    for done, here in rows.items():
        for row in here[len(asks[done]) :]:
            found[_too_many(row, history, row.mark in marks)].append(f"kept, and not asked for so often: {row}")
        stay = [ask for ask in asks[done] if ask.undo != "shown"]
        found["phantom"] += [f"taken back, and there again: {row}" for row in here[len(stay) : len(asks[done])]]
    for done, them in asks.items():
        open_ones = [ask for ask in them if not (ask.told_otherwise or ask.never_arrived or ask.undo)]
        missing = len(open_ones) - len(rows[done])
        found["unanswered"] += [f"not kept, and nobody was told: {ask.done}" for ask in open_ones[: max(missing, 0)]]
    if history.is_ordered:
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


def _out_of_order(asked: Iterable[Ask], rows: dict[Done, list[Done]]) -> list[str]:
    """Typed lines take the next free number: those of one exercise must have risen, where none was taken back."""
    asked = list(asked)
    undid = {(ask.done.person, ask.done.day, ask.done.exercise) for ask in asked if ask.undo}
    lines = defaultdict(list)
    for ask in asked:
        done, place = ask.done, (ask.done.person, ask.done.day, ask.done.exercise)
        if not done.set_no and place not in undid and len(rows[done]) == 1:
            lines[place].append(rows[done][0])
    return [
        f"typed before, numbered after: {first}, {second}"
        for them in lines.values()
        for first, second in pairwise(them)
        if first.set_no > second.set_no
    ]
