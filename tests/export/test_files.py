"""The three files: what a spreadsheet reads, and what a program takes back."""

import asyncio
import threading
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.export import queries, rules
from app.modules.export.model import LoggedSet
from app.modules.export.queries import Pieces
from app.modules.people import service as people
from app.modules.postgres import Cursor
from app.modules.training.model import GymDay
from app.utils.csv_text import BOM
from app.utils.units import Unit, in_kilos
from tests.export.conftest import Export, Log, exported
from tests.training.conftest import NewPerson, Someone

NASTY = ["=cmd|' /C calc'!A1", "+1", "-1", "@SUM(A1)", '"quotes", and commas', "🏋️‍♀️ curl", "שלום מתיחה", "tab;semi|pipe"]


async def muscle_of(person: Someone, name: str) -> int:
    statement = "INSERT INTO muscles (name, is_global, created_by) VALUES (%s, FALSE, %s) RETURNING id"
    return int((await person.sql(statement, name, person.id))[0][0])


async def trains(person: Someone, exercise: int, *sets: tuple[str, int]) -> None:
    for set_no, (weight, reps) in enumerate(sets, 1):
        await person.record(exercise, set_no, weight, reps)
        person.later(minutes=2)


async def test_the_tables_say_what_was_lifted_in_both_units(someone: NewPerson) -> None:
    ann = await someone(zone="America/New_York", at="2026-03-12T02:30:00+00:00")  # there it is still the evening before
    bench = await ann.exercise("Bench press")
    pounds = in_kilos(Decimal(135), Unit.LB)
    await trains(ann, bench, ("60", 10), (str(pounds), 8), ("0", 12))
    await ann.sql("INSERT INTO exercise_notes VALUES (%s, %s, 'seat 4')", ann.id, bench)
    squat = await ann.exercise("Squat")
    await ann.sql("INSERT INTO user_hidden_exercises VALUES (%s, %s)", ann.id, squat)
    found = await exported(ann)
    assert found.sets_file.startswith(BOM.encode())
    assert [tuple(each.values()) for each in found.sets] == [
        ("2026-03-11", "2026-03-11T22:30:00-04:00", "Chest", "Bench press", "1", "60", "132.28", "10"),
        ("2026-03-11", "2026-03-11T22:32:00-04:00", "Chest", "Bench press", "2", "61.23497", "135", "8"),
        ("2026-03-11", "2026-03-11T22:34:00-04:00", "Chest", "Bench press", "3", "0", "0", "12"),
    ]
    assert [tuple(each.values()) for each in found.exercises] == [
        ("Chest", "Bench press", "no", "no", "no", "1", "2026-03-11", "61.23497", "135", "8", "2026-03-11", "seat 4"),
        ("Legs", "Squat", "no", "yes", "no", "0", "", "", "", "", "", ""),
    ]
    assert (found.written.today.isoformat(), found.written.sets, found.written.exercises) == ("2026-03-11", 3, 2)
    assert [each["weight_kg"] for each in found.log["sets"]] == [60, Decimal("61.23497"), 0]
    assert [each["at"] for each in found.log["sets"]][:1] == ["2026-03-12T02:30:00Z"]


async def test_before_four_the_name_says_the_day_that_is_trained_on(someone: NewPerson) -> None:
    """A session that goes past midnight belongs to the day before, and so does the file that closes it."""
    ann = await someone(at="2026-03-11T23:30:00+00:00")
    await trains(ann, await ann.exercise("Bench press"), ("60", 10))
    assert (await exported(ann.at("2026-03-12T01:00:00+00:00"))).written.today.isoformat() == "2026-03-11"
    assert (await exported(ann.at("2026-03-12T04:30:00+00:00"))).written.today.isoformat() == "2026-03-12"


async def test_no_name_is_a_formula_and_none_is_changed(ann: Someone) -> None:
    for name in NASTY:
        exercise = await ann.own_exercise(name)
        await trains(ann, exercise, ("20", 5))
        await ann.sql("INSERT INTO exercise_notes VALUES (%s, %s, %s)", ann.id, exercise, name)
    found = await exported(ann)
    shown = [f"'{name}" if name[0] in "=+-@" else name for name in NASTY]
    assert [each["exercise"] for each in found.sets] == shown
    assert sorted(each["exercise"] for each in found.exercises) == sorted(shown)
    assert sorted(each["note"] for each in found.exercises) == sorted(shown)
    assert sorted(each["name"] for each in found.log["exercises"]) == sorted(NASTY)
    assert sorted(each["note"] for each in found.log["exercises"]) == sorted(NASTY)
    for row in (*found.sets, *found.exercises):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


