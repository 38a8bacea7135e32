"""SQL of people."""

from app.modules.people.model import Person
from app.modules.postgres import Cursor


def meet(cursor: Cursor, *, person: Person) -> bool:
    """Register somebody, or note that they are here again under the name of today; True for a new one."""
    cursor.execute(
        """
        INSERT INTO users (id, first_name, lastname, username)
        VALUES (%(id)s, %(first_name)s, %(last_name)s, %(username)s)
        ON CONFLICT (id) DO UPDATE
           SET first_name = excluded.first_name,
               lastname = excluded.lastname,
               username = excluded.username,
               last_interaction = excluded.last_interaction
         WHERE users.last_interaction < now() - INTERVAL '1 minute'
            OR (users.first_name, users.lastname, users.username)
               IS DISTINCT FROM (excluded.first_name, excluded.lastname, excluded.username)
        RETURNING (xmax = 0) AS is_new
        """,
        {
            "id": person.id,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "username": person.username,
        },
    )
    row = cursor.fetchone()
    return bool(row and row[0])


def set_bio(cursor: Cursor, *, user_id: int, bio: str | None) -> None:
    """Keep what somebody says of themselves in Telegram."""
    cursor.execute("UPDATE users SET bio = %(bio)s WHERE id = %(user_id)s", {"bio": bio, "user_id": user_id})
