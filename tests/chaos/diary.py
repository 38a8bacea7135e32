"""Everything that happened in a run of chaos, one JSON line each, so that a failure can be read afterwards."""

import json
import time
from pathlib import Path
from typing import IO, Any


class Diary:
    """Writes down what people did and saw, and what was broken meanwhile."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file: IO[str] = path.open("w", encoding="utf-8")
        self._began = time.monotonic()
        self.steps = 0

    def note(self, what: str, **about: Any) -> None:
        """Write one line; a step of a person counts as an operation."""
        self.steps += what == "step"
        self._file.write(json.dumps({"at": round(time.monotonic() - self._began, 3), "what": what, **about}) + "\n")

    def close(self) -> None:
        self._file.close()
