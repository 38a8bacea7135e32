"""Database: one transaction a run, waiting with a deadline, dead connections, plans; on a real PostgreSQL."""

import asyncio
import contextlib
import gc
import os
import signal
import threading
import weakref
from collections.abc import AsyncIterator, Callable

import psycopg2
import pytest

from app.modules.errors import SchemaMissing, Unavailable
from app.modules.postgres import Cursor, Database, one_statement, plan
from app.settings import DatabaseSettings
from dev.servers import Postgres, temporary_folder

Settings = Callable[..., DatabaseSettings]


@pytest.fixture
def settings(database_env: dict[str, str]) -> Settings:
    """Settings for a fresh database, with whatever a test changes."""

    def made(**changed: object) -> DatabaseSettings:
        return DatabaseSettings.model_validate({name.lower(): value for name, value in database_env.items()} | changed)

    return made


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    """A pool of two."""
    database = Database(settings(db_pool=2))
    await database.run(make_table)
    yield database
    await database.close()


def make_table(cursor: Cursor) -> None:
    cursor.execute("CREATE TABLE note (id INT PRIMARY KEY, text TEXT)")


def write(cursor: Cursor, number: int, text: str = "x") -> None:
    cursor.execute("INSERT INTO note (id, text) VALUES (%(id)s, %(text)s)", {"id": number, "text": text})


@one_statement
def write_alone(cursor: Cursor, number: int) -> None:
    write(cursor, number)


def count(cursor: Cursor) -> int:
    cursor.execute("SELECT count(*) FROM note")
    row = cursor.fetchone()
    assert row
    return int(row[0])


@one_statement
def backend(cursor: Cursor) -> int:
    cursor.execute("SELECT pg_backend_pid()")
    row = cursor.fetchone()
    assert row
    return int(row[0])


def kill(env: DatabaseSettings, pid: int) -> None:
    """End one of the pool's connections from outside, as an operator or a crash would."""
    outside = psycopg2.connect(
        host=env.db_host, port=env.db_port, dbname=env.db_name, user=env.db_user, password=env.db_password
    )
    outside.autocommit = True
    with outside.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    outside.close()


async def test_a_run_is_one_transaction(db: Database) -> None:
    def half(cursor: Cursor) -> None:
        write(cursor, 1)
        raise ValueError("after the first half")

    with pytest.raises(ValueError, match="first half"):
        await db.run(half)
    assert await db.run(count) == 0


async def test_one_statement_is_committed_in_one_round_trip(db: Database) -> None:
    await db.run(write_alone, 1)  # the first on a connection makes its plan
    await db.run(write_alone, 2)
    costs = []
    for number in range(3, 13):
        before = db.trips
        await db.run(write_alone, number)
        costs.append(db.trips - before)
    assert min(costs) == 1
    assert await db.run(count) == 12


async def test_several_statements_count_begin_and_commit(db: Database) -> None:
    await asyncio.gather(*(db.run(write, number) for number in range(6)))
    costs = []
    for number in range(100, 110):
        before = db.trips
        await db.run(write, number)
        costs.append(db.trips - before)
    assert min(costs) == 3  # a thread that is new has to prepare first


async def test_one_statement_means_one(db: Database) -> None:
    @one_statement
    def two(cursor: Cursor) -> None:
        write(cursor, 1)
        write(cursor, 2)

    with pytest.raises(RuntimeError, match="second string"):
        await db.run(two)


async def test_waiting_for_a_connection_has_a_deadline(settings: Settings) -> None:
    db = Database(settings(db_pool=1), queue_seconds=0.1)
    release, entered = threading.Event(), threading.Event()

    def slow(cursor: Cursor) -> str:
        entered.set()
        release.wait()
        return "done"

    first = asyncio.gather(db.run(slow))
    await asyncio.to_thread(entered.wait)
    ran = []
    with pytest.raises(Unavailable, match="no free database connection"):
        await db.run(lambda cursor: ran.append(1))
    release.set()
    assert await first == ["done"]
    await db.close()
    assert ran == []  # who was sent away is not served behind their back


async def test_work_that_never_ends_is_left_behind(settings: Settings) -> None:
    db = Database(settings(db_pool=1), queue_seconds=0.05, work_seconds=0.05)
    release = threading.Event()
    with pytest.raises(Unavailable, match="did not answer in time"):
        await db.run(lambda cursor: release.wait())
    release.set()
    await db.close()


