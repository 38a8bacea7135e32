"""SQL of recording: one round trip a screen, one an effect.

Each statement finds the person's day by the SQL functions gym_day() and day_is_open(); who may see an exercise is said
by visible_exercise(). The plans were chosen by counting pages (make bench-growth); a comment says where that bent a
line. Whatever changes sets or a note begins with take_turn().

Sets of one exercise on one day are found by comparing rows: so only training_by_exercise can be asked, which holds no
others of that day. A row of exercise_stats is found by stats_key(), in one page.

A set that was looked at is written where it lay (ctid). An operator's SQL takes no turn, and may have changed it in
between: 'done' is said of what was written, and where that is less than was found, begin_again().
"""

from datetime import date
from decimal import Decimal
from typing import Any

from app.modules.people.model import Act
from app.modules.postgres import Cursor
from app.modules.training.model import GymDay, Set

Row = dict[str, Any]


def today(cursor: Cursor, *, act: Act) -> date:
    """Return the date on a person's own calendar."""
    cursor.execute(
        """
        SELECT (%(at)s::timestamptz AT TIME ZONE coalesce(u.timezone, %(zone)s))::date
          FROM users AS u
         WHERE u.id = %(user_id)s
        """,
        {"user_id": act.user_id, "at": act.at, "zone": act.zone},
    )
    row = cursor.fetchone()
    return row[0] if row else act.at.date()


def start(cursor: Cursor, *, act: Act, day: GymDay | None) -> Row:
    """Return the muscles that a person sees, and the exercises that they probably do next."""
    cursor.execute(
        """
        WITH person AS MATERIALIZED (
            SELECT u AS self,
                   coalesce(%(day)s::date,
                            gym_day(%(at)s::timestamptz, coalesce(u.timezone, %(zone)s), %(user_id)s)) AS day
              FROM users AS u
             WHERE u.id = %(user_id)s
        ), recent AS MATERIALIZED (
            -- This day, the weekdays before it, and nearly always the last day with the exercise in hand: one scan.
            SELECT t.day, t.exercise_id, t.set, t.date
              FROM person AS p
              JOIN training AS t ON t.user_id = %(user_id)s AND t.day BETWEEN p.day - 28 AND p.day
        ), done AS MATERIALIZED (
            SELECT r.exercise_id, r.set, r.date FROM person AS p JOIN recent AS r ON r.day = p.day
        ), hand AS MATERIALIZED (
            SELECT l.exercise_id,
                   coalesce((SELECT max(r.day) FROM recent AS r WHERE r.exercise_id = l.exercise_id AND r.day < p.day),
                            (SELECT t.day
                               FROM training AS t
                              WHERE t.user_id = %(user_id)s AND t.exercise_id = l.exercise_id AND t.day < p.day
                              ORDER BY t.day DESC
                              LIMIT 1)) AS former_day
              FROM person AS p,
                   (SELECT d.exercise_id, d.date FROM done AS d ORDER BY d.date DESC, d.set DESC LIMIT 1) AS l
             WHERE %(at)s::timestamptz - l.date < INTERVAL '3 hours'
        ), former AS MATERIALIZED (
            SELECT r.exercise_id, r.date
              FROM hand AS h
              JOIN recent AS r ON r.day = h.former_day
             UNION ALL
            SELECT t.exercise_id, t.date
              FROM hand AS h, person AS p, training AS t
             WHERE t.user_id = %(user_id)s
               AND t.day = CASE WHEN h.former_day < p.day - 28 THEN h.former_day END
        ), candidates AS (
            SELECT h.exercise_id, 0 AS rank, NULL::timestamptz AS at
              FROM hand AS h
             UNION ALL
            SELECT f.exercise_id, 1, min(f.date)
              FROM former AS f
             WHERE f.date > (SELECT max(own.date) FROM former AS own, hand AS h WHERE own.exercise_id = h.exercise_id)
             GROUP BY f.exercise_id
             UNION ALL
            SELECT r.exercise_id, 2, min(r.date)
              FROM recent AS r
             WHERE r.day = (SELECT max(same.day)
                              FROM recent AS same, person AS p
                             WHERE same.day < p.day AND (p.day - same.day) %% 7 = 0)
             GROUP BY r.exercise_id
        ), best AS (
            SELECT DISTINCT ON (c.exercise_id) c.exercise_id, c.rank, c.at
              FROM candidates AS c
             WHERE c.rank = 0 OR c.exercise_id NOT IN (SELECT d.exercise_id FROM done AS d)
             ORDER BY c.exercise_id, c.rank
        ), likely AS (
            SELECT e.id, e.name, b.rank, b.at
              FROM person AS p,
                   (SELECT exercise_id, rank, at FROM best ORDER BY rank, at) AS b,
                   visible_exercise(p.self, b.exercise_id) AS e
             ORDER BY b.rank, b.at
             LIMIT 3
        ), muscle AS (
            SELECT m.id, m.name, NULL AS own_key
              FROM muscles AS m
             WHERE m.is_global AND m.deleted_at IS NULL
             UNION ALL
            SELECT m.id, m.name, m.name_key
              FROM muscles AS m
             WHERE m.created_by = %(user_id)s AND m.deleted_at IS NULL
        )
        SELECT json_build_object(
                   'day', p.day,
                   'unit', (p.self).unit,
                   'muscles', (SELECT json_agg(json_build_array(m.id, m.name) ORDER BY m.own_key NULLS FIRST, m.id)
                                 FROM muscle AS m
                                WHERE m.id <> ALL ((p.self).hidden_muscles)),
                   'likely', (SELECT json_agg(json_build_array(l.id, l.name, l.rank = 0) ORDER BY l.rank, l.at)
                                FROM likely AS l),
                   'taken', (SELECT json_agg(d.set) FROM hand AS h JOIN done AS d ON d.exercise_id = h.exercise_id))
          FROM person AS p
        """,
        {"user_id": act.user_id, "at": act.at, "zone": act.zone, "day": day.day if day else None},
    )
    row = cursor.fetchone()
    return row[0] if row else {}


