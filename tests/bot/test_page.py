"""The bot in the chat page, in a real browser; `make pictures` keeps what is seen for the README."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import OpenPage, Scheme
from tests.stage import ROOT, Process, Sandbox

SOURCES = ROOT / "src"


async def keep(page: Page, name: str) -> None:
    """Keep a picture, when pictures are asked for."""
    if os.environ.get("PICTURES"):
        SOURCES.mkdir(exist_ok=True)
        await page.wait_for_timeout(600)  # animations
        await page.screenshot(path=SOURCES / name)


def log(page: Page) -> Locator:
    """The messages of the chat."""
    return page.get_by_role("log", name="Messages")


async def start(page: Page, sandbox: Sandbox) -> None:
    """Open the chat of somebody new and press Start."""
    someone = await sandbox.person("Ann")
    await page.add_init_script(f"localStorage.setItem('me', '{someone.id}')")
    await page.goto(sandbox.url)
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(log(page).get_by_text("What shall we do?")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_newcomer_on_a_phone(phone: OpenPage, sandbox: Sandbox, bot: Process, scheme: Scheme) -> None:
    page = await phone(color_scheme=scheme)
    await start(page, sandbox)
    await log(page).get_by_role("button", name="Help", exact=True).click()
    await expect(log(page).get_by_text("Your log is yours alone")).to_be_visible()
    await expect(log(page).get_by_text("What shall we do?")).to_be_hidden()  # changed in place
    await log(page).get_by_role("button", name="Go back").click()
    await expect(log(page).get_by_text("What shall we do?")).to_be_visible()
    if scheme == "light":
        await keep(page, "img01.png")


async def test_a_newcomer_at_a_desk(desktop: OpenPage, sandbox: Sandbox, bot: Process) -> None:
    page = await desktop()
    await start(page, sandbox)
    message = page.get_by_role("textbox", name="Message")
    await message.fill("hello")
    await message.press("Enter")
    await expect(log(page).get_by_text("I didn't catch that")).to_be_visible()
    await message.fill("/help")
    await message.press("Enter")
    await expect(log(page).get_by_text("Your log is yours alone")).to_be_visible()
    assert await log(page).get_by_role("button", name="Help", exact=True).count() == 0  # former keyboards are gone


def test_the_readmes_pictures_are_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in (part.split('"')[0] for part in readme.split('src="')[1:]):
        assert Path(ROOT / name).is_file(), name
