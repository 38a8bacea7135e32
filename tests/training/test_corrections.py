"""Entries, Replace, Delete, Undo and notes: each takes effect once, whatever comes again, and touches nothing else.

A redelivery is the same update once more: after anything may have happened in between, it changes nothing.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.modules.catalog.model import Exercise
from app.modules.postgres import Database
from app.modules.training import service
from app.modules.training.model import Entered, GymDay, Outcome, Record, Saved, Session, Set, Stretch, Undone
from app.modules.training.rules import known_instead
from app.settings import DatabaseSettings
from app.utils.units import Unit
from tests.migrations.conftest import connect
from tests.stage import START_SECONDS
from tests.training.conftest import NOON, NewPerson, Someone

TODAY = NOON.date()
A, B, C, D = 601, 602, 603, 604  # updates, within one test's person; ids() makes them theirs

Rows = list[tuple[int, float, int]]


def one(set_no: int, weight: str | int, reps: int) -> Set:
    return Set(set_no, Decimal(weight), reps)


@dataclass
class Lifter:
    """Somebody at one exercise, who corrects what they did; updates are named by small numbers of their own."""

    person: Someone
    exercise: int
    day: GymDay = field(default_factory=lambda: GymDay(TODAY))

    def update(self, number: int) -> int:
        return self.person.id * 1000 + number

    async def _run(self, work: Any, number: int | None, **arguments: Any) -> Any:
        act = self.person.act(None if number is None else self.update(number))
        return await self.person.db.run(work, act=act, exercise_id=self.exercise, **arguments)

    async def tap(self, number: int, done: Set) -> Saved:
        made: Saved = await self._run(service.record_set, number, done=done, day=self.day)
        return made

    async def type(
        self, number: int, weight: str | int, reps: int, *, sets: int = 1, set_no: int = 0, entry: int | None = None
    ) -> Saved:
        made: Saved = await self._run(
            service.record_entry,
            number,
            done=Entered(sets, Decimal(weight), reps),
            day=self.day,
            set_no=set_no,
            entry=None if entry is None else self.update(entry),
        )
        return made

    async def replace(self, number: int, seen: Set, done: Set) -> Saved:
        made: Saved = await self._run(service.replace_set, number, seen=seen, done=done, day=self.day)
        return made

    async def delete(self, number: int, seen: Set) -> Outcome:
        made: Outcome = await self._run(service.delete_set, number, seen=seen, day=self.day)
        return made

    async def undo(self, number: int, entry: int) -> Undone:
        made: Undone = await self._run(service.undo, number, day=self.day, entry=self.update(entry))
        return made

    async def note(self, number: int, note: str | None) -> bool:
        return bool(await self._run(service.set_note, number, note=note))

    async def noted(self) -> str | None:
        session = await self.person.db.run(
            service.session, act=self.person.act(), exercise_id=self.exercise, day=self.day
        )
        return session.note if session else None

    async def sets(self) -> Rows:
        """The sets of the day: number, weight, reps."""
        return [
            (set_no, weight, reps)
            for day, exercise, set_no, weight, reps in sorted(await self.person.rows())
            if (day, exercise) == (str(self.day.day), self.exercise)
        ]

    async def state(self) -> Any:
        """All that could have changed: rows with their history, statistics, weights of one's own, notes."""
        return [
            await self.person.sql(f"SELECT {what} WHERE {whose} = %s ORDER BY 1", self.person.id)
            for what, whose in (
                ("id, date, day, set, weight, reps, entry, former_weight, former_reps FROM training", "user_id"),
                ("exercise_id, days, last_day, record_weight, record_reps, record_day FROM exercise_stats", "user_id"),
                ("own_weights FROM users", "id"),
                ("exercise_id, note FROM exercise_notes", "user_id"),
            )
        ]

    async def check_stats(self) -> None:
        """The statistics say what the rows say."""
        rows = [row for row in await self.person.rows() if row[1] == self.exercise]
        stats = await self.person.sql(
            """SELECT days, last_day::text, record_weight::float, record_reps::int, record_day::text
                 FROM exercise_stats WHERE user_id = %s AND exercise_id = %s""",
            self.person.id,
            self.exercise,
        )
        if not rows:
            assert stats == []
            return
        best = min(rows, key=lambda row: (-row[3], -row[4], row[0]))
        days = {row[0] for row in rows}
        assert stats == [(len(days), max(days), best[3], best[4], best[0])]


@pytest.fixture
async def ann(someone: NewPerson) -> Lifter:
    """Somebody new, at the bench on Wednesday 11 March 2026 at noon."""
    person: Someone = await someone()
    return Lifter(person, await person.exercise("Bench press"))


@pytest.fixture(scope="module")
async def other_process(db: Database, postgres: Any) -> AsyncIterator[Database]:
    """A second pool on the same database, as another bot process has it."""
    env = {name.lower(): value for name, value in postgres.env("training").items()}
    made = Database(DatabaseSettings.model_validate(env | {"db_pool": 4}))
    yield made
    await made.close()


def elsewhere(lifter: Lifter, database: Database) -> Lifter:
    """The same person before another bot process."""
    return replace(lifter, person=replace(lifter.person, db=database))


# Redelivery: what was before, the update that comes twice, what happens in between, and what there is in the end.

