"""Whether a process can serve now: what GET /ready of both services asks."""

import psycopg2

from app import schema
from app.modules.errors import CannotDo, Unavailable
from app.modules.postgres import Database


async def database_trouble(db: Database) -> list[str]:
    """Say in sentences what is wrong with the database; nothing when nothing is."""
    try:
        return await db.run(schema.trouble)
    except Unavailable as trouble:
        return [f"PostgreSQL: {trouble}."]
    except (psycopg2.Error, CannotDo):
        return ["PostgreSQL: its migrations cannot be read; see `python -m app.manage migrate`."]
