"""Muscles and exercises: found while typing, changed in their line, archived, merged, deleted; two admins at once."""

import asyncio
import json
from urllib.parse import quote

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser import OpenPage, heed_complaints
from tests.panel.conftest import REFUSED, Admin, House


def new_exercise(admin: Admin, name: str, *, muscle: int = 1) -> int:
    ((number,),) = admin.house.sql("INSERT INTO exercises (name, muscle) VALUES (%s, %s) RETURNING id", name, muscle)
    return int(number)


def new_muscle(admin: Admin, name: str) -> int:
    ((number,),) = admin.house.sql("INSERT INTO muscles (name) VALUES (%s) RETURNING id", name)
    return int(number)


def at(path: str, **filters: str | int) -> str:
    """The address of a list that holds only some."""
    return f"{path}?filter={quote(json.dumps(filters))}"


async def cut(route: Route) -> None:
    """As a network that is away."""
    await route.abort("connectionrefused")


async def search(page: Page, text: str, rows: int) -> None:
    await page.get_by_role("searchbox").fill(text)
    await expect(page.get_by_role("row")).to_have_count(rows + 1)  # the head is one


async def test_a_muscle_is_added_renamed_archived_restored_and_deleted_by_keyboard(admin: Admin) -> None:
    page = admin.page
    await page.get_by_role("button", name="New muscle").focus()
    await page.keyboard.press("Enter")
    name = page.get_by_role("textbox", name="Name")
    await expect(name).to_be_focused()
    await page.keyboard.type("  bAck ")
    await expect(page.get_by_text("“Back” is there already.")).to_be_visible()
    await expect(page.get_by_role("button", name="Add")).to_be_disabled()
    await name.fill("Neck צוואר")
    await expect(page.get_by_text("is there already")).to_be_hidden()
    await page.keyboard.press("Enter")
    await admin.is_told("“\u2068Neck צוואר\u2069” is there, for everybody.")  # the name keeps to its own direction
    await search(page, "neck", 1)
    assert "search" in page.url  # a link shows the same
    await page.get_by_role("button", name="Edit Neck צוואר").press("Enter")
    await name.fill("Nape")
    await page.keyboard.press("Escape")
    asked = page.get_by_role("dialog", name="Leave without saving?")
    await asked.get_by_role("button", name="Cancel").press("Enter")
    await expect(name).to_have_value("Nape")
    await name.press("Escape")
    await asked.get_by_role("button", name="Leave").press("Enter")
    await expect(page.get_by_role("button", name="Edit Neck צוואר")).to_be_focused()
    await page.keyboard.press("Enter")
    await name.fill("Nape")
    await page.keyboard.press("Enter")
    await admin.is_told("Saved.")
    await page.get_by_role("button", name="Show everything").click()
    await search(page, "nape", 1)
    await page.get_by_role("button", name="Archive Nape").click()
    await page.get_by_role("dialog").get_by_role("button", name="Archive").click()
    await admin.is_told("“Nape” is archived.")
    await expect(page.get_by_text("Nothing fits.")).to_be_visible()
    await page.get_by_role("combobox", name="State").click()
    await page.get_by_role("option", name="Archived").click()
    await page.get_by_role("button", name="Restore Nape").click()
    await admin.is_told("“Nape” is back in everybody's lists.")
    await page.get_by_role("combobox", name="State").click()
    await page.get_by_role("option", name="All").click()
    await page.get_by_role("button", name="Delete Nape").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await admin.is_told("“Nape” is deleted.")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()  # where its row was there is nothing
    assert admin.house.sql("SELECT count(*) FROM muscles WHERE name = 'Nape'") == [(0,)]


