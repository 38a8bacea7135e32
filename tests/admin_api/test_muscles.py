"""Muscles that everybody has, changed by admins."""

from tests.admin_api.conftest import Answer, Api


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


async def test_pages(admin: Api) -> None:
    names: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await admin.ask("GET", "/api/v1/muscles", params={"limit": "3", "sort": "-name"} | cursor)
        assert page.status == 200, page.text
        names += [muscle["name"] for muscle in page.json["items"]]
        if page.json["next"] is None:
            break
        cursor = {"cursor": page.json["next"]}
    assert names == sorted(names, reverse=True)
    assert len(names) >= 8
