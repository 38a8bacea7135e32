"""The README's pictures of the panel; `make pictures` alone runs this."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from app.manage import set_admin
from tests.browser import OpenPage, Scheme
from tests.migrations.conftest import settings_of
from tests.panel.conftest import PASSWORD, Admin, House
from tests.panel.test_every_page import settled
from tests.stage import ROOT

SOURCES = ROOT / "src"
MONTH = "days=90"
DESK = {
    "graph": (f"/?{MONTH}", 1250),
    "panel-muscles": ("/muscles", 640),
    "panel-training": ("/training", 720),
    "panel-person": (f"/people/{{busiest}}?{MONTH}", 860),
}


async def ann(page: Page, house: House) -> Admin:
    """An admin of that name, signed in."""
    await asyncio.to_thread(set_admin, settings_of(house.database), "ann", PASSWORD)
    admin = Admin(page, house, "ann")
    await page.goto(house.url)
    await admin.sign_in()
    await admin.sees("Overview")
    return admin


async def picture(page: Page, name: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.mouse.move(0, 0)
    await settled(page)
    await page.screenshot(path=SOURCES / f"{name}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_at_a_desk(desktop: OpenPage, house: House, scheme: Scheme) -> None:
    page = await desktop(color_scheme=scheme)
    await ann(page, house)
    ((busiest,),) = house.sql("SELECT user_id FROM training GROUP BY user_id ORDER BY count(*) DESC, user_id LIMIT 1")
    for name, (path, height) in DESK.items() if scheme == "light" else {"panel-dark": DESK["graph"]}.items():
        await page.set_viewport_size({"width": 1280, "height": height})
        await page.goto(f"{house.url}{path.format(busiest=busiest)}")
        await picture(page, name)
    assert (SOURCES / "graph.png").stat().st_size < 300_000


async def test_on_a_phone(phone: OpenPage, house: House) -> None:
    page = await phone()
    await ann(page, house)
    for name, path in {"panel-phone": f"/?{MONTH}", "panel-phone-training": "/training"}.items():
        await page.goto(f"{house.url}{path}")
        await picture(page, name)
