"""The screens of looking back."""

from datetime import date, timedelta

from babel.dates import format_date

from app.modules.export.callbacks import OpenExport
from app.modules.history.callbacks import OpenDay, OpenHistory, OpenRecords
from app.modules.history.model import PAGE_OF_RECORDS, Records, TrainingDay, TrainingDays
from app.modules.menu.callbacks import OpenMenu
from app.modules.screen import Screen, button
from app.modules.states import Asked
from app.modules.texts import Html, label, language, long_day, named_day, t, weight_text
from app.modules.training.callbacks import FIRST_DAY, OpenExercise, OpenStart, written
from app.modules.training.model import GymDay, Stretch, Summary
from app.utils.markups import Button, fitted, page, pager
from app.utils.units import Unit

NBSP = "\u00a0"  # a set is never broken in two lines
EXERCISES_SHOWN = 8  # of a day; the widest names and the sets of more do not fit into a message
MUSCLES_TOLD = 3  # of a day; a button is narrow
SETS_TOLD = 20  # of an exercise; a day in the bot ends there


def days(found: TrainingDays, *, year: int) -> Screen:
    """The days on which a person trained, newest first; those of this year without it."""
    back = [button(label("go-back"), OpenMenu())]
    beside = [button(label("history-records"), OpenRecords()), button(label("history-export"), OpenExport())]
    if not found.days:
        return Screen(t("history-none"), [[button(label("history-record"), OpenStart())], back])
    turn = []
    if found.newer:
        turn.append(button(label("history-newer"), OpenHistory(after=_code(found.days[0].day))))
    if found.older:
        turn.append(button(label("history-older"), OpenHistory(until=_code(found.days[-1].day - timedelta(1)))))
    rows = [[_day_button(each, year)] for each in found.days]
    return Screen(t("history-title"), [*rows, *([turn] if turn else []), beside, back])


def day(found: Summary, *, number: int = 1) -> Screen:
    """All that was done on a day, and the ways to correct it or to add to it."""
    where = page(len(found.exercises), number, size=EXERCISES_SHOWN)
    shown = found.exercises[where.start : where.stop]

    def to(target: int, text: str) -> Button:
        return button(text, OpenDay(day=_code(found.day), page=target))

    again = GymDay(found.day, marked=True, looking_back=True)
    keyboard = [
        *fitted(
            [button(each.exercise.name, OpenExercise(exercise=each.exercise.id, day=written(again))) for each in shown]
        ),
        *pager(
            where,
            back=to(where.number - 1, "◀") if where.number > 1 else {},
            here=to(where.number, f"{where.number}/{where.count}"),
            on=to(where.number + 1, "▶"),
        ),
        [button(label("history-record-here"), OpenStart(day=written(again.for_others)))],
        [button(label("go-back"), _page_of(found.day))],
    ]
    about = {"day": written(again.for_others)}
    title = t("history-day", day=named_day(found.day))
    if not found.exercises:
        return Screen(f"{title}\n\n{t('history-day-none')}", keyboard, asks=Asked.name, about=about)
    told = [_told(each, found.unit) for each in shown]
    text = "\n\n".join((title, *told, t("training-summary-total", **found.total), t("history-day-hint")))
    return Screen(text, keyboard, asks=Asked.name, about=about)


def records(found: Records, *, number: int = 1) -> Screen:
    """What a person lifted best, the exercise that they train most first; each leads to its day."""
    keyboard = [[button(label("go-back"), OpenHistory())]]
    if not found.bests:
        keyboard.insert(0, [button(label("history-record"), OpenStart())])
        return Screen(t("history-records-none"), keyboard)
    where = page(found.total, number, size=PAGE_OF_RECORDS)
    lines = [
        t(
            "history-best",
            exercise=best.exercise.name,
            weight=weight_text(best.record.weight, found.unit),
            reps=str(best.record.reps),
            day=long_day(best.record.day),
        )
        for best in found.bests
    ]
    buttons = [button(best.exercise.name, OpenDay(day=_code(best.record.day))) for best in found.bests]
    turn = pager(
        where,
        back=button("◀", OpenRecords(page=where.number - 1)) if where.number > 1 else {},
        here=button(f"{where.number}/{where.count}", OpenRecords(page=where.number)),
        on=button("▶", OpenRecords(page=where.number + 1)),
    )
    return Screen("\n\n".join((t("history-records-title"), "\n".join(lines))), [*fitted(buttons), *turn, *keyboard])


def _day_button(each: TrainingDay, year: int) -> Button:
    when = str(format_date(each.day, "EEE d MMM" if each.day.year == year else "EEE d MMM y", locale=language.get()))
    more = len(each.muscles) - MUSCLES_TOLD
    muscles = ", ".join(each.muscles[:MUSCLES_TOLD]) + (f" +{more}" if more > 0 else "")
    text = label("history-day-button", day=when, sets=each.sets, muscles=muscles)
    return button(text, OpenDay(day=_code(each.day)))


def _told(done: Stretch, unit: Unit) -> Html:
    sets = ", ".join(f"{weight_text(each.weight, unit)}{NBSP}×{NBSP}{each.reps}" for each in done.sets[:SETS_TOLD])
    more = len(done.sets) - SETS_TOLD
    return t("history-exercise", exercise=done.exercise.name, sets=f"{sets} … +{more}" if more > 0 else sets)


def _page_of(day: date) -> OpenHistory:
    """The page with a day, and with as many newer ones as it takes."""
    return OpenHistory(after=_code(day - timedelta(1))) if day > FIRST_DAY else OpenHistory(until=_code(day))


def _code(day: date) -> str:
    return written(GymDay(day))
