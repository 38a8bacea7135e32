"""Every function that makes a screen is tried, with the longest names and fullest lists, within Telegram's limits."""

import gc
import inspect
import io
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module
from types import CodeType, ModuleType

import pytest

from app.modules.catalog.rules import wrong_with
from app.modules.export import screens as export
from app.modules.export.model import Files, Written
from app.modules.history import screens as history
from app.modules.history.model import (
    PAGE_OF_DAYS,
    PAGE_OF_RECORDS,
    Best,
    Records,
    TrainingDay,
    TrainingDays,
)
from app.modules.menu import screens as menu
from app.modules.people import screens as people
from app.modules.people.model import Belongings
from app.modules.people.model import Settings as Settled
from app.modules.people.rules import UTC_ZONE, cities, city, regions, zones, zones_ahead
from app.modules.screen import Screen
from app.modules.texts import t
from app.modules.training.model import Record
from app.modules.training.rules import HIGHEST_SET
from app.templates.exercise import MOST_SETS
from app.utils.markups import PAGE_SIZE
from app.utils.units import Unit
from tests.catalog import test_name_rules
from tests.stage import ROOT
from tests.training import test_names
from tests.training.conftest import NOON
from tests.training.test_screens import check, largest_day, largest_screens

WIDE = {
    "emoji": "💪" * 64,
    "two ways of writing": "💪" * 63 + "א",
    "a sign of four bytes": "𐎠" * 64,
    "a long word of one letter": "\ufdfa" * 64,
    "markup": "<" * 64,
    "marks": "a" + "\u0301" * 63,
}


def screens_of_menu() -> list[Screen]:
    return [
        menu.menu(),
        menu.help_(),
        *(menu.cancelled(was_open=each) for each in (True, False)),
        menu.lost(t("not-text")),
    ]


def screens_of_people() -> list[Screen]:
    """Of the settings: every page of every list of cities, and the longest name among them."""
    made = [people.all_regions(), people.erased(), people.ask_clock(), people.ask_clock(again=True)]
    for number in (0, 1, 10**6):
        made += [
            people.ask_to_erase(Belongings(number, number, number, number), again=again) for again in (True, False)
        ]
    for zone in (UTC_ZONE, max(zones(), key=lambda each: len(city(each)))):
        made += [
            people.settings(Settled(zone, is_default=each, unit=Unit.LB, step=Decimal(5)), NOON)
            for each in (True, False)
        ]
    for region in regions():
        made += [people.region(region, number, NOON) for number in range(1, 2 + len(cities(region)) // PAGE_SIZE)]
    for minutes in (0, 60, 5 * 60 + 45):
        made += [people.by_clock(zones_ahead(minutes, NOON), minutes, number, NOON) for number in (1, 2)]
    return made


def screens_of_history(name: str = "Bench press") -> list[Screen]:
    """Full pages of days, of a day and of records, and empty ones."""
    day = largest_day(name)
    full = TrainingDays((TrainingDay(day.day, 999, (name,) * 12),) * PAGE_OF_DAYS, newer=True, older=True)
    best = Best(day.exercises[0].exercise, Record(Decimal("999.99"), 999, day.day))
    return [
        history.days(full, year=2026),
        history.days(TrainingDays((), newer=False, older=False), year=2026),
        history.day(day, number=2),
        history.day(replace(day, exercises=())),
        history.records(Records((best,) * PAGE_OF_RECORDS, total=999, unit=Unit.LB), number=2),
        history.records(Records((), total=0, unit=Unit.KG)),
    ]


def screens_of_export() -> list[Screen]:
    """What is said below the files; the lines below each file as if they were screens of their own."""
    made = []
    for number in (0, 1, 10**6):
        written = Written(date(2026, 11, 21), sets=number, exercises=number)
        made.append(export.handed_over(written))
        files = Files(io.BytesIO(), io.BytesIO(), io.BytesIO())
        made += [replace(made[-1], text=each.caption) for each in export.documents(written, files)]
    return made


TRIED: dict[str, Callable[[], list[Screen]]] = {
    "catalog": lambda: test_name_rules.all_screens("Bench press"),
    "export": screens_of_export,
    "history": screens_of_history,
    "menu": screens_of_menu,
    "people": screens_of_people,
    "training": lambda: test_names.all_screens("Bench press"),
}
ROOMS = sorted(file.parent.name for file in (ROOT / "app/modules").glob("*/screens.py"))


def called_by(work: Callable[[], object]) -> set[CodeType]:
    """Every function that ran."""
    ran: set[CodeType] = set()
    sys.setprofile(lambda frame, event, _: ran.add(frame.f_code) if event == "call" else None)
    try:
        work()
    finally:
        sys.setprofile(None)
    return ran


def public(module: ModuleType) -> dict[str, CodeType]:
    """The functions of a module that others may call."""
    return {
        name: function.__code__
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


@pytest.mark.parametrize("room", ROOMS)
def test_no_screen_is_forgotten(room: str) -> None:
    """A function that is named here is to be tried in the room's list of all screens."""
    ran = called_by(TRIED[room])
    forgotten = {name for name, code in public(import_module(f"app.modules.{room}.screens")).items() if code not in ran}
    assert forgotten == set()


@pytest.mark.parametrize("room", ROOMS)
def test_telegram_takes_every_screen(room: str) -> None:
    for screen in TRIED[room]():
        check(screen)


@pytest.mark.parametrize("room", ROOMS)
def test_no_screen_leaves_work_to_the_garbage_collector(room: str) -> None:
    """Whatever a screen needed is gone with it: what stays until a collection makes everybody wait for that."""
    TRIED[room]()  # texts are read at first use, and what reading them leaves is left once
    gc.collect()
    gc.disable()
    try:
        TRIED[room]()
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize("sets", [MOST_SETS, HIGHEST_SET])
@pytest.mark.parametrize("name", WIDE.values(), ids=WIDE)
def test_the_fullest_screens_of_a_recording_take_the_widest_names(name: str, sets: int) -> None:
    assert wrong_with(name) is None
    for screen in (*largest_screens(name, sets=sets, last_sets=sets), *screens_of_history(name)):
        check(screen)
