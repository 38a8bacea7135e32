"""What `/edit` costs, counted on the real bot: round trips to PostgreSQL, Bot API requests, Redis.

And that nobody can count what is another's: a tap that names it is answered and costs as if it did not exist.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

from aiogram.filters.callback_data import CallbackData

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
from app.modules.training.callbacks import OpenExercise, written
from app.modules.training.model import GymDay
from tests.catalog.test_edit_screens import KINDS
from tests.stage import ROOT, connected
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


MISSING = 2_000_000_000
NUMBERS = {"exercise", "muscle", "first", "id"}  # the fields that name a thing, which may be another's
OTHERS = {  # those that name nothing of anybody's
    "day": written(GymDay(datetime.now(UTC).date())),
    "set_no": 1,
    "weight": Decimal(60),
    "reps": 8,
    "seen_weight": Decimal(65),
    "seen_reps": 8,
    "entry": 5,
    "sets": 1,
    "sure": True,
    "page": 1,
    "start": 0,
    "exercises": 0,
    "month": 0,
    "region": "Europe",
    "zone": "Etc/UTC",
    "minutes": 0,
    "unit": "kg",
    "step": "0",
    "until": "",
    "after": "",
}


def naming_something() -> Iterator[tuple[type[CallbackData], dict[str, Any]]]:
    """Every kind of button, of every room, that names a muscle or an exercise; with all that it carries beside."""
    for file in sorted((ROOT / "app/modules").glob("*/callbacks.py")):
        module = import_module(f"app.modules.{file.parent.name}.callbacks")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, CallbackData) and kind is not CallbackData:
                rest = {name: OTHERS[name] for name in kind.model_fields if name not in NUMBERS | {"kind"}}
                if NUMBERS & set(kind.model_fields):
                    for of in Kind if "kind" in kind.model_fields else (None,):
                        yield kind, rest | ({"kind": of} if of else {})


def with_number(kind: type[CallbackData], rest: dict[str, Any], *, muscle: int, exercise: int) -> CallbackData:
    numbers = {"exercise": exercise, "muscle": muscle, "first": muscle}
    numbers["id"] = muscle if rest.get("kind") is Kind.MUSCLE else exercise
    return kind(**rest, **{name: numbers[name] for name in NUMBERS & set(kind.model_fields)})


def belongings(ann: Chat, user_id: int) -> list[Any]:
    with connected(ann.database) as cursor:
        cursor.execute(
            """
            SELECT m::text FROM muscles AS m WHERE m.created_by = %(id)s
             UNION ALL SELECT e::text FROM exercises AS e WHERE e.created_by = %(id)s
             UNION ALL SELECT t::text FROM training AS t WHERE t.user_id = %(id)s
             UNION ALL SELECT n::text FROM exercise_notes AS n WHERE n.user_id = %(id)s
             UNION ALL SELECT h::text FROM user_hidden_muscles AS h WHERE h.user_id = %(id)s
             UNION ALL SELECT h::text FROM user_hidden_exercises AS h WHERE h.user_id = %(id)s
             ORDER BY 1
            """,
            {"id": user_id},
        )
        return cursor.fetchall()


async def test_what_is_another_s_is_answered_and_costs_as_what_does_not_exist(chat: NewChat) -> None:
    """Of every button in the house: the same words and buttons, round trips, requests; and nothing is changed."""
    ann, bob = await chat(), await chat()
    for person in (ann, bob):
        await person.write("/start")
    with connected(ann.database) as cursor:
        cursor.execute(
            """
            WITH m AS (INSERT INTO muscles (name, is_global, created_by) VALUES ('Neck', FALSE, %(id)s) RETURNING id)
            INSERT INTO exercises (name, muscle, is_global, created_by)
            SELECT 'Nod', m.id, FALSE, %(id)s FROM m RETURNING muscle, id
            """,
            {"id": bob.id},
        )
        ((muscle, exercise),) = cursor.fetchall()
        cursor.execute(
            """
            INSERT INTO training (user_id, muscle_id, exercise_id, day, set, weight, reps)
            VALUES (%s, %s, %s, current_date, 1, 60, 8)
            """,
            (bob.id, muscle, exercise),
        )
    before = belongings(ann, bob.id)
    for kind, rest in naming_something():
        missing = with_number(kind, rest, muscle=MISSING, exercise=MISSING)
        foreign = with_number(kind, rest, muscle=muscle, exercise=exercise)
        await ann.tap_old(missing)  # after which the one connection has the plans
        seen = []
        for button in (missing, foreign):
            cost = await ann.cost(ann.tap_old(button))
            assert ann.screen is not None
            seen.append((cost, ann.screen["text"], ann.screen["reply_markup"]))
        assert seen[0] == seen[1], foreign
    assert belongings(ann, bob.id) == before
    assert belongings(ann, ann.id) == []
