"""Settings: each process takes its own part, and a bad value is refused by its variable's name, never echoed."""

import pytest

from app.settings import BotSettings, DatabaseSettings, Settings, SettingsError, WebhookSettings, load

SECRET = "a-webhook-secret_of-forty-letters_1234567"
GOOD = {
    "TELEGRAM_BOT_TOKEN": "1234567890:AAEhBP0av28fsjkdhfkjshdfkjhsdkfjhsdA",
    "TELEGRAM_WEBHOOK_SECRET": SECRET,
    "WEB_APP_URL": "gym.example.com",
    "DB_HOST": "gymbot_db",
    "DB_NAME": "gymbot",
    "DB_USER": "postgres",
    "DB_PASSWORD": "a-database-password",
    "REDIS_HOST": "gymbot_redis",
    "REDIS_PASSWORD": "a-redis-password",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing but a good environment; tests spoil it."""
    for part in (WebhookSettings,):
        for name in part.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_a_good_environment_loads_with_the_documented_defaults() -> None:
    settings = load(WebhookSettings)
    assert settings.webhook_url == "https://gym.example.com/webhook"
    assert (settings.db_port, settings.redis_port, settings.db_pool, settings.db_prepare) == (5432, 6379, 10, True)
    assert (settings.default_timezone, settings.bot_port) == ("UTC", 5400)
    assert settings.warnings() == []
    assert set(settings.secret_values()) == {
        GOOD["TELEGRAM_BOT_TOKEN"],
        SECRET,
        GOOD["DB_PASSWORD"],
        GOOD["REDIS_PASSWORD"],
    }


def test_settings_are_frozen_and_print_no_secret() -> None:
    settings = load(WebhookSettings)
    with pytest.raises(Exception, match="frozen"):
        settings.db_port = 1  # type: ignore[misc]
    for secret in settings.secret_values():
        assert secret not in repr(settings)


@pytest.mark.parametrize(
    ("url", "webhook"),
    [
        ("gym.example.com", "https://gym.example.com/webhook"),
        ("https://gym.example.com/", "https://gym.example.com/webhook"),
        ("https://example.com/gym", "https://example.com/gym/webhook"),
        ("https://gym.example.com/webhook", "https://gym.example.com/webhook"),
        ("http://127.0.0.1:5400", "http://127.0.0.1:5400/webhook"),
    ],
)
def test_a_bare_host_or_a_url_leads_to_the_webhook(environment: pytest.MonkeyPatch, url: str, webhook: str) -> None:
    environment.setenv("WEB_APP_URL", url)
    assert load(WebhookSettings).webhook_url == webhook


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TELEGRAM_BOT_TOKEN", None, "is not set"),
        ("TELEGRAM_BOT_TOKEN", "", "is empty"),
        ("TELEGRAM_BOT_TOKEN", "your_bot_token", "is no bot token"),
        ("TELEGRAM_WEBHOOK_SECRET", None, "is not set"),
        ("TELEGRAM_WEBHOOK_SECRET", "", "is empty"),
        ("TELEGRAM_WEBHOOK_SECRET", "short", "needs 32 characters or more"),
        ("TELEGRAM_WEBHOOK_SECRET", "your_webhook_secret_token", "needs 32 characters or more"),
        ("TELEGRAM_WEBHOOK_SECRET", "your_" + "x" * 40, "is the example's placeholder"),
        ("TELEGRAM_WEBHOOK_SECRET", "é" * 40, "may hold A-Z a-z 0-9 _ - only"),
        ("TELEGRAM_WEBHOOK_SECRET", "x" * 257, "may hold A-Z a-z 0-9 _ - only, 256 at most"),
        ("TELEGRAM_WEBHOOK_SECRET_OLD", "short", "needs 32 characters or more"),
        ("TELEGRAM_WEBHOOK_SECRET_OLD", "é" * 40, "may hold A-Z a-z 0-9 _ - only"),
        ("WEB_APP_URL", None, "is not set"),
        ("WEB_APP_URL", "two words", "needs a host name or an https URL"),
        ("WEB_APP_URL", "ftp://gym.example.com", "needs a host name or an https URL"),
        ("WEB_APP_URL", "http://gym.example.com", "needs a host name or an https URL"),
        ("WEB_APP_URL", "https://https://gym.example.com", "needs a host name or an https URL"),
        ("TELEGRAM_API_URL", "nonsense", "needs the URL of a server"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:99999", "needs the URL of a server"),
        ("TELEGRAM_API_URL", "https://:443", "needs the URL of a server"),
        ("TELEGRAM_API_URL", "https://[::1", "needs the URL of a server"),
        ("TELEGRAM_API_URL", "https://me:word@bot-api.example", "needs the URL of a server"),
        ("DEFAULT_TIMEZONE", "Mars/Crater", "is no time zone"),
        ("DEFAULT_TIMEZONE", "Europe", "is no time zone"),
        ("DEFAULT_TIMEZONE", "../../etc/passwd", "is no time zone"),
        ("DB_HOST", "", "is empty"),
        ("DB_PORT", "99999", "needs 65535 or less"),
        ("DB_PORT", "x", "needs a whole number"),
        ("DB_POOL", "0", "needs 1 or more"),
        ("DB_PREPARE", "perhaps", "needs 1 or 0"),
        ("REDIS_HOST", None, "is not set"),
    ],
)
def test_a_bad_value_is_refused_by_name(
    environment: pytest.MonkeyPatch, name: str, value: str | None, sentence: str
) -> None:
    if value is None:
        environment.delenv(name)
    else:
        environment.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        load(WebhookSettings)
    (line,) = str(refusal.value).splitlines()
    assert line.startswith(f"{name} {sentence}")
    if value and len(value) > 12:
        assert value not in line


@pytest.mark.parametrize("name", ["DB_PASSWORD", "REDIS_PASSWORD"])
def test_two_secrets_alike_are_refused(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.setenv(name, SECRET)
    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_SECRET must differ"):
        load(WebhookSettings)


def test_an_old_secret_is_another_one_and_may_be_empty(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("TELEGRAM_WEBHOOK_SECRET_OLD", "")
    assert load(WebhookSettings).webhook_secrets == (SECRET,)
    environment.setenv("TELEGRAM_WEBHOOK_SECRET_OLD", SECRET[::-1])
    settings = load(WebhookSettings)
    assert settings.webhook_secrets == (SECRET, SECRET[::-1])
    assert SECRET[::-1] in settings.secret_values()
    environment.setenv("TELEGRAM_WEBHOOK_SECRET_OLD", SECRET)
    with pytest.raises(SettingsError, match="must differ"):
        load(WebhookSettings)


def test_every_trouble_is_named_at_once(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DB_PORT", "x")
    environment.delenv("TELEGRAM_BOT_TOKEN")
    with pytest.raises(SettingsError) as refusal:
        load(WebhookSettings)
    assert {line.split()[0] for line in str(refusal.value).splitlines()} == {"DB_PORT", "TELEGRAM_BOT_TOKEN"}


@pytest.mark.parametrize(
    ("part", "unneeded"),
    [
        (BotSettings, ["TELEGRAM_WEBHOOK_SECRET", "WEB_APP_URL", "REDIS_HOST", "REDIS_PASSWORD"]),
        (DatabaseSettings, ["TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "WEB_APP_URL", "REDIS_HOST"]),
    ],
)
def test_a_process_asks_only_for_what_it_uses(
    environment: pytest.MonkeyPatch, part: type[Settings], unneeded: list[str]
) -> None:
    for name in unneeded:
        environment.delenv(name)
    load(part)


@pytest.mark.parametrize(
    ("name", "value", "warned"),
    [
        ("DB_PASSWORD", "postgres", True),
        ("DB_PASSWORD", "", True),
        ("DB_PASSWORD", "your_db_password", True),
        ("REDIS_PASSWORD", "short", True),
        ("REDIS_PASSWORD", "a-long-enough-password", False),
    ],
)
def test_weak_passwords_warn_and_do_not_stop(
    environment: pytest.MonkeyPatch, name: str, value: str, warned: bool
) -> None:
    environment.setenv(name, value)
    assert [line.split()[0] for line in load(WebhookSettings).warnings()] == ([name] if warned else [])


def test_a_socket_needs_no_password(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DB_HOST", "/run/gym")
    environment.delenv("DB_PASSWORD")
    assert load(WebhookSettings).warnings() == []
