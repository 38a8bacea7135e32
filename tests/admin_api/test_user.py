"""What a person of the bot sees of their lists, and an admin with `user_id`."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.admin_api.conftest import Api
from tests.admin_api.people import new_person, record

CHEST = 1
Ask = Callable[..., Any]


@pytest.fixture
def lister(admin: Api) -> int:
    """Somebody with a muscle and an exercise of their own, who hid two things and trained one."""
    who = new_person(admin)
    admin.sql("INSERT INTO muscles (name, is_global, created_by) VALUES ('Neck', false, %s)", who)
    admin.sql("INSERT INTO exercises (name, muscle, is_global, created_by) VALUES ('Álvaro press', 1, false, %s)", who)
    admin.sql("INSERT INTO user_hidden_muscles (user_id, muscle_id) VALUES (%s, 2)", who)
    admin.sql("INSERT INTO user_hidden_exercises (user_id, exercise_id) VALUES (%s, 2)", who)
    record(admin, who, 1, date(2026, 3, 10), sets=2)
    record(admin, who, 1, date(2026, 3, 12))
    return who


async def names(api: Api, path: str) -> list[str]:
    answer = await api.ask("GET", path)
    assert answer.status == 200, answer.text
    return [each["name"] for each in answer.json]


async def test_the_lists_are_those_of_the_bot(
    admin: Api, anonymous: Api, lister: int, user_token: Callable[..., str]
) -> None:
    themselves = anonymous.as_(user_token(lister))
    stranger = new_person(admin)
    (hidden,), (hidden_exercise,) = (
        admin.sql(f"SELECT name FROM {table} WHERE id = 2") for table in ("muscles", "exercises")
    )
    for api, whose in ((themselves, "?"), (admin, f"?user_id={lister}&")):
        muscles = (await api.ask("GET", f"/api/v1/user/muscles{whose}")).json
        assert muscles[-1] == {"id": muscles[-1]["id"], "name": "Neck", "is_own": True}
        assert [each["name"] for each in muscles if each["is_own"]] == ["Neck"]
        assert hidden[0] not in [each["name"] for each in muscles]
        exercises = await names(api, f"/api/v1/user/exercises{whose}muscle_id={CHEST}")
        assert "Álvaro press" in exercises
        assert hidden_exercise[0] not in exercises
        assert await names(api, f"/api/v1/user/exercises{whose}muscle_id={muscles[-1]['id']}") == []
        assert (await api.ask("GET", f"/api/v1/user/exercises{whose}muscle_id=2")).status == 404  # they hid it
    assert "Neck" not in await names(admin, f"/api/v1/user/muscles?user_id={stranger}")
    assert "Álvaro press" not in await names(admin, f"/api/v1/user/exercises?muscle_id={CHEST}&user_id={stranger}")


async def test_an_exercise_says_how_often_it_was_trained(admin: Api, lister: int) -> None:
    found = (await admin.ask("GET", f"/api/v1/user/exercises?muscle_id={CHEST}&user_id={lister}")).json
    trained = [(each["id"], each["days"], each["last_at"]) for each in found if each["days"]]
    assert trained == [(1, 2, "2026-03-12T18:00:00Z")]
    assert {each["last_at"] for each in found if not each["days"]} == {None}


@pytest.mark.parametrize(
    "given", ["", "&muscle_id=", "&muscle_id=0", "&muscle_id=-1", "&muscle_id=99999999999999999999"]
)
async def test_a_muscle_must_be_named(admin: Api, lister: int, given: str) -> None:
    answer = await admin.ask("GET", f"/api/v1/user/exercises?user_id={lister}{given}")
    assert (answer.status, answer.json["error"]) == (422, "invalid")
    assert "muscle_id" in answer.json["detail"]
