"""The door itself: headers, origins, ids, limits of time, what is logged, what monitoring sees."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fastapi import FastAPI

from admin_panel.backend import middlewares
from app.settings import ApiSettings, SettingsError, load
from tests.admin_api.conftest import BOT_TOKEN, JWT_SECRET, Api, api_env
from tests.conftest import find_free_port
from tests.stage import START_SECONDS, Process

NOWHERE = {"DB_HOST": "127.0.0.1", "DB_PORT": "1", "DB_NAME": "x", "DB_USER": "x"}
PANEL = "https://panel.example.com"
TOKEN = "a-token-of-the-tests-for-monitoring_0123456789"
NEW_SECRET = "the-next-secret-of-the-tests-alone_0123456789"


@pytest.fixture(scope="module")
async def strict(
    tmp_path_factory: pytest.TempPathFactory,
    api_database: dict[str, str],
    http: aiohttp.ClientSession,
) -> AsyncIterator[Api]:
    """An API that one other origin may call, with a token for monitoring, behind no proxy; its key is being changed."""
    port = find_free_port()
    keys = {"JWT_SECRET": NEW_SECRET, "JWT_SECRET_OLD": JWT_SECRET}
    env = api_env(api_database, port, CORS_ORIGINS=PANEL, METRICS_TOKEN=TOKEN, TELEGRAM_BOT_TOKEN="", **keys)
    log = tmp_path_factory.mktemp("strict") / "api.log"
    process = Process("admin_panel.backend.main", port=port, env=env, log=log)
    await process.start()
    yield Api(process, api_database, http)
    assert await process.stop() == 0


async def test_headers_that_protect_browsers(anonymous: Api) -> None:
    for path in ("/api/v1/muscles", "/health", "/nothing", "/openapi.json"):
        headers = (await anonymous.ask("GET", path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "Server" not in headers
    docs = (await anonymous.ask("GET", "/docs")).headers["Content-Security-Policy"]
    assert "script-src 'self';" in docs
    assert "http" not in docs


async def test_one_origin_may_call_and_no_other(strict: Api, anonymous: Api) -> None:
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization,if-match"}
    good = await strict.ask("OPTIONS", "/api/v1/muscles/1", headers=asked | {"Origin": PANEL})
    assert good.status == 200
    assert good.headers["Access-Control-Allow-Origin"] == PANEL
    for origin in ("https://evil.example.com", f"{PANEL}.evil.com", "null", "http://panel.example.com", f"{PANEL}:444"):
        refused = await strict.ask("OPTIONS", "/api/v1/muscles/1", headers=asked | {"Origin": origin})
        assert refused.status == 400
        assert "Access-Control-Allow-Origin" not in refused.headers
        plain = await strict.ask("GET", "/api/v1/muscles", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in plain.headers
    answer = await strict.ask("GET", "/api/v1/muscles", headers={"Origin": PANEL})
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (401, PANEL)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    unset = await anonymous.ask("OPTIONS", "/api/v1/muscles/1", headers=asked | {"Origin": PANEL})
    assert "Access-Control-Allow-Origin" not in unset.headers


async def test_a_request_is_found_in_the_log_by_its_id_and_nothing_that_was_typed(anonymous: Api, admin: Api) -> None:
    answer = await admin.ask("GET", "/api/v1/muscles/77777?secret=words", headers={"X-Request-ID": "chosen-by-them"})
    request_id = answer.headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{16}", request_id)
    assert answer.json["request_id"] == request_id
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(START_SECONDS):  # the line comes behind the answer
        while not found:
            await asyncio.sleep(0.02)
            found = [line for line in anonymous.process.lines() if line.get("request_id") == request_id]
    (line,) = found
    assert (line["message"], line["route"], line["status"]) == ("request_answered", "/api/v1/muscles/{muscle_id}", 404)
    assert line["admin_id"] > 0
    await anonymous.ask("GET", "/typed-by-somebody/words")
    await anonymous.login("typed by somebody", "words words words")
    said = anonymous.process.log.read_text(encoding="utf-8")
    for typed in ("77777", "words", "typed-by-somebody", "typed by somebody", "chosen-by-them"):
        assert typed not in said


async def test_health_and_ready(anonymous: Api) -> None:
    assert (await anonymous.ask("GET", "/health")).json == {"status": "ok"}
    assert (await anonymous.ask("GET", "/ready")).json == {"status": "ready", "problems": []}


async def test_metrics_are_for_this_computer_or_for_who_has_the_token(strict: Api, anonymous: Api) -> None:
    shown = await anonymous.ask("GET", "/metrics")
    assert shown.status == 200
    assert 'gym_api_requests_total{method="GET",route="/metrics",status="200"}' not in shown.text  # not yet
    assert "gym_database_wait_seconds_count" in shown.text
    far = {"X-Forwarded-For": "203.0.113.7"}
    by_proxy = (
        {"Forwarded": "for=203.0.113.7"},
        {"X-Real-IP": "1.1.1.1"},
        {"Via": "1.1 x"},
        {"X-Forwarded-Proto": "x"},
    )
    by_name = ({"Host": "gym.example.com"}, {"Host": "localhost.example.com:80"}, {"Host": "127.0.0.1.example.com"})
    for headers in (far, *by_proxy, *by_name):
        assert (await anonymous.ask("GET", "/metrics", headers=headers)).status == 404
    assert (await strict.ask("GET", "/metrics", headers=far | {"Authorization": f"Bearer {TOKEN}"})).status == 200
    for wrong in (TOKEN, f"Bearer {TOKEN}x", "Bearer ", f"Basic {TOKEN}", "Bearer é"):
        refused = await strict.ask("GET", "/metrics", headers=far | {"Authorization": wrong})
        assert (refused.status, refused.json["error"]) == (404, "not_found")


async def test_labels_of_metrics_are_ours(anonymous: Api, admin: Api) -> None:
    await admin.ask("GET", "/api/v1/muscles/1")
    await admin.ask("GET", "/typed-by-somebody")
    await admin.ask("PURGE", "/api/v1/muscles/1")
    shown = (await anonymous.ask("GET", "/metrics")).text
    assert 'gym_api_requests_total{method="GET",route="/api/v1/muscles/{muscle_id}",status="200"}' in shown
    assert 'gym_api_requests_total{method="",route="",status="404"}' in shown
    assert "typed-by-somebody" not in shown
    assert "PURGE" not in shown


async def test_a_body_that_dawdles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middlewares, "BODY_SECONDS", 0.05)
    pieces = iter([b"{"])
    sent: list[Any] = []

    async def receive() -> Any:
        for piece in pieces:
            return {"type": "http.request", "body": piece, "more_body": True}
        return await asyncio.Future()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [], "state": {"request_id": "x"}}
    await middlewares.Limits(FastAPI())(scope, receive, send)
    assert (sent[0]["status"], json.loads(sent[1]["body"])["error"]) == (408, "too_slow")


async def test_without_a_database_it_says_so_and_lives(
    tmp_path: Path, http: aiohttp.ClientSession, free_port: Callable[[], int]
) -> None:
    port = free_port()
    process = Process("admin_panel.backend.main", port=port, env=api_env(NOWHERE, port), log=tmp_path / "api.log")
    await process.start()
    api = Api(process, NOWHERE, http)
    ready = await api.ask("GET", "/ready")
    assert (ready.status, ready.json["status"]) == (503, "down")
    refused = await api.login("ann")
    assert (refused.status, refused.json["error"], refused.headers["Retry-After"]) == (503, "unavailable", "2")
    assert await process.stop() == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"JWT_SECRET": ""}, "JWT_SECRET is empty"),
        ({"JWT_SECRET": "short"}, "JWT_SECRET needs 32 characters or more"),
        ({"JWT_SECRET": "your_" + "x" * 40}, "JWT_SECRET is the example's placeholder"),
        ({"JWT_SECRET": " " * 40}, "JWT_SECRET needs 32 characters or more"),
        ({"JWT_SECRET": BOT_TOKEN}, "JWT_SECRET must differ from every other secret"),
        ({"JWT_SECRET_OLD": "short"}, "JWT_SECRET_OLD needs 32 characters or more"),
        ({"JWT_SECRET_OLD": JWT_SECRET}, "must differ from every other secret"),
        ({"METRICS_TOKEN": JWT_SECRET}, "must differ from every other secret"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN needs 32 characters or more"),
        ({"CORS_ORIGINS": "*"}, "CORS_ORIGINS takes no *"),
        ({"CORS_ORIGINS": f"{PANEL},https://*.example.com"}, "CORS_ORIGINS takes no *"),
        ({"CORS_ORIGINS": f"{PANEL}/"}, "CORS_ORIGINS needs origins as browsers send them"),
        ({"CORS_ORIGINS": "null"}, "CORS_ORIGINS needs origins as browsers send them"),
        ({"TRUSTED_PROXIES": "everybody"}, "TRUSTED_PROXIES needs addresses or networks"),
        ({"TRUSTED_PROXIES": "10.0.0.0/8,0.0.0.0/0"}, "TRUSTED_PROXIES takes not everybody's addresses"),
        ({"TRUSTED_PROXIES": "::/0"}, "TRUSTED_PROXIES takes not everybody's addresses"),
        ({"DB_HOST": ""}, "DB_HOST is empty"),
        ({"API_PORT": "0"}, "API_PORT needs 1 or more"),
    ],
    ids=lambda value: json.dumps(value)[:40] if isinstance(value, dict) else "",
)
def test_bad_settings_are_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str], sentence: str
) -> None:
    for name, value in (api_env(NOWHERE, 8001) | change).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=re.escape(sentence)) as said:
        load(ApiSettings)
    for value in (JWT_SECRET, BOT_TOKEN, *(value for value in change.values() if len(value) > 4)):
        assert value not in str(said.value)


async def test_a_key_that_is_being_changed_still_counts_and_signs_no_more(strict: Api, admin: Api) -> None:
    here = strict.as_(admin.token)  # signed by the old key
    assert (await here.ask("GET", "/api/v1/auth/me")).status == 200
    page = await admin.ask("GET", "/api/v1/exercises?limit=1")
    assert (await here.ask("GET", f"/api/v1/exercises?limit=1&cursor={page.json['next']}")).status == 200
    fresh = (await strict.login(await strict.new_admin())).json["access_token"]
    assert (await strict.as_(fresh).ask("GET", "/api/v1/auth/me")).status == 200
    assert (await admin.as_(fresh).ask("GET", "/api/v1/auth/me")).status == 401  # who has the old key alone


async def test_it_does_not_start_without_its_secret(tmp_path: Path) -> None:
    env = {name: value for name, value in api_env(NOWHERE, 8001).items() if name != "JWT_SECRET"}
    process = Process("admin_panel.backend.main", port=8001, env=env, log=tmp_path / "api.log")
    process.popen = process._launch()
    assert await asyncio.to_thread(process.popen.wait, START_SECONDS) == 1
    assert process.log.read_text(encoding="utf-8") == "The admin API cannot start.\nJWT_SECRET is not set.\n"


async def test_without_a_bot_token_only_telegram_is_off(strict: Api) -> None:
    answer = await strict.ask("POST", "/api/v1/auth/telegram", json={"init_data": "x"})
    assert (answer.status, answer.json["error"]) == (404, "telegram_off")
    assert (await strict.login(await strict.new_admin())).status == 200
