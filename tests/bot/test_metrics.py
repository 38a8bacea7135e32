"""GET /metrics of the bot: what a tap leaves behind, by names of ours alone."""

import aiohttp

from tests.stage import Process, Sandbox


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
