"""The embedded PostgreSQL and Valkey: their data outlives everything, and no stranger is harmed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from dev.left_overs import PROJECT, started
from dev.servers import Postgres, ServersError, Valkey, is_root, remove_copied_programs, temporary_folder

Server = Postgres | Valkey
both = pytest.mark.parametrize("kind", [Postgres, Valkey])

# A run that starts a server and is killed, with its guard or without.
KILLED_RUN = """
import os, signal, sys, pathlib
from dev import left_overs, servers
server = getattr(servers, sys.argv[1])(pathlib.Path(sys.argv[2]), durable=False)
server.start()
print(server.pid, flush=True)
if sys.argv[3] == "with guard":
    os.kill(left_overs.guard()._process.pid, signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as made:
        yield made


def connect(server: Postgres, **changed: str) -> "psycopg2.extensions.connection":
    env = server.env("postgres")
    options = {"host": env["DB_HOST"], "port": env["DB_PORT"], "dbname": "postgres", "user": env["DB_USER"]}
    return psycopg2.connect(**{**options, "password": env["DB_PASSWORD"], **changed})


def remember(server: Server) -> None:
    if isinstance(server, Postgres):
        server.create_database("remembered")
    else:
        assert server._ask("SET", "remembered", "yes") == "+OK"


def remembers(server: Server) -> bool:
    if isinstance(server, Postgres):
        return server.has_database("remembered")
    return server._ask("EXISTS", "remembered") == ":1"


def is_gone(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while started(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not started(pid)


def killed_run(kind: type[Server], folder: Path, what: str) -> int:
    command = [sys.executable, "-c", KILLED_RUN, kind.__name__, str(folder), what]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    return int(ended.stdout)


@both
def test_data_survives_a_stop_and_a_kill(kind: type[Server], folder: Path) -> None:
    server = kind(folder / "it")
    server.start()
    remember(server)
    server.stop()
    server.start()
    assert remembers(server)
    server.kill()
    assert not server.alive()
    server.start()
    assert remembers(server)
    server.stop()
    assert not server.sockets.exists()


@both
def test_a_server_left_by_a_killed_run_is_ended_and_its_data_found(kind: type[Server], folder: Path) -> None:
    left = killed_run(kind, folder / "it", "with guard")
    assert started(left)
    server = kind(folder / "it", durable=False)
    server.start()
    assert is_gone(left, 0)
    assert server.alive()
    server.stop()


@both
def test_the_guard_ends_what_a_killed_run_leaves(kind: type[Server], folder: Path) -> None:
    assert is_gone(killed_run(kind, folder / "it", "alone"))


def test_a_second_server_in_the_same_folder_is_refused(postgres: Postgres, valkey: Valkey) -> None:
    for first in (postgres, valkey):
        with pytest.raises(ServersError, match=rf"in use by another run \(process {os.getpid()}\)"):
            type(first)(first.folder).start()
        assert first.ready()


@both
def test_a_stranger_with_the_pid_of_our_file_is_left_alone(kind: type[Server], folder: Path) -> None:
    server = kind(folder / "it", durable=False)
    server.start()
    server.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        name = "postmaster.pid" if kind is Postgres else "valkey.pid"
        (server.data / name).write_text(f"{stranger.pid}\n{server.data}\n")
        server.start()
        assert stranger.poll() is None
        server.stop()
    finally:
        stranger.kill()
        stranger.wait()


@both
def test_a_folder_for_sockets_that_others_can_enter_is_refused(kind: type[Server], folder: Path) -> None:
    server = kind(folder / "it", durable=False)
    server.sockets.mkdir(parents=True)
    server.sockets.chmod(0o777)
    with pytest.raises(ServersError, match="open to others: remove it"):
        server.start()
    server.sockets.rmdir()


@both
def test_sockets_have_short_paths_however_deep_the_data_is(kind: type[Server], folder: Path) -> None:
    server = kind(folder / ("deep" * 25) / ("deeper" * 20), durable=False)
    assert len(str(server.sockets / ".s.PGSQL.65535.lock")) < 104


@both
def test_a_port_opens_tcp_and_without_one_there_is_none(
    kind: type[Server], folder: Path, free_port: Callable[[], int]
) -> None:
    port = free_port()
    server = kind(folder / "it", durable=False, port=port)
    server.start()
    assert str(port) in server.env().values()
    socket.create_connection(("127.0.0.1", port)).close()
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_several_clusters_run_side_by_side(folder: Path) -> None:
    servers = [Postgres(folder / name, durable=False) for name in ("one", "two")]
    for server in servers:
        server.start()
    servers[0].create_database("mine")
    assert [server.has_database("mine") for server in servers] == [True, False]
    for server in servers:
        server.stop("immediate")


def test_a_wrong_password_is_refused(postgres: Postgres, valkey: Valkey) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect(postgres, password="wrong")
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(valkey.env()["REDIS_HOST"])
        connection.sendall(b"PING\r\n")
        assert connection.recv(100).startswith(b"-NOAUTH")


def test_a_database_is_copied_and_dropped_while_in_use(postgres: Postgres) -> None:
    postgres.create_database("original")
    postgres.create_database("copy", template="original")
    connection = connect(postgres, dbname="copy")
    postgres.drop_database("copy")
    connection.close()
    assert not postgres.has_database("copy")
    postgres.drop_database("original")


def test_passwords_and_logs_are_private(postgres: Postgres, valkey: Valkey) -> None:
    for path in (postgres.folder / "password", postgres.log, valkey.folder / "password", valkey.folder / "valkey.conf"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert postgres.sockets.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("holiday.jpg", "", "holds no PostgreSQL data .no PG_VERSION.. Move it away"),
        ("PG_VERSION", "15\n", "was made by PostgreSQL 15, and this is 16. Move it away"),
    ],
)
def test_a_foreign_data_folder_is_named_and_kept(folder: Path, name: str, content: str, sentence: str) -> None:
    server = Postgres(folder / "it")
    server.data.mkdir(parents=True)
    (server.data / name).write_text(content)
    with pytest.raises(ServersError, match=sentence) as refused:
        server.start()
    assert str(server.data) in str(refused.value)
    assert (server.data / name).read_text() == content


def test_a_damaged_cluster_says_why_and_names_its_log(folder: Path) -> None:
    server = Postgres(folder / "it", durable=False)
    server.start()
    server.stop()
    (server.data / "global" / "pg_control").unlink()
    with pytest.raises(ServersError, match=r"PostgreSQL ended at once: .*pg_control.* Its log: .*postgres\.log"):
        server.start()


def test_an_interrupted_creation_is_begun_anew(folder: Path) -> None:
    server = Postgres(folder / "it", durable=False)
    (server.folder / "initdb" / "data").mkdir(parents=True)
    if is_root():
        server.folder.chmod(0o755)
    server.start()
    assert server.ready()
    server.stop()


@pytest.mark.skipif(not is_root(), reason="only root's PostgreSQL runs as somebody else")
def test_as_root_a_folder_that_nobody_cannot_reach_is_refused_and_not_opened(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ServersError, match="user nobody, who cannot pass"):
        Postgres(closed / "it").start()
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_lost_password_is_said_and_none_is_made_up() -> None:
    with temporary_folder() as folder:
        server = Postgres(folder / "it", durable=False)
        server.start()
        server.stop()
        (folder / "it" / "password").unlink()
        with pytest.raises(ServersError, match="password is missing"):
            server.start()
        assert not (folder / "it" / "password").exists()


def test_copied_programs_are_removed_unless_somebody_runs_them(tmp_path: Path) -> None:
    idle, busy = (tmp_path / "programs" / name / "bin" for name in ("postgres-1", "postgres-2"))
    for folder in (idle, busy):
        folder.mkdir(parents=True)
        shutil.copy(shutil.which("sleep") or "", folder / "postgres")
    running = subprocess.Popen([busy / "postgres", "60"])
    try:
        remove_copied_programs(tmp_path)
        assert [path.name for path in (tmp_path / "programs").iterdir()] == ["postgres-2"]
    finally:
        running.kill()
        running.wait()
    remove_copied_programs(tmp_path)
    assert list((tmp_path / "programs").iterdir()) == []
