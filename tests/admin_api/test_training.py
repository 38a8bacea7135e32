"""Everybody's sets: looked through by every filter, corrected, taken away, exported."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from app.modules.errors import NoSet
from app.modules.insight import service as insight
from app.modules.postgres import Database
from app.modules.training import service
from app.modules.training.model import GymDay, Outcome, Set
from app.modules.versions import version
from app.utils.csv_text import csv_lines
from tests.admin_api.conftest import Api
from tests.admin_api.people import new_exercise, new_person, record
from tests.migrations.conftest import settings_of
from tests.training.conftest import Someone

TODAY = datetime.now(UTC).date()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def listed(admin: Api, limit: int = 7, **filters: Any) -> list[str]:
    """All pages of a list."""
    ids: list[str] = []
    query = {"limit": str(limit)} | {name.rstrip("_"): str(value) for name, value in filters.items()}
    while True:
        page = await admin.ask("GET", "/api/v1/training", params=query)
        assert page.status == 200, page.text
        assert len(page.json["items"]) <= limit
        ids += [each["id"] for each in page.json["items"]]
        if page.json["next"] is None:
            return ids
        query["cursor"] = page.json["next"]


@dataclass
class Gym:
    """Two people who trained for a month, one of them much, and the last days as well."""

    api: Api
    ann: int
    bob: int
    rare: int
    common: int

    def wanted(self, where: str, *values: Any) -> list[str]:
        """What a list must hold."""
        rows = self.api.sql(
            f"SELECT id FROM training WHERE (user_id IN ({self.ann}, {self.bob})) AND {where}"
            " ORDER BY day DESC, date DESC, id DESC",
            *values,
        )
        return [row[0] for row in rows]


@pytest.fixture(scope="module")
def gym(anonymous: Api) -> Gym:
    api = anonymous
    made = Gym(
        api, new_person(api, "Ann"), new_person(api, "Bob"), new_exercise(api, "Rare one"), new_exercise(api, "Common")
    )
    for day in (0, 1, 2, 3, 5, 30):
        record(api, made.ann, made.common, ago(day), 3)
        record(api, made.bob, made.common, ago(day), 20)
    record(api, made.bob, made.common, ago(4), 99)  # one set in a hundred of that day is the rare one
    record(api, made.bob, 2, ago(4), 99)
    record(api, made.ann, made.rare, ago(4))
    record(api, made.ann, made.rare, ago(0), 2)
    record(api, made.ann, made.rare, ago(9), at=datetime.now(UTC))  # entered later, for a former day
    return made


FILTERS: dict[str, tuple[dict[str, Any], str]] = {
    "person": ({"user_id": "ann"}, "user_id = {ann}"),
    "person, exercise": ({"user_id": "ann", "exercise_id": "rare"}, "user_id = {ann} AND exercise_id = {rare}"),
    "person, muscle": ({"user_id": "bob", "muscle_id": 1}, "user_id = {bob} AND muscle_id = 1"),
    "person, exercise, other muscle": ({"user_id": "ann", "exercise_id": "rare", "muscle_id": 2}, "FALSE"),
    "exercise": ({"exercise_id": "common"}, "exercise_id = {common}"),
    "rare exercise": ({"exercise_id": "rare"}, "exercise_id = {rare}"),
    "exercise, muscle": ({"exercise_id": "rare", "muscle_id": 1}, "exercise_id = {rare}"),
    "exercise, other muscle": ({"exercise_id": "rare", "muscle_id": 2}, "FALSE"),
    "exercise, days": (
        {"exercise_id": "common", "from": ago(5), "to": ago(2)},
        "exercise_id = {common} AND day BETWEEN '{5}' AND '{2}'",
    ),
    "person, days": (
        {"user_id": "ann", "from": ago(9), "to": ago(4)},
        "user_id = {ann} AND day BETWEEN '{9}' AND '{4}'",
    ),
    "person, from": ({"user_id": "ann", "from": ago(2)}, "user_id = {ann} AND day >= '{2}'"),
    "person, reversed days": ({"user_id": "ann", "from": ago(1), "to": ago(5)}, "FALSE"),
    "exercise, reversed days": ({"exercise_id": "common", "from": ago(1), "to": ago(5)}, "FALSE"),
    "nobody": ({"user_id": 2**62}, "FALSE"),
    "no exercise": ({"exercise_id": 2**31 - 1}, "FALSE"),
}


@pytest.mark.parametrize("name", FILTERS)
async def test_every_filter_finds_its_sets_in_order_page_by_page(admin: Api, gym: Gym, name: str) -> None:
    query, where = FILTERS[name]
    numbers = vars(gym)
    given = {key: numbers.get(value, value) if isinstance(value, str) else value for key, value in query.items()}
    for number in (9, 5, 4, 2):
        where = where.replace(f"{{{number}}}", str(ago(number)))
    wanted = gym.wanted(where.format_map({key: value for key, value in numbers.items() if key != "api"}))
    assert await listed(admin, **given) == wanted


async def test_a_muscles_sets_are_everybodys(admin: Api, gym: Gym) -> None:
    ((muscle,),) = gym.api.sql("INSERT INTO muscles (name) VALUES ('Rare muscle') RETURNING id")
    exercise = new_exercise(gym.api, "Of the rare muscle", muscle=muscle)
    record(gym.api, gym.ann, exercise, ago(4), 2)
    record(gym.api, gym.bob, exercise, ago(1), 9)
    assert await listed(admin, muscle_id=muscle) == gym.wanted("muscle_id = %s", muscle)


async def test_everything_begins_with_the_newest_day(admin: Api, gym: Gym) -> None:
    page = await admin.ask("GET", "/api/v1/training", params={"limit": "200"})
    order = [(each["day"], each["recorded_at"], each["id"]) for each in page.json["items"]]
    assert order == sorted(order, reverse=True)
    first = page.json["items"][0]
    assert {"day", "user_id", "user_name", "muscle", "exercise", "set", "weight", "reps", "version"} <= first.keys()


async def test_whoever_changes_a_day_that_is_over_is_noticed(admin: Api) -> None:
    exercise, ann = new_exercise(admin, "Noticed"), new_person(admin)
    assert await listed(admin, exercise_id=exercise) == []
    ids = record(admin, ann, exercise, ago(40), 2)
    assert sorted(await listed(admin, exercise_id=exercise)) == sorted(ids)
    admin.sql("UPDATE training SET day = %s WHERE id = %s", ago(41), ids[0])
    moved = await listed(admin, exercise_id=exercise)
    assert moved[0] == ids[1]
    assert len(moved) == 2
    admin.sql("DELETE FROM training WHERE id = %s", ids[1])
    assert await listed(admin, exercise_id=exercise) == moved[1:]


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ("exercise_id=1&from=2020-01-01", 409, "period_too_long"),
        ("muscle_id=1&from=2020-01-01&to=2021-01-02", 409, "period_too_long"),
        ("from=1", 422, "invalid"),
        ("from=2026-02-30", 422, "invalid"),
        ("to=2026-03-11T00:00:00Z", 422, "invalid"),
        ("from=", 422, "invalid"),
        ("limit=0", 422, "invalid"),
        ("limit=201", 422, "invalid"),
        ("user_id=0", 422, "invalid"),
        ("user_id=99999999999999999999", 422, "invalid"),
        ("exercise_id=2147483648", 422, "invalid"),
        ("cursor=bm9uZQ==", 404, "unknown_cursor"),
    ],
)
async def test_what_no_list_is_of(admin: Api, query: str, status: int, error: str) -> None:
    answer = await admin.ask("GET", f"/api/v1/training?{query}")
    assert (answer.status, answer.json["error"]) == (status, error)


async def test_a_cursor_belongs_to_its_filters(admin: Api, gym: Gym) -> None:
    page = await admin.ask("GET", f"/api/v1/training?user_id={gym.ann}&limit=1")
    other = await admin.ask("GET", "/api/v1/training", params={"user_id": gym.bob, "cursor": page.json["next"]})
    assert (other.status, other.json["error"]) == (404, "unknown_cursor")


# Correcting and deleting.


@dataclass
class Done:
    """A person's two sets, the second the record, and how the API names the first."""

    someone: Someone
    exercise: int
    day: GymDay

    def where(self, number: int) -> str:
        ((set_id,),) = self.sql(
            "SELECT training_id(%s, %s, %s, %s)", self.someone.id, self.exercise, self.day.day, number
        )
        return f"/api/v1/training/{set_id}"

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.api.sql(statement, *values)

    api: Api


