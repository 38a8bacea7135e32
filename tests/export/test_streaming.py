"""A long history is written some rows at a time, and in few round trips."""

import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest

from app.modules.export import service
from app.modules.export.model import Files, Written
from app.modules.export.queries import PIECE
from app.modules.postgres import Cursor, Database
from tests.export.conftest import table
from tests.training.conftest import Someone

SETS = 50_000
MOST_BYTES = 20 * 2**20
FEWEST_TRIPS = 7  # one moment for all, the person, and the five lists


class Watched:
    """A cursor that notes its round trips, and how many rows it was asked to hold at once."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self.trips = 0
        self.most = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, query: str, values: Any = None) -> None:
        self.trips += 1
        self._cursor.execute(query, values)

    def fetchall(self) -> list[tuple[Any, ...]]:
        rows = self._cursor.fetchall()
        self.most = max(self.most, len(rows))
        return rows


def watched(cursor: Cursor, person: Someone, files: Files) -> tuple[Written, Watched]:
    """Write somebody's files, and look."""
    eye = Watched(cursor)
    return service.write(cast(Cursor, eye), act=person.act(), files=files), eye


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    """Three empty files."""
    with ExitStack() as opened:
        yield Files(*(opened.enter_context(tempfile.TemporaryFile(dir=tmp_path)) for _ in range(3)))


async def test_fifty_thousand_sets_never_stand_in_memory(ann: Someone, db: Database, files: Files) -> None:
    await ann.sql(
        """
        INSERT INTO training (user_id, muscle_id, exercise_id, day, set, weight, reps, date)
        SELECT %s, e.muscle, e.id, DATE '2020-01-01' + d, s, 61.23497, 8,
               TIMESTAMPTZ '2020-01-01 12:00Z' + d * INTERVAL '1 day' + s * INTERVAL '2 minutes'
          FROM exercises AS e, generate_series(1, 250) AS d, generate_series(1, 20) AS s
         WHERE e.is_global AND e.id <= 10
        """,
        ann.id,
    )
    tracemalloc.start()
    written, eye = await db.run_long(watched, ann, files)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (written.sets, written.exercises, eye.most) == (SETS, 10, PIECE)
    assert eye.trips == FEWEST_TRIPS + SETS // PIECE
    assert peak < MOST_BYTES, f"{peak / 2**20:.1f} MiB"
    files.sets.seek(0)
    assert len(table(files.sets.read())) == SETS


async def test_a_short_history_costs_one_round_trip_a_list(ann: Someone, db: Database, files: Files) -> None:
    await ann.record(await ann.exercise("Bench press"), 1, "60", 10)
    _, eye = await db.run_long(watched, ann, files)
    assert eye.trips == FEWEST_TRIPS