async def test_a_killed_connection_is_replaced_and_the_work_done(db: Database, settings: Settings) -> None:
    for _ in range(3):
        pid = await db.run(backend)
        await asyncio.to_thread(kill, settings(), pid)
        assert await db.run(backend) != pid or await db.run(backend) != pid
    assert await db.run(count) == 0


async def test_a_connection_killed_inside_a_transaction_repeats_it_once(db: Database, settings: Settings) -> None:
    tries = []

    def interrupted(cursor: Cursor) -> None:
        tries.append(cursor.connection.info.backend_pid)
        write(cursor, len(tries))
        if len(tries) == 1:
            kill(settings(), tries[0])
        write(cursor, 10 + len(tries))

    await db.run(interrupted)
    assert len(tries) == 2
    assert await db.run(count) == 2


async def test_a_connection_that_may_only_read_is_replaced_when_the_database_can_be_written(
    db: Database, settings: Settings
) -> None:
    """Read-only is a setting that a connection takes from its database when it is made, and keeps."""
    name = settings().db_name

    def set_for_new_connections(cursor: Cursor, what: str) -> None:
        cursor.execute("SET TRANSACTION READ WRITE")
        cursor.execute(f"ALTER DATABASE {name} {what}")

    await db.run(set_for_new_connections, "SET default_transaction_read_only = on")
    outside = Database(settings(db_pool=1))
    with pytest.raises(Unavailable):
        await outside.run(write, 1)
    await db.run(set_for_new_connections, "RESET default_transaction_read_only")
    await outside.run(write, 1)
    await outside.close()


async def test_no_server_is_unavailable_and_leaks_nothing(settings: Settings) -> None:
    db = Database(settings(db_host="127.0.0.1", db_port=1, db_pool=2))
    for _ in range(5):
        with pytest.raises(Unavailable, match="cannot be reached at DB_HOST"):
            await db.run(count)
    assert db._connections == set()
    await db.close()


async def test_a_guard_is_asked_until_it_lets_a_connection_through_and_never_again(settings: Settings) -> None:
    asked: list[int] = []

    def guard(cursor: Cursor) -> None:
        asked.append(cursor.connection.info.backend_pid)
        if len(asked) == 1:
            raise Unavailable("the house is closed")
        cursor.execute("SELECT 1 FROM not_migrated_yet" if len(asked) == 2 else "SELECT 1")

    db = Database(settings(db_pool=1), guard=guard)
    for reason in ("the house is closed", "the database cannot do this now"):
        with pytest.raises(Unavailable, match=reason):
            await db.run(make_table)
        assert db._connections == set()
    await db.run(make_table)
    kill(settings(), asked[-1])
    assert await db.run(count) == 0
    assert len(asked) == len(set(asked)) == 3
    await db.close()


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT pg_sleep(60)", Unavailable),
        ("SET LOCAL ROLE gymbot_bot; SELECT 1 FROM admins", Unavailable),  # a GRANT that was forgotten
        ("SELECT 1 FROM not_migrated_yet", SchemaMissing),
        ("SELECT not_migrated_yet FROM note", SchemaMissing),
        ("SELECT not_migrated_yet()", SchemaMissing),
        ("SELECT repeat('x', 2000000000)", psycopg2.OperationalError),
        ("SELECT 1 / 0", psycopg2.DataError),
    ],
)
async def test_troubles_that_pass_are_told_from_mistakes(db: Database, sql: str, expected: type[Exception]) -> None:
    def troubled(cursor: Cursor) -> None:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        cursor.execute(sql)

    with pytest.raises(expected):
        await db.run(troubled)
    assert await db.run(count) == 0


async def test_closing_does_not_wait_for_a_frozen_server(database_env: dict[str, str]) -> None:
    with temporary_folder() as folder:
        server = Postgres(folder / "postgres", durable=False)
        server.start()
        env = {name.lower(): value for name, value in server.env("postgres").items()}
        db = Database(DatabaseSettings.model_validate(env | {"db_pool": 1}), work_seconds=0.2)
        pid = await db.run(backend)
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(Unavailable, match="did not answer in time"):
                await db.run(backend)
            await asyncio.wait_for(db.close(), 15)
        finally:
            os.kill(pid, signal.SIGCONT)
            server.stop("immediate")
    with pytest.raises(Unavailable, match="stopping"):
        await db.run(backend)


