"""Looking back in the chat page, in a real browser."""

import re

from playwright.async_api import expect

from tests.bot.typist import Typist, log, start
from tests.browser import OpenPage
from tests.stage import Process, Sandbox

BACK = "⬅️ Go back"
TWO_DAYS = re.compile(r"· [12] sets? · ")


async def test_one_looks_back_and_corrects_what_was_done(phone: OpenPage, sandbox: Sandbox, bot: Process) -> None:
    page = await phone()
    await start(page, sandbox)
    ann = Typist(page)
    await ann.tap("History", "No day is written down yet")
    await ann.tap("Record training", "What are you training?")
    await ann.tap("Another day", "Which day did you train?")
    await ann.tap("◀", "Which day did you train?")
    await ann.tap("15", re.compile(r"For \w+ 15 "))
    await ann.tap("Legs", "Pick an exercise.")
    await ann.tap("Squat", "You haven't done Squat before")
    await ann.write("100x5", "Set 1 saved: 100kg × 5")
    await ann.write("/gym", "What are you training?")
    await ann.write("bench press 60x8", "Set 1 saved: 60kg × 8")
    await ann.write("70x8", "New record!")
    await ann.write("/history", "Your training days")
    await expect(log(page).get_by_role("button", name=TWO_DAYS)).to_have_text(
        [re.compile(r"· 2 sets · Chest"), re.compile(r"\w+ 15 .+ · 1 set · Legs")]
    )
    await ann.tap(re.compile(r"· 1 set · Legs"), "100kg × 5")
    await ann.tap("Squat", "Select set")
    await ann.tap("✅ Set 1: 100kg × 5", "Set 1: 100kg × 5")
    await ann.tap("Replace", "Which weight instead?")
    await ann.tap("105kg", "105kg instead, for how many reps?")
    await ann.tap("3", "Set 1 is now 105kg × 3")
    await ann.tap(BACK, "Your PR: 105kg for 3 reps")
    await ann.tap(BACK, "105kg × 3")
    await ann.tap("Squat", "Select set")
    await ann.write("105x3", "Set 2 saved: 105kg × 3")  # a one-tap set may be too soon for a test
    await ann.tap(BACK, "Select set")
    await ann.tap("✅ Set 1: 105kg × 3", "Set 1: 105kg × 3")
    await ann.tap("Delete", "Set 1 is deleted: 105kg × 3")
    await ann.tap(BACK, "1 exercise, 1 set · 315kg lifted")
    await ann.tap(BACK, "Your training days")
    await ann.tap("🏆 Records", "Bench press: 70kg × 8")
    await ann.tap("Squat", re.compile(r"\w+day 15 "))
    await ann.tap("Record on this day", "What are you training?")
    await expect(log(page).get_by_text(re.compile(r"For \w+day 15 ")).last).to_be_visible()
