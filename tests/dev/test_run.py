"""`make run`: what it starts, and what it says and leaves when things go wrong; the whole house, in a copy."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from dev import left_overs, panel, run
from dev.left_overs import PROJECT
from dev.node import NodeProblem
from dev.servers import Postgres, data_folder, temporary_folder
from tests.stage import START_SECONDS, connected

OWN = {
    "TELEGRAM_WEBHOOK_SECRET": "w" * 64,
    "JWT_SECRET": "j" * 64,
    "ADMIN_PASSWORD": "a password of the tests",
    "DB_BOT_PASSWORD": "b" * 32,
    "DB_ADMIN_PASSWORD": "a" * 32,
    "SANDBOX_BOT_TOKEN": "5401000001:sandbox_0123456789abcdef0123456789abcdef",
}
API, PANEL = "admin_panel.backend.main", "admin_panel.frontend.main"
TOKEN = {"TELEGRAM_BOT_TOKEN": "1234567:realistic-token"}


class Scratch:
    """A copy of the house, with its own data and ports."""

    def __init__(self, tree: Path, ports: tuple[int, int, int, int]) -> None:
        self.tree, self.data, self.ports = tree, data_folder(tree), ports
        self.runs: list[subprocess.Popen[str]] = []

    def start(self, **env: str) -> "subprocess.Popen[str]":
        clean = {name: value for name, value in os.environ.items() if name not in ("TELEGRAM_BOT_TOKEN", "WEB_APP_URL")}
        names = ("BOT_PORT", "SANDBOX_PORT", "API_PORT", "PANEL_PORT")
        ports = {name: str(port) for name, port in zip(names, self.ports, strict=True)}
        out = (self.tree / "out").open("w")
        with out:
            started = subprocess.Popen(
                [sys.executable, "-m", "dev.run"],
                cwd=self.tree,
                env=clean | ports | env,
                stdout=out,
                stderr=out,
                text=True,
            )
        self.runs.append(started)
        return started

    def said(self) -> str:
        return (self.tree / "out").read_text()

    def wait_for_banner(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while "Ctrl-C" not in self.said():
            assert self.runs[-1].poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.02)

    def chat(self, method: str, path: str, **content: str) -> Any:
        """Ask the sandbox's chat for something."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports[1]}{path}",
            data=json.dumps(content).encode() if content else None,
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def sign_in(self, name: str, password: str) -> bool:
        """Try to sign in to the admin API."""
        form = urllib.parse.urlencode({"username": name, "password": password}).encode()
        try:
            url = f"http://127.0.0.1:{self.ports[2]}/api/v1/auth/login"
            with urllib.request.urlopen(url, data=form, timeout=10) as answer:
                return bool(json.load(answer)["access_token"])
        except urllib.error.HTTPError as refusal:
            return bool(refusal.code != 401)

    def panel_passes_on(self) -> bool:
        """Whether the panel is there, and the API behind it, which wants to know who asks."""
        url = f"http://127.0.0.1:{self.ports[3]}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            is_there = b'<div id="root">' in answer.read()
        try:
            urllib.request.urlopen(f"{url}/api/v1/muscles", timeout=10)
        except urllib.error.HTTPError as refusal:
            return is_there and refusal.code == 401
        return False

    def make_admin(self, name: str, password: str) -> str:
        """`make admin`, with the password on standard input."""
        command = [sys.executable, "-m", "dev.admin", name]
        env = {name: value for name, value in os.environ.items() if not name.startswith("DB_")}
        return subprocess.run(
            command, cwd=self.tree, env=env, input=password + "\n", capture_output=True, text=True, check=True
        ).stdout

    def make(self, *words: str, typed: str = "") -> str:
        """`make backup` and `make restore`."""
        command = [sys.executable, "-m", "dev.backup", *words]
        env = {name: value for name, value in os.environ.items() if not name.startswith("DB_")}
        ended = subprocess.run(command, cwd=self.tree, env=env, input=typed, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def start_chat(self) -> int:
        """Somebody new writes /start and is answered; returns who."""
        person = int(self.chat("POST", "/people", first_name="Ann")["id"])
        self.chat("POST", f"/chats/{person}/messages", text="/start")
        deadline = time.monotonic() + START_SECONDS
        while self.messages(person) < 2:
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)
        return person

    def messages(self, person: int) -> int:
        return len(self.chat("GET", f"/chats/{person}")["messages"])

    def registered(self, person: int) -> bool:
        """Whether the database knows somebody, asked while the house runs."""
        with connected(Postgres(self.data / "postgres").env("gymbot")) as cursor:
            cursor.execute("SELECT FROM users WHERE id = %s", (person,))
            return cursor.rowcount == 1

    def roles(self) -> set[str]:
        """In which roles the processes are in the database."""
        with connected(Postgres(self.data / "postgres").env("gymbot")) as cursor:
            cursor.execute("SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'gymbot'")
            return {name for (name,) in cursor.fetchall()}

    def everything(self) -> list[left_overs.Running]:
        """Each process that works in this tree or in its data."""
        found = left_overs.running_in(self.tree, "python")
        for name, program in (("postgres", "postgres"), ("valkey", "valkey-server")):
            if (self.data / name / "data").exists():
                found += left_overs.running_in(self.data / name / "data", program)
        return found

    def assert_nothing_left(self) -> None:
        left_overs.wait(self.everything(), seconds=5)
        assert self.everything() == []
        for port in self.ports:
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port))


