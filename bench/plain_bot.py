"""A plain aiogram bot of the usual kind, to be measured beside ours: no lever pulled, nothing sabotaged.

It follows aiogram's own examples: echo_bot_webhook.py (the webhook is set at start, with a secret), multibot.py
(RedisStorage), finite_state_machine.py (a StatesGroup; what was answered before waits in the state's data),
error_handling.py (one handler logs what failed, and says so), and its chapter on magic filters. Its endpoint is what
bots on FastAPI commonly have, and what aiogram's SimpleRequestHandler does unless told otherwise: 200 at once, the work
in a task. The pool is used as psycopg2's documentation and its tutorials do: getconn, `with connection`, putconn.

Where it departs from them, and why:
- Texts, layout and reading statements are ours, so that what is compared is the plumbing. They are better than a
  tutorial's: one round trip a screen, and nobody sees another's exercises.
- The logs are ours in form, and SIGTERM ends it with exit code 0: what starts both bots looks for that.
- The buttons beside the path from a muscle to a saved set (Undo, Finish, notes, the calendar) are there for their bytes
  alone; a toast says so.
"""

import asyncio
import logging
import signal
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from re import Match
from typing import Any
from urllib.parse import quote

import uvicorn
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command, CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, ErrorEvent, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update, User
from fastapi import FastAPI, HTTPException, Request
from psycopg2.errors import UniqueViolation
from psycopg2.pool import ThreadedConnectionPool

from app.modules.logging import set_up
from app.modules.menu import screens as menu
from app.modules.people import service as people
from app.modules.people.model import Act
from app.modules.people.rules import introduced
from app.modules.screen import Screen
from app.modules.training import callbacks, screens, service
from app.modules.training.model import Session, Set
from app.modules.training.rules import by_number, is_record
from app.settings import WebhookSettings

log = logging.getLogger(__name__)
router = Router()

LINE = r"^(\d{1,3}(?:\.\d{1,2})?)x([1-9]\d{0,2})$"
UNKNOWN = "I did not understand that, and nothing was saved. Train with /gym."
STALE = "This button leads nowhere any more: nothing was saved. Go on with /gym."
TAKEN = "That set is there already: nothing was saved. Go on with /gym."
FAILED = "Something went wrong. Try again with /gym."

# Of each of our buttons, by its prefix: the step's name, and the one field that it keeps. The rest waits in the state.
STEPS = {
    callbacks.OpenStart.__prefix__: ("gym", 1),
    callbacks.OpenMuscle.__prefix__: ("muscle", 0),
    callbacks.ShowAll.__prefix__: ("page", 1),
    callbacks.OpenExercise.__prefix__: ("exercise", 0),
    callbacks.OpenSet.__prefix__: ("set", 1),
    callbacks.OpenWeights.__prefix__: ("weights", 2),
    callbacks.PickWeight.__prefix__: ("weight", 2),
    callbacks.RecordSet.__prefix__: ("reps", 3),
}


class Training(StatesGroup):
    """Where a person is on the way from a muscle to a saved set."""

    set_no = State()
    weight = State()
    reps = State()


AT_AN_EXERCISE = StateFilter(Training.set_no, Training.weight, Training.reps)


@dataclass(frozen=True)
class Database:
    """The pool, asked in threads."""

    pool: ThreadedConnectionPool
    zone: str

    async def run(self, work: Callable[..., Any], **values: Any) -> Any:
        """Run `work(cursor, …)` in a transaction of its own."""
        return await asyncio.to_thread(self._run, work, values)

    def _run(self, work: Callable[..., Any], values: dict[str, Any]) -> Any:
        connection = self.pool.getconn()
        try:
            with connection, connection.cursor() as cursor:
                return work(cursor, **values)
        finally:
            self.pool.putconn(connection)

    async def meet(self, user: User) -> None:
        """Register somebody, or keep their name of today."""
        person = introduced(
            user_id=user.id, first_name=user.first_name, last_name=user.last_name, username=user.username
        )
        await self.run(people.meet, person=person)

    async def session(self, user: User, exercise_id: int, *, what_next: bool = False) -> Session:
        """Read all that the screens of one exercise show."""
        found = await self.run(
            service.session, act=self.act(user), exercise_id=exercise_id, day=None, what_next=what_next
        )
        if found is None:
            raise LookupError("no such exercise")
        return found

    def act(self, user: User) -> Act:
        """Say who acts, now; reading needs to know no update."""
        return Act(user.id, 0, 0, datetime.now(UTC), self.zone)


def save_set(cursor: Any, *, act: Act, exercise_id: int, done: Set) -> None:
    """Save a set of a chosen number."""
    cursor.execute(
        """
        INSERT INTO training (day, user_id, muscle_id, exercise_id, set, weight, reps)
        SELECT gym_day(now(), coalesce(u.timezone, %(zone)s), u.id), u.id, e.muscle, e.id,
               %(set_no)s, %(weight)s, %(reps)s
          FROM users AS u, exercises AS e
         WHERE u.id = %(user_id)s AND e.id = %(exercise_id)s
        """,
        {
            "user_id": act.user_id,
            "zone": act.zone,
            "exercise_id": exercise_id,
            "set_no": done.set_no,
            "weight": done.weight,
            "reps": done.reps,
        },
    )


