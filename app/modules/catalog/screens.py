"""The screens of `/edit`; where none asks for a name, a typed line is one to search for."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from aiogram.filters.callback_data import CallbackData

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
from app.modules.catalog.model import Exercise, Kind, Muscle, Place, Thing
from app.modules.catalog.rules import MOST_EXERCISES, MOST_MUSCLES
from app.modules.menu.callbacks import OpenMenu
from app.modules.screen import Screen, button
from app.modules.states import Asked
from app.modules.texts import Html, label, t
from app.modules.training.callbacks import OpenExercise, OpenMuscle
from app.utils.markups import Button, Row, fitted, grid, page, pager
from app.utils.names import LONGEST


def edit() -> Screen:
    """What can be done with the lists: all of it, always."""
    buttons = [
        button(label("catalog-add-muscle"), AskMuscleName()),
        button(label("catalog-add-exercise"), OpenPlaces()),
        button(label("catalog-rename-button"), OpenRename()),
        button(label("catalog-delete-button"), OpenDelete()),
        button(label("catalog-hide-button"), OpenHide()),
        button(label("catalog-show-button"), OpenHidden()),
    ]
    return _searched(t("catalog-edit"), [*grid(buttons, columns=2), _back(OpenMenu())])


def cannot(why: str, toast: str, **values: int) -> Screen:
    """What can be done, below a sentence on why this cannot, and what can instead."""
    return above(edit(), t(why, **values), toast=label(toast, **values))


def no_room_for_a_muscle() -> Screen:
    """What can be done, when there are as many muscles as can be."""
    return cannot("catalog-full-muscles", "catalog-toast-full-muscles", limit=MOST_MUSCLES)


def no_room_for_an_exercise() -> Screen:
    """What can be done, when there are as many exercises as can be."""
    return cannot("catalog-full-exercises", "catalog-toast-full-exercises", limit=MOST_EXERCISES)


def above(screen: Screen, sentence: Html | None, *, toast: str | None = None) -> Screen:
    """A screen below one sentence."""
    return replace(screen, text=f"{sentence}\n\n{screen.text}", toast=toast) if sentence else screen


def ask_muscle() -> Screen:
    """Ask for the name of a new muscle."""
    text = t("catalog-ask-muscle", limit=str(LONGEST))
    return Screen(text, [_back(OpenEdit())], asks=Asked.muscle_name)


def muscle_added(muscle: Thing) -> Screen:
    """A new muscle, which needs an exercise next."""
    keyboard = [[button(label("catalog-another-muscle"), AskMuscleName())], _back(OpenEdit())]
    text = t("catalog-muscle-added", name=muscle.name, limit=str(LONGEST))
    return Screen(text, keyboard, asks=Asked.exercise_name, about={"muscle": muscle.id})


def places(found: Sequence[Place], *, number: int = 1) -> Screen:
    """Ask which muscle a new exercise is for."""
    if not found:
        return cannot("catalog-none-to-add-to", "catalog-toast-none-to-add-to")
    buttons = [button(each.muscle.name, AskExerciseName(muscle=each.muscle.id)) for each in found]
    rows = _pages(buttons, number, lambda target: OpenPlaces(page=target))
    return _searched(t("catalog-places"), [*rows, _back(OpenEdit())])


def ask_exercise(muscle: Muscle) -> Screen:
    """Ask for the name of a new exercise."""
    text = t("catalog-ask-exercise", muscle=muscle.name, limit=str(LONGEST))
    return Screen(text, [_back(OpenPlaces())], asks=Asked.exercise_name, about={"muscle": muscle.id})


def exercise_added(exercise: Thing) -> Screen:
    """A new exercise, ready to be recorded; sets may be typed at once."""
    muscle = exercise.muscle or Muscle(1, "")
    keyboard = [
        [button(label("catalog-record-now"), OpenExercise(exercise=exercise.id))],
        [button(label("catalog-another-exercise", muscle=muscle.name), AskExerciseName(muscle=muscle.id))],
        _back(OpenEdit()),
    ]
    text = t("catalog-exercise-added", name=exercise.name, muscle=muscle.name)
    return Screen(text, keyboard, asks=Asked.exercise, about={"exercise": exercise.id, "day": ""})


def rename(own: Sequence[Thing], *, number: int = 1) -> Screen:
    """Ask what is to be renamed."""
    if not own:
        return cannot("catalog-none-to-rename", "catalog-toast-none-to-rename")
    buttons = _named(own, lambda each: AskNewName(kind=each.kind, id=each.id))
    rows = _pages(buttons, number, lambda target: OpenRename(page=target))
    return _searched(t("catalog-rename"), [*rows, _back(OpenEdit())])


def ask_name(thing: Thing) -> Screen:
    """Ask for another name."""
    about = {"kind": str(thing.kind), "id": thing.id}
    text = t("catalog-ask-name", name=thing.name, limit=str(LONGEST))
    return Screen(text, [_back(OpenRename())], asks=Asked.new_name, about=about)


def renamed(thing: Thing, said: Html | None = None) -> Screen:
    """A thing under its new name."""
    keyboard = [[button(label("catalog-another-name"), OpenRename())], _back(OpenEdit())]
    return _searched(said or t("catalog-renamed", name=thing.name), keyboard)


def delete(own: Sequence[Thing], *, number: int = 1) -> Screen:
    """Ask what is to be deleted."""
    if not own:
        return cannot("catalog-none-to-delete", "catalog-toast-none-to-delete")
    buttons = _named(own, lambda each: AskDelete(kind=each.kind, id=each.id))
    rows = _pages(buttons, number, lambda target: OpenDelete(page=target))
    return _searched(t("catalog-delete"), [*rows, _back(OpenEdit())])


def ask_delete(thing: Thing, *, exercises: int) -> Screen:
    """Ask once more before something is deleted, and say what stays."""
    if thing.muscle is not None:
        text = t("catalog-ask-delete", name=thing.name, muscle=thing.muscle.name)
    else:
        text = t("catalog-ask-delete-muscle", name=thing.name, exercises=exercises)
    choice = [
        button(label("catalog-delete-button"), Delete(kind=thing.kind, id=thing.id, exercises=exercises)),
        button(label("catalog-keep-button"), OpenDelete()),
    ]
    return _searched(text, [choice, _back(OpenDelete())])


def deleted(thing: Thing, own: Sequence[Thing]) -> Screen:
    """What is left to delete, below what went."""
    left = delete(own) if own else edit()
    return above(left, t("catalog-deleted", name=thing.name), toast=label("catalog-toast-deleted", name=thing.name))


def hide(found: Sequence[Place], *, number: int = 1) -> Screen:
    """Ask where something is to be hidden."""
    if not found:
        return cannot("catalog-none-to-hide", "catalog-toast-none-to-hide")
    buttons = [button(each.muscle.name, OpenHideIn(muscle=each.muscle.id)) for each in found]
    rows = _pages(buttons, number, lambda target: OpenHide(page=target))
    return _searched(t("catalog-hide"), [*rows, _back(OpenEdit())])


def hide_in(muscle: Muscle, exercises: Sequence[Exercise], *, number: int = 1) -> Screen:
    """Ask what of a muscle is to be hidden: all, or one exercise after another."""
    where = page(len(exercises), number)
    buttons = [button(each.name, Hide(kind=Kind.EXERCISE, id=each.id, page=where.number)) for each in exercises]
    all_of_it = button(label("catalog-hide-all", muscle=muscle.name), Hide(kind=Kind.MUSCLE, id=muscle.id))
    rows = _pages(buttons, number, lambda target: OpenHideIn(muscle=muscle.id, page=target))
    text = t("catalog-hide-in" if exercises else "catalog-hide-in-none", muscle=muscle.name)
    return _searched(text, [[all_of_it], *rows, _back(OpenHide())])


def hidden(screen: Screen, thing: Thing) -> Screen:
    """A list without what is hidden now, and a way to bring that back."""
    back = [button(label("catalog-show-one", name=thing.name), ShowAgain(kind=thing.kind, id=thing.id))]
    toast = label("catalog-toast-hidden", name=thing.name)
    return above(_with(screen, back), t("catalog-hidden", name=thing.name), toast=toast)


def show_again(found: Sequence[Thing], *, number: int = 1) -> Screen:
    """Ask what is to be seen again."""
    if not found:
        return cannot("catalog-none-hidden", "catalog-toast-none-hidden")
    buttons = _named(found, lambda each: ShowAgain(kind=each.kind, id=each.id))
    rows = _pages(buttons, number, lambda target: OpenHidden(page=target))
    return _searched(t("catalog-show"), [*rows, _back(OpenEdit())])


def shown(thing: Thing, still_hidden: Sequence[Thing]) -> Screen:
    """What is hidden still, below what is back; an exercise is so with its muscle only."""
    left = show_again(still_hidden) if still_hidden else edit()
    if thing.muscle and any(each.kind is Kind.MUSCLE and each.id == thing.muscle.id for each in still_hidden):
        return above(left, t("catalog-shown-not-yet", name=thing.name, muscle=thing.muscle.name))
    if thing.muscle:
        left = _with(left, [button(label("catalog-record-now"), OpenExercise(exercise=thing.id))])
    return above(left, t("catalog-shown", name=thing.name), toast=label("catalog-toast-shown", name=thing.name))


def there(question: Screen, thing: Thing | None) -> Screen:
    """The question once more, below the one that has this name already."""
    if thing is None:  # it came into being at this very moment, and went again
        return question
    where = OpenMuscle(muscle=thing.id) if thing.kind is Kind.MUSCLE else OpenExercise(exercise=thing.id)
    return above(_with(question, [button(thing.name, where)]), t("catalog-there", name=thing.name))


def there_hidden(question: Screen, thing: Thing) -> Screen:
    """The question once more, below the hidden one that has this name already."""
    show = button(label("catalog-show-one", name=thing.name), ShowAgain(kind=thing.kind, id=thing.id))
    return above(_with(question, [show]), t("catalog-there-hidden", name=thing.name))


def _searched(text: str, keyboard: Sequence[Row]) -> Screen:
    return Screen(text, keyboard, asks=Asked.name, about={"day": ""})


def _with(screen: Screen, row: Row) -> Screen:
    return replace(screen, keyboard=[row, *screen.keyboard])


def _back(up: CallbackData) -> Row:
    return [button(label("go-back"), up)]


def _named(things: Sequence[Thing], leads_to: Callable[[Thing], CallbackData]) -> list[Button]:
    """Buttons of muscles and exercises; two exercises of one name say which muscle they belong to."""
    names = Counter(each.name for each in things if each.kind is Kind.EXERCISE)
    buttons = []
    for each in things:
        name = each.name
        if each.muscle is None:
            name = label("catalog-muscle", name=name)
        elif names[name] > 1:
            name = label("catalog-exercise-of", name=name, muscle=each.muscle.name)
        buttons.append(button(name, leads_to(each)))
    return buttons


def _pages(buttons: Sequence[Button], number: int, turn: Callable[[int], CallbackData]) -> list[Row]:
    """One page of buttons, and the way to the others."""
    where = page(len(buttons), number)
    return [
        *fitted(buttons[where.start : where.stop]),
        *pager(
            where,
            back=button("◀", turn(where.number - 1)) if where.number > 1 else {},
            here=button(f"{where.number}/{where.count}", turn(where.number)),
            on=button("▶", turn(where.number + 1)),
        ),
    ]
