"""The schema and the roles: what app/migrations and roles.sql make of a database, and whether it fits this code.

Migrations are plain SQL, applied in the order of their numbers, each in a transaction of its own.
"""

import hashlib
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - psycopg2 spells it small
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extensions import encrypt_password

from app.modules.errors import CannotDo, Unavailable
from app.settings import DatabaseSettings, MigrationSettings

FOLDER = Path(__file__).parent / "migrations"
ROLES = Path(__file__).parent / "roles.sql"
CONNECT_SECONDS = 15.0  # containers start side by side
TURN_SECONDS = 300  # for another process to finish its migrations
LOCK = 7_406_946_001  # any number, the same for ever: whoever holds it migrates
BEHIND = "the schema is behind ({names}): run python -m app.manage migrate"
AHEAD = (
    "the schema is newer than this code (migration {names}): start the newer version, "
    "or go back to the backup from before the upgrade (OPERATIONS.md, Going back)"
)
LOOK_SECONDS = 2  # at start, for the look at the schema; a database that is away stops nothing

# The role's time-outs in this database, so that no connection has to set them.
TIMEOUTS = {"statement_timeout": "5s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "10s"}

BOOKKEEPING = """\
-- Which migrations this database has.
CREATE TABLE IF NOT EXISTS schema_migrations (
    number     INTEGER     PRIMARY KEY,
    name       TEXT        NOT NULL,
    sha256     TEXT        NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
"""
NOTE = "INSERT INTO schema_migrations (number, name, sha256) VALUES ({number}, {name}, {sha256});\n"


class Migration(NamedTuple):
    """One numbered file."""

    number: int
    name: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """Return the migrations that this code knows, in order."""
    found = []
    for number, file in enumerate(sorted(folder.glob("*.sql")), start=1):
        if not re.fullmatch(rf"{number:04d}_[a-z0-9_]+\.sql", file.name):
            raise CannotDo(f"{file} breaks the order: its name should begin with {number:04d}_.")
        found.append(Migration(number, file.stem, file.read_bytes().decode()))
    return found


def init_sql(folder: Path = FOLDER) -> str:
    """Return what init.sql must be: all migrations, and the notes that they were applied."""
    parts = [
        "-- The sum of app/migrations, made by `python -m app.manage init-sql`: change those, not this file.\n",
        "BEGIN;\nSET LOCAL client_encoding = 'UTF8';\n",
        BOOKKEEPING,
    ]
    for migration in migrations(folder):
        note = NOTE.format(number=migration.number, name=f"'{migration.name}'", sha256=f"'{migration.sha256}'")
        parts.append(f"-- {migration.name}\n\n{migration.text}\n{note}")
    return "\n".join([*parts, "COMMIT;\n"])


def migrate(settings: DatabaseSettings, folder: Path = FOLDER, *, patience: float = CONNECT_SECONDS) -> list[str]:
    """Apply what is missing, one process at a time, and return the names of what was applied."""
    known = migrations(folder)
    with connected(settings, patience) as connection, connection.cursor() as cursor:
        _check_encoding(cursor)
        wait_for_turn(cursor)
        cursor.execute(f"SET client_min_messages = warning;\n{BOOKKEEPING}")
        missing = _missing(cursor, known)
        for migration in missing:
            _apply(cursor, migration)
        _set_timeouts(cursor, settings.db_name, settings.db_user)
        return [migration.name for migration in missing]


def bring_up_to_date(settings: MigrationSettings) -> list[str]:
    """Migrate, and give the two roles their rights where they are wanted; return the names of what was applied."""
    applied = migrate(settings)
    if settings.db_bot_password:
        make_roles(settings)
    return applied


def make_roles(settings: MigrationSettings) -> None:
    """Make the bot's and the admins' role, or give them their passwords and their rights anew."""
    passwords = {settings.db_bot_user: settings.db_bot_password, settings.db_admin_user: settings.db_admin_password}
    rights = sql.SQL(ROLES.read_text(encoding="utf-8")).format(
        database=sql.Identifier(settings.db_name),
        bot=sql.Identifier(settings.db_bot_user),
        admin=sql.Identifier(settings.db_admin_user),
    )
    with connected(settings, 0) as connection, connection.cursor() as cursor:
        wait_for_turn(cursor)
        try:
            for name, password in passwords.items():
                _refuse_other_houses(cursor, settings.model_copy(update={"db_user": name, "db_password": password}))
            for name, password in passwords.items():
                _make_role(cursor, name, password or "")
            cursor.execute(sql.SQL("BEGIN;\n{}COMMIT").format(rights))
        except errors.InsufficientPrivilege as error:
            raise CannotDo(f"{settings.db_user} may not make roles: let a role with CREATEROLE migrate.") from error
        for name in passwords:
            _set_timeouts(cursor, settings.db_name, name)


def behind(cursor: Cursor, folder: Path = FOLDER) -> list[str]:
    """Return the names of the migrations that this database still lacks."""
    applied = _applied(cursor)
    return [migration.name for migration in migrations(folder) if migration.number not in applied]


def ahead(cursor: Cursor, folder: Path = FOLDER) -> list[str]:
    """Return the names of the migrations that this code does not know."""
    known = {migration.number for migration in migrations(folder)}
    return [name for number, (name, _) in sorted(_applied(cursor).items()) if number not in known]


def trouble(cursor: Cursor) -> list[str]:
    """Say in sentences why this code and this database do not go together; nothing when they do."""
    found = ((BEHIND, behind(cursor)), (AHEAD, ahead(cursor)))
    return [f"PostgreSQL: {sentence.format(names=', '.join(names))}." for sentence, names in found if names]


def refuse_to_start_on_newer(settings: DatabaseSettings) -> None:
    """Refuse to start where a newer version has migrated; where that cannot be seen now, `refuse_newer` will see it.

    Migrations come before new code, so old code that runs goes on; but none begins where a newer one has been.
    """
    try:
        with connected(settings, 0, seconds=LOOK_SECONDS) as connection, connection.cursor() as cursor:
            names = ahead(cursor)
    except (CannotDo, psycopg2.Error):
        return  # GET /ready says what is wrong
    if names:
        raise CannotDo(_sentence(AHEAD.format(names=", ".join(names))))


def refuse_newer(cursor: Cursor) -> None:
    """Refuse all work where a newer version has migrated: asked of a process's first connection."""
    if names := ahead(cursor):
        raise Unavailable(AHEAD.format(names=", ".join(names)))


@contextmanager
def connected(
    settings: DatabaseSettings, patience: float = CONNECT_SECONDS, *, seconds: int = 5
) -> Iterator[Connection]:
    """Connect; wait for a server that is still starting."""
    deadline = time.monotonic() + patience
    while True:
        try:
            connection: Connection = psycopg2.connect(
                host=settings.db_host,
                port=settings.db_port,
                dbname=settings.db_name,
                user=settings.db_user,
                password=settings.db_password,
                application_name="gymbot migrate",
                client_encoding="UTF8",
                connect_timeout=seconds,
            )
            break
        except psycopg2.OperationalError as error:
            reason = str(error).strip().splitlines()[0].strip()  # a hint follows
            # What will not mend by waiting: a password, a role or a database that is not there.
            if time.monotonic() > deadline or re.search("FATAL: .*(authentication|does not exist)", str(error)):
                where = f"{settings.db_host}, port {settings.db_port}, database {settings.db_name}"
                raise CannotDo(f"The database cannot be reached ({where}): {reason}") from error
            time.sleep(0.2)
    connection.autocommit = True
    try:
        yield connection
    except psycopg2.OperationalError as error:
        if not connection.closed:
            raise
        raise CannotDo("The database went away; run this again.") from error
    finally:
        connection.close()


def _check_encoding(cursor: Cursor) -> None:
    cursor.execute("SELECT current_setting('server_encoding')")
    encoding = _value(cursor)
    if encoding != "UTF8":
        raise CannotDo(f"The database's encoding is {encoding}; make one with ENCODING 'UTF8'.")


def wait_for_turn(cursor: Cursor) -> None:
    """Take the lock, which ends with the connection, killed or not; the role's time-outs are too short for this."""
    cursor.execute("SET statement_timeout = 0")
    cursor.execute("SET lock_timeout = %(limit)s", {"limit": f"{TURN_SECONDS}s"})
    try:
        cursor.execute("SELECT pg_advisory_lock(%(lock)s)", {"lock": LOCK})
    except errors.LockNotAvailable as error:
        raise CannotDo(f"Another process has been migrating for more than {TURN_SECONDS} seconds.") from error


def _missing(cursor: Cursor, known: list[Migration]) -> list[Migration]:
    """Return what is to be applied, or refuse a database that went another way."""
    applied = _applied(cursor)
    unknown = [name for number, (name, _) in sorted(applied.items()) if number > len(known)]
    if unknown:
        raise CannotDo(_sentence(AHEAD.format(names=", ".join(unknown))))
    for migration in known:
        if migration.number in applied and applied[migration.number][1] != migration.sha256:
            raise CannotDo(f"Migration {migration.name} is not what was applied: undo the change, add a new file.")
    return [migration for migration in known if migration.number not in applied]


def _apply(cursor: Cursor, migration: Migration) -> None:
    """Apply one migration and note it, both or nothing."""
    note = sql.SQL(NOTE).format(
        number=sql.Literal(migration.number), name=sql.Literal(migration.name), sha256=sql.Literal(migration.sha256)
    )
    head = "BEGIN;\nSET LOCAL statement_timeout = 0;\nSET LOCAL lock_timeout = '30s';\n"
    try:
        cursor.execute(f"{head}{migration.text}\n{note.as_string(cursor)}COMMIT;")
    except psycopg2.Error as error:
        if cursor.connection.closed:
            raise
        cursor.execute("ROLLBACK")
        reason = str(error).strip().splitlines()[0]
        raise CannotDo(f"Migration {migration.name} failed and was taken back: {reason}") from error


def _make_role(cursor: Cursor, name: str, password: str) -> None:
    """Make a role that can sign in and nothing else; the server is given no password, only what checks it."""
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %(name)s", {"name": name})
    is_there = cursor.fetchone() is not None
    if powers := _powers(cursor, name):
        raise CannotDo(f"The role {name} is there and may do too much ({', '.join(powers)}): choose another name.")
    verifier = encrypt_password(password, name, scope=cursor.connection, algorithm="scram-sha-256")
    statement = "ALTER ROLE {} LOGIN PASSWORD {}" if is_there else "CREATE ROLE {} LOGIN PASSWORD {}"
    cursor.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Literal(verifier)))


