"""The screens of a recording, from the muscle to the saved set."""

import calendar
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel.dates import format_date, get_day_names
from prettytable import PrettyTable

from app.modules.catalog.model import Exercise
from app.modules.menu.callbacks import OpenMenu
from app.modules.screen import Screen, button
from app.modules.texts import Html, label, language, t
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
    written,
)
from app.modules.training.model import GymDay, MuscleList, Session, Set, Start, Trained
from app.modules.training.rules import (
    BODYWEIGHT,
    by_number,
    next_free,
    one_taps,
    plain,
    set_numbers,
    shortlist,
    weights,
    whole_list,
)
from app.templates.exercise import MOST_SETS, REPS
from app.utils.markups import Button, Row, fitted, grid, page, pager

SET_COLUMNS = 3
DONE_COLUMNS = 2
WEIGHT_COLUMNS = 4
REPS_COLUMNS = 5
BLANK = "·"


def kilos(weight: Decimal) -> str:
    """Write a weight as people read it: 60kg, 62.5kg, BW."""
    return "BW" if weight == BODYWEIGHT else f"{plain(weight)}kg"


def short(day: date) -> str:
    """Write a day as 15-12-2024."""
    return f"{day:%d-%m-%Y}"


def long(day: date) -> str:
    """Write a day as 10 December 2024, in the person's language."""
    return str(format_date(day, "d MMMM y", locale=language.get()))


def named(day: date) -> str:
    """Write a day with its weekday: Monday 10 December 2024."""
    return str(format_date(day, "EEEE d MMMM y", locale=language.get()))


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
    return Screen(_lines(removed, _for_day(day), t("training-muscles"), between="\n\n"), keyboard)


def exercises(found: MuscleList, day: GymDay | None = None) -> Screen:
    """The short list of a muscle: what this person trains, or everything when that is nothing yet."""
    chosen = shortlist(found)
    if not chosen.more:
        return _exercises(found, chosen.shown, day, number=1, back=_back_to_muscles(day))
    show_all = button(label("training-show-all"), ShowAll(muscle=found.muscle.id, day=written(day)))
    keyboard = [*_exercise_rows(chosen.shown, day), [show_all], _back_to_muscles(day)]
    return Screen(_lines(_for_day(day), t("training-exercises", muscle=found.muscle.name), between="\n\n"), keyboard)


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
    return Screen(_lines(_for_day(day), title, between="\n\n"), keyboard)


def exercise(session: Session) -> Screen:
    """One exercise: last time, the record, and the sets of the day."""
    numbers = set_numbers(session.sets)
    sets = [_set_button(session, number) for number in numbers]
    columns = DONE_COLUMNS if session.sets else SET_COLUMNS  # what was done takes more room
    keyboard = [*_one_tap_rows(session), *grid(sets, columns=columns), _back_to_list(session)]
    full = next_free(done.set_no for done in session.sets) is None
    question = t("training-day-full", count=str(MOST_SETS)) if full else t("training-pick-set")
    return Screen(_lines(_expired(session), _marked(session), _head(session), question, between="\n\n"), keyboard)


