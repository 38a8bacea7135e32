"""Muscles and exercises: found while typing, changed in their line, archived, merged, deleted; two admins at once."""

from playwright.async_api import Page, expect

from tests.panel.conftest import Admin


def new_exercise(admin: Admin, name: str, *, muscle: int = 1) -> int:
    ((number,),) = admin.house.sql("INSERT INTO exercises (name, muscle) VALUES (%s, %s) RETURNING id", name, muscle)
    return int(number)


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
    await name.fill("Neck צוואר")
    await expect(page.get_by_text("is there already")).to_be_hidden()
    await page.keyboard.press("Enter")
    await admin.is_told("“Neck צוואר” is there, for everybody.")
    await search(page, "neck", 1)
    assert "search" in page.url  # a link shows the same
    await page.get_by_role("button", name="Edit Neck צוואר").press("Enter")
    await name.fill("Nape")
    await page.keyboard.press("Escape")
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
    assert admin.house.sql("SELECT count(*) FROM muscles WHERE name = 'Nape'") == [(0,)]


async def test_a_stale_edit_is_explained_and_nothing_typed_is_lost(admin: Admin) -> None:
    page = admin.page
    number = new_exercise(admin, "Contested")
    await admin.open("/exercises?filter=%7B%22search%22%3A%22contested%22%7D", "Exercises")
    await page.get_by_role("button", name="Edit Contested").click()
    await page.get_by_role("textbox", name="Name").fill("Mine")
    admin.house.sql("UPDATE exercises SET name = 'Theirs' WHERE id = %s", number)
    await page.keyboard.press("Enter")
    told = page.get_by_role("table", name="What is there now, and what you typed")
    await expect(told.get_by_role("row", name="Name")).to_have_text("NameContestedTheirsMine")
    await expect(page.get_by_role("textbox", name="Name")).to_have_value("Mine")
    await page.get_by_role("button", name="Save what I typed").click()
    await admin.is_told("Saved.")
    assert admin.house.sql("SELECT name FROM exercises WHERE id = %s", number) == [("Mine",)]


async def test_what_was_deleted_meanwhile_is_said(admin: Admin) -> None:
    page = admin.page
    number = new_exercise(admin, "Gone soon")
    await admin.open("/exercises?filter=%7B%22search%22%3A%22gone%20soon%22%7D", "Exercises")
    await page.get_by_role("button", name="Edit Gone soon").click()
    await page.get_by_role("textbox", name="Name").fill("Typed in vain")
    admin.house.sql("DELETE FROM exercises WHERE id = %s", number)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("This exercise was deleted meanwhile.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Name")).to_have_value("Typed in vain")


async def test_what_is_in_use_is_archived_instead_of_deleted(admin: Admin) -> None:
    page = admin.page
    ((number, name),) = admin.house.sql(
        "SELECT e.id, e.name FROM exercises AS e JOIN training AS t ON t.exercise_id = e.id"
        " WHERE e.is_global AND e.muscle = 8 GROUP BY e.id ORDER BY count(*), e.id LIMIT 1"
    )
    await admin.open("/exercises?filter=%7B%22muscle_id%22%3A8%7D", "Exercises")
    await page.get_by_role("button", name=f"Delete {name}", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("status")).to_contain_text("trained it, on")
    await dialog.get_by_role("button", name="Delete").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("cannot be deleted")
    await dialog.get_by_role("button", name="Archive it instead").click()
    await admin.is_told(f"“{name}” is archived.")
    admin.house.sql("UPDATE exercises SET deleted_at = NULL WHERE id = %s", number)


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
    await page.get_by_role("combobox", name="The exercise that gets the history").fill("benchpress")
    await page.get_by_role("option", name="Benchpress").click()
    preview = page.get_by_role("region", name="What merging changes")
    await expect(preview.get_by_role("listitem").first).to_have_text(
        "3sets move from Benchpres (Chest) to Benchpress (Chest)"
    )
    await expect(preview).to_contain_text("days have sets of both")
    go = preview.get_by_role("button", name="Move 3 sets to Benchpress")
    await expect(go).to_be_disabled()
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
