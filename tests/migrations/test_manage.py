"""`migrate`: whole or not at all, once, by one process at a time; init.sql is the same."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from app import schema
from app.modules.errors import CannotDo
from dev.servers import Postgres
from tests.migrations.conftest import connect, settings_of

ROOT = Path(__file__).parents[2]
ALL = [migration.name for migration in schema.migrations()]


def program(postgres: Postgres, name: str, env: dict[str, str], *arguments: str) -> str:
    ended = subprocess.run(
        [
            postgres._binary(name),
            *("--host", env["DB_HOST"], "--port", env["DB_PORT"], "--username", env["DB_USER"]),
            *("--dbname", env["DB_NAME"], *arguments),
        ],
        env={"PGPASSWORD": env["DB_PASSWORD"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stderr == ""
    return ended.stdout


def dump(postgres: Postgres, env: dict[str, str], *arguments: str) -> str:
    text = program(postgres, "pg_dump", env, *arguments)
    return re.sub(r"^\\(un)?restrict .*$", "", text, flags=re.MULTILINE)  # a random word, against hostile dumps


def command(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.manage", *arguments],
        env={"PATH": os.defpath, **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def applied(env: dict[str, str]) -> list[str]:
    connection = connect(env)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM schema_migrations ORDER BY number")
        names = [name for (name,) in cursor.fetchall()]
    connection.close()
    return names


def run_sql(env: dict[str, str], statement: str) -> Any:
    connection = connect(env)
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else None
    connection.close()
    return rows


def folder_of(path: Path, *texts: str) -> Path:
    for number, text in enumerate(texts, start=1):
        (path / f"{number:04d}_part.sql").write_text(text)
    return path


def test_init_sql_is_the_sum_of_the_migrations() -> None:
    assert (ROOT / "init.sql").read_text() == schema.init_sql(), "run: python -m app.manage init-sql > init.sql"
    assert command({}, "init-sql").stdout == schema.init_sql()


def test_init_sql_and_migrate_make_the_same_database(
    postgres: Postgres, empty_env: dict[str, str], database_env: dict[str, str]
) -> None:
    program(postgres, "psql", empty_env, "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(ROOT / "init.sql"))
    alone = ("--schema-only", "--no-privileges")  # rights come after the schema, and only where there are roles
    assert dump(postgres, empty_env, *alone) == dump(postgres, database_env, *alone)
    data = ("--data-only", "--exclude-table=schema_migrations")
    assert dump(postgres, empty_env, *data) == dump(postgres, database_env, *data)
    assert schema.migrate(settings_of(empty_env)) == []


def test_a_second_time_nothing_is_left_to_do(empty_env: dict[str, str]) -> None:
    assert schema.migrate(settings_of(empty_env)) == ALL
    assert schema.migrate(settings_of(empty_env)) == []
    assert applied(empty_env) == ALL


def test_several_at_once(empty_env: dict[str, str]) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: schema.migrate(settings_of(empty_env)), range(4)))
    assert sorted(results, key=len) == [[], [], [], ALL]


def test_a_migration_that_fails_leaves_nothing_and_can_be_run_again(empty_env: dict[str, str], tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "CREATE TABLE one (x INT);", "CREATE TABLE two (x INT);\nSELECT 1 / 0;\n")
    with pytest.raises(CannotDo, match="0002_part failed and was taken back: division by zero"):
        schema.migrate(settings_of(empty_env), folder)
    assert applied(empty_env) == ["0001_part"]
    assert run_sql(empty_env, "SELECT to_regclass('two')") == [(None,)]
    folder_of(tmp_path, "CREATE TABLE one (x INT);", "CREATE TABLE two (x INT);")
    assert schema.migrate(settings_of(empty_env), folder) == ["0002_part"]


def test_a_connection_that_dies_halfway(empty_env: dict[str, str], tmp_path: Path) -> None:
    suicide = "CREATE TABLE one (x INT);\nSELECT pg_terminate_backend(pg_backend_pid());\n"
    with pytest.raises(CannotDo, match="went away"):
        schema.migrate(settings_of(empty_env), folder_of(tmp_path, suicide))
    assert applied(empty_env) == []
    assert schema.migrate(settings_of(empty_env)) == ALL


def test_a_newer_schema_is_refused(database_env: dict[str, str]) -> None:
    run_sql(database_env, "INSERT INTO schema_migrations (number, name, sha256) VALUES (99, '0099_later', 'x')")
    with pytest.raises(CannotDo, match="newer than this code"):
        schema.migrate(settings_of(database_env))


def test_a_changed_migration_is_refused(database_env: dict[str, str]) -> None:
    run_sql(database_env, "UPDATE schema_migrations SET sha256 = 'x' WHERE number = 1")
    with pytest.raises(CannotDo, match="0001_tables is not what was applied"):
        schema.migrate(settings_of(database_env))


def test_a_gap_in_the_numbers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0002_part.sql").touch()
    with pytest.raises(CannotDo, match="should begin with 0001_"):
        schema.migrations(tmp_path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"DB_HOST": "/nowhere"}, "No such file"),
        ({"DB_NAME": "nowhere"}, "does not exist"),
        ({"DB_PASSWORD": "wrong"}, "authentication failed"),
    ],
)
def test_a_database_that_cannot_be_reached(database_env: dict[str, str], change: dict[str, str], sentence: str) -> None:
    with pytest.raises(CannotDo, match=sentence):
        schema.migrate(settings_of(database_env | change), patience=0)


def test_another_encoding_is_refused(postgres: Postgres, empty_env: dict[str, str]) -> None:
    run_sql(empty_env, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    with pytest.raises(CannotDo, match="encoding is LATIN1"):
        schema.migrate(settings_of(empty_env | {"DB_NAME": "latin"}))
    postgres.drop_database("latin")


def test_the_command(empty_env: dict[str, str]) -> None:
    first, second = command(empty_env, "migrate"), command(empty_env, "migrate")
    assert (first.returncode, first.stdout, first.stderr) == (0, f"Applied {', '.join(ALL)}.\n", "")
    assert (second.returncode, second.stdout) == (0, "The schema is up to date.\n")
    wrong = command(empty_env | {"DB_NAME": "nowhere"}, "migrate")
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (1, "", 1)
    unset = command({}, "migrate")
    assert unset.returncode == 1
    assert "DB_HOST is not set." in unset.stderr


def test_the_role_gets_its_time_outs(empty_env: dict[str, str]) -> None:
    schema.migrate(settings_of(empty_env))
    for name, value in schema.TIMEOUTS.items():
        assert run_sql(empty_env, f"SHOW {name}") == [(value,)]
    run_sql(empty_env, f"ALTER ROLE CURRENT_USER IN DATABASE {empty_env['DB_NAME']} SET lock_timeout = '9s'")
    schema.migrate(settings_of(empty_env))
    assert run_sql(empty_env, "SHOW lock_timeout") == [("3s",)]


def test_an_ordinary_owner_can_migrate(postgres: Postgres, empty_env: dict[str, str]) -> None:
    run_sql(empty_env, "CREATE ROLE owner LOGIN PASSWORD 'a password of its own'")
    run_sql(empty_env, f"ALTER DATABASE {empty_env['DB_NAME']} OWNER TO owner")
    env = empty_env | {"DB_USER": "owner", "DB_PASSWORD": "a password of its own"}
    assert schema.migrate(settings_of(env)) == ALL
    assert run_sql(env, "SHOW lock_timeout") == [("3s",)]
    postgres.drop_database(env["DB_NAME"])
    with pytest.raises(psycopg2.OperationalError):
        connect(env)


def test_what_ready_says(empty_env: dict[str, str]) -> None:
    connection = connect(empty_env)
    with connection.cursor() as cursor:
        assert schema.behind(cursor) == ALL
        assert "run python -m app.manage migrate" in schema.trouble(cursor)[0]
        schema.migrate(settings_of(empty_env))
        assert schema.trouble(cursor) == []
        cursor.execute("INSERT INTO schema_migrations (number, name, sha256) VALUES (99, '0099_later', 'x')")
        assert (schema.behind(cursor), schema.ahead(cursor)) == ([], ["0099_later"])
    connection.close()
