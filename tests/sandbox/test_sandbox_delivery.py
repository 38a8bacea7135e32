"""Updates on their way: in order, again until they are taken, and nothing lost by a restart."""

import asyncio
import os
import signal
import sys
from pathlib import Path

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


async def test_a_slow_answer_occupies_a_connection(api: Api, receiver: Receiver, sandbox: Sandbox) -> None:
    """Waiting for the next try does not."""
    ann, ben, cleo = [await sandbox.person(name) for name in ("Ann", "Ben", "Cleo")]
    await api.done("setWebhook", url=receiver.url, max_connections=1)
    receiver.answers.append(refusal(Retry_After="3600"))
    await ann.write("refused")
    await receiver.got(1)
    receiver.gate.clear()
    await ben.write("slow")
    await receiver.got(2)
    await cleo.write("waits for Ben")
    await api.done("getMe")
    assert receiver.texts() == ["refused", "slow"]
    receiver.gate.set()
    await receiver.got(3)
    await sandbox.ask("POST", "/control/clock", {"forward": 3600})
    await settled(sandbox)
    assert receiver.texts() == ["refused", "slow", "waits for Ben", "refused"]
    assert receiver.most_under_way == 1


async def test_what_would_be_too_old_by_its_next_try_is_dropped(
    api: Api, receiver: Receiver, sandbox: Sandbox, you: Someone
) -> None:
    asked = await api.done("sendMessage", chat_id=you.id, text="x", reply_markup=KEYS)
    await api.done("setWebhook", url=receiver.url)
    receiver.answers.append(refusal(Retry_After="3600"))  # 72 seconds in this sandbox
    receiver.gate.clear()
    await you.tap(asked, "go")
    await receiver.got(1)
    await sandbox.ask("POST", "/control/clock", {"forward": 100})
    receiver.gate.set()
    (update,) = await settled(sandbox, "expired")
    assert update["answers"][-1]["status"] == 503
    await you.tap(asked, "stop")
    assert (await receiver.got(2))[1]["callback_query"]["data"] == "stop"


@pytest.mark.parametrize("method", ["getMe", "setWebhook", "deleteWebhook", "close", "logOut"])
async def test_some_calls_are_not_made_by_answers(
    api: Api, receiver: Receiver, sandbox: Sandbox, you: Someone, method: str
) -> None:
    receiver.answers.append(web.json_response({"method": method}))
    await api.done("setWebhook", url=receiver.url)
    await you.write("one")
    await you.write("two")
    await settled(sandbox)
    assert receiver.texts() == ["one", "two"]
    assert all(call["by"] == "http" for call in await sandbox.ask("GET", "/control/calls"))


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


async def test_polls_take_what_they_ask_for(api: Api, you: Someone) -> None:
    for text in ("one", "two", "three"):
        await you.write(text)
    one, two = await api.done("getUpdates", limit=2)
    assert await api.done("getUpdates", limit=0) == [one]  # taken for 1, as by the real server
    assert len(await api.done("getUpdates", limit=1000)) == 3
    await api.done("deleteWebhook", drop_pending_updates=True)
    assert await api.done("getUpdates", allowed_updates=["callback_query"]) == []
    await you.write("four")
    assert await api.done("getUpdates") == []  # what was allowed stays so
    assert (await api.done("getWebhookInfo"))["allowed_updates"] == ["callback_query"]
    assert await api.done("getUpdates", allowed_updates=[]) == []
    await you.write("five")
    assert (await api.done("getUpdates"))[0]["update_id"] > two["update_id"]


async def test_a_webhook_ends_a_poll(api: Api, receiver: Receiver, sandbox: Sandbox) -> None:
    async with asyncio.TaskGroup() as hands:
        polling = hands.create_task(api.refused("getUpdates", timeout=10))
        async with asyncio.timeout(SECONDS):
            while not await sandbox.ask("GET", "/control/calls"):  # noqa: ASYNC110 - it lives in another process
                await asyncio.sleep(0.01)
        await api.done("setWebhook", url=receiver.url)
    assert polling.result() == "Conflict: terminated by setWebhook request"


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
