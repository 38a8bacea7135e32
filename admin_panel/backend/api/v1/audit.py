"""Who changed what and when."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from admin_panel.backend.deps import TheAdmin, TheHouse
from admin_panel.backend.errors import answers
from admin_panel.backend.fields import FilterId, LeftOut
from admin_panel.backend.paging import PAGE_SIZE, Cursor, Limit, Page, UnknownCursor
from app.modules.admins import service

router = APIRouter(prefix="/audit", tags=["Audit"], responses=answers(401, UnknownCursor()))

Word = Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9_-]+$")] | LeftOut


class EntryOut(BaseModel):
    """One change."""

    id: int = Field(examples=[42])
    at: datetime
    admin_id: int | None = Field(description="null: the operator, by the command line.", examples=[1])
    admin_name: str | None = Field(description="null: the operator.", examples=["ann"])
    request_id: str | None = Field(
        description="Find the request in the log by it; null: it was the command line.", examples=["5f2b9c0e7d1a4c36"]
    )
    action: str = Field(examples=["update"])
    kind: str = Field(examples=["muscle"])
    thing_id: str = Field(description="Empty: it was a person's who erased themselves.", examples=["9"])
    person_id: int | None = Field(description="Whose it was; null: nobody's.", examples=[None])
    before: dict[str, Any] | None = Field(
        description="What it was, as the tables keep it; null: it was not there, or nothing is told.",
        examples=[{"id": 9, "name": "Neck"}],
    )
    after: dict[str, Any] | None = Field(
        description="What it became; null: it is gone, or nothing is told.", examples=[{"id": 9, "name": "Nape"}]
    )


@router.get("")
async def list_audit(
    admin: TheAdmin,
    it: TheHouse,
    admin_id: Annotated[FilterId, Query(description="By whom.", examples=[1])] = None,
    kind: Annotated[
        Word, Query(description="Of what kind of thing: `muscle`, `exercise`, `set` or `admin`.", examples=["muscle"])
    ] = None,
    thing_id: Annotated[
        Word, Query(description="Of which thing, by its id; things of two kinds may have the same.", examples=["9"])
    ] = None,
    action: Annotated[
        Word,
        Query(
            description="What was done: `create`, `update`, `delete`, `archive`, `restore` or `merge`; with an admin "
            "also `password` or `disable`.",
            examples=["update"],
        ),
    ] = None,
    limit: Limit = PAGE_SIZE,
    cursor: Cursor = None,
) -> Page[EntryOut]:
    """List changes, newest first, page by page. 404: the cursor belongs to another list or filter."""
    filters = (admin_id, kind, thing_id, action)
    place = it.cursors.read(cursor, "audit", *filters)
    found = await admin.read(
        service.entries,
        after=None if place is None else int(place[0]),
        limit=limit,
        admin_id=admin_id,
        kind=kind,
        thing_id=thing_id,
        action=action,
    )
    return Page(
        items=[EntryOut(**entry._asdict()) for entry in found.entries],
        next=it.cursors.make(found.next_place, "audit", *filters),
    )
