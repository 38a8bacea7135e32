"""SQL of figures and of everybody's sets: days that are over from counted_days and counted_exercises, open ones from
training itself.

A day is over an hour later than the triggers of training take it to be: by then no set can come unnoticed.
"""

from datetime import date, datetime
from typing import Any

from app.modules.insight.model import Period
from app.modules.postgres import Cursor

Row = tuple[Any, ...]


def take_turn(cursor: Cursor) -> bool:
    """Let one process count at a time; False when another one does."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(2, 0)")
    row = cursor.fetchone()
    return bool(row and row[0])


def uncounted(cursor: Cursor, *, period: Period, at: datetime, limit: int) -> list[date]:
    """Return days of a period that are over and not counted, or changed since; the newest first."""
    cursor.execute(
        """
        WITH span AS MATERIALIZED (
            SELECT greatest(%(first)s::date, least((SELECT min(t.day) FROM training AS t),
                                                   (SELECT min(c.day) FROM changed_days AS c))) AS first,
                   least(%(last)s::date, first_open_day(%(at)s::timestamptz - INTERVAL '1 hour') - 1) AS last
        )
        SELECT s.last - n.ago
          FROM span AS s
         CROSS JOIN LATERAL generate_series(0, s.last - s.first) AS n (ago)
         WHERE NOT EXISTS (SELECT FROM counted_days AS c WHERE c.day = s.last - n.ago)
            OR EXISTS (SELECT FROM changed_days AS c WHERE c.day = s.last - n.ago)
         ORDER BY n.ago
         LIMIT %(limit)s
        """,
        {"first": period.first, "last": period.last, "at": at, "limit": limit},
    )
    return [day for (day,) in cursor.fetchall()]


def forget_changes(cursor: Cursor, *, days: list[date]) -> None:
    """Take the notes away that days were changed; before they are counted, so that a later change is seen."""
    cursor.execute("DELETE FROM changed_days AS c WHERE c.day = ANY (%(days)s::date[])", {"days": days})


def forget_exercises(cursor: Cursor, *, days: list[date]) -> None:
    """Take away what was counted of the exercises of some days."""
    cursor.execute("DELETE FROM counted_exercises AS c WHERE c.day = ANY (%(days)s::date[])", {"days": days})


def count_exercises(cursor: Cursor, *, days: list[date]) -> None:
    """Count the exercises of some days."""
    cursor.execute(
        """
        INSERT INTO counted_exercises (day, exercise_id, muscle_id, sets, people)
        SELECT t.day, t.exercise_id, t.muscle_id, count(*), array_agg(DISTINCT t.user_id)
          FROM training AS t
         WHERE t.day = ANY (%(days)s::date[])
         GROUP BY t.day, t.exercise_id, t.muscle_id
        """,
        {"days": days},
    )


def count_days(cursor: Cursor, *, days: list[date]) -> None:
    """Count some days; a set recorded on another day tells nothing of the hours."""
    cursor.execute(
        """
        INSERT INTO counted_days AS c (day, sets, tonnage, people, quarters)
        SELECT d.day, done.sets, done.tonnage, done.people, clock.quarters
          FROM unnest(%(days)s::date[]) AS d (day)
         CROSS JOIN LATERAL (
               SELECT count(*) AS sets, coalesce(sum(t.weight * t.reps), 0) AS tonnage,
                      coalesce(array_agg(DISTINCT t.user_id), '{}') AS people
                 FROM training AS t
                WHERE t.day = d.day) AS done
         CROSS JOIN LATERAL (
               SELECT array_agg(coalesce(n.sets, 0) ORDER BY q.quarter) AS quarters
                 FROM generate_series(0, 215) AS q (quarter)
                 LEFT JOIN (SELECT div(extract(EPOCH FROM t.date - (d.day::timestamp AT TIME ZONE 'UTC'
                                                                    - INTERVAL '14 hours')), 900) AS quarter,
                                   count(*) AS sets
                              FROM training AS t
                             WHERE t.day = d.day
                             GROUP BY 1) AS n ON n.quarter = q.quarter) AS clock
            ON CONFLICT (day) DO UPDATE
               SET sets = excluded.sets,
                   tonnage = excluded.tonnage,
                   people = excluded.people,
                   quarters = excluded.quarters
        """,
        {"days": days},
    )


def _of(period: Period, at: datetime) -> dict[str, Any]:
    return {"first": period.first, "last": period.last, "at": at}


def active_by_day(cursor: Cursor, *, period: Period, at: datetime) -> list[Row]:
    """Return how many people trained, by day; days on which nobody did are left out."""
    cursor.execute(
        """
        WITH span AS MATERIALIZED (
            SELECT %(first)s::date AS first, %(last)s::date AS last,
                   first_open_day(%(at)s::timestamptz - INTERVAL '1 hour') AS open_from
        )
        SELECT c.day, cardinality(c.people)
          FROM span AS s
          JOIN counted_days AS c ON c.day BETWEEN s.first AND least(s.last, s.open_from - 1)
         UNION ALL
        SELECT t.day, count(DISTINCT t.user_id)
          FROM span AS s
          JOIN training AS t ON t.day BETWEEN greatest(s.first, s.open_from) AND s.last
         GROUP BY t.day
        """,
        _of(period, at),
    )
    return cursor.fetchall()


def active_by_week(cursor: Cursor, *, period: Period, at: datetime) -> list[Row]:
    """Return how many people trained, by the Monday of the week."""
    cursor.execute(
        """
        WITH span AS MATERIALIZED (
            SELECT %(first)s::date AS first, %(last)s::date AS last,
                   first_open_day(%(at)s::timestamptz - INTERVAL '1 hour') AS open_from
        )
        SELECT a.week, count(*)
          FROM (SELECT date_trunc('week', c.day::timestamp)::date AS week, who.id AS user_id
                  FROM span AS s
                  JOIN counted_days AS c ON c.day BETWEEN s.first AND least(s.last, s.open_from - 1)
                 CROSS JOIN LATERAL unnest(c.people) AS who (id)
                 UNION
                SELECT date_trunc('week', t.day::timestamp)::date, t.user_id
                  FROM span AS s
                  JOIN training AS t ON t.day BETWEEN greatest(s.first, s.open_from) AND s.last) AS a
         GROUP BY a.week
        """,
        _of(period, at),
    )
    return cursor.fetchall()


def volume(cursor: Cursor, *, period: Period, at: datetime) -> list[Row]:
    """Return sets and tonnage by day; days without any are left out."""
    cursor.execute(
        """
        WITH span AS MATERIALIZED (
            SELECT %(first)s::date AS first, %(last)s::date AS last,
                   first_open_day(%(at)s::timestamptz - INTERVAL '1 hour') AS open_from
        )
        SELECT c.day, c.sets, trim_scale(c.tonnage)
          FROM span AS s
          JOIN counted_days AS c ON c.day BETWEEN s.first AND least(s.last, s.open_from - 1)
         UNION ALL
        SELECT t.day, count(*), trim_scale(sum(t.weight * t.reps))
          FROM span AS s
          JOIN training AS t ON t.day BETWEEN greatest(s.first, s.open_from) AND s.last
         GROUP BY t.day
        """,
        _of(period, at),
    )
    return cursor.fetchall()


def most_used(cursor: Cursor, *, period: Period, at: datetime, limit: int) -> list[Row]:
    """Return the exercises that everybody has and that were done most."""
    cursor.execute(
        """
        WITH span AS MATERIALIZED (
            SELECT %(first)s::date AS first, %(last)s::date AS last,
                   first_open_day(%(at)s::timestamptz - INTERVAL '1 hour') AS open_from
        )
        SELECT e.id, e.name, m.name, sum(u.sets), sum(u.sessions)
          FROM (SELECT c.exercise_id, c.sets, cardinality(c.people) AS sessions
                  FROM span AS s
                  JOIN counted_exercises AS c ON c.day BETWEEN s.first AND least(s.last, s.open_from - 1)
                 UNION ALL
                SELECT t.exercise_id, count(*), count(DISTINCT t.user_id)
                  FROM span AS s
                  JOIN training AS t ON t.day BETWEEN greatest(s.first, s.open_from) AND s.last
                 GROUP BY t.day, t.exercise_id, t.muscle_id) AS u
          JOIN exercises AS e ON e.id = u.exercise_id
          JOIN muscles AS m ON m.id = e.muscle
         WHERE e.is_global
         GROUP BY e.id, m.id
         ORDER BY sum(u.sets) DESC, e.id
         LIMIT %(limit)s
        """,
        _of(period, at) | {"limit": limit},
    )
    return cursor.fetchall()


def hours(cursor: Cursor, *, period: Period, at: datetime, zone: str) -> list[Row]:
    """Return how many sets were recorded, by weekday and hour of a zone."""
    cursor.execute(
        """
        WITH span AS MATERIALIZED (
            SELECT %(first)s::date AS first, %(last)s::date AS last,
                   first_open_day(%(at)s::timestamptz - INTERVAL '1 hour') AS open_from
        )
        SELECT extract(ISODOW FROM r.at AT TIME ZONE %(zone)s::text)::integer,
               extract(HOUR FROM r.at AT TIME ZONE %(zone)s::text)::integer,
               sum(r.sets)
          FROM (SELECT c.day::timestamp AT TIME ZONE 'UTC' - INTERVAL '14 hours'
                       + (q.place - 1) * INTERVAL '15 minutes' AS at, q.sets
                  FROM span AS s
                  JOIN counted_days AS c ON c.day BETWEEN s.first AND least(s.last, s.open_from - 1)
                 CROSS JOIN LATERAL unnest(c.quarters) WITH ORDINALITY AS q (sets, place)
                 WHERE q.sets > 0
                 UNION ALL
                SELECT t.date, 1
                  FROM span AS s
                  JOIN training AS t ON t.day BETWEEN greatest(s.first, s.open_from) AND s.last
                 WHERE t.date - t.day::timestamp AT TIME ZONE 'UTC'
                       BETWEEN INTERVAL '-14 hours' AND INTERVAL '40 hours') AS r
         GROUP BY 1, 2
        """,
        _of(period, at) | {"zone": zone},
    )
    return cursor.fetchall()


def figures(cursor: Cursor, *, user_id: int) -> Row | None:
    """Return what a person has done so far; None when there is no such person."""
    cursor.execute(
        """
        SELECT done.days, done.sets, done.tonnage, done.first_day, done.last_day,
               (SELECT count(*) FROM exercise_stats AS s WHERE s.user_id = u.id),
               (SELECT count(*) FROM muscles AS m WHERE m.created_by = u.id AND m.deleted_at IS NULL),
               (SELECT count(*) FROM exercises AS e WHERE e.created_by = u.id AND e.deleted_at IS NULL)
          FROM users AS u
         CROSS JOIN LATERAL (
               SELECT count(DISTINCT t.day) AS days, count(*) AS sets,
                      coalesce(trim_scale(sum(t.weight * t.reps)), 0) AS tonnage,
                      min(t.day) AS first_day, max(t.day) AS last_day
                 FROM training AS t
                WHERE t.user_id = u.id) AS done
         WHERE u.id = %(user_id)s
        """,
        {"user_id": user_id},
    )
    return cursor.fetchone()


def persons_volume(cursor: Cursor, *, user_id: int, period: Period) -> list[Row]:
    """Return a person's sets and tonnage by day; days without any are left out."""
    cursor.execute(
        """
        SELECT t.day, count(*), trim_scale(sum(t.weight * t.reps))
          FROM training AS t
         WHERE t.user_id = %(user_id)s AND t.day BETWEEN %(first)s AND %(last)s
         GROUP BY t.day
        """,
        {"user_id": user_id, "first": period.first, "last": period.last},
    )
    return cursor.fetchall()


