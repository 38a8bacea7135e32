"""`make admin NAME=ann`: an admin of the house that `make run` keeps, or of the database that DB_HOST … name."""

import os
import subprocess
import sys

from dev.kept import kept_or_named
from dev.servers import ServersError


def main() -> int:
    """Let app/manage.py ask for the password."""
    arguments = sys.argv[1:]
    if not arguments:
        print("Say who: make admin NAME=ann", file=sys.stderr)
        return 1
    try:
        with kept_or_named() as database:
            words = [sys.executable, "-m", "app.manage", "admin", *arguments]
            return subprocess.run(words, env={**os.environ, **database}, check=False).returncode
    except ServersError as error:
        print(f"\nmake admin: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
