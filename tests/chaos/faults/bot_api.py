"""The Bot API refuses, stammers, is slow or gone; people block the bot and delete its messages."""

import asyncio
import contextlib
import time
from collections.abc import Iterable
from typing import Any

from tests.chaos.run import Scene, fault
from tests.chaos.telegram import LOOK

METHODS = ("editMessageText", "sendMessage", "editMessageReplyMarkup")
SHORT, LONG = (1, 2, 3, 4, 8, 15), (200, 300)
UNEDITABLE = (
    "Bad Request: message can't be edited",
    "Bad Request: MESSAGE_ID_INVALID",
    "Bad Request: there is no text in the message to edit",
)
TOO_EARLY = 0.05  # two clocks, and the way between

Call = dict[str, Any]


async def _trouble(scene: Scene, order: str, *, lasting: float = 20, most: int = 4, **how: Any) -> None:
    """Order the same trouble again and again, each time for some calls of one method."""
    until = time.monotonic() + lasting
    while time.monotonic() < until:
        method, times = (
            scene.chance.choice((*METHODS, "*") if order == "fail" else METHODS),
            scene.chance.randint(1, most),
        )
        scene.note(order, method=method, times=times, **how)
        await scene.gym.telegram.control(order, method=method, times=times, **how)
        await scene.breath(0.2, 1.2)


@fault(1, 6)
async def bot_api_throttles(scene: Scene) -> None:
    """429 with 1 to 15 s for some chats, and with up to 300 s for one: no call comes to a chat before."""
    calls: dict[float, Call] = {}
    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(_listen(scene, calls))
        await _told_to_wait(scene)
        until = time.monotonic() + 25
        while time.monotonic() < until:
            how = {"method": scene.chance.choice(METHODS), "retry_after": scene.chance.choice(SHORT)}
            scene.note("429", **how)
            await scene.gym.telegram.control("fail", status=429, **how)
            await scene.breath(0.5, 2)
        listening.cancel()
    throttled, early = _undercut(calls.values())
    scene.note("throttled", chats=throttled)
    scene.troubles += early[:5]
    if throttled < 5:
        scene.troubles.append(f"only {throttled} calls were answered 429")


async def _told_to_wait(scene: Scene) -> None:
    """A file is refused for minutes: nothing else that this person does may lead to a call before."""
    someone = await scene.gym.telegram.person("Patience")
    await someone.write("/start")
    menu = await someone.sees("What shall we do?")
    seconds = scene.chance.randint(*LONG)
    await scene.gym.telegram.control("fail", method="sendDocument", status=429, retry_after=seconds)
    export = (await someone.write("/export"))["update_id"]
    await _asked_to_wait(scene, export, seconds)
    tap = {"message_id": menu["message_id"], "data": menu["reply_markup"]["inline_keyboard"][0][0]["callback_data"]}
    tapped = (await scene.gym.telegram.ask("POST", f"/chats/{someone.id}/taps", tap))["update_id"]
    await _asked_to_wait(scene, tapped, seconds - 30)
    for update_id in (export, tapped):
        if await scene.gym.telegram.state(update_id) == "waiting":  # so it should: for minutes that nobody wants to see
            await scene.gym.telegram.control("drop", update_id=update_id)


async def _asked_to_wait(scene: Scene, update_id: int, seconds: int) -> None:
    """See that an update is given back to Telegram for at least so many seconds."""
    path = f"/control/updates/{update_id}"
    while not (answers := (await scene.gym.telegram.ask("GET", path))["answers"]):  # noqa: ASYNC110 - another process
        await asyncio.sleep(LOOK)
    if answers[0]["status"] != 503 or int(answers[0].get("retry_after", 0)) < seconds:
        scene.troubles.append(f"{seconds} s of patience were asked for, and an update was answered {answers[0]}")


async def _listen(scene: Scene, calls: dict[float, Call]) -> None:
    """Keep every call of the bot, by its moment."""
    while True:
        for call in await scene.gym.telegram.ask("GET", "/control/calls"):
            calls[call["at"]] = call
        await asyncio.sleep(0.5)


