"""However deep a page lies, it costs no more than twice what the first one does, by every filter and order on offer."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.modules.admins import service as admins
from app.modules.catalog import service as catalog
from app.modules.catalog.model import ExerciseOrder, MuscleOrder
from app.modules.insight import service as insight
from app.modules.insight.model import Period, Wanted
from app.modules.people import service as people
from app.modules.people.model import PeopleOrder
from app.modules.postgres import Database
from dev.fill import FIRST_PERSON, fill
from dev.servers import Postgres
from tests.growth.counting import cost
from tests.migrations.conftest import settings_of
from tests.stage import connected

TODAY = date(2026, 3, 11)  # a Wednesday, whenever the test runs
AT = datetime(2026, 3, 11, 22, tzinfo=UTC)
PEOPLE, DAYS, PAGE = 1000, 60, 50
ROOM = 40  # buffers: what a page of nearly nothing costs anyway
BENCH = 1


@pytest.fixture(scope="module")
def filled(postgres: Postgres, template_database: str) -> Iterator[dict[str, str]]:
    postgres.create_database("deep_pages", template=template_database)
    env = postgres.env("deep_pages")
    fill(env, people=PEOPLE, days=DAYS, today=TODAY)
    with connected(env) as cursor:
        cursor.execute("INSERT INTO muscles (name) SELECT 'Muscle ' || n FROM generate_series(1, 400) AS n")
        cursor.execute(
            "INSERT INTO audit (at, action, kind, thing_id)"
            " SELECT now(), CASE n %% 3 WHEN 0 THEN 'create' ELSE 'update' END,"
            " CASE n %% 5 WHEN 0 THEN 'muscle' ELSE 'set' END, (n %% 7)::text FROM generate_series(1, 9000) AS n",
            {},
        )
        cursor.execute("INSERT INTO exercises (name, muscle) SELECT 'Press ' || n, 1 FROM generate_series(1, 120) AS n")
        cursor.execute(  # one person's sets of one exercise alone are more than a page
            "INSERT INTO training (day, user_id, muscle_id, exercise_id, set, weight, reps)"
            " SELECT %(last)s::date - ago, %(person)s, e.muscle, e.id, n, 60, 8"
            " FROM generate_series(70, 120) AS ago, generate_series(1, 4) AS n, exercises AS e"
            " WHERE e.id IN (%(bench)s, (SELECT min(id) FROM exercises WHERE muscle = 2))",
            {"last": TODAY, "person": FIRST_PERSON + 1, "bench": BENCH},
        )
        cursor.execute("ANALYZE muscles, exercises, training, audit")
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():  # what a vacuum reads would be counted as a page's
            cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
    yield env
    postgres.drop_database("deep_pages")


@pytest.fixture(scope="module")
async def db(filled: dict[str, str]) -> AsyncIterator[Database]:
    """One connection, whose counts are its own, every day counted."""
    made = Database(settings_of(filled | {"DB_POOL": "1"}))
    year = Period(TODAY - timedelta(days=365), TODAY)
    while not await made.run(insight.is_counted, of=year, at=AT):
        await made.run(insight.count, of=year, at=AT)
    yield made
    await made.close()


FIRST, LAST = TODAY - timedelta(days=365), TODAY
MONTHS = {"first": TODAY - timedelta(days=40), "last": TODAY - timedelta(days=5)}
SETS = {
    "everything": Wanted(),
    "days": Wanted(**MONTHS),
    "person": Wanted(user_id=FIRST_PERSON + 1),
    "person, days": Wanted(user_id=FIRST_PERSON + 1, **MONTHS),
    "person, muscle": Wanted(user_id=FIRST_PERSON + 1, muscle_id=2),
    "person, exercise": Wanted(user_id=FIRST_PERSON + 1, exercise_id=BENCH),
    "exercise": Wanted(exercise_id=BENCH, first=FIRST, last=LAST),
    "exercise, days": Wanted(exercise_id=BENCH, **MONTHS),
    "muscle": Wanted(muscle_id=3, first=FIRST, last=LAST),
    "muscle, days": Wanted(muscle_id=3, **MONTHS),
}
LISTS: dict[str, tuple[Any, dict[str, Any]]] = {
    **{f"sets: {name}": (insight.logged_sets, {"wanted": wanted, "at": AT}) for name, wanted in SETS.items()},
    **{f"people: {order}": (people.people, {"order": order, "search": ""}) for order in PeopleOrder},
    "people: found": (people.people, {"order": PeopleOrder.NEWEST, "search": "lifter"}),
    **{
        f"exercises: {order}": (
            catalog.global_exercises, {"order": order, "muscle_id": None, "state": "all", "search": ""}
        )
        for order in ExerciseOrder
    },
    **{
        f"muscles: {order}": (catalog.global_muscles, {"order": order, "state": "all", "search": ""})
        for order in MuscleOrder
    },
    "exercises: of a muscle": (
        catalog.global_exercises,
        {"order": ExerciseOrder.NAME, "muscle_id": 1, "state": "active", "search": ""},
    ),
    "exercises: found": (
        catalog.global_exercises,
        {"order": ExerciseOrder.NAME, "muscle_id": None, "state": "all", "search": "press"},
    ),
    "muscles: found": (catalog.global_muscles, {"order": MuscleOrder.NAME, "state": "active", "search": "muscle"}),
    **{
        f"audit: {name}": (
            admins.entries, {"admin_id": None, "kind": None, "thing_id": None, "action": None, **filters}
        )
        for name, filters in {
            "everything": {},
            "of a kind": {"kind": "muscle"},
            "of a thing": {"kind": "set", "thing_id": "3"},
            "of an action": {"action": "create"},
            "of a kind, of an action": {"kind": "muscle", "action": "create"},
        }.items()
    },
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
async def test_no_page_costs_more_than_twice_the_first(db: Database, name: str) -> None:
    find, how = LISTS[name]
    after, read, pages = None, [], 0
    while pages < 40:
        where = after

        async def page(where: Any = where) -> Any:
            return await db.run(find, after=where, limit=PAGE, **how)

        found = await page()  # once before it is counted: plans and catalogues are read then
        read.append((await cost(db, page)).buffers)
        after, pages = found.next_place, pages + 1
        if after is None:
            break
        if pages % 8 == 0:  # deeper at once
            after = (await db.run(find, after=after, limit=20 * PAGE, **how)).next_place or after
    assert pages > 1
    assert max(read) <= 2 * read[0] + ROOM, read
