"""`/edit` in the chat page, in a real browser: a list of one's own, and questions that are left."""

import pytest

from dev.servers import Valkey
from tests.bot.typist import Typist, start
from tests.browser import OpenPage
from tests.stage import Process, Sandbox


@pytest.fixture
async def ann(phone: OpenPage, sandbox: Sandbox, bot: Process) -> Typist:
    """Somebody new, with the menu before them."""
    page = await phone()
    await start(page, sandbox)
    return Typist(page)


async def test_a_muscle_and_an_exercise_of_one_s_own(ann: Typist) -> None:
    await ann.tap("Edit exercises", "Your muscles and exercises")
    await ann.tap("Add muscle", "What is the new muscle called?")
    await ann.write("chest", "You already have it: Chest")
    await ann.write("Neck & <traps>", "Neck & <traps> is added")
    await ann.write("Neck curl 🏋️‍♀️", "is added to Neck & <traps>")
    await ann.tap("Record it now", "You haven't done Neck curl 🏋️‍♀️ before")
    await ann.write("12.5x20", "Set 1 saved: 12.5kg × 20")
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Rename", "Which one gets another name?")
    await ann.tap("Neck curl 🏋️‍♀️", "be called from now on?")
    await ann.write("Lying curl", "From now on it is called Lying curl")
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Delete", "Which one do you want to delete?")
    await ann.tap("💪 Neck & <traps>", "and its exercise?")
    await ann.tap("Delete", "is deleted. What you recorded stays in your history.")
    await ann.tap("Rename", "Only what you added yourself can be renamed")


async def test_a_renamed_and_a_deleted_exercise_keep_their_history(ann: Typist) -> None:
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Add exercise", "Which muscle is the new exercise for?")
    await ann.tap("Chest", "what is the new exercise called?")
    await ann.write("Svend press", "Svend press is added to Chest")
    await ann.write("20x12", "Set 1 saved: 20kg × 12")
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Rename", "Which one gets another name?")
    await ann.tap("Svend press", "be called from now on?")
    await ann.write("Plate press", "From now on it is called Plate press")
    await ann.write("plate press", "Your PR: 20kg for 12 reps")
    await ann.has("✅ Set 1: 20kg × 12")
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Delete", "Which one do you want to delete?")
    await ann.tap("Plate press", "Delete Plate press (Chest)?")
    await ann.tap("Keep", "Which one do you want to delete?")
    await ann.tap("Plate press", "Delete Plate press (Chest)?")
    await ann.tap("Delete", "Plate press is deleted. What you recorded stays in your history.")
    await ann.write("bench press 60x8", "Set 1 saved: 60kg × 8")
    await ann.tap("Finish", "Plate press: 1 set, best 20kg × 12")


async def test_hidden_and_shown_again(ann: Typist) -> None:
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Hide", "Where do you want to hide something?")
    await ann.tap("Chest", "Tap what you never do")
    await ann.tap("Pec deck", "Pec deck is hidden")
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Add exercise", "Which muscle is the new exercise for?")
    await ann.tap("Chest", "what is the new exercise called?")
    await ann.write("PEC DECK", "You already have it, but it is hidden: Pec deck")
    await ann.tap("Show again: Pec deck", "Pec deck is back in your lists")
    await ann.tap("Record it now", "You haven't done Pec deck before")


async def test_questions_that_are_left_leave_nothing_behind(ann: Typist, sandbox: Sandbox, valkey: Valkey) -> None:
    ask = "What is the new muscle called?"
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Add muscle", ask)
    await ann.write("/cancel", "that question is closed")
    await ann.write("Zumba", "I didn't catch that")
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Add muscle", ask)
    await ann.write("/gym", "What are you training?")
    await ann.write("Zumba", "I didn't catch that")
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Add muscle", ask)
    await sandbox.quiet()
    valkey.flush()
    await ann.write("Zumba", "I lost my place; nothing saved is gone.")
    await ann.write("/edit", "Your muscles and exercises")
    await ann.tap("Delete", "Only what you added yourself can be deleted")
    await ann.has("Zumba", times=0)
