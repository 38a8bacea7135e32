"""Exercises that everybody has. Private ones are their owners' alone and not found here."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field

from admin_panel.backend.deps import GONE, MADE, SHOWN, Now, Seen, TheAdmin, TheHouse, etag
from admin_panel.backend.errors import answers
from admin_panel.backend.fields import HIGHEST_ID, UNSEEN, FilterId, Id
from admin_panel.backend.paging import PAGE_SIZE, Cursor, Limit, Page, Search, State, TheState, UnknownCursor
from app.modules.catalog import service
from app.modules.catalog.model import ExerciseOrder, GlobalExercise, Use
from app.modules.errors import IntoArchived, InUse, MuscleArchived, NameTaken, NoSuchMuscle, SameExercise, TooManySets
from app.modules.training import service as training
from app.modules.training.model import Merge
from app.modules.versions import version

router = APIRouter(prefix="/exercises", tags=["Exercises"], responses=answers(401))

ExerciseId = Annotated[int, Path(ge=1, le=HIGHEST_ID, description="The exercise's number.", examples=[1])]
ReadExerciseId = Annotated[
    int,
    Path(ge=1, le=HIGHEST_ID, description="The exercise's number.", openapi_examples={"Bench press": {"value": 1}}),
]
Into = Annotated[
    int,
    Query(
        ge=1,
        le=HIGHEST_ID,
        description="The exercise that gets the history.",
        openapi_examples={"Bench press incline": {"value": 2}},
    ),
]
Name = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        description="1 to 64 characters, each of which can be seen; unlike every other's of its muscle, case aside.",
        examples=["Landmine press"],
    ),
]
Home = Annotated[Id, Field(description="A muscle that everybody has.", examples=[1])]


class ExerciseOut(BaseModel):
    """An exercise that everybody has."""

    id: int = Field(examples=[1])
    name: str = Field(examples=["Bench press"])
    muscle_id: int = Field(examples=[1])
    muscle: str = Field(examples=["Chest"])
    archived_at: datetime | None = Field(
        description="Since when it is in nobody's lists; null: it is in them.", examples=[None]
    )
    version: str = Field(description="Its ETag: send it back in If-Match.", examples=["5f2b9c0e7d1a4c36"])


class UsedExerciseOut(ExerciseOut):
    """An exercise that everybody has, and how much it is trained. Its version does not change by training."""

    people: int = Field(description="How many have trained it.", examples=[120])
    days: int = Field(description="How many days all of them have trained it, added up.", examples=[3400])
    last_day: date | None = Field(
        description="When somebody trained it last; null: nobody has yet.", examples=["2026-03-11"]
    )


class ExerciseNew(BaseModel):
    """An exercise to be."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    muscle_id: Home


