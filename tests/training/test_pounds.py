"""Pounds: kept as entered, compared in kilos, shown in the person's unit; and the steps of the weight buttons."""

from decimal import Decimal

import pytest
from aiogram import Router

from app.modules.people import service as people
from app.modules.texts import weight_text
from app.modules.training import service
from app.modules.training.callbacks import RecordSet, written
from app.modules.training.model import Entered, Outcome, Set
from app.modules.training.rules import ladder, offered, weights
from app.utils.units import Unit, in_kilos
from tests.training.conftest import NewPerson, Someone
from tests.training.test_screens import BACK, Chat, in_pounds, rooms, train

__all__ = ["rooms"]

LB_135 = Decimal("61.23497")
HALF_PAST = "2026-03-11T11:30:00+00:00"


async def settle(person: Someone, unit: Unit, step: str | None = None) -> None:
    await person.db.run(people.set_unit, act=person.act(), unit=unit)
    await person.db.run(people.set_step, act=person.act(), step=Decimal(step) if step else None)


async def test_135_pounds_stay_135_pounds_through_every_change_of_unit(someone: NewPerson) -> None:
    person = await someone()
    bench = await person.exercise("Bench press")
    await settle(person, Unit.LB)
    await person.record(bench, 1, "61.23497", 5)
    for unit, reads in [(Unit.LB, "135lb"), (Unit.KG, "61.23kg"), (Unit.LB, "135lb")] * 2:
        await settle(person, unit)
        session = await person.open(bench)
        assert session.unit is unit
        assert weight_text(session.sets[0].weight, unit) == reads
        assert session.record is not None
        assert weight_text(session.record.weight, unit) == reads
    assert await person.sql("SELECT weight FROM training WHERE user_id = %s", person.id) == [(LB_135,)]
    assert await person.sql("SELECT record_weight FROM exercise_stats WHERE user_id = %s", person.id) == [(LB_135,)]


async def test_kilos_stay_kilos_for_somebody_who_counts_in_pounds(someone: NewPerson) -> None:
    person = await someone()
    bench = await person.exercise("Bench press")
    await person.record(bench, 1, "62.5", 5)
    await settle(person, Unit.LB)
    session = await person.open(bench)
    assert weight_text(session.sets[0].weight, session.unit) == "137.79lb"
    await person.record(bench, 2, session.sets[0].weight, 5)  # by a button that reads 137.79lb
    await settle(person, Unit.KG)
    session = await person.open(bench)
    assert [weight_text(done.weight, session.unit) for done in session.sets] == ["62.5kg", "62.5kg"]


@pytest.mark.parametrize(
    ("first", "second", "best"),
    [
        ("61.2", "135lb", "135lb"),  # 61.23497
        ("135lb", "61.2", "135lb"),
        ("135lb", "61.24", "61.24"),
        ("135lb", "135lb", "135lb"),
    ],
)
async def test_records_are_compared_in_kilos(someone: NewPerson, first: str, second: str, best: str) -> None:
    def kilos(text: str) -> Decimal:
        return in_kilos(Decimal(text.removesuffix("lb")), Unit.LB if text.endswith("lb") else Unit.KG)

    person = await someone()
    bench = await person.exercise("Bench press")
    await person.record(bench, 1, kilos(first), 5)
    person.later(minutes=5)
    await person.record(bench, 2, kilos(second), 5)
    session = await person.open(bench)
    assert session.record is not None
    assert session.record.weight == kilos(best)


async def test_the_same_pounds_again_are_saved_already_and_can_be_replaced_and_taken_back(someone: NewPerson) -> None:
    person = await someone()
    bench = await person.exercise("Bench press")
    day = (await person.open(bench)).day
    assert (await person.record(bench, 1, LB_135, 5)).outcome is Outcome.SAVED
    assert (await person.record(bench, 1, LB_135, 5)).outcome is Outcome.SAME
    lighter = Set(1, in_kilos(Decimal("132.5"), Unit.LB), 5)
    seen = (await person.open(bench)).sets[0]
    replaced = await person.db.run(
        service.replace_set, act=person.act(), exercise_id=bench, seen=seen, done=lighter, day=day
    )
    assert replaced.outcome is Outcome.DONE
    assert replaced.entry is not None
    undone = await person.db.run(service.undo, act=person.act(), exercise_id=bench, day=day, entry=replaced.entry)
    assert undone.restored == Set(1, LB_135, 5)
    assert (await person.open(bench)).sets == (Set(1, LB_135, 5),)


