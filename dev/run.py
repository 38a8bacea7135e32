"""`make run`: embedded servers, the bot and, without a token, a Telegram of your own; Ctrl-C ends all of it."""

import argparse
import contextlib
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import IO

import psutil  # type: ignore[import-untyped]
from dotenv import dotenv_values
from dotenv.parser import parse_stream

from app.manage import first_admin
from app.modules.errors import CannotDo
from app.schema import bring_up_to_date
from app.settings import ADMIN_ROLE, BOT_ROLE, MigrationSettings
from dev import left_overs, panel
from dev.kept import DATABASE
from dev.left_overs import PROJECT
from dev.node import NodeProblem
from dev.servers import Postgres, ServersError, Valkey, data_folder, is_root, made, remove_copied_programs

ADMIN = "admin"  # who may use the API, made at the first start
PLACEHOLDERS = frozenset(
    {"your_bot_token", "your_webhook_secret_token", "your.domain.com", "your_db_password", "your_redis_password"}
)
START_SECONDS = 60.0
STOP_SECONDS = 20.0
POLL = 0.05
NOTE_SECONDS = 5.0
LOG_LIMIT = 5 * 1024 * 1024
LAST_LINES = 15


class RunError(Exception):
    """`make run` cannot go on; the message is for the person at the terminal."""


class StopAsked(Exception):
    """Ctrl-C or SIGTERM came."""


@dataclass(frozen=True)
class Part:
    """One process of the house."""

    name: str
    module: str
    port: int
    click: str  # what the banner says about it; empty: nothing
    env: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    health: str = "/health"


def parts(env: Mapping[str, str], data: Path, own: Mapping[str, str], arguments: tuple[str, ...]) -> list[Part]:
    """Which processes make up the house, in the order of their start; a new one is a new line here."""
    bot_port, sandbox_port = port_of(env, "BOT_PORT", 5400), port_of(env, "SANDBOX_PORT", 5401)
    here = {"BOT_HOST": "127.0.0.1", "BOT_PORT": str(bot_port)}
    here |= {"DB_USER": BOT_ROLE, "DB_PASSWORD": own["DB_BOT_PASSWORD"]}
    secret = {"TELEGRAM_WEBHOOK_SECRET": env.get("TELEGRAM_WEBHOOK_SECRET", own["TELEGRAM_WEBHOOK_SECRET"])}
    api_port = port_of(env, "API_PORT", 8001)
    signing = {"JWT_SECRET": env.get("JWT_SECRET", own["JWT_SECRET"])}
    # The panel's server is a proxy before the API; whoever stands before it is named by the operator.
    proxies = ",".join(["127.0.0.1", "::1", *filter(None, [env.get("TRUSTED_PROXIES")])])
    at = {"API_HOST": "127.0.0.1", "API_PORT": str(api_port), "TRUSTED_PROXIES": proxies}
    at |= {"DB_USER": ADMIN_ROLE, "DB_PASSWORD": own["DB_ADMIN_PASSWORD"]}
    api = Part("api", "admin_panel.backend.main", api_port, f"API    http://localhost:{api_port}/docs", at | signing)
    panel_port = port_of(env, "PANEL_PORT", 5174)
    passing = {"PANEL_HOST": "127.0.0.1", "PANEL_PORT": str(panel_port), "API_URL": f"http://127.0.0.1:{api_port}"}
    pages = Part("panel", "admin_panel.frontend.main", panel_port, f"Panel  http://localhost:{panel_port}", passing)
    if "TELEGRAM_BOT_TOKEN" not in env:
        token = {"TELEGRAM_BOT_TOKEN": own["SANDBOX_BOT_TOKEN"]}
        folder = {"SANDBOX_PORT": str(sandbox_port), "SANDBOX_DATA": str(data / "sandbox")}
        urls = {
            "TELEGRAM_API_URL": f"http://127.0.0.1:{sandbox_port}",
            "WEB_APP_URL": f"http://127.0.0.1:{bot_port}",
        }
        chat = f"Chat   http://localhost:{sandbox_port}"
        return [
            Part("sandbox", "app.sandbox", sandbox_port, chat, token | folder),
            Part("bot", "app.main_webhook", bot_port, "", here | secret | token | urls),
            replace(api, env={**api.env, **token}),
            pages,
        ]
    if "WEB_APP_URL" not in env:
        return [Part("bot", "app.main", bot_port, "Chat   your bot in Telegram", here | secret, arguments), api, pages]
    chat = f"Chat   your bot in Telegram, by webhook: {env['WEB_APP_URL']} must lead to http://127.0.0.1:{bot_port}"
    return [Part("bot", "app.main_webhook", bot_port, chat, here | secret), api, pages]


