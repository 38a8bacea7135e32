"""The conversation that is measured: what everybody has trained before, what they tap now, and what they must be shown.

Everybody has trained the same on the same days, and records the same, round by round: muscle, exercise, set, weight,
reps. So there is one right answer to each update, whoever sends it to whichever bot; it is found once, by our own
statements and screens without any bot, and each bot is held against it. So beware of what remembers people's numbers to
save work: here all have the same, and it would look better than it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

import orjson
import psycopg2
from aiogram.filters.callback_data import CallbackData

from app.modules.people.model import Act
from app.modules.postgres import Connection, Cursor
from app.modules.screen import Screen
from app.modules.training import screens, service
from app.modules.training.callbacks import OpenExercise, OpenMuscle, OpenSet, PickWeight, RecordSet
from app.sandbox.html_text import parse
from bench.bots.floor import tapped

FIRST_PERSON = 700_000_000  # nine digits for everybody, and ten for every update: so all bodies are equally long
FIRST_UPDATE = 1_000_000_000
SCRIPT_UPDATE = 9_000_000_000  # those of the script itself, which no bot ever gets
PEOPLE = 250
BOT = 5_401_000_001
BOT_USER = {"id": BOT, "is_bot": True, "first_name": "Gym", "username": "gym_bot"}
EXERCISES = 5  # of each of the eight muscles
SETS = 4  # of an exercise before the next one; all over again, a day has 20
MOST_ROUNDS = 8 * EXERCISES * 20
ROUND = ("muscle", "exercise", "set", "weight", "reps")
BUTTONS = (OpenMuscle, OpenExercise, OpenSet, PickWeight, RecordSet)

# Four weeks of history: two muscles a day on four days of the week, five exercises of three sets each. By their number
# alone, so that every database has the same.
_HISTORY = """
INSERT INTO users (id, first_name, lastname, username, registration_date)
SELECT %(first)s + n, 'Ann', 'Lifter', 'ann_' || %(first)s + n, now() - INTERVAL '30 days'
  FROM generate_series(0, %(people)s - 1) AS n;
WITH chosen AS (
    SELECT e.id, e.muscle, e.place
      FROM (SELECT e.id, e.muscle, row_number() OVER (PARTITION BY e.muscle ORDER BY e.name_key) AS place
              FROM exercises AS e
             WHERE e.is_global AND e.muscle BETWEEN 1 AND 8) AS e
     WHERE e.place <= %(exercises)s
), done AS (
    SELECT %(today)s::date - 7 * week - (c.muscle + 1) / 2 AS day, c.muscle, c.place, c.id AS exercise, set, week
      FROM generate_series(0, 3) AS week, chosen AS c, generate_series(1, 3) AS set
)
INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
SELECT (d.day + TIME '15:00') AT TIME ZONE 'UTC'
       + (((d.muscle - 1) %% 2 * %(exercises)s + d.place) * 3 + d.set) * INTERVAL '3 minutes',
       d.day, %(first)s + n, d.muscle, d.exercise, d.set, 65 - 2.5 * d.week, 10 - d.set
  FROM done AS d, generate_series(0, %(people)s - 1) AS n
 ORDER BY 1, n;
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One update, and all that must come of it, as it is for SCRIPT's person and update."""

    name: str
    update: bytes
    update_id: bytes
    shown: bytes  # the screen, as `same()` writes it
    toast: str | None
    result: bytes  # what the Bot API answers to whoever shows it


@dataclass(frozen=True, slots=True)
class Script:
    """All steps of a person, from /gym on."""

    steps: tuple[Step, ...]
    person: bytes


def person_id(number: int) -> int:
    """Number people; the first one is the script's own."""
    return FIRST_PERSON + number


def connected(database: Mapping[str, str]) -> Any:
    """Enter a database as its owner."""
    connection = psycopg2.connect(
        host=database["DB_HOST"],
        port=database["DB_PORT"],
        dbname=database["DB_NAME"],
        user=database["DB_USER"],
        password=database["DB_PASSWORD"],
        connection_factory=Connection,
        cursor_factory=Cursor,
    )
    connection.set_up(prepares=True)
    return connection


def furnish(database: Mapping[str, str], *, today: date, people: int = PEOPLE) -> None:
    """Give a migrated database people who have trained for four weeks, and leave it as a vacuum does."""
    connection = connected(database)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            values = {"first": FIRST_PERSON, "people": people, "exercises": EXERCISES, "today": today}
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(_HISTORY, values)
            cursor.execute("VACUUM ANALYZE")
    finally:
        connection.close()


