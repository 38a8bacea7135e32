"""Every question that is answered by typing, left in every way: kindly, nothing half done, and it stays left.

The bot is the real one, before a real PostgreSQL, a real Valkey and the sandbox; updates are handed to it as by the
webhook.
"""

import itertools
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.state import State

from app.modules.catalog.callbacks import AskExerciseName, AskMuscleName, OpenRename
from app.modules.delivery import Done
from app.modules.menu.callbacks import OpenHelp
from app.modules.people.callbacks import AskClock
from app.modules.states import Asked
from app.modules.training.callbacks import AskNote, OpenExercise, OpenSet, OpenStart, PickWeight, written
from app.modules.training.model import GymDay
from tests.stage import connected
from tests.training.test_cost import Chat as Costs
from tests.training.test_cost import NewChat, chat, sandbox

__all__ = ["chat", "sandbox"]  # fixtures

_update_ids = itertools.count(1_000_001)
GONE = 1  # a message that the bot can no longer edit: it sends a new one


class Asker:
    """Somebody whom the bot asks something."""

    def __init__(self, costs: Costs) -> None:
        self._house, self._sandbox, self._database = costs.house, costs.sandbox, costs.database
        self.redis = costs.redis
        self.id = costs.id
        self.screen: dict[str, Any] = {}
        self.older = 0

    async def write(self, text: str) -> str:
        """Send a line."""
        return await self.send(text=text)

    async def send(self, **content: Any) -> str:
        """Send a message of any kind, and read the answer."""
        return await self._deliver("message", self._message(7) | content)

    async def tap(self, name: str) -> str:
        """Tap a button of the newest message."""
        return await self._tap(self.screen["message_id"], self._buttons()[name])

    async def go_back(self) -> str:
        """Tap the last button of the newest message."""
        return await self._tap(self.screen["message_id"], list(self._buttons().values())[-1])

    async def tap_on(self, message_id: int, button: CallbackData) -> str:
        """Tap a button of some message."""
        return await self._tap(message_id, button.pack())

    async def asked(self) -> str | None:
        """The question that is open, as Redis has it."""
        return (await self._house.memory.read(self.id)).state

    def rows(self) -> list[str]:
        """All that is kept of this person."""
        with connected(self._database) as cursor:
            cursor.execute(
                """
                SELECT t::text FROM training AS t WHERE t.user_id = %(id)s
                 UNION ALL SELECT e::text FROM exercises AS e WHERE e.created_by = %(id)s
                 UNION ALL SELECT m::text FROM muscles AS m WHERE m.created_by = %(id)s
                 UNION ALL SELECT n::text FROM exercise_notes AS n WHERE n.user_id = %(id)s
                 UNION ALL SELECT to_jsonb(u)::text FROM users AS u WHERE u.id = %(id)s
                 ORDER BY 1
                """,
                {"id": self.id},
            )
            return [row for (row,) in cursor.fetchall()]

    async def _tap(self, message_id: int, data: str) -> str:
        message = self._message(message_id) | {"text": "Some words"}
        query = {"id": str(next(_update_ids)), "chat_instance": "1", "data": data, "message": message}
        return await self._deliver("callback_query", query)

    def _buttons(self) -> dict[str, str]:
        rows = self.screen["reply_markup"]["inline_keyboard"]
        return {each["text"]: each["callback_data"] for row in rows for each in row}

    def _message(self, message_id: int) -> dict[str, Any]:
        chat = {"id": self.id, "type": "private", "first_name": "Ann"}
        return {"message_id": message_id, "date": int(time.time()), "chat": chat}

    async def _deliver(self, kind: str, content: dict[str, Any]) -> str:
        content |= {"from": {"id": self.id, "is_bot": False, "first_name": "Ann"}}
        outcome = await self._house.delivery.take({"update_id": next(_update_ids), kind: content})
        assert isinstance(outcome, Done)
        messages = (await self._sandbox.ask("GET", f"/chats/{self.id}"))["messages"]
        tapped = content.get("message", {}).get("message_id")
        self.screen = next((each for each in messages if each["message_id"] == tapped), messages[-1])
        assert self._buttons(), "nobody is left without a button"
        return str(self.screen["text"])


class Question(NamedTuple):
    """How a question comes up, and a line that answers it."""

    way: tuple[str | CallbackData, ...]  # lines, buttons by their names, and what buttons carry
    line: str
    when_forgotten: str = "I lost my place; nothing saved is gone."

    @property
    def answer(self) -> str:
        return self.line.format(now=f"{datetime.now(UTC):%H:%M}")


