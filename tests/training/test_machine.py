"""Anything that a person, two menus, Telegram, Redis and the clock can do to a training, in any order.

It taps, types, goes back, undoes, replaces, deletes, hides, delivers again and out of order, lets time pass and Redis
forget. After every step the rows, the statistics, the question in Redis and every message of the chat are what
machine_model.py says. The bot is the real one before a real PostgreSQL, a real Valkey and the sandbox; updates are
handed to it as the webhook does.

`make test` plays the same sessions each time. `MACHINE=2000 make test ARGS=tests/training/test_machine.py` plays as
many new ones, each twice as long, and prints their seed; with `MACHINE_SEED=` that seed it plays those again.
"""

import asyncio
import copy
import itertools
import logging
import os
import random
import re
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import aiohttp
import psycopg2
import pytest
import time_machine
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from redis import Redis

from app import bootstrap
from app.modules.delivery import Done
from app.modules.memory import Remembered
from app.settings import WebhookSettings
from dev.servers import Postgres, Valkey
from tests.conftest import find_free_port
from tests.stage import Sandbox, webhook_env
from tests.training.machine_model import Line, Model
from tests.training.machine_screens import BENCH, MUSCLES, NAMES, Row, Screen, carried, code_of, day_of, plain

LONG = int(os.environ.get("MACHINE", "0"))
SEED = int(os.environ.get("MACHINE_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
SETTINGS = settings(
    max_examples=LONG or 5,
    stateful_step_count=50 if LONG else 25,
    derandomize=not LONG,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
SATURDAY = datetime.fromisoformat("2026-03-28T18:00:00.250+00:00")  # Berlin's clocks are put forward in the night
ROWS = """
    SELECT day, exercise_id, set, weight, reps::int, date, entry, former_weight, former_reps::int, former_entry
      FROM training WHERE user_id = %s
"""
STATS = """
    SELECT exercise_id, days, last_day, last_date, record_weight, record_reps::int, record_day
      FROM exercise_stats WHERE user_id = %s
"""


@dataclass
class Stage:
    """A bot before a database, a Redis and a Telegram, and the clock that it looks at."""

    sandbox: Sandbox
    house: bootstrap.House
    redis: Redis
    loop: asyncio.AbstractEventLoop
    http: aiohttp.ClientSession
    clock: time_machine.Traveller
    cursor: Any
    update_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def select(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        self.cursor.execute(statement, values)
        return list(self.cursor.fetchall())

    async def messages(self, person: int) -> dict[int, dict[str, Any]]:
        """Every message of a chat, which come in pages."""
        found: dict[int, dict[str, Any]] = {}
        more, before = True, 2**31
        while more:
            async with self.http.get(f"{self.sandbox.url}/chats/{person}", params={"before": before}) as answer:
                page = await answer.json()
            found |= {each["message_id"]: each for each in page["messages"]}
            more, before = page["has_more"], min(found, default=0)
        return found


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, template_database: str, valkey: Valkey
) -> Iterator[Stage]:
    """A gym of three exercises."""
    loop = asyncio.new_event_loop()
    sandbox = Sandbox(port=find_free_port(), folder=tmp_path_factory.mktemp("machine"))
    loop.run_until_complete(sandbox.start())
    postgres.create_database("machine", template=template_database)
    database = postgres.env("machine")
    env = webhook_env(port=1, api_url=sandbox.url, database=database, redis=valkey.env()) | {"DB_POOL": "2"}
    patience = pytest.MonkeyPatch()
    patience.setattr("app.modules.memory.PATIENCE_SECONDS", 60.0)  # Redis is skipped when a rule says so, never else
    house = bootstrap.build(WebhookSettings.model_validate({name.lower(): value for name, value in env.items()}))
    names = {"host": "DB_HOST", "port": "DB_PORT", "dbname": "DB_NAME", "user": "DB_USER", "password": "DB_PASSWORD"}
    own = psycopg2.connect(**{name: database[key] for name, key in names.items()})
    own.autocommit = True
    redis = Redis(unix_socket_path=valkey.env()["REDIS_HOST"], password=valkey.password)

    async def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    with own.cursor() as cursor, redis, time_machine.travel(SATURDAY, tick=False) as clock:
        cursor.execute("UPDATE exercises SET deleted_at = now() WHERE id <> ALL (%s)", (list(NAMES),))
        cursor.execute("UPDATE muscles SET deleted_at = now() WHERE id <> ALL (%s)", (list(MUSCLES),))
        http = loop.run_until_complete(session())
        yield Stage(sandbox, house, redis, loop, http, clock, cursor)
        loop.run_until_complete(http.close())
    patience.undo()
    own.close()
    loop.run_until_complete(house.api.close())
    loop.run_until_complete(house.memory.close())
    loop.run_until_complete(house.db.close())
    loop.run_until_complete(sandbox.stop())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    for router in house.delivery._dispatcher.sub_routers:
        router._parent_router = None  # another test may build a bot of the same rooms
    postgres.drop_database("machine")


# What a person types.

of = st.sampled_from
WEIGHTS = of(["60", "62.5", "65", "80", "20", "2.5", "61.25", "300", "bw"])
REPS = of([8, 5, 10, 1, 999])
ONE_SET = ("{w}x{r}", "{w} {r}", "{w}*{r}", "{w}х{r}", "{w} × {r}")
SEVERAL_SETS = ("{s}x{r}x{w}", "{s}x{r}@{w}", "{s} {r} {w}")
ENTRY_NAMES = ["", "", "", "bench", "Incline press", "incl", "pull ups", "press", "curl"]


@st.composite
def entries(draw: st.DrawFn, names: Sequence[str] = ENTRY_NAMES) -> Line:
    """Whole sets, in every notation."""
    weight, reps, sets, name = draw(WEIGHTS), draw(REPS), draw(of([1, 1, 1, 3, 2, 18])), draw(of(names))
    typed = weight if weight == "bw" else draw(of([weight, weight.replace(".", ","), f"{weight}kg"]))
    form = "{w} x {r}" if weight == "bw" else draw(of(ONE_SET))
    text = (form if sets == 1 else draw(of(SEVERAL_SETS))).format(s=sets, r=reps, w=typed)
    return Line("entry", f"{name} {text}".strip(), Decimal(weight.replace("bw", "0")), reps, sets, name)


NUMBERS = of(
    [
        Line("number", "62.5", Decimal("62.5")),
        Line("number", "62,5kg", Decimal("62.5")),
        Line("number", " 60 ", Decimal(60), reps=60),
        Line("number", "٦٥", Decimal(65), reps=65),
        Line("number", "8", Decimal(8), reps=8),
        Line("number", "10", Decimal(10), reps=10),
        Line("number", "300", Decimal(300), reps=300),
        Line("number", "0", Decimal(0)),
        Line("number", "1000", Decimal(1000)),
    ]
)
WORDS = of([Line("words", text) for text in ("bench", "incl", "press", "BENCH PRESS", "up pull", "zzzz", "hello you")])
WRONG = of(
    [
        Line("wrong", "60x0", answer="Reps are whole numbers from 1 to 999…"),
        Line("wrong", "21x8@60", answer="One line can hold 1 to 20 sets…"),
        Line("wrong", "60x2.5", answer="Reps are whole numbers from 1 to 999…"),
    ]
)
COMMANDS = of([Line("command", text) for text in ("/gym", "/gym", "/start", "/cancel", "/history", "/records")])
LINES = st.one_of(entries(), entries(), NUMBERS, NUMBERS, WORDS, WRONG, COMMANDS)

KINDS = {  # of buttons, by what they carry
    "⚡": "rq1",
    "set": "rs1",
    "kg": "rk1",
    "reps": "rr1|rp1",
    "replace": "rw1|rp1",
    "delete": "rd1",
    "undo": "ru1",
    "exercise": "re1",
    "list": "rl1|ra1",
    "muscles": "rm1",
    "sure": "rt1",
    "day": "rc1",
    "history": "h[123]",
    "past day": "h2",
    "any": "r|m1|h",
}
TIMES_THAT_MATTER = [
    *(("after", seconds) for seconds in (1, 2, 3, 600)),
    *(("since", seconds) for seconds in (10_799, 10_800)),  # three hours after the last set
    *(("until", clock) for clock in ((23, 59, 58), (0, 0, 1), (3, 59, 58), (4, 0, 0), (12, 0, 0))),
]
PAUSE = of([4, 4, 4, 1, 40])  # seconds
NTH = st.integers(0, 30)
TO_A_SET = ("kg", "set", "exercise", "list", "muscles")  # kinds of buttons, the nearest to a set first
AGAIN = of([0, 0, 1, 2])  # how often Telegram brings it again
UNDO = of([[], [], ["now"], ["before", "now"], ["before", "now"], ["now", "before"], ["now", "now"]])


@dataclass
class Update:
    """Something that a person did: as Telegram brings it, and what it means."""

    id: int
    raw: dict[str, Any]
    line: Line | None = None  # that was typed
    sent_at: datetime = SATURDAY
    data: str = ""  # that the tapped button carries
    message: int = 0  # that it stands on

    def comes_to(self, model: Model, message: int) -> Screen:
        if self.line:
            return model.write(self.id, self.line, sent_at=self.sent_at, message=message)
        return model.tap(self.id, self.data, message=message)


class Machine(RuleBasedStateMachine):
    """One person's training."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.updates: list[Update] = []
        self.chat: dict[int, dict[str, Any]] = {}  # every message of the bot, as it was when it was looked at
        self.old: list[tuple[int, str]] = []  # every button ever shown: message, data
        self.moments: set[datetime] = set()
        self.model = Model(SATURDAY)
        self.stage.clock.move_to(SATURDAY)
        self.stage.redis.flushall()
        self.person = int(self.stage.run(self.stage.sandbox.person()).id)
        self.write(Line("command", "/start"))

    @initialize(
        history=st.lists(st.tuples(st.integers(1, 8), of([*NAMES]), st.integers(1, 3), WEIGHTS, REPS), max_size=6),
        zone=of(["UTC", "Europe/Berlin", "America/New_York"]),
        hours=of([0, 4, 4, 7, 9]),
        first=of(["bench", "bench", "incl", "pull ups", "press"]),
    )
    def somebody(self, history: list[tuple[int, int, int, str, int]], zone: str, hours: int, first: str) -> None:
        """Somebody who trained before, and begins."""
        self.model.now += timedelta(hours=hours)
        self.model.zone = zone
        self.stage.cursor.execute("UPDATE users SET timezone = %s WHERE id = %s", (zone, self.person))
        for number, (days, exercise, no, weight, reps) in enumerate(history):
            day, at = SATURDAY.date() - timedelta(days), SATURDAY - timedelta(days=days, minutes=-number)
            kilograms = Decimal(weight.replace("bw", "0"))
            if (day, exercise, no) not in self.model.rows:
                self.model.rows[day, exercise, no] = Row(kilograms, reps, at, None)
                self.stage.cursor.execute(
                    "INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)"
                    " SELECT %s, %s, %s, e.muscle, e.id, %s, %s, %s FROM exercises AS e WHERE e.id = %s",
                    (at, day, self.person, no, kilograms, reps, exercise),
                )
        self.write(Line("words", first))

    # What happens.

    @rule(kind=of(["⚡", "⚡", "reps", "kg"]), nth=NTH, pause=PAUSE, then=of(["", "", "again", "again", "twice"]))
    def records(self, kind: str, nth: int, pause: int, then: str) -> None:
        """Tap from any screen to a set; Telegram may bring the last tap again, or a thumb slip on the next button."""
        self.walk(kind, *TO_A_SET, nth=nth, pause=pause)
        if then == "again":
            self.again(self.updates[-1], pause=1, times=1 + nth % 2)
        elif then == "twice" and (found := self.buttons("⚡") or self.buttons("any")):
            self.tap(*found[0], pause=nth % 5)

    @rule(ask=of(["set", "kg", "reps"]), line=st.one_of(NUMBERS, entries([""])), nth=NTH, pause=PAUSE, again=AGAIN)
    def answers_by_typing(self, ask: str, line: Line, nth: int, pause: int, again: int) -> None:
        self.walk(ask, *TO_A_SET, nth=nth, pause=4)
        self.types(line, pause, 0, again)

    @rule(line=LINES, pause=PAUSE, late=of([0, 0, 0, 30, 3600]), again=AGAIN)
    def types(self, line: Line, pause: int, late: int, again: int) -> None:
        self.write(line, pause=pause, late=late)
        self.again(self.updates[-1], pause=1, times=again)

    @rule(line=entries(["", "bench", "pull ups", "press"]), pause=PAUSE, nth=NTH, again=AGAIN)
    def types_sets(self, line: Line, pause: int, nth: int, again: int) -> None:
        """And answers what is asked about them."""
        self.write(line, pause=pause)
        typed = self.updates[-1]
        if found := self.buttons("sure"):
            self.tap(*found[nth % len(found)])
            self.again(self.updates[-1], pause=1, times=again)
        self.again(typed, pause=1, times=again)

    @rule(how=of(["replace", "replace", "delete"]), nth=NTH, pause=PAUSE, twice=st.booleans(), again=AGAIN, undo=UNDO)
    def corrects(self, how: str, nth: int, pause: int, twice: bool, again: int, undo: list[str]) -> None:
        """Replace a set, once or twice, or delete it; Undo what made it so or made it before; or tap what is stale."""
        for number in range(2 if twice else 1):
            key = self.open_a_set_that_is_done(nth)
            if self.walk(how, nth=0, pause=4) and how == "replace":
                self.walk("reps", "kg", nth=nth + 3 * number, pause=pause)
            self.again(self.updates[-1], pause=1, times=again)
        row = self.model.rows.get(key)
        entries = {"now": row.entry, "before": row.former[2] if row.former else None} if row else {}
        undos = []
        for which in undo:
            found = [each for each in self.old if each[1].startswith(f"ru1:{key[1]}:{entries.get(which)}:")]
            undos += [self.tap(*each) for each in found[-1:]]
        for update in undos:
            self.again(update, pause=1, times=1)
        stale = [each for each in reversed(self.old) if self.is_stale(each[1])]
        if stale and not undo:
            self.tap(*stale[nth % len(stale)])

    @rule(place=of([0, 0, 1, 2, 5]), pause=PAUSE, again=AGAIN)
    def undoes(self, place: int, pause: int, again: int) -> None:
        """On whichever message the button stands or stood; then Telegram brings that again, and what was undone."""
        found = [each for each in reversed(self.old) if each[1].startswith("ru1")]
        if found:
            message, data = found[place % len(found)]
            self.tap(message, data, pause=pause)
            undone = [each for each in self.updates if str(each.id) == data.split(":")[2]]
            for update in [self.updates[-1], *undone]:
                self.again(update, pause=1, times=again)

    @rule(kind=of(list(KINDS)), message=of([0, 0, 0, 1, 2]), nth=NTH, pause=PAUSE)
    def taps(self, kind: str, message: int, nth: int, pause: int) -> None:
        """A button of a kind, on the newest message or on one before."""
        found = self.buttons(kind, message) or self.buttons("any", message)
        if found:
            self.tap(*found[nth % len(found)], pause=pause)

    @rule(kind=of(["⚡", "reps", "replace", "delete", "sure", "any"]), nth=NTH, pause=PAUSE)
    def taps_a_button_of_before(self, kind: str, nth: int, pause: int) -> None:
        """One that has gone from the screen since, or whose message has lost its keyboard."""
        found = [each for each in reversed(self.old) if re.match(KINDS[kind], each[1])]
        if found:
            self.tap(*found[nth % len(found)], pause=pause)

    @rule(kind=of(["line", "line", "⚡", "reps", "replace", "delete", "undo", "sure", "any"]), nth=NTH, pause=PAUSE)
    def telegram_brings_again(self, kind: str, nth: int, pause: int) -> None:
        found = [
            each
            for each in reversed(self.updates)
            if (each.line if kind == "line" else kind == "any" or re.match(KINDS[kind], each.data))
        ]
        if found:
            self.again(found[nth % len(found)], pause=pause, times=1)

    @rule(line=LINES, other=st.one_of(LINES, of(["⚡", "reps", "any"])), nth=NTH)
    def a_line_is_overtaken(self, line: Line, other: Line | str, nth: int) -> None:
        """Telegram has a queue for messages and one for taps; and an outage may put lines out of order."""
        overtaken = self.written(line, pause=4)
        if isinstance(other, Line):
            self.write(other)
        elif found := self.buttons(other):
            self.tap(*found[nth % len(found)])
        self.deliver(overtaken)

    @rule(what=of(TIMES_THAT_MATTER), then=of(["", "any", "⚡", "line"]), line=entries(["", "", "bench"]), again=AGAIN)
    def time_passes(self, what: tuple[str, Any], then: str, line: Line, again: int) -> None:
        """And what was on the screen before is used."""
        kind, value = what
        if kind == "after":
            self.model.now += timedelta(seconds=value)
        elif kind == "since":
            last = max((row.at for row in self.model.rows.values()), default=self.model.now)
            self.model.now = max(self.model.now, last + timedelta(seconds=value))
        else:
            zone = ZoneInfo(self.model.zone)
            moment = datetime.combine(self.model.now.astimezone(zone).date(), time(*value, 250_000), zone)
            while moment.astimezone(UTC) <= self.model.now:
                moment += timedelta(1)
            self.model.now = moment.astimezone(UTC)
        if then == "line":
            self.types(line, 0, 0, again)
        elif then and (found := self.buttons(then)):
            self.tap(*found[0], pause=0)

    @rule(then=st.lists(of(["", "⚡", "line", "line"]), min_size=4, max_size=4), line=entries(["", "", "bench"]))
    def trains_all_night(self, then: list[str], line: Line) -> None:
        for clock, what in zip(((23, 59, 58), (1, 30, 0), (3, 59, 58), (4, 0, 0)), then, strict=True):
            self.time_passes(("until", clock), what, line, 1)

    @rule(days=st.integers(0, 9), kind=of(["⚡", "reps", "set"]), nth=NTH, again=AGAIN)
    def trains_for_another_day(self, days: int, kind: str, nth: int, again: int) -> None:
        """By a day of the calendar."""
        day = self.model.now.astimezone(ZoneInfo(self.model.zone)).date() - timedelta(days)
        self.tap(max(self.chat), f"rm1:{code_of(day)}m:0")
        self.walk(kind, *TO_A_SET, nth=nth, pause=4)
        self.again(self.updates[-1], pause=1, times=again)

    @rule(
        how=of(["set", "replace", "replace", "delete", "⚡", "reps", "line", "line to the set"]),
        nth=NTH,
        hides=of(["", "before", "before", "in between"]),
        line=st.one_of(NUMBERS, entries([""])),
        again=AGAIN,
        undo=st.booleans(),
    )
    def looks_back(self, how: str, nth: int, hides: str, line: Line, again: int, undo: bool) -> None:
        """Open a day of the history and an exercise there, hidden or not; correct it or add to it; then go back."""
        self.tap(max(self.chat), "h1::")
        if not (self.walk("past day", nth=nth, pause=4) and self.buttons("exercise")):
            return
        exercises = self.buttons("exercise")
        message, data = exercises[nth % len(exercises)]
        if hides == "before":
            self.hides_or_shows_again(int(data.split(":")[1]), "row")
        self.tap(message, data)
        if hides == "in between":
            self.hides_or_shows_again(0, "row")
        if how != "line":
            self.walk(how if how in KINDS else "set", "set", nth=nth, pause=4)
        if how.startswith("line"):
            self.types(line, 4, 0, again)
        elif how == "replace":
            self.walk("reps", "kg", nth=nth, pause=4)
        self.again(self.updates[-1], pause=1, times=again)
        if undo and self.walk("undo", nth=nth, pause=4):
            self.again(self.updates[-1], pause=1, times=again)
        self.walk("past day", "exercise", nth=0, pause=4)
        self.walk("history", nth=nth, pause=4)

    @rule(exercise=of([0, 0, *NAMES]), by=of(["row", "button"]))
    def hides_or_shows_again(self, exercise: int, by: str) -> None:
        """By a row, or by a button of /edit; most often what is on the screen."""
        there = min(self.model.hidden, default=0)
        exercise = exercise or self.model.about.get("exercise", BENCH)
        if by == "button" and self.chat:
            self.tap(max(self.chat), f"es2:e:{there}" if there else f"eh2:e:{exercise}:1")
        elif there:
            statement = "DELETE FROM user_hidden_exercises WHERE user_id = %s AND exercise_id = %s"
            self.stage.cursor.execute(statement, (self.person, there))
            self.model.hidden.remove(there)
        else:
            statement = "INSERT INTO user_hidden_exercises (user_id, exercise_id) VALUES (%s, %s)"
            self.stage.cursor.execute(statement, (self.person, exercise))
            self.model.hidden.add(exercise)

    @rule(then=of(["", "/gym", "/gym", "bench"]))
    def redis_forgets(self, then: str) -> None:
        """So the next command opens a second menu beside the first."""
        self.stage.redis.flushall()
        self.model.forget()
        if then:
            self.write(Line("command" if then.startswith("/") else "words", then))

    @rule(kind=of(["any", "set", "kg"]), nth=NTH, line=st.one_of(st.none(), LINES))
    def redis_takes_nothing(self, kind: str, nth: int, line: Line | None) -> None:
        """It is full, so what the next screen asks is not remembered."""
        found = self.buttons(kind) or self.buttons("any")
        if not line and not found:
            return
        self.stage.redis.config_set("maxmemory", 1)
        try:
            self.deliver(self.written(line) if line else self.tapped(*found[nth % len(found)]), is_kept=False)
        finally:
            self.stage.redis.config_set("maxmemory", 0)
            self.stage.run(self.stage.house.memory.trouble())  # it is asked again at once, not in a second

    # How it is done.

    def buttons(self, kind: str, message: int = 0) -> list[tuple[int, str]]:
        """The buttons of a kind that the model knows, on a message that has some, counted from the newest."""
        alive = [number for number in sorted(self.chat, reverse=True) if keyboard(self.chat[number])]
        if not alive:
            return []
        number = alive[message % len(alive)]
        found = [data for _, data in keyboard(self.chat[number]) if hasattr(Model, f"tap_{data.split(':')[0]}")]
        return [(number, data) for data in found if re.match(KINDS[kind], data)]

    def is_stale(self, data: str) -> bool:
        """Whether a button would change a set that has other numbers by now."""
        prefix, exercise, no, *seen = [*data.split(":"), "", ""]
        if prefix not in ("rd1", "rp1"):
            return False
        row = self.model.rows.get((day_of(data.split(":")[-1]), int(exercise), int(no)))
        return row is not None and ":".join(seen[:2]) != carried(row.numbers)

    def walk(self, kind: str, *ways: str, nth: int, pause: int) -> bool:
        """Tap a button of a kind, or go on by the first of the ways that is there; say whether it was found."""
        for _ in range(6):
            way = next((each for each in (kind, *ways) if self.buttons(each)), None)
            if way is None:
                return False
            found = self.buttons(way)
            self.tap(*found[nth % len(found)], pause=pause if way == kind else 4)
            if way == kind:
                return True
        return False

    def open_a_set_that_is_done(self, nth: int) -> tuple[date, int, int]:
        """By a button that stood somewhere, on the newest message; do one when there is none; say which it is."""
        done = self.own_sets() or (self.walk("reps", *TO_A_SET, nth=nth, pause=4) and self.own_sets())
        day, exercise, no = done[-1 - nth % min(3, len(done))] if done else (SATURDAY.date(), BENCH, 1)
        data = f"rs1:{exercise}:{no}:{code_of(day)}"
        if any(each[1] == data for each in self.old):
            self.tap(max(self.chat), data)
        return day, exercise, no

    def own_sets(self) -> list[tuple[date, int, int]]:
        """Those done since the beginning, the latest last."""
        rows = self.model.rows
        return sorted((key for key in rows if rows[key].entry), key=lambda key: rows[key].at)

    def tapped(self, message: int, data: str, *, pause: int = 4) -> Update:
        self.model.now += timedelta(seconds=pause, microseconds=1)  # no two sets are of one moment
        update_id = next(self.stage.update_ids)
        query = {"id": str(update_id), "chat_instance": "1", "data": data, "message": self.raw(message) | {"text": "x"}}
        return Update(update_id, {"update_id": update_id, "callback_query": self.by(query)}, data=data, message=message)

    def written(self, line: Line, *, pause: int = 4, late: int = 0) -> Update:
        self.model.now += timedelta(seconds=pause, microseconds=1)
        update_id = next(self.stage.update_ids)
        sent_at = (self.model.now - timedelta(seconds=late)).replace(microsecond=0)
        while sent_at in self.moments:
            sent_at -= timedelta(seconds=1)
        self.moments.add(sent_at)
        content = self.raw(1) | {"text": line.text, "date": int(sent_at.timestamp())}
        return Update(update_id, {"update_id": update_id, "message": self.by(content)}, line, sent_at)

    def by(self, content: dict[str, Any]) -> dict[str, Any]:
        return content | {"from": {"id": self.person, "is_bot": False, "first_name": "Ann"}}

    def raw(self, number: int) -> dict[str, Any]:
        return {"message_id": number, "date": 1, "chat": {"id": self.person, "type": "private", "first_name": "Ann"}}

    def tap(self, message: int, data: str, *, pause: int = 4) -> Update:
        update = self.tapped(message, data, pause=pause)
        self.deliver(update)
        return update

    def write(self, line: Line, *, pause: int = 4, late: int = 0) -> None:
        self.deliver(self.written(line, pause=pause, late=late))

    def again(self, update: Update, *, pause: int, times: int) -> None:
        """What was handled once changes nothing more, whenever it comes again."""
        for _ in range(times):
            self.model.now += timedelta(seconds=pause)
            before = dict(self.model.rows)
            self.deliver(update)
            assert self.model.rows == before

    def deliver(self, update: Update, *, is_kept: bool = True) -> None:
        """Bring an update to the bot, and compare all there is with the model."""
        if update not in self.updates:
            self.updates.append(update)
        self.stage.clock.move_to(self.model.now)
        outcome = self.stage.run(self.stage.house.delivery.take(copy.deepcopy(update.raw)))
        assert isinstance(outcome, Done)
        chat, former = self.stage.run(self.stage.messages(self.person)), self.model.flow
        new = sorted(chat.keys() - self.chat.keys())
        assert len(new) == (1 if update.line else 0)
        number = new[0] if update.line else update.message
        self.model.redis_takes = is_kept
        screen = update.comes_to(self.model, number)
        if not update.line:
            assert outcome.reply
            assert outcome.reply["method"] == "answerCallbackQuery"
            if screen.lines != ["…"]:
                assert outcome.reply.get("text") == screen.toast
        self.compare_tables()
        compare(screen, chat[number])
        if update.line and former in self.chat:
            assert not keyboard(chat[former])
            self.chat[former] = chat[former]
        self.chat[number] = chat[number]
        assert self.chat == chat
        self.old += [(number, data) for _, data in keyboard(chat[number]) if (number, data) not in self.old[-40:]]
        self.old = [each for each in self.old if hasattr(Model, f"tap_{each[1].split(':')[0]}")]

    def compare_tables(self) -> None:
        """The rows, the statistics, the question; and nothing was parked."""
        rows = {
            (day, exercise, no): Row(weight, reps, at.astimezone(UTC), entry, tuple(former) if former[1] else None)
            for day, exercise, no, weight, reps, at, entry, *former in self.stage.select(ROWS, self.person)
        }
        assert rows == self.model.rows
        stats = {
            exercise: (days, last, at.astimezone(UTC), *record)
            for exercise, days, last, at, *record in self.stage.select(STATS, self.person)
        }
        assert stats == self.model.stats()
        model, state = self.model, f"Asked:{self.model.asks}" if self.model.asks else None
        remembered = self.stage.run(self.stage.house.memory.read(self.person))
        assert remembered == Remembered(state, model.about, model.flow, model.by)
        assert self.stage.select("SELECT update_id, traceback FROM updates_parked") == []


def keyboard(message: dict[str, Any]) -> list[tuple[str, str]]:
    """The buttons of a message: what each reads, and what it carries."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [(button["text"], button["callback_data"]) for row in rows for button in row]
    return [(label, re.sub(r"\d+\.\d+(?=:)", lambda found: plain(Decimal(found[0])), data)) for label, data in buttons]


def compare(screen: Screen, message: dict[str, Any]) -> None:
    """A message is the screen."""
    lines = [re.sub(r" +", " ", line) for line in message["text"].splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(("+--", "| Set | Weight"))]
    shown = "\n".join(["the bot:", *lines, "", "the model:", *screen.lines])
    if screen.lines[-1] == "…":
        lines = lines[: len(screen.lines) - 1]
    assert len(lines) == len([words for words in screen.lines if words != "…"]), shown
    for line, words in zip(lines, screen.lines, strict=False):
        assert line.startswith(words[:-1]) if words.endswith("…") else line == words, shown
    told = {label: data for label, data in screen.buttons}
    there = [each for each in keyboard(message) if each[0] in told]
    more = [f"{label} {data}" for label, data in keyboard(message) if label not in told]
    assert [(label, data if "…" not in told[label] else told[label]) for label, data in there] == screen.buttons
    assert all(re.fullmatch(screen.more, each) for each in more), f"{more} are not {screen.more}"


@pytest.mark.timeout(0 if LONG else 900)
def test_machine(stage: Stage, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)  # thousands of sessions, of which the last one's steps are printed
    Machine.stage = stage
    if LONG:
        with capsys.disabled():
            print(f"\nMACHINE={LONG} MACHINE_SEED={SEED}")  # noqa: T201
        seed(SEED)(Machine)
    run_state_machine_as_test(Machine, settings=SETTINGS)
