"""The schema tells strangers to the house what they need: what a refusal looks like, where a version comes from."""

from typing import Any

import pytest

from tests.admin_api.conftest import Api

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
async def schema(anonymous: Api) -> Any:
    """The document, as everybody gets it."""
    return (await anonymous.ask("GET", "/openapi.json")).json


def operations(schema: Any) -> list[Any]:
    """Every operation."""
    return [route[method] for route in schema["paths"].values() for method in METHODS & route.keys()]


def refusals(operation: Any, status: int) -> dict[str, Any]:
    """The examples of one refusal, by their codes."""
    found: dict[str, Any] = operation["responses"][str(status)]["content"]["application/json"]["examples"]
    return found


async def test_each_refusal_has_an_example_of_its_own(schema: Any) -> None:
    lacking = [
        (operation["operationId"], status)
        for operation in operations(schema)
        for status in map(int, operation["responses"])
        if status >= 400 and not refusals(operation, status)
    ]
    assert lacking == []
    for operation in operations(schema):
        for status in map(int, operation["responses"]):
            if status >= 400:
                for code, example in refusals(operation, status).items():
                    assert example["value"].keys() == {"error", "detail", "request_id"}
                    assert example["value"]["error"] == code


@pytest.mark.parametrize(
    ("method", "path", "template", "json", "headers"),
    [
        ("GET", "/muscles/999999", "/muscles/{muscle_id}", None, {}),
        ("GET", "/muscles?cursor=abc", "/muscles", None, {}),
        ("POST", "/muscles", "/muscles", {"name": "chest"}, {}),
        ("POST", "/muscles", "/muscles", {"name": "\x07"}, {}),
        ("POST", "/muscles", "/muscles", {}, {}),
        ("POST", "/exercises", "/exercises", {"name": "Landmine press", "muscle_id": 999999}, {}),
        ("DELETE", "/muscles/1", "/muscles/{muscle_id}", None, {}),
        ("DELETE", "/muscles/1", "/muscles/{muscle_id}", None, {"If-Match": '"old"'}),
        ("GET", "/exercises/1/merge?into=1", "/exercises/{exercise_id}/merge", None, {}),
        ("GET", "/training?muscle_id=1&from=2020-01-01", "/training", None, {}),
        ("GET", "/users/1", "/users/{user_id}", None, {}),
        ("GET", "/analytics/volume?from=2020-01-01", "/analytics/volume", None, {}),
        ("GET", "/analytics/hours?zone=Mars", "/analytics/hours", None, {}),
    ],
)
async def test_a_refusal_is_what_its_example_says(
    admin: Api, schema: Any, method: str, path: str, template: str, json: Any, headers: dict[str, str]
) -> None:
    answer = await admin.ask(method, f"/api/v1{path}", headers=headers, **({} if json is None else {"json": json}))
    examples = refusals(schema["paths"][f"/api/v1{template}"][method.lower()], answer.status)
    assert examples[answer.json["error"]]["value"] == answer.json | {"request_id": "5f2b9c0e7d1a4c36"}


async def test_a_version_is_where_the_schema_says(admin: Api, schema: Any) -> None:
    made = await admin.ask("POST", "/api/v1/muscles", json={"name": "Of the schema"})
    path, template = made.headers["Location"], "/api/v1/muscles/{muscle_id}"
    shown = await admin.ask("GET", path)
    changed = await admin.ask(
        "PATCH", path, json={"name": "Of the schema, renamed"}, headers={"If-Match": shown.headers["ETag"]}
    )
    gone = await admin.ask("DELETE", path, headers={"If-Match": f'"{changed.json["version"]}"'})
    assert (made.status, shown.status, changed.status, gone.status) == (201, 200, 200, 204)
    for answer, operation in [
        (made, schema["paths"]["/api/v1/muscles"]["post"]),
        (shown, schema["paths"][template]["get"]),
        (changed, schema["paths"][template]["patch"]),
        (gone, schema["paths"][template]["delete"]),
    ]:
        documented = operation["responses"][str(answer.status)].get("headers", {})
        assert documented.keys() == {"ETag", "Location"} & answer.headers.keys()


async def test_whatever_takes_a_version_says_where_it_comes_from(schema: Any) -> None:
    taking = [each for each in operations(schema) if "428" in each["responses"]]
    assert len(taking) == 10
    for operation in taking:
        (header,) = (each for each in operation["parameters"] if each["in"] == "header")
        assert (header["name"], header["schema"]["type"]) == ("If-Match", "string")
        assert "ETag" in header["description"]


async def test_no_parameter_is_said_to_be_null_and_each_keeps_its_limits(schema: Any) -> None:
    for operation in operations(schema):
        for each in operation.get("parameters", ()):
            assert "anyOf" not in each["schema"], (operation["operationId"], each["name"])
            if each["schema"].get("type") == "integer":
                assert {"minimum", "maximum"} <= each["schema"].keys(), (operation["operationId"], each["name"])
    audit = schema["paths"]["/api/v1/audit"]["get"]["parameters"]
    assert [each["name"] for each in audit if "pattern" in each["schema"]] == ["kind", "thing_id", "action"]


async def test_the_kinds_and_actions_of_the_audit_are_those_that_the_schema_names(admin: Api, schema: Any) -> None:
    told = {each["name"]: each["description"] for each in schema["paths"]["/api/v1/audit"]["get"]["parameters"]}
    name = await admin.new_admin()
    changed = await admin.ask("POST", "/api/v1/muscles", json={"name": f"Muscle of {name}"})
    await admin.ask("POST", f"{changed.headers['Location']}/archive")
    await admin.ask("POST", f"{changed.headers['Location']}/restore")
    await admin.ask("POST", f"{changed.headers['Location']}/archive")
    entries = (await admin.ask("GET", "/api/v1/audit?limit=200")).json["items"]
    assert {"create", "archive", "restore"} <= {entry["action"] for entry in entries}
    for entry in entries:
        assert f"`{entry['kind']}`" in told["kind"]
        assert f"`{entry['action']}`" in told["action"]


async def test_what_may_be_null_says_what_null_means(schema: Any) -> None:
    answered = {name: each for name, each in schema["components"]["schemas"].items() if name.endswith("Out")}
    silent = [
        f"{name}.{field}"
        for name, each in answered.items()
        for field, described in each["properties"].items()
        if {"type": "null"} in described.get("anyOf", ()) and "null" not in described.get("description", "")
    ]
    assert silent == []


async def test_the_example_of_the_file_has_its_columns(admin: Api, schema: Any) -> None:
    answer = schema["paths"]["/api/v1/training.csv"]["get"]["responses"]["200"]
    example = answer["content"]["text/csv"]["example"].splitlines()
    file = await admin.ask("GET", "/api/v1/training.csv?to=1999-01-01")
    assert file.text.lstrip("\ufeff").splitlines() == example[:1]
