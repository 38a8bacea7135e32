"""What a person of the bot sees of their own; an admin sees it with `?user_id=`."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from admin_panel.backend.deps import TheHouse, ThePerson
from admin_panel.backend.errors import answers
from admin_panel.backend.fields import HIGHEST_ID
from app.modules.catalog import service as catalog
from app.modules.errors import NotFound
from app.modules.people import service as people
from app.modules.training import service as training
from app.utils.units import Unit

router = APIRouter(prefix="/user", tags=["One person"], responses=answers(401, 404))


class ProfileOut(BaseModel):
    """A person."""

    id: int = Field(description="Telegram's number.", examples=[1001])
    first_name: str | None = Field(description="As Telegram told it; null: not yet.", examples=["Ann"])
    last_name: str | None = Field(description="null: they have none.", examples=[None])
    username: str | None = Field(description="Without its @; null: they have none.", examples=["ann_lifts"])
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


class SeenMuscleOut(BaseModel):
    """A muscle that a person sees."""

    id: int = Field(examples=[1])
    name: str = Field(examples=["Chest"])
    is_own: bool = Field(description="They have added it; nobody else sees it.", examples=[False])


@router.get("/muscles")
async def muscles(person_id: ThePerson, it: TheHouse) -> list[SeenMuscleOut]:
    """List the muscles that a person sees, in the bot's order: without those they hid, with their own."""
    found = await it.db.run(catalog.muscles, user_id=person_id)
    return [SeenMuscleOut(id=place.muscle.id, name=place.muscle.name, is_own=place.is_own) for place in found.places]


class SeenExerciseOut(BaseModel):
    """An exercise that a person sees."""

    id: int = Field(examples=[1])
    name: str = Field(examples=["Bench press"])
    days: int = Field(description="On how many days they have trained it.", examples=[12])
    last_at: datetime | None = Field(
        description="When they did so last; null: never.", examples=["2026-11-20T17:30:00Z"]
    )


@router.get("/exercises")
async def exercises(
    person_id: ThePerson,
    it: TheHouse,
    muscle_id: Annotated[
        int, Query(ge=1, le=HIGHEST_ID, description="Of which muscle.", openapi_examples={"Chest": {"value": 1}})
    ],
) -> list[SeenExerciseOut]:
    """List a muscle's exercises that a person sees, A to Z: without those they hid, with their own."""
    found = await it.db.run(training.muscle_list, user_id=person_id, muscle_id=muscle_id)
    if found is None:
        raise NotFound
    return [
        SeenExerciseOut(id=each.exercise.id, name=each.exercise.name, days=each.days, last_at=each.last_at)
        for each in found.exercises
    ]
