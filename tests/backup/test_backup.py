"""Backups: the snapshot, the check, the restore; what happens when a step fails. pg_dump and pg_restore are real."""

import json
import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from app import backup, manage, schema
from app.modules.errors import CannotDo
from app.schema import TIMEOUTS
from app.settings import MigrationSettings
from dev.fill import fill
from dev.servers import Postgres, postgres_programs
from tests.conftest import ROLE_PASSWORDS, as_role
from tests.migrations.conftest import connect
from tests.stage import ROOT

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def trained(postgres: Postgres, template_database: str) -> Iterator[str]:
    """A gym of a few people, whom tests copy."""
    postgres.create_database("trained", template=template_database)
    fill(postgres.env("trained"), people=4, days=20, today=date(2026, 5, 4))
    yield "trained"
    postgres.drop_database("trained")


@pytest.fixture
def gym(postgres: Postgres, trained: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MigrationSettings]:
    """Somebody's database, and the programs on PATH."""
    monkeypatch.setenv("PATH", f"{postgres_programs() / 'bin'}{os.pathsep}{os.environ['PATH']}")
    postgres.create_database("gym", template=trained)
    env = postgres.env("gym") | ROLE_PASSWORDS
    yield MigrationSettings.model_validate({name.lower(): value for name, value in env.items()})
    for name in databases(postgres):
        if name == "gym" or name.startswith("gym_"):
            postgres.drop_database(name)


def ask(env: dict[str, str], statement: str) -> list[Any]:
    connection = connect(env)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def databases(postgres: Postgres) -> list[str]:
    return [name for (name,) in ask(postgres.env("postgres"), "SELECT datname FROM pg_database ORDER BY datname")]


def gyms(postgres: Postgres) -> list[str]:
    return [name for name in databases(postgres) if name.startswith("gym")]


def sets(postgres: Postgres, name: str = "gym") -> int:
    return int(ask(postgres.env(name), "SELECT count(*) FROM training")[0][0])


def command(
    settings: MigrationSettings, *arguments: str, typed: str = "", before: str = "exec"
) -> subprocess.CompletedProcess[str]:
    """Run app/manage.py, by a shell that does something before."""
    env = {name.upper(): str(value) for name, value in settings.model_dump().items()}
    return subprocess.run(
        ["sh", "-c", f'{before} "$@"', "sh", sys.executable, "-m", "app.manage", *arguments],
        env={"PATH": os.environ["PATH"], **env},
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
    )


def program_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    """Put a script before the real program."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_a_backup_is_made_verified_and_put_back(gym: MigrationSettings, postgres: Postgres, tmp_path: Path) -> None:
    said = command(gym, "backup", "--to", str(tmp_path / "backups"))
    assert (said.returncode, said.stderr) == (0, "")
    (file,) = (tmp_path / "backups").glob("*.dump")
    assert re.fullmatch(r"gym-\d{8}T\d{6}Z\.dump", file.name)
    assert f"{file} is written and can be read" in said.stdout
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {
        file.name: 0o600,
        f"{file.name}.json": 0o600,
    }
    then = sets(postgres)
    assert then > 100
    verified = command(gym, "verify-backup", str(file))
    rows = sum(count for count, _ in json.loads(Path(f"{file}.json").read_text())["tables"].values())
    assert f"all {rows:,} rows of " in verified.stdout
    assert rows > then

    ask(postgres.env("gym"), "DELETE FROM training WHERE set = 1")
    assert 0 < (later := sets(postgres)) < then
    refused = command(gym, "restore", str(file), typed="yes\n")
    assert (refused.returncode, refused.stderr) == (1, "Nothing was changed.\n")
    assert f"gym holds 4 people and {later:,} sets." in refused.stdout
    assert (sets(postgres), gyms(postgres)) == (later, ["gym"])

    restored = command(gym, "restore", str(file), typed="gym\n")
    assert (restored.returncode, restored.stderr) == (0, "")
    present, former = gyms(postgres)
    assert f"kept as the database {former}:" in restored.stdout
    assert (sets(postgres, present), sets(postgres, former)) == (then, later)
    bot = as_role(postgres.env("gym"), "bot")
    assert ask(bot, "SELECT count(*) FROM training") == [(then,)]
    taken_at = json.loads(Path(f"{file}.json").read_text())["taken_at"]
    said = ask(bot, "SELECT obj_description('schema_migrations'::regclass)")
    assert said == [(f"Backed up at {taken_at}",)]
    assert ask(bot, "SHOW statement_timeout") == [(TIMEOUTS["statement_timeout"],)]
    assert ask(postgres.env("gym"), "SELECT count(*) FROM pg_stats WHERE tablename = 'training'") != [(0,)]


def test_what_is_counted_is_what_is_dumped(
    gym: MigrationSettings, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody registers after the counting and before pg_dump begins."""
    real = shlex.quote(str(postgres_programs() / "bin" / "pg_dump"))
    psql = shlex.quote(str(postgres_programs() / "bin" / "psql"))
    script = f'{psql} --quiet --command "INSERT INTO users (id) VALUES (77)"\nexec {real} "$@"'
    program_on_path(tmp_path / "bin", monkeypatch, "pg_dump", script)
    file = backup.back_up(gym, tmp_path / "backups", keep=1, now=NOW)
    assert ask(postgres.env("gym"), "SELECT count(*) FROM users") == [(5,)]
    assert backup.verify(gym, file).tables["users"][0] == 4
    bot = connect(as_role(postgres.env("gym"), "bot"))
    with bot.cursor() as cursor:
        assert backup.last(cursor) == NOW.timestamp()
    bot.close()