def with_panel_if_built(wanted: list[Part]) -> list[Part]:
    """Build the panel's pages, which needs Node once; where that cannot be had, everything else runs without them."""
    try:
        if not panel.is_built():
            print("Building the admin panel, once for this version (a minute) ...", flush=True)
            panel.build()
    except (NodeProblem, OSError) as problem:
        print(f"The admin panel is left out, and the rest runs: {problem}", flush=True)
        return [part for part in wanted if part.name != "panel"]
    return wanted


def port_of(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, str(default))
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise RunError(f"{name} is no port number; leave it out for {default}.")
    return int(value)


def given_environment(env_file: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, then `.env`; empty values and the example's placeholders count as unset."""
    try:
        from_file = _values_of(env_file) if env_file.exists() else {}
    except UnicodeDecodeError:
        raise RunError(f"{env_file} is no UTF-8 text.") from None
    return _set_ones(from_file) | _set_ones(environ)


def _values_of(env_file: Path) -> dict[str, str | None]:
    if not env_file.is_file():
        raise RunError(f"{env_file} is no file.")
    with env_file.open(encoding="utf-8-sig") as text:
        for binding in parse_stream(text):
            if binding.error:
                raise RunError(f"Line {binding.original.line} of {env_file} cannot be read: it needs NAME=value.")
    return dotenv_values(env_file, encoding="utf-8-sig")


def _set_ones(values: Mapping[str, str | None]) -> dict[str, str]:
    return {
        name: value
        for name, value in values.items()
        if value and value.strip() and value.removeprefix("https://").rstrip("/") not in PLACEHOLDERS
    }


def own_secrets(path: Path) -> dict[str, str]:
    """The secrets that nobody set: made once, kept in a file for this user's eyes alone."""
    kept = _set_ones(dotenv_values(path)) if path.exists() else {}
    made = {
        "TELEGRAM_WEBHOOK_SECRET": secrets.token_hex(32),
        "JWT_SECRET": secrets.token_hex(32),
        "ADMIN_PASSWORD": secrets.token_urlsafe(15),
        "DB_BOT_PASSWORD": secrets.token_hex(16),
        "DB_ADMIN_PASSWORD": secrets.token_hex(16),
        "SANDBOX_BOT_TOKEN": f"5401000001:sandbox_{secrets.token_hex(16)}",
    }
    if made.keys() - kept.keys():
        left_overs.write_private(path, "".join(f"{name}={value}\n" for name, value in (made | kept).items()))
    path.chmod(0o600)
    return made | kept


def check_ports(wanted: list[Part]) -> None:
    """Say which port is taken, and by whom, before anything is started."""
    ports = [part.port for part in wanted]
    alike = [f"{part.name.upper()}_PORT" for part in wanted if ports.count(part.port) > 1]
    if alike:
        raise RunError(f"{' and '.join(alike)} are the same port.")
    taken = [f"Port {part.port} ({part.name}) is taken{_holder(part.port)}." for part in wanted if _is_taken(part.port)]
    if taken:
        variables = " or ".join(f"{part.name.upper()}_PORT" for part in wanted if _is_taken(part.port))
        advice = f"End that program, or choose another port by {variables}, for example: BOT_PORT=5410 make run"
        raise RunError("\n".join([*taken, advice]))


def _is_taken(port: int) -> bool:
    for host in ("127.0.0.1", "::1"):  # a browser may take either for localhost
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=0.5):
            return True
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _holder(port: int) -> str:
    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                words = psutil.Process(connection.pid).cmdline()
                return f" by process {connection.pid}: {' '.join(words)[:80]}"
    return ""


