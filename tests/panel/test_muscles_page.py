"""Muscles: found while typing, changed in place, archived and deleted; two admins at once."""

from playwright.async_api import expect

from tests.panel.conftest import Admin


async def test_a_muscle_is_added_and_renamed_in_its_line(admin: Admin) -> None:
    page = admin.page
    await page.get_by_role("button", name="New muscle").click()
    await page.get_by_role("textbox", name="Name").fill("  bAck ")
    await expect(page.get_by_text("“Back” is there already.")).to_be_visible()
    await page.get_by_role("textbox", name="Name").fill("Neck צוואר")
    await expect(page.get_by_text("is there already")).to_be_hidden()
    await page.keyboard.press("Enter")
    await admin.is_told("“Neck צוואר” is there, for everybody.")
    await page.get_by_role("searchbox", name="Search muscles").fill("neck")
    await expect(page.get_by_role("row")).to_have_count(2)  # the head is one
    await page.get_by_role("button", name="Edit Neck צוואר").click()
    await page.get_by_role("textbox", name="Name").fill("Nape")
    await page.keyboard.press("Enter")
    await admin.is_told("Saved.")
    assert admin.house.sql("SELECT count(*) FROM muscles WHERE name = 'Nape'") == [(1,)]
