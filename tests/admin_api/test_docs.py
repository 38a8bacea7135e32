"""Swagger alone serves an admin, in a real browser; every file comes from here."""

import json
from typing import Any

from playwright.async_api import Page, Request, expect

from tests.admin_api.conftest import PASSWORD, Api
from tests.browser import OpenPage


def watched(page: Page, api: Api) -> list[str]:
    """Collect what a page complains about, and what it asks of others."""
    troubles: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith((api.process.url, "data:", "blob:")):
            troubles.append(request.url)

    page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", asked)
    return troubles


class Swagger:
    """The page, as an admin uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def authorize(self, name: str, password: str) -> None:
        """Sign in by the button at the top."""
        await self.page.locator(".scheme-container button.authorize").click()
        box = self.page.locator(".dialog-ux .auth-container", has_text="OAuth2, password")
        await box.locator("#oauth_username").fill(name)
        await box.locator("#oauth_password").fill(password)
        await box.locator("button.authorize").click()
        await expect(box.get_by_text("Logout")).to_be_visible()
        await self.page.locator(".dialog-ux .close-modal").click()

    async def ask(self, operation: str, *, body: Any = None, **fields: str) -> tuple[int, Any]:
        """Open an operation, fill it in, execute it, and see the answer on the page."""
        found = self.page.locator(f"[id^='operations-'][id$='-{operation}']")
        await found.locator(".opblock-summary-control").click()
        for name, value in fields.items():
            await found.locator(f"tr[data-param-name='{name}'] input").fill(value)
        if body is not None:
            await found.locator("textarea.body-param__text").fill(json.dumps(body))
        async with self.page.expect_response(lambda answer: "/api/v1/" in answer.url) as coming:
            await found.locator("button.execute").click()
        answer = await coming.value
        shown = found.locator(".live-responses-table tbody .response-col_status")
        await expect(shown).to_contain_text(str(answer.status))
        await found.locator(".opblock-summary-control").click()
        return answer.status, None if answer.status == 204 else await answer.json()


async def test_an_admin_works_in_swagger_alone(anonymous: Api, desktop: OpenPage) -> None:
    page = await desktop()
    troubles = watched(page, anonymous)
    await page.goto(f"{anonymous.process.url}/docs")
    swagger, name = Swagger(page), await anonymous.new_admin()
    await swagger.authorize(name, PASSWORD)
    status, muscle = await swagger.ask("create_muscle", body={"name": "Serratus"})
    assert (status, muscle["name"]) == (201, "Serratus")
    number, etag = str(muscle["id"]), f'"{muscle["version"]}"'
    changing = {"muscle_id": number, "If-Match": etag, "body": {"name": "Serratus anterior"}}
    status, changed = await swagger.ask("change_muscle", **changing)
    assert (status, changed["name"]) == (200, "Serratus anterior")
    status, refusal = await swagger.ask("change_muscle", **changing)
    assert (status, refusal["error"]) == (412, "stale")
    status, _ = await swagger.ask("delete_muscle", muscle_id=number, **{"If-Match": f'"{changed["version"]}"'})
    assert status == 204
    status, audit = await swagger.ask("list_audit", thing_id=number, kind="muscle")
    assert [(entry["action"], entry["admin_name"]) for entry in audit["items"]] == [
        ("delete", name),
        ("update", name),
        ("create", name),
    ]
    assert troubles == []


async def test_redoc_reads_the_same_schema(anonymous: Api, desktop: OpenPage) -> None:
    page = await desktop()
    troubles = watched(page, anonymous)
    await page.goto(f"{anonymous.process.url}/redoc")
    await expect(page.locator("h1", has_text="Gym bot: admin API")).to_be_visible()
    assert all("logo-mini.svg" in trouble for trouble in troubles)  # Redoc's own mark; our policy lets it ask nobody


async def test_whoever_only_clicks_gets_an_answer(anonymous: Api, desktop: OpenPage) -> None:
    page = await desktop()
    await page.goto(f"{anonymous.process.url}/docs")
    swagger = Swagger(page)
    await swagger.authorize(await anonymous.new_admin(), PASSWORD)
    for operation in ("list_muscles", "read_muscle", "list_exercises", "read_exercise", "preview_merge", "list_sets"):
        status, _ = await swagger.ask(operation)
        assert (operation, status) == (operation, 200)


async def test_answers_fit_on_a_phone(anonymous: Api, phone: OpenPage) -> None:
    page = await phone()
    await page.goto(f"{anonymous.process.url}/docs")
    found = page.locator("#operations-Muscles-list_muscles")
    await found.locator(".opblock-summary-control").click()
    for heading in await found.locator(".responses-table thead td:visible").all():
        box = await heading.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
