"""Muscles that everybody has, changed by admins."""

import asyncio
from datetime import date
from typing import Any

import pytest

from tests.admin_api.conftest import Answer, Api
from tests.admin_api.people import new_exercise, new_person, record
from tests.stage import connected

WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


async def new_muscle(admin: Api, name: str) -> Answer:
    answer = await admin.ask("POST", "/api/v1/muscles", json={"name": name})
    assert answer.status == 201, answer.text
    return answer


async def test_a_muscle_from_its_making_to_its_end(admin: Api) -> None:
    made = await new_muscle(admin, "  Neck ")
    where, first = made.headers["Location"], {"If-Match": made.headers["ETag"]}
    assert (made.json["name"], made.json["exercises"], made.json["archived_at"]) == ("Neck", 0, None)
    assert made.headers["ETag"] == f'"{made.json["version"]}"'
    renamed = await admin.ask("PATCH", where, json={"name": "Nape"}, headers=first)
    assert (renamed.status, renamed.json["name"]) == (200, "Nape")
    stale = await admin.ask("PUT", where, json={"name": "Throat"}, headers=first)
    assert (stale.status, stale.json["error"]) == (412, "stale")
    archived = await admin.ask("POST", f"{where}/archive")
    assert archived.json["archived_at"]
    assert (await admin.ask("POST", f"{where}/archive")).json == archived.json
    restored = await admin.ask("POST", f"{where}/restore")
    assert restored.json == renamed.json
    deleted = await admin.ask("DELETE", where, headers={"If-Match": restored.headers["ETag"]})
    assert (deleted.status, deleted.text) == (204, "")
    assert (await admin.ask("GET", where)).status == 404
    actions = admin.sql(
        "SELECT action FROM audit WHERE kind = 'muscle' AND thing_id = %s ORDER BY id", str(made.json["id"])
    )
    assert [action for (action,) in actions] == ["create", "update", "archive", "restore", "delete"]


async def all_pages(admin: Api, **asked: str) -> list[dict[str, Any]]:
    """Go through a list to its end."""
    found: list[dict[str, Any]] = []
    while True:
        page = await admin.ask("GET", "/api/v1/muscles", params=asked)
        assert page.status == 200, page.text
        found += page.json["items"]
        if page.json["next"] is None:
            return found
        asked["cursor"] = page.json["next"]


async def test_a_name_is_everybodys_once_but_a_persons_own_may_be_the_same(admin: Api, person: int) -> None:
    admin.sql("INSERT INTO muscles (name, is_global, created_by) VALUES ('Rotator cuff', FALSE, %s)", person)
    made = await new_muscle(admin, "Rotator cuff")
    for name in ("rotator  CUFF", "Ｒotator cuff", " Rotator cuff "):
        taken = await admin.ask("POST", "/api/v1/muscles", json={"name": name})
        assert (taken.status, taken.json["error"]) == (409, "name_taken")
        assert "otator" not in taken.text
    other = await new_muscle(admin, "Rotator cuff 2")
    headers = {"If-Match": other.headers["ETag"]}
    taken = await admin.ask("PUT", other.headers["Location"], json={"name": "ROTATOR CUFF"}, headers=headers)
    assert (taken.status, taken.json["error"]) == (409, "name_taken")
    headers = {"If-Match": made.headers["ETag"]}
    same_key = await admin.ask("PUT", made.headers["Location"], json={"name": "ROTATOR Cuff"}, headers=headers)
    assert (same_key.status, same_key.json["name"]) == (200, "ROTATOR Cuff")
    assert admin.sql("SELECT name_key FROM muscles WHERE id = %s", made.json["id"]) == [("rotator cuff",)]


async def test_two_at_once_make_one(admin: Api) -> None:
    asked = [admin.ask("POST", "/api/v1/muscles", json={"name": "Hip flexors"}) for _ in range(8)]
    assert sorted(answer.status for answer in await asyncio.gather(*asked)) == [201] + [409] * 7


async def test_of_two_changes_at_once_one_is_done_and_one_is_stale(admin: Api) -> None:
    made = await new_muscle(admin, "Adductors")
    headers = {"If-Match": made.headers["ETag"]}
    asked = [
        admin.ask("PATCH", made.headers["Location"], json={"name": f"Adductors {number}"}, headers=headers)
        for number in range(8)
    ]
    assert sorted(answer.status for answer in await asyncio.gather(*asked)) == [200] + [412] * 7


