"""Who may do what: every route, asked by everybody, for things of every sort; a route that is not here fails."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.admin_api.conftest import Api

MISSING, HUGE, NEGATIVE = 2**31 - 1, 10**20 - 1, -1
GONE = {"own": 404, "foreign": 404, "missing": 404, "huge": 422, "negative": 422}
SETS = GONE | {"own": 200, "foreign": 200}  # and people: whose they are is all one to an admin

# What an admin is answered. `live` is everybody's; `own` and `foreign` are two people's private things, `archived` is
# out of all lists. A route without a thing has one answer. Everybody else is answered 401 by all of these.
ADMINS: dict[str, int | dict[str, int]] = {
    "POST /api/v1/auth/logout": 204,
    "POST /api/v1/auth/logout-everywhere": 204,
    "GET /api/v1/auth/me": 200,
    "POST /api/v1/auth/password": 409,
    "GET /api/v1/muscles": 200,
    "POST /api/v1/muscles": 201,
    "GET /api/v1/muscles/{muscle_id}": GONE | {"live": 200, "archived": 200},
    "PUT /api/v1/muscles/{muscle_id}": GONE | {"live": 200, "archived": 200},
    "PATCH /api/v1/muscles/{muscle_id}": GONE | {"live": 200, "archived": 200},
    "DELETE /api/v1/muscles/{muscle_id}": GONE | {"live": 204, "archived": 204},
    "POST /api/v1/muscles/{muscle_id}/archive": GONE | {"live": 200, "archived": 200},
    "POST /api/v1/muscles/{muscle_id}/restore": GONE | {"live": 200, "archived": 200},
    "GET /api/v1/exercises": 200,
    "POST /api/v1/exercises": 201,
    "GET /api/v1/exercises/{exercise_id}": GONE | {"live": 200, "archived": 200},
    "PUT /api/v1/exercises/{exercise_id}": GONE | {"live": 200, "archived": 200},
    "PATCH /api/v1/exercises/{exercise_id}": GONE | {"live": 200, "archived": 200},
    "DELETE /api/v1/exercises/{exercise_id}": GONE | {"live": 204, "archived": 204},
    "POST /api/v1/exercises/{exercise_id}/archive": GONE | {"live": 200, "archived": 200},
    "POST /api/v1/exercises/{exercise_id}/restore": GONE | {"live": 200, "archived": 200},
    "GET /api/v1/exercises/{exercise_id}/merge": GONE | {"live": 200, "archived": 200},
    "POST /api/v1/exercises/{exercise_id}/merge": GONE | {"live": 200, "archived": 200},
    "GET /api/v1/audit": 200,
    "GET /api/v1/training": 200,
    "GET /api/v1/training.csv": 200,
    "GET /api/v1/training/{set_id}": SETS,
    "PUT /api/v1/training/{set_id}": SETS,
    "PATCH /api/v1/training/{set_id}": SETS,
    "DELETE /api/v1/training/{set_id}": SETS | {"own": 204, "foreign": 204},
    "GET /api/v1/users": 200,
    "GET /api/v1/users/{user_id}": SETS,
    "GET /api/v1/users/{user_id}/volume": SETS,
    "GET /api/v1/users/{user_id}/records": SETS,
    "GET /api/v1/users/{user_id}/exercises": SETS,
    "GET /api/v1/analytics/active-users": 200,
    "GET /api/v1/analytics/volume": 200,
    "GET /api/v1/analytics/exercises": 200,
    "GET /api/v1/analytics/hours": 200,
}
# What one person's routes answer: that person, another one who asks for the first one's, an admin, by `user_id`.
PEOPLES: dict[str, dict[str, dict[str, int]]] = {
    "GET /api/v1/user/profile": {
        "user": {"none": 200, "own": 200, "foreign": 404, "missing": 404, "huge": 422, "negative": 422},
        "admin": {"none": 404, "own": 200, "foreign": 200, "missing": 404, "huge": 422, "negative": 422},
    },
    "GET /api/v1/user/muscles": {
        "user": {"none": 200, "own": 200, "foreign": 404, "missing": 404, "huge": 422, "negative": 422},
        "admin": {"none": 404, "own": 200, "foreign": 200, "missing": 404, "huge": 422, "negative": 422},
    },
    "GET /api/v1/user/exercises": {
        "user": {"none": 200, "own": 200, "foreign": 404, "missing": 404, "huge": 422, "negative": 422},
        "admin": {"none": 404, "own": 200, "foreign": 200, "missing": 404, "huge": 422, "negative": 422},
    },
    "GET /api/v1/static-data": {"user": {"none": 200}, "admin": {"none": 200}},
}
# Open to everybody, with what an empty request is answered.
OPEN = {"POST /api/v1/auth/login": 422, "POST /api/v1/auth/refresh": 422, "POST /api/v1/auth/telegram": 422}

BODIES: dict[str, Any] = {
    "POST /api/v1/auth/password": {"current_password": "wrong wrong wrong", "new_password": "a better one than that"},
    "POST /api/v1/muscles": {"name": "Access"},
    "PUT /api/v1/muscles/{muscle_id}": {"name": "Access"},
    "PATCH /api/v1/muscles/{muscle_id}": {"name": "Access"},
    "PUT /api/v1/training/{set_id}": {"weight": 61, "reps": 9},
    "PATCH /api/v1/training/{set_id}": {"reps": 9},
    "POST /api/v1/exercises": {"name": "Access", "muscle_id": 1},
    "PUT /api/v1/exercises/{exercise_id}": {"name": "Access", "muscle_id": 1},
    "PATCH /api/v1/exercises/{exercise_id}": {"name": "Access"},
}
PEC_DECK = 14  # what exercises are merged into here
QUERIES = {
    "GET /api/v1/exercises/{exercise_id}/merge": {"into": str(PEC_DECK)},
    "GET /api/v1/user/exercises": {"muscle_id": "1"},
}
TOKENS = ("anonymous", "user", "other", "admin")


def admin_cases() -> list[tuple[str, str, str, int]]:
    cases = []
    for route, answers in ADMINS.items():
        for what, status in answers.items() if isinstance(answers, dict) else [("nothing", answers)]:
            cases += [(route, who, what, status if who == "admin" else 401) for who in TOKENS]
    return cases


def people_cases() -> list[tuple[str, str, str, int]]:
    return [
        (route, who, what, status)
        for route, callers in PEOPLES.items()
        for who, answers in (callers | {"anonymous": dict.fromkeys(callers["user"], 401)}).items()
        for what, status in answers.items()
    ]


class Things:
    """Two people, and things of every sort, made anew for each case."""

    def __init__(self, api: Api, user: int, other: int) -> None:
        self.api, self.user, self.other = api, user, other

    def number(self, kind: str, what: str) -> int | str:
        """The number of a thing."""
        fixed = {"missing": MISSING, "huge": HUGE, "negative": NEGATIVE}
        if kind == "set_id":
            return "f" * 32 if what == "missing" else fixed.get(what) or self.new_set(what)
        if what in fixed:
            return fixed[what]
        if kind == "user_id":
            return {"own": self.user, "foreign": self.other}[what]
        owner = {"own": self.user, "foreign": self.other}.get(what)
        self.clear("Access%")
        table, columns, values = {
            "muscle_id": ("muscles", "", ""),
            "exercise_id": ("exercises", "muscle, ", "1, "),
        }[kind]
        ((made,),) = self.api.sql(
            f"INSERT INTO {table} ({columns}name, is_global, created_by, deleted_at) "
            f"VALUES ({values}%s, %s, %s, CASE WHEN %s THEN now() END) RETURNING id",
            f"Access {what}",
            owner is None,
            owner,
            what == "archived",
        )
        return int(made)

    def new_set(self, what: str) -> str:
        """A set of one of the two, made anew."""
        owner = {"own": self.user, "foreign": self.other}[what]
        self.api.sql("DELETE FROM training WHERE user_id = %s", owner)
        ((made,),) = self.api.sql(
            "INSERT INTO training (day, user_id, muscle_id, exercise_id, set, weight, reps) "
            "SELECT DATE '2026-03-10', %s, e.muscle, e.id, 1, 60, 8 FROM exercises AS e WHERE e.id = 1 RETURNING id",
            owner,
        )
        return str(made)

    def clear(self, name: str) -> None:
        """Delete what was made for a case."""
        self.api.sql("DELETE FROM exercises WHERE name LIKE %s", name)
        self.api.sql("DELETE FROM muscles WHERE name LIKE %s", name)


@pytest.fixture(scope="session")
def things(anonymous: Api) -> Things:
    anonymous.sql("INSERT INTO users (id) VALUES (4001), (4002)")
    return Things(anonymous, 4001, 4002)


@pytest.fixture
def callers(anonymous: Api, admin: Api, user_token: Callable[[int], str], things: Things) -> dict[str, Api]:
    return {
        "anonymous": anonymous,
        "user": anonymous.as_(user_token(things.user)),
        "other": anonymous.as_(user_token(things.other)),
        "admin": admin,
    }


@pytest.mark.parametrize(("route", "who", "what", "status"), admin_cases())
async def test_admins_routes(
    callers: dict[str, Api], things: Things, route: str, who: str, what: str, status: int
) -> None:
    method, path = route.split()
    caller = callers[who]
    if route.startswith("POST /api/v1/auth/logout") and who == "admin":  # not the one that other tests use
        caller = caller.as_((await caller.as_("").login(await caller.new_admin())).json["access_token"])
    names = re.findall(r"\{(\w+)\}", path)
    for name in names:
        path = path.replace(f"{{{name}}}", str(things.number(name, what)))
    things.clear("Access")
    headers = {}
    if method in ("PUT", "PATCH", "DELETE") or path.endswith("/merge"):
        present = await callers["admin"].ask("GET", path.removesuffix("/merge"))
        headers = {"If-Match": present.headers.get("ETag", '"none"')}
    content = {"json": BODIES[route]} if route in BODIES else {}
    if method == "POST" and path.endswith("/merge"):
        into = await callers["admin"].ask("GET", f"/api/v1/exercises/{PEC_DECK}")
        content = {"json": {"into": PEC_DECK, "into_version": into.json["version"]}}
    answer = await caller.ask(method, path, params=QUERIES.get(route, {}), headers=headers, **content)
    assert answer.status == status, answer.text
    if status >= 400:
        assert set(answer.json) == {"error", "detail", "request_id"}
        assert str(HUGE) not in answer.text


@pytest.mark.parametrize("route", [route for route in ADMINS if route.split()[0] in ("PUT", "PATCH", "DELETE")])
async def test_who_one_is_comes_before_what_one_has_seen(callers: dict[str, Api], route: str) -> None:
    method, path = route.split()
    path = re.sub(r"\{\w+\}", "f" * 32 if "set_id" in path else str(MISSING), path)
    content = {"json": BODIES[route]} if route in BODIES else {}
    statuses = [(await callers[who].ask(method, path, **content)).status for who in ("anonymous", "user", "admin")]
    assert statuses == [401, 401, 428]


@pytest.mark.parametrize(("route", "who", "what", "status"), people_cases())
async def test_one_persons_routes(
    callers: dict[str, Api], things: Things, route: str, who: str, what: str, status: int
) -> None:
    method, path = route.split()
    whose = {} if what == "none" else {"user_id": str(things.number("user_id", what))}
    answer = await callers[who].ask(method, path, params=QUERIES.get(route, {}) | whose)
    assert answer.status == status, answer.text


async def test_another_persons_things_are_answered_as_missing_ones(callers: dict[str, Api], things: Things) -> None:
    others_muscle = things.number("muscle_id", "foreign")
    for asked, of_another in (
        ("/api/v1/user/profile?user_id=", things.other),
        ("/api/v1/user/muscles?user_id=", things.other),
        ("/api/v1/user/exercises?muscle_id=1&user_id=", things.other),
        ("/api/v1/user/exercises?muscle_id=", others_muscle),
    ):
        foreign = await callers["user"].ask("GET", f"{asked}{of_another}")
        missing = await callers["user"].ask("GET", f"{asked}{MISSING}")
        assert foreign.status == 404
        assert {**foreign.json, "request_id": ""} == {**missing.json, "request_id": ""}
    for kind, path in (("muscle_id", "/api/v1/muscles"), ("exercise_id", "/api/v1/exercises")):
        own, nobodys = things.number(kind, "own"), MISSING
        answers = [await callers["admin"].ask("GET", f"{path}/{number}") for number in (own, nobodys)]
        assert {**answers[0].json, "request_id": ""} == {**answers[1].json, "request_id": ""}


@pytest.mark.parametrize("route", OPEN)
async def test_open_routes(anonymous: Api, route: str) -> None:
    method, path = route.split()
    answer = await anonymous.ask(method, path)
    assert answer.status == OPEN[route], answer.text


async def test_no_route_is_missing_here(anonymous: Api) -> None:
    schema = (await anonymous.ask("GET", "/openapi.json")).json
    routes = {f"{method.upper()} {path}" for path, methods in schema["paths"].items() for method in methods}
    assert routes == {*ADMINS, *PEOPLES, *OPEN}


async def test_the_schema_says_which_routes_need_whom(anonymous: Api) -> None:
    schema = (await anonymous.ask("GET", "/openapi.json")).json
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            route = f"{method.upper()} {path}"
            schemes = {scheme for way in operation.get("security", ()) for scheme in way}
            assert schemes == (set() if route in OPEN else {"Admin"} if route in ADMINS else {"Admin", "User"}), route
