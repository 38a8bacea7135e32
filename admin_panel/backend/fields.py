"""What stands in bodies, where the schema's words and Python's differ."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.modules.errors import BadName

HIGHEST_ID = 2**31 - 1
UNSEEN = BadName("catalog-name-unreadable")  # of the ways to be a bad name, the one that the schema cannot tell


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 7.0 is 7; pydantic, left to itself, would take "7" and true as well."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Id = Annotated[int, Field(strict=True, ge=1, le=HIGHEST_ID), BeforeValidator(_whole)]