def muscle_list(cursor: Cursor, *, user_id: int, muscle_id: int) -> Row | None:
    """Return a muscle and its exercises, with how often this person trained each; None when they do not see it."""
    cursor.execute(
        """
        WITH visible AS (
            SELECT e.id, e.name, e.name_key
              FROM exercises AS e
             WHERE e.muscle = %(muscle_id)s AND e.is_global AND e.deleted_at IS NULL
             UNION ALL
            SELECT e.id, e.name, e.name_key
              FROM exercises AS e
             WHERE e.muscle = %(muscle_id)s AND e.created_by = %(user_id)s AND e.deleted_at IS NULL
        ), trained AS MATERIALIZED (
            SELECT s.exercise_id, s.days, s.last_date
              FROM exercise_stats AS s
             WHERE s.user_id = %(user_id)s AND s.muscle_id = %(muscle_id)s
        )
        SELECT json_build_object(
                   'name', m.name,
                   'exercises', (SELECT json_agg(json_build_array(v.id, v.name, t.days, t.last_date)
                                                 ORDER BY v.name_key, v.id)
                                   FROM visible AS v
                                   LEFT JOIN trained AS t ON t.exercise_id = v.id
                                  WHERE v.id <> ALL (u.hidden_exercises)))
          FROM users AS u
          JOIN muscles AS m ON m.id = %(muscle_id)s
         WHERE u.id = %(user_id)s
           AND m.deleted_at IS NULL AND coalesce(m.created_by, %(user_id)s) = %(user_id)s
           AND m.id <> ALL (u.hidden_muscles)
        """,
        {"user_id": user_id, "muscle_id": muscle_id},
    )
    row = cursor.fetchone()
    return row[0] if row else None


def session(cursor: Cursor, *, act: Act, exercise_id: int, day: GymDay | None, what_next: bool) -> Row | None:
    """Return what the screens of one exercise on one day show; None when the person does not see the exercise."""
    cursor.execute(
        """
        WITH person AS MATERIALIZED (
            SELECT u AS self, coalesce(u.timezone, %(zone)s) AS zone
              FROM users AS u
             WHERE u.id = %(user_id)s
        ), this AS MATERIALIZED (
            SELECT CASE WHEN o.is_open THEN %(day)s::date
                        ELSE gym_day(%(at)s::timestamptz, p.zone, %(user_id)s) END AS day,
                   coalesce(o.is_open, FALSE) AS is_open
              FROM person AS p,
                   day_is_open(%(day)s::date, %(marked)s, %(looking_back)s, %(at)s::timestamptz, p.zone) AS o (is_open)
        ), near AS MATERIALIZED (
            -- This day and those before it, newest first. WindowAgg stops reading where the third of them begins: in
            -- LATERAL alone, else it would be given all of them, sorted.
            SELECT d.day, d.set, d.weight, d.reps, d.date,
                   max(d.day) FILTER (WHERE d.day < this.day) OVER () AS former_day
              FROM this,
                   LATERAL (SELECT t.day, t.set, trim_scale(t.weight) AS weight, t.reps, t.date,
                                   dense_rank() OVER (ORDER BY t.day DESC) AS place
                              FROM training AS t
                             WHERE t.user_id = %(user_id)s AND t.exercise_id = %(exercise_id)s
                               AND t.day <= this.day) AS d
             WHERE d.place <= 2
        ), former AS MATERIALIZED (
            SELECT max(n.former_day) AS day FROM near AS n
        ), log AS MATERIALIZED (
            SELECT t.exercise_id, t.date
              FROM former AS f
              JOIN training AS t ON t.user_id = %(user_id)s AND t.day = CASE WHEN %(what_next)s THEN f.day END
        ), follower AS (
            SELECT v.id, v.name
              FROM (SELECT l.exercise_id, min(l.date) AS date
                      FROM log AS l
                     WHERE l.date > (SELECT max(own.date) FROM log AS own WHERE own.exercise_id = %(exercise_id)s)
                     GROUP BY l.exercise_id
                     ORDER BY min(l.date)) AS next,
                   this, person AS p,
                   visible_exercise(p.self, next.exercise_id) AS v
             WHERE (SELECT CASE WHEN s.last_day <= this.day THEN s.last_day = this.day  -- nearly always
                                ELSE (SELECT min(done.set)
                                        FROM training AS done
                                       WHERE done.user_id = %(user_id)s
                                         AND (done.exercise_id, done.day, done.set)
                                             BETWEEN (next.exercise_id, this.day, 1)
                                                 AND (next.exercise_id, this.day, 99)) > 0 END
                      FROM exercise_stats AS s
                     WHERE stats_key(s.user_id, s.exercise_id) = stats_key(%(user_id)s, next.exercise_id)
                       AND s.user_id = %(user_id)s AND s.exercise_id = next.exercise_id) IS NOT TRUE
             ORDER BY next.date
             LIMIT 1
        )
        SELECT json_build_object(
                   'name', e.name,
                   'muscle_id', e.muscle,
                   'listed', e.is_listed,
                   'day', this.day,
                   'is_open', this.is_open,
                   'sets', (SELECT json_agg(json_build_array(n.set, n.weight::text, n.reps::int) ORDER BY n.set)
                              FROM near AS n
                             WHERE n.day = this.day),
                   'newest', (SELECT n.set
                                FROM near AS n
                               WHERE n.day = this.day
                               ORDER BY n.date DESC, n.set DESC
                               LIMIT 1),
                   'last_day', (SELECT f.day FROM former AS f),
                   'last_sets', (SELECT json_agg(json_build_array(n.set, n.weight::text, n.reps::int) ORDER BY n.set)
                                   FROM near AS n
                                  WHERE n.day = n.former_day),
                   'stats', (SELECT json_build_array(s.days, trim_scale(s.record_weight)::text, s.record_reps::int,
                                                     s.record_day)
                                FROM exercise_stats AS s
                               WHERE stats_key(s.user_id, s.exercise_id) = stats_key(%(user_id)s, %(exercise_id)s)
                                 AND s.user_id = %(user_id)s AND s.exercise_id = %(exercise_id)s),
                   'follower', (SELECT json_build_array(f.id, f.name) FROM follower AS f),
                   'own_weights', (p.self).own_weights::text[],
                   'unit', (p.self).unit,
                   'step', (p.self).weight_step::text,
                   'note', (SELECT n.note
                              FROM exercise_notes AS n
                             WHERE n.user_id = CASE WHEN NOT %(what_next)s THEN %(user_id)s END
                               AND n.exercise_id = %(exercise_id)s))
          FROM person AS p, this, visible_exercise(p.self, %(exercise_id)s, %(looking_back)s) AS e
        """,
        {
            "user_id": act.user_id,
            "at": act.at,
            "zone": act.zone,
            "exercise_id": exercise_id,
            "day": day.day if day else None,
            "marked": bool(day and day.marked),
            "looking_back": bool(day and day.looking_back),
            "what_next": what_next,
        },
    )
    row = cursor.fetchone()
    return row[0] if row else None


