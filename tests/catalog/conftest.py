"""Somebody with lists of their own: the people and the chat of the recording's tests, before the same rooms."""

import pytest
from aiogram import Router

from tests.training.conftest import NewPerson, Someone, ann, db, someone
from tests.training.test_screens import Chat, rooms

__all__ = ["ann", "db", "rooms", "someone"]  # fixtures

CHEST, BICEPS, LEGS = 1, 2, 7
BENCH_PRESS, PEC_DECK = 1, 14


@pytest.fixture
async def chat(someone: NewPerson, rooms: list[Router]) -> Chat:
    """Somebody new, before the main menu, on Wednesday 11 March 2026 at noon."""
    return Chat(await someone(), rooms)


async def own_names(person: Someone) -> list[tuple[str, str, str]]:
    """All that a person has added and not deleted: muscle, name, key."""
    return await person.sql(
        """
        SELECT '', name, name_key FROM muscles WHERE created_by = %s AND deleted_at IS NULL
         UNION ALL
        SELECT m.name, e.name, e.name_key
          FROM exercises AS e JOIN muscles AS m ON m.id = e.muscle
         WHERE e.created_by = %s AND e.deleted_at IS NULL
         ORDER BY 1, 3
        """,
        person.id,
        person.id,
    )


async def out_of_sight(person: Someone) -> tuple[list[int], list[int]]:
    """What a person hid: muscles, exercises."""
    ((muscles, exercises),) = await person.sql(
        "SELECT hidden_muscles, hidden_exercises FROM users WHERE id = %s", person.id
    )
    return sorted(muscles), sorted(exercises)


async def add_own_muscle(person: Someone, name: str) -> int:
    """Add a private muscle, past the bot."""
    statement = "INSERT INTO muscles (name, is_global, created_by) VALUES (%s, FALSE, %s) RETURNING id"
    return int((await person.sql(statement, name, person.id))[0][0])