Step = Callable[[Lifter], Awaitable[Any]]


async def nothing(_: Lifter) -> None:
    """Nothing was before, or happens in between."""


@dataclass(frozen=True)
class Twice:
    """An update that is delivered again."""

    effect: Step
    first: Any
    before: Step = nothing
    between: Step = nothing
    sets: Rows = field(default_factory=list)


async def bench_60(ann: Lifter) -> None:
    await ann.tap(A, one(1, 60, 10))


async def three_sets(ann: Lifter) -> Saved:
    return await ann.type(A, 60, 8, sets=3)


async def sixty_five(ann: Lifter) -> None:
    await bench_60(ann)
    await ann.replace(B, one(1, 60, 10), one(1, 65, 8))


def then(*steps: Step) -> Step:
    async def all_of_them(ann: Lifter) -> None:
        for step in steps:
            await step(ann)

    return all_of_them


def undo(number: int, entry: int) -> Step:
    return lambda ann: ann.undo(number, entry)


def tap(number: int, done: Set) -> Step:
    return lambda ann: ann.tap(number, done)


def delete(number: int, seen: Set) -> Step:
    return lambda ann: ann.delete(number, seen)


SAVED = Outcome.SAVED
TWICE: dict[str, Twice] = {
    "a tap": Twice(tap(B, one(1, 60, 10)), SAVED, sets=[(1, 60, 10)]),
    "a tap, undone": Twice(tap(B, one(1, 60, 10)), SAVED, between=undo(C, B)),
    "a tap, undone, tapped anew": Twice(
        tap(B, one(1, 60, 10)), SAVED, between=then(undo(C, B), tap(D, one(1, 65, 8))), sets=[(1, 65, 8)]
    ),
    "a tap, deleted": Twice(tap(B, one(1, 60, 10)), SAVED, between=delete(C, one(1, 60, 10)), sets=[]),
    "3x8@60": Twice(three_sets, SAVED, sets=[(1, 60, 8), (2, 60, 8), (3, 60, 8)]),
    "3x8@60, undone": Twice(three_sets, SAVED, between=undo(C, A)),
    "3x8@60, undone, another typed": Twice(
        three_sets, SAVED, between=then(undo(C, A), lambda ann: ann.type(D, 60, 8)), sets=[(1, 60, 8)]
    ),
    "3x8@60, one of them deleted": Twice(
        three_sets, SAVED, between=delete(C, one(2, 60, 8)), sets=[(1, 60, 8), (3, 60, 8)]
    ),
    "3x8@60, all deleted": Twice(
        three_sets,
        SAVED,
        between=then(delete(B, one(1, 60, 8)), delete(C, one(2, 60, 8)), delete(D, one(3, 60, 8))),
    ),
    "a line, replaced": Twice(
        lambda ann: ann.type(B, 60, 8),
        SAVED,
        between=lambda ann: ann.replace(C, one(1, 60, 8), one(1, 62, 8)),
        sets=[(1, 62, 8)],
    ),
    "a line for a chosen set, undone": Twice(lambda ann: ann.type(B, 60, 8, set_no=4), SAVED, between=undo(C, B)),
    "a line for a chosen set, undone, tapped": Twice(
        lambda ann: ann.type(B, 60, 8, set_no=4),
        SAVED,
        between=then(undo(C, B), tap(D, one(4, 60, 8))),
        sets=[(4, 60, 8)],
    ),
    "a choice": Twice(lambda ann: ann.type(B, 180, 8, sets=2, entry=A), SAVED, sets=[(1, 180, 8), (2, 180, 8)]),
    "a choice, undone": Twice(lambda ann: ann.type(B, 180, 8, entry=A), SAVED, between=undo(C, A)),
    "Replace": Twice(
        lambda ann: ann.replace(B, one(1, 60, 10), one(1, 65, 8)), Outcome.DONE, before=bench_60, sets=[(1, 65, 8)]
    ),
    "Replace, undone": Twice(
        lambda ann: ann.replace(B, one(1, 60, 10), one(1, 65, 8)),
        Outcome.DONE,
        before=bench_60,
        between=undo(C, B),
        sets=[(1, 60, 10)],
    ),
    "Replace, replaced back": Twice(
        lambda ann: ann.replace(B, one(1, 60, 10), one(1, 65, 8)),
        Outcome.DONE,
        before=bench_60,
        between=lambda ann: ann.replace(C, one(1, 65, 8), one(1, 60, 10)),
        sets=[(1, 60, 10)],
    ),
    "Replace, deleted, recorded as before": Twice(
        lambda ann: ann.replace(B, one(1, 60, 10), one(1, 65, 8)),
        Outcome.DONE,
        before=bench_60,
        between=then(delete(C, one(1, 65, 8)), tap(D, one(1, 60, 10))),
        sets=[(1, 60, 10)],
    ),
    "Delete": Twice(delete(B, one(1, 60, 10)), Outcome.DONE, before=bench_60),
    "Delete, put back": Twice(
        delete(B, one(1, 60, 10)),
        Outcome.DONE,
        before=bench_60,
        between=tap(C, one(1, 60, 10)),
        sets=[(1, 60, 10)],
    ),
    "Delete, typed anew": Twice(
        delete(B, one(1, 60, 10)),
        Outcome.DONE,
        before=bench_60,
        between=lambda ann: ann.type(C, 60, 10),
        sets=[(1, 60, 10)],
    ),
    "Undo": Twice(undo(B, A), Undone((1,)), before=bench_60),
    "Undo, recorded again": Twice(
        undo(B, A), Undone((1,)), before=bench_60, between=tap(C, one(1, 60, 10)), sets=[(1, 60, 10)]
    ),
    "Undo, the same choice tapped again": Twice(
        undo(C, A),
        Undone((1, 2)),
        before=lambda ann: ann.type(B, 60, 8, sets=2, entry=A),
        between=lambda ann: ann.type(D, 60, 8, sets=2, entry=A),  # its line is spent
    ),
    "Undo of three": Twice(undo(B, A), Undone((1, 2, 3)), before=three_sets),
    "Undo of a replacement": Twice(undo(C, B), Undone((), one(1, 60, 10)), before=sixty_five, sets=[(1, 60, 10)]),
    "Undo of a replacement, replaced anew": Twice(
        undo(C, B),
        Undone((), one(1, 60, 10)),
        before=sixty_five,
        between=lambda ann: ann.replace(D, one(1, 60, 10), one(1, 65, 8)),
        sets=[(1, 65, 8)],
    ),
}


