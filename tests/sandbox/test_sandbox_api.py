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


@pytest.mark.parametrize(
    ("method", "arguments", "complaint"),
    [
        ("sendMessage", {}, "Bad Request: message text is empty"),
        ("sendMessage", {"text": ""}, "Bad Request: message text is empty"),
        ("sendMessage", {"text": " \n "}, "Bad Request: text must be non-empty"),
        ("sendMessage", {"text": "x" * 4097}, "Bad Request: message is too long"),
        ("sendMessage", {"text": "💪" * 2049}, "Bad Request: message is too long"),
        ("sendMessage", {"text": "x", "chat_id": ""}, "Bad Request: chat_id is empty"),
        ("sendMessage", {"text": "x", "chat_id": 1}, "Bad Request: chat not found"),
        ("sendMessage", {"text": "x", "chat_id": "@nobody"}, "Bad Request: chat not found"),
        ("sendMessage", {"text": "x", "parse_mode": "Word"}, "Bad Request: unsupported parse_mode"),
        (
            "sendMessage",
            {"text": "<b>x", "parse_mode": "html"},
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            "sendMessage",
            {"text": "a <x>", "parse_mode": "HTML"},
            'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 2',
        ),
        (
            "sendMessage",
            {"text": "x", "entities": [{"type": "bold", "offset": 5, "length": 1}]},
            "Bad Request: entity begins after the end of the text at UTF-16 offset 5",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": "{"},
            "Bad Request: can't parse reply keyboard markup JSON object",
        ),
        ("sendMessage", {"text": "x", "reply_markup": [1]}, "Bad Request: object expected as reply markup"),
        (
            "sendMessage",
            {"text": "x", "reply_markup": keyboard({"text": "a", "callback_data": "x" * 65})},
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": keyboard({"text": "a", "callback_data": "ж" * 33})},
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": keyboard({"text": "a"})},
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": keyboard({"callback_data": "a"})},
            "Bad Request: can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": keyboard({"text": "a", "url": "ftp://a.b"})},
            "Bad Request: inline keyboard button URL 'ftp://a.b' is invalid: Unsupported URL protocol",
        ),
        ("sendMessage", {"text": "x", "reply_markup": keyboard(*[KEY] * 101)}, "Bad Request: reply markup is too long"),
        (
            "sendMessage",
            {"text": "x", "reply_markup": keyboard(*[KEY] * 9, row=9)},
            "Bad Request: reply markup is too long",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": keyboard(*[{"text": "x" * 80, "callback_data": "y" * 60}] * 90)},
            "Bad Request: reply markup is too long",
        ),
        ("editMessageText", {"text": "x"}, "Bad Request: message identifier is not specified"),
        ("editMessageText", {"text": "x", "message_id": 999_999}, "Bad Request: message to edit not found"),
        ("editMessageReplyMarkup", {"message_id": 999_999}, "Bad Request: message to edit not found"),
        ("deleteMessage", {"message_id": 999_999}, "Bad Request: message to delete not found"),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1"},
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ),
        ("sendChatAction", {"action": "dancing"}, "Bad Request: wrong parameter action in request"),
        ("getChat", {"chat_id": 5}, "Bad Request: chat not found"),
        ("setMyCommands", {"commands": "no"}, "Bad Request: can't parse commands JSON object"),
        ("setMyCommands", {"commands": [{"command": "Big", "description": "x"}]}, "Bad Request: BOT_COMMAND_INVALID"),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": ""}]},
            "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ("setWebhook", {"url": "nonsense"}, "Bad Request: bad webhook: an HTTPS URL must be provided for webhook"),
        (
            "setWebhook",
            {"url": "https://gym.example.com/"},
            "Bad Request: bad webhook: the sandbox delivers to this computer alone (127.0.0.1, localhost)",
        ),
        (
            "setWebhook",
            {"url": "http://127.0.0.1:1/", "secret_token": "ж"},
            "Bad Request: secret token contains unallowed characters",
        ),
        ("sendDance", {}, "Not Found"),
    ],
)
async def test_complaints_are_the_real_servers(
    api: Api, you: Someone, method: str, arguments: dict[str, Any], complaint: str
) -> None:
    assert await api.refused(method, **({"chat_id": you.id} | arguments)) == complaint


async def test_what_just_fits_is_sent(api: Api, you: Someone) -> None:
    full = keyboard(*[{"text": "x", "callback_data": "y" * 64}] * 100, row=8)
    sent = await api.done(
        "sendMessage", chat_id=you.id, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML", reply_markup=full
    )
    assert (len(sent["text"]), len(sent["reply_markup"]["inline_keyboard"])) == (4096, 13)


async def test_edits_in_place(api: Api, you: Someone) -> None:
    sent = await api.done("sendMessage", chat_id=you.id, text="a", reply_markup=keyboard(KEY))
    target = {"chat_id": you.id, "message_id": sent["message_id"]}
    same = await api.refused("editMessageText", **target, text="a ", reply_markup=keyboard(KEY))
    assert same == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )
    edited = await api.done("editMessageText", **target, text="<i>b</i>", parse_mode="HTML")
    assert (edited["text"], edited["entities"][0]["type"], "reply_markup" in edited) == ("b", "italic", False)
    again = await api.done("editMessageReplyMarkup", **target, reply_markup=keyboard(KEY))
    assert (again["text"], again["entities"], again["reply_markup"]) == ("b", edited["entities"], keyboard(KEY))
    assert await you.messages() == [again]
    own = await you.write("mine")
    assert await api.refused("editMessageText", chat_id=you.id, message_id=own["message_id"], text="x") == (
        "Bad Request: message can't be edited"
    )
    assert await api.done("deleteMessage", **target) is True
    assert [message["text"] for message in await you.messages()] == ["mine"]


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
    async with api.http.post(f"{sandbox.url}/bot1:sandbox_other/getMe") as answer:
        assert (answer.status, await answer.json()) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        async with api.http.get(f"{sandbox.url}/people", headers=headers) as answer:
            assert answer.status == 403


async def test_faults_can_be_ordered(api: Api, sandbox: Sandbox, you: Someone) -> None:
    await sandbox.ask("POST", "/control/fail", {"method": "sendMessage", "status": 429, "retry_after": 3, "times": 2})
    for _ in range(2):
        answer = await api.call("sendMessage", chat_id=you.id, text="x")
        assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 3})
        assert answer["description"] == "Too Many Requests: retry after 3"
    await api.done("sendMessage", chat_id=you.id, text="x")
    await sandbox.ask("POST", "/control/fail", {"method": "*", "status": 502, "html": True})
    async with api.http.get(f"{sandbox.url}/bot{TOKEN}/getMe") as page:
        assert (page.status, page.content_type) == (502, "text/html")
    calls = await sandbox.ask("GET", "/control/calls")
    assert [(call["method"], call.get("ok", False)) for call in calls][-4:] == [
        ("sendMessage", False),
        ("sendMessage", False),
        ("sendMessage", True),
        ("getMe", False),
    ]


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
        ("POST", "/control/fail", {"status": 200}),
        ("POST", "/control/duplicate", {"update_id": 1}),
        ("POST", "/control/block", {"person_id": 1}),
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
