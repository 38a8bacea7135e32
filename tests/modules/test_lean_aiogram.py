"""aiogram without what nobody uses, and with all of it for who does."""

import subprocess
import sys

import aiogram.client.bot
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession


@pytest.mark.parametrize("process", ["app.main", "app.main_webhook"])
def test_a_bot_process_loads_no_aiohttp(process: str) -> None:
    look = f"import sys, {process}; print(*(name for name in sys.modules if name.startswith(('aiohttp', 'yarl'))))"
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=120)
    assert found.stdout.split() == []


def test_who_asks_for_aiograms_own_session_gets_it() -> None:
    assert aiogram.client.bot.AiohttpSession is not AiohttpSession  # as lean_aiogram leaves it
    assert AiohttpSession.__module__ == "aiogram.client.session.aiohttp"
    assert isinstance(Bot("7:token").session, AiohttpSession)


def test_garbage_is_looked_for_once_the_bot_has_started_and_not_before() -> None:
    code = (
        "import gc; import app.main_webhook; from app import bootstrap; before = gc.isenabled();"
        " bootstrap.settle_memory(); print(before, gc.isenabled())"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout
    assert said.split() == ["False", "True"]
