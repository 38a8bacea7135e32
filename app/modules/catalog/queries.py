"""SQL of the catalogue: one round trip a screen, one an effect.

Who may change what is said in the statement that changes it. The lock at the head of an effect is a statement of its
own: inside the other, its snapshot would be from before the wait.
"""

from datetime import datetime
from typing import Any

from app.modules.catalog.model import ExerciseOrder, MuscleOrder
from app.modules.people.model import Act
from app.modules.postgres import Cursor

Row = dict[str, Any]
Said = tuple[Any, ...]


def muscles(cursor: Cursor, *, user_id: int) -> Row | None:
    """Return the muscles that a person sees, and how much they have added."""
    cursor.execute(
        """
        WITH muscle AS (
            SELECT m.id, m.name, NULL AS own_key
              FROM muscles AS m
             WHERE m.is_global AND m.deleted_at IS NULL
             UNION ALL
            SELECT m.id, m.name, m.name_key
              FROM muscles AS m
             WHERE m.created_by = %(user_id)s AND m.deleted_at IS NULL
        )
        SELECT json_build_object(
                   'places', (SELECT json_agg(json_build_array(m.id, m.name, m.own_key IS NOT NULL)
                                              ORDER BY m.own_key NULLS FIRST, m.id)
                                FROM muscle AS m
                               WHERE m.id <> ALL (u.hidden_muscles)),
                   'own_muscles', (SELECT count(m.own_key) FROM muscle AS m),
                   'own_exercises', (SELECT count(*)
                                       FROM exercises AS e
                                      WHERE e.created_by = %(user_id)s AND e.deleted_at IS NULL))
          FROM users AS u
         WHERE u.id = %(user_id)s
        """,
        {"user_id": user_id},
    )
    row = cursor.fetchone()
    return row[0] if row else None


def own(cursor: Cursor, *, user_id: int) -> Row:
    """Return what a person has added, muscles and exercises, each by name."""
    cursor.execute(
        """
        SELECT json_build_object(
                   'muscles', (SELECT json_agg(json_build_array(m.id, m.name) ORDER BY m.name_key)
                                 FROM muscles AS m
                                WHERE m.created_by = %(user_id)s AND m.deleted_at IS NULL),
                   'exercises', (SELECT json_agg(json_build_array(e.id, e.name, m.id, m.name) ORDER BY e.name_key, e.id)
                                   FROM exercises AS e
                                   JOIN muscles AS m ON m.id = e.muscle
                                  WHERE e.created_by = %(user_id)s AND e.deleted_at IS NULL))
        """,
        {"user_id": user_id},
    )
    row = cursor.fetchone()
    return row[0] if row else {}


def hideable(cursor: Cursor, *, user_id: int, muscle_id: int) -> Row | None:
    """Return a global muscle and its global exercises, as far as a person sees them; None when not even the muscle."""
    cursor.execute(
        """
        SELECT json_build_object(
                   'name', m.name,
                   'exercises', (SELECT json_agg(json_build_array(e.id, e.name) ORDER BY e.name_key)
                                   FROM exercises AS e
                                  WHERE e.muscle = m.id AND e.is_global AND e.deleted_at IS NULL
                                    AND e.id <> ALL (u.hidden_exercises)))
          FROM users AS u
          JOIN muscles AS m ON m.id = %(muscle_id)s
         WHERE u.id = %(user_id)s
           AND m.is_global AND m.deleted_at IS NULL AND m.id <> ALL (u.hidden_muscles)
        """,
        {"user_id": user_id, "muscle_id": muscle_id},
    )
    row = cursor.fetchone()
    return row[0] if row else None


def hidden(cursor: Cursor, *, user_id: int) -> Row | None:
    """Return what a person hid; an exercise of a hidden muscle is not listed, for it would stay out of sight."""
    cursor.execute(
        """
        SELECT json_build_object(
                   'muscles', (SELECT json_agg(json_build_array(m.id, m.name) ORDER BY m.id)
                                 FROM muscles AS m
                                WHERE m.id = ANY (u.hidden_muscles) AND m.is_global AND m.deleted_at IS NULL),
                   'exercises', (SELECT json_agg(json_build_array(e.id, e.name, m.id, m.name) ORDER BY e.name_key, e.id)
                                   FROM exercises AS e
                                   JOIN muscles AS m ON m.id = e.muscle
                                  WHERE e.id = ANY (u.hidden_exercises) AND e.is_global AND e.deleted_at IS NULL
                                    AND e.muscle <> ALL (u.hidden_muscles)))
          FROM users AS u
         WHERE u.id = %(user_id)s
        """,
        {"user_id": user_id},
    )
    row = cursor.fetchone()
    return row[0] if row else None


