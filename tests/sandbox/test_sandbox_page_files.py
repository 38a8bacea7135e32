"""Photos and files in the chat page: looked at, saved, sent."""

import asyncio
import base64
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Download, Page, expect

from tests.browser import OpenPage
from tests.sandbox.conftest import Api
from tests.sandbox.test_sandbox_page import box, opened, said
from tests.stage import TOKEN, Sandbox, Someone

CSV = b"date,exercise,set\n" * 1000


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def bot_sends(sandbox: Sandbox, kind: str, to: Someone, name: str, content: bytes, **more: Any) -> None:
    """Let the bot send a photo or a document."""
    form = aiohttp.FormData({"chat_id": str(to.id)} | {key: json.dumps(each) for key, each in more.items()})
    form.add_field(kind, content, filename=name)
    url = f"{sandbox.url}/bot{TOKEN}/send{kind.capitalize()}"
    async with aiohttp.ClientSession() as http, http.post(url, data=form) as answer:
        assert answer.status == 200, await answer.text()


async def content_of(download: Download) -> bytes:
    """What was saved."""
    return await asyncio.to_thread(Path(await download.path()).read_bytes)


async def drop(page: Page, target: str, name: str, media_type: str, content: bytes) -> None:
    """Drag a file over the page and drop it on something."""
    carried = await page.evaluate_handle(
        """([name, type, content]) => {
            const carried = new DataTransfer();
            const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
            carried.items.add(new File([bytes], name, { type }));
            return carried;
        }""",
        [name, media_type, base64.b64encode(content).decode()],
    )
    await page.dispatch_event("body", "dragenter", {"dataTransfer": carried})
    await expect(page.locator(target)).to_be_visible()
    await page.dispatch_event(target, "drop", {"dataTransfer": carried})


async def test_photos_have_their_shape_and_open_large(
    api: Api, sandbox: Sandbox, you: Someone, desktop: OpenPage
) -> None:
    sizes = [(800, 400), (300, 600), (1200, 100), (20, 20)]
    for number, (width, height) in enumerate(sizes):
        await bot_sends(sandbox, "photo", you, "a.png", png(width, height), caption=f"photo {number}")
    page = await opened(await desktop(), sandbox)
    photos = page.get_by_role("button", name="Photo, press to enlarge")
    await expect(photos).to_have_count(4)
    shown = [await photos.nth(number).bounding_box() for number in range(4)]
    # Within 420 pixels, in their own shape as far as it is sensible, and never tiny.
    assert [(round(each["width"]), round(each["height"])) for each in shown if each] == [
        (420, 210),
        (240, 420),
        (420, 60),
        (240, 60),
    ]
    await photos.nth(1).click()
    viewer = page.get_by_role("dialog", name="Photo")
    image = viewer.get_by_role("img")
    await expect(viewer).to_contain_text("photo 1")
    assert await image.evaluate("async (each) => { await each.decode(); return each.naturalHeight; }") == 600
    await page.keyboard.press("ArrowRight")
    await expect(viewer).to_contain_text("photo 2")
    await viewer.get_by_role("button", name="Photo before").click()
    await expect(viewer).to_contain_text("photo 1")
    async with page.expect_download() as saved:
        await viewer.get_by_role("link", name="Save the photo").click()
    assert await content_of(await saved.value) == png(300, 600)
    await page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(photos.nth(1)).to_be_focused()


async def test_a_large_photo_on_a_phone_closes_by_back(
    api: Api, sandbox: Sandbox, you: Someone, phone: OpenPage
) -> None:
    await bot_sends(sandbox, "photo", you, "a.png", png(2000, 1000))
    page = await opened(await phone(color_scheme="dark"), sandbox)
    viewer = page.get_by_role("dialog", name="Photo")
    closes = [
        page.go_back,
        viewer.get_by_role("button", name="Close").tap,
        lambda: viewer.tap(position={"x": 20, "y": 700}),
    ]
    for close in closes:
        await page.get_by_role("button", name="Photo, press to enlarge").tap()
        await expect(viewer).to_be_visible()
        shown = await viewer.get_by_role("img").bounding_box()
        assert shown
        assert (shown["width"], shown["height"]) == (390, 195)
        await close()
        await expect(viewer).to_be_hidden()
        assert page.url.startswith(sandbox.url)


async def test_a_document_is_saved(api: Api, sandbox: Sandbox, you: Someone, phone: OpenPage) -> None:
    await bot_sends(sandbox, "document", you, "training-2026.csv", CSV, caption="Your sets")
    long_name = "a very long name of a table that no program would write by hand, but some do.xlsx"
    await bot_sends(sandbox, "document", you, long_name, CSV)
    page = await opened(await phone(), sandbox)
    link = page.get_by_role("link", name="Save training-2026.csv, 17.6 KB")
    await expect(link).to_contain_text("17.6 KB")
    await expect(link.locator(".file-icon")).to_contain_text("csv")
    async with page.expect_download() as saved:
        await link.tap()
    download = await saved.value
    assert download.suggested_filename == "training-2026.csv"
    assert await content_of(download) == CSV
    # A long name shows its beginning and its end, and stays in its bubble.
    name = page.locator(".file-name").last
    await expect(name.locator("span").last).to_contain_text("xlsx")
    assert await name.evaluate("(each) => each.getBoundingClientRect().right < innerWidth - 20")


