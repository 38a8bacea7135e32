"""`make backup`, `make verify-backup FILE=…`, `make restore FILE=…`: of the house that `make run` keeps, running or
not, or of the database that DB_HOST … name; with the embedded PostgreSQL's programs.
"""

import os
import subprocess
import sys

from dev.left_overs import PROJECT
from dev.run import DATABASE, own_secrets
from dev.servers import Postgres, ServersError, data_folder, postgres_programs


def main() -> int:
    """Run one command of app/manage.py."""
    words = sys.argv[1:]
    if words[-1:] in (["restore"], ["verify-backup"]):
        print(f"Say which: make {words[-1]} FILE=backups/…", file=sys.stderr)
        return 1
    env, server = dict(os.environ), None
    try:
        if not env.get("DB_HOST"):
            postgres = Postgres(data_folder(PROJECT) / "postgres")
            if not (postgres.folder / "password").exists():
                print("There is no house here yet: `make run` first, or set DB_HOST …", file=sys.stderr)
                return 1
            own = own_secrets(
                data_folder(PROJECT) / "secrets.env"
            )  # with its roles' passwords, a restored one serves on
            env |= postgres.env(DATABASE) | {name: own[name] for name in ("DB_BOT_PASSWORD", "DB_ADMIN_PASSWORD")}
            if not postgres.is_served():  # `make run` is not running
                server = postgres
                server.start()
        env["PATH"] = os.pathsep.join([str(postgres_programs() / "bin"), env.get("PATH", os.defpath)])
        return subprocess.run(
            [sys.executable, "-m", "app.manage", *words], cwd=PROJECT, env=env, check=False
        ).returncode
    except ServersError as error:
        print(f"\nmake {words[0]}: {error}", file=sys.stderr)
        return 1
    finally:
        if server is not None:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