def record_set(
    cursor: Cursor,
    *,
    act: Act,
    exercise_id: int,
    done: Set,
    day: GymDay,
    quick: bool,
    common_weights: list[Decimal],
) -> tuple[Any, ...] | None:
    """Save a set when all is well, and say what became of it.

    The lock at the head is a statement of its own: inside the other, its snapshot would be from before the wait. It is
    no lock of a row, because that would write the row.
    """
    cursor.execute(
        """
        SELECT take_turn(%(user_id)s, %(exercise_id)s);
        WITH person AS MATERIALIZED (
            SELECT u AS self, coalesce(u.timezone, %(zone)s) AS zone
              FROM users AS u
             WHERE u.id = %(user_id)s
        ), fresh AS MATERIALIZED (
            SELECT fresh_update(%(bot_id)s, %(update_id)s) AS ok FROM person
        ), place AS MATERIALIZED (
            -- Out of the lists, a set is put back, but none is added by one tap.
            SELECT e.id, e.muscle
              FROM person AS p,
                   visible_exercise(p.self, %(exercise_id)s, %(looking_back)s AND NOT %(quick)s) AS e
        ), just AS MATERIALIZED (
            SELECT t.exercise_id, t.set, t.entry
              FROM training AS t
             WHERE t.user_id = CASE WHEN %(quick)s THEN %(user_id)s END AND t.day = %(day)s::date
               AND t.date > %(at)s::timestamptz - INTERVAL '3 seconds'
             ORDER BY t.date DESC, t.set DESC
             LIMIT 1
        ), verdict AS MATERIALIZED (
            SELECT CASE WHEN NOT fresh.ok THEN 'seen'
                        WHEN NOT EXISTS (SELECT FROM place) THEN 'gone'
                        WHEN NOT day_is_open(%(day)s::date, %(marked)s, %(looking_back)s, %(at)s::timestamptz, p.zone)
                        THEN 'expired'
                        WHEN (j.exercise_id, j.set) <> (%(exercise_id)s, %(set_no)s) THEN 'too soon'
                        ELSE 'go' END AS said,
                   CASE WHEN j.exercise_id = %(exercise_id)s THEN j.set END AS last_no, j.entry
              FROM fresh, person AS p
              LEFT JOIN just AS j ON TRUE
        ), tried AS MATERIALIZED (
            SELECT save_set(%(at)s::timestamptz, %(day)s::date, %(user_id)s, place.muscle, place.id,
                            %(set_no)s, %(weight)s, %(reps)s, %(update_id)s) AS id
              FROM place, verdict
             WHERE verdict.said = 'go'
        ), saved AS MATERIALIZED (
            SELECT tried.id FROM tried WHERE tried.id IS NOT NULL
        ), noted AS MATERIALIZED (
            SELECT keep_own_weight(%(user_id)s, %(weight)s, %(common_weights)s)
              FROM saved, person AS p
             WHERE %(weight)s <> ALL (%(common_weights)s || (p.self).own_weights)
        )
        SELECT CASE WHEN v.said <> 'go' THEN v.said
                    WHEN EXISTS (SELECT FROM saved) THEN 'saved'
                    WHEN (former.weight, former.reps) = (%(weight)s, %(reps)s) THEN 'same'
                    ELSE 'other' END,
               v.last_no, coalesce(former.entry, v.entry), (SELECT count(*) FROM noted)  -- else nothing calls it
          FROM verdict AS v
          LEFT JOIN LATERAL (SELECT t.weight, t.reps, t.entry
                               FROM training AS t
                              WHERE t.id = CASE WHEN v.said = 'go' AND NOT EXISTS (SELECT FROM saved)
                                                THEN training_id(%(user_id)s, %(exercise_id)s, %(day)s::date,
                                                                 %(set_no)s) END) AS former ON TRUE
        """,
        {
            "user_id": act.user_id,
            "bot_id": act.bot_id,
            "update_id": act.update_id,
            "at": act.at,
            "zone": act.zone,
            "exercise_id": exercise_id,
            "set_no": done.set_no,
            "weight": done.weight,
            "reps": done.reps,
            "day": day.day,
            "marked": day.marked,
            "looking_back": day.looking_back,
            "quick": quick,
            "common_weights": common_weights,
        },
    )
    return cursor.fetchone()


