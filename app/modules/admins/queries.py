"""SQL of the admins. Who may act is said in the statement that acts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.modules.admins.model import By
from app.modules.postgres import Cursor


def account(cursor: Cursor, *, name_key: str) -> tuple[int, str] | None:
    """Return the number and the password's hash of an admin who may sign in."""
    cursor.execute(
        """
        SELECT a.id, a.password_hash
          FROM admins AS a
         WHERE a.name_key = %(name_key)s AND a.disabled_at IS NULL
        """,
        {"name_key": name_key},
    )
    return cursor.fetchone()


def start_session(
    cursor: Cursor,
    *,
    session_id: UUID,
    admin_id: int,
    password_hash: str,
    refresh_hash: bytes,
    at: datetime,
    expires_at: datetime,
) -> bool:
    """Open a session, twice is once; False when the admin was disabled, or took another password, meanwhile.

    FOR SHARE: whoever sets a password finds this session and ends it, or this one sees that the password is another.
    """
    cursor.execute(
        """
        INSERT INTO admin_sessions (id, admin_id, refresh_hash, started_at, expires_at)
        SELECT %(session_id)s::uuid, a.id, %(refresh_hash)s, %(at)s, %(expires_at)s
          FROM admins AS a
         WHERE a.id = %(admin_id)s AND a.password_hash = %(password_hash)s AND a.disabled_at IS NULL
           FOR SHARE
            ON CONFLICT (id) DO UPDATE SET id = excluded.id
        RETURNING TRUE
        """,
        {
            "session_id": str(session_id),
            "admin_id": admin_id,
            "password_hash": password_hash,
            "refresh_hash": refresh_hash,
            "at": at,
            "expires_at": expires_at,
        },
    )
    return cursor.fetchone() is not None


def guesses(cursor: Cursor, *, keys: list[bytes]) -> dict[bytes, tuple[int, datetime, datetime]]:
    """Return how often was tried lately; one look at a time, until this transaction ends, in every process."""
    cursor.execute(
        """
        SELECT pg_advisory_xact_lock(7406946002);
        SELECT g.target, g.tries, g.last_at, g.wait_until
          FROM admin_guesses AS g
         WHERE g.target = ANY (%(keys)s)
        """,
        {"keys": keys},
    )
    return {bytes(key): (tries, last_at, wait) for key, tries, last_at, wait in cursor.fetchall()}


def count_guesses(cursor: Cursor, *, keys: list[bytes], tries: list[int], waits: list[datetime], at: datetime) -> None:
    """Keep how often was tried, and forget what is a day old."""
    cursor.execute(
        """
        DELETE FROM admin_guesses AS g WHERE g.last_at < %(at)s::timestamptz - INTERVAL '1 day';
        INSERT INTO admin_guesses (target, tries, last_at, wait_until)
        SELECT new.target, new.tries, %(at)s, new.wait_until
          FROM unnest(%(keys)s::bytea[], %(tries)s::integer[], %(waits)s::timestamptz[])
               AS new (target, tries, wait_until)
            ON CONFLICT (target) DO UPDATE
               SET tries = excluded.tries, last_at = excluded.last_at, wait_until = excluded.wait_until
        """,
        {"keys": keys, "tries": tries, "waits": waits, "at": at},
    )


def forgive(cursor: Cursor, *, whole: list[bytes], one: list[bytes], at: datetime) -> None:
    """Take guesses back: all of some targets, one of others."""
    cursor.execute(
        """
        DELETE FROM admin_guesses AS g WHERE g.target = ANY (%(whole)s);
        UPDATE admin_guesses AS g
           SET tries = greatest(g.tries - 1, 0), wait_until = %(at)s
         WHERE g.target = ANY (%(one)s)
        """,
        {"whole": whole, "one": one, "at": at},
    )


def lock_session(cursor: Cursor, *, session_id: UUID) -> tuple[Any, ...] | None:
    """Return a session and whether it may go on; nobody else renews or ends it until this transaction ends."""
    cursor.execute(
        """
        SELECT s.admin_id, s.refresh_hash, s.started_at, s.expires_at, s.ended_at IS NULL AND a.disabled_at IS NULL
          FROM admin_sessions AS s
          JOIN admins AS a ON a.id = s.admin_id
         WHERE s.id = %(session_id)s::uuid
           FOR UPDATE OF s
        """,
        {"session_id": str(session_id)},
    )
    return cursor.fetchone()


