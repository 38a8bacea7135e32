"""Photos and documents: up, again by file_id, down, and in place of one another."""

import sqlite3
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto, ReplyParameters

from app.sandbox.store import Store
from tests.sandbox.conftest import Api, png
from tests.stage import TOKEN, Sandbox, Someone

CSV = b"set,reps\n1,8\n"
NAME = "Übungen 2026.csv"


async def fetched(api: Api, sandbox: Sandbox, file_id: str) -> tuple[str, bytes]:
    """The path and content of a file, as a bot fetches it."""
    about = await api.done("getFile", file_id=file_id)
    async with api.http.get(f"{sandbox.url}/file/bot{TOKEN}/{about['file_path']}") as answer:
        content = await answer.read()
    assert (answer.status, about["file_size"], about["file_id"]) == (200, len(content), file_id)
    return about["file_path"], content


async def test_a_photo_of_the_bot(api: Api, sandbox: Sandbox, you: Someone) -> None:
    sent = await api.uploaded(
        "sendPhoto", {"photo": ("chart.png", png(8, 6))}, chat_id=you.id, caption="<b>July</b>", parse_mode="HTML"
    )
    (size,) = sent["photo"]
    assert (size["width"], size["height"], size["file_size"]) == (8, 6, len(png(8, 6)))
    assert (sent["caption"], sent["caption_entities"]) == ("July", [{"offset": 0, "length": 4, "type": "bold"}])
    (shown,) = await you.messages()
    url = shown["photo"].pop("url")
    assert shown["photo"] == {"file_id": size["file_id"], "width": 8, "height": 6}
    async with api.http.get(f"{sandbox.url}{url}") as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", png(8, 6))
        assert answer.headers["Content-Disposition"] == "inline"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = await api.done("sendPhoto", chat_id=you.id, photo=size["file_id"])
    assert (again["photo"], "caption" in again) == ([size], False)
    path, content = await fetched(api, sandbox, size["file_id"])
    assert (path.startswith("photos/file_"), path.endswith(".png"), content) == (True, True, png(8, 6))