async def test_a_stale_edit_is_explained_and_nothing_typed_is_lost(admin: Admin) -> None:
    page = admin.page
    number = new_exercise(admin, "Contested")
    await admin.open(at("/exercises", search="contested"), "Exercises")
    await page.get_by_role("button", name="Edit Contested").click()
    name = page.get_by_role("textbox", name="Name")
    await name.fill("Mine")
    async with page.expect_event("dialog") as asked:
        await page.evaluate("() => { setTimeout(() => location.reload()) }")
    assert (await asked.value).type == "beforeunload"
    await (await asked.value).dismiss()
    await page.get_by_role("link", name="People").click()
    await page.get_by_role("dialog", name="Leave without saving?").get_by_role("button", name="Cancel").click()
    await expect(name).to_have_value("Mine")
    admin.house.sql("UPDATE exercises SET name = 'Theirs' WHERE id = %s", number)
    await name.press("Enter")
    told = page.get_by_role("table", name="What is there now, and what you typed")
    await expect(told.get_by_role("row", name="Name")).to_have_text("NameContestedTheirsMine")
    await expect(name).to_have_value("Mine")
    await page.get_by_role("button", name="Save what I typed").click()
    await admin.is_told("Saved.")
    assert admin.house.sql("SELECT name FROM exercises WHERE id = %s", number) == [("Mine",)]
    await page.get_by_role("link", name="People").click()  # nothing is left to lose
    await admin.sees("People")


async def test_who_leaves_while_it_is_saved_may_stay_and_goes_on_once_it_is(admin: Admin) -> None:
    page = admin.page
    number = new_exercise(admin, "Slowly")
    released = asyncio.Event()

    async def slow(route: Route) -> None:
        await released.wait()
        await route.continue_()

    await admin.open(at("/exercises", search="slowly"), "Exercises")
    await page.get_by_role("button", name="Edit Slowly").click()
    await page.route(f"**/api/v1/exercises/{number}", slow)
    await page.get_by_role("textbox", name="Name").fill("Saved slowly")
    await page.get_by_role("button", name="Save").click()
    people = page.get_by_role("link", name="People")
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    await people.click()
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_be_hidden()
    await people.click()
    await expect(dialog).to_be_visible()
    released.set()
    await admin.sees("People")
    await expect(dialog).to_be_hidden()
    await admin.is_told("Saved.")
    assert admin.house.sql("SELECT name FROM exercises WHERE id = %s", number) == [("Saved slowly",)]


async def test_what_was_deleted_meanwhile_is_said(admin: Admin) -> None:
    page = admin.page
    number = new_exercise(admin, "Gone soon")
    await admin.open(at("/exercises", search="gone soon"), "Exercises")
    await page.get_by_role("button", name="Edit Gone soon").click()
    await page.get_by_role("textbox", name="Name").fill("Typed in vain")
    admin.house.sql("DELETE FROM exercises WHERE id = %s", number)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("This exercise was deleted meanwhile.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Name")).to_have_value("Typed in vain")
    await page.get_by_role("link", name="People").click()
    await page.get_by_role("dialog", name="Leave without saving?").get_by_role("button", name="Leave").click()
    await admin.sees("People")


async def test_what_is_in_use_is_archived_instead_of_deleted(admin: Admin) -> None:
    page = admin.page
    ((number, name),) = admin.house.sql(
        "SELECT e.id, e.name FROM exercises AS e JOIN training AS t ON t.exercise_id = e.id"
        " WHERE e.is_global AND e.muscle = 8 GROUP BY e.id ORDER BY count(*), e.id LIMIT 1"
    )
    await admin.open(at("/exercises", muscle_id=8), "Exercises")
    await page.get_by_role("button", name=f"Delete {name}", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("status")).to_contain_text("trained it, on")
    await expect(dialog.get_by_role("button", name="Delete")).to_have_count(0)
    await dialog.get_by_role("button", name="Archive it instead").click()
    await admin.is_told(f"“{name}” is archived.")
    admin.house.sql("UPDATE exercises SET deleted_at = NULL WHERE id = %s", number)