@pytest.mark.parametrize("case", TWICE.values(), ids=TWICE)
async def test_a_redelivery_changes_nothing(ann: Lifter, case: Twice) -> None:
    await case.before(ann)
    first = await case.effect(ann)
    assert (first.outcome if isinstance(first, Saved) else first) == case.first
    ann.person.later(seconds=4)
    await case.between(ann)
    state = await ann.state()
    assert await ann.sets() == case.sets
    for _ in range(3):
        ann.person.later(seconds=4)
        again = await case.effect(ann)
        assert (again.outcome if isinstance(again, Saved) else again) in (
            Outcome.SEEN,
            Outcome.SAME,
            Outcome.MISSING,
            Undone(),
        )
        assert await ann.state() == state
    await ann.check_stats()


# The second tap of a double tap changes nothing. When it comes once more, later, it must not change anything either.

SECOND_TAPS: dict[str, tuple[Step, Step, Step]] = {  # the tap that changes nothing, what comes before it, and after it
    "Replace": (
        lambda ann: ann.replace(C, one(1, 60, 10), one(1, 65, 8)),
        sixty_five,
        lambda ann: ann.undo(D, B),
    ),
    "Delete": (
        delete(C, one(1, 60, 10)),
        then(bench_60, delete(B, one(1, 60, 10))),
        tap(D, one(1, 60, 10)),
    ),
    "Undo": (
        undo(D, A),
        then(lambda ann: ann.type(B, 60, 8, entry=A), undo(C, A)),
        lambda ann: ann.type(605, 60, 8, entry=A),
    ),
}


@pytest.mark.parametrize("name", SECOND_TAPS)
async def test_what_changed_nothing_the_first_time_changes_nothing_when_it_comes_again(ann: Lifter, name: str) -> None:
    second, before, between = SECOND_TAPS[name]
    await before(ann)
    await second(ann)
    await between(ann)
    state = await ann.state()
    await second(ann)
    assert await ann.state() == state


async def test_a_line_that_comes_again_after_its_question_was_answered_saves_nothing_elsewhere(ann: Lifter) -> None:
    """`60x8` asked which exercise; bench it was; the line comes again while another exercise is on the screen."""
    await ann.type(B, 60, 8, entry=A)
    squat = replace(ann, exercise=await ann.person.exercise("Squat"))
    await squat.type(A, 60, 8)
    assert (await ann.sets(), await squat.sets()) == ([(1, 60, 8)], [])


async def test_an_update_of_another_bot_is_no_redelivery(ann: Lifter) -> None:
    await ann.tap(A, one(1, 60, 10))
    act = replace(ann.person.act(ann.update(A)), bot_id=43)
    done = Entered(1, Decimal(60), 8)
    saved = await ann.person.db.run(
        service.record_entry, act=act, exercise_id=ann.exercise, done=done, day=ann.day, entry=ann.update(B)
    )
    assert saved.outcome is Outcome.SAVED


# Entries.


async def test_sets_are_numbered_on_from_the_next_free_one(ann: Lifter) -> None:
    await ann.tap(A, one(2, 50, 5))
    assert await ann.type(B, 60, 8, sets=3) == Saved(Outcome.SAVED, (1, 3, 4), entry=ann.update(B))
    assert await ann.type(C, 61, 8) == Saved(Outcome.SAVED, (5,), entry=ann.update(C))
    assert [row[0] for row in await ann.sets()] == [1, 2, 3, 4, 5]
    await ann.check_stats()


