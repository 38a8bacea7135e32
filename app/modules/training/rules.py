"""The rules of recording that need no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from app.modules.training.model import MuscleList, Record, Session, Set, Trained
from app.templates.exercise import MOST_REPS, MOST_SETS, MOST_WEIGHT, POUNDS, SETS, WEIGHTS
from app.utils.units import Unit, in_kilos, in_unit

TOP = 5
WEIGHTS_SHOWN = 20
HIGHEST_SET = 99  # that the table takes; a day in the bot ends at MOST_SETS
MOST_SET_BUTTONS = 90  # Telegram takes 100 in all
BODYWEIGHT = Decimal(0)
_POUNDS = tuple(in_kilos(pounds, Unit.LB) for pounds in POUNDS)
IN_HAND = timedelta(hours=3)  # after its last set, an exercise is not in hand any more: the training is over


def is_possible(done: Set, *, highest: int = MOST_SETS) -> bool:
    """Whether a button may ask for that set; buttons are user input. What is there already may have a higher number."""
    return (
        1 <= done.set_no <= highest
        and done.weight.is_finite()
        and 0 <= done.weight <= MOST_WEIGHT
        and done.weight == round(done.weight, 5)
        and 1 <= done.reps <= MOST_REPS
    )


def next_free(taken: Iterable[int]) -> int | None:
    """Find the first set number that is not taken; None when the day is full."""
    numbers = set(taken)
    return next((number for number in range(1, MOST_SETS + 1) if number not in numbers), None)


def set_numbers(session: Session) -> list[int]:
    """Say which set buttons there are: six, and one more each time the last is taken; what is there has one anyway.

    More than a day takes come of two exercises that became one. Of one out of the lists only what is there is shown.
    """
    there = [done.set_no for done in session.sets]
    free = range(1, min(max(len(SETS), max(there, default=0) + 1), MOST_SETS) + 1) if session.listed else ()
    return sorted({*free, *there})[:MOST_SET_BUTTONS]


def minutes_trained(moments: Iterable[datetime]) -> int:
    """Say how long a day's sets took; what was added days later, or after some hours of rest, is not time in a gym."""
    pauses = (later - earlier for earlier, later in pairwise(sorted(moments)))
    return round(sum((pause for pause in pauses if pause < IN_HAND), timedelta()).total_seconds() / 60)


def by_number(sets: Sequence[Set], set_no: int | None) -> Set | None:
    """Find a set by its number."""
    return next((done for done in sets if done.set_no == set_no), None)


def reads_like(one: Decimal, other: Decimal, unit: Unit) -> bool:
    """Whether a person sees no difference: 61.23kg are 135 lb to somebody who counts in kilos."""
    return in_unit(one, unit) == in_unit(other, unit)


def one_taps(session: Session) -> list[Set]:
    """Guess the next set: as the same set last time, or as the set just done."""
    number = next_free(done.set_no for done in session.sets)
    if number is None or not session.listed:
        return []
    likely = [by_number(session.last_sets, number), by_number(session.sets, session.newest)]
    if not session.sets and likely[0] is None:
        likely.append(session.last_sets[-1] if session.last_sets else None)
    guesses = [Set(number, done.weight, done.reps) for done in likely if done is not None]
    return list({(in_unit(each.weight, session.unit), each.reps): each for each in guesses}.values())


def is_record(session: Session, done: Set, *, times: int = 1) -> bool:
    """Say whether the sets just saved beat the former record; the first of an exercise have beaten nothing."""
    equal = [each for each in session.sets if (each.weight, each.reps) == (done.weight, done.reps)]
    is_first_ever = session.days == 1 and len(session.sets) == times
    is_best = session.record == Record(done.weight, done.reps, session.day.day)
    return is_best and len(equal) == times and not is_first_ever


