"""The command line: `python -m app.manage migrate` brings the schema up to date and gives the roles their rights,
`init-sql` prints what init.sql is, `admin NAME` makes an admin; `backup`, `verify-backup FILE` and `restore FILE` look
after backups (app/backup.py).
"""

import argparse
import asyncio
import getpass
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import psycopg2

from app import backup, schema
from app.modules.admins import service
from app.modules.errors import CannotDo, GymError
from app.modules.postgres import Cursor, Database
from app.modules.texts import label
from app.settings import DatabaseSettings, MigrationSettings, SettingsError, load

P = ParamSpec("P")
R = TypeVar("R")


def set_admin(settings: DatabaseSettings, name: str, password: str) -> bool:
    """Make an admin, or give one another password, which ends their sessions; True when it is a new one."""
    weak = service.weak(password, name=name)
    if weak is not None:
        raise CannotDo(label(weak, shortest=service.SHORTEST_PASSWORD, longest=service.LONGEST_PASSWORD))
    password_hash = service.hashed(password)
    return _run(settings, service.set_password, name=name, password_hash=password_hash, at=datetime.now(UTC))


def first_admin(settings: DatabaseSettings, name: str, password: str) -> bool:
    """Make an admin where there is none; say whether this name and this password let somebody in."""
    if not _run(settings, service.is_anybody_there):
        return set_admin(settings, name, password)
    return service.fits(password, _run(settings, service.account, name=name).password_hash)


def disable_admin(settings: DatabaseSettings, name: str) -> None:
    """Let an admin in no more, from the next request on."""
    if not _run(settings, service.disable, name=name, at=datetime.now(UTC)):
        raise CannotDo("There is no admin of that name.")


def _run(settings: DatabaseSettings, work: Callable[Concatenate[Cursor, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run one use case as both doors do."""

    async def once() -> R:
        db = Database(settings)
        try:
            return await db.run(work, *args, **kwargs)
        finally:
            await db.close()

    try:
        return asyncio.run(once())
    except GymError as error:
        reason = str(error)
        said = label(error.text, **error.values) if error.values else f"{reason[:1].upper()}{reason[1:]}."
        raise CannotDo(said) from error


def _password() -> str:
    """Ask for a password twice on a terminal; otherwise it is the first line of what comes in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise CannotDo("The two are not the same; nothing was changed.")
    return password


def _look_after_backups(asked: argparse.Namespace) -> None:
    settings, now = load(MigrationSettings), datetime.now(UTC)
    try:
        match asked.command:
            case "backup":
                file = backup.back_up(settings, asked.to, keep=asked.keep, now=now)
                _say(f"{file} is written and can be read ({file.stat().st_size:,} bytes).")
            case "verify-backup":
                notes = backup.verify(settings, asked.file)
                rows = sum(count for count, _ in notes.tables.values())
                _say(f"{asked.file} restores: all {rows:,} rows of {len(notes.tables)} tables as at {notes.taken_at}.")
            case "restore":
                agree = partial(_agreed, settings.db_name)
                aside = backup.restore(settings, asked.file, agree=agree, now=now)
                _say(f"{settings.db_name} is what {asked.file} holds.")
                if aside is not None:
                    _say(f"What was there before is kept as the database {aside}: drop it when all is well.")
    except psycopg2.Error as error:
        raise CannotDo(f"PostgreSQL refuses {settings.db_user}: {str(error).splitlines()[0]}.") from error


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def _agreed(name: str, held: str) -> bool:
    """Ask for the database's name: it is the word without which nothing is overwritten."""
    _say(f"{name} holds {held}. They make place for the backup, and whoever is connected is cut off.")
    _say(f"Type {name} to go on:")
    return sys.stdin.readline().strip() == name


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 1 when it could not be carried out."""
    parser = argparse.ArgumentParser(prog="python -m app.manage", description="Look after the gym bot's database.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser(
        "migrate",
        help="bring the database of DB_HOST … DB_PASSWORD up to date, and make the roles of DB_BOT_PASSWORD and "
        "DB_ADMIN_PASSWORD; may be run at any time",
    )
    commands.add_parser("init-sql", help="print what init.sql must be: the sum of all migrations")
    admin = commands.add_parser("admin", help="make an admin, or give one another password; their sessions end")
    admin.add_argument("name", metavar="NAME")
    admin.add_argument("--disable", action="store_true", help="let this admin in no more; a new password ends that")
    writing = commands.add_parser("backup", help="write a backup, whole and checked; pg_dump must be on PATH")
    writing.add_argument("--to", type=Path, default=Path("backups"), metavar="FOLDER", help="%(default)s")
    writing.add_argument("--keep", type=_at_least_one, default=14, metavar="N", help="how many stay there: %(default)s")
    for name, text in (
        ("verify-backup", "restore a backup into a database beside the real one, compare every row, drop it again"),
        ("restore", "put a backup in the place of the database, whose name is asked for when it holds anything"),
    ):
        commands.add_parser(name, help=text).add_argument("file", type=Path, metavar="FILE")
    asked = parser.parse_args(arguments)
    logging.getLogger("app").setLevel(logging.CRITICAL)  # what goes wrong is said in a sentence
    command = asked.command
    try:
        if command == "admin":
            settings = load(DatabaseSettings)
            if asked.disable:
                disable_admin(settings, asked.name)
                _say("This admin is let in no more.")
                return 0
            is_new = set_admin(settings, asked.name, _password())
            _say("The admin is made." if is_new else "The admin has the new password; all sessions are ended.")
            return 0
        if command == "init-sql":
            sys.stdout.write(schema.init_sql())
            return 0
        if "backup" in command or command == "restore":
            _look_after_backups(asked)
            return 0
        applied = schema.bring_up_to_date(load(MigrationSettings))
    except (CannotDo, SettingsError) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    _say(f"Applied {', '.join(applied)}." if applied else "The schema is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
