"""Code that is older than the schema does not start, and says what to do; who could not look at start does no work."""

import asyncio
from pathlib import Path

import aiohttp

from dev.servers import Postgres
from tests.admin_api.conftest import api_env
from tests.bot.test_delivery import deliver, message
from tests.conftest import as_role, find_free_port
from tests.migrations.test_manage import run_sql
from tests.stage import START_SECONDS, Process, webhook_env

SENTENCE = (
    "The schema is newer than this code (migration 9999_later): start the newer version, "
    "or go back to the backup from before the upgrade (OPERATIONS.md, Going back).\n"
)


LATER = "INSERT INTO schema_migrations (number, name, sha256) VALUES (9999, '9999_later', 'x')"


def processes(database_env: dict[str, str], folder: Path) -> list[Process]:
    """The three that work on a database, by webhook, by polling, and the API; Telegram and Redis are away."""
    made = []
    for module in ("app.main_webhook", "app.main", "admin_panel.backend.main"):
        port = find_free_port()
        if module == "admin_panel.backend.main":
            env = api_env(as_role(database_env, "admin"), port)
        else:
            database, redis = as_role(database_env, "bot"), {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "1"}
            env = webhook_env(port=port, api_url="http://127.0.0.1:1", database=database, redis=redis)
        made.append(Process(module, port=port, env=env, log=folder / f"{module}.log"))
    return made


async def test_no_process_starts_where_a_newer_one_has_been(database_env: dict[str, str], tmp_path: Path) -> None:
    run_sql(database_env, LATER)
    started = processes(database_env, tmp_path)
    for process in started:
        process.popen = process._launch()
    for process in started:
        assert process.popen
        assert await asyncio.to_thread(process.popen.wait, START_SECONDS) == 1
        who = "admin API" if process.module == "admin_panel.backend.main" else "bot"
        assert process.log.read_text(encoding="utf-8") == f"The {who} cannot start.\n{SENTENCE}"


async def test_who_started_while_the_database_was_away_does_no_work_there(
    database_env: dict[str, str], postgres: Postgres, tmp_path: Path
) -> None:
    run_sql(database_env, LATER)
    name = database_env["DB_NAME"]
    elsewhere = postgres.env("postgres")
    run_sql(elsewhere, f"ALTER DATABASE {name} RENAME TO {name}_away")
    bot, _, api = processes(database_env, tmp_path)  # who polls is built as the webhook's bot is
    try:
        await asyncio.gather(bot.start(), api.start())
    finally:
        run_sql(elsewhere, f"ALTER DATABASE {name}_away RENAME TO {name}")
    assert (await deliver(bot, message(1, "/start")))[:2] == (503, "2")
    reasons = [line["reason"] for line in bot.lines() if line["message"] == "update_postponed"]
    assert [reason.partition(" (")[0] for reason in reasons] == ["the schema is newer than this code"]
    sign_in = {"username": "ann", "password": "the wrong password"}
    async with aiohttp.ClientSession() as http, http.post(f"{api.url}/api/v1/auth/login", data=sign_in) as answer:
        assert answer.status == 503
    assert run_sql(database_env, "SELECT count(*) FROM users") == [(0,)]
    assert await asyncio.gather(bot.stop(), api.stop()) == [0, 0]
