"""The Bot API: who the bot is, who people are, and what menus they see."""

import re
from functools import partial
from typing import Any

import orjson

from app.sandbox import bot_chats, shapes
from app.sandbox.answers import bad_request
from app.sandbox.arguments import Arguments, Methods
from app.sandbox.shapes import Json, Person
from app.sandbox.store import Store

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
COMMANDS = 100
COMMAND_LENGTH = 32
DESCRIPTION_LENGTH = 256


class Profile:
    """The bot's own account, and what it may know of others."""

    def __init__(self, store: Store, bot: Json) -> None:
        self._store = store
        self._bot = bot

    def methods(self) -> Methods:
        """What can be called."""
        return {
            "getMe": self._get_me,
            "getChat": self._get_chat,
            "setMyCommands": self._set_my_commands,
            "getMyCommands": self._get_my_commands,
            "deleteMyCommands": self._delete_my_commands,
            "setChatMenuButton": self._set_chat_menu_button,
            "getChatMenuButton": self._get_chat_menu_button,
            "setMyDescription": partial(self._set_words, "description"),
            "getMyDescription": partial(self._get_words, "description"),
            "setMyShortDescription": partial(self._set_words, "short_description"),
            "getMyShortDescription": partial(self._get_words, "short_description"),
        }

    async def _get_me(self, given: Arguments) -> Json:
        return self._bot | {
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def _get_chat(self, given: Arguments) -> Json:
        person = bot_chats.person(self._store, given)
        active = {"active_usernames": [person.username]} if person.username else {}
        return {
            **shapes.chat(person),
            **active,
            "accent_color_id": person.id % 7,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(GIFTS, False),
        }

    # Commands

    async def _set_my_commands(self, given: Arguments) -> bool:
        commands = given.structure("commands", complaint="can't parse commands JSON object") or []
        if not isinstance(commands, list):
            raise bad_request("expected an Array of BotCommand")
        fields = [_command_fields(command) for command in commands]
        scope = self._scope(given)
        if len(commands) > COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._keep_commands(scope, [_command(name, description) for name, description in fields])
        return True

    async def _get_my_commands(self, given: Arguments) -> list[Json]:
        found: list[Json] = (self._store.setting("commands") or {}).get(self._scope(given), [])
        return found

    async def _delete_my_commands(self, given: Arguments) -> bool:
        self._keep_commands(self._scope(given), [])
        return True

    def _keep_commands(self, scope: str, commands: list[Json]) -> None:
        kept = self._store.setting("commands") or {}
        kept[scope] = commands
        with self._store.transaction():
            self._store.set_setting("commands", {name: each for name, each in kept.items() if each})
            self._store.add_event(None, {"kind": "commands"})

    def _scope(self, given: Arguments) -> str:
        scope = given.structure("scope", complaint="can't parse BotCommandScope JSON object") or {"type": "default"}
        if not isinstance(scope, dict):
            raise bad_request("can't parse BotCommandScope: BotCommandScope must be an Object")
        if "type" not in scope:
            raise bad_request("can't parse BotCommandScope: Can't find field \"type\"")
        match scope["type"]:
            case "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators":
                pass
            case "chat" if "chat_id" in scope:
                scope = {"type": "chat", "chat_id": bot_chats.person(self._store, Arguments(scope)).id}
            case "chat":
                raise bad_request("can't parse BotCommandScope: Can't find field \"chat_id\"")
            case "chat_administrators" | "chat_member":
                raise bad_request("chat not found")  # those are for groups, and the sandbox has none
            case _:
                raise bad_request("can't parse BotCommandScope: Unsupported type specified")
        return _scope_name(scope, given.text("language_code"))

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

    # The button beside the text field

    async def _set_chat_menu_button(self, given: Arguments) -> bool:
        button = _menu_button(given)
        kept = self._store.setting("menu_buttons") or {}
        kept[self._whose(given)] = button
        self._store.set_setting("menu_buttons", kept)
        return True

    async def _get_chat_menu_button(self, given: Arguments) -> Json:
        kept = self._store.setting("menu_buttons") or {}
        found: Json = kept.get(self._whose(given)) or kept.get("") or {"type": "default"}
        return found

    def _whose(self, given: Arguments) -> str:
        return str(bot_chats.person(self._store, given).id) if given.has("chat_id") else ""

    # What the bot says of itself, by language

    async def _set_words(self, field: str, given: Arguments) -> bool:
        kept = self._store.setting(field) or {}
        kept[given.text("language_code")] = given.text(field)
        self._store.set_setting(field, kept)
        return True

    async def _get_words(self, field: str, given: Arguments) -> Json:
        kept = self._store.setting(field) or {}
        return {field: kept.get(given.text("language_code")) or kept.get("") or ""}


def _command_fields(command: Any) -> tuple[str, str]:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if name not in command:
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
        if not isinstance(command[name], str):
            raise bad_request(f'can\'t parse BotCommand: Field "{name}" must be of type String')
    return command["command"].strip().removeprefix("/"), command["description"].strip()


def _command(name: str, description: str) -> Json:
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > COMMAND_LENGTH:
        raise bad_request(f"command length must not exceed {COMMAND_LENGTH}")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > DESCRIPTION_LENGTH:
        raise bad_request(f"command description length must not exceed {DESCRIPTION_LENGTH}")
    if not re.fullmatch("[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def _scope_name(scope: Json, language: str) -> str:
    return orjson.dumps([scope, language], option=orjson.OPT_SORT_KEYS).decode()


def _menu_button(given: Arguments) -> Json:
    button = given.structure("menu_button", complaint="can't parse menu button JSON object") or {"type": "default"}
    if not isinstance(button, dict):
        raise bad_request("can't parse menu button: MenuButton must be an Object")
    match button:
        case {"type": "default" | "commands" as kind}:
            return {"type": kind}
        case {"type": "web_app", "text": str(text), "web_app": {"url": str(url)}}:
            return {"type": "web_app", "text": text, "web_app": {"url": url}}
        case {"type": "web_app"}:
            raise bad_request("can't parse menu button: Can't find field \"web_app\"")
        case {"type": _}:
            raise bad_request("can't parse menu button: MenuButton has unsupported type")
    raise bad_request("can't parse menu button: Can't find field \"type\"")
