"""Merging two exercises: all history moves, once, in order, and nobody's set is lost on the way."""

import asyncio
import itertools
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.modules.catalog import service as catalog
from app.modules.errors import TooManySets, Unavailable
from app.modules.postgres import Database
from app.modules.training import screens, service
from app.modules.training.model import GymDay, Merge, Outcome, Set
from app.modules.versions import version
from app.settings import DatabaseSettings
from tests.admin_api.conftest import Answer, Api
from tests.admin_api.test_exercises import etag, new_exercise
from tests.catalog.conftest import ann, chat, db, rooms, someone
from tests.migrations.conftest import connections, cursor
from tests.migrations.test_stats import assert_right
from tests.training.conftest import NOON, Someone
from tests.training.test_screens import Chat, check

__all__ = ["ann", "chat", "connections", "cursor", "db", "rooms", "someone"]  # fixtures

SOURCE, INTO, OTHER = 1, 2, 3
TODAY = date(2026, 3, 11)
HIGHEST = 99


def merge(cursor: Any, source_id: int = SOURCE, into_id: int = INTO) -> Merge:
    """Merge two exercises as they are now."""
    seen, into_seen = (
        frozenset({version(catalog.global_exercise(cursor, exercise_id=each))}) for each in (source_id, into_id)
    )
    at = datetime.now(UTC)
    return service.merge_exercises(
        cursor, source_id=source_id, into_id=into_id, seen=seen, into_seen=into_seen, at=at
    ).result


# Random histories against a small model.


class Done(NamedTuple):
    """A set in the table."""

    person: int
    exercise: int
    day: int
    set_no: int
    weight: int
    reps: int
    minute: int
    muscle: int
    entry: int | None
    former: int | None

    @property
    def place(self) -> tuple[int, int, int, int]:
        return self[:4]


DONE = st.builds(
    Done,
    person=st.integers(1, 2),
    exercise=st.sampled_from([SOURCE, SOURCE, INTO, OTHER]),
    day=st.integers(0, 2),
    set_no=st.sampled_from([1, 2, 3, 4, 97, 98]),
    weight=st.integers(0, 3),
    reps=st.integers(1, 3),
    minute=st.integers(0, 5),
    muscle=st.sampled_from([1, 1, 7]),
    entry=st.none() | st.integers(1, 5),
    former=st.none() | st.integers(1, 3),
)
COLUMNS = "user_id, exercise_id, day - DATE '2026-03-01', set, weight::int, reps::int, extract(minute FROM date)::int"
WRITE = """
    INSERT INTO training (user_id, exercise_id, day, set, weight, reps, date, muscle_id, entry, former_weight)
    VALUES (%s, %s, DATE '2026-03-01' + %s, %s, %s, %s, TIMESTAMPTZ '2026-03-01' + %s * INTERVAL '1 minute', %s, %s, %s)
"""
READ = f"SELECT {COLUMNS}, muscle_id, entry, former_weight::int FROM training"


def modelled(rows: list[Done]) -> tuple[list[Done], dict[str, int]]:
    """What merging leaves, and what it says of it."""
    left = [row for row in rows if row.exercise != SOURCE]
    figures = {"days_numbered_on": 0, "days_too_full": 0}
    moving = sorted(
        (row for row in rows if row.exercise == SOURCE), key=lambda row: (row[0], row.day, row.minute, row[3])
    )
    for (person, day), group in itertools.groupby(moving, lambda row: (row.person, row.day)):
        that_day = list(group)
        there = [row.set_no for row in rows if (row.person, row.exercise, row.day) == (person, INTO, day)]
        if there:
            figures["days_numbered_on"] += 1
            figures["days_too_full"] += max(there) + len(that_day) > HIGHEST
            that_day = [row._replace(set_no=max(there) + n) for n, row in enumerate(that_day, 1)]
        left += [row._replace(exercise=INTO) for row in that_day]

    def records(among: list[Done]) -> dict[int, Any]:
        own = [(row.person, (row.weight, row.reps, -row.day)) for row in among if row.exercise == INTO]
        return {person: max(best for who, best in own if who == person) for person, _ in own}

    before, after = records(rows), records(left)
    figures["sets"], figures["people"] = len(moving), len({row.person for row in moving})
    figures["records"] = sum(after[person] != best for person, best in before.items())
    return left, figures


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(DONE, max_size=24, unique_by=lambda row: row.place))
def test_any_histories(cursor: Any, rows: list[Done]) -> None:
    expected, figures = modelled(rows)
    cursor.execute("BEGIN")
    try:
        for row in rows:
            cursor.execute(WRITE, row)
        preview = service.merge_preview(cursor, source_id=SOURCE, into_id=INTO)
        assert {name: getattr(preview, name) for name in figures} == figures
        if figures["days_too_full"]:
            with pytest.raises(TooManySets) as refusal:
                merge(cursor)
            assert refusal.value.values["days"] == figures["days_too_full"]
        else:
            done = merge(cursor)
            assert {name: getattr(done, name) for name in figures} == figures
            expected.sort(key=lambda row: row.place)
            cursor.execute(f"{READ} ORDER BY 1, 2, 3, 4")
            assert [Done(*row) for row in cursor.fetchall()] == expected
        assert_right(cursor)
    finally:
        cursor.execute("ROLLBACK")


