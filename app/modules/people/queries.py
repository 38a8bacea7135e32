"""SQL of people."""

from decimal import Decimal
from typing import Any

from app.modules.people.model import Act, PeopleOrder, Person
from app.modules.postgres import Cursor


def meet(cursor: Cursor, *, person: Person, bot_id: int = 0, update_id: int = 0) -> tuple[bool, bool]:
    """Register somebody, or note that they are here again under the name of today; say: are they new, are they gone.

    An update whose effect is stored registers nobody: by it they erased themselves, when they are not there.
    """
    cursor.execute(
        """
        WITH seen AS MATERIALIZED (
            SELECT update_was_seen(%(bot_id)s, %(update_id)s) AS it
        ), met AS (
            INSERT INTO users (id, first_name, lastname, username)
            SELECT %(id)s::bigint, %(first_name)s::text, %(last_name)s::text, %(username)s::text
              FROM seen
             WHERE NOT seen.it
            ON CONFLICT (id) DO UPDATE
               SET first_name = excluded.first_name,
                   lastname = excluded.lastname,
                   username = excluded.username,
                   last_interaction = excluded.last_interaction
             WHERE users.last_interaction < now() - INTERVAL '1 minute'
                OR (users.first_name, users.lastname, users.username)
                   IS DISTINCT FROM (excluded.first_name, excluded.lastname, excluded.username)
            RETURNING (xmax = 0) AS is_new
        )
        SELECT coalesce((SELECT met.is_new FROM met), FALSE),
               seen.it AND NOT EXISTS (SELECT FROM users AS u WHERE u.id = %(id)s)
          FROM seen
        """,
        {
            "id": person.id,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "username": person.username,
            "bot_id": bot_id,
            "update_id": update_id,
        },
    )
    is_new, is_gone = cursor.fetchone() or (False, False)
    return is_new, is_gone


def set_bio(cursor: Cursor, *, user_id: int, bio: str | None) -> None:
    """Keep what somebody says of themselves in Telegram."""
    cursor.execute("UPDATE users SET bio = %(bio)s WHERE id = %(user_id)s", {"bio": bio, "user_id": user_id})


def settings(cursor: Cursor, *, user_id: int) -> tuple[Any, ...] | None:
    """Return what a person has settled; None when there is no such person."""
    cursor.execute(
        "SELECT timezone, unit, trim_scale(weight_step) FROM users WHERE id = %(user_id)s", {"user_id": user_id}
    )
    return cursor.fetchone()


def profile(cursor: Cursor, *, user_id: int) -> tuple[Any, ...] | None:
    """Return who a person is."""
    cursor.execute(
        """
        SELECT u.id, u.first_name, u.lastname, u.username, u.registration_date, u.last_interaction, u.timezone, u.unit
          FROM users AS u
         WHERE u.id = %(user_id)s
        """,
        {"user_id": user_id},
    )
    return cursor.fetchone()


def set_zone(cursor: Cursor, *, act: Act, zone: str) -> bool:
    """Settle a time zone; False when the database does not know it, or that update came before."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        WITH fresh AS MATERIALIZED (
            -- Not in the WHERE of the UPDATE: what waits for a row is asked again.
            SELECT fresh_update(%(bot_id)s, %(update_id)s) AS ok
              FROM pg_timezone_names AS known
             WHERE known.name = %(zone)s
        )
        UPDATE users AS u
           SET timezone = %(zone)s
          FROM fresh
         WHERE u.id = %(user_id)s AND fresh.ok
        RETURNING TRUE
        """,
        {"user_id": act.user_id, "bot_id": act.bot_id, "update_id": act.update_id, "zone": zone},
    )
    return cursor.fetchone() is not None


def set_unit(cursor: Cursor, *, act: Act, unit: str) -> None:
    """Settle kilos or pounds."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        WITH fresh AS MATERIALIZED (
            SELECT u.id, fresh_update(%(bot_id)s, %(update_id)s) AS ok FROM users AS u WHERE u.id = %(user_id)s
        )
        UPDATE users AS u SET unit = %(unit)s FROM fresh WHERE u.id = fresh.id AND fresh.ok
        """,
        {"user_id": act.user_id, "bot_id": act.bot_id, "update_id": act.update_id, "unit": unit},
    )


