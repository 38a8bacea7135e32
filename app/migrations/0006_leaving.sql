-- What goes when a person erases themselves.

CREATE FUNCTION erase_person(who BIGINT, bot_id BIGINT, update_id BIGINT) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
-- Everything of one person; FALSE when that update erased them before, or there is nobody to erase.
BEGIN
    PERFORM pg_advisory_xact_lock(who);
    IF NOT EXISTS (SELECT FROM users AS u WHERE u.id = who) OR NOT fresh_update(bot_id, update_id) THEN
        RETURN FALSE;
    END IF;
    DELETE FROM training AS t WHERE t.user_id = who;
    DELETE FROM entries_chosen AS c WHERE c.user_id = who;
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
