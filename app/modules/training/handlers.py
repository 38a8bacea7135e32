"""Telegram's way through a recording: read the tap, run the use case, show a screen."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from app.modules.people.model import Act
from app.modules.postgres import Database
from app.modules.screen import Reply, Screen, Show
from app.modules.texts import label, t
from app.modules.training import screens, service
from app.modules.training.callbacks import (
    OpenCalendar,
    OpenExercise,
    OpenMuscle,
    OpenSet,
    OpenStart,
    OpenWeights,
    PickWeight,
    RecordQuick,
    RecordSet,
    ShowAll,
    read,
)
from app.modules.training.model import GymDay, Outcome, Saved, Session, Set
from app.modules.training.rules import by_number, is_possible, is_record
from app.templates.exercise import MOST_SETS

router = Router(name="training")


@router.message(Command("gym", ignore_case=True))
async def gym(message: Message, show: Show, db: Database, act: Act) -> Reply:
    """Begin a recording."""
    return await show(screens.muscles(await db.run(service.start, act=act, day=None)))


@router.callback_query(OpenStart.filter())
async def open_start(tap: CallbackQuery, callback_data: OpenStart, show: Show, db: Database, act: Act) -> Reply:
    """Show the muscles."""
    day = read(callback_data.day)
    found = await db.run(service.start, act=act, day=day)
    return await show(screens.muscles(found, day, first=callback_data.first))


@router.callback_query(OpenMuscle.filter())
async def open_muscle(tap: CallbackQuery, callback_data: OpenMuscle, show: Show, db: Database, act: Act) -> Reply:
    """Show a muscle's short list."""
    day = read(callback_data.day)
    found = await db.run(service.muscle_list, act=act, muscle_id=callback_data.muscle)
    if found is None:
        return await show(await _removed(db, act, day, muscle=True))
    return await show(screens.exercises(found, day))


@router.callback_query(ShowAll.filter())
async def show_all(tap: CallbackQuery, callback_data: ShowAll, show: Show, db: Database, act: Act) -> Reply:
    """Show everything of a muscle."""
    day = read(callback_data.day)
    found = await db.run(service.muscle_list, act=act, muscle_id=callback_data.muscle)
    if found is None:
        return await show(await _removed(db, act, day, muscle=True))
    return await show(screens.all_exercises(found, day, number=callback_data.page))


@router.callback_query(OpenExercise.filter())
async def open_exercise(tap: CallbackQuery, callback_data: OpenExercise, show: Show, db: Database, act: Act) -> Reply:
    """Show an exercise."""
    day = read(callback_data.day)
    session = await db.run(service.session, act=act, exercise_id=callback_data.exercise, day=day)
    return await show(screens.exercise(session) if session else await _removed(db, act, day))


@router.callback_query(OpenSet.filter())
async def open_set(tap: CallbackQuery, callback_data: OpenSet, show: Show, db: Database, act: Act) -> Reply:
    """Ask the weight of a set; one that is done is shown."""
    opened = await _opened(callback_data, db, act)
    if isinstance(opened, Screen):
        return await show(opened)
    if by_number(opened.sets, callback_data.set_no):
        return await show(screens.saved(opened, callback_data.set_no))
    return await show(screens.pick_weight(opened, callback_data.set_no))


@router.callback_query(OpenWeights.filter())
async def open_weights(tap: CallbackQuery, callback_data: OpenWeights, show: Show, db: Database, act: Act) -> Reply:
    """Show lighter or heavier weights."""
    opened = await _opened(callback_data, db, act)
    if isinstance(opened, Screen):
        return await show(opened)
    return await show(screens.pick_weight(opened, callback_data.set_no, start=callback_data.start))


@router.callback_query(PickWeight.filter())
async def pick_weight(tap: CallbackQuery, callback_data: PickWeight, show: Show, db: Database, act: Act) -> Reply:
    """Ask the reps."""
    opened = await _opened(callback_data, db, act)
    if isinstance(opened, Screen):
        return await show(opened)
    return await show(screens.pick_reps(opened, callback_data.set_no, callback_data.weight))