def in_hand(cursor: Cursor, *, act: Act) -> int | None:
    """Return the exercise of the last set of this day, when that is under 3 hours old."""
    cursor.execute(
        """
        SELECT l.exercise_id
          FROM users AS u,
               LATERAL (SELECT t.exercise_id, t.date
                          FROM training AS t
                         WHERE t.user_id = %(user_id)s
                           AND t.day = gym_day(%(at)s::timestamptz, coalesce(u.timezone, %(zone)s), %(user_id)s)
                         ORDER BY t.date DESC
                         LIMIT 1) AS l
         WHERE u.id = %(user_id)s AND %(at)s::timestamptz - l.date < INTERVAL '3 hours'
        """,
        {"user_id": act.user_id, "at": act.at, "zone": act.zone},
    )
    row = cursor.fetchone()
    return row[0] if row else None


def everything(cursor: Cursor, *, act: Act) -> tuple[Any, ...] | None:
    """Return which day it is, and all exercises that a person sees, with how often they trained each."""
    cursor.execute(
        """
        WITH visible AS (
            SELECT e.id, e.name, e.muscle
              FROM exercises AS e
             WHERE e.is_global AND e.deleted_at IS NULL
             UNION ALL
            SELECT e.id, e.name, e.muscle
              FROM exercises AS e
             WHERE e.created_by = %(user_id)s AND e.deleted_at IS NULL
        ), trained AS MATERIALIZED (
            SELECT s.exercise_id, s.days, s.last_date
              FROM exercise_stats AS s
             WHERE s.user_id = %(user_id)s
        )
        SELECT gym_day(%(at)s::timestamptz, coalesce(u.timezone, %(zone)s), %(user_id)s),
               (SELECT json_agg(json_build_array(v.id, v.name, t.days, t.last_date))
                  FROM visible AS v
                  LEFT JOIN trained AS t ON t.exercise_id = v.id
                 WHERE v.id <> ALL (u.hidden_exercises) AND v.muscle <> ALL (u.hidden_muscles)),
               u.unit
          FROM users AS u
         WHERE u.id = %(user_id)s
        """,
        {"user_id": act.user_id, "at": act.at, "zone": act.zone},
    )
    return cursor.fetchone()


def record_entry(
    cursor: Cursor,
    *,
    act: Act,
    exercise_id: int,
    day: GymDay,
    sets: int,
    set_no: int,
    weight: Decimal,
    reps: int,
    entry: int,
    most_sets: int,
    common_weights: list[Decimal],
) -> tuple[Any, ...] | None:
    """Save some equal sets, one of a chosen number or any on the next free ones: all of them or none."""
    cursor.execute(
        """
        SELECT take_turn(%(user_id)s, %(exercise_id)s);
        WITH person AS MATERIALIZED (
            SELECT u AS self, coalesce(u.timezone, %(zone)s) AS zone FROM users AS u WHERE u.id = %(user_id)s
        ), place AS MATERIALIZED (
            SELECT e.id, e.muscle FROM person AS p, visible_exercise(p.self, %(exercise_id)s) AS e
        ), taken AS MATERIALIZED (
            SELECT t.set, t.weight, t.reps, t.entry
              FROM training AS t
             WHERE t.user_id = %(user_id)s
               AND (t.exercise_id, t.day, t.set) BETWEEN (%(exercise_id)s, %(day)s::date, 1)
                                                     AND (%(exercise_id)s, %(day)s::date, 99)
        ), free AS MATERIALIZED (
            SELECT n.set
              FROM generate_series(1, %(most_sets)s) AS n (set)
             WHERE n.set NOT IN (SELECT t.set FROM taken AS t) AND %(set_no)s IN (0, n.set)
             ORDER BY n.set
             LIMIT %(sets)s
        ), noticed AS MATERIALIZED (
            SELECT fresh_update(%(bot_id)s, %(update_id)s) AS ok FROM person
        ), verdict AS MATERIALIZED (
            -- What was refused is refused again in the same words, when it comes again; it is never saved then.
            SELECT CASE WHEN EXISTS (SELECT FROM entries_spent AS s
                                      WHERE s.user_id = %(user_id)s AND s.bot_id = %(bot_id)s
                                        AND s.entry = %(entry)s) THEN 'seen'
                        WHEN NOT EXISTS (SELECT FROM place) THEN 'gone'
                        WHEN NOT day_is_open(%(day)s::date, %(marked)s, %(looking_back)s, %(at)s::timestamptz, p.zone)
                        THEN 'expired'
                        WHEN (t.weight, t.reps) = (%(weight)s, %(reps)s) THEN 'same'
                        WHEN t.set IS NOT NULL THEN 'other'
                        WHEN (SELECT count(*) FROM free) < %(sets)s THEN 'full'
                        WHEN NOT n.ok THEN 'seen'
                        ELSE 'go' END AS said
              FROM person AS p
             CROSS JOIN noticed AS n
              LEFT JOIN taken AS t ON t.set = %(set_no)s
        ), fresh AS MATERIALIZED (
            SELECT FROM verdict AS v WHERE v.said = 'go'
        ), spent AS (
            INSERT INTO entries_spent (user_id, bot_id, entry) SELECT %(user_id)s, %(bot_id)s, %(entry)s FROM fresh
        ), saved AS (
            INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps, entry)
            SELECT %(at)s::timestamptz, %(day)s::date, %(user_id)s, place.muscle, place.id, free.set,
                   %(weight)s, %(reps)s, %(entry)s
              FROM fresh, place, free
            RETURNING set
        ), noted AS MATERIALIZED (
            SELECT keep_own_weight(%(user_id)s, %(weight)s, %(common_weights)s)
              FROM fresh, person AS p
             WHERE %(weight)s <> ALL (%(common_weights)s || (p.self).own_weights)
        )
        SELECT CASE WHEN v.said = 'go' THEN 'saved' ELSE v.said END,
               CASE WHEN v.said = 'go' THEN (SELECT array_agg(s.set ORDER BY s.set) FROM saved AS s)
                    WHEN v.said = 'seen' THEN (SELECT array_agg(t.set ORDER BY t.set)
                                                 FROM taken AS t
                                                WHERE t.entry = %(entry)s) END,
               (SELECT t.entry FROM taken AS t WHERE v.said = 'same' AND t.set = %(set_no)s),
               (SELECT count(*) FROM noted)  -- else nothing calls it
          FROM verdict AS v
        """,
        {
            "user_id": act.user_id,
            "bot_id": act.bot_id,
            "update_id": act.update_id,
            "at": act.at,
            "zone": act.zone,
            "exercise_id": exercise_id,
            "day": day.day,
            "marked": day.marked,
            "looking_back": day.looking_back,
            "sets": sets,
            "set_no": set_no,
            "weight": weight,
            "reps": reps,
            "entry": entry,
            "most_sets": most_sets,
            "common_weights": common_weights,
        },
    )
    return cursor.fetchone()


