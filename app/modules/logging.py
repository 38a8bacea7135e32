"""JSON logs: one line an event, with the ids of the update, user and request; secrets masked, nobody's words in it."""

import logging
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

from app.modules.errors import GymError

_ids: ContextVar[dict[str, int | str]] = ContextVar("log_ids", default={})  # noqa: B039 - replaced, never changed
_BOT_TOKEN = re.compile(r"(?<!\d)\d{5,20}:[A-Za-z0-9_-]{20,}")
_FIELDS = {"levelname": "level", "name": "logger"}

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


@contextmanager
def bound(**ids: int | str) -> Iterator[None]:
    """Give every line that is logged inside these ids."""
    token = _ids.set({**_ids.get(), **ids})
    try:
        yield
    finally:
        _ids.reset(token)


def frames(error: BaseException) -> str:
    """Say where an error arose and of what kind it is, without its message: that may quote what a person typed."""
    lines = [
        f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    code = getattr(error, "pgcode", None)
    lines.append(f"{kind}: {error}" if isinstance(error, GymError) else f"{kind} {code or ''}".rstrip())
    before = error.__cause__ or error.__context__
    return (f"{frames(before)}\n" if before is not None else "") + "\n".join(lines)


class _Formatter(JsonFormatter):
    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s", rename_fields=_FIELDS, timestamp="time", json_ensure_ascii=False
        )
        self._secrets = [secret for secret in secrets if len(secret) >= 4]  # shorter ones would blot out plain words

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        super().add_fields(log_data, record, message_dict)
        log_data.update(_ids.get())

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is the base class's
        return frames(ei[1]) if ei[1] is not None else ""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have kept the long form there
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return _BOT_TOKEN.sub("***", line)


def set_up(*, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send every logger of the process, the libraries' too, to standard output as JSON."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(_Formatter(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    # Their lines repeat ours; the aiogram ones also quote what the Bot API was asked.
    for name in ("aiogram", "uvicorn", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
