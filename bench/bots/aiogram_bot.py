"""A plain aiogram bot of the usual kind, to be measured beside ours: no lever pulled, nothing sabotaged.

It follows aiogram's own examples: echo_bot_webhook.py (the webhook is set at start, with a secret), multibot.py
(RedisStorage), quiz_scene.py (one event of a chat at a time), finite_state_machine.py (a StatesGroup; what was
answered before waits in the state's data), and its chapter on magic filters.

Where it departs from them, and why:
- FastAPI instead of aiohttp's server, as our bot has it, and as most who have a web application do; the endpoint is the
  one of the tutorials: the body as JSON, and the work awaited. 200 at once with the work in a task, which aiogram's
  own request handler does, was slower in every figure; bench/plain_bot.py has it, to be broken by tests/chaos.
- Texts, keyboards and statements are ours, so that what is compared is the plumbing. So buttons carry more than a
  tutorial's; only what the tap adds is read of them, and the rest comes from the state.
- One event of a chat at a time by a lock in Redis, RedisStorage's own: the example's is in the process, and so holds
  for one process alone. It is two of the trips to Redis.
- psycopg2's ThreadedConnectionPool(2, 10) in threads (usual.py), as tutorials of psycopg2 have it; aiogram's examples
  have no PostgreSQL. It closes what comes back beyond two: under load it connects again and again, in the bot's time.
- Redis may have a connection for everybody: of the default hundred, 200 people who tap at once wanted more, and each
  one that there is not is an exception.
- One log line a request is left out, as in ours.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import quote

import uvicorn
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message, Update
from fastapi import FastAPI, Header, HTTPException

from app.modules.screen import Screen
from app.modules.training import callbacks, screens, service
from app.modules.training.model import Set
from app.settings import WebhookSettings
from bench.bots.usual import Gym, opened

router = Router()


class Training(StatesGroup):
    """Where a person is on the way from a muscle to a saved set."""

    set_no = State()
    weight = State()
    reps = State()


def markup(screen: Screen) -> InlineKeyboardMarkup:
    """Make a screen's keyboard."""
    return InlineKeyboardMarkup(inline_keyboard=screen.keyboard)


def fields(callback: CallbackQuery) -> list[str]:
    """Read what a button carries."""
    return callback.data.split(":")[1:]


async def edit(callback: CallbackQuery, screen: Screen) -> None:
    """Show a screen where the button was."""
    await callback.message.edit_text(screen.text, reply_markup=markup(screen))
    await callback.answer(screen.toast)


@router.message(Command("gym"))
async def gym(message: Message, state: FSMContext, db: Gym, event_update: Update) -> None:
    """Ask for a muscle."""
    await state.clear()
    user, act = message.from_user, db.act(message.from_user.id, event_update.update_id)
    await db.meet(act, first_name=user.first_name, last_name=user.last_name, username=user.username)
    screen = screens.muscles(await db.run(service.start, act=act, day=None))
    await message.answer(screen.text, reply_markup=markup(screen))


@router.callback_query(F.data.startswith("rl1:"))
async def muscle(callback: CallbackQuery, db: Gym) -> None:
    """Ask for an exercise."""
    found = await db.run(service.muscle_list, user_id=callback.from_user.id, muscle_id=int(fields(callback)[0]))
    await edit(callback, screens.exercises(found))


@router.callback_query(F.data.startswith("re1:"))
async def exercise(callback: CallbackQuery, state: FSMContext, db: Gym, event_update: Update) -> None:
    """Ask for a set."""
    exercise_id = int(fields(callback)[0])
    await state.update_data(exercise_id=exercise_id)
    await state.set_state(Training.set_no)
    act = db.act(callback.from_user.id, event_update.update_id)
    await edit(callback, screens.exercise(await db.session(act, exercise_id)))


@router.callback_query(Training.set_no, F.data.startswith("rs1:"))
async def set_no(callback: CallbackQuery, state: FSMContext, db: Gym, event_update: Update) -> None:
    """Ask for the weight."""
    asked = await state.update_data(set_no=int(fields(callback)[1]))
    await state.set_state(Training.weight)
    act = db.act(callback.from_user.id, event_update.update_id)
    found = await db.session(act, asked["exercise_id"])
    await edit(callback, screens.pick_weight(found, asked["set_no"]))


@router.callback_query(Training.weight, F.data.startswith("rk1:"))
async def weight(callback: CallbackQuery, state: FSMContext, db: Gym, event_update: Update) -> None:
    """Ask for the reps."""
    asked = await state.update_data(weight=fields(callback)[2])
    await state.set_state(Training.reps)
    act = db.act(callback.from_user.id, event_update.update_id)
    found = await db.session(act, asked["exercise_id"])
    await edit(callback, screens.pick_reps(found, asked["set_no"], Decimal(asked["weight"])))


@router.callback_query(Training.reps, F.data.startswith("rr1:"))
async def reps(callback: CallbackQuery, state: FSMContext, db: Gym, event_update: Update) -> None:
    """Save the set, and show the day's table."""
    *_, count, day = fields(callback)
    asked = await state.get_data()
    done = Set(asked["set_no"], Decimal(asked["weight"]), int(count))
    act = db.act(callback.from_user.id, event_update.update_id)
    screen = await db.saved(act, asked["exercise_id"], done, day=callbacks.read(day))
    await state.set_state(Training.set_no)
    await edit(callback, screen)


def web(settings: WebhookSettings, *, bot: Bot, dispatcher: Dispatcher) -> FastAPI:
    """Make the HTTP side: POST /webhook."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await bot.set_webhook(settings.webhook_url, secret_token=settings.telegram_webhook_secret)
        yield
        await bot.session.close()
        await dispatcher.storage.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/webhook")
    async def webhook(
        update: dict[str, Any], x_telegram_bot_api_secret_token: Annotated[str | None, Header()] = None
    ) -> None:
        if x_telegram_bot_api_secret_token != settings.telegram_webhook_secret:
            raise HTTPException(401)
        await dispatcher.feed_update(bot, Update.model_validate(update, context={"bot": bot}))

    return app


def main() -> None:
    """Run until SIGTERM."""
    settings = WebhookSettings()
    api = TelegramAPIServer.from_base(settings.telegram_api_url)
    default = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    bot = Bot(settings.telegram_bot_token, session=AiohttpSession(api=api), default=default)
    password = quote(settings.redis_password or "", safe="")
    redis = f"redis://:{password}@{settings.redis_host}:{settings.redis_port}/0"
    storage = RedisStorage.from_url(redis, connection_kwargs={"max_connections": 1000})
    dispatcher = Dispatcher(storage=storage, events_isolation=storage.create_isolation())
    dispatcher["db"] = Gym(opened(settings), settings.default_timezone, bot.id)
    dispatcher.include_router(router)
    app = web(settings, bot=bot, dispatcher=dispatcher)
    uvicorn.run(app, host=settings.bot_host, port=settings.bot_port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
