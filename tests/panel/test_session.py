"""Coming in, staying in, going out; and coming back to where one was, with what one typed."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser import OpenPage, heed_complaints
from tests.panel.conftest import PASSWORD, REFUSED, Admin, House

EXPIRED = """() => new Promise(done => {  // the access token's fifteen minutes are over
    const kept = JSON.parse(localStorage.getItem("gym-panel-session"));
    const text = JSON.stringify({...kept, access: "over", accessEnds: 0});
    localStorage.setItem("gym-panel-session", text);
    indexedDB.open("gym-panel-session").onsuccess = event => {
        const writing = event.target.result.transaction("session", "readwrite");
        writing.objectStore("session").put(text, "present");
        writing.oncomplete = () => done(null);
    };
})"""


async def end_sessions(admin: Admin) -> None:
    """As somebody who signs this admin out everywhere, from elsewhere."""
    admin.house.sql(
        "UPDATE admin_sessions SET ended_at = now() WHERE admin_id = (SELECT id FROM admins WHERE name = %s)",
        admin.name,
    )


async def test_a_wrong_password_is_told_and_too_many_have_to_wait(desktop: OpenPage, house: House) -> None:
    page = await desktop()
    heed_complaints(page, but=REFUSED)
    name = await house.new_admin()
    await page.clock.install()
    await page.goto(f"{house.url}/training?filter=%7B%22user_id%22%3A1%7D")
    await page.get_by_label("Name").fill(name)
    sign_in = page.get_by_role("button", name="Sign in")
    for _ in range(20):
        await page.get_by_label("Password").fill("wrong")
        await sign_in.click()
        await expect(page.get_by_role("alert")).to_contain_text(re.compile("is wrong|Too many"))
        if "Too many" in (await page.get_by_role("alert").text_content() or ""):
            break
    await expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Too many tries\. Try again in \d+ s\."))
    await expect(sign_in).to_be_disabled()
    house.sql("DELETE FROM admin_guesses")
    async with asyncio.timeout(30):
        while await sign_in.is_disabled():
            await page.clock.run_for(1_000)
    await page.get_by_label("Password").fill(PASSWORD)
    await sign_in.click()
    await expect(page.get_by_role("heading", level=1, name="Training")).to_be_visible()
    assert "user_id" in page.url  # where one wanted to go


async def test_many_requests_in_two_tabs_renew_the_session_once(admin: Admin) -> None:
    page = admin.page
    renewed: list[str] = []
    other = await page.context.new_page()
    for tab in (page, other):
        tab.on("request", lambda request: renewed.append(request.url) if request.url.endswith("/refresh") else None)
    await other.goto(f"{admin.house.url}/muscles")
    await expect(other.get_by_role("table", name="Muscles")).to_be_visible()
    await page.evaluate(EXPIRED)
    await asyncio.gather(page.goto(f"{admin.house.url}/?days=7"), other.goto(f"{admin.house.url}/?days=30"))
    for tab in (page, other):
        await expect(tab.get_by_role("table", name="Sets by hour of the week")).to_be_visible()
        await expect(tab.get_by_role("dialog")).to_have_count(0)
    assert len(renewed) == 1


async def test_who_is_signed_out_from_elsewhere_comes_back_with_what_they_typed(admin: Admin) -> None:
    page = admin.page
    await page.get_by_role("button", name="New muscle").click()
    await page.get_by_role("textbox", name="Name").fill("Typed before")
    await end_sessions(admin)
    await page.get_by_role("textbox", name="Name").press("Enter")
    dialog = page.get_by_role("dialog", name="Your session has ended")
    await expect(dialog).to_be_visible()
    await expect(dialog.get_by_label("Name")).to_have_value(admin.name)
    await dialog.get_by_label("Password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Sign in").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text("Typed before", exact=True)).to_be_visible()  # the request waited for its person


async def test_signing_out_everywhere_ends_every_tab_and_every_token(admin: Admin, desktop: OpenPage) -> None:
    page = admin.page
    other = await page.context.new_page()
    await other.goto(f"{admin.house.url}/people")
    await expect(other.get_by_role("heading", level=1, name="People")).to_be_visible()
    elsewhere = Admin(await desktop(), admin.house, admin.name)
    heed_complaints(elsewhere.page, but=REFUSED)
    await elsewhere.page.goto(f"{admin.house.url}/audit")
    await elsewhere.sign_in()
    await elsewhere.sees("Audit log")
    await admin.open("/account", "Your account")
    await page.get_by_role("button", name="Sign out everywhere").click()
    await page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
    for tab in (page, other):
        await expect(tab.get_by_role("form", name="Sign in")).to_be_visible()
        assert await tab.evaluate("() => localStorage.getItem('gym-panel-session')") == "{}"
    await elsewhere.page.reload()
    await expect(elsewhere.page.get_by_role("dialog", name="Your session has ended")).to_be_visible()
    assert "/audit" in elsewhere.page.url


@pytest.mark.parametrize(
    ("lost", "why"),
    [("auth/logout", "No answer came: this browser"), ("auth/refresh", "The API did not hear it: this browser")],
)
async def test_signing_out_without_an_answer_says_what_is_known(admin: Admin, lost: str, why: str) -> None:
    page = admin.page

    async def cut(route: Route) -> None:
        await route.abort("connectionrefused")

    await admin.open("/account", "Your account")
    await expect(page.get_by_role("heading", name=admin.name)).to_be_visible()
    await page.route(f"**/api/v1/{lost}", cut)
    await page.evaluate(EXPIRED if lost == "auth/refresh" else "null")
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await expect(page.get_by_role("form", name="Sign in")).to_be_visible()
    await expect(page.get_by_text(why)).to_be_visible()


async def refuse_api(page: Page) -> None:
    async def cut(route: Route) -> None:
        await route.abort("connectionrefused")

    await page.route("**/api/**", cut)


async def test_an_api_that_is_away_is_said_and_tried_again(admin: Admin) -> None:
    page = admin.page
    heard = page.get_by_text("The admin API cannot be reached.")
    await refuse_api(page)
    await page.get_by_role("link", name="People").click()
    await expect(heard.first).to_be_visible()
    await page.unroute_all()
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("table", name="People")).to_be_visible()
