"""People who record sets by tapping what the screens show and by typing, whatever happens to the bot meanwhile."""

import asyncio
import re
import time
from collections.abc import Callable
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
    Undo,
)
from app.utils.units import plain
from tests.chaos.checker import Ask, Done, History
from tests.chaos.telegram import Event, Telegram

PATIENCE = 1.0  # then the impatient tap again, and the patient look whether the bot has it
GRACE = 0.5  # in which a screen may follow the update that made it
SETS = 5  # of one exercise, then another
LINES = [Decimal(hundredths) / 100 for hundredths in range(101, 1000) if hundredths % 50]
MARK = "zqmurmur"  # in every name and word of theirs: no log may hold it
_ROW = re.compile(r"^\| Set (\d+) +\| (BW|[\d.]+kg) +\| (\d+) +\|$", re.MULTILINE)
NOT_RECORDED = re.compile(
    r"nothing was recorded|Something (went wrong|broke)|was removed|Nothing is saved yet|out of your lists|^🤔"
    r"|nothing (of that line )?was saved|Then .* is saved|Tap again for set|is not saved|or keep it\?|taken already",
    re.MULTILINE,
)
_REPLACED = re.compile(r"^✅ Set (\d+) is now ")

T = TypeVar("T", bound=CallbackData)
Message = dict[str, Any]
Note = Callable[..., None]