async def test_what_the_api_refuses_to_delete_is_archived_too(admin: Admin) -> None:
    page = admin.page
    number = new_exercise(admin, "Noted only")
    admin.house.sql("INSERT INTO exercise_notes SELECT min(id), %s, 'seat 4' FROM users", number)
    await admin.open(at("/exercises", search="noted only"), "Exercises")
    await page.get_by_role("button", name="Delete Noted only").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("status")).to_have_text("Nobody has trained it yet.")
    await dialog.get_by_role("button", name="Delete").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("it cannot be deleted. Archive it instead")
    await page.route("**/archive", cut)
    await dialog.get_by_role("button", name="Archive it instead").click()
    await admin.is_told("“Noted only” is perhaps archived.")
    await page.unroute_all()
    await page.get_by_role("button", name="Archive Noted only").click()
    await dialog.get_by_role("button", name="Archive").click()
    await admin.is_told("“Noted only” is archived.")


async def test_a_muscle_says_whose_history_hangs_on_it(admin: Admin) -> None:
    page = admin.page
    muscle = new_muscle(admin, "Rotators")
    exercise = new_exercise(admin, "Face pull", muscle=muscle)
    admin.house.sql(
        "INSERT INTO training (day, user_id, muscle_id, exercise_id, set, weight, reps)"
        " SELECT '2024-03-11', id, %s, %s, 1, 20, 12 FROM (SELECT id FROM users ORDER BY id DESC LIMIT 2) AS two",
        muscle, exercise,
    )  # fmt: skip
    await admin.open(at("/muscles", search="rotators"), "Muscles")
    await page.get_by_role("button", name="Delete Rotators").click()
    dialog = page.get_by_role("dialog")
    told = dialog.get_by_role("status")
    await expect(dialog).to_have_accessible_name("Rotators cannot be deleted")
    await expect(told).to_contain_text("2 people have trained its exercises, on 2 days in all, last on 11 Mar 2024.")
    await expect(told).to_contain_text("1 exercise is of it: 1 in everybody's lists.")
    await expect(dialog.get_by_role("button", name="Delete")).to_have_count(0)
    await dialog.get_by_role("button", name="Archive it instead").click()
    await admin.is_told("“Rotators” is archived.")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert admin.house.sql("SELECT count(*) FROM training WHERE muscle_id = %s", muscle) == [(2,)]


async def test_what_is_searched_for_stays_as_it_is_typed(admin: Admin) -> None:
    page = admin.page
    await admin.open("/exercises", "Exercises")
    box = page.get_by_role("searchbox")
    await box.press_sequentially("bench ")
    await page.wait_for_url("**search**")
    await expect(box).to_have_value("bench ")
    await box.press_sequentially("press")
    await expect(box).to_have_value("bench press")
    await page.wait_for_url("**press**")
    await box.press_sequentially(" on the moon", delay=250)  # longer between two keys than one waits for the next
    await expect(box).to_have_value("bench press on the moon")
    await page.get_by_role("button", name="Show everything").click()
    await expect(box).to_have_value("")
    await page.go_back()
    await expect(box).to_have_value("bench press on the moon")