async def test_in_use_it_is_archived_not_deleted(admin: Api, person: int) -> None:
    made = await new_muscle(admin, "Tibialis")
    where, muscle_id = made.headers["Location"], made.json["id"]
    admin.sql("INSERT INTO exercises (name, muscle) VALUES ('Tibialis raise', %s)", muscle_id)
    admin.sql("INSERT INTO user_hidden_muscles (user_id, muscle_id) VALUES (%s, %s)", person, muscle_id)
    stale = await admin.ask("DELETE", where, headers={"If-Match": made.headers["ETag"]})
    assert stale.status == 412  # it has an exercise by now, which was not seen
    seen = await admin.ask("GET", where)
    assert seen.json["exercises"] == 1
    refused = await admin.ask("DELETE", where, headers={"If-Match": seen.headers["ETag"]})
    assert (refused.status, refused.json["error"]) == (409, "in_use")
    assert "archive" in refused.json["detail"]
    assert len(admin.sql("SELECT 1 FROM user_hidden_muscles WHERE muscle_id = %s", muscle_id)) == 1
    archived = await admin.ask("POST", f"{where}/archive")
    assert archived.json["exercises"] == 0
    assert admin.sql("SELECT count(*) FROM exercises WHERE muscle = %s AND deleted_at IS NULL", muscle_id) == [(0,)]
    restored = await admin.ask("POST", f"{where}/restore")
    assert (restored.json["archived_at"], restored.json["exercises"]) == (None, 1)


async def test_a_muscle_tells_what_hangs_on_it(admin: Api) -> None:
    made = await new_muscle(admin, "Anconeus")
    muscle_id, where = made.json["id"], made.headers["Location"]
    figures = ("exercises", "archived_exercises", "own_exercises", "people", "days", "last_day")

    async def told() -> list[Any]:
        seen = await admin.ask("GET", where)
        return [seen.json[figure] for figure in figures]

    assert await told() == [0, 0, 0, 0, 0, None]
    first, second = (new_exercise(admin, f"Anconeus {number}", muscle=muscle_id) for number in (1, 2))
    admin.sql("UPDATE exercises SET deleted_at = now() WHERE id = %s", second)
    ann, bob = new_person(admin), new_person(admin, "Bob")
    admin.sql(
        "INSERT INTO exercises (name, muscle, is_global, created_by) VALUES ('Own', %s, FALSE, %s)", muscle_id, bob
    )
    record(admin, ann, first, date(2026, 3, 11), 3)
    record(admin, ann, second, date(2026, 3, 9))
    record(admin, bob, second, date(2026, 3, 10), 2)
    assert await told() == [1, 1, 1, 2, 3, "2026-03-11"]


async def test_a_muscle_that_only_history_knows_is_in_use(admin: Api, person: int) -> None:
    made = await new_muscle(admin, "Soleus")
    muscle_id = made.json["id"]
    admin.sql(
        "INSERT INTO training (day, user_id, muscle_id, exercise_id, set, weight, reps) "
        "VALUES ('2026-03-11', %s, %s, 1, 1, 60, 8)",
        person,
        muscle_id,
    )
    refused = await admin.ask("DELETE", made.headers["Location"], headers={"If-Match": made.headers["ETag"]})
    assert (refused.status, refused.json["error"]) == (409, "in_use")


async def test_what_somebody_hid_can_be_deleted(admin: Api, person: int) -> None:
    made = await new_muscle(admin, "Neck flexors")
    admin.sql("INSERT INTO user_hidden_muscles (user_id, muscle_id) VALUES (%s, %s)", person, made.json["id"])
    deleted = await admin.ask("DELETE", made.headers["Location"], headers={"If-Match": made.headers["ETag"]})
    assert deleted.status == 204
    assert admin.sql("SELECT hidden_muscles FROM users WHERE id = %s", person) == [([],)]


async def test_a_name_that_was_taken_meanwhile_keeps_an_archived_muscle_where_it_is(admin: Api) -> None:
    made = await new_muscle(admin, "Obliques")
    await admin.ask("POST", f"{made.headers['Location']}/archive")
    await new_muscle(admin, "Obliques")
    refused = await admin.ask("POST", f"{made.headers['Location']}/restore")
    assert (refused.status, refused.json["error"]) == (409, "name_taken")


async def test_private_muscles_are_nowhere(admin: Api, person: int) -> None:
    ((private,),) = admin.sql(
        "INSERT INTO muscles (name, is_global, created_by) VALUES ('Private zqx', FALSE, %s) RETURNING id", person
    )
    for state in ("active", "archived", "all"):
        page = await admin.ask("GET", "/api/v1/muscles", params={"search": "zqx", "state": state})
        assert page.json["items"] == []
    for method, path in (("GET", ""), ("POST", "/archive"), ("POST", "/restore")):
        assert (await admin.ask(method, f"/api/v1/muscles/{private}{path}")).status == 404