BENCH_PRESS = 1
TODAY = datetime.now(UTC).date()
DAY = written(GymDay(TODAY))
YESTERDAY = written(GymDay(TODAY - timedelta(days=1), marked=True))
SVEND = ("/edit", AskExerciseName(muscle=1), "> Svend press")
QUESTIONS = {
    Asked.name: Question((OpenStart(day=YESTERDAY),), "bench press", "You haven't done Bench press before."),
    Asked.exercise: Question((OpenExercise(exercise=BENCH_PRESS),), "60x8", "Which exercise"),
    Asked.weight: Question((OpenSet(exercise=BENCH_PRESS, set_no=3, day=DAY),), "60"),
    Asked.reps: Question((PickWeight(exercise=BENCH_PRESS, set_no=3, weight=Decimal(60), day=DAY),), "8"),
    Asked.note: Question((AskNote(exercise=BENCH_PRESS, day=DAY),), "pin at nine"),
    Asked.clock: Question((AskClock(),), "{now}", "Those numbers could mean several things to me"),
    Asked.erasure: Question(("/delete_me",), "DELETE"),
    Asked.muscle_name: Question((AskMuscleName(),), "Zeroth"),
    Asked.exercise_name: Question((AskExerciseName(muscle=1),), "Zeroth"),
    Asked.new_name: Question((*SVEND, OpenRename(), "Svend press"), "Zeroth"),
}

PHOTO = {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}], "caption": "Zeroth"}
STICKER: dict[str, Any] = {
    "file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1, "is_animated": False,
    "is_video": False, "emoji": "💪",
}  # fmt: skip

Leave = Callable[[Asker], Awaitable[str]]
WAYS_OUT: dict[str, tuple[Leave, str]] = {
    "/cancel": (lambda ann: ann.write("/cancel"), "All right, that question is closed."),
    "/gym": (lambda ann: ann.write("/gym"), "What are you training?"),
    "/start": (lambda ann: ann.write("/start"), "What shall we do?"),
    "/edit": (lambda ann: ann.write("/edit"), "Your muscles and exercises"),
    "/help": (lambda ann: ann.write("/help"), "Your log is yours alone"),
    "a button of an older message": (lambda ann: ann.tap_on(ann.older, OpenHelp()), "Your log is yours alone"),
    "a button of its own message": (lambda ann: ann.go_back(), ""),
    "a photo": (lambda ann: ann.send(**PHOTO), "I can only read words"),
    "a sticker": (lambda ann: ann.send(sticker=STICKER), "I can only read words"),
}


@pytest.fixture
async def ann(chat: NewChat) -> Asker:
    """Somebody with the menu before them."""
    made = Asker(await chat())
    await made.write("/start")
    made.older = made.screen["message_id"]
    return made


async def ask(ann: Asker, question: State) -> None:
    """Go where something is asked."""
    for step in QUESTIONS[question].way:
        if isinstance(step, CallbackData):
            await ann.tap_on(GONE, step)
        elif step.startswith(("/", ">")):
            await ann.write(step.removeprefix("> "))
        else:
            await ann.tap(step)
    assert await ann.asked() == question.state


def test_every_question_is_tried() -> None:
    assert set(QUESTIONS) == set(Asked.__all_states__)


@pytest.fixture(scope="module")
async def answered(chat: NewChat) -> dict[State, str]:
    """What each answer does when nothing comes between."""
    found = {}
    for question in QUESTIONS:
        ann = Asker(await chat())
        await ask(ann, question)
        before, was_erased = ann.rows(), question == Asked.erasure
        found[question] = await ann.write(QUESTIONS[question].answer)
        is_screen_alone = question in (Asked.name, Asked.weight, Asked.clock)
        assert (ann.rows() == before) is is_screen_alone
        assert (ann.rows() == []) is was_erased
    return found


@pytest.mark.parametrize("way_out", WAYS_OUT)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: str(each.state))
async def test_a_question_that_is_left(ann: Asker, answered: dict[State, str], question: State, way_out: str) -> None:
    await ask(ann, question)
    before = ann.rows()
    leave, said = WAYS_OUT[way_out]
    assert said in await leave(ann)
    assert ann.rows() == before
    after = await ann.write(QUESTIONS[question].answer)
    assert after != answered[question]
    assert ann.rows() == before


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: str(each.state))
async def test_a_question_that_is_forgotten(ann: Asker, answered: dict[State, str], question: State) -> None:
    """Redis was emptied: the line that was the answer is answered kindly, and may be asked for again."""
    await ask(ann, question)
    before = ann.rows()
    ann.redis.flushall()
    after = await ann.write(QUESTIONS[question].answer)
    assert QUESTIONS[question].when_forgotten in after
    assert after != answered[question]
    assert ann.rows() == before
    await ask(ann, question)
    assert await ann.write(QUESTIONS[question].answer) == answered[question]