# Notes, and what people have hidden.


@pytest.mark.parametrize(
    ("moved", "there", "after", "fate"),
    [
        ("seat 4", None, "seat 4", "notes_moved"),
        ("seat 4", "narrow", "narrow; seat 4", "notes_joined"),
        ("seat 4", "seat 4", "seat 4", "notes_joined"),
        ("a" * 98, "b" * 100, "b" * 100 + "; " + "a" * 98, "notes_joined"),
        ("a" * 99, "b" * 100, "b" * 100, "notes_left"),
        ("é" * 98, "💪" * 100, "💪" * 100 + "; " + "é" * 98, "notes_joined"),
    ],
    ids=["alone", "both", "the same", "just fits", "too long", "letters, not bytes"],
)
def test_notes(cursor: Any, moved: str, there: str | None, after: str, fate: str) -> None:
    notes = [(1, SOURCE, moved), (1, OTHER, "other"), (2, INTO, "another's")] + ([(1, INTO, there)] if there else [])
    for note in notes:
        cursor.execute("INSERT INTO exercise_notes VALUES (%s, %s, %s)", note)
    preview = service.merge_preview(cursor, source_id=SOURCE, into_id=INTO)
    cursor.execute("BEGIN")
    done = merge(cursor)
    cursor.execute("COMMIT")
    for each in (preview, done):
        figures = {name: getattr(each, name) for name in ("notes_moved", "notes_joined", "notes_left")}
        assert {name: count for name, count in figures.items() if count} == {fate: 1}
    cursor.execute("SELECT user_id, exercise_id, note FROM exercise_notes ORDER BY user_id, exercise_id")
    left = [(1, SOURCE, moved)] if fate == "notes_left" else []
    assert cursor.fetchall() == [*left, (1, INTO, after), (1, OTHER, "other"), (2, INTO, "another's")]


@pytest.mark.parametrize(
    ("hides", "trains", "still_hides"),
    [
        ({INTO}, SOURCE, set()),
        ({INTO}, INTO, {INTO}),
        ({SOURCE}, SOURCE, {SOURCE}),
        ({SOURCE, INTO}, SOURCE, {SOURCE, INTO}),
        (set(), SOURCE, set()),
    ],
    ids=["would lose it", "does not train it", "sees the other", "wants neither", "sees both"],
)
def test_whoever_trains_an_exercise_goes_on_seeing_it(
    cursor: Any, hides: set[int], trains: int, still_hides: set[int]
) -> None:
    for exercise in hides:
        cursor.execute("INSERT INTO user_hidden_exercises VALUES (1, %s)", (exercise,))
    cursor.execute("INSERT INTO user_hidden_exercises VALUES (2, %s)", (INTO,))  # somebody else's business
    cursor.execute(WRITE, Done(1, trains, 0, 1, 60, 10, 0, 1, None, None))
    preview = service.merge_preview(cursor, source_id=SOURCE, into_id=INTO)
    cursor.execute("BEGIN")
    done = merge(cursor)
    cursor.execute("COMMIT")
    assert (preview.shown_again, done.shown_again) == (len(hides - still_hides),) * 2
    cursor.execute("SELECT hidden_exercises FROM users ORDER BY id")
    assert [set(hidden) for (hidden,) in cursor.fetchall()] == [still_hides, {INTO}]


def test_a_merged_exercise_does_not_come_back_with_its_muscle(cursor: Any) -> None:
    cursor.execute("UPDATE muscles SET deleted_at = now() WHERE id = 7")
    cursor.execute("SELECT min(id) FROM exercises WHERE muscle = 7")
    ((source_id,),) = cursor.fetchall()
    cursor.execute("BEGIN")
    assert merge(cursor, source_id).source.archived_at is not None
    cursor.execute("COMMIT")
    cursor.execute("UPDATE muscles SET deleted_at = NULL WHERE id = 7")
    cursor.execute("SELECT id FROM exercises WHERE muscle = 7 AND deleted_at IS NOT NULL")
    assert cursor.fetchall() == [(source_id,)]


