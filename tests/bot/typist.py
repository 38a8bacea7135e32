"""Somebody in the chat page, for the tests of every room."""

import re

from playwright.async_api import Page, expect

from tests.bot.test_page import log


class Typist:
    """Somebody who taps and types in the page, and sees the newest message."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def tap(self, name: str | re.Pattern[str], sees: str) -> None:
        """Tap a button, which changes its message."""
        await log(self.page).get_by_role("button", name=name, exact=True).last.click()
        await expect(log(self.page).get_by_text(sees).last).to_be_visible()

    async def write(self, text: str, sees: str) -> None:
        """Send a line, which is answered below."""
        message = self.page.get_by_role("textbox", name="Message")
        await message.fill(text)
        await message.press("Enter")
        await expect(log(self.page).get_by_text(sees).last).to_be_visible()

    async def has(self, name: str, *, times: int = 1) -> None:
        """So many buttons of that name are there."""
        await expect(log(self.page).get_by_role("button", name=name, exact=True)).to_have_count(times)
