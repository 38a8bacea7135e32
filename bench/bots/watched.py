"""Our bot in production form, with a watch on its garbage collector: each pause is written to a file at the end."""

from app.utils import gc_off, lean_aiogram  # noqa: F401 - as app/main_webhook.py begins

# isort: split
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

from app import main_webhook


def main(path: Path) -> int:
    """Run until SIGTERM."""
    pauses: list[tuple[float, float]] = []  # when each began, and how long it took
    began = 0.0

    def watch(phase: str, _: dict[str, Any]) -> None:
        nonlocal began
        if phase == "start":
            began = time.perf_counter()
        else:
            pauses.append((time.time(), time.perf_counter() - began))

    gc.callbacks.append(watch)
    code = main_webhook.main()
    gc.callbacks.remove(watch)
    path.write_text(json.dumps(pauses))
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
