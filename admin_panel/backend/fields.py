"""What stands in bodies, where the schema's words and Python's differ."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from app.modules.errors import BadName

HIGHEST_ID = 2**31 - 1
HIGHEST_PERSON = 2**63 - 1
UNSEEN = BadName("catalog-name-unreadable")  # of the ways to be a bad name, the one that the schema cannot tell


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 7.0 is 7; pydantic, left to itself, would take "7" and true as well."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Id = Annotated[int, Field(strict=True, ge=1, le=HIGHEST_ID), BeforeValidator(_whole)]

# An address has no null: a filter is there, or it is left out. Its limits stand with the number itself, for beside the
# None they would come into the schema by names that nobody knows.
LeftOut = SkipJsonSchema[None]
FilterId = Annotated[int, Field(ge=1, le=HIGHEST_ID)] | LeftOut
FilterPerson = Annotated[int, Field(ge=1, le=HIGHEST_PERSON)] | LeftOut
