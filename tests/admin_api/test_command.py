"""`python -m app.manage admin NAME`: the first admin, another password, and letting somebody in no more."""

import asyncio
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from app import manage
from app.modules.errors import CannotDo
from tests.admin_api.conftest import PASSWORD, Api
from tests.migrations.conftest import settings_of
from tests.stage import ROOT, START_SECONDS


async def command(api: Api, *arguments: str, typed: str = "") -> tuple[int, str]:
    """Run it with a password on standard input."""

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "app.manage", "admin", *arguments],
            env={"PATH": os.defpath, **api.database},
            cwd=ROOT,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    ended = await asyncio.to_thread(run)
    return ended.returncode, ended.stdout + ended.stderr


async def test_an_admin_is_made_gets_another_password_and_is_let_in_no_more(anonymous: Api) -> None:
    assert await command(anonymous, "Command Ann", typed=f"{PASSWORD}\nignored\n") == (0, "The admin is made.\n")
    signed_in = await anonymous.login("command  ANN")
    someone = anonymous.as_(signed_in.json["access_token"])
    assert (await someone.ask("GET", "/api/v1/auth/me")).json["name"] == "Command Ann"
    said = (0, "The admin has the new password; all sessions are ended.\n")
    assert await command(anonymous, "Command Ann", typed="another password\r\n") == said
    assert (await someone.ask("GET", "/api/v1/auth/me")).status == 401
    again = anonymous.as_((await anonymous.login("Command Ann", "another password")).json["access_token"])
    assert await command(anonymous, "--disable", "command ann") == (0, "This admin is let in no more.\n")
    assert (await again.ask("GET", "/api/v1/auth/me")).status == 401
    assert (await anonymous.login("Command Ann", "another password")).status == 401
    assert (await command(anonymous, "Command Ann", typed=PASSWORD))[0] == 0
    assert (await anonymous.login("Command Ann")).status == 200
    actions = anonymous.sql(
        """SELECT e.action, e.admin_id FROM audit AS e JOIN admins AS a ON a.id::text = e.thing_id
            WHERE e.kind = 'admin' AND a.name = 'Command Ann' ORDER BY e.id"""
    )
    assert actions == [("create", None), ("password", None), ("disable", None), ("password", None)]


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("ann", "short", "A password has 12 characters or more."),
        ("ann", "", "A password has 12 characters or more."),
        ("ann", "x" * 257, "A password has 256 characters at most."),
        ("ann", "aaaaaaaaaaaaaa", "too few different characters"),
        ("ann smith", "Ann Smith 2026", "little more than the name"),
        ("ann", "\udcff" + PASSWORD, "no UTF-8"),
        ("", PASSWORD, "An admin's name has 1 to 64 characters"),
        ("x" * 65, PASSWORD, "An admin's name has 1 to 64 characters"),
        ("an\u200bn", PASSWORD, "An admin's name has 1 to 64 characters"),
        ("an\x00n", PASSWORD, "An admin's name has 1 to 64 characters"),
    ],
    ids=["short", "empty", "long", "one letter", "the name", "no UTF-8", "no name", "long name", "invisible", "NUL"],
)
async def test_what_is_refused(database_env: dict[str, str], name: str, password: str, sentence: str) -> None:
    def refused() -> None:
        with pytest.raises(CannotDo, match=sentence):
            manage.set_admin(settings_of(database_env), name, password)

    await asyncio.to_thread(refused)


async def test_nobody_of_that_name_and_no_database_are_sentences(anonymous: Api) -> None:
    assert await command(anonymous, "--disable", "nobody") == (1, "There is no admin of that name.\n")
    nowhere = Api(anonymous.process, anonymous.database | {"DB_HOST": "/nowhere"}, anonymous.http)
    said = (1, "The database cannot be reached at DB_HOST and DB_PORT.\n")
    assert await command(nowhere, "ann", typed=PASSWORD) == said


@pytest.mark.parametrize(("second", "code"), [(PASSWORD, 0), ("something else", 1)], ids=["alike", "not alike"])
async def test_on_a_terminal_it_is_asked_twice_and_not_shown(
    database_env: dict[str, str], tmp_path: Path, second: str, code: int
) -> None:
    ours, theirs = pty.openpty()
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.manage", "admin", "ann"),
        env={"PATH": os.defpath, **database_env},
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = b""
    for question, answer in ((b"Password: ", PASSWORD), (b"Once more: ", second)):
        while not said.endswith(question):
            said += await asyncio.to_thread(os.read, ours, 1024)
        os.write(ours, answer.encode() + b"\n")
    assert await asyncio.wait_for(started.wait(), START_SECONDS) == code
    said += os.read(ours, 4096)
    os.close(ours)
    assert PASSWORD.encode() not in said
    assert (b"The admin is made." in said) == (code == 0)
