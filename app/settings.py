"""Every environment variable of the product, read once and frozen; each process takes its own part.

A variable that is missing, weak or wrong is named in one sentence and never echoed: its value may be a secret.
"""

import os
import re
from ipaddress import ip_network
from typing import Annotated, ClassVar, Self, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TELEGRAM_API = "https://api.telegram.org"
SECRET_LENGTH = 32
BOT_ROLE, ADMIN_ROLE = "gymbot_bot", "gymbot_admin"  # in the database, where each may do its work and nothing else
# Those that nobody else gives out; the old ones are still accepted while they are being changed.
OWN_SECRETS = (
    "telegram_webhook_secret",
    "telegram_webhook_secret_old",
    "jwt_secret",
    "jwt_secret_old",
    "metrics_token",
    "db_bot_password",
    "db_admin_password",
)
WEAK_PASSWORDS = frozenset({"postgres", "password", "redis", "admin", "secret", "changeme", "gymbot"})


class SettingsError(Exception):
    """The process cannot start; the message names each variable and says what to do."""


def _bot_token(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{10,}", value):
        raise ValueError("is no bot token; BotFather gives one that looks like 123456789:AAE...")
    return value


def _strong(value: str) -> str:
    if len(value.strip()) < SECRET_LENGTH:
        raise ValueError(f"needs {SECRET_LENGTH} characters or more; `openssl rand -hex 32` makes one")
    if value.startswith("your_"):
        raise ValueError("is the example's placeholder; `openssl rand -hex 32` makes a real one")
    return value


def _webhook_secret(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise ValueError("may hold A-Z a-z 0-9 _ - only, 256 at most; `openssl rand -hex 32` makes one")
    return _strong(value)


def _public_url(value: str) -> str:
    """Accept a bare host or a URL; the webhook lives below it."""
    url = value if "://" in value else f"https://{value}"
    # Telegram calls https alone; http leads no farther than this computer.
    host = r"(https://[A-Za-z0-9.\-\[\]:_]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?)"
    if not re.fullmatch(host + r"(/[^\s?#]*)?", url) or url.count("://") > 1:
        raise ValueError("needs a host name or an https URL, such as gym.example.com")
    return url.rstrip("/").removesuffix("/webhook")


def _server_url(value: str) -> str:
    try:
        url = urlsplit(value)
        fits = bool(url.hostname) and url.port != 0
    except ValueError:  # a port that is none, half an IPv6 address
        fits = False
    if not fits or not re.fullmatch(r"https?://[^\s/?#@{}]+(/[^\s?#{}]*)?", value):
        raise ValueError(f"needs the URL of a server, such as {TELEGRAM_API}")
    return value.rstrip("/")


def _listed(value: object) -> object:
    """Take a list apart at its commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _origin(value: str) -> str:
    if "*" in value:
        raise ValueError("takes no *: name each origin, such as https://panel.example.com")
    if not re.fullmatch(r"https?://[a-z0-9.\-\[\]:]+", value):
        raise ValueError("needs origins as browsers send them, such as https://panel.example.com")
    return value


def _network(value: str) -> str:
    try:
        network = ip_network(value)
    except ValueError:
        raise ValueError("needs addresses or networks, such as 127.0.0.1 or 10.0.0.0/8") from None
    if network.prefixlen == 0:
        raise ValueError("takes not everybody's addresses: whoever asks would say where they come from")
    return str(network)


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of the zone list
        raise ValueError("is no time zone; take one like Europe/Berlin or Asia/Jerusalem") from None
    return value


def _empty_is_unset(value: object) -> object:
    """Compose passes a variable that is named but unset as an empty string."""
    return None if isinstance(value, str) and not value.strip() else value


BotToken = Annotated[str, AfterValidator(_bot_token)]
WebhookSecret = Annotated[str, AfterValidator(_webhook_secret)]
PublicUrl = Annotated[str, AfterValidator(_public_url)]
ServerUrl = Annotated[str, AfterValidator(_server_url)]
Secret = Annotated[str, AfterValidator(_strong)]
MetricsToken = Annotated[Secret | None, Field(repr=False)]
Origins = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...] | None, NoDecode, BeforeValidator(_listed)]
Networks = Annotated[tuple[Annotated[str, AfterValidator(_network)], ...] | None, NoDecode, BeforeValidator(_listed)]
TimeZoneName = Annotated[str, AfterValidator(_timezone)]
Port = Annotated[int, Field(ge=1, le=65535)]
Password = Annotated[str | None, BeforeValidator(_empty_is_unset), Field(repr=False)]


class Settings(BaseSettings):
    """What every part has in common: values from the environment alone, frozen, empty ones unset."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, extra="ignore")
    secrets: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _no_two_alike(self) -> Self:
        for name in OWN_SECRETS:
            value = getattr(self, name, None)
            if value and self.secret_values().count(value) > 1:
                raise ValueError(f"{name.upper()} must differ from every other secret of this process")
        return self

    def secret_values(self) -> tuple[str, ...]:
        """The values that logs must never show."""
        return tuple(value for name in self.secrets if (value := getattr(self, name)))


class DatabaseSettings(Settings):
    """How to reach PostgreSQL; a DB_HOST that begins with / is a folder of sockets."""

    secrets: ClassVar[tuple[str, ...]] = ("db_password",)
    db_host: str
    db_port: Port = 5432
    db_name: str
    db_user: str
    db_password: Password = None
    db_pool: Annotated[int, Field(ge=1, le=100)] = 10
    db_prepare: bool = True

    def warnings(self) -> list[str]:
        return _weak("DB_PASSWORD", password=self.db_password, host=self.db_host)


class MigrationSettings(DatabaseSettings):
    """The owner of the database (`app/manage.py migrate`), and the two roles of little power that it makes."""

    secrets: ClassVar[tuple[str, ...]] = ("db_password", "db_bot_password", "db_admin_password")
    db_bot_user: str = BOT_ROLE
    db_bot_password: Password = None
    db_admin_user: str = ADMIN_ROLE
    db_admin_password: Password = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.db_bot_password is None) != (self.db_admin_password is None):
            raise ValueError("DB_BOT_PASSWORD and DB_ADMIN_PASSWORD go together: set both, or none")
        if self.db_bot_password and len({self.db_user, self.db_bot_user, self.db_admin_user}) < 3:
            raise ValueError("DB_USER, DB_BOT_USER and DB_ADMIN_USER must be three roles")
        return self


class RedisSettings(Settings):
    """How to reach Redis; a REDIS_HOST that begins with / is a socket."""

    secrets: ClassVar[tuple[str, ...]] = ("redis_password",)
    redis_host: str
    redis_port: Port = 6379
    redis_password: Password = None

    def warnings(self) -> list[str]:
        return _weak("REDIS_PASSWORD", password=self.redis_password, host=self.redis_host)


class BotSettings(DatabaseSettings):
    """The bot by long polling (`app/main.py`): no Redis; a webhook secret only guards updates made by hand."""

    secrets: ClassVar[tuple[str, ...]] = (
        "db_password",
        "telegram_bot_token",
        "telegram_webhook_secret",
        "telegram_webhook_secret_old",
        "metrics_token",
    )
    telegram_bot_token: Annotated[BotToken, Field(repr=False)]
    telegram_webhook_secret: Annotated[WebhookSecret | None, Field(repr=False)] = None
    telegram_webhook_secret_old: Annotated[WebhookSecret | None, Field(repr=False)] = None
    telegram_api_url: ServerUrl = TELEGRAM_API
    default_timezone: TimeZoneName = "UTC"
    metrics_token: MetricsToken = None
    bot_host: str = "127.0.0.1"
    bot_port: Port = 5400

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """Those that open the webhook; none: this computer alone may."""
        if self.telegram_webhook_secret is None:
            return ()
        return tuple(filter(None, (self.telegram_webhook_secret, self.telegram_webhook_secret_old)))


class WebhookSettings(BotSettings, RedisSettings):
    """The bot by webhook (`app/main_webhook.py`)."""

    secrets: ClassVar[tuple[str, ...]] = (*BotSettings.secrets, *RedisSettings.secrets)
    telegram_webhook_secret: Annotated[WebhookSecret, Field(repr=False)]
    web_app_url: PublicUrl

    def warnings(self) -> list[str]:
        return DatabaseSettings.warnings(self) + RedisSettings.warnings(self)

    @property
    def webhook_url(self) -> str:
        return f"{self.web_app_url}/webhook"


class ApiSettings(DatabaseSettings):
    """The admin API (`admin_panel/backend/main.py`); without a bot token only /auth/telegram is off."""

    secrets: ClassVar[tuple[str, ...]] = (
        "db_password",
        "jwt_secret",
        "jwt_secret_old",
        "telegram_bot_token",
        "metrics_token",
    )
    jwt_secret: Annotated[Secret, Field(repr=False)]
    jwt_secret_old: Annotated[Secret | None, Field(repr=False)] = None
    telegram_bot_token: Annotated[BotToken | None, Field(repr=False)] = None
    cors_origins: Origins = None
    trusted_proxies: Networks = None
    metrics_token: MetricsToken = None
    default_timezone: TimeZoneName = "UTC"
    api_host: str = "127.0.0.1"
    api_port: Port = 8001

    @property
    def jwt_secrets(self) -> tuple[str, ...]:
        """Those by which a token counts; the first one signs."""
        return tuple(filter(None, (self.jwt_secret, self.jwt_secret_old)))


class PanelSettings(Settings):
    """The admin panel's own server (`admin_panel/frontend/main.py`): the built pages, and the way on to the API."""

    api_url: ServerUrl = "http://127.0.0.1:8001"
    trusted_proxies: Networks = None
    panel_host: str = "127.0.0.1"
    panel_port: Port = 5174


S = TypeVar("S", bound=Settings)


def load(part: type[S]) -> S:
    """Read a process's part of the environment, or say by name what is wrong with it."""
    try:
        return part()
    except ValidationError as error:
        raise SettingsError(_sentences(error)) from None


_REASONS = {
    "int_parsing": "needs a whole number",
    "bool_parsing": "needs 1 or 0",
    "greater_than_equal": "needs {ge} or more",
    "less_than_equal": "needs {le} or less",
}


def _sentences(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        name = str(problem["loc"][0]).upper() if problem["loc"] else ""
        reason = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "missing":
            reason = "is empty" if name in os.environ else "is not set"
        elif problem["type"] in _REASONS:
            reason = _REASONS[problem["type"]].format(**problem.get("ctx", {}))
        lines.append(f"{name} {reason}".strip() + ".")
    return "\n".join(lines)


def _weak(name: str, *, password: str | None, host: str) -> list[str]:
    if host.startswith("/"):
        return []  # a socket is guarded by its folder's mode
    if password is None:
        return [f"{name} is not set: anyone who reaches {name.split('_')[0]}_HOST can come in."]
    if len(password) < 12 or password.lower() in WEAK_PASSWORDS or password.startswith("your_"):
        return [f"{name} is weak; `openssl rand -hex 16` makes a better one."]
    return []