async def test_what_is_typed_outlives_its_list(admin: Admin) -> None:
    """Neither a list that cannot be had nor one that has lost the row takes it away."""
    page = admin.page
    number, other = new_exercise(admin, "Outlasting"), new_exercise(admin, "Outlasted")
    await admin.open(at("/exercises", search="outlast"), "Exercises")
    await page.get_by_role("button", name="Edit Outlasting").click()
    name = page.get_by_role("form", name="Edit Outlasting").get_by_role("textbox", name="Name")
    await name.fill("Typed meanwhile")
    listed = "**/api/v1/exercises?*outlast*limit=50*"
    await page.route(listed, cut)
    await page.get_by_role("button", name="Archive Outlasted").click()
    await page.get_by_role("dialog").get_by_role("button", name="Archive").click()
    await expect(page.get_by_text("The exercises could not be loaded.")).to_be_visible()
    await expect(name).to_have_value("Typed meanwhile")
    await page.unroute(listed)
    admin.house.sql("UPDATE exercises SET name = 'Elsewhere' WHERE id = %s", number)
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("could not be loaded")).to_have_count(0)
    await expect(name).to_have_value("Typed meanwhile")
    await name.press("Enter")
    told = page.get_by_role("table", name="What is there now, and what you typed")
    await expect(told.get_by_role("row", name="Name")).to_have_text("NameOutlastingElsewhereTyped meanwhile")
    await expect(told.get_by_role("row", name="Muscle")).to_have_count(0)  # nobody touched it
    await page.get_by_role("button", name="Save what I typed").click()
    await admin.is_told("Saved.")
    assert admin.house.sql("SELECT name FROM exercises WHERE id = %s", number) == [("Typed meanwhile",)]
    assert admin.house.sql("SELECT deleted_at IS NOT NULL FROM exercises WHERE id = %s", other) == [(True,)]


BROKEN = {
    "invalid": (422, "name is too long: 64 at most."),
    "internal": (500, "Something broke on our side, and we kept a note of it."),
    "unavailable": (503, "The database cannot be reached right now, and nothing was changed."),
}


@pytest.mark.parametrize("code", [*BROKEN, "offline"])
async def test_what_could_not_be_saved_stays_typed(desktop: OpenPage, house: House, code: str) -> None:
    page = await desktop()
    heed_complaints(page, but=f"{REFUSED}|status of (422|500)")
    admin = Admin(page, house, await house.new_admin())
    number = new_exercise(admin, f"Kept {code}")
    await page.goto(f"{house.url}{at('/exercises', search=f'kept {code}')}")
    await admin.sign_in()
    await page.get_by_role("button", name=f"Edit Kept {code}").click()
    form = page.get_by_role("form", name=f"Edit Kept {code}")
    await form.get_by_role("textbox", name="Name").fill(f"Saved {code}")

    async def broken(route: Route) -> None:
        if code == "offline":
            return await route.abort("connectionrefused")
        status, detail = BROKEN[code]
        return await route.fulfill(status=status, json={"error": code, "detail": detail, "request_id": "1"})

    await page.route(f"**/api/v1/exercises/{number}", broken)
    save = form.get_by_role("button", name="Save")
    await save.press("Enter")
    detail = BROKEN[code][1] if code in BROKEN else "The admin API cannot be reached."
    await expect(form.get_by_role("alert")).to_contain_text(detail)
    await expect(save).to_be_focused()
    await expect(form.get_by_role("textbox", name="Name")).to_have_value(f"Saved {code}")
    await page.unroute_all()
    await save.press("Enter")
    await admin.is_told("Saved.")
    assert house.sql("SELECT name FROM exercises WHERE id = %s", number) == [(f"Saved {code}",)]


async def test_a_conflict_that_cannot_be_looked_at_is_said(admin: Admin) -> None:
    page = admin.page
    number = new_exercise(admin, "Unreadable")
    await admin.open(at("/exercises", search="unreadable"), "Exercises")
    await page.get_by_role("button", name="Edit Unreadable").click()
    form = page.get_by_role("form", name="Edit Unreadable")
    await form.get_by_role("textbox", name="Name").fill("Typed anyway")
    admin.house.sql("UPDATE exercises SET name = 'Theirs meanwhile' WHERE id = %s", number)

    async def unread(route: Route) -> None:
        await (cut(route) if route.request.method == "GET" else route.continue_())

    await page.route(f"**/api/v1/exercises/{number}", unread)
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert")).to_contain_text("what it is now could not be read")
    await page.unroute_all()
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("table", name="What is there now, and what you typed")).to_be_visible()


