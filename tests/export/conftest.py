"""Somebody whose files are written, and read as others would read them."""

import csv
import io
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from app.modules.export import service
from app.modules.export.model import Files, Written
from app.modules.postgres import Database
from app.settings import DatabaseSettings
from dev.servers import Postgres
from tests.training.conftest import Someone, ann, someone

__all__ = ["ann", "someone"]  # fixtures

Log = dict[str, Any]


@dataclass
class Export:
    """What was written: the files as they are, and as a reader has them."""

    written: Written
    sets_file: bytes
    exercises_file: bytes
    log_file: bytes

    @property
    def sets(self) -> list[dict[str, str]]:
        """The table of sets."""
        return table(self.sets_file)

    @property
    def exercises(self) -> list[dict[str, str]]:
        """The table of exercises."""
        return table(self.exercises_file)

    @property
    def log(self) -> Log:
        """The log, its numbers as exact as they stand there."""
        return dict(json.loads(self.log_file, parse_float=Decimal))


def table(file: bytes) -> list[dict[str, str]]:
    """A CSV file as Python reads it."""
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline=""), strict=True))


async def exported(person: Someone) -> Export:
    """Write a person's files."""
    with ExitStack() as opened:
        files = Files(*(opened.enter_context(tempfile.TemporaryFile()) for _ in range(3)))
        written = await person.db.run_long(service.write, act=person.act(), files=files)
        contents = []
        for file in (files.sets, files.exercises, files.log):
            file.seek(0)
            contents.append(file.read())
    return Export(written, *contents)


@pytest.fixture(scope="module")
async def db(postgres: Postgres, template_database: str) -> AsyncIterator[Database]:
    """One database for a module; each test brings people of its own."""
    postgres.create_database("export", template=template_database)
    env = {name.lower(): value for name, value in postgres.env("export").items()}
    made = Database(DatabaseSettings.model_validate(env | {"db_pool": 4}))
    yield made
    await made.close()
    postgres.drop_database("export")
