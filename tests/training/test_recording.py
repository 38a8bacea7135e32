"""Recording a set: once, by whoever may, with its record announced once."""

import asyncio
from decimal import Decimal

import pytest

from app.modules.training.model import GymDay, Outcome, Record, Set
from app.modules.training.rules import is_record, one_taps
from tests.training.conftest import NewPerson, Someone


async def test_a_set_is_saved_once_however_often_it_is_tapped(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    assert (await ann.record(bench, 1, 60, 10)).outcome is Outcome.SAVED
    assert (await ann.record(bench, 1, 60, 10)).outcome is Outcome.SAME
    assert (await ann.record(bench, 1, 65, 10)).outcome is Outcome.OTHER
    assert await ann.rows() == [("2026-03-11", bench, 1, 60.0, 10)]


async def test_a_redelivered_tap_does_nothing_more(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    assert (await ann.record(bench, 1, 60, 10, update_id=77)).outcome is Outcome.SAVED
    for _ in range(4):
        assert (await ann.record(bench, 1, 60, 10, update_id=77)).outcome is Outcome.SEEN
    assert len(await ann.rows()) == 1


async def test_a_redelivery_after_the_set_was_taken_back_stays_undone(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    await ann.record(bench, 1, 60, 10, update_id=78)
    await ann.sql("DELETE FROM training WHERE user_id = %s", ann.id)
    assert (await ann.record(bench, 1, 60, 10, update_id=78)).outcome is Outcome.SEEN
    assert await ann.rows() == []


async def test_two_at_once_are_one_row_and_two_people_two(ann: Someone, someone: NewPerson) -> None:
    bob = await someone()
    bench = await ann.exercise("Bench press")
    day = (await ann.open(bench)).day
    same = await asyncio.gather(*(ann.record(bench, 1, 60, 10, day=day, update_id=79) for _ in range(2)))
    assert sorted(each.outcome for each in same) == [Outcome.SAVED, Outcome.SEEN]
    taps = [ann.record(bench, 2, 60, 10, day=day) for _ in range(4)] + [bob.record(bench, 2, 60, 10, day=day)]
    outcomes = [each.outcome for each in await asyncio.gather(*taps)]
    assert sorted(outcomes[:4]) == [Outcome.SAME] * 3 + [Outcome.SAVED]
    assert outcomes[4] is Outcome.SAVED
    assert (len(await ann.rows()), len(await bob.rows())) == (2, 1)


async def test_the_screen_shows_last_time_and_not_today(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    await ann.record(bench, 1, 60, 10)
    await ann.record(bench, 2, 65, 8)
    session = await ann.open(bench)
    assert (session.last_day, session.last_sets) == (None, ())
    assert session.sets == (Set(1, Decimal(60), 10), Set(2, Decimal(65), 8))
    assert session.record == Record(Decimal(65), 8, ann.now.date())
    ann.later(days=3)
    session = await ann.open(bench)
    assert session.sets == ()
    assert str(session.last_day) == "2026-03-11"
    assert session.last_sets == (Set(1, Decimal(60), 10), Set(2, Decimal(65), 8))
    ann.later(days=2)
    await ann.record(bench, 1, 50, 5)
    assert (await ann.open(bench)).last_sets == (Set(1, Decimal(60), 10), Set(2, Decimal(65), 8))


async def test_a_record_is_announced_once_and_equal_weights_are_none(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    said = []
    for set_no, (weight, reps) in enumerate([(60, 8), (60, 8), (60, 9), (60, 9), (62.5, 3), (62.5, 2), (60, 20)], 1):
        await ann.record(bench, set_no, str(weight), reps, update_id=900 + set_no)
        said.append(is_record(await ann.open(bench), Set(set_no, Decimal(str(weight)), reps)))
    assert said == [False, False, True, False, True, False, False]
    assert (await ann.record(bench, 5, "62.5", 3, update_id=905)).outcome is Outcome.SEEN
    assert (await ann.open(bench)).record == Record(Decimal("62.5"), 3, ann.now.date())


async def test_a_one_tap_right_behind_another_saves_nothing(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    day = (await ann.open(bench)).day
    await ann.record(bench, 1, 60, 10, day=day, quick=True)
    ann.later(seconds=2.9)
    assert (await ann.record(bench, 1, 60, 10, day=day, quick=True)).outcome is Outcome.SAME
    too_soon = await ann.record(bench, 2, 60, 10, day=day, quick=True, update_id=951)
    assert (too_soon.outcome, too_soon.before) == (Outcome.TOO_SOON, 1)
    ann.later(seconds=0.2)
    # A redelivery is no second tap, however late.
    assert (await ann.record(bench, 2, 60, 10, day=day, quick=True, update_id=951)).outcome is Outcome.SEEN
    assert (await ann.record(bench, 2, 60, 10, day=day, quick=True)).outcome is Outcome.SAVED
    # A chosen set is not guarded: it took three taps.
    assert (await ann.record(bench, 3, 60, 10, day=day)).outcome is Outcome.SAVED


@pytest.mark.parametrize("fate", ["hidden", "hidden muscle", "deleted", "foreign", "missing"])
async def test_an_exercise_that_is_not_there_saves_nothing(ann: Someone, someone: NewPerson, fate: str) -> None:
    bob = await someone()
    exercise = await (bob if fate == "foreign" else ann).own_exercise(f"Secret {fate}")
    if fate == "missing":
        exercise = 2_000_000_000
    if fate == "hidden":
        exercise = await ann.exercise("Hammer flat")
        await ann.sql("INSERT INTO user_hidden_exercises (user_id, exercise_id) VALUES (%s, %s)", ann.id, exercise)
    if fate == "hidden muscle":
        await ann.sql("INSERT INTO user_hidden_muscles (user_id, muscle_id) VALUES (%s, 1)", ann.id)
    if fate == "deleted":
        await ann.sql("UPDATE exercises SET deleted_at = now() WHERE id = %s", exercise)
    before = ann.db.trips
    saved = await ann.record(exercise, 1, 60, 10, day=GymDay(ann.now.date()))
    assert saved.outcome is Outcome.GONE
    assert ann.db.trips - before <= 2  # the first one on a connection makes its plan
    assert await ann.rows() == []


async def test_one_taps_guess_last_time_and_the_set_just_done(ann: Someone) -> None:
    bench = await ann.exercise("Bench press")
    assert one_taps(await ann.open(bench)) == []
    for set_no, (weight, reps) in enumerate([(60, 10), (65, 8)], 1):
        await ann.record(bench, set_no, weight, reps)
    assert one_taps(await ann.open(bench)) == [Set(3, Decimal(65), 8)]
    ann.later(days=7)
    assert one_taps(await ann.open(bench)) == [Set(1, Decimal(60), 10)]
    await ann.record(bench, 1, 62.5, 10)
    assert one_taps(await ann.open(bench)) == [Set(2, Decimal(65), 8), Set(2, Decimal("62.5"), 10)]
