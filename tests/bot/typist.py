"""Somebody who taps and types in the chat page, in a real browser, and waits for each answer before going on."""

import re

from playwright.async_api import Locator, Page, expect

from tests.stage import Sandbox


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


class Typist:
    """Taps the newest button of a name, writes lines, and sees what that very step is answered with.

    Taps and messages come to the bot side by side: whoever took an older message with the same words for the answer
    would write before the tap has been heard.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = log(page)

    async def tap(self, name: str | re.Pattern[str], sees: str | re.Pattern[str]) -> None:
        """Tap a button, which changes its message."""
        button = self.log.get_by_role("button", name=name, exact=True).last
        await button.click()
        await expect(self.log.locator(".key[aria-busy=true]")).to_have_count(0)
        await expect(self.log.get_by_text(sees).last).to_be_visible()

    async def write(self, text: str, sees: str | re.Pattern[str]) -> None:
        """Send a line, which is answered below."""
        own = self.log.locator(".message.out")
        before = await own.count()
        message = self.page.get_by_role("textbox", name="Message")
        await message.fill(text)
        await message.press("Enter")
        await expect(own).to_have_count(before + 1)
        await expect(self.log.locator(".message").last.get_by_text(sees).last).to_be_visible()

    async def has(self, name: str, *, times: int = 1) -> None:
        """So many buttons of that name are there."""
        await expect(self.log.get_by_role("button", name=name, exact=True)).to_have_count(times)
