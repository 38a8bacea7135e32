"""Typed lines, from Telegram's update to the answer in the chat and the rows in the database.

The bot is the real one, built by app.bootstrap (twice, as two processes have it), before a real PostgreSQL, a real
Valkey and the sandbox; updates are handed to it as the webhook does. Where it is Telegram's JSON or the log that
matters, the bot is a process of its own and the updates come over HTTP.
"""

import asyncio
import itertools
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import psycopg2
import pytest
import time_machine

from app import bootstrap
from app.modules.delivery import Done, Later
from app.settings import WebhookSettings
from dev.servers import Postgres, Valkey, temporary_folder
from tests.conftest import find_free_port
from tests.stage import SECRET, Process, Sandbox, webhook_env

NOON = datetime.fromisoformat("2026-03-11T12:00:00+00:00")  # a Wednesday
TODAY = "9566"  # as buttons write it
BACK = "⬅️ Go back"
BENCH, INCLINE, SQUAT = "Bench press", "Incline smith", "Squat"

Row = tuple[str, str, int, float, int]  # day, exercise, set, weight, reps


@dataclass
class Stage:
    """Two bots before one database, one Redis and one Telegram."""

    houses: list[bootstrap.House]
    sandbox: Sandbox
    http: aiohttp.ClientSession
    cursor: Any
    valkey: Valkey
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    exercises: dict[str, int] = field(default_factory=dict)

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        self.cursor.execute(statement, values or None)
        return self.cursor.fetchall() if self.cursor.description else []

    async def ask(self, method: str, path: str, content: Any = None) -> Any:
        async with self.http.request(method, f"{self.sandbox.url}{path}", json=content) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()


