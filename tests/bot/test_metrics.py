"""GET /metrics of the bot: what a tap leaves behind, by names of ours alone; and the alerts that are made of it."""

import asyncio
import re
from typing import Any

import aiohttp
import yaml
from aiogram import Bot

from app import bootstrap
from app.modules import metrics
from app.modules.delivery import Done, Foreign, Later, Parked
from app.modules.postgres import Database
from app.modules.telegram import BotApi
from app.settings import WebhookSettings
from tests.conftest import as_role
from tests.stage import ROOT, Process, Sandbox, connected, webhook_env

# What an update's end is called comes of the classes' names; the rest is written where it is counted.
RESULTS = {
    "gym_updates_total": {kind.__name__.lower() for kind in (Done, Later, Parked, Foreign)},
    "gym_bot_api_answers_total": {"ok", "unreachable", "garbled", "401", "404", "429", "5.."},
    "gym_sign_ins_total": {"done", "wrong", "throttled"},
}


async def shown(bot: Process, **headers: str) -> tuple[int, dict[str, float]]:
    """Read the numbers."""
    async with aiohttp.ClientSession() as http, http.get(f"{bot.url}/metrics", headers=headers) as answer:
        lines = (await answer.text()).splitlines()
        pairs = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
        return answer.status, {name: float(value) for name, _, value in pairs} if answer.status == 200 else {}


async def test_an_update_is_counted_with_its_time_its_wait_and_its_answers(bot: Process, sandbox: Sandbox) -> None:
    _, before = await shown(bot)
    ann = await sandbox.person("Countess")
    await ann.write("/start")
    await ann.sees("Your gym log")
    await ann.quiet()
    status, after = await shown(bot)
    assert status == 200
    grown = {name for name, value in after.items() if value > before.get(name, 0)}
    assert {
        'gym_updates_total{result="done"}',
        "gym_update_seconds_count",
        "gym_database_wait_seconds_count",
        'gym_bot_api_answers_total{method="sendMessage",result="ok"}',
    } <= grown
    assert not any("Countess" in name or str(ann.id) in name for name in after)


async def test_who_comes_by_a_proxy_sees_nothing(bot: Process) -> None:
    assert (await shown(bot, **{"X-Forwarded-For": "203.0.113.7"}))[0] == 404


async def test_a_saved_set_is_counted_once_however_often_it_comes(bot: Process, sandbox: Sandbox) -> None:
    ann = await sandbox.person("Ann")
    await ann.write("/start")
    menu = await ann.sees("What shall we do?")
    await ann.quiet()
    _, before = await shown(bot)
    await sandbox.ask("POST", "/control/duplicate", {"times": 2})
    await ann.tap(menu, "rr1:1:1:60:8:9600m", forged=True)
    await ann.sees("Set 1")
    await ann.quiet()
    await ann.write("bench press 3x8@60")
    await ann.sees("Sets 2–4 saved")
    await ann.quiet()
    _, after = await shown(bot)
    assert after["gym_sets_saved_total"] - before["gym_sets_saved_total"] == 4
    assert after["gym_person_wait_seconds_count"] > before["gym_person_wait_seconds_count"]


async def test_what_waits_is_counted_beside_the_taps(sandbox: Sandbox, database_env: dict[str, str]) -> None:
    with connected(database_env) as cursor:
        cursor.execute(
            "INSERT INTO updates_parked (bot_id, update_id, parked_at) "
            "VALUES (5401000001, 1, now()), (5401000001, 2, NULL), (42, 3, now())"
        )
    assert await counted(sandbox.url, database_env) == ["0.0", "1.0", "0.0"]
    assert await counted(sandbox.url, database_env | {"DB_PORT": "1"}) == ["0.0", "nan", "nan"]
    with connected(database_env) as cursor:
        cursor.execute("COMMENT ON TABLE schema_migrations IS 'Backed up at 2026-05-04T03:02:01+00:00'")
    assert await counted("http://127.0.0.1:1", as_role(database_env, "bot")) == ["nan", "1.0", "1777863721.0"]


async def counted(api_url: str, env: dict[str, str]) -> list[str]:
    """Count once, and say how many updates are pending and parked, and when the last backup was made."""
    env = webhook_env(port=1, api_url=api_url, database=env, redis={"REDIS_HOST": "127.0.0.1"})
    settings = WebhookSettings.model_validate({name.lower(): value for name, value in env.items()})
    api = BotApi(settings.telegram_api_url, settings.telegram_bot_token)
    parts: Any = {"memory": None, "delivery": None}  # counting is beside them
    house = bootstrap.House(settings, Database(settings), api=api, bot=Bot(settings.telegram_bot_token), **parts)
    gauges = (metrics.PENDING, metrics.PARKED, metrics.BACKUP)
    for gauge in gauges:
        gauge.set(-1)
    async with asyncio.TaskGroup() as group:
        counting = group.create_task(bootstrap.count_waiting(house))
        while -1 in [gauge._value.get() for gauge in gauges]:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
        counting.cancel()
    await house.api.close()
    await house.db.close()
    return [str(gauge._value.get()) for gauge in gauges]


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((ROOT / "deploy/alerts.yaml").read_text(encoding="utf-8"))["groups"]
    return list(group["rules"])


async def test_alerts_ask_for_what_is_shown(bot: Process) -> None:
    """Every name of a rule is one that GET /metrics knows, with such a label."""
    async with aiohttp.ClientSession() as http, http.get(f"{bot.url}/metrics") as answer:
        kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", await answer.text(), re.MULTILINE))
    labels = {"result", "reason", "status", "job", "le"}
    for rule in rules():
        assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("page", "ticket")
        names = set(re.findall(r"\b(?:gym|process)_\w+", rule["expr"])) - {"gymbot", "gymbot_admin"}
        assert names or "up{" in rule["expr"]
        for name in names:
            base = re.sub("_bucket$", "", name)
            assert kinds[base] == ("histogram" if base != name else "counter" if name.endswith("_total") else "gauge")
        assert set(re.findall(r"(\w+)=~?\"", rule["expr"])) <= labels
        for name, values in re.findall(r'(\w+){result=~?"([^"]+)"}', rule["expr"]):
            assert set(values.split("|")) <= RESULTS[name], rule["alert"]
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_every_alert_has_its_page_and_every_page_its_alert() -> None:
    said = (ROOT / "OPERATIONS.md").read_text(encoding="utf-8")
    assert re.findall(r"^### (\w+)$", said, re.MULTILINE) == [rule["alert"] for rule in rules()]
    assert "## Going back" in said  # where a process that does not start sends its reader