def records(cursor: Cursor, *, user_id: int) -> list[Row]:
    """Return a person's records, the exercise that they trained on most days first."""
    cursor.execute(
        """
        SELECT e.id, e.name, m.name, NOT e.is_global, trim_scale(s.record_weight), s.record_reps, s.record_day,
               s.days, s.last_day
          FROM exercise_stats AS s
          JOIN exercises AS e ON e.id = s.exercise_id
          JOIN muscles AS m ON m.id = e.muscle
         WHERE s.user_id = %(user_id)s
         ORDER BY s.days DESC, s.last_day DESC, e.id
        """,
        {"user_id": user_id},
    )
    return cursor.fetchall()


def own_exercises(cursor: Cursor, *, user_id: int) -> list[Row]:
    """Return the exercises that a person has added, by name; deleted ones that have history among them."""
    cursor.execute(
        """
        SELECT own.id, own.name, m.name, coalesce(s.days, 0), own.deleted_at
          FROM (SELECT e.id, e.name, e.name_key, e.muscle, e.deleted_at
                  FROM exercises AS e
                 WHERE e.created_by = %(user_id)s AND e.deleted_at IS NULL
                 UNION ALL
                SELECT e.id, e.name, e.name_key, e.muscle, e.deleted_at
                  FROM exercise_stats AS s
                  JOIN exercises AS e ON e.id = s.exercise_id
                 WHERE s.user_id = %(user_id)s AND e.created_by = %(user_id)s AND e.deleted_at IS NOT NULL) AS own
          JOIN muscles AS m ON m.id = own.muscle
          LEFT JOIN exercise_stats AS s ON s.user_id = %(user_id)s AND s.exercise_id = own.id
         ORDER BY own.name_key, own.id
        """,
        {"user_id": user_id},
    )
    return cursor.fetchall()