def _powers(cursor: Cursor, role: str) -> list[str]:
    """Name what a role may do by itself, as a member of others, and as an owner here; roles.sql ends the rest."""
    cursor.execute(
        """
        SELECT power
          FROM pg_roles AS r,
               LATERAL (VALUES ('SUPERUSER', r.rolsuper), ('CREATEROLE', r.rolcreaterole),
                               ('CREATEDB', r.rolcreatedb), ('REPLICATION', r.rolreplication),
                               ('BYPASSRLS', r.rolbypassrls)) AS given (power, is_given)
         WHERE r.rolname = %(role)s AND is_given
         UNION ALL
        SELECT 'member of ' || g.rolname
          FROM pg_auth_members AS m
          JOIN pg_roles AS g ON g.oid = m.roleid
          JOIN pg_roles AS r ON r.oid = m.member
         WHERE r.rolname = %(role)s
         UNION ALL
        SELECT 'owner of ' || min(pg_describe_object(s.classid, s.objid, 0))
          FROM pg_shdepend AS s
          JOIN pg_roles AS r ON r.oid = s.refobjid
          JOIN pg_database AS d ON d.datname = current_database()
         WHERE s.refclassid = 'pg_authid'::regclass AND r.rolname = %(role)s AND s.deptype = 'o'
           AND (s.dbid = d.oid OR s.classid = 'pg_database'::regclass AND s.objid = d.oid)
        HAVING count(*) > 0
        """,
        {"role": role},
    )
    return [power for (power,) in cursor.fetchall()]


