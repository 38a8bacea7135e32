"""One fault from beginning to end: people train, something breaks, at rest everything is compared."""

import asyncio
import re
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos.checker import WRONGS, History, problems
from tests.chaos.diary import Diary
from tests.chaos.gym import Gym, NotRun
from tests.chaos.lifters import MARK, Lifter
from tests.chaos.telegram import LOOK

LONGEST_SECONDS = 240.0
SERVED_AGAIN_SECONDS = 5.0  # promise 5
LOG = "a log says"
_TRACEBACK = re.compile(r'Traceback|"exc_info"|"update_parked"|"update_failed"')


@dataclass(eq=False)
class Scene:
    """What a fault is given: the stage, its own chance, and the people who train meanwhile."""

    gym: Gym
    chance: Random
    history: History
    diary: Diary
    people: Callable[..., Lifter] = Lifter
    lifters: list[Lifter] = field(default_factory=list)
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    others: int = 0  # operations that no lifter counted
    measured: dict[str, float] = field(default_factory=dict)  # the longest of each, in seconds
    troubles: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)

    def note(self, what: str, **about: object) -> None:
        """Write down what is being broken."""
        self.diary.note("fault", does=what, **about)

    async def breath(self, shortest: float, longest: float) -> None:
        """Let people train for a while."""
        await asyncio.sleep(self.chance.uniform(shortest, longest))

    async def lifter(self, **ways: Any) -> Lifter:
        """Let one more person in."""
        number = len(self.lifters)
        person = await self.gym.telegram.person(f"{MARK.title()} {number}")
        chance = Random(self.chance.random())
        made = self.people(
            person.id,
            self.gym.telegram,
            chance,
            self.history,
            self.diary.note,
            **{"patient": bool(number % 2)} | ways,
        )
        self.lifters.append(made)
        return made

    async def progress(self, sets: int) -> None:
        """Wait until so many more sets were shown: service is back."""
        enough = len(self.history.shown) + sets
        while len(self.history.shown) < enough:  # noqa: ASYNC110 - many people train at once
            await asyncio.sleep(LOOK)

    async def served_again(self) -> None:
        """Measure how long after a return the next set is shown."""
        began = time.monotonic()
        await self.progress(1)
        self.measure("served again", time.monotonic() - began, most=SERVED_AGAIN_SECONDS)

    def measure(self, name: str, seconds: float, *, most: float) -> None:
        """Keep the longest of what a promise sets a limit to; it is a trouble when it took longer."""
        self.note("measured", name=name, seconds=round(seconds, 3))
        self.measured[name] = max(self.measured.get(name, 0.0), seconds)
        if seconds > most:
            self.slow.append(f"{name} after {seconds:.1f} s, where {most:.1f} s is the limit")


