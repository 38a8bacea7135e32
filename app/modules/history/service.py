"""What people look back at."""

from datetime import date

from app.modules.catalog.model import Exercise
from app.modules.history import queries
from app.modules.history.model import PAGE_OF_DAYS, PAGE_OF_RECORDS, Best, Records, TrainingDay, TrainingDays
from app.modules.postgres import Cursor, one_statement
from app.modules.training.model import Record
from app.utils.units import Unit


@one_statement
def days(cursor: Cursor, *, user_id: int, until: date | None = None, after: date | None = None) -> TrainingDays:
    """Find one page of the days on which a person trained: from one on back, or the next ones after one."""
    rows = queries.days(cursor, user_id=user_id, until=until, after=after, size=PAGE_OF_DAYS)
    shown = tuple(TrainingDay(day, sets, tuple(muscles)) for day, sets, muscles, _ in rows[:PAGE_OF_DAYS])
    return TrainingDays(
        shown,
        newer=bool(rows) and rows[0][0] < rows[0][3],
        older=len(rows) > PAGE_OF_DAYS,
    )


@one_statement
def records(cursor: Cursor, *, user_id: int, page: int) -> Records:
    """Find one page of a person's records."""
    rows = queries.records(cursor, user_id=user_id, page=max(page, 1), size=PAGE_OF_RECORDS)
    bests = tuple(
        Best(Exercise(id_, name), Record(weight, int(reps), day)) for id_, name, weight, reps, day, _, _ in rows
    )
    return Records(bests, total=rows[0][5] if rows else 0, unit=Unit(rows[0][6]) if rows else Unit.KG)
