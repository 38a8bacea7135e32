"""How many buffers a statement reads, its triggers' and its functions' among them, as PostgreSQL counts them."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from psycopg2.extensions import cursor as PlainCursor  # noqa: N812

from app.modules.postgres import Cursor, Database

_COUNTS = """
SELECT relname, '', heap_blks_read + heap_blks_hit + coalesce(toast_blks_read + toast_blks_hit, 0)
                    + coalesce(tidx_blks_read + tidx_blks_hit, 0)
  FROM pg_statio_user_tables
 UNION ALL
SELECT relname, indexrelname, idx_blks_read + idx_blks_hit
  FROM pg_statio_user_indexes
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one statement read: the buffers of each table and of each index."""

    by_place: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def buffers(self) -> int:
        return self.by_place.total()

    def __str__(self) -> str:
        places = sorted(self.by_place.items(), key=lambda place: -place[1])
        return ", ".join(f"{index or table} {count}" for (table, index), count in places)


async def cost(db: Database, work: Callable[[], Awaitable[Any]]) -> Cost:
    """Count what a piece of work reads; the database must have one connection, so that the counts are its own."""
    before = await _counts(db)
    await work()
    return Cost((await _counts(db)) - before)


async def _counts(db: Database) -> Counter[tuple[str, str]]:
    def flush(cursor: Cursor) -> None:
        with cursor.connection.cursor(cursor_factory=PlainCursor) as plain:
            plain.execute("SELECT pg_stat_force_next_flush()")

    def read(cursor: Cursor) -> Counter[tuple[str, str]]:
        with cursor.connection.cursor(cursor_factory=PlainCursor) as plain:
            plain.execute(_COUNTS)
            return Counter({(table, index): count for table, index, count in plain.fetchall() if count})

    await db.run(flush)  # the counts are handed in when this transaction ends
    return await db.run(read)