# By the API.


async def pair(admin: Api, name: str) -> tuple[Answer, Answer]:
    """Two new exercises."""
    return await new_exercise(admin, f"{name}, old"), await new_exercise(admin, f"{name}, new", 7)


def record(api: Api, user_id: int, exercise_id: int, *set_nos: int) -> None:
    """Let somebody have done some sets on one day."""
    for set_no in set_nos:
        api.sql(
            "INSERT INTO training (user_id, exercise_id, muscle_id, day, set, weight, reps) "
            "VALUES (%s, %s, 1, '2026-03-11', %s, %s, 10)",
            user_id,
            exercise_id,
            set_no,
            60 + set_no,
        )


async def test_a_merge_from_its_preview_to_the_audit(admin: Api, person: int) -> None:
    source, into = await pair(admin, "Merged")
    record(admin, person, source.json["id"], 1, 2)
    record(admin, person, into.json["id"], 1)
    path = f"{source.headers['Location']}/merge"
    body = {"into": into.json["id"], "into_version": into.json["version"]}
    preview = await admin.ask("GET", path, params={"into": str(into.json["id"])})
    assert preview.json == {
        "source": source.json,
        "into": into.json,
        "sets": 2,
        "people": 1,
        "records": 1,
        "days_numbered_on": 1,
        "days_too_full": 0,
        "notes_moved": 0,
        "notes_joined": 0,
        "notes_left": 0,
        "shown_again": 0,
    }
    blind = await admin.ask("POST", path, json=body)
    assert (blind.status, blind.json["error"]) == (428, "version_missing")
    half_blind = await admin.ask("POST", path, json={"into": into.json["id"]}, headers=etag(source))
    assert (half_blind.status, half_blind.json["error"]) == (422, "invalid")
    for stale in (
        await admin.ask("POST", path, json=body, headers=etag(into)),
        await admin.ask("POST", path, json=body | {"into_version": source.json["version"]}, headers=etag(source)),
    ):
        assert (stale.status, stale.json["error"]) == (412, "stale")
    merged = await admin.ask("POST", path, json=body, headers=etag(source))
    assert merged.status == 200, merged.text
    archived = merged.json["source"]
    assert archived["archived_at"]
    assert merged.json == preview.json | {"source": archived}
    again = await admin.ask("POST", path, json=body, headers=etag(source))
    assert again.status == 412
    assert (await admin.ask("GET", source.headers["Location"])).json["people"] == 0
    assert (await admin.ask("GET", into.headers["Location"])).json["days"] == 1
    sets = "SELECT exercise_id, set, weight::int FROM training WHERE user_id = %s ORDER BY set"
    number = into.json["id"]
    assert admin.sql(sets, person) == [(number, 1, 61), (number, 2, 61), (number, 3, 62)]
    ((before, after),) = admin.sql(
        "SELECT before, after FROM audit WHERE kind = 'exercise' AND thing_id = %s AND action = 'merge'",
        str(source.json["id"]),
    )
    assert (before["name"], before["archived_at"]) == ("Merged, old", None)
    assert (after["into"]["id"], after["sets"], after["people"]) == (number, 2, 1)


async def test_what_cannot_be_merged(admin: Api, person: int) -> None:
    source, into = await pair(admin, "Refused")
    ((private,),) = admin.sql(
        "INSERT INTO exercises (name, muscle, is_global, created_by) VALUES ('Mine', 1, FALSE, %s) RETURNING id", person
    )
    path = f"{source.headers['Location']}/merge"

    async def refused(into_id: int, into_version: str = "none") -> list[tuple[int, str]]:
        answers = [
            await admin.ask("GET", path, params={"into": str(into_id)}),
            await admin.ask("POST", path, json={"into": into_id, "into_version": into_version}, headers=etag(source)),
        ]
        return [(answer.status, answer.json.get("error", "")) for answer in answers]

    assert await refused(private) == await refused(2**31 - 1) == [(404, "not_found")] * 2
    assert await refused(source.json["id"], source.json["version"]) == [(409, "same_exercise")] * 2
    archived = await admin.ask("POST", f"{into.headers['Location']}/archive")
    assert await refused(into.json["id"], archived.json["version"]) == [(409, "into_archived")] * 2
    assert (await admin.ask("POST", f"{into.headers['Location']}/restore")).status == 200
    record(admin, person, source.json["id"], 1, 2)
    record(admin, person, into.json["id"], 98)
    (previewed, _), said = await refused(into.json["id"], into.json["version"])
    assert (previewed, said) == (200, (409, "too_many_sets"))
    assert (await admin.ask("GET", source.headers["Location"])).json["archived_at"] is None
    too_large = json.dumps({"into": 10**20, "into_version": "none"})
    headers = etag(source) | {"Content-Type": "application/json"}
    assert (await admin.ask("POST", path, data=too_large, headers=headers)).status == 422


