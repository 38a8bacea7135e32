"""Screens of the front door."""

from app.modules.catalog.callbacks import OpenEdit
from app.modules.history.callbacks import OpenHistory
from app.modules.menu.callbacks import OpenHelp, OpenMenu
from app.modules.people.callbacks import OpenSettings
from app.modules.screen import Screen, button
from app.modules.texts import label, t
from app.modules.training.callbacks import OpenStart


def menu() -> Screen:
    """The main menu."""
    keyboard = [
        [button(label("menu-record"), OpenStart())],
        [button(label("menu-history"), OpenHistory()), button(label("menu-edit"), OpenEdit())],
        [button(label("menu-settings"), OpenSettings()), button(label("menu-help"), OpenHelp())],
    ]
    return Screen(t("menu-title"), keyboard)


def help_() -> Screen:
    """What the bot can do, and how."""
    return Screen(t("help-text"), [[button(label("go-back"), OpenMenu())]])


def cancelled(*, was_open: bool) -> Screen:
    """The end of whatever was asked; nothing saved is touched by it."""
    return lost(t("menu-cancelled") if was_open else t("menu-nothing-open"))


def lost(reason: str, *, toast: str | None = None) -> Screen:
    """The menu, below one sentence on why a message or a button could not be followed."""
    return Screen(f"{reason}\n\n{t('menu-next')}", menu().keyboard, toast=toast)
