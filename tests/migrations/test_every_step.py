"""A database that has been in use since the first migration comes through every one of them, killed halfway or not."""

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app import schema
from tests.migrations.conftest import connect, settings_of
from tests.migrations.test_manage import ALL, applied
from tests.migrations.test_stats import assert_right
from tests.stage import ROOT, START_SECONDS

# What is there after each migration, and was not before: whoever adds a table fills it here.
USED = {
    "0001_tables": """
        INSERT INTO users (id, lastname, first_name, username, bio)
        SELECT n, 'Oyelaran', 'Ann', 'ann_' || n, 'lifts' FROM generate_series(1, 3) AS n;
        INSERT INTO muscles (id, name, is_global, created_by)
        VALUES (9001, 'Neck', TRUE, NULL), (9002, 'Grip', FALSE, 1);
        INSERT INTO exercises (id, name, muscle, is_global, created_by)
        VALUES (9001, 'Neck curl', 9001, TRUE, NULL), (9002, 'Towel hang', 9002, FALSE, 1);
        INSERT INTO user_hidden_muscles VALUES (2, 9001);
        INSERT INTO user_hidden_exercises VALUES (3, 9001);
        INSERT INTO updates_seen (bot_id, update_id) VALUES (42, 1);
        INSERT INTO updates_parked (bot_id, update_id, user_id, parked_at, traceback, body)
        VALUES (42, 2, 1, now(), 'frames', '{}');
        INSERT INTO webhook_registration (bot_id, fingerprint) VALUES (42, 'f')
    """,
    "0003_recording": """
        UPDATE users SET timezone = 'Europe/Berlin', own_weights = '{61.50}',
               last_set = (SELECT max(t.id) FROM training AS t WHERE t.user_id = users.id)
    """,
    "0005_entries": """
        UPDATE training SET entry = 7, former_weight = 40, former_reps = 5, former_entry = 6 WHERE user_id = 1;
        INSERT INTO exercise_notes (user_id, exercise_id, note) VALUES (1, 9002, 'chalk');
        INSERT INTO entries_spent (user_id, bot_id, entry) VALUES (1, 42, 7)
    """,
    "0007_pounds": """
        UPDATE users SET unit = 'lb', weight_step = 2.5 WHERE id = 1;
        UPDATE training SET weight = 61.23497 WHERE user_id = 1 AND set = 1
    """,
    "0008_admins": """
        INSERT INTO admins (id, name, name_key, password_hash) VALUES (1, 'Bea', 'bea', 'hash');
        INSERT INTO admin_sessions (id, admin_id, refresh_hash, started_at, expires_at)
        VALUES ('00000000-0000-0000-0000-000000000001', 1, 'r', now(), now());
        INSERT INTO admin_guesses (target, tries, last_at, wait_until) VALUES ('t', 1, now(), now());
        INSERT INTO audit (at, admin_id, request_id, action, kind, thing_id, person_id, before, after)
        VALUES (now(), 1, 'q', 'update', 'set', 's', 1, '{"reps": 5}', '{"reps": 6}')
    """,
    "0010_figures": """
        INSERT INTO counted_days (day, sets, tonnage, people, quarters) VALUES ('2026-01-01', 1, 1, '{1}', '{0}');
        INSERT INTO counted_exercises (day, exercise_id, muscle_id, sets, people)
        VALUES ('2026-01-01', 9001, 9001, 1, '{1}');
        INSERT INTO changed_days (day) VALUES ('2026-01-01')
    """,
}
# Sets are recorded at every step: so many days after the first one, by everybody.
TRAIN = """
    INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
    SELECT TIMESTAMPTZ '2026-01-01 12:00Z' + %(step)s * INTERVAL '1 day', DATE '2026-01-01' + %(step)s::int,
           u.id, e.muscle, e.id, s.set, 60 + (%(step)s * s.set) %% 7, 8
      FROM users AS u
      JOIN exercises AS e ON e.id IN (9001, 9002) AND coalesce(e.created_by, u.id) = u.id,
           generate_series(1, 2) AS s (set)
"""
HIDDEN = """
    SELECT u.id
      FROM users AS u
     WHERE u.hidden_muscles <> ARRAY(SELECT h.muscle_id FROM user_hidden_muscles AS h WHERE h.user_id = u.id)
        OR u.hidden_exercises <> ARRAY(SELECT h.exercise_id FROM user_hidden_exercises AS h WHERE h.user_id = u.id)
"""
GROW = {"schema_migrations", "muscles", "exercises"}  # by migrations: the catalogue
GONE = {"users.last_set"}  # read off the sets since 0004_fewer_pages

