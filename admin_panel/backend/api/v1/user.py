"""What a person of the bot sees of their own; an admin sees it with `?user_id=`."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from admin_panel.backend.deps import TheHouse, ThePerson
from admin_panel.backend.errors import answers
from app.modules.people import service as people
from app.utils.units import Unit

router = APIRouter(prefix="/user", tags=["One person"], responses=answers(401, 404))


class ProfileOut(BaseModel):
    """A person."""

    id: int = Field(description="Telegram's number.", examples=[1001])
    first_name: str | None = Field(examples=["Ann"])
    last_name: str | None = Field(examples=[None])
    username: str | None = Field(examples=["ann_lifts"])
    registered_at: datetime
    last_seen_at: datetime
    timezone: str = Field(examples=["Europe/Berlin"])
    unit: Unit = Field(description="In which they see weights; this API says kilos.")


@router.get("/profile")
async def profile(person_id: ThePerson, it: TheHouse) -> ProfileOut:
    """Read who a person is."""
    found = await it.db.run(people.profile, user_id=person_id)
    return ProfileOut(
        id=found.id,
        first_name=found.first_name,
        last_name=found.last_name,
        username=found.username,
        registered_at=found.registered_at,
        last_seen_at=found.last_seen_at,
        timezone=found.zone or it.settings.default_timezone,
        unit=found.unit,
    )
