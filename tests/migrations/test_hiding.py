"""What is hidden or deleted, as the screens see it without looking for it."""

from typing import Any

import psycopg2
import pytest

ANN, BOB = 501, 502


@pytest.fixture
def people(cursor: Any) -> None:
    cursor.execute("INSERT INTO users (id, first_name) VALUES (%s, 'Ann'), (%s, 'Bob')", (ANN, BOB))


def hidden(cursor: Any, person: int) -> tuple[list[int], list[int]]:
    cursor.execute("SELECT hidden_muscles, hidden_exercises FROM users WHERE id = %s", (person,))
    muscles, exercises = cursor.fetchone()
    return sorted(muscles), sorted(exercises)


def sees(cursor: Any, person: int, exercise: int) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM users AS u, visible_exercise(u, %s) WHERE u.id = %s)", (exercise, person)
    )
    return bool(cursor.fetchone()[0])


def test_what_is_hidden_stands_in_the_person_s_row(cursor: Any, people: None) -> None:
    cursor.execute("INSERT INTO user_hidden_muscles VALUES (%s, 1), (%s, 2), (%s, 3)", (ANN, ANN, BOB))
    cursor.execute("INSERT INTO user_hidden_exercises VALUES (%s, 100), (%s, 101), (%s, 100)", (ANN, ANN, BOB))
    assert (hidden(cursor, ANN), hidden(cursor, BOB)) == (([1, 2], [100, 101]), ([3], [100]))
    cursor.execute("DELETE FROM user_hidden_exercises WHERE user_id = %s AND exercise_id = 100", (ANN,))
    cursor.execute("UPDATE user_hidden_muscles SET user_id = %s WHERE user_id = %s AND muscle_id = 2", (BOB, ANN))
    assert (hidden(cursor, ANN), hidden(cursor, BOB)) == (([1], [101]), ([2, 3], [100]))
    assert (sees(cursor, ANN, 100), sees(cursor, ANN, 101), sees(cursor, BOB, 100)) == (True, False, False)


def test_an_exercise_goes_with_its_muscle_and_comes_back_with_it(cursor: Any, people: None) -> None:
    cursor.execute("SELECT min(id), max(id) FROM exercises WHERE muscle = 1 AND is_global")
    first, last = cursor.fetchone()
    cursor.execute("UPDATE exercises SET deleted_at = '2026-01-01' WHERE id = %s", (last,))
    cursor.execute("UPDATE muscles SET deleted_at = '2026-02-01' WHERE id = 1")
    assert (sees(cursor, ANN, first), sees(cursor, ANN, last)) == (False, False)
    cursor.execute("UPDATE muscles SET deleted_at = NULL WHERE id = 1")
    assert (sees(cursor, ANN, first), sees(cursor, ANN, last)) == (True, False)  # it had gone before


@pytest.mark.parametrize(("owner", "is_global"), [(None, True), (BOB, False)], ids=["everybody's", "somebody else's"])
def test_no_exercise_in_a_muscle_that_is_somebody_s_own(
    cursor: Any, people: None, owner: int | None, is_global: bool
) -> None:
    cursor.execute("INSERT INTO muscles (name, is_global, created_by) VALUES ('Neck', FALSE, %s) RETURNING id", (ANN,))
    neck = cursor.fetchone()[0]
    insert = "INSERT INTO exercises (name, muscle, is_global, created_by) VALUES ('Nod', %s, %s, %s)"
    cursor.execute(insert, (neck, False, ANN))
    with pytest.raises(psycopg2.errors.CheckViolation):
        cursor.execute(insert, (neck, is_global, owner))


def test_no_exercise_in_a_deleted_muscle(cursor: Any) -> None:
    cursor.execute("UPDATE muscles SET deleted_at = now() WHERE id = 1")
    with pytest.raises(psycopg2.errors.CheckViolation):
        cursor.execute("INSERT INTO exercises (name, muscle) VALUES ('Late press', 1)")
