"""What people see and do, each as often as it takes for a middle value: a training day, a look back, the own list."""

import itertools
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from psycopg2.extensions import cursor as PlainCursor  # noqa: N812

from app.modules.catalog import service as catalog
from app.modules.catalog.model import Kind
from app.modules.export import service as export
from app.modules.export.model import Files
from app.modules.history import service as history_service
from app.modules.history.model import TrainingDays
from app.modules.people import service as people
from app.modules.people.model import Act, Person
from app.modules.postgres import Cursor, Database
from app.modules.training import service
from app.modules.training.model import Entered, GymDay, Outcome, Set
from app.utils.units import Unit
from bench.growth import history
from bench.growth.sheet import Group, Sheet

TODAY = GymDay(history.TODAY)
OTHERS = 60  # sets of other people between two of one's own, so that each lies on a page of its own
_updates = itertools.count(history.SEEN_UPDATES + 1)


@dataclass
class Lifter:
    """A person with a clock of their own."""

    db: Database
    id: int
    now: datetime

    def act(self, update_id: int | None = None) -> Act:
        """The next thing they do, or one that comes again."""
        return Act(self.id, history.BOT, next(_updates) if update_id is None else update_id, self.now, "UTC")

    async def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the tables, or change them beside the bot."""

        def work(cursor: Cursor) -> list[tuple[Any, ...]]:
            with cursor.connection.cursor(cursor_factory=PlainCursor) as plain:  # %s, which our plans do not know
                plain.execute(statement, values or None)
                return plain.fetchall() if plain.description else []

        return await self.db.run(work)

    def start(self) -> Awaitable[Any]:
        return self.db.run(service.start, act=self.act(), day=None)

    def muscle_list(self, muscle: int) -> Awaitable[Any]:
        return self.db.run(service.muscle_list, user_id=self.id, muscle_id=muscle)

    def open(self, exercise: int, *, what_next: bool = True) -> Awaitable[Any]:
        return self.db.run(service.session, act=self.act(), exercise_id=exercise, day=None, what_next=what_next)

    async def record(
        self, exercise: int, done: Set, *, becomes: Outcome = Outcome.SAVED, quick: bool = False, update: int = 0
    ) -> None:
        act = self.act(update or None)
        saved = await self.db.run(service.record_set, act=act, exercise_id=exercise, done=done, day=TODAY, quick=quick)
        assert saved.outcome is becomes, saved  # noqa: S101 - else something else is measured

    async def others(self) -> None:
        """Let other people train meanwhile."""
        first = next(_updates) * OTHERS
        await self.sql(
            """
            INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
            SELECT %s, %s, 1 + n * 166 %% 20000, e.muscle, e.id, 1 + n %% 50, 50, 5
              FROM generate_series(%s, %s) AS n
              JOIN exercises AS e ON e.id = 1 + n * 7 %% 120
                ON CONFLICT (id) DO NOTHING
            """,
            self.now,
            TODAY.day,
            first,
            first + OTHERS - 1,
        )
        self.now += timedelta(minutes=3)


async def warm_up(db: Database) -> None:
    """Do everything some times, until plans are generic and catalogues are read."""
    opener = Lifter(db, history.OPENER, history.at(11))
    for number in range(1, 9):
        opener.now += timedelta(minutes=4)
        await opener.start()
        await opener.open(history.BENCH_PRESS)
        await opener.muscle_list(1)
        done = Set(number, Decimal(60), 10)
        await opener.record(history.BENCH_PRESS, done, quick=number % 2 == 0)
        update = next(_updates)
        await db.run(
            service.record_entry,
            act=opener.act(update),
            exercise_id=history.BENCH_PRESS,
            day=TODAY,
            done=Entered(1, Decimal(50), 8),
            entry=update,
        )
        await db.run(service.undo, act=opener.act(), exercise_id=history.BENCH_PRESS, day=TODAY, entry=update)
    await looking_back(Sheet(db), opener)
    await own_list(Sheet(db), opener)


async def measure(sheet: Sheet, db: Database) -> None:
    """Three people, one after the other: time goes on, and so a set is nearly always the newest there is."""
    for hour, who, person in (
        (12, "newcomer", history.NEWCOMER),
        (14, "regular", history.REGULAR),
        (17, "veteran", history.VETERAN),
    ):
        sheet.who = who
        lifter = Lifter(db, person, history.at(hour))
        await training(sheet, lifter)
        await looking_back(sheet, lifter)
        await own_list(sheet, lifter)


async def training(sheet: Sheet, one: Lifter) -> None:
    """A training of one person, with others training in between."""

    async def note(what: str, work: Callable[[], Awaitable[Any]]) -> None:
        await sheet.note(Group.RECORDING, what, work)

    trained = await one.sql(
        "SELECT exercise_id, muscle_id FROM training WHERE user_id = %s AND day = %s::date - 7"
        " GROUP BY exercise_id, muscle_id ORDER BY min(date) LIMIT 3",
        one.id,
        history.TODAY,
    )
    never = await one.sql(
        "SELECT id, muscle FROM exercises WHERE is_global AND id < 100 AND muscle <> 8"
        " AND id NOT IN (SELECT exercise_id FROM exercise_stats WHERE user_id = %s) ORDER BY id LIMIT 3",
        one.id,
    )
    await note("start, nothing in hand", one.start)
    for number, (exercise, muscle) in enumerate(trained or never):
        await note("list of a muscle", partial(one.muscle_list, muscle))
        await note("exercise", partial(one.open, exercise))
        if trained:
            await one.others()
            await note("record, first of the day", partial(one.record, exercise, Set(1, Decimal(40), 5)))
        else:
            await first_ever(sheet, one, exercise)
        await sets(sheet, one, exercise)
        if not number:
            await note("start, in hand", one.start)
        await corrections(sheet, one, exercise)
    await note("search", lambda: one.db.run(service.everything, act=one.act()))
    await note("exercise in hand", lambda: one.db.run(service.in_hand, act=one.act()))
    await sheet.note(
        Group.LOOKING_BACK,
        "summary of this day",
        lambda: one.db.run(service.summary, act=one.act(), day=TODAY.day),
        lambda found: found.sets,
    )
    await note("which day it is", lambda: one.db.run(service.today, act=one.act()))
    await note("who writes", lambda: one.db.run(people.meet, person=Person(one.id, f"P{one.id}")))
    for exercise, _ in never if trained else ():
        await first_ever(sheet, one, exercise)


async def first_ever(sheet: Sheet, one: Lifter, exercise: int) -> None:
    """The first set of an exercise."""
    await one.others()
    await sheet.note(
        Group.RECORDING, "record, first ever of an exercise", lambda: one.record(exercise, Set(1, Decimal(40), 5))
    )


async def sets(sheet: Sheet, one: Lifter, exercise: int) -> None:
    """The other sets of an exercise: by three taps, by one tap, and what comes twice."""

    async def note(what: str, set_no: int, becomes: Outcome = Outcome.SAVED, *, update: int = 0, **how: Any) -> None:
        await one.others()
        done = Set(set_no, Decimal(40), 5)
        await sheet.note(
            Group.RECORDING, what, lambda: one.record(exercise, done, becomes=becomes, update=update, **how)
        )

    await note("record, a later set", 2)
    await note("record by one tap", 3, quick=True)
    fourth = next(_updates)
    await note("record, a later set", 4, update=fourth)
    await note("the same set again", 4, Outcome.SAME)
    await note("the same update again", 4, Outcome.SEEN, update=fourth)
    await sheet.note(Group.RECORDING, "saved, after four sets", lambda: one.open(exercise))
    await sheet.note(Group.RECORDING, "exercise, with its note", lambda: one.open(exercise, what_next=False))


async def corrections(sheet: Sheet, one: Lifter, exercise: int) -> None:
    """What is typed, replaced, deleted, taken back and noted, with four sets of today there."""
    fourth, better, typed = Set(4, Decimal(40), 5), Set(4, Decimal(42), 5), Entered(1, Decimal(40), 5)
    entry = next(_updates)

    async def note(what: str, work: Callable[..., Any], act: Act | None = None, **how: Any) -> None:
        await sheet.note(
            Group.RECORDING, what, lambda: one.db.run(work, act=act or one.act(), exercise_id=exercise, **how)
        )

    await note("replace", service.replace_set, day=TODAY, seen=fourth, done=better)
    await note("delete", service.delete_set, day=TODAY, seen=better)
    await one.others()
    await note("record what was typed", service.record_entry, one.act(entry), day=TODAY, done=typed)
    await note("undo", service.undo, day=TODAY, entry=entry)
    await note("note", service.set_note, note="seat 4")


async def looking_back(sheet: Sheet, one: Lifter) -> None:
    """The history and its pages, the records, the export piece by piece, and what would be erased."""

    async def note(what: str, work: Callable[[], Awaitable[Any]], shown: Callable[[Any], int]) -> None:
        for _ in range(3):
            await sheet.note(Group.LOOKING_BACK, what, work, shown)

    def days(**where: date) -> Callable[[], Awaitable[Any]]:
        return lambda: one.db.run(history_service.days, user_id=one.id, **where)

    def sets_of(found: TrainingDays) -> int:
        return sum(day.sets for day in found.days)

    middle = history.TODAY - timedelta(days=40)
    past = history.TODAY - timedelta(weeks=2)
    then = GymDay(past, marked=True, looking_back=True)
    exercise = await one.sql("SELECT min(exercise_id) FROM training WHERE user_id = %s AND day = %s", one.id, past)
    await note("days of the history", days(), sets_of)
    await note("older days", days(until=middle), sets_of)
    await note("newer days", days(after=middle), sets_of)
    await note(
        "a day of the history",
        lambda: one.db.run(service.summary, act=one.act(), day=past),
        lambda found: found.sets,
    )
    if exercise[0][0]:
        await note(
            "an exercise of that day",
            lambda: one.db.run(service.session, act=one.act(), exercise_id=exercise[0][0], day=then),
            lambda found: len(found.sets) + len(found.last_sets),
        )
    for page in (1, 100):
        await note(
            f"records, {'first' if page == 1 else 'last'} page",
            partial(one.db.run, history_service.records, user_id=one.id, page=page),
            lambda found: found.total,  # the ten are chosen among all
        )
    await note("settings", lambda: one.db.run(people.settings, act=one.act()), lambda _: 1)

    async def whole() -> Any:
        with ExitStack() as stack:
            files = Files(*(stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)))
            return await one.db.run_long(export.write, act=one.act(), files=files)

    await sheet.note(Group.LOOKING_BACK, "export", whole, lambda found: found.sets + found.exercises)


async def own_list(sheet: Sheet, one: Lifter) -> None:
    """`/edit`: its lists, then something of one's own that comes, is renamed and goes."""
    who = {"user_id": one.id}

    async def note(what: str, work: Callable[..., Any], **how: Any) -> Any:
        found: list[Any] = []

        async def remembered() -> None:
            found.append(await one.db.run(work, **how))

        await sheet.note(Group.OWN_LIST, what, remembered)
        return found[0]

    for round_ in range(3):
        await note("edit: muscles", catalog.muscles, **who)
        await note("edit: own", catalog.own, **who)
        await note("edit: to hide", catalog.hideable, **who, muscle_id=1)
        await note("edit: hidden", catalog.hidden, **who)
        became = await note(
            "edit: add an exercise", catalog.add_exercise, act=one.act(), muscle_id=2, name=f"N{round_}"
        )
        made = became.thing.id
        named = {"kind": Kind.EXERCISE, "id_": made}
        await note("edit: rename", catalog.rename, act=one.act(), **named, name=f"M{round_}")
        await note("edit: delete", catalog.delete, act=one.act(), **named, exercises=0)
        one_of_all = {"kind": Kind.EXERCISE, "id_": 120 + round_}
        await note("edit: hide", catalog.hide, act=one.act(), **one_of_all)
        await note("edit: show again", catalog.show_again, act=one.act(), **one_of_all)
        await note("settings: unit", people.set_unit, act=one.act(), unit=Unit.KG)


async def leaving(sheet: Sheet, db: Database) -> None:
    """The veteran leaves, last of all."""
    sheet.who = "veteran"
    one = Lifter(db, history.VETERAN, history.at(23))
    await sheet.note(
        Group.LOOKING_BACK,
        "what would be erased",
        lambda: one.db.run(people.belongings, act=one.act()),
        lambda found: found.sets,
    )
    await sheet.note(
        Group.LOOKING_BACK, "erase", lambda: one.db.run(people.erase, act=one.act()), lambda _: history.VETERANS_SETS
    )
