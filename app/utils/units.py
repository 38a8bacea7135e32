"""Kilos and pounds.

A weight is kept in kilos to the hundredth of a gram, so that every number of pounds with two decimals comes back as
it was entered.
"""

from decimal import Decimal
from enum import StrEnum

POUND = Decimal("0.45359237")
_KEPT = Decimal("0.00001")
_LEAST = Decimal("0.01")


class Unit(StrEnum):
    """What a person counts weights in."""

    KG = "kg"
    LB = "lb"


def in_kilos(number: Decimal, unit: Unit) -> Decimal:
    """Turn what a person says into what is kept."""
    return number if unit is Unit.KG else (number * POUND).quantize(_KEPT)


def in_unit(kilos: Decimal, unit: Unit) -> Decimal:
    """Turn what is kept into what a person reads: two decimals at most, and never 0 for what is not."""
    return round(kilos if unit is Unit.KG else kilos / POUND, 2) or (_LEAST if kilos else kilos)


def plain(number: Decimal) -> str:
    """Write a number as people do: 60, 62.5, never 60.00."""
    return f"{number.normalize():f}"


def step_in(unit: Unit, kilos: Decimal) -> Decimal:
    """Say a step of weights in a unit: plates of pounds come in twice the number of kilos."""
    return kilos * 2 if unit is Unit.LB else kilos
