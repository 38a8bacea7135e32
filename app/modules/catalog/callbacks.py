"""Buttons of `/edit`. Each carries its whole command, so that it works late, twice, and from an old message.

Formats are kept for ever: a new one gets a new number in its prefix.
"""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from app.modules.catalog.model import Kind

Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Small = Annotated[int, Field(ge=0, le=9999)]


class OpenEdit(CallbackData, prefix="e1"):
    """Show what can be done with the lists."""


class AskMuscleName(CallbackData, prefix="em1"):
    """Ask for the name of a new muscle."""


class OpenPlaces(CallbackData, prefix="ep1"):
    """Ask which muscle a new exercise is for."""

    page: Small = 1


class AskExerciseName(CallbackData, prefix="ex1"):
    """Ask for the name of a new exercise."""

    muscle: Id


class OpenRename(CallbackData, prefix="er1"):
    """Show what can be renamed."""

    page: Small = 1


class AskNewName(CallbackData, prefix="en1"):
    """Ask for the new name of something."""

    kind: Kind
    id: Id


class OpenDelete(CallbackData, prefix="ed1"):
    """Show what can be deleted."""

    page: Small = 1


class AskDelete(CallbackData, prefix="ea1"):
    """Ask whether something is really to be deleted."""

    kind: Kind
    id: Id


class Delete(CallbackData, prefix="ed2"):
    """Delete something; a muscle only when it has as many exercises as the person was told."""

    kind: Kind
    id: Id
    exercises: Small = 0


class OpenHide(CallbackData, prefix="eh1"):
    """Show the muscles that can be hidden, or looked into."""

    page: Small = 1


class OpenHideIn(CallbackData, prefix="ei1"):
    """Show what can be hidden of a muscle."""

    muscle: Id
    page: Small = 1


class Hide(CallbackData, prefix="eh2"):
    """Take something out of the person's sight."""

    kind: Kind
    id: Id
    page: Small = 1


class OpenHidden(CallbackData, prefix="es1"):
    """Show what is hidden."""

    page: Small = 1


class ShowAgain(CallbackData, prefix="es2"):
    """Bring something hidden back."""

    kind: Kind
    id: Id
