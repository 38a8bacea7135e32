"""The people of the bot, as the admins see them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.admin_api.conftest import Answer, Api

NAMES = [
    (7001, "Zoë", "Quill", "Zoe_Quill"),
    (7002, "zoe", "Zappa", None),
    (7003, "Quincy", None, "qu_zappa"),
    (70031, "ЯРОСЛАВ", "Ёлкин", None),
    (70032, "%_\\", None, None),
]


@pytest.fixture(scope="module")
def people(anonymous: Api) -> Api:
    for place, person in enumerate(NAMES):
        anonymous.sql(
            "INSERT INTO users (id, first_name, lastname, username, registration_date) VALUES (%s, %s, %s, %s, %s)",
            *person,
            datetime(2031, 1, 1, tzinfo=UTC) + timedelta(days=place // 2),
        )
    return anonymous


async def ids(admin: Api, limit: int = 2, **query: Any) -> list[int]:
    """All pages of a list."""
    found: list[int] = []
    query |= {"limit": str(limit)}
    while True:
        page = await admin.ask("GET", "/api/v1/users", params=query)
        assert page.status == 200, page.text
        found += [person["id"] for person in page.json["items"]]
        if page.json["next"] is None:
            return found
        query["cursor"] = page.json["next"]


@pytest.mark.parametrize(
    ("search", "wanted"),
    [
        ("zoë", [7001]),
        ("ZOE", [7002, 7001]),
        ("zoë q", [7001]),
        (" Zoë   Quill ", [7001]),
        ("quill", [7001]),
        ("zoe_q", [7001]),
        ("@zoe_quill", [7001]),
        ("qu_", [7003]),
        ("za", [7002]),
        ("яросл", [70031]),
        ("ёл", [70031]),
        ("7003", [70032, 70031, 7003]),
        ("70031", [70031]),
        ("%", [70032]),
        ("oë", []),
        ("nobody of that name", []),
    ],
)
async def test_people_are_found_by_how_their_names_begin(
    people: Api, admin: Api, search: str, wanted: list[int]
) -> None:
    assert await ids(admin, search=search) == wanted
    assert await ids(admin, search=search, sort="registered_at") == wanted[::-1]


async def test_everybody_is_listed_newest_first_or_last(people: Api, admin: Api) -> None:
    everybody = await ids(admin, limit=200)
    assert everybody[:5] == [70032, 70031, 7003, 7002, 7001]
    assert await ids(admin, limit=200, sort="registered_at") == everybody[::-1]
    assert [(len(everybody),)] == admin.sql("SELECT count(*) FROM users")


async def test_a_cursor_belongs_to_its_search(people: Api, admin: Api) -> None:
    page = await admin.ask("GET", "/api/v1/users?search=zoe&limit=1")
    other = await admin.ask("GET", "/api/v1/users", params={"search": "za", "cursor": page.json["next"]})
    assert (other.status, other.json["error"]) == (404, "unknown_cursor")


@pytest.fixture(scope="module")
def lifter(people: Api) -> int:
    """One who trained three exercises, two of them their own, one of which they deleted."""
    people.sql("INSERT INTO users (id, first_name) VALUES (7100, 'Lou')")
    people.sql(
        "INSERT INTO exercises (name, muscle, is_global, created_by) VALUES ('Own', 1, FALSE, 7100),"
        " ('Deleted', 1, FALSE, 7100), ('Never done', 1, FALSE, 7100), ('Deleted, never done', 1, FALSE, 7100)"
    )
    for day, name, weight in (
        ("2026-03-01", "Bench press", 80),
        ("2026-03-03", "Bench press", 62.5),
        ("2026-03-03", "Own", 0),
        ("2026-03-03", "Deleted", 20),
    ):
        people.sql(
            "INSERT INTO training (day, user_id, muscle_id, exercise_id, set, weight, reps) "
            "SELECT %s, 7100, e.muscle, e.id, 1, %s, 10 FROM exercises AS e"
            " WHERE e.name = %s AND coalesce(e.created_by, 7100) = 7100",
            day,
            weight,
            name,
        )
    people.sql("UPDATE exercises SET deleted_at = now() WHERE created_by = 7100 AND name LIKE 'Deleted%%'")
    return 7100


async def read(admin: Api, path: str) -> Answer:
    answer = await admin.ask("GET", f"/api/v1/users/{path}")
    assert answer.status == 200, answer.text
    return answer


async def test_one_with_their_figures(admin: Api, lifter: int) -> None:
    person = (await read(admin, str(lifter))).json
    figures = ("days", "sets", "tonnage", "first_day", "last_day", "records", "own_muscles", "own_exercises")
    assert [person[name] for name in figures] == [2, 4, 1625, "2026-03-01", "2026-03-03", 3, 0, 2]
    assert (person["first_name"], person["timezone"], person["unit"]) == ("Lou", "UTC", "kg")
    nobody = (await read(admin, "7001")).json
    assert [nobody[name] for name in figures] == [0, 0, 0, None, None, 0, 0, 0]


async def test_their_records(admin: Api, lifter: int) -> None:
    records = (await read(admin, f"{lifter}/records")).json
    assert [(best["exercise"], best["is_own"], best["weight"], best["days"]) for best in records][0] == (
        *("Bench press", False),
        *(80, 2),
    )
    assert {best["exercise"]: best["weight"] for best in records} == {"Bench press": 80, "Own": 0, "Deleted": 20}


async def test_their_own_exercises(admin: Api, lifter: int) -> None:
    own = (await read(admin, f"{lifter}/exercises")).json
    assert [(each["name"], each["days"], each["deleted_at"] is None) for each in own] == [
        ("Deleted", 1, False),
        ("Never done", 0, True),
        ("Own", 1, True),
    ]


async def test_their_volume_by_day(admin: Api, lifter: int) -> None:
    series = (await read(admin, f"{lifter}/volume?from=2026-02-28&to=2026-03-03")).json
    assert (series["from"], series["to"]) == ("2026-02-28", "2026-03-03")
    assert [(each["day"], each["sets"], each["tonnage"]) for each in series["items"]] == [
        ("2026-02-28", 0, 0),
        ("2026-03-01", 1, 800),
        ("2026-03-02", 0, 0),
        ("2026-03-03", 3, 825),
    ]
    usual = (await read(admin, f"{lifter}/volume")).json
    assert len(usual["items"]) == (date.fromisoformat(usual["to"]) - date.fromisoformat(usual["from"])).days + 1 == 30
    assert (await read(admin, f"{lifter}/volume?from=2026-03-03&to=2026-03-01")).json["items"] == []
    long = await admin.ask("GET", f"/api/v1/users/{lifter}/volume?from=2020-01-01")
    assert (long.status, long.json["error"]) == (409, "period_too_long")
