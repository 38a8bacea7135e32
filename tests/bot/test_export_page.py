"""/export in the chat page, in a real browser: the files appear, and are saved as they are."""

import asyncio
import csv
import io
import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.bot.typist import Typist, log, start
from tests.browser import OpenPage
from tests.stage import Process, Sandbox

NASTY = "=cmd|' /C calc'!A1 🏋️‍♀️"


async def saved(page: Page, name: str) -> tuple[str, str]:
    """Save the newest file whose name begins so; say what the browser calls it, and what is in it."""
    async with page.expect_download() as coming:
        await log(page).get_by_role("link", name=f"Save {name}").last.click()
    download = await coming.value
    content = await asyncio.to_thread(Path(await download.path()).read_bytes)
    return download.suggested_filename, content.decode("utf-8-sig")


@pytest.mark.parametrize("where", ["phone", "desktop"])
async def test_the_files_appear_and_are_saved(
    where: str, phone: OpenPage, desktop: OpenPage, sandbox: Sandbox, bot: Process
) -> None:
    page = await (phone() if where == "phone" else desktop(color_scheme="dark"))
    await start(page, sandbox)
    ann = Typist(page)
    await ann.write("/settings", "Time zone: UTC")
    await ann.tap("lb", "Weights: in lb")
    await ann.write("bench press 2x8@185", "Sets 1, 2 saved: 185lb × 8 each")
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Add exercise", "Which muscle")
    await ann.tap("Abs", "what is the new exercise called?")
    await ann.write(NASTY, "is added to Abs")
    await ann.tap("Record it now", "done")
    await ann.write("20kg x 5", "Set 1 saved")
    await ann.write("/export", "That is your whole log")
    await expect(log(page).locator(".document")).to_have_count(3)
    name, content = await saved(page, "gym-sets")
    assert re.fullmatch(r"gym-sets-\d{4}-\d\d-\d\d\.csv", name)
    rows = list(csv.DictReader(io.StringIO(content, newline=""), strict=True))
    assert [(each["exercise"], each["weight_kg"], each["weight_lb"], each["reps"]) for each in rows] == [
        ("Bench press", "83.91459", "185", "8"),
        ("Bench press", "83.91459", "185", "8"),
        (f"'{NASTY}", "20", "44.09", "5"),
    ]
    name, content = await saved(page, "gym-log")
    assert name.endswith(".json")
    whole = json.loads(content)
    assert [each["name"] for each in whole["exercises"]] == [NASTY, "Bench press"]
    assert [each["weight_kg"] for each in whole["sets"]] == [83.91459, 83.91459, 20]
    await ann.tap("⬅️ Go back", "What shall we do?")
