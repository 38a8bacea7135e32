"""SQL of looking back: what a page shows is read along an index, and nothing beside it."""

from datetime import date
from typing import Any

from app.modules.postgres import Cursor

Row = tuple[Any, ...]


def days(cursor: Cursor, *, user_id: int, until: date | None, after: date | None, size: int) -> list[Row]:
    """Return one page of days with sets and one more: those until a day, or the next ones after one; newest first.

    Where there is none until that day, because it was emptied and was the oldest, the oldest there is now.
    """
    cursor.execute(
        """
        WITH shown AS MATERIALIZED (
            SELECT t.day, count(*) AS sets, array_agg(DISTINCT t.exercise_id) AS exercises
              FROM training AS t
             WHERE t.user_id = %(user_id)s
               AND t.day <= coalesce((SELECT max(newer.day)
                                        FROM (SELECT n.day
                                                FROM training AS n
                                               WHERE n.user_id = %(user_id)s AND n.day > %(after)s::date
                                               GROUP BY n.day
                                               ORDER BY n.day
                                               LIMIT %(size)s) AS newer),
                                     greatest(coalesce(%(until)s::date, 'infinity'),
                                              (SELECT min(o.day) FROM training AS o WHERE o.user_id = %(user_id)s)))
             GROUP BY t.day
             ORDER BY t.day DESC
             LIMIT %(size)s + 1
        ), here AS (
            SELECT s.day, e.muscle, count(*) AS exercises
              FROM shown AS s
             CROSS JOIN unnest(s.exercises) AS done (id)
              JOIN exercises AS e ON e.id = done.id
             GROUP BY s.day, e.muscle
        ), named AS (
            SELECT h.day, array_agg(m.name ORDER BY h.exercises DESC, m.id) AS muscles
              FROM here AS h
              JOIN muscles AS m ON m.id = h.muscle
             GROUP BY h.day
        )
        SELECT s.day, s.sets, n.muscles, (SELECT max(t.day) FROM training AS t WHERE t.user_id = %(user_id)s)
          FROM shown AS s
          JOIN named AS n ON n.day = s.day
         ORDER BY s.day DESC
        """,
        {"user_id": user_id, "until": until, "after": after, "size": size},
    )
    return cursor.fetchall()


def records(cursor: Cursor, *, user_id: int, page: int, size: int) -> list[Row]:
    """Return one page of records, the exercise trained on most days first; the last page when there are fewer."""
    cursor.execute(
        """
        WITH mine AS MATERIALIZED (
            SELECT s.exercise_id, s.record_weight, s.record_reps, s.record_day,
                   row_number() OVER (ORDER BY s.days DESC, s.last_day DESC, s.exercise_id) - 1 AS place,
                   count(*) OVER () AS total
              FROM exercise_stats AS s
             WHERE s.user_id = %(user_id)s
        )
        SELECT e.id, e.name, trim_scale(m.record_weight), m.record_reps, m.record_day, m.total,
               (SELECT u.unit FROM users AS u WHERE u.id = %(user_id)s)
          FROM mine AS m
          JOIN exercises AS e ON e.id = m.exercise_id
         WHERE m.place / %(size)s = least(%(page)s - 1, (m.total - 1) / %(size)s)
         ORDER BY m.place
        """,
        {"user_id": user_id, "page": page, "size": size},
    )
    return cursor.fetchall()