def replace_set(
    cursor: Cursor,
    *,
    act: Act,
    exercise_id: int,
    day: GymDay,
    seen: Set,
    done: Set,
    common_weights: list[Decimal],
) -> str | None:
    """Give a set other numbers, when it still has those that the person saw."""
    cursor.execute(
        """
        SELECT take_turn(%(user_id)s, %(exercise_id)s);
        WITH person AS MATERIALIZED (
            SELECT u AS self, coalesce(u.timezone, %(zone)s) AS zone FROM users AS u WHERE u.id = %(user_id)s
        ), place AS MATERIALIZED (
            SELECT e.id FROM person AS p, visible_exercise(p.self, %(exercise_id)s, %(looking_back)s) AS e
        ), verdict AS MATERIALIZED (
            SELECT CASE WHEN t.entry = %(update_id)s THEN 'seen'
                        WHEN NOT EXISTS (SELECT FROM place) THEN 'gone'
                        WHEN NOT day_is_open(%(day)s::date, %(marked)s, %(looking_back)s, %(at)s::timestamptz, p.zone)
                        THEN 'expired'
                        WHEN t.id IS NULL THEN 'missing'  -- and is saved instead, by the same update
                        WHEN (t.weight, t.reps) = (%(weight)s, %(reps)s) THEN 'same'
                        WHEN (t.weight, t.reps) <> (%(seen_weight)s, %(seen_reps)s) THEN 'other'
                        ELSE 'go' END AS said, t.ctid AS here
              FROM person AS p
              LEFT JOIN training AS t ON t.id = training_id(%(user_id)s, %(exercise_id)s, %(day)s::date, %(set_no)s)
        ), noticed AS MATERIALIZED (
            SELECT fresh_update(%(bot_id)s, %(update_id)s) AS ok FROM verdict AS v WHERE v.said <> 'missing'
        ), fresh AS MATERIALIZED (
            SELECT v.here FROM verdict AS v, noticed AS n WHERE v.said = 'go' AND n.ok
        ), replaced AS (
            UPDATE training AS t
               SET weight = %(weight)s,
                   reps = %(reps)s,
                   entry = %(update_id)s,
                   former_weight = t.weight,
                   former_reps = t.reps,
                   former_entry = CASE WHEN t.former_weight IS NULL THEN t.entry END  -- one step back, no more
              FROM fresh
             WHERE t.ctid = fresh.here  -- where it was found: the key is four pages deep
               AND (t.weight, t.reps) = (%(seen_weight)s, %(seen_reps)s)  -- still, should the row have moved meanwhile
            RETURNING t.id
        ), noted AS MATERIALIZED (
            SELECT keep_own_weight(%(user_id)s, %(weight)s, %(common_weights)s)
              FROM fresh, person AS p
             WHERE %(weight)s <> ALL (%(common_weights)s || (p.self).own_weights)
        )
        SELECT CASE WHEN EXISTS (SELECT FROM replaced) THEN 'done'
                    WHEN EXISTS (SELECT FROM fresh) THEN begin_again()
                    WHEN v.said = 'go' THEN 'seen'
                    ELSE v.said END,
               (SELECT count(*) FROM noted), (SELECT count(*) FROM noticed)
          FROM verdict AS v
        """,
        {
            "user_id": act.user_id,
            "bot_id": act.bot_id,
            "update_id": act.update_id,
            "at": act.at,
            "zone": act.zone,
            "exercise_id": exercise_id,
            "day": day.day,
            "marked": day.marked,
            "looking_back": day.looking_back,
            "set_no": done.set_no,
            "weight": done.weight,
            "reps": done.reps,
            "seen_weight": seen.weight,
            "seen_reps": seen.reps,
            "common_weights": common_weights,
        },
    )
    row = cursor.fetchone()
    return row[0] if row else None


