-- What recording a set asks of a person, and which day a set belongs to.

ALTER TABLE users
  ADD COLUMN timezone    TEXT,  -- of the zone list; NULL: the operator's default
  ADD COLUMN last_set    VARCHAR(32),  -- training.id; it may be gone since, and then nothing is in hand
  ADD COLUMN own_weights NUMERIC(5,2)[] NOT NULL DEFAULT '{}';  -- weights used that no button offers to everybody
-- Every set updates its person's row: room to do so in place, without a new entry in the key.
ALTER TABLE users SET (fillfactor = 80);

CREATE FUNCTION gym_day(at TIMESTAMPTZ, zone TEXT, last_day DATE, last_at TIMESTAMPTZ) RETURNS DATE
LANGUAGE sql STABLE PARALLEL SAFE AS $$
-- The one place that says which day it is for a person: today; before 04:00 still yesterday, while the last set of
-- yesterday is under 3 hours old.
SELECT CASE WHEN extract(HOUR FROM at AT TIME ZONE zone) < 4
             AND last_day = (at AT TIME ZONE zone)::date - 1
             AND at - last_at < INTERVAL '3 hours'
            THEN last_day
            ELSE (at AT TIME ZONE zone)::date
       END
$$;

CREATE FUNCTION gym_day(at TIMESTAMPTZ, zone TEXT, who BIGINT) RETURNS DATE
LANGUAGE sql STABLE PARALLEL SAFE AS $$
-- The same for a person; the last set of yesterday is looked for in the small hours alone.
SELECT gym_day(at, zone, (at AT TIME ZONE zone)::date - 1,
               (SELECT max(t.date)
                  FROM training AS t
                 WHERE t.user_id = CASE WHEN extract(HOUR FROM at AT TIME ZONE zone) < 4 THEN who END
                   AND t.day = (at AT TIME ZONE zone)::date - 1))
$$;

CREATE FUNCTION training_id(who BIGINT, what INTEGER, day DATE, set INTEGER) RETURNS TEXT
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
-- training.id as the table makes it, to know a set by it without looking for it.
SELECT md5(who::text || '|' || what::text || '|' || (day - DATE '2000-01-01')::text || '|' || set::text)
$$;

CREATE FUNCTION save_set(at TIMESTAMPTZ, day DATE, who BIGINT, muscle INTEGER, what INTEGER, set INTEGER,
                         weight NUMERIC, reps NUMERIC) RETURNS VARCHAR(32)
LANGUAGE plpgsql AS $$
-- Save a set and return its id; NULL when that set was there before. ON CONFLICT would look before it leaps, and so
-- read three pages of the key more for every set.
DECLARE
    made VARCHAR(32);
BEGIN
    INSERT INTO training AS t (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
    VALUES (save_set.at, save_set.day, save_set.who, save_set.muscle, save_set.what, save_set.set,
            save_set.weight, save_set.reps)
    RETURNING t.id INTO made;
    RETURN made;
EXCEPTION
    WHEN unique_violation THEN
        RETURN NULL;
END
$$;

CREATE FUNCTION day_is_open(day DATE, marked BOOLEAN, at TIMESTAMPTZ, zone TEXT) RETURNS BOOLEAN
LANGUAGE sql STABLE PARALLEL SAFE AS $$
-- Whether a button of that day still records: until 04:00 after it; one from the calendar (marked) for ever. A day that
-- has not come is never open.
SELECT day <= (at AT TIME ZONE zone)::date AND (marked OR at < (day + 1 + TIME '04:00') AT TIME ZONE zone)
$$;

CREATE FUNCTION visible_exercise(who BIGINT, what INTEGER)
RETURNS TABLE (id INTEGER, name VARCHAR(255), muscle INTEGER) LANGUAGE sql STABLE AS $$
-- The exercise, when this person may see it: neither deleted nor hidden nor somebody else's, nor is its muscle.
SELECT e.id, e.name, e.muscle
  FROM exercises AS e
  JOIN muscles AS m ON m.id = e.muscle
 WHERE e.id = what
   AND e.deleted_at IS NULL AND coalesce(e.created_by, who) = who
   AND m.deleted_at IS NULL AND coalesce(m.created_by, who) = who
   AND NOT EXISTS (SELECT FROM user_hidden_exercises AS h WHERE h.user_id = who AND h.exercise_id = e.id)
   AND NOT EXISTS (SELECT FROM user_hidden_muscles AS h WHERE h.user_id = who AND h.muscle_id = e.muscle)
$$;
