"""Backups: a file of pg_dump's, and beside it what was counted in the very snapshot that it holds.

Every row counts: a table is its number of rows and the sum of their hashes. pg_dump and pg_restore are those on PATH;
`make backup` and the image of deploy/backup bring those of their PostgreSQL.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - psycopg2 spells it small

from app import schema
from app.modules.errors import CannotDo
from app.settings import MigrationSettings

STAMP = "%Y%m%dT%H%M%SZ"
PIECE = 1024 * 1024
SWAPS = 3
# PostgreSQL cuts a name at 63 bytes: of NAME_verified the real database's name might be left, which is then dropped.
LONGEST_NAME = 63 - len("_before_20260504t030201z")
# What a database beside the real one says of itself: only such a one is dropped.
MARK = "Made by app.manage, which drops it at the end."
BACKED_UP = "Backed up at "
Tables = dict[str, tuple[int, str]]  # by name: how many rows, and the sum of their hashes


@dataclass(frozen=True)
class Notes:
    """What stands beside a backup, in NAME.json."""

    database: str
    taken_at: str
    sha256: str
    tables: Tables


def back_up(settings: MigrationSettings, folder: Path, *, keep: int, now: datetime) -> Path:
    """Write one backup and remove the oldest above `keep`; under its name it is whole and checked, or not there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone_in(folder):
            for left in _backups(settings, folder, suffix=".dump.part"):  # of a backup that was killed
                left.unlink()
            file = folder / f"{_base(settings)}-{now.strftime(STAMP)}.dump"
            if file.exists():
                raise CannotDo(f"{file} is there already.")
            part = file.with_name(f"{file.name}.part")
            try:
                notes = _dumped(settings, part, now)
                _write(_beside(file), json.dumps(asdict(notes), indent=1) + "\n")
                part.replace(file)
                _settle(folder)
            finally:
                part.unlink(missing_ok=True)
            for old in _backups(settings, folder)[:-keep]:
                old.unlink()
                _beside(old).unlink(missing_ok=True)
            _tell_the_database(settings, notes)
    except OSError as error:
        raise CannotDo(f"The backup cannot be written to {folder}: {error.strerror}.") from error
    return file


def last(cursor: Cursor) -> float:
    """Return when this database was backed up last, in seconds since 1970; 0: never, as far as it knows."""
    cursor.execute("SELECT obj_description('schema_migrations'::regclass, 'pg_class')")
    said = str(_one(cursor)[0])
    return datetime.fromisoformat(said.removeprefix(BACKED_UP)).timestamp() if said.startswith(BACKED_UP) else 0.0


def verify(settings: MigrationSettings, file: Path) -> Notes:
    """Restore a backup into a database of its own, compare every table with the notes, and drop it again."""
    notes = _notes(file)
    if notes is None:
        raise CannotDo(f"{_beside(file)} is missing: there is nothing to compare the backup with.")
    with _beside_the_real_one(settings, "verified") as (_, scratch):
        _restore_into(scratch, file)
        _compare(scratch, notes)
    return notes


def restore(settings: MigrationSettings, file: Path, *, agree: Callable[[str], bool], now: datetime) -> str | None:
    """Put a backup in the database's place; say under which name the former one is kept, if it held anything.

    The new one is whole, compared and migrated before the two change places; whoever is connected is cut off then.
    """
    notes = _notes(file)
    name, aside = settings.db_name, f"{settings.db_name}_before_{now.strftime(STAMP).lower()}"
    with _beside_the_real_one(settings, "restored") as (cursor, fresh):
        held = _held(cursor, settings)
        if held and not agree(held):
            raise CannotDo("Nothing was changed.")
        if held and not settings.db_bot_password and _has_roles(settings):
            raise CannotDo(
                f"Other roles than the owner may use {name}, and would lose it: set DB_BOT_PASSWORD and "
                "DB_ADMIN_PASSWORD. Nothing was changed."
            )
        _restore_into(fresh, file)
        if notes is not None:
            _compare(fresh, notes)
            _tell_the_database(fresh, notes)  # with that backup it is as safe as then
        schema.bring_up_to_date(fresh)
        with schema.connected(fresh) as connection, connection.cursor() as inside:
            inside.execute("SET statement_timeout = 0; ANALYZE")
        _swap(cursor, name=name, fresh=fresh.db_name, aside=aside)
        if held:
            return aside
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(aside)))
        return None


def _dumped(settings: MigrationSettings, part: Path, now: datetime) -> Notes:
    """Count and dump in one snapshot; migrations wait meanwhile."""
    with schema.connected(settings) as connection, connection.cursor() as cursor:
        schema.wait_for_turn(cursor)
        cursor.execute(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0;"
            "SELECT pg_export_snapshot()"
        )
        snapshot = str(_one(cursor)[0])
        tables = _tables(cursor)  # first: from here on this transaction's locks keep them as they are
        if not tables:
            raise CannotDo(f"{settings.db_name} holds no tables: there is nothing to back up.")
        sha256 = _dump(settings, snapshot, part)
        cursor.execute("COMMIT")
    _run(settings, "pg_restore", f"--file={os.devnull}", str(part))  # reads all of it
    return Notes(settings.db_name, now.isoformat(timespec="seconds"), sha256, tables)


