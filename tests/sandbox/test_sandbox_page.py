"""The chat page in a real browser, on a phone and on a desk, light and dark: what one does, and what one sees of it."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import OpenPage, heed_complaints
from tests.conftest import find_free_port
from tests.sandbox.conftest import Api, Receiver, settled
from tests.stage import Sandbox, Someone

TABLE = "<pre>" + "\n".join(["+-------+-------------+------+" * 3] * 3) + "</pre>"


def keyboard(*names: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": name, "callback_data": name}] for name in names]}


async def opened(page: Page, sandbox: Sandbox, *, be: int | None = None) -> Page:
    """Open the chat, as somebody; whatever the browser complains of fails the test."""
    heed_complaints(page)
    await page.goto(f"{sandbox.url}/#{be}" if be else sandbox.url)
    await expect(page.locator(".bot-name")).to_have_text("Gym bot")
    await expect(page.locator(".person").first).to_be_attached()
    return page


def said(page: Page, text: str) -> Locator:
    """The bubble with exactly this text."""
    return page.locator(".bubble", has=page.locator(".words").filter(has_text=re.compile(f"^{text}$")))


def box(page: Page) -> Locator:
    """Where one writes."""
    return page.get_by_role("textbox", name="Message")


@pytest.fixture(params=["phone", "desktop"])
def screen(request: pytest.FixtureRequest, phone: OpenPage, desktop: OpenPage) -> OpenPage:
    """Both sizes."""
    return {"phone": phone, "desktop": desktop}[request.param]


async def test_a_message_goes_round(api: Api, sandbox: Sandbox, receiver: Receiver, screen: OpenPage) -> None:
    await api.done("setMyCommands", commands=[{"command": "start", "description": "Main menu"}])
    await api.done("setWebhook", url=receiver.url)
    page = await opened(await screen(), sandbox)
    await expect(page.locator(".status")).to_contain_text("bot")
    await page.get_by_role("button", name="Start", exact=True).click()
    (update,) = await receiver.got(1)
    assert update["message"]["text"] == "/start"
    own = page.locator(".message.out")
    await expect(own).to_have_count(1)
    await expect(own.get_by_label("Delivered")).to_be_visible()
    await api.done("sendMessage", chat_id=update["message"]["chat"]["id"], text="<b>Hi</b> /start", parse_mode="HTML")
    answer = page.locator(".message.in")
    await expect(answer.locator("b")).to_have_text("Hi")
    await answer.get_by_role("button", name="/start").click()
    await receiver.got(2)
    await box(page).fill("first line")
    await box(page).press("Shift+Enter")
    await box(page).press_sequentially("second")
    await box(page).press("Enter")
    await receiver.got(3)
    assert receiver.texts() == ["/start", "/start", "first line\nsecond"]
    await expect(box(page)).to_have_value("")
    await expect(page.locator(".message")).to_have_count(4)
    await expect(page.locator(".day")).to_have_text("Today")
    # The time stands inside the bubble, and the last bubble of a group has a tail.
    inside = "(each) => { const [a, b] = [each, each.closest('.bubble')].map((one) => one.getBoundingClientRect());"
    inside += " return a.right <= b.right && a.bottom <= b.bottom; }"
    assert await page.locator(".message.out time").last.evaluate(inside)
    tail = "(each) => getComputedStyle(each, '::after').clipPath"
    assert "path" in await page.locator(".message.out .bubble").last.evaluate(tail)


async def test_a_tap_spins_until_it_is_answered(
    api: Api, sandbox: Sandbox, receiver: Receiver, you: Someone, desktop: OpenPage
) -> None:
    await api.done("setWebhook", url=receiver.url)
    page = await opened(await desktop(color_scheme="dark"), sandbox)
    asked = await api.done("sendMessage", chat_id=you.id, text="Ready?", reply_markup=keyboard("Go", "Stop"))
    go = page.get_by_role("button", name="Go", exact=True)
    await go.click()
    await go.click()  # a spinning button is not tapped twice
    (update,) = await receiver.got(1)
    await expect(go).to_have_attribute("aria-busy", "true")
    await page.reload()
    await expect(go).to_have_attribute("aria-busy", "true")
    # Edited in place: the same bubble, another text, other buttons, nothing moved.
    bubble = page.locator(".message.in")
    before = await bubble.bounding_box()
    await api.done(
        "editMessageText",
        chat_id=you.id,
        message_id=asked["message_id"],
        text="Chosen",
        reply_markup=keyboard("Go", "Back"),
    )
    await expect(page.get_by_role("button", name="Back", exact=True)).to_be_visible()
    await expect(bubble).to_have_count(1)
    await expect(bubble.locator(".meta")).not_to_contain_text("edited")  # as in Telegram: bots edit all the time
    assert await bubble.bounding_box() == before
    await expect(go).to_have_attribute("aria-busy", "true")
    query = update["callback_query"]["id"]
    await api.done("answerCallbackQuery", callback_query_id=query, text="Set 2 is saved")
    await expect(page.locator(".toast")).to_have_text("Set 2 is saved")
    await expect(go).to_have_attribute("aria-busy", "false")
    await go.click()
    query = (await receiver.got(2))[1]["callback_query"]["id"]
    await api.done("answerCallbackQuery", callback_query_id=query, text="180kg? Your best is 80kg.", show_alert=True)
    alert = page.get_by_role("dialog", name="Gym bot")
    await expect(alert).to_contain_text("180kg?")
    await alert.get_by_role("button", name="OK").click()
    await expect(alert).to_be_hidden()
    assert len(receiver.updates) == 2


async def test_commands_are_offered(api: Api, sandbox: Sandbox, you: Someone, phone: OpenPage) -> None:
    commands = [{"command": name, "description": f"{name} it"} for name in ("start", "gym", "help")]
    await api.done("setMyCommands", commands=commands)
    await you.write("hello")
    page = await opened(await phone(), sandbox)
    menu = page.get_by_role("button", name="Menu of commands")
    await menu.click()
    options = page.get_by_role("option")
    await expect(options).to_have_count(3)
    await expect(menu).to_have_attribute("aria-expanded", "true")
    await options.filter(has_text="/gym").click()
    await expect(page.locator(".message.out")).to_have_count(2)
    await box(page).press_sequentially("/")
    await expect(options).to_have_count(3)
    await box(page).press("ArrowDown")
    await expect(options.filter(has_text="/gym")).to_have_attribute("aria-selected", "true")
    await box(page).press_sequentially("he")
    await expect(options).to_have_count(1)
    await box(page).press("Enter")
    await expect(page.locator(".message.out").last).to_contain_text("/help")
    await api.done("deleteMyCommands")
    await expect(menu).to_be_hidden()


async def test_one_can_be_several_people_on_a_phone(api: Api, sandbox: Sandbox, you: Someone, phone: OpenPage) -> None:
    await you.write("hello")
    page = await opened(await phone(color_scheme="dark"), sandbox)
    await page.get_by_role("button", name="You are You").click()
    sheet = page.get_by_role("dialog", name="Who to be")
    await expect(sheet).to_be_visible()
    await page.go_back()  # as on Android: back closes what lies over the chat
    await expect(sheet).to_be_hidden()
    await page.get_by_role("button", name="You are You").click()
    await sheet.get_by_role("button", name="Add a person").click()
    await page.get_by_label("First name").fill("Ann")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("button", name="You are Ann")).to_be_visible()
    await expect(page.locator(".message")).to_have_count(0)
    await api.done("sendMessage", chat_id=you.id, text="for you")
    switch = page.get_by_role("button", name="You are Ann; 1 unread")
    await expect(switch).to_contain_text("1")
    await expect(page).to_have_title("(1) Gym bot")
    await switch.click()
    await sheet.get_by_role("link").filter(has_text="for you").click()
    await expect(page.locator(".message.in")).to_contain_text("for you")
    await expect(page.get_by_role("button", name="You are You. Be")).to_be_visible()
    await expect(page).to_have_title("Gym bot")
    (first, _) = await sandbox.ask("GET", "/people")
    assert first["unread"] == 0


async def test_one_can_be_several_people_at_a_desk(api: Api, sandbox: Sandbox, you: Someone, desktop: OpenPage) -> None:
    ann = await sandbox.person("Ann")
    await you.write("hello")
    page = await opened(await desktop(), sandbox, be=you.id)
    rows = page.get_by_role("navigation", name="Who to be").get_by_role("link")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_have_attribute("aria-current", "true")
    await api.done("sendMessage", chat_id=ann.id, text="for Ann")
    await expect(rows.first).to_contain_text("for Ann")  # whoever spoke last stands first
    await expect(rows.first.locator(".badge")).to_contain_text("1")
    await box(page).fill("half a thought")
    await rows.first.click()
    await expect(page.locator(".message.in")).to_contain_text("for Ann")
    await expect(rows.first.locator(".badge")).to_be_hidden()
    await expect(box(page)).to_have_value("")
    await expect(rows.nth(1)).to_contain_text("Draft: half a thought")
    # In another tab one is somebody else, and each stays who they are.
    other = await opened(await page.context.new_page(), sandbox, be=you.id)
    await expect(other.locator(".message.out")).to_contain_text("hello")
    await page.reload()
    await expect(page.locator(".message.in")).to_contain_text("for Ann")


async def test_an_avatar_has_letters(sandbox: Sandbox, desktop: OpenPage) -> None:
    page = await desktop()
    await page.goto(sandbox.url)
    names = {
        ("Ann", "Berg"): "AB",
        ("<script>", "«quoted»"): "SQ",
        ("<3", ""): "3",
        ("straße", ""): "S",
        ("🏋️ strong", ""): "S",
        ("🏋️", "🔥"): "🏋️",
        ("محمد", "علي"): "مع",
        ("***", ""): "?",
    }
    people = [{"first_name": first, "last_name": last} for first, last in names]
    drawn = await page.evaluate("(people) => import('/page/format.js').then((has) => people.map(has.initials))", people)
    assert [each.replace("\u200c", "") for each in drawn] == list(names.values())


async def test_own_messages_are_edited_and_the_bot_is_blocked(
    api: Api, sandbox: Sandbox, you: Someone, desktop: OpenPage
) -> None:
    await you.write("60x8")
    page = await opened(await desktop(), sandbox)
    await box(page).fill("a draft")
    await box(page).fill("")
    await box(page).press("ArrowUp")
    await expect(box(page)).to_have_value("60x8")
    await box(page).fill("65x8")
    await box(page).press("Enter")
    await expect(said(page, "65x8")).to_have_count(1)
    await expect(page.locator(".message.out .meta")).to_contain_text("edited")
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Block the bot").click()
    await page.get_by_role("button", name="Unblock").click()
    await expect(box(page)).to_be_visible()
    kinds = [update["kind"] for update in await sandbox.ask("GET", "/control/updates")]
    assert kinds == ["message", "edited_message", "my_chat_member", "my_chat_member"]


async def test_a_wide_table_scrolls_and_the_page_does_not(
    api: Api, sandbox: Sandbox, you: Someone, phone: OpenPage
) -> None:
    await api.done("sendMessage", chat_id=you.id, text=TABLE + "\nbelow", parse_mode="HTML")
    await api.done("sendMessage", chat_id=you.id, text="Donaudampfschifffahrt" * 20, reply_markup=keyboard("W" * 64))
    page = await opened(await phone(), sandbox)
    await expect(page.locator("pre")).to_be_visible()
    sizes = await page.evaluate(
        "() => [document.documentElement, document.querySelector('.scroller'), document.querySelector('pre')]"
        ".map((each) => each.scrollWidth > each.clientWidth)"
    )
    assert sizes == [False, False, True]
    assert await page.evaluate("() => document.querySelector('pre').textContent.split('\\n').length") == 3


async def test_what_the_bot_is_doing_is_shown(api: Api, sandbox: Sandbox, you: Someone, desktop: OpenPage) -> None:
    await you.write("/history")
    page = await opened(await desktop(), sandbox)
    await expect(page.locator(".message")).to_have_count(1)
    status = page.locator(".status")
    await api.done("sendChatAction", chat_id=you.id, action="typing")
    await expect(status).to_have_text("typing")
    await api.done("sendChatAction", chat_id=you.id, action="upload_document")
    await expect(status).to_have_text("sending a file")
    await api.done("sendMessage", chat_id=you.id, text="here")
    await expect(said(page, "here")).to_be_visible()
    assert "bot" in (await status.text_content() or "")  # with the message; by itself only after five seconds


async def test_it_says_when_the_bot_is_away(api: Api, sandbox: Sandbox, receiver: Receiver, phone: OpenPage) -> None:
    await api.done("setWebhook", url=f"http://127.0.0.1:{find_free_port()}/webhook")
    page = await opened(await phone(), sandbox)
    await page.get_by_role("button", name="Start", exact=True).click()
    away = page.locator(".away")
    await expect(away).to_contain_text("The bot is not answering. What you send waits and arrives when it is back.")
    await expect(page.locator(".announcer")).to_contain_text("The bot is not answering.")
    await expect(page.get_by_label("Sent", exact=True)).to_be_visible()
    await api.done("setWebhook", url=receiver.url)
    await expect(away).to_be_hidden()
    await settled(sandbox)
    assert receiver.texts() == ["/start"]
    await expect(page.get_by_label("Delivered", exact=True)).to_be_visible()


async def test_it_comes_back_by_itself(mortal: Sandbox, mortal_api: Api, desktop: OpenPage) -> None:
    sandbox, api = mortal, mortal_api
    you = Someone(sandbox, (await sandbox.ask("GET", "/people"))[0]["id"])
    await you.write("hello")
    page = await desktop()
    await page.goto(sandbox.url)
    await expect(said(page, "hello")).to_be_visible()
    await box(page).fill("half a thought")
    assert await sandbox.stop() == 0
    await expect(page.locator(".status")).to_have_text("Connecting")
    await box(page).press("Enter")
    await expect(page.locator(".toast")).to_have_text("The sandbox cannot be reached just now.")
    await expect(box(page)).to_have_value("half a thought")
    await sandbox.start()
    await api.done("sendMessage", chat_id=you.id, text="I am back")
    await expect(said(page, "I am back")).to_be_visible()
    await expect(page.locator(".status")).to_contain_text("bot")
    await expect(page.locator(".message")).to_have_count(2)
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator(".message.out")).to_have_count(2)
    await page.close()


async def test_nothing_comes_from_elsewhere(api: Api, sandbox: Sandbox, phone: OpenPage) -> None:
    page = await phone()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await opened(page, sandbox)
    assert len(asked) > 5
    assert all(url.startswith(sandbox.url) for url in asked)
    for scheme, colour in {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 33, 43)"}.items():
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await expect(page.locator(".chat > .bar")).to_have_css("background-color", colour)
