"""What a tap costs, counted: round trips to PostgreSQL, Bot API requests, Redis; and how many taps a workout takes.

The bot is the real one, built by app.bootstrap, before a real PostgreSQL, a real Valkey and the sandbox; updates are
handed to it as the webhook does. Every tap is a button's on the screen that was shown before.
"""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import pytest
import time_machine
from aiogram.filters.callback_data import CallbackData
from redis import Redis

from app import bootstrap
from app.modules.delivery import Done
from app.modules.menu.callbacks import OpenHelp, OpenMenu
from app.modules.training import callbacks
from app.modules.training.callbacks import (
    AskNote,
    DeleteSet,
    Finish,
    OpenCalendar,
    OpenExercise,
    OpenMuscle,
    OpenSet,
    OpenStart,
    OpenWeights,
    PickWeight,
    RecordEntry,
    RecordQuick,
    RecordSet,
    RemoveNote,
    ReplaceSet,
    ShowAll,
    Undo,
)
from app.settings import WebhookSettings
from dev.servers import Postgres, Valkey
from tests.conftest import find_free_port
from tests.stage import Sandbox, connected, webhook_env

WEDNESDAY = datetime.fromisoformat("2026-03-11T12:00:00+00:00")
_update_ids = itertools.count(1)

T = TypeVar("T", bound=CallbackData)


class Cost(NamedTuple):
    """What one update cost."""

    trips: int  # to PostgreSQL
    requests: tuple[str, ...]  # to the Bot API, those that it received
    redis: int  # commands, each a write: what a typed line would answer


SCREEN = Cost(1, ("editMessageText",), 1)
EFFECT = Cost(2, ("editMessageText",), 1)