# The audit.


async def test_a_change_that_is_refused_or_changes_nothing_is_no_change(admin: Api) -> None:
    made = await new_muscle(admin, "Gluteus")
    where, headers = made.headers["Location"], {"If-Match": made.headers["ETag"]}
    assert (await admin.ask("PATCH", where, json={}, headers=headers)).json == made.json
    assert (await admin.ask("PATCH", where, json={"name": "Chest"}, headers=headers)).status == 409
    assert (await admin.ask("POST", f"{where}/restore")).json == made.json
    entries = await admin.ask("GET", "/api/v1/audit", params={"kind": "muscle", "thing_id": made.json["id"]})
    assert [entry["action"] for entry in entries.json["items"]] == ["create"]


async def test_the_audit_says_who_when_and_what(admin: Api) -> None:
    made = await new_muscle(admin, "Brachialis")
    headers = {"If-Match": made.headers["ETag"]}
    changed = await admin.ask("PATCH", made.headers["Location"], json={"name": "Brachioradialis"}, headers=headers)
    me = (await admin.ask("GET", "/api/v1/auth/me")).json
    asked = {"kind": "muscle", "thing_id": str(made.json["id"]), "action": "update", "admin_id": str(me["id"])}
    (entry,) = (await admin.ask("GET", "/api/v1/audit", params=asked)).json["items"]
    assert (entry["admin_name"], entry["request_id"]) == (me["name"], changed.headers["X-Request-ID"])
    assert (entry["before"]["name"], entry["after"]["name"]) == ("Brachialis", "Brachioradialis")
    assert (await admin.ask("GET", "/api/v1/audit", params=asked | {"admin_id": "2147483647"})).json["items"] == []


async def test_without_its_row_in_the_audit_nothing_is_changed(admin: Api) -> None:
    made = await new_muscle(admin, "Popliteus")
    headers = {"If-Match": made.headers["ETag"]}
    admin.sql("ALTER TABLE audit ADD CONSTRAINT broken CHECK (kind <> 'muscle') NOT VALID")
    try:
        for method, path, content in (
            ("POST", "/api/v1/muscles", {"name": "Plantaris"}),
            ("PATCH", made.headers["Location"], {"name": "Plantaris"}),
            ("POST", f"{made.headers['Location']}/archive", None),
            ("DELETE", made.headers["Location"], None),
        ):
            answer = await admin.ask(method, path, json=content, headers=headers)
            assert (answer.status, answer.json["error"]) == (500, "internal")
            assert "muscle" not in answer.json["detail"]
    finally:
        admin.sql("ALTER TABLE audit DROP CONSTRAINT broken")
    kept = (await admin.ask("GET", made.headers["Location"])).json
    assert made.json.items() <= kept.items()
    assert admin.sql("SELECT 1 FROM muscles WHERE name = 'Plantaris'") == []


async def test_a_change_in_hand_when_the_session_ends_is_not_done(admin: Api, anonymous: Api) -> None:
    """The session is looked at once more by the row of the audit, so that no change outlives its session."""
    name = await anonymous.new_admin()
    someone = anonymous.as_((await anonymous.login(name)).json["access_token"])
    me = (await someone.ask("GET", "/api/v1/auth/me")).json
    made = await new_muscle(admin, "Gastrocnemius")
    with connected(admin.database) as cursor:
        cursor.execute("SELECT FROM muscles WHERE id = %s FOR UPDATE", (made.json["id"],))
        asked = asyncio.ensure_future(someone.ask("POST", f"{made.headers['Location']}/archive"))  # noqa: TID251 - two at once
        while not admin.sql(WAITING):  # noqa: ASYNC110 - another process waits
            await asyncio.sleep(0.01)
        admin.sql("UPDATE admin_sessions SET ended_at = now() WHERE admin_id = %s", me["id"])
    assert (await asked).status == 401
    assert (await admin.ask("GET", made.headers["Location"])).json["archived_at"] is None


async def test_a_change_and_the_disabling_of_its_admin_never_wait_for_each_other(admin: Api, anonymous: Api) -> None:
    name = await anonymous.new_admin()
    someone = anonymous.as_((await anonymous.login(name)).json["access_token"])
    made = await new_muscle(admin, "Obturator")
    with connected(admin.database) as cursor:
        cursor.execute("UPDATE admins SET disabled_at = now() WHERE name = %s RETURNING id", (name,))
        (admin_id,) = cursor.fetchone() or (0,)
        asked = asyncio.ensure_future(someone.ask("POST", f"{made.headers['Location']}/archive"))  # noqa: TID251 - two at once
        while not admin.sql(WAITING):  # noqa: ASYNC110 - another process waits
            await asyncio.sleep(0.01)
        admin.sql("SELECT FROM admin_sessions WHERE admin_id = %s FOR UPDATE NOWAIT", admin_id)
    assert (await asked).status == 401


