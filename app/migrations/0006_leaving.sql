-- What goes when a person erases themselves.

-- What points at an exercise or a muscle that goes, without looking through everybody's.
CREATE INDEX exercise_notes_by_exercise ON exercise_notes (exercise_id);
CREATE INDEX user_hidden_exercises_by_exercise ON user_hidden_exercises (exercise_id);
CREATE INDEX user_hidden_muscles_by_muscle ON user_hidden_muscles (muscle_id);
CREATE INDEX exercises_by_muscle ON exercises (muscle);

CREATE OR REPLACE FUNCTION refuse_used_muscle() RETURNS TRIGGER LANGUAGE plpgsql AS $$
-- An exercise may have moved since, so no key of exercise_stats holds every muscle of the history. One of a person's own
-- is in nobody else's.
BEGIN
    IF EXISTS (SELECT FROM training AS t WHERE t.user_id = OLD.created_by AND t.muscle_id = OLD.id)
       OR OLD.created_by IS NULL AND EXISTS (SELECT FROM training AS t WHERE t.muscle_id = OLD.id) THEN
        RAISE foreign_key_violation USING MESSAGE = format('there are sets of muscle %s', OLD.id);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION erase_person(who BIGINT, bot_id BIGINT, update_id BIGINT) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
-- Everything of one person; FALSE when that update erased them before, or there is nobody to erase.
BEGIN
    PERFORM pg_advisory_xact_lock(who);
    IF NOT EXISTS (SELECT FROM users AS u WHERE u.id = who) OR NOT fresh_update(bot_id, update_id) THEN
        RETURN FALSE;
    END IF;
    DELETE FROM training AS t WHERE t.user_id = who;
    DELETE FROM entries_spent AS s WHERE s.user_id = who;
    DELETE FROM exercise_notes AS n WHERE n.user_id = who;
    DELETE FROM user_hidden_exercises AS h WHERE h.user_id = who;
    DELETE FROM user_hidden_muscles AS h WHERE h.user_id = who;
    DELETE FROM exercises AS e WHERE e.created_by = who;
    DELETE FROM muscles AS m WHERE m.created_by = who;
    DELETE FROM updates_parked AS p WHERE p.user_id = who;
    DELETE FROM users AS u WHERE u.id = who;
    RETURN TRUE;
END
$$;
