"""The screens of a recording, from the muscle to the saved set."""

import calendar
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from aiogram.filters.callback_data import CallbackData
from babel.dates import format_date, get_day_names

from app.modules.catalog.model import Exercise
from app.modules.history.callbacks import OpenDay
from app.modules.menu.callbacks import OpenMenu
from app.modules.screen import Screen, button
from app.modules.states import Asked
from app.modules.texts import Html, label, language, long_day, named_day, short_day, t, weight_text
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
    RecordEntry,
    RecordQuick,
    RecordSet,
    RemoveNote,
    ReplaceSet,
    ShowAll,
    Undo,
    written,
)
from app.modules.training.model import (
    Entered,
    GymDay,
    MuscleList,
    Session,
    Set,
    Start,
    Summary,
    Trained,
    Undone,
)
from app.modules.training.rules import (
    BODYWEIGHT,
    by_number,
    next_free,
    one_taps,
    set_numbers,
    shortlist,
    weights,
    whole_list,
)
from app.templates.exercise import MOST_NOTE, MOST_SETS, REPS
from app.utils.markups import Button, Row, fitted, grid, page, pager
from app.utils.tables import drawn
from app.utils.units import Unit, plain

SET_COLUMNS = 3
DONE_COLUMNS = 2
WEIGHT_COLUMNS = 4
REPS_COLUMNS = 5
BLANK = "·"
MOST_ROWS = 60  # of a table; a day of two exercises that became one may have more than a message takes
MOST_SUMMED = 20  # exercises of a day that are told one by one; names are long, messages are not


def said(done: Set, unit: Unit) -> dict[str, str]:
    """Tell a set to a text."""
    return {"set_no": str(done.set_no), "weight": weight_text(done.weight, unit), "reps": str(done.reps)}


def muscles(start: Start, day: GymDay | None = None, *, first: int = 0, removed: Html | None = None) -> Screen:
    """The first screen: what is likely next, then the muscles."""
    code = written(day)
    likely = [
        button(
            label("training-likely", exercise=each.exercise.name)
            if each.next_set is None
            else label("training-likely-next", exercise=each.exercise.name, set_no=str(each.next_set)),
            OpenExercise(exercise=each.exercise.id, day=code),
        )
        for each in start.likely
    ]
    ordered = sorted(start.muscles, key=lambda muscle: muscle.id != first)  # stable: the others keep their order
    all_muscles = [button(muscle.name, OpenMuscle(muscle=muscle.id, day=code)) for muscle in ordered]
    keyboard = [
        *grid(likely, columns=1),
        *fitted(all_muscles),
        [button(label("training-another-day"), OpenCalendar())],
        [button(label("go-back"), OpenMenu())],
    ]
    text = _lines(removed, _for_day(day), t("training-muscles"), between="\n\n")
    return Screen(text, keyboard, asks=Asked.name, about={"day": code})


def exercises(found: MuscleList, day: GymDay | None = None) -> Screen:
    """The short list of a muscle: what this person trains, or everything when that is nothing yet."""
    chosen = shortlist(found)
    if not chosen.more:
        return _exercises(found, chosen.shown, day, number=1, back=_back_to_muscles(day))
    show_all = button(label("training-show-all"), ShowAll(muscle=found.muscle.id, day=written(day)))
    keyboard = [*_exercise_rows(chosen.shown, day), [show_all], _back_to_muscles(day)]
    text = _lines(_for_day(day), t("training-exercises", muscle=found.muscle.name), between="\n\n")
    return Screen(text, keyboard, asks=Asked.name, about={"day": written(day)})


def all_exercises(found: MuscleList, day: GymDay | None = None, *, number: int = 1) -> Screen:
    """Everything of a muscle, the most trained first."""
    shorter = [button(label("go-back"), OpenMuscle(muscle=found.muscle.id, day=written(day)))]
    back = shorter if shortlist(found).more else _back_to_muscles(day)
    return _exercises(found, whole_list(found), day, number=number, back=back)


