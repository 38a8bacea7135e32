"""What happens to every update before its handler: one at a time per person, who acts, what was asked of them."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aiogram import BaseMiddleware, Bot, Dispatcher
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, Update, User

from app.modules import metrics
from app.modules.errors import GymError, SchemaMissing, Stranger, Unavailable
from app.modules.logging import bound
from app.modules.memory import NOTHING, Memory
from app.modules.menu.screens import lost
from app.modules.people import service as people
from app.modules.people.model import Act, Met, Person
from app.modules.people.rules import introduced
from app.modules.postgres import Database
from app.modules.screen import Reply, answer, hand_over, say, show
from app.modules.telegram import BotApi
from app.modules.texts import label, t

log = logging.getLogger(__name__)

Data = dict[str, Any]
Handler = Callable[[TelegramObject, Data], Awaitable[Any]]

QUEUE_SECONDS = 15.0
MOST_WAITING = 10  # updates of one person: Telegram has two under way, so more are a flood, and cost memory
SEEN_SECONDS = 60.0
SEEN_PEOPLE = 10_000
LATE_SECONDS = 150.0  # so long Telegram keeps a tap; messages come in order
BIO_SECONDS = 2.0


class OneAtATime(BaseMiddleware):
    """Let one update of a person be handled at a time, in the order of arrival.

    Between processes the advisory lock at the head of each effect does the same.
    """

    def __init__(self, *, queue_seconds: float = QUEUE_SECONDS) -> None:
        self._queue_seconds = queue_seconds
        self._locks: dict[int, asyncio.Lock] = {}
        self._users: dict[int, int] = {}

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> Any:
        user: User | None = data.get("event_from_user")
        if user is None:
            return await handler(event, data)
        if self._users.get(user.id, 0) > MOST_WAITING:
            raise Unavailable("too many of this person's updates are waiting")
        lock = self._locks.setdefault(user.id, asyncio.Lock())
        self._users[user.id] = self._users.get(user.id, 0) + 1
        try:
            if self._users[user.id] == 1:  # nobody before, nothing to wait for
                await lock.acquire()
                metrics.PERSON_SECONDS.observe(0.0)
            else:
                await self._turn(lock)
            try:
                return await handler(event, data)
            finally:
                lock.release()
        finally:
            self._users[user.id] -= 1
            if not self._users[user.id]:
                del self._users[user.id], self._locks[user.id]

    async def _turn(self, lock: asyncio.Lock) -> None:
        """Wait for the updates before."""
        came = time.monotonic()
        try:
            async with asyncio.timeout(self._queue_seconds):
                await lock.acquire()
        except TimeoutError:
            raise Unavailable("this person's earlier updates are still in hand") from None
        finally:
            metrics.PERSON_SECONDS.observe(time.monotonic() - came)


class WhoActs(BaseMiddleware):
    """Register whoever writes in private, and give the handler its `act`: who, when, by which update."""

    def __init__(self, *, db: Database, api: BotApi, zone: str) -> None:
        self._db = db
        self._api = api
        self._zone = zone
        self._seen: OrderedDict[int, tuple[Person, float]] = OrderedDict()
        self._erased: dict[int, tuple[int, float]] = {}  # by which update, and when

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> Any:
        user: User | None = data.get("event_from_user")
        chat: Chat | None = data.get("event_chat")
        # Whoever writes or taps is met; blocking the bot is neither.
        writes = isinstance(event, Update) and (event.message or event.edited_message or event.callback_query)
        if not writes or user is None or user.is_bot or chat is None or chat.type != "private":
            return await handler(event, data)
        if not 0 < user.id < 2**63:  # nobody's number, and none that the table could hold
            return await handler(event, data)
        with bound(user_id=user.id):
            person = introduced(
                user_id=user.id, first_name=user.first_name, last_name=user.last_name, username=user.username
            )
            act = Act(user.id, data["bot_id"], data["update_id"], datetime.now(UTC), self._zone)
            met = await self._meet(person, act)
            if met is Met.GONE:  # whoever confirmed it must hear that it is done, even if that failed the first time
                return _farewell(event, user)
            data["act"] = act
            data["is_new"] = met is Met.NEW
            data["leave"] = partial(self._leave, act)
            try:
                answer = await handler(event, data)
            except Stranger:  # they erased themselves in another process, and are back within a minute
                self._seen.pop(user.id, None)
                met = await self._meet(person, act)
                if met is Met.GONE:
                    return _farewell(event, user)
                answer = await handler(event, data)
            if met is Met.NEW:
                log.info("person_registered")
                await self._learn_bio(person)
            return answer

    async def _meet(self, person: Person, act: Act) -> Met:
        """Write to the table when somebody is new, renamed, or was last seen a minute ago."""
        known, at = self._seen.get(person.id, (None, 0.0))
        now = time.monotonic()
        erased_by, erased_at = self._erased.get(person.id, (0, 0.0))
        if act.update_id < erased_by and now - erased_at < LATE_SECONDS:
            return Met.GONE
        if known == person and now - at < SEEN_SECONDS:
            return Met.KNOWN
        met = await self._db.run(people.meet, person=person, bot_id=act.bot_id, update_id=act.update_id)
        if met is not Met.GONE:
            self._seen[person.id] = (person, now)
            self._seen.move_to_end(person.id)
        if len(self._seen) > SEEN_PEOPLE:
            self._seen.popitem(last=False)
        return met

    def _leave(self, act: Act) -> None:
        """Forget whoever erased themselves, but not at once that they did: a tap of before may come late."""
        now = time.monotonic()
        self._seen.pop(act.user_id, None)
        self._erased = {who: (by, at) for who, (by, at) in self._erased.items() if now - at < LATE_SECONDS}
        self._erased[act.user_id] = (act.update_id, now)

    async def _learn_bio(self, person: Person) -> None:
        """Ask Telegram for the bio, once; it is a courtesy, and its failure is nobody's trouble."""
        try:
            chat = await self._api.call("getChat", {"chat_id": person.id}, seconds=BIO_SECONDS, patience=0)
            if bio := chat.get("bio"):
                await self._db.run(people.keep_bio, user_id=person.id, bio=str(bio))
        except Exception as error:  # a courtesy
            log.info("bio_not_learned", extra={"kind": type(error).__name__})


