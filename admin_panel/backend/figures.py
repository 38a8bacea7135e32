"""The days that figures are of, and the counting of those that are over."""

import asyncio
import re
import time
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

from admin_panel.backend.deps import Caller
from admin_panel.backend.fields import LeftOut
from app.modules.errors import PeriodTooLong, Unavailable
from app.modules.insight import service
from app.modules.insight.model import Period

T = TypeVar("T")

TOO_LONG = PeriodTooLong(most=service.MOST_DAYS)

PAUSE = 0.1  # seconds, while another process counts
COUNT_SECONDS = 60.0  # a year of ten million sets takes ten


def _as_written(value: Any) -> Any:
    """Take a day as 2026-03-11 alone; a bare number would be read as seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise PydanticKnownError("date_type")
    return value


Day = Annotated[date, BeforeValidator(_as_written)]
From = Annotated[
    Day | LeftOut,
    Query(alias="from", description="The first day, as the person's own calendar had it.", examples=["2026-02-10"]),
]
To = Annotated[
    Day | LeftOut,
    Query(alias="to", description="The last day; before the first, nothing is found.", examples=["2026-03-11"]),
]


class Series(BaseModel, Generic[T]):
    """Figures of some days."""

    model_config = ConfigDict(populate_by_name=True)

    first: date = Field(alias="from", description="The first day of them.", examples=["2026-02-10"])
    last: date = Field(alias="to", description="The last day of them.", examples=["2026-03-11"])
    items: list[T]


async def counted(admin: Caller, *, of: Period, at: datetime) -> None:
    """Have the days of a period that are over counted; nearly always they are."""
    until = time.monotonic() + COUNT_SECONDS
    while not await admin.read(service.is_counted, of=of, at=at):
        if time.monotonic() > until:
            raise Unavailable("days are still being counted")
        if not await admin.read(service.count, of=of, at=at):
            await asyncio.sleep(PAUSE)