Breaks = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault."""

    name: str
    says: str
    breaks: Breaks
    people: int
    promises: tuple[int, ...]
    bugs: bool  # whether updates are meant to fail by a bug
    types: bool  # whether its people type as well, which goes by the screen that they see last


FAULTS: dict[str, Fault] = {}


def fault(*promises: int, people: int = 12, bugs: bool = False, types: bool = True) -> Callable[[Breaks], Breaks]:
    """Enter a kind of fault into the list: the function breaks and mends, while so many people train."""

    def enter(breaks: Breaks) -> Breaks:
        says = str(breaks.__doc__).partition("\n")[0].rstrip(".")
        FAULTS[breaks.__name__] = Fault(breaks.__name__, says, breaks, people, promises, bugs, types)
        return breaks

    return enter


@dataclass(slots=True)
class Outcome:
    """What came of one fault."""

    fault: Fault
    seed: int
    operations: int = 0
    asked: int = 0
    shown: int = 0
    kept: int = 0
    told: int = 0
    late: int = 0  # sets whose update never reached us
    found: dict[str, list[str]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)  # beside the sets: leaks, logs, silence, no rest
    measured: dict[str, float] = field(default_factory=dict)
    slow: list[str] = field(default_factory=list)  # what took longer than is promised
    not_run: str = ""

    @property
    def good(self) -> bool:
        return not any(self.found.values()) and not self.troubles and not self.slow

    def shows(self, signs: tuple[str, ...]) -> bool:
        """Say whether one of these figures, or the log, shows what a planted fault is meant to lead to."""
        return any(self.found.get(sign) for sign in signs) or (
            LOG in signs and any(each.startswith(LOG) for each in self.troubles)
        )

    def figures(self) -> dict[str, int]:
        return {wrong: len(self.found.get(wrong, ())) for wrong in WRONGS}

    def took(self) -> str:
        """Say the longest of all that was measured, for the table."""
        return ", ".join(f"{name} after {seconds:.1f} s" for name, seconds in self.measured.items())


async def run(
    gym: Gym, fault: Fault, *, seed: int, folder: Path, planted: str = "", people: Callable[..., Lifter] = Lifter
) -> Outcome:
    """Break something, and compare at rest; where a fault is planted into the bot, it stays there."""
    diary = Diary(folder / f"{planted or fault.name}-{seed}.jsonl")
    scene = Scene(gym, Random(f"{seed} {fault.name}"), History(), diary, people)
    outcome = Outcome(fault, seed)
    await gym.telegram.reset()
    said_before = gym.log_ends()
    if gym.planted != planted:  # also what the last scene left behind
        await gym.plant(planted)
    try:
        await _played(scene, fault, outcome)
    finally:
        await gym.heal()
    scene.history.rows = gym.rows([each.id for each in scene.lifters])
    outcome.operations = diary.steps + scene.others
    asked = scene.history.asked
    outcome.asked, outcome.shown, outcome.kept = len(asked), len(scene.history.shown), len(scene.history.rows)
    outcome.told, outcome.late = sum(each.told_otherwise for each in asked), sum(each.never_arrived for each in asked)
    outcome.found = problems(scene.history)
    outcome.troubles += scene.troubles + await gym.leaks() + _said(gym, fault, since=said_before)
    outcome.measured, outcome.slow = scene.measured, scene.slow
    if people is Lifter:
        outcome.troubles += scene.history.silent[:5]
    for wrong in [*(each for them in outcome.found.values() for each in them), *outcome.troubles]:
        diary.note("problem", is_=wrong)
    diary.close()
    return outcome


async def _played(scene: Scene, fault: Fault, outcome: Outcome) -> None:
    try:
        async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as tasks:
            for _ in range(fault.people):
                tasks.create_task((await scene.lifter(types=fault.types)).train(scene.enough))
            if fault.people:
                await scene.progress(fault.people)
                for bot in scene.gym.bots:
                    bot.memory_growth()  # from here on
            try:
                await fault.breaks(scene)
            except NotRun as lacks:
                outcome.not_run = str(lacks)
            scene.note("over")
            await scene.gym.heal()
            if fault.people:
                await scene.progress(fault.people)
            scene.enough.set()
        await scene.gym.telegram.rest()
        for lifter in scene.lifters:
            await lifter.train_no_more()
    except* TimeoutError:
        outcome.troubles.append(f"no rest within {LONGEST_SECONDS:.0f} s: somebody waits for ever")
    except* Exception as error:
        outcome.troubles.append("".join(traceback.format_exception(error))[-2000:])


def _said(gym: Gym, fault: Fault, *, since: dict[Path, int]) -> list[str]:
    """Look for what no log may hold."""
    lines = gym.log_lines(since=since)
    found = [] if fault.bugs else [_shortened(line) for line in lines if _TRACEBACK.search(line)][:3]
    forbidden = [*gym.secrets(), MARK, MARK.title()]
    if any(each in line for line in lines for each in forbidden):
        found.append("a log holds a secret or a person's words")
    return found


def _shortened(line: str) -> str:
    return f"{LOG}: {line if len(line) < 900 else f'{line[:300]} … {line[-600:]}'}"
