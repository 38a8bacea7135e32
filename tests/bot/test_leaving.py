"""Leaving: nothing of a person stays in a table, in Redis or in the log, and no late update brings them back."""

import re
from collections.abc import Iterator

import pytest
from redis import Redis

from dev.servers import Valkey
from tests.bot.test_settled import ask, tap
from tests.stage import Process, Sandbox, Someone

# Tables that hold nothing of anybody.
NOBODY_S = {"schema_migrations", "updates_seen", "webhook_registration"}
NOBODY_S |= {"admins", "admin_sessions", "admin_guesses", "changed_days"}
ADMINS = {"audit", "counted_days", "counted_exercises"}  # and these name people for the admins
WORDS = {
    "first_name": "Wilhelmina",
    "last_name": "Oyelaran",
    "username": "wilhelmina_o",
    "muscle": "Splenius",
    "exercise": "Gooseneck nod",
    "renamed": "Gooseneck dip",
    "note": "pulley seven",
    "line": "tell nobody about this",
    "caption": "my left knee",
}


@pytest.fixture
async def ann(sandbox: Sandbox, bot: Process) -> Someone:
    """Somebody new."""
    return await sandbox.person("Ann")


@pytest.fixture
def redis(valkey: Valkey, bot: Process) -> Iterator[Redis]:
    """What the bot remembers."""
    where = valkey.env()
    made = Redis(unix_socket_path=where["REDIS_HOST"], password=where["REDIS_PASSWORD"], decode_responses=True)
    yield made
    made.close()


def people_s(database: dict[str, str]) -> dict[str, list[str]]:
    """Every table of people's, and its columns that say whose a row is: what points at users, or is called so."""
    found = ask(
        database,
        """
        SELECT c.relname, array_agg(a.attname::text)
          FROM pg_class AS c
          JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
           AND (a.attname IN ('user_id', 'created_by') OR (c.relname, a.attname) = ('users', 'id')
                OR EXISTS (SELECT
                             FROM pg_constraint AS k
                            WHERE k.conrelid = c.oid AND k.confrelid = 'users'::regclass AND a.attnum = ANY (k.conkey)))
         GROUP BY c.relname
        """,
    )
    return dict(found)


def tables(database: dict[str, str]) -> set[str]:
    statement = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return {name for (name,) in ask(database, statement)}


def kept(database: dict[str, str], user_id: int) -> dict[str, int]:
    """How many rows each table of people's has of one person."""
    return {
        table: ask(database, f"SELECT count(*) FROM {table} WHERE %s IN ({', '.join(columns)})", user_id)[0][0]
        for table, columns in people_s(database).items()
    }


def mentioning(database: dict[str, str], user_id: int) -> dict[str, list[str]]:
    """The rows of every table, whatever its columns, in which a person's number or words stand."""
    said = "|".join([rf"\m{user_id}\M", *map(re.escape, WORDS.values())])
    found = {
        table: [row for (row,) in ask(database, f"SELECT t::text FROM {table} AS t WHERE t::text ~* %s", said)]
        for table in tables(database)
    }
    return {table: rows for table, rows in found.items() if rows}


async def has_a_past(ann: Someone, database: dict[str, str]) -> None:
    """A row in every table, by the bot itself wherever it can be."""
    await ann.write("/edit")
    shown = await ann.sees("Your muscles and exercises")
    await tap(ann, shown, "Add muscle", "What is the new muscle called?")
    await ann.write(WORDS["muscle"])
    await ann.sees("Now its first exercise")
    await ann.write(WORDS["exercise"])
    shown = await tap(ann, await ann.sees("is added to"), "Record it now", "You haven't done")
    shown = await tap(ann, shown, "📝 Note", "Type")
    await ann.write(WORDS["note"])
    await ann.sees("Noted")
    await ann.write("3x8@333.33")
    await ann.sees("Sets 1–3 saved")
    await ann.write("/edit")
    shown = await ann.sees("Your muscles and exercises")
    shown = await tap(ann, shown, "Rename", "Which one")
    await tap(ann, shown, WORDS["exercise"], "be called from now on")
    await ann.write(WORDS["renamed"])
    await ann.sees("From now on it is called")
    await ann.write("/edit")
    shown = await tap(ann, await ann.sees("Your muscles and exercises"), "Hide", "Where do you want")
    shown = await tap(ann, shown, "Chest", "Tap what you never do")
    shown = await tap(ann, shown, "Pec deck", "Pec deck is hidden")
    await tap(ann, shown, "🙈 Hide all of Chest", "Chest is hidden")
    await ann.write("/settings")
    shown = await tap(ann, await ann.sees("Settings"), "Time zone", "Where do you train?")
    shown = await tap(ann, shown, "Antarctica", "Which city")
    await tap(ann, shown, "Troll", "Time zone: Troll")
    await ann.write(WORDS["line"])
    await ann.sees("I didn't catch that")
    ask(
        database,
        """
        INSERT INTO updates_parked (bot_id, update_id, user_id, body)
        SELECT 1, u.id, u.id, %s FROM users AS u WHERE u.id = %s
        """,
        WORDS["caption"],
        ann.id,
    )
    ask(
        database,
        """
        INSERT INTO audit (at, action, kind, thing_id, person_id, before)
        VALUES (now(), 'update', 'set', '', %s, json_build_object('name', %s::text)::jsonb);
        INSERT INTO changed_days (day) VALUES ('2001-01-01');
        INSERT INTO counted_days AS c (day, sets, tonnage, people, quarters)
        VALUES ('2001-01-01', 1, 1, ARRAY[%s::bigint], '{}')
            ON CONFLICT (day) DO UPDATE SET people = c.people || excluded.people;
        INSERT INTO counted_exercises AS c (day, exercise_id, muscle_id, sets, people)
        VALUES ('2001-01-01', 1, 1, 1, ARRAY[%s::bigint])
            ON CONFLICT (day, exercise_id, muscle_id) DO UPDATE SET people = c.people || excluded.people
        """,
        ann.id,
        WORDS["exercise"],
        ann.id,
        ann.id,
    )


