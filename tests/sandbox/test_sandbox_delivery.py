"""Updates on their way: in order, again until they are taken, and nothing lost by a restart."""

import asyncio
import json
import os
import signal
import struct
import sys
import zlib
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.conftest import find_free_port
from tests.sandbox.conftest import SECONDS, Api, Receiver, settled
from tests.stage import TOKEN, Sandbox, Someone

KEYS = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}, {"text": "Stop", "callback_data": "stop"}]]}


def refusal(status: int = 503, **headers: str) -> web.Response:
    return web.Response(status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


async def test_messages_and_taps_are_delivered_as_telegram_does(api: Api, receiver: Receiver, you: Someone) -> None:
    await api.done("setWebhook", url=receiver.url, secret_token="s3cret")
    await you.write("/start now")
    asked = await api.done("sendMessage", chat_id=you.id, text="<b>Ready?</b>", parse_mode="HTML", reply_markup=KEYS)
    await receiver.got(1)
    await you.tap(asked, "go")
    first, second = await receiver.got(2)
    assert receiver.secrets == ["s3cret"] * 2
    assert first["message"]["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert first["message"]["from"] == {"id": you.id, "is_bot": False, "first_name": "You", "language_code": "en"}
    assert second["update_id"] == first["update_id"] + 1
    assert second["callback_query"]["message"] == asked
    assert (second["callback_query"]["data"], second["callback_query"]["from"]["id"]) == ("go", you.id)
    answer = {"callback_query_id": second["callback_query"]["id"], "text": "Gone"}
    assert await api.done("answerCallbackQuery", **answer) is True
    assert await api.done("answerCallbackQuery", **answer) is True


async def test_what_is_refused_comes_again_and_holds_its_queue(
    api: Api, receiver: Receiver, sandbox: Sandbox, you: Someone
) -> None:
    receiver.answers.extend([refusal(), refusal(500), refusal(404, Retry_After="1"), refusal(302)])
    await api.done("setWebhook", url=receiver.url)
    await you.write("one")
    await you.write("two")
    await settled(sandbox)
    assert receiver.texts() == ["one"] * 5 + ["two"]
    updates = await sandbox.ask("GET", "/control/updates")
    assert [answer["status"] for answer in updates[0]["answers"]] == [503, 500, 404, 302, 200]
    info = await api.done("getWebhookInfo")
    assert (info["pending_update_count"], info["last_error_message"]) == (
        0,
        "Wrong response from the webhook: 302 Found",
    )


async def test_two_queues_a_person_go_side_by_side(
    api: Api, receiver: Receiver, sandbox: Sandbox, you: Someone
) -> None:
    await api.done("setWebhook", url=receiver.url)
    asked = await api.done("sendMessage", chat_id=you.id, text="x", reply_markup=KEYS)
    receiver.gate.clear()
    for text in ("one", "two"):
        await you.write(text)
    for data in ("go", "stop"):
        await you.tap(asked, data)
    await receiver.got(2)
    assert (await api.done("getWebhookInfo"))["pending_update_count"] == 4
    assert receiver.most_under_way == 2
    receiver.gate.set()
    await settled(sandbox)
    assert receiver.texts() == ["one", "two"]
    assert [u["callback_query"]["data"] for u in receiver.updates if "callback_query" in u] == ["go", "stop"]


async def test_no_more_at_once_than_max_connections(api: Api, receiver: Receiver, sandbox: Sandbox) -> None:
    await api.done("setWebhook", url=receiver.url, max_connections=2)
    receiver.gate.clear()
    people = [await sandbox.person(f"P{number}") for number in range(5)]
    for person in people:
        await person.write("x")
    await receiver.got(2)
    await api.done("getMe")
    receiver.gate.set()
    await settled(sandbox)
    assert (len(receiver.updates), receiver.most_under_way) == (5, 2)


async def test_a_call_in_the_answer_is_carried_out(
    api: Api, receiver: Receiver, sandbox: Sandbox, you: Someone
) -> None:
    receiver.answers.append(
        web.json_response({"method": "sendMessage", "chat_id": you.id, "text": "<b>hi", "parse_mode": "HTML"})
    )
    receiver.answers.append(web.json_response({"method": "sendMessage", "chat_id": you.id, "text": "hello"}))
    await api.done("setWebhook", url=receiver.url)
    await you.write("wrong")
    await you.write("right")
    await settled(sandbox)
    assert [message["text"] for message in await you.messages()] == ["wrong", "right", "hello"]
    assert len(receiver.updates) == 2


async def test_updates_come_twice_when_ordered(api: Api, receiver: Receiver, sandbox: Sandbox, you: Someone) -> None:
    await api.done("setWebhook", url=receiver.url)
    await sandbox.ask("POST", "/control/duplicate", {"times": 3})
    await you.write("thrice")
    await you.write("once")
    await settled(sandbox)
    assert receiver.texts() == ["thrice"] * 3 + ["once"]
    await sandbox.ask("POST", "/control/duplicate", {"update_id": receiver.updates[-1]["update_id"]})
    await receiver.got(5)
    assert len({update["update_id"] for update in receiver.updates}) == 2


async def test_only_allowed_updates_are_delivered(api: Api, receiver: Receiver, sandbox: Sandbox, you: Someone) -> None:
    await api.done("setWebhook", url=receiver.url, allowed_updates=["edited_message"])
    message = await you.write("one")
    await sandbox.ask("PUT", f"/chats/{you.id}/messages/{message['message_id']}", {"text": "two"})
    (update,) = await receiver.got(1)
    assert update["edited_message"]["text"] == "two"
    assert update["edited_message"]["edit_date"] >= message["date"]
    await settled(sandbox)
    await api.done("setWebhook", url=receiver.url, allowed_updates=[])
    await you.write("three")
    await receiver.got(2)


async def test_forged_taps_and_taps_on_nothing(api: Api, sandbox: Sandbox, you: Someone) -> None:
    asked = await api.done("sendMessage", chat_id=you.id, text="x", reply_markup=KEYS)
    with pytest.raises(AssertionError, match="no such button"):
        await you.tap(asked, "other")
    await you.tap(asked, "other", forged=True)
    await you.tap({"message_id": 999_999}, "go", forged=True)
    first, second = await api.done("getUpdates")
    assert first["callback_query"]["data"] == "other"
    assert second["callback_query"]["message"]["date"] == 0


async def test_photos_and_stickers_arrive(api: Api, sandbox: Sandbox, you: Someone) -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"\0\xff\0\0\xff\0\0" * 3)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 3, 8, 2, 0, 0, 0)) + chunk(b"IDAT", rows)
    for content, status in ((png + chunk(b"IEND", b""), 201), (b"<svg/>", 400)):
        form = aiohttp.FormData({"caption": "me"})
        form.add_field("photo", content, filename="me.png")
        async with api.http.post(f"{sandbox.url}/chats/{you.id}/photos", data=form) as answer:
            assert answer.status == status
    await sandbox.ask("POST", f"/chats/{you.id}/stickers", {"emoji": "💪"})
    first, second = await api.done("getUpdates")
    (size,) = first["message"]["photo"]
    assert (size["width"], size["height"], first["message"]["caption"]) == (2, 3, "me")
    assert second["message"]["sticker"]["emoji"] == "💪"
    async with api.http.get(f"{sandbox.url}/files/{size['file_id']}") as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", png + chunk(b"IEND", b""))


