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
    cursor: Cursor, *, session_id: UUID, admin_id: int, refresh_hash: bytes, at: datetime, expires_at: datetime
) -> bool:
    """Open a session; False when the admin was disabled meanwhile."""
    cursor.execute(
        """
        INSERT INTO admin_sessions (id, admin_id, refresh_hash, started_at, expires_at)
        SELECT %(session_id)s::uuid, a.id, %(refresh_hash)s, %(at)s, %(expires_at)s
          FROM admins AS a
         WHERE a.id = %(admin_id)s AND a.disabled_at IS NULL
            ON CONFLICT (id) DO UPDATE SET id = excluded.id
        RETURNING TRUE
        """,
        {
            "session_id": str(session_id),
            "admin_id": admin_id,
            "refresh_hash": refresh_hash,
            "at": at,
            "expires_at": expires_at,
        },
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

    FOR SHARE: whoever ends the session waits for this change, or this change sees that it is ended.
    """
    cursor.execute(
        """
        INSERT INTO audit (at, admin_id, request_id, action, kind, thing_id, person_id, before, after)
        SELECT %(at)s, s.admin_id, %(request_id)s, %(action)s, %(kind)s, %(thing_id)s, %(person_id)s,
               %(before)s::jsonb, %(after)s::jsonb
          FROM admin_sessions AS s
          JOIN admins AS a ON a.id = s.admin_id
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