def _undercut(calls: Iterable[Call]) -> tuple[int, list[str]]:
    """Count the calls that were answered 429, and name those that came to the same chat too early."""
    until: dict[str, float] = {}
    throttled, early = 0, []
    for call in calls:
        chat = str(call["arguments"].get("chat_id"))
        if call["by"] != "http" or chat == "None":
            continue
        if (left := until.get(chat, 0.0) - call["at"]) > TOO_EARLY:
            early.append(f"{call['method']} came {left:.1f} s before the chat's patience was over")
        if call.get("error", {}).get("code") == 429:
            throttled += 1
            until[chat] = call["at"] + int(call["error"]["description"].rpartition(" ")[2])
    return throttled, early


@fault(1, 6)
async def bot_api_fails(scene: Scene) -> None:
    """500, 502, 503 and 504 from the Bot API."""
    for status in scene.chance.sample((500, 502, 503, 504), 4):
        await _trouble(scene, "fail", lasting=5, status=status)


@fault(1, 6)
async def bot_api_garbles(scene: Scene) -> None:
    """A proxy's page of HTML instead of JSON."""
    for status in scene.chance.sample((400, 403, 404, 429, 502), 5):
        await _trouble(scene, "fail", lasting=4, status=status, html=True)


@fault(1, 6)
async def bot_api_answers_lost(scene: Scene) -> None:
    """Calls are carried out, and the connection is closed without an answer."""
    await _trouble(scene, "lose", most=6)


@fault(1, 6)
async def bot_api_slow(scene: Scene) -> None:
    """Calls are answered up to 9 s late."""
    for _ in range(5):
        await _trouble(scene, "slow", lasting=4, seconds=scene.chance.uniform(0.5, 9))


@fault(1, 6)
async def bot_api_hangs(scene: Scene) -> None:
    """Calls are neither carried out nor answered."""
    await _trouble(scene, "hang", lasting=15, most=2)


@fault(1, 6)
async def bot_api_cut(scene: Scene) -> None:
    """Connections to the Bot API are reset in the middle of a call, or refused."""
    way = scene.gym.to_telegram
    for _ in range(30):
        way.seconds = 0.01
        await scene.breath(0.1, 0.8)
        way.refusing = scene.chance.random() < 0.3
        way.reset()
        await scene.breath(0, 0.3)
        way.heal()


@fault(1, 6)
async def bot_api_black_hole(scene: Scene) -> None:
    """Nothing comes through to the Bot API for up to 14 s, and no connection ends."""
    for seconds in scene.chance.sample((1, 4, 14), 3):
        scene.note("swallow", seconds=seconds)
        scene.gym.to_telegram.swallow()
        await asyncio.sleep(seconds)
        scene.gym.to_telegram.heal()
        await scene.breath(1, 3)


@fault(1, 6)
async def bot_api_half_closed(scene: Scene) -> None:
    """The Bot API ends its half of the connections, and leaves ours open."""
    for _ in range(40):
        await scene.breath(0.1, 0.7)
        scene.gym.to_telegram.close_half()


@fault(1, 6)
async def people_block_the_bot(scene: Scene) -> None:
    """People block the bot while it works for them, and let it back."""
    scene.gym.to_bots.seconds = 0.1  # so that updates are under way when the door closes

    async def turn_away(number: int) -> None:
        lifter = scene.lifters[number]
        for _ in range(4):
            await scene.breath(0.5, 3)
            async with lifter.hands:
                scene.note("block", person=lifter.id)
                lifter.turned_away = True
                await scene.gym.telegram.control("block", person_id=lifter.id, blocked=True)
                await scene.breath(0.5, 3)
                await scene.gym.telegram.control("block", person_id=lifter.id, blocked=False)

    await asyncio.gather(*map(turn_away, range(len(scene.lifters))))


@fault(1, 6)
async def messages_gone(scene: Scene) -> None:
    """400: people delete messages that are tapped, and some are too old to be edited."""
    telegram = scene.gym.telegram
    until = time.monotonic() + 25
    while time.monotonic() < until:
        lifter = scene.chance.choice(scene.lifters)
        if lifter.message_id and scene.chance.random() < 0.6:
            scene.note("delete", person=lifter.id, message=lifter.message_id)
            with contextlib.suppress(AssertionError):  # deleted already
                await telegram.control("delete", chat_id=lifter.id, message_id=lifter.message_id)
        else:
            words = scene.chance.choice(UNEDITABLE)
            await telegram.control("fail", method="editMessageText", status=400, description=words)
        await scene.breath(0.02, 0.2)
