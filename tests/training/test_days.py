"""Which day a set belongs to, told as tables: whichever clock, zone and keyboard."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.modules.screen import Screen
from app.modules.texts import named_day
from app.modules.training import screens, service
from app.modules.training.callbacks import read, written
from app.modules.training.model import GymDay, Outcome
from tests.training.conftest import NewPerson, Someone

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
EAST, WEST = "Pacific/Kiritimati", "Etc/GMT+12"  # UTC+14 and UTC-12: a day and two hours apart
BENCH, SQUAT = "Bench press", "Squat"


def moment(text: str, zone: str) -> datetime:
    """Read what a clock of that zone shows, in 2026 unless it says so; an offset or Z is taken at its word."""
    shown = datetime.fromisoformat(text if text.startswith("2") else f"2026-{text}")
    return shown if shown.tzinfo else shown.replace(tzinfo=ZoneInfo(zone))


def a_date(text: str) -> date:
    return date.fromisoformat(text if text.startswith("2") else f"2026-{text}")


def button_day(text: str) -> GymDay:
    """Read the day of a button as a table writes it, and take it through the button's own spelling."""
    if text.rstrip("m").isdecimal():
        forged = read(text)
        assert forged
        return forged
    day = GymDay(a_date(text.rstrip("m ")), text.endswith("m"))
    assert read(written(day)) == day
    return day


async def told(person: Someone, exercise: int, button: GymDay, opened: date) -> None:
    """Look at what a person sees behind a button that is over: the right day, and a word why."""
    session = await person.open(exercise, button)
    assert (session.day, session.expired) == (GymDay(opened), button.day)
    shown = screens.exercise(session).text
    assert f"That button was from {named_day(button.day)}, so nothing was recorded by it." in shown
    assert f"Here is {named_day(opened)}." in shown


