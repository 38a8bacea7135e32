"""Code that is older than the schema does not start, and says what to do; code that runs already goes on."""

import asyncio
from pathlib import Path

from tests.admin_api.conftest import api_env
from tests.conftest import as_role, find_free_port
from tests.migrations.test_manage import run_sql
from tests.stage import START_SECONDS, Process, webhook_env

SENTENCE = (
    "The schema is newer than this code (migration 9999_later): start the newer version, "
    "or go back to the backup from before the upgrade (OPERATIONS.md, Going back).\n"
)


async def test_no_process_starts_where_a_newer_one_has_been(database_env: dict[str, str], tmp_path: Path) -> None:
    run_sql(database_env, "INSERT INTO schema_migrations (number, name, sha256) VALUES (9999, '9999_later', 'x')")
    bot = webhook_env(
        port=find_free_port(),
        api_url="http://127.0.0.1:1",
        database=as_role(database_env, "bot"),
        redis={"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "1"},
    )
    api = api_env(as_role(database_env, "admin"), find_free_port())
    envs = {"app.main": bot, "app.main_webhook": bot, "admin_panel.backend.main": api}
    processes = [Process(module, port=1, env=env, log=tmp_path / f"{module}.log") for module, env in envs.items()]
    for process in processes:
        process.popen = process._launch()
    for process in processes:
        assert process.popen
        assert await asyncio.to_thread(process.popen.wait, START_SECONDS) == 1
        who = "admin API" if process.module == "admin_panel.backend.main" else "bot"
        assert process.log.read_text(encoding="utf-8") == f"The {who} cannot start.\n{SENTENCE}"
