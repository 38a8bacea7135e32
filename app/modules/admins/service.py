"""Signing in, and changing things under somebody's eyes."""

from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from app.modules.admins import queries
from app.modules.admins.model import Account, Admin, By, Change
from app.modules.admins.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, fits, hashed, nobody, weak
from app.modules.errors import BadName, Unauthorized
from app.modules.postgres import Cursor, one_statement
from app.modules.versions import as_json
from app.utils.names import LONGEST, key

__all__ = ["LONGEST_PASSWORD", "SHORTEST_PASSWORD", "fits", "hashed", "nobody", "weak"]  # rules that both doors need

P = ParamSpec("P")
T = TypeVar("T")

SESSION_LIFE = timedelta(days=14)


@one_statement
def account(cursor: Cursor, *, name: str) -> Account:
    """Find what a password is checked against; for an unknown name something that looks the same."""
    row = queries.account(cursor, name_key=key(name))
    return Account(*row) if row else Account(None, nobody())


@one_statement
def start_session(cursor: Cursor, *, session_id: UUID, admin_id: int, refresh_hash: bytes, at: datetime) -> None:
    """Sign an admin in whose password was checked."""
    started = queries.start_session(
        cursor,
        session_id=session_id,
        admin_id=admin_id,
        refresh_hash=refresh_hash,
        at=at,
        expires_at=at + SESSION_LIFE,
    )
    if not started:
        raise Unauthorized


@one_statement
def admitted(cursor: Cursor, *, session_id: UUID, admin_id: int, at: datetime) -> Admin:
    """Find who acts by a token; refused from the moment the session ended or the admin was disabled."""
    row = queries.admitted(cursor, session_id=session_id, admin_id=admin_id, at=at)
    if row is None:
        raise Unauthorized
    id_, name, created_at, started_at, expires_at = row
    return Admin(id_, name, created_at, session_id, started_at, expires_at)


def changed(
    cursor: Cursor, work: Callable[Concatenate[Cursor, P], Change[T]], by: By, /, *args: P.args, **kwargs: P.kwargs
) -> T:
    """Carry out another room's use case for an admin, and write what it changed into the audit, both or nothing."""
    change = work(cursor, *args, **kwargs)
    if change.before == change.after:
        return change.result
    noted = queries.note(
        cursor,
        by=by,
        action=change.action,
        kind=change.kind,
        thing_id=str(change.thing_id),
        person_id=change.person_id,
        before=_json(change.before),
        after=_json(change.after),
    )
    if not noted:
        raise Unauthorized
    return change.result


def _json(thing: object | None) -> str | None:
    return as_json(thing) if is_dataclass(thing) and not isinstance(thing, type) else None


def set_password(cursor: Cursor, *, name: str, password_hash: str, at: datetime) -> bool:
    """Make an admin, or give one another password, from the command line; True when it is a new one."""
    kept = " ".join(name.split())
    if not kept or len(kept) > LONGEST or not kept.isprintable():
        raise BadName("api-bad-admin-name", limit=LONGEST)
    admin_id, is_new = queries.set_password(cursor, name=kept, name_key=key(kept), password_hash=password_hash, at=at)
    queries.end_sessions(cursor, admin_id=admin_id, at=at)
    queries.note_of_operator(cursor, action="create" if is_new else "password", admin_id=admin_id, at=at)
    return is_new


def disable(cursor: Cursor, *, name: str, at: datetime) -> bool:
    """Let an admin in no more, from the next request on; False when there is no such admin."""
    admin_id = queries.disable(cursor, name_key=key(name), at=at)
    if admin_id is None:
        return False
    queries.end_sessions(cursor, admin_id=admin_id, at=at)
    queries.note_of_operator(cursor, action="disable", admin_id=admin_id, at=at)
    return True


@one_statement
def is_anybody_there(cursor: Cursor) -> bool:
    """Say whether there is an admin at all."""
    return queries.is_anybody_there(cursor)