@pytest.mark.parametrize(
    ("taken", "sets", "outcome"),
    [
        (0, 20, Outcome.SAVED),
        (0, 21, Outcome.FULL),
        (17, 3, Outcome.SAVED),
        (18, 3, Outcome.FULL),
        (19, 1, Outcome.SAVED),
        (19, 2, Outcome.FULL),
        (20, 1, Outcome.FULL),
    ],
)
async def test_past_twenty_a_day_nothing_is_saved_not_a_part(
    ann: Lifter, taken: int, sets: int, outcome: Outcome
) -> None:
    if taken:
        await ann.type(A, 60, 8, sets=taken)
    before = await ann.state()
    assert (await ann.type(B, 61, 8, sets=sets)).outcome is outcome
    if outcome is Outcome.FULL:
        assert await ann.state() == before
    assert len(await ann.sets()) == (taken if outcome is Outcome.FULL else taken + sets)
    tomorrow = replace(ann, day=GymDay(TODAY - timedelta(days=1), marked=True))
    assert (await tomorrow.type(C, 61, 8)).outcome is Outcome.SAVED  # it is so many a day


async def test_a_chosen_set_is_that_set(ann: Lifter) -> None:
    assert (await ann.type(A, 60, 8, set_no=4)).numbers == (4,)
    assert (await ann.type(B, 60, 8, set_no=4)) == Saved(Outcome.SAME, entry=ann.update(A))
    assert (await ann.type(C, 61, 8, set_no=4)).outcome is Outcome.OTHER
    assert await ann.sets() == [(4, 60, 8)]


async def test_a_choice_tapped_twice_saves_once_and_so_do_two_choices(ann: Lifter) -> None:
    """Two taps are two updates; the line that they complete is one."""
    assert (await ann.type(B, 180, 8, sets=2, entry=A)).numbers == (1, 2)
    for number in (C, D):
        assert await ann.type(number, 180, 8, sets=2, entry=A) == Saved(Outcome.SEEN, (1, 2), entry=ann.update(A))
    assert (await ann.type(605, 80, 8, sets=2, entry=A)).outcome is Outcome.SEEN  # the other button, a moment later
    assert await ann.sets() == [(1, 180, 8), (2, 180, 8)]


@pytest.mark.parametrize("fate", ["hidden", "hidden muscle", "deleted", "foreign", "missing"])
async def test_nothing_is_saved_corrected_or_noted_of_what_is_not_there(
    ann: Lifter, someone: NewPerson, fate: str
) -> None:
    bob = await someone()
    own = await (bob if fate == "foreign" else ann.person).own_exercise(f"Secret {fate}")
    gone = replace(ann, exercise=2_000_000_000 if fate == "missing" else own)
    if fate not in ("foreign", "missing"):
        await gone.tap(A, one(1, 60, 10))
    match fate:
        case "hidden":
            hide = "INSERT INTO user_hidden_exercises (user_id, exercise_id) VALUES (%s, %s)"
            await ann.person.sql(hide, ann.person.id, own)
        case "hidden muscle":
            await ann.person.sql("INSERT INTO user_hidden_muscles (user_id, muscle_id) VALUES (%s, 1)", ann.person.id)
        case "deleted":
            await ann.person.sql("UPDATE exercises SET deleted_at = now() WHERE id = %s", own)
    before = await gone.state()
    assert (await gone.type(B, 60, 8, sets=2)).outcome is Outcome.GONE
    assert (await gone.replace(C, one(1, 60, 10), one(1, 65, 10))).outcome is Outcome.GONE
    assert await gone.delete(D, one(1, 60, 10)) is Outcome.GONE
    await gone.note(605, "seat 4")
    assert await gone.state() == before
    assert (await ann.person.sql("SELECT count(*) FROM exercise_notes WHERE exercise_id = %s", gone.exercise)) == [(0,)]


async def test_a_strange_weight_is_offered_again_and_a_common_one_kept_out(ann: Lifter) -> None:
    await ann.type(A, "61.25", 8, sets=3)
    await ann.type(B, 60, 8)
    await ann.replace(C, one(4, 60, 8), one(4, "61.5", 8))
    await ann.replace(D, one(4, "61.5", 8), one(4, "61.25", 8))
    assert await ann.person.sql("SELECT own_weights::text[] FROM users WHERE id = %s", ann.person.id) == [
        (["61.25", "61.5"],)
    ]


