"""Somebody who trains, on a real database, at any time that a test says."""

import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from psycopg2.extensions import cursor as PlainCursor  # noqa: N812

from app.modules.people import service as people
from app.modules.people.model import Act, Person
from app.modules.postgres import Cursor, Database
from app.modules.training import service
from app.modules.training.model import GymDay, Saved, Session, Set, Start
from app.settings import DatabaseSettings
from tests.conftest import as_role

BOT = 42
NOON = datetime.fromisoformat("2026-03-11T12:00:00+00:00")  # a Wednesday
_ids = itertools.count(1_000_001)


@dataclass
class Someone:
    """A person with a clock of their own."""

    db: Database
    id: int
    now: datetime = NOON
    zone: str = "UTC"

    def act(self, update_id: int | None = None) -> Act:
        """The next thing they do, or one that comes again."""
        return Act(self.id, BOT, next(_ids) if update_id is None else update_id, self.now, self.zone)

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    async def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the tables, or change them as an operator would."""

        def work(cursor: Cursor) -> list[tuple[Any, ...]]:
            with cursor.connection.cursor(cursor_factory=PlainCursor) as plain:  # %s, which our plans do not know
                plain.execute(statement, values or None)
                return plain.fetchall() if plain.description else []

        return await self.db.run(work)

    async def exercise(self, name: str) -> int:
        """The number of a global exercise."""
        return int((await self.sql("SELECT id FROM exercises WHERE name = %s AND is_global", name))[0][0])

    async def own_exercise(self, name: str, muscle: int = 1) -> int:
        """Add a private exercise."""
        key = name.casefold()
        statement = """INSERT INTO exercises (name, name_key, muscle, is_global, created_by)
                       VALUES (%s, %s, %s, FALSE, %s) RETURNING id"""
        return int((await self.sql(statement, name, key, muscle, self.id))[0][0])

    async def open(self, exercise: int, day: GymDay | None = None) -> Session:
        """Open an exercise that is there."""
        session = await self.db.run(service.session, act=self.act(), exercise_id=exercise, day=day, what_next=True)
        assert session is not None
        return session

    async def start(self, day: GymDay | None = None) -> Start:
        """Open the first screen."""
        return await self.db.run(service.start, act=self.act(), day=day)

    async def record(
        self,
        exercise: int,
        set_no: int,
        weight: str | int,
        reps: int,
        *,
        day: GymDay | None = None,
        quick: bool = False,
        update_id: int | None = None,
    ) -> Saved:
        """Tap a set in; on the day that the exercise opens on, when none is given."""
        day = day or (await self.open(exercise)).day
        return await self.db.run(
            service.record_set,
            act=self.act(update_id),
            exercise_id=exercise,
            done=Set(set_no, Decimal(weight), reps),
            day=day,
            quick=quick,
        )

    async def rows(self) -> list[tuple[Any, ...]]:
        """All their sets: day, exercise, set, weight, reps."""
        statement = """SELECT day::text, exercise_id, set, weight::float, reps::int FROM training
                        WHERE user_id = %s ORDER BY day, date, exercise_id, set"""
        return await self.sql(statement, self.id)

    def at(self, moment: str) -> "Someone":
        """The same person at another moment."""
        return replace(self, now=datetime.fromisoformat(moment))


NewPerson = Callable[..., Any]


@pytest.fixture(scope="module")
async def db(postgres: Any, template_database: str) -> AsyncIterator[Database]:
    """One database for a module; each test brings people of its own."""
    postgres.create_database("training", template=template_database)
    env = {name.lower(): value for name, value in as_role(postgres.env("training"), "bot").items()}
    made = Database(DatabaseSettings.model_validate(env | {"db_pool": 4}))
    yield made
    await made.close()
    postgres.drop_database("training")


@pytest.fixture
async def someone(db: Database) -> NewPerson:
    """Call it for somebody new."""

    async def made(*, zone: str = "UTC", at: str | datetime = NOON) -> Someone:
        person = Person(next(_ids), "Ann")
        await db.run(people.meet, person=person)
        now = datetime.fromisoformat(at) if isinstance(at, str) else at
        return Someone(db, person.id, now, zone)

    return made


@pytest.fixture
async def ann(someone: NewPerson) -> Someone:
    """Somebody new."""
    made: Someone = await someone()
    return made
