"""The bot in the chat page, in a real browser; `make pictures` keeps what is seen for the README."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.bot.typist import Typist, log, start
from tests.browser import OpenPage, Scheme
from tests.stage import ROOT, Process, Sandbox, connected

SOURCES = ROOT / "src"


async def keep(page: Page, name: str) -> None:
    """Keep a picture, when pictures are asked for."""
    if os.environ.get("PICTURES"):
        SOURCES.mkdir(exist_ok=True)
        await page.wait_for_timeout(600)  # animations
        await page.screenshot(path=SOURCES / name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_newcomer_on_a_phone(phone: OpenPage, sandbox: Sandbox, bot: Process, scheme: Scheme) -> None:
    page = await phone(color_scheme=scheme)
    await start(page, sandbox)
    await log(page).get_by_role("button", name="Help", exact=True).click()
    await expect(log(page).get_by_text("Your log is yours alone")).to_be_visible()
    await expect(log(page).get_by_text("What shall we do?")).to_be_hidden()  # changed in place
    await log(page).get_by_role("button", name="Go back").click()
    await expect(log(page).get_by_text("What shall we do?")).to_be_visible()


async def test_a_newcomer_at_a_desk(desktop: OpenPage, sandbox: Sandbox, bot: Process) -> None:
    page = await desktop()
    await start(page, sandbox)
    ann = Typist(page)
    await ann.write("hello", "I didn't catch that")
    await ann.write("/help", "Your log is yours alone")
    await ann.has("Help", times=0)  # former keyboards are gone


HISTORY = {
    "Bench press": [(60, 10), (65, 8), (65, 6)],
    "Incline smith": [(40, 12), (40, 10)],
    "Hammer flat": [(30, 12)],
}


def trained_before(database: dict[str, str], user_id: int) -> None:
    """Give somebody a past: a session a week ago, and a record before it."""
    with connected(database) as cursor:
        cursor.execute("INSERT INTO users (id, first_name) VALUES (%s, 'Ann')", (user_id,))
        for minute, (name, sets) in enumerate(HISTORY.items()):
            for set_no, (weight, reps) in enumerate(sets, 1):
                cursor.execute(
                    """
                    INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
                    SELECT now() - INTERVAL '7 days' + %s * INTERVAL '20 minutes' + %s * INTERVAL '2 minutes',
                           (now() AT TIME ZONE 'UTC')::date - 7, %s, e.muscle, e.id, %s, %s, %s
                      FROM exercises AS e WHERE e.name = %s
                    """,
                    (minute, set_no, user_id, set_no, weight, reps, name),
                )
        cursor.execute(
            """
            INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
            SELECT now() - INTERVAL '40 days', (now() AT TIME ZONE 'UTC')::date - 40, %s, e.muscle, e.id, 1, 80, 5
              FROM exercises AS e WHERE e.name = 'Bench press'
            """,
            (user_id,),
        )


async def test_a_workout_of_three_exercises(
    phone: OpenPage, sandbox: Sandbox, bot: Process, shared_database: dict[str, str]
) -> None:
    someone = await sandbox.person("Ann")
    trained_before(shared_database, someone.id)
    page = await phone()
    await page.add_init_script(f"localStorage.setItem('me', '{someone.id}')")
    await page.goto(sandbox.url)
    ann, chat = Typist(page), log(page)

    await page.get_by_role("button", name="Start", exact=True).click()
    await ann.tap("Record training", "What are you training?")
    await ann.tap("▶ Bench press", "Your PR: 80kg for 5 reps")
    await expect(chat.get_by_text("Your last training for Bench press")).to_be_visible()
    await expect(chat.get_by_text("Select set")).to_be_visible()
    await keep(page, "img01.png")
    await ann.tap("⚡ Set 1: 60kg × 10", "Set 1 saved: 60kg × 10")
    await ann.tap("Continue Exercise", "Last time set 2: 65kg × 8")
    await keep(page, "img02.png")
    await ann.tap("heavier ▶", "which weight?")
    await ann.tap("85kg", "85kg for how many reps?")
    await ann.tap("4", "New record!")
    await expect(chat.get_by_role("button", name="➡️ Incline smith")).to_be_visible()
    await keep(page, "img03.png")
    await ann.tap("➡️ Incline smith", "Your last training for Incline smith")
    await ann.tap("Set 1", "which weight?")
    await ann.tap("40kg", "for how many reps?")
    await ann.tap("12", "Set 1 saved: 40kg × 12")
    await ann.tap("Another exercise", "What are you training?")
    await ann.tap("Biceps", "Pick an exercise.")
    await ann.tap("Barbell curl", "You haven't done Barbell curl before.")
    await ann.tap("Set 1", "which weight?")
    await ann.tap("20kg", "for how many reps?")
    await ann.tap("10", "Set 1 saved: 20kg × 10")
    with connected(shared_database) as cursor:
        cursor.execute(
            """
            SELECT e.name, t.set, t.weight::float, t.reps::int
              FROM training AS t JOIN exercises AS e ON e.id = t.exercise_id
             WHERE t.user_id = %s AND t.date > now() - INTERVAL '1 hour' ORDER BY t.date
            """,
            (someone.id,),
        )
        assert cursor.fetchall() == [
            ("Bench press", 1, 60.0, 10),
            ("Bench press", 2, 85.0, 4),
            ("Incline smith", 1, 40.0, 12),
            ("Barbell curl", 1, 20.0, 10),
        ]


async def test_a_session_typed_by_hand(
    phone: OpenPage, sandbox: Sandbox, bot: Process, shared_database: dict[str, str]
) -> None:
    someone = await sandbox.person("Ann")
    trained_before(shared_database, someone.id)
    page = await phone()
    await page.add_init_script(f"localStorage.setItem('me', '{someone.id}')")
    await page.goto(sandbox.url)
    ann, chat = Typist(page), log(page)
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(chat.get_by_text("What shall we do?")).to_be_visible()
    await ann.write("bench press 62,5x8", "Set 1 saved: 62.5kg × 8")
    await ann.write("180x5", "180kg? Your best is 80kg.")  # the finger slipped
    await ann.tap("80kg", "Set 2 saved: 80kg × 5")
    await ann.write("smith incl 3x10@40", "Sets 1–3 saved: 40kg × 10 each")
    await ann.tap("Undo", "Sets 1–3 are taken back.")
    await ann.write("2x10@40", "Sets 1, 2 saved: 40kg × 10 each")
    await ann.write("hammer flat", "Your last training for Hammer flat")
    await ann.write("30", "30kg for how many reps?")
    await ann.write("12", "Set 1 saved: 30kg × 12")
    await ann.tap("⬅️ Go back", "Select set")
    await ann.tap("✅ Set 1: 30kg × 12", "Set 1: 30kg × 12")
    await ann.tap("Replace", "Which weight instead?")
    await ann.write("32.5", "32.5kg instead, for how many reps?")
    await ann.write("10", "Set 1 is now 32.5kg × 10")
    await ann.tap("Finish", "3 exercises, 5 sets")
    with connected(shared_database) as cursor:
        cursor.execute(
            """
            SELECT e.name, t.set, t.weight::float, t.reps::int
              FROM training AS t JOIN exercises AS e ON e.id = t.exercise_id
             WHERE t.user_id = %s AND t.date > now() - INTERVAL '1 hour' ORDER BY e.name, t.set
            """,
            (someone.id,),
        )
        assert cursor.fetchall() == [
            ("Bench press", 1, 62.5, 8),
            ("Bench press", 2, 80.0, 5),
            ("Hammer flat", 1, 32.5, 10),
            ("Incline smith", 1, 40.0, 10),
            ("Incline smith", 2, 40.0, 10),
        ]


def test_the_readmes_pictures_are_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in (part.split('"')[0] for part in readme.split('src="')[1:]):
        assert Path(ROOT / name).is_file(), name
