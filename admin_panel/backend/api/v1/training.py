"""Everybody's recorded sets: looked through, corrected, taken away, exported. Weights are kilos."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response, status
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from admin_panel.backend.deps import GONE, SHOWN, Caller, Now, Seen, TheAdmin, TheHouse, etag
from admin_panel.backend.errors import answers
from admin_panel.backend.fields import FilterId, FilterPerson
from admin_panel.backend.figures import TOO_LONG, From, To, counted
from admin_panel.backend.paging import PAGE_SIZE, Cursor, Limit, Page, UnknownCursor
from app.modules.errors import NoSet
from app.modules.insight import service as insight
from app.modules.insight.model import NamedSet, Wanted
from app.modules.training import service
from app.modules.versions import version
from app.templates.exercise import MOST_REPS, MOST_WEIGHT
from app.utils.csv_text import BOM, csv_lines

router = APIRouter(prefix="/training", tags=["Training"], responses=answers(401))

EXPORTED_AT_ONCE = 1000
EXPORTED = """\
id,day,recorded_at,user_id,user_name,muscle_id,muscle,exercise_id,exercise,set,weight_kg,reps
0123456789abcdef0123456789abcdef,2026-03-11,2026-03-11T17:30:00+00:00,1001,Ann Lee,1,Chest,1,Bench press,1,62.5,8
"""
PERIOD = (
    "By a muscle or an exercise, without a person, the days are the last 366, or others, 366 at most (409: more): it is"
    " found by what was counted of each day."
)
SetId = Annotated[
    str,
    Path(pattern="^[0-9a-f]{32}$", description="The set's id.", examples=["0123456789abcdef0123456789abcdef"]),
]
Weight = Annotated[
    float,
    Field(
        strict=True,
        ge=0,
        le=float(MOST_WEIGHT),
        allow_inf_nan=False,
        description="Kilos, kept to the hundredth of a gram; 0 is bodyweight.",
        examples=[62.5],
    ),
]


def _whole(value: Any) -> Any:
    """Take 8.0 as JSON does: it is 8."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Reps = Annotated[
    int,
    Field(strict=True, ge=1, le=MOST_REPS, description="How many times.", examples=[8]),
    BeforeValidator(_whole),
]


class SetOut(BaseModel):
    """A recorded set."""

    id: str = Field(examples=["0123456789abcdef0123456789abcdef"])
    day: date = Field(description="The day it belongs to, as the person's own calendar had it.")
    recorded_at: datetime = Field(description="When it was recorded.")
    user_id: int = Field(description="Telegram's number.", examples=[1001])
    user_name: str = Field(examples=["Ann Lee"])
    muscle_id: int = Field(description="Of the exercise, as it was then.", examples=[1])
    muscle: str = Field(examples=["Chest"])
    exercise_id: int = Field(examples=[1])
    exercise: str = Field(examples=["Bench press"])
    set: int = Field(description="Its number on that day.", examples=[1])
    weight: int | float = Field(description="Kilos; 0 is bodyweight.", examples=[62.5])
    reps: int | float = Field(examples=[8])
    version: str = Field(description="Its ETag: send it back in If-Match.", examples=["5f2b9c0e7d1a4c36"])


class SetNew(BaseModel):
    """The numbers that a set should have."""

    model_config = ConfigDict(extra="forbid")

    weight: Weight
    reps: Reps


