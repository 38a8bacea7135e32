"""What recording reads on a table of a million sets: at most 25 buffers a statement, and by name what needs more.

One thing no limit can hold: each set of today costs a screen that shows it one page, until a vacuum has seen that page.
"""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.modules.history import service as looking_back
from app.modules.people.model import Act
from app.modules.postgres import Database
from app.modules.training import service
from app.modules.training.model import Entered, GymDay, Outcome, Set
from tests.growth import history
from tests.growth.conftest import settings
from tests.growth.counting import Cost, cost
from tests.training.conftest import Someone

MOST = 25
TODAY = GymDay(datetime.fromisoformat(history.TODAY).date())
OTHERS = 60  # sets of other people between two of one's own, so that each lies on a page of its own

# What reads more than MOST, how much, and why. A figure that shrinks is to be lowered here.
CORRECTION = "now and then: the set is looked at, changed in three indexes, and the statistics are counted anew"
ALLOWED = {
    "replace": (40, CORRECTION),
    "delete": (48, CORRECTION),
    "undo": (47, CORRECTION),
    "record by one tap": (26, "beside a set's 23 the look whether another was saved in the same three seconds"),
    "record what was typed": (40, "the sets of the day are looked at for the next free numbers, and the update twice"),
    "search": (30, "all exercises of a person, with how often they were trained: a page for each four or so"),
    **dict.fromkeys(
        ("days of the history", "older days", "newer days"),
        (70, "eight days, each with its sets, its exercises and their muscles; as many however long the history is"),
    ),
    "records": (45, "a page of ten names, chosen among all that a person ever trained"),
    "record, first ever of an exercise": (
        46,
        "once a person and exercise the row of its statistics is made: its three indexes, its keys' look-ups and locks"
        " of the person and the exercise are 28 pages beside a set's 22",
    ),
}


Note = Callable[[str, Callable[[], Awaitable[Any]]], Awaitable[None]]


