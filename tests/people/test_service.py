"""What people settle, and their leaving, when the database is busy or has the most to do."""

from typing import Any

import pytest

from app.modules.errors import Unavailable
from app.modules.people import service
from app.modules.postgres import Database
from app.schema import TIMEOUTS
from app.settings import DatabaseSettings
from dev.servers import Postgres
from tests.stage import connected
from tests.training.conftest import BOT, NewPerson, Someone, ann, db, someone

__all__ = ["ann", "db", "someone"]  # fixtures

OF_ONE = {
    "training": "user_id", "exercise_stats": "user_id", "exercise_notes": "user_id", "entries_spent": "user_id",
    "user_hidden_exercises": "user_id", "exercises": "created_by", "muscles": "created_by", "users": "id",
}  # fmt: skip


async def fill(person: Someone) -> None:
    """As much as a person may have, and four years of training: 20,000 sets."""
    who = str(person.id)
    await person.sql(
        """
        INSERT INTO muscles (name, is_global, created_by)
        SELECT 'Own ' || n, FALSE, {who} FROM generate_series(1, 30) AS n;
        INSERT INTO exercises (name, muscle, is_global, created_by)
        SELECT 'Own ' || row_number() OVER (), m.id, FALSE, {who}
          FROM muscles AS m, generate_series(1, 10) AS n WHERE m.created_by = {who} LIMIT 200;
        INSERT INTO user_hidden_exercises SELECT {who}, e.id FROM exercises AS e WHERE e.is_global;
        INSERT INTO exercise_notes SELECT {who}, e.id, repeat('x', 200) FROM exercises AS e WHERE e.created_by = {who};
        INSERT INTO entries_spent SELECT {who}, 1, n FROM generate_series(1, 20000) AS n;
        INSERT INTO training (user_id, muscle_id, exercise_id, day, set, weight, reps, date)
        SELECT {who}, e.muscle, e.id, DATE '2022-01-01' + 70 * d + e.id % 70, s, 60, 8,
               TIMESTAMPTZ '2022-01-01 12:00Z' + (70 * d + e.id % 70) * INTERVAL '1 day'
          FROM exercises AS e, generate_series(1, 20) AS d, generate_series(1, 5) AS s
         WHERE e.created_by = {who}
        """.replace("{who}", who)
    )


async def rows(person: Someone) -> dict[str, int]:
    statement = "SELECT count(*) FROM {} WHERE {} = %s"
    return {
        table: (await person.sql(statement.format(table, owner), person.id))[0][0] for table, owner in OF_ONE.items()
    }


async def test_the_most_that_a_person_can_have_goes_within_any_statement_s_time(
    ann: Someone, someone: NewPerson
) -> None:
    """The bot would wait longer for this one, and need not."""
    bob = await someone()
    for person in (ann, bob):
        await fill(person)
    full = await rows(ann)
    assert full["training"] == 20_000
    assert (full["exercises"], full["muscles"]) == (200, 30)
    assert all(full.values())
    limit = TIMEOUTS["statement_timeout"]
    erase = "SET LOCAL statement_timeout = %s; SELECT erase_person(%s, %s, %s)"
    assert await ann.sql(erase, limit, ann.id, BOT, ann.act().update_id) == [(True,)]
    assert not any((await rows(ann)).values())
    assert await rows(bob) == full


async def test_a_zone_waits_for_whoever_holds_the_person_s_row_and_is_settled_by_the_next_try(
    ann: Someone, postgres: Postgres
) -> None:
    """Unavailable becomes a 503, and Telegram brings the same tap again."""
    env: dict[str, Any] = {name.lower(): value for name, value in postgres.env("training").items()}
    impatient = Database(DatabaseSettings.model_validate(env | {"db_pool": 1}))
    await impatient.run(lambda cursor: cursor.execute("SET lock_timeout = '50ms'"))
    act = ann.act()
    with connected(postgres.env("training")) as other:
        other.execute("SELECT FROM users WHERE id = %s FOR UPDATE", (ann.id,))
        for _ in range(2):
            with pytest.raises(Unavailable):
                await impatient.run(service.set_zone, act=act, zone="Asia/Tokyo")
            assert (await impatient.run(service.settings, act=act)).zone == "UTC"
    assert await impatient.run(service.set_zone, act=act, zone="Asia/Tokyo")
    assert not await impatient.run(service.set_zone, act=act, zone="Asia/Tokyo")
    assert (await impatient.run(service.settings, act=act)).zone == "Asia/Tokyo"
    await impatient.close()
