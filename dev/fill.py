"""`make fill`: made-up people who have trained for most of a year, ten million sets in all, into the house's database.

ARGS="--sets 100000" makes fewer; it is never less than asked for. While it writes (minutes), the bot and the API wait;
`make wipe` takes all of it away.
"""

import argparse
import math
import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import psycopg2
from psycopg2.extensions import cursor as Cursor

from app.modules.errors import CannotDo
from app.schema import migrate
from app.settings import DatabaseSettings
from dev.kept import kept
from dev.servers import ServersError

FIRST_PERSON = 9_000_000_001  # far from Telegram's numbers, and from the sandbox's
SETS = 10_000_000
DAYS = 300
SETS_A_DAY = 2.6  # of one person at least, days of rest and those before they began counted
DAYS_AT_ONCE = 10

FIRST_NAMES = [
    *(
        "Ann",
        "Ben",
        "נועה",
        "Oleksandr",
        "José",
        "Mei",
        "Fatima",
        "Lars",
        "Olga",
        "Tom",
        "Yael",
        "Иван",
        "Priya",
        "Kofi",
    ),
    *(
        "Zoë",
        "Liam",
        "美咲",
        "Nadia",
        "Paul",
        "Ava",
        "Omar",
        "Iris",
        "Łukasz",
        "Sofía",
        "Deniz",
        "Hugo",
        "Ελένη",
        "Max",
    ),
]
LAST_NAMES = [
    *("Lee", "Berg", "כהן", "Kovalenko", "García", "Wang", "Hassan", "Nilsen", "Петрова", "Fields", "Levi", "Novak"),
    *("Sharma", "Mensah", "Blanc"),
]
ODD_NAMES = (  # what screens must bear
    "Ann 🏋️‍♀️💪",
    "Wolfeschlegelsteinhausenbergerdorff-Schmetterling von und zu Donaudampfschifffahrt",
    "אברהם בן־ציון הכהן",
)

# When people come, likely hours several times; as many of both.
HOURS = [6, 7, 7, 7, 8, 9, 12, 12, 13, 16, 17, 17, 17, 18, 18, 18, 18, 19, 19, 19, 20, 20, 21]
WEEKEND = [7, 8, 8, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 12, 12, 13, 14, 15, 16, 16, 17, 17, 18]

