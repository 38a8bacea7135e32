"""A log as it looks after years: the sets of many people, interleaved in the order of their moments, in three sizes.

Twenty thousand people are registered in each, and one veteran has trained for five years: 20,000 sets, 4,000 of them in
one exercise. Of the others one in ten trains regularly, twice a week, and the rest now and then; how many of them came,
and for how long, is what the sizes differ in. The sets go through all indexes one after the other, as in life, so that
these have grown and are not packed; the triggers sleep meanwhile, and the statistics are counted at the end, as the
triggers would have kept them.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg2

TODAY = date(2026, 3, 11)  # a Wednesday; the history ends the day before
PEOPLE = 20_000
OPENER = 210  # whose taps come before anything is counted
REGULAR = 140  # trains on Wednesdays, has an exercise of their own, and has hidden one and a muscle
VETERAN = PEOPLE + 1
NEWCOMER = PEOPLE + 2
VETERANS_SETS = 20_000
BENCH_PRESS = 1
BOT = 42
SEEN_UPDATES = 100_000


@dataclass(frozen=True, slots=True)
class Size:
    """How many came, and for how many weeks; who trains regularly is `each tenth`."""

    name: str
    sets: int
    regulars: int  # of each tenth, so many
    weeks: int
    casual_weeks: int  # of everybody else
    casual_exercises: int = 3


SIZES = (
    Size("30k", 29_984, regulars=32, weeks=13, casual_weeks=0),
    Size("1M", 1_076_000, regulars=2000, weeks=13, casual_weeks=3, casual_exercises=2),
    Size("10M", 10_196_000, regulars=2000, weeks=104, casual_weeks=24),
)

# Everybody has something of their own, or has hidden something: no look-up is free because a table is empty.
_PEOPLE = """
INSERT INTO users (id, first_name, registration_date, last_interaction)
SELECT id, 'P' || id, TIMESTAMPTZ '2024-01-01Z' + id * INTERVAL '1 minute', %(today)s::timestamptz
  FROM generate_series(1, %(newcomer)s) AS id;
INSERT INTO exercises (name, name_key, muscle, is_global, created_by)
SELECT 'Own ' || p, 'own ' || p, p %% 7 + 1, FALSE, p FROM generate_series(4, %(people)s, 4) AS p;
INSERT INTO muscles (name, name_key, is_global, created_by)
SELECT 'Own ' || p, 'own ' || p, FALSE, p FROM generate_series(20, %(people)s, 20) AS p;
INSERT INTO user_hidden_exercises SELECT p, 110 FROM generate_series(2, %(people)s, 2) AS p;
INSERT INTO user_hidden_muscles SELECT p, 8 FROM generate_series(4, %(people)s, 4) AS p;
INSERT INTO exercise_notes SELECT p, 30 + p %% 70, 'seat 4' FROM generate_series(3, %(people)s, 3) AS p;
INSERT INTO entries_spent SELECT p, %(bot)s, p FROM generate_series(1, %(people)s) AS p;
INSERT INTO updates_seen (bot_id, update_id) SELECT %(bot)s, id FROM generate_series(1, %(seen_updates)s) AS id;
INSERT INTO audit (at, action, kind, thing_id)
SELECT %(today)s::timestamptz - n * INTERVAL '1 minute', CASE n %% 3 WHEN 0 THEN 'create' ELSE 'update' END,
       CASE n %% 5 WHEN 0 THEN 'muscle' ELSE 'set' END, (n %% 7)::text
  FROM generate_series(20000, 1, -1) AS n
"""
_SETS = """
WITH visit AS (  -- everybody has weekdays and a time of day of their own, and two programmes or four
    SELECT p AS who, %(today)s::date - 7 * week - (p + 3 * programme) %% 7 AS day, week, programme,
           INTERVAL '6 hours' + p * 7919 %% 900 * INTERVAL '1 minute' AS began,
           CASE WHEN p %% 10 = 0 THEN 3 ELSE %(casual_exercises)s END AS exercises
      FROM generate_series(1, %(people)s) AS p, generate_series(1, %(weeks)s) AS week,
           generate_series(0, 1) AS programme
     WHERE p %% 10 = 0 AND p / 10 <= %(regulars)s
        OR p %% 10 > 0 AND week <= %(casual_weeks)s AND programme = 0
     UNION ALL
    SELECT %(veteran)s, %(today)s::date - 7 * week - programme * 2, week, programme, INTERVAL '18 hours', 5
      FROM generate_series(1, 250) AS week, generate_series(0, 3) AS programme
), done AS (
    SELECT v.who, v.day, v.day + v.began + (place * 4 + set) * INTERVAL '3 minutes' AS date, set,
           CASE WHEN v.who = %(veteran)s AND place = 0 THEN %(bench_press)s
                WHEN v.who = %(veteran)s THEN 1 + (v.programme * 20 + place * 17) %% 120
                WHEN v.who %% 4 = 0 AND place = 1 THEN NULL  -- their own
                ELSE 1 + (v.who + v.programme * 30 + place * 20 + v.week / 8 * 5) %% 120 END AS exercise,
           40 + (v.day - DATE '2020-01-01') %% 9 * 2.5 AS weight, 12 - set AS reps
      FROM visit AS v, generate_series(0, v.exercises - 1) AS place, generate_series(1, 4) AS set
)
INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
SELECT d.date AT TIME ZONE 'UTC', d.day, d.who, e.muscle, e.id, d.set, d.weight, d.reps
  FROM done AS d
  LEFT JOIN exercises AS own ON d.exercise IS NULL AND own.created_by = d.who
  JOIN exercises AS e ON e.id = coalesce(d.exercise, own.id)
 ORDER BY d.date, d.who
