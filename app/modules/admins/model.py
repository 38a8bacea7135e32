"""Who looks after the gym, and what they change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
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
