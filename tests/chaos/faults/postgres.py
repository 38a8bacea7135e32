"""PostgreSQL ends, freezes, fills up, or cannot be reached."""

import asyncio
import contextlib
import os
import pwd
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2

from dev.servers import is_root
from tests.chaos.gym import Gym, NotRun
from tests.chaos.run import Scene, fault
from tests.chaos.telegram import LOOK

DISK_MIB = 48
FULL = "53100"
_PREPARED = re.compile(rb"PREPARE (gym_[0-9a-f]+)_0 AS\s+SELECT take_turn\(")
_OF_THE_BOT = "SELECT pid FROM pg_stat_activity WHERE application_name = 'gymbot'"


@fault(1, 5)
async def postgres_fast_restart(scene: Scene) -> None:
    """A clean restart of PostgreSQL."""
    await _restart(scene, "fast")


@fault(1, 5)
async def postgres_immediate_restart(scene: Scene) -> None:
    """PostgreSQL falls over and recovers from its log."""
    await _restart(scene, "immediate")


async def _restart(scene: Scene, mode: str) -> None:
    for _ in range(3):
        await scene.breath(1, 3)
        scene.note(mode)
        await asyncio.to_thread(scene.gym.postgres.stop, mode)
        await scene.breath(0, 1)
        await asyncio.to_thread(scene.gym.postgres.start)
        await scene.served_again()


@fault(1, 5)
async def postgres_backends_killed(scene: Scene) -> None:
    """Single connections are ended by PostgreSQL itself, in the middle of whatever they do: 60 times."""
    for _ in range(60):
        await scene.breath(0.1, 0.4)
        pids = sorted(pid for (pid,) in await asyncio.to_thread(scene.gym.sql, _OF_THE_BOT))
        if pids:
            chosen = scene.chance.sample(pids, scene.chance.randint(1, len(pids)))
            scene.note("terminate", backends=len(chosen))
            await asyncio.to_thread(scene.gym.sql, "SELECT pg_terminate_backend(unnest(%(pids)s))", pids=chosen)
    await scene.served_again()


@fault(1, 5)
async def postgres_frozen(scene: Scene) -> None:
    """All of PostgreSQL's processes stand still for 30 s, and go on."""
    await scene.breath(1, 3)
    scene.note("freeze")
    with _frozen(scene.gym):
        await asyncio.sleep(30)
    await scene.served_again()


@contextlib.contextmanager
def _frozen(gym: Gym) -> Iterator[None]:
    """Stop the server, which then starts nothing more, and then its children, each in a session of its own."""
    server = gym.postgres.pid
    assert server is not None
    list_of_children = Path(f"/proc/{server}/task/{server}/children")
    if not list_of_children.exists():
        raise NotRun("a list of a process's children in /proc")
    os.kill(server, signal.SIGSTOP)
    family = [server, *map(int, list_of_children.read_text(encoding="ascii").split())]
    try:
        for pid in family[1:]:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@fault(1, 5)
async def postgres_disk_full(scene: Scene) -> None:
    """The disk of all tables and indexes is full, for a while, twice."""
    with _small_disk(scene.gym) as disk:
        await asyncio.to_thread(_move, scene.gym, "pg_default", "small")
        try:
            for _ in range(2):
                await scene.breath(1, 3)
                scene.note("full")
                refused = _refusals(scene.gym)
                await asyncio.to_thread(_fill, disk / "filling")
                while _refusals(scene.gym) < refused + 20:  # noqa: ASYNC110 - people tap meanwhile
                    await asyncio.sleep(LOOK)
                (disk / "filling").unlink()
                scene.note("emptied")
                await scene.served_again()
        finally:
            (disk / "filling").unlink(missing_ok=True)
            await asyncio.to_thread(_move, scene.gym, "small", "pg_default")


@contextlib.contextmanager
def _small_disk(gym: Gym) -> Iterator[Path]:
    """Mount a small disk in memory, and let PostgreSQL have a tablespace on it."""
    disk = gym.folder / "disk"
    disk.mkdir(exist_ok=True)
    owner = pwd.getpwnam("nobody").pw_uid if is_root() else os.geteuid()
    options = f"size={DISK_MIB}m,mode=0700,uid={owner}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        raise NotRun("the right to mount a small disk")
    try:
        space = disk / "space"
        space.mkdir(mode=0o700)
        os.chown(space, owner, -1)
        with _outsider(gym) as cursor:
            cursor.execute("CREATE TABLESPACE small LOCATION %s", (str(space),))
        try:
            yield disk
        finally:
            with _outsider(gym) as cursor:
                cursor.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", disk], check=True)


def _move(gym: Gym, here: str, there: str) -> None:
    """Move everything from one tablespace to another; people train meanwhile, and either may be in the other's way."""
    for kind in ("TABLE", "INDEX"):
        statement = f"SET statement_timeout = 0; ALTER {kind} ALL IN TABLESPACE {here} SET TABLESPACE {there}"
        while True:
            with contextlib.suppress(psycopg2.errors.DeadlockDetected):
                gym.sql(statement)
                break


