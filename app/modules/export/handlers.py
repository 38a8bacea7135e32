"""Telegram's way to one's own files."""

import asyncio
import errno
import logging
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from app.modules.errors import NotWritten, Unavailable
from app.modules.export import screens, service
from app.modules.export.callbacks import OpenExport
from app.modules.export.model import Files
from app.modules.people.model import Act
from app.modules.postgres import Database
from app.modules.screen import HandOver, Reply

log = logging.getLogger(__name__)

router = Router(name="export")

TURN_SECONDS = 10.0


@router.message(Command("export", ignore_case=True))
async def export(message: Message, hand_over: HandOver, db: Database, act: Act, exports: asyncio.Semaphore) -> Reply:
    """Send everything as files."""
    return await _export(hand_over, db, act, exports)


@router.callback_query(OpenExport.filter())
async def open_export(
    tap: CallbackQuery, hand_over: HandOver, db: Database, act: Act, exports: asyncio.Semaphore
) -> Reply:
    """Send everything as files, below whatever is on the screen."""
    return await _export(hand_over, db, act, exports)


async def _export(hand_over: HandOver, db: Database, act: Act, exports: asyncio.Semaphore) -> Reply:
    async with _turn(exports), _room():
        with ExitStack() as opened:
            files = Files(*(opened.enter_context(tempfile.TemporaryFile()) for _ in range(3)))
            written = await db.run_long(service.write, act=act, files=files)
            return await hand_over(screens.documents(written, files), screens.handed_over(written))


@asynccontextmanager
async def _turn(exports: asyncio.Semaphore) -> AsyncIterator[None]:
    """Wait until others have their files, for a while; then Telegram brings the update again."""
    try:
        async with asyncio.timeout(TURN_SECONDS):
            await exports.acquire()
    except TimeoutError:
        raise Unavailable("others are having their files written") from None
    try:
        yield
    finally:
        exports.release()


@asynccontextmanager
async def _room() -> AsyncIterator[None]:
    """Tell the person and the operator when there is no room for files; the same update again would find none either.

    Were it Unavailable, whatever the person writes next would wait behind it for as long as Telegram tries.
    """
    try:
        yield
    except OSError as error:  # the network's are translated where they arise
        log.error("export_not_written", extra={"errno": errno.errorcode.get(error.errno or 0)})
        raise NotWritten from None
