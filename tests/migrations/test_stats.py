"""exercise_stats is what a count from scratch gives, whoever writes what and when."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import errors

FROM_SCRATCH = """
    SELECT t.user_id, t.exercise_id, e.muscle, count(DISTINCT t.day)::int, max(t.day),
           (array_agg(t.date ORDER BY t.day DESC, t.date DESC))[1],
           (array_agg(t.weight ORDER BY t.weight DESC, t.reps DESC, t.day))[1],
           (array_agg(t.reps ORDER BY t.weight DESC, t.reps DESC, t.day))[1],
           (array_agg(t.day ORDER BY t.weight DESC, t.reps DESC, t.day))[1]
      FROM training AS t
      JOIN exercises AS e ON e.id = t.exercise_id
     GROUP BY t.user_id, t.exercise_id, e.muscle
"""
KEPT = """
    SELECT user_id, exercise_id, muscle_id, days, last_day, last_date, record_weight, record_reps, record_day
      FROM exercise_stats
"""
INSERT = "INSERT INTO training (user_id, exercise_id, muscle_id, day, set, weight, reps, date) VALUES "
ROW = "(%s, %s, 1, DATE '2026-03-01' + %s, %s, %s, %s, TIMESTAMPTZ '2026-03-01' + %s * INTERVAL '1 hour')"


def assert_right(cursor: Any) -> None:
    cursor.execute(f"({KEPT} EXCEPT {FROM_SCRATCH}) UNION ALL ({FROM_SCRATCH} EXCEPT {KEPT})")
    assert cursor.fetchall() == []


def insert(cursor: Any, *rows: tuple[int, ...]) -> None:
    values = [value for row in rows for value in row]
    cursor.execute(INSERT + ", ".join([ROW] * len(rows)) + " ON CONFLICT (id) DO NOTHING", values)


PERSON, EXERCISE, DAY, SET = st.integers(1, 2), st.integers(1, 2), st.integers(0, 3), st.integers(1, 3)
WEIGHT, REPS, HOUR = st.integers(0, 3), st.integers(1, 3), st.integers(0, 5)
A_ROW = st.tuples(PERSON, EXERCISE, DAY, SET, WEIGHT, REPS, HOUR)
FILTERS = st.tuples(
    st.sampled_from(["user_id", "exercise_id", "day - DATE '2026-03-01'", "set", "weight", "reps"]),
    st.sampled_from(["=", ">", "<>"]),
    st.integers(0, 3),
)
CHANGES = st.sampled_from(
    [
        "weight = 3 - weight",
        "reps = 4 - reps",
        "day = day + 7 * (set - 1)",
        "day = day + 40",
        "set = set + 10",
        "user_id = 3 - user_id, set = set + 20",
        "exercise_id = 3 - exercise_id, set = set + 30",
        "date = date - set * INTERVAL '1 day'",
        "muscle_id = 2",
    ]
)
WRITES = st.one_of(
    st.tuples(st.just("insert"), st.lists(A_ROW, min_size=1, max_size=8)),
    st.tuples(st.just("insert"), st.lists(A_ROW, min_size=1, max_size=1)),
    st.tuples(st.just("delete"), FILTERS),
    st.tuples(st.just("update"), CHANGES, FILTERS),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(WRITES, min_size=1, max_size=8))
def test_any_writes(cursor: Any, writes: list[Any]) -> None:
    cursor.execute("BEGIN")
    for kind, *what in writes:
        if kind == "insert":
            insert(cursor, *what[0])
        else:
            column, operator, value = what[-1]
            where = f"{column} {operator} {value}"
            cursor.execute("SAVEPOINT before")
            if kind == "delete":
                cursor.execute(f"DELETE FROM training WHERE {where}")
            else:
                try:
                    cursor.execute(f"UPDATE training SET {what[0]} WHERE {where}")
                except cursor.connection.IntegrityError:  # two sets would fall together
                    cursor.execute("ROLLBACK TO before")
        assert_right(cursor)
    cursor.execute("ROLLBACK")


def record_of(cursor: Any) -> Any:
    cursor.execute("SELECT record_weight, record_reps, record_day - DATE '2026-03-01' FROM exercise_stats")
    return cursor.fetchone()


def test_equal_weights_keep_the_earliest_record(cursor: Any) -> None:
    insert(cursor, (1, 1, 5, 1, 60, 8, 0))
    insert(cursor, (1, 1, 6, 1, 60, 8, 0))
    assert record_of(cursor) == (60, 8, 5)
    insert(cursor, (1, 1, 7, 1, 60, 9, 0))
    assert record_of(cursor) == (60, 9, 7)
    insert(cursor, (1, 1, 1, 1, 60, 9, 0))  # an earlier day, typed in later
    assert record_of(cursor) == (60, 9, 1)
    cursor.execute("DELETE FROM training WHERE reps = 9")
    assert record_of(cursor) == (60, 8, 5)
    assert_right(cursor)


def test_an_upsert_a_merge_and_an_emptied_table(cursor: Any) -> None:
    insert(cursor, (1, 1, 5, 1, 60, 8, 0))
    cursor.execute(
        INSERT
        + "(1, 1, 1, '2026-03-06', 1, 50, 5, now()), (1, 1, 1, '2026-03-01', 1, 70, 5, now())"
        + "ON CONFLICT (id) DO UPDATE SET weight = excluded.weight, reps = excluded.reps"
    )
    assert record_of(cursor) == (70, 5, 0)
    assert_right(cursor)
    cursor.execute("TRUNCATE training")
    assert_right(cursor)


def test_stats_follow_an_exercise_to_another_muscle(cursor: Any) -> None:
    insert(cursor, (1, 1, 5, 1, 60, 8, 0))
    cursor.execute("UPDATE exercises SET muscle = 2 WHERE id = 1")
    assert_right(cursor)
    cursor.execute("SELECT s.muscle_id, t.muscle_id FROM exercise_stats AS s, training AS t")
    assert cursor.fetchone() == (2, 1)
    insert(cursor, (1, 1, 5, 2, 60, 8, 0))  # an old button still names the old one
    assert_right(cursor)


WRITES_AT_ONCE = {
    "two first sets ever": ([], [(1, 1, 5, 1, 60, 8, 0)], [(1, 1, 5, 2, 60, 8, 1)]),
    "two sets of a new day": ([(1, 1, 1, 1, 60, 8, 0)], [(1, 1, 5, 1, 70, 8, 0)], [(1, 1, 5, 2, 70, 9, 1)]),
    "two sets of an older day": ([(1, 1, 9, 1, 60, 8, 0)], [(1, 1, 5, 1, 60, 8, 0)], [(1, 1, 5, 2, 60, 8, 1)]),
    "two days, the later first": ([(1, 1, 1, 1, 60, 8, 0)], [(1, 1, 6, 1, 60, 8, 0)], [(1, 1, 5, 2, 60, 8, 1)]),
    "many pairs, crosswise": (
        [],
        [(person, exercise, 5, 1, 60, 8, 0) for person in (1, 2) for exercise in (1, 2, 3)],
        [(person, exercise, 5, 2, 60, 8, 0) for person in (2, 1) for exercise in (3, 2, 1)],
    ),
}
DELETES_AT_ONCE = {
    "both sets of the last day": ([(1, 1, 1, 1, 60, 8, 0), (1, 1, 5, 1, 80, 8, 0), (1, 1, 5, 2, 70, 8, 0)]),
    "both sets there are": ([(1, 1, 5, 1, 80, 8, 0), (1, 1, 5, 2, 70, 8, 0)]),
}


def at_once(
    connections: Callable[[], Any], first: Callable[[Any], None], second: Callable[[Any], None], *, end: str = "COMMIT"
) -> None:
    """Let the second begin while the first has written but not ended, so that it has to wait."""
    one, two = connections().cursor(), connections().cursor()
    one.execute("BEGIN")
    first(one)
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            second(two)
        except BaseException as error:
            trouble.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    watch = connections().cursor()
    for _ in range(2_000):
        watch.execute("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", (two.connection.info.backend_pid,))
        if watch.fetchone() == ("Lock",) or not thread.is_alive():
            break
    one.execute(end)
    thread.join()
    assert trouble == []


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
@pytest.mark.parametrize("case", WRITES_AT_ONCE)
def test_two_inserts_at_once(cursor: Any, connections: Callable[[], Any], case: str, end: str) -> None:
    before, first, second = WRITES_AT_ONCE[case]
    if before:
        insert(cursor, *before)
    at_once(connections, lambda one: insert(one, *first), lambda two: insert(two, *second), end=end)
    assert_right(cursor)


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
@pytest.mark.parametrize("case", DELETES_AT_ONCE)
def test_two_deletes_at_once(cursor: Any, connections: Callable[[], Any], case: str, end: str) -> None:
    insert(cursor, *DELETES_AT_ONCE[case])
    at_once(
        connections,
        lambda one: one.execute("DELETE FROM training WHERE set = 1 AND day = '2026-03-06'"),
        lambda two: two.execute("DELETE FROM training WHERE set = 2"),
        end=end,
    )
    assert_right(cursor)


def test_the_last_set_goes_while_another_comes(cursor: Any, connections: Callable[[], Any]) -> None:
    insert(cursor, (1, 1, 5, 1, 80, 8, 0))
    at_once(
        connections,
        lambda one: one.execute("DELETE FROM training"),
        lambda two: insert(two, (1, 1, 5, 2, 60, 8, 0)),
    )
    assert_right(cursor)
    at_once(
        connections,
        lambda one: insert(one, (1, 1, 5, 3, 60, 8, 0)),
        lambda two: two.execute("DELETE FROM training WHERE set = 2"),
    )
    assert_right(cursor)


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_whoever_keeps_an_older_view_is_refused_and_does_not_try_for_ever(
    cursor: Any, connections: Callable[[], Any], level: str
) -> None:
    older = connections().cursor()
    older.execute(f"SET statement_timeout = '5s'; BEGIN ISOLATION LEVEL {level}")
    older.execute("SELECT FROM users")  # its view is of now
    insert(cursor, (1, 1, 5, 1, 60, 8, 0))
    with pytest.raises(errors.SerializationFailure):
        insert(older, (1, 1, 5, 2, 60, 8, 1))
    older.execute("ROLLBACK")
    assert_right(cursor)


def test_an_exercise_moves_while_its_first_set_comes(cursor: Any, connections: Callable[[], Any]) -> None:
    at_once(
        connections,
        lambda one: one.execute("UPDATE exercises SET muscle = 2 WHERE id = 1"),
        lambda two: insert(two, (1, 1, 5, 2, 60, 8, 0)),
    )
    assert_right(cursor)


def test_the_same_update_twice_at_once(cursor: Any, connections: Callable[[], Any]) -> None:
    answers: list[Any] = []

    def store(one: Any) -> None:
        one.execute("SELECT fresh_update(7, 1)")
        answers.append(one.fetchone()[0])

    at_once(connections, store, store)
    assert answers == [True, False]
    store(cursor)
    assert answers[-1] is False
    cursor.execute("SELECT fresh_update(8, 1)")
    assert cursor.fetchone() == (True,)


def test_an_update_whose_effect_was_taken_back_is_fresh(connections: Callable[[], Any]) -> None:
    answers: list[Any] = []

    def store(one: Any) -> None:
        one.execute("SELECT fresh_update(7, 1)")
        answers.append(one.fetchone()[0])

    at_once(connections, store, store, end="ROLLBACK")
    assert answers == [True, True]