def append_set(cursor: Any, *, act: Act, exercise_id: int, weight: Decimal, reps: int) -> int:
    """Save a set behind the others of its day, and return its number."""
    cursor.execute(
        """
        INSERT INTO training (day, user_id, muscle_id, exercise_id, set, weight, reps)
        SELECT this.day, u.id, e.muscle, e.id,
               (SELECT coalesce(max(t.set), 0) + 1
                  FROM training AS t
                 WHERE t.user_id = u.id AND t.exercise_id = e.id AND t.day = this.day),
               %(weight)s, %(reps)s
          FROM users AS u, exercises AS e, gym_day(now(), coalesce(u.timezone, %(zone)s), u.id) AS this (day)
         WHERE u.id = %(user_id)s AND e.id = %(exercise_id)s
        RETURNING set
        """,
        {"user_id": act.user_id, "zone": act.zone, "exercise_id": exercise_id, "weight": weight, "reps": reps},
    )
    return int(cursor.fetchone()[0])


def step(data: str) -> str:
    """Turn one of our buttons into one that carries only its step."""
    prefix, *fields = data.split(":")
    if prefix not in STEPS:
        return data
    name, place = STEPS[prefix]
    return f"{name}:{fields[place]}"


def markup(screen: Screen) -> InlineKeyboardMarkup:
    """Make a screen's keyboard."""
    rows = [
        [InlineKeyboardButton(text=each["text"], callback_data=step(each["callback_data"])) for each in row]
        for row in screen.keyboard
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)


async def edit(callback: CallbackQuery, screen: Screen) -> None:
    """Show a screen where the button was."""
    with suppress(TelegramBadRequest):  # it is there already
        await callback.message.edit_text(screen.text, reply_markup=markup(screen))
    await callback.answer()


def value(callback: CallbackQuery) -> str:
    """Read what a button carries behind its step."""
    return callback.data.partition(":")[2]


@router.message(CommandStart())
async def start(message: Message, state: FSMContext, db: Database) -> None:
    """Greet."""
    await state.clear()
    await db.meet(message.from_user)
    screen = menu.menu()
    await message.answer(screen.text, reply_markup=markup(screen))


@router.message(Command("gym"))
async def gym(message: Message, state: FSMContext, db: Database) -> None:
    """Ask for a muscle."""
    await state.clear()
    await db.meet(message.from_user)
    screen = screens.muscles(await db.run(service.start, act=db.act(message.from_user), day=None))
    await message.answer(screen.text, reply_markup=markup(screen))


@router.callback_query(F.data.startswith("gym:"))
async def another(callback: CallbackQuery, state: FSMContext, db: Database) -> None:
    """Ask for a muscle, the one just trained first."""
    await state.clear()
    found = await db.run(service.start, act=db.act(callback.from_user), day=None)
    await edit(callback, screens.muscles(found, first=int(value(callback))))


@router.callback_query(F.data.startswith("muscle:"))
async def muscle(callback: CallbackQuery, state: FSMContext, db: Database) -> None:
    """Ask for an exercise."""
    muscle_id = int(value(callback))
    await state.update_data(muscle_id=muscle_id)
    found = await db.run(service.muscle_list, user_id=callback.from_user.id, muscle_id=muscle_id)
    await edit(callback, screens.exercises(found))


@router.callback_query(F.data.startswith("page:"))
async def page(callback: CallbackQuery, state: FSMContext, db: Database) -> None:
    """Show everything of the muscle."""
    asked = await state.get_data()
    found = await db.run(service.muscle_list, user_id=callback.from_user.id, muscle_id=asked["muscle_id"])
    await edit(callback, screens.all_exercises(found, number=int(value(callback))))


@router.callback_query(F.data.startswith("exercise:"))
async def exercise(callback: CallbackQuery, state: FSMContext, db: Database) -> None:
    """Ask for a set."""
    exercise_id = int(value(callback))
    await state.update_data(exercise_id=exercise_id)
    await state.set_state(Training.set_no)
    await edit(callback, screens.exercise(await db.session(callback.from_user, exercise_id)))


@router.callback_query(AT_AN_EXERCISE, F.data.startswith("set:"))
async def set_no(callback: CallbackQuery, state: FSMContext, db: Database) -> None:
    """Ask for the weight; of a set that is done, show it."""
    number = int(value(callback))
    asked = await state.update_data(set_no=number)
    found = await db.session(callback.from_user, asked["exercise_id"])
    if by_number(found.sets, number):
        await state.set_state(Training.set_no)
        await edit(callback, screens.saved(found, [number]))
        return
    await state.set_state(Training.weight)
    await edit(callback, screens.pick_weight(found, number))


