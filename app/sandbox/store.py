"""Everything the sandbox knows, in one SQLite file: people, messages, updates, taps, the webhook, commands, events.

One process, one thread, one connection. A call is a transaction, several inside `with store.transaction():` are one.
What a page must hear of is written as an event in the same transaction as the change itself.
"""

import contextlib
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

from app.sandbox.clock import Clock
from app.sandbox.files import File, for_page
from app.sandbox.files import path as path_of
from app.sandbox.settings import Refused
from app.sandbox.shapes import Json, Person

FIRST_PERSON = 7_100_000_001  # above 32 bits, like the ids of new people in the real one
KEPT_EVENTS = 2000
KEPT_UPDATES = 10_000  # settled ones, for GET /control/updates; some settle a thousand later than their neighbours

State = Literal["waiting", "delivered", "expired", "dropped"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    first_name TEXT NOT NULL,
    last_name TEXT,
    username TEXT UNIQUE COLLATE NOCASE,
    blocked INTEGER NOT NULL DEFAULT 0,
    read_up_to INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS messages (
    message_id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES people (id),
    content BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_of_chat ON messages (chat_id, message_id);
CREATE INDEX IF NOT EXISTS messages_of_bot ON messages (chat_id, message_id)
 WHERE json_extract(CAST(content AS TEXT), '$.from.is_bot');
CREATE TABLE IF NOT EXISTS updates (
    update_id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    queue TEXT NOT NULL,
    content BLOB NOT NULL,
    expires REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    copies INTEGER NOT NULL DEFAULT 1,
    answers BLOB NOT NULL DEFAULT '[]'
);
CREATE INDEX IF NOT EXISTS updates_waiting ON updates (update_id) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS updates_of_queue ON updates (queue) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS taps (
    query_id TEXT PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    data TEXT NOT NULL,
    expires REAL NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS taps_of_chat ON taps (chat_id);
CREATE TABLE IF NOT EXISTS toasts (
    toast_id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS toasts_of_chat ON toasts (chat_id);
CREATE TABLE IF NOT EXISTS files (
    file_id TEXT PRIMARY KEY,
    media_type TEXT NOT NULL,
    content BLOB NOT NULL,
    kind TEXT NOT NULL DEFAULT 'photo',
    about BLOB NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS events (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER,
    content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS settings (
    name TEXT PRIMARY KEY,
    content BLOB NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Update:
    """One update, on its way to the bot or already there."""

    id: int
    kind: str
    queue: str
    content: Json
    expires: float
    state: State
    copies: int
    answers: list[Any]

    @property
    def body(self) -> Json:
        """The update as the bot receives it."""
        return {"update_id": self.id, self.kind: self.content}


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a button, until the bot answers it."""

    query_id: str
    chat_id: int
    message_id: int
    data: str
    expires: float
    answered: bool


class Store:
    """The one place with SQL."""

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = sqlite3.connect(folder / "sandbox.sqlite3", isolation_level=None, timeout=1.0)
        except (OSError, sqlite3.Error) as error:
            raise Refused(f"The sandbox does not start: its data folder {folder} cannot be used ({error}).") from None
        self._depth = 0
        self.clock = Clock()
        self.on_event: Callable[[], None] = lambda: None
        try:
            # One process at a time owns the file: two would hand out the same update twice.
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
            self._upgrade()
            self._start_ids()
            self.clock.ahead = self.setting("clock_ahead") or 0.0
        except sqlite3.Error as error:
            self._db.close()
            why = "another sandbox uses it" if "locked" in str(error) else str(error)
            raise Refused(f"The sandbox does not start: its data folder {folder} cannot be used ({why}).") from None

    def _upgrade(self) -> None:
        """Add to an older sandbox's data what it lacks."""
        if not any(column[1] == "kind" for column in self._db.execute("PRAGMA table_info(files)")):
            self._db.execute("ALTER TABLE files ADD COLUMN kind TEXT NOT NULL DEFAULT 'photo'")
            self._db.execute("ALTER TABLE files ADD COLUMN about BLOB NOT NULL DEFAULT '{}'")

    def _start_ids(self) -> None:
        with self.transaction():
            if self._one("SELECT count(*) FROM sqlite_sequence WHERE name = 'updates'")[0]:
                return
            # Bots remember which updates they have seen: a new sandbox must not begin where an older one did.
            for table, last in (("updates", int(time.time())), ("people", FIRST_PERSON - 1)):
                self._db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
            self.add_person(first_name="You")

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what is done inside one transaction; never await inside."""
        outermost = self._depth == 0
        if outermost:
            self._db.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            if outermost:
                self._db.execute("ROLLBACK")
            raise
        else:
            if outermost:
                self._db.execute("COMMIT")
        finally:
            self._depth -= 1
        if outermost:
            self.on_event()

    def _one(self, sql: str, values: tuple[Any, ...] = ()) -> Any:
        return self._db.execute(sql, values).fetchone()

    # People

    def people(self) -> list[Person]:
        """Everybody, in the order of their coming."""
        rows = self._db.execute("SELECT id, first_name, last_name, username, blocked FROM people ORDER BY id")
        return [_person(row) for row in rows]

    def person(self, person_id: int) -> Person | None:
        """One person."""
        row = self._one(
            "SELECT id, first_name, last_name, username, blocked FROM people WHERE id = ?",
            (person_id,),
        )
        return _person(row) if row else None

    def add_person(
        self, *, first_name: str, last_name: str | None = None, username: str | None = None
    ) -> Person | None:
        """Let somebody new in; None when the username is taken."""
        with self.transaction():
            row = self._one(
                """
                INSERT INTO people (first_name, last_name, username) VALUES (?, ?, ?)
                ON CONFLICT DO NOTHING RETURNING id
                """,
                (first_name, last_name, username),
            )
            if row is None:
                return None
            self.add_event(None, {"kind": "people"})
            return Person(row[0], first_name, last_name, username, False)

    def set_blocked(self, person_id: int, *, blocked: bool) -> None:
        """Note whether a person has blocked the bot."""
        with self.transaction():
            self._db.execute("UPDATE people SET blocked = ? WHERE id = ?", (blocked, person_id))
            self.add_event(None, {"kind": "people"})

    def note_read(self, person_id: int, message_id: int) -> None:
        """Note how far a person has read."""
        with self.transaction():
            row = self._one(
                """
                UPDATE people SET read_up_to = newest FROM (
                    SELECT max(message_id) AS newest FROM messages WHERE chat_id = ? AND message_id <= ?
                ) WHERE id = ? AND read_up_to < newest RETURNING read_up_to
                """,
                (person_id, message_id, person_id),
            )
            if row:
                self.add_event(person_id, {"kind": "read", "message_id": row[0]})

    def unread(self, person_id: int) -> int:
        """How many messages of the bot a person has not read."""
        row = self._one(
            """
            SELECT count(*) FROM messages
             WHERE chat_id = ? AND message_id > (SELECT read_up_to FROM people WHERE id = ?)
               AND json_extract(CAST(content AS TEXT), '$.from.is_bot')
            """,
            (person_id, person_id),
        )
        return int(row[0])

    # Messages

    def add_message(self, chat_id: int, content: Json) -> Json:
        """Keep a new message and return it with its id."""
        with self.transaction():
            message_id = self._one(
                "INSERT INTO messages (chat_id, content) VALUES (?, ?) RETURNING message_id", (chat_id, b"{}")
            )[0]
            message = {"message_id": message_id, **content}
            self._write_message(message)
            self.add_event(chat_id, {"kind": "message", "message": for_page(message)})
        return message

    def fill(self, contents: Iterable[Json]) -> None:
        """Keep many messages at once; pages look anew instead of hearing of each."""
        with self.transaction():
            last = int(self._one("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'messages'")[0])
            messages = ({"message_id": last + number, **content} for number, content in enumerate(contents, 1))
            self._db.executemany(
                "INSERT INTO messages (message_id, chat_id, content) VALUES (?, ?, ?)",
                ((message["message_id"], message["chat"]["id"], orjson.dumps(message)) for message in messages),
            )
            self.add_event(None, {"kind": "reset"})

    def change_message(self, message: Json) -> None:
        """Keep a message as it is now."""
        with self.transaction():
            self._write_message(message)
            self.add_event(message["chat"]["id"], {"kind": "edited", "message": for_page(message)})

    def _write_message(self, message: Json) -> None:
        self._db.execute(
            "UPDATE messages SET content = ? WHERE message_id = ?", (orjson.dumps(message), message["message_id"])
        )

    def delete_message(self, chat_id: int, message_id: int) -> None:
        """Forget a message."""
        with self.transaction():
            self._db.execute("DELETE FROM messages WHERE message_id = ?", (message_id,))
            self._db.execute("DELETE FROM toasts WHERE chat_id = ? AND message_id = ?", (chat_id, message_id))
            self.add_event(chat_id, {"kind": "deleted", "message_id": message_id})

    def message(self, chat_id: int, message_id: int) -> Json | None:
        """One message of a chat."""
        row = self._one("SELECT content FROM messages WHERE message_id = ? AND chat_id = ?", (message_id, chat_id))
        return orjson.loads(row[0]) if row else None

    def messages(self, chat_id: int, *, limit: int, before: int | None = None) -> list[Json]:
        """The newest messages of a chat, or the newest before one, oldest first."""
        rows = self._db.execute(
            """
            SELECT content FROM messages WHERE chat_id = ? AND message_id < coalesce(?, 9223372036854775807)
             ORDER BY message_id DESC LIMIT ?
            """,
            (chat_id, before, limit),
        ).fetchall()
        return [orjson.loads(row[0]) for row in reversed(rows)]

    # Updates

    def add_update(self, kind: str, queue: str, content: Json, *, life: float, copies: int = 1) -> Update:
        """Queue an update for the bot."""
        expires = self.clock.now() + life
        with self.transaction():
            update_id = self._one(
                """
                INSERT INTO updates (kind, queue, content, expires, copies) VALUES (?, ?, ?, ?, ?)
                RETURNING update_id
                """,
                (kind, queue, orjson.dumps(content), expires, copies),
            )[0]
        return Update(update_id, kind, queue, content, expires, "waiting", copies, [])

    def update(self, update_id: int) -> Update | None:
        """One update."""
        row = self._one(f"SELECT {_UPDATE} FROM updates WHERE update_id = ?", (update_id,))  # noqa: S608 - columns
        return _update(row) if row else None

    def waiting(self, *, limit: int | None = None) -> list[Update]:
        """The updates that the bot has not taken yet, oldest first."""
        rows = self._db.execute(
            f"SELECT {_UPDATE} FROM updates WHERE state = 'waiting' ORDER BY update_id LIMIT ?",  # noqa: S608 - columns
            (-1 if limit is None else limit,),
        )
        return [_update(row) for row in rows]

    def waiting_messages(self, chat_id: int) -> list[int]:
        """The messages of a chat that the bot has not taken yet."""
        rows = self._db.execute(
            """
            SELECT json_extract(CAST(content AS TEXT), '$.message_id') FROM updates
             WHERE state = 'waiting' AND kind = 'message' AND queue = ?
            """,
            (f"messages of {chat_id}",),
        )
        return [int(row[0]) for row in rows]

    def count_waiting(self) -> int:
        """How many updates wait for the bot."""
        return int(self._one("SELECT count(*) FROM updates WHERE state = 'waiting'")[0])

    def updates(self, *, limit: int) -> list[Update]:
        """The newest updates, settled ones too, oldest first."""
        rows = self._db.execute(
            f"SELECT {_UPDATE} FROM updates ORDER BY update_id DESC LIMIT ?",  # noqa: S608 - columns
            (limit,),
        ).fetchall()
        return [_update(row) for row in reversed(rows)]

    def note_answer(self, update: Update, answer: Json, *, state: State, copies: int) -> None:
        """Keep what came of one delivery."""
        answers = [*update.answers, answer][-20:]
        with self.transaction():
            self._db.execute(
                "UPDATE updates SET answers = ?, state = ?, copies = ? WHERE update_id = ?",
                (orjson.dumps(answers), state, copies, update.id),
            )
            if state == "delivered" and update.kind == "message":
                message = update.content
                self.add_event(message["chat"]["id"], {"kind": "taken", "message_id": message["message_id"]})
            if state != "waiting":
                self._db.execute(
                    "DELETE FROM updates WHERE state <> 'waiting' AND update_id <= ?", (update.id - KEPT_UPDATES,)
                )

    def settle(self, state: State, *, before: int) -> None:
        """Take every waiting update below an id off the queue."""
        with self.transaction():
            if state == "delivered":
                for update in self.waiting():
                    if update.id < before and update.kind == "message":
                        message = update.content
                        self.add_event(message["chat"]["id"], {"kind": "taken", "message_id": message["message_id"]})
            self._db.execute("UPDATE updates SET state = ? WHERE state = 'waiting' AND update_id < ?", (state, before))

    def expire(self) -> None:
        """Take updates off the queue that are too old to be of use."""
        with self.transaction():
            self._db.execute(
                "UPDATE updates SET state = 'expired' WHERE state = 'waiting' AND expires <= ?", (self.clock.now(),)
            )

    def send_again(self, update_id: int, *, copies: int) -> None:
        """Queue an update once more."""
        with self.transaction():
            self._db.execute(
                "UPDATE updates SET state = 'waiting', copies = ? WHERE update_id = ?", (copies, update_id)
            )

    # Taps

    def add_tap(self, tap: Tap) -> None:
        """Keep a tap until it is answered, and forget those too old for that."""
        with self.transaction():
            self._db.execute("DELETE FROM taps WHERE expires <= ?", (self.clock.now(),))
            self._db.execute(
                "INSERT INTO taps (query_id, chat_id, message_id, data, expires) VALUES (?, ?, ?, ?, ?)",
                (tap.query_id, tap.chat_id, tap.message_id, tap.data, tap.expires),
            )
            self.add_event(tap.chat_id, {"kind": "tapped", **shown_tap(tap)})

    def tap(self, query_id: str) -> Tap | None:
        """A tap that may still be answered."""
        row = self._one(
            """
            SELECT query_id, chat_id, message_id, data, expires, answered FROM taps WHERE query_id = ? AND expires > ?
            """,
            (query_id, self.clock.now()),
        )
        return _tap(row) if row else None

    def unanswered(self, chat_id: int) -> list[Tap]:
        """The taps of a chat whose buttons still spin."""
        rows = self._db.execute(
            """
            SELECT query_id, chat_id, message_id, data, expires, answered FROM taps
             WHERE chat_id = ? AND NOT answered AND expires > ?
            """,
            (chat_id, self.clock.now()),
        )
        return [_tap(row) for row in rows]

    def answer_tap(self, tap: Tap, *, text: str, show_alert: bool) -> None:
        """Note that a tap was answered, and tell the page what to show."""
        toast = {"text": text, "show_alert": show_alert}
        with self.transaction():
            self._db.execute("UPDATE taps SET answered = 1 WHERE query_id = ?", (tap.query_id,))
            if text:
                self._db.execute(
                    "INSERT INTO toasts (chat_id, message_id, content) VALUES (?, ?, ?)",
                    (tap.chat_id, tap.message_id, orjson.dumps(toast)),
                )
            self.add_event(tap.chat_id, {"kind": "answered", **shown_tap(tap), **toast})

    def toasts(self, chat_id: int) -> dict[int, list[Json]]:
        """What popped up in a chat, by the message that was tapped."""
        found: dict[int, list[Json]] = {}
        rows = self._db.execute(
            "SELECT message_id, content FROM toasts WHERE chat_id = ? ORDER BY toast_id", (chat_id,)
        )
        for message_id, content in rows:
            found.setdefault(message_id, []).append(orjson.loads(content))
        return found

    # Files

    def add_file(self, file: File) -> None:
        """Keep a file that was sent."""
        with self.transaction():
            self._db.execute(
                """
                INSERT INTO files (file_id, media_type, content, kind, about) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
                (file.id, file.media_type, file.content, file.kind, orjson.dumps(file.about)),
            )

    def file(self, file_id: str) -> tuple[int, File] | None:
        """A file, after its number."""
        row = self._one(f"SELECT {_FILE} FROM files WHERE file_id = ?", (file_id,))  # noqa: S608 - columns
        return _file(row) if row else None

    def file_by_path(self, path: str) -> File | None:
        """A file, by the path under which bots fetch it."""
        match = re.fullmatch(r"[a-z]+/file_([0-9]{1,18})(?:\.[a-z0-9]+)?", path)
        row = match and self._one(f"SELECT {_FILE} FROM files WHERE rowid = ?", (int(match[1]),))  # noqa: S608 - columns
        number, file = _file(row) if row else (0, None)
        return file if file and path_of(file, number) == path else None

    # Events

    def add_event(self, chat_id: int | None, content: Json) -> None:
        """Tell the pages of a chat, or with None all pages, that something changed."""
        with self.transaction():
            event_id = self._one(
                "INSERT INTO events (chat_id, content) VALUES (?, ?) RETURNING event_id",
                (chat_id, orjson.dumps(content)),
            )[0]
            self._db.execute("DELETE FROM events WHERE event_id <= ?", (event_id - KEPT_EVENTS,))

    def last_event(self) -> int:
        """The id of the newest event; 0 before the first."""
        row = self._one("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
        return int(row[0]) if row else 0

    def events(self, *, after: int, chat_id: int | None) -> list[tuple[int, int | None, Json]] | None:
        """What happened after an event in a chat, or with None in all; None when it is no longer known."""
        oldest = self._one("SELECT min(event_id) FROM events")[0]
        if after > self.last_event() or (oldest is not None and after < oldest - 1):
            return None
        rows = self._db.execute(
            """
            SELECT event_id, chat_id, content FROM events
             WHERE event_id > ? AND (? IS NULL OR chat_id IS NULL OR chat_id = ?) ORDER BY event_id
            """,
            (after, chat_id, chat_id),
        )
        return [(row[0], row[1], orjson.loads(row[2])) for row in rows]

    # What is set once: the webhook, commands

    def setting(self, name: str) -> Any:
        """A thing that is set, or None."""
        row = self._one("SELECT content FROM settings WHERE name = ?", (name,))
        return orjson.loads(row[0]) if row else None

    def set_setting(self, name: str, content: Any) -> None:
        """Set a thing, or with None unset it."""
        with self.transaction():
            if content is None:
                self._db.execute("DELETE FROM settings WHERE name = ?", (name,))
            else:
                self._db.execute(
                    """
                    INSERT INTO settings (name, content) VALUES (?, ?)
                    ON CONFLICT DO UPDATE SET content = excluded.content
                    """,
                    (name, orjson.dumps(content)),
                )

    def set_clock(self, ahead: float) -> None:
        """Be so many seconds ahead of the computer, after a restart too; what is too old by then leaves the queue."""
        with self.transaction():
            self.set_setting("clock_ahead", ahead)
            self.clock.ahead = ahead
            self.expire()

    def reset(self) -> None:
        """Forget people and all they said; webhook, commands and the growth of ids stay."""
        with self.transaction():
            self.set_clock(0.0)
            for table in ("taps", "toasts", "updates", "messages", "files", "people"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above
            self.add_event(None, {"kind": "reset"})
            self.add_person(first_name="You")


_FILE = "rowid, file_id, kind, media_type, about, content"
_UPDATE = "update_id, kind, queue, content, expires, state, copies, answers"


def _update(row: tuple[Any, ...]) -> Update:
    update_id, kind, queue, content, expires, state, copies, answers = row
    return Update(update_id, kind, queue, orjson.loads(content), expires, state, copies, orjson.loads(answers))


def _file(row: tuple[Any, ...]) -> tuple[int, File]:
    number, file_id, kind, media_type, about, content = row
    return number, File(file_id, kind, media_type, orjson.loads(about), content)


def _person(row: tuple[Any, ...]) -> Person:
    person_id, first_name, last_name, username, blocked = row
    return Person(person_id, first_name, last_name, username, bool(blocked))


def _tap(row: tuple[Any, ...]) -> Tap:
    query_id, chat_id, message_id, data, expires, answered = row
    return Tap(query_id, chat_id, message_id, data, expires, bool(answered))


def shown_tap(tap: Tap) -> Json:
    """A tap as the page hears of it."""
    return {"query_id": tap.query_id, "message_id": tap.message_id, "data": tap.data}
