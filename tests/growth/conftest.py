"""Not part of `make test`: filling a table with a million rows takes a while. `make growth` sets GROWTH."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from app.schema import migrate
from app.settings import DatabaseSettings
from dev.servers import Postgres, temporary_folder
from tests.growth import history

collect_ignore_glob = [] if os.environ.get("GROWTH") else ["test_*.py"]


@pytest.fixture(scope="session")
def grown() -> Iterator[dict[str, str]]:
    """A database that has been used for years."""
    with temporary_folder() as folder:
        server = Postgres(folder / "postgres", durable=False)
        server.start()
        try:
            server.create_database("growth")
            migrate(settings(server.env("growth")))
            history.write(server.env("growth"))
            yield server.env("growth")
        finally:
            server.stop("immediate")


def settings(env: dict[str, str], **changed: Any) -> DatabaseSettings:
    return DatabaseSettings.model_validate({name.lower(): value for name, value in env.items()} | changed)
