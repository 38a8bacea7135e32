"""Figures of everybody's training; each test has years of its own, for the tables are shared."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from admin_panel.backend import figures
from admin_panel.backend.deps import Caller
from app.modules.admins.model import Admin, By
from app.modules.errors import Unavailable
from app.modules.insight.model import Period
from app.modules.postgres import Database
from tests.admin_api.conftest import Api
from tests.admin_api.people import new_exercise, new_person, record
from tests.migrations.conftest import settings_of
from tests.stage import connected

YEAR_AGO = datetime.now(UTC).date() - timedelta(days=365)


async def series(admin: Api, figures: str, **query: Any) -> list[dict[str, Any]]:
    params = {name.rstrip("_"): str(value) for name, value in query.items()}
    answer = await admin.ask("GET", f"/api/v1/analytics/{figures}", params=params)
    assert answer.status == 200, answer.text
    items: list[dict[str, Any]] = answer.json["items"]
    return items


async def people_by(admin: Api, step: str, first: date, last: date) -> dict[str, int]:
    found = await series(admin, "active-users", by=step, from_=first, to=last)
    return {each["day"]: each["people"] for each in found}


async def test_active_people_by_day_and_week(admin: Api) -> None:
    monday = date(2014, 3, 10)
    ann, bob = new_person(admin), new_person(admin)
    for who, day in ((ann, 0), (ann, 2), (bob, 2), (ann, 6), (bob, 7)):
        record(admin, who, 1, monday + timedelta(days=day), 3)
        record(admin, who, 2, monday + timedelta(days=day), 1)
    by_day = await people_by(admin, "day", monday, monday + timedelta(days=7))
    assert list(by_day.values()) == [1, 0, 2, 0, 0, 0, 1, 1]
    by_week = await people_by(admin, "week", monday, monday + timedelta(days=13))
    assert by_week == {"2014-03-10": 2, "2014-03-17": 1}
    assert await people_by(admin, "week", monday + timedelta(days=3), monday + timedelta(days=6)) == {"2014-03-10": 1}


async def test_sets_and_tonnage_by_day_follow_every_change(admin: Api) -> None:
    day, ann = date(2013, 5, 5), new_person(admin)

    async def volume() -> list[tuple[int, float]]:
        found = await series(admin, "volume", from_=day, to=day + timedelta(days=1))
        return [(each["sets"], each["tonnage"]) for each in found]

    assert await volume() == [(0, 0), (0, 0)]
    first, second = record(admin, ann, 1, day, 2)
    assert await volume() == [(2, 960), (0, 0)]
    assert await volume() == [(2, 960), (0, 0)]
    admin.sql("UPDATE training SET day = day + 1, weight = 61.23497 WHERE id = %s", first)
    assert await volume() == [(1, 480), (1, 489.87976)]
    seen = await admin.ask("GET", f"/api/v1/training/{second}")
    where, headers = f"/api/v1/training/{second}", {"If-Match": seen.headers["ETag"]}
    corrected = await admin.ask("PATCH", where, json={"reps": 10}, headers=headers)
    assert await volume() == [(1, 600), (1, 489.87976)]
    await admin.ask("DELETE", where, headers={"If-Match": corrected.headers["ETag"]})
    assert await volume() == [(0, 0), (1, 489.87976)]
    admin.sql("DELETE FROM training WHERE user_id = %s", ann)
    assert await volume() == [(0, 0), (0, 0)]


async def test_a_change_that_is_not_committed_while_a_day_is_counted_is_not_missed(admin: Api) -> None:
    day, ann = date(2012, 5, 5), new_person(admin)
    with connected(admin.database) as cursor:
        cursor.connection.autocommit = False
        cursor.execute(
            "INSERT INTO training (day, user_id, muscle_id, exercise_id, set, weight, reps)"
            " VALUES (%s, %s, 1, 1, 1, 9, 9)",
            (day, ann),
        )
        assert [each["sets"] for each in await series(admin, "volume", from_=day, to=day)] == [0]
        cursor.connection.commit()
    assert [each["sets"] for each in await series(admin, "volume", from_=day, to=day)] == [1]


async def test_who_erases_themselves_is_named_in_no_count(admin: Api) -> None:
    day, ann, bob = date(2008, 5, 5), new_person(admin), new_person(admin)
    record(admin, ann, 1, day, 2)
    record(admin, bob, 1, day, 2)
    assert await people_by(admin, "day", day, day) == {"2008-05-05": 2}
    assert admin.sql("SELECT erase_person(%s, 1, %s)", ann, ann) == [(True,)]
    counts = (
        "SELECT people FROM counted_days WHERE day = %s UNION ALL SELECT people FROM counted_exercises WHERE day = %s"
    )
    assert admin.sql(counts, day, day) == [([bob],), ([bob],)]
    assert await people_by(admin, "day", day, day) == {"2008-05-05": 1}
    assert [each["sets"] for each in await series(admin, "volume", from_=day, to=day)] == [2]


async def test_days_that_are_still_open_are_read(admin: Api) -> None:
    ann, today = new_person(admin), datetime.now(UTC).date()
    before = await series(admin, "volume")
    assert len(before) == 30
    for days in range(5):
        record(admin, ann, 1, today - timedelta(days=days), days + 1)
    after = {each["day"]: each["sets"] for each in await series(admin, "volume")}
    for days in range(5):
        day = str(today - timedelta(days=days))
        assert after[day] == days + 1 + next((each["sets"] for each in before if each["day"] == day), 0)


async def test_many_who_ask_at_once_are_all_answered(admin: Api) -> None:
    first, ann = date(2011, 1, 1), new_person(admin)
    record(admin, ann, 1, date(2011, 6, 1), 4)
    asked = [series(admin, "volume", from_=first, to=date(2011, 12, 31)) for _ in range(6)]
    for found in await asyncio.gather(*asked):
        assert len(found) == 365
        assert sum(each["sets"] for each in found) == 4


async def test_most_used_exercises_are_everybodys(admin: Api) -> None:
    day, ann, bob = date(2010, 5, 5), new_person(admin), new_person(admin)
    often, seldom = new_exercise(admin, "Often"), new_exercise(admin, "Seldom")
    ((own,),) = admin.sql(
        "INSERT INTO exercises (name, muscle, is_global, created_by) VALUES ('Own', 1, FALSE, %s) RETURNING id", ann
    )
    record(admin, ann, often, day, 3)
    record(admin, bob, often, day, 3)
    record(admin, ann, often, day + timedelta(days=1), 2)
    record(admin, ann, seldom, day, 5)
    record(admin, ann, own, day, 9)
    found = await series(admin, "exercises", from_=day, to=day + timedelta(days=1))
    assert [(each["exercise"], each["muscle"], each["sets"], each["sessions"]) for each in found] == [
        ("Often", "Chest", 8, 3),
        ("Seldom", "Chest", 5, 1),
    ]
    assert len(await series(admin, "exercises", from_=day, to=day + timedelta(days=1), limit=1)) == 1


async def test_hours_of_the_week_are_a_zones_in_summer_and_winter(admin: Api) -> None:
    ann = new_person(admin)
    winter, summer = date(2009, 1, 5), date(2009, 7, 6)  # Mondays
    record(admin, ann, 1, winter, 2, at=datetime(2009, 1, 5, 17, 30, tzinfo=UTC))
    record(admin, ann, 1, summer, 3, at=datetime(2009, 7, 6, 17, 59, 59, tzinfo=UTC))
    record(admin, ann, 2, summer, 4, at=datetime(2009, 7, 7, 1, 0, tzinfo=UTC))  # after midnight, still Monday's
    record(admin, ann, 3, summer, 5, at=datetime(2009, 9, 9, 9, 9, tzinfo=UTC))  # entered later

    async def hours(**zone: str) -> dict[tuple[int, int], int]:
        found = await series(admin, "hours", from_=winter, to=date(2009, 12, 31), **zone)
        assert [(each["weekday"], each["hour"]) for each in found] == [
            (weekday, hour) for weekday in range(1, 8) for hour in range(24)
        ]
        return {(each["weekday"], each["hour"]): each["sets"] for each in found if each["sets"]}

    assert await hours() == {(1, 17): 5, (2, 1): 4}
    assert await hours(zone="Europe/Berlin") == {(1, 18): 2, (1, 19): 3, (2, 3): 4}
    assert await hours(zone="Asia/Kathmandu") == {(1, 23): 5, (2, 6): 4}


async def test_hours_of_days_that_are_still_open(admin: Api) -> None:
    ann, at = new_person(admin), datetime.now(UTC)
    first = at.date() - timedelta(days=1)

    async def sets_now() -> int:
        found = await series(admin, "hours", from_=first, zone="UTC")
        return next(each["sets"] for each in found if (each["weekday"], each["hour"]) == (at.isoweekday(), at.hour))

    before = await sets_now()
    record(admin, ann, 1, at.date(), 3, at=at)
    record(admin, ann, 2, at.date(), 3, at=at - timedelta(days=7))
    assert await sets_now() == before + 3


@pytest.mark.parametrize("figures", ["active-users", "volume", "exercises", "hours"])
async def test_what_is_no_period(admin: Api, figures: str) -> None:
    reversed_ = await series(admin, figures, from_=date(2026, 3, 11), to=date(2026, 3, 10))
    assert sum(each.get("sets", 0) for each in reversed_) == 0
    assert len(reversed_) == (168 if figures == "hours" else 0)
    assert await series(admin, figures, from_="9999-12-31") == reversed_
    assert len(await series(admin, figures, to="0001-01-01")) >= 0
    long = await admin.ask("GET", f"/api/v1/analytics/{figures}?from={YEAR_AGO - timedelta(days=3)}")
    assert (long.status, long.json["error"]) == (409, "period_too_long")
    bad = await admin.ask("GET", f"/api/v1/analytics/{figures}?from=1700000000")
    assert (bad.status, bad.json["error"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("zone", "status"),
    [
        ("Nowhere/Atlantis", 404),
        ("UTC", 200),
        ("Europe", 404),
        ("Mars", 404),
        ("UTC%2B2", 404),  # POSIX's sign is the other way round
        ("..%2Fetc", 422),
        ("%00", 422),
        ("", 422),
    ],
)
async def test_zones(admin: Api, zone: str, status: int) -> None:
    assert (await admin.ask("GET", f"/api/v1/analytics/hours?zone={zone}")).status == status


async def test_whoever_waits_too_long_for_another_who_counts_is_told_to_come_again(
    admin: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2011, 5, 5)
    record(admin, new_person(admin), 1, day)
    db = Database(settings_of(admin.database))
    now, session = datetime.now(UTC), uuid4()
    caller = Caller(Admin(1, "ann", now, session, now, now), By(1, session, "", now), db)
    with connected(admin.database) as cursor:
        cursor.execute("SELECT pg_advisory_lock(2, 0)")  # as another process that counts
        with monkeypatch.context() as impatient:
            impatient.setattr(figures, "COUNT_SECONDS", 0.0)
            with pytest.raises(Unavailable):
                await figures.counted(caller, of=Period(day, day), at=now)
    await figures.counted(caller, of=Period(day, day), at=now)
    await db.close()
