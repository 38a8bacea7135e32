"""People who train, written into the tables."""

import itertools
from datetime import UTC, date, datetime, timedelta

from tests.admin_api.conftest import Api

_people = itertools.count(7_700_000_001)


def new_person(api: Api, first_name: str = "Ann") -> int:
    number = next(_people)
    api.sql("INSERT INTO users (id, first_name) VALUES (%s, %s)", number, first_name)
    return number


def new_exercise(api: Api, name: str, *, muscle: int = 1) -> int:
    """One that everybody has."""
    ((number,),) = api.sql("INSERT INTO exercises (name, muscle) VALUES (%s, %s) RETURNING id", name, muscle)
    return int(number)


def record(
    api: Api, who: int, exercise: int, day: date, sets: int = 1, *, first: int = 1, at: datetime | None = None
) -> list[str]:
    """Write sets as the bot does; their moments are one."""
    rows = api.sql(
        """
        INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
        SELECT %s, %s, %s, e.muscle, e.id, n, 60, 8
          FROM exercises AS e, generate_series(%s, %s) AS n WHERE e.id = %s RETURNING id
        """,
        *(at or datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=18), day, who),
        *(first, first + sets - 1, exercise),
    )
    return [row[0] for row in rows]
