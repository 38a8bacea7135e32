"""The control API: tests and the curious break things here, and see what went where."""

import time
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from app.sandbox import shapes
from app.sandbox.answers import Problem, answer, read_object
from app.sandbox.bot_api import BotApi
from app.sandbox.delivery import Delivery
from app.sandbox.faults import Fault, Faults
from app.sandbox.shapes import Json, Person
from app.sandbox.store import Store, Update

MOST_TIMES = 10_000
SHOWN = 500


class ControlApi:
    """What tests can do beyond people."""

    def __init__(self, store: Store, delivery: Delivery, bot: BotApi, faults: Faults, *, bot_id: int) -> None:
        self._store = store
        self._delivery = delivery
        self._bot = bot
        self._faults = faults
        self._bot_id = bot_id

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Every address of the control API."""
        return [
            web.get("/control/updates", self.updates),
            web.get("/control/calls", self.calls),
            web.post("/control/block", self.block),
            web.post("/control/fail", self.fail),
            web.post("/control/duplicate", self.duplicate),
            web.post("/control/retry", self.retry),
            web.post("/control/reset", self.reset),
        ]

    async def updates(self, request: web.Request) -> web.Response:
        """GET /control/updates: the newest updates, oldest first, and what came of each delivery."""
        return answer([_shown(update) for update in self._store.updates(limit=SHOWN)])

    async def calls(self, request: web.Request) -> web.Response:
        """GET /control/calls: the newest Bot API calls, newest last."""
        return answer(list(self._bot.calls))

    async def block(self, request: web.Request) -> web.Response:
        """POST /control/block {person_id, blocked}: a person blocks the bot, or lets it back."""
        given = await read_object(request)
        person = self._person(given)
        blocked = given.get("blocked", True)
        if not isinstance(blocked, bool):
            raise Problem(400, "blocked must be true or false.")
        if blocked != person.blocked:
            with self._store.transaction():
                self._store.set_blocked(person.id, blocked=blocked)
                self._delivery.tell_bot("my_chat_member", f"messages of {person.id}", self._change(person, blocked))
        return answer({"person_id": person.id, "blocked": blocked})

    async def fail(self, request: web.Request) -> web.Response:
        """POST /control/fail {method, status, retry_after?, html?, times?}: the next calls of a method fail so."""
        given = await read_object(request)
        method, html = given.get("method", "*"), given.get("html", False)
        if not isinstance(method, str) or not isinstance(html, bool):
            raise Problem(400, "method must be a text (* for any), html true or false.")
        status = _number(given, "status", default=500, least=400, most=599)
        retry_after = given.get("retry_after")
        if retry_after is not None:
            retry_after = _number(given, "retry_after", default=1, least=0, most=3600)
        times = _number(given, "times", default=1, least=1, most=MOST_TIMES)
        self._faults.order(Fault(method.lower(), status, retry_after, html, times))
        return answer({"method": method, "status": status, "times": times})

    async def duplicate(self, request: web.Request) -> web.Response:
        """POST /control/duplicate {update_id, times?} or {times}: deliver an update again, or the next one N times."""
        given = await read_object(request)
        if given.get("update_id") is None:
            times = _number(given, "times", default=2, least=1, most=MOST_TIMES)
            self._delivery.multiply_next(times)
            return answer({"times": times})
        times = _number(given, "times", default=1, least=1, most=MOST_TIMES)
        update = self._store.update(_number(given, "update_id", default=0, least=1, most=2**62))
        if update is None:
            raise Problem(404, "There is no such update.")
        self._delivery.send_again(update, times=times)
        return answer({"update_id": update.id, "times": times})

    async def retry(self, request: web.Request) -> web.Response:
        """POST /control/retry: deliver now what waits for its next try."""
        self._delivery.try_now()
        return answer({"waiting": self._store.count_waiting()})

    async def reset(self, request: web.Request) -> web.Response:
        """POST /control/reset: begin anew with one person; webhook and commands stay, ids grow on."""
        self._faults.clear()
        self._bot.calls.clear()
        self._delivery.multiply_next(1)
        with self._store.transaction():
            self._delivery.drop_waiting()
            self._store.reset()
        return answer({"person_id": self._store.people()[0].id})

    def _person(self, given: Json) -> Person:
        person = self._store.person(_number(given, "person_id", default=0, least=0, most=2**62))
        if person is None:
            raise Problem(404, "There is no such person.")
        return person

    def _change(self, person: Person, blocked: bool) -> Json:
        bot = shapes.bot_user(self._bot_id)
        here, gone = {"user": bot, "status": "member"}, {"user": bot, "status": "kicked", "until_date": 0}
        return {
            "chat": shapes.chat(person),
            "from": shapes.user(person),
            "date": int(time.time()),
            "old_chat_member": here if blocked else gone,
            "new_chat_member": gone if blocked else here,
        }


def _shown(update: Update) -> Json:
    return {
        "update_id": update.id,
        "kind": update.kind,
        "queue": update.queue,
        "state": update.state,
        "copies": update.copies,
        "answers": update.answers,
    }


def _number(given: Json, name: str, *, default: int, least: int, most: int) -> int:
    value: Any = given.get(name, default)
    if type(value) is not int or not least <= value <= most:
        raise Problem(400, f"{name} must be a whole number from {least} to {most}.")
    return value