# What the button says, when it is tapped there, and the day that the set lands on; or "not" and the day opened instead.
TAPS = {
    # On the day itself, and until 04:00 after it.
    "at noon": ("UTC", "2026-03-11", "2026-03-11 12:00", "2026-03-11"),
    "at the first moment of its day": ("UTC", "2026-03-11", "2026-03-11 00:00", "2026-03-11"),
    "tapped 23:59:59, delivered 00:00:05": ("UTC", "2026-03-11", "2026-03-12 00:00:05", "2026-03-11"),
    "a second before 04:00": ("UTC", "2026-03-11", "2026-03-12 03:59:59", "2026-03-11"),
    "a microsecond before 04:00": ("UTC", "2026-03-11", "2026-03-12 03:59:59.999999", "2026-03-11"),
    "at 04:00": ("UTC", "2026-03-11", "2026-03-12 04:00", "not 2026-03-12"),
    "the new day's button at 00:00:05": ("UTC", "2026-03-12", "2026-03-12 00:00:05", "2026-03-12"),
    "the new day's button a second early": ("UTC", "2026-03-12", "2026-03-11 23:59:59", "not 2026-03-11"),
    # Old keyboards.
    "Monday's on Wednesday": ("UTC", "2026-03-09", "2026-03-11 18:00", "not 2026-03-11"),
    "the last of a year's, on new year's morning": ("UTC", "2025-12-31", "2026-01-01 03:00", "2025-12-31"),
    "the last of February's": ("UTC", "2028-02-29", "2028-03-01 03:00", "2028-02-29"),
    "a year old": ("UTC", "2025-03-11", "2026-03-11 18:00", "not 2026-03-11"),
    "a year old, before 04:00": ("UTC", "2025-03-11", "2026-03-11 03:00", "not 2026-03-11"),
    # Clocks go forward: 02:00 becomes 03:00, and 04:00 comes an hour early.
    "Berlin, spring, 03:59:59": (BERLIN, "2026-03-28", "2026-03-29T01:59:59Z", "2026-03-28"),
    "Berlin, spring, 04:00": (BERLIN, "2026-03-28", "2026-03-29T02:00:00Z", "not 2026-03-29"),
    "Berlin, spring, the short day itself": (BERLIN, "2026-03-29", "2026-03-30T01:59:59Z", "2026-03-29"),
    "Berlin, spring, the short day is over": (BERLIN, "2026-03-29", "2026-03-30T02:00:00Z", "not 2026-03-30"),
    "New York, spring, 03:59:59": (NEW_YORK, "2026-03-07", "2026-03-08T07:59:59Z", "2026-03-07"),
    "New York, spring, 04:00": (NEW_YORK, "2026-03-07", "2026-03-08T08:00:00Z", "not 2026-03-08"),
    # Clocks go back: an hour comes twice before 04:00.
    "Berlin, autumn, 02:30 for the first time": (BERLIN, "2026-10-24", "2026-10-25T00:30:00Z", "2026-10-24"),
    "Berlin, autumn, 02:30 for the second time": (BERLIN, "2026-10-24", "2026-10-25T01:30:00Z", "2026-10-24"),
    "Berlin, autumn, 03:59:59": (BERLIN, "2026-10-24", "2026-10-25T02:59:59Z", "2026-10-24"),
    "Berlin, autumn, 04:00": (BERLIN, "2026-10-24", "2026-10-25T03:00:00Z", "not 2026-10-25"),
    "New York, autumn, 03:59:59": (NEW_YORK, "2026-10-31", "2026-11-01T08:59:59Z", "2026-10-31"),
    "New York, autumn, 04:00": (NEW_YORK, "2026-10-31", "2026-11-01T09:00:00Z", "not 2026-11-01"),
    # The ends of the earth.
    "UTC+14, its first moment": (EAST, "2026-03-12", "2026-03-11T10:00:00Z", "2026-03-12"),
    "UTC+14, a second early": (EAST, "2026-03-12", "2026-03-11T09:59:59Z", "not 2026-03-11"),
    "UTC+14, its last second": (EAST, "2026-03-12", "2026-03-12T13:59:59Z", "2026-03-12"),
    "UTC+14, over": (EAST, "2026-03-12", "2026-03-12T14:00:00Z", "not 2026-03-13"),
    "UTC-12, its first moment": (WEST, "2026-03-11", "2026-03-11T12:00:00Z", "2026-03-11"),
    "UTC-12, a second early": (WEST, "2026-03-11", "2026-03-11T11:59:59Z", "not 2026-03-10"),
    "UTC-12, its last second": (WEST, "2026-03-11", "2026-03-12T15:59:59Z", "2026-03-11"),
    "UTC-12, over": (WEST, "2026-03-11", "2026-03-12T16:00:00Z", "not 2026-03-12"),
    "half an hour off, 03:59:59": ("Asia/Kathmandu", "2026-03-11", "2026-03-11T22:14:59Z", "2026-03-11"),
    "half an hour off, 04:00": ("Asia/Kathmandu", "2026-03-11", "2026-03-11T22:15:00Z", "not 2026-03-12"),
    # Marked in the calendar: no end, but no future either.
    "marked today": ("UTC", "2026-03-11 m", "2026-03-11 12:00", "2026-03-11"),
    "marked yesterday, after 04:00": ("UTC", "2026-03-10 m", "2026-03-11 12:00", "2026-03-10"),
    "marked Monday, on Wednesday": ("UTC", "2026-03-09 m", "2026-03-11 12:00", "2026-03-09"),
    "marked, a year old": ("UTC", "2025-03-11 m", "2026-03-11 12:00", "2025-03-11"),
    "marked tomorrow": ("UTC", "2026-03-12 m", "2026-03-11 12:00", "not 2026-03-11"),
    "marked tomorrow, a second early": ("UTC", "2026-03-12 m", "2026-03-11 23:59:59", "not 2026-03-11"),
    "marked, in the far east already today": (EAST, "2026-03-12 m", "2026-03-11T10:00:00Z", "2026-03-12"),
    "marked, in the far west still tomorrow": (WEST, "2026-03-12 m", "2026-03-12T11:59:59Z", "not 2026-03-11"),
    # Forged.
    "forged, the first day that can be written": ("UTC", "0", "2026-03-11 12:00", "not 2026-03-11"),
    "forged, the last day that can be written": ("UTC", "99999", "2026-03-11 12:00", "not 2026-03-11"),
    "forged and marked, the last": ("UTC", "99999m", "2026-03-11 12:00", "not 2026-03-11"),
    "forged and marked, the first: the past is free": ("UTC", "0m", "2026-03-11 12:00", "2000-01-01"),
}


