"""What somebody saw of a thing, in a few letters: two admins who saw the same hold the same version."""

import hashlib
import json
from collections.abc import Set as AbstractSet
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.modules.errors import Stale

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def version(thing: "DataclassInstance") -> str:
    """Name the present state of a thing; it changes with every field, and only then."""
    return hashlib.sha256(as_json(thing).encode()).hexdigest()[:16]


def check_seen(thing: "DataclassInstance", seen: AbstractSet[str]) -> None:
    """Let nobody change what they have not seen; call it with the row locked."""
    if version(thing) not in seen:
        raise Stale


def as_json(thing: "DataclassInstance") -> str:
    """Write a thing as JSON, the same in every process."""
    return json.dumps(asdict(thing), default=_plain, ensure_ascii=False)


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