def test_whoever_is_connected_is_cut_off_and_finds_the_restored_one(
    gym: MigrationSettings, postgres: Postgres, tmp_path: Path
) -> None:
    file = backup.back_up(gym, tmp_path, keep=1, now=NOW)
    bot = connect(postgres.env("gym"))
    ask(postgres.env("gym"), "DELETE FROM training")
    assert backup.restore(gym, file, agree=lambda held: held == "4 people and 0 sets", now=NOW)
    with pytest.raises(psycopg2.OperationalError), bot.cursor() as cursor:
        cursor.execute("SELECT 1")
    bot.close()
    assert sets(postgres) > 100


@pytest.mark.parametrize("is_there", [True, False])
def test_nothing_is_asked_and_nothing_kept_where_nothing_was(
    gym: MigrationSettings, postgres: Postgres, tmp_path: Path, *, is_there: bool
) -> None:
    file = backup.back_up(gym, tmp_path, keep=1, now=NOW)
    postgres.drop_database("gym")
    if is_there:
        postgres.create_database("gym")
    assert backup.restore(gym, file, agree=lambda _: False, now=NOW) is None
    assert sets(postgres) > 100
    assert gyms(postgres) == ["gym"]


def test_no_role_loses_its_rights_to_a_restore(gym: MigrationSettings, postgres: Postgres, tmp_path: Path) -> None:
    file = backup.back_up(gym, tmp_path, keep=1, now=NOW)
    schema.make_roles(gym)  # a copy of a database has all rights of its own but those to itself
    without = gym.model_copy(update={"db_bot_password": None, "db_admin_password": None})
    with pytest.raises(CannotDo, match="Other roles than the owner may use gym"):
        backup.restore(without, file, agree=lambda _: True, now=NOW)
    assert gyms(postgres) == ["gym"]


def test_what_another_program_keeps_is_asked_for(gym: MigrationSettings, postgres: Postgres, tmp_path: Path) -> None:
    file = backup.back_up(gym, tmp_path, keep=1, now=NOW)
    postgres.create_database("gym_shared")
    ask(postgres.env("gym_shared"), "CREATE SCHEMA shop; CREATE TABLE shop.orders (id INT)")
    with pytest.raises(CannotDo, match="Nothing was changed"):
        backup.restore(
            gym.model_copy(update={"db_name": "gym_shared"}), file, agree=lambda held: held != "1 tables", now=NOW
        )
    assert ask(postgres.env("gym_shared"), "SELECT count(*) FROM shop.orders") == [(0,)]


def test_a_name_that_would_be_cut_short_is_refused(gym: MigrationSettings, postgres: Postgres, tmp_path: Path) -> None:
    file = backup.back_up(gym, tmp_path, keep=1, now=NOW)
    longest = "gym_".ljust(63, "x")
    postgres.create_database(longest)
    with pytest.raises(CannotDo, match="39 bytes at most"):
        backup.verify(gym.model_copy(update={"db_name": longest}), file)
    assert gyms(postgres) == ["gym", longest]


