"""Telegram's way through `/edit`: read the tap or the name, run the use case, show a screen."""

from typing import Any

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.types import CallbackQuery, Message

from app.modules.catalog import screens, service
from app.modules.catalog.callbacks import (
    AskDelete,
    AskExerciseName,
    AskMuscleName,
    AskNewName,
    Delete,
    Hide,
    OpenDelete,
    OpenEdit,
    OpenHidden,
    OpenHide,
    OpenHideIn,
    OpenPlaces,
    OpenRename,
    ShowAgain,
)
from app.modules.catalog.model import Became, Kind, Muscles, Outcome, Thing
from app.modules.catalog.rules import MOST_EXERCISES, MOST_MUSCLES, tidy, wrong_with
from app.modules.filters import is_line
from app.modules.memory import Remembered
from app.modules.people.model import Act
from app.modules.postgres import Database
from app.modules.screen import Reply, Screen, Show
from app.modules.states import Asked
from app.modules.texts import Html, t
from app.utils.names import LONGEST

router = Router(name="catalog")


@router.message(Command("edit", ignore_case=True))
async def edit(message: Message, show: Show) -> Reply:
    """Show what can be done with the lists."""
    return await show(screens.edit())


@router.callback_query(OpenEdit.filter())
async def open_edit(tap: CallbackQuery, show: Show) -> Reply:
    """Show what can be done with the lists."""
    return await show(screens.edit())


# Adding.


@router.callback_query(AskMuscleName.filter())
async def ask_muscle_name(tap: CallbackQuery, show: Show, db: Database, act: Act) -> Reply:
    """Ask for the name of a new muscle, while there is room for one."""
    return await show(_ask_muscle(await db.run(service.muscles, user_id=act.user_id)))


@router.message(StateFilter(Asked.muscle_name), is_line)
async def add_muscle(message: Message, show: Show, db: Database, act: Act, remembered: Remembered) -> Reply:
    """Add the muscle whose name was asked for."""
    name = tidy(message.text or "")
    if act.update_id <= remembered.by:
        return await show(_ask_muscle(await db.run(service.muscles, user_id=act.user_id)))
    if wrong := _wrong(name):
        return await show(screens.above(screens.ask_muscle(), wrong))
    became = await db.run(service.add_muscle, act=act, name=name)
    if became.outcome is Outcome.FULL:
        return await show(screens.no_room_for_a_muscle())
    if became.outcome in (Outcome.DONE, Outcome.SEEN):
        return await show(screens.muscle_added(became.thing) if became.thing else screens.edit())
    return await show(_taken(screens.ask_muscle(), became))


@router.callback_query(OpenPlaces.filter())
async def open_places(tap: CallbackQuery, callback_data: OpenPlaces, show: Show, db: Database, act: Act) -> Reply:
    """Ask which muscle a new exercise is for."""
    return await show(_ask_place(await db.run(service.muscles, user_id=act.user_id), number=callback_data.page))


@router.callback_query(AskExerciseName.filter())
async def ask_exercise_name(
    tap: CallbackQuery, callback_data: AskExerciseName, show: Show, db: Database, act: Act
) -> Reply:
    """Ask for the name of a new exercise, while there is room for one."""
    return await show(_ask_exercise(await db.run(service.muscles, user_id=act.user_id), callback_data.muscle))


@router.message(StateFilter(Asked.exercise_name), is_line)
async def add_exercise(message: Message, show: Show, db: Database, act: Act, remembered: Remembered) -> Reply:
    """Add the exercise whose name was asked for."""
    name, muscle_id = tidy(message.text or ""), _id(remembered.about.get("muscle"))
    wrong = _wrong(name)
    if wrong or act.update_id <= remembered.by:
        question = _ask_exercise(await db.run(service.muscles, user_id=act.user_id), muscle_id)
        return await show(question if act.update_id <= remembered.by else screens.above(question, wrong))
    became = await db.run(service.add_exercise, act=act, muscle_id=muscle_id, name=name)
    if became.outcome is Outcome.FULL:
        return await show(screens.no_room_for_an_exercise())
    if became.outcome in (Outcome.DONE, Outcome.SEEN):
        return await show(screens.exercise_added(became.thing) if became.thing else screens.edit())
    return await show(_taken(_ask_exercise(await db.run(service.muscles, user_id=act.user_id), muscle_id), became))