@pytest.fixture
def scratch(free_port: Callable[[], int]) -> Iterator[Scratch]:
    with contextlib.suppress(NodeProblem):
        panel.build()  # once for all copies; where Node cannot be had they run without the pages
    with temporary_folder() as folder:
        for part in ("dev", "app", "admin_panel"):
            shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns("node_modules"))
        made = Scratch(folder.resolve(), (free_port(), free_port(), free_port(), free_port()))
        try:
            yield made
        finally:
            left_overs.end(made.everything(), patience=5)
            for started in made.runs:
                started.wait()
            shutil.rmtree(made.data, ignore_errors=True)


def test_it_starts_chats_ends_by_ctrl_c_and_finds_its_data_again(scratch: Scratch) -> None:
    people = []
    for number in (signal.SIGINT, signal.SIGTERM):
        first = scratch.start()
        scratch.wait_for_banner()
        assert f"Chat   http://localhost:{scratch.ports[1]}" in scratch.said()
        people.append(scratch.start_chat())
        assert f"API    http://localhost:{scratch.ports[2]}/docs" in scratch.said()
        if panel.is_built():
            assert f"Panel  http://localhost:{scratch.ports[3]}" in scratch.said()
            assert scratch.panel_passes_on()
        if len(people) == 1:
            shown_password_counts_until_there_is_another(scratch)
            scratch.make("backup", "--to", "kept")
        assert scratch.sign_in("admin", "another horse battery")
        assert scratch.roles() == {"gymbot_bot", "gymbot_admin"}
        assert all(scratch.registered(person) for person in people)
        assert all(scratch.messages(person) == 2 for person in people)
        first.send_signal(number)
        assert first.wait(20) == 0
        assert scratch.said().endswith("Stopping ... stopped; the data stays.\n")
        scratch.assert_nothing_left()
    assert "Admin  name admin, with the password you chose" in scratch.said()
    backup_of_the_first_run_is_put_back(scratch, *people)


def shown_password_counts_until_there_is_another(scratch: Scratch) -> None:
    """The admin of the first start, and `make admin`, which gives that one another password."""
    password = scratch.said().split("Admin  name admin, password ")[1].splitlines()[0]
    assert len(password) >= 20
    assert scratch.sign_in("admin", password)
    assert not scratch.sign_in("admin", password + "x")
    assert password not in "".join(log.read_text() for log in (scratch.data / "logs").glob("*.log"))
    assert scratch.make_admin("ann", "correct horse battery") == "The admin is made.\n"
    assert scratch.sign_in("ann", "correct horse battery")
    said = scratch.make_admin("admin", "another horse battery")
    assert said == "The admin has the new password; all sessions are ended.\n"
    assert not scratch.sign_in("admin", password)