async def test_a_photo_is_sent(api: Api, sandbox: Sandbox, you: Someone, phone: OpenPage) -> None:
    await you.write("hello")
    page = await opened(await phone(), sandbox)
    await box(page).fill("my caption")
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Send a photo or a file").tap()
        await page.get_by_role("menuitem", name="Photo").tap()
    await (await chooser.value).set_files({"name": "a.png", "mimeType": "image/png", "buffer": png(400, 300)})
    dialog = page.get_by_role("dialog", name="Send a photo")
    await expect(dialog.get_by_role("img", name="Photo to send")).to_be_visible()
    await expect(dialog.get_by_role("textbox", name="Caption")).to_have_value("my caption")
    await dialog.get_by_role("button", name="Cancel").tap()
    await expect(box(page)).to_have_value("my caption")  # nothing is lost by thinking better of it
    await page.locator("input.photo-file").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": png(400, 300)}
    )
    await dialog.get_by_role("button", name="Send", exact=True).tap()
    await expect(dialog).to_be_hidden()
    await expect(page.locator(".message.out").last).to_contain_text("my caption")
    await expect(page.locator(".message.out .photo")).to_be_in_viewport()
    await expect(box(page)).to_have_value("")
    (message,) = (await you.messages())[1:]
    assert (message["photo"]["width"], message["caption"]) == (400, "my caption")


async def test_files_are_dropped_and_pasted(api: Api, sandbox: Sandbox, you: Someone, desktop: OpenPage) -> None:
    await you.write("hello")
    page = await opened(await desktop(), sandbox)
    await drop(page, ".drop-file", "sets.csv", "text/csv", CSV)
    dialog = page.get_by_role("dialog", name="Send a file")
    await expect(dialog).to_contain_text("sets.csv")
    await expect(dialog.get_by_label("Send as a file")).to_be_hidden()  # it cannot be anything else
    await expect(dialog.get_by_role("textbox", name="Caption")).to_be_focused()
    await page.keyboard.type("as agreed")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.out").last).to_contain_text("as agreed")
    await expect(dialog).to_be_hidden()
    # A picture may go either way.
    await drop(page, ".drop-file", "a.png", "image/png", png(40, 30))
    await dialog.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator(".message.out")).to_have_count(3)
    await expect(dialog).to_be_hidden()
    await page.evaluate(
        """async ([content]) => {
            const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }));
            const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true });
            document.querySelector("#text").dispatchEvent(paste);
        }""",
        [base64.b64encode(png(40, 30)).decode()],
    )
    await expect(page.get_by_role("dialog", name="Send a photo")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.out")).to_have_count(4)
    _, dropped, as_file, pasted = await you.messages()
    assert (dropped["document"]["file_name"], dropped["caption"]) == ("sets.csv", "as agreed")
    assert as_file["document"]["mime_type"] == "image/png"
    assert pasted["photo"]["height"] == 30


async def test_what_cannot_be_sent_is_said_in_few_words(
    api: Api, sandbox: Sandbox, you: Someone, desktop: OpenPage
) -> None:
    await you.write("hello")
    page = await desktop()
    await page.goto(sandbox.url)
    await expect(said(page, "hello")).to_be_visible()
    files = page.locator("input.photo-file")
    # No picture after all: it goes as a file.
    await files.set_input_files({"name": "broken.png", "mimeType": "image/png", "buffer": b"no picture"})
    await expect(page.get_by_role("dialog", name="Send a file")).to_contain_text("broken.png")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Send a file")).to_be_hidden()
    await files.set_input_files({"name": "empty.png", "mimeType": "image/png", "buffer": b""})
    await expect(page.locator(".toast")).to_have_text("This file is empty.")
    # What the sandbox refuses is said where one is.
    await files.set_input_files({"name": "odd.gif", "mimeType": "image/gif", "buffer": png(30, 30)})
    await page.route("**/photos", lambda route: route.fulfill(status=400, json={"error": "a long technical sentence"}))
    dialog = page.get_by_role("dialog", name="Send a photo")
    await dialog.get_by_role("button", name="Send", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_have_text("This cannot be sent as a photo. Try it as a file.")
    await dialog.get_by_label("Send as a file").check()
    await page.get_by_role("dialog", name="Send a file").get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator(".message.out .document")).to_contain_text("odd.gif")
