"""A thousand people at once, one person with too many fingers, and updates that always fail."""

import asyncio
import time
from collections import Counter
from typing import Any

from app.modules.training.callbacks import RecordSet
from app.utils.units import plain
from tests.chaos.checker import Ask, Done
from tests.chaos.courier import Courier, tap
from tests.chaos.lifters import Lifter, Step
from tests.chaos.run import Scene, fault
from tests.chaos.telegram import TAP_LIFE

CROWD = 1000
TROUBLED = 100
LOOKS_AFTER = 15.0  # so that a thousand people do not ask the sandbox every second what it knows
FLOOD_SECONDS, A_SECOND = 6, 500
HOLDS_UP = 20.0  # on a machine that has other things to do, too
BROKEN = "Something broke on our side"
THIRTEEN = """
CREATE FUNCTION no_thirteen() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 / (NEW.reps - 13);
    RETURN NEW;
END
$$;
CREATE TRIGGER no_thirteen BEFORE INSERT ON training FOR EACH ROW EXECUTE FUNCTION no_thirteen();
"""


@fault(9, people=0)
async def crowd_starts(scene: Scene) -> None:
    """1,000 people start together, and record a set each; then another 1,000."""
    await _crowd_starts(scene)
    for bot in scene.gym.bots:
        bot.memory_growth()  # from here on, when no smaller crowd was measured before
    await _crowd_starts(scene)


async def _crowd_starts(scene: Scene) -> None:
    people = [await scene.lifter(patient=True, types=False, looks_after=LOOKS_AFTER) for _ in range(CROWD)]

    async def begin(lifter: Lifter) -> float:
        began = time.monotonic()
        scene.gym.telegram.ears[lifter.id] = asyncio.Queue()
        await lifter.do(Step("/start"))
        greeted = time.monotonic() - began
        await lifter.record(1)
        return greeted

    scene.measure("greeted", max(await asyncio.gather(*map(begin, people))), most=TAP_LIFE)
    scene.measure("tap answered", max(each.slowest for each in people), most=TAP_LIFE)


@fault(1, 3, 9)
async def one_person_taps_500_a_second(scene: Scene) -> None:
    """One person taps 500 times a second; the others notice nothing, and what was asked for is kept once."""
    flooder = await scene.lifter(patient=True, types=False)
    first = (await flooder.reach(RecordSet))[0]
    sets = [first.model_copy(update={"set_no": number}) for number in range(1, 21)]
    scene.history.asked += [
        Ask(Done(flooder.id, int(first.day), first.exercise, each.set_no, plain(each.weight), each.reps))
        for each in sets
    ]
    others = [each for each in scene.lifters if each is not flooder]
    for each in others:
        each.slowest = 0.0
    before, memory = len(scene.history.shown), scene.gym.bot.memory_mib()
    port = scene.gym.bot.port
    async with Courier.ready() as courier:
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for number in range(FLOOD_SECONDS * A_SECOND):
                await asyncio.sleep(began + number / A_SECOND - time.monotonic())
                update = tap(flooder.id, flooder.message_id, sets[number % len(sets)])
                tasks.create_task(courier.try_once(update, port=port))
            sent = time.monotonic() - began
        grown = scene.gym.bot.memory_mib() - memory
        scene.note(
            "flooded",
            sent_within=sent,
            answered_within=time.monotonic() - began,
            answers=dict(courier.answers),
            grown=grown,
        )
        for each in sets:  # what was refused comes again, one at a time
            await courier.bring(tap(flooder.id, flooder.message_id, each), port=port)
    scene.others += courier.answers.total()
    scene.measure("others answered", max(each.slowest for each in others), most=HOLDS_UP)
    if grown > 20:
        scene.troubles.append(f"{grown:.0f} MiB more while one person tapped")
    if odd := {status for status in courier.answers if status not in (200, 503)}:
        scene.troubles.append(f"taps were answered {odd}")
    if len(scene.history.shown) - before < len(others):
        scene.troubles.append("others were held up")


@fault(1, 9, people=0, bugs=True)
async def updates_always_fail(scene: Scene) -> None:
    """A bug hits 100 people's updates every time, while 900 others are served."""
    scene.gym.sql(THIRTEEN)
    told: Counter[int] = Counter()

    def note(what: str, **about: Any) -> None:
        scene.diary.note(what, **about)
        if what == "screen" and BROKEN in about["says"]:
            told[about["person"]] += 1

    ways = {"patient": True, "types": False, "looks_after": LOOKS_AFTER}
    hit = [await scene.lifter(**ways) for _ in range(TROUBLED)]
    others = [await scene.lifter(**ways) for _ in range(CROWD - TROUBLED)]
    good = (await others[0].reach(RecordSet))[0].model_copy(update={"reps": 12})
    bad = good.model_copy(update={"reps": 13})
    for each in hit:
        each.note = note
    try:
        async with asyncio.TaskGroup() as tasks:
            for each in hit:
                tasks.create_task(each.record_by(bad))
            for each in others:
                tasks.create_task(each.record_by(good))
        await scene.gym.telegram.rest()
    finally:
        scene.gym.sql("DROP FUNCTION no_thirteen() CASCADE")
    scene.measure("others answered", max(each.slowest for each in others), most=TAP_LIFE)
    parked = dict(
        scene.gym.sql(
            "SELECT user_id, min(tries) FROM updates_parked WHERE parked_at IS NOT NULL AND user_id = ANY (%(people)s)"
            " GROUP BY user_id",
            people=[each.id for each in scene.lifters],
        )
    )
    if parked != dict.fromkeys((each.id for each in hit), 5):
        scene.troubles.append(f"{len(parked)} people's updates were kept aside, after {set(parked.values())} tries")
    if told != dict.fromkeys((each.id for each in hit), 1):
        scene.troubles.append(f"{len(told)} people were told, and some {set(told.values())} times")