@pytest.mark.parametrize("case", TAPS.values(), ids=TAPS)
@pytest.mark.parametrize("quick", [False, True], ids=["chosen", "one tap"])
async def test_a_button_holds_its_day_until_four(
    someone: NewPerson, case: tuple[str, str, str, str], quick: bool
) -> None:
    zone, day, now, became = case
    person = await someone(zone=zone, at=moment(now, zone))
    bench, button = await person.exercise(BENCH), button_day(day)
    saved = await person.record(bench, 1, 60, 10, day=button, quick=quick)
    if became.startswith("not "):
        assert saved.outcome is Outcome.EXPIRED
        assert await person.rows() == []
        await told(person, bench, button, a_date(became.removeprefix("not ")))
        return
    assert saved.outcome is Outcome.SAVED
    assert await person.rows() == [(became, bench, 1, 60.0, 10)]
    session = await person.open(bench, button)
    assert (session.day, session.expired) == (button, None)
    assert [done.set_no for done in session.sets] == [1]


# What was recorded before (when, on which day), when the exercise is opened from a list, and the day it opens on.
NOTHING: list[str] = []
OPENINGS = {
    "nobody yet, at noon": ("UTC", NOTHING, "03-11 12:00", "03-11"),
    "nobody yet, at 00:30": ("UTC", NOTHING, "03-12 00:30", "03-12"),
    # A session across midnight.
    "last set 23:50, opened 00:10": ("UTC", ["03-11 23:50 for 03-11"], "03-12 00:10", "03-11"),
    "last set 23:00, opened 01:59:59": ("UTC", ["03-11 23:00 for 03-11"], "03-12 01:59:59", "03-11"),
    "last set 23:00, opened 02:00": ("UTC", ["03-11 23:00 for 03-11"], "03-12 02:00", "03-12"),
    "last set of yesterday 01:30, opened 03:59:59": ("UTC", ["03-12 01:30 for 03-11"], "03-12 03:59:59", "03-11"),
    "last set of yesterday 01:30, opened 04:00": ("UTC", ["03-12 01:30 for 03-11"], "03-12 04:00", "03-12"),
    "last set of yesterday 03:59, opened 04:00": ("UTC", ["03-12 03:59 for 03-11"], "03-12 04:00", "03-12"),
    "last set today 00:10, opened 00:20": ("UTC", ["03-12 00:10 for 03-12"], "03-12 00:20", "03-12"),
    "of both days, today's later": ("UTC", ["03-11 23:50 for 03-11", "03-12 03:00 for 03-12"], "03-12 03:10", "03-12"),
    "last set 20:00, opened 20:30": ("UTC", ["03-11 20:00 for 03-11"], "03-11 20:30", "03-11"),
    "last set 23:50, opened two nights on": ("UTC", ["03-10 23:50 for 03-10"], "03-12 00:10", "03-12"),
    "a day from the calendar is not yesterday's session": ("UTC", ["03-12 00:05 for 03-09 m"], "03-12 00:10", "03-12"),
    "a day from the calendar at noon": ("UTC", ["03-11 12:00 for 03-10 m"], "03-11 12:01", "03-11"),
    # Three hours are three hours, whatever the clocks do in them.
    "Berlin, spring, under three hours": (BERLIN, ["03-28 23:30 for 03-28"], "03-29T01:29:59Z", "03-28"),
    "Berlin, spring, three hours": (BERLIN, ["03-28 23:30 for 03-28"], "03-29T01:30:00Z", "03-29"),
    "Berlin, spring, 04:00 comes early": (BERLIN, ["03-29T01:00:00Z for 03-28"], "03-29T02:00:00Z", "03-29"),
    "Berlin, autumn, under three hours": (BERLIN, ["10-24T22:30:00Z for 10-24"], "10-25T01:29:59Z", "10-24"),
    "Berlin, autumn, three hours": (BERLIN, ["10-24T22:30:00Z for 10-24"], "10-25T01:30:00Z", "10-25"),
    "Berlin, autumn, 03:59:59": (BERLIN, ["10-25T01:00:00Z for 10-24"], "10-25T02:59:59Z", "10-24"),
    "Berlin, autumn, 04:00": (BERLIN, ["10-25T01:00:00Z for 10-24"], "10-25T03:00:00Z", "10-25"),
    "New York, spring, 03:59:59": (NEW_YORK, ["03-08T06:30:00Z for 03-07"], "03-08T07:59:59Z", "03-07"),
    "New York, spring, 04:00": (NEW_YORK, ["03-08T06:30:00Z for 03-07"], "03-08T08:00:00Z", "03-08"),
    "New York, autumn, 03:59:59": (NEW_YORK, ["11-01T07:00:00Z for 10-31"], "11-01T08:59:59Z", "10-31"),
    "New York, autumn, 04:00": (NEW_YORK, ["11-01T07:00:00Z for 10-31"], "11-01T09:00:00Z", "11-01"),
    "UTC+14, past midnight": (EAST, ["03-11 23:50 for 03-11"], "03-11T10:10:00Z", "03-11"),
    "UTC+14, on its own day": (EAST, NOTHING, "03-11T10:10:00Z", "03-12"),
    "UTC-12, past midnight": (WEST, ["03-11 23:50 for 03-11"], "03-12T12:10:00Z", "03-11"),
    "UTC-12, on its own day": (WEST, NOTHING, "03-12T11:50:00Z", "03-11"),
}  # fmt: skip


