"""Settings and leaving in the chat page, in a real browser."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.bot.typist import Typist, start
from tests.browser import OpenPage
from tests.stage import Process, Sandbox


@pytest.fixture
async def ann(phone: OpenPage, sandbox: Sandbox, bot: Process) -> Typist:
    """Somebody new, with the menu before them."""
    page = await phone()
    await start(page, sandbox)
    return Typist(page)


async def test_a_time_zone_by_region_and_city(phone: OpenPage, sandbox: Sandbox, bot: Process) -> None:
    page = await phone(color_scheme="dark")
    await start(page, sandbox)
    ann = Typist(page)
    await ann.tap("Settings", "Is that your clock? If not, change it here.")
    await ann.tap("Time zone", "Where do you train?")
    await ann.tap("Europe", "Which city is nearest to you?")
    await ann.tap("▶", "Which city is nearest to you?")
    await ann.tap(re.compile(r"^Zurich \d\d:\d\d$"), "Time zone: Zurich, where it is")
    await ann.tap("⬅️ Go back", "What shall we do?")
    await ann.write("/settings", "Time zone: Zurich, where it is")


async def test_a_time_zone_by_the_clock(ann: Typist) -> None:
    await ann.write("/settings", "Time zone: UTC")
    await ann.tap("Time zone", "Where do you train?")
    await ann.tap("By my clock", "What does your clock show now?")
    await ann.write("late", "No place shows that time now.")
    await ann.write(f"{datetime.now(ZoneInfo('Asia/Kathmandu')):%H:%M}", "Which is nearest to you?")
    await ann.tap(re.compile("^Kathmandu"), "Time zone: Kathmandu, where it is")


async def test_everything_is_erased_by_the_word_alone(ann: Typist) -> None:
    await ann.write("bench press 3x8@60", "Sets 1–3 saved: 60kg × 8 each")
    await ann.write("/delete_me", "All of this would go: 3 sets, your name and your settings.")
    await ann.tap("Keep my log", "What shall we do?")
    await ann.write("/delete_me", "Type DELETE to erase it all.")
    await ann.write("/cancel", "All right, that question is closed.")
    await ann.write("DELETE", "I didn't catch that")
    await ann.write("/delete_me", "Type DELETE to erase it all.")
    await ann.write("yes", "Nothing was erased: that was not DELETE.")
    await ann.write("delete", "Everything of yours is erased.")
    await ann.tap("Begin anew", "What shall we do?")
    await ann.write("bench press", "You haven't done Bench press before.")


async def test_settings_that_are_left_stay_as_they_were(ann: Typist) -> None:
    await ann.write("/settings", "Time zone: UTC")
    await ann.tap("Time zone", "Where do you train?")
    await ann.tap("By my clock", "What does your clock show now?")
    await ann.tap("⬅️ Go back", "Where do you train?")
    await ann.write("14:35", "nothing was saved")
    await ann.write("/settings", "Is that your clock?")