def add_muscle(cursor: Cursor, *, act: Act, name: str, key: str, most: int) -> Said | None:
    """Give a person a muscle of their own, when it is new to them."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        WITH known AS MATERIALIZED (
            SELECT m.id, m.name
              FROM muscles AS m
             WHERE m.is_global AND m.deleted_at IS NULL AND m.name_key = %(key)s
             UNION ALL
            SELECT m.id, m.name
              FROM muscles AS m
             WHERE m.created_by = %(user_id)s AND m.deleted_at IS NULL AND m.name_key = %(key)s
        ), verdict AS MATERIALIZED (
            SELECT CASE WHEN update_was_seen(%(bot_id)s, %(update_id)s) THEN 'seen'
                        WHEN k.id = ANY (u.hidden_muscles) THEN 'hidden'
                        WHEN k.id IS NOT NULL THEN 'there'
                        WHEN %(most)s <= (SELECT count(*)
                                            FROM muscles AS m
                                           WHERE m.created_by = %(user_id)s AND m.deleted_at IS NULL) THEN 'full'
                        ELSE 'go' END AS said, k.id, k.name
              FROM users AS u
              LEFT JOIN known AS k ON TRUE
             WHERE u.id = %(user_id)s
             ORDER BY k.id = ANY (u.hidden_muscles)
             LIMIT 1
        ), fresh AS MATERIALIZED (
            SELECT FROM verdict AS v WHERE v.said = 'go' AND fresh_update(%(bot_id)s, %(update_id)s)
        ), made AS (
            INSERT INTO muscles (name, name_key, is_global, created_by)
            SELECT %(name)s, %(key)s, FALSE, %(user_id)s FROM fresh
                ON CONFLICT (created_by, name_key) WHERE created_by IS NOT NULL AND deleted_at IS NULL DO NOTHING
            RETURNING id, name
        )
        SELECT CASE WHEN made.id IS NOT NULL THEN 'done' WHEN v.said = 'go' THEN 'there' ELSE v.said END,
               coalesce(made.id, v.id), coalesce(made.name, v.name)
          FROM verdict AS v
          LEFT JOIN made ON TRUE
        """,
        _by(act) | {"name": name, "key": key, "most": most},
    )
    return cursor.fetchone()


def add_exercise(cursor: Cursor, *, act: Act, muscle_id: int, name: str, key: str, most: int) -> Said | None:
    """Give a person an exercise of their own in a muscle that they see, when it is new to them there."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        WITH place AS MATERIALIZED (
            SELECT m.id, m.name
              FROM users AS u
              JOIN muscles AS m ON m.id = %(muscle_id)s
             WHERE u.id = %(user_id)s
               AND m.deleted_at IS NULL AND coalesce(m.created_by, u.id) = u.id AND m.id <> ALL (u.hidden_muscles)
        ), known AS MATERIALIZED (
            SELECT e.id, e.name
              FROM exercises AS e
             WHERE e.muscle = %(muscle_id)s AND e.is_global AND e.deleted_at IS NULL AND e.name_key = %(key)s
             UNION ALL
            SELECT e.id, e.name
              FROM exercises AS e
             WHERE e.created_by = %(user_id)s AND e.muscle = %(muscle_id)s AND e.deleted_at IS NULL
               AND e.name_key = %(key)s
        ), verdict AS MATERIALIZED (
            SELECT CASE WHEN NOT EXISTS (SELECT FROM place) THEN 'gone'
                        WHEN update_was_seen(%(bot_id)s, %(update_id)s) THEN 'seen'
                        WHEN k.id = ANY (u.hidden_exercises) THEN 'hidden'
                        WHEN k.id IS NOT NULL THEN 'there'
                        WHEN %(most)s <= (SELECT count(*)
                                            FROM exercises AS e
                                           WHERE e.created_by = %(user_id)s AND e.deleted_at IS NULL) THEN 'full'
                        ELSE 'go' END AS said, k.id, k.name
              FROM users AS u
              LEFT JOIN known AS k ON TRUE
             WHERE u.id = %(user_id)s
             ORDER BY k.id = ANY (u.hidden_exercises)
             LIMIT 1
        ), fresh AS MATERIALIZED (
            SELECT FROM verdict AS v WHERE v.said = 'go' AND fresh_update(%(bot_id)s, %(update_id)s)
        ), made AS (
            INSERT INTO exercises (name, name_key, muscle, is_global, created_by)
            SELECT %(name)s, %(key)s, place.id, FALSE, %(user_id)s FROM fresh, place
                ON CONFLICT (created_by, muscle, name_key) WHERE created_by IS NOT NULL AND deleted_at IS NULL
                DO NOTHING
            RETURNING id, name
        )
        SELECT CASE WHEN made.id IS NOT NULL THEN 'done' WHEN v.said = 'go' THEN 'there' ELSE v.said END,
               coalesce(made.id, v.id), coalesce(made.name, v.name), place.id, place.name
          FROM verdict AS v
          LEFT JOIN made ON TRUE
          LEFT JOIN place ON TRUE
        """,
        _by(act) | {"muscle_id": muscle_id, "name": name, "key": key, "most": most},
    )
    return cursor.fetchone()


