"""Who looks after the gym, and what they change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Admin:
    """An admin who is signed in."""

    id: int
    name: str
    created_at: datetime
    session_id: UUID
    signed_in_at: datetime
    session_ends_at: datetime


@dataclass(frozen=True, slots=True)
class By:
    """Whose request changes something, and when: every row of the audit carries it."""

    admin_id: int
    session_id: UUID
    request_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """What a use case has changed, for the audit: the thing before and after, None where it was or is not there."""

    action: str
    kind: str
    thing_id: int | str
    result: T  # what the request is answered with
    before: object | None = None
    after: object | None = None
    person_id: int | None = None  # whose the thing is, so that its traces go when they erase themselves


@dataclass(frozen=True, slots=True)
class Account:
    """What is needed to check a password; of a name that nobody has, a hash that no password fits."""

    admin_id: int | None
    password_hash: str


@dataclass(frozen=True, slots=True)
class Device:
    """A device that signed in as this admin before, by the mark that it was given."""

    admin_id: int
    mark: str


@dataclass(frozen=True, slots=True)
class Target:
    """One of the things by which guesses are counted: so many are free, then each doubles the wait, up to a longest."""

    key: bytes
    free: int
    longest: int  # seconds
    is_forgiven: bool  # by the right password; else only the right try itself is taken back


@dataclass(frozen=True, slots=True)
class Guess:
    """A try that was counted before the password was looked at, so that a thousand at once are a thousand."""

    account: Account
    targets: tuple[Target, ...]


class Renewal(NamedTuple):
    """What became of a refresh token: whose it is, None when it does not count; and whether it was used before."""

    admin_id: int | None
    is_reused: bool = False


@dataclass(frozen=True, slots=True)
class PasswordSet:
    """That an admin took another password, for the audit; of the password nothing is said."""

    sessions_ended: bool


class Entry(NamedTuple):
    """One row of the audit."""

    id: int
    at: datetime
    admin_id: int | None
    admin_name: str | None
    request_id: str | None
    action: str
    kind: str
    thing_id: str
    person_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Entries:
    """One page of the audit, newest first, and the place where the next one begins; None when this is the last."""

    entries: tuple[Entry, ...]
    next_place: tuple[int] | None