# Renaming.


@router.callback_query(OpenRename.filter())
async def open_rename(tap: CallbackQuery, callback_data: OpenRename, show: Show, db: Database, act: Act) -> Reply:
    """Show what can be renamed."""
    own = await db.run(service.own, user_id=act.user_id)
    return await show(screens.rename(own, number=callback_data.page))


@router.callback_query(AskNewName.filter())
async def ask_new_name(tap: CallbackQuery, callback_data: AskNewName, show: Show, db: Database, act: Act) -> Reply:
    """Ask for another name."""
    return await show(_ask_name(await db.run(service.own, user_id=act.user_id), callback_data.kind, callback_data.id))


@router.message(StateFilter(Asked.new_name), is_line)
async def rename(message: Message, show: Show, db: Database, act: Act, remembered: Remembered) -> Reply:
    """Give something the name that was asked for."""
    name, id_ = tidy(message.text or ""), _id(remembered.about.get("id"))
    kind = Kind.MUSCLE if remembered.about.get("kind") == Kind.MUSCLE else Kind.EXERCISE
    wrong = _wrong(name)
    if wrong or act.update_id <= remembered.by:
        question = _ask_name(await db.run(service.own, user_id=act.user_id), kind, id_)
        return await show(question if act.update_id <= remembered.by else screens.above(question, wrong))
    became = await db.run(service.rename, act=act, kind=kind, id_=id_, name=name)
    if became.thing and became.outcome in (Outcome.DONE, Outcome.SEEN):
        return await show(screens.renamed(became.thing))
    if became.thing and became.outcome is Outcome.SAME:
        return await show(screens.renamed(became.thing, t("catalog-same", name=became.thing.name)))
    return await show(_taken(_ask_name(await db.run(service.own, user_id=act.user_id), kind, id_), became))


# Deleting.


@router.callback_query(OpenDelete.filter())
async def open_delete(tap: CallbackQuery, callback_data: OpenDelete, show: Show, db: Database, act: Act) -> Reply:
    """Show what can be deleted."""
    own = await db.run(service.own, user_id=act.user_id)
    return await show(screens.delete(own, number=callback_data.page))


@router.callback_query(AskDelete.filter())
async def ask_delete(tap: CallbackQuery, callback_data: AskDelete, show: Show, db: Database, act: Act) -> Reply:
    """Ask once more before something is deleted."""
    return await show(_ask_delete(await db.run(service.own, user_id=act.user_id), callback_data.kind, callback_data.id))


@router.callback_query(Delete.filter())
async def delete(tap: CallbackQuery, callback_data: Delete, show: Show, db: Database, act: Act) -> Reply:
    """Delete something."""
    asked = callback_data
    became = await db.run(service.delete, act=act, kind=asked.kind, id_=asked.id, exercises=asked.exercises)
    own = await db.run(service.own, user_id=act.user_id)
    if became.thing is None:
        return await show(_gone(screens.delete(own) if own else screens.edit()))
    if became.outcome is Outcome.CHANGED:
        question = _ask_delete(own, asked.kind, asked.id)
        return await show(screens.above(question, t("catalog-changed", name=became.thing.name)))
    return await show(screens.deleted(became.thing, own))


# Hiding.


@router.callback_query(OpenHide.filter())
async def open_hide(tap: CallbackQuery, callback_data: OpenHide, show: Show, db: Database, act: Act) -> Reply:
    """Show the muscles in which something can be hidden."""
    return await show(_hide(await db.run(service.muscles, user_id=act.user_id), number=callback_data.page))


@router.callback_query(OpenHideIn.filter())
async def open_hide_in(tap: CallbackQuery, callback_data: OpenHideIn, show: Show, db: Database, act: Act) -> Reply:
    """Show what of a muscle can be hidden."""
    found = await db.run(service.hideable, user_id=act.user_id, muscle_id=callback_data.muscle)
    if found is None:
        return await show(_gone(_hide(await db.run(service.muscles, user_id=act.user_id)), "catalog-gone-muscle"))
    return await show(screens.hide_in(*found, number=callback_data.page))


