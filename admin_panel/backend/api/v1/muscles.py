"""Muscles that everybody has. Private ones are their owners' alone and not found here."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field

from admin_panel.backend.deps import GONE, MADE, SHOWN, Now, Seen, TheAdmin, TheHouse, etag
from admin_panel.backend.errors import answers
from admin_panel.backend.fields import HIGHEST_ID, UNSEEN
from admin_panel.backend.paging import PAGE_SIZE, Cursor, Limit, Page, Search, State, TheState, UnknownCursor
from app.modules.catalog import service
from app.modules.catalog.model import GlobalMuscle, MuscleOrder
from app.modules.errors import InUse, NameTaken
from app.modules.versions import version

router = APIRouter(prefix="/muscles", tags=["Muscles"], responses=answers(401))

MuscleId = Annotated[int, Path(ge=1, le=HIGHEST_ID, description="The muscle's number.", examples=[1])]
ReadMuscleId = Annotated[
    int, Path(ge=1, le=HIGHEST_ID, description="The muscle's number.", openapi_examples={"Chest": {"value": 1}})
]
Name = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        description="1 to 64 characters, each of which can be seen; unlike every other muscle's, case aside.",
        examples=["Neck"],
    ),
]


class MuscleOut(BaseModel):
    """A muscle that everybody has."""

    id: int = Field(examples=[1])
    name: str = Field(examples=["Chest"])
    exercises: int = Field(description="How many of its exercises everybody has.", examples=[20])
    archived_at: datetime | None = Field(
        description="Since when it is in nobody's lists; null: it is in them.", examples=[None]
    )
    version: str = Field(description="Its ETag: send it back in If-Match.", examples=["5f2b9c0e7d1a4c36"])


class UsedMuscleOut(MuscleOut):
    """A muscle that everybody has, and what hangs on it. Its version does not change by that."""

    archived_exercises: int = Field(description="How many of its exercises are archived.", examples=[2])
    own_exercises: int = Field(
        description="How many exercises of it people added for themselves, the deleted ones too.", examples=[31]
    )
    people: int = Field(description="How many have trained an exercise of it.", examples=[120])
    days: int = Field(
        description="How many days all of them have trained each of its exercises, added up.", examples=[3400]
    )
    last_day: date | None = Field(
        description="When somebody trained one of them last; null: nobody has yet.", examples=["2026-03-11"]
    )


class MuscleNew(BaseModel):
    """A muscle to be."""

    model_config = ConfigDict(extra="forbid")

    name: Name


class MusclePart(BaseModel):
    """What is to change of a muscle; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Name | None, Field(description="Left out or null: stays.")] = None


def shown(muscle: GlobalMuscle, response: Response | None = None) -> MuscleOut:
    """Show a muscle, with its version in the ETag."""
    out = MuscleOut(
        id=muscle.id,
        name=muscle.name,
        exercises=muscle.exercises,
        archived_at=muscle.archived_at,
        version=version(muscle),
    )
    if response is not None:
        response.headers.update(etag(out.version))
    return out


@router.get("", responses=answers(UnknownCursor()))
async def list_muscles(
    admin: TheAdmin,
    it: TheHouse,
    search: Search = "",
    state: TheState = State.ACTIVE,
    sort: Annotated[MuscleOrder, Query(description="A minus turns it round.")] = MuscleOrder.NAME,
    limit: Limit = PAGE_SIZE,
    cursor: Cursor = None,
) -> Page[MuscleOut]:
    """List muscles, page by page. 404: the cursor belongs to another list, order or filter."""
    found = await admin.read(
        service.global_muscles,
        order=sort,
        after=it.cursors.read(cursor, "muscles", sort, state, search),
        limit=limit,
        state=state.value,
        search=search,
    )
    return Page(
        items=[shown(muscle) for muscle in found.muscles],
        next=it.cursors.make(found.next_place, "muscles", sort, state, search),
    )


@router.post("", status_code=status.HTTP_201_CREATED, responses=MADE | answers(NameTaken(), UNSEEN))
async def create_muscle(new: MuscleNew, admin: TheAdmin, response: Response) -> MuscleOut:
    """Give everybody a muscle; it stands at the end of the bot's list. 409: there is one of that name."""
    muscle = await admin.change(service.add_global_muscle, name=new.name)
    response.headers["Location"] = f"/api/v1/muscles/{muscle.id}"
    return shown(muscle, response)


@router.get("/{muscle_id}", responses=SHOWN | answers(404))
async def read_muscle(muscle_id: ReadMuscleId, admin: TheAdmin, response: Response) -> UsedMuscleOut:
    """Read one muscle, and what hangs on it."""
    found = await admin.read(service.used_global_muscle, muscle_id=muscle_id)
    return UsedMuscleOut(
        **shown(found.muscle, response).model_dump(),
        archived_exercises=found.archived,
        own_exercises=found.private,
        people=found.use.people,
        days=found.use.days,
        last_day=found.use.last_day,
    )


@router.put("/{muscle_id}", responses=SHOWN | answers(404, NameTaken(), UNSEEN, 412, 428))
async def replace_muscle(
    muscle_id: MuscleId, new: MuscleNew, seen: Seen, admin: TheAdmin, response: Response
) -> MuscleOut:
    """Change a muscle; everything is given anew. 409: another one has that name."""
    muscle = await admin.change(service.rename_global_muscle, muscle_id=muscle_id, seen=seen, name=new.name)
    return shown(muscle, response)


@router.patch("/{muscle_id}", responses=SHOWN | answers(404, NameTaken(), UNSEEN, 412, 428))
async def change_muscle(
    muscle_id: MuscleId, part: MusclePart, seen: Seen, admin: TheAdmin, response: Response
) -> MuscleOut:
    """Change some of a muscle; what is left out stays."""
    muscle = await admin.change(service.rename_global_muscle, muscle_id=muscle_id, seen=seen, name=part.name)
    return shown(muscle, response)


@router.delete("/{muscle_id}", status_code=status.HTTP_204_NO_CONTENT, responses=GONE | answers(404, InUse(), 412, 428))
async def delete_muscle(muscle_id: MuscleId, seen: Seen, admin: TheAdmin) -> None:
    """Delete a muscle for good. 409: exercises or recorded sets are of it; archive it instead."""
    await admin.change_long(service.delete_global_muscle, muscle_id=muscle_id, seen=seen)


@router.post("/{muscle_id}/archive", responses=SHOWN | answers(404))
async def archive_muscle(muscle_id: MuscleId, admin: TheAdmin, at: Now, response: Response) -> MuscleOut:
    """Take a muscle and its exercises out of everybody's lists; what was recorded stays. Twice is once."""
    return shown(await admin.change(service.archive_global_muscle, muscle_id=muscle_id, at=at), response)


@router.post("/{muscle_id}/restore", responses=SHOWN | answers(404, NameTaken()))
async def restore_muscle(muscle_id: MuscleId, admin: TheAdmin, response: Response) -> MuscleOut:
    """Bring an archived muscle back, with its exercises. 409: another one has its name by now."""
    return shown(await admin.change(service.restore_global_muscle, muscle_id=muscle_id), response)
