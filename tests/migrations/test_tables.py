"""What the tables refuse, and what they make by themselves."""

import hashlib
from typing import Any

import psycopg2
import pytest
from psycopg2 import errors

COLUMNS = ("user_id", "muscle_id", "exercise_id", "day", "set", "weight", "reps")
GOOD = {
    "user_id": "1",
    "muscle_id": "1",
    "exercise_id": "1",
    "day": "'2026-03-01'",
    "set": "1",
    "weight": "60",
    "reps": "8",
}


def record(cursor: Any, **changes: str) -> None:
    values = GOOD | changes
    cursor.execute(f"INSERT INTO training ({', '.join(values)}) VALUES ({', '.join(values.values())})")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("weight", "'NaN'"),
        ("weight", "'Infinity'"),
        ("weight", "'-Infinity'"),
        ("weight", "-0.01"),
        ("weight", "1000"),
        ("weight", "999.995"),
        ("reps", "'NaN'"),
        ("reps", "'Infinity'"),
        ("reps", "0"),
        ("reps", "0.001"),
        ("reps", "-1"),
        ("reps", "999.01"),
        ("set", "0"),
        ("set", "100"),
        ("day", "'infinity'"),
        ("date", "'infinity'"),
        ("date", "'-infinity'"),
        *((column, "NULL") for column in (*COLUMNS, "date")),
    ],
)
def test_a_set_that_cannot_be_is_refused(cursor: Any, column: str, value: str) -> None:
    with pytest.raises((psycopg2.DataError, psycopg2.IntegrityError)):
        record(cursor, **{column: value})
    cursor.execute("SELECT count(*) FROM training")
    assert cursor.fetchone() == (0,)


def test_the_limits_themselves_are_taken(cursor: Any) -> None:
    record(cursor, set="1", weight="0", reps="0.01")
    record(cursor, set="99", weight="999.99", reps="999")


@pytest.mark.parametrize("stranger", ["user_id", "exercise_id", "muscle_id"])
@pytest.mark.parametrize("pair_is_known", [False, True])
def test_a_set_of_nobody_or_nothing_is_refused(cursor: Any, stranger: str, pair_is_known: bool) -> None:
    if pair_is_known:
        record(cursor)
    with pytest.raises(errors.ForeignKeyViolation):
        record(cursor, set="2", **{stranger: "777"})
    if pair_is_known:
        with pytest.raises(errors.ForeignKeyViolation):
            cursor.execute(f"UPDATE training SET {stranger} = 777")


def test_what_has_sets_cannot_be_deleted(cursor: Any) -> None:
    cursor.execute("INSERT INTO muscles (name) VALUES ('Neck') RETURNING id")
    (neck,) = cursor.fetchone()
    cursor.execute("INSERT INTO exercises (name, muscle) VALUES ('Neck curl', %s) RETURNING id", (neck,))
    (curl,) = cursor.fetchone()
    record(cursor, exercise_id=str(curl), muscle_id=str(neck))
    cursor.execute("UPDATE exercises SET muscle = 1 WHERE id = %s", (curl,))
    for statement, known in (
        ("DELETE FROM users WHERE id = %s", 1),
        ("DELETE FROM exercises WHERE id = %s", curl),
        ("DELETE FROM muscles WHERE id = %s", neck),  # no exercise is left in it, but the history names it
    ):
        with pytest.raises(errors.ForeignKeyViolation):
            cursor.execute(statement, (known,))
    cursor.execute("DELETE FROM training")
    cursor.execute("DELETE FROM exercises WHERE id = %s", (curl,))
    cursor.execute("DELETE FROM muscles WHERE id = %s", (neck,))
    cursor.execute("DELETE FROM users WHERE id = 1")


def test_the_id_is_the_md5_and_moves_with_an_update(cursor: Any) -> None:
    record(cursor)
    cursor.execute("UPDATE training SET day = '1999-12-31', set = 2 RETURNING id")
    assert cursor.fetchone() == (hashlib.md5(b"1|1|-1|2", usedforsecurity=False).hexdigest(),)
    with pytest.raises(errors.UniqueViolation):
        record(cursor, day="'1999-12-31'", set="2", weight="1")
    record(cursor, day="'1999-12-31'", set="2", user_id="2")


def test_training_has_one_unique_key(cursor: Any) -> None:
    cursor.execute("SELECT count(*) FROM pg_index WHERE indrelid = 'training'::regclass AND indisunique")
    assert cursor.fetchone() == (1,)