@dataclass
class Chat:
    """One person before the bots, with a clock of their own; sees the message that was tapped or sent last."""

    stage: Stage
    id: int
    now: datetime = NOON
    screen: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What is read on the screen."""
        return str(self.screen["text"])

    def buttons(self) -> list[str]:
        return [button["text"] for row in self._keyboard(self.screen) for button in row]

    def data(self, text: str) -> str:
        """What a button carries, to be tapped later."""
        found = [each for row in self._keyboard(self.screen) for each in row if each["text"] == text]
        assert found, f"no [{text}] below {self.text}"
        return found[0]["callback_data"]

    @staticmethod
    def _keyboard(message: dict[str, Any]) -> list[list[dict[str, str]]]:
        return list(message.get("reply_markup", {}).get("inline_keyboard", []))

    async def messages(self) -> list[dict[str, Any]]:
        return list((await self.stage.ask("GET", f"/chats/{self.id}"))["messages"])

    def line(self, text: str, *, sent: datetime | None = None) -> dict[str, Any]:
        """An update: a typed line, sent now unless told otherwise."""
        date = int((sent or self.now).timestamp())
        content = self._message(900_000) | {"date": date, "from": self._person(), "text": text}
        return {"update_id": next(self.stage.numbers), "message": content}

    def button(self, data: str) -> dict[str, Any]:
        """An update: a tap on the message that is looked at."""
        shown = self._message(self.screen.get("message_id", 900_001)) | {"text": "x"}
        shown["from"] = {"id": self.stage.houses[0].bot.id, "is_bot": True, "first_name": "Gym"}
        number = next(self.stage.numbers)
        query = {"id": str(number), "from": self._person(), "chat_instance": "1", "data": data, "message": shown}
        return {"update_id": number, "callback_query": query}

    def _person(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": "Ann"}

    def _message(self, message_id: int) -> dict[str, Any]:
        chat = {"id": self.id, "type": "private", "first_name": "Ann"}
        return {"message_id": message_id, "date": int(self.now.timestamp()), "chat": chat}

    async def deliver(self, update: dict[str, Any], *, house: int = 0) -> Done | Later:
        """Hand an update to a bot, as often as one likes."""
        with time_machine.travel(self.now, tick=False):
            outcome = await self.stage.houses[house].delivery.take(update)
        assert isinstance(outcome, Done | Later)
        return outcome

    async def look(self, message_id: int | None = None) -> None:
        """Look at a message of the bot; at the newest one unless told otherwise."""
        if message_id is None:
            newest = (await self.stage.ask("GET", f"/chats/{self.id}?limit=1"))["messages"]
            self.screen = newest[-1]
        else:
            self.screen = next(each for each in await self.messages() if each["message_id"] == message_id)

    async def write(self, text: str, *, sent: datetime | None = None) -> str:
        """Type a line and read the answer."""
        outcome = await self.deliver(self.line(text, sent=sent))
        assert outcome == Done()
        await self.look()
        return self.text

    async def tap(self, *texts: str) -> str:
        """Tap buttons, one after another, by what they read."""
        for text in texts:
            await self.press(self.data(text))
        return self.text

    async def press(self, data: str) -> dict[str, Any]:
        """Tap a button that carries this, and return what answers the tap."""
        outcome = await self.deliver(self.button(data))
        assert isinstance(outcome, Done)
        assert outcome.reply is not None
        await self.look()
        return outcome.reply

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def rows(self) -> list[Row]:
        return self.stage.sql(
            """SELECT t.day::text, e.name, t.set, t.weight::float, t.reps::int
                 FROM training AS t JOIN exercises AS e ON e.id = t.exercise_id
                WHERE t.user_id = %s ORDER BY t.day, e.name, t.set""",
            self.id,
        )

    def sets(self, exercise: str = BENCH, day: str = "2026-03-11") -> list[tuple[int, float, int]]:
        return [(row[2], row[3], row[4]) for row in self.rows() if row[:2] == (day, exercise)]

    def did(self, exercise: str, *sets: tuple[int, float, int], at: datetime = NOON - timedelta(days=7)) -> None:
        """Let there be sets, a minute apart, the last of them at that moment; the statistics follow by themselves."""
        for place, (set_no, weight, reps) in enumerate(sets, 1):
            date = at - timedelta(minutes=len(sets) - place)
            self.stage.sql(
                """INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps)
                   SELECT %s, %s, %s, e.muscle, e.id, %s, %s, %s FROM exercises AS e WHERE e.id = %s""",
                date, at.date(), self.id, set_no, weight, reps, self.exercise(exercise),
            )  # fmt: skip

    def forget_sets(self) -> None:
        self.stage.sql("DELETE FROM training WHERE user_id = %s", self.id)

    def exercise(self, name: str) -> int:
        """The number of a global exercise."""
        if name not in self.stage.exercises:
            ((number,),) = self.stage.sql("SELECT id FROM exercises WHERE name = %s AND is_global", name)
            self.stage.exercises[name] = number
        return self.stage.exercises[name]

    def own_exercise(self, name: str, muscle: int = 1) -> int:
        statement = """INSERT INTO exercises (name, name_key, muscle, is_global, created_by)
                       VALUES (%s, %s, %s, FALSE, %s) RETURNING id"""
        return int(self.stage.sql(statement, name, name.casefold(), muscle, self.id)[0][0])

    def hide(self, exercise: int) -> None:
        self.stage.sql("INSERT INTO user_hidden_exercises (user_id, exercise_id) VALUES (%s, %s)", self.id, exercise)


NewChat = Callable[[], Any]


@pytest.fixture(scope="module")
async def stage(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, template_database: str, valkey: Valkey
) -> AsyncIterator[Stage]:
    """A Telegram apart, and two bots."""
    valkey.flush()
    sandbox = Sandbox(port=find_free_port(), folder=tmp_path_factory.mktemp("lines"))
    await sandbox.start()
    postgres.create_database("lines", template=template_database)
    houses = [built(sandbox, postgres, valkey) for _ in range(2)]
    env = postgres.env("lines")
    names = {"host": "DB_HOST", "port": "DB_PORT", "dbname": "DB_NAME", "user": "DB_USER", "password": "DB_PASSWORD"}
    connection = psycopg2.connect(**{name: env[key] for name, key in names.items()})
    connection.autocommit = True
    async with aiohttp.ClientSession() as http:
        with connection.cursor() as cursor:
            yield Stage(houses, sandbox, http, cursor, valkey)
    connection.close()
    for house in houses:
        await close(house)
    await sandbox.stop()
    postgres.drop_database("lines")


def built(sandbox: Sandbox, postgres: Postgres, valkey: Valkey) -> bootstrap.House:
    """Build a bot, so that another one may be built of the same rooms."""
    env = webhook_env(port=1, api_url=sandbox.url, database=postgres.env("lines"), redis=valkey.env())
    env |= {"DB_POOL": "2"}
    house = bootstrap.build(WebhookSettings.model_validate({name.lower(): value for name, value in env.items()}))
    for router in house.delivery._dispatcher.sub_routers:
        router._parent_router = None
    return house


async def close(house: bootstrap.House) -> None:
    await house.api.close()
    await house.memory.close()
    await house.db.close()


@pytest.fixture
async def chat(stage: Stage) -> NewChat:
    """Call it for somebody new."""

    async def made() -> Chat:
        person = await stage.ask("POST", "/people", {"first_name": "Ann"})
        # Met a moment ago: what is registered, and when, is told elsewhere.
        stage.sql("INSERT INTO users (id, first_name) VALUES (%s, 'Ann')", person["id"])
        return Chat(stage, person["id"])

    return made


@pytest.fixture
async def ann(chat: NewChat) -> Chat:
    """Somebody new, on Wednesday 11 March 2026 at noon."""
    made: Chat = await chat()
    return made


# The table of typed lines. Each is typed on every kind of screen, by somebody who did set 1 two minutes ago: 60kg × 10.


@dataclass(frozen=True)
class Weight:
    """Read as a weight; as reps when it is whole and has no unit."""

    text: str
    reps: int | None = None


@dataclass(frozen=True)
class Sets:
    """Read as whole sets."""

    weight: float
    reps: int
    count: int = 1


@dataclass(frozen=True)
class Wrong:
    """Numbers that cannot be taken; a single one may be wrong as a weight, and as reps for another reason."""

    why: str
    is_number: bool = False


@dataclass(frozen=True)
class Words:
    """Read as a name that nothing has."""


WEIGHTS = "Weights go from 0 (bodyweight) to 999.99kg, like 62.5 or 60x8."
DECIMALS = "Weights have two decimals at most, like 62.25. I never round, so type it the way you want it kept."
REPS = "Reps are whole numbers from 1 to 999: 8, or after the weight, 60x8."
SETS = "One line can hold 1 to 20 sets: 3x8@60 is three sets of 8 at 60."
FORM = """\
Those numbers could mean several things to me, so nothing was saved.
Type a weight like 62.5, a set like 60x8, or three sets of 8 like 3x8@60. A name may stand in front: bench 60x8."""
LINES = "I read one line at a time, so nothing was saved. Send the first alone, like bench 60x8, then the next."
CHARACTERS = "There is a character in that line that I cannot read. Type it once more, like 60x8."

TYPED: dict[str, Weight | Sets | Wrong | Words] = {
    "62,5": Weight("62.5kg"),
    "62.5kg": Weight("62.5kg"),
    " 60 ": Weight("60kg", 60),
    "٦٠": Weight("60kg", 60),
    "8": Weight("8kg", 8),
    "bw": Weight("Bodyweight"),
    "60х8": Sets(60, 8),  # a Cyrillic х
    "60 8": Sets(60, 8),
    "60*8": Sets(60, 8),
    "3x8@60": Sets(60, 8, 3),
    "bw x 12": Sets(0, 12),
    "0x10": Sets(0, 10),  # no hexadecimal in a gym
    "1e3": Wrong(FORM),
    "NaN": Words(),
    "inf": Words(),
    "-5": Wrong(WEIGHTS, is_number=True),
    "60,555": Wrong(DECIMALS, is_number=True),
    "1000": Wrong(WEIGHTS, is_number=True),
    "5" * 500: Wrong(WEIGHTS, is_number=True),
    "60x0": Wrong(REPS),
    "60x1000": Wrong(REPS),
    "60x2.5": Wrong(REPS),
    "1000x8": Wrong(WEIGHTS),
    "21x8@60": Wrong(SETS),
    "60x8\n70x8": Wrong(LINES),
    "60x8\0": Wrong(CHARACTERS),
    "💪": Words(),
    "👍🏽": Words(),
    "q" * 4096: Words(),
    "<b>": Words(),
    "&lt;b&gt; <i>x</i>": Words(),
}

PR = "Your PR: 60kg for 10 reps (11 March 2026)"
EXERCISE = f"{PR}\n\nSelect set"
MUSCLES = "💪 What are you training?"
HELP = "I didn't catch that, and nothing was changed. Tap a button, or type /help.\n\nWhat shall we do?"
HINT = (
    "I didn't catch that, and nothing was changed. A set looks like 60x8, with a name bench press 60x8; /help has more."
    "\n\nWhat shall we do?"
)
WHICH = "🔎 Which exercise? Nothing is saved yet: send it with a name, like bench 60x8, or find it here."
NOTED = "📝 Noted."


def help_for(line: str) -> str:
    """The words for a line that nothing can be made of."""
    return HINT if any(letter.isdecimal() for letter in line) else HELP


# The kinds of screens: the button that leads there, and the question that stands there.
SCREENS = {
    "muscles": ("rm1::0", MUSCLES),
    "exercise": ("re1:{bench}:" + TODAY, EXERCISE),
    "weight": ("rs1:{bench}:2:" + TODAY, f"{PR}\n\nSet 2: which weight?"),
    "reps": ("rk1:{bench}:2:60:" + TODAY, f"{PR}\n\nSet 2: 60kg for how many reps?"),
    "saved": ("rr1:{bench}:1:60:10:" + TODAY, EXERCISE),
    "note": ("rn1:{bench}:" + TODAY, ""),
    "set done": ("rs1:{bench}:1:" + TODAY, f"{PR}\n\nSet 1 is 60kg × 10. Which weight instead?"),
}
BEFORE = (1, 60.0, 10)


def kilos(weight: float) -> str:
    return f"{weight:g}kg" if weight else "BW"


def table(*sets: tuple[int, float, int]) -> str:
    rows = [(f"Set {number}", kilos(weight), str(reps)) for number, weight, reps in sets]
    line = f"+{'-' * (2 + max(len(row[0]) for row in rows))}+-------------+------+"
    wide = max(len(row[0]) for row in rows)
    cells = [f"| {one:{wide}} | {two:11} | {three:4} |" for one, two, three in [("Set", "Weight (kg)", "Reps"), *rows]]
    return "\n".join([line, cells[0], line, *cells[1:], line])


def saved(said: str, *sets: tuple[int, float, int]) -> str:
    return f"{said}\n\nBench press, 11 March 2026\n\n{table(*sets)}"


def expected(screen: str, line: str, read: Weight | Sets | Wrong | Words) -> tuple[str, list[tuple[int, float, int]]]:
    """The answer to a line on a screen, and the sets that there are then."""
    question = SCREENS[screen][1] if screen in SCREENS else MUSCLES
    at_the_bench = [] if screen == "nothing open" else [BEFORE]
    if screen == "note":
        note = " ".join(line.split())
        if "\0" in note:
            return expected_refusal("There is a character in that note that I cannot keep. Type it once more.")
        if len(note) > 200:
            return expected_refusal(
                f"That note has {len(note)} characters, and I can keep 200. Shorten it a little and send it again."
            )
        return f"{NOTED}\n\n{PR}\n\n📝 {note}\n\nSelect set", at_the_bench
    match read:
        case Words() if screen in ("nothing open", "muscles"):
            return help_for(line), at_the_bench
        case Words():  # the exercise stays on the screen: a set typed next is of it
            return help_for(line).replace("What shall we do?", question), at_the_bench
        case Wrong(why, is_number):
            if is_number and screen == "nothing open":
                return help_for(line), []
            return f"{REPS if is_number and screen == 'reps' else why}\n\n{question}", at_the_bench
        case Weight() | Sets() if screen == "nothing open":
            return (help_for(line) if isinstance(read, Weight) else f"{WHICH}\n\n{MUSCLES}"), []
        case Weight(_, None) if screen == "reps":
            return f"{REPS}\n\n{question}", at_the_bench
        case Weight(_, int(reps)) if screen == "reps":
            done = (2, 60.0, reps)
            record = "\n🏆 New record!" if reps > 10 else ""
            return saved(f"✅ Set 2 saved: 60kg × {reps}{record}", BEFORE, done), [BEFORE, done]
        case Weight(text) if screen == "set done":
            return f"{PR}\n\nSet 1 is 60kg × 10. {text} instead, for how many reps?", at_the_bench
        case Weight(text):
            return f"{PR}\n\nSet 2: {text} for how many reps?", at_the_bench
        case Sets(weight, reps, 1) if screen == "set done":
            done = (1, weight, reps)
            return saved(f"✅ Set 1 is now {kilos(weight)} × {reps}", done), [done]
        case Sets(weight, reps, count):
            done_now = [(number, weight, reps) for number in range(2, 2 + count)]
            which = f"Set {2}" if count == 1 else f"Sets 2–{1 + count}"
            said = f"✅ {which} saved: {kilos(weight)} × {reps}{' each' if count > 1 else ''}"
            return saved(said, BEFORE, *done_now), [BEFORE, *done_now]
    raise AssertionError(read)


def expected_refusal(why: str) -> tuple[str, list[tuple[int, float, int]]]:
    asked = (
        "📝 What should I remember about Bench press? Type it in one message, up to 200 characters: "
        "seat 4, narrow grip."
    )
    return f"{why}\n\n{asked}", [BEFORE]


async def open_screen(ann: Chat, screen: str, *, look: bool = True) -> None:
    """Begin anew: set 1 was done two minutes ago, and this screen is open."""
    ann.forget_sets()
    ann.stage.sql("DELETE FROM exercise_notes WHERE user_id = %s", ann.id)
    if screen == "nothing open":
        await ann.deliver(ann.line("/cancel"))
        return
    ann.did(BENCH, BEFORE, at=ann.now - timedelta(minutes=2))
    await ann.deliver(ann.button(SCREENS[screen][0].format(bench=ann.exercise(BENCH))))
    if look:
        await ann.look()


@pytest.mark.parametrize("screen", ["nothing open", *SCREENS])
async def test_every_line_has_its_answer_on_every_screen(ann: Chat, screen: str) -> None:
    answers, wanted = {}, {}
    for line, read in TYPED.items():
        await open_screen(ann, screen, look=False)
        answers[line] = (await ann.write(line), ann.sets())
        wanted[line] = expected(screen, line, read)
        assert ann.buttons(), "nobody is left without a button"
    assert answers == wanted


AGAIN = ("62,5", " 60 ", "8", "3x8@60", "60x0", "bench press", "incl", "bench press 62x8", "hello")


@pytest.mark.parametrize("screen", ["nothing open", *SCREENS])
async def test_a_line_that_comes_again_changes_nothing(ann: Chat, screen: str) -> None:
    """The same update once and twice more, to either bot; its first coming may have changed the screen."""
    for line in AGAIN:
        await open_screen(ann, screen, look=False)
        update = ann.line(line)
        await ann.deliver(update)
        there = ann.rows(), ann.stage.sql("SELECT note FROM exercise_notes WHERE user_id = %s", ann.id)
        for house in (1, 0):
            ann.later(seconds=4)
            assert await ann.deliver(update, house=house) == Done()
            again = ann.rows(), ann.stage.sql("SELECT note FROM exercise_notes WHERE user_id = %s", ann.id)
            assert again == there, line


# Precedence: a command, a note that was asked for, numbers and sets, a name, help.


async def test_a_command_comes_before_the_note_that_was_asked_for(ann: Chat) -> None:
    await open_screen(ann, "note")
    assert (await ann.write("/gym")).startswith(MUSCLES)
    await ann.press(SCREENS["note"][0].format(bench=ann.exercise(BENCH)))
    assert (await ann.write("/cancel")).startswith("All right, that question is closed.")
    assert (await ann.write("seat 4")).startswith("I didn't catch that")
    assert ann.stage.sql("SELECT note FROM exercise_notes WHERE user_id = %s", ann.id) == []
    await ann.press(SCREENS["note"][0].format(bench=ann.exercise(BENCH)))
    assert (await ann.write("/nonsense")).startswith("I didn't catch that")


async def test_a_note_that_was_asked_for_comes_before_sets_and_names(ann: Chat) -> None:
    for note in ("60x8", "62.5", "bench press", "3x8@60"):
        await open_screen(ann, "note")
        assert await ann.write(note) == f"{NOTED}\n\n{PR}\n\n📝 {note}\n\nSelect set"
        assert ann.sets() == [BEFORE]
    await ann.write("60x8")  # nothing is asked any more
    assert ann.sets() == [BEFORE, (2, 60, 8)]


async def test_numbers_come_before_names(ann: Chat) -> None:
    ann.own_exercise("60x8")
    ann.own_exercise("62.5")
    await open_screen(ann, "exercise")
    await ann.write("60x8")
    assert ann.sets() == [BEFORE, (2, 60, 8)]
    assert "62.5kg for how many reps?" in await ann.write("62.5")
    await open_screen(ann, "nothing open")
    assert (await ann.write("62.5")).startswith("📝 You haven't done 62.5 before.")  # there is nothing to lift


# Where sets go: a named exercise, the one on the screen, the one in hand, else a question.


async def test_sets_go_to_the_exercise_that_is_named(ann: Chat) -> None:
    await open_screen(ann, "weight")
    assert (await ann.write("squat 100x5")).startswith("✅ Set 1 saved: 100kg × 5\n\nSquat, 11 March 2026")
    assert (await ann.write("Bench Press: 3x8@60")).startswith("✅ Sets 2–4 saved: 60kg × 8 each")
    assert (await ann.write("incline smith 50 kg x 10")).startswith("✅ Set 1 saved: 50kg × 10")
    assert [row[1:4] for row in ann.rows()] == [
        (BENCH, 1, 60), (BENCH, 2, 60), (BENCH, 3, 60), (BENCH, 4, 60), (INCLINE, 1, 50), (SQUAT, 1, 100),
    ]  # fmt: skip


async def test_a_named_set_of_the_exercise_on_the_screen_goes_to_the_chosen_set(ann: Chat) -> None:
    await open_screen(ann, "exercise")
    await ann.tap("Set 5")
    assert (await ann.write("bench press 62x8")).startswith("✅ Set 5 saved: 62kg × 8")
    await ann.tap("Continue Exercise")
    assert (await ann.write("squat 100x5")).startswith("✅ Set 1 saved: 100kg × 5")  # another one's set 1


async def test_sets_go_to_the_exercise_on_the_screen_before_the_one_in_hand(ann: Chat) -> None:
    await open_screen(ann, "muscles")
    await ann.press(f"re1:{ann.exercise(SQUAT)}:")
    await ann.write("100x5")
    assert (ann.sets(), ann.sets(SQUAT)) == ([BEFORE], [(1, 100, 5)])


async def test_sets_go_to_the_one_in_hand_for_three_hours(ann: Chat) -> None:
    ann.did(SQUAT, (1, 100, 5), at=NOON - timedelta(hours=2, minutes=59))
    await ann.write("/gym")
    assert (await ann.write("100x6")).startswith("✅ Set 2 saved: 100kg × 6")
    ann.forget_sets()
    ann.did(SQUAT, (1, 100, 5), at=NOON - timedelta(hours=3))
    await ann.write("/gym")
    assert "Which exercise?" in await ann.write("100x6")
    assert await ann.write("62.5") == HINT  # the weight of nothing
    assert ann.sets(SQUAT) == [(1, 100, 5)]


async def test_with_nothing_in_hand_the_likely_ones_are_asked_about(ann: Chat) -> None:
    ann.did(SQUAT, (1, 100, 5))
    ann.did(BENCH, (1, 60, 10), at=NOON - timedelta(days=7, minutes=-20))
    await ann.write("/start")
    update = ann.line("3x8@60")
    await ann.deliver(update)
    await ann.look()
    assert (ann.text, ann.buttons()) == ("🔎 Which exercise? Then 3 × (60kg × 8) is saved.", [SQUAT, BENCH, BACK])
    bench, asked = ann.data(BENCH), dict(ann.screen)
    assert (await ann.tap(BENCH)).startswith("✅ Sets 1–3 saved: 60kg × 8 each")
    ann.screen = asked
    await ann.press(bench)  # a double tap
    assert ann.text.startswith("✅ Sets 1–3: 60kg × 8 each")
    saved = dict(ann.screen)
    await ann.deliver(update)  # and the line once more
    assert ann.sets() == [(1, 60, 8), (2, 60, 8), (3, 60, 8)]
    await ann.look()
    assert ann.text.startswith("That line was taken already, so nothing was added.")
    ann.screen = saved
    await ann.tap("Undo")
    assert ann.sets() == []


@pytest.mark.parametrize(("sent", "tapped"), [("11T23:58", "12T00:01"), ("11T12:00", "12T10:00")])
async def test_a_choice_saves_on_the_day_of_its_line_or_not_at_all(ann: Chat, sent: str, tapped: str) -> None:
    ann.now = datetime.fromisoformat(f"2026-03-{sent}+00:00")
    ann.did(BENCH, (1, 60, 10), at=ann.now - timedelta(days=7))
    await ann.write("/start")
    await ann.write("60x8")
    ann.now = datetime.fromisoformat(f"2026-03-{tapped}+00:00")
    await ann.tap(BENCH)
    assert ann.sets(day="2026-03-12") == []
    assert ann.sets() == ([(1, 60, 8)] if tapped < "12T04" else [])


@pytest.mark.parametrize("then", ["undone", "another exercise is opened"])
async def test_a_line_that_comes_again_after_its_choice_saves_nothing_more(ann: Chat, then: str) -> None:
    ann.did(BENCH, (1, 60, 10))
    await ann.write("/start")
    update = ann.line("60x8")
    await ann.deliver(update)
    await ann.look()
    await ann.tap(BENCH)
    if then == "undone":
        await ann.tap("Undo")
    else:
        await ann.press(f"re1:{ann.exercise(SQUAT)}:")
    before = ann.rows()
    await ann.deliver(update)
    assert ann.rows() == before


async def test_a_choice_is_doubted_like_a_line(ann: Chat) -> None:
    ann.did(BENCH, (1, 80, 5))
    ann.did(INCLINE, (1, 70, 5))
    await ann.write("/gym")
    await ann.write("incl 800x5")
    assert await ann.tap(INCLINE) == "🤔 800kg? Your best is 70kg."
    assert ann.buttons() == ["800kg", "70kg", BACK]
    assert (await ann.tap("70kg")).startswith("✅ Set 1 saved: 70kg × 5")
    assert ann.sets(INCLINE) == [(1, 70, 5)]


async def test_a_single_number_answers_weight_then_reps_then_the_next_weight(ann: Chat) -> None:
    await ann.press(f"re1:{ann.exercise(BENCH)}:")
    await ann.tap("Set 3")
    assert (await ann.write("60")).endswith("Set 3: 60kg for how many reps?")
    assert (await ann.write("8")).startswith("✅ Set 3 saved: 60kg × 8")
    assert (await ann.write("61")).endswith("Set 1: 61kg for how many reps?")
    assert (await ann.write("9")).startswith("✅ Set 1 saved: 61kg × 9")
    assert (await ann.write("62x10")).startswith("✅ Set 2 saved: 62kg × 10")
    assert (await ann.write("63")).endswith("Set 4: 63kg for how many reps?")
    assert (await ann.write("64 9")).startswith("✅ Set 4 saved: 64kg × 9")  # a whole set is one, whatever is asked
    assert ann.sets() == [(1, 61, 9), (2, 62, 10), (3, 60, 8), (4, 64, 9)]


async def test_several_sets_are_numbered_on_though_a_set_was_chosen(ann: Chat) -> None:
    await open_screen(ann, "exercise")
    await ann.tap("Set 5")
    assert (await ann.write("2x8@60")).startswith("✅ Sets 2, 3 saved: 60kg × 8 each")


async def test_past_twenty_nothing_is_saved(ann: Chat) -> None:
    assert (await ann.write("bench press 18x8@60")).startswith("✅ Sets 1–18 saved: 60kg × 8 each")
    full = "A day takes 20 sets of an exercise, so nothing of that line was saved."
    assert (await ann.write("3x8@60")).startswith(full)
    assert len(ann.sets()) == 18
    assert (await ann.write("2x8@60")).startswith("✅ Sets 19, 20 saved: 60kg × 8 each")
    assert (await ann.write("60x8")).startswith(full)
    assert (await ann.write("60")).startswith(full)
    assert len(ann.sets()) == 20


# The same set twice; Replace, Keep, Undo by what is read on the screen.


@pytest.mark.parametrize("screen", ["weight", "reps"])
async def test_a_typed_set_that_is_there_already_is_said_to_be_saved(ann: Chat, screen: str) -> None:
    """The set was saved by another message while this question was on the screen."""
    await open_screen(ann, screen)
    ann.did(BENCH, (2, 60, 8), at=ann.now)
    answer = await ann.write("8" if screen == "reps" else "60x8")
    assert answer == "Already saved\n\n" + saved("✅ Set 2: 60kg × 8", BEFORE, (2, 60, 8))
    assert ann.sets() == [BEFORE, (2, 60, 8)]


async def test_the_same_numbers_typed_instead_are_said_to_be_saved(ann: Chat) -> None:
    await open_screen(ann, "set done")
    assert await ann.write("60x10") == "Already saved\n\n" + saved("✅ Set 1: 60kg × 10", BEFORE)


async def test_replace_keep_and_undo_after_a_typed_set(ann: Chat) -> None:
    """The set was saved by another message while this question was on the screen."""
    for button, sets in (("Keep", [BEFORE, (2, 60, 8)]), ("Replace", [BEFORE, (2, 61, 9)])):
        await open_screen(ann, "weight")
        ann.did(BENCH, (2, 60, 8), at=ann.now)
        assert (await ann.write("61x9")).startswith(
            "Set 2 is saved as 60kg × 8.\nReplace it with 61kg × 9, or keep it?\n\n"
        )
        assert ann.sets() == [BEFORE, (2, 60, 8)]
        await ann.tap(button)
        assert ann.sets() == sets
    assert ann.text.startswith("✅ Set 2 is now 61kg × 9")
    undo = ann.data("Undo")
    assert (await ann.tap("Undo")).startswith("↩️ Set 2 is 60kg × 8 again.")
    answered = await ann.press(undo)
    assert answered["text"] == "Nothing to undo here"
    assert ann.text.startswith("There is nothing to undo here: it was taken back or changed already.")
    assert ann.sets() == [BEFORE, (2, 60, 8)]


async def test_a_redelivered_replace_does_not_claim_what_was_undone(ann: Chat) -> None:
    await open_screen(ann, "weight")
    ann.did(BENCH, (2, 60, 8), at=ann.now)
    await ann.write("61x9")
    tap = ann.button(ann.data("Replace"))
    await ann.deliver(tap)
    await ann.look()
    await ann.tap("Undo")
    outcome = await ann.deliver(tap)
    assert ann.sets() == [BEFORE, (2, 60, 8)]
    assert isinstance(outcome, Done)
    assert "61kg" not in (outcome.reply or {}).get("text", "")


async def test_the_set_on_the_screen_is_given_other_numbers(ann: Chat) -> None:
    await open_screen(ann, "exercise")
    await ann.tap("✅ Set 1: 60kg × 10", "Replace")
    assert (await ann.write("62,5")).endswith("Set 1 is 60kg × 10. 62.5kg instead, for how many reps?")
    assert (await ann.write("12")).startswith("✅ Set 1 is now 62.5kg × 12")
    assert (await ann.tap("Undo")).startswith("↩️ Set 1 is 60kg × 10 again.")
    await ann.tap("✅ Set 1: 60kg × 10", "Replace")
    assert (await ann.write("65x9")).startswith("✅ Set 1 is now 65kg × 9")
    assert ann.sets() == [(1, 65, 9)]


# The typo guard.


async def test_a_doubtful_weight_is_saved_by_neither_line_nor_redelivery_but_by_a_tap(ann: Chat) -> None:
    ann.did(BENCH, (1, 80, 5))
    await ann.press(f"re1:{ann.exercise(BENCH)}:")
    for line, sets in (("180x8", 1), ("3x8@180", 3)):
        for choice in (180, 80):
            ann.forget_sets()
            ann.did(BENCH, (1, 80, 5))
            await ann.press(f"re1:{ann.exercise(BENCH)}:")
            update = ann.line(line)
            await ann.deliver(update)
            await ann.deliver(update)
            await ann.look()
            assert (ann.text, ann.buttons()) == ("🤔 180kg? Your best is 80kg.", ["180kg", "80kg", BACK])
            assert ann.sets() == []
            button, asked = ann.button(ann.data(f"{choice}kg")), dict(ann.screen)
            twice = ann.button(ann.data("180kg"))
            for tap in (button, button, twice):
                ann.screen = asked
                await ann.deliver(tap)
            assert ann.sets() == [(number, choice, 8) for number in range(1, sets + 1)]
            await ann.look()
            assert (await ann.tap("Undo")).startswith("↩️ Set")
            await ann.deliver(button)
            await ann.deliver(update)
            assert ann.sets() == []


async def test_a_doubtful_weight_of_a_chosen_set_leads_to_the_reps_of_that_set(ann: Chat) -> None:
    ann.did(BENCH, (1, 80, 5))
    for choice in ("800kg", "80kg"):
        await ann.press(f"re1:{ann.exercise(BENCH)}:")
        await ann.tap("Set 3")
        assert await ann.write("800") == "🤔 800kg? Your best is 80kg."
        assert (await ann.tap(choice)).endswith(f"Set 3: {choice} for how many reps?")
    assert (await ann.write("5")).startswith("✅ Set 3 saved: 80kg × 5")


async def test_a_doubtful_set_goes_to_the_chosen_set(ann: Chat) -> None:
    ann.did(BENCH, (1, 80, 5))
    await ann.press(f"re1:{ann.exercise(BENCH)}:")
    await ann.tap("Set 3")
    assert await ann.write("800x5") == "🤔 800kg? Your best is 80kg."
    assert (await ann.tap("80kg")).startswith("✅ Set 3 saved: 80kg × 5")


@pytest.mark.parametrize("line", ["800x5", "800"])
async def test_what_is_typed_instead_of_a_doubtful_weight_goes_to_the_same_set(ann: Chat, line: str) -> None:
    await open_screen(ann, "exercise")
    await ann.tap("✅ Set 1: 60kg × 10", "Replace")
    assert await ann.write(line) == "🤔 800kg? Your best is 60kg."
    await ann.write("62x9")
    assert ann.sets() == [(1, 62, 9)]


async def test_buttons_are_never_doubted(ann: Chat) -> None:
    ann.did(BENCH, (1, 10, 5))
    await ann.press(f"rk1:{ann.exercise(BENCH)}:1:180:{TODAY}")
    assert ann.text.endswith("Set 1: 180kg for how many reps?")
    assert (await ann.write("5")).startswith("✅ Set 1 saved: 180kg × 5")


# The day of a line.


async def test_a_line_of_before_midnight_that_arrives_after_it_belongs_to_the_old_day(ann: Chat) -> None:
    ann.now = datetime.fromisoformat("2026-03-11T23:59:00+00:00")
    late = [ann.line("squat 100x5"), ann.line("105x5")]
    ann.later(minutes=11)
    for line in late:
        await ann.deliver(line)
    assert ann.rows() == [("2026-03-11", SQUAT, 1, 100, 5), ("2026-03-11", SQUAT, 2, 105, 5)]
    assert (await ann.write("bench press 60x8")).startswith("✅ Set 1 saved")
    assert ann.sets() == [(1, 60, 8)]  # yesterday, while its last set is under 3 hours old
    ann.now = datetime.fromisoformat("2026-03-12T04:00:00+00:00")
    await ann.write("squat 100x5")
    assert ann.sets(SQUAT, "2026-03-12") == [(1, 100, 5)]


async def test_a_line_that_waited_for_hours_is_of_the_moment_at_which_it_was_sent(ann: Chat) -> None:
    """An outage from evening to noon."""
    await ann.write("/gym")
    ann.did(BENCH, BEFORE, at=NOON)
    late = ann.line("62x8", sent=NOON + timedelta(minutes=5))
    ann.later(days=1)
    await ann.deliver(late)
    assert ann.sets() == [BEFORE, (2, 62, 8)]
    ((date,),) = ann.stage.sql("SELECT date FROM training WHERE user_id = %s AND set = 2", ann.id)
    assert date.astimezone(UTC).replace(microsecond=0) == NOON + timedelta(minutes=5)


async def test_a_clock_that_runs_ahead_is_not_believed(ann: Chat) -> None:
    await ann.press(f"re1:{ann.exercise(BENCH)}:")
    await ann.write("60x8", sent=NOON + timedelta(days=3))
    assert ann.sets() == [(1, 60, 8)]
    ((date,),) = ann.stage.sql("SELECT date FROM training WHERE user_id = %s", ann.id)
    assert date.astimezone(UTC) == NOON


@pytest.mark.parametrize(("at", "day"), [("03:59:59", "2026-03-11"), ("04:00:00", None)])
async def test_a_screen_s_day_takes_lines_until_four_in_the_morning(ann: Chat, at: str, day: str | None) -> None:
    await open_screen(ann, "reps")
    ann.now = datetime.fromisoformat(f"2026-03-12T{at}+00:00")
    answer = await ann.write("8")
    if day:
        assert answer.startswith("✅ Set 2 saved: 60kg × 8")
        assert ann.sets() == [BEFORE, (2, 60, 8)]
        return
    why = "That line was for Wednesday 11 March 2026, so nothing was recorded. Here is Thursday 12 March 2026."
    assert answer.startswith(f"{why}\n\n📊 Your last training for Bench press (11-03-2026):")
    assert (ann.sets(), ann.sets(day="2026-03-12")) == ([BEFORE], [])
    assert (await ann.write("60x8")).startswith("✅ Set 1 saved: 60kg × 8")  # now it is of today
    assert ann.sets(day="2026-03-12") == [(1, 60, 8)]


@pytest.mark.parametrize("line", ["62x8", "62", "3x8@60", "1000", "nonsense x 8 x"])
@pytest.mark.parametrize("screen", ["exercise", "weight", "reps", "saved", "set done"])
async def test_no_line_on_yesterday_s_screen_records(ann: Chat, screen: str, line: str) -> None:
    await open_screen(ann, screen)
    ann.later(hours=20)
    await ann.write(line)
    assert ann.rows() == [("2026-03-11", BENCH, *BEFORE)]


async def test_a_named_line_is_of_today_whatever_screen_was_left_open(ann: Chat) -> None:
    await open_screen(ann, "saved")
    ann.later(hours=24)
    assert (await ann.write("squat 100x5")).startswith("✅ Set 1 saved: 100kg × 5")
    await open_screen(ann, "saved")
    ann.later(hours=24)
    assert (await ann.write("bench press 62x8")).startswith("✅ Set 1 saved: 62kg × 8")


async def test_a_marked_day_takes_lines_for_ever_and_by_name_too(ann: Chat) -> None:
    marked = "9564m"  # Monday
    await ann.press(f"rs1:{ann.exercise(BENCH)}:2:{marked}")
    ann.later(days=30)
    assert (await ann.write("60x8")).startswith("📅 For Monday 9 March 2026\n\n✅ Set 2 saved: 60kg × 8")
    assert (await ann.write("62")).startswith("📅 For Monday 9 March 2026")
    assert (await ann.write("9")).startswith("📅 For Monday 9 March 2026\n\n✅ Set 1 saved: 62kg × 9")
    await ann.tap("Another exercise")
    assert (await ann.write("squat 3x5@100")).startswith("📅 For Monday 9 March 2026\n\n✅ Sets 1–3 saved")
    assert (await ann.write("incline smith")).startswith("📅 For Monday 9 March 2026")
    await ann.write("50x10")
    assert {row[0] for row in ann.rows()} == {"2026-03-09"}
    assert len(ann.rows()) == 6


async def test_a_line_below_the_menu_is_of_today_though_a_marked_day_was_looked_at(ann: Chat) -> None:
    await ann.press("rm1:9564m:0")
    assert (await ann.tap(BACK)).endswith("What shall we do?")
    await ann.write("bench press 60x8")
    assert ann.sets() == [(1, 60, 8)]


async def test_the_day_is_the_person_s_own(ann: Chat) -> None:
    ann.stage.sql("UPDATE users SET timezone = 'Pacific/Kiritimati' WHERE id = %s", ann.id)  # 14 hours ahead
    await ann.write("bench press 60x8")
    assert ann.sets(day="2026-03-12") == [(1, 60, 8)]


# Two bots at one moment.


async def test_two_lines_at_one_moment_in_two_bots_are_both_kept_and_numbered(ann: Chat) -> None:
    for number in range(10):
        await ann.press(f"re1:{ann.exercise(BENCH)}:")
        lines = [ann.line(f"{60 + number}x8"), ann.line(f"{60 + number}x9")]
        await asyncio.gather(*(ann.deliver(line, house=house) for house, line in enumerate(lines)))
        assert len(ann.sets()) == 2 * number + 2
    assert [row[0] for row in ann.sets()] == list(range(1, 21))
    assert sorted(row[1:] for row in ann.sets()) == sorted((60 + n, reps) for n in range(10) for reps in (8, 9))


async def test_one_line_delivered_to_two_bots_at_one_moment_is_saved_once(ann: Chat) -> None:
    for number in range(1, 6):
        await ann.press(f"re1:{ann.exercise(BENCH)}:")
        line = ann.line("3x8@60")
        await asyncio.gather(*(ann.deliver(line, house=house) for house in (0, 1, 0, 1)))
        assert len(ann.sets()) == 3 * number


# What goes wrong on the way.


async def test_an_answer_that_was_not_sent_is_sent_by_the_redelivery_and_nothing_is_saved_twice(ann: Chat) -> None:
    await open_screen(ann, "exercise")
    for line, answer in (
        ("3x8@60", "✅ Sets 2–4: 60kg × 8 each"),
        ("62.5", f"{PR}\n\nSet 5: 62.5kg for how many reps?"),
        ("7", "✅ Set 5: 62.5kg × 7"),
        ("squat 100x5", "✅ Set 1: 100kg × 5"),
    ):
        update = ann.line(line)
        await ann.stage.ask("POST", "/control/fail", {"method": "sendMessage", "status": 500, "times": 1})
        assert isinstance(await ann.deliver(update), Later)
        there = ann.rows()
        assert await ann.deliver(update) == Done()
        await ann.look()
        assert ann.text.startswith(answer)
        assert ann.rows() == there
    assert len(ann.rows()) == 6


async def test_a_line_whose_exercise_was_hidden_meanwhile_records_nothing(ann: Chat) -> None:
    for screen in ("exercise", "weight", "reps", "set done", "note"):
        await open_screen(ann, screen)
        ann.hide(ann.exercise(BENCH))
        for line in ("60x8", "62", "3x8@60"):
            assert (await ann.write(line)).startswith("That exercise was removed")
        ann.stage.sql("DELETE FROM user_hidden_exercises WHERE user_id = %s", ann.id)
        assert ann.sets() == [BEFORE]


async def a_line_for_a_day_that_is_over(ann: Chat) -> dict[str, Any]:
    await open_screen(ann, "exercise")
    ann.later(days=1)
    line = ann.line("60x8")
    await ann.deliver(line)
    await ann.look()
    assert ann.text.startswith("That line was for Wednesday 11 March 2026, so nothing was recorded.")
    return line


async def a_line_for_what_is_hidden(ann: Chat) -> dict[str, Any]:
    await open_screen(ann, "exercise")
    ann.hide(ann.exercise(BENCH))
    line = ann.line("60x8")
    await ann.deliver(line)
    ann.stage.sql("DELETE FROM user_hidden_exercises WHERE user_id = %s", ann.id)
    await ann.write("bench press")
    return line


async def a_doubtful_line_and_then_as_much(ann: Chat) -> dict[str, Any]:
    await open_screen(ann, "exercise")
    line = ann.line("bench press 160x8")
    await ann.deliver(line)
    await ann.press(f"rr1:{ann.exercise(BENCH)}:2:160:1:{TODAY}")
    return line


async def a_line_that_fits_nothing_and_then_something(ann: Chat) -> dict[str, Any]:
    line = ann.line("qqqq 60x8")
    await ann.deliver(line)
    ann.own_exercise("Qqqq")
    return line


async def a_weight_and_then_reps_are_asked_for(ann: Chat) -> dict[str, Any]:
    await open_screen(ann, "weight")
    reps = ann.button(SCREENS["reps"][0].format(bench=ann.exercise(BENCH)))
    line = ann.line("10")
    await ann.deliver(line)
    await ann.deliver(reps)
    await ann.stage.houses[0].memory.forget(ann.id)
    await ann.deliver(reps)  # which asks, by an earlier update than the line
    return line


async def a_choice_of_what_is_hidden(ann: Chat) -> dict[str, Any]:
    await open_screen(ann, "exercise")
    await ann.write("160x8")
    choice = ann.button(ann.data("160kg"))
    ann.hide(ann.exercise(BENCH))
    await ann.deliver(choice)
    ann.stage.sql("DELETE FROM user_hidden_exercises WHERE user_id = %s", ann.id)
    return choice


@pytest.mark.parametrize(
    "comes",
    [
        a_line_for_a_day_that_is_over,
        a_line_for_what_is_hidden,
        a_doubtful_line_and_then_as_much,
        a_line_that_fits_nothing_and_then_something,
        a_weight_and_then_reps_are_asked_for,
        a_choice_of_what_is_hidden,
    ],
)
@pytest.mark.parametrize("then", ["remembered", "forgotten"])
async def test_what_was_not_saved_is_not_saved_when_it_comes_again(
    ann: Chat, comes: Callable[[Chat], Awaitable[dict[str, Any]]], then: str
) -> None:
    update = await comes(ann)
    before = ann.rows()
    if then == "forgotten":
        await ann.stage.houses[0].memory.forget(ann.id)
    await ann.deliver(update)
    assert ann.rows() == before


async def test_the_former_message_loses_its_keyboard_and_no_line_is_deleted(ann: Chat) -> None:
    await ann.write("/gym")
    for line in ("bench press", "60", "8", "61x9", "incl", "1000x1000", "hello"):
        former = ann.screen["message_id"]
        await ann.write(line)
        shown = {message["message_id"]: bool(Chat._keyboard(message)) for message in await ann.messages()}
        assert shown.pop(ann.screen["message_id"])
        assert former in shown
        assert not any(shown.values())
    calls = {call["method"] for call in await ann.stage.ask("GET", "/control/calls")}
    assert "deleteMessage" not in calls
    assert "deleteMessages" not in calls


async def test_the_message_that_a_tap_edited_loses_its_keyboard_too(ann: Chat) -> None:
    await ann.write("/gym")
    first = ann.screen["message_id"]
    await ann.tap("Chest", BENCH, "Set 1")
    assert ann.screen["message_id"] == first
    await ann.write("60x8")
    assert [bool(Chat._keyboard(each)) for each in await ann.messages()] == [False, True]


# Redis lost.

LOST = "I lost my place; nothing saved is gone.\n\nWhat shall we do?"


async def test_numbers_and_names_work_where_they_can_when_the_question_is_forgotten(ann: Chat) -> None:
    flush = ann.stage.valkey.flush
    await open_screen(ann, "exercise")
    for line, answer in (
        ("62.5", LOST),
        ("60x8", "🔎 Which exercise? Then 60kg × 8 is saved."),
        ("3x8@60", "🔎 Which exercise? Then 3 × (60kg × 8) is saved."),
        ("squat 100x5", "✅ Set 1 saved: 100kg × 5"),
        ("bench press", "Your PR: 60kg for 10 reps (11 March 2026)"),
        ("incl", "🔎 Which exercise?"),
        ("60x0", f"{REPS}\n\n{MUSCLES}"),
        ("seat 4, narrow grip", LOST),  # the note that was asked for
        ("hello", LOST),
    ):
        flush()
        assert (await ann.write(line)).startswith(answer)
    assert ann.buttons()[0] == "Record training"  # the menu
    flush()
    await ann.press(f"rr1:{ann.exercise(BENCH)}:9:60:8:{TODAY}")  # a tap needs none of it
    assert (9, 60, 8) in ann.sets()


async def test_sets_for_a_screen_that_is_forgotten_do_not_go_to_what_is_in_hand(ann: Chat) -> None:
    """Another exercise than the one in hand was looked at: a tap says which, and is the only thing asked again."""
    await open_screen(ann, "exercise")
    in_hand, there = ann.exercise(BENCH), ann.sets()
    await ann.press(f"re1:{ann.exercise(SQUAT)}:")
    ann.stage.valkey.flush()
    assert (await ann.write("100x5")).startswith("🔎 Which exercise? Then 100kg × 5 is saved.")
    assert (ann.sets(), ann.sets(SQUAT)) == (there, [])
    await ann.press(ann.data(BENCH).replace(f":{in_hand}:", f":{ann.exercise(SQUAT)}:", 1))
    assert (ann.sets(), ann.sets(SQUAT)) == (there, [(1, 100, 5)])


async def test_a_line_that_was_saved_and_comes_again_when_the_screen_is_forgotten_is_not_asked_about(ann: Chat) -> None:
    await open_screen(ann, "exercise")
    line = ann.line("60x8")
    await ann.deliver(line)
    saved = ann.sets()
    ann.stage.valkey.flush()
    await ann.deliver(line)
    await ann.look()
    assert ann.text.startswith("That line was taken already, so nothing was added.")
    assert ann.sets() == saved


async def test_with_nothing_in_hand_and_the_question_forgotten_nothing_is_saved(ann: Chat) -> None:
    ann.did(BENCH, (1, 60, 10))
    flush = ann.stage.valkey.flush
    for line, answer in (
        ("8", LOST),
        ("62.5", LOST),
        ("60x8", "🔎 Which exercise? Then 60kg × 8 is saved."),
        ("bench press", "📊 Your last training for Bench press (04-03-2026):"),
    ):
        await ann.press(SCREENS["reps"][0].format(bench=ann.exercise(BENCH)))
        flush()
        assert (await ann.write(line)).startswith(answer)
    assert ann.sets() == []


async def test_the_same_while_redis_is_stopped(ann: Chat, postgres: Postgres) -> None:
    with temporary_folder() as folder:
        valkey = Valkey(folder / "valkey", durable=False)
        valkey.start()
        house = built(ann.stage.sandbox, postgres, valkey)
        ann.stage.houses.append(house)
        ann.did(BENCH, BEFORE, at=ann.now - timedelta(minutes=2))
        await ann.deliver(ann.button(SCREENS["reps"][0].format(bench=ann.exercise(BENCH))), house=-1)
        valkey.stop()
        for line, answer in (
            ("62x8", "🔎 Which exercise? Then 62kg × 8 is saved."),
            ("62.5", LOST),
            ("bench press 3x8@60", "✅ Sets 2–4 saved: 60kg × 8 each"),
            ("incl", "🔎 Which exercise?"),
            ("hello", LOST),
        ):
            assert await ann.deliver(ann.line(line), house=-1) == Done()
            await ann.look()
            assert ann.text.startswith(answer)
        ann.stage.houses.remove(house)
        await close(house)


# Search.


async def test_a_name_finds_what_was_trained_first_and_opens_what_is_meant(ann: Chat) -> None:
    await ann.write("/gym")
    assert await ann.write("incl") == "🔎 Which exercise?"
    assert ann.buttons()[:2] == ["Incline press", INCLINE]
    ann.did("Hammer incline", (1, 60, 8))
    assert await ann.write("INCL") == "🔎 Which exercise?"
    assert (ann.buttons()[0], len(ann.buttons())) == ("Hammer incline", 8)
    assert (await ann.tap(INCLINE)).startswith("📝 You haven't done Incline smith before.")
    assert (await ann.write("bench press")).startswith("📝 You haven't done Bench press before.")  # it is exact
    assert (await ann.write("ＢＥＮＣＨ   ＰＲＥＳＳ")).startswith("📝 You haven't done Bench press before.")
    assert (await ann.write("préss bénch"), ann.buttons()[0]) == ("🔎 Which exercise?", BENCH)
    assert (await ann.write("smith incl")).startswith("📝 You haven't done Incline smith before.")  # the only one
    asked = "📝 You haven't done Incline smith before.\n\nSelect set"
    assert await ann.write("qqqq") == HELP.replace("What shall we do?", asked)
    assert (await ann.write("60x8")).startswith("✅ Set 1 saved: 60kg × 8\n\nIncline smith")  # not what is in hand


async def test_nobody_finds_what_is_another_s_hidden_or_deleted(ann: Chat, chat: NewChat) -> None:
    bob = await chat()
    bob.own_exercise("Zzyzx of Bob")
    ann.hide(ann.own_exercise("Zzyzx hidden"))
    ann.stage.sql("UPDATE exercises SET deleted_at = now() WHERE id = %s", ann.own_exercise("Zzyzx deleted"))
    ann.hide(ann.exercise(SQUAT))
    await ann.write("/gym")
    answers = [await ann.write(line) for line in ("Zzyzx of Bob", "Zzyzx", "Zzyzx hidden", "Zzyzx deleted", "qqqq")]
    assert answers == [HELP] * 5  # the same words for what is another's and for what is not there
    with_sets = [await ann.write(f"{name} 60x8") for name in ("Zzyzx of Bob", "Zzyzx hidden", "qqqq")]
    assert len(set(with_sets)) == 1
    assert with_sets[0].startswith("🔎 No exercise fits that name, so nothing was saved.")
    await ann.write("squat")
    assert SQUAT not in ann.buttons()
    assert (await bob.write("zzyzx")).startswith("📝 You haven't done Zzyzx of Bob before.")
    assert ann.rows() == []


async def test_a_name_in_front_of_sets_is_never_guessed(ann: Chat) -> None:
    ann.did(BENCH, (1, 60, 8))
    await ann.write("/gym")
    for line in ("incl 60x8", "bench 60x8", "bnech press 60x8"):  # several; several; a slip
        assert (await ann.write(line)).startswith("🔎 Which exercise? Then 60kg × 8 is saved.")
    assert ann.rows() == [("2026-03-04", BENCH, 1, 60, 8)]
    assert (await ann.tap(BENCH)).startswith("✅ Set 1 saved: 60kg × 8")


# Notes.


async def test_a_note_is_kept_as_typed_but_for_its_spaces(ann: Chat) -> None:
    for typed, kept in (
        ("seat 4, narrow grip", "seat 4, narrow grip"),
        ("  seat\n\n 4\t now ", "seat 4 now"),
        ("<b>bold</b> & <i>", "<b>bold</b> & <i>"),
        ("{ $note } %s", "{ $note } %s"),
        ("x" * 200, "x" * 200),
        (" " + "💪" * 200 + " ", "💪" * 200),
    ):
        await open_screen(ann, "note")
        assert await ann.write(typed) == f"{NOTED}\n\n{PR}\n\n📝 {kept}\n\nSelect set"
        assert ann.stage.sql("SELECT note FROM exercise_notes WHERE user_id = %s", ann.id) == [(kept,)]
    await ann.tap("📝 Note")
    assert ann.text.startswith(f"📝 Your note for Bench press:\n{'💪' * 200}\n\nType a new one")
    assert (await ann.tap("Remove the note")).startswith("📝 The note is removed.")
    assert ann.stage.sql("SELECT note FROM exercise_notes WHERE user_id = %s", ann.id) == []


@pytest.mark.parametrize("typed", ["x" * 201, "seat\0 4", "seat\x1b[1m 4", "\x7f", "a\x9fb"])
async def test_a_note_that_cannot_be_kept_is_asked_for_again(ann: Chat, typed: str) -> None:
    await open_screen(ann, "note")
    await ann.write("seat 4")
    await ann.tap("📝 Note")
    answer = await ann.write(typed)
    assert answer.startswith(("That note has 201 characters", "There is a character in that note"))
    assert ann.stage.sql("SELECT note FROM exercise_notes WHERE user_id = %s", ann.id) == [("seat 4",)]
    assert (await ann.write("seat 5")).startswith(NOTED)  # it is still asked for


@pytest.mark.parametrize("typed", ["\u200b", "\u2060\u2060", "\ufeff \u200b"])
async def test_a_note_of_nothing_visible_is_none(ann: Chat, typed: str) -> None:
    await open_screen(ann, "note")
    await ann.write(typed)
    assert ann.stage.sql("SELECT note FROM exercise_notes WHERE user_id = %s", ann.id) == []


async def test_a_note_may_hold_an_emoji_of_last_year(ann: Chat) -> None:
    await open_screen(ann, "note")
    assert (await ann.write("slow \U0001fae9")).startswith(NOTED)  # face with bags under eyes


async def test_a_redelivered_note_overwrites_no_newer_one_and_answers_no_later_question(ann: Chat) -> None:
    await open_screen(ann, "note")
    first, removed = ann.line("60x8"), ann.button(f"rn2:{ann.exercise(BENCH)}:{TODAY}")
    await ann.deliver(first)
    await ann.press(SCREENS["note"][0].format(bench=ann.exercise(BENCH)))
    await ann.deliver(first)  # while the next note is asked for
    assert (await ann.write("seat 5")).startswith(NOTED)
    await ann.deliver(first)  # and after it
    note = "SELECT note FROM exercise_notes WHERE user_id = %s"
    assert ann.stage.sql(note, ann.id) == [("seat 5",)]
    await ann.deliver(removed)
    assert ann.stage.sql(note, ann.id) == []
    await ann.press(SCREENS["note"][0].format(bench=ann.exercise(BENCH)))
    await ann.write("seat 6")
    await ann.deliver(removed)
    assert ann.stage.sql(note, ann.id) == [("seat 6",)]
    assert ann.sets() == [BEFORE]


async def a_set_that_is_undone(ann: Chat) -> dict[str, Any]:
    tap = ann.button(f"rr1:{ann.exercise(BENCH)}:2:60:8:{TODAY}")
    await ann.deliver(tap)
    await ann.look()
    await ann.tap("Undo")
    return tap


async def a_set_that_is_replaced_and_undone(ann: Chat) -> dict[str, Any]:
    tap = ann.button(f"rp1:{ann.exercise(BENCH)}:1:60:10:61:8:{TODAY}")
    await ann.deliver(tap)
    await ann.look()
    await ann.tap("Undo")
    return tap


async def a_set_of_a_day_that_is_over(ann: Chat) -> dict[str, Any]:
    tap = ann.button(f"rr1:{ann.exercise(BENCH)}:2:60:8:{TODAY}")
    await ann.deliver(tap)
    ann.later(days=1)
    return tap


async def a_set_right_behind_another_exercise(ann: Chat) -> dict[str, Any]:
    await ann.press(f"rr1:{ann.exercise(INCLINE)}:1:20:8:{TODAY}")
    return ann.button(f"rq1:{ann.exercise(BENCH)}:2:60:8:{TODAY}")


@pytest.mark.parametrize(
    "comes",
    [
        a_set_that_is_undone,
        a_set_that_is_replaced_and_undone,
        a_set_of_a_day_that_is_over,
        a_set_right_behind_another_exercise,
    ],
)
async def test_a_button_of_a_set_that_shows_the_exercise_shows_its_note(
    ann: Chat, comes: Callable[[Chat], Awaitable[dict[str, Any]]]
) -> None:
    await open_screen(ann, "note")
    await ann.write("seat 4")
    tap = await comes(ann)
    await ann.deliver(tap)
    await ann.look()
    assert ann.text.endswith("\n\n📝 seat 4\n\nSelect set")


async def test_nobody_reads_another_s_note(ann: Chat, chat: NewChat) -> None:
    await open_screen(ann, "note")
    await ann.write("seat of Ann")
    bob = await chat()
    await bob.press(f"re1:{ann.exercise(BENCH)}:")
    assert "seat of Ann" not in bob.text


# Over HTTP, as Telegram writes it, into a bot process of its own; and what its log says of it.

LOUD = """
import logging, runpy
from app.modules import logging as ours
set_up = ours.set_up
def louder(**arguments):
    set_up(**arguments)
    logging.getLogger().setLevel(logging.DEBUG)
    logging.getLogger("gym.test").debug("debug_is_on")