@dataclass
class Growth:
    """The table of what was measured."""

    measured: dict[str, dict[str, list[Cost]]] = field(default_factory=dict)

    def note(self, who: str, what: str, cost: Cost) -> None:
        self.measured.setdefault(what, {}).setdefault(who, []).append(cost)

    @property
    def figures(self) -> dict[str, dict[str, Cost]]:
        """The middle one of what was measured: one insert in some hundred splits a page of an index."""
        return {
            what: {
                who: sorted(costs, key=lambda cost: cost.buffers)[len(costs) // 2] for who, costs in by_person.items()
            }
            for what, by_person in self.measured.items()
        }

    def lines(self) -> Iterator[str]:
        """Draw it."""
        people = list(next(iter(self.figures.values())))
        yield f"{'buffers a statement':38}" + "".join(f"{who:>10}" for who in people) + f"{'allowed':>10}"
        for what, by_person in self.figures.items():
            figures = "".join(f"{by_person[who].buffers:>10}" for who in people)
            yield f"{what:38}{figures}{ALLOWED.get(what, (MOST,))[0]:>10}"
        for what, by_person in self.figures.items():
            yield from (f"{what}, {who}: {cost}" for who, cost in by_person.items() if cost.buffers > MOST)


@pytest.fixture(scope="module")
async def db(grown: dict[str, str]) -> AsyncIterator[Database]:
    """One connection, whose counts are its own and whose plans have become generic."""
    made = Database(settings(grown, db_pool=1))
    somebody = Someone(made, history.REGULAR + 70, history.at(11))
    for number in range(1, 9):
        somebody.later(minutes=4)
        await somebody.start()
        await somebody.open(history.BENCH)
        await made.run(service.muscle_list, user_id=somebody.id, muscle_id=1)
        await somebody.record(history.BENCH, number, 60, 10, day=TODAY, quick=number % 2 == 0)
    yield made
    await made.close()


async def test_every_statement_reads_few_pages_whoever_asks(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    growth = Growth()
    # One after the other: time goes on, and so a set is nearly always the newest there is.
    for hour, who, person in ((12, "regular", history.REGULAR), (15, "veteran", history.VETERAN)):
        await measure(growth, db, who, Someone(db, person, history.at(hour)))
    with capsys.disabled():
        print("", *growth.lines(), sep="\n")  # noqa: T201
    for what, by_person in growth.figures.items():
        most, why = ALLOWED.get(what, (MOST, "the rule"))
        for who, each in by_person.items():
            assert each.buffers <= most, f"{what}, {who}: {each.buffers} > {most} ({why}): {each}"


async def measure(growth: Growth, db: Database, who: str, someone: Someone) -> None:
    """A training of one person, with others training in between."""
    person = someone.id
    trained = await someone.sql(
        "SELECT exercise_id, muscle_id FROM training WHERE user_id = %s AND day = %s::date - 7"
        " GROUP BY exercise_id, muscle_id ORDER BY min(date) LIMIT 3",
        person,
        history.TODAY,
    )
    never = await someone.sql(
        "SELECT id FROM exercises WHERE is_global AND id < 100 AND muscle NOT IN (8)"
        " AND id NOT IN (SELECT exercise_id FROM exercise_stats WHERE user_id = %s) ORDER BY id LIMIT 3",
        person,
    )
    updates = itertools.count(history.NEXT_UPDATE + 100 * person)

    async def note(what: str, work: Callable[[], Awaitable[Any]]) -> None:
        growth.note(who, what, await cost(db, work))

    async def record(what: str, of: int, set_no: int, outcome: Outcome, *, update_id: int, quick: bool = False) -> None:
        async def work() -> None:
            saved = await someone.record(of, set_no, 40, 5, day=TODAY, quick=quick, update_id=update_id)
            assert saved.outcome is outcome

        await others(someone)
        someone.later(minutes=3)
        await note(what, work)

    await note("start, nothing in hand", someone.start)
    for exercise, muscle in trained:
        await note("list of a muscle", lambda of=muscle: db.run(service.muscle_list, user_id=someone.id, muscle_id=of))
        await note("exercise", lambda of=exercise: someone.open(of))
        await record("record, first of the day", exercise, 1, Outcome.SAVED, update_id=next(updates))
        await record("record, a later set", exercise, 2, Outcome.SAVED, update_id=next(updates))
        await record("record by one tap", exercise, 3, Outcome.SAVED, update_id=next(updates), quick=True)
        await record("record, a later set", exercise, 4, Outcome.SAVED, update_id=(fourth := next(updates)))
        await record("the same set again", exercise, 4, Outcome.SAME, update_id=next(updates))
        await record("the same update again", exercise, 4, Outcome.SEEN, update_id=fourth)
        await note("saved, after four sets", lambda of=exercise: someone.open(of))
        if exercise == trained[0][0]:
            await note("start, in hand", someone.start)
        await corrections(note, someone, exercise, entry=next(updates))
    await note("search", lambda: db.run(service.everything, act=someone.act()))
    await note("exercise in hand", lambda: db.run(service.in_hand, act=someone.act()))
    await note("summary of a day", lambda: db.run(service.summary, act=someone.act(), day=TODAY.day))
    past = datetime.fromisoformat(history.TODAY).date() - timedelta(weeks=10)
    await note("a day of the history", lambda: db.run(service.summary, act=someone.act(), day=past))
    await note("days of the history", lambda: db.run(looking_back.days, user_id=person))
    middle = datetime.fromisoformat(history.TODAY).date() - timedelta(days=200)
    await note("older days", lambda: db.run(looking_back.days, user_id=person, until=middle))
    await note("newer days", lambda: db.run(looking_back.days, user_id=person, after=middle))
    await note("records", lambda: db.run(looking_back.records, user_id=person, page=1))
    await note("which day it is", lambda: db.run(service.today, act=someone.act()))
    for (exercise,) in never:
        await record("record, first ever of an exercise", exercise, 1, Outcome.SAVED, update_id=next(updates))


async def corrections(note: Note, someone: Someone, exercise: int, *, entry: int) -> None:
    """What is typed, replaced, deleted and taken back, with four sets of today there."""
    fourth, better, typed = Set(4, Decimal(40), 5), Set(4, Decimal(42), 5), Entered(1, Decimal(40), 5)

    def run(work: Callable[..., Any], act: Act | None = None, **how: Any) -> Callable[[], Awaitable[Any]]:
        return lambda: someone.db.run(work, act=act or someone.act(), exercise_id=exercise, day=TODAY, **how)

    await note("exercise, with its note", run(service.session))
    await note("replace", run(service.replace_set, seen=fourth, done=better))
    await note("delete", run(service.delete_set, seen=better))
    await note("record what was typed", run(service.record_entry, someone.act(entry), done=typed))
    await note("undo", run(service.undo, entry=entry))


async def others(someone: Someone) -> None:
    """Let other people train meanwhile."""
    await someone.sql(
        """
        INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
        SELECT %s, %s, 1 + (random() * 9999)::int, 1, 1, 1 + (random() * 50)::int, 50, 5 FROM generate_series(1, %s)
            ON CONFLICT (id) DO NOTHING
        """,
        someone.now,
        TODAY.day,
        OTHERS,
    )
