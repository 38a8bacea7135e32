"""JSON from outside, read as far as it can be read."""

import json
from typing import Any

import orjson


def parsed(text: bytes) -> Any:
    """Read JSON, or raise ValueError; half a surrogate pair, which no strict reader takes, becomes a `?`."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        lenient = json.dumps(json.loads(text), ensure_ascii=False)
        return orjson.loads(lenient.encode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("too deep") from None