@pytest.fixture(scope="module")
async def db(api_database: dict[str, str]) -> AsyncIterator[Database]:
    made = Database(settings_of(api_database))
    yield made
    await made.close()


@pytest.fixture
async def done(db: Database, admin: Api) -> Done:
    someone = Someone(db, new_person(admin), datetime.now(UTC))
    exercise = new_exercise(admin, f"Corrected by {someone.id}")
    day = (await someone.open(exercise)).day
    assert (await someone.record(exercise, 1, 60, 10, day=day)).outcome is Outcome.SAVED
    someone.later(minutes=3)
    assert (await someone.record(exercise, 2, 600, 8, day=day)).outcome is Outcome.SAVED
    return Done(someone, exercise, day, admin)


def etag(answer: Any) -> dict[str, str]:
    return {"If-Match": answer.headers["ETag"]}


async def test_a_set_is_corrected_with_its_record_and_audited(admin: Api, done: Done) -> None:
    where = done.where(2)
    seen = await admin.ask("GET", where)
    assert (seen.json["weight"], seen.json["reps"], seen.json["set"]) == (600, 8, 2)
    answer = await admin.ask("PATCH", where, json={"weight": 61.712348}, headers=etag(seen))
    assert (answer.status, answer.json["weight"], answer.json["reps"]) == (200, 61.71235, 8)
    session = await done.someone.open(done.exercise)
    assert session.record is not None
    assert (session.record.weight, session.record.reps) == (Decimal("61.71235"), 8)
    assert Decimal("61.71235") in session.own_weights
    ((action, person_id, before, after),) = admin.sql(
        "SELECT action, person_id, before, after FROM audit WHERE kind = 'set' AND thing_id = %s", seen.json["id"]
    )
    assert (action, person_id) == ("update", done.someone.id)
    assert (Decimal(before["weight"]), Decimal(after["weight"])) == (600, Decimal("61.71235"))
    nearly_nothing = await admin.ask("PATCH", where, json={"weight": 1e-7}, headers=etag(answer))
    assert (nearly_nothing.status, nearly_nothing.json["error"]) == (409, "no_set")
    stale = await admin.ask("PUT", where, json={"weight": 70, "reps": 5}, headers=etag(seen))
    assert (stale.status, stale.json["error"]) == (412, "stale")
    same = await admin.ask("PUT", where, json={"weight": 61.71235, "reps": 8}, headers=etag(answer))
    assert same.json == answer.json
    assert admin.sql("SELECT count(*) FROM audit WHERE thing_id = %s", seen.json["id"]) == [(1,)]