async def test_a_weight_that_a_list_offers_is_nobody_s_own(someone: NewPerson) -> None:
    person = await someone()
    bench = await person.exercise("Bench press")
    day = (await person.open(bench)).day
    for weight in (LB_135, Decimal("65"), Decimal("61.25"), Decimal("61.25"), in_kilos(Decimal("133"), Unit.LB)):
        done = Entered(1, weight, 5)
        await person.db.run(service.record_entry, act=person.act(), exercise_id=bench, done=done, day=day)
    assert (await person.open(bench)).own_weights == (Decimal("61.25"), Decimal("60.32779"))


def read(found: list[Decimal], unit: Unit) -> str:
    return " ".join(weight_text(each, unit).removesuffix(unit) for each in found)


@pytest.mark.parametrize(
    ("around", "unit", "step", "rungs"),
    [
        ("60", Unit.KG, "1.25", "57.5 58.75 60 61.25 62.5"),
        ("60", Unit.KG, "2.5", "55 57.5 60 62.5 65"),
        ("61", Unit.KG, "5", "51 56 61 66 71"),  # a machine whose plates begin at 1
        ("61.23497", Unit.LB, "5", "125 130 135 140 145"),
        ("61.23497", Unit.LB, "2.5", "130 132.5 135 137.5 140"),
        ("60", Unit.LB, "10", "110 120 130 140 150"),  # 132.28: no full number of pounds
        ("61.23497", Unit.KG, "2.5", "55 57.5 60 62.5 65"),
        ("999.99", Unit.KG, "5", "989.99 994.99 999.99"),
        ("2", Unit.KG, "1.25", "0.75 2 3.25 4.5"),
        ("0.5", Unit.LB, "5", "5 10"),
    ],
)
def test_steps_round_the_last_weight(around: str, unit: Unit, step: str, rungs: str) -> None:
    found = ladder(Decimal(around), unit, Decimal(step))
    middle = rungs.split()
    said = read(found, unit).split()
    assert any(said[place : place + len(middle)] == middle for place in range(len(said))), said
    assert len(said) <= 21


@pytest.mark.parametrize(("unit", "step"), [(Unit.KG, None), (Unit.KG, "1.25"), (Unit.LB, None), (Unit.LB, "5")])
async def test_the_arrows_lead_through_all_weights(someone: NewPerson, unit: Unit, step: str | None) -> None:
    person = await someone()
    bench = await person.exercise("Bench press")
    await settle(person, unit, step)
    await person.record(bench, 1, LB_135, 5)
    session = await person.open(bench)
    middle = weights(session, 2)
    assert LB_135 in middle.shown
    found, page = {*middle.shown}, middle
    while page.lighter is not None:
        page = weights(session, 2, page.lighter)
        found |= {*page.shown}
    page = middle
    while page.heavier is not None:
        page = weights(session, 2, page.heavier)
        found |= {*page.shown}
    rungs = ladder(LB_135, unit, session.step) if session.step else []
    beyond = {each for each in offered(unit) if not (rungs and rungs[0] <= each <= rungs[-1])}
    assert found == {LB_135, *rungs, *beyond}


async def test_a_redelivered_choice_does_not_undo_a_later_one(someone: NewPerson) -> None:
    person = await someone()
    first, second = person.act(), person.act()
    await person.db.run(people.set_unit, act=first, unit=Unit.LB)
    await person.db.run(people.set_unit, act=second, unit=Unit.KG)
    await person.db.run(people.set_unit, act=first, unit=Unit.LB)
    assert (await person.db.run(people.settings, act=person.act())).unit is Unit.KG
    first, second = person.act(), person.act()
    await person.db.run(people.set_step, act=first, step=Decimal(5))
    await person.db.run(people.set_step, act=second, step=None)
    await person.db.run(people.set_step, act=first, step=Decimal(5))
    assert (await person.db.run(people.settings, act=person.act())).step is None


