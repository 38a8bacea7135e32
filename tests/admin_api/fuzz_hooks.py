"""What schemathesis runs in its process: every request has a session of its own, so that signing out is fuzzed too."""

import os
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg2
import schemathesis

from admin_panel.backend import tokens

_connection = psycopg2.connect(os.environ["FUZZ_DATABASE"])
_connection.autocommit = True


@schemathesis.auth(refresh_interval=None)
class Admin:
    """An admin, signed in a moment ago."""

    def get(self, case: object, context: object) -> str:
        session_id, at = uuid4(), datetime.now(UTC)
        with _connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO admin_sessions (id, admin_id, refresh_hash, started_at, expires_at) "
                "SELECT %s, min(a.id), '', %s, %s FROM admins AS a",
                (str(session_id), at, at + timedelta(hours=1)),
            )
            cursor.execute("SELECT min(a.id) FROM admins AS a")
            ((admin_id,),) = cursor.fetchall()
        secret = os.environ["FUZZ_SECRET"]
        return tokens.issue(secret, audience=tokens.ADMIN, sub=admin_id, at=at, life=tokens.ACCESS_LIFE, sid=session_id)

    def set(self, case: "schemathesis.Case", data: str, context: object) -> None:
        case.headers["Authorization"] = f"Bearer {data}"
