"""Three roles: the owner migrates, the bot and the admin API may do what they do, and nothing else.

That it is enough for them is shown by the tests of the bot and of the API, whose processes enter in these roles.
"""

import contextlib
import re
from typing import Any

import psycopg2
import pytest
from psycopg2 import errors

from app import schema
from app.modules.errors import CannotDo
from app.settings import MigrationSettings, SettingsError, load
from dev.servers import Postgres
from tests.conftest import ROLE_PASSWORDS, as_role
from tests.migrations.conftest import connect
from tests.migrations.test_manage import command, run_sql

OTHERS = {"DB_BOT_USER": "other bot", "DB_ADMIN_USER": "other_admin"}  # roles are the whole server's
NEITHER_MAY = [
    "CREATE TABLE mine (x INT)",
    "CREATE TEMPORARY TABLE mine (x INT)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS INT LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE friend",
    "SET ROLE postgres",
    "ALTER TABLE training ADD COLUMN x INT",
    "DROP TABLE training",
    "TRUNCATE training",
    "ALTER TABLE audit DISABLE TRIGGER ALL",
    "CREATE OR REPLACE FUNCTION forget_in_audit() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "UPDATE schema_migrations SET sha256 = ''",
    "SELECT rolpassword FROM pg_authid",
    "COPY users TO PROGRAM 'cat'",
    "UPDATE audit SET before = NULL",
    "DELETE FROM audit",
    "INSERT INTO admins (name, name_key, password_hash) VALUES ('eve', 'eve', '')",
    "UPDATE admins SET disabled_at = NULL",
    "DELETE FROM admins",
]
MAY_NOT = {
    "bot": [
        *NEITHER_MAY,
        "SELECT password_hash FROM admins",
        "SELECT FROM admin_sessions",
        "SELECT FROM admin_guesses",
        "SELECT FROM audit",
        "INSERT INTO audit (at, action, kind, thing_id) VALUES (now(), 'update', 'set', '')",
        "SELECT people FROM counted_days",
    ],
    "admin": [
        *NEITHER_MAY,
        "SELECT body FROM updates_parked",
        "SELECT FROM updates_seen",
        "DELETE FROM updates_seen",
        "INSERT INTO training (day) VALUES (now())",
        "INSERT INTO users (id) VALUES (3)",
        "UPDATE users SET first_name = 'Eve'",
        "DELETE FROM users",
        "UPDATE webhook_registration SET fingerprint = ''",
    ],
}


def owner(env: dict[str, str], **change: str) -> MigrationSettings:
    given = env | ROLE_PASSWORDS | change
    return MigrationSettings.model_validate({name.lower(): value for name, value in given.items()})


@pytest.mark.parametrize("role", ["bot", "admin"])
def test_what_a_role_may_not_do(database_env: dict[str, str], role: Any) -> None:
    schema.make_roles(owner(database_env))  # a copy of a database has all rights of its own but those to itself
    allowed = []
    connection = connect(as_role(database_env, role))
    with connection.cursor() as cursor:
        for statement in MAY_NOT[role]:
            with contextlib.suppress(errors.InsufficientPrivilege):
                cursor.execute(statement)
                allowed.append(statement)
    connection.close()
    assert allowed == []


def test_every_table_is_somebody_s(database_env: dict[str, str]) -> None:
    """A new table needs a line in app/roles.sql."""
    forgotten = """
        SELECT c.relname
          FROM pg_class AS c
         WHERE c.relkind IN ('r', 'v') AND c.relnamespace = 'public'::regnamespace
           AND NOT has_any_column_privilege('gymbot_bot', c.oid, 'SELECT, INSERT')
           AND NOT has_any_column_privilege('gymbot_admin', c.oid, 'SELECT, INSERT')
    """
    assert run_sql(database_env, forgotten) == []


def test_corrections_say_nothing_of_admins(database_env: dict[str, str]) -> None:
    run_sql(
        database_env,
        """
        INSERT INTO admins (id, name, name_key, password_hash) VALUES (7, 'ann', 'ann', 'x');
        INSERT INTO audit (at, admin_id, request_id, action, kind, thing_id, person_id)
        VALUES (now(), 7, 'r', 'update', 'set', 's', 1), (now(), 7, 'r', 'password', 'admin', '7', NULL)
        """,
    )
    ((seen,),) = run_sql(as_role(database_env, "bot"), "SELECT to_jsonb(c) FROM corrections AS c")
    assert seen.keys() == {"id", "at", "action", "kind", "thing_id", "person_id", "before", "after"}
    assert (seen["kind"], seen["person_id"]) == ("set", 1)


def test_migrate_makes_the_roles_and_takes_back_what_was_given_beside(empty_env: dict[str, str]) -> None:
    env = empty_env | ROLE_PASSWORDS | OTHERS
    assert command(env, "migrate").returncode == 0
    run_sql(env, 'GRANT SELECT ON admins TO "other bot"; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "other bot"')
    bot = empty_env | {"DB_USER": "other bot", "DB_PASSWORD": ROLE_PASSWORDS["DB_BOT_PASSWORD"]}
    for name, value in schema.TIMEOUTS.items():
        assert run_sql(bot, f"SHOW {name}") == [(value,)]
    assert run_sql(bot, "SELECT count(*) FROM admins") == [(0,)]
    assert command(env | {"DB_BOT_PASSWORD": "another-password-of-the-bot"}, "migrate").returncode == 0
    with pytest.raises(psycopg2.OperationalError, match="authentication failed"):
        connect(bot)
    for statement in ("SELECT count(*) FROM admins", "SELECT nextval('audit_id_seq')"):
        with pytest.raises(errors.InsufficientPrivilege):
            run_sql(bot | {"DB_PASSWORD": "another-password-of-the-bot"}, statement)
    assert (
        command(env | {"DB_BOT_USER": "the next bot"}, "migrate").returncode == 0
    )  # a password is changed by a new role
    run_sql(empty_env, 'DROP OWNED BY "other bot"; DROP ROLE "other bot"')
    assert run_sql(bot | {"DB_USER": "the next bot"}, "SELECT count(*) FROM users") == [(0,)]