async def test_an_undo_does_not_take_a_correction_back(admin: Api, done: Done, db: Database) -> None:
    someone, seen = done.someone, Set(2, Decimal(600), 8)
    replaced = await db.run(
        service.replace_set,
        act=someone.act(),
        exercise_id=done.exercise,
        seen=seen,
        done=Set(2, Decimal(62), 8),
        day=done.day,
    )
    found = await admin.ask("GET", done.where(2))
    corrected = await admin.ask("PATCH", done.where(2), json={"reps": 7}, headers=etag(found))
    assert corrected.status == 200
    undone = await db.run(
        service.undo, act=someone.act(), exercise_id=done.exercise, day=done.day, entry=replaced.entry or 0
    )
    assert (undone.removed, undone.restored) == ((), None)
    assert (await admin.ask("GET", done.where(2))).json == corrected.json


async def test_a_set_is_deleted_with_its_record_and_audited(admin: Api, done: Done) -> None:
    where = done.where(2)
    seen = await admin.ask("GET", where)
    assert (await admin.ask("DELETE", where)).status == 428
    deleted = await admin.ask("DELETE", where, headers=etag(seen))
    assert (deleted.status, deleted.text) == (204, "")
    assert (await admin.ask("GET", where)).status == 404
    assert (await admin.ask("DELETE", where, headers=etag(seen))).status == 404
    session = await done.someone.open(done.exercise)
    assert session.record is not None
    assert (session.record.weight, session.record.reps) == (60, 10)
    ((before, after),) = admin.sql("SELECT before, after FROM audit WHERE thing_id = %s", seen.json["id"])
    assert (before["user_id"], after) == (done.someone.id, None)


async def test_of_two_admins_at_once_one_is_told(admin: Api, done: Done) -> None:
    where = done.where(1)
    seen = await admin.ask("GET", where)
    answers = await asyncio.gather(
        *(admin.ask("PATCH", where, json={"reps": reps}, headers=etag(seen)) for reps in range(11, 16))
    )
    assert sorted(answer.status for answer in answers) == [200, 412, 412, 412, 412]