def pick_weight(session: Session, set_no: int, *, start: int | None = None) -> Screen:
    """Which weight a set had: about twenty round the last one, and the rest behind two arrows."""
    code = written(session.day)
    offered = weights(session, set_no, start)
    buttons = [
        button(kilos(each), PickWeight(exercise=session.exercise.id, set_no=set_no, weight=each, day=code))
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
    question = t("training-pick-weight", set_no=str(set_no))
    return Screen(
        _lines(_marked(session), _head(session), _to_beat(session, set_no), question, between="\n\n"), keyboard
    )


def pick_reps(session: Session, set_no: int, weight: Decimal) -> Screen:
    """How many reps a set had."""
    code = written(session.day)
    buttons = [
        button(
            str(reps),
            RecordSet(exercise=session.exercise.id, set_no=set_no, weight=weight, reps=reps, day=code),
        )
        for reps in REPS
    ]
    back = OpenSet(exercise=session.exercise.id, set_no=set_no, day=code)
    keyboard = [*grid(buttons, columns=REPS_COLUMNS), [button(label("go-back"), back)]]
    if weight == BODYWEIGHT:
        question = t("training-pick-reps-bodyweight", set_no=str(set_no))
    else:
        question = t("training-pick-reps", set_no=str(set_no), weight=kilos(weight))
    return Screen(
        _lines(_marked(session), _head(session), _to_beat(session, set_no), question, between="\n\n"), keyboard
    )


def saved(session: Session, set_no: int, *, fresh: bool = False, record: bool = False, toast: str = "") -> Screen:
    """A set that is saved, the day's table of its exercise, and what may come next."""
    code = written(session.day)
    done = by_number(session.sets, set_no)
    if done is None:  # it is gone again
        return exercise(session)
    free = next_free(each.set_no for each in session.sets)
    keyboard = _one_tap_rows(session)
    if free is not None:
        more = OpenSet(exercise=session.exercise.id, set_no=free, day=code)
        keyboard.append([button(label("training-continue"), more)])
    if session.follower is not None:
        keyboard.append([_follower(session.follower, session.day)])
    another = OpenStart(day=_kept(session.day), first=session.muscle_id)
    keyboard.append([button(label("training-another-exercise"), another)])
    keyboard.append([button(label("go-back"), OpenExercise(exercise=session.exercise.id, day=code))])
    said = {"set_no": str(done.set_no), "weight": kilos(done.weight), "reps": str(done.reps)}
    return Screen(
        _lines(
            _marked(session),
            _lines(t("training-saved", **said) if fresh else t("training-is-saved", **said), record_line(record)),
            t("training-day-table", exercise=session.exercise.name, day=long(session.day.day)),
            _table(session.sets),
            between="\n\n",
        ),
        keyboard,
        toast=toast or None,
    )


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


def _kept(day: GymDay) -> str:
    """A marked day stays marked from screen to screen; any other is chosen anew by the day rule."""
    return written(day) if day.marked else ""


def _for_day(day: GymDay | None) -> str | None:
    return t("training-for-day", day=named(day.day)) if day else None


def _marked(session: Session) -> str | None:
    return t("training-for-day", day=named(session.day.day)) if session.day.marked else None


def _expired(session: Session) -> str | None:
    if session.expired is None:
        return None
    return t("training-expired", old=named(session.expired), day=named(session.day.day))


def _head(session: Session) -> str:
    """Last time and the record, or that there is neither."""
    name = session.exercise.name
    record = session.record
    pr = (
        None
        if record is None
        else t("training-pr", weight=kilos(record.weight), reps=str(record.reps), day=long(record.day))
    )
    if session.last_day is not None:
        last = t("training-last", exercise=name, day=short(session.last_day))
        return _lines(last, _table(session.last_sets), pr, between="\n\n")
    return pr or t("training-first", exercise=name)


def _to_beat(session: Session, set_no: int) -> str | None:
    last = by_number(session.last_sets, set_no)
    if last is None:
        return None
    return t("training-beat", set_no=str(set_no), weight=kilos(last.weight), reps=str(last.reps))


def _table(sets: Sequence[Set]) -> Html:
    table = PrettyTable(
        [label("training-column-set"), label("training-column-weight"), label("training-column-reps")], align="l"
    )
    for done in sets:
        table.add_row([label("training-set", set_no=str(done.set_no)), kilos(done.weight), str(done.reps)])
    return Html(f"<pre>{table.get_string()}</pre>")


def _set_button(session: Session, number: int) -> Button:
    done = by_number(session.sets, number)
    if done is None:
        text = label("training-set", set_no=str(number))
    else:
        text = label("training-set-done", set_no=str(number), weight=kilos(done.weight), reps=str(done.reps))
    return button(text, OpenSet(exercise=session.exercise.id, set_no=number, day=written(session.day)))


def _one_tap_rows(session: Session) -> list[Row]:
    return [
        [
            button(
                label("training-one-tap", set_no=str(each.set_no), weight=kilos(each.weight), reps=str(each.reps)),
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
    return button(text, OpenExercise(exercise=follower.id, day=_kept(day)))


def _back_to_muscles(day: GymDay | None) -> Row:
    return [button(label("go-back"), OpenStart(day=written(day)))]


def _back_to_list(session: Session) -> Row:
    return [button(label("go-back"), OpenMuscle(muscle=session.muscle_id, day=_kept(session.day)))]
