"""Nothing is lost or doubled while the bot is killed and PostgreSQL restarted under ten people who record sets.

make chaos is the large one; this one is part of make test. CHAOS_SEED=n repeats the choices of a run, though not the
moments at which the processes meet.
"""

import asyncio
import os
import secrets
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from random import Random

import pytest

from app.manage import migrate
from app.modules.training.callbacks import FIRST_DAY
from app.settings import DatabaseSettings
from app.utils.units import plain
from dev.servers import Postgres, temporary_folder
from tests.chaos.checker import Done, History, problems
from tests.chaos.lifters import LOOK, Lifter
from tests.conftest import find_free_port
from tests.stage import Process, Sandbox, connected, webhook_env

PEOPLE = 10
BLOWS = ("kill", "fast", "kill", "immediate", "both")
ANSWERED_SECONDS = 180.0
REST_SECONDS = 60.0


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A Telegram of its own."""
    made = Sandbox(port=find_free_port(), folder=tmp_path)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A PostgreSQL of its own that keeps what it has confirmed, and may be killed."""
    with temporary_folder() as folder:
        made = Postgres(folder / "postgres")
        made.start()
        made.create_database("gymbot")
        migrate(DatabaseSettings.model_validate({name.lower(): value for name, value in made.env().items()}))
        yield made
        made.stop("immediate")


@pytest.fixture
async def bot(tmp_path: Path, sandbox: Sandbox, server: Postgres, redis_env: dict[str, str]) -> AsyncIterator[Process]:
    """The bot in production form."""
    port = find_free_port()
    env = webhook_env(port=port, api_url=sandbox.url, database=server.env(), redis=redis_env)
    process = Process("app.main_webhook", port=port, env=env, log=tmp_path / "bot.log")
    await process.start()
    await process.logged("webhook_set")
    yield process
    await process.stop()


async def test_nothing_is_lost_or_doubled(sandbox: Sandbox, server: Postgres, bot: Process) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(10**9))
    print(f"CHAOS_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    chance, history, enough = Random(seed), History(), asyncio.Event()
    people = [await sandbox.person(f"Lifter {number}") for number in range(PEOPLE)]
    lifters = [Lifter(someone, sandbox, Random(f"{seed} {place}"), history) for place, someone in enumerate(people)]
    async with asyncio.timeout(ANSWERED_SECONDS), asyncio.TaskGroup() as tasks:
        for lifter in lifters:
            tasks.create_task(lifter.train(enough))
        await strike(server, bot, chance)
        while len(history.shown) <= PEOPLE:  # noqa: ASYNC110 - a slow machine may have shown next to nothing yet
            await asyncio.sleep(LOOK)
        enough.set()
    await rest(sandbox)
    history.rows = rows(server.env())
    print(  # noqa: T201 - pytest shows it with a failure
        f"{len(history.asked)} sets asked for, {len(history.rows)} rows, "
        f"{len(history.told_otherwise)} told otherwise; {sum(each.taps for each in lifters)} taps, of which "
        f"{sum(each.repeated for each in lifters)} repeated, {sum(each.duplicated for each in lifters)} duplicated, "
        f"{sandbox.log.read_text(encoding='utf-8').count('update_not_taken')} deliveries not taken"
    )
    assert problems(history) == []
    said = bot.log.read_text(encoding="utf-8")
    assert "update_parked" not in said
    assert "update_failed" not in said  # an outage is never a bug


async def strike(server: Postgres, bot: Process, chance: Random) -> None:
    """Kill -9 the bot, restart PostgreSQL in both ways, and both at once, with breath between."""
    for blow in BLOWS:
        await asyncio.sleep(chance.uniform(1.0, 2.0))
        if blow in ("kill", "both"):
            await bot.stop(signal.SIGKILL)
        if blow != "kill":
            await asyncio.to_thread(server.stop, "immediate" if blow == "both" else blow)
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            await asyncio.to_thread(server.start)
        if blow in ("kill", "both"):
            await bot.start()
    await asyncio.sleep(1.0)


async def rest(sandbox: Sandbox) -> None:
    """Wait until every update has been taken."""
    async with asyncio.timeout(REST_SECONDS):
        while any(  # noqa: ASYNC110 - another process delivers them
            each["state"] == "waiting" for each in await sandbox.ask("GET", "/control/updates")
        ):
            await asyncio.sleep(0.1)


def rows(database: Mapping[str, str]) -> list[Done]:
    with connected(database) as cursor:
        cursor.execute("SELECT user_id, day, exercise_id, set, weight, reps FROM training")
        return [
            Done(user_id, (day - FIRST_DAY).days, exercise, set_no, plain(weight), int(reps))
            for user_id, day, exercise, set_no, weight, reps in cursor.fetchall()
        ]