def renew_session(cursor: Cursor, *, session_id: UUID, refresh_hash: bytes, expires_at: datetime) -> None:
    """Let a session count by another refresh token from now on."""
    cursor.execute(
        """
        UPDATE admin_sessions AS s
           SET refresh_hash = %(refresh_hash)s, expires_at = %(expires_at)s
         WHERE s.id = %(session_id)s::uuid
        """,
        {"session_id": str(session_id), "refresh_hash": refresh_hash, "expires_at": expires_at},
    )


def end_session(cursor: Cursor, *, session_id: UUID, at: datetime) -> None:
    """End one session."""
    cursor.execute(
        """
        UPDATE admin_sessions AS s
           SET ended_at = %(at)s
         WHERE s.id = %(session_id)s::uuid AND s.ended_at IS NULL
        """,
        {"session_id": str(session_id), "at": at},
    )


def forget_sessions(cursor: Cursor, *, admin_id: int, at: datetime) -> None:
    """Forget an admin's sessions that have been over for a month."""
    cursor.execute(
        """
        DELETE FROM admin_sessions AS s
         WHERE s.admin_id = %(admin_id)s AND least(s.ended_at, s.expires_at) < %(at)s::timestamptz - INTERVAL '30 days'
        """,
        {"admin_id": admin_id, "at": at},
    )


def password_hash(cursor: Cursor, *, admin_id: int) -> str | None:
    """Return what is kept of an admin's password."""
    cursor.execute("SELECT a.password_hash FROM admins AS a WHERE a.id = %(admin_id)s", {"admin_id": admin_id})
    row = cursor.fetchone()
    return row[0] if row else None


def change_password(cursor: Cursor, *, admin_id: int, former_hash: str, password_hash: str) -> bool:
    """Give an admin another password; False when it is no more the one that was checked."""
    cursor.execute(
        """
        UPDATE admins AS a
           SET password_hash = %(password_hash)s
         WHERE a.id = %(admin_id)s AND a.password_hash IN (%(former_hash)s, %(password_hash)s)
        RETURNING TRUE
        """,
        {"admin_id": admin_id, "former_hash": former_hash, "password_hash": password_hash},
    )
    return cursor.fetchone() is not None


def admitted(cursor: Cursor, *, session_id: UUID, admin_id: int, at: datetime) -> tuple[Any, ...] | None:
    """Return whose session it is, while it counts."""
    cursor.execute(
        """
        SELECT a.id, a.name, a.created_at, s.started_at, s.expires_at
          FROM admin_sessions AS s
          JOIN admins AS a ON a.id = s.admin_id
         WHERE s.id = %(session_id)s::uuid AND s.admin_id = %(admin_id)s
           AND s.ended_at IS NULL AND s.expires_at > %(at)s AND a.disabled_at IS NULL
        """,
        {"session_id": str(session_id), "admin_id": admin_id, "at": at},
    )
    return cursor.fetchone()


def note(
    cursor: Cursor,
    *,
    by: By,
    action: str,
    kind: str,
    thing_id: str,
    person_id: int | None,
    before: str | None,
    after: str | None,
) -> bool:
    """Write one row of the audit; False when the session was ended meanwhile, and then nothing may be changed.

    FOR SHARE: whoever ends the session waits for this change, or this change sees that it is ended. The admin is locked
    before the session, as by whoever disables one or sets a password.
    """
    cursor.execute(
        """
        INSERT INTO audit (at, admin_id, request_id, action, kind, thing_id, person_id, before, after)
        SELECT %(at)s, s.admin_id, %(request_id)s, %(action)s, %(kind)s, %(thing_id)s, %(person_id)s,
               %(before)s::jsonb, %(after)s::jsonb
          FROM admins AS a
          JOIN admin_sessions AS s ON s.admin_id = a.id
         WHERE s.id = %(session_id)s::uuid AND s.admin_id = %(admin_id)s
           AND s.ended_at IS NULL AND a.disabled_at IS NULL
           FOR SHARE
        RETURNING TRUE
        """,
        {
            "at": by.at,
            "admin_id": by.admin_id,
            "session_id": str(by.session_id),
            "request_id": by.request_id,
            "action": action,
            "kind": kind,
            "thing_id": thing_id,
            "person_id": person_id,
            "before": before,
            "after": after,
        },
    )
    return cursor.fetchone() is not None