async def test_a_document_of_the_bot(api: Api, sandbox: Sandbox, you: Someone) -> None:
    sent = await api.uploaded("sendDocument", {"document": (NAME, CSV)}, chat_id=you.id, caption="all of it")
    document = sent["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (NAME, "text/csv", len(CSV))
    (shown,) = await you.messages()
    assert set(shown["document"]) == {"file_id", "file_name", "mime_type", "file_size", "url"}
    async with api.http.get(f"{sandbox.url}{shown['document']['url']}") as answer:
        assert (answer.content_type, await answer.read()) == ("text/csv", CSV)
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%C3%9Cbungen%202026.csv"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = await api.done("sendDocument", chat_id=you.id, document=document["file_id"])
    assert again["document"] == document
    assert (await fetched(api, sandbox, document["file_id"]))[1] == CSV


@pytest.mark.parametrize(
    ("name", "kept", "media_type"),
    [
        ("page.html", "page.html", "text/html"),
        ("../../etc/passwd", "passwd", "application/octet-stream"),
        ("a\\b\\c.txt", "c.txt", "text/plain"),
        ("   ", "document", "application/octet-stream"),
        ("x" * 200 + ".csv", "x" * 116 + ".csv", "text/csv"),
    ],
)
async def test_names_are_names(api: Api, sandbox: Sandbox, you: Someone, name: str, kept: str, media_type: str) -> None:
    sent = await api.uploaded("sendDocument", {"document": (name, CSV)}, chat_id=you.id)
    assert (sent["document"]["file_name"], sent["document"]["mime_type"]) == (kept, media_type)
    assert (await fetched(api, sandbox, sent["document"]["file_id"]))[1] == CSV


async def test_photos_and_documents_of_people(api: Api, sandbox: Sandbox, you: Someone) -> None:
    async def send(kind: str, content: bytes, *, status: int = 201) -> dict[str, Any]:
        form = aiohttp.FormData({"caption": " me "}, quote_fields=False)
        form.add_field(kind, content, filename=NAME)
        async with api.http.post(f"{sandbox.url}/chats/{you.id}/{kind}s", data=form) as answer:
            assert answer.status == status
            sent = dict(await answer.json())
            sent.pop("update_id", None)
            return sent

    photo, document = await send("photo", png()), await send("document", CSV)
    assert await you.messages() == [photo, document]
    assert (photo["caption"], photo["photo"]["width"], document["document"]["file_name"]) == ("me", 2, NAME)
    for kind, content in (("photo", b"<svg/>"), ("document", b"")):
        assert (await send(kind, content, status=400))["error"]
    await sandbox.ask("POST", f"/chats/{you.id}/stickers", {"emoji": "💪"})
    first, second, third = await api.done("getUpdates")
    (size,) = first["message"]["photo"]
    assert (size["height"], first["message"]["caption"]) == (3, "me")
    assert second["message"]["document"]["mime_type"] == "text/csv"
    assert third["message"]["sticker"]["emoji"] == "💪"
    assert (await fetched(api, sandbox, size["file_id"]))[1] == png()
    assert (await fetched(api, sandbox, second["message"]["document"]["file_id"]))[1] == CSV


async def test_too_large_files_of_people_are_refused(api: Api, sandbox: Sandbox, you: Someone) -> None:
    for kind, size in (("photo", 10), ("document", 20)):
        form = aiohttp.FormData()
        with (sandbox.log.parent / "large").open("wb+") as large:
            large.truncate(size * 1024 * 1024 + 1)
            form.add_field(kind, large, filename="large")
            async with api.http.post(f"{sandbox.url}/chats/{you.id}/{kind}s", data=form) as answer:
                assert (answer.status, f"{size} MB" in (await answer.json())["error"]) == (413, True)
    assert await you.messages() == []


async def test_media_are_edited_in_place(api: Api, you: Someone) -> None:
    """A text becomes a photo, that a document; but no photo becomes a text again."""
    keys = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    sent = await api.done("sendMessage", chat_id=you.id, text="Wait …", reply_markup=keys)
    target = {"chat_id": you.id, "message_id": sent["message_id"]}
    media = {"type": "photo", "media": "attach://chart", "caption": "<i>July</i>", "parse_mode": "HTML"}
    photo = await api.uploaded(
        "editMessageMedia", {"chart": ("c.png", png())}, **target, media=media, reply_markup=keys
    )
    assert ("text" in photo, photo["caption"], photo["reply_markup"]) == (False, "July", keys)
    assert photo["caption_entities"] == [{"offset": 0, "length": 4, "type": "italic"}]
    assert await api.refused("editMessageText", **target, text="x") == (
        "Bad Request: there is no text in the message to edit"
    )
    renamed = await api.done("editMessageCaption", **target, caption="August", reply_markup=keys)
    assert (renamed["caption"], renamed["photo"]) == ("August", photo["photo"])
    bare = await api.done("editMessageReplyMarkup", **target)
    assert (bare["caption"], bare["photo"], "reply_markup" in bare) == ("August", photo["photo"], False)
    media = {"type": "document", "media": "attach://file"}
    document = await api.uploaded("editMessageMedia", {"file": ("a.csv", CSV)}, **target, media=media)
    assert ("photo" in document, "caption" in document) == (False, False)
    back = await api.done("editMessageMedia", **target, media={"type": "photo", "media": photo["photo"][0]["file_id"]})
    assert back["photo"] == photo["photo"]
    (shown,) = await you.messages()
    assert (shown["message_id"], shown["photo"]["file_id"]) == (sent["message_id"], photo["photo"][0]["file_id"])


async def test_aiogram_finds_what_it_expects(api: Api, sandbox: Sandbox, you: Someone) -> None:
    """Every answer is read by the types of a client by others, as strict as it makes them."""
    own = await you.write("send me everything")
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(sandbox.url)))
    async with bot.context():
        assert (await bot.get_me()).id == bot.id
        (update,) = await bot.get_updates(timeout=1)
        assert update.message is not None
        assert update.message.text == "send me everything"
        photo = await bot.send_photo(you.id, BufferedInputFile(png(), "a.png"), caption="a")
        replied = ReplyParameters(message_id=own["message_id"])
        document = await bot.send_document(you.id, BufferedInputFile(CSV, NAME), reply_parameters=replied)
        assert photo.photo is not None
        assert document.document is not None
        assert document.reply_to_message is not None
        fetched = await bot.download(document.document)
        assert fetched is not None
        assert fetched.read() == CSV
        upload = InputMediaDocument(media=BufferedInputFile(CSV, "b.csv"))
        edited = await bot.edit_message_media(upload, chat_id=you.id, message_id=photo.message_id)
        assert not isinstance(edited, bool)
        assert edited.document is not None
        again = InputMediaPhoto(media=photo.photo[-1].file_id)
        await bot.edit_message_media(again, chat_id=you.id, message_id=document.message_id)
        assert await bot.send_chat_action(you.id, "upload_document")
        assert (await bot.get_chat(you.id)).first_name == "You"
        assert (await bot.get_webhook_info()).pending_update_count == 1
        assert await bot.delete_message(you.id, photo.message_id)


def test_an_older_sandbox_is_taken_over(tmp_path: Path) -> None:
    older = sqlite3.connect(tmp_path / "sandbox.sqlite3")
    older.execute("CREATE TABLE files (file_id TEXT PRIMARY KEY, media_type TEXT NOT NULL, content BLOB NOT NULL)")
    older.execute("INSERT INTO files VALUES ('old', 'image/png', ?)", (png(),))
    older.commit()
    older.close()
    store = Store(tmp_path)
    found = store.file("old")
    store.close()
    assert found is not None
    assert (found[1].kind, found[1].content) == ("photo", png())