def backup_of_the_first_run_is_put_back(scratch: Scratch, first: int, second: int) -> None:
    """By a server that is started for it and ended again, as the house does not run."""
    (file,) = (scratch.tree / "kept").glob("gymbot-*.dump")
    assert "gymbot holds 2 people and 0 sets." in scratch.make("restore", str(file), typed="gymbot\n")
    scratch.assert_nothing_left()
    postgres = Postgres(scratch.data / "postgres")
    postgres.start()
    try:
        assert [scratch.registered(person) for person in (first, second)] == [True, False]
        with connected(postgres.env("gymbot")) as cursor:  # a house that runs meanwhile goes on in its roles
            cursor.execute("SELECT has_table_privilege('gymbot_bot', 'training', 'INSERT')")
            assert cursor.fetchone() == (True,)
    finally:
        postgres.stop()


def test_what_needs_a_house_says_so_before_make_run(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "dev", tmp_path / "dev")
    shutil.copytree(PROJECT / "app", tmp_path / "app")
    env = {name: value for name, value in os.environ.items() if not name.startswith("DB_")}
    for program, arguments, sentence in (
        ("dev.admin", [], "Say who: make admin NAME=ann"),
        ("dev.admin", ["ann"], "`make run` first"),
        ("dev.backup", ["restore"], "Say which: make restore FILE=backups/"),
        ("dev.backup", ["backup"], "`make run` first"),
    ):
        command = [sys.executable, "-m", program, *arguments]
        ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert sentence in ended.stderr


