"""/export through the sandbox and a real bot: what arrives, and what does when sending goes wrong."""

import csv
import io
import json
import resource
from typing import Any

import aiohttp
import pytest

from dev.servers import Valkey
from tests.bot.test_settled import tap
from tests.stage import Process, Sandbox, Someone, connected

Message = dict[str, Any]
NAMES = ["gym-sets", "gym-exercises", "gym-log"]


@pytest.fixture
async def ann(sandbox: Sandbox, bot: Process) -> Someone:
    """Somebody who has trained."""
    made = await sandbox.person("Ann")
    await made.write("bench press 3x8@60")
    await made.sees("Sets 1–3 saved")
    return made


async def documents(someone: Someone) -> list[Message]:
    """The files in a chat, oldest first."""
    return [each for each in await someone.messages() if "document" in each]


async def names(someone: Someone) -> list[str]:
    """What the files in a chat are called, without the day."""
    return [each["document"]["file_name"].rsplit("-", 3)[0] for each in await documents(someone)]


async def content(sandbox: Sandbox, message: Message) -> bytes:
    """A file, as the chat page saves it."""
    async with aiohttp.ClientSession() as http, http.get(f"{sandbox.url}{message['document']['url']}") as answer:
        assert answer.status == 200
        return await answer.read()


async def goes_wrong(sandbox: Sandbox, how: str, *, after: int = 0, **more: Any) -> None:
    """Let sending a file go wrong, after so many that arrive."""
    if after:
        await sandbox.ask("POST", "/control/slow", {"method": "sendDocument", "seconds": 0.001, "times": after})
    await sandbox.ask("POST", f"/control/{how}", {"method": "sendDocument", **more})


async def test_three_files_and_what_they_hold(ann: Someone, sandbox: Sandbox) -> None:
    bob = await sandbox.person("Bob")
    await bob.write("bench press 77.25x7")
    await bob.sees("saved")
    before = await ann.messages()
    await ann.write("/export")
    shown = await ann.sees("That is your whole log")
    sets, exercises, log = await documents(ann)
    assert [each["document"]["file_name"].rsplit("-", 3)[0] for each in (sets, exercises, log)] == NAMES
    assert "3 sets, each weight in kilos and in pounds" in sets["caption"]
    assert "1 exercise, with your record and your note" in exercises["caption"]
    assert "Everything of yours" in log["caption"]
    rows = list(csv.DictReader(io.StringIO((await content(sandbox, sets)).decode("utf-8-sig"))))
    assert [(row["exercise"], row["set"], row["weight_kg"], row["weight_lb"], row["reps"]) for row in rows] == [
        ("Bench press", str(number), "60", "132.28", "8") for number in (1, 2, 3)
    ]
    (row,) = csv.DictReader(io.StringIO((await content(sandbox, exercises)).decode("utf-8-sig")))
    assert (row["exercise"], row["days_trained"], row["record_kg"], row["record_lb"]) == (
        "Bench press",
        "1",
        "60",
        "132.28",
    )
    whole = json.loads(await content(sandbox, log))
    assert (whole["person"]["id"], len(whole["sets"])) == (ann.id, 3)
    for each in (sets, exercises, log):
        assert b"77.25" not in await content(sandbox, each)
    # The flow goes on below: where it was, there are no buttons any more.
    (former,) = [each for each in await ann.messages() if each["message_id"] == before[-1]["message_id"]]
    assert "reply_markup" not in former
    await tap(ann, shown, "⬅️ Go back", "What shall we do?")


async def test_a_tap_sends_them_below_and_leaves_the_screen(ann: Someone, sandbox: Sandbox) -> None:
    await ann.write("/delete_me")
    shown = await ann.sees("To keep a copy, send /export first")
    await ann.tap(shown, "x1", forged=True)
    await ann.quiet()
    assert await names(ann) == NAMES
    (still,) = [each for each in await ann.messages() if each["message_id"] == shown["message_id"]]
    assert (still["text"], still["reply_markup"]) == (shown["text"], shown["reply_markup"])
    calls = await sandbox.ask("GET", "/control/calls")
    assert calls[-1]["method"] == "answerCallbackQuery"
    assert calls[-1]["arguments"]["text"] == "Your three files are below"
    await ann.write("perhaps not")  # the question on the screen is still open
    await ann.sees("Nothing was erased")


async def test_with_nothing_recorded_there_is_still_a_log(sandbox: Sandbox, bot: Process) -> None:
    bob = await sandbox.person("Bob", last_name="بوب")
    await bob.write("/export")
    await bob.sees("Nothing is recorded yet")
    sets, exercises, log = await documents(bob)
    assert ("still empty" in sets["caption"], "still empty" in exercises["caption"]) == (True, True)
    whole = json.loads(await content(sandbox, log))
    assert (whole["person"]["last_name"], whole["sets"]) == ("بوب", [])