@pytest.mark.parametrize("case", OPENINGS.values(), ids=OPENINGS)
async def test_an_exercise_opens_on_today_or_on_the_session_of_yesterday(
    someone: NewPerson, case: tuple[str, list[str], str, str]
) -> None:
    zone, before, now, day = case
    opened = a_date(day)
    person = await someone(zone=zone)
    bench, squat = await person.exercise(BENCH), await person.exercise(SQUAT)
    for set_no, earlier in enumerate(before, 1):
        when, day = earlier.split(" for ")
        person.now = moment(when, zone)
        assert (await person.record(bench, set_no, 60, 10, day=button_day(day))).outcome is Outcome.SAVED
    person.now = moment(now, zone)
    # Any exercise and the first screen agree; the calendar ends where the date on the wall does.
    for exercise in (bench, squat):
        session = await person.open(exercise)
        assert (session.day, session.expired) == (GymDay(opened), None)
    assert (await person.start()).today == opened
    assert await person.db.run(service.today, act=person.act()) == person.now.astimezone(ZoneInfo(zone)).date()


# The zone at first, a set there; then the zone that the person has chosen since, and what the old button does now.
MOVES = {
    # now: 2026-03-11 18:00 UTC, which is the 12th, 08:00 in the far east and the 11th, 06:00 in the far west.
    "to the far west: its day has not come": (EAST, WEST, "03-12", "03-11T18:00:00Z", "not 03-11"),
    "to the far east: its day is over": (WEST, EAST, "03-11", "03-11T18:00:00Z", "not 03-12"),
    "to the far west, marked: it has not come": (EAST, WEST, "03-12 m", "03-11T18:00:00Z", "not 03-11"),
    "to the far east, marked: it holds": (WEST, EAST, "03-11 m", "03-11T18:00:00Z", "03-11"),
    "two hours east, past midnight: it holds": (BERLIN, "Asia/Dubai", "03-11", "03-11T21:30:00Z", "03-11"),
    "east, past 04:00: it is over": ("UTC", "Asia/Tokyo", "03-11", "03-11T19:00:00Z", "not 03-12"),
    "west, the same day: it holds": (BERLIN, NEW_YORK, "03-11", "03-11T12:00:00Z", "03-11"),
    "west, back before midnight: it has not come": (BERLIN, NEW_YORK, "03-12", "03-12T03:00:00Z", "not 03-11"),
    "west, back before midnight, the former day's: it holds": (BERLIN, NEW_YORK, "03-11", "03-12T02:30:00Z", "03-11"),
}  # fmt: skip


@pytest.mark.parametrize("case", MOVES.values(), ids=MOVES)
async def test_a_zone_changed_between_two_taps(someone: NewPerson, case: tuple[str, str, str, str, str]) -> None:
    zone, moved_to, day, now, became = case
    person = await someone(zone=zone, at=moment(now, "UTC"))
    bench, button = await person.exercise(BENCH), button_day(day)
    assert (await person.record(bench, 1, 60, 10, day=button)).outcome is Outcome.SAVED
    await person.sql("UPDATE users SET timezone = %s WHERE id = %s", moved_to, person.id)
    person.later(minutes=1)
    saved = await person.record(bench, 2, 60, 10, day=button)
    first = (str(button.day), bench, 1, 60.0, 10)
    if became.startswith("not "):
        assert saved.outcome is Outcome.EXPIRED
        assert await person.rows() == [first]
        await told(person, bench, button, a_date(became.removeprefix("not ")))
        # What was recorded there stays; a day that has not come is nobody's last training.
        assert (await person.open(bench)).last_day == (button.day if button.day < date(2026, 3, 12) else None)
        assert (await person.open(bench)).sets == ()
    else:
        assert saved.outcome is Outcome.SAVED
        assert await person.rows() == [first, (f"2026-{became}", bench, 2, 60.0, 10)]