def readable(line: str) -> str:
    """A log line as a person reads it; JSON lines lose their braces."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line
    if not isinstance(entry, dict):
        return line
    head = " ".join(str(entry[key]) for key in ("levelname", "level", "event", "message") if entry.get(key))
    trace = str(entry.get("exc_info") or "").strip().splitlines()
    return f"{head}: {trace[-1]}" if trace else head or line


class Signals:
    """How often Ctrl-C or SIGTERM came; once ends the run, twice hurries the end."""

    def __init__(self) -> None:
        self.count = 0
        self._break_off = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self._break_off:
            raise StopAsked

    @contextlib.contextmanager
    def breaking_off(self) -> Iterator[None]:
        """Within this they break off what runs, of which nothing is lost."""
        self._break_off = True
        try:
            if self.count:
                raise StopAsked
            yield
        finally:
            self._break_off = False

    def hurry(self) -> bool:
        return self.count > 1


class Child:
    """A started part, in a session of its own so that the terminal's Ctrl-C does not reach it."""

    def __init__(self, part: Part, env: Mapping[str, str], log: Path) -> None:
        self.part, self.log = part, log
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            self._said_before = file.seek(0, os.SEEK_END)
            self.process = subprocess.Popen(
                [sys.executable, "-m", part.module, *part.arguments],
                cwd=PROJECT,
                env=dict(env) | dict(part.env),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running = left_overs.known(part.name, self.process.pid, group=True)
        left_overs.guard().watch(self.running)

    def healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.part.port, timeout=1)
        try:
            connection.request("GET", self.part.health)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def end(self, hurry: Callable[[], bool]) -> None:
        left_overs.end([self.running], patience=STOP_SECONDS, hurry=hurry)
        self.process.wait()

    def last_lines(self) -> str:
        with self.log.open(errors="replace") as file:
            file.seek(self._said_before)
            lines = [readable(line.rstrip()) for line in file if line.strip()]
        return "\n".join(f"    {line}" for line in lines[-LAST_LINES:]) or "    (it says nothing)"


