"""Updates come several times, in another order, at two processes at once; strangers forge them; their way is bad."""

import asyncio
import time
from collections.abc import Callable
from decimal import Decimal

from aiogram.filters.callback_data import CallbackData

from app.modules.training.callbacks import (
    AskNote,
    DeleteSet,
    OpenExercise,
    OpenSet,
    OpenStart,
    OpenWeights,
    PickWeight,
    RecordEntry,
    RecordQuick,
    RecordSet,
    RemoveNote,
    ReplaceSet,
    Undo,
)
from app.utils.units import plain
from tests.chaos.checker import Ask, Done
from tests.chaos.courier import Courier, line, tap
from tests.chaos.lifters import MARK, Lifter
from tests.chaos.run import Scene, fault

NOBODYS = 2_000_000_000
KILOS = Decimal(60)


@fault(1, 2, 3, types=False)
async def updates_again_and_shuffled(scene: Scene) -> None:
    """Updates come up to five times each, some in reverse order, and old ones again among new ones."""
    telegram = scene.gym.telegram
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for _ in range(scene.chance.randint(5, 20)):
            await telegram.control("duplicate", times=scene.chance.randint(2, 5))
            await asyncio.sleep(0.01)
        if scene.chance.random() < 0.3:
            await telegram.control("reverse", times=scene.chance.randint(2, 6))
        else:
            old = await telegram.ask("GET", "/control/updates")
            for update in scene.chance.sample(old, min(len(old), 5)):
                await telegram.control("duplicate", update_id=update["update_id"], times=scene.chance.randint(1, 4))
    await telegram.control("retry")


@fault(1, 2, 3)
async def lines_again(scene: Scene) -> None:
    """Typed lines come up to five times each, also long after they were answered."""
    telegram = scene.gym.telegram
    until = time.monotonic() + 15
    while time.monotonic() < until:
        lines = [each for each in await telegram.ask("GET", "/control/updates") if each["kind"] == "message"]
        for update in scene.chance.sample(lines, min(len(lines), 8)):
            await telegram.control("duplicate", update_id=update["update_id"], times=scene.chance.randint(1, 4))
        await scene.breath(0.1, 0.5)


@fault(1, 2, 3, types=False)
async def updates_at_two_processes(scene: Scene) -> None:
    """Every update comes to two processes at the very same moment."""
    await scene.gym.add_bot()
    scene.gym.to_bots.twinned = True
    scene.gym.to_bots.reset()
    await asyncio.sleep(20)


@fault(1, 3)
async def person_at_once(scene: Scene) -> None:
    """A tap and two typed lines of one person are under way at once; one after the other they take effect."""
    scene.gym.to_postgres.seconds = 0.01  # so that the first is still in hand when the last comes
    async with Courier.ready() as courier:
        people = [await scene.lifter(types=False, patient=True) for _ in range(4)]
        await asyncio.gather(*(_at_once(scene, courier, each) for each in people))
        scene.others += courier.answers.total()
        scene.note("brought", answers=dict(courier.answers))


async def _at_once(scene: Scene, courier: Courier, lifter: Lifter) -> None:
    """Six times a tap and two lines right behind it, each on a connection of its own."""
    first = (await lifter.reach(RecordSet))[0]
    day, port = int(first.day), scene.gym.bot.port
    for number in range(1, 18, 3):
        command = first.model_copy(update={"set_no": number, "weight": KILOS})
        sets = [Done(lifter.id, day, first.exercise, number, plain(KILOS), first.reps)]
        sets += [Done(lifter.id, day, first.exercise, 0, f"{KILOS + number}.{cents}", 8) for cents in ("01", "26")]
        scene.history.asked += map(Ask, sets)
        updates = [tap(lifter.id, lifter.message_id, command)]
        updates += [line(lifter.id, f"{done.weight}x{done.reps}") for done in sets[1:]]
        async with asyncio.TaskGroup() as tasks:
            for update in updates:
                tasks.create_task(courier.bring(update, port=port))
                await asyncio.sleep(0.02)
    found = scene.gym.rows([lifter.id])
    scene.note("in order", rows=[str(row) for row in sorted(found, key=lambda row: row.set_no)])


