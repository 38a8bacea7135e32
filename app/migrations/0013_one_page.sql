-- Fewer pages once more: of ten million sets each look by a key of several columns takes three or four.

-- A person's exercise is found by one page, where the key takes a descent; hash indexes have one column. Half empty, so
-- that hardly any of its pages has another behind it.
CREATE FUNCTION stats_key(who BIGINT, what INTEGER) RETURNS BIGINT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT hashint8extended(who, what)
$$;

CREATE INDEX exercise_stats_by_key ON exercise_stats USING hash (stats_key(user_id, exercise_id)) WITH (fillfactor = 40);

-- As before, by that index; and without a look before the leap. Sets of one day are found by comparing rows, which only
-- training_by_exercise can do: by training_by_day, which is as cheap to the planner, all sets of the day would be read.
CREATE OR REPLACE FUNCTION change_exercise_stats(who BIGINT, what INTEGER, gone training[], came training[]) RETURNS VOID
LANGUAGE plpgsql AS $$
-- One person's exercise after sets have gone and come; came begins with its best set.
DECLARE
    gone_days  DATE[]      := ARRAY(SELECT DISTINCT row.day FROM unnest(gone) AS row);
    came_days  DATE[]      := ARRAY(SELECT DISTINCT row.day FROM unnest(came) AS row ORDER BY row.day);
    came_ids   TEXT[]      := ARRAY(SELECT row.id FROM unnest(came) AS row);
    muscle_ids INTEGER[]   := ARRAY(SELECT DISTINCT row.muscle_id FROM unnest(came) AS row);
    came_last  DATE        := came_days[cardinality(came_days)];
    came_date  TIMESTAMPTZ := (SELECT max(row.date) FROM unnest(came) AS row WHERE row.day = came_last);
    best       training    := came[1];
    home       INTEGER;
    before     exercise_stats;
    after      exercise_stats;
    this_day   DATE;
