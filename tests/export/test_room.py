"""Files that have no folder."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest

from app.modules.errors import NotWritten
from app.modules.export import handlers
from app.modules.postgres import Database
from tests.training.conftest import Someone


async def nobody_gets(*_: Any) -> None:
    """Hand over what should never be there."""
    raise AssertionError("something was handed over")


async def test_who_has_no_room_is_told_so_and_gives_the_turn_back(
    ann: Someone, db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    turns = asyncio.Semaphore(1)
    with pytest.raises(NotWritten):
        await handlers._export(nobody_gets, db, ann.act(), turns)
    assert not turns.locked()
    (line,) = [each for each in caplog.records if each.message == "export_not_written"]
    assert line.__dict__["errno"] == "ENOENT"