class House:
    """Everything that one `make run` has started."""

    def __init__(self, data: Path, env: Mapping[str, str], signals: Signals) -> None:
        self.data, self.env, self.signals = data, env, signals
        self.logs = data / "logs"
        self.postgres = Postgres(data / "postgres", log=self.logs / "postgres.log")
        self.valkey = Valkey(data / "valkey", log=self.logs / "valkey.log")
        self.children: list[Child] = []

    def start(self, wanted: list[Part], own: Mapping[str, str]) -> bool:
        """All side by side: a bot takes seconds to load, and until the schema is there it answers "try again".

        Says whether the admin who is made at the first start still has the password that was made then.
        """
        self.postgres.launch()
        self.valkey.launch()
        self._start_children(wanted)
        self._wait(self.postgres.ready, "PostgreSQL")
        self._wait(self.valkey.ready, "Valkey")
        if not self.postgres.has_database(DATABASE):
            self.postgres.create_database(DATABASE)
        try:
            settings = MigrationSettings.model_validate(self._database(own))
            bring_up_to_date(settings)
            is_known = first_admin(settings, ADMIN, own["ADMIN_PASSWORD"])
        except CannotDo as error:
            raise RunError(str(error)) from error
        for child in self.children:
            self._wait(child.healthy, f"the {child.part.name}")
        return is_known

    def watch(self) -> None:
        """Until Ctrl-C, or until something of ours ends that should not."""
        began, told = time.monotonic(), False
        while True:
            self._check()
            if not told and time.monotonic() - began > NOTE_SECONDS:
                told = True
                for note in self._notes():
                    print(f"  Note: {note}", flush=True)
            time.sleep(POLL)

    def _notes(self) -> list[str]:
        """What the bot says does not work, once it has had time to try."""
        bot = next(child.part for child in self.children if child.part.name == "bot")
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", bot.port, timeout=3)
            connection.request("GET", "/ready")
            return list(json.loads(connection.getresponse().read())["problems"])
        return []

    def stop(self) -> None:
        """In the opposite order: the bot ends its work while what it works with still runs."""
        for child in reversed(self.children):
            child.end(self.signals.hurry)
        self.valkey.stop(hurry=self.signals.hurry)
        self.postgres.stop(hurry=self.signals.hurry)
        (self.data / "run.json").unlink(missing_ok=True)

    def _start_children(self, wanted: list[Part]) -> None:
        env = {**self.env, **self.postgres.env(DATABASE), **self.valkey.env(), "PYTHONUNBUFFERED": "1"}
        for part in wanted:
            self.children.append(Child(part, env, self.logs / f"{part.name}.log"))
            left_overs.write_record(self.data / "run.json", [child.running for child in self.children])

    def _database(self, own: Mapping[str, str]) -> dict[str, str]:
        """The owner's way in, and the passwords of the roles to be made."""
        roles = {name: own[name] for name in ("DB_BOT_PASSWORD", "DB_ADMIN_PASSWORD")}
        return {name.lower(): value for name, value in (self.postgres.env(DATABASE) | roles).items()}

    def _wait(self, ready: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            self._check()
            if time.monotonic() > deadline:
                raise RunError(f"{what} does not answer within {START_SECONDS:.0f} s. The logs: {self.logs}")
            time.sleep(POLL)

    def _check(self) -> None:
        if self.signals.count:
            raise StopAsked
        for child in self.children:
            if (code := child.process.poll()) is not None:
                raise RunError(_has_ended(child.part.name, code, child))
        for server in (self.postgres, self.valkey):
            if server.pid and not server.alive():
                raise RunError(f"{server.title} has ended. Its log: {server.log}")


def _has_ended(name: str, code: int, child: Child) -> str:
    how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
    return f"The {name} has ended ({how}). Its last lines:\n{child.last_lines()}\n  The whole log: {child.log}"


def banner(wanted: list[Part], data: Path, admin_password: str | None) -> str:
    """What to click; None: the admin has another password by now, which nobody here knows."""
    lines = [part.click for part in wanted if part.click]
    known = f"password {admin_password}" if admin_password else "with the password you chose"
    lines.append(f"Admin  name {ADMIN}, {known}")
    lines += [f"Data   {data}", f"Logs   {data / 'logs'}", "End    Ctrl-C"]
    return "\n".join(["", "  The gym bot is ready.", "", *(f"  {line}" for line in lines), ""])


def locked(data: Path) -> IO[str]:
    """This data for us alone, until this process ends in whatever way."""
    lock = left_overs.hold(data / "run.lock")
    if lock is None:
        holder = (data / "run.lock").read_text().strip()
        raise RunError(f"It is already running (process {holder}). End that one first: Ctrl-C there, or kill {holder}.")
    return lock


def prepare(data: Path) -> None:
    made(data)
    for private in ("logs", "sandbox"):
        (data / private).mkdir(mode=0o700, exist_ok=True)


def run(arguments: tuple[str, ...]) -> None:
    signals = Signals()
    data = data_folder(PROJECT)
    prepare(data)
    with locked(data):
        left_overs.end(left_overs.read_record(data / "run.json"), hurry=signals.hurry)
        env = given_environment(PROJECT / ".env", os.environ)
        own = own_secrets(data / "secrets.env")
        wanted = parts(env, data, own, arguments)
        check_ports(wanted)
        house = House(data, env, signals)
        try:
            with signals.breaking_off():
                wanted = with_panel_if_built(wanted)
            print("Starting ...", flush=True)
            is_known = house.start(wanted, own)
            print(banner(wanted, data, own["ADMIN_PASSWORD"] if is_known else None), flush=True)
            house.watch()
        except StopAsked:
            print("\rStopping ... ", end="", flush=True)
            house.stop()
            print("stopped; the data stays.", flush=True)
        finally:
            house.stop()


def wipe() -> None:
    """Ask, then remove what `make run` has kept."""
    data = data_folder(PROJECT)
    if not data.exists():
        print(f"Nothing to remove: {data} does not exist.")
        return
    with locked(data):
        print(f"This removes every set, user and setting in {data}.")
        if input("Type yes to go on: ").strip() != "yes":
            print("Nothing was removed.")
            return
        left_overs.end(left_overs.read_record(data / "run.json"))
        for server in (Postgres(data / "postgres"), Valkey(data / "valkey")):
            left_overs.end(left_overs.running_in(server.data, server.program))
        shutil.rmtree(data)
        if is_root():
            remove_copied_programs()
        print("Removed.")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--take-over", action="store_true", help="long polling: remove a webhook that is set")
    parser.add_argument("--wipe", action="store_true", help="remove the data instead (make wipe)")
    asked = parser.parse_args()
    try:
        if asked.wipe:
            wipe()
        else:
            run(("--take-over",) if asked.take_over else ())
    except (RunError, ServersError) as error:
        print(f"\nmake run: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nmake run: {error.strerror or error}: {error.filename or ''}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):  # while `wipe` asks
        print("\nNothing was removed.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