def _exercises(found: MuscleList, shown: Sequence[Trained], day: GymDay | None, *, number: int, back: Row) -> Screen:
    where = page(len(shown), number)

    def to(target: int, text: str) -> Button:
        return button(text, ShowAll(muscle=found.muscle.id, page=target, day=written(day)))

    keyboard = [
        *_exercise_rows(shown[where.start : where.stop], day),
        *pager(
            where,
            back=to(where.number - 1, "◀") if where.number > 1 else {},
            here=to(where.number, f"{where.number}/{where.count}"),
            on=to(where.number + 1, "▶"),
        ),
        back,
    ]
    name = found.muscle.name
    title = t("training-exercises", muscle=name) if shown else t("training-exercises-none", muscle=name)
    return Screen(_lines(_for_day(day), title, between="\n\n"), keyboard, asks=Asked.name, about={"day": written(day)})


def exercise(session: Session) -> Screen:
    """One exercise: last time, the record, and the sets of the day."""
    sets = [_set_button(session, number) for number in set_numbers(session)]
    columns = DONE_COLUMNS if session.sets else SET_COLUMNS  # what was done takes more room
    if not session.listed:
        stays = t("training-unlisted" if session.sets else "training-unlisted-none", exercise=session.exercise.name)
        text = _lines(_expired(session), _marked(session), _head(session), stays, between="\n\n")
        keyboard = [*grid(sets, columns=columns), _back_up(session)]
        return Screen(text, keyboard, asks=Asked.exercise, about=_about(session))
    note = [button(label("training-note"), AskNote(exercise=session.exercise.id, day=written(session.day)))]
    keyboard = [*_one_tap_rows(session), *grid(sets, columns=columns), note, _back_up(session)]
    full = next_free(done.set_no for done in session.sets) is None
    question = t("training-day-full", count=str(MOST_SETS)) if full else t("training-pick-set")
    text = _lines(_expired(session), _marked(session), _head(session), question, between="\n\n")
    return Screen(text, keyboard, asks=Asked.exercise, about=_about(session))


def pick_weight(session: Session, set_no: int, *, start: int | None = None) -> Screen:
    """Which weight a set had, or is to have instead: about twenty round the last one, the rest behind two arrows."""
    code, unit = written(session.day), session.unit
    offered = weights(session, set_no, start)
    buttons = [
        button(weight_text(each, unit), PickWeight(exercise=session.exercise.id, set_no=set_no, weight=each, day=code))
        for each in offered.shown
    ]
    arrows = [
        button(text, OpenWeights(exercise=session.exercise.id, set_no=set_no, start=to, day=code))
        for text, to in (
            (label("training-lighter"), offered.lighter),
            (label("training-heavier"), offered.heavier),
        )
        if to is not None
    ]
    bodyweight = PickWeight(exercise=session.exercise.id, set_no=set_no, weight=BODYWEIGHT, day=code)
    keyboard = [
        *grid(buttons, columns=WEIGHT_COLUMNS),
        *([arrows] if arrows else []),
        [button(label("training-bodyweight"), bodyweight)],
        [button(label("go-back"), OpenExercise(exercise=session.exercise.id, day=code))],
    ]
    there = by_number(session.sets, set_no)
    if there is None:
        question = t("training-pick-weight", set_no=str(set_no))
    else:
        question = t("training-pick-weight-instead", **said(there, session.unit))
    text = _lines(_marked(session), _head(session), _to_beat(session, set_no), question, between="\n\n")
    return Screen(text, keyboard, asks=Asked.weight, about=_about(session, set_no=set_no, replaces=there is not None))


def pick_reps(session: Session, set_no: int, weight: Decimal) -> Screen:
    """How many reps a set had."""
    code = written(session.day)
    there = by_number(session.sets, set_no)
    buttons = [
        button(
            str(reps),
            replacing(session, there, Set(set_no, weight, reps))
            if there
            else RecordSet(exercise=session.exercise.id, set_no=set_no, weight=weight, reps=reps, day=code),
        )
        for reps in REPS
    ]
    back = OpenSet(exercise=session.exercise.id, set_no=set_no, day=code)
    keyboard = [*grid(buttons, columns=REPS_COLUMNS), [button(label("go-back"), back)]]
    how_heavy = label("training-bodyweight") if weight == BODYWEIGHT else weight_text(weight, session.unit)
    if there is None:
        question = t("training-pick-reps", set_no=str(set_no), weight=how_heavy)
    else:
        question = t("training-pick-reps-instead", **said(there, session.unit), instead=how_heavy)
    text = _lines(_marked(session), _head(session), _to_beat(session, set_no), question, between="\n\n")
    about = _about(session, set_no=set_no, weight=plain(weight), replaces=there is not None)
    return Screen(text, keyboard, asks=Asked.reps, about=about)


