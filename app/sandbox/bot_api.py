"""The Bot API: one method of the class a method of Telegram's, with the real server's error texts."""

import hmac
import logging
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web
from yarl import URL

from app.sandbox import arguments, html_text, keyboards, shapes
from app.sandbox.answers import ApiError, answer, bad_request
from app.sandbox.arguments import Arguments
from app.sandbox.delivery import MAX_CONNECTIONS, Delivery
from app.sandbox.entities import MESSAGE_LENGTH, clean, finished, units
from app.sandbox.events import Feed
from app.sandbox.faults import Faults
from app.sandbox.shapes import Json, Person
from app.sandbox.store import Store

log = logging.getLogger(__name__)

KEPT_CALLS = 1000
TOAST_LENGTH = 200
COMMANDS = 100
DELETABLE_SECONDS = 48 * 3600
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
ENTITY_TYPES = {
    "mention": None,
    "hashtag": None,
    "cashtag": None,
    "bot_command": None,
    "url": None,
    "email": None,
    "phone_number": None,
    "bold": None,
    "italic": None,
    "underline": None,
    "strikethrough": None,
    "spoiler": None,
    "blockquote": None,
    "expandable_blockquote": None,
    "code": None,
    "pre": "language",
    "text_link": "url",
}
_FOUND_ANYWAY = ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number")

Method = Callable[[Arguments], Awaitable[Any]]