def test_names_are_unique_among_the_global_ones_and_apart_per_owner(cursor: Any) -> None:
    add = "INSERT INTO exercises (name, muscle, is_global, created_by) VALUES (%s, %s, %s, %s)"
    with pytest.raises(errors.UniqueViolation):
        cursor.execute(add, ("BENCH  Press ", 1, True, None))
    cursor.execute(add, ("Bench press", 2, True, None))
    cursor.execute(add, ("Bench press", 1, False, 1))
    cursor.execute(add, ("Bench press", 1, False, 2))
    with pytest.raises(errors.UniqueViolation):
        cursor.execute(add, ("bench press", 1, False, 2))
    cursor.execute("UPDATE exercises SET deleted_at = now() WHERE created_by = 2")
    cursor.execute(add, ("bench press", 1, False, 2))
    add = "INSERT INTO muscles (name, is_global, created_by) VALUES (%s, %s, %s)"
    with pytest.raises(errors.UniqueViolation):
        cursor.execute(add, ("chest", True, None))
    for owner in (1, 2):
        cursor.execute(add, ("Chest", False, owner))
        with pytest.raises(errors.UniqueViolation):
            cursor.execute(add, ("CHEST", False, owner))


@pytest.mark.parametrize(("is_global", "owner"), [(True, 1), (False, None)])
def test_what_is_global_has_no_owner(cursor: Any, is_global: bool, owner: int | None) -> None:
    with pytest.raises(errors.CheckViolation):
        cursor.execute("INSERT INTO muscles (name, is_global, created_by) VALUES ('Neck', %s, %s)", (is_global, owner))


def test_the_key_of_a_name(cursor: Any) -> None:
    cursor.execute("INSERT INTO muscles (name) VALUES (%s) RETURNING name_key", ("  Ｎeck \t ЖИМ  Straße ",))  # noqa: RUF001
    assert cursor.fetchone() == ("neck жим strasse",)
    rename = "UPDATE muscles SET name = %s WHERE name_key LIKE %s RETURNING name_key"
    cursor.execute(rename, ("Other Neck", "neck%"))
    assert cursor.fetchone() == ("other neck",)
    cursor.execute("UPDATE muscles SET name = 'Third', name_key = 'given' WHERE name_key = 'other neck'")
    cursor.execute("SELECT name_key FROM muscles WHERE name = 'Third'")
    assert cursor.fetchone() == ("given",)


def test_lists_come_sorted_from_an_index(cursor: Any) -> None:
    cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")
    cursor.execute(
        """
        EXPLAIN (COSTS OFF)
        SELECT name FROM exercises WHERE muscle = 1 AND is_global AND deleted_at IS NULL ORDER BY name_key
        """
    )
    assert "exercises_global" in str(cursor.fetchall())
    cursor.execute(
        """
        EXPLAIN (COSTS OFF)
        SELECT name FROM exercises WHERE created_by = 1 AND muscle = 1 AND deleted_at IS NULL ORDER BY name_key
        """
    )
    assert "exercises_own" in str(cursor.fetchall())


def test_the_catalogue(cursor: Any) -> None:
    cursor.execute(
        "SELECT m.name, count(*) FROM muscles AS m JOIN exercises AS e ON e.muscle = m.id GROUP BY m.id ORDER BY m.id"
    )
    counts = cursor.fetchall()
    assert [name for name, _ in counts] == [
        "Chest", "Biceps", "Back", "Triceps", "Shoulders", "Forearms", "Legs", "Abs",
    ]  # fmt: skip
    assert all(count >= 10 for _, count in counts)
    assert sum(count for _, count in counts) >= 130
    cursor.execute("SELECT name FROM exercises WHERE muscle = 1")
    assert {
        "Bench press",
        "Bench press incline",
        "Incline press",
        "Incline smith",
        "Dumbbell press flat bench",
        "Dumbbell incline bench press",
        "Chest press machine",
        "Hammer flat",
        "Lower chest cable crossover",
    } <= {name for (name,) in cursor.fetchall()}
    cursor.execute("SELECT name, name_key FROM exercises UNION ALL SELECT name, name_key FROM muscles")
    assert all(key == name.casefold() for name, key in cursor.fetchall())
    for table, columns, values in (("muscles", "name", "'Neck'"), ("exercises", "name, muscle", "'Neck curl', 1")):
        cursor.execute(f"SELECT max(id) + 1 FROM {table}")
        (following,) = cursor.fetchone()
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING id")
        assert cursor.fetchone() == (following,)