Rows = list[dict[str, Any]]


def contents(cursor: Any) -> dict[str, Rows]:
    """Every row of every table."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(f"SELECT to_jsonb(t) FROM {table} AS t")
        found[table] = [row for (row,) in cursor.fetchall()]
    return found


def assert_nothing_lost(before: dict[str, Rows], after: dict[str, Rows]) -> None:
    """Every row is there, in all the columns that are left; and none that nobody made."""
    for table, rows in before.items():
        assert table in GROW or len(rows) == len(after[table])
        if rows:
            left = rows[0].keys() & after[table][0].keys()
            assert {f"{table}.{column}" for column in rows[0].keys() - left} <= GONE
            assert counted(rows, left) <= counted(after[table], left), table


def counted(rows: Rows, columns: Set[str]) -> Counter[str]:
    """How often each row is there, by some of its columns."""
    return Counter(json.dumps({name: row[name] for name in sorted(columns)}) for row in rows)


def up_to(folder: Path, number: int) -> Path:
    """The migrations as they were when so many had been shipped."""
    made = folder / str(number)
    made.mkdir()
    for each in schema.migrations()[:number]:
        shutil.copy(schema.FOLDER / f"{each.name}.sql", made)
    return made


def migrating(env: dict[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    """A process that migrates."""
    words = "import sys, pathlib as p; from app import schema, settings as s; "
    words += "schema.migrate(s.load(s.DatabaseSettings), p.Path(sys.argv[1]))"
    return subprocess.Popen([sys.executable, "-c", words, str(folder)], cwd=ROOT, env=env)


def at_work(cursor: Any) -> list[str | None]:
    """What the migrating connections wait for, of those that are there."""
    cursor.execute("SELECT wait_event_type FROM pg_stat_activity WHERE application_name = 'gymbot migrate'")
    return [event for (event,) in cursor.fetchall()]


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def killed_halfway(env: dict[str, str], cursor: Any, folder: Path) -> Iterator[None]:
    """Kill a process when its migration is done but for the last word; at the end that may be said."""
    blocker = connect(env)
    blocker.autocommit = False
    blocker.cursor().execute("LOCK TABLE schema_migrations IN SHARE MODE")
    process = migrating(env, folder)
    wait_until(lambda: at_work(cursor) == ["Lock"])
    process.kill()
    process.wait()
    yield
    blocker.close()


@pytest.fixture
def watched(empty_env: dict[str, str]) -> Iterator[Any]:
    """A cursor on an empty database."""
    connection = connect(empty_env)
    yield connection.cursor()
    connection.close()


def test_every_step_from_the_first_keeps_everything_killed_halfway_or_not(
    empty_env: dict[str, str], watched: Any, tmp_path: Path
) -> None:
    watched.execute(f"ALTER DATABASE {empty_env['DB_NAME']} SET client_connection_check_interval = '20ms'")
    schema.migrate(settings_of(empty_env), up_to(tmp_path, 0))  # the table of migrations
    before = contents(watched)
    for number, name in enumerate(ALL, start=1):
        folder = up_to(tmp_path, number)
        with killed_halfway(empty_env, watched, folder):
            wait_until(lambda: at_work(watched) == [])  # the server has noticed
        assert contents(watched) == before
        assert schema.migrate(settings_of(empty_env), folder) == [name]
        assert_nothing_lost(before, contents(watched))
        watched.execute(USED.get(name, "SELECT"))
        watched.execute(TRAIN, {"step": number})
        before = contents(watched)
        assert [table for table, rows in before.items() if not rows] == []
        assert_right(watched)
    watched.execute(HIDDEN)
    assert watched.fetchall() == []
    watched.execute("SELECT DISTINCT day FROM training")
    assert len(watched.fetchall()) == len(ALL)


def test_what_a_killed_process_has_begun_is_waited_for(empty_env: dict[str, str], watched: Any, tmp_path: Path) -> None:
    """The server may not notice, and carry the migration to its end."""
    schema.migrate(settings_of(empty_env), up_to(tmp_path, 0))
    with ThreadPoolExecutor(1) as pool:
        with killed_halfway(empty_env, watched, schema.FOLDER):
            second = pool.submit(schema.migrate, settings_of(empty_env))
            wait_until(lambda: at_work(watched) == ["Lock", "Lock"])
        assert second.result() == ALL[1:]
    assert applied(empty_env) == ALL