def _tell_the_database(settings: MigrationSettings, notes: Notes) -> None:
    """Note the moment where the bot finds it for GET /metrics: a comment, which asks for no table and no right.

    A database that is not ours, that may only be read or that has just gone away is backed up all the same.
    """
    note = sql.SQL("COMMENT ON TABLE schema_migrations IS {}").format(sql.Literal(f"{BACKED_UP}{notes.taken_at}"))
    with (
        suppress(psycopg2.Error, CannotDo),
        schema.connected(settings) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(note)


def _dump(settings: MigrationSettings, snapshot: str, part: Path) -> str:
    """Let pg_dump write, piece by piece; return the sum of what it wrote."""
    digest = hashlib.sha256()
    words = [_program("pg_dump"), "--format=custom", "--no-password", f"--snapshot={snapshot}"]
    with tempfile.TemporaryFile() as said, _opened(part) as file:
        with subprocess.Popen(words, env=_environment(settings), stdout=subprocess.PIPE, stderr=said) as process:  # noqa: S603 - no shell
            assert process.stdout  # noqa: S101 - a pipe was asked for
            try:
                while piece := process.stdout.read(PIECE):
                    file.write(piece)
                    digest.update(piece)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                process.kill()
                raise
        if process.returncode:
            said.seek(0)
            raise CannotDo(f"pg_dump failed: {_first_error(said.read())}")
    return digest.hexdigest()


def _restore_into(settings: MigrationSettings, file: Path) -> None:
    """Owners and rights are left out: the database belongs to who restores it, and `migrate` gives out the rights."""
    words = ("--exit-on-error", "--no-owner", "--no-acl", "--no-password", "--jobs=2", f"--dbname={settings.db_name}")
    _run(settings, "pg_restore", *words, str(file))


def _run(settings: MigrationSettings, program: str, *words: str) -> None:
    command = [_program(program), *words]
    ended = subprocess.run(command, env=_environment(settings), capture_output=True, check=False)  # noqa: S603 - no shell
    if ended.returncode:
        raise CannotDo(f"{program} failed: {_first_error(ended.stderr)}")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise CannotDo(
            f"{name} is not on PATH: `make backup` and the container `backup` bring one; "
            "it must be as new as the server."
        )
    return found


def _environment(settings: MigrationSettings) -> dict[str, str]:
    """The password goes this way: among a command's words everybody could read it."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "PGHOST": settings.db_host,
        "PGPORT": str(settings.db_port),
        "PGDATABASE": settings.db_name,
        "PGUSER": settings.db_user,
        "PGPASSWORD": settings.db_password or "",
    }


def _first_error(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines() or ["it says nothing"]
    return next((line for line in lines if "error:" in line), lines[-1])


def _tables(cursor: Cursor) -> Tables:
    """Count the rows of every table, and sum up their hashes; how a moment is spelt must not matter."""
    cursor.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET statement_timeout = 0")
    found: Tables = {}
    for name in _names(cursor):
        cursor.execute(
            sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {} AS t").format(
                sql.Identifier("public", name)
            )
        )
        rows, total = _one(cursor)
        found[name] = (rows, total)
    return found


def _names(cursor: Cursor) -> list[str]:
    cursor.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename COLLATE \"C\"")
    return [name for (name,) in cursor.fetchall()]


def _compare(settings: MigrationSettings, notes: Notes) -> None:
    with schema.connected(settings) as connection, connection.cursor() as cursor:
        found = _tables(cursor)
    wrong = [
        f"{name} ({notes.tables.get(name, (0, ''))[0]} rows then, {found.get(name, (0, ''))[0]} restored)"
        for name in sorted(notes.tables.keys() | found.keys())
        if notes.tables.get(name) != found.get(name)
    ]
    if wrong:
        raise CannotDo(f"The backup is not what was there when it was made: {', '.join(wrong)} differ.")


def _held(cursor: Cursor, settings: MigrationSettings) -> str:
    """Say in words what the real database holds; empty: nothing, or there is none."""
    if not _is_there(cursor, settings.db_name):
        return ""
    with schema.connected(settings) as connection, connection.cursor() as inside:
        inside.execute("SET statement_timeout = 0")
        if not {"users", "training"} <= set(_names(inside)):
            # Of another program's too, which may keep them in a schema of its own.
            inside.execute("SELECT count(*) FROM pg_stat_user_tables")
            tables = _one(inside)[0]
            return f"{tables} tables" if tables else ""
        inside.execute("SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM training)")
        people, sets = _one(inside)
        return f"{people:,} people and {sets:,} sets"


def _has_roles(settings: MigrationSettings) -> bool:
    """Whether somebody beside the owner may use a table."""
    with schema.connected(settings) as connection, connection.cursor() as inside:
        inside.execute(
            """
            SELECT count(*) > 0
              FROM pg_class AS c
             CROSS JOIN aclexplode(c.relacl) AS a
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.grantee <> c.relowner
            """
        )
        return bool(_one(inside)[0])


@contextmanager
def _beside_the_real_one(settings: MigrationSettings, what: str) -> Iterator[tuple[Cursor, MigrationSettings]]:
    """Make an empty database; at the end it is dropped, unless it has another name by then."""
    name = f"{settings.db_name}_{what}"
    if len(settings.db_name.encode()) > LONGEST_NAME:
        raise CannotDo(
            f"{settings.db_name} is too long a name: {LONGEST_NAME} bytes at most leave room for one beside it."
        )
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    elsewhere = "template1" if settings.db_name == "postgres" else "postgres"
    with (
        schema.connected(settings.model_copy(update={"db_name": elsewhere})) as connection,
        connection.cursor() as cursor,
    ):
        schema.wait_for_turn(cursor)
        if _is_there(cursor, name) and not _is_marked(cursor, name):
            raise CannotDo(
                f"There is a database {name} that is not marked as made here: rename or drop it, then run this again."
            )
        cursor.execute(drop)  # of one that was killed
        make = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
        cursor.execute(make.format(sql.Identifier(name)))
        try:
            cursor.execute(_marked(name, MARK))
            yield cursor, settings.model_copy(update={"db_name": name})
        finally:
            cursor.execute("ROLLBACK")  # of a change of places that failed; otherwise it does nothing
            cursor.execute(drop)


def _swap(cursor: Cursor, *, name: str, fresh: str, aside: str) -> None:
    """Let the fresh database take the place of the real one: both names change at once, or none."""
    called = {"name": sql.Identifier(name), "fresh": sql.Identifier(fresh), "aside": sql.Identifier(aside)}
    is_there = _is_there(cursor, name)
    for _ in range(SWAPS):
        try:
            cursor.execute("BEGIN")
            if is_there:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %(name)s", {"name": name}
                )
                # It waits for those to go, up to 5 s, and keeps new ones waiting; one may have come in just before.
                cursor.execute(sql.SQL("ALTER DATABASE {name} RENAME TO {aside}").format(**called))
            cursor.execute(_marked(fresh, None))
            cursor.execute(sql.SQL("ALTER DATABASE {fresh} RENAME TO {name}; COMMIT").format(**called))
            return
        except errors.ObjectInUse:
            cursor.execute("ROLLBACK")
    raise CannotDo(f"Somebody does not let go of {name}, and nothing was changed: end them, then run this again.")


def _is_there(cursor: Cursor, name: str) -> bool:
    cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %(name)s)", {"name": name})
    return bool(_one(cursor)[0])


def _is_marked(cursor: Cursor, name: str) -> bool:
    cursor.execute(
        "SELECT shobj_description(oid, 'pg_database') = %(mark)s FROM pg_database WHERE datname = %(name)s",
        {"mark": MARK, "name": name},
    )
    return bool(_one(cursor)[0])


def _marked(name: str, mark: str | None) -> sql.Composed:
    return sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(mark))


def _one(cursor: Cursor) -> tuple[Any, ...]:
    row = cursor.fetchone()
    assert row is not None  # noqa: S101 - each of these statements has one
    return row


def _notes(file: Path) -> Notes | None:
    """Read the notes of a backup, None where there are none; refuse a file that has changed since."""
    try:
        with file.open("rb") as backup:
            sha256 = hashlib.file_digest(backup, "sha256").hexdigest()
        words = json.loads(_beside(file).read_text())
        tables = {name: (int(rows), str(total)) for name, (rows, total) in words.pop("tables").items()}
        notes = Notes(**words, tables=tables)
    except FileNotFoundError as error:
        if error.filename == str(file):
            raise CannotDo(f"There is no {file}.") from error
        return None
    except OSError as error:
        raise CannotDo(f"{error.filename} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CannotDo(f"{_beside(file)} holds no notes of a backup.") from error
    if notes.sha256 != sha256:
        raise CannotDo(f"{file} is not the file that was written: take another backup.")
    return notes


def _base(settings: MigrationSettings) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", settings.db_name)


def _backups(settings: MigrationSettings, folder: Path, *, suffix: str = ".dump") -> list[Path]:
    """Those of this database, the oldest first."""
    named = re.compile(rf"{_base(settings)}-\d{{8}}T\d{{6}}Z{re.escape(suffix)}")
    return sorted(path for path in folder.iterdir() if named.fullmatch(path.name))


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _opened(path: Path) -> IO[bytes]:
    """A new file for this user's eyes alone."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with _opened(path) as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """A name counts after a power cut only when its folder is on the disk too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise CannotDo(f"Another backup is being written to {folder}.") from error
    finally:
        os.close(number)
