"""Every screen of looking back, as a person reads it: reached by tapping, compared with a file in snapshots/.

`UPDATE_SNAPSHOTS=1` writes the files; read what changed before it is committed.
"""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.history.conftest import fill
from tests.training.test_screens import BACK, Chat, train

FOLDER = Path(__file__).parent / "snapshots"

Scene = Callable[[Chat], Awaitable[Any]]
SCENES: dict[str, Scene] = {}


def scene(play: Scene) -> Scene:
    """Keep a scene under its name."""
    SCENES[play.__name__.replace("_", "-")] = play
    return play


async def past(chat: Chat) -> None:
    """Two days of training: a week ago, and the day before yesterday."""
    await train(chat, "Bench press", (80, 5), (60, 10), at="2026-03-04T17:00:00+00:00")
    await train(chat, "Bench press", (60, 10), (65, 8), (65, 8), at="2026-03-09T17:00:00+00:00")
    await train(chat, "Chest dips", (0, 12), at="2026-03-09T17:30:00+00:00")
    await train(chat, "Squat", ("102.5", 5), at="2026-03-09T17:40:00+00:00")


DAY = "Mon 9 Mar · 5 sets · Chest, Legs"


@scene
async def days(chat: Chat) -> None:
    await past(chat)
    await chat.tap("History")


@scene
async def days_by_command(chat: Chat) -> None:
    await past(chat)
    await chat.write("/history")


@scene
async def days_none(chat: Chat) -> None:
    await chat.tap("History")


@scene
async def days_older(chat: Chat) -> None:
    await fill(chat.person, await chat.person.exercise("Squat"), days=20, sets=2)
    await chat.tap("History", "older ▶")


@scene
async def day(chat: Chat) -> None:
    await past(chat)
    await chat.tap("History", DAY)


@scene
async def day_of_pounds(chat: Chat) -> None:
    await past(chat)
    await chat.person.sql("UPDATE users SET unit = 'lb' WHERE id = %s", chat.person.id)
    await chat.tap("History", DAY)


@scene
async def day_none(chat: Chat) -> None:
    await train(chat, "Squat", (100, 5), at="2026-03-09T17:00:00+00:00")
    await chat.tap("History", "Mon 9 Mar · 1 set · Legs", "Squat")
    await chat.tap("✅ Set 1: 100kg × 5", "Delete", BACK)


@scene
async def exercise_of_a_day(chat: Chat) -> None:
    await past(chat)
    await chat.tap("History", DAY, "Bench press")


@scene
async def exercise_out_of_the_lists(chat: Chat) -> None:
    await past(chat)
    await hide(chat, "Bench press")
    await chat.tap("History", DAY, "Bench press")


@scene
async def set_out_of_the_lists_replaced(chat: Chat) -> None:
    await exercise_out_of_the_lists(chat)
    await chat.tap("✅ Set 2: 65kg × 8", "Replace", "70kg", "6")


@scene
async def set_out_of_the_lists_deleted(chat: Chat) -> None:
    await exercise_out_of_the_lists(chat)
    await chat.tap("✅ Set 2: 65kg × 8", "Delete")


@scene
async def exercise_out_of_the_lists_emptied(chat: Chat) -> None:
    await past(chat)
    await hide(chat, "Squat")
    await chat.tap("History", DAY, "Squat", "✅ Set 1: 102.5kg × 5", "Delete")


@scene
async def line_for_what_is_out_of_the_lists(chat: Chat) -> None:
    await exercise_out_of_the_lists(chat)
    await chat.write("60x8")


@scene
async def records(chat: Chat) -> None:
    await past(chat)
    await chat.tap("History", "🏆 Records")


@scene
async def records_by_command(chat: Chat) -> None:
    await past(chat)
    await chat.write("/records")


@scene
async def records_none(chat: Chat) -> None:
    await chat.write("/records")


