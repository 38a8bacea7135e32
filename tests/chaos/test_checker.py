"""The checker can fail: made-up histories, one for each way to break the promise."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any, cast

import pytest

from app.modules.screen import button
from app.modules.training.callbacks import OpenExercise, OpenSet, ReplaceSet
from tests.chaos.checker import Done, History, problems
from tests.chaos.lifters import Lifter
from tests.stage import Someone

ANN, BOB = 1, 2
TODAY = 9566
FIRST = Done(ANN, TODAY, 10, 1, "60", 10)
SECOND = Done(ANN, TODAY, 10, 2, "62.5", 8)
BOBS = Done(BOB, TODAY, 20, 1, "60", 10)


def good() -> History:
    """Three sets asked for, shown and kept."""
    every = [FIRST, SECOND, BOBS]
    return History(asked=set(every), shown=set(every), rows=every)


def test_a_good_history_has_no_problems() -> None:
    assert problems(good()) == []


def test_a_set_may_be_kept_before_its_person_saw_it() -> None:
    history = good()
    history.shown.remove(SECOND)
    assert problems(history) == []


def test_a_set_may_be_missing_when_its_person_was_told() -> None:
    history = good()
    history.rows.remove(SECOND)
    history.shown.remove(SECOND)
    history.told_otherwise.add(SECOND)
    assert problems(history) == []


def lost(history: History) -> None:
    history.rows.remove(SECOND)
    history.told_otherwise.add(SECOND)  # whatever else was said, it had been shown


def doubled(history: History) -> None:
    history.rows.append(SECOND)


def doubled_otherwise(history: History) -> None:
    other = replace(SECOND, weight="65")
    history.asked.add(other)
    history.rows.append(other)


def phantom(history: History) -> None:
    history.rows.append(replace(SECOND, set_no=3))


def other_numbers(history: History) -> None:
    history.asked.remove(SECOND)
    history.shown.remove(SECOND)
    history.asked.add(replace(SECOND, reps=9))
    history.told_otherwise.add(replace(SECOND, reps=9))


def wrong_owner(history: History) -> None:
    history.rows.append(replace(BOBS, person=ANN))


def unanswered(history: History) -> None:
    history.rows.remove(SECOND)
    history.shown.remove(SECOND)


def shown_unasked(history: History) -> None:
    history.asked.remove(SECOND)


@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        (lost, ["lost"]),
        (doubled, ["doubled"]),
        (doubled_otherwise, ["doubled", "doubled"]),
        (phantom, ["phantom"]),
        (other_numbers, ["phantom"]),
        (wrong_owner, ["wrong owner"]),
        (unanswered, ["unanswered"]),
        (shown_unasked, ["phantom", "shown"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_broken_history_is_found(breaks: Callable[[History], None], said: list[str]) -> None:
    history = good()
    breaks(history)
    assert [each.split(":")[0].split(",")[0] for each in problems(history)] == said


def test_a_lifter_reads_todays_table_and_not_the_last_trainings() -> None:
    instead = ReplaceSet(
        exercise=10, set_no=1, seen_weight=Decimal(60), seen_reps=10, weight=Decimal(65), reps=8, day=f"{TODAY}"
    )
    to_exercise, to_set = OpenExercise(exercise=10, day=f"{TODAY}"), OpenSet(exercise=10, set_no=1, day=f"{TODAY}")
    table = "| Set 1 | 60kg        | 10   |"
    for back, shown in [(to_exercise, {FIRST}), (to_set, set())]:  # Replace or keep; the reps of a set saved meanwhile
        nobody = cast(Any, None)
        lifter = Lifter(Someone(nobody, ANN), nobody, Random(1), History())
        lifter._note({"text": table, "reply_markup": {"inline_keyboard": [[button("8", instead), button("⬅️", back)]]}})
        assert lifter.history.shown == shown
