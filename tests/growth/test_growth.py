"""What `make bench-growth` measures of ten million sets, of thirty thousand: so that what was won stays won."""

from app.modules.postgres import Database
from bench.growth import history, screens, targets
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
