"""The inbox: seen once, failed five times, forgotten in time; on a real database, with its statements prepared."""

import json
from collections.abc import AsyncIterator, Callable

import pytest

from app.modules.inbox import service as inbox
from app.modules.inbox.model import Failed
from app.modules.postgres import Cursor, Database
from app.settings import DatabaseSettings
from tests.stage import connected

BOT = 42


@pytest.fixture
async def db(database_env: dict[str, str]) -> AsyncIterator[Database]:
    """One connection, so that its plans are used from the second time on."""
    env = {name.lower(): value for name, value in database_env.items()}
    made = Database(DatabaseSettings.model_validate(env | {"db_pool": 1}))
    yield made
    await made.close()


def tidy(cursor: Cursor) -> bool:
    return inbox.tidy(cursor, bot_id=BOT)


def fail(update_id: int, *, hopeless: bool = False) -> Callable[[Cursor], Failed]:
    def work(cursor: Cursor) -> Failed:
        return inbox.failed(
            cursor,
            bot_id=BOT,
            update_id=update_id,
            user_id=7,
            traceback="there",
            body=json.dumps({"text": "words\0"}),
            hopeless=hopeless,
        )

    return work


async def test_the_fifth_try_parks_and_the_words_are_kept_from_then_on(
    db: Database, database_env: dict[str, str]
) -> None:
    said = [await db.run(fail(1)) for _ in range(4)]
    with connected(database_env) as cursor:
        cursor.execute("SELECT tries, parked_at, body FROM updates_parked")
        assert cursor.fetchall() == [(4, None, None)]
    said += [await db.run(fail(1)) for _ in range(3)]
    assert said == [Failed.TRY_AGAIN] * 4 + [Failed.PARKED_NOW] + [Failed.PARKED_BEFORE] * 2
    assert [await db.run(fail(2, hopeless=True)) for _ in range(2)] == [Failed.PARKED_NOW, Failed.PARKED_BEFORE]


async def test_what_is_old_is_forgotten_batch_by_batch_and_what_is_not_stays(
    db: Database, database_env: dict[str, str]
) -> None:
    with connected(database_env) as cursor:
        cursor.execute(
            """INSERT INTO updates_seen (bot_id, update_id, seen_at)
               SELECT 42, n, now() - CASE WHEN n <= 1500 THEN INTERVAL '4 days' ELSE INTERVAL '2 days' END
                 FROM generate_series(1, 1600) AS n"""
        )
        cursor.execute(
            """INSERT INTO updates_parked (bot_id, update_id, last_failed_at, parked_at) VALUES
               (42, 1, now() - INTERVAL '4 days', NULL), (42, 2, now() - INTERVAL '2 days', NULL),
               (42, 3, now() - INTERVAL '31 days', now()), (42, 4, now() - INTERVAL '29 days', now())"""
        )
    assert [await db.run(tidy) for _ in range(3)] == [True, False, False]
    with connected(database_env) as cursor:
        cursor.execute("SELECT min(update_id), count(*) FROM updates_seen")
        assert cursor.fetchall() == [(1501, 100)]
        cursor.execute("SELECT update_id FROM updates_parked ORDER BY update_id")
        assert cursor.fetchall() == [(2,), (4,)]


async def test_one_registers_at_a_time_and_a_failure_leaves_what_was_noted(db: Database) -> None:
    assert await db.run(inbox.registered, bot_id=BOT) is None
    assert await db.run(inbox.claim_registration, bot_id=BOT) is True
    assert await db.run(inbox.claim_registration, bot_id=BOT) is False
    await db.run(inbox.end_registration, bot_id=BOT, fingerprint="first")
    assert await db.run(inbox.claim_registration, bot_id=BOT) is True
    await db.run(inbox.end_registration, bot_id=BOT, fingerprint=None)
    assert await db.run(inbox.registered, bot_id=BOT) == "first"