def set_done(session: Session, set_no: int, *, toast: str | None = None) -> Screen:
    """A set that is saved, and how to correct it."""
    done = by_number(session.sets, set_no)
    if done is None:  # it is gone again
        return exercise(session)
    code = written(session.day)
    start = weights(session, set_no).start
    replace_it = OpenWeights(exercise=session.exercise.id, set_no=set_no, start=start, day=code)
    delete = DeleteSet(exercise=session.exercise.id, set_no=set_no, weight=done.weight, reps=done.reps, day=code)
    keyboard = [
        [
            button(label("training-replace"), replace_it),
            button(label("training-delete"), delete),
        ],
        [button(label("go-back"), OpenExercise(exercise=session.exercise.id, day=code))],
    ]
    told = t("training-is-saved", **said(done, session.unit))
    text = _lines(_marked(session), told, _day_table(session), between="\n\n")
    about = _about(session, set_no=set_no, replaces=True)
    return Screen(text, keyboard, toast=toast, asks=Asked.weight, about=about)


def replace_or_keep(session: Session, done: Set) -> Screen:
    """Ask which of two is right: the set that is there, or the one that came now."""
    there = by_number(session.sets, done.set_no)
    if there is None:  # it is gone again
        return exercise(session)
    keyboard = [
        [
            button(label("training-replace"), replacing(session, there, done)),
            button(label("training-keep"), OpenExercise(exercise=session.exercise.id, day=written(session.day))),
        ],
        [button(label("go-back"), OpenExercise(exercise=session.exercise.id, day=written(session.day)))],
    ]
    instead = {"instead": weight_text(done.weight, session.unit), "instead_reps": str(done.reps)}
    question = t("training-replace-or-keep", **said(there, session.unit), **instead)
    text = _lines(_marked(session), question, _day_table(session), between="\n\n")
    return Screen(text, keyboard, asks=Asked.exercise, about=_about(session))


def deleted(session: Session, gone: Set) -> Screen:
    """The exercise without a set, and a way to put it back."""
    back = RecordSet(
        exercise=session.exercise.id,
        set_no=gone.set_no,
        weight=gone.weight,
        reps=gone.reps,
        day=written(session.day),
    )
    what = said(gone, session.unit)
    rest = above(exercise(session), t("training-deleted", **what), toast=label("training-toast-deleted", **what))
    if gone.set_no > MOST_SETS:  # of a day that has more than one takes
        return rest
    return replace(rest, keyboard=[[button(label("training-put-back", **what), back)], *rest.keyboard])


def undone(session: Session, what: Undone) -> Screen:
    """The exercise after an Undo."""
    if what.restored is not None:
        told, toast = t("training-undone-set", **said(what.restored, session.unit)), label("training-toast-undone")
    elif what.removed:
        numbers = _numbers(what.removed)
        told, toast = t("training-undone", numbers=numbers, count=len(what.removed)), label("training-toast-undone")
    else:
        told, toast = t("training-undone-nothing"), label("training-toast-undone-nothing")
    return above(exercise(session), told, toast=toast)


def above(screen: Screen, words: Html | None, *, toast: str | None = None) -> Screen:
    """Say something above a screen."""
    return replace(screen, text=_lines(words, screen.text, between="\n\n"), toast=toast)


