"""Signing in and out: admins by password, people of the bot by Telegram."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from admin_panel.backend import tokens
from admin_panel.backend.deps import House, Now, TheAdmin, TheHouse
from admin_panel.backend.errors import answers
from app.modules import metrics
from app.modules.admins import service
from app.modules.admins.model import Device, Guess
from app.modules.errors import (
    BadPassword,
    GymError,
    NotFound,
    Stranger,
    TooManyGuesses,
    Unauthorized,
    Unavailable,
    WrongPassword,
)
from app.modules.people import service as people
from app.utils.names import LONGEST

log = logging.getLogger(__name__)

router = APIRouter(prefix="/auth", tags=["Signing in"])

DEVICE_COOKIE = "gym_device"
TURN_SECONDS = 5.0

Password = Annotated[
    str,
    Field(
        min_length=1,
        max_length=service.LONGEST_PASSWORD,
        json_schema_extra={"format": "password"},
        examples=["correct horse battery"],
    ),
]


class SignIn(BaseModel):
    """OAuth2's password form, as the Authorize button sends it; what else OAuth2 knows is not looked at."""

    grant_type: Literal["password"] = "password"  # noqa: S105 - the name of a way to sign in
    username: str = Field(min_length=1, max_length=LONGEST, pattern=r"^[^\x00]*$", examples=["ann"])
    password: Password


class Tokens(BaseModel):
    """What a signed-in admin carries."""

    access_token: str = Field(description="Send it as `Authorization: Bearer …`.", examples=["eyJhbGciOi…"])
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of a scheme
    expires_in: int = Field(description="Seconds that the access token counts.", examples=[900])
    refresh_token: str = Field(description="Counts once, for the next pair of tokens.", examples=["f8uJ…"])


class UserToken(BaseModel):
    """What a person of the bot carries."""

    access_token: str = Field(description="Send it as `Authorization: Bearer …`.", examples=["eyJhbGciOi…"])
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of a scheme
    expires_in: int = Field(description="Seconds that it counts.", examples=[900])


