"""The bot with a fault planted into it, by a patch that only tests can make: the checker must find each of them.

`python -m tests.chaos.planted NAME` runs it. NAME `nothing` plants none; whatever is planted, the clock by which the
bot tells the day is so many seconds ahead as the file CHAOS_CLOCK says.
"""

import asyncio
import itertools
import os
import re
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from psycopg2.pool import ThreadedConnectionPool

from app import main_webhook
from app.modules import middlewares
from app.modules.delivery import Delivery, Done
from app.modules.memory import RedisMemory
from app.modules.postgres import Connection, Cursor, Database, one_statement
from app.modules.training import service
from app.modules.training.model import GymDay

_VISIBLE = re.compile(r"visible_exercise\(p\.self, %\(exercise_id\)s.*?\) AS e")
_ANY = "(SELECT e.id, e.name, e.muscle, TRUE AS is_listed FROM exercises AS e WHERE e.id = %(exercise_id)s) AS e"
_TURN = "SELECT take_turn(%(user_id)s, %(exercise_id)s);"


class Clock(datetime):
    """Tells a time that tests move."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Clock":
        ahead = float(Path(os.environ["CHAOS_CLOCK"]).read_text(encoding="ascii") or 0)
        return super().now(tz) + timedelta(seconds=ahead)


def answered_before_the_work() -> None:
    """200 first, and the work in the background."""
    take = Delivery.take
    works: set[asyncio.Task[None]] = set()

    async def work(delivery: Delivery, raw: Any) -> None:
        outcome = await take(delivery, raw)
        if isinstance(outcome, Done) and outcome.reply:
            await delivery._api.call(outcome.reply["method"], outcome.reply)

    async def take_early(delivery: Delivery, raw: Any) -> Done:
        works.add(task := asyncio.create_task(work(delivery, raw)))  # noqa: TID251 - this is the fault
        task.add_done_callback(works.discard)
        return Done()

    Delivery.take = take_early  # type: ignore[method-assign]


def seen_in_redis() -> None:
    """What was taken is known to Redis alone."""
    take, numbers = Delivery.take, itertools.count(time.time_ns())

    async def take_once(delivery: Delivery, raw: Any) -> Any:
        assert isinstance(delivery._memory, RedisMemory)
        ask = delivery._memory._ask
        key = f"seen:{raw['update_id']}"
        if await ask("EXISTS", key):
            return Done()
        outcome = await take(delivery, {**raw, "update_id": next(numbers)})
        if isinstance(outcome, Done):
            await ask("SET", key, 1)
        return outcome

    Delivery.take = take_once  # type: ignore[method-assign]


def naked_pool() -> None:
    """psycopg2's pool as it comes: nothing is noticed, dropped or tried again."""

    def pool(database: Database) -> ThreadedConnectionPool:
        settings = database._settings
        made = getattr(database, "naked", None)
        if made is None:
            made = ThreadedConnectionPool(
                2,
                settings.db_pool,
                host=settings.db_host,
                port=settings.db_port,
                dbname=settings.db_name,
                user=settings.db_user,
                password=settings.db_password,
                application_name="gymbot",
                connection_factory=Connection,
            )
            database.naked = made  # type: ignore[attr-defined]
        return made

    def run(database: Database, work: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        connection = pool(database).getconn()
        connection.set_up(prepares=False)
        with connection.cursor(cursor_factory=Cursor) as cursor:
            result = work(cursor, *args, **kwargs)
        connection.commit()
        pool(database).putconn(connection)
        return result

    async def run_naked(database: Database, seconds: float, work: Any, args: Any, kwargs: Any) -> Any:
        return await asyncio.to_thread(run, database, work, args, kwargs)

    Database._run = run_naked  # type: ignore[method-assign]


def side_by_side() -> None:
    """A person's updates are handled all at once."""

    async def call(_: Any, handler: Any, event: Any, data: Any) -> Any:
        return await handler(event, data)

    middlewares.OneAtATime.__call__ = call  # type: ignore[method-assign]
    _change_sql(lambda query: query.replace(_TURN, ""))


def day_of_arrival() -> None:
    """A set goes to the day on which its tap arrives, whatever its button says."""
    record = service.record_set

    @one_statement
    def record_today(cursor: Cursor, *, act: Any, day: GymDay, **asked: Any) -> Any:
        today = act.at.astimezone(ZoneInfo(act.zone)).date()
        return record(cursor, act=act, day=GymDay(today, day.marked), **asked)

    service.record_set = record_today


def everybody_sees() -> None:
    """Whoever names an exercise may record it."""
    _change_sql(lambda query: _VISIBLE.sub(_ANY, query))


def _change_sql(changed: Callable[[str], str]) -> None:
    execute = Cursor.execute

    def execute_changed(cursor: Cursor, query: Any, vars: Any = None) -> None:  # noqa: A002 - the name is psycopg2's
        execute(cursor, changed(query), vars)

    Cursor.execute = execute_changed  # type: ignore[method-assign]


# Each with the kind of fault that must bring it to light, and the figures that show it.
PLANTS: dict[str, tuple[Callable[[], None], str, tuple[str, ...]]] = {
    "answered_before_the_work": (answered_before_the_work, "killed_at_work", ("unanswered",)),
    "seen_in_redis": (seen_in_redis, "redelivered_after_a_flush", ("doubled",)),
    "naked_pool": (naked_pool, "disconnected_at_work", ("a log says", "unanswered")),
    "side_by_side": (side_by_side, "two_lines_at_once", ("unanswered", "out_of_order", "lost")),
    "day_of_arrival": (day_of_arrival, "midnight", ("wrong_day",)),
    "everybody_sees": (everybody_sees, "somebody_elses_button", ("wrong_owner",)),
}


if __name__ == "__main__":
    if sys.argv[1] in PLANTS:
        PLANTS[sys.argv[1]][0]()
    middlewares.datetime = Clock  # type: ignore[misc]
    sys.exit(main_webhook.main())
