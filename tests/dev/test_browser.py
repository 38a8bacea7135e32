"""The browser that tests drive is a real one, on a phone and on a desk, in the light and in the dark."""

from pathlib import Path

import pytest

from tests import browser
from tests.browser import OpenPage

EMPTY = '<meta name="viewport" content="width=device-width">'
DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
ASK = f"[innerWidth, innerHeight, devicePixelRatio, navigator.maxTouchPoints > 0, {DARK}]"


async def test_a_page_opens_as_on_a_phone(phone: OpenPage) -> None:
    page = await phone(color_scheme="dark")
    await page.set_content(EMPTY)
    assert await page.evaluate(ASK) == [390, 844, 2, True, True]


async def test_a_page_opens_as_on_a_desk(desktop: OpenPage) -> None:
    page = await desktop()
    await page.set_content(EMPTY)
    assert await page.evaluate(ASK) == [1280, 800, 1, False, False]


def test_a_browser_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROME", str(tmp_path / "chrome"))
    assert browser.browser_problem() == f"CHROME={tmp_path / 'chrome'} is no program."
    monkeypatch.delenv("CHROME")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "MACOS_APPS", ())
    assert "apt install chromium" in browser.browser_problem()
