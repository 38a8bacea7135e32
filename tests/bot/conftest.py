"""The sandbox and a bot that most tests here share; each test brings people of its own."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from dev.servers import Postgres, Valkey
from tests.conftest import as_role, find_free_port
from tests.stage import Process, Sandbox, Someone, webhook_env

NewPerson = Callable[..., "Someone"]


@pytest.fixture(scope="session")
def stage_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the shared processes keep data and logs."""
    return tmp_path_factory.mktemp("stage")


@pytest.fixture(scope="session")
async def sandbox(stage_folder: Path) -> AsyncIterator[Sandbox]:
    """One Telegram for all."""
    made = Sandbox(port=find_free_port(), folder=stage_folder)
    await made.start()
    yield made
    assert await made.stop() == 0


@pytest.fixture(scope="session")
def shared_database(postgres: Postgres, template_database: str) -> Iterator[dict[str, str]]:
    """The database of the shared bot."""
    postgres.create_database("shared", template=template_database)
    yield postgres.env("shared")
    postgres.drop_database("shared")


@pytest.fixture(scope="session")
async def bot(
    stage_folder: Path, sandbox: Sandbox, shared_database: dict[str, str], valkey: Valkey
) -> AsyncIterator[Process]:
    """The bot in production form, in its role of little power; its log must stay clean to the end."""
    valkey.flush()  # earlier tests had a Telegram of their own, with the same numbers for other people
    port = find_free_port()
    database = as_role(shared_database, "bot")
    env = webhook_env(port=port, api_url=sandbox.url, database=database, redis=valkey.env())
    process = Process("app.main_webhook", port=port, env=env, log=stage_folder / "bot.log")
    await process.start()
    await process.logged("webhook_set")
    yield process
    assert await process.stop() == 0
    assert "Traceback" not in process.log.read_text(encoding="utf-8")