def rename_muscle(cursor: Cursor, *, act: Act, muscle_id: int, name: str, key: str) -> Said | None:
    """Give a person's own muscle another name, when no other that they see has it.

    The second statement is for a name of the same key: the trigger that makes keys for operators would take an
    unchanged key for a forgotten one, and make it by rules that know fewer letters.
    """
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        UPDATE muscles AS m SET name_key = ''
         WHERE m.id = %(muscle_id)s AND m.created_by = %(user_id)s AND m.deleted_at IS NULL
           AND m.name_key = %(key)s AND m.name <> %(name)s AND NOT update_was_seen(%(bot_id)s, %(update_id)s);
        WITH place AS MATERIALIZED (
            SELECT m.id, m.name, m.name_key
              FROM muscles AS m
             WHERE m.id = %(muscle_id)s AND m.created_by = %(user_id)s AND m.deleted_at IS NULL
        ), known AS MATERIALIZED (
            SELECT m.id, m.name
              FROM muscles AS m
             WHERE m.is_global AND m.deleted_at IS NULL AND m.name_key = %(key)s
             UNION ALL
            SELECT m.id, m.name
              FROM muscles AS m
             WHERE m.created_by = %(user_id)s AND m.deleted_at IS NULL AND m.name_key = %(key)s
               AND m.id <> %(muscle_id)s
        ), verdict AS MATERIALIZED (
            SELECT CASE WHEN p.id IS NULL THEN 'gone'
                        WHEN update_was_seen(%(bot_id)s, %(update_id)s) THEN 'seen'
                        WHEN p.name = %(name)s THEN 'same'
                        WHEN p.name_key = '' THEN 'go'
                        WHEN k.id = ANY (u.hidden_muscles) THEN 'hidden'
                        WHEN k.id IS NOT NULL THEN 'there'
                        ELSE 'go' END AS said, p.id, p.name, k.id AS known_id, k.name AS known_name
              FROM users AS u
              LEFT JOIN place AS p ON TRUE
              LEFT JOIN known AS k ON TRUE
             WHERE u.id = %(user_id)s
             ORDER BY k.id = ANY (u.hidden_muscles)
             LIMIT 1
        ), fresh AS MATERIALIZED (
            SELECT FROM verdict AS v WHERE v.said = 'go' AND fresh_update(%(bot_id)s, %(update_id)s)
        ), renamed AS (
            UPDATE muscles AS m SET name = %(name)s, name_key = %(key)s
              FROM fresh
             WHERE m.id = %(muscle_id)s AND m.created_by = %(user_id)s
        )
        SELECT CASE WHEN v.said = 'go' THEN 'done' ELSE v.said END,
               CASE WHEN v.said IN ('hidden', 'there') THEN v.known_id ELSE v.id END,
               CASE WHEN v.said IN ('hidden', 'there') THEN v.known_name WHEN v.said = 'go' THEN %(name)s ELSE v.name
                    END
          FROM verdict AS v
        """,
        _by(act) | {"muscle_id": muscle_id, "name": name, "key": key},
    )
    return cursor.fetchone()


def rename_exercise(cursor: Cursor, *, act: Act, exercise_id: int, name: str, key: str) -> Said | None:
    """Give a person's own exercise another name, when no other of its muscle has it; as rename_muscle does."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        UPDATE exercises AS e SET name_key = ''
         WHERE e.id = %(exercise_id)s AND e.created_by = %(user_id)s AND e.deleted_at IS NULL
           AND e.name_key = %(key)s AND e.name <> %(name)s AND NOT update_was_seen(%(bot_id)s, %(update_id)s);
        WITH place AS MATERIALIZED (
            SELECT e.id, e.name, e.name_key, e.muscle, m.name AS muscle_name
              FROM exercises AS e
              JOIN muscles AS m ON m.id = e.muscle
             WHERE e.id = %(exercise_id)s AND e.created_by = %(user_id)s AND e.deleted_at IS NULL
        ), known AS MATERIALIZED (
            SELECT e.id, e.name
              FROM place AS p
              JOIN exercises AS e ON e.muscle = p.muscle
             WHERE e.is_global AND e.deleted_at IS NULL AND e.name_key = %(key)s
             UNION ALL
            SELECT e.id, e.name
              FROM place AS p
              JOIN exercises AS e ON e.muscle = p.muscle
             WHERE e.created_by = %(user_id)s AND e.deleted_at IS NULL AND e.name_key = %(key)s
               AND e.id <> p.id
        ), verdict AS MATERIALIZED (
            SELECT CASE WHEN p.id IS NULL THEN 'gone'
                        WHEN update_was_seen(%(bot_id)s, %(update_id)s) THEN 'seen'
                        WHEN p.name = %(name)s THEN 'same'
                        WHEN p.name_key = '' THEN 'go'
                        WHEN k.id = ANY (u.hidden_exercises) THEN 'hidden'
                        WHEN k.id IS NOT NULL THEN 'there'
                        ELSE 'go' END AS said,
                   p.id, p.name, p.muscle, p.muscle_name, k.id AS known_id, k.name AS known_name
              FROM users AS u
              LEFT JOIN place AS p ON TRUE
              LEFT JOIN known AS k ON TRUE
             WHERE u.id = %(user_id)s
             ORDER BY k.id = ANY (u.hidden_exercises)
             LIMIT 1
        ), fresh AS MATERIALIZED (
            SELECT FROM verdict AS v WHERE v.said = 'go' AND fresh_update(%(bot_id)s, %(update_id)s)
        ), renamed AS (
            UPDATE exercises AS e SET name = %(name)s, name_key = %(key)s
              FROM fresh
             WHERE e.id = %(exercise_id)s AND e.created_by = %(user_id)s
        )
        SELECT CASE WHEN v.said = 'go' THEN 'done' ELSE v.said END,
               CASE WHEN v.said IN ('hidden', 'there') THEN v.known_id ELSE v.id END,
               CASE WHEN v.said IN ('hidden', 'there') THEN v.known_name WHEN v.said = 'go' THEN %(name)s ELSE v.name
                    END,
               v.muscle, v.muscle_name
          FROM verdict AS v
        """,
        _by(act) | {"exercise_id": exercise_id, "name": name, "key": key},
    )
    return cursor.fetchone()


def delete_muscle(cursor: Cursor, *, act: Act, muscle_id: int, exercises: int) -> Said | None:
    """Delete a person's own muscle, when it has as many exercises as they saw; those go with it, by a trigger."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        WITH verdict AS MATERIALIZED (
            SELECT CASE WHEN m.deleted_at IS NOT NULL OR update_was_seen(%(bot_id)s, %(update_id)s) THEN 'done'
                        WHEN %(exercises)s <> (SELECT count(*)
                                                 FROM exercises AS e
                                                WHERE e.created_by = %(user_id)s AND e.muscle = m.id
                                                  AND e.deleted_at IS NULL) THEN 'changed'
                        ELSE 'go' END AS said, m.id, m.name
              FROM muscles AS m
             WHERE m.id = %(muscle_id)s AND m.created_by = %(user_id)s
        ), fresh AS MATERIALIZED (
            SELECT v.id FROM verdict AS v WHERE v.said = 'go' AND fresh_update(%(bot_id)s, %(update_id)s)
        ), gone AS (
            UPDATE muscles AS m SET deleted_at = %(at)s FROM fresh WHERE m.id = fresh.id
        )
        SELECT CASE WHEN v.said = 'go' THEN 'done' ELSE v.said END, v.id, v.name FROM verdict AS v
        """,
        _by(act) | {"at": act.at, "muscle_id": muscle_id, "exercises": exercises},
    )
    return cursor.fetchone()


def delete_exercise(cursor: Cursor, *, act: Act, exercise_id: int) -> Said | None:
    """Delete a person's own exercise."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        WITH verdict AS MATERIALIZED (
            SELECT CASE WHEN e.deleted_at IS NOT NULL OR update_was_seen(%(bot_id)s, %(update_id)s) THEN 'done'
                        ELSE 'go' END AS said, e.id, e.name
              FROM exercises AS e
             WHERE e.id = %(exercise_id)s AND e.created_by = %(user_id)s
        ), fresh AS MATERIALIZED (
            SELECT v.id FROM verdict AS v WHERE v.said = 'go' AND fresh_update(%(bot_id)s, %(update_id)s)
        ), gone AS (
            UPDATE exercises AS e SET deleted_at = %(at)s FROM fresh WHERE e.id = fresh.id
        )
        SELECT 'done', v.id, v.name FROM verdict AS v
        """,
        _by(act) | {"at": act.at, "exercise_id": exercise_id},
    )
    return cursor.fetchone()


def hide_muscle(cursor: Cursor, *, act: Act, muscle_id: int) -> Said | None:
    """Take a global muscle out of a person's sight."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        WITH place AS MATERIALIZED (
            SELECT m.id, m.name
              FROM users AS u
              JOIN muscles AS m ON m.id = %(muscle_id)s
             WHERE u.id = %(user_id)s AND m.is_global AND m.deleted_at IS NULL
        ), fresh AS MATERIALIZED (
            SELECT p.id FROM place AS p WHERE fresh_update(%(bot_id)s, %(update_id)s)
        ), gone AS (
            INSERT INTO user_hidden_muscles (user_id, muscle_id)
            SELECT %(user_id)s, fresh.id FROM fresh
                ON CONFLICT (user_id, muscle_id) DO NOTHING
        )
        SELECT CASE WHEN EXISTS (SELECT FROM fresh) THEN 'done' ELSE 'seen' END, p.id, p.name FROM place AS p
        """,
        _by(act) | {"muscle_id": muscle_id},
    )
    return cursor.fetchone()


def hide_exercise(cursor: Cursor, *, act: Act, exercise_id: int) -> Said | None:
    """Take a global exercise out of a person's sight."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        WITH place AS MATERIALIZED (
            SELECT e.id, e.name, m.id AS muscle_id, m.name AS muscle_name
              FROM users AS u
              JOIN exercises AS e ON e.id = %(exercise_id)s
              JOIN muscles AS m ON m.id = e.muscle
             WHERE u.id = %(user_id)s AND e.is_global AND e.deleted_at IS NULL
        ), fresh AS MATERIALIZED (
            SELECT p.id FROM place AS p WHERE fresh_update(%(bot_id)s, %(update_id)s)
        ), gone AS (
            INSERT INTO user_hidden_exercises (user_id, exercise_id)
            SELECT %(user_id)s, fresh.id FROM fresh
                ON CONFLICT (user_id, exercise_id) DO NOTHING
        )
        SELECT CASE WHEN EXISTS (SELECT FROM fresh) THEN 'done' ELSE 'seen' END,
               p.id, p.name, p.muscle_id, p.muscle_name
          FROM place AS p
        """,
        _by(act) | {"exercise_id": exercise_id},
    )
    return cursor.fetchone()


def show_muscle(cursor: Cursor, *, act: Act, muscle_id: int) -> Said | None:
    """Bring a global muscle back into a person's sight."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        WITH place AS MATERIALIZED (
            SELECT m.id, m.name FROM muscles AS m WHERE m.id = %(muscle_id)s AND m.is_global AND m.deleted_at IS NULL
        ), fresh AS MATERIALIZED (
            SELECT p.id FROM place AS p WHERE fresh_update(%(bot_id)s, %(update_id)s)
        ), back AS (
            DELETE FROM user_hidden_muscles AS h
             USING fresh
             WHERE h.user_id = %(user_id)s AND h.muscle_id = fresh.id
        )
        SELECT CASE WHEN EXISTS (SELECT FROM fresh) THEN 'done' ELSE 'seen' END, p.id, p.name FROM place AS p
        """,
        _by(act) | {"muscle_id": muscle_id},
    )
    return cursor.fetchone()


def show_exercise(cursor: Cursor, *, act: Act, exercise_id: int) -> Said | None:
    """Bring a global exercise back into a person's sight."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        WITH place AS MATERIALIZED (
            SELECT e.id, e.name, m.id AS muscle_id, m.name AS muscle_name
              FROM exercises AS e
              JOIN muscles AS m ON m.id = e.muscle
             WHERE e.id = %(exercise_id)s AND e.is_global AND e.deleted_at IS NULL
        ), fresh AS MATERIALIZED (
            SELECT p.id FROM place AS p WHERE fresh_update(%(bot_id)s, %(update_id)s)
        ), back AS (
            DELETE FROM user_hidden_exercises AS h
             USING fresh
             WHERE h.user_id = %(user_id)s AND h.exercise_id = fresh.id
        )
        SELECT CASE WHEN EXISTS (SELECT FROM fresh) THEN 'done' ELSE 'seen' END,
               p.id, p.name, p.muscle_id, p.muscle_name
          FROM place AS p
        """,
        _by(act) | {"exercise_id": exercise_id},
    )
    return cursor.fetchone()


def _by(act: Act) -> Row:
    return {"user_id": act.user_id, "bot_id": act.bot_id, "update_id": act.update_id}


def global_muscles(
    cursor: Cursor,
    *,
    order: MuscleOrder,
    place: tuple[str | int, ...],
    limit: int,
    state: str,
    pattern: str,
) -> list[Said]:
    """Return one page of the muscles that everybody has, after a place in their order."""
    cursor.execute(
        _GLOBAL_MUSCLES[order],
        {"first": place[0], "second": place[-1], "limit": limit, "state": state, "pattern": pattern},
    )
    return cursor.fetchall()


_GLOBAL_MUSCLE = """
        SELECT m.id, m.name,
               (SELECT count(*)
                  FROM exercises AS e
                 WHERE e.muscle = m.id AND e.is_global AND e.deleted_at IS NULL),
               m.deleted_at, m.name_key
          FROM muscles AS m
         WHERE m.is_global
