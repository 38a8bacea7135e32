"""SQL of the export: one snapshot, and lists that come some rows at a time.

What is streamed is declared and fetched in one string: a list that ends within its first piece costs one round trip.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.modules.postgres import Cursor

Row = tuple[Any, ...]
Pieces = Iterator[list[Row]]

PIECE = 500  # rows in memory at once; larger pieces keep the other threads waiting longer
FEW = 5  # of rows that may each be as large as an update can be


def see_one_moment(cursor: Cursor) -> None:
    """Let all statements of this transaction see the same moment, so that the files agree."""
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def owner(cursor: Cursor, *, user_id: int, at: datetime, zone: str) -> Row | None:
    """Return a person, what they have settled, and which day it is for them."""
    cursor.execute(
        """
        SELECT u.id, u.first_name, u.lastname, u.username, u.bio, u.registration_date, u.last_interaction,
               u.timezone, u.unit, u.weight_step, u.own_weights,
               gym_day(%(at)s, coalesce(u.timezone, %(zone)s), u.id)
          FROM users AS u
         WHERE u.id = %(user_id)s
        """,
        {"user_id": user_id, "at": at, "zone": zone},
    )
    return cursor.fetchone()


def muscles(cursor: Cursor, *, user_id: int) -> Pieces:
    """Return the muscles that a person made or hid, and those of what they have and did."""
    cursor.execute(
        """
        DECLARE exported_muscles NO SCROLL CURSOR FOR
        SELECT m.id, m.name, m.created_by IS NOT NULL, h.user_id IS NOT NULL, m.deleted_at
          FROM muscles AS m
          LEFT JOIN user_hidden_muscles AS h ON h.user_id = %(user_id)s AND h.muscle_id = m.id
         WHERE coalesce(m.created_by, %(user_id)s) = %(user_id)s
           AND m.id IN (SELECT o.id FROM muscles AS o WHERE o.created_by = %(user_id)s
                         UNION ALL
                        SELECT o.muscle_id FROM user_hidden_muscles AS o WHERE o.user_id = %(user_id)s
                         UNION ALL
                        SELECT o.muscle FROM exercises AS o WHERE o.created_by = %(user_id)s
                         UNION ALL
                        SELECT e.muscle
                          FROM exercises AS e
                         WHERE e.id IN (SELECT o.exercise_id FROM user_hidden_exercises AS o
                                         WHERE o.user_id = %(user_id)s
                                         UNION ALL
                                        SELECT o.exercise_id FROM exercise_notes AS o WHERE o.user_id = %(user_id)s)
                         UNION ALL
                        SELECT o.muscle_id FROM exercise_stats AS o WHERE o.user_id = %(user_id)s
                         UNION ALL
                        SELECT o.muscle_id FROM training AS o WHERE o.user_id = %(user_id)s)
         ORDER BY m.id;
        FETCH FORWARD %(piece)s FROM exported_muscles
        """,
        {"user_id": user_id, "piece": PIECE},
    )
    yield from _pieces(cursor, "FETCH FORWARD %(piece)s FROM exported_muscles")


def exercises(cursor: Cursor, *, user_id: int) -> Pieces:
    """Return the exercises that a person made, hid, noted or did, by muscle and name."""
    cursor.execute(
        """
        DECLARE exported_exercises NO SCROLL CURSOR FOR
        SELECT e.id, e.name, m.id, m.name, e.created_by IS NOT NULL, h.user_id IS NOT NULL, e.deleted_at, n.note,
               s.days, s.last_day, s.record_weight, s.record_reps, s.record_day
          FROM (SELECT o.id FROM exercises AS o WHERE o.created_by = %(user_id)s
                 UNION
                SELECT o.exercise_id FROM user_hidden_exercises AS o WHERE o.user_id = %(user_id)s
                 UNION
                SELECT o.exercise_id FROM exercise_notes AS o WHERE o.user_id = %(user_id)s
                 UNION
                SELECT o.exercise_id FROM exercise_stats AS o WHERE o.user_id = %(user_id)s) AS mine
          JOIN exercises AS e ON e.id = mine.id AND coalesce(e.created_by, %(user_id)s) = %(user_id)s
          JOIN muscles AS m ON m.id = e.muscle
          LEFT JOIN user_hidden_exercises AS h ON h.user_id = %(user_id)s AND h.exercise_id = e.id
          LEFT JOIN exercise_notes AS n ON n.user_id = %(user_id)s AND n.exercise_id = e.id
          LEFT JOIN exercise_stats AS s ON s.user_id = %(user_id)s AND s.exercise_id = e.id
         ORDER BY m.name_key, m.id, e.name_key, e.id;
        FETCH FORWARD %(piece)s FROM exported_exercises
        """,
        {"user_id": user_id, "piece": PIECE},
    )
    yield from _pieces(cursor, "FETCH FORWARD %(piece)s FROM exported_exercises")


def sets(cursor: Cursor, *, user_id: int) -> Pieces:
    """Return all sets of a person, oldest first."""
    cursor.execute(
        """
        DECLARE exported_sets NO SCROLL CURSOR FOR
        SELECT t.day, t.date, m.id, m.name, e.id, e.name, t.set, t.weight, t.reps, t.former_weight, t.former_reps
          FROM training AS t
          JOIN exercises AS e ON e.id = t.exercise_id AND coalesce(e.created_by, %(user_id)s) = %(user_id)s
          JOIN muscles AS m ON m.id = t.muscle_id AND coalesce(m.created_by, %(user_id)s) = %(user_id)s
         WHERE t.user_id = %(user_id)s
         ORDER BY t.day, t.date, t.exercise_id, t.set;
        FETCH FORWARD %(piece)s FROM exported_sets
        """,
        {"user_id": user_id, "piece": PIECE},
    )
    yield from _pieces(cursor, "FETCH FORWARD %(piece)s FROM exported_sets")


def corrections(cursor: Cursor, *, user_id: int) -> Pieces:
    """Return what admins changed of a person's, oldest first; which admin is the admin's own affair."""
    cursor.execute(
        """
        DECLARE exported_corrections NO SCROLL CURSOR FOR
        SELECT c.at, c.action, c.kind, c.thing_id, c.before::text, c.after::text
          FROM corrections AS c
         WHERE c.person_id = %(user_id)s
         ORDER BY c.id;
        FETCH FORWARD %(piece)s FROM exported_corrections
        """,
        {"user_id": user_id, "piece": PIECE},
    )
    yield from _pieces(cursor, "FETCH FORWARD %(piece)s FROM exported_corrections")


def set_aside(cursor: Cursor, *, user_id: int) -> Pieces:
    """Return the messages of a person that could not be handled, oldest first."""
    cursor.execute(
        """
        DECLARE exported_aside NO SCROLL CURSOR FOR
        SELECT p.first_failed_at, p.body
          FROM updates_parked AS p
         WHERE p.user_id = %(user_id)s
         ORDER BY p.first_failed_at, p.bot_id, p.update_id;
        FETCH FORWARD %(piece)s FROM exported_aside
        """,
        {"user_id": user_id, "piece": FEW},
    )
    yield from _pieces(cursor, "FETCH FORWARD %(piece)s FROM exported_aside", piece=FEW)


def _pieces(cursor: Cursor, fetch: str, *, piece: int = PIECE) -> Pieces:
    """Go on fetching after the first piece, until one is not full."""
    while rows := cursor.fetchall():
        yield rows
        if len(rows) < piece:
            return
        cursor.execute(fetch, {"piece": piece})