async def hide(chat: Chat, name: str) -> None:
    exercise = await chat.person.exercise(name)
    await chat.person.sql(
        "INSERT INTO user_hidden_exercises (user_id, exercise_id) VALUES (%s, %s)", chat.person.id, exercise
    )


@pytest.mark.parametrize("name", SCENES)
async def test_screen(chat: Chat, name: str) -> None:
    await SCENES[name](chat)
    chat.sees_as_in(FOLDER / f"{name}.txt")


def test_no_snapshot_is_left_over() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(SCENES)


async def test_one_reaches_the_day_again_from_every_screen_below_it(chat: Chat) -> None:
    await past(chat)
    await chat.tap("History", DAY)
    shown = chat.sees()
    await chat.tap("Bench press", BACK)
    assert chat.sees() == shown
    await chat.tap("Bench press", "✅ Set 1: 60kg × 10", BACK, BACK)
    assert chat.sees() == shown
    await chat.tap("Bench press", "Set 4", "60kg", BACK, BACK, BACK)
    assert chat.sees() == shown
    await chat.tap("Bench press", "📝 Note", BACK, BACK)
    assert chat.sees() == shown
    await chat.tap(BACK)
    assert DAY in chat.sees()


async def test_a_set_is_corrected_by_tapping_and_by_typing(chat: Chat) -> None:
    await past(chat)
    await chat.tap("History", DAY, "Bench press", "✅ Set 2: 65kg × 8", "Replace", "70kg", "6")
    assert "✅ Set 2 is now 70kg × 6" in chat.sees().replace("\u00a0", " ")
    await chat.tap(BACK, BACK)
    assert "60kg × 10, 70kg × 6, 65kg × 8" in chat.sees().replace("\u00a0", " ")
    await chat.tap("Bench press", "✅ Set 2: 70kg × 6")
    await chat.write("71x7")
    await chat.tap(BACK, BACK)
    assert "60kg × 10, 71kg × 7, 65kg × 8" in chat.sees().replace("\u00a0", " ")


async def test_more_is_recorded_on_a_day_of_the_history(chat: Chat) -> None:
    await past(chat)
    await chat.tap("History", DAY, "Bench press", "⚡ Set 4: 65kg × 8")
    await chat.tap("Another exercise", "Legs", "Show All", "Leg press", "Set 1", "20kg", "10")
    await chat.tap(BACK, BACK)  # of another exercise: to its muscle, as always
    await chat.tap(BACK, BACK, "History", "Mon 9 Mar · 7 sets · Chest, Legs", "Record on this day", "Abs")
    assert "For Monday 9 March 2026" in chat.sees()
    assert {row[0] for row in await chat.person.rows()} == {"2026-03-04", "2026-03-09"}


async def test_a_day_that_is_finished_goes_on_as_that_day(chat: Chat) -> None:
    await past(chat)
    shown = (await chat.tap("History", DAY)).sees()
    await chat.tap("Squat", "✅ Set 1: 102.5kg × 5", "Replace", "100kg", "5", "Finish")
    await chat.tap(BACK)
    assert chat.sees() == shown.replace("102.5kg", "100kg").replace("2,152.5kg", "2,140kg")
    await chat.tap("Squat", "✅ Set 1: 100kg × 5", "Replace", "102.5kg", "5", "Finish", "Carry on")
    assert "For Monday 9 March 2026" in chat.sees()


async def test_a_typed_set_goes_to_the_day_on_the_screen(chat: Chat) -> None:
    await past(chat)
    await chat.tap("History", DAY, "Squat")
    await chat.write("90x3")
    await chat.tap(BACK, BACK)
    assert "102.5kg × 5, 90kg × 3" in chat.sees().replace("\u00a0", " ")


REPLACED = ("✅ Set 2: 65kg × 8", "Replace", "70kg", "6")


