"""Another time zone moves no recorded set, and from then on days are the new zone's."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aiogram import Router

from app.modules.people.rules import city
from app.modules.training.callbacks import OpenExercise, OpenSet, read
from tests.training.conftest import NewPerson, Someone, db, someone
from tests.training.test_screens import Chat, rooms

__all__ = ["db", "rooms", "someone"]  # fixtures

BENCH_PRESS = 1
OPEN = OpenExercise(exercise=BENCH_PRESS).pack()
CHANGES = [
    ("Pacific/Kiritimati", "2026-03-11T12:00:00+00:00"),  # UTC+14: it is tomorrow there
    ("Pacific/Kiritimati", "2026-03-11T09:30:00+00:00"),
    ("Pacific/Pago_Pago", "2026-03-11T09:30:00+00:00"),  # UTC-11: it is yesterday there
    ("Pacific/Pago_Pago", "2026-03-11T14:00:00+00:00"),  # today, before 04:00
    ("Pacific/Wake", "2026-03-11T12:00:00+00:00"),  # UTC+12, whose clocks show what UTC-12's do
    ("Asia/Kathmandu", "2026-03-11T19:00:00+00:00"),
    ("America/New_York", "2026-03-08T06:59:00+00:00"),  # before the hour that is left out
    ("America/New_York", "2026-03-08T07:01:00+00:00"),
    ("America/New_York", "2026-11-01T05:30:00+00:00"),  # the hour that comes twice
    ("Europe/Berlin", "2026-10-25T00:59:00+00:00"),
    ("Australia/Lord_Howe", "2026-04-04T15:10:00+00:00"),  # half an hour back
]


async def by_region(chat: Chat, zone: str) -> None:
    """Choose a zone by its region and city."""
    await chat.write("/settings")
    await chat.tap("Time zone", zone.partition("/")[0])
    await choose(chat, zone)


async def by_clock(chat: Chat, zone: str) -> None:
    """Choose a zone by what the clock shows."""
    await chat.write("/settings")
    await chat.tap("Time zone", "By my clock")
    await chat.write(f"{chat.person.now.astimezone(ZoneInfo(zone)):%H:%M}")
    await choose(chat, zone)


async def choose(chat: Chat, zone: str) -> None:
    shown = f"{city(zone)} {chat.person.now.astimezone(ZoneInfo(zone)):%H:%M}"
    while shown not in (names := [each["text"] for row in chat.screen.keyboard for each in row]):
        assert "▶" in names, chat.sees()
        await chat.tap("▶")
    await chat.tap(shown)
    assert f"Time zone: {city(zone)}, where it is" in chat.sees()


async def kept(person: Someone) -> list[str]:
    """All that is kept of the sets, byte by byte."""
    statement = """SELECT t::text FROM training AS t WHERE t.user_id = %s
                    UNION ALL SELECT s::text FROM exercise_stats AS s WHERE s.user_id = %s ORDER BY 1"""
    return [row for (row,) in await person.sql(statement, person.id, person.id)]


async def opened(chat: Chat) -> date:
    """The day on which the exercise opens."""
    await chat.send(OPEN)
    data = next(each["callback_data"] for row in chat.screen.keyboard for each in row if each["text"] == "Set 4")
    day = read(OpenSet.unpack(data).day)
    assert day is not None
    return day.day


def day_by_the_rule(now: datetime, zone: str, sets: list[tuple[date, datetime]]) -> date:
    """Today; before 04:00 yesterday, while the last set of yesterday is under 3 hours old."""
    here = now.astimezone(ZoneInfo(zone))
    yesterday = here.date() - timedelta(days=1)
    is_fresh = any(day == yesterday and now - at < timedelta(hours=3) for day, at in sets)
    return yesterday if here.hour < 4 and is_fresh else here.date()


@pytest.mark.parametrize("by", [by_region, by_clock])
@pytest.mark.parametrize(("zone", "at"), CHANGES, ids=lambda each: str(each)[:16])
async def test_another_zone_moves_no_set_and_the_next_day_is_by_the_rule(
    someone: NewPerson, rooms: list[Router], zone: str, at: str, by: Callable[[Chat, str], Awaitable[None]]
) -> None:
    chat = Chat(await someone(zone="Europe/London", at=at), rooms)
    person = chat.person
    for days in (30, 7, 1):
        await person.at((person.now - timedelta(days=days)).isoformat()).record(BENCH_PRESS, 1, 60, 10)
    await chat.send(OPEN)
    await chat.tap("Set 1", "60kg", "10")
    rows = await kept(person)
    assert len(rows) == 5
    sets = [
        (row[0], row[1]) for row in await person.sql("SELECT day, date FROM training WHERE user_id = %s", person.id)
    ]
    await by(chat, zone)
    assert await kept(person) == rows
    for hours in (0, 2, 4, 9, 15):
        person.now = datetime.fromisoformat(at) + timedelta(hours=hours)
        assert await opened(chat) == day_by_the_rule(person.now, zone, sets)
    assert await kept(person) == rows
