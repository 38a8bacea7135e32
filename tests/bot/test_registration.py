"""The webhook is set only when something differs, with every parameter, by one process; and polling beside it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.modules import registration
from app.modules.errors import Unavailable
from app.modules.postgres import Database
from app.modules.telegram import BotApi
from app.settings import WebhookSettings
from tests.conftest import find_free_port
from tests.stage import SECRET, START_SECONDS, Process, Sandbox, webhook_env


@pytest.fixture
async def own_sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A Telegram that knows no bot yet."""
    made = Sandbox(port=find_free_port(), folder=tmp_path)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def env(own_sandbox: Sandbox, database_env: dict[str, str], redis_env: dict[str, str]) -> dict[str, str]:
    """A bot's environment; its public address stays the same from process to process."""
    return webhook_env(port=find_free_port(), api_url=own_sandbox.url, database=database_env, redis=redis_env)


def another(env: dict[str, str], tmp_path: Path, **changed: str) -> Process:
    """One more process of the same bot."""
    port = find_free_port()
    log = tmp_path / f"bot-{port}.log"
    return Process("app.main_webhook", port=port, env=env | {"BOT_PORT": str(port)} | changed, log=log)


async def calls(sandbox: Sandbox, method: str) -> list[dict[str, Any]]:
    return [call for call in await sandbox.ask("GET", "/control/calls") if call["method"] == method]


async def test_it_is_set_once_with_every_parameter(own_sandbox: Sandbox, env: dict[str, str], tmp_path: Path) -> None:
    first = another(env, tmp_path)
    await first.start()
    await first.logged("webhook_set")
    (call,) = await calls(own_sandbox, "setWebhook")
    assert call["arguments"] == {
        "url": f"{env['WEB_APP_URL']}/webhook",
        "secret_token": SECRET,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        "max_connections": 40,
        "drop_pending_updates": False,
    }
    await first.stop()
    second = another(env, tmp_path)
    await second.start()
    await second.logged("webhook_as_wanted")
    await second.stop()
    assert len(await calls(own_sandbox, "setWebhook")) == 1
    assert len(await calls(own_sandbox, "setMyCommands")) == 1
    assert await calls(own_sandbox, "deleteWebhook") == []


async def register(env: dict[str, str], **changed: str) -> None:
    """Do what such a process does first."""
    settings = WebhookSettings.model_validate({name.lower(): value for name, value in (env | changed).items()})
    db, api = Database(settings), BotApi(settings.telegram_api_url, settings.telegram_bot_token)
    await registration.register(settings, api=api, db=db, bot_id=42)
    await api.close()
    await db.close()


async def test_a_new_secret_or_address_sets_it_again(own_sandbox: Sandbox, env: dict[str, str]) -> None:
    for number, changed in enumerate(
        [{}, {"TELEGRAM_WEBHOOK_SECRET": SECRET[::-1]}, {"WEB_APP_URL": f"http://127.0.0.1:{find_free_port()}"}], 1
    ):
        for _ in range(2):
            await register(env, **changed)
            assert len(await calls(own_sandbox, "setWebhook")) == number


async def test_a_webhook_that_was_lost_is_set_again(own_sandbox: Sandbox, env: dict[str, str]) -> None:
    await register(env)
    await own_sandbox.ask("POST", f"/bot{env['TELEGRAM_BOT_TOKEN']}/setWebhook", {"url": ""})  # somebody else's doing
    await register(env)
    assert [call["arguments"]["url"] for call in await calls(own_sandbox, "setWebhook")] == [
        f"{env['WEB_APP_URL']}/webhook",
        "",
        f"{env['WEB_APP_URL']}/webhook",
    ]


