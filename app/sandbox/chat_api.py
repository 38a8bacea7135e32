"""The page's side: what people see and do in their chats."""

import hashlib
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aiohttp import web

from app.sandbox import files, shapes
from app.sandbox.answers import Problem, answer, read_object
from app.sandbox.arguments import upload
from app.sandbox.bot_api import BotApi
from app.sandbox.delivery import TAP_LIFE, Delivery
from app.sandbox.entities import CAPTION_LENGTH, MESSAGE_LENGTH, clean, finished, units
from app.sandbox.events import Feed
from app.sandbox.keyboards import has_button
from app.sandbox.shapes import Json, Person
from app.sandbox.store import Store, Tap, shown_tap
from app.sandbox.transcript import written

PAGE = Path(__file__).parent / "page"
NAME_LENGTH = 64
MESSAGES_A_PAGE = 200


class ChatApi:
    """What people can do."""

    def __init__(self, store: Store, delivery: Delivery, feed: Feed, bot: BotApi, *, bot_id: int) -> None:
        self._store = store
        self._delivery = delivery
        self._feed = feed
        self._bot = bot
        self._bot_id = bot_id

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Every address of the page's side."""
        return [
            web.get("/", _page),
            web.get("/people", self.people),
            web.post("/people", self.add_person),
            web.get("/events", self.all_events),
            web.get("/chats/{person_id}", self.chat),
            web.get("/chats/{person_id}/events", self.events),
            web.get("/chats/{person_id}/transcript", self.transcript),
            web.post("/chats/{person_id}/messages", self.write),
            web.put("/chats/{person_id}/messages/{message_id}", self.edit),
            web.post("/chats/{person_id}/taps", self.tap),
            web.post("/chats/{person_id}/photos", self.send_photo),
            web.post("/chats/{person_id}/documents", self.send_document),
            web.post("/chats/{person_id}/stickers", self.send_sticker),
            web.post("/chats/{person_id}/read", self.read),
            web.get("/files/{file_id}", self.file),
            web.static("/page", PAGE),
        ]

    async def people(self, request: web.Request) -> web.Response:
        """GET /people: everybody, each with their newest message and how many they have not read."""
        return answer([self._shown(person) for person in self._store.people()])

    async def add_person(self, request: web.Request) -> web.Response:
        """POST /people {first_name, last_name?, username?}: let somebody new in."""
        given = await read_object(request)
        first_name, last_name, username = (_name(given, key) for key in ("first_name", "last_name", "username"))
        if not first_name:
            raise Problem(400, "first_name must be 1 to 64 characters.")
        if username and not (username.isascii() and username.replace("_", "a").isalnum()):
            raise Problem(400, "username may have letters, digits and underscores.")
        person = self._store.add_person(first_name=first_name, last_name=last_name, username=username)
        if person is None:
            raise Problem(409, "Somebody else has this username.")
        return answer(self._shown(person), status=201)

    async def chat(self, request: web.Request) -> web.Response:
        """GET /chats/{id}?limit=&before=: a page of messages, oldest first, and all that is shown around them."""
        person = self._person(request)
        limit = min(_query_number(request, "limit", MESSAGES_A_PAGE), MESSAGES_A_PAGE)
        messages = self._store.messages(person.id, before=_query_number(request, "before", 2**62 - 1), limit=limit + 1)
        return answer(
            {
                "person": self._shown(person),
                "bot": shapes.bot_user(self._bot_id) | self._delivery.state,
                "commands": self._bot.profile.commands_for(person),
                "messages": [files.for_page(message) for message in messages[-limit:]] if limit else [],
                "has_more": len(messages) > limit,
                "taps": [shown_tap(tap) for tap in self._store.unanswered(person.id)],
                "waiting": self._store.waiting_messages(person.id),
                "last_event": self._store.last_event(),
            }
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """GET /chats/{id}/events: what happens in one chat, as Server-Sent Events."""
        return await self._feed.listen(request, self._person(request).id)

    async def all_events(self, request: web.Request) -> web.StreamResponse:
        """GET /events: what happens in all chats."""
        return await self._feed.listen(request, None)

    async def write(self, request: web.Request) -> web.Response:
        """POST /chats/{id}/messages {text}: send a message to the bot."""
        person = self._writer(request)
        text, entities = _text(await read_object(request))
        return answer(self._send(person, {"text": text} | ({"entities": entities} if entities else {})), status=201)

    async def edit(self, request: web.Request) -> web.Response:
        """PUT /chats/{id}/messages/{message_id} {text}: edit a message of one's own."""
        person = self._writer(request)
        text, entities = _text(await read_object(request))
        message = self._store.message(person.id, _number(request.match_info["message_id"], "message_id"))
        if message is None or message["from"]["is_bot"] or "text" not in message:
            raise Problem(404, "There is no such message of this person with a text.")
        if message["text"] == text:
            return answer(message)
        kept = {key: value for key, value in message.items() if key not in ("text", "entities", "edit_date")}
        kept |= {"edit_date": int(self._store.clock.now()), "text": text}
        edited = kept | ({"entities": entities} if entities else {})
        with self._store.transaction():
            self._store.change_message(edited)
            self._delivery.tell_bot("edited_message", _messages_of(person), edited)
        return answer(files.for_page(edited))

    async def tap(self, request: web.Request) -> web.Response:
        """POST /chats/{id}/taps {message_id, data, forged?}: tap a button; a forged tap needs none to be there."""
        person = self._writer(request)
        given = await read_object(request)
        message_id = _number(given.get("message_id"), "message_id")
        data, forged = given.get("data"), given.get("forged") is True
        if not isinstance(data, str) or not data or len(data.encode()) > 64:
            raise Problem(400, "data must be a text of 1 to 64 bytes.")
        message = self._store.message(person.id, message_id)
        if not forged and (message is None or not has_button(message, data)):
            raise Problem(409, "This message has no such button.")
        inaccessible: Json = {"message_id": message_id, "chat": shapes.chat(person), "date": 0}
        tap = Tap(str(secrets.randbits(62)), person.id, message_id, data, self._store.clock.now() + TAP_LIFE, False)
        query = {
            "id": tap.query_id,
            "from": shapes.user(person),
            "message": message or inaccessible,
            "chat_instance": str(int.from_bytes(hashlib.sha256(b"%d" % person.id).digest()[:7])),
            "data": data,
        }
        with self._store.transaction():
            self._store.add_tap(tap)
            update = self._delivery.tell_bot("callback_query", f"taps of {person.id}", query, life=TAP_LIFE)
        return answer({"query_id": tap.query_id, "update_id": update.id if update else None}, status=201)

    async def send_photo(self, request: web.Request) -> web.Response:
        """POST /chats/{id}/photos (multipart: photo, caption?): send a picture."""
        person = self._writer(request)
        sent, caption = await _form(request, "photo")
        if len(sent.content) > files.PHOTO_BYTES:
            raise Problem(413, "A photo may have 10 MB.")
        try:
            photo = files.photo(sent)
        except files.FileError:
            raise Problem(
                400, "The photo must be a PNG, JPEG, GIF or WebP, its sides together 10,000 pixels at most."
            ) from None
        return answer(files.for_page(self._send_file(person, photo, caption)), status=201)

    async def send_document(self, request: web.Request) -> web.Response:
        """POST /chats/{id}/documents (multipart: document, caption?): send a file."""
        person = self._writer(request)
        sent, caption = await _form(request, "document")
        if len(sent.content) > files.DOWNLOAD_BYTES:
            raise Problem(413, "A document may have 20 MB: bots cannot fetch larger ones.")
        try:
            document = files.document(sent)
        except files.FileError:
            raise Problem(400, "The document must not be empty.") from None
        return answer(files.for_page(self._send_file(person, document, caption)), status=201)

    async def send_sticker(self, request: web.Request) -> web.Response:
        """POST /chats/{id}/stickers {emoji?}: send a sticker, drawn as its emoji."""
        person = self._writer(request)
        emoji = (await read_object(request)).get("emoji", "💪")
        if not isinstance(emoji, str) or not 1 <= len(emoji) <= 8:
            raise Problem(400, "emoji must be one emoji.")
        sticker = {
            "width": 512,
            "height": 512,
            "emoji": emoji,
            "set_name": "GymSandbox",
            "is_animated": False,
            "is_video": False,
            "type": "regular",
            "file_id": f"sandbox-sticker-{emoji.encode().hex()}",
            "file_unique_id": emoji.encode().hex(),
            "file_size": 4096,
        }
        return answer(self._send(person, {"sticker": sticker}), status=201)

    async def read(self, request: web.Request) -> web.Response:
        """POST /chats/{id}/read {message_id}: note that everything up to a message was read."""
        person = self._person(request)
        message_id = _number((await read_object(request)).get("message_id"), "message_id")
        self._store.note_read(person.id, message_id)
        return answer({"unread": self._store.unread(person.id)})

    async def file(self, request: web.Request) -> web.Response:
        """GET /files/{file_id}: a file that was sent; photos to look at, documents to save."""
        found = self._store.file(request.match_info["file_id"])
        if found is None:
            raise Problem(404, "There is no such file.")
        _, file = found
        headers = {"Cache-Control": "private, max-age=86400", "Content-Disposition": files.disposition(file)}
        return web.Response(body=file.content, content_type=file.media_type, headers=headers)

    async def transcript(self, request: web.Request) -> web.Response:
        """GET /chats/{id}/transcript: the chat as plain text, buttons as `[A] [B]`."""
        person = self._person(request)
        return web.Response(text=written(self._store.messages(person.id, limit=-1), self._store.toasts(person.id)))

    def _send_file(self, person: Person, file: files.File, caption: str) -> Json:
        text, entities = finished(clean(caption), [])
        if units(text) > CAPTION_LENGTH:
            raise Problem(400, "A caption may have 1024 characters.")
        words: Json = ({"caption": text} if text else {}) | ({"caption_entities": entities} if entities else {})
        with self._store.transaction():
            self._store.add_file(file)
            return self._send(person, file.message | words)

    def _send(self, person: Person, content: Json) -> Json:
        with self._store.transaction():
            message = self._store.add_message(
                person.id,
                {
                    "from": shapes.user(person),
                    "chat": shapes.chat(person),
                    "date": int(self._store.clock.now()),
                    **content,
                },
            )
            update = self._delivery.tell_bot("message", _messages_of(person), message)
        return message | {"update_id": update.id if update else None}

    def _shown(self, person: Person) -> Json:
        last = [files.for_page(message) for message in self._store.messages(person.id, limit=1)]
        return {
            "id": person.id,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "username": person.username,
            "blocked": person.blocked,
            "unread": self._store.unread(person.id),
            "last_message": last[0] if last else None,
        }

    def _person(self, request: web.Request) -> Person:
        person = self._store.person(_number(request.match_info["person_id"], "The person's id"))
        if person is None:
            raise Problem(404, "There is no such person.")
        return person

    def _writer(self, request: web.Request) -> Person:
        person = self._person(request)
        if person.blocked:
            raise Problem(409, "This person has blocked the bot.")
        return person


async def _page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")


def _messages_of(person: Person) -> str:
    return f"messages of {person.id}"


def _text(given: Json) -> tuple[str, list[Json]]:
    text = given.get("text")
    if not isinstance(text, str):
        raise Problem(400, "text must be a text.")
    text, entities = finished(clean(text), [])
    if not text:
        raise Problem(400, "text must not be empty.")
    if units(text) > MESSAGE_LENGTH:
        raise Problem(400, "A message may have 4096 characters.")
    return text, entities


def _name(given: Json, key: str) -> str | None:
    value = given.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Problem(400, f"{key} must be a text.")
    value = clean(value).replace("\n", " ").strip()
    if len(value) > NAME_LENGTH:
        raise Problem(400, f"{key} may have 64 characters.")
    return value or None


def _number(value: Any, what: str) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    if type(value) is int and 0 <= value < 2**62:
        return value
    raise Problem(400, f"{what} must be a whole number.")


def _query_number(request: web.Request, name: str, default: int) -> int:
    return _number(request.query.get(name, default), name)


async def _form(request: web.Request, name: str) -> tuple[files.Upload, str]:
    """A file and its caption from a form."""
    try:
        form = await request.post()
    except ValueError:
        raise Problem(400, "The body must be a multipart form.") from None
    field, caption = form.get(name), form.get("caption", "")
    if not isinstance(field, web.FileField):
        raise Problem(400, f"The form must have a file named {name}.")
    return upload(field), caption if isinstance(caption, str) else ""
