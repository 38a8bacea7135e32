"""What a route may ask for: the house, who calls, what they have seen."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, OAuth2PasswordBearer

from admin_panel.backend import tokens
from admin_panel.backend.fields import FilterPerson, LeftOut
from admin_panel.backend.paging import Cursors
from app.modules.admins import service as admins
from app.modules.admins.model import Admin, By, Change
from app.modules.errors import GymError, Stranger, Unauthorized
from app.modules.logging import note
from app.modules.people import service as people
from app.modules.postgres import Cursor, Database
from app.settings import ApiSettings

P = ParamSpec("P")
T = TypeVar("T")

MOST_ADMINS = 2**31 - 1  # what the column holds


@dataclass(frozen=True)
class House:
    """Everything that the API's process is made of."""

    settings: ApiSettings
    db: Database
    cursors: Cursors
    turns: asyncio.Semaphore  # at hashing passwords


async def house(request: Request) -> House:
    """Find the house."""
    found: House = request.app.state.house
    return found


async def now() -> datetime:
    """Say what time it is; one moment a request."""
    return datetime.now(UTC)


TheHouse = Annotated[House, Depends(house)]
Now = Annotated[datetime, Depends(now)]

_admin_token = OAuth2PasswordBearer(
    tokenUrl="/api/v1/auth/login",
    scheme_name="Admin",
    description="Sign in with an admin's name and password; leave client_id and client_secret empty.",
    auto_error=False,
)


@dataclass(frozen=True)
class Caller:
    """An admin who was let in with this request; what they do is done through here."""

    admin: Admin
    by: By
    db: Database

    async def is_still_in(self) -> None:
        """Look at the session once more, in the middle of an answer that takes long; Unauthorized when it is over."""
        await self.db.run(
            admins.admitted, session_id=self.admin.session_id, admin_id=self.admin.id, at=datetime.now(UTC)
        )

    async def read(self, work: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a use case that changes nothing."""
        return await self.db.run(work, *args, **kwargs)

    async def change(self, work: Callable[Concatenate[Cursor, P], Change[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a use case that changes something, and its row of the audit with it."""
        return await self.db.run(admins.changed, work, self.by, *args, **kwargs)

    async def read_long(self, work: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a use case that changes nothing, and may take minutes."""
        return await self.db.run_long(work, *args, **kwargs)

    async def change_long(
        self, work: Callable[Concatenate[Cursor, P], Change[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Carry out a use case that changes something, and its row of the audit with it; it may take minutes."""
        return await self.db.run_long(admins.changed, work, self.by, *args, **kwargs)


async def caller(
    request: Request, token: Annotated[str | None, Depends(_admin_token)], it: TheHouse, at: Now
) -> Caller:
    """Let an admin in, whose session is looked at for every request."""
    claims = tokens.read(token or "", it.settings.jwt_secrets, audience=tokens.ADMIN, at=at, life=tokens.ACCESS_LIFE)
    if claims.sid is None or claims.sub > MOST_ADMINS:
        raise Unauthorized
    admin = await it.db.run(admins.admitted, session_id=claims.sid, admin_id=claims.sub, at=at)
    note(admin_id=admin.id)
    return Caller(admin, By(admin.id, admin.session_id, request.state.request_id, at), it.db)


TheAdmin = Annotated[Caller, Depends(caller)]


_user_token = HTTPBearer(
    scheme_name="User",
    description="For a person of the bot: the token of POST /auth/telegram. An admin leaves it empty.",
    auto_error=False,
)
UserId = Annotated[
    FilterPerson,
    Query(description="Whose, when an admin asks; a person needs none.", examples=[1001]),
]


class UserIdMissing(GymError):
    """An admin who does not say whose, and is nobody of the bot."""

    code = "user_id_missing"
    status = 404
    text = "api-user-id-missing"

    def __init__(self) -> None:
        super().__init__("no user_id")


async def own_id(
    request: Request,
    user_token: Annotated[HTTPAuthorizationCredentials | None, Depends(_user_token)],
    admin_token: Annotated[str | None, Depends(_admin_token)],
    it: TheHouse,
    at: Now,
) -> int | None:
    """Let a person in by a user token, and say who; or an admin by theirs (None). Nobody else comes further."""
    token = user_token.credentials if user_token else ""
    try:
        claims = tokens.read(token, it.settings.jwt_secrets, audience=tokens.USER, at=at, life=tokens.ACCESS_LIFE)
    except Unauthorized:
        await caller(request, admin_token, it, at)
        return None
    try:
        await it.db.run(people.profile, user_id=claims.sub)
    except Stranger:  # they have erased themselves
        raise Unauthorized from None
    note(user_id=claims.sub)
    return claims.sub


async def person(who: Annotated[int | None, Depends(own_id)], user_id: UserId = None) -> int:
    """Say whose things are asked for; another's number is answered like one that nobody has."""
    if who is None and user_id is None:
        raise UserIdMissing
    if who is not None and user_id not in (None, who):
        raise Stranger
    return who or user_id or 0


ThePerson = Annotated[int, Depends(person)]


Anyone = Depends(own_id)  # whoever has a token that counts


class VersionMissing(GymError):
    """A change without the version that it is based on."""

    code = "version_missing"
    status = 428
    text = "api-version-missing"

    def __init__(self) -> None:
        super().__init__("no If-Match")


async def seen(
    admin: TheAdmin,  # whoever is not let in is told that, and not what else is missing
    if_match: Annotated[
        str | LeftOut,
        Header(
            alias="If-Match",
            description="The `version` that you looked at: it stands in the thing itself, in lists too, and in the "
            "`ETag` of its answer. 428 without, 412 when it is stale.",
            max_length=1000,
            examples=['"5f2b9c0e7d1a4c36"'],
        ),
    ] = None,
) -> frozenset[str]:
    """Read If-Match; `*` is refused like none, for it names nothing that was seen."""
    if if_match is None or if_match.strip() in ("", "*"):
        raise VersionMissing
    tags = re.findall(r'(W/)?"([^"]*)"', if_match)
    return frozenset(tag for weak, tag in tags if not weak) if tags else frozenset({if_match.strip()})


Seen = Annotated[frozenset[str], Depends(seen)]


_ETAG = {"ETag": {"description": "Its version, for If-Match.", "schema": {"type": "string", "examples": ['"5f2b…"']}}}
_LOCATION = {"Location": {"description": "Its address.", "schema": {"type": "string"}}}
SHOWN: dict[int | str, dict[str, Any]] = {200: {"description": "The thing as it is now.", "headers": _ETAG}}
MADE: dict[int | str, dict[str, Any]] = {201: {"description": "The new thing.", "headers": _ETAG | _LOCATION}}
GONE: dict[int | str, dict[str, Any]] = {204: {"description": "It is deleted."}}


def etag(version: str) -> dict[str, Any]:
    """Make the header that names a version."""
    return {"ETag": f'"{version}"'}