@pytest.mark.parametrize("ours", [True, False], ids=["ours", "a stranger's"])
def test_only_what_a_killed_one_left_is_dropped(
    gym: MigrationSettings, postgres: Postgres, tmp_path: Path, *, ours: bool
) -> None:
    file = backup.back_up(gym, tmp_path, keep=1, now=NOW)
    names = ("gym_restored", "gym_verified")
    for name in names:
        postgres.create_database(name)
        if ours:
            ask(postgres.env("postgres"), f"COMMENT ON DATABASE {name} IS '{backup.MARK}'")
    for name, use in zip(
        names,
        (lambda: backup.restore(gym, file, agree=lambda _: True, now=NOW), lambda: backup.verify(gym, file)),
        strict=True,
    ):
        with nullcontext() if ours else pytest.raises(CannotDo, match=f"There is a database {name} that is not marked"):
            use()
    assert gyms(postgres) == (["gym", "gym_before_20260504t030201z"] if ours else ["gym", *names])
    marked = (
        "SELECT count(*) FROM pg_shdescription WHERE description = 'Made by app.manage, which drops it at the end.'"
    )
    assert ask(postgres.env("gym"), marked) == [(0,)]


def test_an_owner_without_more_power_restores_unless_others_are_in_there(
    gym: MigrationSettings, postgres: Postgres, tmp_path: Path
) -> None:
    file = backup.back_up(gym, tmp_path, keep=1, now=NOW)
    ask(postgres.env("postgres"), "CREATE ROLE gym_owner LOGIN CREATEDB PASSWORD 'open sesame'")
    words = {"db_name": "gym_own", "db_user": "gym_owner", "db_password": "open sesame"}
    own = gym.model_copy(update=words | {"db_bot_password": None, "db_admin_password": None})
    try:
        assert backup.restore(own, file, agree=lambda _: False, now=NOW) is None
        stranger = connect(postgres.env("gym_own"))
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="permission denied to terminate process"):
            backup.restore(own, file, agree=lambda _: True, now=NOW)
        stranger.close()
        assert gyms(postgres) == ["gym", "gym_own"]
        assert backup.restore(own, file, agree=lambda _: True, now=NOW) == "gym_own_before_20260504t030201z"
    finally:
        for name in gyms(postgres)[1:]:
            postgres.drop_database(name)
        ask(postgres.env("postgres"), "DROP ROLE gym_owner")