def _farewell(event: TelegramObject, user: User) -> Reply:
    """Say that everything is erased; to a tap, in passing."""
    if isinstance(event, Update) and event.callback_query is not None:
        return answer(event.callback_query, label("erase-done"))
    return say(user.id, t("erase-done"))


class PrivateOnly(BaseMiddleware):
    """Keep out what nobody does in private: a command in a group is told where to go, other talk is not our business.

    A tap below an inline message has no chat; a message without a sender, of a bot, or of a number that nobody can have
    has nobody who acts.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> Any:
        if "act" in data:
            return await handler(event, data)
        if isinstance(event, CallbackQuery):
            return answer(event, label("private-only"))
        if isinstance(event, Message) and await self._is_for_us(event.text or "", data["bot"]):
            return say(event.chat.id, t("private-only"))
        return None

    async def _is_for_us(self, text: str, bot: Bot) -> bool:
        if not text.startswith("/"):
            return False
        _, _, name = text.split()[0].partition("@")
        return not name or name.lower() == ((await bot.me()).username or "").lower()


class Conversation(BaseMiddleware):
    """Give the handler `show` and `hand_over`, and a message's handler what was asked before; a tap reads no memory."""

    def __init__(self, *, api: BotApi, memory: Memory) -> None:
        self._api = api
        self._memory = memory

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> Any:
        remembered = NOTHING
        if isinstance(event, Message):
            remembered = await self._memory.read(event.chat.id)
        data["remembered"] = remembered
        data["raw_state"] = remembered.state
        assert isinstance(event, Message | CallbackQuery)  # noqa: S101 - installed on these observers alone
        by = data.get("update_id", 0)
        data["show"] = partial(show, event=event, api=self._api, memory=self._memory, by=by, former=remembered)
        data["hand_over"] = partial(hand_over, event=event, api=self._api, memory=self._memory, by=by)
        # Not of `data` itself, which would then hold itself, and every update would wait for the garbage collector.
        data["forget"] = partial(self._forget, data["act"].user_id, data["leave"])
        try:
            return await handler(event, data)
        except (Unavailable, SchemaMissing, Stranger):
            raise
        except GymError as error:
            log.warning("refused", extra={"code": error.code})
            return await data["show"](lost(t(error.text)))

    async def _forget(self, user_id: int, leave: Callable[[], None]) -> None:
        """Forget whoever acts, as one who never was here."""
        leave()
        await self._memory.forget(user_id)


def install(dispatcher: Dispatcher, *, db: Database, api: BotApi, memory: Memory, zone: str) -> None:
    """Put the middlewares round every handler, in their order."""
    dispatcher.update.outer_middleware(OneAtATime())
    dispatcher.update.outer_middleware(WhoActs(db=db, api=api, zone=zone))
    inner = (PrivateOnly(), Conversation(api=api, memory=memory))
    for observer in (dispatcher.message, dispatcher.edited_message, dispatcher.callback_query):
        for middleware in inner:
            observer.outer_middleware(middleware)