@dataclass
class Chat:
    """One person before the bot, who taps what is on the screen."""

    house: bootstrap.House
    sandbox: Sandbox
    redis: Redis
    database: dict[str, str]
    id: int
    taps: int = 0
    screen: dict[str, Any] | None = None

    async def write(self, text: str) -> None:
        """Send a command, and look at the answer."""
        await self._deliver("message", self._message(1) | {"text": text})

    async def tap(self, button: CallbackData) -> None:
        """Tap a button that is on the screen."""
        assert button in self.buttons(type(button)), f"no {button} on {self.screen}"
        await self.tap_old(button)

    async def tap_old(self, button: CallbackData) -> None:
        """Tap a button that was on a screen once."""
        self.taps += 1
        assert self.screen is not None
        shown = self._message(self.screen["message_id"]) | {"text": self.screen["text"]}
        shown["from"] = {"id": self.house.bot.id, "is_bot": True, "first_name": "Gym"}
        query = {"id": str(next(_update_ids)), "chat_instance": "1", "data": button.pack(), "message": shown}
        reply = await self._deliver("callback_query", query)
        assert reply is not None
        assert reply["method"] == "answerCallbackQuery"  # it travels in the 200

    async def cost(self, tap: Awaitable[None]) -> Cost:
        """Count what a tap costs."""
        before = await self._counts()
        await tap
        after = await self._counts()
        return Cost(after[0] - before[0], tuple(after[1][len(before[1]) :]), after[2] - before[2])

    def buttons(self, kind: type[T]) -> list[T]:
        """Read the buttons of one kind, as they are on the screen."""
        assert self.screen is not None
        data = [button["callback_data"] for row in self.screen["reply_markup"]["inline_keyboard"] for button in row]
        return [kind.unpack(each) for each in data if each.startswith(f"{kind.__prefix__}:") or each == kind.__prefix__]

    def one(self, kind: type[T], **wanted: Any) -> T:
        """Find the first button of a kind that carries this."""
        return next(
            each for each in self.buttons(kind) if all(getattr(each, name) == it for name, it in wanted.items())
        )

    def count(self) -> int:
        """How many sets of this person there are."""
        with connected(self.database) as cursor:
            cursor.execute("SELECT count(*) FROM training WHERE user_id = %s", (self.id,))
            ((count,),) = cursor.fetchall()
            return int(count)

    def _message(self, message_id: int) -> dict[str, Any]:
        chat = {"id": self.id, "type": "private", "first_name": "Ann"}
        return {"message_id": message_id, "date": 1, "chat": chat}

    async def _deliver(self, kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
        content |= {"from": {"id": self.id, "is_bot": False, "first_name": "Ann"}}
        outcome = await self.house.delivery.take({"update_id": next(_update_ids), kind: content})
        assert isinstance(outcome, Done)
        self.screen = (await self.sandbox.ask("GET", f"/chats/{self.id}?limit=1"))["messages"][-1]
        return outcome.reply

    async def _counts(self) -> tuple[int, list[str], int]:
        calls = [call["method"] for call in await self.sandbox.ask("GET", "/control/calls")]
        assert len(calls) == self.house.api.calls, "the sandbox forgets the oldest calls"
        commands = {name: each["calls"] for name, each in self.redis.info("commandstats").items()}
        ours = sum(count for name, count in commands.items() if name not in ("cmdstat_info", "cmdstat_client"))
        within_scripts = commands.get("cmdstat_eval", 0) + commands.get("cmdstat_set", 0)  # a GET each, and every SET
        return self.house.db.trips, calls, ours - within_scripts


NewChat = Callable[[], Awaitable[Chat]]


@pytest.fixture(scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    """A Telegram apart, whose calls are counted."""
    made = Sandbox(port=find_free_port(), folder=tmp_path_factory.mktemp("cost"))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture(scope="module")
async def chat(sandbox: Sandbox, postgres: Postgres, template_database: str, valkey: Valkey) -> AsyncIterator[NewChat]:
    """Call it for somebody new before the bot; its one connection has all its plans after the first workout."""
    postgres.create_database("cost", template=template_database)
    env = webhook_env(port=1, api_url=sandbox.url, database=postgres.env("cost"), redis=valkey.env()) | {"DB_POOL": "1"}
    valkey.flush()  # this sandbox counts its people anew: what another test's are remembered by must not be theirs
    where = valkey.env()
    redis = Redis(unix_socket_path=where["REDIS_HOST"], password=where["REDIS_PASSWORD"], decode_responses=True)

    async def made() -> Chat:
        someone = await sandbox.person("Ann")
        return Chat(house, sandbox, redis, postgres.env("cost"), someone.id)

    with pytest.MonkeyPatch.context() as patience:
        # On a busy machine half a second may pass, and a request that was given up is asked anew.
        patience.setattr("app.modules.memory.PATIENCE_SECONDS", 60.0)
        house = bootstrap.build(WebhookSettings.model_validate({name.lower(): value for name, value in env.items()}))
        await every_kind_of_tap(await made())
        yield made
    redis.close()
    await house.api.close()
    await house.memory.close()
    await house.db.close()
    for router in house.delivery._dispatcher.sub_routers:  # another test may build a bot of the same rooms
        router._parent_router = None
    postgres.drop_database("cost")


async def every_kind_of_tap(chat: Chat) -> dict[str, Cost]:
    """Tap everything that a recording has, from the menu on, and return what each cost."""
    costs: dict[str, Cost] = {}

    async def tap(name: str, button: CallbackData) -> None:
        costs[name] = await chat.cost(chat.tap(button))

    with time_machine.travel(WEDNESDAY - timedelta(days=7)):
        await chat.write("/start")
        await tap("help", chat.one(OpenHelp))
        await tap("menu", chat.one(OpenMenu))
        await tap("muscles", chat.one(OpenStart))
        await tap("list of a muscle", chat.one(OpenMuscle))
        await tap("exercise", chat.one(OpenExercise))
        await tap("set", chat.one(OpenSet))
        await tap("heavier", chat.one(OpenWeights))
        await tap("weight", chat.one(PickWeight))
        first = chat.one(RecordSet)
        await tap("first set ever", first)
        await tap("continue", chat.one(OpenSet))
        await tap("weight of set 2", chat.one(PickWeight))
        await tap("later set", chat.one(RecordSet))
        costs["same set again"] = await chat.cost(chat.tap_old(first))
        other = first.model_copy(update={"reps": first.reps + 1})
        costs["other numbers"] = await chat.cost(chat.tap_old(other))
        await tap("replace", chat.one(ReplaceSet))
        await tap("undo a replacement", chat.one(Undo))
        await tap("set that is done", chat.one(OpenSet))
        await tap("weight instead", chat.one(OpenWeights))
        await tap("reps instead", chat.one(PickWeight))
        await tap("set instead", chat.one(ReplaceSet))
        await tap("back to the exercise", chat.one(OpenExercise))
        await tap("set to delete", chat.one(OpenSet, set_no=2))
        await tap("delete", chat.one(DeleteSet))
        await tap("put back", chat.one(RecordSet))
        await tap("undo", chat.one(Undo))
        await tap("ask note", chat.one(AskNote))
        costs["remove note"] = await chat.cost(chat.tap_old(RemoveNote(exercise=first.exercise, day=first.day)))
        asked = RecordEntry(
            exercise=first.exercise,
            entry=next(_update_ids),
            sets=2,
            set_no=0,
            weight=Decimal(20),
            reps=8,
            sure=True,
            day="",
        )
        costs["entry"] = await chat.cost(chat.tap_old(asked))
        await tap("finish", chat.one(Finish))
        await tap("carry on", chat.one(OpenStart))
        await tap("short list", chat.one(OpenMuscle, muscle=1))
        await tap("show all", chat.one(ShowAll))
        await tap("another exercise's screen", chat.buttons(OpenExercise)[-1])
        await tap("set of another", chat.one(OpenSet))
        await tap("bodyweight", chat.one(PickWeight, weight=Decimal(0)))
        await tap("first set of another", chat.one(RecordSet))
    with time_machine.travel(WEDNESDAY):
        await chat.write("/gym")
        await tap("likely exercise", chat.one(OpenExercise))
        await tap("one-tap set", chat.one(RecordQuick))
        await tap("one-tap set too soon", chat.one(RecordQuick))
        costs["set of a day that is over"] = await chat.cost(chat.tap_old(first))
        screen = PickWeight(exercise=first.exercise, set_no=1, weight=first.weight, day=first.day)
        costs["screen of a day that is over"] = await chat.cost(chat.tap_old(screen))
        await tap("one more", chat.one(OpenSet))
        await tap("back", chat.one(OpenExercise))
        await tap("up to the list", chat.one(OpenMuscle))
        await tap("up to the muscles", chat.one(OpenStart))
        await tap("another day", chat.one(OpenCalendar))
        await tap("the month before", chat.one(OpenCalendar))
        await tap("a marked day", chat.one(OpenStart))
    return costs


async def test_every_tap_costs_one_trip_for_a_screen_and_one_for_an_effect(chat: NewChat) -> None:
    effects = {
        "replace",
        "undo a replacement",
        "set instead",
        "delete",
        "put back",
        "undo",
        "remove note",
        "first set ever",
        "later set",
        "same set again",
        "other numbers",
        "first set of another",
        "one-tap set",
        "one-tap set too soon",
        "set of a day that is over",
    }
    others = {
        "help": SCREEN._replace(trips=0),
        "menu": SCREEN._replace(trips=0),
        "entry": EFFECT._replace(trips=3),  # a doubtful weight is asked about before
    }
    costs = await every_kind_of_tap(await chat())
    assert costs == {name: EFFECT if name in effects else others.get(name, SCREEN) for name in costs}


def test_no_kind_of_tap_is_forgotten() -> None:
    here = {kind for kind in globals().values() if isinstance(kind, type) and issubclass(kind, CallbackData)}
    kinds = {kind for kind in vars(callbacks).values() if isinstance(kind, type) and issubclass(kind, CallbackData)}
    assert kinds <= here, "tap it in every_kind_of_tap()"


async def test_what_is_gone_costs_one_trip_more_for_the_list_that_is_shown_instead(chat: NewChat) -> None:
    ann = await chat()
    await ann.write("/gym")
    gone = 2_000_000_000
    assert await ann.cost(ann.tap_old(OpenExercise(exercise=gone))) == SCREEN._replace(trips=2)
    assert await ann.cost(ann.tap_old(OpenMuscle(muscle=gone))) == SCREEN._replace(trips=2)
    record = RecordSet(exercise=gone, set_no=1, weight=Decimal(60), reps=8, day="9566")
    assert await ann.cost(ann.tap_old(record)) == EFFECT._replace(trips=3)


async def test_a_set_takes_five_taps_the_first_time_three_when_changed_one_when_repeated(chat: NewChat) -> None:
    ann = await chat()
    with time_machine.travel(WEDNESDAY) as clock:
        await ann.write("/gym")
        for kind in (OpenMuscle, OpenExercise, OpenSet, PickWeight, RecordSet):
            await ann.tap(ann.one(kind))
        assert (ann.count(), ann.taps) == (1, 5)
        for kind in (OpenSet, PickWeight, RecordSet):
            clock.shift(180)
            await ann.tap(ann.one(kind))
        assert (ann.count(), ann.taps) == (2, 8)
        for number in (3, 4, 5):
            clock.shift(180)
            await ann.tap(ann.one(RecordQuick, set_no=number))
            assert (ann.count(), ann.taps) == (number, 6 + number)


async def test_three_exercises_of_four_sets_repeated_from_last_time_take_fifteen_taps(chat: NewChat) -> None:
    ann = await chat()
    last_time = []
    with time_machine.travel(WEDNESDAY - timedelta(days=7)) as clock:
        for muscle in (1, 3, 7):
            await ann.write("/gym")
            await ann.tap(ann.one(OpenMuscle, muscle=muscle))
            await ann.tap(ann.buttons(OpenExercise)[muscle])
            for number in (1, 2, 3, 4):
                clock.shift(180)
                await ann.tap(ann.one(OpenSet, set_no=number))
                await ann.tap(ann.buttons(PickWeight)[10 + number])
                await ann.tap(ann.one(RecordSet, reps=12 - number))
                await ann.tap(ann.buttons(OpenExercise)[-1])
            last_time.append(ann.buttons(OpenSet)[0].exercise)
    assert ann.count() == 12
    ann.taps = 0
    with time_machine.travel(WEDNESDAY) as clock:
        await ann.write("/gym")
        for place, exercise in enumerate(last_time):
            await ann.tap(ann.one(OpenExercise, exercise=exercise))  # ▶, then ➡️
            for number in (1, 2, 3, 4):
                clock.shift(180)
                await ann.tap(ann.one(RecordQuick, set_no=number))
                assert ann.count() == 12 + place * 4 + number
    assert ann.taps == 15
    with connected(ann.database) as cursor:
        cursor.execute(
            """
            SELECT count(*)
              FROM training AS t
              JOIN training AS l USING (user_id, exercise_id, set, weight, reps)
             WHERE user_id = %s AND t.day = l.day + 7
            """,
            (ann.id,),
        )
        assert cursor.fetchall() == [(12,)]
