"""Lists by pages: an opaque cursor says after which place to go on, and belongs to one list with its filters."""

import base64
import binascii
import hmac
import json
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from admin_panel.backend.fields import LeftOut
from app.modules.errors import NotFound

T = TypeVar("T")

Place = tuple[str | int, ...]
MAC_BYTES = 12
PAGE_SIZE, LONGEST_PAGE = 50, 200

Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="How many at most.", examples=[PAGE_SIZE])]
Cursor = Annotated[
    str | LeftOut,
    Query(max_length=1000, description="`next` of the page before; leave it out for the first page."),
]
Search = Annotated[
    str,
    Query(
        max_length=64, pattern=r"^[^\x00]*$", description="Part of the name; case does not matter.", examples=["press"]
    ),
]


class State(StrEnum):
    """Which things a list holds."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    ALL = "all"


TheState = Annotated[State, Query(description="Archived ones are in nobody's lists.")]


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = Field(description="`cursor` of the next page; null on the last one.", examples=[None])


class UnknownCursor(NotFound):
    """A cursor that we did not give, or that belongs to another list."""

    code = "unknown_cursor"
    text = "api-unknown-cursor"


class Cursors:
    """Makes cursors and reads them: each is signed together with the list that it belongs to."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._keys = [hmac.digest(secret.encode(), b"cursors", "sha256") for secret in secrets]

    def make(self, place: Place | None, *listed: Any) -> str | None:
        """Write a place in a list (its name, order and filters); None is the end."""
        if place is None:
            return None
        text = json.dumps(place).encode()
        return base64.urlsafe_b64encode(_mac(self._keys[0], text, listed) + text).decode()

    def read(self, cursor: str | None, *listed: Any) -> Place | None:
        """Read the place back; None for the first page."""
        if cursor is None:
            return None
        try:
            raw = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            raise UnknownCursor from None
        mac, text = raw[:MAC_BYTES], raw[MAC_BYTES:]
        if not any(hmac.compare_digest(mac, _mac(key, text, listed)) for key in self._keys):
            raise UnknownCursor
        return tuple(json.loads(text))


def _mac(key: bytes, text: bytes, listed: tuple[Any, ...]) -> bytes:
    return hmac.digest(key, json.dumps([text.decode("latin-1"), *map(str, listed)]).encode(), "sha256")[:MAC_BYTES]