def _refuse_other_houses(cursor: Cursor, settings: DatabaseSettings) -> None:
    """Roles are the whole server's: take nobody else's password away. What a restore makes beside this one is ours."""
    house = settings.db_name.removesuffix("_restored")
    cursor.execute(
        """
        SELECT DISTINCT d.datname::text
          FROM pg_database AS d
         CROSS JOIN aclexplode(d.datacl) AS a
          JOIN pg_roles AS r ON r.oid = a.grantee
         WHERE r.rolname = %(role)s
           AND d.datname::text <> ALL (ARRAY[%(house)s, %(house)s || '_restored', %(house)s || '_verified'])
           AND NOT starts_with(d.datname::text, %(house)s || '_before_')
         ORDER BY 1
        """,
        {"role": settings.db_user, "house": house},
    )
    others = [name for (name,) in cursor.fetchall()]
    if not others:
        return
    try:
        with connected(settings.model_copy(update={"db_name": others[0]}), 0):
            pass  # the password is theirs too, and stays what it is
    except CannotDo as error:
        raise CannotDo(
            f"The role {settings.db_user} enters {', '.join(others)} too, by another password as it seems: "
            "name other roles by DB_BOT_USER and DB_ADMIN_USER."
        ) from error


def _set_timeouts(cursor: Cursor, database: str, role: str) -> None:
    """Give a role its time-outs in this database, when they are others."""
    cursor.execute(
        """
        SELECT s.setconfig
          FROM pg_db_role_setting AS s
          JOIN pg_database AS d ON d.oid = s.setdatabase
          JOIN pg_roles AS r ON r.oid = s.setrole
         WHERE d.datname = current_database() AND r.rolname = %(role)s
        """,
        {"role": role},
    )
    row = cursor.fetchone()
    present = row[0] if row else []
    for name, value in TIMEOUTS.items():
        if f"{name}={value}" in present:
            continue
        change = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}")
        words = (sql.Identifier(role), sql.Identifier(database), sql.Identifier(name), sql.Literal(value))
        try:
            cursor.execute(change.format(*words))
        except errors.InsufficientPrivilege:
            sys.stdout.write(f"Warning: {role} may not be given its {name}; have an administrator set it to {value}.\n")


def _applied(cursor: Cursor) -> dict[int, tuple[str, str]]:
    """Return number, name and hash of what this database has."""
    cursor.execute("SELECT to_regclass('schema_migrations') IS NOT NULL")
    if not _value(cursor):
        return {}
    cursor.execute("SELECT number, name, sha256 FROM schema_migrations")
    return {number: (name, sha256) for number, name, sha256 in cursor.fetchall()}


def _value(cursor: Cursor) -> object:
    row = cursor.fetchone()
    return row[0] if row else None


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
