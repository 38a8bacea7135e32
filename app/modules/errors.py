"""One tree of errors: each knows its code, its HTTP status and the text that a person reads."""

from typing import ClassVar

RETRY_AFTER = 2


class GymError(Exception):
    """Whatever we raise on purpose; the message is ours, so logs may show it."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    text: ClassVar[str] = "error-internal"


class Unavailable(GymError):
    """A neighbour is down or slow; nothing was lost, the same again later will do."""

    code = "unavailable"
    status = 503
    text = "error-unavailable"

    def __init__(self, reason: str, *, retry_after: int = RETRY_AFTER) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class SchemaMissing(GymError):
    """A table, column or function is not there: migrations are on their way, or the statement is wrong."""

    code = "schema_missing"
    status = 503
    text = "error-unavailable"


class Stranger(GymError):
    """Whoever acts is not registered: they erased themselves a moment ago, perhaps in another process."""

    code = "stranger"
    status = 404
    text = "error-unavailable"

    def __init__(self) -> None:
        super().__init__("nobody of that number is registered")


class Throttled(Unavailable):
    """Telegram asks for patience: not before `retry_after` seconds."""

    code = "throttled"


class Refused(GymError):
    """What was asked cannot be done; the text says what to do next."""

    code = "refused"
    status = 409
    text = "error-refused"