async def test_two_lines_at_one_moment_in_two_processes_are_both_kept(ann: Lifter, other_process: Database) -> None:
    there = elsewhere(ann, other_process)
    for number in range(5):
        first, second = 2 * number, 2 * number + 1
        made = await asyncio.gather(ann.type(first, 60 + first, 8, sets=2), there.type(second, 60 + second, 8, sets=2))
        assert [each.outcome for each in made] == [SAVED, SAVED]
    assert [row[0] for row in await ann.sets()] == list(range(1, 21))
    assert sorted(row[1] for row in await ann.sets()) == [60 + number // 2 for number in range(20)]
    full = await asyncio.gather(ann.type(30, 60, 8), there.type(31, 60, 8))
    assert [each.outcome for each in full] == [Outcome.FULL] * 2
    await ann.check_stats()


async def test_the_last_place_of_a_day_goes_to_one_of_two_lines(ann: Lifter, other_process: Database) -> None:
    there = elsewhere(ann, other_process)
    await ann.type(1, 60, 8, sets=17)
    made = await asyncio.gather(ann.type(2, 61, 8, sets=2), there.type(3, 62, 8, sets=2))
    assert sorted(each.outcome for each in made) == [Outcome.FULL, SAVED]
    assert len(await ann.sets()) == 19


async def test_one_line_delivered_to_two_processes_at_once_is_saved_once(ann: Lifter, other_process: Database) -> None:
    there = elsewhere(ann, other_process)
    for number in range(6):
        made = await asyncio.gather(*(each.type(number, 60, 8, sets=3) for each in (ann, there, ann, there)))
        assert sorted(each.outcome for each in made) == [SAVED] + [Outcome.SEEN] * 3
        assert len({each.numbers for each in made}) == 1
    assert len(await ann.sets()) == 18


# Replace.


async def test_a_set_that_was_changed_meanwhile_is_not_overwritten_unseen(ann: Lifter) -> None:
    await bench_60(ann)
    await ann.replace(B, one(1, 60, 10), one(1, 62, 9))
    assert (await ann.replace(C, one(1, 60, 10), one(1, 65, 8))).outcome is Outcome.OTHER
    assert await ann.delete(D, one(1, 60, 10)) is Outcome.OTHER
    assert await ann.sets() == [(1, 62, 9)]
    assert (await ann.replace(605, one(1, 60, 10), one(1, 62, 9))).outcome is Outcome.SAME
    assert await ann.undo(606, B) == Undone((), one(1, 60, 10))  # looking changed nothing of it


async def test_what_is_gone_cannot_be_replaced_or_deleted(ann: Lifter) -> None:
    assert (await ann.replace(A, one(1, 60, 10), one(1, 65, 8))).outcome is Outcome.MISSING
    assert await ann.delete(B, one(1, 60, 10)) is Outcome.MISSING
    assert await ann.sets() == []


async def test_replace_keeps_the_moment_and_the_other_sets(ann: Lifter) -> None:
    await ann.type(A, 60, 8, sets=3)
    dates = await ann.person.sql("SELECT set, date FROM training WHERE user_id = %s ORDER BY set", ann.person.id)
    ann.person.later(minutes=30)
    await ann.replace(B, one(2, 60, 8), one(2, 70, 5))
    assert await ann.sets() == [(1, 60, 8), (2, 70, 5), (3, 60, 8)]
    again = await ann.person.sql("SELECT set, date FROM training WHERE user_id = %s ORDER BY set", ann.person.id)
    assert again == dates
    await ann.check_stats()


async def test_of_two_replacements_at_once_the_second_is_asked_about(ann: Lifter, other_process: Database) -> None:
    there = elsewhere(ann, other_process)
    await bench_60(ann)
    made = await asyncio.gather(
        ann.replace(B, one(1, 60, 10), one(1, 65, 8)), there.replace(C, one(1, 60, 10), one(1, 70, 6))
    )
    assert sorted(each.outcome for each in made) == [Outcome.DONE, Outcome.OTHER]
    won = B if made[0].outcome is Outcome.DONE else C
    assert (await ann.undo(D, won)).restored == one(1, 60, 10)


async def test_undo_and_replace_at_once_end_as_one_after_the_other(ann: Lifter, other_process: Database) -> None:
    there = elsewhere(ann, other_process)
    for number in range(0, 40, 4):
        await ann.tap(number, one(1, 60, 10))
        undone, replaced = await asyncio.gather(
            ann.undo(number + 1, number), there.replace(number + 2, one(1, 60, 10), one(1, 65, 8))
        )
        if undone == Undone((1,)):
            assert (replaced.outcome, await ann.sets()) == (Outcome.MISSING, [])
        else:
            assert (undone, replaced.outcome, await ann.sets()) == (Undone(), Outcome.DONE, [(1, 65, 8)])
            await ann.delete(number + 3, one(1, 65, 8))
    await ann.check_stats()


# Undo.


async def test_undo_takes_back_the_whole_entry_and_nothing_else(ann: Lifter, someone: NewPerson) -> None:
    bob = replace(ann, person=await someone())
    squat = replace(ann, exercise=await ann.person.exercise("Squat"))
    monday = replace(ann, day=GymDay(date(2026, 3, 9), marked=True))
    others = (bob, squat, monday)
    for number, each in enumerate(others):
        await each.type(number, 60, 8)
    await ann.type(A, 60, 8, sets=2)
    await ann.type(B, 62, 8, sets=3)
    await ann.type(C, 64, 8)
    assert await ann.undo(D, B) == Undone((3, 4, 5))
    assert await ann.sets() == [(1, 60, 8), (2, 60, 8), (6, 64, 8)]
    for each in others:
        assert await each.sets() == [(1, 60, 8)]
    await ann.check_stats()


async def test_nobody_undoes_another_s_entry(ann: Lifter, someone: NewPerson) -> None:
    bob = replace(ann, person=await someone())
    await bob.type(A, 60, 8)
    act = ann.person.act()
    what = await ann.person.db.run(service.undo, act=act, exercise_id=bob.exercise, day=bob.day, entry=bob.update(A))
    assert (what, await bob.sets()) == (Undone(), [(1, 60, 8)])


@pytest.mark.parametrize("change", ["undone", "replaced", "deleted", "replaced and undone"])
async def test_an_undo_after_further_changes_finds_nothing(ann: Lifter, change: str) -> None:
    await ann.tap(A, one(1, 60, 10))
    match change:
        case "undone":
            await ann.undo(B, A)
        case "deleted":
            await ann.delete(B, one(1, 60, 10))
        case _:
            await ann.replace(B, one(1, 60, 10), one(1, 65, 8))
    if change == "replaced and undone":
        await ann.undo(C, B)
    before = await ann.state()
    assert await ann.undo(D, A if change != "replaced and undone" else B) == Undone()
    assert await ann.state() == before


async def test_what_a_replacement_changed_for_a_while_is_still_of_its_entry(ann: Lifter) -> None:
    await three_sets(ann)
    await ann.replace(B, one(2, 60, 8), one(2, 65, 8))
    await ann.undo(C, B)
    assert await ann.undo(D, A) in (Undone((1, 2, 3)), Undone())  # all of it or nothing; now it leaves set 2 behind


async def test_each_replacement_is_taken_back_by_its_own_undo_alone(ann: Lifter) -> None:
    await sixty_five(ann)
    await ann.replace(C, one(1, 65, 8), one(1, 70, 6))
    assert await ann.undo(D, B) == Undone()  # the older one's button
    assert await ann.undo(605, C) == Undone((), one(1, 65, 8))
    assert await ann.undo(606, C) == Undone()
    assert await ann.sets() == [(1, 65, 8)]
    await ann.check_stats()


async def test_undo_brings_the_former_record_back(ann: Lifter) -> None:
    await bench_60(ann)
    await ann.replace(B, one(1, 60, 10), one(1, 100, 1))
    assert (await ann.person.open(ann.exercise)).record == Record(Decimal(100), 1, TODAY)
    await ann.undo(C, B)
    assert (await ann.person.open(ann.exercise)).record == Record(Decimal(60), 10, TODAY)
    await ann.tap(D, one(2, 70, 5))
    await ann.undo(605, D)
    assert (await ann.person.open(ann.exercise)).record == Record(Decimal(60), 10, TODAY)
    await ann.check_stats()


async def test_an_undo_of_what_was_hidden_since_changes_nothing_or_says_so(ann: Lifter) -> None:
    """Its screen says `That exercise was removed`, and no word of the set that it took."""
    await bench_60(ann)
    hide = "INSERT INTO user_hidden_exercises (user_id, exercise_id) VALUES (%s, %s)"
    await ann.person.sql(hide, ann.person.id, ann.exercise)
    await ann.undo(B, A)
    assert await ann.sets() == [(1, 60, 10)]


async def test_two_undos_at_once_take_back_once(ann: Lifter, other_process: Database) -> None:
    there = elsewhere(ann, other_process)
    for number in range(0, 30, 3):
        await ann.type(number, 60, 8, sets=2)
        made = await asyncio.gather(ann.undo(number + 1, number), there.undo(number + 2, number))
        assert sorted(map(len, (each.removed for each in made))) == [0, 2]
    assert await ann.sets() == []


# Somebody without a turn: an operator by SQL, after the look and before the change. What is said is what was done.

WAITING = "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


@pytest.fixture
def operator(postgres: Any) -> Iterator[Any]:
    """A cursor in a transaction that is not committed yet."""
    connection = connect(postgres.env("training"))
    connection.autocommit = False
    yield connection.cursor()
    connection.close()


def commit_when_somebody_waits(operator: Any) -> None:
    deadline = time.monotonic() + START_SECONDS
    operator.execute(WAITING)
    while not operator.rowcount:
        assert time.monotonic() < deadline
        operator.execute(WAITING)
    operator.connection.commit()


MEANWHILE: dict[str, tuple[Step, Any, str, Any, Rows]] = {  # what was before, the tap, their SQL, our answer, the sets
    "Replace of what has other numbers": (
        bench_60,
        lambda ann: ann.replace(C, one(1, 60, 10), one(1, 65, 8)),
        "UPDATE training SET weight = 70 WHERE user_id = %s",
        Outcome.OTHER,
        [(1, 70, 10)],
    ),
    "Replace of what has the same numbers": (
        bench_60,
        lambda ann: ann.replace(C, one(1, 60, 10), one(1, 65, 8)),
        "UPDATE training SET date = date - INTERVAL '1 minute' WHERE user_id = %s",
        Outcome.DONE,
        [(1, 65, 8)],
    ),
    "Replace of what is gone": (
        bench_60,
        lambda ann: ann.replace(C, one(1, 60, 10), one(1, 65, 8)),
        "DELETE FROM training WHERE user_id = %s",
        Outcome.MISSING,
        [],
    ),
    "Delete of what has other numbers": (
        bench_60,
        delete(C, one(1, 60, 10)),
        "UPDATE training SET reps = 12 WHERE user_id = %s",
        Outcome.OTHER,
        [(1, 60, 12)],
    ),
    "Delete of what has the same numbers": (
        bench_60,
        delete(C, one(1, 60, 10)),
        "UPDATE training SET date = date - INTERVAL '1 minute' WHERE user_id = %s",
        Outcome.DONE,
        [],
    ),
    "Delete of what is gone": (
        bench_60,
        delete(C, one(1, 60, 10)),
        "DELETE FROM training WHERE user_id = %s",
        Outcome.MISSING,
        [],
    ),
    "Undo of what is of no entry any more": (
        bench_60,
        undo(C, A),
        "UPDATE training SET entry = NULL WHERE user_id = %s",
        Undone(),
        [(1, 60, 10)],
    ),
    "Undo of three, one with other numbers": (
        three_sets,
        undo(C, A),
        "UPDATE training SET weight = 70 WHERE user_id = %s AND set = 2",
        Undone((1, 2, 3)),
        [],
    ),
    "Undo of three, one gone": (
        three_sets,
        undo(C, A),
        "DELETE FROM training WHERE user_id = %s AND set = 2",
        Undone((1, 3)),
        [],
    ),
    "Undo of a replacement that has other numbers": (
        sixty_five,
        undo(C, B),
        "UPDATE training SET weight = 70 WHERE user_id = %s",
        Undone((), one(1, 60, 10)),
        [(1, 60, 10)],
    ),
    "Undo of a replacement that is gone": (
        sixty_five,
        undo(C, B),
        "DELETE FROM training WHERE user_id = %s",
        Undone(),
        [],
    ),
}


@pytest.mark.parametrize(("before", "tap_", "theirs", "answer", "sets"), MEANWHILE.values(), ids=MEANWHILE)
async def test_what_is_changed_without_a_turn_meanwhile_is_looked_at_again(
    ann: Lifter, operator: Any, before: Step, tap_: Step, theirs: str, answer: Any, sets: Rows
) -> None:
    await before(ann)
    operator.execute(theirs, (ann.person.id,))
    said, _ = await asyncio.gather(tap_(ann), asyncio.to_thread(commit_when_somebody_waits, operator))
    assert (said.outcome if isinstance(said, Saved) else said) == answer
    assert await ann.sets() == sets
    await ann.check_stats()


# The day of it.


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2026-03-11T23:59:59+00:00", True),
        ("2026-03-12T03:59:59+00:00", True),
        ("2026-03-12T04:00:00+00:00", False),
        ("2026-03-14T12:00:00+00:00", False),
    ],
)
async def test_a_day_is_corrected_until_four_in_the_morning_a_marked_one_for_ever(
    ann: Lifter, at: str, open_: bool
) -> None:
    await ann.type(A, 60, 8, sets=3)
    late = replace(ann, person=ann.person.at(at))
    before = await ann.state()
    outcomes = [
        (await late.type(B, 61, 8)).outcome,
        (await late.replace(C, one(2, 60, 8), one(2, 70, 5))).outcome,
        await late.delete(D, one(3, 60, 8)),
        await late.undo(605, A),
    ]
    if open_:
        assert outcomes == [SAVED, Outcome.DONE, Outcome.DONE, Undone((1,))]
        assert await ann.sets() == [(2, 70, 5), (4, 61, 8)]
    else:
        assert outcomes == [Outcome.EXPIRED, Outcome.EXPIRED, Outcome.EXPIRED, Undone()]
        assert await ann.state() == before
        marked = replace(late, day=GymDay(TODAY, marked=True))
        assert (await marked.type(606, 61, 8)).outcome is SAVED
        assert (await marked.replace(607, one(2, 60, 8), one(2, 70, 5))).outcome is Outcome.DONE
        assert await marked.delete(608, one(3, 60, 8)) is Outcome.DONE
        assert await marked.undo(609, A) == Undone((1,))
    await ann.check_stats()