def test_made_up_people_never_go_where_the_shell_leads(tmp_path: Path, database_env: dict[str, str]) -> None:
    for part in ("dev", "app"):
        shutil.copytree(PROJECT / part, tmp_path / part)
    command = [sys.executable, "-m", "dev.fill", "--sets", "100"]
    ended = subprocess.run(command, cwd=tmp_path, env=os.environ | database_env, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (1, "\nmake fill: There is no house here yet: `make run` first.\n")
    with connected(database_env) as cursor:
        cursor.execute("SELECT FROM users")
        assert cursor.rowcount == 0


def test_kills_of_any_part_cost_no_data_and_a_second_ctrl_c_hurries(scratch: Scratch) -> None:
    first = scratch.start()
    scratch.wait_for_banner()
    assert scratch.start().wait(START_SECONDS) == 1
    assert f"already running (process {first.pid})" in scratch.said()
    assert first.poll() is None
    person = scratch.start_chat()
    first.kill()  # the supervisor alone: the rest ends by itself
    first.wait()
    scratch.assert_nothing_left()
    second = scratch.start()
    scratch.wait_for_banner()
    for process in scratch.everything():
        if process.name == "python":  # the servers stay, as after a crash of the terminal's whole tree
            process.send(signal.SIGKILL)
    second.wait()
    third = scratch.start()
    scratch.wait_for_banner()
    assert scratch.registered(person)
    for process in scratch.everything():
        process.send(signal.SIGKILL)
    third.wait()
    scratch.start()
    scratch.wait_for_banner()
    assert scratch.registered(person)
    assert scratch.messages(person) == 2
    second_ctrl_c_hurries(scratch)


def second_ctrl_c_hurries(scratch: Scratch) -> None:
    """Of whatever runs now."""
    (bot,) = (each for each in left_overs.read_record(scratch.data / "run.json") if each.name == "bot")
    os.kill(bot.pid, signal.SIGSTOP)  # it will not hear the first
    running = scratch.runs[-1]
    running.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(1)
    running.send_signal(signal.SIGINT)
    assert running.wait(5) == 0
    scratch.assert_nothing_left()


def test_without_node_everything_but_the_panel_runs(scratch: Scratch) -> None:
    shutil.rmtree(scratch.tree / "admin_panel" / "frontend" / "dist", ignore_errors=True)
    away = {"PIP_INDEX_URL": "http://127.0.0.1:9", "npm_config_registry": "http://127.0.0.1:9"}
    first = scratch.start(PATH=str(scratch.tree), npm_config_cache=str(scratch.tree / "cache"), **away)
    scratch.wait_for_banner()
    assert "The admin panel is left out, and the rest runs: " in scratch.said()
    assert "Panel " not in scratch.said()
    scratch.start_chat()
    first.send_signal(signal.SIGINT)
    assert first.wait(20) == 0


def test_while_the_panel_is_built_ctrl_c_ends_everything_at_once(scratch: Scratch) -> None:
    shutil.rmtree(scratch.tree / "admin_panel" / "frontend" / "dist", ignore_errors=True)
    programs = scratch.tree / "programs"
    programs.mkdir()
    begun = scratch.tree / "begun"
    for name, line in (("node", "echo v24.0.0"), ("npm", f"echo > {begun}; exec sleep 600")):
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (programs / name).chmod(0o755)
    started = scratch.start(PATH=f"{programs}:{os.environ['PATH']}")
    deadline = time.monotonic() + START_SECONDS
    while not begun.exists():
        assert started.poll() is None, scratch.said()
        assert time.monotonic() < deadline, scratch.said()
        time.sleep(0.02)
    (npm,) = psutil.Process(started.pid).children()
    started.send_signal(signal.SIGTERM)  # to it alone: npm hears nothing
    assert started.wait(START_SECONDS) == 0
    assert scratch.said().endswith("Stopping ... stopped; the data stays.\n")
    assert "left out" not in scratch.said()
    assert not npm.is_running()
    assert not (scratch.data / "postgres" / "data").exists()
    scratch.assert_nothing_left()


def test_a_process_that_refuses_its_settings_is_heard(scratch: Scratch) -> None:
    assert scratch.start(TELEGRAM_WEBHOOK_SECRET="short").wait(START_SECONDS) == 1
    assert "The bot has ended (exit code 1)" in scratch.said()
    assert "TELEGRAM_WEBHOOK_SECRET needs 32 characters or more" in scratch.said()
    scratch.assert_nothing_left()


def test_a_taken_port_is_said_before_anything_starts(scratch: Scratch) -> None:
    with socket.create_server(("127.0.0.1", scratch.ports[0])):
        assert scratch.start().wait(START_SECONDS) == 1
    assert f"Port {scratch.ports[0]} (bot) is taken by process {os.getpid()}" in scratch.said()
    assert "BOT_PORT" in scratch.said()
    assert not (scratch.data / "postgres").exists()
    scratch.assert_nothing_left()


def test_data_that_cannot_be_read_is_a_sentence(scratch: Scratch) -> None:
    broken = scratch.data / "postgres" / "data"
    broken.mkdir(parents=True)
    (broken / "holiday.jpg").touch()
    assert scratch.start().wait(START_SECONDS) == 1
    assert "Move it away to begin anew" in scratch.said()
    assert "Traceback" not in scratch.said()
    scratch.assert_nothing_left()


def test_secrets_are_made_once_and_for_us_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    first = run.own_secrets(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(first["TELEGRAM_WEBHOOK_SECRET"]) >= 32
    name, _, secret = first["SANDBOX_BOT_TOKEN"].partition(":sandbox_")
    assert (name, len(secret)) == ("5401000001", 32)
    path.chmod(0o644)
    assert run.own_secrets(path) == first
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("line", "environ", "expected"),
    [
        ("TELEGRAM_BOT_TOKEN=your_bot_token", {}, {}),
        ("TELEGRAM_BOT_TOKEN=", {}, {}),
        ("WEB_APP_URL=https://your.domain.com/", {}, {}),
        ("WEB_APP_URL=gym.example.com", {}, {"WEB_APP_URL": "gym.example.com"}),
        ("BOT_PORT=1", {"BOT_PORT": "2"}, {"BOT_PORT": "2"}),
        ("BOT_PORT=1", {"BOT_PORT": ""}, {"BOT_PORT": "1"}),
        ("", {"DB_PASSWORD": "your_db_password", "REDIS_PASSWORD": "your_redis_password"}, {}),
        ("TELEGRAM_WEBHOOK_SECRET=your_webhook_secret_token", {}, {}),
    ],
)
def test_placeholders_and_empty_values_are_unset(
    tmp_path: Path, line: str, environ: dict[str, str], expected: dict[str, str]
) -> None:
    (tmp_path / ".env").write_text(line + "\n")
    assert run.given_environment(tmp_path / ".env", environ) == expected


def test_an_env_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"TELEGRAM_BOT_TOKEN=\xff\xfe")
    with pytest.raises(run.RunError, match=r"\.env is no UTF-8 text"):
        run.given_environment(tmp_path / ".env", {})