async def test_long_polling(api: Api, receiver: Receiver, you: Someone) -> None:
    assert await api.done("getUpdates") == []
    async with asyncio.TaskGroup() as hands:
        waiting = hands.create_task(api.done("getUpdates", timeout=10))
        await you.write("one")
    (one,) = waiting.result()
    assert (await api.done("getUpdates"))[0] == one  # not yet taken
    await you.write("two")
    await you.write("three")
    two, three = await api.done("getUpdates", offset=one["update_id"] + 1)
    assert (two["message"]["text"], three["message"]["text"]) == ("two", "three")
    assert await api.done("getUpdates", offset=-1, limit=5) == [three]
    assert await api.done("getUpdates", offset=three["update_id"] + 1) == []


async def test_one_poll_at_a_time_and_none_beside_a_webhook(api: Api, receiver: Receiver, sandbox: Sandbox) -> None:
    async with asyncio.TaskGroup() as hands:
        polling = hands.create_task(api.refused("getUpdates", timeout=10))
        async with asyncio.timeout(SECONDS):
            while not await sandbox.ask("GET", "/control/calls"):  # noqa: ASYNC110 - it lives in another process
                await asyncio.sleep(0.01)
        assert await api.done("getUpdates") == []
    assert polling.result() == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await api.done("setWebhook", url=receiver.url)
    assert await api.refused("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )


async def test_events_are_told_from_where_one_last_heard(api: Api, sandbox: Sandbox, you: Someone) -> None:
    before = (await sandbox.ask("GET", f"/chats/{you.id}"))["last_event"]
    ann = await sandbox.person("Ann")
    await ann.write("not for you")
    await you.write("one")
    sent = await api.done("sendMessage", chat_id=you.id, text="two")
    await api.done("editMessageText", chat_id=you.id, message_id=sent["message_id"], text="three")
    heard, last = [], ""
    headers = {"Last-Event-ID": str(before)}
    async with api.http.get(f"{sandbox.url}/chats/{you.id}/events", headers=headers) as stream, asyncio.timeout(10):
        async for line in stream.content:
            if line.startswith(b"id:"):
                last = line[3:].strip().decode()
            if line.startswith(b"data:"):
                event = json.loads(line[5:])
                heard.append((event["kind"], event.get("message", {}).get("text")))
            if len(heard) == 4:
                break
    assert heard == [("people", None), ("message", "one"), ("message", "two"), ("edited", "three")]
    await api.done("deleteMessage", chat_id=you.id, message_id=sent["message_id"])
    async with api.http.get(f"{sandbox.url}/events?after={last}") as stream, asyncio.timeout(10):
        async for line in stream.content:
            if line.startswith(b"data:"):
                assert json.loads(line[5:]) == {
                    "kind": "deleted",
                    "message_id": sent["message_id"],
                    "chat_id": you.id,
                }
                break


async def test_a_transcript_reads_like_the_chat(api: Api, sandbox: Sandbox, you: Someone) -> None:
    await you.write("/start")
    await api.done("sendMessage", chat_id=you.id, text="Ready?", reply_markup=KEYS)
    transcript = await sandbox.ask("GET", f"/chats/{you.id}/transcript")
    assert transcript == "You: /start\n\nGym bot: Ready?\n[Go] [Stop]\n"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_a_restart_loses_nothing(
    mortal: Sandbox, mortal_api: Api, receiver: Receiver, how: signal.Signals
) -> None:
    sandbox, api = mortal, mortal_api
    you = Someone(sandbox, (await sandbox.ask("GET", "/people"))[0]["id"])
    await api.done("setWebhook", url=receiver.url, secret_token="kept")
    await api.done("setMyCommands", commands=[{"command": "start", "description": "Begin"}])
    receiver.answers.extend(refusal() for _ in range(3))
    receiver.gate.clear()
    await you.write("one")
    asked = await api.done("sendMessage", chat_id=you.id, text="x", reply_markup=KEYS)
    await you.tap(asked, "go")
    await receiver.got(2)
    stream = await api.http.get(f"{sandbox.url}/events")  # an open stream does not hold the end up
    before = await sandbox.ask("GET", f"/chats/{you.id}")
    assert await sandbox.stop(how) == (0 if how is signal.SIGTERM else -9)
    stream.close()
    receiver.gate.set()
    receiver.answers.clear()
    receiver.updates.clear()
    await sandbox.start()
    assert await sandbox.ask("GET", f"/chats/{you.id}") | {"last_event": 0} in (
        before | {"last_event": 0},
        before | {"last_event": 0, "waiting": []},  # already delivered again
    )
    updates = await settled(sandbox)
    assert len(updates) == 2
    tap = next(update["callback_query"] for update in receiver.updates if "callback_query" in update)
    assert await api.done("answerCallbackQuery", callback_query_id=tap["id"]) is True
    assert set(receiver.secrets) == {"kept"}
    await you.write("two")
    assert (await settled(sandbox))[-1]["update_id"] > updates[-1]["update_id"]
    assert (await api.done("getMyCommands"))[0]["command"] == "start"


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"TELEGRAM_BOT_TOKEN": "123456:AAE-real-token"}, "TELEGRAM_BOT_TOKEN"),
        ({"TELEGRAM_BOT_TOKEN": ""}, "TELEGRAM_BOT_TOKEN"),
        ({"SANDBOX_PORT": "many"}, "SANDBOX_PORT"),
        ({"SANDBOX_SPEED": "nan"}, "SANDBOX_SPEED"),
        ({"SANDBOX_DATA": "/proc/none"}, "data folder"),
        ({"SANDBOX_PORT": "taken"}, "is taken"),
    ],
)
async def test_it_does_not_start_and_says_why(
    running: Sandbox, tmp_path: Path, env: dict[str, str], sentence: str
) -> None:
    given = {
        "PATH": os.defpath,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "SANDBOX_PORT": str(find_free_port()),
        "SANDBOX_DATA": str(tmp_path),
    } | env
    if env.get("SANDBOX_PORT") == "taken":
        given["SANDBOX_PORT"] = str(running.port)
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.sandbox", env=given, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, error = await program.communicate()
    assert program.returncode == 1
    assert (out, error.count(b"\n")) == (b"", 1)
    assert sentence in error.decode()
    assert "AAE" not in error.decode()