async def test_the_day_ends_in_the_person_s_own_zone(someone: NewPerson) -> None:
    person = await someone(zone="Asia/Tokyo", at="2026-03-11T03:00:00+00:00")  # noon there
    ann = Lifter(person, await person.exercise("Bench press"))
    await ann.tap(A, one(1, 60, 10))
    late = replace(ann, person=person.at("2026-03-11T19:00:00+00:00"))  # four in the morning
    assert await late.undo(B, A) == Undone()
    late = replace(ann, person=person.at("2026-03-11T18:59:59+00:00"))
    assert await late.undo(C, A) == Undone((1,))


async def test_a_day_to_come_takes_nothing(ann: Lifter) -> None:
    tomorrow = replace(ann, day=GymDay(date(2026, 3, 12), marked=True))
    assert (await tomorrow.type(A, 60, 8)).outcome is Outcome.EXPIRED
    assert await tomorrow.sets() == []


# Notes.


async def test_a_redelivered_note_does_not_overwrite_a_newer_one(ann: Lifter) -> None:
    assert await ann.note(A, "seat 4")
    assert await ann.note(B, "seat 5")
    assert not await ann.note(A, "seat 4")
    assert await ann.noted() == "seat 5"
    assert await ann.note(C, None)
    assert not await ann.note(B, "seat 5")
    assert await ann.noted() is None
    assert await ann.note(D, "seat 6")
    assert not await ann.note(C, None)
    assert await ann.noted() == "seat 6"