def delete_set(cursor: Cursor, *, act: Act, exercise_id: int, day: GymDay, seen: Set) -> str | None:
    """Take a set away, when it still has the numbers that the person saw."""
    cursor.execute(
        """
        SELECT take_turn(%(user_id)s, %(exercise_id)s);
        WITH person AS MATERIALIZED (
            SELECT u AS self, coalesce(u.timezone, %(zone)s) AS zone FROM users AS u WHERE u.id = %(user_id)s
        ), place AS MATERIALIZED (
            SELECT e.id FROM person AS p, visible_exercise(p.self, %(exercise_id)s, %(looking_back)s) AS e
        ), verdict AS MATERIALIZED (
            SELECT CASE WHEN NOT EXISTS (SELECT FROM place) THEN 'gone'
                        WHEN NOT day_is_open(%(day)s::date, %(marked)s, %(looking_back)s, %(at)s::timestamptz, p.zone)
                        THEN 'expired'
                        WHEN t.id IS NULL THEN 'missing'
                        WHEN (t.weight, t.reps) <> (%(weight)s, %(reps)s) THEN 'other'
                        ELSE 'go' END AS said, t.ctid AS here
              FROM person AS p
              LEFT JOIN training AS t ON t.id = training_id(%(user_id)s, %(exercise_id)s, %(day)s::date, %(set_no)s)
        ), noticed AS MATERIALIZED (
            SELECT fresh_update(%(bot_id)s, %(update_id)s) AS ok FROM verdict
        ), fresh AS MATERIALIZED (
            SELECT v.here FROM verdict AS v, noticed AS n WHERE v.said = 'go' AND n.ok
        ), gone AS (
            DELETE FROM training AS t
             USING fresh
             WHERE t.ctid = fresh.here AND (t.weight, t.reps) = (%(weight)s, %(reps)s)
            RETURNING t.id
        )
        SELECT CASE WHEN EXISTS (SELECT FROM gone) THEN 'done'
                    WHEN EXISTS (SELECT FROM fresh) THEN begin_again()
                    WHEN v.said = 'go' THEN 'seen'
                    ELSE v.said END,
               (SELECT count(*) FROM noticed)
          FROM verdict AS v
        """,
        {
            "user_id": act.user_id,
            "bot_id": act.bot_id,
            "update_id": act.update_id,
            "at": act.at,
            "zone": act.zone,
            "exercise_id": exercise_id,
            "day": day.day,
            "marked": day.marked,
            "looking_back": day.looking_back,
            "set_no": seen.set_no,
            "weight": seen.weight,
            "reps": seen.reps,
        },
    )
    row = cursor.fetchone()
    return row[0] if row else None


def undo(cursor: Cursor, *, act: Act, exercise_id: int, day: GymDay, entry: int) -> tuple[Any, ...] | None:
    """Take back an entry: the sets that it made go, the set that it replaced gets its former numbers."""
    cursor.execute(
        """
        SELECT take_turn(%(user_id)s, %(exercise_id)s);
        WITH person AS MATERIALIZED (
            SELECT u AS self, coalesce(u.timezone, %(zone)s) AS zone FROM users AS u WHERE u.id = %(user_id)s
        ), verdict AS MATERIALIZED (
            SELECT day_is_open(%(day)s::date, %(marked)s, %(looking_back)s, %(at)s::timestamptz, p.zone) AS ok
              FROM person AS p, visible_exercise(p.self, %(exercise_id)s, %(looking_back)s)
        ), mine AS MATERIALIZED (
            SELECT t.ctid AS here, t.former_weight, t.former_reps, t.former_entry
              FROM training AS t
             WHERE t.user_id = %(user_id)s
               AND (t.exercise_id, t.day, t.set) BETWEEN (%(exercise_id)s, %(day)s::date, 1)
                                                     AND (%(exercise_id)s, %(day)s::date, 99)
               AND t.entry = %(entry)s
             ORDER BY t.set
        ), noticed AS MATERIALIZED (
            SELECT fresh_update(%(bot_id)s, %(update_id)s) AS ok FROM person
        ), fresh AS MATERIALIZED (
            SELECT FROM verdict AS v, noticed AS n WHERE v.ok AND n.ok
        ), removed AS (
            DELETE FROM training AS t
             USING mine, fresh
             WHERE t.ctid = mine.here AND t.entry = %(entry)s AND mine.former_weight IS NULL
            RETURNING t.set
        ), restored AS (
            UPDATE training AS t
               SET weight = mine.former_weight,
                   reps = mine.former_reps,
                   entry = mine.former_entry,
                   former_weight = NULL,
                   former_reps = NULL,
                   former_entry = NULL
              FROM mine, fresh
             WHERE t.ctid = mine.here AND t.entry = %(entry)s AND mine.former_weight IS NOT NULL
            RETURNING t.set, t.weight, t.reps
        )
        SELECT (SELECT array_agg(r.set ORDER BY r.set) FROM removed AS r),
               (SELECT json_build_array(r.set, trim_scale(r.weight)::text, r.reps::int) FROM restored AS r),
               n.ok,
               CASE WHEN EXISTS (SELECT FROM fresh)
                     AND (SELECT count(*) FROM mine) <> (SELECT count(*) FROM removed) + (SELECT count(*) FROM restored)
                    THEN begin_again() END
          FROM noticed AS n
        """,
        {
            "user_id": act.user_id,
            "bot_id": act.bot_id,
            "update_id": act.update_id,
            "at": act.at,
            "zone": act.zone,
            "exercise_id": exercise_id,
            "day": day.day,
            "marked": day.marked,
            "looking_back": day.looking_back,
            "entry": entry,
        },
    )
    return cursor.fetchone()


