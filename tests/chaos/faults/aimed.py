"""Blows that hit at the worst moment, each where a common way to build a bot breaks."""

import asyncio
from collections.abc import Callable
from typing import Any

from app.modules.training.callbacks import RecordSet
from tests.chaos.checker import Ask, Done
from tests.chaos.courier import Courier, line
from tests.chaos.lifters import Lifter, Step
from tests.chaos.run import Scene, fault


async def people_at_work(scene: Scene, count: int) -> list[Lifter]:
    """Let some people in who have an exercise in hand."""
    people = [await scene.lifter(patient=True, types=False) for _ in range(count)]
    await together(people, lambda each: each.record(1))
    return people


async def together(people: list[Lifter], does: Callable[[Lifter], Any]) -> list[Any]:
    """Let everybody do something at once."""
    async with asyncio.TaskGroup() as tasks:
        doing = [tasks.create_task(does(each)) for each in people]
    return [each.result() for each in doing]


@fault(1, 2, people=0)
async def killed_at_work(scene: Scene) -> None:
    """Kill -9 while a line of each person is in hand."""
    people = await people_at_work(scene, 10)
    scene.gym.to_postgres.seconds = 0.3
    async with asyncio.TaskGroup() as tasks:
        for each in people:
            tasks.create_task(each.do(each.line()))
        await scene.breath(0.3, 0.6)
        scene.note("kill")
        await scene.gym.bot.kill()
        scene.gym.to_postgres.heal()
        await scene.gym.bot.start()


@fault(1, 5, people=0)
async def disconnected_at_work(scene: Scene) -> None:
    """PostgreSQL ends every connection of the bot, and everybody types a line."""
    people = await people_at_work(scene, 10)
    for _ in range(2):
        ended = scene.gym.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gymbot'"
        )
        scene.note("ended", connections=len(ended))
        await together(people, lambda each: each.do(each.line()))


@fault(1, 4, people=0)
async def redelivered_after_a_flush(scene: Scene) -> None:
    """Redis forgets everything, and what was taken before comes again, to people who look at the same exercise."""
    people = await people_at_work(scene, 8)
    taken = await together(people, lambda each: each.do(each.line()))
    scene.note("flush")
    await asyncio.to_thread(scene.gym.valkey.flush)
    await together(people, lambda each: each.do(each.look()))
    for update_id in taken:
        await scene.gym.telegram.control("duplicate", update_id=update_id, times=3)
    await scene.gym.telegram.rest()


@fault(3, people=0)
async def two_lines_at_once(scene: Scene) -> None:
    """Two lines of one person arrive side by side, and meet in PostgreSQL."""
    people = await people_at_work(scene, 4)
    async with Courier.ready() as courier:
        for _ in range(4):
            await _meet(scene, courier, [(each.id, each.line().does) for each in people for _ in range(2)])


@fault(3, people=0)
async def two_lines_at_two_processes(scene: Scene) -> None:
    """Two lines of one person arrive at the same moment at two processes, and meet in PostgreSQL."""
    [(exercise, name)] = scene.gym.sql("SELECT id, name FROM exercises WHERE is_global ORDER BY id LIMIT 1")
    people = await people_at_work(scene, 4)
    await scene.gym.add_bot()
    async with Courier.ready() as courier:
        for number in range(8):
            sets = [Done(each.id, each.day, exercise, 0, f"1.{number}{n}", 8) for each in people for n in (1, 2)]
            scene.history.asked += map(Ask, sets)
            await _meet(scene, courier, [(done.person, f"{name} {done.weight}x8") for done in sets])
    scene.history.is_ordered = False  # neither was first


async def _meet(scene: Scene, courier: Courier, lines: list[tuple[int, str]]) -> None:
    """Bring lines past the sandbox, which would wait for the one before; PostgreSQL hears of them all at once."""
    scene.gym.to_postgres.swallow()
    async with asyncio.TaskGroup() as tasks:
        for number, (person, says) in enumerate(lines):
            bot = scene.gym.bots[number % len(scene.gym.bots)]
            scene.diary.note("step", person=person, does=says)
            tasks.create_task(courier.bring(line(person, says), port=bot.port))
            await asyncio.sleep(0.05)  # the first one is there first
        scene.gym.to_postgres.heal()


@fault(8, people=0)
async def somebody_elses_button(scene: Scene) -> None:
    """A button of somebody's own exercise is tapped by others."""
    ann, *others = await people_at_work(scene, 5)
    [(exercise,)] = scene.gym.sql(
        """
        INSERT INTO exercises (name, muscle, created_by, is_global)
        SELECT 'Own press', m.id, %(ann)s, FALSE FROM muscles AS m WHERE m.is_global ORDER BY m.id LIMIT 1
        RETURNING id
        """,
        ann=ann.id,
    )
    for each in others:
        scene.history.forbidden.add((each.id, exercise))
        await each.do(Step(RecordSet(exercise=exercise, set_no=1, weight=60, reps=8, day=str(each.day))))
