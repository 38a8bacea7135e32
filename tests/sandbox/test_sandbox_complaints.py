"""What the Bot API complains of, in the real server's words (read in its source; what TDLib leaves to Telegram's own
servers, as bots in the wild report it)."""

from typing import Any

import pytest
import pytest_asyncio

from tests.sandbox.conftest import Api, png
from tests.stage import TOKEN, Sandbox, Someone

MIB = 1024 * 1024
KEY = {"text": "Go", "callback_data": "go"}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY = "query is too old and response timeout expired or query ID is invalid"
NO_FILE = "wrong remote file identifier specified: can't unserialize it. Wrong last symbol"
INTERNET = "the sandbox fetches nothing from the internet: send the file itself or the file_id of one sent before"
BUTTON = "can't parse inline keyboard button:"


def keyboard(*buttons: Any, row: int = 1) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons[at : at + row]) for at in range(0, len(buttons), row)]}


def html(text: str) -> dict[str, Any]:
    return {"text": text, "parse_mode": "HTML"}


def entity(**fields: Any) -> dict[str, Any]:
    return {"text": "x", "entities": [fields]}


def link(url: str) -> dict[str, Any]:
    return {"text": "x", "reply_markup": keyboard({"text": "a", "url": url})}


# What stands in braces is in the chat: a text, a photo and a document of the bot's, a message of the person's own.
TABLE: list[tuple[str, dict[str, Any], str]] = [
    # texts
    ("sendMessage", {}, "message text is empty"),
    ("sendMessage", {"text": ""}, "message text is empty"),
    ("sendMessage", {"text": " \n "}, "text must be non-empty"),
    ("sendMessage", html("<b></b>"), "text must be non-empty"),
    ("sendMessage", {"text": "x" * 4097}, "message is too long"),
    ("sendMessage", {"text": "💪" * 2049}, "message is too long"),
    ("sendMessage", {"text": "x" * 32_769}, "text is too long"),
    ("editMessageText", {"message_id": "{text}", "text": "x" * 4097}, "MESSAGE_TOO_LONG"),
    # parse modes
    ("sendMessage", {"text": "x", "parse_mode": "Word"}, "unsupported parse_mode"),
    (
        "sendMessage",
        {"text": "*x*", "parse_mode": "MarkdownV2"},
        "the sandbox reads no Markdown: of the parse modes it knows HTML alone",
    ),
    (
        "sendMessage",
        {"text": "*x*", "parse_mode": "Markdown"},
        "the sandbox reads no Markdown: of the parse modes it knows HTML alone",
    ),
    ("sendMessage", html("<b>x"), "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
    ("sendMessage", html("a <x>"), 'can\'t parse entities: Unsupported start tag "x" at byte offset 2'),
    ("sendMessage", html("ж </b>"), "can't parse entities: Unexpected end tag at byte offset 3"),
    (
        "sendMessage",
        html("<b><i>x</b></i>"),
        'can\'t parse entities: Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    # entities
    (
        "sendMessage",
        entity(type="bold", offset=5, length=1),
        "entity begins after the end of the text at UTF-16 offset 5",
    ),
    (
        "sendMessage",
        entity(type="bold", offset=0, length=9),
        "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
    ),
    ("sendMessage", entity(type="bold", length=1), "can't parse MessageEntity: Can't find field \"offset\""),
    ("sendMessage", entity(type="loud", offset=0, length=1), "can't parse MessageEntity: Unsupported type specified"),
    ("sendMessage", {"text": "x", "entities": [1]}, "can't parse MessageEntity: expected an Object"),
    # whom it is for
    ("sendMessage", {"text": "x", "chat_id": ""}, "chat_id is empty"),
    ("sendMessage", {"text": "x", "chat_id": 1}, "chat not found"),
    ("sendMessage", {"text": "x", "chat_id": "@nobody"}, "chat not found"),
    ("sendMessage", {"text": "x" * 4097, "chat_id": 1}, "chat not found"),
    ("getChat", {"chat_id": 5}, "chat not found"),
    ("sendChatAction", {"action": "typing", "chat_id": 5}, "chat not found"),
    ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
    # keyboards
    ("sendMessage", {"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ("sendMessage", {"text": "x", "reply_markup": [1]}, "object expected as reply markup"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"inline_keyboard": {}}},
        'field "inline_keyboard" must be of type Array',
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": {"inline_keyboard": [KEY]}},
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    ("sendMessage", {"text": "x", "reply_markup": keyboard(5)}, f"{BUTTON} InlineKeyboardButton must be an Object"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard({"callback_data": "a"})},
        f'{BUTTON} Can\'t find field "text"',
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard({"text": "a", "callback_data": {}})},
        f'{BUTTON} Field "callback_data" must be of type String',
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard({"text": "a"})},
        f"{BUTTON} Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard({"text": "", "callback_data": "a"})},
        "inline keyboard button text must be non-empty",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard({"text": "a", "callback_data": "x" * 65})},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard({"text": "a", "callback_data": "ж" * 33})},
        "BUTTON_DATA_INVALID",
    ),
    ("sendMessage", link("ftp://a.b"), "inline keyboard button URL 'ftp://a.b' is invalid: Unsupported URL protocol"),
    ("sendMessage", link("a b"), "inline keyboard button URL 'a b' is invalid: Wrong HTTP URL"),
    ("sendMessage", {"text": "x", "reply_markup": keyboard(*[KEY] * 101)}, "reply markup is too long"),
    ("sendMessage", {"text": "x", "reply_markup": keyboard(*[KEY] * 9, row=9)}, "reply markup is too long"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard(*[{"text": "x" * 80, "callback_data": "y" * 60}] * 90)},
        "reply markup is too long",
    ),
    (
        "editMessageReplyMarkup",
        {"message_id": "{text}", "reply_markup": keyboard({"text": "a", "callback_data": "x" * 65})},
        "BUTTON_DATA_INVALID",
    ),
    # replies
    ("sendMessage", {"text": "x", "reply_to_message_id": 999_999}, "message to be replied not found"),
    ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 999_999}}, "message to be replied not found"),
    ("sendMessage", {"text": "x", "reply_parameters": {"quote": "a"}}, 'can\'t find field "message_id"'),
    ("sendMessage", {"text": "x", "reply_parameters": "{"}, "can't parse reply parameters JSON object"),
    ("sendMessage", {"text": "x", "reply_parameters": [1]}, "object expected as reply parameters"),
    # edits
    ("editMessageText", {"text": "x", "chat_id": ""}, "message identifier is not specified"),
    ("editMessageText", {"text": "x"}, "message to edit not found"),
    ("editMessageText", {"text": "x", "message_id": 999_999}, "message to edit not found"),
    ("editMessageText", {"text": "x", "message_id": "{own}"}, "message can't be edited"),
    ("editMessageText", {"text": "x", "message_id": "{photo}"}, "there is no text in the message to edit"),
    ("editMessageText", {"text": "a text", "message_id": "{text}"}, NOT_MODIFIED),
    ("editMessageText", {"text": " a text \n", "message_id": "{text}"}, NOT_MODIFIED),
    ("editMessageText", {"message_id": "{text}"}, "message text is empty"),
    ("editMessageReplyMarkup", {"message_id": 999_999}, "message to edit not found"),
    ("editMessageReplyMarkup", {"message_id": "{text}"}, NOT_MODIFIED),
    ("editMessageCaption", {"message_id": "{text}", "caption": "x"}, "there is no caption in the message to edit"),
    ("editMessageCaption", {"message_id": "{photo}", "caption": "a caption"}, NOT_MODIFIED),
    ("editMessageCaption", {"message_id": "{photo}", "caption": "x" * 1025}, "MEDIA_CAPTION_TOO_LONG"),
    ("editMessageMedia", {"message_id": "{photo}"}, 'parameter "media" is required'),
    ("editMessageMedia", {"message_id": "{photo}", "media": "{"}, "can't parse input media JSON object"),
    ("editMessageMedia", {"message_id": "{photo}", "media": [1]}, "can't parse InputMedia: expected an Object"),
    (
        "editMessageMedia",
        {"message_id": "{photo}", "media": {"media": "x"}},
        "can't parse InputMedia: Can't find field \"type\"",
    ),
    (
        "editMessageMedia",
        {"message_id": "{photo}", "media": {"type": "photo"}},
        "can't parse InputMedia: media not found",
    ),
    (
        "editMessageMedia",
        {"message_id": "{photo}", "media": {"type": "photo", "media": "attach://none"}},
        "can't parse InputMedia: media not found",
    ),
    (
        "editMessageMedia",
        {"message_id": "{photo}", "media": {"type": "poem", "media": "x"}},
        'can\'t parse InputMedia: type "poem" is unsupported',
    ),
    (
        "editMessageMedia",
        {"message_id": "{photo}", "media": {"type": "video", "media": "x"}},
        "the sandbox knows no video: of the media it knows photo and document",
    ),
    ("editMessageMedia", {"message_id": "{photo}", "media": {"type": "photo", "media": "none"}}, NO_FILE),
    (
        "editMessageMedia",
        {"message_id": "{photo}", "media": {"type": "photo", "media": "{photo file}", "caption": "a caption"}},
        NOT_MODIFIED,
    ),
    # deletions
    ("deleteMessage", {"chat_id": ""}, "chat identifier is not specified"),
    ("deleteMessage", {}, "message identifier is not specified"),
    ("deleteMessage", {"message_id": 999_999}, "message to delete not found"),
    # taps
    ("answerCallbackQuery", {"callback_query_id": "1"}, QUERY),
    ("answerCallbackQuery", {}, QUERY),
    # files
    ("sendPhoto", {}, "there is no photo in the request"),
    ("sendPhoto", {"photo": "attach://none"}, "there is no photo in the request"),
    ("sendPhoto", {"photo": "none"}, NO_FILE),
    ("sendPhoto", {"photo": "{document file}"}, "can't use file of type Document as Photo"),
    ("sendPhoto", {"photo": "https://gym.example/a.png"}, INTERNET),
    ("sendPhoto", {"photo": "{photo file}", "caption": "x" * 1025}, "message caption is too long"),
    (
        "sendPhoto",
        {"photo": "{photo file}", "caption": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    ("sendDocument", {}, "there is no document in the request"),
    ("sendDocument", {"document": "{photo file}"}, "can't use file of type Photo as Document"),
    ("sendDocument", {"document": "http://gym.example/a.csv"}, INTERNET),
    ("getFile", {}, "file_id not specified"),
    ("getFile", {"file_id": "none"}, "invalid file_id"),
    # menus
    ("setMyCommands", {"commands": "no"}, "can't parse commands JSON object"),
    ("setMyCommands", {"commands": {"a": 1}}, "expected an Array of BotCommand"),
    ("setMyCommands", {"commands": [1]}, "can't parse BotCommand: expected an Object"),
    ("setMyCommands", {"commands": [{"command": "a"}]}, "can't parse BotCommand: Can't find field \"description\""),
    ("setMyCommands", {"commands": [{"command": "Big", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "/", "description": "x"}]}, "command must be non-empty"),
    ("setMyCommands", {"commands": [{"command": "a" * 33, "description": "x"}]}, "command length must not exceed 32"),
    ("setMyCommands", {"commands": [{"command": "a", "description": " "}]}, "command description must be non-empty"),
    (
        "setMyCommands",
        {"commands": [{"command": "a", "description": "x" * 257}]},
        "command description length must not exceed 256",
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "everywhere"}},
        "can't parse BotCommandScope: Unsupported type specified",
    ),
    ("getMyCommands", {"scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
    ("setChatMenuButton", {"menu_button": {"type": "big"}}, "can't parse menu button: MenuButton has unsupported type"),
    # webhooks
    ("setWebhook", {"url": "nonsense"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    (
        "setWebhook",
        {"url": "https://gym.example.com/"},
        "bad webhook: the sandbox delivers to this computer alone (127.0.0.1, localhost)",
    ),
    ("setWebhook", {"url": "http://[::1"}, "invalid webhook URL specified"),
    ("setWebhook", {"url": "http://127.0.0.1:1/", "secret_token": "ж"}, "secret token contains unallowed characters"),
    ("setWebhook", {"url": "http://127.0.0.1:1/", "secret_token": "x" * 257}, "secret token is too long"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def there(api: Api, you: Someone) -> dict[str, Any]:
    """What the table finds in the chat."""
    text = await api.done("sendMessage", chat_id=you.id, text="a text")
    photo = await api.uploaded("sendPhoto", {"photo": ("a.png", png())}, chat_id=you.id, caption="a caption")
    document = await api.uploaded("sendDocument", {"document": ("a.csv", b"1,2")}, chat_id=you.id)
    own = await you.write("mine")
    return {
        "{text}": text["message_id"],
        "{photo}": photo["message_id"],
        "{own}": own["message_id"],
        "{photo file}": photo["photo"][-1]["file_id"],
        "{document file}": document["document"]["file_id"],
    }


def filled(given: Any, there: dict[str, Any]) -> Any:
    if isinstance(given, dict):
        return {name: filled(value, there) for name, value in given.items()}
    return there.get(given, given) if isinstance(given, str) else given


@pytest.mark.parametrize(
    ("method", "arguments", "complaint"), TABLE, ids=[f"{n}-{row[0]}" for n, row in enumerate(TABLE)]
)
async def test_complaints_are_the_real_servers(
    api: Api, you: Someone, there: dict[str, Any], method: str, arguments: dict[str, Any], complaint: str
) -> None:
    before = await you.messages()
    given = {"chat_id": you.id} | filled(arguments, there)
    answer = await api.call(method, **given)
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {complaint}"}
    assert await you.messages() == before


@pytest.mark.parametrize(
    ("method", "name", "content", "complaint"),
    [
        ("sendPhoto", "photo", b"", "file must be non-empty"),
        ("sendPhoto", "photo", b"<svg/>", "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", "photo", png(1, 21), "PHOTO_INVALID_DIMENSIONS"),
        ("sendPhoto", "photo", png(9000, 1001)[:60], "PHOTO_INVALID_DIMENSIONS"),
        ("sendDocument", "document", b"", "file must be non-empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_files_that_are_refused(
    api: Api, you: Someone, method: str, name: str, content: bytes, complaint: str
) -> None:
    answer = await api.upload(method, {name: ("a.png", content)}, chat_id=you.id)
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {complaint}"}
    assert await you.messages() == []


async def test_files_that_are_too_big(api: Api, you: Someone) -> None:
    photo = {"photo": ("a.png", png() + bytes(10 * MIB))}
    answer = await api.upload("sendPhoto", photo, chat_id=you.id)
    assert answer["description"] == (
        f"Bad Request: file of size {10 * MIB + len(png())} bytes is too big for a photo; "
        "the maximum size is 10485760 bytes"
    )
    answer = await api.upload("sendDocument", {"document": ("a.bin", bytes(52 * MIB))}, chat_id=you.id)
    assert answer == {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}
    sent = await api.uploaded("sendDocument", {"document": ("a.bin", bytes(20 * MIB + 1))}, chat_id=you.id)
    assert await api.refused("getFile", file_id=sent["document"]["file_id"]) == "Bad Request: file is too big"


@pytest.mark.parametrize(
    ("path", "code", "description"),
    [
        ("bot1:sandbox_other/getMe", 401, "Unauthorized"),
        ("botnonsense/getMe", 401, "Unauthorized: invalid token specified"),
        (f"bot{TOKEN}/sendDance", 404, "Not Found: method not found"),
        (f"file/bot{TOKEN}/photos/file_1.png", 404, "Not Found"),
        (f"file/bot{TOKEN}/sandbox.sqlite3", 404, "Not Found"),
        ("file/bot1:sandbox_other/photos/file_1.png", 401, "Unauthorized"),
    ],
    ids=["another bot", "nonsense", "no such method", "no such file", "a file of ours", "another bot's file"],
)
async def test_whoever_does_not_know_the_way_is_told_so(
    api: Api, sandbox: Sandbox, path: str, code: int, description: str
) -> None:
    async with api.http.get(f"{sandbox.url}/{path}") as answer:
        assert (answer.status, await answer.json()) == (
            code,
            {"ok": False, "error_code": code, "description": description},
        )


@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto", "sendDocument", "sendChatAction"])
async def test_whoever_blocked_the_bot_gets_nothing(
    api: Api, sandbox: Sandbox, you: Someone, there: dict[str, Any], method: str
) -> None:
    await sandbox.ask("POST", "/control/block", {"person_id": you.id, "blocked": True})
    files = {"photo": there["{photo file}"], "document": there["{document file}"]}
    answer = await api.call(method, chat_id=you.id, text="x", action="typing", **files)
    assert answer == {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    await sandbox.ask("POST", "/control/block", {"person_id": you.id, "blocked": False})


async def test_a_toast_has_room_for_200(api: Api, sandbox: Sandbox, you: Someone) -> None:
    sent = await api.done("sendMessage", chat_id=you.id, text="x", reply_markup=keyboard(KEY))
    await you.tap(sent, "go")
    (update,) = await api.done("getUpdates")
    query = {"callback_query_id": update["callback_query"]["id"]}
    assert await api.refused("answerCallbackQuery", **query, text="x" * 201) == "Bad Request: MESSAGE_TOO_LONG"
    assert await api.done("answerCallbackQuery", **query, text="x" * 200) is True


async def test_old_messages_cannot_be_deleted(api: Api, sandbox: Sandbox, you: Someone) -> None:
    sent = await api.done("sendMessage", chat_id=you.id, text="x")
    await sandbox.ask("POST", "/control/clock", {"forward": 48 * 3600 + 1})
    target = {"chat_id": you.id, "message_id": sent["message_id"]}
    assert await api.refused("deleteMessage", **target) == "Bad Request: message can't be deleted"
    assert await api.done("editMessageText", **target, text="y")  # bots may edit their own for ever
