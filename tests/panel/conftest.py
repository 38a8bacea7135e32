"""The panel as an admin meets it: the built pages, their server, the real API, a filled database, a real browser."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.async_api import Page, expect

from app.manage import set_admin
from dev import panel
from dev.fill import fill
from dev.node import NodeProblem
from dev.servers import Postgres
from tests.admin_api.conftest import api_env
from tests.browser import OpenPage, heed_complaints
from tests.conftest import find_free_port
from tests.migrations.conftest import settings_of
from tests.stage import Process, connected

PASSWORD = "correct horse battery"
PEOPLE, DAYS = 48, 120
# What the browser says by itself of a refusal, which the page says too.
REFUSED = "server responded with a status of (401|404|409|412|429|503)|net::ERR_CONNECTION_REFUSED"
NOT_HERE = "The admin panel is not built here:"
_admins = itertools.count(1)
collect_ignore_glob = [] if os.environ.get("PICTURES") else ["test_pictures.py"]  # make pictures


def do_without(problem: NodeProblem) -> NoReturn:
    """Without the pages CI fails; elsewhere these tests are skipped, and the last lines say so loudly."""
    if os.environ.get("CI"):
        pytest.fail(f"{NOT_HERE} {problem} CI demands it.")
    pytest.skip(f"{NOT_HERE} {problem}")


@dataclass
class House:
    """Everything behind the pages."""

    url: str
    api: Process
    database: dict[str, str]

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the tables, or change them as an operator would."""
        with connected(self.database) as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    async def new_admin(self) -> str:
        """Make an admin; return the name."""
        name = f"admin {os.getpid()} {next(_admins)}"
        await asyncio.to_thread(set_admin, settings_of(self.database), name, PASSWORD)
        return name


@pytest.fixture(scope="session")
def pages() -> Path:
    """The built pages."""
    try:
        panel.build()
    except NodeProblem as problem:
        do_without(problem)
    return panel.FRONTEND / "dist"


@pytest.fixture(scope="session")
def panel_database(postgres: Postgres, template_database: str) -> Iterator[dict[str, str]]:
    """A gym of some months."""
    postgres.create_database("panel", template=template_database)
    env = postgres.env("panel")
    fill(env, people=PEOPLE, days=DAYS, today=datetime.now(UTC).date())
    yield env
    postgres.drop_database("panel")


@pytest.fixture(scope="session")
async def house(
    pages: Path, panel_database: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """The API, and the panel's server before it."""
    folder, port, api_port = tmp_path_factory.mktemp("panel"), find_free_port(), find_free_port()
    given = api_env(panel_database, api_port, TRUSTED_PROXIES="127.0.0.1")
    api = Process("admin_panel.backend.main", port=api_port, env=given, log=folder / "api.log")
    passing = {"PANEL_PORT": str(port), "API_URL": api.url}
    server = Process("admin_panel.frontend.main", port=port, env=passing, log=folder / "panel.log")
    await asyncio.gather(api.start(), server.start())
    yield House(server.url, api, panel_database)
    assert await server.stop() == 0
    assert await api.stop() == 0
    for process in (api, server):
        assert [line["exc_info"] for line in process.lines() if "exc_info" in line] == []


@dataclass
class Admin:
    """An admin at a browser."""

    page: Page
    house: House
    name: str

    async def open(self, path: str, title: str) -> None:
        """Open a page by its address, and wait for it."""
        await self.page.goto(f"{self.house.url}{path}")
        await self.sees(title)

    async def sees(self, title: str) -> None:
        """Wait until the page of this title is there."""
        await expect(self.page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()

    async def sign_in(self, name: str = "") -> None:
        """Fill the form that stands there."""
        form = self.page.get_by_role("form", name="Sign in")
        await form.get_by_label("Name").fill(name or self.name)
        await form.get_by_label("Password").fill(PASSWORD)
        await form.get_by_role("button", name="Sign in").click()

    async def is_told(self, text: str) -> None:
        """Wait for the line in the corner."""
        await expect(self.page.get_by_role("status").filter(has_text=text).first).to_be_visible()


@pytest.fixture
async def admin(desktop: OpenPage, house: House) -> Admin:
    """Somebody who has just signed in, at a desk."""
    page = await desktop()
    heed_complaints(page, but=REFUSED)
    made = Admin(page, house, await house.new_admin())
    await made.page.goto(f"{house.url}/muscles")
    await made.sign_in()
    await made.sees("Muscles")
    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NOT_HERE in str(report.longrepr)]
    if skipped:
        terminalreporter.section("NOT TESTED: the admin panel", sep="!", red=True, bold=True)
        terminalreporter.write_line(
            f"{len(skipped)} tests were skipped. {skipped[0].longrepr[2].removeprefix('Skipped: ')}"
        )
