"""Screen, and show(): the only code that sends or edits a message.

A tap edits the message that was tapped; a message is answered by a new one below, and the former flow message loses its
keyboard when it is known. What show() returns is one more Bot API call, the cheap one: it travels as the webhook's
answer, so a tap costs one outgoing request.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import IO, Any

import orjson
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.filters.callback_data import MAX_CALLBACK_LENGTH, CallbackData
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message

from app.modules.errors import Unavailable
from app.modules.memory import NOTHING, Memory, Remembered
from app.modules.telegram import BotApi
from app.utils.markups import Button, Row

log = logging.getLogger(__name__)

Reply = dict[str, Any] | None
# Why a message can no longer be edited; all of it is everyday life.
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "MESSAGE_ID_INVALID",
    "there is no text in the message",
)
_SAME = "message is not modified"
_NO_CHAT = ("chat not found", "PEER_ID_INVALID", "user is deactivated")
_TOAST_LENGTH = 200
_FILES = "files"  # which update is having files sent, and how many of them are
_ACTION_SECONDS = 2.0
_KEYBOARD_BYTES = 10_000
_BUTTON_BYTES = 150


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees next: a text in Telegram's HTML, buttons, a toast; and what the bot then waits to be told."""

    text: str
    keyboard: Sequence[Row] = ()
    toast: str | None = None
    alert: bool = False
    asks: State | None = None
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A file that a person gets: its name, its content, and a line in Telegram's HTML below it."""

    name: str
    file: IO[bytes]
    caption: str


Show = Callable[[Screen], Awaitable[Reply]]
HandOver = Callable[[Sequence[Document], Screen], Awaitable[Reply]]


def button(text: str, leads_to: CallbackData) -> Button:
    """Make a button that carries its whole command."""
    return {"text": text, "callback_data": packed(leads_to)}


def packed(command: CallbackData) -> str:
    """Write a command as its pack() does, in a third of the time: a screen has some twenty-five of them."""
    values = vars(command).values()
    parts = [str(int(value)) if isinstance(value, bool) else str(value) for value in values]
    text = command.__separator__.join([command.__prefix__, *parts])
    fits = text.count(command.__separator__) == len(parts) and len(text.encode()) <= MAX_CALLBACK_LENGTH
    return text if fits else command.pack()  # which says what is wrong


def light(keyboard: Sequence[Row]) -> Sequence[Row]:
    """Keep a keyboard within Telegram's 10 kB: where many long names meet, they end in dots."""
    if len(orjson.dumps(keyboard)) <= _KEYBOARD_BYTES:
        return keyboard
    return [[{**each, "text": _cut(each["text"])} for each in row] for row in keyboard]


def _cut(text: str) -> str:
    if len(text.encode()) <= _BUTTON_BYTES:
        return text
    return text.encode()[:_BUTTON_BYTES].decode(errors="ignore").rstrip("\u200d\ufe0f") + "…"


async def show(
    screen: Screen,
    event: Message | CallbackQuery,
    *,
    api: BotApi,
    memory: Memory,
    by: int = 0,
    former: Remembered = NOTHING,
) -> Reply:
    """Show a screen where the person looks, and return the call that completes the answer to the update `by`."""
    if isinstance(event, CallbackQuery):
        await _show_to_tap(screen, event, api=api, memory=memory, by=by)
        return answer(event, screen.toast, alert=screen.alert)
    sent = await _send(screen, event.chat.id, api=api)
    if sent is not None:
        await memory.write(event.chat.id, Remembered.of(screen.asks, screen.about, flow=sent, by=by))
        if former.flow is not None and former.flow < sent:  # never the one just sent, whatever Redis remembers
            await _strip(event.chat.id, former.flow, api=api)
    return None