"""
_LISTED = """
           AND CASE %(state)s WHEN 'active' THEN m.deleted_at IS NULL
                              WHEN 'archived' THEN m.deleted_at IS NOT NULL
                              ELSE TRUE END
           AND m.name_key LIKE %(pattern)s
"""
_GLOBAL_MUSCLES = {
    MuscleOrder.NAME: _GLOBAL_MUSCLE
    + _LISTED
    + "AND (m.name_key, m.id) > (%(first)s, %(second)s) ORDER BY m.name_key, m.id LIMIT %(limit)s",
    MuscleOrder.NAME_DOWN: _GLOBAL_MUSCLE
    + _LISTED
    + "AND (m.name_key, m.id) < (%(first)s, %(second)s) ORDER BY m.name_key DESC, m.id DESC LIMIT %(limit)s",
    MuscleOrder.ID: _GLOBAL_MUSCLE + _LISTED + "AND m.id > %(second)s ORDER BY m.id LIMIT %(limit)s",
    MuscleOrder.ID_DOWN: _GLOBAL_MUSCLE + _LISTED + "AND m.id < %(second)s ORDER BY m.id DESC LIMIT %(limit)s",
}


def global_muscle(cursor: Cursor, *, muscle_id: int) -> Said | None:
    """Return one muscle that everybody has, archived or not, and its key."""
    cursor.execute(_GLOBAL_MUSCLE + "AND m.id = %(muscle_id)s", {"muscle_id": muscle_id})
    return cursor.fetchone()


def used_global_muscle(cursor: Cursor, *, muscle_id: int) -> Said | None:
    """Return one muscle that everybody has, and what hangs on it: exercises of each kind, people, days."""
    cursor.execute(
        """
        SELECT m.id, m.name, of_it.everybodys, m.deleted_at, of_it.archived, of_it.private,
               used.people, used.days, used.last_day
          FROM muscles AS m,
               LATERAL (SELECT count(*) FILTER (WHERE e.is_global AND e.deleted_at IS NULL) AS everybodys,
                               count(*) FILTER (WHERE e.is_global AND e.deleted_at IS NOT NULL) AS archived,
                               count(*) FILTER (WHERE NOT e.is_global) AS private
                          FROM exercises AS e
                         WHERE e.muscle = m.id) AS of_it,
               LATERAL (SELECT count(DISTINCT s.user_id) AS people, coalesce(sum(s.days), 0) AS days,
                               max(s.last_day) AS last_day
                          FROM exercises AS e
                          JOIN exercise_stats AS s ON s.exercise_id = e.id
                         WHERE e.muscle = m.id) AS used
         WHERE m.is_global AND m.id = %(muscle_id)s
        """,
        {"muscle_id": muscle_id},
    )
    return cursor.fetchone()


def lock_global_muscle(cursor: Cursor, *, muscle_id: int) -> None:
    """Keep others from changing it until this transaction ends; a look at it comes after, in a statement of its own."""
    cursor.execute(
        "SELECT FROM muscles AS m WHERE m.id = %(muscle_id)s AND m.is_global FOR UPDATE", {"muscle_id": muscle_id}
    )


def add_global_muscle(cursor: Cursor, *, name: str, key: str) -> int:
    """Give everybody a muscle; the unique index refuses a second one of that name."""
    cursor.execute(
        """
        INSERT INTO muscles (name, name_key, is_global)
        VALUES (%(name)s, %(key)s, TRUE)
        RETURNING id
        """,
        {"name": name, "key": key},
    )
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def rename_global_muscle(cursor: Cursor, *, muscle_id: int, name: str, key: str) -> None:
    """Give everybody's muscle another name; two statements for the reason that rename_muscle tells."""
    cursor.execute(
        """
        UPDATE muscles AS m SET name_key = ''
         WHERE m.id = %(muscle_id)s AND m.is_global AND m.name_key = %(key)s AND m.name <> %(name)s;
        UPDATE muscles AS m SET name = %(name)s, name_key = %(key)s
         WHERE m.id = %(muscle_id)s AND m.is_global
        """,
        {"muscle_id": muscle_id, "name": name, "key": key},
    )