# A person's number says how often they train, with a day what and how much: every run is alike.
_PEOPLE = """
INSERT INTO users (id, first_name, lastname, username, registration_date, last_interaction)
SELECT %(base)s + p,
       CASE WHEN p %% 20 = 7 THEN (%(odd)s::text[])[1 + p / 20 %% cardinality(%(odd)s::text[])]
            ELSE (%(first)s::text[])[1 + p %% cardinality(%(first)s::text[])] END,
       CASE WHEN p %% 5 > 0 AND p %% 20 <> 7
            THEN (%(last)s::text[])[1 + p * 7 %% cardinality(%(last)s::text[])] END,
       CASE WHEN p %% 3 > 0 THEN 'lifter_' || p END,
       %(today)s::timestamp AT TIME ZONE 'UTC' - (5 + abs(hashint4(p)) %% %(days)s) * INTERVAL '1 day',
       %(today)s::timestamp AT TIME ZONE 'UTC' - abs(hashint4(p)) %% 5000 * INTERVAL '1 minute'
  FROM generate_series(0, %(people)s - 1) AS p
"""
_OWN = """
INSERT INTO exercises (name, name_key, muscle, is_global, created_by)
SELECT 'Garage press ' || p, 'garage press ' || p, 1, FALSE, %(base)s + p
  FROM generate_series(0, %(people)s - 1, 7) AS p
"""
_SETS = """
WITH liked AS (  -- every muscle's first exercise, then every muscle's second: what is done most is of all of them
    SELECT e.id, row_number() OVER (PARTITION BY e.muscle ORDER BY e.id) AS rank
      FROM exercises AS e WHERE e.is_global AND e.deleted_at IS NULL
), shelf AS (
    SELECT array_agg(l.id ORDER BY l.rank, l.id) AS ids, count(*) AS size FROM liked AS l
), visit AS (
    SELECT p, d.day, abs(hashint8extended(p::bigint * 4096 + (d.day - DATE '2000-01-01') %% 4096, 7)) AS luck,
           extract(ISODOW FROM d.day)::int AS weekday
      FROM generate_series(0, %(people)s - 1) AS p,
           (SELECT generate_series(%(from)s::date, %(to)s::date, INTERVAL '1 day')::date AS day) AS d
), came AS (
    SELECT v.p, v.day, v.luck,
           (v.day + (CASE WHEN v.weekday < 6 THEN %(hours)s::int[] ELSE %(weekend)s::int[] END)[1 + v.luck / 100 %% 23]
                  * INTERVAL '1 hour' + v.luck / 10000 %% 60 * INTERVAL '1 minute') AT TIME ZONE 'UTC' AS began
      FROM visit AS v
     WHERE v.luck %% 100 < (15 + abs(hashint4(v.p)) %% 45) * CASE WHEN v.weekday = 7 THEN 0.4
                                                               WHEN v.weekday IN (5, 6) THEN 0.75 ELSE 1 END
       AND v.day >= %(today)s::date - 5 - abs(hashint4(v.p)) %% %(days)s
), done AS (
    SELECT c.p, c.day, c.began, c.luck, place,
           CASE WHEN own.id IS NOT NULL AND place = 3 THEN own.id
                ELSE s.ids[1 + place + 4 * floor((s.size / 4) * power(abs(hashint8extended(c.p::bigint * 64
                     + (c.day - DATE '2000-01-01') %% 3 * 8 + place, 3)) %% 1000 / 1000.0, 2))::int] END AS exercise
      FROM came AS c
     CROSS JOIN shelf AS s
     CROSS JOIN generate_series(0, 3) AS place
      LEFT JOIN exercises AS own ON own.created_by = %(base)s + c.p AND own.deleted_at IS NULL
)
INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
SELECT d.began + (d.place * 4 + n) * INTERVAL '3 minutes', d.day, %(base)s + d.p, e.muscle, e.id, n,
       CASE WHEN e.id %% 9 = 0 THEN 0
            ELSE 2.5 * (6 + abs(hashint4(d.p)) %% 14 + e.id %% 7 * 2 + d.luck / 1000 %% 3 + n / 3
                        + (d.day - (%(today)s::date - %(days)s)) * 8 / %(days)s) END,
       13 - n + d.luck / 7 %% 4
  FROM done AS d
  JOIN exercises AS e ON e.id = d.exercise
 CROSS JOIN generate_series(1, 4) AS n
 WHERE d.began < now() - INTERVAL '1 hour'
 ORDER BY d.began, d.p
"""
# What the triggers would have kept.
_STATS = """
INSERT INTO exercise_stats (user_id, exercise_id, muscle_id, days, last_day, last_date,
                            record_weight, record_reps, record_day)
SELECT r.user_id, r.exercise_id, min(r.muscle_id), count(DISTINCT r.day), max(r.day), max(r.date),
       min(r.best_weight), min(r.best_reps), min(r.best_day)
  FROM (SELECT t.user_id, t.exercise_id, t.muscle_id, t.day, t.date, first_value(t.weight) OVER best AS best_weight,
               first_value(t.reps) OVER best AS best_reps, first_value(t.day) OVER best AS best_day
          FROM training AS t
         WHERE t.user_id >= %(base)s
        WINDOW best AS (PARTITION BY t.user_id, t.exercise_id ORDER BY t.weight DESC, t.reps DESC, t.day)) AS r
 GROUP BY r.user_id, r.exercise_id
"""
_LAST_SEEN = """
UPDATE users AS u
   SET last_interaction = s.last_date
  FROM (SELECT user_id, max(last_date) AS last_date FROM exercise_stats GROUP BY user_id) AS s
 WHERE u.id = s.user_id AND u.id >= %(base)s
"""
_CHANGED_DAYS = """
INSERT INTO changed_days (day)
SELECT %(today)s::date - ago FROM generate_series(0, %(days)s) AS ago
    ON CONFLICT DO NOTHING
"""


