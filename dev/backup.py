"""`make backup`, `make verify-backup FILE=…`, `make restore FILE=…`: of the house that `make run` keeps, running or
not, or of the database that DB_HOST … name; with the embedded PostgreSQL's programs.
"""

import os
import subprocess
import sys

from dev.kept import kept_or_named
from dev.left_overs import PROJECT
from dev.run import own_secrets
from dev.servers import ServersError, data_folder, postgres_programs


def main() -> int:
    """Run one command of app/manage.py."""
    words = sys.argv[1:]
    if words[-1:] in (["restore"], ["verify-backup"]):
        print(f"Say which: make {words[-1]} FILE=backups/…", file=sys.stderr)
        return 1
    try:
        with kept_or_named() as database:
            if database:
                own = own_secrets(data_folder(PROJECT) / "secrets.env")
                # With its roles' passwords, what is restored serves on.
                database |= {name: own[name] for name in ("DB_BOT_PASSWORD", "DB_ADMIN_PASSWORD")}
            path = os.pathsep.join([str(postgres_programs() / "bin"), os.environ.get("PATH", os.defpath)])
            command = [sys.executable, "-m", "app.manage", *words]
            env = {**os.environ, **database, "PATH": path}
            return subprocess.run(command, cwd=PROJECT, env=env, check=False).returncode
    except ServersError as error:
        print(f"\nmake {words[0]}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