def archive_global_muscle(cursor: Cursor, *, muscle_id: int, at: datetime | None) -> None:
    """Take everybody's muscle out of all lists, or bring it back (no moment); its exercises follow by a trigger."""
    cursor.execute(
        "UPDATE muscles AS m SET deleted_at = %(at)s WHERE m.id = %(muscle_id)s AND m.is_global",
        {"muscle_id": muscle_id, "at": at},
    )


def delete_global_muscle(cursor: Cursor, *, muscle_id: int) -> None:
    """Delete everybody's muscle; foreign keys and refuse_used_muscle refuse one that anything points at.

    That somebody hid it points at nothing. To see that no set ever named it may take reading all of them.
    """
    cursor.execute(
        """
        DELETE FROM user_hidden_muscles AS h WHERE h.muscle_id = %(muscle_id)s;
        DELETE FROM muscles AS m WHERE m.id = %(muscle_id)s AND m.is_global
        """,
        {"muscle_id": muscle_id},
    )


def global_exercises(
    cursor: Cursor,
    *,
    order: ExerciseOrder,
    place: tuple[str | int, ...],
    limit: int,
    muscle_id: int | None,
    state: str,
    pattern: str,
) -> list[Said]:
    """Return one page of the exercises that everybody has, after a place: muscle, key and number of one of them."""
    cursor.execute(
        _GLOBAL_EXERCISES[order],
        {
            "muscle": place[0],
            "key": place[1],
            "id": place[2],
            "limit": limit,
            "muscle_id": muscle_id,
            "state": state,
            "pattern": pattern,
        },
    )
    return cursor.fetchall()


