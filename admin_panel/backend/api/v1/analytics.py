"""Figures of everybody's training. Days are people's own; weights are kilos."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from admin_panel.backend.api.v1.users import VolumeOut, volumes
from admin_panel.backend.deps import Now, TheAdmin, TheHouse
from admin_panel.backend.errors import answers
from admin_panel.backend.fields import LeftOut
from admin_panel.backend.figures import TOO_LONG, From, Series, To, counted
from app.modules.errors import UnknownZone
from app.modules.insight import service
from app.modules.insight.model import Step

router = APIRouter(prefix="/analytics", tags=["Analytics"], responses=answers(401, TOO_LONG))


class ActiveOut(BaseModel):
    """How many people trained."""

    day: date = Field(description="The day, or the Monday of the week.")
    people: int = Field(examples=[7])


class UseOut(BaseModel):
    """How often an exercise was done."""

    exercise_id: int = Field(examples=[1])
    exercise: str = Field(examples=["Bench press"])
    muscle: str = Field(examples=["Chest"])
    sets: int = Field(examples=[120])
    sessions: int = Field(description="A person's days with it.", examples=[30])


class HourOut(BaseModel):
    """How many sets were recorded in an hour of the week."""

    weekday: int = Field(description="1 is Monday, 7 Sunday.", examples=[1])
    hour: int = Field(description="0 to 23.", examples=[18])
    sets: int = Field(examples=[12])


@router.get("/active-users")
async def active_users(
    admin: TheAdmin,
    at: Now,
    first: From = None,
    last: To = None,
    by: Annotated[Step, Query(description="A week counts everybody once, within the days asked for.")] = Step.DAY,
) -> Series[ActiveOut]:
    """Count the people who trained, by day or week: the last 30 days, or others. 409: more than 366."""
    of = service.period(first, last, at=at)
    await counted(admin, of=of, at=at)
    found = await admin.read(service.active, of=of, at=at, step=by)
    return Series(first=of.first, last=of.last, items=[ActiveOut(day=each.day, people=each.people) for each in found])


@router.get("/volume")
async def volume(admin: TheAdmin, at: Now, first: From = None, last: To = None) -> Series[VolumeOut]:
    """Sum up sets and tonnage by day: the last 30 days, or others. 409: more than 366."""
    of = service.period(first, last, at=at)
    await counted(admin, of=of, at=at)
    return Series(first=of.first, last=of.last, items=volumes(await admin.read(service.volume, of=of, at=at)))


@router.get("/exercises")
async def most_used_exercises(
    admin: TheAdmin,
    at: Now,
    first: From = None,
    last: To = None,
    limit: Annotated[int, Query(ge=1, le=50, description="How many at most.", examples=[10])] = 10,
) -> Series[UseOut]:
    """List the exercises that everybody has and that were done most in the last 30 days, or in others. 409: more than
    366."""
    of = service.period(first, last, at=at)
    await counted(admin, of=of, at=at)
    return Series(
        first=of.first,
        last=of.last,
        items=[
            UseOut(
                exercise_id=use.exercise_id,
                exercise=use.exercise,
                muscle=use.muscle,
                sets=use.sets,
                sessions=use.sessions,
            )
            for use in await admin.read(service.most_used, of=of, at=at, limit=limit)
        ],
    )


@router.get("/hours", responses=answers(UnknownZone()))
async def hours_of_the_week(
    admin: TheAdmin,
    it: TheHouse,
    at: Now,
    first: From = None,
    last: To = None,
    zone: Annotated[
        Annotated[str, Field(pattern="^[A-Za-z0-9_+/-]{1,64}$")] | LeftOut,
        Query(
            description="The time zone of the hours, as Europe/Berlin; left out: the operator's default. 404: unknown.",
            examples=["Europe/Berlin"],
        ),
    ] = None,
) -> Series[HourOut]:
    """Count the sets recorded in each of the 168 hours of the week; not those entered later for a former day. The
    last 30 days, or others. 409: more than 366."""
    of = service.period(first, last, at=at)
    await counted(admin, of=of, at=at)
    found = await admin.read(service.hours, of=of, at=at, zone=zone or it.settings.default_timezone)
    return Series(
        first=of.first,
        last=of.last,
        items=[HourOut(weekday=each.weekday, hour=each.hour, sets=each.sets) for each in found],
    )
