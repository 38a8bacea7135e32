"""Telegram's way through a recording: read the tap, run the use case, show a screen."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from app.modules import metrics
from app.modules.people.model import Act
from app.modules.postgres import Database
from app.modules.screen import Reply, Screen, Show
from app.modules.texts import label, t
from app.modules.training import screens, service
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
    RecordQuick,
    RecordSet,
    RemoveNote,
    ReplaceSet,
    ShowAll,
    Undo,
    read,
)
from app.modules.training.model import GymDay, Outcome, Saved, Session, Set, Undone
from app.modules.training.rules import HIGHEST_SET, by_number, is_possible, is_record, reads_like
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
    found = await db.run(service.muscle_list, user_id=act.user_id, muscle_id=callback_data.muscle)
    if found is None:
        return await show(await removed(db, act, day, muscle=True))
    return await show(screens.exercises(found, day))


@router.callback_query(ShowAll.filter())
async def show_all(tap: CallbackQuery, callback_data: ShowAll, show: Show, db: Database, act: Act) -> Reply:
    """Show everything of a muscle."""
    day = read(callback_data.day)
    found = await db.run(service.muscle_list, user_id=act.user_id, muscle_id=callback_data.muscle)
    if found is None:
        return await show(await removed(db, act, day, muscle=True))
    return await show(screens.all_exercises(found, day, number=callback_data.page))


@router.callback_query(OpenExercise.filter())
async def open_exercise(tap: CallbackQuery, callback_data: OpenExercise, show: Show, db: Database, act: Act) -> Reply:
    """Show an exercise."""
    return await show(await _exercise(db, act, exercise_id=callback_data.exercise, day=read(callback_data.day)))


@router.callback_query(OpenSet.filter())
async def open_set(tap: CallbackQuery, callback_data: OpenSet, show: Show, db: Database, act: Act) -> Reply:
    """Ask the weight of a set; one that is done is shown, to be corrected."""
    opened = await _opened(callback_data, db, act)
    if isinstance(opened, Screen):
        return await show(opened)
    if by_number(opened.sets, callback_data.set_no):
        return await show(screens.set_done(opened, callback_data.set_no))
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


@router.callback_query(ReplaceSet.filter())
async def replace_set(tap: CallbackQuery, callback_data: ReplaceSet, show: Show, db: Database, act: Act) -> Reply:
    """Give a set other numbers."""
    asked, day = callback_data, read(callback_data.day)
    seen, done = Set(asked.set_no, asked.seen_weight, asked.seen_reps), Set(asked.set_no, asked.weight, asked.reps)
    return await show(await replaced(db, act, exercise_id=asked.exercise, seen=seen, done=done, day=day))


@router.callback_query(DeleteSet.filter())
async def delete_set(tap: CallbackQuery, callback_data: DeleteSet, show: Show, db: Database, act: Act) -> Reply:
    """Take a set away."""
    asked, day = callback_data, read(callback_data.day)
    gone = Set(asked.set_no, asked.weight, asked.reps)
    outcome = Outcome.EXPIRED
    if day is not None and is_possible(gone, highest=HIGHEST_SET):
        outcome = await db.run(service.delete_set, act=act, exercise_id=asked.exercise, seen=gone, day=day)
    session = await db.run(service.session, act=act, exercise_id=asked.exercise, day=day)
    if session is None:
        return await show(await removed(db, act, day))
    here = by_number(session.sets, gone.set_no)
    if session.expired is None and here is None and outcome in (Outcome.DONE, Outcome.SEEN, Outcome.MISSING):
        return await show(screens.deleted(session, gone))
    if outcome is Outcome.OTHER and here is not None:
        toast = label("training-toast-other", **screens.said(here, session.unit))
        return await show(screens.set_done(session, gone.set_no, toast=toast))
    return await show(screens.exercise(session))


@router.callback_query(Undo.filter())
async def undo(tap: CallbackQuery, callback_data: Undo, show: Show, db: Database, act: Act) -> Reply:
    """Take back an entry."""
    asked, day = callback_data, read(callback_data.day)
    what = Undone()
    if day is not None:
        what = await db.run(service.undo, act=act, exercise_id=asked.exercise, day=day, entry=asked.entry)
    session = await db.run(service.session, act=act, exercise_id=asked.exercise, day=day)
    if session is None:
        return await show(await removed(db, act, day))
    return await show(screens.exercise(session) if session.expired else screens.undone(session, what))


@router.callback_query(Finish.filter())
async def finish(tap: CallbackQuery, callback_data: Finish, show: Show, db: Database, act: Act) -> Reply:
    """Show what the day came to."""
    day = read(callback_data.day)
    shown = day.day if day else await db.run(service.today, act=act)
    return await show(screens.summary(await db.run(service.summary, act=act, day=shown), day))


@router.callback_query(AskNote.filter())
async def ask_note(tap: CallbackQuery, callback_data: AskNote, show: Show, db: Database, act: Act) -> Reply:
    """Ask for the note of an exercise."""
    day = read(callback_data.day)
    session = await db.run(service.session, act=act, exercise_id=callback_data.exercise, day=day)
    if session is None:
        return await show(await removed(db, act, day))
    return await show(screens.ask_note(session) if session.listed else screens.exercise(session))


@router.callback_query(RemoveNote.filter())
async def remove_note(tap: CallbackQuery, callback_data: RemoveNote, show: Show, db: Database, act: Act) -> Reply:
    """Remove the note of an exercise."""
    day = read(callback_data.day)
    await db.run(service.set_note, act=act, exercise_id=callback_data.exercise, note=None)
    session = await db.run(service.session, act=act, exercise_id=callback_data.exercise, day=day)
    if session is None:
        return await show(await removed(db, act, day))
    if session.note is not None:  # a redelivery, and there is a new one since
        return await show(screens.exercise(session))
    said = t("training-note-removed")
    return await show(screens.above(screens.exercise(session), said, toast=said))


@router.callback_query(OpenCalendar.filter())
async def open_calendar(tap: CallbackQuery, callback_data: OpenCalendar, show: Show, db: Database, act: Act) -> Reply:
    """Show a month."""
    return await show(screens.another_day(await db.run(service.today, act=act), callback_data.month))


async def _exercise(db: Database, act: Act, *, exercise_id: int, day: GymDay | None) -> Screen:
    """Read an exercise with all that its screen shows, which is more than the screen of a saved set does."""
    session = await db.run(service.session, act=act, exercise_id=exercise_id, day=day)
    return screens.exercise(session) if session else await removed(db, act, day)


async def _opened(asked: OpenSet | OpenWeights | PickWeight, db: Database, act: Act) -> Session | Screen:
    """Open the exercise of a button, or find the screen that says why its set cannot be asked about."""
    day = read(asked.day)
    session = await db.run(service.session, act=act, exercise_id=asked.exercise, day=day)
    if session is None:
        return await removed(db, act, day)
    is_there = by_number(session.sets, asked.set_no) is not None
    if session.expired or not (is_there or (session.listed and 1 <= asked.set_no <= MOST_SETS)):
        return screens.exercise(session)
    return session


async def _record(asked: RecordSet | RecordQuick, db: Database, act: Act, *, quick: bool) -> Screen:
    done, day = Set(asked.set_no, asked.weight, asked.reps), read(asked.day)
    became = Saved(Outcome.EXPIRED)
    if day is not None and is_possible(done):
        became = await db.run(service.record_set, act=act, exercise_id=asked.exercise, done=done, day=day, quick=quick)
    return await recorded(db, act, exercise_id=asked.exercise, done=done, day=day, became=became)


async def recorded(
    db: Database,
    act: Act,
    *,
    exercise_id: int,
    done: Set,
    day: GymDay | None,
    became: Saved,
    in_words: bool = False,
) -> Screen:
    """Show what became of sets; in words where there is no tap that a toast could answer."""
    if became.outcome is Outcome.SAVED:
        metrics.SETS.inc(len(became.numbers))
    shown = became.numbers or ((became.before,) if became.before else ())
    if became.outcome in (Outcome.SAME, Outcome.OTHER):
        shown = (done.set_no,)
    session = await db.run(service.session, act=act, exercise_id=exercise_id, day=day, what_next=bool(shown))
    if session is None:
        return await removed(db, act, day)
    if shown and (session.expired or not any(by_number(session.sets, number) for number in shown)):
        screen = await _exercise(db, act, exercise_id=exercise_id, day=day)  # they are gone again, or never came
        if session.expired:
            return screen
        if in_words:
            return screens.above(screen, t("training-line-spent"))
        return replace(screen, toast=label("training-toast-not-saved", set_no=str(done.set_no)))
    if session.expired:
        return screens.exercise(session)
    there, outcome = by_number(session.sets, done.set_no), became.outcome
    if outcome is Outcome.OTHER and there is not None and there.reps == done.reps:
        outcome = Outcome.SAME if reads_like(there.weight, done.weight, session.unit) else outcome
    match outcome:
        case Outcome.SAVED:
            record = is_record(session, done, times=len(became.numbers))
            key = "training-toast-record" if record else "training-toast-saved"
            toast = label(key, **screens.said(done, session.unit))
            return screens.saved(session, became.numbers, entry=became.entry, fresh=True, record=record, toast=toast)
        case Outcome.SEEN if not became.numbers:
            return screens.above(screens.exercise(session), t("training-line-spent"))
        case Outcome.SEEN:
            return screens.saved(session, became.numbers, entry=became.entry)
        case Outcome.SAME:
            screen = screens.saved(session, [done.set_no], entry=became.entry, toast=label("training-toast-same"))
            return screens.above(screen, t("training-toast-same")) if in_words else screen
        case Outcome.OTHER:
            return screens.replace_or_keep(session, done)
        case Outcome.FULL:
            return screens.above(screens.exercise(session), t("training-line-full", limit=str(MOST_SETS)))
        case Outcome.GONE:  # out of the lists, but seen by looking back
            return screens.above(screens.exercise(session), t("training-line-unlisted"))
        case Outcome.TOO_SOON if became.before is None:  # the last set was of another exercise
            toast = label("training-toast-too-soon-after", set_no=str(done.set_no))
            return replace(screens.exercise(session), toast=toast)
        case Outcome.TOO_SOON:
            toast = label("training-toast-too-soon", before=str(became.before), set_no=str(done.set_no))
            return screens.saved(session, [became.before or 0], entry=became.entry, toast=toast)
        case _:
            return screens.exercise(session)


async def replaced(
    db: Database,
    act: Act,
    *,
    exercise_id: int,
    seen: Set,
    done: Set,
    day: GymDay | None,
    in_words: bool = False,
) -> Screen:
    """Give a set other numbers and show what became of it; one that is gone by now is saved as a new one."""
    became = Saved(Outcome.EXPIRED)
    if day is not None and is_possible(done, highest=HIGHEST_SET):
        became = await db.run(service.replace_set, act=act, exercise_id=exercise_id, seen=seen, done=done, day=day)
        if became.outcome is Outcome.MISSING and is_possible(done):
            became = await db.run(service.record_set, act=act, exercise_id=exercise_id, done=done, day=day)
    if became.outcome not in (Outcome.DONE, Outcome.SEEN):
        return await recorded(db, act, exercise_id=exercise_id, done=done, day=day, became=became, in_words=in_words)
    session = await db.run(service.session, act=act, exercise_id=exercise_id, day=day, what_next=True)
    if session is None:
        return await removed(db, act, day)
    if session.expired or by_number(session.sets, done.set_no) != done:  # it came again, and was changed since
        return await _exercise(db, act, exercise_id=exercise_id, day=day)
    return screens.saved(
        session,
        became.numbers,
        entry=became.entry,
        replaced=True,
        record=became.outcome is Outcome.DONE and is_record(session, done),
        toast=label("training-toast-replaced", **screens.said(done, session.unit)),
    )


async def removed(db: Database, act: Act, day: GymDay | None, *, muscle: bool = False) -> Screen:
    """The muscles, below the same words for what is hidden, deleted, or was never this person's."""
    marked = day.for_others if day else None
    found = await db.run(service.start, act=act, day=marked)
    return screens.muscles(found, marked, removed=t("training-removed-muscle" if muscle else "training-removed"))