# Before the bot.


async def merge_now(db: Database, source_id: int = SOURCE, into_id: int = INTO) -> Merge:
    return await db.run_long(merge, source_id, into_id)


@pytest.fixture
async def two_exercises(ann: Someone) -> tuple[int, int]:
    """Two exercises of their own test's, that everybody has."""
    made = await ann.sql(
        "INSERT INTO exercises (name, muscle) VALUES (%s, 1), (%s, 1) RETURNING id", f"Old {ann.id}", f"New {ann.id}"
    )
    return made[0][0], made[1][0]


async def test_old_buttons_and_undo(chat: Chat, two_exercises: tuple[int, int]) -> None:
    """Buttons of the merged exercise say so; Undo and corrections of the other touch the sets that they meant."""
    source_id, into_id = two_exercises
    person = chat.person
    await chat.send(f"re1:{source_id}:")
    await chat.write("3x8x60")
    of_source = chat.data("Undo")
    await chat.send(f"re1:{into_id}:")
    await chat.write("50x5")
    of_into = chat.data("Undo")
    old_tap = of_source.split(":")[-1]
    await merge_now(person.db, source_id, into_id)
    for data in (
        of_source,
        f"re1:{source_id}:",
        f"rr1:{source_id}:4:60:8:{old_tap}",
        f"rd1:{source_id}:1:60:8:{old_tap}",
    ):
        await chat.send(data)
        assert chat.sees().startswith("That exercise was removed\n")
    moved = [("2026-03-11", into_id, set_no, 60.0, 8) for set_no in (2, 3, 4)]
    assert sorted(await person.rows()) == [("2026-03-11", into_id, 1, 50.0, 5), *moved]
    await chat.send(of_into)
    assert sorted(await person.rows()) == moved
    await chat.send(f"rd1:{into_id}:3:60:8:{old_tap}")
    assert [row[2] for row in sorted(await person.rows())] == [2, 4]


async def test_a_question_of_before_the_merge(chat: Chat, two_exercises: tuple[int, int]) -> None:
    """A typed answer to a question about the merged exercise saves nothing there."""
    source_id, into_id = two_exercises
    await chat.send(f"re1:{source_id}:")
    await merge_now(chat.person.db, source_id, into_id)
    await chat.write("60x8")
    assert chat.sees().startswith("That exercise was removed\n")
    assert await chat.person.rows() == []


@pytest.mark.parametrize("unit", ["kg", "lb"])
async def test_a_day_of_99_sets_can_be_read(ann: Someone, two_exercises: tuple[int, int], unit: str) -> None:
    """More than the bot would take, after a merge; today, and as the last time."""
    source_id, into_id = two_exercises
    for exercise_id, sets in ((into_id, 50), (source_id, 49)):
        await ann.sql(
            """INSERT INTO training (user_id, exercise_id, muscle_id, day, set, weight, reps, date)
               SELECT %s, %s, 1, %s, s, 999.99, 999, %s FROM generate_series(1, %s) AS s""",
            ann.id,
            exercise_id,
            TODAY,
            NOON,
            sets,
        )
    await ann.sql("UPDATE users SET unit = %s WHERE id = %s", unit, ann.id)
    await ann.sql("UPDATE exercises SET name = %s WHERE id = %s", "W" * 56 + str(ann.id), into_id)
    await ann.sql("INSERT INTO exercise_notes VALUES (%s, %s, %s)", ann.id, into_id, "&" * 200)
    assert (await merge_now(ann.db, source_id, into_id)).days_numbered_on == 1
    today = await ann.open(into_id)
    assert len(today.sets) == HIGHEST
    ann.later(days=1)
    tomorrow = await ann.open(into_id)
    assert len(tomorrow.last_sets) == HIGHEST
    for session in (today, tomorrow):
        check(screens.exercise(session))
        check(screens.set_done(session, 20))
        check(screens.pick_weight(session, 1))


# People recording meanwhile.


