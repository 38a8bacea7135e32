"""What `/edit` costs, counted on the real bot: round trips to PostgreSQL, Bot API requests, Redis."""

from typing import Any

from app.modules.catalog.callbacks import (
    AskDelete,
    AskExerciseName,
    AskMuscleName,
    AskNewName,
    Delete,
    Hide,
    OpenDelete,
    OpenEdit,
    OpenHidden,
    OpenHide,
    OpenHideIn,
    OpenPlaces,
    OpenRename,
    ShowAgain,
)
from app.modules.catalog.model import Kind
from app.modules.training.callbacks import OpenExercise
from tests.catalog.test_edit_screens import KINDS
from tests.training.test_cost import EFFECT, SCREEN, Chat, Cost, NewChat, chat, sandbox

__all__ = ["chat", "sandbox"]  # fixtures

TYPED = Cost(1, ("sendMessage", "editMessageReplyMarkup"), 2)  # the former message loses its keyboard


async def everything(ann: Chat) -> dict[str, Cost]:
    """Tap and type everything that `/edit` has."""
    costs: dict[str, Cost] = {}
    tapped: set[type] = set()

    async def tap(name: str, button: type[Any], of: Kind | None = None) -> None:
        tapped.add(button)
        first = next(each for each in ann.buttons(button) if of is None or each.kind is of)
        costs[name] = await ann.cost(ann.tap(first))

    async def write(text: str) -> None:
        costs[text] = await ann.cost(ann.write(text))

    await ann.write("/start")
    await tap("edit", OpenEdit)
    await tap("add muscle", AskMuscleName)
    await write("Chest")
    await write("Neck")
    await write("Neck curl")
    await tap("another exercise", AskExerciseName)
    await write("\u200b")
    await write("Neck raise")
    await tap("record it now", OpenExercise)
    await ann.write("/edit")
    await tap("add exercise", OpenPlaces)
    await tap("its muscle", AskExerciseName)
    await write("Pec deck")
    await ann.write("/edit")
    await tap("rename", OpenRename)
    await tap("which to rename", AskNewName, Kind.EXERCISE)
    await write("Lying curl")
    await ann.write("/edit")
    await tap("delete", OpenDelete)
    await tap("which to delete", AskDelete, Kind.EXERCISE)
    await tap("exercise is deleted", Delete)
    await tap("muscle to delete", AskDelete)
    await tap("muscle is deleted", Delete)
    await ann.write("/edit")
    await tap("nothing to rename", OpenRename)
    await tap("hide", OpenHide)
    await tap("hide where", OpenHideIn)
    await tap("exercise is hidden", Hide, Kind.EXERCISE)
    await tap("muscle is hidden", Hide, Kind.MUSCLE)
    await ann.write("/edit")
    await tap("hidden", OpenHidden)
    await tap("muscle is shown", ShowAgain, Kind.MUSCLE)
    await tap("exercise is shown", ShowAgain)
    assert tapped >= set(KINDS)
    return costs


async def test_every_tap_costs_one_trip_for_a_screen_and_one_for_an_effect(chat: NewChat) -> None:
    await everything(await chat())  # after which the one connection has all its plans
    costs = await everything(await chat())
    effects = {name for name in costs if " is " in name}
    typed = {"Chest": TYPED, "Neck": TYPED, "Neck curl": TYPED, "Neck raise": TYPED, "Lying curl": TYPED}
    asked_again = TYPED._replace(trips=2)  # the effect that was refused, and the question once more
    others = typed | {"edit": SCREEN._replace(trips=0), "\u200b": TYPED, "Pec deck": asked_again}
    assert costs == {name: EFFECT if name in effects else others.get(name, SCREEN) for name in costs}
