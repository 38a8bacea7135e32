"""JSON logs: one line an event, with the ids of the update, user and request; secrets masked, nobody's words in it."""

import json
import logging
import re
import sys
import threading
import traceback
import warnings
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


def note(**ids: int | str) -> None:
    """Give every line that follows inside the present `bound` these ids too."""
    _ids.set({**_ids.get(), **ids})


def frames(error: BaseException) -> str:
    """Say where an error arose and of what kind it is, without its message: that may quote what a person typed."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:  # a chain may bite its own tail
        chain.append(following)
        following = following.__cause__ or following.__context__
    return "\n".join(map(_one, reversed(chain)))


def _one(error: BaseException) -> str:
    lines = [
        f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    code = getattr(error, "pgcode", None)
    lines.append(f"{kind}: {error}" if isinstance(error, GymError) else f"{kind} {code or ''}".rstrip())
    return "\n".join(lines)


class _Formatter(JsonFormatter):
    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s", rename_fields=_FIELDS, timestamp="time", json_ensure_ascii=False
        )
        # Shorter ones would blot out plain words; JSON writes some letters otherwise.
        real = [secret for secret in secrets if len(secret) >= 4]
        self._secrets = [*real, *(json.dumps(secret)[1:-1] for secret in real)]

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
    warnings.showwarning = _warned
    sys.excepthook = _crashed
    threading.excepthook = lambda failed: _crashed(failed.exc_type, failed.exc_value, failed.exc_traceback)
    # Their lines repeat ours; the aiogram ones also quote what the Bot API was asked.
    for name in ("aiogram", "uvicorn", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


def unhandled(loop: Any, context: dict[str, Any]) -> None:
    """Log what nobody awaited, as an event loop's exception handler; its own words would quote the exception."""
    logging.getLogger(__name__).error("task_failed", exc_info=context.get("exception"))


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    where = f"{filename.rpartition('site-packages/')[2]}:{lineno}"
    logging.getLogger(__name__).warning("python_warning", extra={"category": category.__name__, "where": where})


def _crashed(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger(__name__).critical("crashed", exc_info=error)
