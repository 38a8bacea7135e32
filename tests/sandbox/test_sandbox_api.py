"""The Bot API: results shaped like the real ones, and the real server's complaints."""

import json
from typing import Any

import aiohttp
import pytest

from tests.sandbox.conftest import Api
from tests.stage import TOKEN, Sandbox, Someone

KEY = {"text": "Go", "callback_data": "go"}


def keyboard(*buttons: dict[str, Any], row: int = 1) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons[at : at + row]) for at in range(0, len(buttons), row)]}


async def test_a_message_is_kept_as_text_and_entities(api: Api, you: Someone) -> None:
    sent = await api.done(
        "sendMessage", chat_id=you.id, text="<b>Bench</b> 💪 /help", parse_mode="HTML", reply_markup=keyboard(KEY)
    )
    assert sent["text"] == "Bench 💪 /help"
    assert sent["entities"] == [
        {"offset": 0, "length": 5, "type": "bold"},
        {"offset": 9, "length": 5, "type": "bot_command"},
    ]
    assert sent["reply_markup"] == keyboard(KEY)
    assert sent["chat"] == {"id": you.id, "first_name": "You", "type": "private"}
    assert (sent["from"]["is_bot"], sent["from"]["username"]) == (True, "gym_sandbox_bot")
    assert await you.messages() == [sent]


async def test_what_just_fits_is_sent(api: Api, you: Someone) -> None:
    full = keyboard(*[{"text": "x", "callback_data": "y" * 64}] * 100, row=8)
    sent = await api.done(
        "sendMessage", chat_id=you.id, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML", reply_markup=full
    )
    assert (len(sent["text"]), len(sent["reply_markup"]["inline_keyboard"])) == (4096, 13)


async def test_edits_in_place(api: Api, you: Someone) -> None:
    sent = await api.done("sendMessage", chat_id=you.id, text="a", reply_markup=keyboard(KEY))
    target = {"chat_id": you.id, "message_id": sent["message_id"]}
    edited = await api.done("editMessageText", **target, text="<i>b</i>", parse_mode="HTML")
    assert (edited["text"], edited["entities"][0]["type"], "reply_markup" in edited) == ("b", "italic", False)
    again = await api.done("editMessageReplyMarkup", **target, reply_markup=keyboard(KEY))
    assert (again["text"], again["entities"], again["reply_markup"]) == ("b", edited["entities"], keyboard(KEY))
    assert await you.messages() == [again]
    await you.write("mine")
    assert await api.done("deleteMessage", **target) is True
    assert [message["text"] for message in await you.messages()] == ["mine"]


@pytest.mark.parametrize("how", ["reply_parameters", "reply_to_message_id"])
async def test_replies_hold_what_they_reply_to(api: Api, you: Someone, how: str) -> None:
    own = await you.write("how much?")
    wanted: dict[str, Any] = {how: own["message_id"]} if how != "reply_parameters" else {how: own}
    sent = await api.done("sendMessage", chat_id=you.id, text="60 kg", **wanted)
    assert sent["reply_to_message"] == {name: value for name, value in own.items() if name != "update_id"}
    further = await api.done("sendMessage", chat_id=you.id, text="or 50", reply_to_message_id=sent["message_id"])
    assert "reply_to_message" not in further["reply_to_message"]
    gone = {"reply_parameters": {"message_id": 999_999, "allow_sending_without_reply": True}}
    assert "reply_to_message" not in await api.done("sendMessage", chat_id=you.id, text="x", **gone)


async def test_what_the_bot_says_of_itself_is_kept(api: Api, sandbox: Sandbox, you: Someone) -> None:
    assert (await api.done("getMe"))["is_bot"]
    assert await api.done("setMyDescription", description="A gym log") is True
    assert await api.done("setMyDescription", description="Ein Trainingsheft", language_code="de") is True
    assert await api.done("setMyShortDescription", short_description="Gym log") is True
    assert await api.done("getMyDescription", language_code="de") == {"description": "Ein Trainingsheft"}
    assert await api.done("getMyDescription", language_code="fr") == {"description": "A gym log"}
    assert await api.done("getMyShortDescription") == {"short_description": "Gym log"}
    assert await api.done("getChatMenuButton", chat_id=you.id) == {"type": "default"}
    assert await api.done("setChatMenuButton", menu_button={"type": "commands"}) is True
    assert await api.done("getChatMenuButton", chat_id=you.id) == {"type": "commands"}
    assert await api.done("setChatMenuButton") is True


async def test_commands_are_kept_by_scope(api: Api, sandbox: Sandbox, you: Someone) -> None:
    start, gym = ({"command": name, "description": name.title()} for name in ("start", "gym"))
    await api.done("setMyCommands", commands=[start])
    await api.done("setMyCommands", commands=json.dumps([gym]), scope={"type": "chat", "chat_id": you.id})
    assert await api.done("getMyCommands") == [start]
    ann = await sandbox.person("Ann")
    assert (await sandbox.ask("GET", f"/chats/{you.id}"))["commands"] == [gym]
    assert (await sandbox.ask("GET", f"/chats/{ann.id}"))["commands"] == [start]
    await api.done("deleteMyCommands", scope={"type": "chat", "chat_id": you.id})


