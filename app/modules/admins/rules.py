"""What a password may be, how it is kept, and how often one may guess at it."""

import hashlib
import ipaddress
import secrets
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from app.modules.admins.model import Device, Target

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
FORGOTTEN_AFTER = timedelta(hours=1)  # without a try
QUARTER_HOUR = 15 * 60
SESSION_LIFE = timedelta(days=14)  # since it was last renewed
LONGEST_SESSION = timedelta(days=90)


class Weak(StrEnum):
    """Why a password is none, by the key of the text that says so."""

    SHORT = "admin-password-short"
    LONG = "admin-password-long"
    LIKE_THE_NAME = "admin-password-like-name"
    SAME_LETTERS = "admin-password-same-letters"
    NO_TEXT = "admin-password-no-text"


def weak(password: str, *, name: str) -> Weak | None:
    """Say what is wrong with a new password."""
    if len(password) < SHORTEST_PASSWORD:
        return Weak.SHORT
    if len(password) > LONGEST_PASSWORD:
        return Weak.LONG
    if any("\ud800" <= letter <= "\udfff" for letter in password):  # bytes of a terminal that are no UTF-8
        return Weak.NO_TEXT
    if name.casefold() in password.casefold() and len(password) < len(name) + SHORTEST_PASSWORD:
        return Weak.LIKE_THE_NAME
    return Weak.SAME_LETTERS if len(set(password)) < 5 else None


def hashed(password: str) -> str:
    """Make what is kept of a password: argon2id, some 30 ms and 19 MiB of work."""
    return _hasher().hash(_plain(password))


def fits(password: str, password_hash: str) -> bool:
    """Say whether it is the password; a hash that cannot be read fits none."""
    try:
        return _hasher().verify(_plain(password), password_hash)
    except (PwdlibError, UnicodeEncodeError):  # half a surrogate pair has no bytes
        return False


def targets(*, name_key: str, address: str, device: Device | None) -> tuple[Target, ...]:
    """Say by what a try at a password is counted.

    A device that signed in as this admin before is counted by itself alone, so strangers never keep its owner out.
    Strangers are counted by name and address together, by address, and by name from anywhere: the last one waits a
    minute at most, for it hits the owner too who sits at a new device, while an army of guessers gets one try a minute.
    """
    if device is not None:
        return (_target("device", device.mark, free=10, longest=QUARTER_HOUR, is_forgiven=True),)
    network = _network(address)
    return (
        _target("pair", name_key, network, free=5, longest=QUARTER_HOUR, is_forgiven=True),
        _target("address", network, free=20, longest=QUARTER_HOUR, is_forgiven=False),
        _target("name", name_key, free=20, longest=60, is_forgiven=False),
    )


def _network(address: str) -> str:
    """Say where an address belongs: whoever has one of IPv6 has 2^64 of them. What is no address stays what it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False))


def targets_inside(session_id: str) -> tuple[Target, ...]:
    """Say by what a try is counted of who is signed in, and gives the present password for a new one."""
    return (_target("session", session_id, free=5, longest=QUARTER_HOUR, is_forgiven=True),)


def _target(*parts: str, free: int, longest: int, is_forgiven: bool) -> Target:
    return Target(hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).digest(), free, longest, is_forgiven)


def tries(before: int, *, last_at: datetime, at: datetime) -> int:
    """Count one more try."""
    return 1 if at - last_at > FORGOTTEN_AFTER else before + 1


def wait_until(target: Target, tried: int, *, at: datetime) -> datetime:
    """Say when the next try may come after so many."""
    beyond = tried - target.free
    return at if beyond < 0 else at + timedelta(seconds=min(2 ** min(beyond, 20), target.longest))


def session_end(*, started_at: datetime, at: datetime) -> datetime:
    """Say until when a session lasts that is renewed now."""
    return min(at + SESSION_LIFE, started_at + LONGEST_SESSION)


@cache
def nobody() -> str:
    """Return a hash that no password fits, so that an unknown name costs as much work as a known one."""
    return _hasher().hash(secrets.token_hex(LONGEST_PASSWORD))


@cache
def _hasher() -> PasswordHash:
    # What OWASP asks for; the library's default takes 64 MiB and four threads, much beside a bot on a small machine.
    return PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))


def _plain(password: str) -> str:
    """Two keyboards write the same letter differently."""
    return unicodedata.normalize("NFKC", password)
