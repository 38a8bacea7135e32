"""What admins look at: every list by every filter and order on offer, from page to page; and the figures."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.modules.admins import service as admins
from app.modules.catalog import service as catalog
from app.modules.catalog.model import ExerciseOrder, MuscleOrder
from app.modules.insight import service as insight
from app.modules.insight.model import Period, Step, Wanted
from app.modules.people import service as people
from app.modules.people.model import PeopleOrder
from app.modules.postgres import Database

PAGE = 50
Filters = dict[str, Any]
Asked = tuple[Any, dict[str, Any]]  # a use case and what it is asked


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose sets are asked for besides everybody's, of which days, and when."""

    person: int
    today: date
    at: datetime
    exercise: int = 1
    rare_exercise: int = 2

    @property
    def year(self) -> Period:
        return Period(self.today - timedelta(days=365), self.today)


async def count_days(db: Database, seen: Seen) -> None:
    """Count the year, as the panel has it done before it shows a figure."""
    while not await db.run(insight.is_counted, of=seen.year, at=seen.at):
        await db.run(insight.count, of=seen.year, at=seen.at)


def lists(seen: Seen) -> dict[str, Asked]:
    """Every list that has pages."""
    months: Filters = {"first": seen.today - timedelta(days=40), "last": seen.today - timedelta(days=5)}
    year: Filters = {"first": seen.year.first, "last": seen.year.last}
    mine: Filters = {"user_id": seen.person}
    sets = {
        "everything": Wanted(),
        "days": Wanted(**months),
        "person": Wanted(**mine),
        "person, days": Wanted(**mine, **months),
        "person, muscle": Wanted(**mine, muscle_id=2),
        "person, exercise": Wanted(**mine, exercise_id=seen.exercise),
        "exercise": Wanted(exercise_id=seen.exercise, **year),
        "exercise, days": Wanted(exercise_id=seen.exercise, **months),
        "rare exercise": Wanted(exercise_id=seen.rare_exercise, **year),
        "muscle": Wanted(muscle_id=3, **year),
        "muscle, days": Wanted(muscle_id=3, **months),
    }
    audit = {
        "everything": {},
        "of a kind": {"kind": "muscle"},
        "of a thing": {"kind": "set", "thing_id": "3"},
        "of an action": {"action": "create"},
        "of a kind, of an action": {"kind": "muscle", "action": "create"},
    }
    exercises = {"muscle_id": None, "state": "all", "search": ""}
    muscles = {"state": "all", "search": ""}
    found = {"order": ExerciseOrder.NAME, **exercises, "search": "press"}
    of_muscle = {"order": ExerciseOrder.NAME, "muscle_id": 1, "state": "active", "search": ""}
    found_muscles = {"order": MuscleOrder.NAME, "state": "active", "search": "muscle"}
    nobodys = {"admin_id": None, "kind": None, "thing_id": None, "action": None}
    return {
        **{f"sets: {name}": (insight.logged_sets, {"wanted": each, "at": seen.at}) for name, each in sets.items()},
        **{f"people: {order}": (people.people, {"order": order, "search": ""}) for order in PeopleOrder},
        "people: found": (people.people, {"order": PeopleOrder.NEWEST, "search": "lifter"}),
        **{f"exercises: {order}": (catalog.global_exercises, {"order": order, **exercises}) for order in ExerciseOrder},
        "exercises: of a muscle": (catalog.global_exercises, of_muscle),
        "exercises: found": (catalog.global_exercises, found),
        **{f"muscles: {order}": (catalog.global_muscles, {"order": order, **muscles}) for order in MuscleOrder},
        "muscles: found": (catalog.global_muscles, found_muscles),
        **{f"audit: {name}": (admins.entries, {**nobodys, **filters}) for name, filters in audit.items()},
    }


async def places(db: Database, asked: Asked, *, steps: tuple[int, ...]) -> AsyncIterator[Any]:
    """Where pages of a list begin, ever so many rows deeper, from the first page to the end of the list."""
    find, how = asked
    after = None
    for step in (*steps, 0):
        yield after
        if step:
            after = (await db.run(find, after=after, limit=step, **how)).next_place
        if after is None:
            return


def figures(seen: Seen) -> dict[str, Asked]:
    """What is drawn and summed up."""
    year = {"of": seen.year, "at": seen.at}
    return {
        "is the year counted": (insight.is_counted, year),
        "active people by day": (insight.active, {**year, "step": Step.DAY}),
        "active people by week": (insight.active, {**year, "step": Step.WEEK}),
        "volume by day": (insight.volume, year),
        "most used exercises": (insight.most_used, {**year, "limit": 10}),
        "hours of the week": (insight.hours, {**year, "zone": "Europe/Berlin"}),
        "a person": (people.profile, {"user_id": seen.person}),
        "a person's figures": (insight.figures, {"user_id": seen.person}),
        "a person's volume": (insight.persons_volume, {"user_id": seen.person, "of": seen.year}),
        "a person's records": (insight.records, {"user_id": seen.person}),
        "a person's own exercises": (insight.own_exercises, {"user_id": seen.person}),
        "an exercise and its use": (catalog.used_global_exercise, {"exercise_id": seen.exercise}),
        "a muscle and its use": (catalog.used_global_muscle, {"muscle_id": 1}),
    }