@pytest.mark.parametrize(
    ("before", "line"),
    [((), "60x8"), ((), "3x8@60"), ((), "60"), (REPLACED, "60x8"), (REPLACED, "60"), (REPLACED[:1], "3x8@60")],
)
async def test_no_line_adds_to_what_is_out_of_the_lists(chat: Chat, before: tuple[str, ...], line: str) -> None:
    """Nor to another exercise, which is in hand."""
    await train(chat, "Squat", (100, 5), at="2026-03-11T11:50:00+00:00")
    await exercise_out_of_the_lists(chat)
    await chat.tap(*before)
    rows = await chat.person.rows()
    await chat.write(line)
    assert "No new set was saved: this exercise is out of your lists." in chat.sees()
    assert await chat.person.rows() == rows


async def test_no_tap_adds_to_what_is_out_of_the_lists_by_now(chat: Chat) -> None:
    """Hidden, deleted, or merged into another meanwhile."""
    await past(chat)
    await chat.tap("History", DAY, "Bench press")
    await hide(chat, "Bench press")
    rows = await chat.person.rows()
    await chat.tap("⚡ Set 4: 65kg × 8")
    assert "No new set was saved: this exercise is out of your lists." in chat.sees()
    await chat.send(f"rs1:{await chat.person.exercise('Bench press')}:4:{(date(2026, 3, 9) - date(2000, 1, 1)).days}h")
    assert "Bench press is out of your lists." in chat.sees()
    assert await chat.person.rows() == rows


async def test_a_line_corrects_a_set_that_is_out_of_the_lists(chat: Chat) -> None:
    await exercise_out_of_the_lists(chat)
    await chat.tap(*REPLACED[:1])
    await chat.write("71x7")
    assert "Set 2 is now 71kg × 7" in chat.sees()
    await chat.tap(BACK, "✅ Set 2: 71kg × 7")
    await chat.write("72")
    assert "72kg instead, for how many reps?" in chat.sees()


async def test_a_set_out_of_the_lists_is_put_back(chat: Chat) -> None:
    await exercise_out_of_the_lists_emptied(chat)
    await chat.tap("↩️ Put back: 102.5kg × 5", BACK, BACK)
    assert "102.5kg × 5" in chat.sees().replace("\u00a0", " ")


async def test_no_note_is_said_to_be_kept_that_was_not(chat: Chat) -> None:
    await past(chat)
    await chat.tap("History", DAY, "Bench press", "📝 Note")
    await hide(chat, "Bench press")
    await chat.write("seat 4")
    assert "That note was not kept" in chat.sees()
    squat = await chat.person.exercise("Squat")
    await hide(chat, "Squat")
    await chat.send(f"rn1:{squat}:{(date(2026, 3, 9) - date(2000, 1, 1)).days}h")
    assert "Squat is out of your lists" in chat.sees()


async def test_pages_lead_through_all_days_and_back(chat: Chat) -> None:
    await fill(chat.person, await chat.person.exercise("Squat"), days=29, sets=1)
    await chat.tap("History")
    pages = [chat.sees()]
    while "older ▶" in chat.sees():
        await chat.tap("older ▶")
        pages.append(chat.sees())
    days = [line for page in pages for line in page.splitlines() if "1 set" in line]
    assert len(set(days)) == len(days) == 29
    while "◀ newer" in chat.sees():
        await chat.tap("◀ newer")
    assert chat.sees() == pages[0]


async def test_the_oldest_day_leads_back_to_the_others_when_it_was_emptied(chat: Chat) -> None:
    await past(chat)
    await chat.tap("History", "Wed 4 Mar · 2 sets · Chest", "Bench press")
    for done in ("✅ Set 1: 80kg × 5", "✅ Set 2: 60kg × 10"):
        await chat.tap(done, "Delete")
    await chat.tap(BACK, BACK)
    assert DAY in chat.sees()


