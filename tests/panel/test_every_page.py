"""Every page, in both themes, at a desk and on a phone: whole, without a serious finding of axe, and alone.

SHOTS=/some/folder keeps a picture of each.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, Request, expect

from dev.fill import FIRST_PERSON, ODD_NAMES
from dev.panel import FRONTEND
from tests.browser import OpenPage, Scheme, heed_complaints
from tests.panel.conftest import REFUSED, Admin, House

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
LONG_NAME = FIRST_PERSON + 27  # dev/fill.py gives this one a name that no line holds
# By the address, but without loading everything anew; no two neighbours have the same title.
GO = "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }"
PAGES = {
    "overview": ("/?days=90", "Overview"),
    "muscles": ("/muscles", "Muscles"),
    "exercises": ("/exercises", "Exercises"),
    "merge": ("/exercises/2/merge", "Merge Bench press incline"),
    "training": ("/training", "Training"),
    "people": ("/people", "People"),
    "person": (f"/people/{LONG_NAME}?days=90", ODD_NAMES[1]),
    "audit": ("/audit", "Audit log"),
    "account": ("/account", "Your account"),
    "nothing-fits": ("/muscles?filter=%7B%22search%22%3A%22zzz%22%7D", "Muscles"),
    "refused": ("/training?filter=%7B%22exercise_id%22%3A1%2C%22from%22%3A%222020-01-01%22%7D", "Training"),
    "nobody": ("/people/5", "Person"),
    "nothing-there": ("/none", "Not here"),
}


async def serious(page: Page) -> list[str]:
    """What axe calls serious or critical, and where."""
    found = await page.evaluate(
        """() => axe.run(document, {
            resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
        })"""
    )
    return [
        f"{each['id']}: {' '.join(map(str, node['target']))} {node['failureSummary']}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


async def settled(page: Page) -> None:
    """Wait until nothing is being loaded any more."""
    await expect(page.locator("[role=status][aria-label^=Loading], [aria-busy=true]")).to_have_count(0)
    await page.evaluate("() => Promise.all(document.getAnimations().map(each => each.finished.catch(() => null)))")


async def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def trouble(page: Page, name: str) -> list[str]:
    """What is wrong with a page: axe's findings, and whether one has to scroll sideways."""
    await settled(page)
    await keep(page, name)
    assert page.viewport_size is not None
    wide = await page.evaluate("() => document.documentElement.scrollWidth") - page.viewport_size["width"]
    findings = await serious(page)
    if findings:  # a panel that was being read anew at that moment is dim
        await settled(page)
        findings = await serious(page)
    return [
        *(f"{name}: {finding}" for finding in findings),
        *([f"{name} sticks out by {wide} pixels"] if wide > 0 else []),
    ]


@pytest.mark.parametrize(("device", "scheme"), [("desk", "light"), ("phone", "dark")])
async def test_every_page_is_whole(
    desktop: OpenPage, phone: OpenPage, house: House, device: str, scheme: Scheme
) -> None:
    page = await (desktop if device == "desk" else phone)(color_scheme=scheme)
    heed_complaints(page, but=REFUSED)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    await page.add_init_script(AXE.read_text(encoding="utf-8"))
    admin = Admin(page, house, await house.new_admin())
    await admin.open("/login", "Gym bot")
    found = await trouble(page, f"{device}-{scheme}-sign-in")
    await admin.sign_in()
    await admin.sees("Overview")
    for name, (path, title) in PAGES.items():
        await page.evaluate(GO, path)
        await admin.sees(title)
        found += await trouble(page, f"{device}-{scheme}-{name}")
    assert found == []
    assert {url for url in asked if not url.startswith(house.url)} == set()


@pytest.mark.parametrize(("device", "scheme"), [("phone", "light")])
async def test_what_opens_on_a_page_is_whole_too(
    desktop: OpenPage, phone: OpenPage, house: House, device: str, scheme: Scheme
) -> None:
    """Forms, dialogs, menus, a conflict."""
    page = await (desktop if device == "desk" else phone)(color_scheme=scheme)
    heed_complaints(page, but=REFUSED)
    await page.add_init_script(AXE.read_text(encoding="utf-8"))
    admin = Admin(page, house, await house.new_admin())
    thing = f"Opened on a {device}"
    ((number,),) = house.sql("INSERT INTO exercises (name, muscle) VALUES (%s, 1) RETURNING id", thing)
    await page.goto(f"{house.url}/exercises?filter=%7B%22search%22%3A%22{thing}%22%7D")
    await admin.sign_in()
    found: list[str] = []

    async def look(name: str) -> None:
        found.extend(await trouble(page, f"{device}-{scheme}-open-{name}"))

    def button(name: str) -> Locator:
        return page.get_by_role("button", name=name, exact=True)

    if device == "phone":
        await button("Menu").click()
        await expect(page.get_by_role("dialog", name="Menu")).to_be_visible()
        await look("menu")
        await page.keyboard.press("Escape")
        await button("Filters").click()
    await page.get_by_role("combobox", name="State").click()
    await look("choice")
    await page.keyboard.press("Escape")
    await page.get_by_role("combobox", name="Muscle").fill("b")
    await expect(page.get_by_role("option").first).to_be_visible()
    await look("picker")
    await page.keyboard.press("Escape")
    await button("New exercise").click()
    form = page.get_by_role("form", name="New exercise")
    await form.get_by_role("combobox", name="Muscle").fill("chest")
    await page.get_by_role("option", name="Chest", exact=True).click()
    await form.get_by_role("textbox", name="Name").fill("Bench press")
    await expect(page.get_by_text("is there already")).to_be_visible()
    await look("new")
    await form.get_by_role("textbox", name="Name").fill(f"{thing}, too")
    await form.get_by_role("button", name="Add").click()
    await expect(form).to_have_count(0)
    for act in ("Archive", "Delete"):
        await button(f"{act} {thing}").click()
        await expect(page.get_by_role("dialog").get_by_role("button", name=act)).to_be_visible()
        await look(act.lower())
        await page.keyboard.press("Escape")
    await button(f"Edit {thing}").click()
    form = page.get_by_role("form", name=f"Edit {thing}")
    await form.get_by_role("textbox", name="Name").fill(f"{thing}, by me")
    house.sql("UPDATE exercises SET name = %s WHERE id = %s", f"{thing}, by them", number)
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("table")).to_be_visible()
    await look("conflict")
    await page.evaluate(GO, "/audit")
    await admin.sees("Audit log")
    await page.get_by_role("button", name=re.compile("Details of change")).first.click()
    await look("audit")
    await page.evaluate(GO, "/training")
    await admin.sees("Training")
    await button("Export as CSV").click()
    await look("export")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name=re.compile("^Correct ")).nth(1).click()
    await page.get_by_role("button", name=re.compile("^Delete ")).first.click()
    await look("training")
    assert found == []