def _fill(file: Path) -> None:
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as filling:
        while filling.write(bytes(4096)):
            pass


def _refusals(gym: Gym) -> int:
    return sum("database_unavailable" in line and FULL in line for line in gym.log_lines())


@fault(1, 5)
async def postgres_connection_limit(scene: Scene) -> None:
    """Others hold every connection that PostgreSQL has, twice; the bot is left without one."""
    way = scene.gym.to_postgres
    for _ in range(2):
        await scene.breath(1, 3)
        with contextlib.ExitStack() as others:
            way.refusing = True  # for a moment: the bot is quicker than the others
            way.reset()
            await asyncio.to_thread(_take_all, scene.gym, others)
            way.refusing = False
            scene.note("none left")
            await scene.breath(3, 8)
            scene.note("let go")
        await scene.served_again()


def _take_all(gym: Gym, others: contextlib.ExitStack) -> None:
    """Take every connection that there is, and that the bot has hung up on."""
    first = others.enter_context(_outsider(gym))
    first.execute(f"SELECT pg_terminate_backend(pid, 1000) FROM ({_OF_THE_BOT}) AS bots")
    with contextlib.suppress(psycopg2.OperationalError):
        while True:
            others.enter_context(_outsider(gym))


@contextlib.contextmanager
def _outsider(gym: Gym) -> Iterator[Any]:
    """Connect past the proxy, to another database of the same server; each statement is committed at once."""
    where = gym.postgres.env("postgres")
    connection = psycopg2.connect(
        host=where["DB_HOST"],
        port=where["DB_PORT"],
        dbname=where["DB_NAME"],
        user=where["DB_USER"],
        password=where["DB_PASSWORD"],
    )
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        yield cursor


@fault(1, 5)
async def postgres_read_only(scene: Scene) -> None:
    """The database is read-only, as after a failover to a standby, and then it is not, twice."""
    for _ in range(2):
        await scene.breath(1, 3)
        with _outsider(scene.gym) as cursor:
            scene.note("read-only")
            cursor.execute("ALTER DATABASE gymbot SET default_transaction_read_only = on")
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({_OF_THE_BOT}) AS bots")
            try:
                await scene.breath(3, 8)
            finally:
                cursor.execute("ALTER DATABASE gymbot RESET default_transaction_read_only")
            scene.note("writable")
        await scene.served_again()


@fault(1)
async def postgres_slow(scene: Scene) -> None:
    """Each word to PostgreSQL and back takes 50 to 300 ms."""
    for _ in range(5):
        scene.gym.to_postgres.seconds = scene.chance.uniform(0.05, 0.3)
        scene.note("slow", seconds=round(scene.gym.to_postgres.seconds, 3))
        await scene.breath(2, 4)


@fault(1, 5)
async def postgres_reset(scene: Scene) -> None:
    """Every connection to PostgreSQL is reset in mid-statement: 100 times."""
    scene.gym.to_postgres.seconds = 0.01  # so that a statement is always under way
    for _ in range(100):
        await scene.breath(0.05, 0.25)
        scene.note("reset", lines=scene.gym.to_postgres.reset())
    scene.gym.to_postgres.heal()
    await scene.served_again()


@fault(1, 5)
async def postgres_black_hole(scene: Scene) -> None:
    """For 5 to 12 s nothing comes through to PostgreSQL or back, and every connection stays open; three times."""
    for _ in range(3):
        await scene.breath(1, 3)
        scene.note("swallow")
        scene.gym.to_postgres.swallow()
        await scene.breath(5, 12)
        scene.note("heal")
        scene.gym.to_postgres.heal()
        await scene.served_again()


@fault(1, 5)
async def postgres_half_closed(scene: Scene) -> None:
    """PostgreSQL hears that the bot has hung up, while the bot's half of each connection is open: 40 times."""
    for _ in range(40):
        await scene.breath(0.1, 0.5)
        scene.note("close half")
        scene.gym.to_postgres.close_half()
    await scene.served_again()


@fault(1)
async def commit_reply_lost(scene: Scene) -> None:
    """The set is committed, and PostgreSQL's reply never comes: 1,000 times."""
    await lose_commits(scene, times=1000)


async def lose_commits(scene: Scene, *, times: int) -> None:
    """Cut the line behind every other statement that changes sets, once it has been passed on."""
    effects: set[bytes] = set()

    def is_effect(request: bytes) -> bool:
        if found := _PREPARED.search(request):
            effects.add(found[1])
        called = re.search(rb"EXECUTE (gym_[0-9a-f]+)_0", request)
        return called is not None and called[1] in effects and scene.chance.random() < 0.5

    way = scene.gym.to_postgres
    way.reset()  # so that every connection prepares anew, and the names are heard
    lost = way.lost
    way.lose_replies(is_effect, times=times)
    while way.losing:  # noqa: ASYNC110 - people tap meanwhile
        await asyncio.sleep(LOOK)
    scene.note("lost", replies=way.lost - lost)
