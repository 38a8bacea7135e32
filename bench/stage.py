"""What the bots stand on while they are measured: one PostgreSQL, one Valkey, and the bots themselves as processes."""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil

from app.schema import migrate
from app.settings import DatabaseSettings
from bench.telegram import World
from bench.workout import BOT, MOST_ROUNDS, PEOPLE, connected, furnish, steady_zone, written
from dev.servers import Postgres, Valkey, temporary_folder

ROOT = Path(__file__).parents[1]
TEMPLATE, DATABASE = "bench_template", "bench"
STOP_SECONDS = 20.0

BOTS = {
    "ours": "app.main_webhook",
    "plain": "bench.bots.aiogram_bot",
    "ptb": "bench.bots.ptb_bot",
    "floor": "bench.bots.floor",
}
TITLES = {
    "ours": "ours",
    "plain": "plain aiogram",
    "ptb": "python-telegram-bot",
    "floor": "no framework (the floor)",
}


def free_port() -> int:
    """Find a port of 127.0.0.1 that nobody listens on now.

    None of those that the system gives to whoever connects: who tries one of them until somebody listens may be given
    it, and then reaches themselves.
    """
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass(frozen=True, slots=True)
class Bot:
    """One bot that runs."""

    process: psutil.Process
    port: int
    began: float  # time.perf_counter() at its start

    def cpu_seconds(self) -> float:
        """Processor time so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory_mib(self) -> float:
        """Resident memory now."""
        return float(self.process.memory_info().rss) / 2**20


class Crossing:
    """A way to a server on which round trips are counted: a client speaks, after the server has."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self.trips = 0
        self._to = port
        self._pumps: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._cross, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        for end in self._ends:
            end.close()
        await asyncio.gather(*(end.wait_closed() for end in self._ends), return_exceptions=True)

    async def _cross(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._ends |= {writer, back}
        is_answered = True

        async def pump(come: asyncio.StreamReader, go: asyncio.StreamWriter, *, asks: bool) -> None:
            nonlocal is_answered
            while piece := await come.read(2**16):
                self.trips += asks and is_answered
                is_answered = not asks
                go.write(piece)
                await go.drain()
            go.close()

        loop = asyncio.get_running_loop()
        for made in (pump(reader, back, asks=True), pump(there, writer, asks=False)):
            task = loop.create_task(made)
            self._pumps.add(task)
            task.add_done_callback(self._pumps.discard)


@dataclass(frozen=True)
class Stage:
    """Everything that a bot is measured on."""

    world: World
    folder: Path
    postgres: Postgres
    valkey: Valkey
    env: Mapping[str, str]

    @classmethod
    @asynccontextmanager
    async def opened(cls, *, rounds: int = MOST_ROUNDS, people: int = PEOPLE) -> "AsyncIterator[Stage]":
        """Start the servers and write the script."""
        async with AsyncExitStack() as stack:
            folder = stack.enter_context(temporary_folder())
            postgres = Postgres(folder / "postgres", port=free_port())
            valkey = Valkey(folder / "valkey", durable=False, port=free_port())
            for server in (postgres, valkey):
                await asyncio.to_thread(server.start)
            stack.callback(lambda: postgres.stop("immediate"))
            stack.callback(valkey.stop)
            postgres.create_database(TEMPLATE)
            template = postgres.env(TEMPLATE)
            await asyncio.to_thread(migrate, settings_of(template))
            zone = steady_zone(datetime.now(UTC))
            furnish(template, today=datetime.now(ZoneInfo(zone)).date(), people=people)
            script = written(template, zone=zone, rounds=rounds)
            world = World(script, secret=secrets.token_hex(32))
            await world.open()
            stack.callback(world.close)
            env = {
                "PATH": os.defpath,
                "HOME": str(folder),
                **postgres.env(DATABASE),
                **valkey.env(),
                "TELEGRAM_BOT_TOKEN": f"{BOT}:bench_{secrets.token_hex(16)}",
                "TELEGRAM_WEBHOOK_SECRET": world.secret,
                "TELEGRAM_API_URL": f"http://127.0.0.1:{world.api_port}",
                "DEFAULT_TIMEZONE": zone,
                "DB_POOL": "10",
            }
            yield cls(world, folder, postgres, valkey, env)

    @asynccontextmanager
    async def bot(self, name: str, *, module: str = "", arguments: tuple[str, ...] = ()) -> AsyncIterator[Bot]:
        """Start a bot on a fresh database, and end it."""
        self.postgres.drop_database(DATABASE)
        self.postgres.create_database(DATABASE, template=TEMPLATE)
        self.valkey.flush()
        port = free_port()
        env = {**self.env, "BOT_PORT": str(port), "WEB_APP_URL": f"http://127.0.0.1:{port}"}
        command = [sys.executable, "-m", module or BOTS[name], *arguments]
        with (self.folder / f"{name}.log").open("ab") as log:
            began = time.perf_counter()
            process = subprocess.Popen(  # noqa: ASYNC220 - nothing else is to be done meanwhile
                command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            yield Bot(psutil.Process(process.pid), port, began)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.to_thread(process.wait, STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()  # noqa: ASYNC222 - it is gone at once

    @asynccontextmanager
    async def counted(self) -> "AsyncIterator[tuple[Stage, Crossing, Crossing]]":
        """The same stage, with the ways to PostgreSQL and to Valkey watched."""
        ways = [Crossing(int(self.env["DB_PORT"])), Crossing(int(self.env["REDIS_PORT"]))]
        for way in ways:
            await way.open()
        ports = {"DB_PORT": str(ways[0].port), "REDIS_PORT": str(ways[1].port)}
        try:
            yield replace(self, env={**self.env, **ports}), ways[0], ways[1]
        finally:
            for way in ways:
                await way.close()

    def last_words(self, name: str) -> str:
        """What a bot's log said last."""
        with suppress(FileNotFoundError):
            return (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]
        return ""

    def sets_of(self, user_id: int) -> int:
        """Count the sets that somebody has recorded today."""
        connection = connected(self.postgres.env(DATABASE))
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM training WHERE user_id = %(user_id)s AND entry IS NOT NULL",
                    {"user_id": user_id},
                )
                return int(cursor.fetchone()[0])
        finally:
            connection.close()


def settings_of(database: Mapping[str, str]) -> DatabaseSettings:
    """The settings of a database."""
    return DatabaseSettings.model_validate({name.lower(): value for name, value in database.items()})
