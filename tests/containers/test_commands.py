"""Each image's command, run by hand: in a folder that holds what its Dockerfile copies and nothing else, with the
environment of the compose file, against a real PostgreSQL and a real Valkey, until its health check passes.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dev.servers import Postgres, Valkey, _valkey_program, postgres_programs
from tests.conftest import ROLE_PASSWORDS, find_free_port
from tests.containers.reading import compose, copied, filled_in, stages
from tests.panel.conftest import pages
from tests.stage import START_SECONDS

__all__ = ["pages"]

SECRETS = {"TELEGRAM_WEBHOOK_SECRET": "w" * 40, "JWT_SECRET": "j" * 40, "TELEGRAM_BOT_TOKEN": "1234567:realistic-token"}
OUTSIDE = {"WEB_APP_URL": "gym.example.com", "TELEGRAM_API_URL": "http://127.0.0.1:9"}  # nobody listens there


class Container:
    """A service of the compose file, without its container."""

    def __init__(self, name: str, folder: str, dotenv: dict[str, str], root: Path) -> None:
        self.service = compose()["services"][name]
        self.stage = stages(folder)[-1]
        self.root = root / name
        self.workdir = copied(self.stage, self.root)
        self.log = root / f"{name}.log"
        self.port = find_free_port()
        env = {name: str(value) for name, value in filled_in(self.service["environment"], dotenv).items()}
        self.env = {**self.stage.env, **env, "TMPDIR": str(root), "PATH": _path()}
        self.process: subprocess.Popen[bytes] | None = None

    def words(self, words: list[str]) -> list[str]:
        """The port of the image is somebody else's here."""
        inside = self.stage.words.get("EXPOSE", "none")
        return [word.replace(inside, str(self.port)) for word in words]

    def start(self) -> None:
        inside = self.stage.words.get("EXPOSE")
        env = {name: str(self.port) if value == inside else value for name, value in self.env.items()}
        command = self.service.get("command") or self.stage.command("CMD")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=self.workdir, env=env, stdout=log, stderr=log)

    def is_healthy(self) -> bool:
        check = self.words(self.stage.command("HEALTHCHECK"))
        return subprocess.run(check, env={"PATH": _path()}, capture_output=True).returncode == 0

    def wait_until_healthy(self) -> None:
        assert self.process
        deadline = time.monotonic() + START_SECONDS
        while not self.is_healthy():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def ready(self) -> list[str]:
        """What it says is wrong; it has begun to tell nobody's Telegram about itself, which takes longer than this."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=10) as answer:
            return [problem for problem in json.load(answer)["problems"] if "webhook" not in problem]

    def files(self) -> set[Path]:
        return {path for path in self.root.rglob("*") if path.is_file()}


def _path() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), str(postgres_programs() / "bin"), os.defpath])


@pytest.fixture
def dotenv(postgres: Postgres, valkey: Valkey) -> Iterator[dict[str, str]]:
    """What .env would say, and an empty database."""
    postgres.create_database("contained")
    yield {**SECRETS, **ROLE_PASSWORDS, **OUTSIDE, **postgres.env("contained"), **valkey.env()}
    postgres.drop_database("contained")


def test_each_command_serves_from_what_its_image_holds(dotenv: dict[str, str], pages: Path, tmp_path: Path) -> None:
    migrate = Container("migrate", "app", dotenv, tmp_path)
    services = {
        "gymbot_backend": "app",
        "admin_backend": "admin_panel/backend",
        "admin_frontend": "admin_panel/frontend",
    }
    started = [Container(name, folder, dotenv, tmp_path) for name, folder in services.items()]
    built = started[-1].workdir / "admin_panel" / "frontend" / "dist"
    shutil.copytree(pages, built, ignore=shutil.ignore_patterns(".made-from"))  # its stage `pages`
    before = [container.files() for container in (migrate, *started)]
    migrate.start()
    assert migrate.process
    assert migrate.process.wait(START_SECONDS) == 0, migrate.log.read_text()
    assert not any(container.is_healthy() for container in started)
    try:
        for container in started:
            container.start()
        for container in started:
            container.wait_until_healthy()
        assert [started[0].ready(), started[1].ready()] == [[], []]
        for container in started:
            assert container.process
            container.process.terminate()
        for container in started:
            assert container.process
            assert container.process.wait(START_SECONDS) == 0, container.log.read_text()
    finally:
        for container in started:
            if container.process and container.process.poll() is None:
                container.process.kill()
                container.process.wait()
    # Their file systems are read-only.
    assert [container.files() for container in (migrate, *started)] == before


def test_the_command_of_the_backup_writes_one(dotenv: dict[str, str], tmp_path: Path) -> None:
    migrate = Container("migrate", "app", dotenv, tmp_path)
    migrate.start()
    assert migrate.process
    assert migrate.process.wait(START_SECONDS) == 0
    backup = Container("backup", "deploy/backup", dotenv, tmp_path)
    volume = tmp_path / "volume"
    command = [word.replace("/backups", str(volume)) for word in backup.stage.command("CMD")]
    ended = subprocess.run(command, cwd=backup.workdir, env=backup.env, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(list(volume.glob("contained-*.dump"))) == 1


def test_the_database_of_the_compose_file_is_what_migrate_asks_for(dotenv: dict[str, str]) -> None:
    service = filled_in(compose()["services"]["gymbot_db"], dotenv)
    given = service["environment"]
    owner = filled_in(compose()["services"]["migrate"]["environment"], dotenv)
    made = [given[f"POSTGRES_{name}"] for name in ("DB", "USER", "PASSWORD")]
    assert made == [owner[f"DB_{name}"] for name in ("NAME", "USER", "PASSWORD")]
    check = service["healthcheck"]["test"][1].replace("127.0.0.1", dotenv["DB_HOST"])
    env = {**given, "PATH": _path(), "PGPORT": dotenv["DB_PORT"]}
    assert subprocess.run(["sh", "-c", check], env=env).returncode == 0
    assert subprocess.run(["sh", "-c", check], env=env | {"PGPORT": "1"}).returncode == 2


def test_the_redis_of_the_compose_file_starts_with_its_password(tmp_path: Path) -> None:
    """Valkey under Redis' name; its default user may run scripts, which the bot's order of questions needs."""
    service: dict[str, Any] = filled_in(compose()["services"]["gymbot_redis"], {"REDIS_PASSWORD": "open sesame"})
    (tmp_path / "redis-server").symlink_to(_valkey_program())
    (tmp_path / "data").mkdir()
    port = find_free_port()
    *shell, script = service["command"]
    script = script.replace("dir /data", f"dir {tmp_path / 'data'}\nport {port}\nbind 127.0.0.1")
    env = {**service["environment"], "PATH": f"{tmp_path}{os.pathsep}{os.defpath}"}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([*shell, script], env=env, stdout=log, stderr=log)
    try:
        asked = 'PING|AUTH "open sesame"|EVAL "return 7" 0|CONFIG GET maxmemory-policy|CONFIG GET appendonly'
        said = _told(port, asked.split("|"))
        assert said[0].startswith("-NOAUTH")
        assert said[1:3] == ["+OK", ":7"]
        assert {"allkeys-lru", "yes"} <= set(said)
        assert "open sesame" not in Path(f"/proc/{process.pid}/cmdline").read_text()
    finally:
        process.terminate()
        process.wait()


def _told(port: int, commands: list[str]) -> list[str]:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall("".join(f"{command}\r\n" for command in [*commands, "QUIT"]).encode())
                with connection.makefile("r", newline="\r\n") as answers:
                    return [line.strip() for line in answers]
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
