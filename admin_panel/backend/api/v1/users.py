"""The people of the bot, as the admins see them. Weights are kilos."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from admin_panel.backend.api.v1.training import number
from admin_panel.backend.api.v1.user import ProfileOut
from admin_panel.backend.deps import House, Now, TheAdmin, TheHouse
from admin_panel.backend.errors import answers
from admin_panel.backend.figures import TOO_LONG, From, Series, To
from admin_panel.backend.paging import PAGE_SIZE, Cursor, Limit, Page, UnknownCursor
from app.modules.errors import Stranger
from app.modules.insight import service as insight
from app.modules.insight.model import Volume
from app.modules.people import service as people
from app.modules.people.model import PeopleOrder, Profile

router = APIRouter(prefix="/users", tags=["People"], responses=answers(401))

UserId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Telegram's number.", examples=[1001])]


class PersonOut(ProfileOut):
    """A person, and what they have done so far."""

    days: int = Field(description="On which they trained.", examples=[42])
    sets: int = Field(examples=[504])
    tonnage: int | float = Field(description="Kilos lifted in all.", examples=[252000])
    first_day: date | None = Field(description="null: they have not trained yet.", examples=["2025-11-03"])
    last_day: date | None = Field(description="null: they have not trained yet.", examples=["2026-03-11"])
    records: int = Field(description="Exercises that they have a record in.", examples=[12])
    own_muscles: int = Field(description="Muscles that they added.", examples=[0])
    own_exercises: int = Field(description="Exercises that they added.", examples=[1])


class VolumeOut(BaseModel):
    """What was done on a day."""

    day: date
    sets: int = Field(examples=[12])
    tonnage: int | float = Field(description="Kilos.", examples=[6000])


class RecordOut(BaseModel):
    """A person's record in one exercise: the greatest weight, then the most reps at it, then the earliest day."""

    exercise_id: int = Field(examples=[1])
    exercise: str = Field(examples=["Bench press"])
    muscle: str = Field(examples=["Chest"])
    is_own: bool = Field(description="Whether they added the exercise themselves.")
    weight: int | float = Field(description="Kilos; 0 is bodyweight.", examples=[80])
    reps: int | float = Field(examples=[5])
    day: date
    days: int = Field(description="With this exercise.", examples=[24])
    last_day: date = Field(description="With this exercise.")


class OwnExerciseOut(BaseModel):
    """An exercise that a person has added."""

    id: int = Field(examples=[153])
    name: str = Field(examples=["Bulgarian split squat"])
    muscle: str = Field(examples=["Legs"])
    days: int = Field(description="With it.", examples=[3])
    deleted_at: datetime | None = Field(
        description="Since when they have it no more; null: they have it.", examples=[None]
    )


def shown(person: Profile, it: House) -> ProfileOut:
    """Show a person."""
    return ProfileOut(
        id=person.id,
        first_name=person.first_name,
        last_name=person.last_name,
        username=person.username,
        registered_at=person.registered_at,
        last_seen_at=person.last_seen_at,
        timezone=person.zone or it.settings.default_timezone,
        unit=person.unit,
    )


def volumes(found: list[Volume]) -> list[VolumeOut]:
    """Show sets and tonnage by day."""
    return [VolumeOut(day=each.day, sets=each.sets, tonnage=number(each.tonnage)) for each in found]


@router.get("", responses=answers(UnknownCursor()))
async def list_users(
    admin: TheAdmin,
    it: TheHouse,
    search: Annotated[
        str,
        Query(
            max_length=64,
            pattern=r"^[^\x00]*$",
            description="How their name, last name, @username or number begins; case does not matter.",
            examples=["ann"],
        ),
    ] = "",
    sort: Annotated[PeopleOrder, Query(description="A minus turns it round.")] = PeopleOrder.NEWEST,
    limit: Limit = PAGE_SIZE,
    cursor: Cursor = None,
) -> Page[ProfileOut]:
    """List people, page by page. 404: the cursor belongs to another list, order or search."""
    after = it.cursors.read(cursor, "users", sort, search)
    found = await admin.read(people.people, order=sort, after=after, limit=limit, search=search)
    return Page(
        items=[shown(person, it) for person in found.people],
        next=it.cursors.make(found.next_place, "users", sort, search),
    )


@router.get("/{user_id}", responses=answers(Stranger()))
async def read_user(user_id: UserId, admin: TheAdmin, it: TheHouse) -> PersonOut:
    """Read who a person is, and what they have done so far."""
    person = await admin.read(people.profile, user_id=user_id)
    done = await admin.read(insight.figures, user_id=user_id)
    return PersonOut(
        **shown(person, it).model_dump(),
        days=done.days,
        sets=done.sets,
        tonnage=number(done.tonnage),
        first_day=done.first_day,
        last_day=done.last_day,
        records=done.records,
        own_muscles=done.own_muscles,
        own_exercises=done.own_exercises,
    )


@router.get("/{user_id}/volume", responses=answers(Stranger(), TOO_LONG))
async def read_volume(
    user_id: UserId, admin: TheAdmin, at: Now, first: From = None, last: To = None
) -> Series[VolumeOut]:
    """Sum up a person's sets and tonnage by day: the last 30 days, or others. 409: more than 366."""
    of = insight.period(first, last, at=at)
    await admin.read(people.profile, user_id=user_id)
    found = await admin.read(insight.persons_volume, user_id=user_id, of=of)
    return Series(first=of.first, last=of.last, items=volumes(found))


@router.get("/{user_id}/records", responses=answers(Stranger()))
async def read_records(user_id: UserId, admin: TheAdmin) -> list[RecordOut]:
    """List a person's records, what they train most first."""
    await admin.read(people.profile, user_id=user_id)
    return [
        RecordOut(
            exercise_id=best.exercise_id,
            exercise=best.exercise,
            muscle=best.muscle,
            is_own=best.is_own,
            weight=number(best.weight),
            reps=number(best.reps),
            day=best.day,
            days=best.days,
            last_day=best.last_day,
        )
        for best in await admin.read(insight.records, user_id=user_id)
    ]


@router.get("/{user_id}/exercises", responses=answers(Stranger()))
async def read_own_exercises(user_id: UserId, admin: TheAdmin) -> list[OwnExerciseOut]:
    """List the exercises that a person has added, by name; deleted ones while they have history."""
    await admin.read(people.profile, user_id=user_id)
    return [
        OwnExerciseOut(id=own.id, name=own.name, muscle=own.muscle, days=own.days, deleted_at=own.deleted_at)
        for own in await admin.read(insight.own_exercises, user_id=user_id)
    ]