@router.callback_query(RecordSet.filter())
async def record_set(tap: CallbackQuery, callback_data: RecordSet, show: Show, db: Database, act: Act) -> Reply:
    """Save a set."""
    return await show(await _record(callback_data, db, act, quick=False))


@router.callback_query(RecordQuick.filter())
async def record_quick(tap: CallbackQuery, callback_data: RecordQuick, show: Show, db: Database, act: Act) -> Reply:
    """Save a set by one tap."""
    return await show(await _record(callback_data, db, act, quick=True))


@router.callback_query(OpenCalendar.filter())
async def open_calendar(tap: CallbackQuery, callback_data: OpenCalendar, show: Show, db: Database, act: Act) -> Reply:
    """Show a month."""
    return await show(screens.another_day(await db.run(service.today, act=act), callback_data.month))


async def _opened(asked: OpenSet | OpenWeights | PickWeight, db: Database, act: Act) -> Session | Screen:
    """Open the exercise of a button, or find the screen that says why its set cannot be asked about."""
    day = read(asked.day)
    session = await db.run(service.session, act=act, exercise_id=asked.exercise, day=day)
    if session is None:
        return await _removed(db, act, day)
    if session.expired or not 1 <= asked.set_no <= MOST_SETS:
        return screens.exercise(session)
    return session


async def _record(asked: RecordSet | RecordQuick, db: Database, act: Act, *, quick: bool) -> Screen:
    done, day = Set(asked.set_no, asked.weight, asked.reps), read(asked.day)
    became = Saved(Outcome.EXPIRED)
    if day is not None and is_possible(done):
        became = await db.run(service.record_set, act=act, exercise_id=asked.exercise, done=done, day=day, quick=quick)
    session = await db.run(service.session, act=act, exercise_id=asked.exercise, day=day, what_next=True)
    if session is None:
        return await _removed(db, act, day)
    return _recorded(session, done, became)


def _recorded(session: Session, done: Set, became: Saved) -> Screen:
    """The screen that tells what became of a set."""
    here = by_number(session.sets, done.set_no)
    said = {"set_no": str(done.set_no), "weight": screens.kilos(done.weight), "reps": str(done.reps)}
    match became.outcome:
        case Outcome.SAVED if is_record(session, done):
            toast = label("training-toast-record", weight=said["weight"], reps=said["reps"])
            return screens.saved(session, done.set_no, fresh=True, record=True, toast=toast)
        case Outcome.SAVED:
            return screens.saved(session, done.set_no, fresh=True, toast=label("training-toast-saved", **said))
        case Outcome.SAME:
            return screens.saved(session, done.set_no, toast=label("training-toast-same"))
        case Outcome.OTHER if here:
            numbers = {"weight": screens.kilos(here.weight), "reps": str(here.reps)}
            toast = label("training-toast-other", set_no=said["set_no"], **numbers)
            return screens.saved(session, done.set_no, toast=toast)
        case Outcome.TOO_SOON if became.before is None:  # the last set was of another exercise
            return replace(
                screens.exercise(session), toast=label("training-toast-too-soon-after", set_no=said["set_no"])
            )
        case Outcome.TOO_SOON if became.before is not None:
            toast = label("training-toast-too-soon", before=str(became.before), set_no=said["set_no"])
            return replace(screens.saved(session, became.before), toast=toast)
        case _:
            return screens.saved(session, done.set_no) if here and not session.expired else screens.exercise(session)


async def _removed(db: Database, act: Act, day: GymDay | None, *, muscle: bool = False) -> Screen:
    """The muscles, below the same words for what is hidden, deleted, or was never this person's."""
    marked = day if day and day.marked else None
    found = await db.run(service.start, act=act, day=marked)
    return screens.muscles(found, marked, removed=t("training-removed-muscle" if muscle else "training-removed"))