async def test_a_tap_during_a_merge_is_refused_at_once_and_comes_again(
    ann: Someone, two_exercises: tuple[int, int]
) -> None:
    source_id, into_id = two_exercises
    day = GymDay(TODAY)
    began, over = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def merging(cursor: Any) -> None:
        merge(cursor, source_id, into_id)
        loop.call_soon_threadsafe(began.set)
        asyncio.run_coroutine_threadsafe(over.wait(), loop).result()

    async def tapping() -> None:
        await began.wait()
        try:
            for exercise_id in (source_id, into_id):
                with pytest.raises(Unavailable):
                    await ann.record(exercise_id, 1, 60, 8, day=day, update_id=exercise_id)
            assert (await ann.record(OTHER, 1, 60, 8, day=day)).outcome is Outcome.SAVED
        finally:
            over.set()

    await asyncio.gather(ann.db.run_long(merging), tapping())
    assert (await ann.record(source_id, 1, 60, 8, day=day, update_id=source_id)).outcome is Outcome.GONE
    assert (await ann.record(into_id, 1, 60, 8, day=day, update_id=into_id)).outcome is Outcome.SAVED


class Lifter:
    """Somebody who records and deletes sets of whatever exercise is still there, each of a weight of its own."""

    def __init__(self, person: Someone, exercises: list[int], chance: Random, saved: asyncio.Semaphore) -> None:
        self.person, self.exercises, self.chance, self.saved = person, exercises, chance, saved
        self.confirmed: dict[Decimal, tuple[int, int]] = {}  # where each set was saved
        self.deleted: set[Decimal] = set()

    async def train(self, enough: asyncio.Event) -> None:
        """Go on until it is enough."""
        for step in itertools.count(1):
            if enough.is_set():
                return
            exercise_id = self.chance.choice(self.exercises)
            if self.confirmed and self.chance.random() < 0.25:
                await self._delete(self.chance.choice(sorted(self.confirmed)))
            else:
                await self._record(exercise_id, Decimal(step) / 4)

    async def _record(self, exercise_id: int, weight: Decimal) -> None:
        taken = [set_no for where, set_no in self.confirmed.values() if where == exercise_id]
        set_no = next(number for number in itertools.count(1) if number not in taken)
        while set_no <= 20:
            done = Set(set_no, weight, 5)
            outcome = await self._tap(service.record_set, exercise_id=exercise_id, done=done)
            if outcome is Outcome.SAVED:
                self.confirmed[weight] = (exercise_id, set_no)
                self.saved.release()
            if outcome is Outcome.GONE:
                self.exercises.remove(exercise_id)
            if outcome is not Outcome.OTHER:  # a set that was moved here has that number
                return
            set_no += 1

    async def _delete(self, weight: Decimal) -> None:
        exercise_id, set_no = self.confirmed[weight]
        outcome = await self._tap(service.delete_set, exercise_id=exercise_id, seen=Set(set_no, weight, 5))
        if outcome is Outcome.DONE:
            del self.confirmed[weight]
            self.deleted.add(weight)

    async def _tap(self, use_case: Any, **what: Any) -> Outcome:
        """Tap until it is answered, as Telegram delivers."""
        act = self.person.act()
        while True:
            try:
                said = await self.person.db.run(use_case, act=act, day=GymDay(TODAY), **what)
            except Unavailable:
                await asyncio.sleep(0.01)
                continue
            return said if isinstance(said, Outcome) else said.outcome


async def test_nothing_is_lost_or_doubled_while_people_record(database_env: dict[str, str]) -> None:
    """Five merges into one exercise, among ten people who record and delete, their first sets of each too."""
    env = {name.lower(): value for name, value in database_env.items()}
    db = Database(DatabaseSettings.model_validate(env | {"db_pool": 8}))
    chance, saved, enough = Random(20260311), asyncio.Semaphore(0), asyncio.Event()
    sources, into_id = [1, 2, 3, 4, 5], 6
    lifters = [Lifter(Someone(db, id_, NOON), [*sources, into_id], chance, saved) for id_ in range(1, 11)]

    async def merging() -> None:
        try:
            for source_id in sources:
                for _ in range(20):
                    await saved.acquire()
                await merge_now(db, source_id, into_id)
        finally:
            enough.set()

    try:
        await lifters[0].person.sql("INSERT INTO users (id) SELECT generate_series(1, 10)")
        await asyncio.gather(merging(), *(lifter.train(enough) for lifter in lifters))
        for lifter in lifters:
            rows = await lifter.person.rows()
            kept = sorted(Decimal(str(weight)) for _, _, _, weight, _ in rows)
            assert kept == sorted(lifter.confirmed), "a set is lost, doubled, or back"
            assert {exercise for _, exercise, _, _, _ in rows} <= {into_id}
        assert sum(len(lifter.deleted) for lifter in lifters) > 0
        await db.run(assert_right)
    finally:
        await db.close()