def set_password(cursor: Cursor, *, name: str, name_key: str, password_hash: str, at: datetime) -> tuple[int, bool]:
    """Give an admin a password, making the account when there is none; return the number, and whether it is new."""
    cursor.execute(
        """
        INSERT INTO admins AS a (name, name_key, password_hash, created_at)
        VALUES (%(name)s, %(name_key)s, %(password_hash)s, %(at)s)
            ON CONFLICT (name_key) DO UPDATE
               SET password_hash = excluded.password_hash, disabled_at = NULL
        RETURNING a.id, xmax = 0
        """,
        {"name": name, "name_key": name_key, "password_hash": password_hash, "at": at},
    )
    admin_id, is_new = cursor.fetchone() or (0, False)
    return admin_id, is_new


def disable(cursor: Cursor, *, name_key: str, at: datetime) -> int | None:
    """Let an admin in no more; None when there is no such admin."""
    cursor.execute(
        """
        UPDATE admins AS a
           SET disabled_at = coalesce(a.disabled_at, %(at)s)
         WHERE a.name_key = %(name_key)s
        RETURNING a.id
        """,
        {"name_key": name_key, "at": at},
    )
    row = cursor.fetchone()
    return row[0] if row else None


def end_sessions(cursor: Cursor, *, admin_id: int, at: datetime, but: UUID | None = None) -> None:
    """End an admin's sessions, all but one perhaps."""
    cursor.execute(
        """
        UPDATE admin_sessions AS s
           SET ended_at = %(at)s
         WHERE s.admin_id = %(admin_id)s AND s.ended_at IS NULL
           AND s.id IS DISTINCT FROM %(but)s::uuid
        """,
        {"admin_id": admin_id, "at": at, "but": str(but) if but else None},
    )


def note_of_operator(cursor: Cursor, *, action: str, admin_id: int, at: datetime) -> None:
    """Write a row of the audit about an admin, for who sits at the command line."""
    cursor.execute(
        """
        INSERT INTO audit (at, action, kind, thing_id)
        VALUES (%(at)s, %(action)s, 'admin', %(admin_id)s::text)
        """,
        {"at": at, "action": action, "admin_id": admin_id},
    )


def is_anybody_there(cursor: Cursor) -> bool:
    """Say whether there is an admin at all."""
    cursor.execute("SELECT EXISTS (SELECT FROM admins)")
    row = cursor.fetchone()
    return bool(row and row[0])


def entries(
    cursor: Cursor,
    *,
    before_id: int,
    limit: int,
    admin_id: int | None,
    kind: str | None,
    thing_id: str | None,
    action: str | None,
) -> list[tuple[Any, ...]]:
    """Return one page of the audit, newest first, before a row of it."""
    cursor.execute(
        """
        SELECT e.id, e.at, e.admin_id, a.name, e.request_id, e.action, e.kind, e.thing_id, e.person_id,
               e.before, e.after
          FROM audit AS e
          LEFT JOIN admins AS a ON a.id = e.admin_id
         WHERE e.id < %(before_id)s
           AND (%(admin_id)s::integer IS NULL OR e.admin_id = %(admin_id)s)
           AND (%(kind)s::text IS NULL OR e.kind = %(kind)s)
           AND (%(thing_id)s::text IS NULL OR e.thing_id = %(thing_id)s)
           AND (%(action)s::text IS NULL OR e.action = %(action)s)
         ORDER BY e.id DESC
         LIMIT %(limit)s
        """,
        {
            "before_id": before_id,
            "limit": limit,
            "admin_id": admin_id,
            "kind": kind,
            "thing_id": thing_id,
            "action": action,
        },
    )
    return cursor.fetchall()
