"""The checker can fail: made-up histories, one for each way to break the promise."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.modules.screen import button
from app.modules.training.callbacks import OpenExercise
from tests.chaos.checker import Ask, Done, History, problems
from tests.chaos.lifters import Lifter, Step

ANN, BOB = 1, 2
TODAY = 9566
FIRST = Done(ANN, TODAY, 10, 1, "60", 10)
SECOND = Done(ANN, TODAY, 10, 2, "62.5", 8)
TYPED = Done(ANN, TODAY, 10, 3, "1.01", 8)
TYPED_NEXT = Done(ANN, TODAY, 10, 4, "1.02", 8)
BOBS = Done(BOB, TODAY, 20, 1, "70", 10)


def good() -> History:
    """Five sets asked for, two of them typed, all shown and kept."""
    every = [FIRST, SECOND, TYPED, TYPED_NEXT, BOBS]
    asks = [Ask(replace(done, set_no=0) if done in (TYPED, TYPED_NEXT) else done) for done in every]
    return History(asked=asks, shown=set(every), rows=every)


def found(history: History) -> dict[str, int]:
    return {wrong: len(them) for wrong, them in problems(history).items() if them}


def ask(history: History, done: Done) -> Ask:
    return next(each for each in history.asked if each.done.mark == done.mark)


def test_a_good_history_has_no_problems() -> None:
    assert found(good()) == {}


def test_a_set_may_be_kept_before_its_person_saw_it() -> None:
    history = good()
    history.shown.remove(SECOND)
    assert found(history) == {}


@pytest.mark.parametrize("why", ["told_otherwise", "never_arrived", "undo"])
def test_a_set_may_be_missing_for_a_reason_that_its_person_knows(why: str) -> None:
    history = good()
    history.rows.remove(SECOND)
    if why != "undo":
        history.shown.remove(SECOND)
    setattr(ask(history, SECOND), why, "shown" if why == "undo" else True)
    assert found(history) == {}


def lost(history: History) -> None:
    history.rows.remove(SECOND)
    ask(history, SECOND).told_otherwise = True  # whatever else was said, it had been shown


def doubled(history: History) -> None:
    history.rows.append(SECOND)


def typed_twice(history: History) -> None:
    history.rows.append(replace(TYPED, set_no=5))


def phantom(history: History) -> None:
    history.rows.append(replace(SECOND, set_no=5, reps=7))


def other_numbers(history: History) -> None:
    history.rows[1] = replace(SECOND, reps=9)
    history.shown.remove(SECOND)


def back_again(history: History) -> None:
    ask(history, SECOND).undo = "shown"


def wrong_owner(history: History) -> None:
    history.rows.append(replace(BOBS, person=ANN))


def forbidden(history: History) -> None:
    history.forbidden.add((ANN, 30))
    history.rows.append(replace(FIRST, exercise=30))


def wrong_day(history: History) -> None:
    history.rows[0] = replace(FIRST, day=TODAY + 1)
    history.shown.remove(FIRST)


def unanswered(history: History) -> None:
    history.rows.remove(SECOND)
    history.shown.remove(SECOND)


def out_of_order(history: History) -> None:
    history.rows[2:4] = [replace(TYPED, set_no=4), replace(TYPED_NEXT, set_no=3)]
    history.shown -= {TYPED, TYPED_NEXT}


@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        (lost, {"lost": 1}),
        (doubled, {"doubled": 2}),
        (typed_twice, {"doubled": 1}),
        (phantom, {"phantom": 1}),
        (other_numbers, {"phantom": 1, "unanswered": 1}),
        (back_again, {"phantom": 1}),
        (wrong_owner, {"wrong_owner": 1}),
        (forbidden, {"wrong_owner": 1}),
        (wrong_day, {"wrong_day": 1, "unanswered": 1}),
        (unanswered, {"unanswered": 1}),
        (out_of_order, {"out_of_order": 1}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_broken_history_is_found(breaks: Callable[[History], None], said: dict[str, int]) -> None:
    history = good()
    breaks(history)
    assert found(history) == said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("✅ Set 1 saved: 60kg × 10\n| Set 1 | 60kg        | 10   |", {FIRST}),
        ("📊 Your last training\n| Set 1 | 60kg        | 10   |", set()),
    ],
    ids=["saved", "last-training"],
)
def test_a_lifter_takes_for_saved_what_stands_below_a_tick(text: str, shown: set[Done]) -> None:
    lifter = Lifter(ANN, None, None, History(), lambda what, **about: None)  # type: ignore[arg-type]
    keyboard = {"inline_keyboard": [[button("⬅️", OpenExercise(exercise=10, day=f"{TODAY}"))]]}
    message = {"message_id": 5, "from": {"is_bot": True}, "text": text, "reply_markup": keyboard}
    lifter._hear({"kind": "edited", "message": message}, Step("/gym"))
    assert lifter.history.shown == shown