def set_note(cursor: Cursor, *, act: Act, exercise_id: int, note: str | None) -> bool:
    """Keep or remove what a person notes of an exercise; False when that update came before."""
    cursor.execute(
        """
        SELECT take_turn(%(user_id)s, %(exercise_id)s);
        WITH person AS MATERIALIZED (
            SELECT u AS self FROM users AS u WHERE u.id = %(user_id)s
        ), fresh AS MATERIALIZED (
            SELECT e.id
              FROM person AS p, visible_exercise(p.self, %(exercise_id)s) AS e
             WHERE fresh_update(%(bot_id)s, %(update_id)s)
        ), kept AS (
            INSERT INTO exercise_notes AS n (user_id, exercise_id, note)
            SELECT %(user_id)s, f.id, %(note)s::text FROM fresh AS f WHERE %(note)s::text IS NOT NULL
                ON CONFLICT (user_id, exercise_id) DO UPDATE SET note = excluded.note
        ), removed AS (
            DELETE FROM exercise_notes AS n
             USING fresh AS f
             WHERE n.user_id = %(user_id)s AND n.exercise_id = f.id AND %(note)s::text IS NULL
        )
        SELECT EXISTS (SELECT FROM fresh)
        """,
        {
            "user_id": act.user_id,
            "bot_id": act.bot_id,
            "update_id": act.update_id,
            "exercise_id": exercise_id,
            "note": note,
        },
    )
    row = cursor.fetchone()
    return bool(row and row[0])


def summary(cursor: Cursor, *, user_id: int, day: date) -> list[tuple[Any, ...]]:
    """Return a day's exercises in the order in which they were begun."""
    cursor.execute(
        """
        WITH done AS MATERIALIZED (  -- first, so that each exercise is looked up once, not for each of its sets
            SELECT t.exercise_id, min(t.date) AS began, array_agg(t.date) AS moments,
                   array_agg(ARRAY[t.set::numeric, t.weight, t.reps] ORDER BY t.set) AS sets
              FROM training AS t
             WHERE t.user_id = %(user_id)s AND t.day = %(day)s
               AND t.muscle_id > 0  -- all are; else the index by exercise would hold enough, and be read for all days
             GROUP BY t.exercise_id
        )
        SELECT e.id, e.name, d.moments, d.sets, (SELECT u.unit FROM users AS u WHERE u.id = %(user_id)s)
          FROM done AS d
          JOIN exercises AS e ON e.id = d.exercise_id
         ORDER BY d.began, e.id
        """,
        {"user_id": user_id, "day": day},
    )
    return cursor.fetchall()


def is_spent(cursor: Cursor, *, act: Act) -> bool:
    """Say whether the sets of a line were saved before."""
    cursor.execute(
        """
        SELECT EXISTS (SELECT FROM entries_spent AS s
                        WHERE s.user_id = %(user_id)s AND s.bot_id = %(bot_id)s AND s.entry = %(update_id)s)
        """,
        {"user_id": act.user_id, "bot_id": act.bot_id, "update_id": act.update_id},
    )
    row = cursor.fetchone()
    return bool(row and row[0])


def see_update(cursor: Cursor, *, act: Act) -> None:
    """Store an update that changes nothing else."""
    cursor.execute("SELECT fresh_update(%(bot_id)s, %(update_id)s)", {"bot_id": act.bot_id, "update_id": act.update_id})


# What admins correct: anybody's sets.


def lock_logged_set(cursor: Cursor, *, set_id: str) -> None:
    """Let nothing else of that person's happen until this transaction ends; a look at the set comes after."""
    cursor.execute("SELECT take_turn(t.user_id, t.exercise_id) FROM training AS t WHERE t.id = %(id)s", {"id": set_id})


def correct_set(cursor: Cursor, *, set_id: str, weight: Decimal, reps: int | Decimal) -> None:
    """Give a set other numbers for good: it belongs to no entry any more, so no Undo brings former numbers back."""
    cursor.execute(
        """
        UPDATE training AS t
           SET weight = %(weight)s,
               reps = %(reps)s,
               entry = NULL,
               former_weight = NULL,
               former_reps = NULL,
               former_entry = NULL
         WHERE t.id = %(id)s
        """,
        {"id": set_id, "weight": weight, "reps": reps},
    )


def keep_own_weight(cursor: Cursor, *, user_id: int, weight: Decimal, common_weights: list[Decimal]) -> None:
    """Remember a weight that no button offers to everybody."""
    cursor.execute(
        "SELECT keep_own_weight(%(user_id)s, %(weight)s, %(common_weights)s)",
        {"user_id": user_id, "weight": weight, "common_weights": common_weights},
    )


def remove_set(cursor: Cursor, *, set_id: str) -> None:
    """Take a set away."""
    cursor.execute("DELETE FROM training AS t WHERE t.id = %(id)s", {"id": set_id})


def lock_history(cursor: Cursor, *, exercise_id: int) -> None:
    """Wait for those who are just changing their sets of an exercise, and let nobody begin; take_turn() looks at it."""
    cursor.execute("SELECT pg_advisory_xact_lock(1, %(exercise_id)s)", {"exercise_id": exercise_id})