@router.callback_query(Training.weight, F.data.startswith("weights:"))
async def weights(callback: CallbackQuery, state: FSMContext, db: Database) -> None:
    """Show lighter or heavier weights."""
    asked = await state.get_data()
    found = await db.session(callback.from_user, asked["exercise_id"])
    await edit(callback, screens.pick_weight(found, asked["set_no"], start=int(value(callback))))


@router.callback_query(Training.weight, F.data.startswith("weight:"))
async def weight(callback: CallbackQuery, state: FSMContext, db: Database) -> None:
    """Ask for the reps."""
    asked = await state.update_data(weight=value(callback))
    await state.set_state(Training.reps)
    found = await db.session(callback.from_user, asked["exercise_id"])
    await edit(callback, screens.pick_reps(found, asked["set_no"], Decimal(asked["weight"])))


@router.callback_query(Training.reps, F.data.startswith("reps:"))
async def reps(callback: CallbackQuery, state: FSMContext, db: Database) -> None:
    """Save the set, and show the day's table."""
    asked = await state.get_data()
    done = Set(asked["set_no"], Decimal(asked["weight"]), int(value(callback)))
    act = db.act(callback.from_user)
    try:
        await db.run(save_set, act=act, exercise_id=asked["exercise_id"], done=done)
    except UniqueViolation:
        await callback.answer(TAKEN)
        return
    await state.set_state(Training.set_no)
    await edit(callback, await saved(callback.from_user, db, asked["exercise_id"], done.set_no))


@router.message(AT_AN_EXERCISE, F.text.regexp(LINE).as_("line"))
async def line(message: Message, state: FSMContext, db: Database, line: Match[str]) -> None:
    """Save what was typed behind the other sets."""
    asked = await state.get_data()
    number = await db.run(
        append_set,
        act=db.act(message.from_user),
        exercise_id=asked["exercise_id"],
        weight=Decimal(line[1]),
        reps=int(line[2]),
    )
    await state.set_state(Training.set_no)
    screen = await saved(message.from_user, db, asked["exercise_id"], number)
    await message.answer(screen.text, reply_markup=markup(screen))


async def saved(user: User, db: Database, exercise_id: int, number: int) -> Screen:
    """Make the screen of a set just saved."""
    found = await db.session(user, exercise_id, what_next=True)
    done = by_number(found.sets, number)
    return screens.saved(found, [number], fresh=True, record=done is not None and is_record(found, done))


@router.message()
async def unknown(message: Message) -> None:
    """Say that nothing came of it."""
    await message.answer(UNKNOWN)


@router.callback_query()
async def stale(callback: CallbackQuery) -> None:
    """Say that nothing came of it."""
    await callback.answer(STALE)


@router.error()
async def failed(event: ErrorEvent) -> None:
    """Log what failed, and tell its person."""
    log.error("handler_failed", exc_info=event.exception)
    if event.update.callback_query:
        await event.update.callback_query.answer(FAILED, show_alert=True)
    elif event.update.message:
        await event.update.message.answer(FAILED)


def web(settings: WebhookSettings, *, bot: Bot, dispatcher: Dispatcher, pool: ThreadedConnectionPool) -> FastAPI:
    """Make the HTTP side: POST /webhook, GET /health."""
    working: set[asyncio.Task[Any]] = set()  # else nothing holds them

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await bot.set_webhook(settings.webhook_url, secret_token=settings.telegram_webhook_secret)
        log.info("webhook_set")
        yield
        await bot.session.close()
        await dispatcher.storage.close()
        pool.closeall()

    app = FastAPI(lifespan=lifespan)

    @app.post("/webhook")
    async def webhook(request: Request) -> dict[str, bool]:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != settings.telegram_webhook_secret:
            raise HTTPException(401)
        update = Update.model_validate(await request.json(), context={"bot": bot})
        task = asyncio.create_task(dispatcher.feed_update(bot, update))  # noqa: TID251 - the usual way is measured
        working.add(task)
        task.add_done_callback(working.discard)
        return {"ok": True}

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return app


def main() -> None:
    """Run until SIGTERM."""
    warnings.simplefilter("default")  # as errors, of connections left open at the end, they keep uvloop from ending
    settings = WebhookSettings()
    set_up(secrets=settings.secret_values())
    pool = ThreadedConnectionPool(
        2,
        10,
        host=settings.db_host,
        port=settings.db_port,
        dbname=settings.db_name,
        user=settings.db_user,
        password=settings.db_password,
    )
    api = TelegramAPIServer.from_base(settings.telegram_api_url)
    default = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    bot = Bot(settings.telegram_bot_token, session=AiohttpSession(api=api), default=default)
    password = quote(settings.redis_password or "", safe="")
    kept = RedisStorage.from_url(f"redis://:{password}@{settings.redis_host}:{settings.redis_port}/0")
    dispatcher = Dispatcher(storage=kept)
    dispatcher["db"] = Database(pool, settings.default_timezone)
    dispatcher.include_router(router)
    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn stops by itself, and then raises it once more
    app = web(settings, bot=bot, dispatcher=dispatcher, pool=pool)
    uvicorn.run(app, host=settings.bot_host, port=settings.bot_port, log_config=None)


if __name__ == "__main__":
    main()
