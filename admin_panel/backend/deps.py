"""What a route may ask for: the house, who calls, what they have seen."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Header, Request
from fastapi.security import OAuth2PasswordBearer

from admin_panel.backend import tokens
from admin_panel.backend.paging import Cursors
from app.modules.admins import service as admins
from app.modules.admins.model import Admin, By, Change
from app.modules.errors import GymError, Unauthorized
from app.modules.logging import note
from app.modules.postgres import Cursor, Database
from app.settings import ApiSettings

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class House:
    """Everything that the API's process is made of."""

    settings: ApiSettings
    db: Database
    cursors: Cursors


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
    refreshUrl="/api/v1/auth/refresh",
    scheme_name="Admin",
    description="Sign in with an admin's name and password.",
    auto_error=False,
)


@dataclass(frozen=True)
class Caller:
    """An admin who was let in with this request; what they do is done through here."""

    admin: Admin
    by: By
    db: Database

    async def read(self, work: Callable[Concatenate[Cursor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a use case that changes nothing."""
        return await self.db.run(work, *args, **kwargs)

    async def change(self, work: Callable[Concatenate[Cursor, P], Change[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a use case that changes something, and its row of the audit with it."""
        return await self.db.run(admins.changed, work, self.by, *args, **kwargs)


async def caller(
    request: Request, token: Annotated[str | None, Depends(_admin_token)], it: TheHouse, at: Now
) -> Caller:
    """Let an admin in, whose session is looked at for every request."""
    claims = tokens.read(token or "", it.settings.jwt_secret, audience=tokens.ADMIN, at=at, life=tokens.ACCESS_LIFE)
    if claims.sid is None or not re.fullmatch(r"[1-9][0-9]{0,8}", claims.sub):
        raise Unauthorized
    admin = await it.db.run(admins.admitted, session_id=claims.sid, admin_id=int(claims.sub), at=at)
    note(admin_id=admin.id)
    return Caller(admin, By(admin.id, admin.session_id, request.state.request_id, at), it.db)


TheAdmin = Annotated[Caller, Depends(caller)]


class VersionMissing(GymError):
    """A change without the version that it is based on."""

    code = "version_missing"
    status = 428
    text = "api-version-missing"

    def __init__(self) -> None:
        super().__init__("no If-Match")


async def seen(
    if_match: Annotated[
        str | None,
        Header(
            description='The `version` that you looked at, as its ETag: `"5f2b…"`. 428 without, 412 when it is stale.',
            max_length=1000,
        ),
    ] = None,
) -> frozenset[str]:
    """Read If-Match; `*` is refused like none, for it names nothing that was seen."""
    if if_match is None or if_match.strip() in ("", "*"):
        raise VersionMissing
    return frozenset(re.findall(r'(?<!W/)"([^"]*)"', if_match)) or frozenset({if_match.strip()})


Seen = Annotated[frozenset[str], Depends(seen)]


def etag(version: str) -> dict[str, Any]:
    """Make the header that names a version."""
    return {"ETag": f'"{version}"'}