@pytest.mark.parametrize(
    "body",
    [
        '{"weight": -1}',
        '{"weight": 1000}',
        '{"weight": "60"}',
        '{"weight": true}',
        '{"weight": NaN}',
        '{"weight": 1e999}',
        '{"reps": 0}',
        '{"reps": 1000}',
        '{"reps": 8.5}',
        '{"reps": "8"}',
        '{"set": 3}',
        "[]",
    ],
)
async def test_what_no_set_has(admin: Api, done: Done, body: str) -> None:
    seen = await admin.ask("GET", done.where(1))
    answer = await admin.ask(
        "PATCH", done.where(1), data=body, headers=etag(seen) | {"Content-Type": "application/json"}
    )
    assert answer.status == 422, answer.text
    assert (await admin.ask("GET", done.where(1))).json == seen.json


async def test_the_room_refuses_what_no_set_has_by_itself(done: Done, db: Database) -> None:
    named = await db.run(insight.logged_set, set_id=done.where(1).rpartition("/")[2])
    for weight, reps in ((Decimal("NaN"), 8), (Decimal(1000), 8), (Decimal(60), 0), (Decimal("60.000001"), 8)):
        with pytest.raises(NoSet):
            await db.run(
                service.correct_set,
                set_id=named.logged.id,
                seen=frozenset({version(named.logged)}),
                weight=weight,
                reps=reps,
            )


# The file.


async def test_the_file_holds_what_the_list_holds_and_no_formula(admin: Api) -> None:
    ann = new_person(admin, "=HYPERLINK(1)")
    exercise = new_exercise(admin, '+cmd "x", y')
    for day in range(11):
        record(admin, ann, exercise, ago(day), 99)  # more than are read at once
    answer = await admin.ask("GET", f"/api/v1/training.csv?user_id={ann}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.text.startswith("\ufeffid,day,")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == await listed(admin, limit=200, user_id=ann)
    assert {row["user_name"] for row in rows} == {"'=HYPERLINK(1)"}
    assert {row["exercise"] for row in rows} == {'\'+cmd "x", y'}
    assert {(row["weight_kg"], row["reps"]) for row in rows} == {("60", "8")}
    assert "=HYPERLINK" not in answer.text.replace("'=HYPERLINK", "")


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "＝1", " =1", "\xa0=1"),
        *("x;=1+1", "x;=cmd|'/c calc'!A1;y", "x; =1", 'x;"=1', 'x;" ""=1', ";=1", "x\t=1+1", "x\n=1", "x, y;＠A1;=1"),
    ],
)
@pytest.mark.parametrize("parted_by", [",", ";", "\t"])
def test_no_text_is_a_formula_however_cells_are_parted(text: str, parted_by: str) -> None:
    written = csv_lines([("id", text, "Chest")])
    for row in csv.reader(io.StringIO(written, newline=""), delimiter=parted_by):
        assert [cell for cell in row if cell.lstrip().startswith(tuple("=+-@＝＋－＠"))] == []


@pytest.mark.parametrize("text", ["", "Bench press", "T-bar row", "a=b", "x; y", "Ann, Lee", 'the "best"'])
def test_other_texts_stay_what_they_are(text: str) -> None:
    assert next(csv.reader(io.StringIO(csv_lines([("id", text)]), newline=""))) == ["id", text]


async def test_the_file_ends_unfinished_when_the_session_does(anonymous: Api) -> None:
    ann = new_person(anonymous, "💪" * 255)
    anonymous.sql("UPDATE users SET lastname = first_name WHERE id = %s", ann)
    exercise = new_exercise(anonymous, "For a long file")
    for day in range(200):
        record(anonymous, ann, exercise, ago(day), 99)  # 40 MB: more than the sockets between us hold
    signed_in = await anonymous.login(await anonymous.new_admin())
    someone = anonymous.as_(signed_in.json["access_token"])
    headers = {"Authorization": f"Bearer {someone.token}"}
    async with someone.http.get(f"{someone.process.url}/api/v1/training.csv?user_id={ann}", headers=headers) as answer:
        await answer.content.readline()
        assert (await someone.ask("POST", "/api/v1/auth/logout")).status == 204
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
    await anonymous.process.logged("answer_cut")


async def test_the_file_of_nothing_has_its_head(admin: Api) -> None:
    answer = await admin.ask("GET", "/api/v1/training.csv?from=2026-03-11&to=2026-03-10")
    assert (answer.status, len(answer.text.splitlines())) == (200, 1)
