"""Which days figures are of."""

from datetime import date, datetime, timedelta

from app.modules.errors import Refused
from app.modules.insight.model import Period

USUAL_DAYS = 30
MOST_DAYS = 366


class PeriodTooLong(Refused):
    """More days than are counted at once."""

    code = "period_too_long"
    text = "api-period-too-long"
    values = {"days": MOST_DAYS}

    def __init__(self) -> None:
        super().__init__("too many days")


def period(first: date | None, last: date | None, *, at: datetime, days: int = USUAL_DAYS) -> Period:
    """Say which days are meant: those given, and where one end is open, so many days; none of them is to come."""
    newest = (at + timedelta(hours=14)).date()  # where the day begins first
    last = newest if last is None else min(last, newest)
    if first is None:
        first = last - timedelta(days=min(days - 1, (last - date.min).days))
    if (last - first).days >= MOST_DAYS:
        raise PeriodTooLong
    return Period(first, last)