async def test_a_mistake_in_the_work_stays_a_mistake(db: Database) -> None:
    await db.run(write, 1)
    with pytest.raises(psycopg2.IntegrityError):
        await db.run(write, 1)


async def test_a_plan_gone_stale_is_made_anew(db: Database) -> None:
    @one_statement
    def read(cursor: Cursor) -> list[tuple[object, ...]]:
        cursor.execute("SELECT text FROM note WHERE id = %(id)s", {"id": 1})
        return cursor.fetchall()

    await db.run(write, 1, "old")
    await asyncio.gather(*(db.run(read) for _ in range(6)))
    await db.run(lambda cursor: cursor.execute("ALTER TABLE note ALTER COLUMN text TYPE VARCHAR(10)"))
    assert [await db.run(read) for _ in range(4)] == [[("old",)]] * 4


async def test_two_statements_in_one_string_are_one_trip_and_one_transaction(db: Database) -> None:
    @one_statement
    def both(cursor: Cursor) -> None:
        cursor.execute(
            "INSERT INTO note (id, text) VALUES (%(id)s, %(text)s);\n"
            "UPDATE note SET text = %(text)s || '!' WHERE id = %(id)s",
            {"id": 1, "text": "x%"},
        )

    await db.run(both)
    with pytest.raises(psycopg2.IntegrityError):
        await db.run(both)

    def read(cursor: Cursor) -> object:
        cursor.execute("SELECT text FROM note")
        return cursor.fetchall()

    assert await db.run(read) == [("x%!",)]


async def test_without_prepare_nothing_is_prepared(settings: Settings) -> None:
    def prepared(cursor: Cursor) -> int:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'gym%%'", {})
        row = cursor.fetchone()
        assert row
        return int(row[0])

    plain, planned = Database(settings(db_prepare=False, db_pool=1)), Database(settings(db_pool=1))
    assert await plain.run(prepared) == 0
    assert await planned.run(prepared) == 1
    await plain.close()
    await planned.close()


async def test_closing_ends_every_connection(settings: Settings) -> None:
    db = Database(settings(db_pool=3))
    await asyncio.gather(*(db.run(backend) for _ in range(9)))
    kept = list(db._connections)
    assert 1 <= len(kept) <= 3
    await db.close()
    assert all(connection.closed for connection in kept)


def test_a_plan_numbers_each_parameter_once() -> None:
    made = plan("SELECT %(a)s, %(b)s, %(a)s, '100%%';\nDELETE FROM x WHERE y = %(b)s")
    assert made is not None
    assert made.prepare == (
        f"PREPARE {made.name}_0 AS SELECT $1, $2, $1, '100%';\nPREPARE {made.name}_1 AS DELETE FROM x WHERE y = $1"
    )
    assert made.execute == f"EXECUTE {made.name}_0 (%(a)s, %(b)s);\nEXECUTE {made.name}_1 (%(b)s)"
    assert plan("ALTER TABLE x ADD y INT") is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"db_password": "wrong"}, "refuses DB_USER or DB_PASSWORD"),
        ({"db_name": "nowhere"}, "no DB_NAME or DB_USER of that name"),
        ({"db_host": "/nowhere"}, "cannot be reached at DB_HOST"),
    ],
)
async def test_why_there_is_no_connection_is_said(settings: Settings, change: dict[str, str], reason: str) -> None:
    db = Database(settings(**change))
    with pytest.raises(Unavailable, match=reason):
        await db.run(backend)
    await db.close()


async def test_an_outage_leaves_no_circle_that_keeps_updates_in_memory(settings: Settings) -> None:
    class Update(dict[str, object]):
        """Something that can be watched."""

    db = Database(settings(db_host="/nowhere"))
    kept = []
    gc.disable()  # a circle would wait for the collector, which a loaded bot runs rarely
    try:
        for _ in range(3):
            update = Update()
            kept.append(weakref.ref(update))
            with contextlib.suppress(Unavailable):
                await db.run(lambda cursor, update: None, update)
            del update
        async with asyncio.timeout(5):  # a thread lets go of its last job a moment after it is done
            while any(each() is not None for each in kept):  # noqa: ASYNC110 - another thread lets go
                await asyncio.sleep(0.01)
    finally:
        gc.enable()
    await db.close()
