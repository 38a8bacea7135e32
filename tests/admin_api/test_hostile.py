"""Hostile input: a clear 4xx, never a 5xx, and nothing of it comes back."""

import asyncio
import json
import time
from typing import Any

import pytest

from tests.admin_api.conftest import Answer, Api

MARK = "zzyzx"  # stands in whatever is sent, so that an echo is seen
DEEP = 500


def assert_clear(answer: Answer, *statuses: int) -> None:
    assert answer.status in statuses, answer.text
    assert set(answer.json) == {"error", "detail", "request_id"}
    assert answer.json["detail"]
    assert MARK not in answer.text
    assert answer.headers["X-Request-ID"] == answer.json["request_id"]


BODIES: dict[str, tuple[bytes, int]] = {
    "no JSON": (b"{" + MARK.encode(), 422),
    "empty": (b"", 422),
    "null": (b"null", 422),
    "a number": (b"7", 422),
    "text": (json.dumps(MARK).encode(), 422),
    "a list": (json.dumps([MARK]).encode(), 422),
    "no name": (b"{}", 422),
    "null name": (b'{"name": null}', 422),
    "NaN": (b'{"name": NaN}', 422),
    "infinity": (b'{"name": Infinity}', 422),
    "minus infinity": (b'{"name": -Infinity}', 422),
    "1e999": (b'{"name": 1e999}', 422),
    "a number for a name": (b'{"name": 7}', 422),
    "a list for a name": (json.dumps({"name": [MARK]}).encode(), 422),
    "an object for a name": (json.dumps({"name": {MARK: MARK}}).encode(), 422),
    "half a surrogate pair": (b'{"name": "\\ud800"}', 422),
    "no UTF-8": (b'{"name": "\xff\xfe"}', 422),
    "empty name": (b'{"name": ""}', 422),
    "300 letters": (json.dumps({"name": MARK * 60}).encode(), 422),
    "unknown field": (json.dumps({"name": "x", MARK: 1}).encode(), 422),
    "NUL": (b'{"name": "a\\u0000b"}', 409),
    "invisible": ('{"name": "a\u200bb"}'.encode(), 409),
    "blank": (b'{"name": "   "}', 409),
    "right-to-left override": (json.dumps({"name": f"\u202e{MARK}"}).encode(), 409),
    "too deep": (b'{"name": ' + b"[" * DEEP + b"]" * DEEP + b"}", 422),
    "deeper than Python goes": (b"[" * 30_000 + b"]" * 30_000, 422),
    "too large": (json.dumps({"name": MARK * 20_000}).encode(), 413),
}


@pytest.mark.parametrize("case", BODIES)
async def test_bodies(admin: Api, case: str) -> None:
    body, status = BODIES[case]
    headers = {"Content-Type": "application/json"}
    assert_clear(await admin.ask("POST", "/api/v1/muscles", data=body, headers=headers), status)


@pytest.mark.parametrize(
    ("kind", "statuses"),
    [
        ("text/plain", (415,)),
        (f"text/{MARK}", (415,)),
        ("application/x-www-form-urlencoded", (422,)),
        ("multipart/form-data; boundary=x", (415,)),
        ("application/json; charset=utf-16", (201, 409)),
    ],
)
async def test_kinds_of_body(admin: Api, kind: str, statuses: tuple[int, ...]) -> None:
    answer = await admin.ask("POST", "/api/v1/muscles", data=b'{"name": "Kinds"}', headers={"Content-Type": kind})
    assert answer.status in statuses, answer.text


@pytest.mark.parametrize(
    "kinds",
    [[], [b"application/json", b"text/plain"], [b"text/plain", b"application/json"], [b"application/json\xa0"]],
    ids=["none", "two", "two, turned round", "a space that is not ASCII"],
)
async def test_no_kind_of_body_goes_round_the_limits(anonymous: Api, kinds: list[bytes]) -> None:
    deep = b'{"refresh_token": ' + b"[" * DEEP + b"]" * DEEP + b"}"
    lines = [b"POST /api/v1/auth/refresh HTTP/1.1", b"Host: x", b"Connection: close", b"Content-Length: %d" % len(deep)]
    lines += [b"Content-Type: " + kind for kind in kinds]
    reader, writer = await asyncio.open_connection("127.0.0.1", anonymous.process.port)
    writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + deep)
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 415 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"] == "unsupported_media_type"


async def test_compressed_bodies_are_not_taken(admin: Api) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert_clear(await admin.ask("POST", "/api/v1/muscles", data=b"\x1f\x8b", headers=headers), 415)