def written(database: Mapping[str, str], *, zone: str, rounds: int = MOST_ROUNDS) -> Script:
    """Write the script: what the first person taps, and what they are shown, by our use cases without any bot."""
    connection = connected(database)
    try:
        with connection.cursor() as cursor:
            steps = _Writer(cursor, zone).steps(rounds)
        connection.rollback()
    finally:
        connection.close()
    return Script(tuple(steps), str(FIRST_PERSON).encode())


class _Writer:
    def __init__(self, cursor: Cursor, zone: str) -> None:
        self._cursor = cursor
        self._zone = zone
        self._count = 0
        self._now = int(datetime.now(UTC).timestamp())

    def steps(self, rounds: int) -> list[Step]:
        act = self._act()
        first = screens.muscles(service.start(self._cursor, act=act, day=None))
        rounds_made = (self._round(number, first) for number in range(rounds))
        return [self._message("/gym", first, act), *chain.from_iterable(rounds_made)]

    def _round(self, number: int, before: Screen) -> list[Step]:
        """Record a set; each button stands on the screen before, the muscle's on one of many that /gym has shown."""
        exercise = number // SETS % (8 * EXERCISES)
        set_no = 1 + number % SETS + SETS * (number // (SETS * 8 * EXERCISES))
        places = (exercise // EXERCISES, exercise % EXERCISES, set_no - 1, 9 + number % 3, 4 + number % 5)
        made = []
        for name, kind, place in zip(ROUND, BUTTONS, places, strict=True):
            data = _carried(before, kind)[place]
            act = self._act()
            screen = tapped(self._cursor, data, act)
            made.append(self._tap(name, data, before=before, screen=screen, act=act, message_id=number + 2))
            before = screen
        return made

    def _act(self) -> Act:
        self._count += 1
        return Act(FIRST_PERSON, BOT, SCRIPT_UPDATE + self._count, datetime.now(UTC), self._zone)

    def _message(self, text: str, screen: Screen, act: Act) -> Step:
        message = {
            "message_id": 1,
            "from": _person(act.user_id),
            "chat": _chat(act.user_id),
            "date": self._now,
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}],
        }
        return self._step(text, {"message": message}, screen, act, message_id=2)

    def _tap(self, name: str, data: str, *, before: Screen, screen: Screen, act: Act, message_id: int) -> Step:
        tap = {
            "id": f"{act.user_id}{act.update_id}",
            "from": _person(act.user_id),
            "message": self._shown(before, act, message_id),
            "chat_instance": "1234567890123456789",
            "data": data,
        }
        return self._step(name, {"callback_query": tap}, screen, act, message_id=message_id)

    def _step(self, name: str, content: dict[str, Any], screen: Screen, act: Act, *, message_id: int) -> Step:
        return Step(
            name=name,
            update=orjson.dumps({"update_id": act.update_id, **content}),
            update_id=str(act.update_id).encode(),
            shown=same(screen.text, {"inline_keyboard": screen.keyboard}),
            toast=screen.toast,
            result=orjson.dumps({"ok": True, "result": self._shown(screen, act, message_id)}),
        )

    def _shown(self, screen: Screen, act: Act, message_id: int) -> dict[str, Any]:
        """A message of the bot, as Telegram describes it."""
        text, entities = parse(screen.text)
        return {
            "message_id": message_id,
            "from": BOT_USER,
            "chat": _chat(act.user_id),
            "date": self._now,
            "edit_date": self._now,
            "text": text,
            "entities": entities,
            "reply_markup": {"inline_keyboard": screen.keyboard},
        }


def _carried(screen: Screen, kind: type[CallbackData]) -> list[str]:
    """Read what a screen's buttons of one kind carry."""
    every = [button["callback_data"] for row in screen.keyboard for button in row]
    return [data for data in every if data.startswith(f"{kind.__prefix__}:")]


def same(text: str, markup: Any) -> bytes:
    """Write what a person sees and can tap, so that equal screens are equal bytes however they travelled."""
    return orjson.dumps([text, markup], option=orjson.OPT_SORT_KEYS)


def steady_zone(now: datetime) -> str:
    """Name a zone in which it is about three in the afternoon: no day ends while it is measured."""
    ahead = (15 - now.hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


def _person(user_id: int) -> dict[str, Any]:
    names = {"first_name": "Ann", "last_name": "Lifter", "username": f"ann_{user_id}", "language_code": "en"}
    return {"id": user_id, "is_bot": False, **names}


def _chat(user_id: int) -> dict[str, Any]:
    names = {"first_name": "Ann", "last_name": "Lifter", "username": f"ann_{user_id}"}
    return {"id": user_id, **names, "type": "private"}