_GLOBAL_EXERCISE = """
        SELECT e.id, e.name, e.muscle, m.name, e.deleted_at, e.name_key
          FROM exercises AS e
          JOIN muscles AS m ON m.id = e.muscle
         WHERE e.is_global
"""
_LISTED_EXERCISES = (
    _GLOBAL_EXERCISE
    + """
           AND CASE %(state)s WHEN 'active' THEN e.deleted_at IS NULL
                              WHEN 'archived' THEN e.deleted_at IS NOT NULL
                              ELSE TRUE END
           AND e.muscle = coalesce(%(muscle_id)s, e.muscle)
           AND e.name_key LIKE %(pattern)s
"""
)
_GLOBAL_EXERCISES = {
    ExerciseOrder.NAME: _LISTED_EXERCISES
    + "AND (e.name_key, e.id) > (%(key)s, %(id)s) ORDER BY e.name_key, e.id LIMIT %(limit)s",
    ExerciseOrder.NAME_DOWN: _LISTED_EXERCISES
    + "AND (e.name_key, e.id) < (%(key)s, %(id)s) ORDER BY e.name_key DESC, e.id DESC LIMIT %(limit)s",
    ExerciseOrder.ID: _LISTED_EXERCISES + "AND e.id > %(id)s ORDER BY e.id LIMIT %(limit)s",
    ExerciseOrder.ID_DOWN: _LISTED_EXERCISES + "AND e.id < %(id)s ORDER BY e.id DESC LIMIT %(limit)s",
    ExerciseOrder.MUSCLE: _LISTED_EXERCISES
    + "AND (e.muscle, e.name_key, e.id) > (%(muscle)s, %(key)s, %(id)s)"
    + " ORDER BY e.muscle, e.name_key, e.id LIMIT %(limit)s",
    ExerciseOrder.MUSCLE_DOWN: _LISTED_EXERCISES
    + "AND (e.muscle, e.name_key, e.id) < (%(muscle)s, %(key)s, %(id)s)"
    + " ORDER BY e.muscle DESC, e.name_key DESC, e.id DESC LIMIT %(limit)s",
}


