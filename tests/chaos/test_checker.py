"""The checker can fail: made-up histories, one for each way to break the promise."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.chaos.checker import Done, History, problems

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
