"""Buttons of the settings."""

from typing import Annotated, Literal

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from app.utils.units import Unit

Zone = Annotated[str, Field(pattern=r"^[A-Za-z0-9_/+-]{1,40}$")]
Page = Annotated[int, Field(ge=0, le=99)]


class OpenSettings(CallbackData, prefix="ps1"):
    """Show what is settled."""


class OpenRegions(CallbackData, prefix="pr1"):
    """Show the regions of the zone list."""


class OpenRegion(CallbackData, prefix="pg1"):
    """Show the cities of a region."""

    region: Zone
    page: Page = 1


class AskClock(CallbackData, prefix="pc1"):
    """Ask what the clock shows."""


class OpenClock(CallbackData, prefix="pk1"):
    """Show the cities whose clocks are so many minutes ahead of UTC's now, within a day."""

    minutes: Annotated[int, Field(ge=0, lt=24 * 60)]
    page: Page = 1


class SetZone(CallbackData, prefix="pz1"):
    """Settle a time zone."""

    zone: Zone


class SetUnit(CallbackData, prefix="pu1"):
    """Settle kilos or pounds."""

    unit: Unit


class SetStep(CallbackData, prefix="pt1"):
    """Settle the step of the weight buttons, said in kilos; 0: as the list has them."""

    step: Literal["0", "1.25", "2.5", "5"]
