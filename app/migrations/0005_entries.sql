-- What can be taken back, and what a person notes of an exercise.

ALTER TABLE training
  ADD COLUMN entry         BIGINT,  -- the update that made the row what it is: Undo takes back all rows of an entry
  ADD COLUMN former_weight NUMERIC(5,2),  -- what that update replaced; NULL: nothing, it made the row
  ADD COLUMN former_reps   NUMERIC(5,2),
  ADD COLUMN former_entry  BIGINT;

-- Told old rows from new ones by IS NOT NULL, which is false for a row with any empty column.
CREATE OR REPLACE FUNCTION keep_exercise_stats() RETURNS TRIGGER LANGUAGE plpgsql AS $$
-- Each person's exercise that a statement touched, in the order of the key, so that two statements never deadlock.
DECLARE
    pair RECORD;
BEGIN
    IF TG_OP = 'INSERT' THEN
        FOR pair IN
            SELECT n.user_id, n.exercise_id,
                   array_agg(ROW(n.*)::training ORDER BY n.weight DESC, n.reps DESC, n.day) AS came
              FROM new_rows AS n
             GROUP BY n.user_id, n.exercise_id
             ORDER BY n.user_id, n.exercise_id
        LOOP
            PERFORM change_exercise_stats(pair.user_id, pair.exercise_id, '{}', pair.came);
        END LOOP;
    ELSIF TG_OP = 'DELETE' THEN
        FOR pair IN
            SELECT o.user_id, o.exercise_id, array_agg(ROW(o.*)::training) AS gone
              FROM old_rows AS o
             GROUP BY o.user_id, o.exercise_id
             ORDER BY o.user_id, o.exercise_id
        LOOP
            PERFORM change_exercise_stats(pair.user_id, pair.exercise_id, pair.gone, '{}');
        END LOOP;
    ELSIF TG_OP = 'UPDATE' THEN
        FOR pair IN
            SELECT r.user_id, r.exercise_id,
                   coalesce(array_agg(r.set) FILTER (WHERE NOT r.is_new), '{}') AS gone,
                   coalesce(array_agg(r.set ORDER BY r.weight DESC, r.reps DESC, r.day) FILTER (WHERE r.is_new), '{}')
                   AS came
              FROM (SELECT o.user_id, o.exercise_id, ROW(o.*)::training AS set, FALSE AS is_new,
                           o.weight, o.reps, o.day
                      FROM old_rows AS o
                     UNION ALL
                    SELECT n.user_id, n.exercise_id, ROW(n.*)::training, TRUE, n.weight, n.reps, n.day
                      FROM new_rows AS n) AS r
             GROUP BY r.user_id, r.exercise_id
             ORDER BY r.user_id, r.exercise_id
        LOOP
            PERFORM change_exercise_stats(pair.user_id, pair.exercise_id, pair.gone, pair.came);
        END LOOP;
    ELSE  -- TRUNCATE
        DELETE FROM exercise_stats;
    END IF;
    RETURN NULL;
END
$$;

CREATE TABLE exercise_notes (
    user_id     BIGINT       NOT NULL REFERENCES users (id),
    exercise_id INTEGER      NOT NULL REFERENCES exercises (id),
    note        VARCHAR(200) NOT NULL CHECK (note <> ''),
    PRIMARY KEY (user_id, exercise_id)
);

-- Lines whose sets were saved: neither the line nor a button of its question saves them once more, in whatever exercise.
-- By person, because buttons are user input: nobody can spend another's line. Kept, because buttons of a marked day are.
CREATE TABLE entries_spent (
    user_id BIGINT NOT NULL,
    bot_id  BIGINT NOT NULL,
    entry   BIGINT NOT NULL,
    PRIMARY KEY (user_id, bot_id, entry)
);

DROP FUNCTION save_set;

CREATE FUNCTION save_set(at TIMESTAMPTZ, day DATE, who BIGINT, muscle INTEGER, what INTEGER, set INTEGER,
                         weight NUMERIC, reps NUMERIC, entry BIGINT) RETURNS VARCHAR(32)
LANGUAGE plpgsql AS $$
-- Save a set and return its id; NULL when that set was there before. ON CONFLICT would look before it leaps, and so
-- read three pages of the key more for every set.
DECLARE
    made VARCHAR(32);
BEGIN
    INSERT INTO training AS t (date, day, user_id, muscle_id, exercise_id, set, weight, reps, entry)
    VALUES (save_set.at, save_set.day, save_set.who, save_set.muscle, save_set.what, save_set.set,
            save_set.weight, save_set.reps, save_set.entry)
    RETURNING t.id INTO made;
    RETURN made;
EXCEPTION
    WHEN unique_violation THEN
        RETURN NULL;
END
$$;

CREATE FUNCTION update_was_seen(bot_id BIGINT, update_id BIGINT) RETURNS BOOLEAN
LANGUAGE sql STABLE AS $$
-- Look without storing, for statements that may yet refuse: what changed nothing is judged anew when it comes again.
SELECT EXISTS (SELECT FROM updates_seen AS u
                WHERE u.bot_id = update_was_seen.bot_id AND u.update_id = update_was_seen.update_id)
$$;

CREATE FUNCTION keep_own_weight(who BIGINT, used NUMERIC, common NUMERIC[]) RETURNS VOID
LANGUAGE sql VOLATILE AS $$
-- Remember a weight that no button offers to everybody.
UPDATE users AS u SET own_weights = u.own_weights || used WHERE u.id = who AND used <> ALL (common || u.own_weights)
$$;