def saved(
    session: Session,
    numbers: Sequence[int],
    *,
    entry: int | None = None,
    fresh: bool = False,
    replaced: bool = False,
    record: bool = False,
    toast: str | None = None,
) -> Screen:
    """Sets that are saved, the day's table of their exercise, and what may come next."""
    done = [each for each in session.sets if each.set_no in numbers]
    if not done:  # they are gone again
        return exercise(session)
    code = written(session.day)
    free = next_free(each.set_no for each in session.sets)
    keyboard = _one_tap_rows(session)
    if free is not None and session.listed:
        more = OpenSet(exercise=session.exercise.id, set_no=free, day=code)
        keyboard.append([button(label("training-continue"), more)])
    if session.follower is not None:
        keyboard.append([_follower(session.follower, session.day)])
    another = OpenStart(day=written(session.day.for_others), first=session.muscle_id)
    keyboard.append([button(label("training-another-exercise"), another)])
    finish = button(label("training-finish"), Finish(day=code))
    if entry is None:
        keyboard.append([finish])
    else:
        undo = Undo(exercise=session.exercise.id, entry=entry, day=code)
        keyboard.append([button(label("training-undo"), undo), finish])
    keyboard.append([button(label("go-back"), OpenExercise(exercise=session.exercise.id, day=code))])
    key = "training-replaced" if replaced else "training-saved" if fresh else "training-is-saved"
    if len(done) > 1:
        key = "training-saved-several" if fresh else "training-are-saved"
    told = t(key, **(said(done[0], session.unit) | {"set_no": _numbers([each.set_no for each in done])}))
    text = _lines(_marked(session), _lines(told, record_line(record)), _day_table(session), between="\n\n")
    return Screen(text, keyboard, toast=toast, asks=Asked.exercise, about=_about(session))


def doubtful(
    session: Session,
    weight: Decimal,
    known: Decimal,
    *,
    choices: Sequence[tuple[Decimal, CallbackData]],
    set_no: int = 0,
) -> Screen:
    """Ask whether a typed weight is meant, with the known one beside it; another may be typed as well."""
    is_best = session.record is not None and known == session.record.weight
    key = "training-doubt-record" if is_best else "training-doubt-last"
    keyboard = [
        [button(weight_text(each, session.unit), leads_to) for each, leads_to in choices],
        [button(label("go-back"), OpenExercise(exercise=session.exercise.id, day=written(session.day)))],
    ]
    doubt = t(key, weight=weight_text(weight, session.unit), known=weight_text(known, session.unit))
    text = _lines(_marked(session), doubt, between="\n\n")
    if not set_no:
        return Screen(text, keyboard, asks=Asked.exercise, about=_about(session))
    there = by_number(session.sets, set_no)
    about = _about(session, set_no=set_no, replaces=there is not None)
    return Screen(text, keyboard, asks=Asked.weight, about=about)


def which_exercise(
    found: Sequence[Exercise],
    entered: Entered | None,
    *,
    unit: Unit,
    entry: int,
    day: GymDay | None,
    more: bool = False,
) -> Screen:
    """Ask which exercise is meant: for what was typed, or to open it."""
    code = written(day.for_others) if day else ""  # for screens; sets go to the day on which they were typed

    def leads_to(each: Exercise) -> CallbackData:
        if entered is None:
            return OpenExercise(exercise=each.id, day=code)
        return RecordEntry(
            exercise=each.id,
            entry=entry,
            sets=entered.sets,
            set_no=0,
            weight=entered.weight,
            reps=entered.reps,
            sure=False,
            day=written(day),
        )

    question: str = t("training-which")
    if entered is not None:
        question = t("training-which-for", entry=equal_sets(entered, unit))
    if more:
        question = _lines(question, t("training-which-more"))
    keyboard = [
        *fitted([button(each.name, leads_to(each)) for each in found]),
        [button(label("go-back"), OpenStart(day=code))],
    ]
    marked = day if day and day.marked else None
    return Screen(_lines(_for_day(marked), question, between="\n\n"), keyboard, asks=Asked.name, about={"day": code})


def equal_sets(entered: Entered, unit: Unit) -> str:
    """Write equal sets as people type them: 60kg × 8, or 3 × 60kg × 8."""
    one = f"{weight_text(entered.weight, unit)} × {entered.reps}"
    return one if entered.sets == 1 else f"{entered.sets} × ({one})"