async def test_a_chosen_zone_wins_over_the_default(someone: NewPerson) -> None:
    person = await someone(zone=WEST, at="2026-03-11T18:00:00+00:00")
    bench = await person.exercise(BENCH)
    assert str((await person.open(bench)).day.day) == "2026-03-11"
    await person.sql("UPDATE users SET timezone = %s WHERE id = %s", EAST, person.id)
    assert str((await person.open(bench)).day.day) == "2026-03-12"


async def test_a_session_across_midnight_is_one_day(someone: NewPerson) -> None:
    person = await someone(zone=BERLIN)
    bench, squat = await person.exercise(BENCH), await person.exercise(SQUAT)
    person.now = moment("2026-03-11 23:50", BERLIN)
    button = (await person.open(bench)).day
    for set_no, when in enumerate(("2026-03-12 00:10", "2026-03-12 01:30"), 1):
        person.now = moment(when, BERLIN)
        assert (await person.record(bench, set_no, 60, 10, day=button)).outcome is Outcome.SAVED
    person.now = moment("2026-03-12 02:30", BERLIN)
    assert (await person.record(squat, 1, 100, 5)).outcome is Outcome.SAVED  # opened from the list
    assert {row[0] for row in await person.rows()} == {"2026-03-11"}
    person.now = moment("2026-03-12 04:00", BERLIN)
    assert (await person.record(squat, 2, 100, 5)).outcome is Outcome.SAVED
    assert (await person.rows())[-1] == ("2026-03-12", squat, 2, 100.0, 5)
    assert str((await person.open(squat)).last_day) == "2026-03-11"


async def test_a_redelivery_after_the_day_is_over_says_what_the_first_delivery_did(someone: NewPerson) -> None:
    person = await someone(at="2026-03-11T23:59:59+00:00")
    bench = await person.exercise(BENCH)
    day = GymDay(date(2026, 3, 11))
    assert (await person.record(bench, 1, 60, 10, day=day, update_id=31)).outcome is Outcome.SAVED
    person.later(days=2)
    assert (await person.record(bench, 1, 60, 10, day=day, update_id=31)).outcome is Outcome.SEEN
    assert len(await person.rows()) == 1


async def test_a_set_taken_back_does_not_end_the_session_of_yesterday(someone: NewPerson) -> None:
    person = await someone()
    bench = await person.exercise(BENCH)
    for set_no, when in enumerate(("2026-03-11 23:50", "2026-03-12 00:10"), 1):
        person.now = moment(when, "UTC")
        await person.record(bench, set_no, 60, 10, day=GymDay(date(2026, 3, 11)))
    await person.sql("DELETE FROM training WHERE user_id = %s AND set = 2", person.id)
    person.later(minutes=5)
    assert str((await person.open(bench)).day.day) == "2026-03-11"


async def test_a_set_on_a_day_from_the_calendar_does_not_end_the_session_of_yesterday(someone: NewPerson) -> None:
    person = await someone()
    bench = await person.exercise(BENCH)
    for day, when in (("2026-03-11", "2026-03-12 00:10"), ("2026-03-09 m", "2026-03-12 00:12")):
        person.now = moment(when, "UTC")
        await person.record(bench, 1, 60, 10, day=button_day(day))
    person.later(minutes=5)
    assert str((await person.open(bench)).day.day) == "2026-03-11"


