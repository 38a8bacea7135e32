"""People who record sets by tapping what the screens show, impatiently, whatever happens to the bot meanwhile."""

import asyncio
import re
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from aiogram.filters.callback_data import CallbackData

from app.modules.training.callbacks import (
    OpenExercise,
    OpenMuscle,
    OpenSet,
    OpenStart,
    PickWeight,
    RecordQuick,
    RecordSet,
    ReplaceSet,
)
from app.utils.units import plain
from tests.chaos.checker import Done, History
from tests.stage import Sandbox, Someone

PATIENCE = 1.0  # then a person taps again
LOOK = 0.1
SETS = 5  # of one exercise, then another
_ROW = re.compile(r"^\| Set (\d+) +\| (BW|[\d.]+kg) +\| (\d+) +\|$", re.MULTILINE)

T = TypeVar("T", bound=CallbackData)
Message = dict[str, Any]


def buttons(message: Message, kind: type[T]) -> list[T]:
    """Read the commands of one kind that a message's buttons carry."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    texts = [button["callback_data"] for row in rows for button in row]
    return [kind.unpack(text) for text in texts if text.startswith(f"{kind.__prefix__}:")]


@dataclass
class Lifter:
    """One person, and what is known of their sets."""

    someone: Someone
    sandbox: Sandbox
    chance: Random
    history: History
    taps: int = 0
    repeated: int = 0
    duplicated: int = 0
    _pending: set[Done] = field(default_factory=set)

    async def train(self, enough: asyncio.Event) -> None:
        """Record sets until it is enough, and every set asked for has been answered."""
        await self.someone.write("/gym")
        seen = await self._other_than(None)
        while not enough.is_set():
            seen = await self._tap(seen, self._choose(seen))
        while self._pending:
            seen = await self._tap(seen, self._look_up(seen))

    def _look_up(self, seen: Message) -> CallbackData:
        """Ask the bot what became of a set: its number opens its day's table, or the way to record it again."""
        if buttons(seen, RecordSet) or buttons(seen, PickWeight):
            return self._choose(seen)
        doubtful = self.chance.choice(sorted(self._pending))
        return OpenSet(exercise=doubtful.exercise, set_no=doubtful.set_no, day=str(doubtful.day))

    def _choose(self, seen: Message) -> CallbackData:
        """Take the next step from whatever screen is there."""
        if reps := buttons(seen, RecordSet):
            return self._ask(self.chance.choice(reps))
        if weights := buttons(seen, PickWeight):
            return self.chance.choice(weights)
        sets, saved = buttons(seen, OpenSet), buttons(seen, OpenStart)
        if sets and saved:
            return self._after_a_set(seen)
        if sets:  # an exercise
            return self.chance.choice(sets)
        if muscles := buttons(seen, OpenMuscle)[:8]:
            return self.chance.choice(muscles)
        exercises = buttons(seen, OpenExercise)
        assert exercises, f"nothing to do on: {seen}"
        return self.chance.choice(exercises)

    def _after_a_set(self, seen: Message) -> CallbackData:
        more, others = buttons(seen, OpenSet), buttons(seen, OpenStart)
        if more[0].set_no > SETS and not self._pending:
            return others[0]
        if (quick := buttons(seen, RecordQuick)) and self.chance.random() < 0.1:
            return self._ask(quick[0])
        return more[0]

    def _ask(self, asked: RecordSet | RecordQuick) -> RecordSet | RecordQuick:
        done = self._done(asked.day, asked.exercise, asked.set_no, plain(asked.weight), asked.reps)
        self.history.asked.add(done)
        self._pending.add(done)
        return asked

    def _note(self, seen: Message) -> None:
        """Read the table below a ✅ or a question: these sets are confirmed, others of the same numbers are denied."""
        if not seen["text"].startswith("✅") and not buttons(seen, ReplaceSet):
            return
        backs = buttons(seen, OpenExercise)
        if not backs:  # the reps of a set that was saved meanwhile: its table is of another day
            return
        here = backs[-1]
        for set_no, weight, reps in _ROW.findall(seen["text"]):
            kilos = "0" if weight == "BW" else plain(Decimal(weight.removesuffix("kg")))
            done = self._done(here.day, here.exercise, int(set_no), kilos, int(reps))
            self.history.shown.add(done)
            self._pending.discard(done)
            place = (done.day, done.exercise, done.set_no)
            denied = {each for each in self._pending if (each.day, each.exercise, each.set_no) == place}
            self.history.told_otherwise |= denied
            self._pending -= denied

    def _done(self, day: str, exercise: int, set_no: int, weight: str, reps: int) -> Done:
        return Done(self.someone.id, int(day), exercise, set_no, weight, reps)

    async def _tap(self, seen: Message, command: CallbackData) -> Message:
        """Tap until the screen changes; some taps come twice, from the thumb or from Telegram."""
        update_id = await self._send(seen, command)
        if self.chance.random() < 0.3:
            self.repeated += 1
            await self._send(seen, command)
        if self.chance.random() < 0.2:
            self.duplicated += 1
            times = self.chance.randint(1, 4)
            await self.sandbox.ask("POST", "/control/duplicate", {"update_id": update_id, "times": times})
        while True:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await self._other_than(seen)
            except TimeoutError:
                self.repeated += 1
                await self._send(seen, command)

    async def _send(self, seen: Message, command: CallbackData) -> int:
        # Forged: the screen may have changed between the look and the tap, and the tap is under way all the same.
        tap = {"message_id": seen["message_id"], "data": command.pack(), "forged": True}
        self.taps += 1
        return int((await self.sandbox.ask("POST", f"/chats/{self.someone.id}/taps", tap))["update_id"])

    async def _other_than(self, seen: Message | None) -> Message:
        """Wait for another screen."""
        while True:
            messages = (await self.sandbox.ask("GET", f"/chats/{self.someone.id}?limit=1"))["messages"]
            if messages and messages[-1]["from"]["is_bot"] and messages[-1] != seen:
                self._note(messages[-1])
                return dict(messages[-1])
            await asyncio.sleep(LOOK)
