"""`make admin NAME=ann`: an admin of the house that `make run` keeps, or of the database that DB_HOST … name."""

import os
import sys

from dev.left_overs import PROJECT
from dev.run import DATABASE
from dev.servers import Postgres, data_folder


def main() -> int:
    arguments = sys.argv[1:]
    if not arguments:
        print("Say who: make admin NAME=ann", file=sys.stderr)
        return 1
    env = dict(os.environ)
    if not env.get("DB_HOST"):
        folder = data_folder(PROJECT) / "postgres"
        if not (folder / "password").exists():
            print("There is no house here yet: `make run` first, or set DB_HOST and its companions.", file=sys.stderr)
            return 1
        env |= Postgres(folder).env(DATABASE)
    words = [sys.executable, "-m", "app.manage", "admin", *arguments]
    return os.execve(sys.executable, words, env)  # noqa: S606 - it inherits the terminal, to ask for the password


if __name__ == "__main__":
    sys.exit(main())
