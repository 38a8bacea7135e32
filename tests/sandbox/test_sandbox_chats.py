"""What people see of their chats: pages of messages, what is unread, whether the bot is there, what happens."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.sandbox.store import Store
from tests.conftest import find_free_port
from tests.sandbox.conftest import Api, Receiver, listening, png, settled
from tests.stage import Sandbox, Someone

KEYS = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}, {"text": "Stop", "callback_data": "stop"}]]}


async def test_a_long_chat_comes_in_pages(api: Api, sandbox: Sandbox, you: Someone) -> None:
    await sandbox.ask("POST", "/control/fill", {"person_id": you.id, "messages": 450})
    last = await api.done("sendMessage", chat_id=you.id, text="the last")
    chat = await sandbox.ask("GET", f"/chats/{you.id}")
    assert (len(chat["messages"]), chat["messages"][-1], chat["has_more"]) == (200, last, True)
    assert (await sandbox.ask("GET", f"/chats/{you.id}?limit=9999"))["messages"] == chat["messages"]
    seen: list[dict[str, Any]] = []
    before = ""
    more = True
    while more:
        page = await sandbox.ask("GET", f"/chats/{you.id}?limit=150{before}")
        seen, more = [*page["messages"], *seen], page["has_more"]
        before = f"&before={seen[0]['message_id']}"
    assert [message["text"] for message in seen] == [*(f"Message {n}" for n in range(1, 451)), "the last"]
    empty = await sandbox.ask("GET", f"/chats/{you.id}?limit=0")
    assert (empty["messages"], empty["has_more"]) == ([], True)


def test_a_long_chat_costs_no_more_to_look_at(tmp_path: Path) -> None:
    """Counted in steps of SQLite, not in seconds."""

    def steps(work: Callable[[], object]) -> int:
        taken = [0]
        store._db.set_progress_handler(lambda: taken.__setitem__(0, taken[0] + 1), 1)
        work()
        store._db.set_progress_handler(None, 1)
        return taken[0]

    store = Store(tmp_path)
    (you,) = store.people()
    costs = []
    for _ in range(2):
        store.fill({"from": {"is_bot": True}, "chat": {"id": you.id}, "text": "x"} for _ in range(10_000))
        (newest,) = store.messages(you.id, limit=1)
        store.note_read(you.id, newest["message_id"] - 10)
        costs.append(
            (
                steps(lambda: store.messages(you.id, limit=200)),
                steps(lambda: store.messages(you.id, limit=200, before=5000)),
                steps(lambda: store.unread(you.id)),
                steps(lambda: store.note_read(you.id, 5)),
                steps(lambda: store.waiting_messages(you.id)),
            )
        )
    store.close()
    assert max(costs[0]) < 10_000
    assert costs[1] == costs[0]


async def test_what_was_read_is_told_to_every_page(api: Api, sandbox: Sandbox, you: Someone) -> None:
    async def unread() -> int:
        return int((await sandbox.ask("GET", "/people"))[0]["unread"])

    first, second = [await api.done("sendMessage", chat_id=you.id, text=text) for text in "ab"]
    await you.write("mine")
    assert await unread() == 2
    async with listening(sandbox) as ear:
        assert await you_read(sandbox, you, first["message_id"]) == 1
        assert await ear.hears("read") == {"kind": "read", "chat_id": you.id, "message_id": first["message_id"]}
        assert await you_read(sandbox, you, first["message_id"] - 1) == 1  # nothing is unread again
        assert await you_read(sandbox, you, 10**9) == 0
        assert (await ear.hears("read"))["message_id"] == second["message_id"] + 1
    assert await unread() == 0
    await api.done("sendMessage", chat_id=you.id, text="c")
    assert await unread() == 1


async def you_read(sandbox: Sandbox, you: Someone, message_id: int) -> int:
    return int((await sandbox.ask("POST", f"/chats/{you.id}/read", {"message_id": message_id}))["unread"])


async def test_the_bot_is_seen_typing(api: Api, sandbox: Sandbox, you: Someone) -> None:
    async with listening(sandbox) as ear:
        assert await api.done("sendChatAction", chat_id=you.id, action="upload_photo") is True
        typing = await ear.hears("action")
        assert await api.done("sendChatAction", chat_id=you.id, action="cancel") is True
        cancelled = await ear.hears("action")
    assert (typing["chat_id"], typing["action"], cancelled["action"]) == (you.id, "upload_photo", "cancel")
    assert 0 < typing["until"] - cancelled["until"] <= 5


async def test_pages_are_told_whether_the_bot_answers(
    api: Api, receiver: Receiver, sandbox: Sandbox, you: Someone
) -> None:
    async with listening(sandbox) as ear:

        async def told() -> tuple[Any, ...]:
            event = await ear.hears("state")
            assert event["chat_id"] is None
            return event["mode"], event["answering"], event.get("last_error")

        await api.done("setWebhook", url=f"http://127.0.0.1:{find_free_port()}/webhook")
        assert await told() == ("webhook", True, None)
        await you.write("anybody?")
        assert await told() == ("webhook", False, "Connection refused")
        bot = (await sandbox.ask("GET", f"/chats/{you.id}"))["bot"]
        assert (bot["mode"], bot["answering"], bot["last_error"]) == ("webhook", False, "Connection refused")
        info = await api.done("getWebhookInfo")
        assert (info["pending_update_count"], info["last_error_message"]) == (1, "Connection refused")
        await api.done("setWebhook", url=receiver.url)
        assert await told() == ("webhook", True, None)
        assert (await receiver.got(1))[0]["message"]["text"] == "anybody?"
        assert "last_error_message" not in await api.done("getWebhookInfo")
        await settled(sandbox)
        await api.done("deleteWebhook")
        assert await told() == ("none", True, None)
        await api.done("getUpdates")
        assert await told() == ("polling", True, None)
        await sandbox.ask("POST", "/control/clock", {"forward": 6})
        assert await told() == ("none", False, None)


async def test_events_are_told_from_where_one_last_heard(api: Api, sandbox: Sandbox, you: Someone) -> None:
    before = (await sandbox.ask("GET", f"/chats/{you.id}"))["last_event"]
    ann = await sandbox.person("Ann")
    await ann.write("not for you")  # and nobody takes it: the bot does not answer
    await you.write("one")
    sent = await api.done("sendMessage", chat_id=you.id, text="two")
    await api.done("editMessageText", chat_id=you.id, message_id=sent["message_id"], text="three")
    heard, last = [], ""
    headers = {"Last-Event-ID": str(before)}
    async with api.http.get(f"{sandbox.url}/chats/{you.id}/events", headers=headers) as stream:
        async for line in stream.content:
            if line.startswith(b"id:"):
                last = line[3:].strip().decode()
            if line.startswith(b"data:"):
                event = json.loads(line[5:])
                heard.append((event["kind"], event.get("message", {}).get("text")))
            if len(heard) == 5:
                break
    assert heard == [("people", None), ("state", None), ("message", "one"), ("message", "two"), ("edited", "three")]
    await api.done("deleteMessage", chat_id=you.id, message_id=sent["message_id"])
    async with api.http.get(f"{sandbox.url}/events?after={last}") as stream:
        async for line in stream.content:
            if line.startswith(b"data:"):
                assert json.loads(line[5:]) == {"kind": "deleted", "message_id": sent["message_id"], "chat_id": you.id}
                break


async def test_a_transcript_reads_like_the_chat(api: Api, sandbox: Sandbox, you: Someone) -> None:
    own = await you.write("/start")
    await you.edit(own, "/start now")
    sent = await api.done("sendMessage", chat_id=you.id, text="Ready?", reply_markup=KEYS)
    for data, answer in (("go", {"text": "Gone"}), ("stop", {"text": "Really?", "show_alert": True})):
        await you.tap(sent, data)
        update = (await api.done("getUpdates", offset=-1))[0]
        await api.done("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], **answer)
    await api.uploaded("sendPhoto", {"photo": ("a.png", png())}, chat_id=you.id, caption="July")
    await api.uploaded("sendDocument", {"document": ("a.csv", b"1,2")}, chat_id=you.id)
    assert await sandbox.ask("GET", f"/chats/{you.id}/transcript") == (
        "You (edited): /start now\n\n"
        "Gym bot: Ready?\n[Go] [Stop]\n(toast) Gone\n(alert) Really?\n\n"
        "Gym bot: (photo, 2 × 3) July\n\n"
        "Gym bot: (document a.csv, 3 bytes)\n"
    )


@pytest.mark.parametrize("whose", ["person", "bot"])
async def test_a_deleted_message_is_gone(api: Api, sandbox: Sandbox, you: Someone, whose: str) -> None:
    sent = await api.done("sendMessage", chat_id=you.id, text="x", reply_markup=KEYS)
    target = {"chat_id": you.id, "message_id": sent["message_id"]}
    async with listening(sandbox) as ear:
        if whose == "person":
            await sandbox.ask("POST", "/control/delete", target)
        else:
            await api.done("deleteMessage", **target)
        assert (await ear.hears("deleted"))["message_id"] == sent["message_id"]
    assert await you.messages() == []
    assert await api.refused("editMessageText", **target, text="y") == "Bad Request: message to edit not found"
    assert await api.done("getUpdates") == []
