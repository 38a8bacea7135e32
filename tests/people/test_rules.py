"""Clocks and zones, by tables of cases."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.modules.people.rules import cities, city, clock, minutes_ahead, regions, zones, zones_ahead


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("14:35", (14, 35)),
        (" 14.35 ", (14, 35)),
        ("1435", (14, 35)),
        ("14h35", (14, 35)),
        ("2:35 pm", (14, 35)),
        ("2:35PM", (14, 35)),
        ("2.35 p.m.", (14, 35)),
        ("12:05 am", (0, 5)),
        ("12 pm", (12, 0)),
        ("0:00", (0, 0)),
        ("٠٩:٠٥", (9, 5)),
        ("14", None),
        ("24:00", None),
        ("13:35 pm", None),
        ("14:60", None),
        ("noon", None),
        ("", None),
        ("1" * 500, None),
    ],
)
def test_what_a_clock_shows(text: str, shown: tuple[int, int] | None) -> None:
    assert clock(text) == shown


@pytest.mark.parametrize(
    ("now", "shown", "hours"),
    [
        ("2026-07-01T12:00:00", (14, 0), 2),
        ("2026-07-01T12:00:50", (13, 59), 2),  # a clock that is a minute late
        ("2026-07-01T23:30:00", (1, 30), 2),
        ("2026-07-01T01:00:00", (21, 0), -4),
        ("2026-07-01T12:00:00", (17, 45), 5.75),
        ("2026-07-01T12:00:00", (2, 0), 14),  # and -10, where it is the day before
        ("2026-07-01T12:00:00", (1, 0), -11),
    ],
)
def test_how_far_ahead_a_clock_is(now: str, shown: tuple[int, int], hours: float) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    minutes = minutes_ahead(shown, at)
    assert minutes == hours * 60 % (24 * 60)
    assert zones_ahead(minutes, at)


def test_every_zone_has_a_region_and_python_knows_it() -> None:
    assert len(zones()) > 400
    for zone in zones():
        ZoneInfo(zone)
    assert {zone for region in regions() for zone in cities(region)} | {"Etc/UTC"} == set(zones())
    assert city("America/Argentina/Buenos_Aires") == "Buenos Aires"