def set_step(cursor: Cursor, *, act: Act, step: Decimal | None) -> None:
    """Settle the step of the weight buttons; none: as the list has them."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(%(user_id)s);
        WITH fresh AS MATERIALIZED (
            SELECT u.id, fresh_update(%(bot_id)s, %(update_id)s) AS ok FROM users AS u WHERE u.id = %(user_id)s
        )
        UPDATE users AS u SET weight_step = %(step)s FROM fresh WHERE u.id = fresh.id AND fresh.ok
        """,
        {"user_id": act.user_id, "bot_id": act.bot_id, "update_id": act.update_id, "step": step},
    )


def belongings(cursor: Cursor, *, user_id: int) -> tuple[Any, ...]:
    """Count what would be erased with a person."""
    cursor.execute(
        """
        SELECT (SELECT count(*) FROM training AS t WHERE t.user_id = %(user_id)s),
               (SELECT count(*) FROM exercises AS e WHERE e.created_by = %(user_id)s AND e.deleted_at IS NULL),
               (SELECT count(*) FROM muscles AS m WHERE m.created_by = %(user_id)s AND m.deleted_at IS NULL),
               (SELECT count(*) FROM exercise_notes AS n WHERE n.user_id = %(user_id)s)
        """,
        {"user_id": user_id},
    )
    row = cursor.fetchone()
    return row or (0, 0, 0, 0)


def erase(cursor: Cursor, *, act: Act) -> bool:
    """Erase a person; False when it was done before."""
    cursor.execute(
        """
        SET LOCAL statement_timeout = '60s';
        SELECT erase_person(%(user_id)s, %(bot_id)s, %(update_id)s)
        """,
        {"user_id": act.user_id, "bot_id": act.bot_id, "update_id": act.update_id},
    )
    row = cursor.fetchone()
    return bool(row and row[0])


_EVERYBODY = """
        SELECT u.id, u.first_name, u.lastname, u.username, u.registration_date, u.last_interaction, u.timezone, u.unit
          FROM users AS u
         WHERE TRUE
"""
# Planned anew each time, with what is looked for: one letter fits half of all people, a name few of them.
_FOUND = """
        SET LOCAL max_parallel_workers_per_gather = 0;
        SELECT u.id, u.first_name, u.lastname, u.username, u.registration_date, u.last_interaction, u.timezone, u.unit
          FROM (SELECT f.id
                  FROM users AS f
                 WHERE search_key(coalesce(f.first_name, '') || ' ' || coalesce(f.lastname, '')) COLLATE "C"
                       BETWEEN search_key(%(search)s) AND search_key(%(search)s) || chr(1114111)
                 UNION
                SELECT f.id
                  FROM users AS f
                 WHERE search_key(f.lastname) COLLATE "C"
                       BETWEEN search_key(%(search)s) AND search_key(%(search)s) || chr(1114111)
                 UNION
                SELECT f.id
                  FROM users AS f
                 WHERE search_key(f.username) COLLATE "C"
                       BETWEEN search_key(ltrim(%(search)s, '@')) AND search_key(ltrim(%(search)s, '@')) || chr(1114111)
                 UNION
                SELECT f.id
                  FROM users AS f
                 WHERE f.id::text COLLATE "C" BETWEEN %(search)s::text AND %(search)s::text || chr(1114111)) AS found
          JOIN users AS u ON u.id = found.id
         WHERE TRUE
"""
_AFTER = {
    PeopleOrder.NEWEST: """
           AND (u.registration_date, u.id) < (%(moment)s::timestamptz, %(id)s)
         ORDER BY u.registration_date DESC, u.id DESC
         LIMIT %(limit)s
""",
    PeopleOrder.OLDEST: """
           AND (u.registration_date, u.id) > (%(moment)s::timestamptz, %(id)s)
         ORDER BY u.registration_date, u.id
         LIMIT %(limit)s
""",
}


def people(
    cursor: Cursor, *, order: PeopleOrder, place: tuple[str | int, ...], limit: int, search: str
) -> list[tuple[Any, ...]]:
    """Return one page of people, after a place in their order; those whose name or number begins so."""
    cursor.execute(
        (_FOUND if search else _EVERYBODY) + _AFTER[order],
        {"moment": place[0], "id": place[1], "limit": limit, "search": search},
    )
    return cursor.fetchall()
