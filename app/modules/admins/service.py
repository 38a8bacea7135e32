"""Signing in, and changing things under somebody's eyes."""

import math
from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from app.modules.admins import queries
from app.modules.admins.model import (
    Account,
    Admin,
    By,
    Change,
    Device,
    Entries,
    Entry,
    Guess,
    PasswordSet,
    Renewal,
    Target,
)
from app.modules.admins.rules import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    fits,
    hashed,
    nobody,
    session_end,
    targets,
    targets_inside,
    tries,
    wait_until,
    weak,
)
from app.modules.errors import BadName, Stale, TooManyGuesses, Unauthorized, WrongPassword
from app.modules.postgres import Cursor, one_statement
from app.modules.versions import as_json
from app.utils.names import LONGEST, key

__all__ = ["LONGEST_PASSWORD", "SHORTEST_PASSWORD", "fits", "hashed", "nobody", "weak"]  # rules that both doors need

P = ParamSpec("P")
T = TypeVar("T")


@one_statement
def account(cursor: Cursor, *, name: str) -> Account:
    """Find what a password is checked against; of an unknown name something that looks the same."""
    row = queries.account(cursor, name_key=key(name))
    return Account(*row) if row else Account(None, nobody())


def begin_guess(cursor: Cursor, *, name: str, address: str, device: Device | None, at: datetime) -> Guess:
    """Count a try to sign in, and find what the password is checked against; TooManyGuesses before its time."""
    found = account(cursor, name=name)
    known = device if device is not None and device.admin_id == found.admin_id else None
    return _counted(cursor, found, targets(name_key=key(name), address=address, device=known), at)


def begin_guess_inside(cursor: Cursor, *, admin: Admin, at: datetime) -> Guess:
    """The same for an admin who is signed in, and says the present password once more."""
    present = Account(admin.id, queries.password_hash(cursor, admin_id=admin.id) or nobody())
    return _counted(cursor, present, targets_inside(str(admin.session_id)), at)


def _counted(cursor: Cursor, found: Account, by: tuple[Target, ...], at: datetime) -> Guess:
    so_far = queries.guesses(cursor, keys=[target.key for target in by])
    waits = [so_far[target.key][2] for target in by if target.key in so_far]
    longest = max(waits, default=at)
    if longest > at:
        raise TooManyGuesses(retry_after=math.ceil((longest - at).total_seconds()))
    counts = []
    for target in by:
        before, last_at, _ = so_far.get(target.key, (0, at, at))
        counts.append(tries(before, last_at=last_at, at=at))
    queries.count_guesses(
        cursor,
        keys=[target.key for target in by],
        tries=counts,
        waits=[wait_until(target, count, at=at) for target, count in zip(by, counts, strict=True)],
        at=at,
    )
    return Guess(found, by)


def sign_in(cursor: Cursor, *, guess: Guess, session_id: UUID, refresh_hash: bytes, at: datetime) -> int:
    """Open a session for an admin whose password was right; return the admin's number."""
    admin_id = guess.account.admin_id
    if admin_id is None:
        raise WrongPassword
    end = session_end(started_at=at, at=at)
    if not queries.start_session(
        cursor,
        session_id=session_id,
        admin_id=admin_id,
        password_hash=guess.account.password_hash,
        refresh_hash=refresh_hash,
        at=at,
        expires_at=end,
    ):
        raise WrongPassword  # disabled a moment ago, or the password is another by now
    queries.forget_sessions(cursor, admin_id=admin_id, at=at)
    _forgive(cursor, guess, at)
    return admin_id


def _forgive(cursor: Cursor, guess: Guess, at: datetime) -> None:
    queries.forgive(
        cursor,
        whole=[target.key for target in guess.targets if target.is_forgiven],
        one=[target.key for target in guess.targets if not target.is_forgiven],
        at=at,
    )


def renew(cursor: Cursor, *, session_id: UUID, refresh_hash: bytes, next_hash: bytes, at: datetime) -> Renewal:
    """Take a refresh token for the next one.

    One that was renewed before was stolen, by whoever comes first or second: the whole session ends. No error is raised
    for it, that would take the ending back. Run twice by the database, the second time finds the next token there.
    """
    row = queries.lock_session(cursor, session_id=session_id)
    if row is None:
        return Renewal(None)
    admin_id, kept_hash, started_at, expires_at, is_open = row
    if not is_open or expires_at <= at:
        return Renewal(None)
    if bytes(kept_hash) == next_hash:
        return Renewal(admin_id)
    if bytes(kept_hash) != refresh_hash:
        queries.end_session(cursor, session_id=session_id, at=at)
        return Renewal(None, is_reused=True)
    end = session_end(started_at=started_at, at=at)
    queries.renew_session(cursor, session_id=session_id, refresh_hash=next_hash, expires_at=end)
    return Renewal(admin_id)


@one_statement
def sign_out(cursor: Cursor, *, session_id: UUID, at: datetime) -> None:
    """End a session: its tokens count no more from the next request on."""
    queries.end_session(cursor, session_id=session_id, at=at)


@one_statement
def sign_out_everywhere(cursor: Cursor, *, admin_id: int, at: datetime) -> None:
    """End all sessions of an admin."""
    queries.end_sessions(cursor, admin_id=admin_id, at=at)


def change_password(
    cursor: Cursor, *, guess: Guess, session_id: UUID, password_hash: str, at: datetime
) -> Change[None]:
    """Give an admin another password, whose present one was right; every other session of theirs ends."""
    admin_id = guess.account.admin_id or 0
    changed_it = queries.change_password(
        cursor, admin_id=admin_id, former_hash=guess.account.password_hash, password_hash=password_hash
    )
    if not changed_it:
        raise Stale
    queries.end_sessions(cursor, admin_id=admin_id, at=at, but=session_id)
    _forgive(cursor, guess, at)
    return Change("password", "admin", admin_id, None, after=PasswordSet(sessions_ended=True))


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


@one_statement
def entries(
    cursor: Cursor,
    *,
    after: int | None,
    limit: int,
    admin_id: int | None,
    kind: str | None,
    thing_id: str | None,
    action: str | None,
) -> Entries:
    """Find one page of the audit, newest first."""
    rows = queries.entries(
        cursor,
        before_id=2**63 - 1 if after is None else after,
        limit=limit + 1,
        admin_id=admin_id,
        kind=kind,
        thing_id=thing_id,
        action=action,
    )
    found = tuple(Entry(*row) for row in rows[:limit])
    return Entries(found, (found[-1].id,) if len(rows) > limit else None)
