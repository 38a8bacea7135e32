"""One tree of errors: each knows its code, its HTTP status and the text that a person reads."""

from collections.abc import Mapping
from typing import ClassVar

RETRY_AFTER = 2


class GymError(Exception):
    """Whatever we raise on purpose; the message is ours, so logs may show it."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    text: ClassVar[str] = "error-internal"  # of the bot; what only the API raises has a text that begins with api-
    values: Mapping[str, str | int] = {}  # of that text, and of nothing that was typed


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


class NotWritten(GymError):
    """No files can be written here: their folder is full, read-only or missing, which only the operator can mend."""

    code = "not_written"
    status = 507
    text = "error-not-written"

    def __init__(self) -> None:
        super().__init__("no room for files")


class Unauthorized(GymError):
    """Whoever asks is not signed in, or no more."""

    code = "unauthorized"
    status = 401
    text = "api-unauthorized"

    def __init__(self) -> None:
        super().__init__("no token that counts")


class WrongPassword(GymError):
    """The name or the password is wrong; nobody learns which."""

    code = "wrong_password"
    status = 401
    text = "api-wrong-password"

    def __init__(self) -> None:
        super().__init__("wrong name or password")


class TooManyGuesses(GymError):
    """Too many wrong passwords: not before `retry_after` seconds."""

    code = "too_many_tries"
    status = 429
    text = "api-too-many-tries"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__("too many wrong passwords")
        self.retry_after = retry_after


class NotFound(GymError):
    """It is not there, or not for whoever asks: the same answer for both."""

    code = "not_found"
    status = 404
    text = "api-not-found"

    def __init__(self) -> None:
        super().__init__("not there for whoever asks")


class Stale(GymError):
    """Somebody else changed it since it was looked at."""

    code = "stale"
    status = 412
    text = "api-stale"

    def __init__(self) -> None:
        super().__init__("it was changed since")


class NameTaken(GymError):
    """There is one of that name already."""

    code = "name_taken"
    status = 409
    text = "api-name-taken"

    def __init__(self) -> None:
        super().__init__("a name of that key is there")


class BadName(GymError):
    """A name that cannot be kept; `text` is the key of the sentence that says why."""

    code = "bad_name"
    status = 409

    def __init__(self, text: str, **values: int) -> None:
        super().__init__(text)
        self.text = text  # type: ignore[misc]  # each of these has its own
        self.values = values


class BadPassword(BadName):
    """A new password that is too weak, likewise."""

    code = "bad_password"


class InUse(GymError):
    """It cannot be deleted, for history or other things point at it; it can be archived."""

    code = "in_use"
    status = 409
    text = "api-in-use"

    def __init__(self) -> None:
        super().__init__("something points at it")


class NoSet(GymError):
    """Numbers that no set has."""

    code = "no_set"
    status = 409
    text = "api-no-set"

    def __init__(self) -> None:
        super().__init__("not the numbers of a set")


class PeriodTooLong(GymError):
    """More days than figures are made of at once."""

    code = "period_too_long"
    status = 409
    text = "api-period-too-long"

    def __init__(self, *, most: int) -> None:
        super().__init__("too many days")
        self.values = {"days": most}


class UnknownZone(NotFound):
    """A time zone that the database does not know."""

    code = "unknown_zone"
    text = "api-unknown-zone"


class NoSuchMuscle(GymError):
    """An exercise was to go to a muscle that not everybody has, or has no more."""

    code = "no_such_muscle"
    status = 409
    text = "api-no-such-muscle"

    def __init__(self) -> None:
        super().__init__("no such muscle for everybody")


class MuscleArchived(GymError):
    """An exercise cannot be seen while its muscle is not."""

    code = "muscle_archived"
    status = 409
    text = "api-muscle-archived"

    def __init__(self) -> None:
        super().__init__("its muscle is archived")


class SameExercise(GymError):
    """An exercise was to be merged into itself."""

    code = "same_exercise"
    status = 409
    text = "api-same-exercise"

    def __init__(self) -> None:
        super().__init__("an exercise cannot be merged into itself")


class IntoArchived(GymError):
    """An exercise was to be merged into one that nobody sees."""

    code = "into_archived"
    status = 409
    text = "api-into-archived"

    def __init__(self) -> None:
        super().__init__("the other exercise is archived")


class TooManySets(GymError):
    """On some days there would be more sets of one exercise than have a number."""

    code = "too_many_sets"
    status = 409
    text = "api-too-many-sets"

    def __init__(self, *, days: int, limit: int) -> None:
        super().__init__("more sets a day than have a number")
        self.values = {"days": days, "limit": limit}


class CannotDo(Exception):
    """What an operator asks of the command line cannot be done; the message is one sentence, and nobody else's."""