async def test_what_was_a_persons_goes_from_the_audit_when_they_do(admin: Api, person: int) -> None:
    admin.sql(
        "INSERT INTO audit (at, action, kind, thing_id, person_id, before) "
        """VALUES (now(), 'update', 'set', 'abc', %s, '{"weight": 60}')""",
        person,
    )
    admin.sql("DELETE FROM users WHERE id = %s", person)
    kept = admin.sql("SELECT thing_id, person_id, before FROM audit WHERE kind = 'set' ORDER BY id DESC LIMIT 1")
    assert kept == [("", None, None)]


# Pages.


@pytest.mark.parametrize("sort", ["name", "-name", "id", "-id"])
async def test_every_order_goes_through_all_once(admin: Api, sort: str) -> None:
    found = [muscle["id"] for muscle in await all_pages(admin, sort=sort, limit="3", state="all")]
    name, way = sort.removeprefix("-"), "DESC" if sort[0] == "-" else "ASC"
    column = {"name": f"name_key {way}, id {way}", "id": f"id {way}"}[name]
    expected = admin.sql(f"SELECT id FROM muscles WHERE is_global ORDER BY {column}")
    assert found == [number for (number,) in expected]


async def test_a_list_stays_whole_while_others_change_it(admin: Api) -> None:
    first = await admin.ask("GET", "/api/v1/muscles", params={"limit": "4"})
    last = first.json["items"][-1]
    await new_muscle(admin, "  000 first of all")
    cursor = {"limit": "4", "cursor": first.json["next"]}
    second = await admin.ask("GET", "/api/v1/muscles", params=cursor)
    assert min(muscle["name"].casefold() for muscle in second.json["items"]) > last["name"].casefold()


@pytest.mark.parametrize(
    "change",
    [{"sort": "-name"}, {"search": "e"}, {"state": "all"}],
    ids=["another order", "another search", "another state"],
)
async def test_a_cursor_belongs_to_its_list(admin: Api, change: dict[str, str]) -> None:
    first = await admin.ask("GET", "/api/v1/muscles", params={"limit": "2"})
    cursor = {"cursor": first.json["next"]}
    assert (await admin.ask("GET", "/api/v1/muscles", params=cursor | {"limit": "7"})).status == 200
    refused = await admin.ask("GET", "/api/v1/muscles", params=cursor | change)
    assert (refused.status, refused.json["error"]) == (404, "unknown_cursor")
    assert (await admin.ask("GET", "/api/v1/audit", params=cursor)).status == 404
    for broken in (cursor["cursor"][:-4], cursor["cursor"][4:], cursor["cursor"].swapcase()):
        assert (await admin.ask("GET", "/api/v1/muscles", params={"cursor": broken})).status == 404


async def test_the_audit_goes_through_all_once(admin: Api) -> None:
    entries: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await admin.ask("GET", "/api/v1/audit", params={"limit": "7", "kind": "admin"} | cursor)).json
        entries += [entry["id"] for entry in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    expected = admin.sql("SELECT id FROM audit WHERE kind = 'admin' ORDER BY id DESC")
    assert entries == [number for (number,) in expected]


@pytest.mark.parametrize("sort", ["name", "-name"])
async def test_no_page_forgets_a_muscle_that_was_made_by_hand(admin: Api, sort: str) -> None:
    """PostgreSQL's lower() knows fewer letters than Python's casefold(), so such a key is another one."""
    admin.sql("INSERT INTO muscles (name) VALUES ('ΣΊΣΥΦΟΣ'), ('Σ') ON CONFLICT DO NOTHING")
    ids: list[int] = []
    cursor: dict[str, str] = {}
    while cursor != {"cursor": None}:
        page = await admin.ask("GET", "/api/v1/muscles", params={"limit": "1", "sort": sort} | cursor)
        ids += [muscle["id"] for muscle in page.json["items"]]
        cursor = {"cursor": page.json["next"]}
    order = "DESC" if sort == "-name" else ""
    known = admin.sql(f"SELECT id FROM muscles WHERE is_global AND deleted_at IS NULL ORDER BY name_key {order}")
    assert ids == [id_ for (id_,) in known]