def buttons(message: Message, kind: type[T]) -> list[T]:
    """Read the commands of one kind that a message's buttons carry."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    texts = [button["callback_data"] for row in rows for button in row]
    return [kind.unpack(text) for text in texts if text.startswith(f"{kind.__prefix__}:")]


@dataclass(frozen=True, slots=True)
class Step:
    """What a person does next: a tap or a line, and the set that it asks for or takes back, if it does."""

    does: CallbackData | str
    asks: Ask | None = None
    undoes: Ask | None = None


@dataclass(eq=False)
class Lifter:
    """One person, and what is known of their sets. The patient never tap twice, so nothing covers what was lost."""

    id: int
    telegram: Telegram
    chance: Random
    history: History
    note: Note
    patient: bool = True
    types: bool = True
    grace: float = GRACE
    slowest: float = 0.0  # of the answers to taps, in seconds
    looks_after: float = PATIENCE  # seconds without an answer
    turned_away: bool = False  # they blocked the bot, and hear nothing
    hands: asyncio.Lock = field(default_factory=asyncio.Lock)  # whoever holds it keeps this person from doing anything
    _screen: Message | None = None
    _step: Step | None = None  # the one in hand, or the last
    _queries: set[str] = field(default_factory=set)  # its taps
    _under_way: set[str] = field(default_factory=set)  # those of before, too, that no toast has ended yet
    _updates: list[int] = field(default_factory=list)  # and what they became
    _has_seen: bool = False  # something, since the step in hand
    _asks: dict[Done, Ask] = field(default_factory=dict)
    _typed: dict[str, Ask] = field(default_factory=dict)  # by their weight, which is in whatever is said about them
    _lines: int = 0
    _undoable: tuple[Ask, int] | None = None  # asked for by one update alone, and shown

    async def train(self, enough: asyncio.Event) -> None:
        """Record sets until it is enough."""
        self.telegram.ears[self.id] = asyncio.Queue()
        await self.do(Step("/gym"))
        while not enough.is_set():
            await self.do(self._next())

    async def train_no_more(self) -> None:
        """Look once more, at rest: what a second tap led to came late."""
        self._overhear()

    async def record(self, sets: int) -> None:
        """Record so many sets, by buttons alone."""
        self.telegram.ears[self.id] = asyncio.Queue()
        await self.do(Step("/gym"))
        while sum(ask.done in self.history.shown for ask in self._asks.values()) < sets:
            await self.do(self._next())

    def line(self) -> Step:
        """Type a set to the exercise on the screen."""
        assert self._screen
        step = self._line(buttons(self._screen, OpenSet)[0])
        assert step
        return step

    def look(self) -> Step:
        """Open the exercise on the screen once more."""
        assert self._screen
        exercises = buttons(self._screen, OpenExercise)
        return Step(exercises[-1] if exercises else "/gym")

    @property
    def day(self) -> int:
        """The day on the screen."""
        assert self._screen
        return int(buttons(self._screen, OpenSet)[0].day)

    async def reach(self, kind: type[T]) -> list[T]:
        """Walk by buttons to a screen that has some of a kind, and read them."""
        self.telegram.ears[self.id] = asyncio.Queue()
        await self.do(Step("/gym"))
        while not (found := buttons(self._screen or {}, kind)):
            await self.do(self._next())
        return found

    async def record_by(self, command: RecordSet) -> None:
        """Record a set by a button from elsewhere, until it is shown or refused."""
        self.telegram.ears[self.id] = asyncio.Queue()
        await self.do(Step("/gym"))
        step = self._tap_to_record(command)
        while not (step.asks and (step.asks.told_otherwise or step.asks.done in self.history.shown)):
            await self.do(step)

    @property
    def message_id(self) -> int:
        """The message whose buttons are in use; 0 is none."""
        return int(self._screen["message_id"]) if self._screen else 0

    # What to do next

    def _next(self) -> Step:
        """Choose from whatever screen is there."""
        self._overhear()
        seen = self._screen
        if seen is None:
            return Step("/gym")
        if reps := buttons(seen, RecordSet):
            return self._tap_to_record(self.chance.choice(reps))
        if weights := buttons(seen, PickWeight):
            return Step(self.chance.choice(weights))
        sets, others = buttons(seen, OpenSet), buttons(seen, OpenStart)
        if sets and others:
            return self._after_a_set(seen, sets, others)
        if sets:
            line = self._line(sets[0]) if self.types and self.chance.random() < 0.2 else None
            return line or Step(self.chance.choice(sets))
        if muscles := buttons(seen, OpenMuscle)[:8]:
            return Step(self.chance.choice(muscles))
        if exercises := buttons(seen, OpenExercise):
            return Step(self.chance.choice(exercises))
        return Step("/gym")

    def _after_a_set(self, seen: Message, sets: list[OpenSet], others: list[OpenStart]) -> Step:
        undoable, self._undoable = self._undoable, None
        wish = self.chance.random()
        if undoable and wish < 0.1:
            ask, entry = undoable
            if undo := [each for each in buttons(seen, Undo) if each.entry == entry]:
                return Step(undo[0], undoes=ask)
        if wish < 0.12:
            return Step(f"{MARK} {self.chance.randrange(1000)}")  # words that fit no exercise
        if self.types and wish < 0.35 and (line := self._line(sets[0])):
            return line
        if sets[0].set_no > SETS:
            return Step(others[0])
        if wish < 0.5 and (quick := buttons(seen, RecordQuick)):
            return self._tap_to_record(quick[0])
        return Step(sets[0])

    def _tap_to_record(self, command: RecordSet | RecordQuick) -> Step:
        done = self._done(command.day, command.exercise, command.set_no, plain(command.weight), command.reps)
        ask = self._asks.get(done)
        if ask is None or ask.undo or ask.told_otherwise or ask.never_arrived:  # asked for anew
            ask = self._asks[done] = Ask(done)
            self.history.asked.append(ask)
        return Step(command, asks=ask)

    def _line(self, here: OpenSet) -> Step | None:
        """Type a set with a weight of its own, which is on no button and too light to be doubted.

        Not below a screen that a tap of theirs may yet change: the line would go to the new one, and its day.
        """
        if self._under_way:
            return None
        self._lines += 1
        if not here.day.isdecimal() or self._lines >= len(LINES):
            return None
        weight = plain(LINES[self._lines])
        ask = Ask(self._done(here.day, here.exercise, 0, weight, 8))
        self.history.asked.append(ask)
        self._typed[f"{weight}kg"] = ask
        return Step(f"{weight}x8", asks=ask)

    def _done(self, day: str, exercise: int, set_no: int, weight: str, reps: int) -> Done:
        return Done(self.id, int(day.rstrip("mh")), exercise, set_no, weight, reps)

    # Doing it

    async def do(self, step: Step) -> int:
        """Take a step, and wait for what comes of it, or for the news that Telegram is rid of it; say which update."""
        self._overhear()
        if step.undoes:
            step.undoes.undo = "asked"
        self._step, self._queries, self._updates, self._has_seen = step, set(), [], False
        began, update_id = time.monotonic(), await self._send(step)
        is_tap, tries = not isinstance(step.does, str), 1
        if is_tap and not self.patient and self.chance.random() < 0.3:
            await self._send(step)
            tries += 1
        while not await self._answered(step, seconds=self.looks_after):
            if is_tap and not self.patient and tries < 5:
                await self._send(step)
                tries += 1
            elif (state := await self.telegram.state(update_id)) != "waiting":
                is_answered = await self._answered(step, seconds=self.grace)
                self._under_way -= self._queries
                if not is_answered and not self._has_seen:
                    self.note("silence", person=self.id, update=update_id, state=state)
                    self._screen = None
                    if step.asks and self.turned_away:
                        step.asks.told_otherwise = True
                    elif state == "delivered" and not self.turned_away:
                        self.history.silent.append(f"{self.id} heard nothing of update {update_id}")
                if step.asks and "delivered" not in [await self.telegram.state(each) for each in self._updates]:
                    step.asks.never_arrived = True
                return update_id
        if is_tap:
            self.slowest = max(self.slowest, time.monotonic() - began)
        if step.asks and is_tap and tries == 1 and step.asks.done in self.history.shown:
            self._undoable = (step.asks, update_id)
        return update_id

    async def _send(self, step: Step) -> int:
        does = step.does
        async with self.hands:
            if isinstance(does, str):
                sent = await self.telegram.ask("POST", f"/chats/{self.id}/messages", {"text": does})
            else:
                # Forged: the screen may have changed between the look and the tap, which is under way all the same.
                tap = {"message_id": self.message_id, "data": self._data(does), "forged": True}
                sent = await self.telegram.ask("POST", f"/chats/{self.id}/taps", tap)
                self._queries.add(sent["query_id"])
                self._under_way.add(sent["query_id"])
        self.note("step", person=self.id, does=does if isinstance(does, str) else does.pack(), update=sent["update_id"])
        self._updates.append(int(sent["update_id"]))
        return self._updates[-1]

    def _data(self, command: CallbackData) -> str:
        """Write a command as the button carried it."""
        return command.pack()

    async def _answered(self, step: Step, *, seconds: float) -> bool:
        """Wait for what ends a step: a tap's toast, which comes after its screen, or a message below a line."""
        try:
            async with asyncio.timeout(seconds):
                while not self._hear(await self.telegram.ears[self.id].get(), step):
                    pass
        except TimeoutError:
            return False
        return True

    def _overhear(self) -> None:
        """Look at what came after the last answer, such as what a second tap led to."""
        ear = self.telegram.ears[self.id]
        while not ear.empty():
            self._hear(ear.get_nowait(), self._step)

    # Reading

    def _commands(self, seen: Message) -> Message:
        """Give each button of a message its whole command."""
        return seen

    def _hear(self, event: Event, step: Step | None) -> bool:
        """Look at what happened in the chat, and say whether it ends the step."""
        if event["kind"] == "answered":
            is_this = event["query_id"] in self._queries
            self._under_way.discard(event["query_id"])
            self._read(event.get("text") or "", step if is_this else None)
            return is_this
        if event["kind"] not in ("message", "edited") or not event["message"]["from"]["is_bot"]:
            return False
        seen = self._commands(event["message"])
        is_former = self._screen is not None and seen["message_id"] < self._screen["message_id"]
        if is_former and not seen.get("reply_markup"):
            return False  # it loses its buttons
        text = seen.get("text", "")
        self.note("screen", person=self.id, says=text.partition("\n")[0])
        self._has_seen = True
        self._read(text, step)
        self._read_table(seen)
        if is_former:  # what was tapped there is answered there, while a newer one is in use
            return False
        self._screen, self.turned_away = seen, False
        return step is not None and isinstance(step.does, str) and event["kind"] == "message"

    def _read(self, text: str, step: Step | None) -> None:
        """Note what the person is told about the set that they asked for, or, late or again, about a line of before."""
        if step and step.asks and NOT_RECORDED.search(text):
            step.asks.told_otherwise = True
        for said in filter(NOT_RECORDED.search, text.splitlines()):
            for weight in re.findall(r"[\d.]+kg", said):
                if weight in self._typed:
                    self._typed[weight].told_otherwise = True
        if step and step.undoes and text.startswith("↩️"):
            step.undoes.undo = "shown"

    def _read_table(self, seen: Message) -> None:
        """Read the table below a ✅: these sets are confirmed."""
        backs = buttons(seen, OpenExercise)
        if not seen["text"].startswith("✅") or not backs:
            return
        here, shown = backs[-1], set()
        for set_no, weight, reps in _ROW.findall(seen["text"]):
            kilos = "0" if weight == "BW" else plain(Decimal(weight.removesuffix("kg")))
            shown.add(self._done(here.day, here.exercise, int(set_no), kilos, int(reps)))
        if replaced := _REPLACED.match(seen["text"]):
            self._replace(here, int(replaced[1]), shown)
        self.history.shown |= shown

    def _replace(self, here: OpenExercise, set_no: int, shown: set[Done]) -> None:
        """Take as given up whatever a set was before: a line typed below a set's own page gives it other numbers."""
        place = (self.id, int(here.day.rstrip("mh")), here.exercise, set_no)
        given_up = {
            done
            for done in {*self.history.shown, *self._asks} - shown
            if (done.person, done.day, done.exercise, done.set_no) == place
        }
        self.history.given_up |= given_up
        marks = {done.mark for done in given_up}
        for ask in self.history.asked:
            if ask.done in given_up or (not ask.done.set_no and ask.done.mark in marks):
                ask.undo = ask.undo or "asked"
