"""The bot in production: Telegram's updates arrive at POST /webhook (port 5400)."""

import sys

from app import bootstrap
from app.modules import logging, registration
from app.modules.errors import Unavailable
from app.modules.server import server
from app.settings import SettingsError, WebhookSettings, load


def main() -> int:
    """Run until SIGTERM; work in hand is ended first."""
    try:
        settings = load(WebhookSettings)
    except SettingsError as error:
        sys.stderr.write(f"The bot cannot start.\n{error}\n")
        return 1
    logging.set_up(secrets=settings.secret_values())
    house = bootstrap.build(settings)
    state = Registration()
    server(
        bootstrap.web(house, state.register, trouble=state.trouble), host=settings.bot_host, port=settings.bot_port
    ).run()
    return 0


class Registration:
    """Whether Telegram knows our webhook yet, for /ready."""

    def __init__(self) -> None:
        self._missing: str | None = "not tried yet"

    async def register(self, house: bootstrap.House) -> None:
        """Register, and remember that it is done."""
        assert isinstance(house.settings, WebhookSettings)  # noqa: S101 - this process was built from them
        try:
            await registration.register(house.settings, api=house.api, db=house.db, bot_id=house.bot.id)
        except Unavailable as trouble:
            self._missing = str(trouble)
            raise
        self._missing = None

    def trouble(self) -> list[str]:
        """Say in words what is missing."""
        if self._missing is None:
            return []
        return [f"The webhook is not registered with Telegram yet ({self._missing}); it is tried again by itself."]


if __name__ == "__main__":
    sys.exit(main())