QUERIES: dict[str, tuple[str, int]] = {
    "limit=0": ("limit=0", 422),
    "limit negative": ("limit=-1", 422),
    "limit too great": ("limit=201", 422),
    "limit of 20 digits": ("limit=99999999999999999999", 422),
    "limit of 5000 digits": (f"limit={'9' * 5000}", 422),
    "limit NaN": ("limit=NaN", 422),
    "limit infinity": ("limit=Infinity", 422),
    "limit text": (f"limit={MARK}", 422),
    "limit empty": ("limit=", 422),
    "sort unknown": (f"sort={MARK}", 422),
    "state unknown": (f"state={MARK}", 422),
    "search NUL": (f"search=a%00{MARK}", 422),
    "search too long": (f"search={MARK * 60}", 422),
    "cursor unknown": (f"cursor={MARK}", 404),
    "cursor empty": ("cursor=", 404),
    "cursor NUL": (f"cursor=%00{MARK}", 404),
    "cursor not ascii": ("cursor=%F0%9F%92%AA", 404),
    "cursor no UTF-8": ("cursor=%FF%FE", 404),
    "cursor long": (f"cursor={'A' * 1001}", 422),
    "cursor forged": ("cursor=AAAAAAAAAAAAAAAAWyJhIiwxXQ==", 404),
}


@pytest.mark.parametrize("case", QUERIES)
async def test_queries(admin: Api, case: str) -> None:
    query, status = QUERIES[case]
    assert_clear(await admin.ask("GET", f"/api/v1/muscles?{query}"), status)


@pytest.mark.parametrize("search", ["%25", "_", "%5C", "'; DROP TABLE muscles; --", "%EF%BF%BD", "\\%"])
async def test_signs_of_a_search_stand_for_themselves(admin: Api, search: str) -> None:
    answer = await admin.ask("GET", f"/api/v1/muscles?search={search}&state=all")
    assert (answer.status, answer.json["items"]) == (200, [])


@pytest.mark.parametrize(
    "number",
    [
        "0",
        "-1",
        "2147483648",
        "99999999999999999999",
        "NaN",
        "1.5",
        "1e3",
        "0x1",
        "%00",
        "%ff",
        "a" * 300,
        "1;2",
        "%20",
    ],
)
async def test_numbers_in_paths(admin: Api, number: str) -> None:
    for method, headers in (("GET", {}), ("DELETE", {"If-Match": '"x"'}), ("POST", {})):
        path = f"/api/v1/muscles/{number}" + ("/archive" if method == "POST" else "")
        answer = await admin.ask(method, path, headers=headers)
        assert answer.status == 422, answer.text
        assert set(answer.json) == {"error", "detail", "request_id"}
        assert "99999" not in answer.text


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        (None, 428),
        ("", 428),
        ("*", 428),
        ('"none"', 412),
        ("none", 412),
        ('W/"{version}"', 412),
        ('"a", "{version}"', 200),
        ('W/"a", "{version}"', 200),
        ('"a", W/"{version}"', 412),
        ('"{version}"', 200),
        ("{version}", 200),
        ('"' * 900, 412),
        ("x" * 1001, 422),
    ],
    ids=[
        "no",
        "empty",
        "star",
        "other",
        "no quotes",
        "weak",
        "list",
        "weak and right",
        "other and weak",
        "right",
        "right, bare",
        "quotes",
        "long",
    ],
)
async def test_if_match(admin: Api, tag: str | None, status: int) -> None:
    made = await admin.ask("POST", "/api/v1/muscles", json={"name": f"If-Match {time.monotonic_ns()}"})
    headers = {} if tag is None else {"If-Match": tag.format(version=made.json["version"])}
    where = made.headers["Location"]
    answer = await admin.ask("PATCH", where, json={}, headers=headers)
    assert answer.status == status, answer.text
    assert (await admin.ask("PUT", where, json={"name": made.json["name"]}, headers=headers)).status == status
    deleted = await admin.ask("DELETE", where, headers=headers)
    assert deleted.status == (204 if status == 200 else status)


async def test_what_is_not_there(anonymous: Api) -> None:
    for path in ("/", f"/{MARK}", "/api/v1", f"/api/v1/{MARK}", "/api/v1/muscles/1/", "/docs/assets/../../secret"):
        assert_clear(await anonymous.ask("GET", path), 404)


async def test_a_method_that_is_not_taken_is_told_the_others(anonymous: Api) -> None:
    answer = await anonymous.ask("PUT", "/api/v1/muscles")
    assert_clear(answer, 405)
    assert answer.headers["Allow"] == "GET, POST"
    for method in ("TRACE", "PURGE", "OPTIONS", "HEAD"):
        answer = await anonymous.ask(method, "/api/v1/muscles/1")
        assert answer.status == 405, method
        assert answer.headers["Allow"] == "DELETE, GET, PATCH, PUT"


async def test_unheard_of_content(admin: Api) -> None:
    strange: list[Any] = [{"params": {"limit": "1", "unknown": MARK}}, {"headers": {"Cookie": MARK}}]
    for each in strange:
        assert (await admin.ask("GET", "/api/v1/muscles", **each)).status == 200
