-- Exercises that everybody has, as the admins list and merge them.

-- The global ones alone, among everybody's own: by name, and few enough to be sorted otherwise.
CREATE INDEX exercises_of_all ON exercises (name_key, id) WHERE is_global;

CREATE FUNCTION take_turn(who BIGINT, what INTEGER) RETURNS VOID LANGUAGE plpgsql AS $$
-- At the head of whatever changes a person's sets or note of an exercise: one change of a person's at a time, and none
-- while the exercise is merged. A merge is not waited for, because it may take a minute and a process has ten
-- connections: the update is refused, and comes again.
BEGIN
    PERFORM pg_advisory_xact_lock(who);
    IF NOT pg_try_advisory_xact_lock_shared(1, what) THEN
        RAISE lock_not_available USING MESSAGE = format('exercise %s is being merged', what);
    END IF;
END
$$;
