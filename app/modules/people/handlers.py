"""Telegram's way through the settings, and out of the house."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.types import CallbackQuery, Message

from app.modules.filters import is_line
from app.modules.memory import Remembered
from app.modules.people import screens, service
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
from app.modules.people.model import Act
from app.modules.people.rules import clock, minutes_ahead, regions, zones, zones_ahead
from app.modules.postgres import Database
from app.modules.screen import Reply, Show
from app.modules.states import Asked
from app.modules.texts import label, t

router = Router(name="people")

Forget = Callable[[], Awaitable[None]]


@router.message(Command("settings", ignore_case=True))
async def settings(message: Message, show: Show, db: Database, act: Act) -> Reply:
    """Show what is settled."""
    return await show(screens.settings(await db.run(service.settings, act=act), act.at))


@router.callback_query(OpenSettings.filter())
async def open_settings(tap: CallbackQuery, show: Show, db: Database, act: Act) -> Reply:
    """Show what is settled, in place."""
    return await show(screens.settings(await db.run(service.settings, act=act), act.at))


@router.callback_query(OpenRegions.filter())
async def open_regions(tap: CallbackQuery, show: Show) -> Reply:
    """Show the regions."""
    return await show(screens.all_regions())


@router.callback_query(OpenRegion.filter())
async def open_region(tap: CallbackQuery, callback_data: OpenRegion, show: Show, act: Act) -> Reply:
    """Show the cities of a region."""
    if callback_data.region not in regions():
        return await show(screens.all_regions())
    return await show(screens.region(callback_data.region, callback_data.page, act.at))


@router.callback_query(AskClock.filter())
async def ask_clock(tap: CallbackQuery, show: Show) -> Reply:
    """Ask what the clock shows."""
    return await show(screens.ask_clock())


@router.callback_query(OpenClock.filter())
async def open_clock(tap: CallbackQuery, callback_data: OpenClock, show: Show, act: Act) -> Reply:
    """Show another page of the cities whose clocks show what was answered."""
    found = zones_ahead(callback_data.minutes, act.at)
    if not found:
        return await show(screens.all_regions())
    return await show(screens.by_clock(found, callback_data.minutes, callback_data.page, act.at))


@router.callback_query(SetZone.filter())
async def set_zone(tap: CallbackQuery, callback_data: SetZone, show: Show, db: Database, act: Act) -> Reply:
    """Settle a time zone."""
    zone = callback_data.zone
    await db.run(service.set_zone, act=act, zone=zone)
    found = await db.run(service.settings, act=act)
    if found.zone != zone:
        said = t("settings-zone-unknown") if zone in zones() else None
        return await show(screens.settings(found, act.at, said=said))
    return await show(screens.settings(found, act.at, toast=label("settings-toast")))


@router.callback_query(SetUnit.filter())
async def set_unit(tap: CallbackQuery, callback_data: SetUnit, show: Show, db: Database, act: Act) -> Reply:
    """Settle kilos or pounds."""
    await db.run(service.set_unit, act=act, unit=callback_data.unit)
    found = await db.run(service.settings, act=act)
    return await show(screens.settings(found, act.at, toast=label("settings-toast-unit", unit=found.unit)))


@router.callback_query(SetStep.filter())
async def set_step(tap: CallbackQuery, callback_data: SetStep, show: Show, db: Database, act: Act) -> Reply:
    """Settle the step of the weight buttons."""
    await db.run(service.set_step, act=act, step=Decimal(callback_data.step) or None)
    found = await db.run(service.settings, act=act)
    return await show(screens.settings(found, act.at, toast=label("settings-toast")))


@router.message(StateFilter(Asked.clock), is_line)
async def take_clock(message: Message, show: Show, act: Act, remembered: Remembered) -> Reply:
    """Find the cities whose clocks show what was typed."""
    if act.update_id <= remembered.by:
        return await show(screens.ask_clock())
    shown = clock(message.text or "")
    minutes = minutes_ahead(shown, act.at) if shown else 0
    found = zones_ahead(minutes, act.at) if shown else []
    return await show(screens.by_clock(found, minutes, 1, act.at) if found else screens.ask_clock(again=True))


@router.message(Command("delete_me", ignore_case=True))
async def delete_me(message: Message, show: Show, db: Database, act: Act) -> Reply:
    """Say what would be erased, and ask."""
    return await show(screens.ask_to_erase(await db.run(service.belongings, act=act)))


@router.message(StateFilter(Asked.erasure), is_line)
async def erase(message: Message, show: Show, db: Database, act: Act, remembered: Remembered, forget: Forget) -> Reply:
    """Erase everything, when the word is right."""
    is_meant = (message.text or "").strip().strip("\"'.!").upper() == screens.CONFIRMATION
    if not is_meant or act.update_id <= remembered.by:
        found = await db.run(service.belongings, act=act)
        return await show(screens.ask_to_erase(found, again=not is_meant))
    await db.run(service.erase, act=act)
    await forget()  # now, for the answer may fail; should it be tried again, there is nobody to forget
    reply = await show(screens.erased())
    await forget()  # the message that was just shown
    return reply