def ask_note(session: Session) -> Screen:
    """Ask for the note of an exercise."""
    code = written(session.day)
    keyboard = [[button(label("go-back"), OpenExercise(exercise=session.exercise.id, day=code))]]
    name = session.exercise.name
    if session.note is None:
        text = t("training-ask-note", exercise=name, limit=str(MOST_NOTE))
    else:
        keyboard.insert(0, [button(label("training-remove-note"), RemoveNote(exercise=session.exercise.id, day=code))])
        text = t("training-ask-note-instead", exercise=name, note=session.note, limit=str(MOST_NOTE))
    return Screen(_lines(_marked(session), text, between="\n\n"), keyboard, asks=Asked.note, about=_about(session))


def summary(found: Summary, day: GymDay | None = None) -> Screen:
    """What a day came to; one of the calendar or the history goes on as that day."""
    code = written(day.for_others) if day else ""
    back = OpenDay(day=written(GymDay(found.day))) if day and day.looking_back else OpenMenu()
    keyboard = [
        [button(label("training-carry-on"), OpenStart(day=code))],
        [button(label("go-back"), back)],
    ]
    if not found.exercises:
        none = t("training-summary-none", day=named_day(found.day))
        return Screen(none, keyboard, asks=Asked.name, about={"day": code})
    lines = [
        t(
            "training-summary-exercise",
            exercise=each.exercise.name,
            count=len(each.sets),
            weight=weight_text(each.best.weight, found.unit),
            reps=str(each.best.reps),
        )
        for each in found.exercises[:MOST_SUMMED]
    ]
    if len(found.exercises) > MOST_SUMMED:
        lines.append(t("training-summary-more", count=len(found.exercises) - MOST_SUMMED))
    text = _lines(
        t("training-summary", day=named_day(found.day)),
        _lines(*lines),
        t("training-summary-total", **found.total),
        between="\n\n",
    )
    return Screen(text, keyboard, asks=Asked.name, about={"day": code})


def record_line(record: bool) -> Html | None:
    """The line that celebrates."""
    return t("training-record") if record else None


def another_day(today: date, month: int = 0) -> Screen:
    """A month of buttons; the days to come are not offered."""
    year, number = divmod(month, 100)
    shown = date(year, number, 1) if 2000 <= year <= today.year and 1 <= number <= 12 else today.replace(day=1)
    shown = min(shown, today.replace(day=1))
    this_month = OpenCalendar(month=shown.year * 100 + shown.month)
    rows: list[Row] = []
    for week in calendar.Calendar().monthdatescalendar(shown.year, shown.month):
        rows.append(
            [
                button(
                    f"• {day.day}" if day == today else str(day.day), OpenStart(day=written(GymDay(day, marked=True)))
                )
                if day.month == shown.month and day <= today
                else button(BLANK, this_month)
                for day in week
            ]
        )
    rows = [row for row in rows if any(each["text"] != BLANK for each in row)]
    rows.insert(0, [button(_weekday(number), this_month) for number in range(7)])
    before = (shown.year - 1) * 100 + 12 if shown.month == 1 else this_month.month - 1
    after = (shown.year + 1) * 100 + 1 if shown.month == 12 else this_month.month + 1
    turn = [button("◀", OpenCalendar(month=before))] if before >= 200001 else []
    if after <= today.year * 100 + today.month:
        turn.append(button("▶", OpenCalendar(month=after)))
    title = str(format_date(shown, "LLLL y", locale=language.get()))
    keyboard = [*rows, *([turn] if turn else []), [button(label("go-back"), OpenStart())]]
    return Screen(t("training-calendar", month=title), keyboard)


def _weekday(number: int) -> str:
    return str(get_day_names("short", locale=language.get())[number])


def _lines(*parts: str | None, between: str = "\n") -> str:
    return between.join(part for part in parts if part)


def _for_day(day: GymDay | None) -> str | None:
    return t("training-for-day", day=named_day(day.day)) if day else None


def _marked(session: Session) -> str | None:
    return t("training-for-day", day=named_day(session.day.day)) if session.day.marked else None


