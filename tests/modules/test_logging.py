"""Logs: one JSON line an event, ids bound, secrets and people's words out."""

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest

from app.modules import logging as our_logging
from app.modules.errors import Unavailable
from app.modules.logging import bound, frames

TOKEN = "1234567890:AAEhBP0av28fsjkdhfkjshdfkjhsdkfjhsdA"
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """What the process writes to standard output; the test runner's own handlers come back afterwards."""
    root = logging.getLogger()
    hooks = warnings.showwarning, sys.excepthook, threading.excepthook
    handlers, level, stream = root.handlers[:], root.level, io.StringIO()
    root.handlers.clear()  # else setting up would close the runner's
    our_logging.set_up(secrets=(SECRET, "no"), stream=stream)
    yield stream
    root.handlers[:] = handlers
    warnings.showwarning, sys.excepthook, threading.excepthook = hooks
    root.setLevel(level)


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_json_with_level_logger_time_and_ids(out: io.StringIO) -> None:
    with bound(update_id=7), bound(user_id=8):
        logging.getLogger("gym").info("set_saved", extra={"set_no": 3})
    logging.getLogger("gym").info("outside")
    inside, outside = lines(out)
    assert (inside["message"], inside["level"], inside["logger"]) == ("set_saved", "INFO", "gym")
    assert (inside["update_id"], inside["user_id"], inside["set_no"]) == (7, 8, 3)
    assert "time" in inside
    assert "update_id" not in outside


def test_secrets_and_tokens_are_masked_wherever_they_stand(out: io.StringIO) -> None:
    logging.getLogger("gym").warning("from %s to", f"http://api/bot{TOKEN}/getMe", extra={"key": f"x{SECRET}x"})
    (line,) = out.getvalue().splitlines()
    assert SECRET not in line
    assert TOKEN not in line
    assert line.count("***") == 2


def test_a_traceback_says_where_and_what_kind_but_not_what_was_typed(out: io.StringIO) -> None:
    try:
        try:
            int("what somebody typed")
        except ValueError as error:
            raise RuntimeError("what somebody typed") from error
    except RuntimeError:
        logging.getLogger("gym").exception("update_failed")
    (line,) = lines(out)
    assert "what somebody typed" not in json.dumps(line)
    assert "test_logging.py" in str(line["exc_info"])
    assert "builtins.ValueError" in str(line["exc_info"])
    assert "builtins.RuntimeError" in str(line["exc_info"])


def test_our_own_errors_keep_their_words() -> None:
    with pytest.raises(Unavailable) as caught:
        raise Unavailable("the database cannot be reached")
    assert "the database cannot be reached" in frames(caught.value)


def test_libraries_do_not_chatter(out: io.StringIO) -> None:
    logging.getLogger("aiogram.event").info("Update id=1 is handled")
    logging.getLogger("uvicorn.error").info("Started server process")
    assert lines(out) == []


def test_warnings_and_crashes_keep_the_form_and_quote_nobody(out: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        our_logging.set_up(secrets=(), stream=out)  # the block above has put the runner's hook back
        warnings.warn("words of a person", UserWarning, stacklevel=1)
    our_logging.unhandled(None, {"message": "words of a person", "exception": ValueError("words of a person")})
    sys.excepthook(ValueError, ValueError("words of a person"), None)
    assert [line["message"] for line in lines(out)] == ["python_warning", "task_failed", "crashed"]
    assert "words of a person" not in out.getvalue()


def test_a_secret_that_json_writes_otherwise_is_masked_too(out: io.StringIO) -> None:
    logging.getLogger().handlers.clear()
    our_logging.set_up(secrets=('pass"word\\1',), stream=out)
    logging.getLogger("gym").info("from %s", 'pass"word\\1')
    assert lines(out)[0]["message"] == "from ***"
