"""What an update's sender is told, and when: 200 after the work, 503 in an outage, five tries for what never works."""

import asyncio
import itertools
import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from dev.servers import Postgres, Valkey, temporary_folder
from tests.bot.test_metrics import shown
from tests.conftest import find_free_port
from tests.stage import SECRET, Process, Sandbox, Someone, connected, webhook_env

HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
_update_ids = itertools.count(1)

Answer = tuple[int, str | None, dict[str, Any]]


def message(user_id: int, text: str) -> dict[str, Any]:
    someone = {"id": user_id, "is_bot": False, "first_name": "Ann"}
    chat = {"id": user_id, "type": "private", "first_name": "Ann"}
    content = {"message_id": 1, "date": 1, "chat": chat, "from": someone, "text": text}
    return {"update_id": next(_update_ids), "message": content}


def tap(user_id: int, data: str, message_id: int) -> dict[str, Any]:
    update = message(user_id, "the menu")
    shown = update.pop("message") | {"message_id": message_id}
    query = {"id": str(update["update_id"]), "from": shown["from"], "chat_instance": "1", "data": data}
    return update | {"callback_query": query | {"message": shown}}


async def deliver(bot: Process, update: dict[str, Any]) -> Answer:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{bot.url}/webhook", json=update, headers=HEADERS) as answer,
    ):
        return answer.status, answer.headers.get("Retry-After"), await answer.json()


async def ready(bot: Process) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as http, http.get(f"{bot.url}/ready") as answer:
        return answer.status, await answer.json()