def global_exercise(cursor: Cursor, *, exercise_id: int) -> Said | None:
    """Return one exercise that everybody has, archived or not, and its key."""
    cursor.execute(_GLOBAL_EXERCISE + "AND e.id = %(exercise_id)s", {"exercise_id": exercise_id})
    return cursor.fetchone()


def used_global_exercise(cursor: Cursor, *, exercise_id: int) -> Said | None:
    """Return one exercise that everybody has, and how much it is trained: a row a person is read, never their sets."""
    cursor.execute(
        """
        SELECT e.id, e.name, e.muscle, m.name, e.deleted_at, used.people, used.days, used.last_day
          FROM exercises AS e
          JOIN muscles AS m ON m.id = e.muscle,
               LATERAL (SELECT count(*) AS people, coalesce(sum(s.days), 0) AS days, max(s.last_day) AS last_day
                          FROM exercise_stats AS s
                         WHERE s.exercise_id = e.id) AS used
         WHERE e.is_global AND e.id = %(exercise_id)s
        """,
        {"exercise_id": exercise_id},
    )
    return cursor.fetchone()


def lock_global_exercise(cursor: Cursor, *, exercise_id: int) -> None:
    """Keep others from changing it until this transaction ends; a look at it comes after, in a statement of its own."""
    cursor.execute(
        "SELECT FROM exercises AS e WHERE e.id = %(exercise_id)s AND e.is_global FOR UPDATE",
        {"exercise_id": exercise_id},
    )


