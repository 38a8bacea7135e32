-- What a person once trained stays theirs to look at and to correct, when the exercise itself is out of their lists.

CREATE FUNCTION visible_exercise(person users, what INTEGER, looking_back BOOLEAN)
RETURNS TABLE (id INTEGER, name VARCHAR(255), muscle INTEGER, is_listed BOOLEAN) LANGUAGE sql STABLE AS $$
-- The exercise, when this person may see it: never somebody else's; a deleted or hidden one only by looking back.
SELECT e.id, e.name, e.muscle, is_listed
  FROM exercises AS e,
       LATERAL (SELECT e.deleted_at IS NULL AND e.id <> ALL (person.hidden_exercises)
                       AND e.muscle <> ALL (person.hidden_muscles) AS is_listed) AS lists
 WHERE e.id = what AND coalesce(e.created_by, person.id) = person.id AND (is_listed OR looking_back)
$$;

CREATE FUNCTION day_is_open(day DATE, marked BOOLEAN, looking_back BOOLEAN, at TIMESTAMPTZ, zone TEXT) RETURNS BOOLEAN
LANGUAGE sql STABLE PARALLEL SAFE AS $$
-- Looking back, a day is open that has begun anywhere: who recorded it ahead of where they are now sees it as it is.
SELECT day_is_open(day, marked, at, CASE WHEN looking_back THEN 'Etc/GMT-14' ELSE zone END)
$$;
