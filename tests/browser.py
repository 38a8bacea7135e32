"""A real browser for tests: whatever Chromium or Chrome this machine has, driven by Playwright."""

import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Nobody waits so long in vain; Playwright's own five seconds are short where other tests want the processor too.
expect.set_options(timeout=30_000)

Scheme = Literal["light", "dark"]
OpenPage = Callable[..., Awaitable[Page]]


def find_browser() -> str | None:
    """The browser's program: CHROME first, then PATH, then macOS's applications."""
    if chosen := os.environ.get("CHROME"):
        return shutil.which(chosen)
    on_path = (shutil.which(name) for name in PROGRAMS)
    apps = (app for app in MACOS_APPS if os.access(app, os.X_OK))
    return next((found for found in (*on_path, *apps) if found), None)


def browser_problem() -> str:
    """Why there is no browser; empty when there is one."""
    if find_browser():
        return ""
    if chosen := os.environ.get("CHROME"):
        return f"CHROME={chosen} is no program."
    return "No Chromium or Chrome was found: install one (Debian: apt install chromium), or name it by CHROME=/path."


_complaints: list[str] = []


def heed_complaints(page: Page, *, but: str = "$^") -> None:
    """Let whatever the browser complains of on this page fail the test, at its end; but not what a test provokes.

    Raising where it is heard would end the one connection to the browser, and every later test with it.
    """
    page.on("pageerror", lambda error: _complaints.append(str(error)))
    page.on(
        "console",
        lambda said: _complaints.append(said.text) if said.type == "error" and not re.search(but, said.text) else None,
    )


async def closed(contexts: list[BrowserContext]) -> None:
    """Close what a test has opened, and see that nothing was complained of."""
    for context in contexts:
        await context.close()
    heard = [*_complaints]
    _complaints.clear()
    if heard:
        pytest.fail(f"The browser complained: {'; '.join(heard)}")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The session's one browser; its tests run on the session's event loop (tests/conftest.py sees to it)."""
    program = find_browser()
    if program is None:
        problem = browser_problem()
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(f"{problem} REQUIRE_BROWSER demands one.")
        pytest.skip(problem)
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]  # as root Chromium refuses its sandbox
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def phone(chromium: Browser) -> AsyncIterator[OpenPage]:
    """`await phone()` or `await phone(color_scheme="dark")` opens a page as on a phone."""
    contexts: list[BrowserContext] = []

    async def opened(*, color_scheme: Scheme = "light") -> Page:
        contexts.append(
            await chromium.new_context(
                viewport={"width": 390, "height": 844},
                device_scale_factor=2,
                has_touch=True,
                is_mobile=True,
                color_scheme=color_scheme,
            )
        )
        return await contexts[-1].new_page()

    yield opened
    await closed(contexts)


@pytest_asyncio.fixture(loop_scope="session")
async def desktop(chromium: Browser) -> AsyncIterator[OpenPage]:
    """`await desktop()` or `await desktop(color_scheme="dark")` opens a page as on a desk."""
    contexts: list[BrowserContext] = []

    async def opened(*, color_scheme: Scheme = "light") -> Page:
        size = {"width": 1280, "height": 800}
        contexts.append(
            await chromium.new_context(viewport=size, color_scheme=color_scheme)  # type: ignore[arg-type]
        )
        return await contexts[-1].new_page()

    yield opened
    await closed(contexts)