def merge_figures(cursor: Cursor, *, source_id: int, into_id: int, most_sets: int) -> tuple[int, ...]:
    """Return what becomes of the sets when an exercise is merged: how many, whose, on which days, which records."""
    cursor.execute(
        """
        WITH person AS MATERIALIZED (
            SELECT s.user_id,
                   (s.record_weight, s.record_reps, i.record_day) > (i.record_weight, i.record_reps, s.record_day)
                   AS is_better
              FROM exercise_stats AS s
              LEFT JOIN exercise_stats AS i ON i.user_id = s.user_id AND i.exercise_id = %(into_id)s
             WHERE s.exercise_id = %(source_id)s
        ), done AS MATERIALIZED (
            SELECT count(*) FILTER (WHERE t.exercise_id = %(source_id)s) AS sets,
                   max(t.set) FILTER (WHERE t.exercise_id = %(into_id)s) AS last_no
              FROM person AS p
              JOIN training AS t ON t.user_id = p.user_id AND t.exercise_id IN (%(source_id)s, %(into_id)s)
             GROUP BY t.user_id, t.day
        )
        SELECT (SELECT coalesce(sum(d.sets), 0)::bigint FROM done AS d),
               (SELECT count(*) FROM person AS p),
               (SELECT count(*) FROM person AS p WHERE p.is_better),
               (SELECT count(*) FROM done AS d WHERE d.sets > 0 AND d.last_no IS NOT NULL),
               (SELECT count(*) FROM done AS d WHERE d.sets > 0 AND d.last_no + d.sets > %(most_sets)s)
        """,
        {"source_id": source_id, "into_id": into_id, "most_sets": most_sets},
    )
    return cursor.fetchone() or ()


def merge_notes_figures(
    cursor: Cursor, *, source_id: int, into_id: int, between: str, most_letters: int
) -> tuple[int, ...]:
    """Return how many notes of a merged exercise move, are joined to another, and stay where they are."""
    cursor.execute(
        """
        SELECT count(*) FILTER (WHERE i.note IS NULL),
               count(*) FILTER (WHERE n.note = i.note OR length(i.note || %(between)s || n.note) <= %(most_letters)s),
               count(*) FILTER (WHERE n.note <> i.note AND length(i.note || %(between)s || n.note) > %(most_letters)s)
          FROM exercise_notes AS n
          LEFT JOIN exercise_notes AS i ON i.user_id = n.user_id AND i.exercise_id = %(into_id)s
         WHERE n.exercise_id = %(source_id)s
        """,
        {"source_id": source_id, "into_id": into_id, "between": between, "most_letters": most_letters},
    )
    return cursor.fetchone() or ()


def losing_sight(cursor: Cursor, *, source_id: int, into_id: int) -> list[int]:
    """Return who sees and trains an exercise, but has hidden the one that it is merged into."""
    cursor.execute(
        """
        SELECT h.user_id
          FROM user_hidden_exercises AS h
          JOIN exercise_stats AS s ON s.user_id = h.user_id AND s.exercise_id = %(source_id)s
         WHERE h.exercise_id = %(into_id)s
           AND NOT EXISTS (SELECT FROM user_hidden_exercises AS too
                            WHERE too.user_id = h.user_id AND too.exercise_id = %(source_id)s)
         ORDER BY h.user_id
        """,
        {"source_id": source_id, "into_id": into_id},
    )
    return [user_id for (user_id,) in cursor.fetchall()]


def move_notes(cursor: Cursor, *, source_id: int, into_id: int, between: str, most_letters: int) -> None:
    """Take people's notes to the exercise that theirs is merged into; one that does not fit there stays."""
    cursor.execute(
        """
        WITH joined AS (
            UPDATE exercise_notes AS i
               SET note = CASE WHEN i.note = n.note THEN i.note ELSE i.note || %(between)s || n.note END
              FROM exercise_notes AS n
             WHERE i.exercise_id = %(into_id)s AND n.user_id = i.user_id AND n.exercise_id = %(source_id)s
               AND (i.note = n.note OR length(i.note || %(between)s || n.note) <= %(most_letters)s)
            RETURNING i.user_id
        ), gone AS (
            DELETE FROM exercise_notes AS n
             USING joined
             WHERE n.user_id = joined.user_id AND n.exercise_id = %(source_id)s
        )
        UPDATE exercise_notes AS n
           SET exercise_id = %(into_id)s
         WHERE n.exercise_id = %(source_id)s
           AND NOT EXISTS (SELECT FROM exercise_notes AS i
                            WHERE i.user_id = n.user_id AND i.exercise_id = %(into_id)s)
        """,
        {"source_id": source_id, "into_id": into_id, "between": between, "most_letters": most_letters},
    )


def move_sets(cursor: Cursor, *, source_id: int, into_id: int) -> None:
    """Take all sets of an exercise to another, numbered on in the order of time on days that have some already.

    No id is there twice in between: the new numbers are free, and the old ids are another exercise's. What a set
    replaced, and by which entry, goes with it; its muscle stays what it was then.
    """
    cursor.execute(
        """
        WITH done AS MATERIALIZED (
            SELECT t.user_id, t.day,
                   array_agg(t.set ORDER BY t.date, t.set) FILTER (WHERE t.exercise_id = %(source_id)s) AS numbers,
                   max(t.set) FILTER (WHERE t.exercise_id = %(into_id)s) AS last_no
              FROM exercise_stats AS s
              JOIN training AS t ON t.user_id = s.user_id AND t.exercise_id IN (%(source_id)s, %(into_id)s)
             WHERE s.exercise_id = %(source_id)s
             GROUP BY t.user_id, t.day
        )
        UPDATE training AS t
           SET exercise_id = %(into_id)s,
               set = coalesce(d.last_no + array_position(d.numbers, t.set), t.set)
          FROM done AS d
         WHERE t.user_id = d.user_id AND t.day = d.day AND t.exercise_id = %(source_id)s
        """,
        {"source_id": source_id, "into_id": into_id},
    )


def show_again(cursor: Cursor, *, exercise_id: int, user_ids: list[int]) -> None:
    """Bring an exercise back into the sight of some people."""
    cursor.execute(
        """
        DELETE FROM user_hidden_exercises AS h
         WHERE h.exercise_id = %(exercise_id)s AND h.user_id = ANY (%(user_ids)s)
        """,
        {"exercise_id": exercise_id, "user_ids": user_ids},
    )
