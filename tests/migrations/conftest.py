"""A connection to a migrated database, some people and exercises in it, and an empty database."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest

from app.settings import DatabaseSettings
from dev.servers import Postgres

_numbers = itertools.count(1)


def settings_of(env: dict[str, str]) -> DatabaseSettings:
    return DatabaseSettings.model_validate({name.lower(): value for name, value in env.items()})


def connect(env: dict[str, str]) -> Any:
    connection = psycopg2.connect(
        host=env["DB_HOST"],
        port=env["DB_PORT"],
        dbname=env["DB_NAME"],
        user=env["DB_USER"],
        password=env["DB_PASSWORD"],
    )
    connection.autocommit = True
    return connection


@pytest.fixture
def empty_env(postgres: Postgres) -> Iterator[dict[str, str]]:
    """DB_* of a database with nothing in it."""
    name = f"empty_{next(_numbers)}"
    postgres.create_database(name)
    yield postgres.env(name)
    postgres.drop_database(name)


@pytest.fixture
def connections(database_env: dict[str, str]) -> Iterator[Callable[[], Any]]:
    """Call it for one more connection to this test's database."""
    opened: list[Any] = []

    def one_more() -> Any:
        opened.append(connect(database_env))
        return opened[-1]

    yield one_more
    for connection in opened:
        connection.close()


@pytest.fixture
def cursor(connections: Callable[[], Any]) -> Any:
    """A cursor in autocommit; people 1 and 2 are registered."""
    cursor = connections().cursor()
    cursor.execute("INSERT INTO users (id) VALUES (1), (2)")
    return cursor
