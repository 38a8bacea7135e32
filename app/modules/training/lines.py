"""Telegram's way of a typed line through a recording, and of the buttons that complete one.

A line answers the question on the screen, when there is one; otherwise it goes where it can: numbers to the exercise
in hand, names to the search. Where Redis has forgotten the screen, sets are saved nowhere before it is asked which
exercise: another one than that in hand may be looked at. "Now" is the moment at which the line was sent.
"""

import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message

from app.modules.filters import is_line
from app.modules.memory import Remembered
from app.modules.people.model import Act
from app.modules.postgres import Database
from app.modules.screen import Reply, Screen, Show
from app.modules.states import Asked
from app.modules.texts import Html, named_day, not_understood, t
from app.modules.training import screens, search, service
from app.modules.training.callbacks import PickWeight, RecordEntry, read, written
from app.modules.training.handlers import recorded, removed, replaced
from app.modules.training.model import Entered, GymDay, Session, Set, Trained
from app.modules.training.rules import by_number, is_possible, known_instead, next_free, reads_like
from app.modules.training.typed import Entry, Number, Unreadable, Words, as_reps, as_weight
from app.modules.training.typed import read as read_line
from app.templates.exercise import MOST_NOTE, MOST_SETS
from app.utils.units import Unit

router = Router(name="lines")

MOST_CHOICES = 10
WITHIN_SECOND = timedelta(microseconds=999_999)  # Telegram dates lines by the second: a tap in it may have come before

