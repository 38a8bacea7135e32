"""Which days figures are of, and whose hours."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.modules.errors import PeriodTooLong
from app.modules.insight.model import Period

USUAL_DAYS = 30
MOST_DAYS = 366


def period(first: date | None, last: date | None, *, at: datetime, days: int = USUAL_DAYS) -> Period:
    """Say which days are meant: those given, and where one end is open, so many days; none of them is to come."""
    newest = (at + timedelta(hours=14)).date()  # where the day begins first
    last = newest if last is None else min(last, newest)
    if first is None:
        first = last - timedelta(days=min(days - 1, (last - date.min).days))
    if (last - first).days >= MOST_DAYS:
        raise PeriodTooLong(most=MOST_DAYS)
    return Period(first, last)


def is_zone(name: str) -> bool:
    """Whether there is such a time zone; PostgreSQL would take `UTC+2` as well, and read it two hours westward."""
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True