"""
_STATS = """
INSERT INTO exercise_stats (user_id, exercise_id, muscle_id, days, last_day, last_date,
                            record_weight, record_reps, record_day)
SELECT r.user_id, r.exercise_id, min(r.muscle_id), count(*) FILTER (WHERE r.is_new_day), max(r.day), max(r.date),
       min(r.best_weight), min(r.best_reps), min(r.best_day)
  FROM (SELECT t.user_id, t.exercise_id, t.muscle_id, t.day, t.date, t.set = 1 AS is_new_day,
               first_value(t.weight) OVER best AS best_weight, first_value(t.reps) OVER best AS best_reps,
               first_value(t.day) OVER best AS best_day
          FROM training AS t
        WINDOW best AS (PARTITION BY t.user_id, t.exercise_id ORDER BY t.weight DESC, t.reps DESC, t.day)) AS r
 GROUP BY r.user_id, r.exercise_id
 ORDER BY max(r.date)
"""
# The triggers on training ask the server's clock which days are over: here it is the morning of TODAY for ever. And no
# vacuum of the server's own, whose reads would be counted as ours.
_STANDSTILL = """
CREATE OR REPLACE FUNCTION first_open_day(at TIMESTAMPTZ) RETURNS DATE LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT DATE '2026-03-10'
$$;
DO $$
DECLARE
    kept TEXT;
BEGIN
    FOR kept IN SELECT t.tablename FROM pg_tables AS t WHERE t.schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', kept);
    END LOOP;
END
$$
"""


def at(hour: int) -> datetime:
    """A moment of TODAY."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, hour, tzinfo=UTC)


def write(database: Mapping[str, str], size: Size) -> None:
    """Write the history into an empty database, and leave it as a vacuum does."""
    # A vacuum marks no page whose rows were committed asynchronously a moment ago.
    options = "-c work_mem=256MB -c statement_timeout=0 -c jit=off -c synchronous_commit=on"
    given: dict[str, Any] = {
        "today": TODAY,
        "people": PEOPLE,
        "veteran": VETERAN,
        "newcomer": NEWCOMER,
        "bench_press": BENCH_PRESS,
        "bot": BOT,
        "seen_updates": SEEN_UPDATES,
        "regulars": size.regulars,
        "weeks": size.weeks,
        "casual_weeks": size.casual_weeks,
        "casual_exercises": size.casual_exercises,
    }
    with closing(connect(database, options=options)) as connection, connection.cursor() as cursor:
        cursor.execute(_STANDSTILL)
        cursor.execute(_PEOPLE, given)
        cursor.execute("ALTER TABLE training DISABLE TRIGGER USER")
        cursor.execute(_SETS, given)
        cursor.execute("ALTER TABLE training ENABLE TRIGGER USER")
        cursor.execute(_STATS)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*), sum((user_id = %s)::int) FROM training", (VETERAN,))
        assert cursor.fetchone() == (size.sets, VETERANS_SETS)  # noqa: S101 - else what is measured is another
        cursor.execute("SELECT min(relallvisible::float / relpages) FROM pg_class WHERE relname ~ '^training$'")
        assert cursor.fetchone() == (1.0,), "the vacuum could not mark all pages as seen by all"  # noqa: S101


def connect(database: Mapping[str, str], *, options: str = "") -> Any:
    """Connect as the owner, each statement committed by itself."""
    connection = psycopg2.connect(
        host=database["DB_HOST"],
        port=database["DB_PORT"],
        dbname=database["DB_NAME"],
        user=database["DB_USER"],
        password=database["DB_PASSWORD"],
        options=options,
    )
    connection.autocommit = True
    return connection