ours.set_up = louder
runpy.run_module("app.main_webhook", run_name="__main__", alter_sys=True)
"""

SECRET_WORDS = {
    "first name": "Zwetschgenhild",
    "last name": "Quastenflosser",
    "username": "xylographin_77",
    "words": "Brimborium",
    "name in front": "Firlefanz",
    "own exercise": "Kuddelmuddel",
    "note": "Tohuwabohu",
    "weight": "873.29",
    "emoji": "🦥",
}

RAW = {  # the text as JSON writes it, and how the answer begins
    '"60x8\\u0000"': CHARACTERS,
    '"\\u0000"': CHARACTERS,
    '"\\ud83d"': "I didn't catch that",
    '"60\\ud83dx8"': FORM,
    '"\\udc00\\ud800 60x8"': FORM,
    '"60x8\\ud83d"': FORM,
    '"\\u202e60x8"': "🔎 Which exercise?",
    '"\\ud83d\\udcaa"': "I didn't catch that",
    '"<b>"': "I didn't catch that",
}


class Loud(Process):
    """The bot, logging at DEBUG: all that it ever would."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("app.main_webhook", **arguments)
        self._command = [sys.executable, "-W", "error", "-c", LOUD]


@dataclass
class Wire:
    """Telegram's side of a bot process: JSON over HTTP."""

    bot: Process
    http: aiohttp.ClientSession
    numbers: Iterator[int]

    async def post(self, user_id: int, text: str, *, tap: str | None = None) -> None:
        """Send a line, given as JSON writes it; or a tap."""
        someone = {
            "id": user_id, "is_bot": False, "first_name": SECRET_WORDS["first name"],
            "last_name": SECRET_WORDS["last name"], "username": SECRET_WORDS["username"],
        }  # fmt: skip
        number, chat = next(self.numbers), {"id": user_id, "type": "private", "first_name": "x"}
        message = {"message_id": 1, "date": int(datetime.now(UTC).timestamp()), "chat": chat, "from": someone}
        if tap is None:
            update: dict[str, Any] = {"message": message | {"text": "TEXT"}}
        else:
            query = {"id": str(number), "from": someone, "chat_instance": "1", "data": tap}
            update = {"callback_query": query | {"message": message | {"text": "x"}}}
        body = json.dumps({"update_id": number, **update}).replace('"TEXT"', text)
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
        async with self.http.post(f"{self.bot.url}/webhook", data=body.encode(), headers=headers) as answer:
            assert answer.status == 200, (text, self.bot.lines()[-3:])


