-- A set read 44 pages of a table of a million; after this it reads half.

-- One page where the key takes a descent.
CREATE INDEX users_by_id ON users USING hash (id);
CREATE INDEX exercises_by_id ON exercises USING hash (id);

-- What a person hides stands in their own row as well, which every screen reads anyway.
ALTER TABLE users
  ADD COLUMN hidden_muscles   INTEGER[] NOT NULL DEFAULT '{}',
  ADD COLUMN hidden_exercises INTEGER[] NOT NULL DEFAULT '{}';

CREATE FUNCTION keep_hidden() RETURNS TRIGGER LANGUAGE plpgsql AS $$
-- Counted anew rather than changed by one: a row that moves from one person to another is two people's.
DECLARE
    people BIGINT[] := ARRAY[CASE WHEN TG_OP <> 'INSERT' THEN OLD.user_id END,
                             CASE WHEN TG_OP <> 'DELETE' THEN NEW.user_id END];
BEGIN
    PERFORM FROM users AS u WHERE u.id = ANY (people) ORDER BY u.id FOR NO KEY UPDATE;
    IF TG_TABLE_NAME = 'user_hidden_muscles' THEN
        UPDATE users AS u
           SET hidden_muscles = ARRAY(SELECT h.muscle_id FROM user_hidden_muscles AS h WHERE h.user_id = u.id)
         WHERE u.id = ANY (people);
    ELSE
        UPDATE users AS u
           SET hidden_exercises = ARRAY(SELECT h.exercise_id FROM user_hidden_exercises AS h WHERE h.user_id = u.id)
         WHERE u.id = ANY (people);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER keep_hidden AFTER INSERT OR UPDATE OR DELETE ON user_hidden_muscles
   FOR EACH ROW EXECUTE FUNCTION keep_hidden();
CREATE TRIGGER keep_hidden AFTER INSERT OR UPDATE OR DELETE ON user_hidden_exercises
   FOR EACH ROW EXECUTE FUNCTION keep_hidden();

UPDATE users AS u
   SET hidden_muscles = ARRAY(SELECT h.muscle_id FROM user_hidden_muscles AS h WHERE h.user_id = u.id),
       hidden_exercises = ARRAY(SELECT h.exercise_id FROM user_hidden_exercises AS h WHERE h.user_id = u.id)
 WHERE EXISTS (SELECT FROM user_hidden_muscles AS h WHERE h.user_id = u.id)
    OR EXISTS (SELECT FROM user_hidden_exercises AS h WHERE h.user_id = u.id);

-- An exercise goes with its muscle, and comes back with it: so nobody who looks at an exercise looks for its muscle.
CREATE FUNCTION exercises_follow_their_muscle() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.deleted_at IS NOT NULL THEN
        UPDATE exercises AS e SET deleted_at = NULL WHERE e.muscle = NEW.id AND e.deleted_at = OLD.deleted_at;
    END IF;
    IF NEW.deleted_at IS NOT NULL THEN
        UPDATE exercises AS e SET deleted_at = NEW.deleted_at WHERE e.muscle = NEW.id AND e.deleted_at IS NULL;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER exercises_follow_their_muscle AFTER UPDATE OF deleted_at ON muscles
   FOR EACH ROW WHEN (OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
   EXECUTE FUNCTION exercises_follow_their_muscle();

UPDATE exercises AS e
   SET deleted_at = m.deleted_at
  FROM muscles AS m
 WHERE m.id = e.muscle AND m.deleted_at IS NOT NULL AND e.deleted_at IS NULL;

CREATE FUNCTION exercise_fits_its_muscle() RETURNS TRIGGER LANGUAGE plpgsql AS $$
-- No exercise is seen by more people than its muscle is, nor longer.
DECLARE
    home muscles;
BEGIN
    SELECT m.* INTO home FROM muscles AS m WHERE m.id = NEW.muscle FOR SHARE;  -- waits for one that is just deleted
    IF home.created_by <> coalesce(NEW.created_by, 0) THEN
        RAISE check_violation USING MESSAGE = format('muscle %s is another person''s own', NEW.muscle);
    ELSIF home.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL THEN
        RAISE check_violation USING MESSAGE = format('muscle %s is deleted', NEW.muscle);
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER fits_its_muscle BEFORE INSERT OR UPDATE OF muscle, created_by, deleted_at ON exercises
   FOR EACH ROW EXECUTE FUNCTION exercise_fits_its_muscle();

-- Which set was the last is read off the day's own index, where the start screen reads it in passing; it needs no
-- keeping, and comes back by itself when a set goes.
ALTER TABLE users DROP COLUMN last_set;
DROP INDEX training_by_exercise, training_by_day;
CREATE INDEX training_by_exercise ON training (user_id, exercise_id, day, set) INCLUDE (weight, reps, date);
CREATE INDEX training_by_day ON training (user_id, day, date) INCLUDE (exercise_id, set);

DROP FUNCTION visible_exercise;

CREATE FUNCTION visible_exercise(person users, what INTEGER)
RETURNS TABLE (id INTEGER, name VARCHAR(255), muscle INTEGER) LANGUAGE sql STABLE AS $$
-- The exercise, when this person may see it: neither deleted nor hidden nor somebody else's, nor is its muscle.
SELECT e.id, e.name, e.muscle
  FROM exercises AS e
 WHERE e.id = what
   AND e.deleted_at IS NULL AND coalesce(e.created_by, person.id) = person.id
   AND e.id <> ALL (person.hidden_exercises) AND e.muscle <> ALL (person.hidden_muscles)
$$;
