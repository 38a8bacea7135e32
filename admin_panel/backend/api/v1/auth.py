"""Signing in."""

import asyncio
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, Field

from admin_panel.backend import tokens
from admin_panel.backend.deps import Now, TheHouse
from admin_panel.backend.errors import answers
from app.modules.admins import service
from app.modules.errors import WrongPassword

router = APIRouter(prefix="/auth", tags=["Signing in"])


class Tokens(BaseModel):
    """What a signed-in admin carries."""

    access_token: str = Field(description="Send it as `Authorization: Bearer …`.", examples=["eyJhbGciOi…"])
    token_type: str = "bearer"  # noqa: S105 - the name of a scheme
    expires_in: int = Field(description="Seconds that the access token counts.", examples=[900])
    refresh_token: str = Field(description="Counts once, for the next pair of tokens.", examples=["f8uJ…"])


@router.post("/login", responses=answers(401, 429))
async def login(form: Annotated[OAuth2PasswordRequestForm, Depends()], it: TheHouse, at: Now) -> Tokens:
    """Sign in with a name and a password; the Authorize button of this page does it for you."""
    account = await it.db.run(service.account, name=form.username)
    is_right = await asyncio.to_thread(service.fits, form.password, account.password_hash)
    if account.admin_id is None or not is_right:
        raise WrongPassword
    session_id = uuid4()
    refresh_token = tokens.new_refresh(session_id)
    await it.db.run(
        service.start_session,
        session_id=session_id,
        admin_id=account.admin_id,
        refresh_hash=tokens.refresh_hash(refresh_token),
        at=at,
    )
    access_token = tokens.issue(
        it.settings.jwt_secret,
        audience=tokens.ADMIN,
        sub=str(account.admin_id),
        at=at,
        life=tokens.ACCESS_LIFE,
        sid=session_id,
    )
    return Tokens(
        access_token=access_token,
        expires_in=int(tokens.ACCESS_LIFE.total_seconds()),
        refresh_token=refresh_token,
    )