# The two functions themselves.
GYM_DAY = {
    "no last set": ("2026-03-12T00:30Z", "UTC", None, None, "2026-03-12"),
    "yesterday, under three hours": ("2026-03-12T02:49:59Z", "UTC", "2026-03-11", "2026-03-11T23:50Z", "2026-03-11"),
    "yesterday, three hours": ("2026-03-12T02:50Z", "UTC", "2026-03-11", "2026-03-11T23:50Z", "2026-03-12"),
    "yesterday, at 04:00": ("2026-03-12T04:00Z", "UTC", "2026-03-11", "2026-03-12T03:59Z", "2026-03-12"),
    "the day before yesterday": ("2026-03-12T00:30Z", "UTC", "2026-03-10", "2026-03-12T00:29Z", "2026-03-12"),
    "a day that has not come": ("2026-03-12T00:30Z", "UTC", "2026-03-13", "2026-03-12T00:29Z", "2026-03-12"),
    "in the hour that is not there": ("2026-03-29T01:00Z", BERLIN, "2026-03-28", "2026-03-29T00:59Z", "2026-03-28"),
    "far east": ("2026-03-11T10:00Z", EAST, None, None, "2026-03-12"),
    "far west": ("2026-03-11T11:59:59Z", WEST, None, None, "2026-03-10"),
}  # fmt: skip


@pytest.mark.parametrize("case", GYM_DAY.values(), ids=GYM_DAY)
async def test_gym_day(ann: Someone, case: tuple[Any, ...]) -> None:
    *asked, day = case
    assert await ann.sql("SELECT gym_day(%s::timestamptz, %s, %s::date, %s::timestamptz)::text", *asked) == [(day,)]


DAY_IS_OPEN = {
    "its first moment": ("2026-03-11", False, "2026-03-11T00:00Z", "UTC", True),
    "before it": ("2026-03-11", False, "2026-03-10T23:59:59Z", "UTC", False),
    "before it, marked": ("2026-03-11", True, "2026-03-10T23:59:59Z", "UTC", False),
    "until 04:00 after it": ("2026-03-11", False, "2026-03-12T03:59:59Z", "UTC", True),
    "at 04:00": ("2026-03-11", False, "2026-03-12T04:00Z", "UTC", False),
    "at 04:00, marked": ("2026-03-11", True, "2026-03-12T04:00Z", "UTC", True),
    "years later, marked": ("2000-01-01", True, "2026-03-12T04:00Z", "UTC", True),
    "spring, an hour early": ("2026-03-28", False, "2026-03-29T02:00Z", BERLIN, False),
    "autumn, an hour late": ("2026-10-24", False, "2026-10-25T02:59:59Z", BERLIN, True),
    "no day at all": (None, False, "2026-03-12T04:00Z", "UTC", None),
}


@pytest.mark.parametrize("case", DAY_IS_OPEN.values(), ids=DAY_IS_OPEN)
async def test_day_is_open(ann: Someone, case: tuple[Any, ...]) -> None:
    *asked, is_open = case
    assert await ann.sql("SELECT day_is_open(%s::date, %s, %s::timestamptz, %s)", *asked) == [(is_open,)]


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, EAST, WEST, "Australia/Lord_Howe", "America/St_Johns"])
async def test_at_every_hour_of_a_year_one_or_two_days_are_open_and_what_opens_records(ann: Someone, zone: str) -> None:
    """The rule as a sentence, asked of every half hour: Python's own clock is the judge."""
    rows = await ann.sql(
        """SELECT at, gym_day(at, %s, NULL, NULL),
                  ARRAY(SELECT day::date FROM generate_series(at::date - 3, at::date + 3, INTERVAL '1 day') AS day
                         WHERE day_is_open(day::date, FALSE, at, %s))
             FROM generate_series(TIMESTAMPTZ '2026-01-01 00:00Z', '2027-01-01 00:00Z', INTERVAL '30 minutes') AS at""",
        zone,
        zone,
    )
    assert len(rows) == 365 * 48 + 1
    for at, opened, is_open in rows:
        there = at.astimezone(ZoneInfo(zone))
        yesterday = [there.date() - timedelta(1)] if there.hour < 4 else []
        assert (opened, is_open) == (there.date(), [*yesterday, there.date()]), there


def days_of(calendar: Screen) -> list[str]:
    texts = [each["text"].removeprefix("• ") for row in calendar.keyboard for each in row]
    return [text for text in texts if text.isdecimal()]


async def test_the_calendar_offers_no_day_to_come(someone: NewPerson) -> None:
    person = await someone(zone=EAST, at="2026-03-11T10:00:00+00:00")
    today = await person.db.run(service.today, act=person.act())
    days = days_of(screens.another_day(today))
    assert days == [str(number) for number in range(1, 13)]
    there = replace(person, zone=WEST)
    today = await there.db.run(service.today, act=there.act())
    days = days_of(screens.another_day(today))
    assert days == [str(number) for number in range(1, 11)]
