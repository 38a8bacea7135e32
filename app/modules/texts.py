"""Every sentence a person reads, by key: t() for messages, label() for buttons and toasts.

Texts are Fluent files, app/templates/texts/<language>/<feature>.ftl. The language is the acting person's.
"""

import html
import unicodedata
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from fluent.runtime import FluentBundle, FluentResource

from app.utils.units import Unit, in_unit, plain

FOLDER = Path(__file__).parent.parent / "templates" / "texts"
DEFAULT_LANGUAGE = "en"

language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


class Html(str):
    """A piece of a message that is Telegram's HTML already."""

    __slots__ = ()


def t(key: str, /, **values: str | int) -> Html:
    """Say something in a message (Telegram's HTML); values are shown as typed, not as markup."""
    return Html(
        _say(
            key,
            {
                name: value if isinstance(value, (Html, int)) else html.escape(isolated(value), quote=False)
                for name, value in values.items()
            },
        )
    )


def not_understood(line: str) -> Html:
    """Say that nothing can be made of a line, and how one is said that can."""
    has_numbers = any(letter.isdecimal() for letter in line)
    return t("not-understood-numbers" if has_numbers else "not-understood")


def label(key: str, /, **values: str | int) -> str:
    """Say something on a button or in a toast, where there is no markup."""
    return _say(key, {name: value if isinstance(value, int) else isolated(value) for name, value in values.items()})


def isolated(name: str) -> str:
    """Keep a right-to-left name from turning its neighbours round; others stay as they are."""
    if not name.isascii() and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name):
        return f"\u2068{name}\u2069"
    return name


def weight_text(weight: Decimal, unit: Unit) -> str:
    """Write a weight as its person reads it: 60kg, 135lb, BW."""
    return _weight_text(weight, unit)


@lru_cache(maxsize=4096)  # weights are few: those of the buttons, and what people type
def _weight_text(weight: Decimal, unit: Unit) -> str:
    return f"{plain(in_unit(weight, unit))}{unit}" if weight else "BW"


def short_day(day: date) -> str:
    """Write a day as 15-12-2024."""
    return f"{day:%d-%m-%Y}"


def long_day(day: date) -> str:
    """Write a day as 10 December 2024, in the person's language."""
    return _day(day, "d MMMM y", language.get())


def named_day(day: date) -> str:
    """Write a day with its weekday: Monday 10 December 2024."""
    return _day(day, "EEEE d MMMM y", language.get())


@lru_cache(maxsize=1024)  # people share their days: today's, and those of some years before
def _day(day: date, pattern: str, spoken: str) -> str:
    return str(format_date(day, pattern, locale=spoken))


def _say(key: str, values: dict[str, Any]) -> str:
    return _said(language.get(), key, values) if values else _fixed(language.get(), key)


@cache
def _fixed(spoken: str, key: str) -> str:
    """Say what reads the same each time, as most buttons do."""
    return _said(spoken, key, {})


def _said(spoken: str, key: str, values: dict[str, Any]) -> str:
    bundle = _bundle(spoken)
    pattern = bundle.get_message(key).value
    if pattern is None:
        raise LookupError(f"the text {key} has no value")
    said, errors = bundle.format_pattern(pattern, values)
    if errors:
        raise LookupError(f"the text {key} needs other values: {errors}")
    return str(said)


@cache
def _bundle(name: str) -> FluentBundle:
    bundle = FluentBundle([name], use_isolating=False)
    for file in sorted((FOLDER / name).glob("*.ftl")):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle
