"""What a password may be, and how it is kept."""

import secrets
import unicodedata
from enum import StrEnum
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256


class Weak(StrEnum):
    """Why a password is none, by the key of the text that says so."""

    SHORT = "admin-password-short"
    LONG = "admin-password-long"
    LIKE_THE_NAME = "admin-password-like-name"
    SAME_LETTERS = "admin-password-same-letters"


def weak(password: str, *, name: str) -> Weak | None:
    """Say what is wrong with a new password."""
    if len(password) < SHORTEST_PASSWORD:
        return Weak.SHORT
    if len(password) > LONGEST_PASSWORD:
        return Weak.LONG
    if name.casefold() in password.casefold() and len(password) < len(name) + SHORTEST_PASSWORD:
        return Weak.LIKE_THE_NAME
    return Weak.SAME_LETTERS if len(set(password)) < 5 else None


def hashed(password: str) -> str:
    """Make what is kept of a password: argon2id, some 50 ms and 64 MiB of work."""
    return _hasher().hash(_plain(password))


def fits(password: str, password_hash: str) -> bool:
    """Say whether it is the password; a hash that cannot be read fits none."""
    try:
        return _hasher().verify(_plain(password), password_hash)
    except (PwdlibError, UnicodeEncodeError):  # half a surrogate pair has no bytes
        return False


@cache
def nobody() -> str:
    """Return a hash that no password fits, so that an unknown name costs as much work as a known one."""
    return _hasher().hash(secrets.token_hex(LONGEST_PASSWORD))


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


def _plain(password: str) -> str:
    """Two keyboards write the same letter differently."""
    return unicodedata.normalize("NFKC", password)