@fault(8)
async def strangers_tap(scene: Scene) -> None:
    """Forged buttons: what is another's, hidden or deleted looks like what never was, and stays as it is."""
    owner, stranger = await scene.lifter(types=False), await scene.lifter(types=False)
    seen, _ = await asyncio.gather(owner.reach(RecordSet), stranger.reach(RecordSet))
    day, port = seen[0].day, scene.gym.bot.port
    foreign, *gone = _unseen_exercises(scene, owner=owner.id, stranger=stranger.id)
    never = NOBODYS + scene.chance.randrange(10**8)
    scene.history.forbidden |= {(stranger.id, each) for each in (foreign, *gone, never)}
    scene.history.asked.append(Ask(Done(owner.id, int(day), foreign, 1, "60", 10)))
    async with Courier.ready() as courier:
        kept = tap(owner.id, owner.message_id, RecordSet(exercise=foreign, set_no=1, weight=KILOS, reps=10, day=day))
        await courier.bring(kept, port=port)
        for when, others in ((day, [foreign, *gone]), (f"{day}h", [foreign])):  # what is gone is there by looking back
            for make in _commands(when, entry=kept["update_id"]):
                missing = await _told(scene, courier, stranger, make(never))
                for each in others:
                    told = await _told(scene, courier, stranger, make(each))
                    if told != missing:
                        scene.troubles.append(f"{make(each).pack()} is answered {told}, what never was {missing}")
        scene.others += courier.answers.total()


def _unseen_exercises(scene: Scene, *, owner: int, stranger: int) -> list[int]:
    """Make four that the stranger does not see: another's, one that was another's, a deleted and a hidden one."""
    made = [
        scene.gym.sql(
            "INSERT INTO exercises (name, muscle, is_global, created_by, deleted_at)"
            " SELECT %(name)s, min(id), %(owner)s IS NULL, %(owner)s, CASE WHEN %(gone)s THEN now() END"
            "   FROM muscles WHERE is_global RETURNING id",
            name=f"{MARK} {stranger} {number}",
            owner=whose,
            gone=gone,
        )[0][0]
        for number, (whose, gone) in enumerate([(owner, False), (owner, True), (None, True), (None, False)])
    ]
    scene.gym.sql("INSERT INTO user_hidden_exercises VALUES (%(who)s, %(what)s)", who=stranger, what=made[-1])
    return made


def _commands(day: str, *, entry: int) -> list[Callable[[int], CallbackData]]:
    """Every button of an exercise, made for any."""
    numbers = {"set_no": 1, "weight": KILOS, "reps": 10, "day": day}
    seen = numbers | {"seen_weight": KILOS, "seen_reps": 10, "reps": 12}
    return [
        lambda which: OpenExercise(exercise=which, day=day),
        lambda which: OpenSet(exercise=which, set_no=1, day=day),
        lambda which: OpenWeights(exercise=which, set_no=1, start=0, day=day),
        lambda which: PickWeight(exercise=which, set_no=1, weight=KILOS, day=day),
        lambda which: RecordSet(exercise=which, **numbers),
        lambda which: RecordQuick(exercise=which, **numbers),
        lambda which: ReplaceSet(exercise=which, **seen),
        lambda which: DeleteSet(exercise=which, **numbers),
        lambda which: RecordEntry(exercise=which, entry=entry, sets=1, sure=True, **numbers),
        lambda which: Undo(exercise=which, entry=entry, day=day),
        lambda which: AskNote(exercise=which, day=day),
        lambda which: RemoveNote(exercise=which, day=day),
    ]


async def _told(scene: Scene, courier: Courier, lifter: Lifter, command: CallbackData) -> tuple[str, str, str]:
    """Tap a button from a screen that says nothing, and read the toast, the text and the buttons that follow."""
    await courier.bring(tap(lifter.id, lifter.message_id, OpenStart()), port=scene.gym.bot.port)
    reply = await courier.bring(tap(lifter.id, lifter.message_id, command), port=scene.gym.bot.port)
    messages = (await scene.gym.telegram.ask("GET", f"/chats/{lifter.id}"))["messages"]
    seen = next(each for each in messages if each["message_id"] == lifter.message_id)
    return reply.get("text", ""), seen["text"], str(seen.get("reply_markup"))


@fault(2, 3)
async def way_in_cut(scene: Scene) -> None:
    """Telegram's connections to the bot are reset in the middle of a request."""
    scene.gym.to_bots.seconds = 0.02
    for _ in range(40):
        await scene.breath(0.1, 0.7)
        scene.gym.to_bots.reset()


@fault(2, 3)
async def way_in_slow(scene: Scene) -> None:
    """Each piece of a request or an answer comes up to 2 s late."""
    for _ in range(8):
        scene.gym.to_bots.seconds = scene.chance.uniform(0.1, 2)
        await scene.breath(1, 3)


@fault(2, 3)
async def way_in_half_closed(scene: Scene) -> None:
    """Telegram ends its half of the connections while the bot still works for it."""
    scene.gym.to_postgres.seconds = 0.02
    for _ in range(40):
        await scene.breath(0.1, 0.7)
        scene.gym.to_bots.close_half()