class ExercisePart(BaseModel):
    """What is to change of an exercise; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Name | None, Field(description="Left out or null: stays.")] = None
    muscle_id: Annotated[Home | None, Field(description="Left out or null: stays.")] = None


class MergeNew(BaseModel):
    """Where the history is to go."""

    model_config = ConfigDict(extra="forbid")

    into: Annotated[Id, Field(description="The exercise that gets the history.", examples=[2])]
    into_version: str = Field(
        min_length=1, max_length=64, description="Its version that you looked at.", examples=["0c6f1b7e2a9d4835"]
    )


class MergeOut(BaseModel):
    """What merging changes, or has changed."""

    source: ExerciseOut = Field(description="The exercise whose history moves; its version is for If-Match.")
    into: ExerciseOut = Field(description="The exercise that gets it; its version is for `into_version`.")
    sets: int = Field(description="Sets that move.", examples=[5400])
    people: int = Field(description="Whose they are.", examples=[120])
    records: int = Field(
        description="People whose record of the other exercise is beaten by a moved set.", examples=[9]
    )
    days_numbered_on: int = Field(
        description="Days of one person with sets of both: the moved ones get the numbers after those that are there.",
        examples=[14],
    )
    days_too_full: int = Field(
        description="Such days with more sets than there are numbers (99). One of them, and merging is refused.",
        examples=[0],
    )
    notes_moved: int = Field(description="People's notes that move.", examples=[31])
    notes_joined: int = Field(description="Notes that are added to the one that is there.", examples=[4])
    notes_left: int = Field(
        description="Notes too long to stand beside the one that is there: they stay with the archived exercise.",
        examples=[0],
    )
    shown_again: int = Field(
        description="People who have hidden the other exercise but train this one: they see the other one again.",
        examples=[1],
    )


def shown(exercise: GlobalExercise, response: Response | None = None) -> ExerciseOut:
    """Show an exercise, with its version in the ETag."""
    out = ExerciseOut(
        id=exercise.id,
        name=exercise.name,
        muscle_id=exercise.muscle_id,
        muscle=exercise.muscle,
        archived_at=exercise.archived_at,
        version=version(exercise),
    )
    if response is not None:
        response.headers.update(etag(out.version))
    return out


def shown_merge(merge: Merge) -> MergeOut:
    """Show what a merge changes."""
    return MergeOut(
        source=shown(merge.source),
        into=shown(merge.into),
        sets=merge.sets,
        people=merge.people,
        records=merge.records,
        days_numbered_on=merge.days_numbered_on,
        days_too_full=merge.days_too_full,
        notes_moved=merge.notes_moved,
        notes_joined=merge.notes_joined,
        notes_left=merge.notes_left,
        shown_again=merge.shown_again,
    )


@router.get("", responses=answers(UnknownCursor()))
async def list_exercises(
    admin: TheAdmin,
    it: TheHouse,
    muscle_id: Annotated[FilterId, Query(description="Of which muscle; left out: of all.", examples=[1])] = None,
    search: Search = "",
    state: TheState = State.ACTIVE,
    sort: Annotated[
        ExerciseOrder, Query(description="A minus turns it round; muscles go by their numbers, as in the bot.")
    ] = ExerciseOrder.NAME,
    limit: Limit = PAGE_SIZE,
    cursor: Cursor = None,
) -> Page[ExerciseOut]:
    """List exercises, page by page. 404: the cursor belongs to another list, order or filter."""
    filters = (sort, muscle_id, state, search)
    found = await admin.read(
        service.global_exercises,
        order=sort,
        after=it.cursors.read(cursor, "exercises", *filters),
        limit=limit,
        muscle_id=muscle_id,
        state=state.value,
        search=search,
    )
    return Page(
        items=[shown(exercise) for exercise in found.exercises],
        next=it.cursors.make(found.next_place, "exercises", *filters),
    )


@router.post("", status_code=status.HTTP_201_CREATED, responses=MADE | answers(NameTaken(), NoSuchMuscle(), UNSEEN))
async def create_exercise(new: ExerciseNew, admin: TheAdmin, response: Response) -> ExerciseOut:
    """Give everybody an exercise. 409: its muscle has one of that name, or there is no such muscle."""
    exercise = await admin.change(service.add_global_exercise, name=new.name, muscle_id=new.muscle_id)
    response.headers["Location"] = f"/api/v1/exercises/{exercise.id}"
    return shown(exercise, response)


@router.get("/{exercise_id}", responses=SHOWN | answers(404))
async def read_exercise(exercise_id: ReadExerciseId, admin: TheAdmin, response: Response) -> UsedExerciseOut:
    """Read one exercise, and how much it is trained."""
    exercise, use = await admin.read(service.used_global_exercise, exercise_id=exercise_id)
    return _used(shown(exercise, response), use)


def _used(exercise: ExerciseOut, use: Use) -> UsedExerciseOut:
    return UsedExerciseOut(**exercise.model_dump(), people=use.people, days=use.days, last_day=use.last_day)


@router.put("/{exercise_id}", responses=SHOWN | answers(404, NameTaken(), NoSuchMuscle(), UNSEEN, 412, 428))
async def replace_exercise(
    exercise_id: ExerciseId, new: ExerciseNew, seen: Seen, admin: TheAdmin, response: Response
) -> ExerciseOut:
    """Change an exercise; everything is given anew. 409: its muscle has another of that name, or is not there.

    In another muscle it brings everybody's statistics along; sets recorded before keep the muscle of their day.
    """
    exercise = await admin.change_long(
        service.change_global_exercise, exercise_id=exercise_id, seen=seen, name=new.name, muscle_id=new.muscle_id
    )
    return shown(exercise, response)


@router.patch("/{exercise_id}", responses=SHOWN | answers(404, NameTaken(), NoSuchMuscle(), UNSEEN, 412, 428))
async def change_exercise(
    exercise_id: ExerciseId, part: ExercisePart, seen: Seen, admin: TheAdmin, response: Response
) -> ExerciseOut:
    """Change some of an exercise; what is left out stays."""
    exercise = await admin.change_long(
        service.change_global_exercise, exercise_id=exercise_id, seen=seen, name=part.name, muscle_id=part.muscle_id
    )
    return shown(exercise, response)


@router.delete(
    "/{exercise_id}", status_code=status.HTTP_204_NO_CONTENT, responses=GONE | answers(404, InUse(), 412, 428)
)
async def delete_exercise(exercise_id: ExerciseId, seen: Seen, admin: TheAdmin) -> None:
    """Delete an exercise for good. 409: somebody has trained it, or noted something of it; archive it instead."""
    await admin.change(service.delete_global_exercise, exercise_id=exercise_id, seen=seen)


@router.post("/{exercise_id}/archive", responses=SHOWN | answers(404))
async def archive_exercise(exercise_id: ExerciseId, admin: TheAdmin, at: Now, response: Response) -> ExerciseOut:
    """Take an exercise out of everybody's lists; what was recorded stays. Twice is once."""
    return shown(await admin.change(service.archive_global_exercise, exercise_id=exercise_id, at=at), response)


@router.post("/{exercise_id}/restore", responses=SHOWN | answers(404, NameTaken(), MuscleArchived()))
async def restore_exercise(exercise_id: ExerciseId, admin: TheAdmin, response: Response) -> ExerciseOut:
    """Bring an archived exercise back. 409: its muscle has another of that name by now, or is archived itself."""
    return shown(await admin.change(service.restore_global_exercise, exercise_id=exercise_id), response)


@router.get("/{exercise_id}/merge", responses=answers(404, SameExercise(), IntoArchived()))
async def preview_merge(exercise_id: ReadExerciseId, into: Into, admin: TheAdmin) -> MergeOut:
    """Say what merging this exercise into another would change, and change nothing."""
    return shown_merge(await admin.read_long(training.merge_preview, source_id=exercise_id, into_id=into))


@router.post(
    "/{exercise_id}/merge",
    responses=answers(404, SameExercise(), IntoArchived(), TooManySets(days=2, limit=99), 412, 428),
)
async def merge_exercise(exercise_id: ExerciseId, new: MergeNew, seen: Seen, admin: TheAdmin, at: Now) -> MergeOut:
    """Move all history of this exercise into another one, and archive it.

    Look at the preview first: it holds both versions, this one's for If-Match and the other's for `into_version`.
    On days with sets of both, the moved ones get the numbers after those that are there. People who record sets of
    one of the two meanwhile are answered a few seconds later; 100,000 sets take some ten seconds. It cannot be undone.
    """
    return shown_merge(
        await admin.change_long(
            training.merge_exercises,
            source_id=exercise_id,
            into_id=new.into,
            seen=seen,
            into_seen=frozenset({new.into_version}),
            at=at,
        )
    )
