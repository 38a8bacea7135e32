"""The bot in production: Telegram's updates arrive at POST /webhook (port 5400)."""

from app.utils import gc_off, lean_aiogram  # noqa: F401 - before anything of aiogram

# isort: split
import sys

from app import bootstrap, schema
from app.modules import logging, registration
from app.modules.errors import CannotDo
from app.modules.server import server
from app.settings import SettingsError, WebhookSettings, load


def main() -> int:
    """Run until SIGTERM; work in hand is ended first."""
    try:
        settings = load(WebhookSettings)
        schema.refuse_to_start_on_newer(settings)
    except (SettingsError, CannotDo) as refusal:
        sys.stderr.write(f"The bot cannot start.\n{refusal}\n")
        return 1
    logging.set_up(secrets=settings.secret_values())
    house = bootstrap.build(settings)
    server(bootstrap.web(house, register), host=settings.bot_host, port=settings.bot_port).run()
    return 0


async def register(house: bootstrap.House) -> None:
    """Telling Telegram where the webhook is."""
    assert isinstance(house.settings, WebhookSettings)  # noqa: S101 - this process was built from them
    await registration.register(house.settings, api=house.api, db=house.db, bot_id=house.bot.id)


if __name__ == "__main__":
    sys.exit(main())
