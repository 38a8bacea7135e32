"""The front door of the chat, as people meet it: over HTTP, through the sandbox, in a real bot."""

import itertools
from typing import Any

import pytest

from dev.servers import Valkey
from tests.stage import Process, Sandbox, Someone, connected

_numbers = itertools.count(1)


def keyboard(message: dict[str, Any]) -> list[list[str]]:
    return [[button["text"] for button in row] for row in message.get("reply_markup", {}).get("inline_keyboard", [])]


def data(message: dict[str, Any], text: str) -> str:
    return next(
        button["callback_data"]
        for row in message["reply_markup"]["inline_keyboard"]
        for button in row
        if button["text"] == text
    )


@pytest.fixture
async def ann(sandbox: Sandbox, bot: Process) -> Someone:
    """Somebody new."""
    return await sandbox.person("Ann", last_name="Lee", username=f"ann_{next(_numbers)}")


def row(database: dict[str, str], user_id: int) -> Any:
    with connected(database) as cursor:
        cursor.execute("SELECT first_name, lastname, username FROM users WHERE id = %s", (user_id,))
        return cursor.fetchone()


async def test_start_registers_and_shows_the_menu(ann: Someone, shared_database: dict[str, str]) -> None:
    await ann.write("/start")
    menu = await ann.sees("Your gym log")
    assert keyboard(menu) == [
        ["Record training"],
        ["History", "Edit exercises"],
        ["Settings", "Help"],
    ]  # the rooms that exist, and no others
    first_name, last_name, username = row(shared_database, ann.id) or ("", "", "")
    assert (first_name, last_name, username[:4]) == ("Ann", "Lee", "ann_")


async def test_a_tap_changes_the_message_in_place(ann: Someone) -> None:
    await ann.write("/start")
    menu = await ann.sees("What shall we do?")
    await ann.tap(menu, data(menu, "Help"))
    help_ = await ann.sees("/cancel: leave a question I asked")
    assert help_["message_id"] == menu["message_id"]
    await ann.tap(help_, data(help_, "⬅️ Go back"))
    again = await ann.sees("What shall we do?")
    assert again["message_id"] == menu["message_id"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/help", "Your log is yours alone"),
        ("/HELP", "Your log is yours alone"),
        ("/cancel", "Everything you saved is still here"),
        ("/start now", "What shall we do?"),
        ("/nonsense", "I didn't catch that"),
        ("hello", "I didn't catch that"),
        ("<b>&", "I didn't catch that"),
        ("x" * 4096, "I didn't catch that"),
        ("👍", "I didn't catch that"),
    ],
)
async def test_every_line_is_answered(ann: Someone, text: str, answer: str) -> None:
    await ann.write("/start")
    await ann.sees("What shall we do?")
    await ann.write(text)
    assert keyboard(await ann.sees(answer))


async def test_a_new_message_takes_the_keyboard_off_the_former(ann: Someone) -> None:
    await ann.write("/start")
    first = await ann.sees("What shall we do?")
    await ann.write("/help")
    await ann.sees("Your log is yours alone")
    await ann.write("/start")
    await ann.sees("What shall we do?")
    await ann.quiet()  # the keyboard goes after the new message has come
    shown = [message for message in await ann.messages() if message["from"]["is_bot"]]
    assert shown[0]["message_id"] == first["message_id"]
    assert [bool(keyboard(message)) for message in shown] == [False, False, True]


async def test_words_whose_question_is_forgotten(ann: Someone, valkey: Valkey) -> None:
    await ann.write("hello")  # somebody new has no place yet
    await ann.sees("I didn't catch that")
    await ann.quiet()  # it is remembered behind the answer
    valkey.flush()
    await ann.write("seat 4, narrow grip")
    assert keyboard(await ann.sees("I lost my place; nothing saved is gone"))


async def test_an_edited_line_a_photo_and_a_sticker_are_answered_kindly(ann: Someone) -> None:
    line = await ann.write("first thought")
    await ann.sees("I didn't catch that")
    await ann.edit(line, "second thought")
    await ann.sees("an edit changes nothing here")
    await ann.send_photo()
    await ann.sees("I can only read words")


@pytest.mark.parametrize("forged", ["zz9:1", "m1:extra", "m2", "\u202e" * 10, "m" * 64, ":", "0"])
async def test_an_old_or_forged_button_gets_a_fresh_menu(ann: Someone, forged: str) -> None:
    await ann.write("/start")
    menu = await ann.sees("What shall we do?")
    await ann.tap(menu, forged, forged=True)
    expected = "Your log is yours alone" if forged == "m2" else "That button is from an older menu"
    answered = await ann.sees(expected)
    assert answered["message_id"] == menu["message_id"]


async def test_the_command_menu_is_set(sandbox: Sandbox, ann: Someone) -> None:
    chat = await sandbox.ask("GET", f"/chats/{ann.id}")
    assert [command["command"] for command in chat["commands"]] == [
        "gym",
        "start",
        "history",
        "records",
        "edit",
        "settings",
        "export",
        "help",
        "cancel",
        "delete_me",
    ]


async def test_a_person_who_blocked_the_bot_stops_nothing(sandbox: Sandbox, ann: Someone, bot: Process) -> None:
    await ann.write("/start")
    await ann.sees("What shall we do?")
    await sandbox.ask("POST", "/control/fail", {"method": "sendMessage", "status": 403, "times": 1})
    await ann.write("/help")
    await bot.logged("person_blocked_the_bot")
    await ann.write("/start")
    await ann.sees("What shall we do?")
