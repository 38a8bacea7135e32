"""What a person's name may be to us; which time zones there are."""

import re
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from app.modules.people.model import Person

NAME_LENGTH = 255
UTC_ZONE = "Etc/UTC"
QUARTER = timedelta(minutes=15)
DAY = 24 * 60  # minutes

_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.h,]\s*|\s?)([0-5]\d)?\s*([ap])?\.?\s*m?\.?", re.IGNORECASE)


def introduced(*, user_id: int, first_name: str, last_name: str | None, username: str | None) -> Person:
    """Make a person of what Telegram says, within what the table can hold."""
    return Person(
        id=user_id,
        first_name=_name(first_name) or "",
        last_name=_name(last_name),
        username=_name(username),
    )


def _name(name: str | None) -> str | None:
    return name.replace("\0", "")[:NAME_LENGTH] if name else None


@cache
def zones() -> tuple[str, ...]:
    """List the zones to choose from, as the zone list has them: one a region and city."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    return (*sorted(line.split("\t")[2] for line in table.splitlines() if line and line[0] != "#"), UTC_ZONE)


def regions() -> tuple[str, ...]:
    """List the regions of the zone list."""
    return tuple(dict.fromkeys(zone.partition("/")[0] for zone in zones() if zone != UTC_ZONE))


def cities(region: str) -> list[str]:
    """List the zones of a region, by the names of their cities."""
    return sorted((zone for zone in zones() if zone.startswith(f"{region}/")), key=city)


def city(zone: str) -> str:
    """Write a zone as people say it: New York, Buenos Aires."""
    return zone.rpartition("/")[2].replace("_", " ")


def shown_now(zone: str, at: datetime) -> str:
    """What a clock there shows."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def clock(text: str) -> tuple[int, int] | None:
    """Read what a clock shows: 14:35, 14.35, 1435, 2:35 pm."""
    digits = "".join(str(unicodedata.decimal(letter, letter)) for letter in text.strip())
    match = _CLOCK.fullmatch(digits)
    if match is None or (match[2] is None and match[3] is None):
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return (hour, minute) if hour < 24 else None


def minutes_ahead(shown: tuple[int, int], at: datetime) -> int:
    """Find how far ahead of UTC's a clock is that shows this now, to the quarter of an hour, within a day."""
    ahead = timedelta(hours=shown[0] - at.hour, minutes=shown[1] - at.minute, seconds=-at.second)
    return round(ahead / QUARTER) * 15 % DAY


def zones_ahead(minutes: int, at: datetime) -> list[str]:
    """List the zones whose clocks are so far ahead just now; the date there may be another."""
    return [zone for zone in zones() if _offset(zone, at) % DAY == minutes]


def _offset(zone: str, at: datetime) -> float:
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    return offset.total_seconds() / 60 if offset else 0.0
