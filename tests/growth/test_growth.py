"""What `make bench-growth` measures of ten million sets, of thirty thousand: so that what was won stays won."""

import json
from pathlib import Path

import pytest

from app.modules.postgres import Database
from bench.growth import history, screens, targets
from bench.growth.__main__ import RESULTS, as_text
from bench.growth.sheet import Sheet
from dev.servers import Postgres
from tests.migrations.conftest import settings_of

SMALLEST = history.SIZES[0]


async def test_no_screen_reads_more_than_its_ceiling(postgres: Postgres, template_database: str) -> None:
    postgres.create_database("growth", template=template_database)
    env = postgres.env("growth")
    history.write(env, SMALLEST)
    db = Database(settings_of(env | {"DB_POOL": "1"}))
    sheet = Sheet(db)
    try:
        await screens.warm_up(db)
        await screens.measure(sheet, db)
        await screens.leaving(sheet, db)
    finally:
        await db.close()
    postgres.drop_database("growth")
    assert not list(targets.missed({SMALLEST.name: sheet.figures}))


@pytest.mark.parametrize("kept", sorted(RESULTS.glob("growth-*.json")), ids=lambda kept: kept.name)
def test_a_kept_result_has_one_line_for_each_screen(kept: Path) -> None:
    text = kept.read_text("utf-8")
    result = json.loads(text)
    assert as_text(result) == text
    assert [json.loads(line.removesuffix(",")) for line in text.splitlines()[-1 - len(result["screens"]) : -1]] == (
        result["screens"]
    )
