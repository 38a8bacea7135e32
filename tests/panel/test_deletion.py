"""A deletion that was planned: asked for once, carried out by whoever signs out, dropped where nobody is left."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

from playwright.async_api import Page, Route, expect

from dev.fill import FIRST_PERSON
from tests.panel.conftest import Admin


def someone_with_a_set(admin: Admin, name: str) -> int:
    ((person,),) = admin.house.sql(
        "INSERT INTO users (id, first_name) SELECT coalesce(max(id), 0) + 1, %s FROM users WHERE id < %s RETURNING id",
        name, FIRST_PERSON,
    )  # fmt: skip
    admin.house.sql(
        "INSERT INTO training (day, user_id, muscle_id, exercise_id, set, weight, reps)"
        " VALUES (current_date - 1, %s, 1, 1, 1, 60, 8)",
        person,
    )
    return int(person)


def has_set(admin: Admin, person: int) -> bool:
    return bool(admin.house.sql("SELECT 1 FROM training WHERE user_id = %s", person))


async def plan(admin: Admin, person: int, name: str) -> None:
    """Open the list of this person's sets, and delete the one."""
    await admin.open(f"/training?filter=%7B%22user_id%22%3A{person}%7D", "Training")
    await admin.page.get_by_role("button", name=f"Delete Bench press, set 1 of {name}").click()
    await expect(admin.page.get_by_text(re.compile(f"set 1 of {name} will be deleted"))).to_be_visible()


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Sign out", exact=True).click()


async def test_it_is_asked_for_once_however_long_the_list_takes_after_it(admin: Admin) -> None:
    page = admin.page
    person = someone_with_a_set(admin, "Once")
    deletions: list[str] = []
    page.on("request", lambda request: deletions.append(request.url) if request.method == "DELETE" else None)
    asked_anew, go_on = asyncio.Event(), asyncio.Event()

    async def held(route: Route) -> None:
        if deletions:
            asked_anew.set()
            await go_on.wait()
        await route.continue_()

    await page.clock.install()
    await page.route("**/api/v1/training?**", held)
    await plan(admin, person, "Once")
    await page.clock.run_for(8_000)
    await asyncio.wait_for(asked_anew.wait(), 30)
    await page.clock.run_for(3_000)
    await expect(page.get_by_text("set 1 of Once is being deleted")).to_be_visible()
    go_on.set()
    await expect(page.get_by_text("Nothing fits.")).to_be_visible()
    await admin.is_told("Deleted: Bench press, set 1 of Once.")
    await expect(page.get_by_text("by somebody else")).to_have_count(0)
    assert len(deletions) == 1


async def test_whoever_signs_out_has_it_carried_out_at_once(admin: Admin) -> None:
    page = admin.page
    person = someone_with_a_set(admin, "Leaving")
    await page.clock.install()
    await plan(admin, person, "Leaving")
    await page.get_by_role("link", name=admin.name).click()
    await admin.sees("Your account")
    await sign_out(page)
    await expect(page.get_by_role("form", name="Sign in")).to_be_visible()
    await admin.is_told("Deleted: Bench press, set 1 of Leaving.")
    assert not has_set(admin, person)


async def test_it_is_dropped_and_said_when_another_tab_signs_out(admin: Admin) -> None:
    page = admin.page
    person = someone_with_a_set(admin, "Kept")
    other = await page.context.new_page()
    await other.goto(f"{admin.house.url}/account")
    await page.clock.install()
    await plan(admin, person, "Kept")
    await page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=2))  # in both tabs: no countdown goes on
    await sign_out(other)
    await other.wait_for_function("() => localStorage.getItem('gym-panel-session') === '{}'")
    await page.clock.resume()
    for tab in (page, other):
        await expect(tab.get_by_role("form", name="Sign in")).to_be_visible()
    await admin.is_told("Not deleted: Bench press, set 1 of Kept. You signed out before.")
    await page.clock.run_for(10_000)
    await admin.sign_in()
    await expect(page.get_by_role("button", name="Delete Bench press, set 1 of Kept")).to_be_visible()
    assert has_set(admin, person)
