"""A thousand people with the same private names: each sees their own, and the lists stay two index scans."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.modules.catalog import queries, service
from app.modules.catalog.model import Kind
from app.modules.people.model import Act
from app.modules.postgres import Cursor
from app.modules.training import queries as recording
from app.modules.training import service as training
from dev.servers import Postgres
from tests.catalog.conftest import CHEST
from tests.stage import connected
from tests.training.conftest import NewPerson, Someone

PEOPLE = 1000
FIRST = 5_000_000


@pytest.fixture
async def crowd(ann: Someone, postgres: Postgres) -> list[Someone]:
    """They all train the same, each on their own."""
    first, last = FIRST, FIRST + PEOPLE - 1
    await ann.sql("INSERT INTO users (id) SELECT generate_series(%s, %s) ON CONFLICT DO NOTHING", first, last)
    await ann.sql(
        """
        INSERT INTO muscles (name, is_global, created_by)
        SELECT name, FALSE, who FROM generate_series(%s, %s) AS who, unnest(ARRAY['Neck', 'Wrist']) AS name
            ON CONFLICT DO NOTHING
        """,
        first,
        last,
    )
    await ann.sql(
        """
        INSERT INTO exercises (name, muscle, is_global, created_by)
        SELECT 'Cable thing', m.id, FALSE, m.created_by FROM muscles AS m WHERE m.created_by BETWEEN %s AND %s
         UNION ALL
        SELECT 'Cable thing', 1, FALSE, who FROM generate_series(%s, %s) AS who
            ON CONFLICT DO NOTHING
        """,
        *(first, last) * 2,
    )
    with connected(postgres.env("training")) as owner:
        owner.execute("ANALYZE muscles, exercises, users")
    return [Someone(ann.db, who) for who in (first, FIRST + 500, last)]


async def test_each_sees_their_own(crowd: list[Someone], ann: Someone) -> None:
    seen: set[tuple[str, int]] = set()
    for person in crowd:
        own = await person.db.run(service.own, user_id=person.id)
        assert [(each.kind, each.name) for each in own] == [
            (Kind.MUSCLE, "Neck"),
            (Kind.MUSCLE, "Wrist"),
            *[(Kind.EXERCISE, "Cable thing")] * 3,
        ]
        owners = await person.sql(
            """SELECT DISTINCT created_by FROM muscles WHERE id = ANY (%s)
                UNION SELECT created_by FROM exercises WHERE id = ANY (%s)""",
            [each.id for each in own if each.kind is Kind.MUSCLE],
            [each.id for each in own if each.kind is Kind.EXERCISE],
        )
        assert owners == [(person.id,)]
        assert [each.name for each in (await person.start()).muscles][8:] == ["Neck", "Wrist"]
        found = await person.db.run(training.muscle_list, user_id=person.id, muscle_id=CHEST)
        assert found is not None
        assert [each.exercise.name for each in found.exercises].count("Cable thing") == 1
        everything = await person.db.run(training.everything, act=person.act())
        assert [each.exercise.name for each in everything.exercises].count("Cable thing") == 3
        assert not {(str(each.kind), each.id) for each in own} & seen
        seen |= {(str(each.kind), each.id) for each in own}
    assert await ann.db.run(service.own, user_id=ann.id) == ()


async def test_the_same_name_is_free_for_one_more(crowd: list[Someone], someone: NewPerson) -> None:
    person = await someone()
    added = await person.db.run(service.add_muscle, act=person.act(), name="Neck")
    assert added.outcome == "done"


LISTS: dict[str, Callable[[Cursor, Act], Any]] = {
    "muscles": lambda cursor, act: queries.muscles(cursor, user_id=act.user_id),
    "own": lambda cursor, act: queries.own(cursor, user_id=act.user_id),
    "hideable": lambda cursor, act: queries.hideable(cursor, user_id=act.user_id, muscle_id=CHEST),
    "hidden": lambda cursor, act: queries.hidden(cursor, user_id=act.user_id),
    "start": lambda cursor, act: recording.start(cursor, act=act, day=None),
    "muscle_list": lambda cursor, act: recording.muscle_list(cursor, user_id=act.user_id, muscle_id=CHEST),
    "everything": lambda cursor, act: recording.everything(cursor, act=act),
}
USED = {
    "muscles": ("muscles_own", "exercises_own"),
    "own": ("muscles_own", "exercises_own"),
    "start": ("muscles_own",),
    "muscle_list": ("exercises_global", "exercises_own"),
    "everything": ("exercises_own",),
}


@pytest.mark.parametrize("name", LISTS)
async def test_the_lists_are_index_scans(crowd: list[Someone], name: str) -> None:
    """Of global and of own things, each by its own index: nothing grows with the number of people."""

    class Explained:
        """A cursor that asks for the plan instead."""

        plan: list[str]

        def __init__(self, cursor: Cursor) -> None:
            self._cursor = cursor

        def execute(self, query: str, values: Any) -> None:
            self._cursor.execute("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + query, values)
            Explained.plan = [line for (line,) in self._cursor.fetchall()]

        def fetchone(self) -> None:
            return None

    await crowd[1].db.run(lambda cursor: LISTS[name](Explained(cursor), crowd[1].act()))  # type: ignore[arg-type]
    plan = "\n".join(Explained.plan)
    assert not re.search(r"Seq Scan on (exercises|users)", plan), plan
    rows = [int(number) for number in re.findall(r"Scan.*\(actual rows=(\d+)", plan)]
    assert max(rows) <= 200, plan  # the global ones; never everybody's
    assert "Rows Removed by Filter: 1000" not in plan
    for used in USED.get(name, ()):
        assert used in plan, plan