def fill(env: Mapping[str, str], *, people: int, days: int, today: date, is_heard: bool = False) -> int:
    """Write people and their training in one transaction; return how many sets that is.

    The indexes are made anew at the end, which takes a quarter of the time of keeping them, and the triggers sleep.
    """
    connection = psycopg2.connect(
        host=env["DB_HOST"],
        port=env["DB_PORT"],
        dbname=env["DB_NAME"],
        user=env["DB_USER"],
        password=env["DB_PASSWORD"],
    )
    try:
        with connection, connection.cursor() as cursor:
            return _filled(cursor, people=people, days=days, today=today, is_heard=is_heard)
    finally:
        connection.close()


def _filled(cursor: Cursor, *, people: int, days: int, today: date, is_heard: bool) -> int:
    given = {
        "base": FIRST_PERSON,
        "people": people,
        "days": days,
        "today": today,
        "first": FIRST_NAMES,
        "last": LAST_NAMES,
        "odd": list(ODD_NAMES),
        "hours": HOURS,
        "weekend": WEEKEND,
    }
    cursor.execute(
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL maintenance_work_mem = '512MB';"
        "SET LOCAL work_mem = '256MB'; SET LOCAL synchronous_commit = off; SET LOCAL jit = off"
    )
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'training' AND indexname <> 'training_pkey'")
    indexes = [row[0] for row in cursor.fetchall()]
    names = ", ".join(index.split()[2] for index in indexes)
    cursor.execute(_PEOPLE, given)
    cursor.execute(_OWN, given)
    cursor.execute("ALTER TABLE training DISABLE TRIGGER USER, DROP CONSTRAINT training_pkey")
    cursor.execute(f"DROP INDEX {names}")  # noqa: S608 - the names are the catalogue's
    written = 0
    for ago in range(days, -1, -DAYS_AT_ONCE):
        span = {
            "from": today - timedelta(days=ago),
            "to": today - timedelta(days=max(0, ago - DAYS_AT_ONCE + 1)),
        }
        cursor.execute(_SETS, given | span)
        written += cursor.rowcount
        if is_heard:
            print(f"\r  {written:,} sets", end="", flush=True)
    if is_heard:
        print("; now the indexes and statistics ...", flush=True)
    cursor.execute("ALTER TABLE training ENABLE TRIGGER USER, ADD CONSTRAINT training_pkey PRIMARY KEY (id)")
    for index in indexes:
        cursor.execute(index)
    cursor.execute(_STATS, given)
    cursor.execute(_LAST_SEEN, given)
    cursor.execute(_CHANGED_DAYS, given)
    cursor.execute("ANALYZE training; ANALYZE exercise_stats; ANALYZE users")
    return written


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fill", description=__doc__)
    parser.add_argument("--sets", type=int, default=SETS, help="about how many sets (%(default)s)")
    sets = parser.parse_args().sets
    began = time.monotonic()
    people = math.ceil(sets / (DAYS * SETS_A_DAY))
    try:
        with kept() as env:  # whatever DB_* say in this shell: nobody wants made-up people in a real gym
            migrate(DatabaseSettings.model_validate({name.lower(): value for name, value in env.items()}))
            written = fill(env, people=people, days=DAYS, today=datetime.now(UTC).date(), is_heard=True)
    except (ServersError, CannotDo) as error:
        print(f"\nmake fill: {error}", file=sys.stderr)
        return 1
    except psycopg2.errors.UniqueViolation:
        print("\nmake fill: made-up people are here already; `make wipe` takes everything away.", file=sys.stderr)
        return 1
    except psycopg2.Error as error:
        print(f"\nmake fill: {error}", file=sys.stderr)
        return 1
    print(f"  {written:,} sets of {people:,} people in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
