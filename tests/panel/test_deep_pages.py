"""However deep a page lies, it costs no more than twice what the first one does, by every filter and order on offer."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.modules.postgres import Database
from bench.growth.counting import cost
from bench.growth.lists import PAGE, Seen, count_days, lists, places
from dev.fill import FIRST_PERSON, fill
from dev.servers import Postgres
from tests.migrations.conftest import settings_of
from tests.stage import connected

TODAY = date(2026, 3, 11)  # a Wednesday, whenever the test runs
PEOPLE, DAYS = 1000, 60
SEEN = Seen(FIRST_PERSON + 1, TODAY, datetime(2026, 3, 11, 22, tzinfo=UTC))
ROOM = 40  # buffers: what a page of nearly nothing costs anyway
STEPS = (PAGE,) * 7 + (20 * PAGE,) + (PAGE,) * 7 + (20 * PAGE,) * 4  # pages one by one, then deeper at once


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
            {"last": TODAY, "person": FIRST_PERSON + 1, "bench": SEEN.exercise},
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
    await count_days(made, SEEN)
    yield made
    await made.close()


@pytest.mark.parametrize("name", lists(SEEN))
async def test_no_page_costs_more_than_twice_the_first(db: Database, name: str) -> None:
    asked = lists(SEEN)[name]
    find, how = asked
    read = []
    async for place in places(db, asked, steps=STEPS):

        async def page(place: Any = place) -> Any:
            return await db.run(find, after=place, limit=PAGE, **how)

        await page()  # once before it is counted: plans and catalogues are read then
        read.append((await cost(db, page)).buffers)
    assert len(read) > 1
    assert max(read) <= 2 * read[0] + ROOM, read