@router.callback_query(Hide.filter())
async def hide(tap: CallbackQuery, callback_data: Hide, show: Show, db: Database, act: Act) -> Reply:
    """Hide something."""
    became = await db.run(service.hide, act=act, kind=callback_data.kind, id_=callback_data.id)
    thing, found = became.thing, None
    if thing and thing.muscle:
        found = await db.run(service.hideable, user_id=act.user_id, muscle_id=thing.muscle.id)
    in_muscle = screens.hide_in(*found, number=callback_data.page) if found else None
    left = in_muscle or _hide(await db.run(service.muscles, user_id=act.user_id))
    if thing is None:
        return await show(_gone(left, "catalog-gone-muscle"))
    return await show(screens.hidden(left, thing) if became.outcome is Outcome.DONE else left)


@router.callback_query(OpenHidden.filter())
async def open_hidden(tap: CallbackQuery, callback_data: OpenHidden, show: Show, db: Database, act: Act) -> Reply:
    """Show what is hidden."""
    found = await db.run(service.hidden, user_id=act.user_id)
    return await show(screens.show_again(found, number=callback_data.page))


@router.callback_query(ShowAgain.filter())
async def show_again(tap: CallbackQuery, callback_data: ShowAgain, show: Show, db: Database, act: Act) -> Reply:
    """Bring something back."""
    became = await db.run(service.show_again, act=act, kind=callback_data.kind, id_=callback_data.id)
    found = await db.run(service.hidden, user_id=act.user_id)
    left = screens.show_again(found) if found else screens.edit()
    if became.thing is None:
        return await show(_gone(left))
    return await show(screens.shown(became.thing, found) if became.outcome is Outcome.DONE else left)


def _ask_muscle(found: Muscles) -> Screen:
    if found.own_muscles >= MOST_MUSCLES:
        return screens.no_room_for_a_muscle()
    return screens.ask_muscle()


def _ask_place(found: Muscles, *, number: int = 1) -> Screen:
    if found.own_exercises >= MOST_EXERCISES:
        return screens.no_room_for_an_exercise()
    return screens.places(found.places, number=number)


def _ask_exercise(found: Muscles, muscle_id: int) -> Screen:
    muscle = found.muscle(muscle_id)
    if muscle is None:
        return _gone(_ask_place(found), "catalog-gone-muscle")
    return screens.ask_exercise(muscle) if found.own_exercises < MOST_EXERCISES else _ask_place(found)


def _ask_name(own: tuple[Thing, ...], kind: Kind, id_: int) -> Screen:
    thing = _find(own, kind, id_)
    if thing is None:
        return _gone(screens.rename(own) if own else screens.edit())
    return screens.ask_name(thing)


def _ask_delete(own: tuple[Thing, ...], kind: Kind, id_: int) -> Screen:
    thing = _find(own, kind, id_)
    if thing is None:
        return _gone(screens.delete(own) if own else screens.edit())
    theirs = [each for each in own if kind is Kind.MUSCLE and each.muscle and each.muscle.id == id_]
    return screens.ask_delete(thing, exercises=len(theirs))


def _hide(found: Muscles, *, number: int = 1) -> Screen:
    return screens.hide([each for each in found.places if not each.is_own], number=number)


def _taken(question: Screen, became: Became) -> Screen:
    """The question once more, with what stands in the way of the name; the question says itself what is gone."""
    if became.outcome is Outcome.THERE:
        return screens.there(question, became.thing)
    if became.outcome is Outcome.HIDDEN and became.thing:
        return screens.there_hidden(question, became.thing)
    return question


def _gone(screen: Screen, key: str = "catalog-gone") -> Screen:
    return screens.above(screen, t(key))


def _find(own: tuple[Thing, ...], kind: Kind, id_: int) -> Thing | None:
    return next((each for each in own if (each.kind, each.id) == (kind, id_)), None)


def _wrong(name: str) -> Html | None:
    wrong = wrong_with(name)
    return t(wrong, count=str(len(name)), limit=str(LONGEST)) if wrong else None


def _id(remembered: Any) -> int:
    """Read what was remembered; another version's memory is of nothing."""
    return remembered if isinstance(remembered, int) and 0 < remembered < 2**31 else 0
