"""What admins look at reads few pages too, of a table of a million sets: no list and no figure reads it through."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.modules.insight import service as insight
from app.modules.insight.model import Period, Step, Wanted
from app.modules.people import service as people
from app.modules.people.model import PeopleOrder
from app.modules.postgres import Database
from tests.growth import history
from tests.growth.conftest import settings
from tests.growth.counting import cost
from tests.training.conftest import Someone

AT = history.at(18)
LAST = date.fromisoformat(history.TODAY)
YEAR = Period(LAST - timedelta(days=365), LAST)
PAGE = 50
MOST_PAGE = 900  # the table has 15,000: fifty sets and their names are 300, the sets of two days beside them 500
MOST_FIGURES = 500  # a year of days that are over, and the two that are open


@pytest.fixture(scope="module")
async def db(grown: dict[str, str]) -> AsyncIterator[Database]:
    """One connection, whose counts are its own; an exercise that one person in two thousand does; a year counted."""
    made = Database(settings(grown, db_pool=1))
    operator = Someone(made, 0)
    await operator.sql(
        """
        WITH rare AS (
            INSERT INTO exercises (id, name, muscle) VALUES (900000, 'Rare', 1) RETURNING id, muscle
        )
        INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
        SELECT day, day, 2000 * who, rare.muscle, rare.id, 1, 60, 8
          FROM rare, generate_series(1, 10) AS who,
               generate_series(DATE '2025-12-01', DATE '2026-03-01', INTERVAL '1 day') AS day
        """
    )
    while not await made.run(insight.is_counted, of=YEAR, at=AT):
        assert await made.run(insight.count, of=YEAR, at=AT)
    yield made
    await made.close()


def lists() -> dict[str, Wanted]:
    """Every way to ask for sets."""
    everybodys = Wanted(first=YEAR.first, last=YEAR.last)
    month = {"first": LAST - timedelta(days=60), "last": LAST - timedelta(days=30)}
    return {
        "everything": Wanted(),
        "days": Wanted(**month),
        "person": Wanted(user_id=history.REGULAR),
        "veteran": Wanted(user_id=history.VETERAN),
        "veteran, days": Wanted(user_id=history.VETERAN, **month),
        "veteran, exercise": Wanted(user_id=history.VETERAN, exercise_id=history.BENCH),
        "veteran, muscle": Wanted(user_id=history.VETERAN, muscle_id=1),
        "person, exercise never done": Wanted(user_id=history.VETERAN, exercise_id=900000),
        "exercise": replace(everybodys, exercise_id=7),
        "exercise, days": Wanted(exercise_id=7, **month),
        "rare exercise": replace(everybodys, exercise_id=900000),
        "exercise that nobody does": replace(everybodys, exercise_id=10**6),
        "muscle": replace(everybodys, muscle_id=3),
    }


async def test_no_page_of_sets_reads_the_table_through(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    read: dict[str, int] = {}
    for name, wanted in lists().items():
        # The first page, then one deep in the list.
        deep = await db.run(insight.logged_sets, wanted=wanted, after=None, limit=20 * PAGE, at=AT)
        for page, after in (("first", None), ("deep", deep.next_place)):
            if page == "deep" and after is None:
                continue
            ask = _asking(db, insight.logged_sets, wanted=wanted, after=after, limit=PAGE, at=AT)
            await ask()
            read[f"{name}, {page}"] = (await cost(db, ask)).buffers
    _draw(capsys, read)
    for name, buffers in read.items():
        assert buffers <= MOST_PAGE, f"{name}: {buffers}"


async def test_no_figure_reads_the_table_through(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    year = {"of": YEAR, "at": AT}
    figures: dict[str, Callable[[], Awaitable[Any]]] = {
        "is it counted": _asking(db, insight.is_counted, **year),
        "active by day": _asking(db, insight.active, **year, step=Step.DAY),
        "active by week": _asking(db, insight.active, **year, step=Step.WEEK),
        "volume": _asking(db, insight.volume, **year),
        "most used": _asking(db, insight.most_used, **year, limit=10),
        "hours": _asking(db, insight.hours, **year, zone="Europe/Berlin"),
        "veteran's figures": _asking(db, insight.figures, user_id=history.VETERAN),
        "veteran's records": _asking(db, insight.records, user_id=history.VETERAN),
        "people": _asking(db, people.people, order=PeopleOrder.NEWEST, after=None, limit=PAGE, search=""),
        "people by name": _asking(db, people.people, order=PeopleOrder.NEWEST, after=None, limit=PAGE, search="p1234"),
    }
    read = {}
    for name, ask in figures.items():
        await ask()
        read[name] = (await cost(db, ask)).buffers
    _draw(capsys, read)
    for name, buffers in read.items():
        assert buffers <= MOST_FIGURES, f"{name}: {buffers}"


def _asking(db: Database, work: Any, **how: Any) -> Callable[[], Awaitable[Any]]:
    return lambda: db.run(work, **how)


def _draw(capsys: pytest.CaptureFixture[str], read: dict[str, int]) -> None:
    with capsys.disabled():
        print("", *(f"{name:45}{buffers:>8}" for name, buffers in read.items()), sep="\n")  # noqa: T201