class BotApi:
    """The server that the bot talks to."""

    def __init__(
        self, store: Store, delivery: Delivery, feed: Feed, faults: Faults, *, token: str, bot_id: int
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._feed = feed
        self._faults = faults
        self._token = token
        self._bot = shapes.bot_user(bot_id)
        self.calls: deque[Json] = deque(maxlen=KEPT_CALLS)
        self._methods: dict[str, tuple[str, Method]] = {
            name.lower(): (name, method)
            for name, method in {
                "getMe": self._get_me,
                "getUpdates": self._get_updates,
                "setWebhook": self._set_webhook,
                "deleteWebhook": self._delete_webhook,
                "getWebhookInfo": self._get_webhook_info,
                "sendMessage": self._send_message,
                "editMessageText": self._edit_message_text,
                "editMessageReplyMarkup": self._edit_message_reply_markup,
                "deleteMessage": self._delete_message,
                "answerCallbackQuery": self._answer_callback_query,
                "sendChatAction": self._send_chat_action,
                "getChat": self._get_chat,
                "setMyCommands": self._set_my_commands,
                "getMyCommands": self._get_my_commands,
                "deleteMyCommands": self._delete_my_commands,
            }.items()
        }
        delivery.carry_out = self.carry_out

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one HTTP call."""
        try:
            if not hmac.compare_digest(request.match_info["token"].encode(), self._token.encode()):
                raise ApiError(401, "Unauthorized")
            given = await arguments.read(request)
            method = request.match_info["method"]
            result = await self._call(method, given, by="http")
        except ApiError as error:
            headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
            if str(error).startswith("<"):
                return web.Response(text=str(error), status=error.code, content_type="text/html", headers=headers)
            refused = answer(error.content, status=error.code)
            refused.headers.update(headers)
            return refused
        if isinstance(result, Told):
            return answer({"ok": True, "result": True, "description": result.description})
        return answer({"ok": True, "result": result})

    async def carry_out(self, method: str, given: Json) -> None:
        """Carry out a call that came in the answer to an update."""
        await self._call(method, Arguments(given), by="webhook answer")

    async def _call(self, method: str, given: Arguments, *, by: str) -> Any:
        name, carry_out = self._methods.get(method.lower(), (method, None))
        call: Json = {"at": time.time(), "method": name, "by": by, "arguments": given.given}
        self.calls.append(call)
        try:
            if fault := self._faults.take(name.lower()):
                raise _ordered(fault.status, fault.retry_after, html=fault.html)
            if carry_out is None:
                log.warning("method_unknown", extra={"method": name[:64]})
                raise ApiError(404, "Not Found")
            result = await carry_out(given)
        except ApiError as error:
            call["error"] = {"code": error.code, "description": str(error)}
            raise
        call["ok"] = True
        return result

    # Who and where

    async def _get_me(self, given: Arguments) -> Json:
        return self._bot | {
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def _get_chat(self, given: Arguments) -> Json:
        person = self._person(given)
        active = {"active_usernames": [person.username]} if person.username else {}
        return {
            **shapes.chat(person),
            **active,
            "accent_color_id": person.id % 7,
            "max_reaction_count": 11,
            "accepted_gift_types": {"unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False},
        }

    async def _send_chat_action(self, given: Arguments) -> bool:
        action = given.text("action")
        if action not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        person = self._reachable(given)
        self._feed.mention(person.id, {"kind": "action", "action": action})
        return True

    # Updates

    async def _get_updates(self, given: Arguments) -> list[Json]:
        if given.has("allowed_updates"):
            self._store.set_setting("allowed_updates", _allowed_updates(given))
        limit = given.integer("limit", 100)
        return await self._delivery.fetch(
            offset=given.integer("offset"),
            limit=limit if 1 <= limit <= 100 else 100,
            seconds=max(given.integer("timeout"), 0),
        )

    async def _set_webhook(self, given: Arguments) -> "bool | Told":
        url = given.text("url").strip()
        if not url:
            return await self._delete_webhook(given)
        _check_webhook_url(url)
        secret = given.text("secret_token")
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if not re.fullmatch("[A-Za-z0-9_-]*", secret):
            raise bad_request("secret token contains unallowed characters")
        connections = given.integer("max_connections", MAX_CONNECTIONS)
        webhook = {
            "url": url,
            "secret_token": secret,
            "max_connections": connections if 1 <= connections <= 100 else MAX_CONNECTIONS,
        }
        if given.has("allowed_updates"):
            self._store.set_setting("allowed_updates", _allowed_updates(given))
        same = self._delivery.webhook == webhook
        if not same or given.flag("drop_pending_updates"):
            self._delivery.set_webhook(webhook, drop=given.flag("drop_pending_updates"))
        return Told("Webhook is already set" if same else "Webhook was set")

    async def _delete_webhook(self, given: Arguments) -> "bool | Told":
        had = self._delivery.webhook is not None
        self._delivery.set_webhook(None, drop=given.flag("drop_pending_updates"))
        return Told("Webhook was deleted" if had else "Webhook is already deleted")

    async def _get_webhook_info(self, given: Arguments) -> Json:
        webhook = self._delivery.webhook
        self._store.expire()
        info: Json = {
            "url": webhook["url"] if webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": self._store.count_waiting(),
        }
        if webhook:
            info["max_connections"] = webhook["max_connections"]
            info["ip_address"] = "127.0.0.1"
        if error := self._store.setting("last_error"):
            info |= {"last_error_date": error["date"], "last_error_message": error["message"]}
        if allowed := self._store.setting("allowed_updates"):
            info["allowed_updates"] = allowed
        return info

    # Messages

    async def _send_message(self, given: Arguments) -> Json:
        text, entities = _text(given)
        keyboard = _keyboard(given)
        person = self._reachable(given)
        return self._store.add_message(
            person.id,
            {
                "from": self._bot,
                "chat": shapes.chat(person),
                "date": int(time.time()),
                **_content(text, entities, keyboard),
                **_preview(given, entities),
            },
        )

    async def _edit_message_text(self, given: Arguments) -> Json:
        text, entities = _text(given)
        keyboard = _keyboard(given)
        message = self._own_message(given)
        if "text" not in message:
            raise bad_request("there is no text in the message to edit")
        return self._edit(message, _content(text, entities, keyboard) | _preview(given, entities))

    async def _edit_message_reply_markup(self, given: Arguments) -> Json:
        keyboard = _keyboard(given)
        message = self._own_message(given)
        return self._edit(message, _content(message.get("text", ""), message.get("entities", []), keyboard))

    async def _delete_message(self, given: Arguments) -> bool:
        person = self._person(given)
        message = self._store.message(person.id, _message_id(given))
        if message is None:
            raise bad_request("message to delete not found")
        if message["date"] < time.time() - DELETABLE_SECONDS:
            raise bad_request("message can't be deleted")
        self._store.delete_message(person.id, message["message_id"])
        return True

    def _edit(self, message: Json, content: Json) -> Json:
        """Put new content in place of the old; what is not named in it stays."""
        fields = ("text", "entities", "reply_markup")
        if all(message.get(field) == content.get(field) for field in fields):
            raise bad_request(NOT_MODIFIED)
        fresh = {key: value for key, value in message.items() if key not in (*fields, "link_preview_options")}
        edited = fresh | {"edit_date": int(time.time())} | content
        self._store.change_message(edited)
        return edited

    # Taps

    async def _answer_callback_query(self, given: Arguments) -> bool:
        text = clean(given.text("text"))
        tap = self._store.tap(given.text("callback_query_id"))
        if tap is None:
            raise bad_request(TOO_OLD)
        if units(text) > TOAST_LENGTH:
            raise bad_request("MESSAGE_TOO_LONG")
        if not tap.answered:
            self._store.answer_tap(tap, {"text": text, "show_alert": given.flag("show_alert")})
        return True

    # Commands

    async def _set_my_commands(self, given: Arguments) -> bool:
        commands = given.structure("commands", complaint="can't parse commands JSON object")
        if not isinstance(commands, list):
            raise bad_request("expected an Array of BotCommand")
        if len(commands) > COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._keep_commands(_scope(given), [_command(command) for command in commands])
        return True

    async def _get_my_commands(self, given: Arguments) -> list[Json]:
        found: list[Json] = (self._store.setting("commands") or {}).get(_scope(given), [])
        return found

    async def _delete_my_commands(self, given: Arguments) -> bool:
        self._keep_commands(_scope(given), [])
        return True

    def _keep_commands(self, scope: str, commands: list[Json]) -> None:
        kept = self._store.setting("commands") or {}
        kept[scope] = commands
        with self._store.transaction():
            self._store.set_setting("commands", {name: each for name, each in kept.items() if each})
            self._store.add_event(None, {"kind": "commands"})

    def commands_for(self, person: Person) -> list[Json]:
        """The command menu that a person sees: their own, else that of private chats, else everybody's."""
        kept = self._store.setting("commands") or {}
        scopes: tuple[Json, ...] = (
            {"type": "chat", "chat_id": person.id},
            {"type": "all_private_chats"},
            {"type": "default"},
        )
        names = [_scope_name(scope, language) for scope in scopes for language in ("en", "")]
        return next((kept[name] for name in names if name in kept), [])

    # What calls are about

    def _person(self, given: Arguments) -> Person:
        if not given.has("chat_id"):
            raise bad_request("chat_id is empty")
        person = self._store.person(given.integer("chat_id"))
        if person is None:
            raise bad_request("chat not found")
        return person

    def _reachable(self, given: Arguments) -> Person:
        person = self._person(given)
        if person.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return person

    def _own_message(self, given: Arguments) -> Json:
        person = self._person(given)
        message = self._store.message(person.id, _message_id(given))
        if message is None:
            raise bad_request("message to edit not found")
        if not message["from"]["is_bot"]:
            raise bad_request("message can't be edited")
        return message


class Told:
    """A plain yes with a few words, as setWebhook answers."""

    def __init__(self, description: str) -> None:
        self.description = description


def _ordered(status: int, retry_after: int | None, *, html: bool) -> ApiError:
    """The error that a test ordered."""
    if html:
        return ApiError(status, "<html><head><title>Bad Gateway</title></head><body>nginx</body></html>")
    if status == 429:
        seconds = 1 if retry_after is None else retry_after
        return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    words = {400: "Bad Request", 403: "Forbidden: bot was blocked by the user", 502: "Bad Gateway"}
    return ApiError(status, words.get(status, "Internal Server Error"), retry_after=retry_after)


def _text(given: Arguments) -> tuple[str, list[Json]]:
    source = clean(given.text("text"))
    if not source:
        raise bad_request("message text is empty")
    entities: list[Json] = []
    match given.text("parse_mode").lower():
        case "":
            entities = _entities(given, source)
        case "html":
            try:
                source, entities = html_text.parse(source)
            except html_text.HtmlError as error:
                raise bad_request(f"can't parse entities: {error}") from None
        case "markdown" | "markdownv2":
            raise bad_request("the sandbox knows no parse_mode but HTML")
        case _:
            raise bad_request("unsupported parse_mode")
    text, entities = finished(source, entities)
    if not text:
        raise bad_request("text must be non-empty")
    if units(text) > MESSAGE_LENGTH:
        raise bad_request("message is too long")
    return text, entities


def _entities(given: Arguments, text: str) -> list[Json]:
    complaint = "can't parse entities JSON object"
    entities = given.structure("entities", complaint=complaint) or []
    if not isinstance(entities, list) or not all(isinstance(entity, dict) for entity in entities):
        raise bad_request(complaint)
    end = units(text)
    checked: list[Json] = []
    for entity in entities:
        kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
        if kind not in ENTITY_TYPES:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if type(offset) is not int or type(length) is not int:
            raise bad_request("can't parse MessageEntity: offset and length must be Integer")
        if offset < 0:
            raise bad_request(f"receive an entity with incorrect offset {offset}")
        if offset > end:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + length > end:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {offset + length}"
            )
        extra = ENTITY_TYPES[kind]
        more = {extra: str(entity[extra])} if extra and entity.get(extra) else {}
        if kind == "text_link":
            more = {"url": html_text.checked_link(str(entity.get("url", "")))}
            if not more["url"]:
                raise bad_request(f"entity URL '{entity.get('url', '')}' is invalid: Wrong HTTP URL")
        if kind not in _FOUND_ANYWAY and length > 0:
            checked.append({"offset": offset, "length": length, "type": kind, **more})
    return checked


