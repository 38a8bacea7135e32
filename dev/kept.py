"""The database that `make run` keeps, for the commands that look after it, whether `make run` is running or not."""

import contextlib
import os
from collections.abc import Iterator

from dev.left_overs import PROJECT
from dev.servers import Postgres, ServersError, data_folder

DATABASE = "gymbot"


@contextlib.contextmanager
def kept(or_else: str = "") -> Iterator[dict[str, str]]:
    """Yield its owner's DB_*; where `make run` is not running, it is served for as long as this lasts."""
    postgres = Postgres(data_folder(PROJECT) / "postgres")
    if not (postgres.folder / "password").exists():
        raise ServersError(f"There is no house here yet: `make run` first{or_else}.")
    if postgres.is_served():
        yield postgres.env(DATABASE)
        return
    try:
        postgres.start()
        yield postgres.env(DATABASE)
    finally:
        postgres.stop()


@contextlib.contextmanager
def kept_or_named() -> Iterator[dict[str, str]]:
    """As above, unless this shell names a database by DB_HOST: that one is meant, and nothing need be added."""
    if os.environ.get("DB_HOST"):
        yield {}
        return
    with kept(", or set DB_HOST …") as database:
        yield database
