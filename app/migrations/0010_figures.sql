-- What admins look at without reading everybody's history: the newest sets, figures by day, people by name.

-- Everybody's sets, newest first. A set is nearly always the newest there is, and so costs this index one page.
CREATE INDEX training_by_moment ON training (day, date);

-- Days that are over, counted when somebody asks for them; a day of which changed_days speaks is to be counted anew.
CREATE TABLE counted_days (
    day      DATE      PRIMARY KEY,
    sets     INTEGER   NOT NULL,
    tonnage  NUMERIC   NOT NULL,  -- kilos
    people   BIGINT[]  NOT NULL,  -- who trained
    quarters INTEGER[] NOT NULL   -- sets by the quarter of an hour of their moment: 216 from 14 hours before the day, UTC
);

CREATE TABLE counted_exercises (
    day         DATE     NOT NULL,
    exercise_id INTEGER  NOT NULL,
    muscle_id   INTEGER  NOT NULL,  -- as it was then
    sets        INTEGER  NOT NULL,
    people      BIGINT[] NOT NULL,
    PRIMARY KEY (day, exercise_id, muscle_id)
);

CREATE INDEX counted_exercises_by_exercise ON counted_exercises (exercise_id, day);
CREATE INDEX counted_exercises_by_muscle ON counted_exercises (muscle_id, day);

-- Several rows a day: whoever changes a day waits for nobody.
CREATE TABLE changed_days (
    day DATE NOT NULL
);

CREATE INDEX changed_days_by_day ON changed_days (day);

CREATE FUNCTION first_open_day(at TIMESTAMPTZ) RETURNS DATE LANGUAGE sql STABLE PARALLEL SAFE AS $$
-- The days before it are over: it is past 04:00 of the day after them even in the last of all time zones, UTC-12.
SELECT (at AT TIME ZONE 'UTC' - INTERVAL '40 hours')::date + 1
$$;

CREATE FUNCTION note_changed_days() RETURNS TRIGGER LANGUAGE plpgsql AS $$
-- Whoever changes a day that is over says so; a set of today reads nothing here.
DECLARE
    open_from DATE := first_open_day(now());
BEGIN
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        INSERT INTO changed_days (day) SELECT DISTINCT n.day FROM new_rows AS n WHERE n.day < open_from;
    END IF;
    IF TG_OP IN ('DELETE', 'UPDATE') THEN
        INSERT INTO changed_days (day) SELECT DISTINCT o.day FROM old_rows AS o WHERE o.day < open_from;
    END IF;
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM counted_days;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER days_after_insert AFTER INSERT ON training REFERENCING NEW TABLE AS new_rows
   FOR EACH STATEMENT EXECUTE FUNCTION note_changed_days();
CREATE TRIGGER days_after_update AFTER UPDATE ON training REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
   FOR EACH STATEMENT EXECUTE FUNCTION note_changed_days();
CREATE TRIGGER days_after_delete AFTER DELETE ON training REFERENCING OLD TABLE AS old_rows
   FOR EACH STATEMENT EXECUTE FUNCTION note_changed_days();
CREATE TRIGGER days_after_truncate AFTER TRUNCATE ON training
   FOR EACH STATEMENT EXECUTE FUNCTION note_changed_days();

CREATE FUNCTION search_key(words TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
-- What people are looked for by: the same letters large and small, in a database of any locale.
SELECT translate(lower(words COLLATE "C"),
                 'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЄІЇҐ',
                 'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþабвгдеёжзийклмнопрстуфхцчшщъыьэюяєіїґ')
$$;

-- Of what changes seldom: what a person's row changes with every contact must be in no index.
CREATE INDEX users_by_name ON users (search_key(coalesce(first_name, '') || ' ' || coalesce(lastname, '')) COLLATE "C");
CREATE INDEX users_by_lastname ON users (search_key(lastname) COLLATE "C");
CREATE INDEX users_by_username ON users (search_key(username) COLLATE "C");
CREATE INDEX users_by_id_prefix ON users ((id::text) COLLATE "C");
CREATE INDEX users_by_registration ON users (registration_date, id);

CREATE FUNCTION forget_in_counts() RETURNS TRIGGER LANGUAGE plpgsql AS $$
-- Who erases themselves is named in no count; their days are counted anew later. Waits for who is just counting them.
BEGIN
    PERFORM pg_advisory_xact_lock(2, 0);
    UPDATE counted_days AS c
       SET people = array_remove(c.people, OLD.id)
     WHERE c.day IN (SELECT d.day FROM changed_days AS d) AND OLD.id = ANY (c.people);
    UPDATE counted_exercises AS c
       SET people = array_remove(c.people, OLD.id)
     WHERE c.day IN (SELECT d.day FROM changed_days AS d) AND OLD.id = ANY (c.people);
    RETURN NULL;
END
$$;

CREATE TRIGGER forget_in_counts AFTER DELETE ON users
   FOR EACH ROW EXECUTE FUNCTION forget_in_counts();