async def test_all_ways_of_calling_are_one(api: Api, sandbox: Sandbox, you: Someone) -> None:
    base = f"{sandbox.url}/bot{TOKEN}"
    query = {"chat_id": str(you.id), "text": "a"}
    markup = {"reply_markup": json.dumps(keyboard(KEY))}
    async with api.http.get(f"{base}/SENDMESSAGE", params=query | markup) as by_query:
        assert by_query.status == 200
    async with api.http.post(f"{base}/sendmessage", data=query | markup) as by_form:
        assert by_form.status == 200
    with aiohttp.MultipartWriter("form-data") as parts:
        for name, value in (query | markup).items():
            parts.append(value).set_content_disposition("form-data", name=name)
        async with api.http.post(f"{base}/sendMessage", data=parts) as by_parts:
            assert by_parts.status == 200
    assert [message["reply_markup"] for message in await you.messages()] == [keyboard(KEY)] * 3


async def test_strangers_are_refused(api: Api, sandbox: Sandbox) -> None:
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        async with api.http.get(f"{sandbox.url}/people", headers=headers) as answer:
            assert answer.status == 403


async def test_whoever_blocks_the_bot_hears_no_more_of_it(api: Api, sandbox: Sandbox, you: Someone) -> None:
    await sandbox.ask("POST", "/control/block", {"person_id": you.id, "blocked": True})
    assert await api.refused("sendMessage", chat_id=you.id, text="x") == "Forbidden: bot was blocked by the user"
    (update,) = await api.done("getUpdates")
    change = update["my_chat_member"]
    assert [change[f"{which}_chat_member"]["status"] for which in ("old", "new")] == ["member", "kicked"]
    await sandbox.ask("POST", "/control/block", {"person_id": you.id, "blocked": False})
    await api.done("sendMessage", chat_id=you.id, text="x")


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("POST", "/people", {}),
        ("POST", "/people", {"first_name": 5}),
        ("POST", "/people", {"first_name": "x", "username": "a b"}),
        ("POST", "/people", [1]),
        ("GET", "/chats/none", None),
        ("GET", "/chats/99", None),
        ("GET", "/chats/{you}?limit=-1", None),
        ("GET", "/chats/{you}/events?after=x", None),
        ("POST", "/chats/{you}/messages", {"text": " "}),
        ("POST", "/chats/{you}/messages", {"text": "x" * 4097}),
        ("POST", "/chats/{you}/messages", {"text": None}),
        ("PUT", "/chats/{you}/messages/999999", {"text": "x"}),
        ("POST", "/chats/{you}/taps", {"message_id": 999999, "data": "x"}),
        ("POST", "/chats/{you}/taps", {"message_id": "x", "data": "x"}),
        ("POST", "/chats/{you}/taps", {"message_id": 1, "data": "x" * 65, "forged": True}),
        ("POST", "/chats/{you}/photos", {"photo": "x"}),
        ("POST", "/chats/{you}/stickers", {"emoji": ""}),
        ("POST", "/chats/{you}/documents", {"document": "x"}),
        ("GET", "/chats/{you}?before=x", None),
        ("POST", "/chats/{you}/read", {"message_id": "x"}),
        ("POST", "/control/fail", {"status": 200}),
        ("POST", "/control/fail", {"method": 5}),
        ("POST", "/control/fail", {"html": "yes"}),
        ("POST", "/control/slow", {"seconds": -1}),
        ("POST", "/control/slow", {}),
        ("POST", "/control/lose", {"times": 0}),
        ("POST", "/control/hang", {"times": "x"}),
        ("POST", "/control/duplicate", {"update_id": 1}),
        ("POST", "/control/drop", {"update_id": 1}),
        ("POST", "/control/reverse", {"times": 2}),  # without a webhook
        ("POST", "/control/block", {"person_id": 1}),
        ("POST", "/control/delete", {"chat_id": 1, "message_id": 1}),
        ("POST", "/control/clock", {"forward": 1e10}),
        ("POST", "/control/clock", {"forward": True}),
        ("POST", "/control/limits", {"on": 1}),
        ("POST", "/control/fill", {"person_id": 1, "messages": 5}),
        ("DELETE", "/people", None),
        ("GET", "/files/none", None),
        ("GET", "/page/../store.py", None),
    ],
)
async def test_bad_input_gets_a_clear_sentence(
    api: Api, sandbox: Sandbox, you: Someone, method: str, path: str, content: Any
) -> None:
    async with api.http.request(method, f"{sandbox.url}{path.format(you=you.id)}", json=content) as answer:
        assert 400 <= answer.status < 500
        assert len((await answer.json())["error"]) > 5


async def test_garbage_is_refused_too(api: Api, sandbox: Sandbox, you: Someone) -> None:
    for body in (b"{", b'{"text": "\\ud800"}', b"[" * 100_000, b"\xff"):
        async with api.http.post(f"{sandbox.url}/chats/{you.id}/messages", data=body) as answer:
            assert answer.status == 400
        headers = {"Content-Type": "application/json"}
        async with api.http.post(f"{sandbox.url}/bot{TOKEN}/sendMessage", data=body, headers=headers) as answer:
            assert answer.status == 400
