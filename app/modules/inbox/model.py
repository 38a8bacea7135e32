"""What the inbox knows of an update that failed."""

from enum import Enum, auto

TRIES = 5
PARKED_DAYS = 30
KEPT_DAYS = 3  # Telegram delivers for a day; three leave room for a restored queue


class Failed(Enum):
    """What is to be done after a try that failed."""

    TRY_AGAIN = auto()
    PARKED_NOW = auto()
    PARKED_BEFORE = auto()