async def test_an_update_that_comes_again_sends_nothing_twice(ann: Someone, sandbox: Sandbox) -> None:
    await sandbox.ask("POST", "/control/duplicate", {"times": 3})
    await ann.write("/export")
    await ann.sees("That is your whole log")
    await ann.quiet()
    assert await names(ann) == NAMES
    await ann.write("/export")  # another one is another one
    await ann.quiet()
    assert await names(ann) == NAMES * 2


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("by_tap", [False, True], ids=["line", "tap"])
async def test_a_failure_goes_on_where_it_was(ann: Someone, sandbox: Sandbox, after: int, by_tap: bool) -> None:
    shown = (await ann.messages())[-1]
    await goes_wrong(sandbox, "fail", after=after, status=500)
    if by_tap:
        await ann.tap(shown, "x1", forged=True)
    else:
        await ann.write("/export")
        await ann.sees("That is your whole log")
    await ann.quiet()
    assert await names(ann) == NAMES


async def test_a_short_429_is_waited_out_and_a_long_one_brings_the_update_again(
    ann: Someone, sandbox: Sandbox, bot: Process
) -> None:
    postponed = bot.events().count("update_postponed")
    await goes_wrong(sandbox, "fail", after=1, status=429, retry_after=1)
    await ann.write("/export")
    await ann.sees("That is your whole log")
    assert await names(ann) == NAMES
    assert bot.events().count("update_postponed") == postponed
    await goes_wrong(sandbox, "fail", after=1, status=429, retry_after=4)
    await ann.write("/export")
    await bot.logged("update_postponed", times=postponed + 1)
    await ann.quiet()
    assert await names(ann) == NAMES * 2
    sets, _, log, again, _, log_again = await documents(ann)
    # What was rewound for the second try is whole.
    assert await content(sandbox, sets) == await content(sandbox, again)
    assert len(await content(sandbox, log)) == len(await content(sandbox, log_again))


async def test_where_an_answer_is_lost_one_file_comes_twice(ann: Someone, sandbox: Sandbox) -> None:
    await goes_wrong(sandbox, "lose", after=1)
    await ann.write("/export")
    await ann.sees("That is your whole log")
    assert await names(ann) == ["gym-sets", "gym-exercises", "gym-exercises", "gym-log"]


async def test_where_nothing_is_remembered_all_files_come_again(
    ann: Someone, sandbox: Sandbox, bot: Process, valkey: Valkey
) -> None:
    postponed = bot.events().count("update_postponed")
    await goes_wrong(sandbox, "fail", after=2, status=429, retry_after=4)
    await ann.write("/export")
    await bot.logged("update_postponed", times=postponed + 1)
    valkey.flush()
    await ann.sees("That is your whole log")
    assert await names(ann) == [*NAMES[:2], *NAMES]


async def test_whoever_blocked_the_bot_gets_nothing_and_nothing_breaks(
    ann: Someone, sandbox: Sandbox, bot: Process
) -> None:
    blocked = bot.events().count("person_blocked_the_bot")
    await goes_wrong(sandbox, "fail", after=1, status=403)
    await ann.write("/export")
    await bot.logged("person_blocked_the_bot", times=blocked + 1)
    await ann.quiet()
    assert await names(ann) == ["gym-sets"]
    await ann.write("/export")
    await ann.sees("That is your whole log")


async def test_where_there_is_no_room_the_person_is_told_and_nothing_is_parked(
    ann: Someone, sandbox: Sandbox, bot: Process, shared_database: dict[str, str]
) -> None:
    with connected(shared_database) as cursor:
        cursor.execute(
            """
            INSERT INTO training (user_id, muscle_id, exercise_id, day, set, weight, reps)
            SELECT %s, e.muscle, e.id, DATE '2020-01-01' + d, s, 60, 8
              FROM exercises AS e, generate_series(1, 25) AS d, generate_series(1, 20) AS s
             WHERE e.is_global AND e.id <= 10
            """,
            (ann.id,),
        )
    assert bot.popen is not None
    room = bot.log.stat().st_size + 2**17  # the log of the bot is a file too
    usual = resource.prlimit(bot.popen.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.popen.pid, resource.RLIMIT_FSIZE, (room, usual[1]))
    try:
        await ann.write("/export")
        await ann.sees("no room to write your files")
    finally:
        resource.prlimit(bot.popen.pid, resource.RLIMIT_FSIZE, usual)
    assert await names(ann) == []
    with connected(shared_database) as cursor:
        cursor.execute("SELECT count(*) FROM updates_parked AS p WHERE p.user_id = %s", (ann.id,))
        assert cursor.fetchone() == (0,)
    await ann.write("/export")
    await ann.sees("That is your whole log")


async def test_others_record_while_files_are_on_their_way(ann: Someone, sandbox: Sandbox) -> None:
    """As many exports as there may be at once, on a line that does not move."""
    bob, carol = await sandbox.person("Bob"), await sandbox.person("Carol")
    await goes_wrong(sandbox, "slow", seconds=3, times=2)
    await ann.write("/export")
    await bob.write("/export")
    await carol.write("bench press 60x8")
    await carol.sees("Set 1 saved")
    assert (await names(ann), await names(bob)) == ([], [])
    await carol.write("/export")  # and a third waits for its turn
    for someone in (ann, bob, carol):
        await someone.quiet()
        assert await names(someone) == NAMES