class Refresh(BaseModel):
    """A refresh token to be renewed."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: str = Field(min_length=1, max_length=200, examples=["f8uJ…"])


class NewPassword(BaseModel):
    """The present password, and the one to come."""

    model_config = ConfigDict(extra="forbid")

    current_password: Password
    new_password: Annotated[
        Password,
        Field(
            description=f"{service.SHORTEST_PASSWORD} characters or more, not little more than the name.",
            examples=["a staple for every horse"],
        ),
    ]


class InitData(BaseModel):
    """What a Mini App finds in `Telegram.WebApp.initData`."""

    model_config = ConfigDict(extra="forbid")

    init_data: str = Field(min_length=1, max_length=8192, examples=["query_id=…&user=…&auth_date=…&hash=…"])


class Me(BaseModel):
    """The admin who is signed in."""

    id: int = Field(examples=[1])
    name: str = Field(examples=["ann"])
    created_at: datetime
    signed_in_at: datetime
    session_ends_at: datetime = Field(description="Unless it is renewed before.")


class TelegramOff(NotFound):
    """No bot token, so nobody can be told by Telegram."""

    code = "telegram_off"
    text = "api-telegram-off"


class WrongPresentPassword(GymError):
    """Who is signed in gave a wrong password; their session stays."""

    code = "wrong_password"
    status = 409
    text = "api-wrong-present-password"

    def __init__(self) -> None:
        super().__init__("wrong present password")


@router.post("/login", responses=answers(WrongPassword(), 429))
async def login(
    form: Annotated[SignIn, Form()],
    request: Request,
    response: Response,
    it: TheHouse,
    at: Now,
) -> Tokens:
    """Sign in with a name and a password; the Authorize button of this page does it for you.

    After some wrong passwords each try waits longer: 429 says how long. A device that has signed in before (it holds a
    cookie) is counted apart, so that strangers who guess keep nobody out.
    """
    device = _device(request, it, at)
    try:
        guess = await it.db.run(
            service.begin_guess, name=form.username, address=request.state.address, device=device, at=at
        )
    except TooManyGuesses:
        metrics.SIGN_INS.labels("throttled").inc()
        raise
    if not await _is_right(it, guess, form.password):
        metrics.SIGN_INS.labels("wrong").inc()
        log.warning("sign_in_refused", extra={"address": request.state.address})
        raise WrongPassword
    session_id = uuid4()
    refresh_token = tokens.new_refresh(session_id)
    admin_id = await it.db.run(
        service.sign_in, guess=guess, session_id=session_id, refresh_hash=tokens.refresh_hash(refresh_token), at=at
    )
    metrics.SIGN_INS.labels("done").inc()
    log.info("signed_in", extra={"admin_id": admin_id, "address": request.state.address})
    response.set_cookie(
        DEVICE_COOKIE,
        tokens.issue(it.settings.jwt_secret, audience=tokens.DEVICE, sub=admin_id, at=at, life=tokens.DEVICE_LIFE),
        max_age=int(tokens.DEVICE_LIFE.total_seconds()),
        path="/api/v1/auth",
        secure=request.headers.get("x-forwarded-proto") == "https",
        httponly=True,
        samesite="strict",
    )
    return _pair(it, admin_id, session_id, refresh_token, at)


@router.post("/refresh", responses=answers(401))
async def refresh(present: Refresh, request: Request, it: TheHouse, at: Now) -> Tokens:
    """Take a refresh token for a new pair. It counts once: when it comes again, its whole session ends."""
    session_id = tokens.session_of(present.refresh_token)
    refresh_token = tokens.new_refresh(session_id)
    renewal = await it.db.run(
        service.renew,
        session_id=session_id,
        refresh_hash=tokens.refresh_hash(present.refresh_token),
        next_hash=tokens.refresh_hash(refresh_token),
        at=at,
    )
    if renewal.is_reused:
        log.warning("refresh_token_reused", extra={"address": request.state.address})
    if renewal.admin_id is None:
        raise Unauthorized
    return _pair(it, renewal.admin_id, session_id, refresh_token, at)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT, responses=answers(401))
async def logout(admin: TheAdmin, it: TheHouse, at: Now) -> None:
    """End this session; its tokens count no more."""
    await it.db.run(service.sign_out, session_id=admin.admin.session_id, at=at)


@router.post("/logout-everywhere", status_code=status.HTTP_204_NO_CONTENT, responses=answers(401))
async def logout_everywhere(admin: TheAdmin, it: TheHouse, at: Now) -> None:
    """End all your sessions, this one too."""
    await it.db.run(service.sign_out_everywhere, admin_id=admin.admin.id, at=at)


@router.get("/me", responses=answers(401))
async def me(admin: TheAdmin) -> Me:
    """Say who is signed in."""
    who = admin.admin
    return Me(
        id=who.id,
        name=who.name,
        created_at=who.created_at,
        signed_in_at=who.signed_in_at,
        session_ends_at=who.session_ends_at,
    )


@router.post(
    "/password", status_code=status.HTTP_204_NO_CONTENT, responses=answers(401, WrongPresentPassword(), 412, 429)
)
async def change_password(new: NewPassword, admin: TheAdmin, it: TheHouse, at: Now) -> None:
    """Take another password; your other sessions end. 409: the present one is wrong, or the new one too weak."""
    if (weak := service.weak(new.new_password, name=admin.admin.name)) is not None:
        raise BadPassword(weak, shortest=service.SHORTEST_PASSWORD, longest=service.LONGEST_PASSWORD)
    guess = await it.db.run(service.begin_guess_inside, admin=admin.admin, at=at)
    if not await _is_right(it, guess, new.current_password):
        raise WrongPresentPassword
    async with _turn(it):
        password_hash = await asyncio.to_thread(service.hashed, new.new_password)
    await admin.change(
        service.change_password,
        guess=guess,
        session_id=admin.admin.session_id,
        password_hash=password_hash,
        at=at,
    )


@router.post("/telegram", responses=answers(401, Stranger(), TelegramOff()))
async def telegram(given: InitData, it: TheHouse, at: Now) -> UserToken:
    """Take a Mini App's initData, at most an hour old, for a token that opens `/user/…` and nothing else.

    404: the bot does not know this person yet, or this service has no bot token.
    """
    if it.settings.telegram_bot_token is None:
        raise TelegramOff
    user_id = tokens.person_of(given.init_data, it.settings.telegram_bot_token, at=at)
    await it.db.run(people.profile, user_id=user_id)
    return UserToken(
        access_token=tokens.issue(
            it.settings.jwt_secret, audience=tokens.USER, sub=user_id, at=at, life=tokens.ACCESS_LIFE
        ),
        expires_in=int(tokens.ACCESS_LIFE.total_seconds()),
    )


def _pair(it: House, admin_id: int, session_id: UUID, refresh_token: str, at: datetime) -> Tokens:
    access_token = tokens.issue(
        it.settings.jwt_secret,
        audience=tokens.ADMIN,
        sub=admin_id,
        at=at,
        life=tokens.ACCESS_LIFE,
        sid=session_id,
    )
    life = int(tokens.ACCESS_LIFE.total_seconds())
    return Tokens(access_token=access_token, expires_in=life, refresh_token=refresh_token)


def _device(request: Request, it: House, at: datetime) -> Device | None:
    """Read the mark of a device that signed in before; one that is not ours marks nothing."""
    try:
        claims = tokens.read(
            request.cookies.get(DEVICE_COOKIE, ""),
            it.settings.jwt_secrets,
            audience=tokens.DEVICE,
            at=at,
            life=tokens.DEVICE_LIFE,
        )
    except Unauthorized:
        return None
    return Device(claims.sub, claims.jti)


async def _is_right(it: House, guess: Guess, password: str) -> bool:
    """Check a password; an unknown name costs the same work."""
    async with _turn(it):
        return await asyncio.to_thread(service.fits, password, guess.account.password_hash)


@asynccontextmanager
async def _turn(it: House) -> AsyncIterator[None]:
    """Wait for a turn at hashing: each takes 19 MiB and a whole core, so a flood of tries queues, and not for long."""
    try:
        async with asyncio.timeout(TURN_SECONDS):
            await it.turns.acquire()
    except TimeoutError:
        raise Unavailable("too many passwords are being checked") from None
    try:
        yield
    finally:
        it.turns.release()
