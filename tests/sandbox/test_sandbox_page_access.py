"""The chat page by keyboard, by screen reader and by weak eyes."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import OpenPage, Scheme
from tests.conftest import find_free_port
from tests.sandbox.conftest import Api, Receiver
from tests.sandbox.test_sandbox_page import TABLE, box, keyboard, opened, said
from tests.sandbox.test_sandbox_page_files import bot_sends, png
from tests.stage import Sandbox, Someone

# Every text on the page whose contrast to what lies behind it is below 4.5 (WCAG AA). What is translucent is laid over
# the lightest and the darkest of the wallpaper's colours, and over white where it lies on a photo.
WEAK = """() => {
    const style = getComputedStyle(document.documentElement);
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const parsed = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], under) => [r, g, b].map((each, at) => each * a + under[at] * (1 - a));
    const light = (rgb) => {
        const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        const [r, g, b] = rgb.map((each) => linear(each / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, two) => {
        const [low, high] = [light(one), light(two)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const walls = ["", "-1", "-2", "-3", "-4"].map((end) => parsed(style.getPropertyValue(`--wall${end}`)));
    const weak = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const element = node.parentElement;
        const spared = element.closest("script, .hidden, .avatar, :disabled, .spoiler, noscript");
        if (!node.textContent.trim() || spared || !element.checkVisibility({ visibilityProperty: true })) continue;
        const layers = [];
        for (let each = element; each; each = each.parentElement) {
            const colour = parsed(getComputedStyle(each).backgroundColor);
            if (colour[3]) layers.push(colour);
            if (colour[3] === 1) break;
        }
        const unders = element.closest(".with-photo.bare") ? [[255, 255, 255]] : walls;
        const worst = Math.min(...unders.map((wall) => {
            const behind = layers.reduceRight((under, layer) => over(layer, under), wall);
            return contrast(over(parsed(getComputedStyle(element).color), behind), behind);
        }));
        const where = `${element.tagName}.${element.className}: ${node.textContent.trim().slice(0, 30)}`;
        if (worst < 4.5) weak.add(`${worst.toFixed(2)} ${where}`);
    }
    return [...weak];
}"""

# Everything that can be operated and has no name, and every id that is there twice.
NAMELESS = """() => {
    const operated = document.querySelectorAll("button, a[href], input, textarea, dialog, nav, [role]");
    const nameless = [...operated].filter((each) => {
        if (!each.checkVisibility() || each.matches("[role=status], [role=alert]")) return false;
        const labels = [...(each.labels ?? [])].map((label) => label.textContent);
        const labelled = document.getElementById(each.getAttribute("aria-labelledby"))?.textContent;
        return ![each.ariaLabel, each.textContent, labelled, ...labels].some((name) => name?.trim());
    });
    const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
    return [...nameless.map((each) => each.outerHTML.slice(0, 80)), ...ids.filter((id, at) => ids.indexOf(id) !== at)];
}"""

# Everything that sticks out of the window sideways, or out of a bar below; tables scroll, and long names end in an
# ellipsis.
STICKING_OUT = """() => [...document.querySelectorAll(".app *, dialog[open] *")].filter((each) => {
    const { left, right, width, bottom } = each.getBoundingClientRect();
    const spared = each.closest("pre, bdi, .file-name span, .hidden, .wallpaper, svg");
    const seen = width && each.checkVisibility() && !spared;
    const bar = each.closest(".bar")?.getBoundingClientRect().bottom ?? Infinity;
    return seen && (right > innerWidth + 1 || left < -1 || bottom > bar + 1);
}).map((each) => each.outerHTML.slice(0, 80))"""


# All that a screen reader was told, kept: each line is gone from the page after some seconds.
HEAR = """
    window.heard = [];
    new MutationObserver((changes) => {
        for (const { target, addedNodes } of changes)
            if (target.matches?.(".announcer")) window.heard.push(...[...addedNodes].map((each) => each.textContent));
    }).observe(document, { subtree: true, childList: true });
"""
HAS_HEARD = "(line) => window.heard.includes(line)"


async def everything(api: Api, sandbox: Sandbox, you: Someone) -> None:
    """One of each thing that a chat can have."""
    commands = [{"command": name, "description": f"{name} it"} for name in ("start", "gym", "help")]
    await api.done("setMyCommands", commands=commands)
    await api.done("setWebhook", url=f"http://127.0.0.1:{find_free_port()}/webhook")
    ann = await sandbox.person("Ann", last_name="W" * 64)
    await api.done("sendMessage", chat_id=ann.id, text="for Ann")
    await sandbox.ask("POST", "/control/limits", {"on": False})
    words = "<b>bold</b> <code>code</code> <a href='https://example.com'>link</a> #tag <blockquote>said</blockquote>"
    await api.done("sendMessage", chat_id=you.id, text=words + TABLE, parse_mode="HTML", reply_markup=keyboard("Go"))
    written = await you.write("60x8 /help me@example.com")
    await you.edit(written, "65x8 /help me@example.com")
    await sandbox.ask("POST", f"/chats/{you.id}/stickers", {})
    await bot_sends(sandbox, "photo", you, "a.png", png(400, 100))
    await bot_sends(sandbox, "photo", you, "a.png", png(400, 100), caption="the caption")
    await bot_sends(sandbox, "document", you, "sets.csv", b"1,2", caption="the table")
    await bot_sends(sandbox, "document", you, "sets", b"1,2")


async def all_states(page: Page) -> Any:
    """Open one thing after the other."""
    yield "chat"
    await box(page).fill("/")
    yield "commands"
    await box(page).fill("")
    await page.get_by_role("button", name="More").click()
    yield "menu"
    await page.keyboard.press("Escape")
    await page.evaluate("import('/page/notices.js').then((has) => { has.toast('a toast'); has.alert('an alert'); })")
    yield "toast and alert"
    await page.get_by_role("button", name="OK").click()
    await page.get_by_role("button", name="Photo, press to enlarge").last.click()
    await expect(page.locator("dialog.viewer")).to_be_visible()
    yield "viewer"
    await page.keyboard.press("Escape")
    await page.locator("input.any-file").set_input_files({"name": "a.zip", "mimeType": "", "buffer": b"1"})
    await expect(page.locator("dialog.sending")).to_be_visible()
    yield "sending"
    await page.keyboard.press("Escape")
    if await page.locator(".me").is_visible():
        await page.locator(".me").click()
        yield "sheet"
        await page.get_by_role("button", name="Add a person").last.click()
    else:
        await page.get_by_role("button", name="Add a person").first.click()
    await expect(page.locator("dialog.new-person")).to_be_visible()
    yield "new person"
    await page.keyboard.press("Escape")
    await box(page).press("ArrowUp")
    yield "editing"


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desktop", "dark")])
async def test_everything_has_contrast_and_a_name_and_room(
    api: Api, sandbox: Sandbox, you: Someone, phone: OpenPage, desktop: OpenPage, size: str, scheme: Scheme
) -> None:
    await everything(api, sandbox, you)
    page = await opened(await {"phone": phone, "desktop": desktop}[size](color_scheme=scheme), sandbox, be=you.id)
    await page.emulate_media(reduced_motion="reduce")  # nothing half faded in
    await expect(page.locator(".away")).to_be_visible()
    await expect(page.locator(".message")).to_have_count(7)
    async for state in all_states(page):
        assert await page.evaluate(WEAK) == [], state
        assert await page.evaluate(NAMELESS) == [], state
        assert await page.evaluate(STICKING_OUT) == [], state


async def test_all_can_be_done_by_keyboard(
    api: Api, sandbox: Sandbox, receiver: Receiver, you: Someone, desktop: OpenPage
) -> None:
    await api.done("setWebhook", url=receiver.url)
    asked = await api.done("sendMessage", chat_id=you.id, text="Ready?", reply_markup=keyboard("Go", "Stop"))
    page = await opened(await desktop(), sandbox)
    await expect(box(page)).to_be_focused()  # one may write at once
    await expect(said(page, "Ready\\?")).to_be_visible()
    seen = []
    for _ in range(4):
        await page.keyboard.press("Shift+Tab")
        seen.append(await page.evaluate("() => document.activeElement.ariaLabel ?? document.activeElement.textContent"))
        # Where one is, is seen.
        assert await page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert seen == ["Stop", "Go", "Conversation", "More"]
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Transcript as text")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Block the bot")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="More")).to_be_focused()
    for _ in range(2):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    (update,) = await receiver.got(1)
    assert update["callback_query"]["data"] == "Go"
    # The keyboard changes under the finger: the focus is on the same button, or on the one in its stead.
    edit = {"chat_id": you.id, "message_id": asked["message_id"]}
    await api.done("editMessageText", **edit, text="1", reply_markup=keyboard("Other", "Go"))
    await expect(said(page, "1")).to_be_visible()
    await expect(page.get_by_role("button", name="Go", exact=True)).to_be_focused()
    await api.done("editMessageText", **edit, text="2", reply_markup=keyboard("10", "12"))
    await expect(page.get_by_role("button", name="12", exact=True)).to_be_focused()
    await api.done("editMessageText", **edit, text="3")
    await expect(page.locator(".message.in")).to_be_focused()
    await page.keyboard.type("back to writing")
    await expect(box(page)).to_have_value("back to writing")


async def test_a_screen_reader_hears_what_is_new_and_nothing_else(
    api: Api, sandbox: Sandbox, you: Someone, phone: OpenPage
) -> None:
    await sandbox.ask("POST", "/control/fill", {"person_id": you.id, "messages": 300})
    page = await phone()
    await page.add_init_script(HEAR)
    await opened(page, sandbox)
    log = page.get_by_role("log", name="Messages")
    await expect(page.locator(".announcer")).to_have_attribute("aria-live", "polite")
    await page.locator(".scroller").evaluate("(each) => each.scrollTo(0, 0)")
    await expect(said(page, "Message 200")).to_be_attached()  # older ones come, and are not news
    asked = await api.done(
        "sendMessage", chat_id=you.id, text="<b>Ready?</b>", parse_mode="HTML", reply_markup=keyboard("Go", "Stop")
    )
    await page.wait_for_function(HAS_HEARD, arg="Gym bot: Ready? (2 buttons)")
    await api.done("editMessageText", chat_id=you.id, message_id=asked["message_id"], text="Set 1 saved")
    await page.wait_for_function(HAS_HEARD, arg="Gym bot: Set 1 saved")
    await you.write("my own words")
    await expect(log.locator(".message.out")).to_have_count(1)
    heard = await page.evaluate("() => window.heard")
    assert heard[:2] == ["Gym bot: Ready? (2 buttons)", "Gym bot: Set 1 saved"]
    assert "my own words" not in str(heard)
    label = await log.locator(".message.out").get_attribute("aria-label")
    assert label is not None
    assert label.startswith("You, ")
    await expect(page.locator(".toasts")).to_have_attribute("role", "status")


async def test_nothing_moves_for_those_who_do_not_want_it(
    api: Api, sandbox: Sandbox, you: Someone, desktop: OpenPage
) -> None:
    page = await desktop()
    await page.emulate_media(reduced_motion="reduce")
    await sandbox.ask("POST", "/control/fill", {"person_id": you.id, "messages": 100})
    await opened(page, sandbox)
    await page.locator(".scroller").evaluate("(each) => each.scrollTo(0, 0)")
    down = page.get_by_role("button", name="To the newest message")
    await expect(down).to_be_visible()  # else the page has not heard of the scroll, and follows what is new
    await api.done("sendMessage", chat_id=you.id, text="new", reply_markup=keyboard("Go"))
    # At once, without a glide.
    await down.click()
    left = "(each) => each.scrollHeight - each.scrollTop - each.clientHeight"
    assert await page.locator(".scroller").evaluate(left) < 2
    lasting = "() => document.getAnimations().filter((each) => each.effect.getTiming().duration > 1).length"
    assert await page.evaluate(lasting) == 0