@pytest.fixture(scope="module")
async def wire(
    tmp_path_factory: pytest.TempPathFactory, stage: Stage, postgres: Postgres, valkey: Valkey
) -> AsyncIterator[Wire]:
    """A bot process of its own; what it logs at INFO is part of what it logs."""
    port = find_free_port()
    env = webhook_env(port=port, api_url=stage.sandbox.url, database=postgres.env("lines"), redis=valkey.env())
    bot = Loud(port=port, env=env | {"DB_POOL": "2"}, log=tmp_path_factory.mktemp("wire") / "bot.log")
    await bot.start()
    yield Wire(bot, stage.http, stage.numbers)
    assert await bot.stop() == 0


async def test_strange_letters_of_telegram_s_json_are_answered(ann: Chat, wire: Wire) -> None:
    await wire.post(ann.id, '"/gym"')
    answers = {}
    for text, answer in RAW.items():
        await wire.post(ann.id, text)
        await ann.look()
        answers[text] = ann.text[: len(answer)]
    assert answers == RAW
    assert ann.rows() == []
    await wire.post(ann.id, "", tap=f"rn1:{ann.exercise(BENCH)}:")
    await wire.post(ann.id, '"seat \\ud83d 4"')
    await ann.look()
    assert "📝 seat ? 4" in ann.text