# Anybody's sets, newest first, one page after a place in that order. Which index finds
# them depends on what is asked for, so each way has a statement of its own. They are planned anew each time, with their
# values, and read an index in its order: a plan for the average person would sort the whole history of a veteran.
_IN_ORDER = """
        SET LOCAL enable_sort = off;
        SET LOCAL max_parallel_workers_per_gather = 0;
"""
_NAMED = """
        SELECT p.id, p.day, p.date, p.user_id, p.muscle_id, p.exercise_id, p.set, trim_scale(p.weight),
               trim_scale(p.reps), concat_ws(' ', u.first_name, u.lastname), m.name, e.name
          FROM page AS p
          JOIN users AS u ON u.id = p.user_id
          JOIN muscles AS m ON m.id = p.muscle_id
          JOIN exercises AS e ON e.id = p.exercise_id
         ORDER BY p.day DESC, p.date DESC, p.id DESC
"""


_SET = """
        WITH page AS (
            SELECT t.id, t.day, t.date, t.user_id, t.muscle_id, t.exercise_id, t.set, t.weight, t.reps
              FROM training AS t
             WHERE t.id = %(id)s
        )
"""


def logged_set(cursor: Cursor, *, set_id: str) -> Row | None:
    """Return one set of anybody's."""
    cursor.execute(_SET + _NAMED, {"id": set_id})
    return cursor.fetchone()


