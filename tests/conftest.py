"""What every test may ask for: a real PostgreSQL, a real Valkey, a fresh database, a browser."""

from app.utils import lean_aiogram  # noqa: F401 - as in the processes that are tested

# isort: split
import itertools
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Literal

import pytest

from dev.servers import Postgres, Valkey, temporary_folder
from tests.browser import browser_problem, chromium, desktop, phone

__all__ = ["chromium", "desktop", "phone"]  # fixtures of tests/browser.py, for all tests

TEMPLATE = "template_gym"
ROLE_PASSWORDS = {"DB_BOT_PASSWORD": "a-password-of-the-bot", "DB_ADMIN_PASSWORD": "a-password-of-the-admins"}
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL for this session; its guard ends it even when the session is killed."""
    with temporary_folder() as folder:
        server = Postgres(folder / "postgres", durable=False)
        server.start()
        yield server
        server.stop("immediate")


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A Valkey for this session."""
    with temporary_folder() as folder:
        server = Valkey(folder / "valkey", durable=False)
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="session")
def template_database(postgres: Postgres) -> str:
    """A database with all migrations, made once; copying it takes a twentieth of the time of migrating anew.

    What the roles of little power may do is copied with it.
    """
    from app.schema import bring_up_to_date
    from app.settings import MigrationSettings

    postgres.create_database(TEMPLATE)
    env = postgres.env(TEMPLATE) | ROLE_PASSWORDS
    settings = MigrationSettings.model_validate({name.lower(): value for name, value in env.items()})
    bring_up_to_date(settings)
    return TEMPLATE


@pytest.fixture
def database_env(postgres: Postgres, template_database: str) -> Iterator[dict[str, str]]:
    """DB_* of a fresh database of this test's own, migrated."""
    name = f"test_{next(_numbers)}"
    postgres.create_database(name, template=template_database)
    yield postgres.env(name)
    postgres.drop_database(name)


def as_role(database: dict[str, str], role: Literal["bot", "admin"]) -> dict[str, str]:
    """The same database, as the bot or the admin API enters it in production."""
    password = ROLE_PASSWORDS[f"DB_{role.upper()}_PASSWORD"]
    return database | {"DB_USER": f"gymbot_{role}", "DB_PASSWORD": password}


@pytest.fixture
def redis_env(valkey: Valkey) -> dict[str, str]:
    """REDIS_* of an empty Valkey."""
    valkey.flush()
    return valkey.env()


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Call it for a port of 127.0.0.1 that nobody listens on now."""
    return find_free_port


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser run on the session's event loop, where the one browser lives.

    Files of few tests come first: those are the dear ones, and whichever comes last keeps one worker busy alone.
    """
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: tests[item.path])
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if browser_problem() in str(report.longrepr)
    ]
    if browser_problem() and skipped and not os.environ.get("REQUIRE_BROWSER"):
        terminalreporter.section("NOT TESTED: the browser", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} tests were skipped. {browser_problem()}")