Save = Callable[[], Awaitable[Screen]]  # what writes, once nothing stands in the way


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line is typed: the question on the screen and what it is about."""

    state: str | None = None
    exercise: int | None = None
    day: GymDay | None = None
    set_no: int = 0
    weight: Decimal = Decimal(0)
    replaces: bool = False
    is_unknown: bool = False  # where the line was typed: forgotten, or overtaken by another question

    @property
    def set_day(self) -> GymDay | None:
        """The day of the calendar that all screens on the way name."""
        return self.day.for_others if self.day else None


@router.message(StateFilter(Asked.note), is_line)
async def keep_note(message: Message, show: Show, db: Database, act: Act, remembered: Remembered) -> Reply:
    """Keep the note that was asked for."""
    place = _place(remembered)
    if place.exercise is None:
        raise SkipHandler
    if act.update_id <= remembered.by:
        return await show(await _done(db, act, await _asked_again(db, act, place)))
    note = " ".join((message.text or "").split())
    wrong = _wrong_with(note)
    if not wrong:
        await db.run(service.set_note, act=act, exercise_id=place.exercise, note=note)
    session = await db.run(service.session, act=act, exercise_id=place.exercise, day=place.day)
    if session is None:
        return await show(await removed(db, act, place.day))
    if not session.listed:
        return await show(screens.above(screens.exercise(session), t("training-note-unlisted")))
    if wrong:
        return await show(screens.above(screens.ask_note(session), wrong))
    return await show(screens.above(screens.exercise(replace(session, expired=None)), t("training-note-kept")))


@router.message(is_line)
async def take_line(message: Message, show: Show, db: Database, act: Act, remembered: Remembered) -> Reply:
    """Take numbers, sets and names."""
    act = replace(act, at=min(act.at, message.date.astimezone(UTC) + WITHIN_SECOND))
    place = _place(remembered)
    line = read_line(message.text or "")
    is_late = act.update_id <= remembered.by  # sent before the question that stands there: answered, or overtaken
    if is_late and not isinstance(line, Entry):
        return await show(await _done(db, act, await _asked_again(db, act, place)))
    if is_late or (place.is_unknown and isinstance(line, Entry)):
        if await db.run(service.is_spent, act=act):
            return await show(await _asked_again(db, act, place, t("training-line-spent")))
        if act.update_id < remembered.by:
            place = Place(is_unknown=True)
    match line:
        case Unreadable() as why:
            return await show(await _asked_again(db, act, place, t(why.reason, limit=why.limit)))
        case Number() as number:
            return await show(await _done(db, act, await _number(db, act, place, number, words=message.text or "")))
        case Entry() as entry:
            return await show(await _done(db, act, await _entry(db, act, place, entry)))
        case Words() as words:
            return await show(await _words(db, act, place, words.text))


@router.callback_query(RecordEntry.filter())
async def record_entry(tap: CallbackQuery, callback_data: RecordEntry, show: Show, db: Database, act: Act) -> Reply:
    """Save what was typed, now that it is clear what was meant."""
    return await show(await _done(db, act, await _chosen(db, act, callback_data)))


async def _chosen(db: Database, act: Act, asked: RecordEntry) -> Screen | Save:
    """What was typed, on the exercise or with the weight that was chosen."""
    day, entered = read(asked.day), Entered(asked.sets, asked.weight, asked.reps)
    session = await db.run(service.session, act=act, exercise_id=asked.exercise, day=day)
    if session is None:
        return await removed(db, act, day)
    one = is_possible(Set(max(asked.set_no, 1), asked.weight, asked.reps))
    if session.expired or not one or not 1 <= asked.sets <= MOST_SETS or (asked.set_no and asked.sets > 1):
        return screens.exercise(session)
    return _record(db, act, session, entered, set_no=asked.set_no, entry=asked.entry, sure=asked.sure)


async def _done(db: Database, act: Act, became: Screen | Save) -> Screen:
    """Save sets; what is asked about or refused instead saves nothing when it comes again."""
    if not isinstance(became, Screen):
        return await became()
    await db.run(service.answer_unsaved, act=act)
    return became


async def _number(db: Database, act: Act, place: Place, number: Number, *, words: str) -> Screen | Save:
    """A single number answers the question on the screen; elsewhere it is the next weight of the exercise in hand."""
    exercise_id = await _without_a_name(db, act, place)
    if exercise_id is None:
        return await _words(db, act, place, words)
    if place.state == Asked.reps.state:
        reps = as_reps(number)
        if isinstance(reps, Unreadable):
            return await _asked_again(db, act, place, t(reps.reason, limit=reps.limit))
        return await _entered(db, act, place, exercise_id, Entered(1, place.weight, reps), sure=True)
    session = await db.run(service.session, act=act, exercise_id=exercise_id, day=place.day)
    if session is None:
        return await removed(db, act, place.day)
    weight = as_weight(number, session.unit)
    if isinstance(weight, Unreadable):
        return await _asked_again(db, act, place, t(weight.reason, limit=weight.limit))
    if session.expired:
        return _late(session)
    if not session.listed and by_number(session.sets, place.set_no) is None:
        return screens.above(screens.exercise(session), t("training-line-unlisted"))
    set_no = place.set_no or next_free(done.set_no for done in session.sets)
    if set_no is None:
        return screens.above(screens.exercise(session), t("training-line-full", limit=str(MOST_SETS)))
    weight = _as_there(session, set_no, weight)
    known = known_instead(session, weight)
    if known is None:
        return screens.pick_reps(session, set_no, weight)
    code = written(session.day)
    choices = [
        (each, PickWeight(exercise=exercise_id, set_no=set_no, weight=each, day=code)) for each in (weight, known)
    ]
    return screens.doubtful(session, weight, known, choices=choices, set_no=set_no)


async def _entry(db: Database, act: Act, place: Place, entry: Entry) -> Screen | Save:
    """Whole sets go to the exercise that is named, else to the one on the screen or in hand, else it is asked which."""
    if entry.name:
        known = await db.run(service.everything, act=act)
        entered = _in_kilos(entry, known.unit)
        if isinstance(entered, Unreadable):
            return await _asked_again(db, act, place, t(entered.reason, limit=entered.limit))
        found = search.find(entry.name, known.exercises)
        meant = _meant(entry.name, found, here=place.exercise)
        if meant is None:
            return await _which(db, act, place.set_day or GymDay(known.today), found, known.unit, entered)
        here = place if meant == place.exercise else Place(day=place.set_day)
        return await _entered(db, act, here, meant, entered, is_named=True)
    exercise_id = await _without_a_name(db, act, place)
    if exercise_id is not None:
        return await _entered(db, act, place, exercise_id, entry)
    start = await db.run(service.start, act=act, day=place.set_day)
    entered = _in_kilos(entry, start.unit)
    if isinstance(entered, Unreadable):
        return screens.above(screens.muscles(start, place.set_day), t(entered.reason, limit=entered.limit))
    if start.likely:
        likely = [each.exercise for each in start.likely]
        day = place.set_day or GymDay(start.today)
        return screens.which_exercise(likely, entered, unit=start.unit, entry=act.update_id, day=day)
    return screens.above(screens.muscles(start, place.set_day), t("training-which-untold"))


async def _without_a_name(db: Database, act: Act, place: Place) -> int | None:
    """The exercise on the screen, else the one in hand; which is of today, and not of a day from the calendar."""
    if place.exercise or place.set_day or place.is_unknown:
        return place.exercise
    return await db.run(service.in_hand, act=act)


async def _words(db: Database, act: Act, place: Place, words: str) -> Screen:
    """A name opens its exercise; several are asked about; none is no reason to leave the exercise on the screen."""
    known = await db.run(service.everything, act=act)
    found = search.find(words, known.exercises)
    if not found and place.exercise is not None:
        return await _asked_again(db, act, place, not_understood(words))
    if not found:
        raise SkipHandler
    if len(found) > 1 and not search.is_exact(words, found[0]):
        return await _which(db, act, place.set_day, found, known.unit)
    session = await db.run(service.session, act=act, exercise_id=found[0].exercise.id, day=place.set_day)
    return screens.exercise(session) if session else await removed(db, act, place.set_day)


def _meant(name: str, found: Sequence[Trained], *, here: int | None) -> int | None:
    """The one exercise that a name in front of sets can mean: a set is never saved by a guess."""
    sure = [each for each in found if search.is_sure(name, each)]
    if sure and (len(sure) == 1 or search.is_exact(name, sure[0])):
        return sure[0].exercise.id
    return next((each.exercise.id for each in sure if each.exercise.id == here), None)


def _in_kilos(entry: Entry, unit: Unit) -> Entered | Unreadable:
    """Judge the weight of a line, now that it is known what its person counts in."""
    weight = as_weight(entry.weight, unit)
    return weight if isinstance(weight, Unreadable) else Entered(entry.sets, weight, entry.reps)


def _as_there(session: Session, set_no: int, weight: Decimal) -> Decimal:
    """Take a weight that reads like the one of the set that is there for that one: 135 lb stay 135 lb."""
    there = by_number(session.sets, set_no)
    return there.weight if there and reads_like(there.weight, weight, session.unit) else weight


async def _which(
    db: Database,
    act: Act,
    day: GymDay | None,
    found: Sequence[Trained],
    unit: Unit,
    entered: Entered | None = None,
) -> Screen:
    if not found:
        marked = day.for_others if day else None
        start = await db.run(service.start, act=act, day=marked)
        return screens.above(screens.muscles(start, marked), t("training-which-none"))
    more = len(found) > MOST_CHOICES
    shown = [each.exercise for each in found[:MOST_CHOICES]]
    return screens.which_exercise(shown, entered, unit=unit, entry=act.update_id, day=day, more=more)


async def _entered(
    db: Database,
    act: Act,
    place: Place,
    exercise_id: int,
    entry: Entry | Entered,
    *,
    sure: bool = False,
    is_named: bool = False,
) -> Screen | Save:
    """Sets of an exercise: on the set that was chosen, when it is one; else on the next free ones."""
    session = await db.run(service.session, act=act, exercise_id=exercise_id, day=place.day)
    if session is None:
        return await removed(db, act, place.day)
    entered = entry if isinstance(entry, Entered) else _in_kilos(entry, session.unit)
    if isinstance(entered, Unreadable):
        return await _asked_again(db, act, place, t(entered.reason, limit=entered.limit))
    if session.expired and is_named:  # it answers no question, and takes the day by the rule
        return await _entered(db, act, Place(), exercise_id, entered)
    if session.expired:
        return _late(session)
    set_no = place.set_no if entered.sets == 1 and exercise_id == place.exercise else 0
    entered = replace(entered, weight=_as_there(session, set_no, entered.weight))
    there = by_number(session.sets, set_no) if place.replaces else None
    if there is not None:
        return _instead(db, act, session, there, entered, sure=sure)
    return _record(db, act, session, entered, set_no=set_no, entry=act.update_id, sure=sure)


def _instead(db: Database, act: Act, session: Session, there: Set, entered: Entered, *, sure: bool) -> Screen | Save:
    """Replace a set by what was typed, unless its weight is doubtful: then ask first."""
    known = known_instead(session, entered.weight)
    if known is not None and not sure:
        choices = [
            (each, screens.replacing(session, there, Set(there.set_no, each, entered.reps)))
            for each in (entered.weight, known)
        ]
        return screens.doubtful(session, entered.weight, known, choices=choices, set_no=there.set_no)
    done = Set(there.set_no, entered.weight, entered.reps)
    exercise_id = session.exercise.id
    return partial(replaced, db, act, exercise_id=exercise_id, seen=there, done=done, day=session.day, in_words=True)


def _record(
    db: Database, act: Act, session: Session, entered: Entered, *, set_no: int, entry: int, sure: bool
) -> Screen | Save:
    """Save what was typed, unless its weight is doubtful: then ask first."""
    exercise_id, known = session.exercise.id, known_instead(session, entered.weight)
    if known is not None and not sure:
        code = written(session.day)
        choices = [
            (
                each,
                RecordEntry(
                    exercise=exercise_id,
                    entry=entry,
                    sets=entered.sets,
                    set_no=set_no,
                    weight=each,
                    reps=entered.reps,
                    sure=True,
                    day=code,
                ),
            )
            for each in (entered.weight, known)
        ]
        return screens.doubtful(session, entered.weight, known, choices=choices, set_no=set_no)
    return partial(_save, db, act, session, entered, set_no=set_no, entry=entry)


async def _save(db: Database, act: Act, session: Session, entered: Entered, *, set_no: int, entry: int) -> Screen:
    """Save what was typed."""
    exercise_id, day = session.exercise.id, session.day
    became = await db.run(
        service.record_entry, act=act, exercise_id=exercise_id, done=entered, day=day, set_no=set_no, entry=entry
    )
    done = Set(became.numbers[0] if became.numbers else set_no, entered.weight, entered.reps)
    return await recorded(db, act, exercise_id=exercise_id, done=done, day=day, became=became, in_words=True)


async def _asked_again(db: Database, act: Act, place: Place, why: Html | None = None) -> Screen:
    """The question on the screen once more, below a sentence on what to type when there is one."""
    if place.exercise is None:
        start = await db.run(service.start, act=act, day=place.set_day)
        return screens.above(screens.muscles(start, place.set_day), why)
    session = await db.run(service.session, act=act, exercise_id=place.exercise, day=place.day)
    if session is None:
        return await removed(db, act, place.day)
    if session.expired:
        return _late(session)
    if place.state == Asked.reps.state:
        return screens.above(screens.pick_reps(session, place.set_no, place.weight), why)
    if place.state == Asked.weight.state:
        return screens.above(screens.pick_weight(session, place.set_no), why)
    if place.state == Asked.note.state:
        return screens.above(screens.ask_note(session), why)
    return screens.above(screens.exercise(session), why)


def _late(session: Session) -> Screen:
    """The exercise of today, because the day of the question is over."""
    old, day = session.expired or session.day.day, session.day.day
    why = t("training-line-late", old=named_day(old), day=named_day(day))
    return screens.above(screens.exercise(replace(session, expired=None)), why)


def _wrong_with(note: str) -> Html | None:
    kinds = [unicodedata.category(letter) for letter in note]
    if "Cc" in kinds or "Cs" in kinds or all(kind in ("Cf", "Zs", "Mn", "Me") for kind in kinds):
        return t("training-note-unreadable")
    if len(note) > MOST_NOTE:
        return t("training-note-long", count=str(len(note)), limit=str(MOST_NOTE))
    return None


def _place(remembered: Remembered) -> Place:
    """Read what was remembered, which every screen is; another version's memory is none."""
    if not remembered.by:
        return Place(is_unknown=True)
    about = remembered.about
    try:
        return Place(
            state=remembered.state,
            exercise=int(about["exercise"]) if "exercise" in about else None,
            day=read(str(about.get("day", ""))),
            set_no=int(about.get("set_no", 0)),
            weight=Decimal(str(about.get("weight", "0"))),
            replaces=bool(about.get("replaces")),
        )
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        return Place(is_unknown=True)
