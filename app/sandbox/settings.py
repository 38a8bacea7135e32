"""The sandbox's environment, read once."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TOKEN = re.compile(r"[0-9]{1,16}:sandbox_[A-Za-z0-9_-]+")


class Refused(Exception):
    """The sandbox cannot start; the message is the one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the sandbox is told from outside."""

    token: str
    port: int
    data: Path
    speed: float

    @property
    def bot_id(self) -> int:
        return int(self.token.partition(":")[0])


def read(environ: Mapping[str, str]) -> Settings:
    """Read the environment, or refuse with one sentence; a token is never repeated in it."""
    token = environ.get("TELEGRAM_BOT_TOKEN", "")
    if not _TOKEN.fullmatch(token):
        raise Refused(
            "The sandbox does not start: TELEGRAM_BOT_TOKEN must look like 5401000001:sandbox_anything, "
            "and beside a real token there is no sandbox."
        )
    port = environ.get("SANDBOX_PORT") or "5401"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise Refused("The sandbox does not start: SANDBOX_PORT must be a port number.")
    try:
        speed = float(environ.get("SANDBOX_SPEED") or 1)
    except ValueError:
        speed = 0.0
    if not math.isfinite(speed) or speed <= 0:
        raise Refused("The sandbox does not start: SANDBOX_SPEED must be a number above 0.")
    return Settings(token, int(port), Path(environ.get("SANDBOX_DATA") or ".data/sandbox"), speed)
