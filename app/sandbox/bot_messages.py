"""The Bot API: messages sent, edited and deleted, taps answered, files fetched."""

import time
from typing import Any

from app.sandbox import bot_chats, files, formatted, keyboards, shapes
from app.sandbox.answers import bad_request
from app.sandbox.arguments import Arguments, Methods
from app.sandbox.entities import CAPTION_LENGTH, MESSAGE_LENGTH, clean, units
from app.sandbox.events import Feed
from app.sandbox.files import File
from app.sandbox.limits import Limits
from app.sandbox.shapes import Json, Person
from app.sandbox.store import Store

TOAST_LENGTH = 200
ACTION_SECONDS = 5
DELETABLE_SECONDS = 48 * 3600
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
ACTIONS = {
    "cancel",
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
# What a message says; an edit that changes none of it is refused.
CONTENT = ("text", "entities", "photo", "document", "caption", "caption_entities", "reply_markup")

Words = tuple[str, list[Json]]


class Messages:
    """Everything that the bot does in a chat."""

    def __init__(self, store: Store, feed: Feed, limits: Limits, bot: Json) -> None:
        self._store = store
        self._feed = feed
        self._limits = limits
        self._bot = bot

    def methods(self) -> Methods:
        """What can be called."""
        return {
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "sendChatAction": self._send_chat_action,
            "editMessageText": self._edit_message_text,
            "editMessageCaption": self._edit_message_caption,
            "editMessageMedia": self._edit_message_media,
            "editMessageReplyMarkup": self._edit_message_reply_markup,
            "deleteMessage": self._delete_message,
            "answerCallbackQuery": self._answer_callback_query,
            "getFile": self._get_file,
        }

    # New messages. As in the real server what cannot be read is refused first, then whom it is for, then what is too
    # much.

    async def _send_message(self, given: Arguments) -> Json:
        text, entities = _text(given)
        keyboard = _keyboard(given)
        person, reply = self._addressed(given)
        _check_text(text, too_long="message is too long")
        return self._send(person, _text_content(text, entities) | _preview(given, entities), keyboard, reply)

    async def _send_photo(self, given: Arguments) -> Json:
        return await self._send_file(given, "photo")

    async def _send_document(self, given: Arguments) -> Json:
        return await self._send_file(given, "document")

    async def _send_file(self, given: Arguments, kind: str) -> Json:
        if not given.has(kind) and kind not in given.files:
            raise bad_request(f"there is no {kind} in the request")
        words = _caption(given)
        keyboard = _keyboard(given)
        person, reply = self._addressed(given)
        file = self._file(given, given.text(kind) or f"attach://{kind}", kind)
        if file is None:
            raise bad_request(f"there is no {kind} in the request")
        with self._store.transaction():
            return self._send(person, self._file_content(file, words), keyboard, reply)

    async def _send_chat_action(self, given: Arguments) -> bool:
        action = given.text("action").lower()
        if action not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        person = bot_chats.reachable(self._store, given)
        seconds = 0 if action == "cancel" else ACTION_SECONDS
        self._feed.mention(person.id, {"kind": "action", "action": action, "until": time.time() + seconds})
        return True

    def _addressed(self, given: Arguments) -> tuple[Person, Json]:
        """Whom a message is for, and what it replies to."""
        wanted, allow_none = _reply_parameters(given)
        person = bot_chats.reachable(self._store, given)
        if not wanted:
            return person, {}
        replied = self._store.message(person.id, wanted)
        if replied is None and not allow_none:
            raise bad_request("message to be replied not found")
        if replied is None:
            return person, {}
        return person, {"reply_to_message": {k: v for k, v in replied.items() if k != "reply_to_message"}}

    def _send(self, person: Person, content: Json, keyboard: Json | None, reply: Json) -> Json:
        marked = _checked(keyboard)
        self._limits.spend(person.id)
        return self._store.add_message(
            person.id,
            {
                "from": self._bot,
                "chat": shapes.chat(person),
                "date": int(self._store.clock.now()),
                **reply,
                **content,
                **marked,
            },
        )

    # Edits

    async def _edit_message_text(self, given: Arguments) -> Json:
        text, entities = _text(given)
        keyboard = _keyboard(given)
        message = bot_chats.message_to_edit(self._store, given)
        if "text" not in message:
            raise bad_request("there is no text in the message to edit")
        _check_text(text, too_long="MESSAGE_TOO_LONG")
        return self._edit(message, _text_content(text, entities) | _preview(given, entities), keyboard)

    async def _edit_message_caption(self, given: Arguments) -> Json:
        keyboard = _keyboard(given)
        words = _caption(given)
        message = bot_chats.message_to_edit(self._store, given)
        if "text" in message:
            raise bad_request("there is no caption in the message to edit")
        kept = {kind: message[kind] for kind in ("photo", "document") if kind in message}
        return self._edit(message, kept | _caption_content(words, too_long="MEDIA_CAPTION_TOO_LONG"), keyboard)

    async def _edit_message_media(self, given: Arguments) -> Json:
        keyboard = _keyboard(given)
        kind, media, words = _input_media(given)
        message = bot_chats.message_to_edit(self._store, given)
        file = self._file(given, media, kind)
        if file is None:
            raise bad_request("can't parse InputMedia: media not found")
        with self._store.transaction():
            return self._edit(message, self._file_content(file, words), keyboard)

    async def _edit_message_reply_markup(self, given: Arguments) -> Json:
        keyboard = _keyboard(given)
        message = bot_chats.message_to_edit(self._store, given)
        kept = (*CONTENT, "link_preview_options")
        return self._edit(message, {k: v for k, v in message.items() if k in kept and k != "reply_markup"}, keyboard)

    def _edit(self, message: Json, content: Json, keyboard: Json | None) -> Json:
        """Put new content in place of the old."""
        content = content | _checked(keyboard)
        if all(message.get(field) == content.get(field) for field in CONTENT):
            raise bad_request(NOT_MODIFIED)
        self._limits.spend(message["chat"]["id"])
        kept = {key: value for key, value in message.items() if key not in (*CONTENT, "link_preview_options")}
        edited = kept | {"edit_date": int(self._store.clock.now())} | content
        self._store.change_message(edited)
        return edited

    async def _delete_message(self, given: Arguments) -> bool:
        if not given.has("chat_id"):
            raise bad_request("chat identifier is not specified")
        if given.integer("message_id") <= 0:
            raise bad_request("message identifier is not specified")
        message = bot_chats.message(self._store, given, purpose="message to delete")
        if message["date"] < self._store.clock.now() - DELETABLE_SECONDS:
            raise bad_request("message can't be deleted")
        self._store.delete_message(message["chat"]["id"], message["message_id"])
        return True

    # Taps

    async def _answer_callback_query(self, given: Arguments) -> bool:
        text = clean(given.text("text"))
        tap = self._store.tap(given.text("callback_query_id"))
        if tap is None:
            raise bad_request(TOO_OLD)
        if units(text) > TOAST_LENGTH:
            raise bad_request("MESSAGE_TOO_LONG")
        if not tap.answered:
            self._store.answer_tap(tap, text=text, show_alert=given.flag("show_alert"))
        return True

    # Files

    async def _get_file(self, given: Arguments) -> Json:
        if not given.has("file_id"):
            raise bad_request("file_id not specified")
        found = self._store.file(given.text("file_id"))
        if found is None:
            raise bad_request("invalid file_id")
        number, file = found
        if len(file.content) > files.DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        about = {field: file.about[field] for field in ("file_id", "file_unique_id", "file_size")}
        return about | {"file_path": files.path(file, number)}

    def _file(self, given: Arguments, source: str, kind: str) -> File | None:
        """A file that came with the call, or one that was sent before."""
        if source.startswith("attach://"):
            upload = given.files.get(source.removeprefix("attach://"))
            if upload is None:
                return None
            try:
                return files.photo(upload) if kind == "photo" else files.document(upload)
            except files.FileError as error:
                raise bad_request(str(error)) from None
        if "." in source:
            raise bad_request(
                "the sandbox fetches nothing from the internet: send the file itself or the file_id of one sent before"
            )
        found = self._store.file(source)
        if found is None:
            raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
        if found[1].kind != kind:
            raise bad_request(f"can't use file of type {found[1].kind.title()} as {kind.title()}")
        return found[1]

    def _file_content(self, file: File, words: Words) -> Json:
        content = file.message | _caption_content(words, too_long="message caption is too long")
        self._store.add_file(file)
        return content


def _text(given: Arguments) -> Words:
    source = given.text("text")
    if not source:
        raise bad_request("message text is empty")
    return _words(given, source, "entities")


def _caption(given: Arguments) -> Words:
    return _words(given, given.text("caption"), "caption_entities")


def _words(given: Arguments, source: str, entities: str) -> Words:
    listed = given.structure(entities, complaint=f"can't parse {entities} JSON object")
    return formatted.read(source, parse_mode=given.text("parse_mode"), entities=listed)


def _check_text(text: str, *, too_long: str) -> None:
    if not text:
        raise bad_request("text must be non-empty")
    if units(text) > MESSAGE_LENGTH:
        raise bad_request(too_long)


def _text_content(text: str, entities: list[Json]) -> Json:
    return {"text": text} | ({"entities": entities} if entities else {})


def _caption_content(words: Words, *, too_long: str) -> Json:
    caption, entities = words
    if units(caption) > CAPTION_LENGTH:
        raise bad_request(too_long)
    return ({"caption": caption} if caption else {}) | ({"caption_entities": entities} if entities else {})


def _preview(given: Arguments, entities: list[Json]) -> Json:
    """Telegram repeats the preview's settings only where a link is."""
    options = given.structure("link_preview_options", complaint="can't parse link preview options JSON object")
    links = any(entity["type"] in ("url", "text_link") for entity in entities)
    return {"link_preview_options": options} if isinstance(options, dict) and options and links else {}


def _keyboard(given: Arguments) -> Json | None:
    markup = given.structure("reply_markup", complaint="can't parse reply keyboard markup JSON object")
    try:
        return keyboards.read(markup)
    except keyboards.KeyboardError as error:
        raise bad_request(str(error)) from None


def _checked(keyboard: Json | None) -> Json:
    try:
        checked = keyboards.check(keyboard)
    except keyboards.KeyboardError as error:
        raise bad_request(str(error)) from None
    return {"reply_markup": checked} if checked else {}


def _reply_parameters(given: Arguments) -> tuple[int, bool]:
    """The message that is replied to, 0 for none, and whether it may be missing."""
    parameters = given.structure("reply_parameters", complaint="can't parse reply parameters JSON object")
    if parameters is None:
        return max(given.integer("reply_to_message_id"), 0), given.flag("allow_sending_without_reply")
    if not isinstance(parameters, dict):
        raise bad_request("object expected as reply parameters")
    if parameters and "message_id" not in parameters:
        raise bad_request('can\'t find field "message_id"')
    inner = Arguments(parameters)
    return max(inner.integer("message_id"), 0), inner.flag("allow_sending_without_reply")


def _input_media(given: Arguments) -> tuple[str, str, Words]:
    """The kind of a new medium, where it is, and its caption."""
    if not given.has("media"):
        raise bad_request('parameter "media" is required')
    described: Any = given.structure("media", complaint="can't parse input media JSON object")
    if not isinstance(described, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    media = Arguments(described)
    words = _caption(media)
    kind = media.text("type")
    if not kind:
        raise bad_request("can't parse InputMedia: Can't find field \"type\"")
    if not media.has("media"):
        raise bad_request("can't parse InputMedia: media not found")
    if kind in ("animation", "audio", "live_photo", "video"):
        raise bad_request(f"the sandbox knows no {kind}: of the media it knows photo and document")
    if kind not in ("photo", "document"):
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    return kind, media.text("media"), words