def test_who_may_not_make_roles_is_told(empty_env: dict[str, str], postgres: Postgres) -> None:
    run_sql(empty_env, "CREATE ROLE plain LOGIN PASSWORD 'a password of its own'")
    run_sql(empty_env, f"ALTER DATABASE {empty_env['DB_NAME']} OWNER TO plain")
    env = empty_env | ROLE_PASSWORDS | {"DB_USER": "plain", "DB_PASSWORD": "a password of its own"}
    said = command(env | {"DB_BOT_USER": "bot_of_plain", "DB_ADMIN_USER": "admin_of_plain"}, "migrate")
    assert (said.returncode, said.stderr) == (1, "plain may not make roles: let a role with CREATEROLE migrate.\n")
    run_sql(empty_env, "ALTER ROLE plain CREATEROLE")
    said = command(env | {"DB_BOT_USER": "bot_of_plain", "DB_ADMIN_USER": "admin_of_plain"}, "migrate")
    assert (said.returncode, said.stdout, said.stderr) == (0, "The schema is up to date.\n", "")
    refused = command(empty_env | ROLE_PASSWORDS | OTHERS | {"DB_BOT_USER": "plain"}, "migrate")
    assert refused.stderr.startswith("The role plain is there and may do too much (CREATEROLE, ")


@pytest.mark.parametrize(
    ("gift", "back", "power"),
    [
        ("ALTER ROLE strong REPLICATION", "ALTER ROLE strong NOREPLICATION", "REPLICATION"),
        ("ALTER ROLE strong BYPASSRLS CREATEDB", "ALTER ROLE strong NOBYPASSRLS NOCREATEDB", "CREATEDB, BYPASSRLS"),
        ("GRANT pg_read_all_data TO strong", "REVOKE pg_read_all_data FROM strong", "member of pg_read_all_data"),
        (
            "ALTER TABLE changed_days OWNER TO strong",
            "ALTER TABLE changed_days OWNER TO postgres",
            "owner of table changed_days",
        ),
    ],
    ids=["replication", "others", "member", "owner"],
)
def test_a_role_that_may_more_than_it_needs_is_refused(
    database_env: dict[str, str], gift: str, back: str, power: str
) -> None:
    run_sql(database_env, "DROP ROLE IF EXISTS strong; CREATE ROLE strong")
    run_sql(database_env, gift)
    settings = owner(database_env, DB_BOT_USER="strong", DB_ADMIN_USER="weak")
    with pytest.raises(CannotDo, match=re.escape(f"The role strong is there and may do too much ({power}): choose ")):
        schema.make_roles(settings)
    run_sql(database_env, back)
    schema.make_roles(settings)


def test_a_second_house_on_the_server_takes_no_password_away(
    database_env: dict[str, str], postgres: Postgres, template_database: str
) -> None:
    names = {"DB_BOT_USER": "shared_bot", "DB_ADMIN_USER": "shared_admin"}
    schema.make_roles(owner(database_env, **names))
    postgres.create_database("second_house", template=template_database)
    second = postgres.env("second_house")
    schema.make_roles(owner(second, **names))  # by the same passwords both are served
    others = {"DB_BOT_PASSWORD": "a-password-of-the-bot", "DB_ADMIN_PASSWORD": "another-one-of-the-admins"}
    sentence = (
        f"The role shared_admin enters {database_env['DB_NAME']} too, by another password as it seems: name other "
    )
    with pytest.raises(CannotDo, match=sentence):
        schema.make_roles(owner(second, **names, **others))
    first = f"ALTER DATABASE {database_env['DB_NAME']} RENAME TO"
    run_sql(second, f"{first} second_house_before_20260504t030201z")  # as a restore keeps the former one
    schema.make_roles(owner(second, **names, **others))
    run_sql(second, f"ALTER DATABASE second_house_before_20260504t030201z RENAME TO {database_env['DB_NAME']}")
    postgres.drop_database("second_house")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"DB_ADMIN_PASSWORD": ""}, "DB_BOT_PASSWORD and DB_ADMIN_PASSWORD go together"),
        ({"DB_BOT_USER": "postgres"}, "must be three roles"),
        (
            {"DB_BOT_PASSWORD": ROLE_PASSWORDS["DB_ADMIN_PASSWORD"]},
            "DB_BOT_PASSWORD must differ from every other secret",
        ),
    ],
    ids=["one password", "two roles", "alike"],
)
def test_roles_that_are_not_three(monkeypatch: pytest.MonkeyPatch, change: dict[str, str], sentence: str) -> None:
    where = {"DB_HOST": "nowhere", "DB_NAME": "x", "DB_USER": "postgres", "DB_PASSWORD": "x"}
    for name, value in (where | ROLE_PASSWORDS | change).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=sentence):
        load(MigrationSettings)