def add_global_exercise(cursor: Cursor, *, name: str, key: str, muscle_id: int) -> int:
    """Give everybody an exercise; its muscle is checked by a trigger and a key, its name by the unique index."""
    cursor.execute(
        """
        INSERT INTO exercises (name, name_key, muscle, is_global)
        VALUES (%(name)s, %(key)s, %(muscle_id)s, TRUE)
        RETURNING id
        """,
        {"name": name, "key": key, "muscle_id": muscle_id},
    )
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def change_global_exercise(cursor: Cursor, *, exercise_id: int, name: str, key: str, muscle_id: int) -> None:
    """Give everybody's exercise another name and muscle; two statements for the reason that rename_muscle tells.

    The statistics follow it to its muscle by their key; recorded sets keep the muscle that they were done for.
    """
    cursor.execute(
        """
        UPDATE exercises AS e SET name_key = ''
         WHERE e.id = %(exercise_id)s AND e.is_global AND e.name_key = %(key)s AND e.name <> %(name)s;
        UPDATE exercises AS e SET name = %(name)s, name_key = %(key)s, muscle = %(muscle_id)s
         WHERE e.id = %(exercise_id)s AND e.is_global
        """,
        {"exercise_id": exercise_id, "name": name, "key": key, "muscle_id": muscle_id},
    )


def archive_global_exercise(cursor: Cursor, *, exercise_id: int, at: datetime | None) -> None:
    """Take everybody's exercise out of all lists, or bring it back (no moment)."""
    cursor.execute(
        "UPDATE exercises AS e SET deleted_at = %(at)s WHERE e.id = %(exercise_id)s AND e.is_global",
        {"exercise_id": exercise_id, "at": at},
    )


def delete_global_exercise(cursor: Cursor, *, exercise_id: int) -> None:
    """Delete everybody's exercise; foreign keys refuse one that is trained or noted. That it is hidden is no use."""
    cursor.execute(
        """
        DELETE FROM user_hidden_exercises AS h WHERE h.exercise_id = %(exercise_id)s;
        DELETE FROM exercises AS e WHERE e.id = %(exercise_id)s AND e.is_global
        """,
        {"exercise_id": exercise_id},
    )