async def test_with_nothing_recorded_there_is_still_who_it_is(ann: Someone) -> None:
    found = await exported(ann)
    assert (found.sets, found.exercises, found.written.sets, found.written.exercises) == ([], [], 0, 0)
    assert found.sets_file.decode() == BOM + ",".join(rules.SET_HEAD) + "\r\n"
    assert found.log["person"]["id"] == ann.id
    assert found.log["settings"] == {"time_zone": None, "unit": "kg", "weight_step_kg": None, "own_weights_kg": []}
    lists = ("muscles", "exercises", "sets", "corrections", "set_aside")
    assert [found.log[each] for each in lists] == [[], [], [], [], []]


async def test_nobody_else_is_in_it(ann: Someone, someone: NewPerson) -> None:
    """Two people who call things alike, and a third name that only one of them has."""
    bob = await someone()
    for person in (ann, bob):
        neck = await muscle_of(person, "Neck")
        curl = await person.own_exercise("Neck curl", neck)
        await trains(person, curl, ("12.5" if person is ann else "99.5", 10))
        await person.sql("INSERT INTO exercise_notes VALUES (%s, %s, %s)", person.id, curl, f"of {person.id}")
    await trains(bob, await bob.own_exercise("Bob's own secret"), ("77.25", 7))
    bench = await bob.exercise("Bench press")
    await bob.sql("INSERT INTO exercise_notes VALUES (%s, %s, 'secret of bench')", bob.id, bench)
    await bob.sql("INSERT INTO user_hidden_exercises VALUES (%s, %s)", bob.id, bench)
    await trains(ann, bench, ("60", 10))
    found = await exported(ann)
    assert [each["exercise"] for each in found.sets] == ["Neck curl", "Bench press"]
    assert [(each["exercise"], each["note"], each["hidden"]) for each in found.exercises] == [
        ("Bench press", "", "no"),
        ("Neck curl", f"of {ann.id}", "no"),
    ]
    for file in (found.sets_file, found.exercises_file, found.log_file):
        for word in ("secret", "99.5", "77.25", str(bob.id)):
            assert word.encode() not in file
    assert [each["name"] for each in found.log["muscles"]] == ["Chest", "Neck"]
    assert {each["muscle"] for each in found.log["exercises"]} == {each["id"] for each in found.log["muscles"]}


async def test_what_is_deleted_or_moved_keeps_its_sets(ann: Someone) -> None:
    neck = await muscle_of(ann, "Neck")
    curl = await ann.own_exercise("Neck curl", neck)
    await trains(ann, curl, ("12.5", 10))
    await ann.sql("UPDATE exercises SET muscle = 1 WHERE id = %s", curl)
    await ann.sql("UPDATE muscles SET deleted_at = now() WHERE id = %s", neck)
    await ann.sql("UPDATE exercises SET deleted_at = now() WHERE id = %s", curl)
    found = await exported(ann)
    assert [(each["muscle"], each["exercise"]) for each in found.sets] == [("Neck", "Neck curl")]
    assert [(each["muscle"], each["own"], each["deleted"]) for each in found.exercises] == [("Chest", "yes", "yes")]
    assert [(each["id"], each["deleted_at"] is None) for each in found.log["muscles"]] == [(1, True), (neck, False)]


async def test_all_files_are_of_one_moment(ann: Someone, monkeypatch: pytest.MonkeyPatch) -> None:
    """A set that comes while the files are written is in none of them."""
    bench = await ann.exercise("Bench press")
    await trains(ann, bench, ("60", 10))
    half_way, trained = threading.Event(), threading.Event()
    real = queries.sets

    def later(cursor: Cursor, *, user_id: int) -> Pieces:
        half_way.set()
        assert trained.wait(30)
        return real(cursor, user_id=user_id)

    monkeypatch.setattr(queries, "sets", later)
    squat = await ann.exercise("Squat")
    writing = asyncio.gather(exported(ann))
    await asyncio.to_thread(half_way.wait, 30)
    await trains(ann, squat, ("100", 5))
    trained.set()
    (found,) = await writing
    assert (found.written.sets, found.written.exercises) == (1, 1)
    assert (await exported(ann)).written.sets == 2


