"""What tests can break: calls that fail, drag on, or are never answered; updates lost or out of order; time; limits."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from app.sandbox.answers import ApiError
from app.sandbox.clock import Clock
from app.sandbox.limits import Limits
from tests.conftest import find_free_port
from tests.sandbox.conftest import SECONDS, Api, Receiver, settled
from tests.stage import TOKEN, Sandbox, Someone

KEYS = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


async def test_calls_fail_as_ordered(api: Api, sandbox: Sandbox, you: Someone) -> None:
    await sandbox.ask("POST", "/control/fail", {"method": "sendMessage", "status": 429, "retry_after": 3, "times": 2})
    for _ in range(2):
        answer = await api.call("sendMessage", chat_id=you.id, text="x")
        assert answer == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        }
    await api.done("sendMessage", chat_id=you.id, text="x")
    await sandbox.ask("POST", "/control/fail", {"status": 500})
    assert await api.refused("getMe") == "Internal Server Error"
    await sandbox.ask("POST", "/control/fail", {"status": 400, "description": "Bad Request: chat not found"})
    assert await api.refused("getMe") == "Bad Request: chat not found"
    await sandbox.ask("POST", "/control/fail", {"method": "*", "status": 502, "html": True})
    async with api.http.get(f"{sandbox.url}/bot{TOKEN}/getMe") as page:
        assert (page.status, page.content_type) == (502, "text/html")
    calls = await sandbox.ask("GET", "/control/calls")
    assert [(call["method"], call.get("ok", False)) for call in calls][-6:] == [
        ("sendMessage", False),
        ("sendMessage", False),
        ("sendMessage", True),
        ("getMe", False),
        ("getMe", False),
        ("getMe", False),
    ]


async def test_an_answer_gets_lost_but_the_work_is_done(api: Api, sandbox: Sandbox, you: Someone) -> None:
    await sandbox.ask("POST", "/control/lose", {"method": "sendMessage"})
    with pytest.raises(aiohttp.ClientError):
        await api.call("sendMessage", chat_id=you.id, text="once")
    assert [message["text"] for message in await you.messages()] == ["once"]
    await api.done("sendMessage", chat_id=you.id, text="twice")


async def test_a_slow_call_is_carried_out_although_nobody_waits(api: Api, sandbox: Sandbox, you: Someone) -> None:
    await sandbox.ask("POST", "/control/slow", {"method": "sendMessage", "seconds": 0.3})
    async with asyncio.TaskGroup() as hands:
        calling = hands.create_task(api.call("sendMessage", chat_id=you.id, text="late"))
        await called(sandbox, "sendMessage")
        calling.cancel()
    await you.sees("late")


async def test_a_call_hangs_until_all_is_reset(api: Api, sandbox: Sandbox, you: Someone) -> None:
    await sandbox.ask("POST", "/control/hang", {"method": "sendMessage"})
    async with asyncio.TaskGroup() as hands:
        hanging = hands.create_task(lost(api, you))
        await called(sandbox, "sendMessage")
        await api.done("getMe")
        assert not hanging.done()
        await sandbox.ask("POST", "/control/reset", {})
    assert await sandbox.ask("GET", "/control/calls") == []


async def lost(api: Api, you: Someone) -> None:
    with pytest.raises(aiohttp.ClientError):
        await api.call("sendMessage", chat_id=you.id, text="never")


async def called(sandbox: Sandbox, method: str) -> None:
    async with asyncio.timeout(SECONDS):
        while all(call["method"] != method for call in await sandbox.ask("GET", "/control/calls")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # it lives in another process


async def test_a_hanging_call_does_not_hold_the_end_up(mortal: Sandbox, mortal_api: Api) -> None:
    you = Someone(mortal, (await mortal.ask("GET", "/people"))[0]["id"])
    await mortal.ask("POST", "/control/hang", {})
    async with asyncio.TaskGroup() as hands:
        hands.create_task(lost(mortal_api, you))
        await called(mortal, "sendMessage")
        assert await mortal.stop() == 0
    await mortal.start()


async def test_updates_come_twice_when_ordered(api: Api, receiver: Receiver, sandbox: Sandbox, you: Someone) -> None:
    await api.done("setWebhook", url=receiver.url)
    await sandbox.ask("POST", "/control/duplicate", {"times": 3})
    await you.write("thrice")
    await you.write("once")
    await settled(sandbox)
    assert receiver.texts() == ["thrice"] * 3 + ["once"]
    await sandbox.ask("POST", "/control/duplicate", {"update_id": receiver.updates[-1]["update_id"]})
    await receiver.got(5)
    assert len({update["update_id"] for update in receiver.updates}) == 2


async def test_updates_get_lost_when_ordered(api: Api, receiver: Receiver, sandbox: Sandbox, you: Someone) -> None:
    await you.write("waits")
    (waiting,) = await sandbox.ask("GET", "/control/updates")
    await sandbox.ask("POST", "/control/drop", {"update_id": waiting["update_id"]})
    await api.done("setWebhook", url=receiver.url)
    await sandbox.ask("POST", "/control/drop", {"times": 2})
    for text in ("one", "two", "three"):
        await you.write(text)
    await receiver.got(1)
    await api.done("getMe")
    assert receiver.texts() == ["three"]
    states = [update["state"] for update in await sandbox.ask("GET", "/control/updates")]
    assert states[:3] == ["dropped"] * 3


async def test_updates_come_in_reverse_when_ordered(
    api: Api, receiver: Receiver, sandbox: Sandbox, you: Someone
) -> None:
    await api.done("setWebhook", url=receiver.url)
    await sandbox.ask("POST", "/control/reverse", {"times": 3})
    for text in ("one", "two", "three", "four"):
        await you.write(text)
    await settled(sandbox)
    assert receiver.texts() == ["three", "two", "one", "four"]
    await sandbox.ask("POST", "/control/reverse", {"times": 3})
    for text in ("five", "six"):
        await you.write(text)
    assert (await api.done("getWebhookInfo"))["pending_update_count"] == 2
    await sandbox.ask("POST", "/control/retry", {})  # waits no longer for a third
    await settled(sandbox)
    assert receiver.texts()[4:] == ["six", "five"]


async def test_messages_wait_a_day_and_taps_150_seconds(api: Api, sandbox: Sandbox, you: Someone) -> None:
    async def states() -> list[tuple[str, str]]:
        return [(update["kind"], update["state"]) for update in await sandbox.ask("GET", "/control/updates")]

    asked = await api.done("sendMessage", chat_id=you.id, text="x", reply_markup=KEYS)
    await you.write("one")
    await you.tap(asked, "go")
    first, tap = await api.done("getUpdates")
    await sandbox.ask("POST", "/control/clock", {"forward": 140})
    assert await api.done("getUpdates") == [first, tap]
    await sandbox.ask("POST", "/control/clock", {"forward": 10})
    assert await api.done("getUpdates") == [first]
    assert await states() == [("message", "waiting"), ("callback_query", "expired")]
    assert await api.refused("answerCallbackQuery", callback_query_id=tap["callback_query"]["id"]) == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )
    assert (await sandbox.ask("GET", f"/chats/{you.id}"))["taps"] == []
    await sandbox.ask("POST", "/control/clock", {"forward": 24 * 3600 - 160})
    assert await api.done("getUpdates") == [first]
    later = await you.write("two")
    assert later["date"] - first["message"]["date"] >= 24 * 3600 - 10
    await sandbox.ask("POST", "/control/clock", {"forward": 10})
    assert [update["message"]["text"] for update in await api.done("getUpdates")] == ["two"]
    assert await states() == [("message", "expired"), ("callback_query", "expired"), ("message", "waiting")]


async def test_the_clock_moves_on_across_a_restart(mortal: Sandbox, mortal_api: Api) -> None:
    you = Someone(mortal, (await mortal.ask("GET", "/people"))[0]["id"])
    await mortal.ask("POST", "/control/clock", {"forward": 24 * 3600})
    before = await you.write("one")
    await mortal.stop()
    await mortal.start()
    assert (await you.write("two"))["date"] >= before["date"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def real(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    """A sandbox as slow as the real one."""
    sandbox = Sandbox(port=find_free_port(), folder=tmp_path_factory.mktemp("real"), speed=1)
    await sandbox.start()
    yield sandbox
    assert await sandbox.stop() == 0


class StillClock(Clock):
    """A clock that stands until it is moved."""

    def now(self) -> float:
        return self.ahead


def spent(limits: Limits) -> int:
    """Send to one chat until that is too much; how many messages went."""
    count = 0
    with contextlib.suppress(ApiError):
        while count < 10_000:
            limits.spend(1)
            count += 1
    with pytest.raises(ApiError, match="Too Many Requests: retry after 1"):
        limits.spend(1)
    return count


def test_a_chat_takes_a_burst_and_then_one_message_a_second() -> None:
    clock = StillClock()
    limits = Limits(clock, speed=1)
    assert spent(limits) == 60
    clock.ahead += 0.9
    assert spent(limits) == 0
    clock.ahead += 0.1
    assert spent(limits) == 1
    clock.ahead += 5
    assert spent(limits) == 5
    clock.ahead += 3600
    assert spent(limits) == 60


def test_all_chats_together_take_thirty_a_second() -> None:
    clock = StillClock()
    limits = Limits(clock, speed=1)
    for chat_id in range(2, 32):
        limits.spend(chat_id)
    assert spent(limits) == 30  # of the 60 for all
    with pytest.raises(ApiError):
        limits.spend(40)
    clock.ahead += 1
    for chat_id in range(40, 70):
        limits.spend(chat_id)
    with pytest.raises(ApiError):
        limits.spend(70)


def test_a_second_webhook_has_to_wait_a_second() -> None:
    clock = StillClock()
    limits = Limits(clock, speed=1)
    limits.set_webhook()
    with pytest.raises(ApiError, match="Too Many Requests: retry after 1"):
        limits.set_webhook()
    clock.ahead += 1
    limits.set_webhook()


async def test_a_sandbox_that_is_sped_up_has_no_limits_unless_told(api: Api, sandbox: Sandbox, you: Someone) -> None:
    for number in range(100):
        await api.done("sendMessage", chat_id=you.id, text=f"{number}")


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText", "setWebhook"])
async def test_too_many_calls_are_refused(real: Sandbox, receiver: Receiver, method: str) -> None:
    api = Api(real)
    you = await real.person()
    sent = await api.done("sendMessage", chat_id=you.id, text="x")

    async def call(number: int) -> dict[str, Any]:
        given = {"chat_id": you.id, "message_id": sent["message_id"], "text": f"{number}", "url": receiver.url}
        return await api.call(method, **given)

    async with asyncio.timeout(SECONDS):
        numbers = itertools.count()
        while (answer := await call(next(numbers)))["ok"]:
            pass
        assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 1})
        await real.ask("POST", "/control/clock", {"forward": 1})
        assert (await call(next(numbers)))["ok"]
        await real.ask("POST", "/control/limits", {"on": False})
        assert all([(await call(next(numbers)))["ok"] for _ in range(70)])
    await api.done("deleteWebhook")
    await real.ask("POST", "/control/reset", {})
    await api.http.close()
