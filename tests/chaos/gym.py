"""The stage of chaos: Telegram, the bot's processes, PostgreSQL and Valkey, a bad network between each two of them."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.modules.training.callbacks import FIRST_DAY
from app.schema import migrate
from app.settings import DatabaseSettings
from app.utils.units import plain
from dev.servers import Postgres, Valkey, temporary_folder
from tests.chaos.checker import Done
from tests.chaos.proxy import Proxy
from tests.chaos.telegram import Telegram
from tests.conftest import find_free_port
from tests.stage import SECRET, TOKEN, Process, connected, webhook_env

POOL = 10
GROWTH_MIB = 20.0
GONE_LOOKS = 50


class NotRun(Exception):
    """This machine does not allow a fault; the message says what it lacks."""


@dataclass(eq=False)
class Bot(Process):
    """One process of the bot, and what it was like when it had just warmed up."""

    def __init__(self, *, module: str, port: int, env: dict[str, str], log: Path, arguments: tuple[str, ...]) -> None:
        super().__init__(module, port=port, env=env, log=log, arguments=arguments)
        self.base_memory = 0.0

    async def start(self) -> None:
        self.base_memory = 0.0
        await super().start()

    async def kill(self) -> None:
        """SIGKILL: no farewell."""
        await self.stop(signal.SIGKILL)

    def threads(self) -> int:
        assert self.popen is not None
        return len(os.listdir(f"/proc/{self.popen.pid}/task"))

    def memory_growth(self) -> float:
        """MiB more than when this process had warmed up; the first time it is asked, that is now."""
        now = self.memory_mib()
        self.base_memory = self.base_memory or now
        return now - self.base_memory


@dataclass
class Gym:
    """Everything that can be broken."""

    telegram: Telegram
    postgres: Postgres
    valkey: Valkey
    to_bots: Proxy
    to_postgres: Proxy
    to_redis: Proxy
    to_telegram: Proxy
    folder: Path
    env: dict[str, str]
    module: str
    planted: str = ""
    changed: dict[str, str] = field(default_factory=dict)  # of the environment, by what is planted
    bots: list[Bot] = field(default_factory=list)

    @property
    def bot(self) -> Bot:
        """The one process, where there is one."""
        return self.bots[0]

    async def add_bot(self) -> Bot:
        """Start one more process, and let updates come to it too."""
        port = find_free_port()
        env = self.env | self.changed | {"BOT_PORT": str(port), "CHAOS_CLOCK": str(self._clock)}
        log = self.folder / f"bot-{len(list(self.folder.glob('bot-*.log'))) + 1}.log"
        module, arguments = ("tests.chaos.planted", (self.planted,)) if self.planted else (self.module, ())
        bot = Bot(module=module, port=port, env=env, log=log, arguments=arguments)
        await bot.start()
        self.bots.append(bot)
        self.to_bots.upstreams.append(("127.0.0.1", port))
        return bot

    async def remove_bot(self, bot: Bot, number: signal.Signals = signal.SIGTERM) -> int:
        """End a process for good."""
        code = await bot.stop(number)
        self.bots.remove(bot)
        self.to_bots.upstreams.remove(("127.0.0.1", bot.port))
        return code

    async def plant(self, name: str, **env: str) -> None:
        """Start the bot anew with a fault in it, with `nothing` but a clock that can be set, or as it is shipped."""
        for bot in list(self.bots):
            await self.remove_bot(bot)
        self.planted, self.changed = name, env
        await self.set_clock(timedelta())
        await self.add_bot()

    async def set_clock(self, ahead: timedelta) -> None:
        """Set the clock of a planted bot; Telegram's is never behind it, else lines would come from the past."""
        self._clock.write_text(str(ahead.total_seconds()), encoding="ascii")
        if (behind := ahead.total_seconds() - self.telegram.ahead) > 0:
            await self.telegram.forward(behind)

    @property
    def _clock(self) -> Path:
        return self.folder / "clock"

    @property
    def proxies(self) -> list[Proxy]:
        return [self.to_bots, self.to_postgres, self.to_redis, self.to_telegram]

    async def heal(self) -> None:
        """Let everything be as it should be, whatever a fault left behind."""
        for proxy in self.proxies:
            proxy.heal()
        for server in (self.postgres, self.valkey):
            if not server.alive():
                await asyncio.to_thread(server.start)
        for bot in self.bots:
            if bot.popen is None or bot.popen.poll() is not None:
                await bot.start()
        while len(self.bots) > 1:
            await self.remove_bot(self.bots[-1])

    # Looking at it

    def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Ask PostgreSQL itself, past the proxy."""
        with connected(self.postgres.env()) as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def rows(self, people: list[int]) -> list[Done]:
        """Read what is kept of some people's sets."""
        found = self.sql(
            "SELECT user_id, day, exercise_id, set, weight, reps FROM training WHERE user_id = ANY (%(people)s)",
            people=people,
        )
        return [
            Done(user_id, (day - FIRST_DAY).days, exercise, set_no, plain(weight), int(reps))
            for user_id, day, exercise, set_no, weight, reps in found
        ]

    def connections(self) -> int:
        """Count the bot's connections to PostgreSQL."""
        return int(
            self.sql(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )[0][0]
        )

    async def leaks(self) -> list[str]:
        """Name what has not come back to its base; PostgreSQL takes a moment to notice who has gone."""
        found, most = [], POOL * len(self.bots)
        for _ in range(GONE_LOOKS):
            if self.connections() <= most:
                break
            await asyncio.sleep(0.1)
        else:
            found.append(f"{self.connections()} connections to PostgreSQL for {most} of the pool")
        for bot in self.bots:
            if (threads := bot.threads()) > 2 * POOL:
                found.append(f"{threads} threads for a pool of {POOL}")
            if (growth := bot.memory_growth()) > GROWTH_MIB:
                found.append(f"{growth:.0f} MiB more than when it had warmed up")
        return found

    def _logs(self) -> list[Path]:
        return [*self.folder.glob("bot-*.log"), self.postgres.log, self.valkey.log]

    def log_ends(self) -> dict[Path, int]:
        """Say how long each log is: the bot's, and its servers'."""
        return {each: each.stat().st_size for each in self._logs()}

    def log_lines(self, *, since: Mapping[Path, int] = MappingProxyType({})) -> list[str]:
        """Read what the logs were told, from then on."""
        texts = [each.read_bytes()[since.get(each, 0) :].decode(errors="replace") for each in self._logs()]
        return [line for text in texts for line in text.splitlines()]

    def secrets(self) -> list[str]:
        return [TOKEN, SECRET, self.postgres.password, self.valkey.password]

    @classmethod
    @asynccontextmanager
    async def opened(cls, module: str = "app.main_webhook") -> AsyncIterator["Gym"]:
        """Build all of it, with one process of the bot."""
        async with AsyncExitStack() as stack:
            folder = stack.enter_context(temporary_folder())
            postgres, valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey", durable=False)
            await asyncio.gather(asyncio.to_thread(postgres.start), asyncio.to_thread(valkey.start))
            stack.callback(lambda: postgres.stop("immediate") if postgres.alive() else None)
            stack.callback(lambda: valkey.stop() if valkey.alive() else None)
            postgres.create_database("gymbot")
            await asyncio.to_thread(migrate, DatabaseSettings.model_validate(_lower(postgres.env())))
            telegram = Telegram(port=find_free_port(), folder=folder / "telegram")
            (folder / "telegram").mkdir()
            await stack.enter_async_context(telegram.opened())
            ways = {
                "to_bots": Proxy([]),
                "to_postgres": Proxy([postgres.sockets / f".s.PGSQL.{postgres.default_port}"]),
                "to_redis": Proxy([valkey.socket]),
                "to_telegram": Proxy([("127.0.0.1", telegram.port)]),
            }
            for proxy in ways.values():
                await proxy.start()
                stack.push_async_callback(proxy.stop)
            made_env = {
                **webhook_env(
                    port=ways["to_bots"].port,
                    api_url=f"http://127.0.0.1:{ways['to_telegram'].port}",
                    database=postgres.env() | {"DB_HOST": "127.0.0.1", "DB_PORT": str(ways["to_postgres"].port)},
                    redis=valkey.env() | {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(ways["to_redis"].port)},
                ),
                "DEFAULT_TIMEZONE": afternoon(datetime.now(UTC)),
                "DB_POOL": str(POOL),
            }
            gym = cls(
                telegram=telegram,
                postgres=postgres,
                valkey=valkey,
                folder=folder,
                env=made_env,
                module=module,
                **ways,
            )
            stack.push_async_callback(gym._close)
            bot = await gym.add_bot()
            await bot.logged("webhook_set")
            yield gym

    async def _close(self) -> None:
        for bot in self.bots:
            await bot.stop()


def afternoon(now: datetime) -> str:
    """Name a zone in which it is about three in the afternoon: no day ends while people train."""
    ahead = (15 - now.hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


def _lower(env: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in env.items()}