def _keyboard(given: Arguments) -> Json | None:
    markup = given.structure("reply_markup", complaint="can't parse reply keyboard markup JSON object")
    try:
        return keyboards.inline_keyboard(markup)
    except keyboards.KeyboardError as error:
        raise bad_request(str(error)) from None


def _content(text: str, entities: list[Json], keyboard: Json | None) -> Json:
    content: Json = {"text": text} if text else {}
    if entities:
        content["entities"] = entities
    if keyboard:
        content["reply_markup"] = keyboard
    return content


def _preview(given: Arguments, entities: list[Json]) -> Json:
    """Telegram repeats the preview's settings only where a link is."""
    options = given.structure("link_preview_options", complaint="can't parse link preview options JSON object")
    links = any(entity["type"] in ("url", "text_link") for entity in entities)
    return {"link_preview_options": options} if isinstance(options, dict) and options and links else {}


def _message_id(given: Arguments) -> int:
    message_id = given.integer("message_id")
    if message_id <= 0:
        raise bad_request("message identifier is not specified")
    return message_id


def _allowed_updates(given: Arguments) -> list[str] | None:
    """The kinds of updates asked for; None for the usual ones."""
    complaint = "can't parse allowed_updates JSON object"
    names = given.structure("allowed_updates", complaint=complaint)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise bad_request(complaint)
    return names or None


def _check_webhook_url(url: str) -> None:
    try:
        parsed = URL(url)
    except ValueError:
        raise bad_request("bad webhook: invalid webhook URL specified") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise bad_request("bad webhook: an HTTPS URL must be provided for webhook")
    if parsed.host != "localhost" and parsed.host != "::1" and not re.fullmatch(r"127(\.\d{1,3}){3}", parsed.host):
        raise bad_request("bad webhook: the sandbox delivers to this computer alone (127.0.0.1, localhost)")


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad_request("expected an Array of BotCommand")
    name, description = command.get("command"), command.get("description")
    if not isinstance(name, str) or not re.fullmatch("[a-z0-9_]{1,32}", name.removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= len(description.strip()) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description.strip()}


def _scope(given: Arguments) -> str:
    complaint = "can't parse BotCommandScope JSON object"
    scope = given.structure("scope", complaint=complaint)
    if scope is not None and not isinstance(scope, dict):
        raise bad_request(complaint)
    return _scope_name(scope or {"type": "default"}, given.text("language_code"))


def _scope_name(scope: Json, language: str) -> str:
    return orjson.dumps([scope, language], option=orjson.OPT_SORT_KEYS).decode()