async def test_twice_written_is_written_once(ann: Someone, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection dies in the middle: the work is done anew, in the same files."""
    await trains(ann, await ann.exercise("Bench press"), ("60", 10), ("60", 9))
    whole = await exported(ann)
    real, tries = queries.corrections, list[int]()

    def dies_once(cursor: Cursor, *, user_id: int) -> Pieces:
        tries.append(user_id)
        if len(tries) == 1:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return real(cursor, user_id=user_id)

    monkeypatch.setattr(queries, "corrections", dies_once)
    again = await exported(ann)
    assert len(tries) == 2
    assert (again.sets_file, again.exercises_file, again.log_file) == (
        whole.sets_file,
        whole.exercises_file,
        whole.log_file,
    )


@given(st.decimals("0", "999.99999", places=5), st.sampled_from(Unit))
def test_a_weight_comes_back_to_the_last_digit(number: Decimal, unit: Unit) -> None:
    """Whoever reads numbers as doubles, as most programs do, has the decimal's digits too."""
    kilos = number if unit is Unit.KG else in_kilos(round(number, 2), unit)
    at = datetime(2026, 11, 21, tzinfo=UTC)
    logged = LoggedSet(at.date(), at, 1, "Chest", 1, "Bench press", 1, kilos, Decimal(8), None, None)
    read = rules.set_fields(logged)["weight_kg"]
    assert Decimal(str(read)) == kilos


async def taken_back(log: Log, person: Someone) -> None:
    """Take a log back into somebody else's account, as docs/export.md says."""
    ids: dict[tuple[str, int], int] = {}
    for kind, table in (("muscle", "muscles"), ("exercise", "exercises")):
        for each in log[table]:
            muscle = ids[("muscle", each["muscle"])] if kind == "exercise" else None
            if each["own"]:
                columns, values = "name, is_global, created_by, deleted_at", "%s, FALSE, %s, %s"
                given: list[Any] = [each["name"], person.id, each["deleted_at"]]
                if muscle is not None:
                    columns, values, given = f"{columns}, muscle", f"{values}, %s", [*given, muscle]
                statement = f"INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING id"
            else:
                where = "" if muscle is None else f" AND muscle = {muscle}"
                statement, given = f"SELECT id FROM {table} WHERE is_global AND name = %s{where}", [each["name"]]
            ids[(kind, each["id"])] = (await person.sql(statement, *given))[0][0]
            if each["hidden"]:
                statement = f"INSERT INTO user_hidden_{table} VALUES (%s, %s)"
                await person.sql(statement, person.id, ids[(kind, each["id"])])
            if each.get("note"):
                statement = "INSERT INTO exercise_notes VALUES (%s, %s, %s)"
                await person.sql(statement, person.id, ids[(kind, each["id"])], each["note"])
    for each in log["sets"]:
        await person.sql(
            """
            INSERT INTO training (user_id, day, date, muscle_id, exercise_id, set, weight, reps,
                                  former_weight, former_reps)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            person.id,
            each["day"],
            each["at"],
            ids[("muscle", each["muscle"])],
            ids[("exercise", each["exercise"])],
            *(each[name] for name in ("set", "weight_kg", "reps", "former_weight_kg", "former_reps")),
        )


def without_numbers_of_rows(log: Log) -> list[list[tuple[Any, ...]]]:
    """What a log says, muscles and exercises told by their names."""
    muscles = {each.pop("id"): tuple(each.values()) for each in log["muscles"]}
    exercises = {each.pop("id"): (muscles[each.pop("muscle")], *each.values()) for each in map(dict, log["exercises"])}
    sets = [
        (muscles[each.pop("muscle")], exercises[each.pop("exercise")], *each.values())
        for each in map(dict, log["sets"])
    ]
    return [sorted(map(repr, part)) for part in (muscles.values(), exercises.values(), sets)]  # type: ignore[misc]  # of rows of Any


async def test_a_log_can_be_taken_back(ann: Someone, someone: NewPerson) -> None:
    neck = await muscle_of(ann, "=Neck 🦒")
    curl, old = await ann.own_exercise("Neck curl", neck), await ann.own_exercise("Old press")
    bench = await ann.exercise("Bench press")
    await trains(ann, curl, ("12.5", 10), (str(in_kilos(Decimal("45.5"), Unit.LB)), 9))
    await trains(ann, bench, ("60", 10), ("0", 8))
    await trains(ann, old, ("999.99", 1))
    await ann.record(bench, 3, "62.5", 4, day=GymDay(ann.now.date(), marked=True))
    await ann.sql("UPDATE exercises SET deleted_at = now() WHERE id = %s", old)
    await ann.own_exercise("Old press")  # there is another of that name now
    await ann.sql("INSERT INTO user_hidden_muscles VALUES (%s, 8)", ann.id)
    await ann.sql("INSERT INTO user_hidden_exercises VALUES (%s, %s)", ann.id, await ann.exercise("Squat"))
    await ann.sql("INSERT INTO exercise_notes VALUES (%s, %s, 'seat \"4\"')", ann.id, bench)
    await ann.sql(
        "UPDATE training SET former_weight = 61.23497, former_reps = 7 WHERE user_id = %s AND set = 2", ann.id
    )
    found = await exported(ann)
    bob = await someone()
    await taken_back(found.log, bob)
    again = await exported(bob)
    assert len(found.log["sets"]) == 6
    assert without_numbers_of_rows(again.log) == without_numbers_of_rows(found.log)
    assert again.sets_file == found.sets_file
    assert again.exercises_file == found.exercises_file


async def test_a_zone_that_is_settled_counts(ann: Someone) -> None:
    await ann.db.run(people.set_zone, act=ann.act(), zone="Asia/Kathmandu")
    await trains(ann, await ann.exercise("Bench press"), ("60", 10))
    found: Export = await exported(ann)
    assert found.sets[0]["time"] == "2026-03-11T17:45:00+05:45"
    assert found.log["settings"]["time_zone"] == "Asia/Kathmandu"
