"""Exercises that everybody has, changed by admins."""

import json
from typing import Any

import pytest

from tests.admin_api.conftest import Answer, Api
from tests.admin_api.test_hostile import assert_clear

CHEST, LEGS = 1, 7
EXERCISES = "/api/v1/exercises"


async def new_exercise(admin: Api, name: str, muscle_id: float = CHEST) -> Answer:
    answer = await admin.ask("POST", EXERCISES, json={"name": name, "muscle_id": muscle_id})
    assert answer.status == 201, answer.text
    return answer


async def new_muscle(admin: Api, name: str) -> str:
    answer = await admin.ask("POST", "/api/v1/muscles", json={"name": name})
    assert answer.status == 201, answer.text
    return str(answer.headers["Location"])


def etag(answer: Answer) -> dict[str, str]:
    return {"If-Match": answer.headers["ETag"]}


async def listed(admin: Api, **query: str) -> list[dict[str, Any]]:
    """A whole list, page by page."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await admin.ask("GET", EXERCISES, params=query | cursor)
        assert page.status == 200, page.text
        found += page.json["items"]
        if page.json["next"] is None:
            return found
        cursor = {"cursor": page.json["next"]}


def train(api: Api, user_id: int, exercise_id: int, *days: str) -> None:
    """Let somebody have done a set of it on some days."""
    for day in days:
        api.sql(
            "INSERT INTO training (user_id, exercise_id, muscle_id, day, set, weight, reps) "
            "SELECT %s, e.id, e.muscle, %s, 1, 60, 10 FROM exercises AS e WHERE e.id = %s",
            user_id,
            day,
            exercise_id,
        )


async def test_an_exercise_from_its_making_to_its_end(admin: Api) -> None:
    made = await new_exercise(admin, "  Landmine   press ")
    where, first = made.headers["Location"], etag(made)
    assert made.json == {
        "id": made.json["id"],
        "name": "Landmine press",
        "muscle_id": CHEST,
        "muscle": "Chest",
        "archived_at": None,
        "version": made.headers["ETag"].strip('"'),
    }
    unused = {"people": 0, "days": 0, "last_day": None}
    assert (await admin.ask("GET", where)).json == made.json | unused
    renamed = await admin.ask("PATCH", where, json={"name": "LANDMINE PRESS"}, headers=first)
    assert (renamed.status, renamed.json["name"]) == (200, "LANDMINE PRESS")
    stale = await admin.ask("PUT", where, json={"name": "Press", "muscle_id": LEGS}, headers=first)
    assert (stale.status, stale.json["error"]) == (412, "stale")
    blind = await admin.ask("PATCH", where, json={"name": "Press"})
    assert (blind.status, blind.json["error"]) == (428, "version_missing")
    moved = await admin.ask("PUT", where, json={"name": "Press", "muscle_id": LEGS}, headers=etag(renamed))
    assert (moved.json["name"], moved.json["muscle_id"], moved.json["muscle"]) == ("Press", LEGS, "Legs")
    archived = await admin.ask("POST", f"{where}/archive")
    assert archived.json["archived_at"]
    assert (await admin.ask("POST", f"{where}/archive")).json == archived.json
    restored = await admin.ask("POST", f"{where}/restore")
    assert restored.json == moved.json
    deleted = await admin.ask("DELETE", where, headers=etag(restored))
    assert (deleted.status, deleted.text) == (204, "")
    assert (await admin.ask("GET", where)).status == 404
    changes = admin.sql(
        "SELECT action, before->>'muscle', after->>'muscle' FROM audit "
        "WHERE kind = 'exercise' AND thing_id = %s ORDER BY id",
        str(made.json["id"]),
    )
    assert changes == [
        ("create", None, "Chest"),
        ("update", "Chest", "Chest"),
        ("update", "Chest", "Legs"),
        ("archive", "Legs", "Legs"),
        ("restore", "Legs", "Legs"),
        ("delete", "Legs", None),
    ]


async def test_what_is_left_out_stays(admin: Api) -> None:
    made = await new_exercise(admin, "Stays")
    moved = await admin.ask("PATCH", made.headers["Location"], json={"muscle_id": LEGS}, headers=etag(made))
    assert (moved.json["name"], moved.json["muscle_id"]) == ("Stays", LEGS)
    same = await admin.ask("PATCH", made.headers["Location"], json={"name": None}, headers=etag(moved))
    assert same.json == moved.json


async def test_json_knows_one_kind_of_number(admin: Api) -> None:
    assert (await new_exercise(admin, "Seven", 7.0)).json["muscle_id"] == LEGS


async def test_a_trained_exercise_is_archived_instead_of_deleted(admin: Api, person: int) -> None:
    made = await new_exercise(admin, "In use")
    train(admin, person, made.json["id"], "2026-03-09", "2026-03-11")
    where = made.headers["Location"]
    read = await admin.ask("GET", where)
    assert (read.json["people"], read.json["days"], read.json["last_day"]) == (1, 2, "2026-03-11")
    assert read.headers["ETag"] == made.headers["ETag"]  # training changes no version
    refused = await admin.ask("DELETE", where, headers=etag(read))
    assert (refused.status, refused.json["error"]) == (409, "in_use")
    assert "/archive" in refused.json["detail"]
    assert (await admin.ask("POST", f"{where}/archive")).status == 200


async def test_a_note_is_use_and_hiding_is_none(admin: Api, person: int) -> None:
    made = await new_exercise(admin, "Noted")
    where, number = made.headers["Location"], made.json["id"]
    admin.sql("INSERT INTO exercise_notes VALUES (%s, %s, 'seat 4')", person, number)
    assert (await admin.ask("DELETE", where, headers=etag(made))).status == 409
    admin.sql("DELETE FROM exercise_notes WHERE exercise_id = %s", number)
    admin.sql("INSERT INTO user_hidden_exercises VALUES (%s, %s)", person, number)
    assert (await admin.ask("DELETE", where, headers=etag(made))).status == 204
    assert admin.sql("SELECT hidden_exercises FROM users WHERE id = %s", person) == [([],)]


async def test_statistics_follow_an_exercise_to_its_muscle_and_sets_stay_where_they_were_done(
    admin: Api, person: int
) -> None:
    made = await new_exercise(admin, "Wanderer")
    number = made.json["id"]
    train(admin, person, number, "2026-03-09")
    await admin.ask("PATCH", made.headers["Location"], json={"muscle_id": LEGS}, headers=etag(made))
    train(admin, person, number, "2026-03-11")
    assert admin.sql("SELECT muscle_id, days FROM exercise_stats WHERE exercise_id = %s", number) == [(LEGS, 2)]
    sets = admin.sql("SELECT day::text, muscle_id FROM training WHERE exercise_id = %s ORDER BY day", number)
    assert sets == [("2026-03-09", CHEST), ("2026-03-11", LEGS)]


async def test_names_are_one_a_muscle(admin: Api) -> None:
    await new_exercise(admin, "Twin")
    other = await new_exercise(admin, "Twin", LEGS)
    where = other.headers["Location"]
    for answer in (
        await admin.ask("POST", EXERCISES, json={"name": "tWIN ", "muscle_id": CHEST}),
        await admin.ask("PATCH", where, json={"muscle_id": CHEST}, headers=etag(other)),
    ):
        assert (answer.status, answer.json["error"]) == (409, "name_taken")
    await admin.ask("POST", f"{where}/archive")
    await new_exercise(admin, "Twin", LEGS)
    late = await admin.ask("POST", f"{where}/restore")
    assert (late.status, late.json["error"]) == (409, "name_taken")


@pytest.mark.parametrize("what", ["missing", "private", "archived"])
async def test_a_muscle_that_not_everybody_has_takes_no_exercise(admin: Api, person: int, what: str) -> None:
    ((muscle_id,),) = admin.sql(
        "INSERT INTO muscles (name, is_global, created_by, deleted_at) "
        "VALUES (%s, %s, %s, CASE WHEN %s THEN now() END) RETURNING id",
        f"Home {what}",
        what != "private",
        person if what == "private" else None,
        what == "archived",
    )
    if what == "missing":
        admin.sql("DELETE FROM muscles WHERE id = %s", muscle_id)
    made = await new_exercise(admin, f"Homeless {what}")
    for answer in (
        await admin.ask("POST", EXERCISES, json={"name": "Homeless", "muscle_id": muscle_id}),
        await admin.ask("PATCH", made.headers["Location"], json={"muscle_id": muscle_id}, headers=etag(made)),
    ):
        assert (answer.status, answer.json["error"]) == (409, "no_such_muscle")


async def test_an_exercise_comes_back_after_its_muscle(admin: Api) -> None:
    muscle = await new_muscle(admin, "Away")
    made = await new_exercise(admin, "Away too", int(muscle.rsplit("/", 1)[1]))
    await admin.ask("POST", f"{muscle}/archive")
    assert (await admin.ask("GET", made.headers["Location"])).json["archived_at"]
    refused = await admin.ask("POST", f"{made.headers['Location']}/restore")
    assert (refused.status, refused.json["error"]) == (409, "muscle_archived")
    await admin.ask("POST", f"{muscle}/restore")
    assert (await admin.ask("GET", made.headers["Location"])).json["archived_at"] is None


@pytest.mark.parametrize("sort", ["name", "-name", "id", "-id", "muscle", "-muscle"])
async def test_pages_hold_everything_once_and_in_order(admin: Api, person: int, sort: str) -> None:
    admin.sql("INSERT INTO exercises (name, muscle, is_global, created_by) VALUES ('Mine', 1, FALSE, %s)", person)
    found = await listed(admin, sort=sort, limit="7", state="all")
    known = admin.sql("SELECT id, name_key, muscle FROM exercises WHERE is_global")
    places = {
        "name": lambda row: (row[1], row[0]),
        "id": lambda row: row[0],
        "muscle": lambda row: (row[2], row[1], row[0]),
    }
    known.sort(key=places[sort.removeprefix("-")], reverse=sort.startswith("-"))
    assert [each["id"] for each in found] == [row[0] for row in known]


async def test_filters(admin: Api) -> None:
    muscle_id = (await new_muscle(admin, "Filtered")).rsplit("/", 1)[1]
    for name in ("100% Rows", "Row_er", "Rower"):
        await new_exercise(admin, name, int(muscle_id))
    away = await new_exercise(admin, "Rowing away", int(muscle_id))
    await admin.ask("POST", f"{away.headers['Location']}/archive")

    async def names(**query: str) -> list[str]:
        return [each["name"] for each in await listed(admin, muscle_id=muscle_id, **query)]

    assert await names() == ["100% Rows", "Row_er", "Rower"]
    assert await names(search="ROW") == ["100% Rows", "Row_er", "Rower"]
    assert await names(search="0%") == ["100% Rows"]
    assert await names(search="w_e") == ["Row_er"]
    assert await names(search="\\") == []
    assert await names(state="archived") == ["Rowing away"]
    assert await names(state="all", sort="-name") == ["Rowing away", "Rower", "Row_er", "100% Rows"]


async def test_a_cursor_belongs_to_its_list(admin: Api) -> None:
    page = await admin.ask("GET", EXERCISES, params={"limit": "2"})
    for path, query in (
        (EXERCISES, {"sort": "id"}),
        (EXERCISES, {"muscle_id": "1"}),
        ("/api/v1/muscles", {}),
    ):
        answer = await admin.ask("GET", path, params=query | {"cursor": page.json["next"]})
        assert (answer.status, answer.json["error"]) == (404, "unknown_cursor")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "x"}, 422),
        ({"name": "x", "muscle_id": "1"}, 422),
        ({"name": "x", "muscle_id": True}, 422),
        ({"name": "x", "muscle_id": 1.5}, 422),
        ({"name": "x", "muscle_id": 0}, 422),
        ({"name": "x", "muscle_id": 10**20}, 422),
        ({"name": "zzyzx" * 20, "muscle_id": 1}, 422),
        ({"name": "zzyzx\u200b", "muscle_id": 1}, 409),
        ({"name": "a\x00b", "muscle_id": 1}, 409),
    ],
    ids=["no muscle", "text", "true", "a half", "zero", "20 digits", "long name", "invisible", "NUL"],
)
async def test_what_cannot_be_an_exercise(admin: Api, body: dict[str, Any], status: int) -> None:
    headers = {"Content-Type": "application/json"}
    assert_clear(await admin.ask("POST", EXERCISES, data=json.dumps(body), headers=headers), status)
