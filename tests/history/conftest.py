"""Somebody with a past: the people and the chat of the recording's tests, before the same rooms."""

import pytest
from aiogram import Router

from tests.training.conftest import NewPerson, Someone, ann, db, someone
from tests.training.test_screens import Chat, rooms

__all__ = ["ann", "db", "rooms", "someone"]  # fixtures


@pytest.fixture
async def chat(someone: NewPerson, rooms: list[Router]) -> Chat:
    """Somebody new, before the main menu, on Wednesday 11 March 2026 at noon."""
    return Chat(await someone(), rooms)


async def fill(person: Someone, exercise: int, *, days: int, sets: int, until: str = "2026-03-10") -> None:
    """Sets of one exercise on as many days, one a week, the last of them on a day."""
    await person.sql(
        """
        INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
        SELECT day + TIME '18:00', day, %s, e.muscle, e.id, number, 60, 8
          FROM exercises AS e,
               (SELECT %s::date - 7 * ago AS day FROM generate_series(0, %s) AS ago) AS days,
               generate_series(1, %s) AS number
         WHERE e.id = %s
        """,
        person.id,
        until,
        days - 1,
        sets,
        exercise,
    )
