"""The control API: tests and the curious break things here, and see what went where."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from app.sandbox import shapes
from app.sandbox.answers import Problem, answer, read_object
from app.sandbox.bot_api import BotApi
from app.sandbox.delivery import Delivery
from app.sandbox.faults import Fault, Faults
from app.sandbox.limits import Limits
from app.sandbox.shapes import Json, Person
from app.sandbox.store import Store, Update

MOST_TIMES = 10_000
MOST_MESSAGES = 100_000
LONGEST_SECONDS = 3600.0
FARTHEST = 366 * 24 * 3600.0
SHOWN = 500
IDS = 2**62


class ControlApi:
    """What tests can do beyond people."""

    def __init__(
        self, store: Store, delivery: Delivery, bot: BotApi, faults: Faults, limits: Limits, *, bot_id: int
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._bot = bot
        self._faults = faults
        self._limits = limits
        self._bot_id = bot_id

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Every address of the control API."""
        return [
            web.get("/control/updates", self.updates),
            web.get("/control/updates/{update_id}", self.one_update),
            web.get("/control/calls", self.calls),
            web.post("/control/fail", self.fail),
            web.post("/control/slow", self.slow),
            web.post("/control/lose", self.lose),
            web.post("/control/hang", self.hang),
            web.post("/control/duplicate", self.duplicate),
            web.post("/control/drop", self.drop),
            web.post("/control/reverse", self.reverse),
            web.post("/control/retry", self.retry),
            web.post("/control/block", self.block),
            web.post("/control/delete", self.delete),
            web.post("/control/clock", self.clock),
            web.post("/control/limits", self.set_limits),
            web.post("/control/fill", self.fill),
            web.post("/control/reset", self.reset),
        ]

    # What went where

    async def updates(self, request: web.Request) -> web.Response:
        """GET /control/updates: the newest updates, oldest first, and what came of each delivery."""
        self._store.expire()
        return answer([_shown(update) for update in self._store.updates(limit=SHOWN)])

    async def one_update(self, request: web.Request) -> web.Response:
        """GET /control/updates/{update_id}: one update, and what came of each delivery."""
        self._store.expire()
        written = request.match_info["update_id"]
        return answer(
            _shown(self._update({"update_id": int(written) if written.isdecimal() and len(written) < 20 else None}))
        )

    async def calls(self, request: web.Request) -> web.Response:
        """GET /control/calls: the newest Bot API calls, newest last."""
        return answer(list(self._bot.calls))

    # The bot's calls

    async def fail(self, request: web.Request) -> web.Response:
        """POST /control/fail {method, status, retry_after?, html?, description?, times?}: the next calls fail so."""
        given = await read_object(request)
        status = _number(given, "status", default=500, least=400, most=599)
        retry_after, html = given.get("retry_after"), _flag(given, "html", default=False)
        if retry_after is not None:
            retry_after = _number(given, "retry_after", default=1, least=0, most=3600)
        words = given.get("description")
        if words is not None and not isinstance(words, str):
            raise Problem(400, "description must be a text.")
        return self._order(Fault(_method(given), "fail", _times(given), status, retry_after, html, words=words))

    async def slow(self, request: web.Request) -> web.Response:
        """POST /control/slow {method, seconds, times?}: the next calls are carried out so much later."""
        given = await read_object(request)
        seconds = _seconds(given, "seconds", most=LONGEST_SECONDS)
        return self._order(Fault(_method(given), "slow", _times(given), seconds=seconds))

    async def lose(self, request: web.Request) -> web.Response:
        """POST /control/lose {method, times?}: the next calls are carried out, and their answers get lost."""
        given = await read_object(request)
        return self._order(Fault(_method(given), "lose", _times(given)))

    async def hang(self, request: web.Request) -> web.Response:
        """POST /control/hang {method, times?}: the next calls are neither carried out nor answered."""
        given = await read_object(request)
        return self._order(Fault(_method(given), "hang", _times(given)))

    def _order(self, fault: Fault) -> web.Response:
        self._faults.order(fault)
        return answer({"method": fault.method, "times": fault.times})

    async def set_limits(self, request: web.Request) -> web.Response:
        """POST /control/limits {on}: whether too many messages are refused with 429; what was sent is forgotten."""
        self._limits.begin_anew(on=_flag(await read_object(request), "on"))
        return answer({"on": self._limits.on})

    # Updates on their way

    async def duplicate(self, request: web.Request) -> web.Response:
        """POST /control/duplicate {update_id, times?} or {times}: deliver an update again, or the next one N times."""
        given = await read_object(request)
        if given.get("update_id") is None:
            times = _number(given, "times", default=2, least=1, most=MOST_TIMES)
            self._delivery.multiply_next(times)
            return answer({"times": times})
        update = self._update(given)
        self._delivery.send_again(update, times=_times(given))
        return answer({"update_id": update.id, "times": _times(given)})

    async def drop(self, request: web.Request) -> web.Response:
        """POST /control/drop {update_id} or {times}: an update that waits, or the next ones, never arrive."""
        given = await read_object(request)
        if given.get("update_id") is None:
            self._delivery.drop_next(_times(given))
            return answer({"times": _times(given)})
        update = self._update(given)
        if update.state != "waiting":
            raise Problem(409, "This update does not wait any more.")
        self._delivery.drop(update)
        return answer({"update_id": update.id})

    async def reverse(self, request: web.Request) -> web.Response:
        """POST /control/reverse {times}: hold back the next updates, and deliver the last of them first."""
        given = await read_object(request)
        if not self._delivery.webhook:
            raise Problem(409, "Only a webhook is given updates in another order.")
        times = _number(given, "times", default=2, least=2, most=MOST_TIMES)
        self._delivery.reverse_next(times)
        return answer({"times": times})

    async def retry(self, request: web.Request) -> web.Response:
        """POST /control/retry: deliver now what waits for its next try or is held back."""
        self._delivery.try_now()
        return answer({"waiting": self._store.count_waiting()})

    def _update(self, given: Json) -> Update:
        update = self._store.update(_number(given, "update_id", default=0, least=1, most=IDS))
        if update is None:
            raise Problem(404, "There is no such update.")
        return update

    # People and their chats

    async def block(self, request: web.Request) -> web.Response:
        """POST /control/block {person_id, blocked}: a person blocks the bot, or lets it back."""
        given = await read_object(request)
        person = self._person(given)
        blocked = _flag(given, "blocked", default=True)
        if blocked != person.blocked:
            with self._store.transaction():
                self._store.set_blocked(person.id, blocked=blocked)
                self._delivery.tell_bot("my_chat_member", f"messages of {person.id}", self._change(person, blocked))
        return answer({"person_id": person.id, "blocked": blocked})

    async def delete(self, request: web.Request) -> web.Response:
        """POST /control/delete {chat_id, message_id}: a person deletes a message; the bot is not told."""
        given = await read_object(request)
        chat_id = _number(given, "chat_id", default=0, least=0, most=IDS)
        message = self._store.message(chat_id, _number(given, "message_id", default=0, least=0, most=IDS))
        if message is None:
            raise Problem(404, "There is no such message.")
        self._store.delete_message(chat_id, message["message_id"])
        return answer({"chat_id": chat_id, "message_id": message["message_id"]})

    async def fill(self, request: web.Request) -> web.Response:
        """POST /control/fill {person_id, messages}: so many messages of the bot, to try what a long chat is like."""
        given = await read_object(request)
        person = self._person(given)
        count = _number(given, "messages", default=100, least=1, most=MOST_MESSAGES)
        head = {"from": shapes.bot_user(self._bot_id), "chat": shapes.chat(person)}
        date = int(self._store.clock.now())
        self._store.fill({**head, "date": date, "text": f"Message {number}"} for number in range(1, count + 1))
        return answer({"person_id": person.id, "messages": count})

    def _person(self, given: Json) -> Person:
        person = self._store.person(_number(given, "person_id", default=0, least=0, most=IDS))
        if person is None:
            raise Problem(404, "There is no such person.")
        return person

    def _change(self, person: Person, blocked: bool) -> Json:
        bot = shapes.bot_user(self._bot_id)
        here, gone = {"user": bot, "status": "member"}, {"user": bot, "status": "kicked", "until_date": 0}
        return {
            "chat": shapes.chat(person),
            "from": shapes.user(person),
            "date": int(self._store.clock.now()),
            "old_chat_member": here if blocked else gone,
            "new_chat_member": gone if blocked else here,
        }

    # All of it

    async def clock(self, request: web.Request) -> web.Response:
        """POST /control/clock {forward}: so many seconds pass at once; reset goes back to the computer's time."""
        ahead = self._store.clock.ahead + _seconds(await read_object(request), "forward", most=FARTHEST)
        if ahead > FARTHEST:
            raise Problem(400, "The clock cannot be more than a year ahead.")
        self._store.set_clock(ahead)
        self._delivery.look_again()
        return answer({"ahead": ahead})

    async def reset(self, request: web.Request) -> web.Response:
        """POST /control/reset: begin anew with one person; webhook and commands stay, ids grow on."""
        self._faults.clear()
        self._bot.calls.clear()
        with self._store.transaction():
            self._delivery.begin_anew()
            self._store.reset()
        self._limits.begin_anew()
        return answer({"person_id": self._store.people()[0].id})


def _shown(update: Update) -> Json:
    return {
        "update_id": update.id,
        "kind": update.kind,
        "queue": update.queue,
        "state": update.state,
        "copies": update.copies,
        "answers": update.answers,
    }


def _method(given: Json) -> str:
    method = given.get("method", "*")
    if not isinstance(method, str):
        raise Problem(400, "method must be the name of a Bot API method, or * for any.")
    return method.lower()


def _times(given: Json) -> int:
    return _number(given, "times", default=1, least=1, most=MOST_TIMES)


def _number(given: Json, name: str, *, default: int, least: int, most: int) -> int:
    value: Any = given.get(name, default)
    if type(value) is not int or not least <= value <= most:
        raise Problem(400, f"{name} must be a whole number from {least} to {most}.")
    return value


def _seconds(given: Json, name: str, *, most: float) -> float:
    value: Any = given.get(name)
    if type(value) not in (int, float) or not 0 < value <= most:
        raise Problem(400, f"{name} must be a number of seconds up to {most:.0f}.")
    return float(value)


def _flag(given: Json, name: str, *, default: bool | None = None) -> bool:
    value = given.get(name, default)
    if not isinstance(value, bool):
        raise Problem(400, f"{name} must be true or false.")
    return value