_SETS = """
        WITH page AS MATERIALIZED (
            SELECT t.id, t.day, t.date, t.user_id, t.muscle_id, t.exercise_id, t.set, t.weight, t.reps
              FROM training AS t
             WHERE t.day >= %(first)s::date
               AND (t.day, t.date, t.id) < (%(day)s::date, %(date)s::timestamptz, %(id)s::varchar)
             ORDER BY t.day DESC, t.date DESC, t.id DESC
             LIMIT %(limit)s
        )
"""


def logged_sets(cursor: Cursor, *, wanted: dict[str, Any]) -> list[Row]:
    """Return one page of everybody's sets."""
    cursor.execute(_IN_ORDER + _SETS + _NAMED, wanted)
    return cursor.fetchall()


_SETS_OF_PERSON = """
        WITH page AS MATERIALIZED (
            SELECT t.id, t.day, t.date, t.user_id, t.muscle_id, t.exercise_id, t.set, t.weight, t.reps
              FROM training AS t
             WHERE t.user_id = %(user_id)s
               AND t.muscle_id = coalesce(%(muscle_id)s::integer, t.muscle_id)
               AND t.day >= %(first)s::date
               AND (t.day, t.date, t.id) < (%(day)s::date, %(date)s::timestamptz, %(id)s::varchar)
             ORDER BY t.day DESC, t.date DESC, t.id DESC
             LIMIT %(limit)s
        )
"""


def logged_sets_of_person(cursor: Cursor, *, wanted: dict[str, Any]) -> list[Row]:
    """Return one page of a person's sets, of one muscle perhaps."""
    cursor.execute(_IN_ORDER + _SETS_OF_PERSON + _NAMED, wanted)
    return cursor.fetchall()


_SETS_OF_PERSONS_EXERCISE = """
        WITH page AS MATERIALIZED (
            SELECT t.id, t.day, t.date, t.user_id, t.muscle_id, t.exercise_id, t.set, t.weight, t.reps
              FROM training AS t
             WHERE t.user_id = %(user_id)s AND t.exercise_id = %(exercise_id)s
               AND t.muscle_id = coalesce(%(muscle_id)s::integer, t.muscle_id)
               AND t.day >= %(first)s::date
               AND (t.day, t.date, t.id) < (%(day)s::date, %(date)s::timestamptz, %(id)s::varchar)
             ORDER BY t.day DESC, t.date DESC, t.id DESC
             LIMIT %(limit)s
        )
"""


def logged_sets_of_persons_exercise(cursor: Cursor, *, wanted: dict[str, Any]) -> list[Row]:
    """Return one page of a person's sets of one exercise."""
    cursor.execute(_IN_ORDER + _SETS_OF_PERSONS_EXERCISE + _NAMED, wanted)
    return cursor.fetchall()