def last_done(session: Session) -> Set | None:
    """Find the set of this exercise that was done last, on this day or before."""
    return by_number(session.sets, session.newest) or (session.last_sets[-1] if session.last_sets else None)


def known_instead(session: Session, weight: Decimal) -> Decimal | None:
    """Find the weight that was probably meant, when a typed one is far from all that was lifted before."""
    record, last = session.record, last_done(session)
    if weight == BODYWEIGHT or record is None or record.weight == BODYWEIGHT:
        return None
    if weight > record.weight * Decimal("1.3") and weight > record.weight + 10:
        return record.weight
    if last is not None and last.weight != BODYWEIGHT and weight > last.weight * 10:
        return last.weight
    return None


@dataclass(frozen=True, slots=True)
class Weights:
    """Some of the weights to choose from, and where the lighter and the heavier ones begin."""

    shown: tuple[Decimal, ...]
    start: int
    lighter: int | None
    heavier: int | None


def offered(unit: Unit) -> tuple[Decimal, ...]:
    """List the weights that buttons offer to everybody, in kilos."""
    return WEIGHTS if unit is Unit.KG else _POUNDS


def ladder(around: Decimal, unit: Unit, step: Decimal) -> list[Decimal]:
    """List weights by a step round one, in kilos: from it, or from full steps when it was entered in another unit."""
    here = in_unit(around, unit)
    if in_kilos(here, unit) != around:
        here = here // step * step
    half = WEIGHTS_SHOWN // 2
    rungs = (here + step * count for count in range(-half, half + 1))
    return [in_kilos(rung, unit) for rung in rungs if 0 < rung <= in_unit(MOST_WEIGHT, unit)]


def _around(session: Session, set_no: int) -> Decimal:
    """Find the weight that the next one is probably near."""
    near = by_number(session.sets, set_no) or by_number(session.sets, session.newest)
    near = near or by_number(session.last_sets, set_no) or last_done(session)
    return near.weight if near else BODYWEIGHT


def weights(session: Session, set_no: int, start: int | None = None) -> Weights:
    """Lay out about twenty weights round the last one of this exercise, or from a place in the list."""
    around, common = _around(session, set_no), offered(session.unit)
    if session.step and around:
        rungs = ladder(around, session.unit, session.step)
        common = (*rungs, *(each for each in common if not rungs[0] <= each <= rungs[-1]))
    known = (each for each in (*session.own_weights, *common, around) if each != BODYWEIGHT)
    every = sorted({in_unit(each, session.unit): each for each in known}.values())  # of two that read alike, the later
    if start is None:
        near = next((place for place, each in enumerate(every) if each >= around), len(every))
        start = near - WEIGHTS_SHOWN // 2 if around else 0
    start = max(0, min(start, len(every) - WEIGHTS_SHOWN))
    stop = start + WEIGHTS_SHOWN
    return Weights(
        tuple(every[start:stop]),
        start,
        max(0, start - WEIGHTS_SHOWN) if start else None,
        stop if stop < len(every) else None,
    )


@dataclass(frozen=True, slots=True)
class Shortlist:
    """What a muscle's list shows first, and whether there is more behind `Show All`."""

    shown: tuple[Trained, ...]
    more: bool


def shortlist(found: MuscleList) -> Shortlist:
    """Choose the five trained on most days (the later trained first among equals), drawn by name; all when none is."""
    top = _top(found)
    return Shortlist(top, more=True) if top else Shortlist(found.exercises, more=False)


def whole_list(found: MuscleList) -> tuple[Trained, ...]:
    """Order everything: the top ones first, then the rest, each by name."""
    top = _top(found)
    return (*top, *(each for each in found.exercises if each not in top))


def _top(found: MuscleList) -> tuple[Trained, ...]:
    trained = [each for each in found.exercises if each.last_at is not None]
    best = sorted(trained, key=lambda each: (each.days, each.last_at), reverse=True)[:TOP]
    return tuple(each for each in found.exercises if each in best)
