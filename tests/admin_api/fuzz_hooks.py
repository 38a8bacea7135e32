"""What schemathesis runs in its process: every request has a session of its own, so that signing out is fuzzed too.

What it makes up hardly ever names a thing that is there. So half of the requests whose numbers are proper are given
those of things that are there, with their versions, and half of a person's requests are that person's own.
"""

import json
import os
import urllib.request
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import psycopg2
import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

from admin_panel.backend import tokens

_connection = psycopg2.connect(os.environ["FUZZ_DATABASE"])
_connection.autocommit = True
_secret = os.environ["FUZZ_SECRET"]
_chance = Random(1)
THINGS = {
    "user_id": "users AS thing",
    "muscle_id": "muscles AS thing WHERE thing.is_global",
    "exercise_id": "exercises AS thing WHERE thing.is_global",
    "into": "exercises AS thing WHERE thing.is_global AND thing.deleted_at IS NULL",
    "set_id": "training AS thing",
}


def one(statement: str, *values: Any) -> Any:
    """Ask the database for one value; None when there is none."""
    with _connection.cursor() as cursor:
        cursor.execute(statement, values)
        return next((row[0] for row in cursor), None)


def any_of(name: str) -> Any:
    """Choose a thing that is there; a run may be repeated."""
    return one(f"SELECT thing.id FROM {THINGS[name]} ORDER BY md5(thing.id::text || %s) LIMIT 1", str(_chance.random()))


def admins_token() -> str:
    """Sign an admin in."""
    session_id, at = uuid4(), datetime.now(UTC)
    admin_id = one(
        "INSERT INTO admin_sessions (id, admin_id, refresh_hash, started_at, expires_at) "
        "SELECT %s, min(a.id), '', %s, %s FROM admins AS a RETURNING admin_id",
        str(session_id),
        at,
        at + timedelta(hours=1),
    )
    return tokens.issue(_secret, audience=tokens.ADMIN, sub=admin_id, at=at, life=tokens.ACCESS_LIFE, sid=session_id)


def persons_token() -> str:
    """Let somebody of the bot in."""
    at = datetime.now(UTC)
    return tokens.issue(_secret, audience=tokens.USER, sub=any_of("user_id"), at=at, life=tokens.ACCESS_LIFE)


def version(path: str) -> str:
    """Look at a thing as an admin does, for its version."""
    headers = {"Authorization": f"Bearer {admins_token()}"}
    with urllib.request.urlopen(urllib.request.Request(os.environ["FUZZ_URL"] + path, headers=headers)) as answer:
        return str(json.load(answer)["version"])


def is_persons(case: "schemathesis.Case") -> bool:
    """Say whether people of the bot may ask this, each about themselves."""
    return case.path.startswith(("/api/v1/user/", "/api/v1/static-data"))


@schemathesis.auth(refresh_interval=None)
class Caller:
    """An admin, signed in a moment ago, or a person where persons may ask."""

    def get(self, case: "schemathesis.Case", context: object) -> str:
        return persons_token() if is_persons(case) and _chance.random() < 0.5 else admins_token()

    def set(self, case: "schemathesis.Case", data: str, context: object) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context: object, case: "schemathesis.Case", kwargs: dict[str, Any]) -> None:
    """Name things that are there; schemathesis judges what was changed anew."""
    meta = case.meta
    if meta is None or meta.phase.name != TestPhase.FUZZING or _chance.random() < 0.5:
        return
    if meta.is_negative_at(ParameterLocation.PATH):
        return
    for name in case.path_parameters:
        case.path_parameters[name] = any_of(name)
    if not meta.is_negative_at(ParameterLocation.QUERY):
        for name in {*case.query} & {*THINGS}:
            case.query[name] = any_of(name)
        if is_persons(case) and _chance.random() < 0.5:
            case.query.pop("user_id", None)
    is_merge = case.method == "POST" and case.path.endswith("/merge")
    if not is_merge and case.method not in ("PUT", "PATCH", "DELETE"):
        return
    if not meta.is_negative_at(ParameterLocation.HEADER):
        case.headers["If-Match"] = f'"{version(case.formatted_path.removesuffix("/merge"))}"'
    if is_merge and not meta.is_negative_at(ParameterLocation.BODY):
        into = any_of("into")
        case.body = {"into": into, "into_version": version(f"/api/v1/exercises/{into}")}
