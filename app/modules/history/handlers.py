"""Telegram's way of looking back."""

from datetime import date

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from app.modules.history import screens, service
from app.modules.history.callbacks import OpenDay, OpenHistory, OpenRecords
from app.modules.people.model import Act
from app.modules.postgres import Database
from app.modules.screen import Reply, Show
from app.modules.training import service as training
from app.modules.training.callbacks import read

router = Router(name="history")


@router.message(Command("history", ignore_case=True))
async def history(message: Message, show: Show, db: Database, act: Act) -> Reply:
    """Show the newest days."""
    return await show(screens.days(await db.run(service.days, user_id=act.user_id), year=act.at.year))


@router.callback_query(OpenHistory.filter())
async def open_history(tap: CallbackQuery, callback_data: OpenHistory, show: Show, db: Database, act: Act) -> Reply:
    """Show a page of days."""
    until, after = _day(callback_data.until), _day(callback_data.after)
    found = await db.run(service.days, user_id=act.user_id, until=until, after=after)
    return await show(screens.days(found, year=act.at.year))


@router.callback_query(OpenDay.filter())
async def open_day(tap: CallbackQuery, callback_data: OpenDay, show: Show, db: Database, act: Act) -> Reply:
    """Show a day."""
    day = _day(callback_data.day)
    if day is None:  # forged
        return await show(screens.days(await db.run(service.days, user_id=act.user_id), year=act.at.year))
    return await show(screens.day(await db.run(training.summary, act=act, day=day), number=callback_data.page))


@router.message(Command("records", ignore_case=True))
async def records(message: Message, show: Show, db: Database, act: Act) -> Reply:
    """Show the records of what is trained most."""
    return await show(screens.records(await db.run(service.records, user_id=act.user_id, page=1)))


@router.callback_query(OpenRecords.filter())
async def open_records(tap: CallbackQuery, callback_data: OpenRecords, show: Show, db: Database, act: Act) -> Reply:
    """Show a page of records."""
    found = await db.run(service.records, user_id=act.user_id, page=callback_data.page)
    return await show(screens.records(found, number=callback_data.page))


def _day(code: str) -> date | None:
    day = read(code)
    return day.day if day else None
