"""How many buffers a piece of work reads, its triggers' and its functions' among them, as PostgreSQL counts them.

EXPLAIN (ANALYZE, BUFFERS) counts the same, but for what triggers read after a statement, which is half of a set.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from psycopg2.extensions import cursor as PlainCursor  # noqa: N812

from app.modules.postgres import Cursor, Database

Place = tuple[str, str]  # a table and one of its indexes, or the table itself

# The second count: how often an index was searched, or a table read through.
_COUNTS = """
SELECT s.relname, '', s.heap_blks_read + s.heap_blks_hit + coalesce(s.toast_blks_read + s.toast_blks_hit, 0)
                      + coalesce(s.tidx_blks_read + s.tidx_blks_hit, 0), t.seq_scan
  FROM pg_statio_user_tables AS s
  JOIN pg_stat_user_tables AS t ON t.relid = s.relid
 UNION ALL
SELECT s.relname, s.indexrelname, s.idx_blks_read + s.idx_blks_hit, i.idx_scan
  FROM pg_statio_user_indexes AS s
  JOIN pg_stat_user_indexes AS i ON i.indexrelid = s.indexrelid
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work read: the buffers of each table and of each index, and how often it looked there."""

    by_place: Counter[Place] = field(default_factory=Counter)
    looks: Counter[Place] = field(default_factory=Counter)

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
    after = await _counts(db)
    return Cost(after.by_place - before.by_place, after.looks - before.looks)


async def _counts(db: Database) -> Cost:
    def flush(cursor: Cursor) -> None:
        with cursor.connection.cursor(cursor_factory=PlainCursor) as plain:
            plain.execute("SELECT pg_stat_force_next_flush()")

    def read(cursor: Cursor) -> Cost:
        with cursor.connection.cursor(cursor_factory=PlainCursor) as plain:
            plain.execute(_COUNTS)
            rows = plain.fetchall()
        return Cost(
            Counter({(table, index): count for table, index, count, _ in rows}),
            Counter({(table, index): looks for table, index, _, looks in rows}),
        )

    await db.run(flush)  # the counts are handed in when this transaction ends
    return await db.run(read)
