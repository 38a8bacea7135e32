"""Looking back, on real tables: what a page shows, in every zone, and after every change."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from app.modules.catalog.model import Exercise
from app.modules.history import service
from app.modules.history.model import Best, TrainingDay
from app.modules.training import service as training
from app.modules.training.model import GymDay, Outcome, Record, Set
from app.utils.units import Unit
from dev.servers import Postgres
from tests.history.conftest import fill
from tests.stage import connected
from tests.training.conftest import NewPerson, Someone

MONDAY = date(2026, 3, 9)
LOOKING_BACK = GymDay(MONDAY, marked=True, looking_back=True)


async def days(person: Someone, **where: Any) -> tuple[TrainingDay, ...]:
    return (await person.db.run(service.days, user_id=person.id, **where)).days


async def bests(person: Someone) -> tuple[Best, ...]:
    return (await person.db.run(service.records, user_id=person.id, page=1)).bests


async def on(person: Someone, day: date = MONDAY) -> dict[str, list[str]]:
    """What is shown of a day."""
    found = await person.db.run(training.summary, act=person.act(), day=day)
    return {
        each.exercise.name: [f"{done.set_no}: {done.weight:f}x{done.reps}" for done in each.sets]
        for each in found.exercises
    }


@pytest.fixture
async def lifter(ann: Someone) -> Someone:
    """Two sets of bench press on a Monday, and one the week before."""
    bench = await ann.exercise("Bench press")
    await ann.at("2026-03-02T18:00:00+00:00").record(bench, 1, 70, 5)
    then = ann.at("2026-03-09T18:00:00+00:00")
    await then.record(bench, 1, 80, 5)
    await then.record(bench, 2, 60, 10)
    return ann


ZONES = ("UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu", "America/St_Johns")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("recorded_in", ZONES)
async def test_a_day_is_the_same_in_every_zone(someone: NewPerson, recorded_in: str, zone: str) -> None:
    """Also the day after tomorrow of where they are now, which is today where they were."""
    person: Someone = await someone(zone=recorded_in, at="2026-03-09T11:30:00+00:00")
    bench = await person.exercise("Bench press")
    await person.record(bench, 1, 80, 5)
    ((day, sets, _),) = [(each.day, each.sets, each.muscles) for each in await days(person)]
    moved = replace(person, zone=zone)
    assert [(each.day, each.sets) for each in await days(moved)] == [(day, sets)]
    opened = await moved.open(bench, GymDay(day, marked=True, looking_back=True))
    assert (opened.day.day, opened.expired, opened.sets) == (day, None, (Set(1, Decimal(80), 5),))
    seen, done = Set(1, Decimal(80), 5), Set(1, Decimal("82.5"), 5)
    there = GymDay(day, marked=True, looking_back=True)
    arguments: dict[str, Any] = {"act": moved.act(), "exercise_id": bench, "seen": seen, "done": done, "day": there}
    assert (await moved.db.run(training.replace_set, **arguments)).outcome is Outcome.DONE
    assert await on(moved, day) == {"Bench press": ["1: 82.5x5"]}


async def test_nothing_is_recorded_on_a_day_that_has_begun_nowhere(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    tomorrow_everywhere = GymDay(date(2026, 3, 13), marked=True, looking_back=True)
    assert (await ann.record(bench, 1, 80, 5, day=tomorrow_everywhere)).outcome is Outcome.EXPIRED
    assert await ann.rows() == []


async def test_whatever_changes_a_set_changes_all_that_is_shown_of_it(lifter: Someone) -> None:
    bench, squat = await lifter.exercise("Bench press"), await lifter.exercise("Squat")

    async def shown() -> tuple[Any, ...]:
        session = await lifter.open(bench)
        list_ = await lifter.db.run(training.muscle_list, user_id=lifter.id, muscle_id=1)
        assert list_ is not None
        (days_of_bench,) = [each.days for each in list_.exercises if each.exercise.id == bench]
        record = session.record and (session.record.weight, session.record.reps, session.record.day)
        there = [(each.exercise.id, each.record.weight) for each in await bests(lifter)]
        day_list = [(each.day.day, each.sets) for each in await days(lifter)]
        return record, session.last_day and session.last_day.day, days_of_bench, there, day_list

    assert await shown() == ((80, 5, MONDAY), 9, 2, [(bench, 80)], [(9, 2), (2, 1)])
    act = {"exercise_id": bench, "day": LOOKING_BACK}
    seen, done = Set(1, Decimal(80), 5), Set(1, Decimal(65), 5)
    await lifter.db.run(training.replace_set, act=lifter.act(), seen=seen, done=done, **act)
    assert await shown() == ((70, 5, date(2026, 3, 2)), 9, 2, [(bench, 70)], [(9, 2), (2, 1)])
    await lifter.sql(  # moved to another day by an operator
        "UPDATE training SET day = DATE '2026-03-10' WHERE user_id = %s AND day = %s AND set = 1", lifter.id, MONDAY
    )
    assert await shown() == ((70, 5, date(2026, 3, 2)), 10, 3, [(bench, 70)], [(10, 1), (9, 1), (2, 1)])
    await lifter.sql(  # and to another exercise
        "UPDATE training SET exercise_id = %s, muscle_id = 7 WHERE user_id = %s AND day = '2026-03-02'",
        squat,
        lifter.id,
    )
    assert await shown() == ((65, 5, date(2026, 3, 10)), 10, 2, [(bench, 65), (squat, 70)], [(10, 1), (9, 1), (2, 1)])
    gone = Set(2, Decimal(60), 10)
    await lifter.db.run(training.delete_set, act=lifter.act(), seen=gone, **act)
    assert await shown() == ((65, 5, date(2026, 3, 10)), 10, 1, [(bench, 65), (squat, 70)], [(10, 1), (2, 1)])


@pytest.mark.parametrize(
    "out_of_sight",
    [
        "INSERT INTO user_hidden_exercises (user_id, exercise_id) SELECT %(me)s, %(exercise)s",
        "INSERT INTO user_hidden_muscles (user_id, muscle_id) SELECT %(me)s, 1",
        "UPDATE exercises SET deleted_at = now(), created_by = %(me)s, is_global = FALSE WHERE id = %(exercise)s",
    ],
    ids=["hidden", "muscle hidden", "own and deleted"],
)
async def test_what_is_out_of_the_lists_is_corrected_and_deleted_all_the_same(ann: Someone, out_of_sight: str) -> None:
    exercise = await ann.own_exercise("Svend press")
    await ann.at("2026-03-09T18:00:00+00:00").record(exercise, 1, 20, 12)
    if "hidden" in out_of_sight:
        await ann.sql(
            "UPDATE exercises SET is_global = TRUE, created_by = NULL, name = %s WHERE id = %s", f"S {ann.id}", exercise
        )
    statement = out_of_sight.replace("%(me)s", str(ann.id)).replace("%(exercise)s", str(exercise))
    await ann.sql(statement)
    assert await ann.db.run(training.session, act=ann.act(), exercise_id=exercise, day=None) is None
    session = await ann.open(exercise, LOOKING_BACK)
    assert (session.listed, session.sets) == (False, (Set(1, Decimal(20), 12),))
    where: dict[str, Any] = {"exercise_id": exercise, "day": LOOKING_BACK}
    one, other = Set(1, Decimal(20), 12), Set(1, Decimal(25), 8)
    became = await ann.db.run(training.replace_set, act=ann.act(), seen=one, done=other, **where)
    assert became.outcome is Outcome.DONE
    assert await ann.db.run(training.delete_set, act=ann.act(), seen=other, **where) is Outcome.DONE
    assert await ann.rows() == []
    await ann.sql("DELETE FROM user_hidden_muscles WHERE user_id = %s", ann.id)


async def test_nobody_looks_back_at_anothers(someone: NewPerson, lifter: Someone) -> None:
    secret = await lifter.own_exercise("Secret press")
    await lifter.at("2026-03-09T18:30:00+00:00").record(secret, 1, 20, 12)
    stranger: Someone = await someone()
    assert await days(stranger) == ()
    assert await bests(stranger) == ()
    assert await on(stranger) == {}
    for looking_back in (True, False):
        there = GymDay(MONDAY, marked=True, looking_back=looking_back)
        act: dict[str, Any] = {"act": stranger.act(), "exercise_id": secret, "day": there}
        assert await stranger.db.run(training.session, **act) is None
        gone = await stranger.db.run(training.delete_set, seen=Set(1, Decimal(20), 12), **act)
        saved = await stranger.record(secret, 2, 20, 12, day=there)
        assert (gone, saved.outcome) == (Outcome.GONE, Outcome.GONE)
    assert await on(lifter) == {"Bench press": ["1: 80x5", "2: 60x10"], "Secret press": ["1: 20x12"]}


async def test_records_and_their_order(lifter: Someone) -> None:
    squat = await lifter.exercise("Squat")
    await fill(lifter, squat, days=3, sets=1)
    bench = await lifter.exercise("Bench press")
    found = await lifter.db.run(service.records, user_id=lifter.id, page=1)
    assert (found.total, found.unit) == (2, Unit.KG)
    assert found.bests == (
        Best(Exercise(squat, "Squat"), Record(Decimal(60), 8, date(2026, 2, 24))),
        Best(Exercise(bench, "Bench press"), Record(Decimal(80), 5, MONDAY)),
    )


async def test_more_sets_than_a_day_takes_are_all_there(ann: Someone) -> None:
    """Of two exercises that became one."""
    bench = await ann.exercise("Bench press")
    await fill(ann, bench, days=1, sets=30, until="2026-03-09")
    assert len((await on(ann))["Bench press"]) == 30
    opened = await ann.open(bench, LOOKING_BACK)
    act: dict[str, Any] = {"exercise_id": bench, "day": LOOKING_BACK}
    assert len(opened.sets) == 30
    one, other = Set(30, Decimal(60), 8), Set(30, Decimal(65), 8)
    assert (await ann.db.run(training.replace_set, act=ann.act(), seen=one, done=other, **act)).outcome is Outcome.DONE
    assert await ann.db.run(training.delete_set, act=ann.act(), seen=other, **act) is Outcome.DONE
    assert len((await on(ann))["Bench press"]) == 29


async def test_a_page_reads_what_it_shows(db: Any, ann: Someone, postgres: Postgres) -> None:
    """One round trip each, and not the twenty thousand sets behind them."""
    for name in ("Bench press", "Squat", "Pec deck", "Leg press"):
        await fill(ann, await ann.exercise(name), days=1000, sets=5)
    with connected(postgres.env("training")) as owner:
        owner.execute("ANALYZE training")
    for where in ({}, {"until": date(2016, 5, 3)}, {"after": date(2016, 5, 3)}, {"until": date(1990, 1, 1)}):
        assert await fewest_trips(db, partial(days, ann, **where)) == 1
    assert len(await bests(ann)) == 4
    assert await fewest_trips(db, partial(bests, ann)) == 1


async def fewest_trips(db: Any, read: Callable[[], Awaitable[Any]]) -> int:
    """Of some readings: the first on each of the connections makes its plan."""
    costs = []
    for _ in range(6):
        before = db.trips
        await read()
        costs.append(db.trips - before)
    return min(costs)