def test_every_table_is_known_to_hold_something_of_people_or_nothing(shared_database: dict[str, str]) -> None:
    """A new table with neither a key of users nor a user_id is named in NOBODY_S, once somebody has thought of it."""
    assert tables(shared_database) == NOBODY_S | ADMINS | set(people_s(shared_database))


async def test_nothing_is_left_of_whoever_leaves(
    sandbox: Sandbox, bot: Process, shared_database: dict[str, str], redis: Redis
) -> None:
    ann = await sandbox.person(**{name: WORDS[name] for name in ("first_name", "last_name", "username")})
    await has_a_past(ann, shared_database)
    assert all(kept(shared_database, ann.id).values()), "a table of people's is not filled by this test"
    assert set(mentioning(shared_database, ann.id)) == set(people_s(shared_database)) | ADMINS
    key = f"fsm:*:{ann.id}"
    assert redis.keys(key)
    await ann.write("/delete_me")
    shown = await ann.sees("Type DELETE")
    assert "3 sets, 1 exercise of your own, 1 muscle of your own, 1 note, your name" in shown["text"]
    await ann.write("delete it")
    await ann.sees("Nothing was erased")
    assert all(kept(shared_database, ann.id).values())
    await sandbox.ask("POST", "/control/duplicate", {"times": 3})  # the confirmation comes again and again
    await ann.write("delete")
    await ann.sees("Everything of yours is erased")
    await ann.quiet()
    assert mentioning(shared_database, ann.id) == {}
    assert not any(kept(shared_database, ann.id).values())
    assert redis.keys(key) == []
    assert not re.search(
        "|".join(map(re.escape, [*WORDS.values(), "333.33", "Troll"])), bot.log.read_text("utf-8"), re.I
    )


async def test_a_late_update_brings_nobody_back(
    ann: Someone, sandbox: Sandbox, shared_database: dict[str, str]
) -> None:
    """What was sent before the word that erased everything: taps with an effect and without, and lines."""
    await ann.write("/start")
    menu = await ann.sees("What shall we do?")
    await ann.tap(menu, "m2")
    await ann.sees("Your log is yours alone")
    await ann.tap(menu, "pz1:Antarctica/Troll", forged=True)
    await ann.sees("Troll")
    await ann.write("/delete_me")
    await ann.sees("Type DELETE")
    await ann.write("DELETE")
    shown = await ann.sees("Everything of yours is erased")
    await ann.quiet()
    updates = (await sandbox.ask("GET", "/control/updates"))[-5:]
    assert [each["kind"] for each in updates] == ["message", "callback_query", "callback_query", "message", "message"]
    for update in updates:
        await sandbox.ask("POST", "/control/duplicate", {"update_id": update["update_id"]})
        await ann.quiet()
        assert mentioning(shared_database, ann.id) == {}
        await ann.sees("Everything of yours is erased")
    await tap(ann, shown, "Begin anew", "What shall we do?")
    assert kept(shared_database, ann.id)["users"] == 1


async def test_nothing_is_left_while_the_answer_fails_and_it_comes_at_last(
    ann: Someone, sandbox: Sandbox, bot: Process, shared_database: dict[str, str], redis: Redis
) -> None:
    await ann.write("/delete_me")
    await ann.sees("Type DELETE")
    postponed = bot.events().count("update_postponed")
    await sandbox.ask("POST", "/control/fail", {"method": "sendMessage", "status": 502, "times": 1})
    await ann.write("DELETE")
    await bot.logged("update_postponed", times=postponed + 1)
    assert redis.keys(f"fsm:*:{ann.id}") == []
    assert mentioning(shared_database, ann.id) == {}
    await ann.sees("Everything of yours is erased")
    await ann.quiet()
    assert mentioning(shared_database, ann.id) == {}
    assert redis.keys(f"fsm:*:{ann.id}") == []


async def test_leaving_can_be_thought_better_of(ann: Someone, shared_database: dict[str, str]) -> None:
    await ann.write("bench press 3x8@60")
    await ann.sees("Sets 1–3 saved")
    await ann.write("/delete_me")
    await tap(ann, await ann.sees("Type DELETE"), "Keep my log", "What shall we do?")
    await ann.write("/delete_me")
    await ann.sees("Type DELETE")
    await ann.write("/gym")
    await ann.sees("What are you training?")
    await ann.write("DELETE")  # answers no question any more
    await ann.quiet()
    assert kept(shared_database, ann.id)["training"] == 3