# No index of training begins with the exercise or the muscle, for it would cost every set three pages. Of days that are
# over it is counted who did what: only days with such sets are looked at, newest sets first, or, where they are few,
# through the people who did them. The days of the period that are over must be counted.
_OF_EVERYBODY = """
        , open AS MATERIALIZED (
            SELECT t.id, t.day, t.date, t.user_id, t.muscle_id, t.exercise_id, t.set, t.weight, t.reps
              FROM training AS t
             WHERE t.day >= greatest(%(first)s::date, first_open_day(%(at)s::timestamptz - INTERVAL '1 hour'))
               AND (t.day, t.date, t.id) < (%(day)s::date, %(date)s::timestamptz, %(id)s::varchar)
               AND t.exercise_id = coalesce(%(exercise_id)s::integer, t.exercise_id)
               AND t.muscle_id = coalesce(%(muscle_id)s::integer, t.muscle_id)
             ORDER BY t.day DESC, t.date DESC, t.id DESC
             LIMIT %(limit)s
        ), closed AS MATERIALIZED (
            SELECT t.id, d.day, t.date, t.user_id, t.muscle_id, t.exercise_id, t.set, t.weight, t.reps
              FROM days AS d
              JOIN counted_days AS whole ON whole.day = d.day
             CROSS JOIN LATERAL (
                   (SELECT s.id, s.date, s.user_id, s.muscle_id, s.exercise_id, s.set, s.weight, s.reps
                      FROM training AS s
                     WHERE s.day = d.day AND d.sets * d.sets >= 16 * whole.sets
                       AND (s.day, s.date, s.id) < (%(day)s::date, %(date)s::timestamptz, %(id)s::varchar)
                       AND s.exercise_id = coalesce(%(exercise_id)s::integer, s.exercise_id)
                       AND s.muscle_id = coalesce(%(muscle_id)s::integer, s.muscle_id)
                     ORDER BY s.date DESC, s.id DESC
                     LIMIT %(limit)s)
                    UNION ALL
                   SELECT s.id, s.date, s.user_id, s.muscle_id, s.exercise_id, s.set, s.weight, s.reps
                     FROM counted_exercises AS c
                    CROSS JOIN LATERAL unnest(c.people) AS who (id)
                     JOIN training AS s ON s.user_id = who.id AND s.exercise_id = c.exercise_id AND s.day = c.day
                      AND s.muscle_id = c.muscle_id
                    WHERE c.day = d.day AND d.sets * d.sets < 16 * whole.sets
                      AND c.exercise_id = coalesce(%(exercise_id)s::integer, c.exercise_id)
                      AND c.muscle_id = coalesce(%(muscle_id)s::integer, c.muscle_id)) AS t
             WHERE (d.day, t.date, t.id) < (%(day)s::date, %(date)s::timestamptz, %(id)s::varchar)
             ORDER BY d.day DESC, t.date DESC, t.id DESC
             LIMIT %(limit)s - (SELECT count(*) FROM open)
        ), page AS MATERIALIZED (
            SELECT a.id, a.day, a.date, a.user_id, a.muscle_id, a.exercise_id, a.set, a.weight, a.reps
              FROM (SELECT o.* FROM open AS o UNION ALL SELECT c.* FROM closed AS c) AS a
             ORDER BY a.day DESC, a.date DESC, a.id DESC
             LIMIT %(limit)s
        )
"""


_DAYS_OF_EXERCISE = """
        WITH days AS (
            SELECT c.day, sum(c.sets) AS sets
              FROM counted_exercises AS c
             WHERE c.exercise_id = %(exercise_id)s
               AND c.muscle_id = coalesce(%(muscle_id)s::integer, c.muscle_id)
               AND c.day BETWEEN %(first)s::date
                             AND least(%(day)s::date, first_open_day(%(at)s::timestamptz - INTERVAL '1 hour') - 1)
             GROUP BY c.day
             ORDER BY c.day DESC
        )
"""


def logged_sets_of_exercise(cursor: Cursor, *, wanted: dict[str, Any]) -> list[Row]:
    """Return one page of everybody's sets of one exercise."""
    cursor.execute(_IN_ORDER + _DAYS_OF_EXERCISE + _OF_EVERYBODY + _NAMED, wanted)
    return cursor.fetchall()


_DAYS_OF_MUSCLE = """
        WITH days AS (
            SELECT c.day, sum(c.sets) AS sets
              FROM counted_exercises AS c
             WHERE c.muscle_id = %(muscle_id)s
               AND c.day BETWEEN %(first)s::date
                             AND least(%(day)s::date, first_open_day(%(at)s::timestamptz - INTERVAL '1 hour') - 1)
             GROUP BY c.day
             ORDER BY c.day DESC
        )
"""


def logged_sets_of_muscle(cursor: Cursor, *, wanted: dict[str, Any]) -> list[Row]:
    """Return one page of everybody's sets of one muscle."""
    cursor.execute(_IN_ORDER + _DAYS_OF_MUSCLE + _OF_EVERYBODY + _NAMED, wanted)
    return cursor.fetchall()
