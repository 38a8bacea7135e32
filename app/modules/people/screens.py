"""Screens of the settings, and of leaving."""

from collections.abc import Callable, Sequence
from datetime import datetime

from aiogram.filters.callback_data import CallbackData

from app.modules.menu.callbacks import OpenMenu
from app.modules.people.callbacks import (
    AskClock,
    OpenClock,
    OpenRegion,
    OpenRegions,
    OpenSettings,
    SetStep,
    SetUnit,
    SetZone,
)
from app.modules.people.model import Belongings, Settings
from app.modules.people.rules import UTC_ZONE, cities, city, regions, shown_now
from app.modules.screen import Screen, button
from app.modules.states import Asked
from app.modules.texts import Html, label, t
from app.templates.exercise import STEPS
from app.utils.markups import Row, fitted, grid, page, pager
from app.utils.units import Unit, plain, step_in

CONFIRMATION = "DELETE"


def settings(found: Settings, at: datetime, *, said: Html | None = None, toast: str | None = None) -> Screen:
    """What is settled."""
    key = "settings-zone-default" if found.is_default else "settings-zone"
    parts = [
        said,
        t("settings-title"),
        t(key, city=city(found.zone), clock=shown_now(found.zone, at)),
        t("settings-unit", unit=found.unit),
        t("settings-steps", step=f"{plain(found.step)}{found.unit}") if found.step else t("settings-steps-listed"),
    ]
    units = [button(_chosen(each, each is found.unit), SetUnit(unit=each)) for each in Unit]
    steps = [button(_chosen(label("settings-listed"), found.step is None), SetStep(step="0"))]
    for kilos in STEPS:
        step = step_in(found.unit, kilos)
        steps.append(button(_chosen(f"{plain(step)}{found.unit}", step == found.step), SetStep(step=f"{kilos:f}")))
    keyboard = [
        [button(label("settings-change-zone"), OpenRegions())],
        units,
        steps,
        [button(label("go-back"), OpenMenu())],
    ]
    return Screen("\n\n".join(part for part in parts if part), keyboard, toast=toast)


def _chosen(text: str, is_chosen: bool) -> str:
    return f"✅ {text}" if is_chosen else text


def all_regions() -> Screen:
    """The regions of the zone list."""
    keyboard = [
        [button(label("settings-by-clock"), AskClock())],
        *grid([button(each, OpenRegion(region=each)) for each in regions()], columns=2),
        [button(label("settings-utc"), SetZone(zone=UTC_ZONE))],
        [button(label("go-back"), OpenSettings())],
    ]
    return Screen(t("settings-which-region"), keyboard)


def region(name: str, number: int, at: datetime) -> Screen:
    """The cities of a region, each with what its clocks show."""
    return _zones(
        t("settings-which-city"),
        cities(name),
        number,
        at,
        turn=lambda target: OpenRegion(region=name, page=target),
        back=OpenRegions(),
    )


def by_clock(zones: Sequence[str], minutes: int, number: int, at: datetime) -> Screen:
    """The cities whose clocks show what was answered."""
    return _zones(
        t("settings-which-near"),
        zones,
        number,
        at,
        turn=lambda target: OpenClock(minutes=minutes, page=target),
        back=OpenRegions(),
    )


def ask_clock(*, again: bool = False) -> Screen:
    """Ask what the clock shows."""
    text = t("settings-clock-again") if again else t("settings-clock")
    return Screen(text, [[button(label("go-back"), OpenRegions())]], asks=Asked.clock)


def ask_to_erase(found: Belongings, *, again: bool = False) -> Screen:
    """Say what would be erased, and ask to type the word that does it."""
    parts = [
        t("erase-not-yet", word=CONFIRMATION) if again else None,
        t("erase-title"),
        t("erase-what", sets=found.sets, exercises=found.exercises, muscles=found.muscles, notes=found.notes),
        t("erase-how", word=CONFIRMATION),
    ]
    keyboard = [[button(label("erase-keep"), OpenMenu())]]
    return Screen("\n\n".join(part for part in parts if part), keyboard, asks=Asked.erasure)


def erased() -> Screen:
    """Goodbye; a button begins anew, and is the only thing that does."""
    return Screen(t("erase-done"), [[button(label("erase-begin-anew"), OpenMenu())]])


def _zones(
    text: Html,
    zones: Sequence[str],
    number: int,
    at: datetime,
    *,
    turn: Callable[[int], CallbackData],
    back: CallbackData,
) -> Screen:
    where = page(len(zones), number)
    shown = zones[where.start : where.stop]
    buttons = [
        button(label("settings-city", city=city(each), clock=shown_now(each, at)), SetZone(zone=each)) for each in shown
    ]
    rows: list[Row] = pager(
        where,
        back=button("◀", turn(where.number - 1)) if where.number > 1 else {},
        here=button(f"{where.number}/{where.count}", turn(where.number)),
        on=button("▶", turn(where.number + 1)),
    )
    return Screen(text, [*fitted(buttons), *rows, [button(label("go-back"), back)]])