async def test_a_note_is_one_person_s_of_one_exercise(ann: Lifter, someone: NewPerson) -> None:
    bob, squat = replace(ann, person=await someone()), replace(ann, exercise=await ann.person.exercise("Squat"))
    await ann.note(A, "seat 4")
    await squat.note(B, "low bar")
    assert (await ann.noted(), await squat.noted(), await bob.noted()) == ("seat 4", "low bar", None)
    await bob.note(C, None)
    await squat.note(C, None)
    assert (await ann.noted(), await squat.noted()) == ("seat 4", None)


@pytest.mark.parametrize("letter", ["x", "Щ", "💪", "<", "\u0301", "'"])
async def test_two_hundred_characters_are_kept_whatever_they_are(ann: Lifter, letter: str) -> None:
    await ann.note(A, letter * 200)
    assert await ann.noted() == letter * 200


# The typo guard: the record, the sets of the last time, and the typed weight; what was probably meant.

GUARD: list[tuple[str, str, list[str], str, str | None]] = [
    ("the first time", "", [], "999.99", None),
    ("a little above", "80", ["80"], "82.5", None),
    ("1.3 times exactly", "80", ["80"], "104", None),
    ("a hair more than 1.3 times", "80", ["80"], "104.01", "80"),
    ("10 kg above exactly", "20", ["20"], "30", None),
    ("a hair more than 10 kg above", "20", ["20"], "30.01", "20"),
    ("more than 1.3 times, less than 10 kg", "10", ["10"], "19.99", None),
    ("more than 10 kg, less than 1.3 times", "200", ["200"], "259.99", None),
    ("10 times the last exactly", "100", ["8"], "80", None),
    ("a hair more than 10 times the last", "100", ["8"], "80.01", "8"),
    ("both: the record is named", "80", ["8"], "180", "80"),
    ("10 times the last of light weights", "1", ["1"], "10.5", "1"),
    ("the last set counts, not the first", "100", ["60", "8"], "85", "8"),
    ("a lighter weight is never doubted", "80", ["80"], "0.5", None),
    ("bodyweight typed", "80", ["80"], "0", None),
    ("a record of bodyweight", "0", ["0"], "100", None),
    ("the last was bodyweight", "80", ["0"], "90", None),
    ("the last was bodyweight, above the record", "80", ["0"], "180", "80"),
    ("800 for 80", "80", ["80"], "800", "80"),
    ("600 for 60, the record far off", "200", ["60"], "600", "200"),
]


