"""A log of a million sets, as it looks after years: the sets of many people, interleaved in the order of their moments.

One person in ten trains regularly: twice a week for a quarter of a year, three exercises of four sets. The others came
three times. The veteran has trained for five years: 20,000 sets, 4,000 of them in one exercise. The triggers sleep
while it is written, and the statistics are counted at its end, as the triggers would have kept them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import psycopg2

TODAY = "2026-03-11"  # a Wednesday; the history ends the day before
PEOPLE = 20_000
REGULAR = 70  # trains on Wednesdays
VETERAN = PEOPLE + 1
BENCH = 1
SETS = 1_076_000
NEXT_UPDATE = 100_000_000

_WRITE = f"""
INSERT INTO users (id, first_name) SELECT id, 'P' || id FROM generate_series(1, {VETERAN}) AS id;

ALTER TABLE training DISABLE TRIGGER USER;
WITH visit AS (  -- everybody has weekdays and a time of day of their own, and two programmes or four
    SELECT p AS who, DATE '{TODAY}' - 7 * week - (p + 3 * programme) % 7 AS day, programme,
           INTERVAL '6 hours' + p * 7919 % 900 * INTERVAL '1 minute' AS began,
           CASE WHEN p % 10 = 0 THEN 3 ELSE 2 END AS exercises
      FROM generate_series(1, {PEOPLE}) AS p, generate_series(1, 13) AS week, generate_series(0, 1) AS programme
     WHERE p % 10 = 0 OR week <= 3 AND programme = 0
     UNION ALL
    SELECT {VETERAN}, DATE '{TODAY}' - 7 * week - programme * 2, programme, INTERVAL '18 hours', 5
      FROM generate_series(1, 250) AS week, generate_series(0, 3) AS programme
), done AS (
    SELECT v.who, v.day, v.day + v.began + (place * 4 + set) * INTERVAL '3 minutes' AS date, set,
           CASE WHEN v.who = {VETERAN} AND place = 0 THEN {BENCH}
                WHEN v.who = {VETERAN} THEN 1 + (v.programme * 20 + place * 17) % 120
                ELSE 1 + (v.who + v.programme * 30 + place * 20) % 120 END AS exercise,
           40 + (v.day - DATE '2020-01-01') % 9 * 2.5 AS weight, 12 - set AS reps
      FROM visit AS v, generate_series(0, v.exercises - 1) AS place, generate_series(1, 4) AS set
)
INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
SELECT d.date AT TIME ZONE 'UTC', d.day, d.who, e.muscle, d.exercise, d.set, d.weight, d.reps
  FROM done AS d
  JOIN exercises AS e ON e.id = d.exercise
 ORDER BY d.date, d.who;
ALTER TABLE training ENABLE TRIGGER USER;

INSERT INTO exercise_stats (user_id, exercise_id, muscle_id, days, last_day, last_date,
                            record_weight, record_reps, record_day)
SELECT r.user_id, r.exercise_id, min(r.muscle_id), count(DISTINCT r.day), max(r.day), max(r.date),
       min(r.best_weight), min(r.best_reps), min(r.best_day)
  FROM (SELECT t.*, first_value(t.weight) OVER best AS best_weight, first_value(t.reps) OVER best AS best_reps,
               first_value(t.day) OVER best AS best_day
          FROM training AS t
        WINDOW best AS (PARTITION BY t.user_id, t.exercise_id ORDER BY t.weight DESC, t.reps DESC, t.day)) AS r
 GROUP BY r.user_id, r.exercise_id
 ORDER BY max(r.date);

-- Everybody has something of their own, or has hidden something: no look-up is free because a table is empty.
INSERT INTO exercises (name, name_key, muscle, is_global, created_by)
SELECT 'Own ' || p, 'own ' || p, p % 8 + 1, FALSE, p FROM generate_series(1, {PEOPLE}, 4) AS p;
INSERT INTO muscles (name, name_key, is_global, created_by)
SELECT 'Own ' || p, 'own ' || p, FALSE, p FROM generate_series(1, {PEOPLE}, 20) AS p;
INSERT INTO user_hidden_exercises SELECT p, 110 FROM generate_series(1, {PEOPLE}, 2) AS p;
INSERT INTO user_hidden_muscles SELECT p, 8 FROM generate_series(1, {PEOPLE}, 4) AS p;
INSERT INTO updates_seen (bot_id, update_id) SELECT 42, id FROM generate_series(1, 100000) AS id;
"""


# The triggers on training ask the server's clock which days are over; here it is the morning of TODAY for ever.
_CLOCK = f"""
CREATE OR REPLACE FUNCTION first_open_day(at TIMESTAMPTZ) RETURNS DATE LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT DATE '{TODAY}' - 1
$$;
"""


def at(hour: int) -> datetime:
    """A moment of TODAY."""
    return datetime.fromisoformat(TODAY).replace(hour=hour, tzinfo=UTC)


def write(database: Mapping[str, str]) -> None:
    """Write the history into an empty database, and leave it as a vacuum does."""
    connection = psycopg2.connect(
        host=database["DB_HOST"],
        port=database["DB_PORT"],
        dbname=database["DB_NAME"],
        user=database["DB_USER"],
        password=database["DB_PASSWORD"],
        # A vacuum marks no page whose rows were committed asynchronously a moment ago.
        options="-c work_mem=256MB -c statement_timeout=0 -c synchronous_commit=on",
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            # Autovacuum's reads would be counted as ours.
            cursor.execute("ALTER SYSTEM SET autovacuum = off")
            cursor.execute("SELECT pg_reload_conf()")
            cursor.execute(_CLOCK)
            cursor.execute(_WRITE)
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SELECT count(*), sum((user_id = %s)::int) FROM training", (VETERAN,))
            assert cursor.fetchone() == (SETS, 20_000)
            cursor.execute("SELECT min(relallvisible::float / relpages) FROM pg_class WHERE relname ~ '^training$'")
            assert cursor.fetchone() == (1.0,), "the vacuum could not mark all pages as seen by all"
    finally:
        connection.close()