def _about(session: Session, **more: Any) -> dict[str, Any]:
    """What a question is about, so that a typed line can answer it."""
    return {"exercise": session.exercise.id, "day": written(session.day), **more}


def _numbers(numbers: Sequence[int]) -> str:
    """Write set numbers: 3, or 3 and 5, or 3–5."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(map(str, numbers))


def _day_table(session: Session) -> str:
    title = t("training-day-table", exercise=session.exercise.name, day=long_day(session.day.day))
    return f"{title}\n\n{_table(session.sets, session.unit)}"


def replacing(session: Session, there: Set, done: Set) -> ReplaceSet:
    """A button that gives a set other numbers, when it still has those that are shown."""
    return ReplaceSet(
        exercise=session.exercise.id,
        set_no=done.set_no,
        seen_weight=there.weight,
        seen_reps=there.reps,
        weight=done.weight,
        reps=done.reps,
        day=written(session.day),
    )


def _expired(session: Session) -> str | None:
    if session.expired is None:
        return None
    return t("training-expired", old=named_day(session.expired), day=named_day(session.day.day))


def _head(session: Session) -> str:
    """Last time and the record, or that there is neither; and the person's note."""
    name = session.exercise.name
    note = t("training-note-line", note=session.note) if session.note else None
    record = session.record
    pr = (
        None
        if record is None
        else t(
            "training-pr",
            weight=weight_text(record.weight, session.unit),
            reps=str(record.reps),
            day=long_day(record.day),
        )
    )
    if session.last_day is not None:
        last = t("training-last", exercise=name, day=short_day(session.last_day))
        return _lines(last, _table(session.last_sets, session.unit), pr, note, between="\n\n")
    return _lines(pr or t("training-first", exercise=name), note, between="\n\n")


def _to_beat(session: Session, set_no: int) -> str | None:
    last = by_number(session.last_sets, set_no)
    if last is None:
        return None
    return t("training-beat", **said(last, session.unit))


def _table(sets: Sequence[Set], unit: Unit) -> Html:
    columns = (label("training-column-set"), label("training-column-weight", unit=unit), label("training-column-reps"))
    rows = [
        (label("training-set", set_no=str(done.set_no)), weight_text(done.weight, unit), str(done.reps))
        for done in sets[:MOST_ROWS]
    ]
    if len(sets) > MOST_ROWS:
        rows.append(("…", f"+{len(sets) - MOST_ROWS}", ""))
    return Html(f"<pre>{drawn([columns, *rows])}</pre>")


def _set_button(session: Session, number: int) -> Button:
    done = by_number(session.sets, number)
    if done is None:
        text = label("training-set", set_no=str(number))
    else:
        text = label("training-set-done", **said(done, session.unit))
    return button(text, OpenSet(exercise=session.exercise.id, set_no=number, day=written(session.day)))


def _one_tap_rows(session: Session) -> list[Row]:
    return [
        [
            button(
                label("training-one-tap", **said(each, session.unit)),
                RecordQuick(
                    exercise=session.exercise.id,
                    set_no=each.set_no,
                    weight=each.weight,
                    reps=each.reps,
                    day=written(session.day),
                ),
            )
        ]
        for each in one_taps(session)
    ]


def _exercise_rows(shown: Sequence[Trained], day: GymDay | None) -> list[Row]:
    buttons = [button(each.exercise.name, OpenExercise(exercise=each.exercise.id, day=written(day))) for each in shown]
    return fitted(buttons)


def _follower(follower: Exercise, day: GymDay) -> Button:
    text = label("training-follower", exercise=follower.name)
    return button(text, OpenExercise(exercise=follower.id, day=written(day.for_others)))


def _back_to_muscles(day: GymDay | None) -> Row:
    return [button(label("go-back"), OpenStart(day=written(day)))]


def _back_up(session: Session) -> Row:
    if session.day.looking_back:
        return [button(label("go-back"), OpenDay(day=written(GymDay(session.day.day))))]
    return [button(label("go-back"), OpenMuscle(muscle=session.muscle_id, day=written(session.day.for_others)))]
