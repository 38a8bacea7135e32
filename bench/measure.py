"""The measured runs: each bot as a fresh process on a fresh database, one after the other, again and again.

Alternating, because a machine is not equally fast from one minute to the next; what is compared are medians.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles

from bench.check import Differs
from bench.stage import Bot, Stage
from bench.workout import ROUND

RUNS = 3
CROWDS = {50: ("ours", "plain", "ptb", "floor"), 200: ("ours", "plain")}
IDLE_SECONDS = 10.0
DOUBLE_TAPS = 40
DOUBLE_TAPPER = 240  # nobody of the crowd

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of one bot came to."""

    bot: str
    people: int
    run: int
    seconds: float
    updates: int
    updates_per_s: float
    tap_p50_ms: float  # from a tap until its screen and its toast have come
    tap_p99_ms: float
    answer_p50_ms: float  # from an update until the webhook's answer
    answer_p99_ms: float
    cpu_us: float  # of the bot's process, an update
    memory_mib: float
    start_s: float  # from the start of the process to its first answered update
    calls: float  # of the Bot API, an update
    errors: int


@dataclass(frozen=True, slots=True)
class Calm:
    """What only our own bot is asked, once."""

    gc_seconds: float
    gc_longest_ms: float
    gc_pauses: int
    cpu_seconds: float  # in the same time
    idle_cpu_s: float
    idle_seconds: float
    double_taps_ms: list[float]
    double_tap_rows: int


async def alternate(stage: Stage, *, seconds: float, say: Say) -> list[Run]:
    """Measure every bot with every crowd, in turns."""
    runs = []
    for number in range(1, RUNS + 1):
        for people, names in CROWDS.items():
            first = number % len(names)  # each begins once: a machine that is warm is another
            for name in names[first:] + names[:first]:
                run = await _run(stage, name, people=people, number=number, seconds=seconds)
                say(f"run {number}, {people:3} people, {name:5}: {run.updates_per_s:6,.0f} updates/s")
                runs.append(run)
    return runs


async def _run(stage: Stage, name: str, *, people: int, number: int, seconds: float) -> Run:
    async with stage.bot(name) as bot:
        start_s = await _warmed_up(stage, bot, people=people)
        figures = await stage.world.measure(seconds, bot.cpu_seconds)
        memory_mib = bot.memory_mib()
    _check(stage, name)
    return Run(
        bot=name,
        people=people,
        run=number,
        seconds=round(figures.seconds, 3),
        updates=figures.handled,
        updates_per_s=round(figures.handled / figures.seconds, 1),
        tap_p50_ms=_milliseconds(figures.taps, 50),
        tap_p99_ms=_milliseconds(figures.taps, 99),
        answer_p50_ms=_milliseconds(figures.answers, 50),
        answer_p99_ms=_milliseconds(figures.answers, 99),
        cpu_us=round(figures.cpu_seconds / figures.handled * 1e6, 1),
        memory_mib=round(memory_mib, 1),
        start_s=round(start_s, 3),
        calls=round(figures.calls / figures.handled, 3),
        errors=figures.errors,
    )


async def _warmed_up(stage: Stage, bot: Bot, *, people: int) -> float:
    """Let everybody come and record a set; return how long the bot took from its start to its first answer."""
    world = stage.world
    first, *others = world.enter(range(1, people + 1), bot_port=bot.port)
    start_s = await world.first_answer(first) - bot.began
    await world.play(1, of=others)
    await world.play(len(ROUND))
    return start_s


def _check(stage: Stage, name: str) -> None:
    if stage.world.wrong:
        raise Differs(f"{name} under load: {stage.world.wrong[0]}")


def _milliseconds(times: list[float], percent: int) -> float:
    return round(quantiles(times, n=100, method="inclusive")[percent - 1] * 1e3, 2)


async def calm(stage: Stage, *, seconds: float) -> Calm:
    """Measure what is looked at in our bot alone: its garbage collector under load, idleness, two taps at once."""
    world, pauses_file = stage.world, stage.folder / "pauses.json"
    async with stage.bot("ours", module="bench.bots.watched", arguments=(str(pauses_file),)) as bot:
        await _warmed_up(stage, bot, people=50)
        figures = await world.measure(seconds, bot.cpu_seconds)
        world.leave()
        before = bot.cpu_seconds()
        await asyncio.sleep(IDLE_SECONDS)
        idle = bot.cpu_seconds() - before
        (tapper,) = world.enter([DOUBLE_TAPPER], bot_port=bot.port)
        await world.play(1)
        taps = []
        for _ in range(DOUBLE_TAPS):
            await world.play(len(ROUND) - 1)
            taps.append(round(await tapper.tap_twice() * 1e3, 3))
        rows = stage.sets_of(int(tapper.key))
    _check(stage, "ours")
    began, ended = figures.between
    pauses = [took for at, took in json.loads(pauses_file.read_text()) if began <= at <= ended]
    return Calm(
        gc_seconds=round(sum(pauses), 6),
        gc_longest_ms=round(max(pauses, default=0.0) * 1e3, 3),
        gc_pauses=len(pauses),
        cpu_seconds=figures.cpu_seconds,
        idle_cpu_s=round(idle, 3),
        idle_seconds=IDLE_SECONDS,
        double_taps_ms=taps,
        double_tap_rows=rows,
    )


def middle(runs: list[Run], figure: str, *, bot: str, people: int = 50) -> float:
    """Take the median of a figure over the runs of a bot with a crowd."""
    return float(median(getattr(run, figure) for run in runs if (run.bot, run.people) == (bot, people)))
