"""What the two usual bots share: psycopg2's pool, asked in threads, and our use cases behind it.

The pool is used as psycopg2's documentation and its tutorials do: getconn, `with connection`, putconn.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg2.pool import ThreadedConnectionPool

from app.modules.people import service as people
from app.modules.people.model import Act
from app.modules.people.rules import introduced
from app.modules.screen import Screen
from app.modules.texts import label
from app.modules.training import screens, service
from app.modules.training.model import GymDay, Session, Set
from app.modules.training.rules import is_record
from app.settings import WebhookSettings


def opened(settings: WebhookSettings) -> ThreadedConnectionPool:
    """Open the pool of the usual size."""
    return ThreadedConnectionPool(
        2,
        10,
        host=settings.db_host,
        port=settings.db_port,
        dbname=settings.db_name,
        user=settings.db_user,
        password=settings.db_password,
    )


@dataclass(frozen=True)
class Gym:
    """Our use cases, each in a transaction of its own."""

    pool: ThreadedConnectionPool
    zone: str
    bot_id: int

    async def run(self, work: Callable[..., Any], **values: Any) -> Any:
        """Run `work(cursor, …)` in a thread."""
        return await asyncio.to_thread(self._run, work, values)

    def _run(self, work: Callable[..., Any], values: dict[str, Any]) -> Any:
        connection = self.pool.getconn()
        try:
            with connection, connection.cursor() as cursor:
                return work(cursor, **values)
        finally:
            self.pool.putconn(connection)

    def act(self, user_id: int, update_id: int) -> Act:
        """Say who acts, now."""
        return Act(user_id, self.bot_id, update_id, datetime.now(UTC), self.zone)

    async def meet(self, act: Act, *, first_name: str, last_name: str | None, username: str | None) -> None:
        """Register somebody, or keep their name of today."""
        person = introduced(user_id=act.user_id, first_name=first_name, last_name=last_name, username=username)
        await self.run(people.meet, person=person, bot_id=act.bot_id, update_id=act.update_id)

    async def session(self, act: Act, exercise_id: int, *, what_next: bool = False) -> Session:
        """Read all that the screens of one exercise show."""
        found: Session = await self.run(
            service.session, act=act, exercise_id=exercise_id, day=None, what_next=what_next
        )
        return found

    async def saved(self, act: Act, exercise_id: int, done: Set, *, day: GymDay) -> Screen:
        """Save a set, and make the screen that says so."""
        await self.run(service.record_set, act=act, exercise_id=exercise_id, done=done, day=day)
        return saved(await self.session(act, exercise_id, what_next=True), done, entry=act.update_id)


def saved(found: Session, done: Set, *, entry: int) -> Screen:
    """Make the screen of a set just saved, as our own handler does."""
    record = is_record(found, done)
    key = "training-toast-record" if record else "training-toast-saved"
    toast = label(key, **screens.said(done, found.unit))
    return screens.saved(found, [done.set_no], entry=entry, fresh=True, record=record, toast=toast)
