"""The admin API as a process of its own, on a real PostgreSQL; each test brings an admin or a thing of its own."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from admin_panel.backend import tokens
from app.manage import set_admin
from dev.servers import Postgres
from tests.conftest import as_role, find_free_port
from tests.migrations.conftest import connect, settings_of
from tests.stage import Process

JWT_SECRET = "a-secret-of-the-tests-alone_0123456789abcdef"
BOT_TOKEN = "5401000001:tests_0123456789abcdef"
PASSWORD = "correct horse battery"
_people = itertools.count(5_000_001)
_eyes: dict[str, Any] = {}  # a connection a database: a new one for each statement costs five times the statement


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Any
    text: str
    json: Any


@dataclass
class Api:
    """The process, and how one asks it."""

    process: Process
    database: dict[str, str]
    http: aiohttp.ClientSession
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **content: Any) -> Answer:
        """Send one request, as whoever this is."""
        given = ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | self.headers | (headers or {})
        url = path if path.startswith("http") else f"{self.process.url}{path}"
        async with self.http.request(method, url, headers=given, **content) as answer:
            text = await answer.text()
            is_json = answer.content_type == "application/json" and text
            return Answer(answer.status, answer.headers, text, await answer.json() if is_json else None)

    async def login(self, name: str, password: str = PASSWORD, **headers: str) -> Answer:
        """Try to sign in."""
        form = {"username": name, "password": password}
        return await self.ask("POST", "/api/v1/auth/login", data=form, headers=headers)

    def as_(self, token: str) -> "Api":
        """The same API, asked by another."""
        return Api(self.process, self.database, self.http, token)

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the tables, or change them as an operator would."""
        if (name := self.database["DB_NAME"]) not in _eyes:
            _eyes[name] = connect(self.database)
        with _eyes[name].cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    async def new_admin(self) -> str:
        """Make an admin; return the name."""
        ((number,),) = self.sql("SELECT nextval('admins_id_seq')")  # a count of our own would begin anew in each import
        name = f"admin {number}"
        await asyncio.to_thread(set_admin, settings_of(self.database), name, PASSWORD)
        return name


def api_env(database: dict[str, str], port: int, **more: str) -> dict[str, str]:
    """The environment of the API."""
    own = {"API_PORT": str(port), "JWT_SECRET": JWT_SECRET, "TELEGRAM_BOT_TOKEN": BOT_TOKEN}
    return {**database, **own, **more}


@pytest.fixture(scope="session")
def api_database(postgres: Postgres, template_database: str) -> Iterator[dict[str, str]]:
    """The database of the API that most tests share."""
    postgres.create_database("admin_api", template=template_database)
    yield postgres.env("admin_api")
    postgres.drop_database("admin_api")


@pytest.fixture(scope="session")
async def api_process(tmp_path_factory: pytest.TempPathFactory, api_database: dict[str, str]) -> AsyncIterator[Process]:
    """The process, in its role of little power; its log must stay clean to the end."""
    port = find_free_port()
    env = api_env(as_role(api_database, "admin"), port, TRUSTED_PROXIES="127.0.0.1")
    log = tmp_path_factory.mktemp("api") / "api.log"
    process = Process("admin_panel.backend.main", port=port, env=env, log=log)
    await process.start()
    yield process
    assert await process.stop() == 0
    failures = [line["exc_info"] for line in process.lines() if "exc_info" in line]
    assert [each for each in failures if "CheckViolation" not in each] == []  # one test breaks the audit on purpose
    assert PASSWORD not in process.log.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture(scope="session")
async def anonymous(api_process: Process, api_database: dict[str, str], http: aiohttp.ClientSession) -> Api:
    """Nobody, before the API."""
    return Api(api_process, api_database, http)


@pytest.fixture(scope="session")
async def shared_admin(anonymous: Api) -> Api:
    """An admin who stays signed in for the whole session."""
    answer = await anonymous.login(await anonymous.new_admin())
    assert answer.status == 200, answer.text
    return anonymous.as_(answer.json["access_token"])


@pytest.fixture
def person(anonymous: Api) -> int:
    """Somebody new whom the bot knows."""
    ((user_id,),) = anonymous.sql(
        "INSERT INTO users (id, first_name, username) VALUES (%s, 'Ann', 'ann_lifts') RETURNING id",
        next(_people),
    )
    return int(user_id)


@pytest.fixture
def user_token() -> Callable[[int], str]:
    """Call it for a token of that person, as /auth/telegram gives it."""

    def made(user_id: int) -> str:
        return tokens.issue(
            JWT_SECRET, audience=tokens.USER, sub=user_id, at=datetime.now(UTC), life=tokens.ACCESS_LIFE
        )

    return made


@pytest.fixture
async def admin(shared_admin: Api) -> Api:
    """An admin who is signed in."""
    return shared_admin
