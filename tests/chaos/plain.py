"""The same faults, people and checker for a plain aiogram bot (bench/plain_bot.py): what they are worth, beside ours.

Its buttons carry only their step, so people know what a tap asks for by their own path: the exercise that they opened,
the set and the weight of which the screen speaks. It answers 200 before the work, so that an update was taken says
nothing: they wait for a screen, and after some seconds begin again. Wrong figures end nothing here.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from aiogram.filters.callback_data import CallbackData

from app.modules.screen import button
from app.modules.training.callbacks import (
    FIRST_DAY,
    OpenExercise,
    OpenMuscle,
    OpenSet,
    OpenStart,
    PickWeight,
    RecordSet,
)
from app.modules.training.rules import BODYWEIGHT
from bench.plain_bot import FAILED
from bench.plain_bot import step as step_of
from tests.chaos.checker import Ask
from tests.chaos.gym import Gym, NotRun
from tests.chaos.lifters import NOT_RECORDED, Lifter, Message, Step
from tests.chaos.run import Fault, Outcome, Scene, run
from tests.chaos.telegram import LOOK, Event

MODULE = "bench.plain_bot"
LONGEST_LOSS = 120.0
SETTLE = 1.0  # after the last update was taken: the work goes on behind the 200
NOT_ITS_KIND = {"somebody_elses_button": "no button of it names an exercise and a set"}
_ASKED = re.compile(r"^Set (\d+): (?:which weight|(?:Bodyweight|([\d.]+kg)) for how many reps)\?$", re.MULTILINE)


@dataclass(eq=False)
class PlainLifter(Lifter):
    """One person, whose buttons carry only their step."""

    grace: float = 5.0
    zone: str = "UTC"
    failures: list[Ask] = field(default_factory=list)  # everybody's: of which it was said that something went wrong
    _exercise: int = 1
    _set_no: int = 1
    _weight: Decimal = BODYWEIGHT
    _taps: dict[str, Ask] = field(default_factory=dict)  # by the query that each became
    _lines_open: list[Ask] = field(default_factory=list)  # no word of them in time

    async def train_no_more(self) -> None:
        await asyncio.sleep(SETTLE)
        await super().train_no_more()

    async def _send(self, step: Step) -> int:
        if isinstance(step.does, OpenExercise):
            self._exercise = step.does.exercise
        update_id = await super()._send(step)
        if step.asks:
            self._taps |= {query: step.asks for query in self._queries}
        return update_id

    def _data(self, command: CallbackData) -> str:
        return step_of(command.pack())

    def _commands(self, seen: Message) -> Message:
        """Read what the screen asks, and give its buttons the commands that they have below it."""
        rows = seen.get("reply_markup", {}).get("inline_keyboard", [])
        steps = [[(each["text"], *each["callback_data"].partition(":")[::2]) for each in row] for row in rows]
        if asked := _ASKED.search(seen.get("text", "")):
            self._set_no = int(asked[1])
            self._weight = Decimal(asked[2].removesuffix("kg")) if asked[2] else BODYWEIGHT
            opened = [int(value) for row in steps for _, name, value in row if name == "exercise"]
            self._exercise = opened[-1] if opened else self._exercise  # the one that Go back leads to
        known = [[(text, self._command(name, value)) for text, name, value in row] for row in steps]
        keyboard = [[button(text, command) for text, command in row if command] for row in known]
        return seen | {"reply_markup": {"inline_keyboard": keyboard}}

    def _command(self, name: str, value: str) -> CallbackData | None:
        day, exercise = str((datetime.now(ZoneInfo(self.zone)).date() - FIRST_DAY).days), self._exercise
        match name:
            case "gym":
                return OpenStart()
            case "muscle":
                return OpenMuscle(muscle=int(value))
            case "exercise":
                return OpenExercise(exercise=int(value), day=day)
            case "set":
                return OpenSet(exercise=exercise, set_no=int(value), day=day)
            case "weight":
                return PickWeight(exercise=exercise, set_no=self._set_no, weight=Decimal(value), day=day)
            case "reps":
                return RecordSet(exercise=exercise, set_no=self._set_no, weight=self._weight, reps=int(value), day=day)
        return None

    async def do(self, step: Step) -> int:
        update_id = await super().do(step)
        if step.asks and isinstance(step.does, str) and not self._has_seen:
            self._lines_open.append(step.asks)
        return update_id

    def _hear(self, event: Event, step: Step | None) -> bool:
        """Late is better than never: what is said of a step that was given up counts as said."""
        tapped, text = self._taps.get(event.get("query_id", "")), event.get("text") or ""
        if tapped and NOT_RECORDED.search(text):
            tapped.told_otherwise = True
        if tapped and text == FAILED:
            self.failures.append(tapped)
        return super()._hear(event, step)

    def _read(self, text: str, step: Step | None) -> None:
        super()._read(text, step)
        if text == FAILED and step and step.asks and isinstance(step.does, str):
            self.failures.append(step.asks)
        elif text == FAILED:
            for ask in self._lines_open:
                ask.told_otherwise = True
        if "/gym" in text:  # as they are told to
            self._screen = None


class PlainGym(Gym):
    """The stage, where the other bot plays: what is planted into ours cannot be planted into it."""

    async def plant(self, name: str, **env: str) -> None:
        raise NotRun("it is done from within our bot")


async def run_beside(fault: Fault, *, seed: int, folder: Path) -> Outcome:
    """Break something on a stage of its own, for what is broken for good would spoil the next."""
    if why := NOT_ITS_KIND.get(fault.name):
        return Outcome(fault, seed, not_run=why)
    unkept: list[str] = []
    failures: list[Ask] = []
    breaks = {"commit_reply_lost": commit_reply_lost}.get(fault.name, fault.breaks)
    try:
        async with PlainGym.opened(MODULE) as gym:
            people = partial(PlainLifter, zone=gym.env["DEFAULT_TIMEZONE"], failures=failures)
            # That its errors are in its log is as it should be.
            to_the_end = replace(fault, breaks=_to_the_end(breaks, unkept), bugs=True)
            outcome = await run(gym, to_the_end, seed=seed, folder=folder, people=people)
            kept = {row.mark for row in gym.rows([ask.done.person for ask in failures])}
            if amiss := sum(ask.done.mark in kept for ask in set(failures)):
                unkept.append(f"{amiss} sets were said to have failed, and are kept")
    except Exception as error:
        outcome = Outcome(fault, seed)
        unkept.append(f"the stage fell down: {error!r}")
    outcome.troubles += unkept
    return outcome


def _to_the_end(breaks: Callable[[Scene], Awaitable[None]], unkept: list[str]) -> Callable[[Scene], Awaitable[None]]:
    """Note what a fault expected in vain, and let people train on."""

    async def broken(scene: Scene) -> None:
        try:
            await breaks(scene)
        except AssertionError as error:
            unkept.append(f"expected in vain: {str(error)[:300]}")

    return broken


async def commit_reply_lost(scene: Scene) -> None:
    """Cut the line behind every other COMMIT of a set, once it has been passed on: 1,000 times, or for a while.

    A set takes this bot's people several taps, and as many again after each loss: a thousand may take too long.
    """

    def is_commit(request: bytes) -> bool:
        return b"COMMIT" in request and scene.chance.random() < 0.5

    way = scene.gym.to_postgres
    lost = way.lost
    way.lose_replies(is_commit, times=1000, after=lambda request: b"INSERT INTO training" in request)
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_LOSS):
            while way.losing:  # noqa: ASYNC110 - people tap meanwhile
                await asyncio.sleep(LOOK)
    scene.note("lost", replies=way.lost - lost)
