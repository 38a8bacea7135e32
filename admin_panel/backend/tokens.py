"""What callers carry: access tokens (JWT), refresh tokens, device marks, and Telegram's initData. Pure: time is given.

A token says which door it opens by its audience; one for users opens nothing for admins, nor the other way round.
"""

import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import jwt

from app.modules.errors import Unauthorized

ALGORITHM = "HS256"
HEADER = {"alg": ALGORITHM, "typ": "JWT"}
ISSUER = "gym-bot"
ADMIN = "gym-admin"
USER = "gym-user"
DEVICE = "gym-device"
ACCESS_LIFE = timedelta(minutes=15)
DEVICE_LIFE = timedelta(days=90)
CLOCK_SKEW = timedelta(seconds=30)  # between our computers, and Telegram's
INIT_DATA_LIFE = timedelta(hours=1)
REQUIRED = ["exp", "iat", "sub", "aud", "iss", "jti"]


@dataclass(frozen=True, slots=True)
class Claims:
    """What a good token says."""

    sub: int  # an admin's number, or a person's
    jti: str
    sid: UUID | None  # the session of an admin's token


def issue(secret: str, *, audience: str, sub: int, at: datetime, life: timedelta, sid: UUID | None = None) -> str:
    """Sign a token."""
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": audience,
        "sub": str(sub),
        "iat": int(at.timestamp()),
        "exp": int((at + life).timestamp()),
        "jti": secrets.token_hex(16),
    }
    if sid is not None:
        claims["sid"] = str(sid)
    return jwt.encode(claims, secret, algorithm=ALGORITHM, headers=HEADER)


def read(token: str, keys: tuple[str, ...], *, audience: str, at: datetime, life: timedelta) -> Claims:
    """Read a token that we signed for this audience and that counts now; anything else is Unauthorized.

    The header must be ours to the letter: no key that it names, and no other algorithm, is ever looked at.
    """
    try:
        if jwt.get_unverified_header(token) != HEADER:
            raise Unauthorized
        claims = _claims(token, keys, audience)
    except (jwt.PyJWTError, ValueError, OverflowError, RecursionError):
        raise Unauthorized from None
    iat, exp, sid = claims["iat"], claims["exp"], claims.get("sid")
    if type(iat) is not int or type(exp) is not int or not 0 < exp - iat <= life.total_seconds():
        raise Unauthorized
    if not iat - CLOCK_SKEW.total_seconds() <= at.timestamp() < exp:
        raise Unauthorized
    if not re.fullmatch(r"[1-9][0-9]{0,18}", claims["sub"]) or int(claims["sub"]) >= 2**63:
        raise Unauthorized
    try:
        return Claims(int(claims["sub"]), claims["jti"], None if sid is None else UUID(sid))
    except (ValueError, AttributeError, TypeError):
        raise Unauthorized from None


def _claims(token: str, keys: tuple[str, ...], audience: str) -> dict[str, Any]:
    """Read a token by the first of the keys that fits: while one is being changed there are two."""
    for key in keys:
        with contextlib.suppress(jwt.InvalidSignatureError):
            return jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=audience,
                issuer=ISSUER,
                # The clock is ours, and its bounds are narrower than the library's.
                options={"require": REQUIRED, "strict_aud": True, "verify_exp": False, "verify_iat": False},
            )
    raise Unauthorized


def new_refresh(session_id: UUID) -> str:
    """Make a refresh token: its session, and 32 random bytes."""
    return base64.urlsafe_b64encode(session_id.bytes + secrets.token_bytes(32)).decode()


def session_of(refresh_token: str) -> UUID:
    """Say which session a refresh token belongs to."""
    try:
        return UUID(bytes=base64.b64decode(refresh_token.encode("ascii"), altchars=b"-_", validate=True)[:16])
    except (ValueError, binascii.Error):
        raise Unauthorized from None


def refresh_hash(refresh_token: str) -> bytes:
    """Make what is kept of a refresh token; it is random, so a fast hash will do."""
    return hashlib.sha256(refresh_token.encode()).digest()


def person_of(init_data: str, bot_token: str, *, at: datetime) -> int:
    """Say whom Telegram introduces by a Mini App's initData; Unauthorized when it is not Telegram's, or old."""
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=50, errors="strict")
        fields = dict(pairs)
        given = fields.pop("hash")
        lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
        key = hmac.digest(b"WebAppData", bot_token.encode(), "sha256")
        wanted = hmac.new(key, lines.encode(), "sha256").hexdigest()
        is_good = hmac.compare_digest(given.encode(), wanted.encode()) and len(fields) == len(pairs) - 1
        if not is_good or not re.fullmatch(r"[0-9]{1,12}", fields["auth_date"]):
            raise Unauthorized
        age = at.timestamp() - int(fields["auth_date"])
        if not -CLOCK_SKEW.total_seconds() <= age <= INIT_DATA_LIFE.total_seconds():
            raise Unauthorized
        person_id = json.loads(fields["user"])["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unauthorized from None
    if type(person_id) is not int or not 0 < person_id < 2**63:
        raise Unauthorized
    return person_id