@pytest.mark.parametrize(
    ("env", "modules"),
    [
        ({}, ["app.sandbox", "app.main_webhook", API, PANEL]),
        ({"WEB_APP_URL": "gym.example.com"}, ["app.sandbox", "app.main_webhook", API, PANEL]),
        (TOKEN, ["app.main", API, PANEL]),
        (TOKEN | {"WEB_APP_URL": "gym.example.com"}, ["app.main_webhook", API, PANEL]),
    ],
)
def test_the_token_and_the_address_choose_what_runs(env: Mapping[str, str], modules: list[str]) -> None:
    assert [part.module for part in run.parts(env, Path("/data"), OWN, ())] == modules


def test_without_a_token_nothing_leads_to_the_real_telegram() -> None:
    env = {"TELEGRAM_API_URL": "https://api.telegram.org", "WEB_APP_URL": "gym.example.com"}
    found = {part.name: part.env for part in run.parts(env, Path("/data"), OWN, ())}
    assert {part["TELEGRAM_BOT_TOKEN"] for name, part in found.items() if name != "panel"} == {OWN["SANDBOX_BOT_TOKEN"]}
    assert found["bot"]["TELEGRAM_API_URL"] == "http://127.0.0.1:5401"
    assert found["bot"]["WEB_APP_URL"] == "http://127.0.0.1:5400"


def test_the_api_believes_the_panel_and_whom_the_operator_believes() -> None:
    for env, believed in (({}, "127.0.0.1,::1"), ({"TRUSTED_PROXIES": "10.0.0.0/8"}, "127.0.0.1,::1,10.0.0.0/8")):
        api, pages = run.parts(TOKEN | env, Path("/data"), OWN, ())[1:]
        assert api.env["TRUSTED_PROXIES"] == believed
        assert "TRUSTED_PROXIES" not in pages.env  # the operator's own, from the environment


def test_take_over_is_passed_on_and_the_host_stays_loopback() -> None:
    hosts = {"BOT_HOST": "0.0.0.0", "API_HOST": "0.0.0.0", "PANEL_HOST": "0.0.0.0"}
    bot, api, pages = run.parts(TOKEN | hosts, Path("/data"), OWN, ("--take-over",))
    assert bot.arguments == ("--take-over",)
    assert {bot.env["BOT_HOST"], api.env["API_HOST"], pages.env["PANEL_HOST"]} == {"127.0.0.1"}
    assert api.arguments == ()


@pytest.mark.parametrize("value", ["0", "65536", "http", "-1", "5400.5"])
def test_a_port_that_is_none_is_named(value: str) -> None:
    with pytest.raises(run.RunError, match="BOT_PORT is no port number"):
        run.parts({"BOT_PORT": value}, Path("/data"), OWN, ())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("plain words", "plain words"),
        ('{"level": "ERROR", "message": "no_route"}', "ERROR no_route"),
        ('{"level": "ERROR", "message": "failed", "exc_info": "a.py:1 f\\nValueError"}', "ERROR failed: ValueError"),
        ('["a list"]', '["a list"]'),
    ],
)
def test_log_lines_are_shown_readably(line: str, expected: str) -> None:
    assert run.readable(line) == expected


def test_a_record_that_cannot_be_read_is_no_record(tmp_path: Path) -> None:
    for text in ("", "{", "[1]", '[{"name": "x"}]'):
        (tmp_path / "run.json").write_text(text)
        assert left_overs.read_record(tmp_path / "run.json") == []


def test_a_stranger_with_a_recorded_pid_is_left_alone(tmp_path: Path) -> None:
    stranger: subprocess.Popen[Any] = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        earlier = left_overs.Running("bot", stranger.pid, left_overs.started(stranger.pid) - 60, group=True)
        left_overs.write_record(tmp_path / "run.json", [earlier])
        left_overs.end(left_overs.read_record(tmp_path / "run.json"), patience=0)
        with contextlib.suppress(subprocess.TimeoutExpired):
            stranger.wait(0.1)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_two_parts_on_one_port_are_refused() -> None:
    env = {"BOT_PORT": "5401"}
    with pytest.raises(run.RunError, match="SANDBOX_PORT and BOT_PORT are the same port"):
        run.check_ports(run.parts(env, Path("/data"), OWN, ()))


def test_a_line_of_the_env_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DB_POOL=3\nTELEGRAM_BOT_TOKEN 1234567:x\n'\n")
    with pytest.raises(run.RunError, match=r"Line \d of .*\.env cannot be read"):
        run.given_environment(tmp_path / ".env", {})
