"""Pounds and the step of the weight buttons in the chat page, in a real browser."""

from tests.bot.typist import Typist, start
from tests.browser import OpenPage
from tests.stage import Process, Sandbox, connected


async def test_135_pounds_stay_135_pounds(
    phone: OpenPage, sandbox: Sandbox, bot: Process, shared_database: dict[str, str]
) -> None:
    page = await phone(color_scheme="dark")
    await start(page, sandbox)
    ann = Typist(page)
    await ann.tap("Settings", "Weights: in kg")
    await ann.tap("lb", "Weights: in lb")
    await ann.tap("5lb", "by 5lb round your last weight")
    await ann.tap("⬅️ Go back", "What shall we do?")
    await ann.tap("Record training", "What are you training?")
    await ann.tap("Chest", "Pick an exercise.")
    await ann.tap("Bench press", "You haven't done Bench press before")
    await ann.tap("Set 1", "which weight?")
    await ann.write("135", "Set 1: 135lb for how many reps?")
    await ann.tap("5", "✅ Set 1 saved: 135lb × 5")
    await ann.tap("Continue Exercise", "Set 2: which weight?")
    await ann.has("140lb")
    await ann.tap("140lb", "Set 2: 140lb for how many reps?")
    await ann.tap("5", "🏆 New record!")
    await ann.write("60kg x 12", "✅ Set 3 saved: 132.28lb × 12")
    await ann.has("⚡ Set 4: 132.28lb × 12")  # the set just done, though a tap was in the same second
    await ann.tap("Finish", "3 sets · 2,962.36lb lifted")
    await ann.write("/settings", "Weights: in lb")
    await ann.tap("kg", "Weights: in kg")
    await ann.has("✅ 2.5kg")  # as plates go
    await ann.write("bench press", "Your PR: 63.5kg for 5 reps")
    await ann.has("✅ Set 1: 61.23kg × 5")
    await ann.has("✅ Set 3: 60kg × 12")
    await ann.write("/settings", "Weights: in kg")
    await ann.tap("lb", "Weights: in lb")
    await ann.write("bench press", "Your PR: 140lb for 5 reps")
    await ann.has("✅ Set 1: 135lb × 5")
    with connected(shared_database) as cursor:
        me = int(await page.evaluate("localStorage.getItem('me')"))
        cursor.execute("SELECT set FROM training WHERE user_id = %s AND weight = 61.23497", (me,))
        assert cursor.fetchall() == [(1,)]