async def test_several_processes_set_it_once(own_sandbox: Sandbox, env: dict[str, str], tmp_path: Path) -> None:
    processes = [another(env, tmp_path) for _ in range(3)]
    await asyncio.gather(*(process.start() for process in processes))
    async with asyncio.timeout(START_SECONDS):
        for process in processes:
            while not {"webhook_set", "webhook_as_wanted"} & set(process.events()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    await asyncio.gather(*(process.stop() for process in processes))
    assert len(await calls(own_sandbox, "setWebhook")) == 1


async def test_trouble_while_registering_does_not_stop_the_receiver(
    own_sandbox: Sandbox, env: dict[str, str], tmp_path: Path
) -> None:
    for fault in ({"status": 500}, {"status": 429, "retry_after": 1}):
        await own_sandbox.ask("POST", "/control/fail", {"method": "setWebhook", "times": 1} | fault)
    process = another(env, tmp_path)
    await process.start()
    await process.logged("webhook_set")
    assert await process.stop() == 0
    # After a 429 it is looked at again before it is set again: another process may have set just this.
    assert len(await calls(own_sandbox, "setWebhook")) == 3


async def test_many_at_once_set_it_once(own_sandbox: Sandbox, env: dict[str, str]) -> None:
    settings = WebhookSettings.model_validate({name.lower(): value for name, value in env.items()})
    db, apis = Database(settings), [BotApi(own_sandbox.url, settings.telegram_bot_token) for _ in range(8)]

    async def until_registered(api: BotApi) -> None:
        while True:
            try:
                return await registration.register(settings, api=api, db=db, bot_id=42)
            except Unavailable:
                await asyncio.sleep(0.05)

    await asyncio.gather(*map(until_registered, apis))
    await asyncio.gather(*(api.close() for api in apis))
    await db.close()
    assert len(await calls(own_sandbox, "setWebhook")) == 1


def polling(env: dict[str, str], tmp_path: Path, *arguments: str) -> Process:
    """The bot by long polling: without Redis, without a webhook secret."""
    port = find_free_port()
    kept = ("DB_", "TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL")
    own = {name: value for name, value in env.items() if name.startswith(kept)} | {"BOT_PORT": str(port)}
    return Process("app.main", port=port, env=own, log=tmp_path / f"polling-{port}.log", arguments=arguments)


async def test_polling_serves_a_chat_and_stops_cleanly(
    own_sandbox: Sandbox, env: dict[str, str], tmp_path: Path
) -> None:
    ann = await own_sandbox.person("Ann")
    await ann.write("/start")  # before anybody polls: it waits
    bot = polling(env, tmp_path)
    await bot.start()
    menu = await ann.sees("What shall we do?")
    await ann.tap(menu, "m2")
    await ann.sees("Your log is yours alone")
    assert await bot.stop() == 0
    answered = await calls(own_sandbox, "answerCallbackQuery")
    assert len(answered) == 1  # what travels in a webhook's answer is a call here
    assert await calls(own_sandbox, "setWebhook") == []


async def test_polling_leaves_a_webhook_alone_unless_told(
    own_sandbox: Sandbox, env: dict[str, str], tmp_path: Path
) -> None:
    await own_sandbox.ask("POST", f"/bot{env['TELEGRAM_BOT_TOKEN']}/setWebhook", {"url": "http://127.0.0.1:9/webhook"})
    refused = polling(env, tmp_path)
    with pytest.raises(AssertionError, match="http://127.0.0.1:9/webhook, which would stop"):
        await refused.start()
    assert refused.popen
    assert refused.popen.returncode == 1
    ann = await own_sandbox.person("Ann")
    await ann.write("/start")
    bot = polling(env, tmp_path, "--take-over")
    await bot.start()
    await ann.sees("What shall we do?")  # nothing pending was dropped
    assert await bot.stop() == 0
    assert await calls(own_sandbox, "deleteWebhook") == []


async def test_polling_takes_updates_made_by_hand_from_this_computer_only(
    own_sandbox: Sandbox, env: dict[str, str], tmp_path: Path
) -> None:
    import aiohttp

    bot = polling(env, tmp_path)
    await bot.start()
    async with aiohttp.ClientSession() as http:
        for headers, status in [
            ({"Content-Type": "application/json"}, 200),
            ({"Content-Type": "text/plain"}, 401),  # what a web page may send without asking
            ({"Content-Type": "application/json", "Host": "evil.example"}, 401),  # a name that leads here
        ]:
            async with http.post(f"{bot.url}/webhook", data=b'{"update_id": 1}', headers=headers) as answer:
                assert answer.status == status
    assert await bot.stop() == 0


async def test_polling_stops_in_an_outage_too(own_sandbox: Sandbox, env: dict[str, str], tmp_path: Path) -> None:
    bot = polling(env | {"DB_HOST": "/nowhere"}, tmp_path)
    await bot.start()
    ann = await own_sandbox.person("Ann")
    await ann.write("/start")
    await bot.logged("update_postponed")
    await own_sandbox.ask("POST", "/control/fail", {"method": "getUpdates", "status": 500, "times": 100})
    assert await bot.stop() == 0
