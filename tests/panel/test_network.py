"""When the network or the API is away, or the API says no: pages say so, and nothing typed is lost."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser import OpenPage, heed_complaints
from tests.panel.conftest import REFUSED, Admin, House

# What the browser says by itself here, and React of the page whose file did not come.
PROVOKED = f"{REFUSED}|status of 422|net::ERR_INTERNET_DISCONNECTED|A part of the panel did not come"
AWAY = "The admin API cannot be reached."


@pytest.fixture
async def admin(desktop: OpenPage, house: House) -> Admin:
    """Somebody who sees the muscles."""
    page = await desktop()
    heed_complaints(page, but=PROVOKED)
    made = Admin(page, house, await house.new_admin())
    await page.goto(f"{house.url}/muscles")
    await made.sign_in()
    await expect(page.get_by_role("table", name="Muscles")).to_be_visible()
    return made


async def type_new_muscle(page: Page, name: str) -> None:
    await page.get_by_role("button", name="New muscle").click()
    await page.get_by_role("textbox", name="Name").fill(name)


async def refused(page: Page, name: str, sentence: str) -> None:
    """Save, and see why not beside what was typed."""
    await page.get_by_role("textbox", name="Name").press("Enter")
    form = page.get_by_role("form", name="New muscle")
    await expect(form.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
    await expect(page.get_by_role("textbox", name="Name")).to_have_value(name)


async def test_without_a_network_a_list_says_so_and_comes_by_itself_when_there_is_one(admin: Admin) -> None:
    page = admin.page
    await page.context.set_offline(True)
    await page.get_by_role("searchbox").fill("zzz")
    await expect(page.get_by_text(AWAY)).to_be_visible()
    await expect(page.get_by_label("Loading", exact=False)).to_have_count(0)
    await page.context.set_offline(False)
    await expect(page.get_by_text("Nothing fits.")).to_be_visible()


async def test_a_page_further_on_that_does_not_come_is_still_the_one_that_is_wanted(admin: Admin) -> None:
    page = admin.page
    table = page.get_by_role("table", name="Recorded sets")
    await admin.open("/training?page=1", "Training")
    await expect(table).to_be_visible()
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_role("button", name="Previous")).to_be_enabled()
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text(AWAY)).to_be_visible()
    await expect(page).to_have_url(re.compile("page=3"))
    await page.context.set_offline(False)
    await expect(table).to_be_visible()
    await expect(page).to_have_url(re.compile("page=3"))


async def test_a_page_whose_file_does_not_come_says_so_and_can_be_had_later(admin: Admin) -> None:
    page = admin.page
    await page.context.set_offline(True)
    await page.get_by_role("link", name="Audit log").click()
    await expect(page.get_by_text("A part of the panel did not come.")).to_be_visible()
    await page.get_by_role("link", name="Muscles").click()  # the way to the others is still there
    await admin.sees("Muscles")
    await page.get_by_role("link", name="Audit log").click()
    await expect(page.get_by_text("A part of the panel did not come.")).to_be_visible()
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Try again").click()
    await admin.sees("Audit log")


async def test_what_is_saved_without_a_network_stays_typed(admin: Admin) -> None:
    page = admin.page
    await type_new_muscle(page, "Typed offline")
    await page.context.set_offline(True)
    await refused(page, "Typed offline", AWAY)
    await page.context.set_offline(False)
    await page.get_by_role("textbox", name="Name").press("Enter")
    await admin.is_told("“Typed offline” is there, for everybody.")


async def test_what_is_saved_while_the_api_is_away_stays_typed(admin: Admin) -> None:
    page = admin.page
    await type_new_muscle(page, "Typed while away")
    assert await admin.house.api.stop() == 0
    try:
        await refused(page, "Typed while away", AWAY)
    finally:
        await admin.house.api.start()
    await page.get_by_role("textbox", name="Name").press("Enter")
    await admin.is_told("“Typed while away” is there, for everybody.")


async def test_what_the_api_cannot_take_stays_typed(admin: Admin) -> None:
    await type_new_muscle(admin.page, "Invi\u200bsible")
    await refused(admin.page, "Invi\u200bsible", "cannot be seen")


async def test_what_breaks_around_the_pages_is_said_in_the_panels_words(desktop: OpenPage, house: House) -> None:
    page = await desktop()
    await page.add_init_script(
        """const get = Storage.prototype.getItem;
        Storage.prototype.getItem = function (name) {
            if (name === "gym-panel-session") throw new Error("taken away");
            return get.call(this, name);
        };"""
    )
    await page.goto(house.url)
    await expect(page.get_by_role("alert")).to_contain_text("The panel could not be loaded.")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Something went wrong")
    await expect(page.get_by_text("taken away")).to_have_count(0)
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()