async def test_two_exercises_are_merged_after_a_preview(admin: Admin) -> None:
    page = admin.page
    source, into = new_exercise(admin, "Benchpres"), new_exercise(admin, "Benchpress")
    ((person,),) = admin.house.sql("SELECT min(id) FROM users")
    for number, sets in ((source, 3), (into, 2)):
        admin.house.sql(
            "INSERT INTO training (day, user_id, muscle_id, exercise_id, set, weight, reps)"
            " SELECT current_date - 1, %s, 1, %s, n, 60, 8 FROM generate_series(1, %s) AS n",
            person, number, sets,
        )  # fmt: skip
    await admin.open(f"/exercises/{source}/merge", "Merge Benchpres")
    await page.get_by_role("combobox", name="The exercise that gets the history").fill("benchpres")
    await expect(page.get_by_role("option")).to_have_text(["BenchpressChest"])  # not itself
    await page.get_by_role("option", name="Benchpress").click()
    preview = page.get_by_role("region", name="What merging changes")
    await expect(preview.get_by_role("listitem").first).to_have_text(
        "3sets move from Benchpres (Chest) to Benchpress (Chest)"
    )
    await expect(preview).to_contain_text("1day has sets of both")
    go = preview.get_by_role("button", name="Move 3 sets to Benchpress")
    await expect(go).to_be_disabled()

    async def lost(route: Route) -> None:
        await (cut(route) if route.request.method == "POST" else route.continue_())

    await page.route(f"**/api/v1/exercises/{source}/merge*", lost)
    await preview.get_by_role("checkbox").check()
    await go.click()
    await expect(preview.get_by_role("alert")).to_contain_text("whether they are merged is not known")
    await page.unroute_all()
    await preview.get_by_role("checkbox").check()
    admin.house.sql("UPDATE exercises SET name = 'Benchpress!' WHERE id = %s", into)
    await go.click()
    await expect(preview.get_by_role("alert")).to_contain_text("nothing was merged")
    await preview.get_by_role("checkbox").check()
    await preview.get_by_role("button", name="Move 3 sets to Benchpress!").click()
    await admin.is_told("3 sets moved to “Benchpress!”; “Benchpres” is archived.")
    await admin.sees("Exercises")
    assert admin.house.sql("SELECT array_agg(set ORDER BY set) FROM training WHERE exercise_id = %s", into) == [
        ([1, 2, 3, 4, 5],)
    ]


async def test_a_phone_finds_and_sorts_too(phone: OpenPage, house: House) -> None:
    page = await phone()
    heed_complaints(page, but=REFUSED)
    admin = Admin(page, house, await house.new_admin())
    await page.goto(f"{house.url}/exercises")
    await admin.sign_in()
    names = page.get_by_role("row").get_by_role("link")
    await expect(names.first).to_be_visible()
    muscle = page.get_by_role("combobox", name="Muscle")
    await expect(muscle).to_be_hidden()
    await page.get_by_role("button", name="Filters", exact=True).click()
    await muscle.fill("chest")
    await page.get_by_role("option", name="Chest", exact=True).click()
    await expect(page.get_by_role("button", name="Filters (1)", exact=True)).to_be_visible()
    first = await names.first.text_content()
    head = page.get_by_role("columnheader", name="Name")
    await expect(head).to_have_attribute("aria-sort", "ascending")
    await head.get_by_role("button").click()
    await expect(head).to_have_attribute("aria-sort", "descending")
    await expect(names.first).not_to_have_text(first or "")


async def test_who_wants_no_motion_sees_none(admin: Admin) -> None:
    page = admin.page
    await page.emulate_media(reduced_motion="reduce")

    async def never(_: Route) -> None:
        """Leave it waiting."""

    await page.route("**/api/v1/users?*", never)
    await page.get_by_role("link", name="People").click()
    await expect(page.get_by_role("status", name="Loading people")).to_be_visible()
    for_ever = "() => document.getAnimations().filter(each => each.effect.getTiming().iterations === Infinity).length"
    assert await page.evaluate(for_ever) == 0