async def test_the_step_changes_with_the_unit_as_plates_do(someone: NewPerson) -> None:
    person = await someone()
    for unit, step, reads in [(Unit.KG, "1.25", "1.25"), (Unit.LB, "1.25", "2.5"), (Unit.LB, "5", "10")]:
        await settle(person, unit, step)
        assert (await person.db.run(people.settings, act=person.act())).step == Decimal(reads)
        assert (await person.open(await person.exercise("Bench press"))).step == Decimal(reads)


# Two weights that read alike, because they were entered in two units: 135 lb and 61.23 kg, 60 kg and 132.28 lb.


@pytest.fixture
async def chat(someone: NewPerson, rooms: list[Router]) -> Chat:
    return Chat(await someone(), rooms)


async def kept(chat: Chat) -> list[tuple[int, str, int]]:
    statement = """SELECT set, trim_scale(weight)::text, reps::int FROM training
                    WHERE user_id = %s AND day = '2026-03-11' ORDER BY set"""
    return await chat.person.sql(statement, chat.person.id)


@pytest.mark.parametrize(
    ("lines", "reads", "rows"),
    [
        (["61.23x5"], "Already saved\n\n✅ Set 1: 61.23kg × 5", [(1, "61.23497", 5)]),
        (["61.23", "5"], "Already saved\n\n✅ Set 1: 61.23kg × 5", [(1, "61.23497", 5)]),
        (["61.23x6"], "✅ Set 1 is now 61.23kg × 6", [(1, "61.23497", 6)]),
        (["61.24x5"], "✅ Set 1 is now 61.24kg × 5", [(1, "61.24", 5)]),
    ],
)
async def test_what_a_set_reads_typed_over_it_changes_nothing(
    chat: Chat, lines: list[str], reads: str, rows: list[tuple[int, str, int]]
) -> None:
    await train(chat, "Bench press", (LB_135, 5), at=HALF_PAST)
    await (await chat.write("bench press")).tap("✅ Set 1: 61.23kg × 5")
    for line in lines:
        await chat.write(line)
    assert chat.sees().startswith(reads)
    assert await kept(chat) == rows


async def test_nobody_is_asked_to_replace_a_set_by_one_that_reads_alike(chat: Chat) -> None:
    await (await chat.write("bench press")).tap("Set 1")
    bench = await train(chat, "Bench press", (LB_135, 5), at=HALF_PAST)  # by another message, meanwhile
    await chat.write("61.23x5")
    assert chat.sees().startswith("Already saved\n\n✅ Set 1: 61.23kg × 5")
    day = (await chat.person.open(bench)).day
    for reps, reads in [(5, "✅ Set 1: 61.23kg × 5"), (6, "Set 1 is saved as 61.23kg × 5.\nReplace it")]:
        old = RecordSet(exercise=bench, set_no=1, weight=Decimal("61.23"), reps=reps, day=written(day))
        assert (await chat.send(old.pack())).sees().startswith(reads)
    assert await kept(chat) == [(1, "61.23497", 5)]


async def test_no_two_buttons_read_alike(chat: Chat) -> None:
    await train(chat, "Bench press", (60, 8), (60, 8), (60, 8))
    await in_pounds(chat)
    await chat.write("bench press")
    await chat.write("132.28x8")
    assert chat.sees().count("[⚡ Set 2: 132.28lb × 8]") == 1
    await chat.tap(BACK, "✅ Set 1: 132.28lb × 8", "Replace")
    assert chat.sees().count("[132.28lb]") == 1
    await chat.send("pu1:kg")
    await chat.write("bench press")
    await chat.tap("Set 2")
    assert chat.sees().count("[60kg]") == 1


async def test_a_weight_above_nothing_never_reads_as_nothing(chat: Chat) -> None:
    await in_pounds(chat)
    await chat.write("bench press")
    await chat.write("0.01x10")
    await chat.send("pu1:kg")
    await chat.write("bench press")
    assert "[✅ Set 1: 0.01kg × 10]" in chat.sees()


async def test_a_day_of_pounds_sums_up_to_what_was_lifted(chat: Chat) -> None:
    await in_pounds(chat)
    await chat.write("bench press")
    await chat.write("14x40@53")
    assert "14 sets · 29,680lb lifted" in (await chat.tap("Finish")).sees()