@pytest.mark.parametrize(("_", "record", "last", "typed", "known"), GUARD, ids=[each[0] for each in GUARD])
def test_the_typo_guard(_: str, record: str, last: list[str], typed: str, known: str | None) -> None:
    session = Session(
        exercise=Exercise(1, "Bench press"),
        muscle_id=1,
        day=GymDay(TODAY),
        sets=(),
        newest=None,
        last_day=date(2026, 3, 4) if last else None,
        last_sets=tuple(one(number, weight, 10) for number, weight in enumerate(last, 1)),
        days=1 if last else 0,
        record=Record(Decimal(record), 5, date(2026, 3, 4)) if record else None,
        follower=None,
        own_weights=(),
        unit=Unit.KG,
        step=None,
    )
    assert known_instead(session, Decimal(typed)) == (None if known is None else Decimal(known))
    # The same sets done today: the one saved last is the last.
    today = replace(
        session, sets=session.last_sets, newest=len(last) or None, last_sets=(one(1, 300, 1),) if last else ()
    )
    assert known_instead(today, Decimal(typed)) == (None if known is None else Decimal(known))


# What a day came to.


async def test_a_day_is_summed_up_in_the_order_in_which_it_was_done(ann: Lifter) -> None:
    squat = replace(ann, exercise=await ann.person.exercise("Squat"))
    await squat.type(1, 100, 5)
    ann.person.later(minutes=10)
    squat.person.now = ann.person.now
    await ann.type(2, "62.5", 8, sets=2)
    await ann.type(3, "62.5", 9)
    ann.person.later(minutes=34, seconds=31)
    await squat.type(4, 90, 12)
    found = await ann.person.db.run(service.summary, act=ann.person.act(), day=TODAY)
    assert found.exercises == (
        Stretch(Exercise(squat.exercise, "Squat"), (one(1, 100, 5), one(2, 90, 12)), one(1, 100, 5)),
        Stretch(
            Exercise(ann.exercise, "Bench press"),
            (one(1, "62.5", 8), one(2, "62.5", 8), one(3, "62.5", 9)),
            one(3, "62.5", 9),
        ),
    )
    assert (found.day, found.sets, found.tonnage, found.minutes) == (TODAY, 5, Decimal("3142.5"), 45)


@pytest.mark.parametrize(
    ("pauses", "minutes"),
    [((), 0), ((5, 4.6), 10), ((179, 1), 180), ((30, 180, 20), 50), ((30, 2880, 0.1), 30), ((2880,), 0)],
)
async def test_a_training_lasts_as_long_as_somebody_is_at_it(
    ann: Lifter, pauses: tuple[float, ...], minutes: int
) -> None:
    """A set that is added to a day two days later makes it no longer, nor does one that was deleted and put back."""
    ann.day = GymDay(TODAY, marked=True)
    await ann.type(1, 60, 8)
    for entry, pause in enumerate(pauses, 2):
        ann.person.later(minutes=pause)
        await ann.type(entry, 60, 8)
    found = await ann.person.db.run(service.summary, act=ann.person.act(), day=TODAY)
    assert found.minutes == minutes


async def test_a_day_of_nothing_is_summed_up(ann: Lifter) -> None:
    found = await ann.person.db.run(service.summary, act=ann.person.act(), day=TODAY)
    assert (found.exercises, found.sets, found.tonnage, found.minutes) == ((), 0, 0, 0)