async def hand_over(
    documents: Sequence[Document],
    screen: Screen,
    event: Message | CallbackQuery,
    *,
    api: BotApi,
    memory: Memory,
    by: int = 0,
) -> Reply:
    """Send files, then the screen below them; whoever tapped keeps theirs, and reads its toast.

    When the update `by` comes again, it goes on with the first file that was not sent: else one that cannot be sent
    would bring the others again, for as long as Telegram tries. Where nothing is remembered all are sent again.
    """
    who = event.from_user.id if isinstance(event, CallbackQuery) else event.chat.id
    kept = await memory.read(who)
    sent = _sent_before(kept, by)
    if sent < len(documents):
        with suppress(TelegramAPIError, Unavailable):  # a courtesy
            action = {"chat_id": who, "action": "upload_document"}
            await api.call("sendChatAction", action, seconds=_ACTION_SECONDS, patience=0)
    for number in range(sent, len(documents)):
        if not await _send_document(documents[number], who, api=api):
            return None
        kept = await memory.read(who)  # sending takes long: another process may have asked something meanwhile
        kept = replace(kept, about={**kept.about, _FILES: [by, number + 1]})
        await memory.write(who, kept)
    if isinstance(event, CallbackQuery):
        return answer(event, screen.toast, alert=screen.alert)
    below = replace(screen, about={**screen.about, _FILES: [by, len(documents)]})
    return await show(below, event, api=api, memory=memory, by=by, former=kept)


def _sent_before(kept: Remembered, by: int) -> int:
    """Say how many files the same update has sent already."""
    match kept.about.get(_FILES):
        case [update, int(count)] if update == by:
            return count
    return 0


def answer(tap: CallbackQuery, toast: str | None = None, *, alert: bool = False) -> Reply:
    """Answer a tap, so that its button stops spinning."""
    reply: dict[str, Any] = {"method": "answerCallbackQuery", "callback_query_id": tap.id}
    if toast:
        reply["text"] = toast[:_TOAST_LENGTH]
        if alert:
            reply["show_alert"] = True
    return reply


def say(chat_id: int, text: str) -> Reply:
    """Say one thing in passing, by the webhook's answer alone: no screen, nothing to remember."""
    return {"method": "sendMessage", "chat_id": chat_id, "text": text, "parse_mode": "HTML"}


async def _show_to_tap(screen: Screen, tap: CallbackQuery, *, api: BotApi, memory: Memory, by: int) -> None:
    message = tap.message
    shown: int | None = None
    if isinstance(message, Message) and await _edit(screen, message, api=api):
        shown = message.message_id
    else:  # it is gone, too old to be edited, or was never seen
        shown = await _send(screen, tap.from_user.id, api=api)
    await memory.write(tap.from_user.id, Remembered.of(screen.asks, screen.about, flow=shown, by=by))


async def _edit(screen: Screen, message: Message, *, api: BotApi) -> bool:
    """Change a message in place; False when it cannot be changed any more."""
    params = {**_body(screen), "chat_id": message.chat.id, "message_id": message.message_id}
    try:
        await api.call("editMessageText", params)
    except TelegramForbiddenError:
        log.info("person_blocked_the_bot")
    except TelegramBadRequest as error:
        if any(reason in error.message for reason in _GONE):
            return False
        if any(reason in error.message for reason in _NO_CHAT):
            log.info("person_is_gone")
        elif _SAME not in error.message:
            raise
    return True


async def _send(screen: Screen, chat_id: int, *, api: BotApi) -> int | None:
    """Send a new message and return its id; None when there is nobody to read it."""
    sent = await _arrived(api.call("sendMessage", {**_body(screen), "chat_id": chat_id}))
    return sent.get("message_id") if isinstance(sent, dict) else None


async def _send_document(document: Document, chat_id: int, *, api: BotApi) -> bool:
    """Send a file; False when there is nobody to read it."""
    params = {"chat_id": str(chat_id), "caption": document.caption, "parse_mode": "HTML"}
    sent = api.upload("sendDocument", params, field="document", file=document.file, name=document.name)
    return await _arrived(sent) is not None


async def _arrived(sending: Awaitable[Any]) -> Any:
    """Wait for a message's sending and return what was sent; None when there is nobody to read it."""
    try:
        return await sending
    except TelegramForbiddenError:
        log.info("person_blocked_the_bot")
        return None
    except TelegramBadRequest as error:
        if any(reason in error.message for reason in _NO_CHAT):
            log.info("person_is_gone")
            return None
        raise


async def _strip(chat_id: int, message_id: int, *, api: BotApi) -> None:
    """Take the keyboard off a message that is no longer the place to tap."""
    try:
        await api.call("editMessageReplyMarkup", {"chat_id": chat_id, "message_id": message_id}, patience=0)
    except (TelegramAPIError, Unavailable):
        # Gone, too old, bare already, or no time for it: the answer itself is sent, and must not be sent again.
        log.debug("former_message_stays")


def _body(screen: Screen) -> dict[str, Any]:
    return {
        "text": screen.text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": light(list(screen.keyboard))},
    }
