"""Reading in the chat page: the scroll that stays, unread marks, long chats, and coming back."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.browser import OpenPage
from tests.sandbox.conftest import Api
from tests.sandbox.test_sandbox_page import box, keyboard, opened, said
from tests.stage import START_SECONDS, Sandbox, Someone

DRAWN = 200  # messages in the page at most: log.js
NODES = 20  # of one message, all told
WATCH_THE_DAY = """
    new MutationObserver(() => (window.floated ||= Boolean(document.querySelector(".floating-day.shown"))))
        .observe(document, { subtree: true, attributes: true });
"""
TOP = "(each) => Math.round(each.getBoundingClientRect().top)"


@pytest.fixture(params=["phone", "desktop"])
def screen(request: pytest.FixtureRequest, phone: OpenPage, desktop: OpenPage) -> OpenPage:
    """Both sizes."""
    return {"phone": phone, "desktop": desktop}[request.param]


async def filled(sandbox: Sandbox, you: Someone, count: int, *, read: bool = True) -> None:
    """Let the bot have said a lot: "Message 1", "Message 2" …"""
    await sandbox.ask("POST", "/control/fill", {"person_id": you.id, "messages": count})
    if read:
        (newest,) = (await sandbox.ask("GET", f"/chats/{you.id}?limit=1"))["messages"]
        await sandbox.ask("POST", f"/chats/{you.id}/read", {"message_id": newest["message_id"]})


async def scroll_to(page: Page, text: str) -> None:
    """Scroll as one does, page by page, until a message is there."""
    wanted = said(page, text)
    scroller = page.locator(".scroller")
    async with asyncio.timeout(START_SECONDS):  # however many times: a slow page brings older messages slowly
        while not await wanted.count():
            await scroller.evaluate("(each) => each.scrollBy(0, -3000)")
            await page.wait_for_timeout(20)
    await wanted.evaluate("(each) => each.scrollIntoView({ block: 'center' })")
    await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def test_reading_above_is_not_disturbed(api: Api, sandbox: Sandbox, you: Someone, screen: OpenPage) -> None:
    asked = await api.done("sendMessage", chat_id=you.id, text="Ready?", reply_markup=keyboard("Go"))
    await filled(sandbox, you, 60)
    page = await opened(await screen(), sandbox)
    await expect(said(page, "Message 60")).to_be_in_viewport()
    down = page.get_by_role("button", name="To the newest message")
    await expect(down).to_be_hidden()
    await scroll_to(page, "Message 20")
    target = said(page, "Message 20")
    before = await target.bounding_box()
    for number in range(3):
        await api.done("sendMessage", chat_id=you.id, text=f"new {number}")
    await expect(down.locator(".badge")).to_contain_text("3")
    # An edit above, and one below, move nothing either.
    for text in ("a\nmuch\nlonger\ntext", "short"):
        await api.done("editMessageText", chat_id=you.id, message_id=asked["message_id"], text=text)
        await expect(page.locator(".message.in").first).to_contain_text(text.split("\n")[-1])
    assert await target.bounding_box() == before
    await down.click()
    await expect(said(page, "new 2")).to_be_in_viewport()
    await expect(down).to_be_hidden()
    await expect(page).to_have_title("Gym bot")
    # Whoever writes sees what they write.
    await scroll_to(page, "Message 20")
    await expect(down).to_be_visible()
    await box(page).fill("mine")
    await box(page).press("Enter")
    await expect(said(page, "mine")).to_be_in_viewport()


async def test_what_is_read_is_read_in_every_tab(api: Api, sandbox: Sandbox, you: Someone, desktop: OpenPage) -> None:
    ann = await sandbox.person("Ann")
    await filled(sandbox, you, 60)
    page = await opened(await desktop(), sandbox, be=you.id)
    await scroll_to(page, "Message 20")
    second = await opened(await page.context.new_page(), sandbox, be=ann.id)
    row = second.locator(".sidebar .person", has_text="You")
    await api.done("sendMessage", chat_id=you.id, text="one")
    await api.done("sendMessage", chat_id=you.id, text="two")
    await expect(row.locator(".badge")).to_contain_text("2")
    await expect(second).to_have_title("(2) Gym bot")
    await page.bring_to_front()
    await page.get_by_role("button", name="To the newest message").click()
    await expect(row.locator(".badge")).to_be_hidden()
    await expect(second).to_have_title("Gym bot")
    assert (await sandbox.ask("GET", "/people"))[0]["unread"] == 0


async def test_a_chat_opens_where_the_unread_begins(api: Api, sandbox: Sandbox, you: Someone, phone: OpenPage) -> None:
    await filled(sandbox, you, 30)
    await sandbox.ask("POST", "/control/fill", {"person_id": you.id, "messages": 50})
    page = await opened(await phone(), sandbox)
    line = page.get_by_text("Unread messages", exact=True)
    await expect(line).to_be_in_viewport()
    badge = page.locator(".to-bottom .badge")
    await expect(badge).to_be_visible()
    left = int((await badge.text_content() or "0").split()[0])
    assert 0 < left < 50  # those on the screen are read
    await page.locator(".scroller").evaluate("(each) => each.scrollBy(0, 300)")
    await expect(badge).not_to_contain_text(str(left))


async def test_ten_thousand_messages(api: Api, sandbox: Sandbox, you: Someone, screen: OpenPage) -> None:
    await filled(sandbox, you, 10_000)
    page = await screen()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if f"/chats/{you.id}?" in request.url else None)
    await opened(page, sandbox)
    await expect(said(page, "Message 10000")).to_be_in_viewport()
    assert asked == [f"{sandbox.url}/chats/{you.id}?limit=100"]
    await scroll_to(page, "Message 9000")
    assert 9 <= len(asked) <= 12  # pages of 100, none twice
    assert len(set(asked)) == len(asked)
    messages = page.locator(".message")
    counts = await messages.count(), await page.evaluate("() => document.querySelectorAll('*').length")
    assert counts[0] <= DRAWN
    assert counts[1] < DRAWN * NODES
    # What is below again is known already; the way down asks for nothing.
    paged = len(asked)
    await page.locator(".scroller").evaluate("(each) => each.scrollBy(0, 4000)")
    await expect(said(page, "Message 9060")).to_be_attached()
    await api.done("sendMessage", chat_id=you.id, text="new below")
    await page.get_by_role("button", name="To the newest message, 1 unread").click()
    await expect(said(page, "new below")).to_be_in_viewport()
    assert len(asked) == paged
    assert await messages.count() <= DRAWN


async def test_a_reload_comes_back_to_the_place_and_the_draft(
    api: Api, sandbox: Sandbox, you: Someone, phone: OpenPage
) -> None:
    await filled(sandbox, you, 500)
    page = await opened(await phone(), sandbox)
    await box(page).fill("half a\nthought")
    await scroll_to(page, "Message 200")
    before = await said(page, "Message 200").evaluate(TOP)
    await page.reload()
    await expect(said(page, "Message 200")).to_be_in_viewport()
    assert abs(await said(page, "Message 200").evaluate(TOP) - before) <= 1
    await expect(box(page)).to_have_value("half a\nthought")
    # At the end one comes back to the end.
    await page.get_by_role("button", name="To the newest message").click()
    await expect(said(page, "Message 500")).to_be_in_viewport()
    await page.reload()
    await expect(said(page, "Message 500")).to_be_in_viewport()
    await box(page).press("Control+a")
    await box(page).press("Enter")
    await expect(page.locator(".message.out")).to_have_count(1)
    await page.reload()
    await expect(box(page)).to_have_value("")


async def test_every_chat_keeps_its_own_place(api: Api, sandbox: Sandbox, you: Someone, desktop: OpenPage) -> None:
    ann = await sandbox.person("Ann")
    for each in (ann, you):
        await filled(sandbox, each, 150)
    page = await opened(await desktop(), sandbox, be=you.id)
    await scroll_to(page, "Message 80")
    before = await said(page, "Message 80").evaluate(TOP)
    # Switch in the middle of a swing.
    await page.evaluate(
        "(id) => { document.querySelector('.scroller').scrollBy(0, -1);"
        " document.querySelector(`.sidebar [data-id='${id}']`).click(); }",
        ann.id,
    )
    await expect(page.locator(".sidebar [aria-current]")).to_contain_text("Ann")
    await expect(said(page, "Message 150")).to_be_in_viewport()
    await page.locator(".sidebar .person", has_text="You").click()
    await expect(said(page, "Message 80")).to_be_in_viewport()
    assert abs(await said(page, "Message 80").evaluate(TOP) - before) <= 2


async def test_the_day_never_lies_on_what_is_read(api: Api, sandbox: Sandbox, you: Someone, desktop: OpenPage) -> None:
    await filled(sandbox, you, 100)
    page = await opened(await desktop(), sandbox)
    floating = page.locator(".floating-day")
    await expect(said(page, "Message 100")).to_be_in_viewport()
    await expect(floating).to_be_hidden()
    # It is there for a second, in which a busy machine may not look: the page itself keeps in mind that it was.
    await page.evaluate(WATCH_THE_DAY)
    await page.mouse.move(800, 400)
    await page.mouse.wheel(0, -700)
    await page.wait_for_function("() => window.floated")
    await expect(floating).to_have_text("Today")
    await expect(floating).to_be_hidden()
    await expect(page.locator(".log > .row > .day")).to_have_count(1)  # it stands between the messages
    # Nobody scrolls while the page comes back to its place.
    await page.add_init_script(WATCH_THE_DAY)
    await page.reload()
    await expect(page.get_by_role("button", name="To the newest message")).to_be_visible()
    assert await page.evaluate("() => window.floated") is False


async def test_a_message_that_goes_leaves_no_gap(api: Api, sandbox: Sandbox, you: Someone, desktop: OpenPage) -> None:
    await filled(sandbox, you, 60)
    gone = await api.done("sendMessage", chat_id=you.id, text="gone soon", reply_markup=keyboard("Go"))
    page = await opened(await desktop(), sandbox)
    await page.get_by_role("button", name="Go", exact=True).focus()
    await api.done("deleteMessage", chat_id=you.id, message_id=gone["message_id"])
    await expect(page.get_by_text("gone soon")).to_have_count(0)
    await expect(page.get_by_role("region", name="Conversation")).to_be_focused()
    await expect(said(page, "Message 60")).to_be_in_viewport()