async def test_no_log_holds_what_people_type_are_called_or_note(ann: Chat, wire: Wire, postgres: Postgres) -> None:
    ann.own_exercise(SECRET_WORDS["own exercise"])
    secret = {what: json.dumps(word, ensure_ascii=False) for what, word in SECRET_WORDS.items()}
    weight = SECRET_WORDS["weight"]
    for text in (
        '"/start"', '"/gym Brimborium"', secret["words"], secret["emoji"], secret["own exercise"],
        f'"{weight}"', f'"{weight}x8"', f'"{weight}9"', f'"{weight}x8x9x7"', f'"{weight}\\u0000"',
        f'"Firlefanz {weight}x8"', '"Firlefanz\\ud83d 60x8"', '"Firlefanz 1e3"', '"Firlefanz\\n60x8"',
        f'"{"Brimborium " * 370}"',
    ):  # fmt: skip
        await wire.post(ann.id, text)
    assert [row[3] for row in ann.rows()] == [float(weight)]
    for note in (secret["note"], '"Tohuwabohu\\u0000"', f'"{"Tohuwabohu " * 30}"'):
        await wire.post(ann.id, "", tap=f"rn1:{ann.exercise(BENCH)}:")
        await wire.post(ann.id, note)
    await wire.post(ann.id, "", tap="Brimborium")
    log, lines = wire.bot.log.read_text(encoding="utf-8"), wire.bot.lines()
    assert {"debug_is_on", "unknown_button"} <= set(wire.bot.events())
    assert not {"update_failed", "update_not_understood", "crashed"} & set(wire.bot.events())
    assert {line.get("user_id") for line in lines} >= {ann.id}  # of whom it was, it tells
    assert [what for what, word in SECRET_WORDS.items() if word.lower() in log.lower()] == []
    server = postgres.log.read_text(encoding="utf-8", errors="replace")
    assert [what for what, word in SECRET_WORDS.items() if word in server] == []