BEGIN
    LOOP
        IF cardinality(gone) = 0 THEN
            -- Nothing before the last day: no look at the history. Nearly every set ends here.
            UPDATE exercise_stats AS s
               SET days = s.days + (SELECT count(*) FROM unnest(came_days) AS new (day) WHERE new.day > s.last_day),
                   last_day = came_last,
                   last_date = CASE WHEN came_last > s.last_day THEN came_date
                                    ELSE greatest(came_date, s.last_date) END,
                   (record_weight, record_reps, record_day) = (
                   SELECT r.weight, r.reps, r.day
                     FROM (VALUES (s.record_weight, s.record_reps, s.record_day),
                                  (best.weight, best.reps, best.day)) AS r (weight, reps, day)
                    ORDER BY r.weight DESC, r.reps DESC, r.day
                    LIMIT 1)
             WHERE stats_key(s.user_id, s.exercise_id) = stats_key(who, what)
               AND s.user_id = who AND s.exercise_id = what
               AND s.last_day <= came_days[1] AND s.muscle_id = ALL (muscle_ids);
            IF FOUND THEN
                RETURN;
            END IF;
        END IF;

        -- From here on nobody else changes this row, and each statement sees all that others committed before.
        SELECT s.* INTO before
          FROM exercise_stats AS s
         WHERE stats_key(s.user_id, s.exercise_id) = stats_key(who, what) AND s.user_id = who AND s.exercise_id = what
           FOR UPDATE;
        EXIT WHEN FOUND;
        IF cardinality(gone) > 0 THEN
            RAISE 'exercise_stats has lost its row of user % and exercise %', who, what;
        END IF;
        -- FOR KEY SHARE waits for an exercise that is just moving.
        SELECT e.muscle INTO home FROM exercises AS e WHERE e.id = what FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE foreign_key_violation USING MESSAGE = format('there is no exercise %s', what);
        END IF;
        PERFORM check_muscles(array_remove(muscle_ids, home));
        BEGIN  -- its price: a merge takes a subtransaction for each person who never did the other exercise
            INSERT INTO exercise_stats (user_id, exercise_id, muscle_id, days, last_day, last_date,
                                        record_weight, record_reps, record_day)
            VALUES (who, what, home, cardinality(came_days), came_last, came_date, best.weight, best.reps, best.day);
            RETURN;
        EXCEPTION
            WHEN unique_violation THEN  -- somebody else was first: begin again, where that can be seen
                IF current_setting('transaction_isolation') <> 'read committed' THEN
                    RAISE serialization_failure USING MESSAGE = format('exercise %s was begun meanwhile', what);
                END IF;
        END;
    END LOOP;
    PERFORM check_muscles(array_remove(muscle_ids, before.muscle_id));

    -- The latest moment, then the record: when what came is as good, it; when what went may have been it, look.
    after := before;
    IF (came_last, came_date) >= (before.last_day, before.last_date) THEN
        after.last_day := came_last;
        after.last_date := came_date;
    ELSIF EXISTS (SELECT FROM unnest(gone) AS row WHERE (row.day, row.date) = (before.last_day, before.last_date)) THEN
        SELECT max(t.date) INTO after.last_date
          FROM training AS t
         WHERE t.user_id = who
           AND (t.exercise_id, t.day, t.set) BETWEEN (what, before.last_day, 1) AND (what, before.last_day, 99);
        IF after.last_date IS NULL THEN
            SELECT t.day, max(t.date) INTO after.last_day, after.last_date
              FROM training AS t
             WHERE t.user_id = who AND t.exercise_id = what
               AND t.day = (SELECT l.day
                              FROM training AS l
                             WHERE l.user_id = who AND l.exercise_id = what
                             ORDER BY l.day DESC
                             LIMIT 1)
             GROUP BY t.day;
            IF NOT FOUND THEN
                DELETE FROM exercise_stats AS s
                 WHERE stats_key(s.user_id, s.exercise_id) = stats_key(who, what)
                   AND s.user_id = who AND s.exercise_id = what;
                RETURN;
            END IF;
        END IF;
    END IF;
    IF (best.weight, best.reps, before.record_day) >= (before.record_weight, before.record_reps, best.day) THEN
        after.record_weight := best.weight;
        after.record_reps := best.reps;
        after.record_day := best.day;
    ELSIF EXISTS (SELECT FROM unnest(gone) AS row
                   WHERE (row.weight, row.reps, row.day)
                       = (before.record_weight, before.record_reps, before.record_day)) THEN
        SELECT t.weight, t.reps, t.day INTO after.record_weight, after.record_reps, after.record_day
          FROM training AS t
         WHERE t.user_id = who AND t.exercise_id = what
         ORDER BY t.weight DESC, t.reps DESC, t.day
         LIMIT 1;
    END IF;

    -- The number of days. There are sets on the last day, before as after, and none later.
    FOREACH this_day IN ARRAY gone_days LOOP
        IF this_day > after.last_day OR this_day < after.last_day AND this_day <> ALL (came_days) AND NOT EXISTS (
            SELECT FROM training AS t
             WHERE t.user_id = who AND (t.exercise_id, t.day, t.set) BETWEEN (what, this_day, 1) AND (what, this_day, 99)
        ) THEN
            after.days := after.days - 1;
        END IF;
    END LOOP;
    FOREACH this_day IN ARRAY came_days LOOP
        IF this_day > before.last_day OR this_day < before.last_day AND this_day <> ALL (gone_days) AND NOT EXISTS (
            SELECT FROM training AS t
             WHERE t.user_id = who AND (t.exercise_id, t.day, t.set) BETWEEN (what, this_day, 1) AND (what, this_day, 99)
               AND t.id <> ALL (came_ids)
        ) THEN
            after.days := after.days + 1;
        END IF;
    END LOOP;
    IF after IS DISTINCT FROM before THEN
        UPDATE exercise_stats AS s
           SET days = after.days,
               last_day = after.last_day,
               last_date = after.last_date,
               record_weight = after.record_weight,
               record_reps = after.record_reps,
               record_day = after.record_day
         WHERE stats_key(s.user_id, s.exercise_id) = stats_key(who, what) AND s.user_id = who AND s.exercise_id = what;
    END IF;
END
$$;

CREATE FUNCTION begin_again() RETURNS TEXT LANGUAGE plpgsql AS $$
-- For a statement whose set somebody without a turn changed between its look and its change. It is taken back whole, with
-- the update that it stored, and the bot runs it anew: so its answer is of what is there, and no tap is lost.
BEGIN
    RAISE serialization_failure USING MESSAGE = 'a set was changed between the look and the change';
END
$$;

-- Only then does the planner know that a key has one row, and take its index.
ANALYZE exercise_stats;