class SetPart(BaseModel):
    """What is to change of a set; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    weight: Annotated[Weight | None, Field(description="Kilos. Left out or null: stays.")] = None
    reps: Annotated[Reps | None, Field(description="Left out or null: stays.")] = None


@dataclass(frozen=True)
class Filter:
    """What a list holds, and what its cursors belong to."""

    wanted: Wanted
    listed: tuple[Any, ...]


async def filtered(
    admin: TheAdmin,
    at: Now,
    user_id: Annotated[FilterPerson, Query(description="Whose.", examples=[1001])] = None,
    muscle_id: Annotated[FilterId, Query(description="Of which muscle.", examples=[1])] = None,
    exercise_id: Annotated[FilterId, Query(description="Of which exercise.", examples=[1])] = None,
    first: From = None,
    last: To = None,
) -> Filter:
    """Read the filters, and have counted what they need."""
    listed = ("training", user_id, muscle_id, exercise_id, first, last)
    wanted = Wanted(user_id, muscle_id, exercise_id, first, last)
    if wanted.is_of_everybody:
        of = insight.period(first, last, at=at, days=insight.MOST_DAYS)
        await counted(admin, of=of, at=at)
        wanted = Wanted(user_id, muscle_id, exercise_id, of.first, of.last)
    return Filter(wanted, listed)


Filtered = Annotated[Filter, Depends(filtered)]


def number(value: Decimal) -> int | float:
    """Write a number of the tables as JSON does: 60, 62.5."""
    return int(value) if value == value.to_integral_value() else float(value)


def shown(found: NamedSet, response: Response | None = None) -> SetOut:
    """Show a set, with its version in the ETag."""
    logged = found.logged
    out = SetOut(
        id=logged.id,
        day=logged.day,
        recorded_at=logged.date,
        user_id=logged.user_id,
        user_name=found.user_name,
        muscle_id=logged.muscle_id,
        muscle=found.muscle,
        exercise_id=logged.exercise_id,
        exercise=found.exercise,
        set=logged.set_no,
        weight=number(logged.weight),
        reps=number(logged.reps),
        version=version(logged),
    )
    if response is not None:
        response.headers.update(etag(out.version))
    return out


@router.get(
    "",
    responses=answers(UnknownCursor(), TOO_LONG),
    description=f"List sets, newest day first, page by page. {PERIOD} 404: the cursor is another list's or filter's.",
)
async def list_sets(
    by: Filtered, admin: TheAdmin, it: TheHouse, at: Now, limit: Limit = PAGE_SIZE, cursor: Cursor = None
) -> Page[SetOut]:
    """List sets, newest first."""
    after = it.cursors.read(cursor, *by.listed)
    found = await admin.read(insight.logged_sets, wanted=by.wanted, after=after, limit=limit, at=at)
    return Page(
        items=[shown(each) for each in found.sets],
        next=it.cursors.make(found.next_place, *by.listed),
    )


@router.get(
    ".csv",
    response_class=StreamingResponse,
    responses=answers(TOO_LONG)
    | {200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": EXPORTED}}, "description": "The file."}},
    description=f"Take sets away as a file (CSV, UTF-8) that a spreadsheet opens, newest day first. {PERIOD}",
)
async def export_sets(by: Filtered, admin: TheAdmin, at: Now) -> StreamingResponse:
    """Export sets."""
    lines = _lines(by.wanted, admin, at)
    first = await anext(lines)  # so that what is wrong is said before the file begins

    async def whole() -> AsyncIterator[str]:
        yield BOM + first
        async for more in lines:
            yield more

    return StreamingResponse(
        whole(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="training.csv"'},
    )


async def _lines(wanted: Wanted, admin: Caller, at: datetime) -> AsyncIterator[str]:
    """Write the file some sets at a time, from where the last time ended: no connection waits for a reader."""
    head, after = csv_lines([HEAD]), None
    while True:
        found = await admin.read(insight.logged_sets, wanted=wanted, after=after, limit=EXPORTED_AT_ONCE, at=at)
        yield head + csv_lines(_cells(each) for each in found.sets)
        head, after = "", found.next_place
        if after is None:
            return
        await admin.is_still_in()  # a reader may dawdle for hours


HEAD = (
    "id",
    "day",
    "recorded_at",
    "user_id",
    "user_name",
    "muscle_id",
    "muscle",
    "exercise_id",
    "exercise",
    "set",
    "weight_kg",
    "reps",
)


def _cells(found: NamedSet) -> tuple[Any, ...]:
    logged = found.logged
    return (
        logged.id,
        logged.day,
        logged.date.isoformat(),
        logged.user_id,
        found.user_name,
        logged.muscle_id,
        found.muscle,
        logged.exercise_id,
        found.exercise,
        logged.set_no,
        f"{logged.weight:f}",
        f"{logged.reps:f}",
    )


@router.get("/{set_id}", responses=SHOWN | answers(404))
async def read_set(set_id: SetId, admin: TheAdmin, response: Response) -> SetOut:
    """Read one set."""
    return shown(await admin.read(insight.logged_set, set_id=set_id), response)


@router.put("/{set_id}", responses=SHOWN | answers(404, NoSet(), 412, 428))
async def replace_set(set_id: SetId, new: SetNew, seen: Seen, admin: TheAdmin, response: Response) -> SetOut:
    """Correct a set; both numbers are given anew. Its person can replace or delete it as before, but no Undo of theirs
    brings the former numbers back."""
    return shown(
        await admin.change(service.correct_set, set_id=set_id, seen=seen, weight=_kilos(new.weight), reps=new.reps),
        response,
    )


@router.patch("/{set_id}", responses=SHOWN | answers(404, NoSet(), 412, 428))
async def change_set(set_id: SetId, part: SetPart, seen: Seen, admin: TheAdmin, response: Response) -> SetOut:
    """Correct one of a set's numbers, or both; what is left out stays."""
    weight = None if part.weight is None else _kilos(part.weight)
    return shown(
        await admin.change(service.correct_set, set_id=set_id, seen=seen, weight=weight, reps=part.reps), response
    )


@router.delete("/{set_id}", status_code=status.HTTP_204_NO_CONTENT, responses=GONE | answers(404, 412, 428))
async def delete_set(set_id: SetId, seen: Seen, admin: TheAdmin) -> None:
    """Delete a set for good; statistics and records are right at once. What it was stays in the audit."""
    await admin.change(service.remove_set, set_id=set_id, seen=seen)


def _kilos(weight: float) -> Decimal:
    kept = round(Decimal(str(weight)), 5)
    if weight and not kept:  # nearly nothing is not bodyweight
        raise NoSet
    return kept
