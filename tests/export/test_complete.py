"""Whatever /delete_me erases is in the log: every table with a row of a person, every column of it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.modules.people import service as people
from app.modules.people.model import Person
from app.modules.postgres import Database
from tests.bot.test_leaving import NOBODY_S
from tests.export.conftest import Log, exported
from tests.training.conftest import Someone

Values = Callable[[Log], Iterable[Any]]


def one(*path: str) -> Values:
    """A field that is there once."""

    def values(log: Log) -> Iterable[Any]:
        for name in path:
            log = log[name]
        return log if isinstance(log, list) else [log]

    return values


def each(name: str, field: str, **which: Any) -> Values:
    """A field of the objects of a list."""
    return lambda log: [row[field] for row in log[name] if all(row[key] == value for key, value in which.items())]


PERSON = one("person", "id")
# Where in the log a column is.
KEPT: dict[str, dict[str, Values]] = {
    "users": {
        "id": PERSON,
        "registration_date": one("person", "registered_at"),
        "last_interaction": one("person", "last_seen_at"),
        "first_name": one("person", "first_name"),
        "lastname": one("person", "last_name"),
        "username": one("person", "username"),
        "bio": one("person", "bio"),
        "timezone": one("settings", "time_zone"),
        "unit": one("settings", "unit"),
        "weight_step": one("settings", "weight_step_kg"),
        "own_weights": one("settings", "own_weights_kg"),
    },
    "muscles": {
        "id": each("muscles", "id", own=True),
        "name": each("muscles", "name", own=True),
        "created_by": PERSON,
        "deleted_at": each("muscles", "deleted_at", own=True),
    },
    "exercises": {
        "id": each("exercises", "id", own=True),
        "name": each("exercises", "name", own=True),
        "muscle": each("exercises", "muscle", own=True),
        "created_by": PERSON,
        "deleted_at": each("exercises", "deleted_at", own=True),
    },
    "user_hidden_muscles": {"user_id": PERSON, "muscle_id": each("muscles", "id", hidden=True)},
    "user_hidden_exercises": {"user_id": PERSON, "exercise_id": each("exercises", "id", hidden=True)},
    "exercise_notes": {
        "user_id": PERSON,
        "exercise_id": each("exercises", "id", note="pulley seven"),
        "note": each("exercises", "note"),
    },
    "training": {
        "date": each("sets", "at"),
        "day": each("sets", "day"),
        "user_id": PERSON,
        "muscle_id": each("sets", "muscle"),
        "exercise_id": each("sets", "exercise"),
        "set": each("sets", "set"),
        "weight": each("sets", "weight_kg"),
        "reps": each("sets", "reps"),
        "former_weight": each("sets", "former_weight_kg"),
        "former_reps": each("sets", "former_reps"),
    },
    "audit": {
        "at": each("corrections", "at"),
        "action": each("corrections", "action"),
        "kind": each("corrections", "kind"),
        "thing_id": each("corrections", "thing"),
        "person_id": PERSON,
        "before": each("corrections", "before"),
        "after": each("corrections", "after"),
    },
    "updates_parked": {
        "user_id": PERSON,
        "first_failed_at": each("set_aside", "at"),
        "body": each("set_aside", "update"),
    },
}
# What is in no file, and why.
LEFT_OUT = {
    "users.hidden_muscles": "a second copy of user_hidden_muscles",
    "users.hidden_exercises": "a second copy of user_hidden_exercises",
    "muscles.name_key": "made of the name",
    "muscles.is_global": "false, for there is an owner",
    "exercises.name_key": "made of the name",
    "exercises.is_global": "false, for there is an owner",
    "training.id": "made of person, exercise, day and set",
    "training.entry": "the number of an update, so that Undo knows what belongs together",
    "training.former_entry": "likewise",
    "audit.id": "our count of changes",
    "audit.admin_id": "who the admin was is the admin's own affair",
    "audit.request_id": "of the admin's request",
    "updates_parked.bot_id": "which bot it was",
    "updates_parked.update_id": "in the update itself",
    "updates_parked.tries": "how our tries went",
    "updates_parked.last_failed_at": "likewise",
    "updates_parked.parked_at": "likewise",
    "updates_parked.traceback": "where our program failed",
}
TABLES_LEFT_OUT = {
    "exercise_stats": "counted from training",
    "entries_spent": "numbers of updates whose sets were saved, so that none is saved twice",
    "counted_days": "counted from everybody's training",
    "counted_exercises": "likewise",
}


async def fill(ann: Someone) -> None:
    """A row in every table, with something in every column."""
    await ann.sql(
        """
        UPDATE users SET first_name = 'Wilhelmina', lastname = 'Oyelaran', username = 'wilhelmina_o', bio = 'I lift.',
               timezone = 'Antarctica/Troll', unit = 'lb', weight_step = 2.5,
               own_weights = '{47.62720, 333.33}', registration_date = '2025-02-03 04:05:06.789Z'
         WHERE id = {who};
        INSERT INTO muscles (name, is_global, created_by, deleted_at)
        VALUES ('Splenius', FALSE, {who}, '2026-01-02 03:04:05.678Z');
        INSERT INTO exercises (name, muscle, is_global, created_by, deleted_at)
        SELECT 'Gooseneck nod', m.id, FALSE, {who}, m.deleted_at FROM muscles AS m WHERE m.created_by = {who};
        INSERT INTO user_hidden_muscles VALUES ({who}, 6);
        INSERT INTO user_hidden_exercises VALUES ({who}, 102);
        INSERT INTO exercise_notes VALUES ({who}, 35, 'pulley seven');
        INSERT INTO training (date, day, user_id, muscle_id, exercise_id, set, weight, reps, entry,
                              former_weight, former_reps, former_entry)
        SELECT '2026-03-10 09:08:07.654321Z', '2026-03-09', {who}, e.muscle, e.id, 17, 61.23497, 13, 5, 47.5, 11, 4
          FROM exercises AS e WHERE e.created_by = {who};
        INSERT INTO entries_spent VALUES ({who}, 1, 5);
        INSERT INTO updates_parked (bot_id, update_id, user_id, parked_at, traceback, body, first_failed_at)
        VALUES (1, 6, {who}, now(), 'somewhere', '{"update_id": 6, "half": "\\ud800"}', '2026-03-03 03:03:03Z');
        INSERT INTO admins (name, name_key, password_hash) VALUES ('boss', 'boss', 'x');
        INSERT INTO audit (at, admin_id, request_id, action, kind, thing_id, person_id, before, after)
        SELECT '2026-03-04 04:04:04Z', a.id, 'r1', 'update', 'set', 'abc', {who},
               '{"weight": 61.23497}', '{"weight": 60.5, "name": "Ü"}' FROM admins AS a;
        INSERT INTO changed_days (day) VALUES ('2001-01-01');
        INSERT INTO counted_days (day, sets, tonnage, people, quarters)
        VALUES ('2001-01-01', 1, 1, ARRAY[{who}::bigint], '{}');
        INSERT INTO counted_exercises (day, exercise_id, muscle_id, sets, people)
        VALUES ('2001-01-01', 1, 1, 1, ARRAY[{who}::bigint])
        """.replace("{who}", str(ann.id))
    )


def comparable(value: Any) -> Any:
    """A value as it is said, whether by the table or by the log."""
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value).astimezone(UTC) if "T" in value else value
        except ValueError:
            return value
    if isinstance(value, float | Decimal):
        return Decimal(str(value)).normalize()
    if isinstance(value, dict):
        return {name: comparable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [comparable(each) for each in value]
    return value


async def test_every_column_of_every_table_with_a_row_of_a_person(ann: Someone) -> None:
    await fill(ann)
    log = (await exported(ann)).log
    tables = await ann.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    with_rows, columns = set(), set()
    for (table,) in tables:
        rows = await ann.sql(rf"SELECT to_jsonb(t) FROM {table} AS t WHERE t::text ~ '\m{ann.id}\M'")
        if not rows:
            continue
        with_rows.add(table)
        if table in TABLES_LEFT_OUT:
            continue
        for column, value in [pair for (row,) in rows for pair in row.items()]:
            where = f"{table}.{column}"
            columns.add(where)
            assert value is not None, f"{where} is not filled by this test"
            assert (column in KEPT.get(table, {})) != (where in LEFT_OUT), f"{where}: is it exported, or left out? why?"
            if where in LEFT_OUT:
                continue
            said = [comparable(each) for each in KEPT[table][column](log)]
            assert comparable(value) in said or comparable(value) == said, f"{where}: {value} is not in {said}"
    assert columns == LEFT_OUT.keys() | {f"{table}.{column}" for table, kept in KEPT.items() for column in kept}
    known = KEPT.keys() | TABLES_LEFT_OUT.keys()
    assert with_rows == known, "a table that holds something of a person is in neither list, or not filled"
    assert {name for (name,) in tables} == known | NOBODY_S


async def test_what_is_erased_is_what_was_exported(ann: Someone, db: Database) -> None:
    """A person who erased themselves and came back exports nothing of before."""
    await ann.record(await ann.exercise("Bench press"), 1, "60", 10)
    assert (await exported(ann)).written.sets == 1
    assert await db.run(people.erase, act=ann.act())
    await db.run(people.meet, person=Person(ann.id, "Ann"))
    log = (await exported(ann)).log
    assert [log[name] for name in ("muscles", "exercises", "sets", "corrections", "set_aside")] == [[], [], [], [], []]
