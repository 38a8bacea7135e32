"""A plain python-telegram-bot bot of the usual kind, to be measured beside ours: no lever pulled, nothing sabotaged.

It follows the project's own examples: customwebhookbot (Starlette and uvicorn on asyncio's own loop, 200 at once,
updates go through the application's queue), inlinekeyboard2.py (a CallbackQueryHandler with a pattern for each step)
and conversationbot.py (what was answered before waits in user_data).

Where it departs from them, and why:
- Updates are handled side by side (concurrent_updates): one after the other, as is the default, the other 49 people
  would wait while one waits for the database. Its documentation advises against ConversationHandler then, hence
  user_data alone.
- psycopg2's ThreadedConnectionPool(2, 10) in threads (usual.py), as in the plain aiogram bot; the examples have no
  PostgreSQL. It closes what comes back beyond two, so under load it connects again and again, in the bot's own time.
- A tap is answered after its screen and not before: the toast says what became of it.
- Texts, keyboards and statements are ours, so that what is compared is the plumbing. The buttons of our screens are
  aiogram's, which is therefore imported, by its lean way.
- One log line a request is left out, as in ours.
"""

from app.utils import lean_aiogram  # noqa: F401 - before anything of aiogram

# isort: split
import asyncio
from decimal import Decimal
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, Defaults

from app.modules.screen import Screen
from app.modules.training import callbacks, screens, service
from app.modules.training.model import Set
from app.settings import WebhookSettings
from bench.bots.usual import Gym, opened

Context = ContextTypes.DEFAULT_TYPE


def markup(screen: Screen) -> InlineKeyboardMarkup:
    """Make a screen's keyboard."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(**each) for each in row] for row in screen.keyboard])


def fields(query: CallbackQuery) -> list[str]:
    """Read what a button carries."""
    return query.data.split(":")[1:]


async def edit(query: CallbackQuery, screen: Screen) -> None:
    """Show a screen where the button was."""
    await query.edit_message_text(screen.text, reply_markup=markup(screen))
    await query.answer(screen.toast)


async def gym(update: Update, context: Context) -> None:
    """Ask for a muscle."""
    context.user_data.clear()
    user, db = update.effective_user, context.bot_data["db"]
    act = db.act(user.id, update.update_id)
    await db.meet(act, first_name=user.first_name, last_name=user.last_name, username=user.username)
    screen = screens.muscles(await db.run(service.start, act=act, day=None))
    await update.message.reply_text(screen.text, reply_markup=markup(screen))


async def muscle(update: Update, context: Context) -> None:
    """Ask for an exercise."""
    query, db = update.callback_query, context.bot_data["db"]
    muscle_id = int(fields(query)[0])
    found = await db.run(service.muscle_list, user_id=query.from_user.id, muscle_id=muscle_id)
    await edit(query, screens.exercises(found))


async def exercise(update: Update, context: Context) -> None:
    """Ask for a set."""
    query, db = update.callback_query, context.bot_data["db"]
    context.user_data["exercise_id"] = int(fields(query)[0])
    found = await db.session(db.act(query.from_user.id, update.update_id), context.user_data["exercise_id"])
    await edit(query, screens.exercise(found))


async def set_no(update: Update, context: Context) -> None:
    """Ask for the weight."""
    query, db, asked = update.callback_query, context.bot_data["db"], context.user_data
    asked["set_no"] = int(fields(query)[1])
    found = await db.session(db.act(query.from_user.id, update.update_id), asked["exercise_id"])
    await edit(query, screens.pick_weight(found, asked["set_no"]))


async def weight(update: Update, context: Context) -> None:
    """Ask for the reps."""
    query, db, asked = update.callback_query, context.bot_data["db"], context.user_data
    asked["weight"] = Decimal(fields(query)[2])
    found = await db.session(db.act(query.from_user.id, update.update_id), asked["exercise_id"])
    await edit(query, screens.pick_reps(found, asked["set_no"], asked["weight"]))


async def reps(update: Update, context: Context) -> None:
    """Save the set, and show the day's table."""
    query, db, asked = update.callback_query, context.bot_data["db"], context.user_data
    *_, count, day = fields(query)
    done = Set(asked["set_no"], asked["weight"], int(count))
    act = db.act(query.from_user.id, update.update_id)
    await edit(query, await db.saved(act, asked["exercise_id"], done, day=callbacks.read(day)))


def built(settings: WebhookSettings) -> Application[Any, Any, Any, Any, Any, Any]:
    """Make the application."""
    defaults = Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True))
    application = (
        Application.builder()
        .token(settings.telegram_bot_token)
        .base_url(f"{settings.telegram_api_url}/bot")
        .defaults(defaults)
        .updater(None)
        .concurrent_updates(True)
        .build()
    )
    application.add_handler(CommandHandler("gym", gym))
    for prefix, handler in {"rl1": muscle, "re1": exercise, "rs1": set_no, "rk1": weight, "rr1": reps}.items():
        application.add_handler(CallbackQueryHandler(handler, pattern=f"^{prefix}:"))
    return application


async def main() -> None:
    """Run until SIGTERM."""
    settings = WebhookSettings()
    application = built(settings)

    async def telegram(request: Request) -> Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != settings.telegram_webhook_secret:
            return Response(status_code=401)
        await application.update_queue.put(Update.de_json(data=await request.json(), bot=application.bot))
        return Response()

    starlette = Starlette(routes=[Route("/webhook", telegram, methods=["POST"])])
    config = uvicorn.Config(
        starlette, host=settings.bot_host, port=settings.bot_port, log_level="warning", access_log=False
    )
    async with application:
        application.bot_data["db"] = Gym(opened(settings), settings.default_timezone, application.bot.id)
        await application.bot.set_webhook(settings.webhook_url, secret_token=settings.telegram_webhook_secret)
        await application.start()
        await uvicorn.Server(config).serve()
        await application.stop()


if __name__ == "__main__":
    asyncio.run(main())