@pytest.mark.parametrize(("days", "pages"), [(8, [8]), (9, [8, 1]), (16, [8, 8]), (17, [8, 8, 1])])
async def test_full_pages_promise_no_empty_one(chat: Chat, days: int, pages: list[int]) -> None:
    """Also on the first day that there is."""
    last = date(2000, 1, 1) + timedelta(weeks=days - 1)
    await fill(chat.person, await chat.person.exercise("Squat"), days=days, sets=1, until=last.isoformat())
    await chat.tap("History")
    shown = [chat.sees().count("1 set")]
    while "older ▶" in chat.sees():
        await chat.tap("older ▶")
        shown.append(chat.sees().count("1 set"))
    assert shown == pages
    await chat.tap("Sat 1 Jan 2000 · 1 set · Legs", BACK)
    assert "Sat 1 Jan 2000 · 1 set · Legs" in chat.sees()


async def test_a_new_day_meanwhile_moves_nothing(chat: Chat) -> None:
    await fill(chat.person, await chat.person.exercise("Squat"), days=20, sets=1)
    await chat.tap("History")
    older = chat.data("older ▶")
    second = (await chat.tap("older ▶")).sees()
    await train(chat, "Squat", (100, 5), at="2026-03-11T10:00:00+00:00")
    assert (await chat.send(older)).sees() == second


async def test_the_last_page_of_records_is_shown_when_there_are_fewer_by_now(chat: Chat) -> None:
    for name in ("Bench press", "Squat"):
        await train(chat, name, (80, 5))
    await chat.send("h3:7")
    assert "Bench press: 80kg × 5 (4 March 2026)" in chat.sees().replace("\u00a0", " ")


async def test_records_fill_pages(chat: Chat) -> None:
    for number in range(23):
        exercise = await chat.person.own_exercise(f"Press of mine {number:02}")
        await fill(chat.person, exercise, days=23 - number, sets=1)
    await chat.write("/records")
    names = []
    for turn in ("▶", "▶", ""):
        names += [line.split(":")[0] for line in chat.sees().splitlines() if line.startswith("Press of mine")]
        if turn:
            await chat.tap(turn)
    assert names == [f"Press of mine {number:02}" for number in range(23)]
    await chat.tap("Press of mine 22")
    assert "Tuesday 10 March 2026" in chat.sees()


@pytest.mark.parametrize(
    "data", ["h1:x:", "h1:99999:", "h1::99999", "h1:1:1", "h2::1", "h2:99999:1", "h2:1m:9999", "h3:0"]
)
async def test_forged_buttons_show_a_page(chat: Chat, data: str) -> None:
    await past(chat)
    if data == "h1:x:":
        with pytest.raises(ValueError, match="not enough values"):  # no room takes it: the fresh menu answers
            await chat.send(data)
    else:
        await chat.send(data)


async def test_a_set_typed_below_a_day_goes_to_no_exercise_by_guess(chat: Chat) -> None:
    """The one in hand is of today: what is typed for another day says which one, or is asked."""
    await past(chat)
    await chat.tap("Record training", "Legs", "Show All", "Leg press", "Set 1", "20kg", "10")
    for screen in (("History", DAY), ("Record training", "Another day", "9", "Legs")):
        await chat.write("/start")
        await chat.tap(*screen)
        await chat.write("20x7")
        assert "Which exercise? Nothing is saved yet" in chat.sees()
    assert len(await chat.person.rows()) == 8  # as before
    await chat.write("/start")
    await chat.tap("History", DAY)
    await chat.write("bench press 40x3")
    assert ("2026-03-09", 4, 40.0, 3) in {(row[0], *row[2:]) for row in await chat.person.rows()}


async def test_back_from_a_day_the_list_is_the_one_that_was_left(chat: Chat) -> None:
    await fill(chat.person, await chat.person.exercise("Squat"), days=29, sets=1)
    newest = (await chat.tap("History")).sees()
    for day in ("Tue 10 Mar · 1 set · Legs", "Tue 20 Jan · 1 set · Legs"):
        await chat.tap(day, BACK)
        assert chat.sees() == newest
    await chat.tap("older ▶", "older ▶", "Tue 14 Oct 2025 · 1 set · Legs", BACK)
    assert chat.sees().count("1 set") == 8
    assert "Tue 14 Oct 2025 · 1 set · Legs" in chat.sees()