def test_a_changed_file_is_refused(gym: MigrationSettings, postgres: Postgres, tmp_path: Path) -> None:
    file = backup.back_up(gym, tmp_path, keep=1, now=NOW)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    for use in (
        lambda: backup.verify(gym, file),
        lambda: backup.restore(gym, file, agree=lambda _: True, now=NOW),
    ):
        with pytest.raises(CannotDo, match="is not the file that was written"):
            use()
    Path(f"{file}.json").unlink()
    with pytest.raises(CannotDo, match="nothing to compare"):
        backup.verify(gym, file)
    file.write_bytes(whole[: len(whole) // 2])
    before = sets(postgres)
    with pytest.raises(CannotDo, match="pg_restore failed: "):
        backup.restore(gym, file, agree=lambda _: True, now=NOW)
    assert (sets(postgres), gyms(postgres)) == (before, ["gym"])


def test_a_row_that_is_missing_or_other_is_named(gym: MigrationSettings, postgres: Postgres, tmp_path: Path) -> None:
    file = backup.back_up(gym, tmp_path, keep=1, now=NOW)
    notes = json.loads(Path(f"{file}.json").read_text())
    rows, total = notes["tables"]["training"]
    for other in ([rows + 1, total], [rows, str(int(total) + 1)]):
        notes["tables"]["training"] = other
        Path(f"{file}.json").write_text(json.dumps(notes))
        with pytest.raises(CannotDo, match=rf"training \({other[0]} rows then, {rows} restored\) differ"):
            backup.verify(gym, file)
    with pytest.raises(CannotDo, match="differ"):
        backup.restore(gym, file, agree=lambda _: True, now=NOW)
    assert gyms(postgres) == ["gym"]


@pytest.mark.parametrize(
    ("program", "script", "sentence"),
    [
        ("pg_dump", "echo half a backup; echo 'pg_dump: error: it broke' >&2; exit 1", "pg_dump: error: it broke"),
        ("pg_dump", "echo half a backup", "pg_restore failed: .*not appear to be a valid archive"),
        ("pg_restore", "exit 1", "pg_restore failed: it says nothing"),
    ],
)
def test_half_a_backup_never_has_the_name_of_one(
    gym: MigrationSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    script: str,
    sentence: str,
) -> None:
    program_on_path(tmp_path / "bin", monkeypatch, program, script)
    with pytest.raises(CannotDo, match=sentence):
        backup.back_up(gym, tmp_path / "backups", keep=1, now=NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_disk_that_is_full_leaves_nothing(gym: MigrationSettings, tmp_path: Path) -> None:
    said = command(gym, "backup", "--to", str(tmp_path / "backups"), before="ulimit -f 8 && exec")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == f"The backup cannot be written to {tmp_path / 'backups'}: File too large.\n"
    assert list((tmp_path / "backups").iterdir()) == []


def test_make_backup_takes_any_database_and_brings_its_programs(
    gym: MigrationSettings, postgres: Postgres, tmp_path: Path
) -> None:
    ask(postgres.env("gym"), "DROP TABLE schema_migrations")  # where its moment would be noted
    env = {name.upper(): str(value) for name, value in gym.model_dump().items()} | {"PATH": os.defpath}
    make = [sys.executable, "-m", "dev.backup", "backup", "--to", str(tmp_path)]
    subprocess.run(make, cwd=ROOT, env=env, capture_output=True, check=True)
    assert len(list(tmp_path.glob("gym-*.dump"))) == 1


def test_the_newest_stay_and_other_files_too(gym: MigrationSettings, tmp_path: Path) -> None:
    # Notes whose dump is gone may be those of one that somebody has encrypted and moved.
    strangers = {"gym-2-20200101T000000Z.dump", "notes.txt", "film.mkv.part", "gym-20200101T000000Z.dump.json"}
    of_a_killed_one = "gym-20200101T000000Z.dump.part"
    for name in strangers | {of_a_killed_one}:
        (tmp_path / name).touch()
    files = [backup.back_up(gym, tmp_path, keep=2, now=NOW + timedelta(days=day)) for day in range(3)]
    kept = {file.name for file in files[1:]}
    assert {path.name for path in tmp_path.iterdir()} == strangers | kept | {f"{name}.json" for name in kept}
    with pytest.raises(CannotDo, match="is there already"):
        backup.back_up(gym, tmp_path, keep=2, now=NOW + timedelta(days=2))


def test_a_backup_of_a_newer_version_is_refused(gym: MigrationSettings, postgres: Postgres, tmp_path: Path) -> None:
    note = "INSERT INTO schema_migrations (number, name, sha256) VALUES (99, '0099_later', 'x')"
    ask(postgres.env("gym"), note)
    file = backup.back_up(gym, tmp_path, keep=1, now=NOW)
    ask(postgres.env("gym"), "DELETE FROM schema_migrations WHERE number = 99")
    with pytest.raises(CannotDo, match="0099_later"):
        backup.restore(gym, file, agree=lambda _: True, now=NOW)
    assert gyms(postgres) == ["gym"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["restore", "none.dump"], "There is no none.dump."),
        (["verify-backup", "none.dump"], "There is no none.dump."),
        (["backup", "--to", "/dev/null/here"], "The backup cannot be written to /dev/null/here: Not a directory."),
    ],
)
def test_what_cannot_be_done_is_said(
    gym: MigrationSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    for name, value in gym.model_dump().items():
        monkeypatch.setenv(name.upper(), str(value))
    assert manage.main(arguments) == 1
    assert capsys.readouterr() == ("", f"{sentence}\n")


def test_who_owns_nothing_is_refused_in_a_sentence(
    gym: MigrationSettings,
    postgres: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = backup.back_up(gym, tmp_path, keep=1, now=NOW)
    for name, value in as_role(postgres.env("gym"), "bot").items():
        monkeypatch.setenv(name, value)
    for arguments, reason in (
        (["backup", "--to", str(tmp_path)], "permission denied for table "),
        (["restore", str(file)], "permission denied to create database"),
    ):
        assert manage.main(arguments) == 1
        assert f"PostgreSQL refuses gymbot_bot: {reason}" in capsys.readouterr().err
    assert [path.suffix for path in sorted(tmp_path.iterdir())] == [".dump", ".json"]


def test_where_there_is_no_pg_dump_that_is_said(
    gym: MigrationSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotDo, match="pg_dump is not on PATH"):
        backup.back_up(gym, tmp_path / "backups", keep=1, now=NOW)