@pytest.fixture(scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    """A Telegram apart: these bots register their webhooks with it."""
    made = Sandbox(port=find_free_port(), folder=tmp_path_factory.mktemp("apart"))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture(scope="module")
def database(postgres: Postgres, template_database: str) -> Iterator[dict[str, str]]:
    """The database of this module's bot."""
    postgres.create_database("delivery", template=template_database)
    yield postgres.env("delivery")
    postgres.drop_database("delivery")


@pytest.fixture(scope="module")
async def own_bot(
    tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox, database: dict[str, str], valkey: Valkey
) -> AsyncIterator[Process]:
    """A bot that the sandbox does not deliver to: these tests do."""
    port = find_free_port()
    env = webhook_env(port=port, api_url=sandbox.url, database=database, redis=valkey.env()) | {"DB_POOL": "3"}
    process = Process("app.main_webhook", port=port, env=env, log=tmp_path_factory.mktemp("own") / "bot.log")
    await process.start()
    yield process
    await process.stop()


@pytest.fixture
async def ann(sandbox: Sandbox) -> Someone:
    """Somebody new."""
    return await sandbox.person("Ann")


async def test_a_tap_costs_one_request_and_its_answer_travels_in_the_200(
    own_bot: Process, sandbox: Sandbox, ann: Someone
) -> None:
    await deliver(own_bot, message(ann.id, "/start"))
    menu = await ann.sees("What shall we do?")
    before = len(await sandbox.ask("GET", "/control/calls"))
    update = tap(ann.id, "m2", menu["message_id"])
    assert await deliver(own_bot, update) == (
        200,
        None,
        {"method": "answerCallbackQuery", "callback_query_id": update["callback_query"]["id"]},
    )
    calls = [call["method"] for call in (await sandbox.ask("GET", "/control/calls"))[before:]]
    registering = ("getWebhookInfo", "setWebhook", "getMyCommands", "setMyCommands")  # the bot has just been started
    assert [method for method in calls if method not in registering] == ["editMessageText"]


async def test_a_message_that_is_gone_is_sent_anew(own_bot: Process, ann: Someone) -> None:
    status, _, reply = await deliver(own_bot, tap(ann.id, "m1", 999_999))
    assert (status, reply["method"]) == (200, "answerCallbackQuery")
    await ann.sees("What shall we do?")


async def test_the_same_tap_again_is_no_error(own_bot: Process, ann: Someone) -> None:
    await deliver(own_bot, message(ann.id, "/start"))
    menu = await ann.sees("What shall we do?")
    update = tap(ann.id, "m2", menu["message_id"])
    assert [(await deliver(own_bot, update))[0] for _ in range(3)] == [200, 200, 200]
    assert "update_failed" not in own_bot.events()


async def test_groups_are_told_once_where_to_go(own_bot: Process, ann: Someone) -> None:
    update = message(ann.id, "/gym")
    update["message"]["chat"] = {"id": -100, "type": "group", "title": "Gym"}
    status, _, reply = await deliver(own_bot, update)
    assert (status, reply["method"], reply["chat_id"]) == (200, "sendMessage", -100)
    assert "Write to me alone" in reply["text"]
    update = message(ann.id, "good morning all")
    update["message"]["chat"] = {"id": -100, "type": "group", "title": "Gym"}
    assert (await deliver(own_bot, update))[2] == {}


@pytest.mark.parametrize(
    ("kind", "without", "change", "said"),
    [
        ("callback_query", "message", {"inline_message_id": "x"}, "Write to me alone"),
        ("message", "from", {}, "Write to me alone"),
        ("message", "from", {"from": {"id": 7, "is_bot": True, "first_name": "Bot"}}, "Write to me alone"),
        ("message", "from", {"text": "60x8"}, None),
        ("edited_message", "from", {"edit_date": 2}, "Write to me alone"),
        ("message", "from", {"from": {"id": 2**63, "is_bot": False, "first_name": "x"}}, "Write to me alone"),
        ("message", "from", {"from": {"id": -1, "is_bot": False, "first_name": "x"}}, "Write to me alone"),
    ],
    ids=["inline", "no sender", "a bot", "no sender's line", "no sender's edit", "beyond 63 bits", "negative"],
)
async def test_what_nobody_does_in_private_is_no_error(
    own_bot: Process, ann: Someone, kind: str, without: str, change: dict[str, Any], said: str | None
) -> None:
    update = tap(ann.id, "m1", 1) if kind == "callback_query" else message(ann.id, "/gym")
    content = update.pop(kind, None) or update.pop("message")
    del content[without]
    status, _, reply = await deliver(own_bot, update | {kind: content | change})
    assert status == 200
    assert (said in reply["text"]) if said else reply == {}


async def test_a_tap_of_somebody_whom_telegram_no_longer_knows_is_no_error(own_bot: Process) -> None:
    status, _, reply = await deliver(own_bot, tap(7_999_999_999, "m1", 1))
    assert (status, reply["method"]) == (200, "answerCallbackQuery")
    assert "person_is_gone" in own_bot.events()


@pytest.mark.parametrize(
    "change",
    [
        {"first_name": "N\0ul"},
        {"first_name": "\ud800 half a pair"},
        {"first_name": "x" * 5000},
        {"last_name": "<b>", "username": "u" * 300},
    ],
    ids=["nul", "half a surrogate pair", "very long", "markup"],
)
async def test_strange_names_are_no_obstacle(own_bot: Process, sandbox: Sandbox, change: dict[str, str]) -> None:
    someone = await sandbox.person("Strange")
    update = message(someone.id, "/start")
    update["message"]["from"] |= change
    status, _, _ = await deliver(own_bot, update)
    assert status == 200
    await someone.sees("What shall we do?")


async def test_last_interaction_is_written_once_a_minute_and_names_when_they_change(
    own_bot: Process, ann: Someone, database: dict[str, str]
) -> None:
    async def versions() -> tuple[Any, ...]:
        with connected(database) as cursor:
            cursor.execute("SELECT xmin::text, first_name FROM users WHERE id = %s", (ann.id,))
            return tuple(cursor.fetchone())

    await deliver(own_bot, message(ann.id, "/start"))
    first = await versions()
    await deliver(own_bot, message(ann.id, "/help"))
    assert await versions() == first
    renamed = message(ann.id, "/help")
    renamed["message"]["from"]["first_name"] = "Anna"
    await deliver(own_bot, renamed)
    assert (await versions())[1] == "Anna"


async def test_an_outage_of_the_database_answers_503_and_the_same_update_works_later(
    tmp_path: Path, sandbox: Sandbox, ann: Someone, redis_env: dict[str, str]
) -> None:
    with temporary_folder() as folder:
        server = Postgres(folder / "postgres", durable=False)
        server.start()
        server.create_database("gymbot")
        migrate(server)
        port = find_free_port()
        env = webhook_env(port=port, api_url=sandbox.url, database=server.env("gymbot"), redis=redis_env)
        bot = Process("app.main_webhook", port=port, env=env, log=tmp_path / "bot.log")
        server.stop()
        await bot.start()  # a database that is down does not stop the receiver
        status, body = await ready(bot)
        assert status == 503
        assert body["problems"][0].startswith("PostgreSQL: ")
        update = message(ann.id, "/start")
        assert (await deliver(bot, update))[:2] == (503, "2")
        server.start()
        assert (await deliver(bot, update))[0] == 200
        for mode in ("fast", "immediate"):
            server.stop(mode)
            assert (await deliver(bot, message(ann.id, "/start")))[0] in (200, 503)
            server.start()
            assert (await deliver(bot, message(ann.id, "/help")))[0] == 200
        assert (await ready(bot))[0] == 200
        assert await bot.stop() == 0
        server.stop()
    assert "update_failed" not in bot.events()


def migrate(server: Postgres) -> None:
    from app.schema import migrate as run
    from app.settings import DatabaseSettings

    run(DatabaseSettings.model_validate({name.lower(): value for name, value in server.env("gymbot").items()}))


async def test_without_redis_everything_but_its_comfort_works(
    tmp_path: Path, sandbox: Sandbox, ann: Someone, database_env: dict[str, str]
) -> None:
    with temporary_folder() as folder:
        valkey = Valkey(folder / "valkey", durable=False)
        valkey.start()
        port = find_free_port()
        env = webhook_env(port=port, api_url=sandbox.url, database=database_env, redis=valkey.env())
        bot = Process("app.main_webhook", port=port, env=env, log=tmp_path / "bot.log")
        valkey.stop()
        await bot.start()
        assert (await deliver(bot, message(ann.id, "/start")))[0] == 200
        menu = await ann.sees("What shall we do?")
        assert (await deliver(bot, tap(ann.id, "m2", menu["message_id"])))[0] == 200
        status, body = await ready(bot)
        assert (status, body["status"]) == (200, "limping")
        assert any(problem.startswith("Redis does not answer") for problem in body["problems"])
        valkey.start()
        status, body = await ready(bot)
        assert not any("Redis" in problem for problem in body["problems"])
        valkey.stop()
        assert await bot.stop() == 0


@pytest.mark.parametrize(
    ("fault", "retry_after"),
    [
        ({"status": 500}, "2"),
        ({"status": 429, "retry_after": 37}, "37"),
        ({"status": 502, "html": True}, "2"),
    ],
    ids=["500", "429", "HTML"],
)
async def test_trouble_of_the_bot_api_is_passed_on_as_503(
    own_bot: Process, sandbox: Sandbox, ann: Someone, fault: dict[str, Any], retry_after: str
) -> None:
    update = message(ann.id, "/start")
    await sandbox.ask("POST", "/control/fail", {"method": "sendMessage", "times": 1} | fault)
    assert (await deliver(own_bot, update))[:2] == (503, retry_after)
    again = 503 if retry_after == "37" else 200  # a chat's patience is not over when the update comes too early
    assert (await deliver(own_bot, update))[0] == again
    if again == 200:
        await ann.sees("What shall we do?")


async def test_more_of_one_person_than_telegram_sends_at_once_comes_again_later(
    own_bot: Process, sandbox: Sandbox, ann: Someone
) -> None:
    await deliver(own_bot, message(ann.id, "/start"))
    await sandbox.ask("POST", "/control/slow", {"method": "sendMessage", "seconds": 5})
    answers = await asyncio.gather(*(deliver(own_bot, message(ann.id, f"{number}")) for number in range(30)))
    assert sorted(answer[:2] for answer in answers) == [(200, None)] * 11 + [(503, "2")] * 19


async def test_what_always_fails_is_kept_aside_after_five_tries_and_its_person_told_once(
    own_bot: Process, sandbox: Sandbox, ann: Someone, database: dict[str, str]
) -> None:
    with connected(database) as cursor:
        cursor.execute("ALTER TABLE users ADD CONSTRAINT spoiled CHECK (first_name <> 'Spoiler')")
    update = message(ann.id, "words of a person")
    update["message"]["from"]["first_name"] = "Spoiler"
    update["message"]["text"] += "\0"  # what JSONB would refuse
    _, before = await shown(own_bot)
    answers = [(await deliver(own_bot, update))[:2] for _ in range(7)]
    assert answers == [(503, "2")] * 4 + [(200, None)] * 3
    _, after = await shown(own_bot)
    counted = {name: after[name] - before.get(name, 0) for name in after if name.startswith("gym_updates_total")}
    assert {name.split('"')[1]: number for name, number in counted.items() if number} == {
        "later": 4,
        "parked": 1,
        "done": 2,
    }
    told = [each for each in await ann.messages() if each["from"]["is_bot"]]
    assert len(told) == 1
    assert "Something broke on our side" in told[0]["text"]
    with connected(database) as cursor:
        cursor.execute("SELECT update_id, user_id, tries, parked_at IS NOT NULL, traceback, body FROM updates_parked")
        ((update_id, user_id, tries, parked, traceback, body),) = cursor.fetchall()
        cursor.execute("DELETE FROM updates_parked")
        cursor.execute("ALTER TABLE users DROP CONSTRAINT spoiled")
    assert (update_id, user_id, tries, parked, json.loads(body)) == (update["update_id"], ann.id, 7, True, update)
    assert "CheckViolation" in traceback
    assert own_bot.events().count("update_parked") == 1
    assert "words of a person" not in own_bot.log.read_text(encoding="utf-8")
    assert (await deliver(own_bot, message(ann.id, "/start")))[0] == 200  # the others go on


async def test_a_statement_that_is_wrong_is_kept_aside_and_not_taken_for_an_outage(
    own_bot: Process, ann: Someone, database: dict[str, str]
) -> None:
    with connected(database) as cursor:
        cursor.execute("ALTER TABLE users RENAME COLUMN lastname TO spoiled")
    update = message(ann.id, "/start")
    answers = [(await deliver(own_bot, update))[0] for _ in range(6)]
    with connected(database) as cursor:
        cursor.execute("ALTER TABLE users RENAME COLUMN spoiled TO lastname")
        cursor.execute("DELETE FROM updates_parked")
    assert answers == [503] * 4 + [200] * 2


async def test_migrations_on_their_way_are_waited_for(own_bot: Process, ann: Someone, database: dict[str, str]) -> None:
    with connected(database) as cursor:
        cursor.execute("ALTER TABLE users RENAME COLUMN lastname TO spoiled")
        cursor.execute("DELETE FROM schema_migrations WHERE number = 1 RETURNING name, sha256")
        name, sha256 = cursor.fetchone()
    update = message(ann.id, "/start")
    answers = [(await deliver(own_bot, update))[0] for _ in range(7)]
    status, body = await ready(own_bot)
    with connected(database) as cursor:
        cursor.execute("ALTER TABLE users RENAME COLUMN spoiled TO lastname")
        cursor.execute("INSERT INTO schema_migrations (number, name, sha256) VALUES (1, %s, %s)", (name, sha256))
    assert answers == [503] * 7
    assert status == 503
    assert "the schema is behind" in body["problems"][0]
    assert (await deliver(own_bot, update))[0] == 200


async def test_what_cannot_be_read_is_kept_aside_at_once_and_answered(
    own_bot: Process, ann: Someone, database: dict[str, str]
) -> None:
    update = message(ann.id, "words of a person")
    update["message"]["forward_origin"] = {"type": "brand_new", "date": 1}
    status, _, reply = await deliver(own_bot, update)
    assert (status, reply["method"], reply["chat_id"]) == (200, "sendMessage", ann.id)
    assert "in a form I cannot read yet" in reply["text"]
    assert (await deliver(own_bot, update))[2] == {}  # told once
    with connected(database) as cursor:
        cursor.execute("DELETE FROM updates_parked WHERE user_id = %s RETURNING body, traceback", (ann.id,))
        ((body, traceback),) = cursor.fetchall()
    assert json.loads(body) == update
    assert "forward_origin" in traceback
    assert "words of a person" not in own_bot.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("depth", [200, 300, 900])  # orjson reads 1,024 levels and writes 254
async def test_what_is_too_deep_is_kept_aside_at_once_and_answered(
    own_bot: Process, ann: Someone, database: dict[str, str], depth: int
) -> None:
    update = message(ann.id, "x")
    deep: Any = {}
    for _ in range(depth):
        deep = {"a": deep}
    update["message"]["forward_origin"] = deep
    status, _, reply = await deliver(own_bot, update)
    assert (status, reply["method"], reply["chat_id"]) == (200, "sendMessage", ann.id)
    assert (await deliver(own_bot, update))[2] == {}  # told once
    with connected(database) as cursor:
        cursor.execute("DELETE FROM updates_parked WHERE user_id = %s RETURNING body", (ann.id,))
        ((body,),) = cursor.fetchall()
    kept = {"update_id": update["update_id"], "message": "too deep to be written"}
    assert json.loads(body) == (update if depth == 200 else kept)
    assert "update_not_kept" not in own_bot.events()


async def test_a_cosmetic_step_that_fails_sends_nothing_twice(own_bot: Process, sandbox: Sandbox, ann: Someone) -> None:
    await deliver(own_bot, message(ann.id, "/start"))
    for fault in ({"status": 429, "retry_after": 1}, {"status": 500}, {"status": 400}):
        await sandbox.ask("POST", "/control/fail", {"method": "editMessageReplyMarkup", "times": 1} | fault)
        assert (await deliver(own_bot, message(ann.id, "/start")))[0] == 200
    assert len([each for each in await ann.messages() if each["from"]["is_bot"]]) == 4


async def test_blocking_the_bot_registers_nobody(own_bot: Process, sandbox: Sandbox, database: dict[str, str]) -> None:
    stranger = await sandbox.person("Stranger")
    update = message(stranger.id, "x")
    chat, someone = update["message"]["chat"], update["message"]["from"]
    bot = {"id": 5401000001, "is_bot": True, "first_name": "Gym"}
    change = {"chat": chat, "from": someone, "date": 1, "old_chat_member": {"user": bot, "status": "member"}}
    change["new_chat_member"] = {"user": bot, "status": "kicked", "until_date": 0}
    assert (await deliver(own_bot, {"update_id": update["update_id"], "my_chat_member": change}))[0] == 200
    with connected(database) as cursor:
        cursor.execute("SELECT FROM users WHERE id = %s", (stranger.id,))
        assert cursor.rowcount == 0


async def test_one_person_is_served_one_at_a_time_and_others_meanwhile(
    own_bot: Process, sandbox: Sandbox, database: dict[str, str]
) -> None:
    slow, quick = await sandbox.person("Slow"), await sandbox.person("Quick")
    await deliver(own_bot, message(slow.id, "/start"))
    order: list[str] = []

    async def send(someone: Someone, text: str, name: str) -> None:
        assert (await deliver(own_bot, message(someone.id, text)))[0] == 200
        order.append(name)

    with connected(database) as cursor:
        cursor.execute("SELECT 1 FROM users WHERE id = %s FOR UPDATE", (slow.id,))
        renamed = message(slow.id, "/start")
        renamed["message"]["from"]["first_name"] = "Held up by the row"
        first = asyncio.gather(deliver(own_bot, renamed))
        await asyncio.to_thread(wait_for_a_waiter, database)
        second = asyncio.gather(send(slow, "/help", "slow"))
        await send(quick, "/start", "quick")
        cursor.connection.commit()
    assert (await first)[0][0] == 200
    await second
    assert order == ["quick", "slow"]
    shown = [each["text"] for each in await slow.messages()]
    assert ["Your log is yours alone" in text for text in shown] == [False, False, True]


def wait_for_a_waiter(database: dict[str, str]) -> None:
    """Wait until a statement of the bot waits for the row that the test holds."""
    for _ in range(2000):
        with connected(database) as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


async def test_a_stop_ends_work_in_hand_first(own_bot: Process, ann: Someone, database: dict[str, str]) -> None:
    with connected(database) as cursor:
        cursor.execute("LOCK TABLE users IN EXCLUSIVE MODE")
        update = asyncio.gather(deliver(own_bot, message(ann.id, "/start")))
        await asyncio.to_thread(wait_for_a_waiter, database)
        stopped = asyncio.gather(own_bot.stop())
        await until_closed(own_bot)
        cursor.connection.commit()
    assert (await update)[0][0] == 200
    assert await stopped == [0]
    assert own_bot.events()[-1] == "bot_stopped"
    await ann.sees("What shall we do?")


async def test_a_stop_does_not_wait_for_a_frozen_database(
    tmp_path: Path, sandbox: Sandbox, ann: Someone, redis_env: dict[str, str]
) -> None:
    with temporary_folder() as folder:
        server = Postgres(folder / "postgres", durable=False)
        server.start()
        server.create_database("gymbot")
        migrate(server)
        port = find_free_port()
        env = webhook_env(port=port, api_url=sandbox.url, database=server.env("gymbot"), redis=redis_env)
        bot = Process("app.main_webhook", port=port, env=env, log=tmp_path / "bot.log")
        await bot.start()
        await deliver(bot, message(ann.id, "/start"))
        with connected(server.env("gymbot")) as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'gymbot'")
            backends = [pid for (pid,) in cursor.fetchall()]
        for pid in backends:
            os.kill(pid, signal.SIGSTOP)
        try:
            renamed = message(ann.id, "/start")
            renamed["message"]["from"]["first_name"] = "Held up"
            update = asyncio.gather(deliver(bot, renamed), return_exceptions=True)
            assert await bot.stop() == 0
            await update
        finally:
            for pid in backends:
                os.kill(pid, signal.SIGCONT)
            server.stop("immediate")


async def until_closed(bot: Process) -> None:
    """Wait until nobody new is let in."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", bot.port)
        except ConnectionError:
            return
        writer.close()
        await asyncio.sleep(0.02)
