"""Database: the pool and run(). The only file that knows threads, connections, plans and their deaths.

As many threads as connections, each thread owning one: waiting for a connection is waiting in the threads' queue,
with a deadline, and nothing can leak. A function given to run() takes a cursor; it may be run twice (a connection may
die, a reply be lost during COMMIT), so every effect carries the update id that makes the second time harmless.
"""

import asyncio
import contextlib
import hashlib
import logging
import os
import re
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import psycopg2
from psycopg2 import errors as pg
from psycopg2 import extensions

from app.modules import metrics
from app.modules.errors import SchemaMissing, Unavailable
from app.settings import DatabaseSettings

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

QUEUE_SECONDS = 2.0  # for a free connection
WORK_SECONDS = 10.0  # for the work itself: twice the role's statement_timeout
LONG_WORK_SECONDS = 300  # for what reads or moves whole histories
CONNECT_SECONDS = 3

_PARAMETER = re.compile(r"%\((\w+)\)s")
_PLANNED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
# A table changed under a plan; the server forgot a plan; or it kept the half of a string whose other half failed.
_STALE_PLAN = (pg.FeatureNotSupported, pg.InvalidSqlStatementName, pg.DuplicatePreparedStatement)
_TRY_AGAIN = (pg.DeadlockDetected, pg.SerializationFailure)
_SCHEMA_MISSING = (pg.UndefinedTable, pg.UndefinedColumn, pg.UndefinedFunction)
STOP_SECONDS = 3.0


def one_statement(work: Callable[P, R]) -> Callable[P, R]:
    """Mark a use case whose single string of SQL is its whole transaction: it costs one round trip."""
    work.one_statement = True  # type: ignore[attr-defined]
    return work


class Plan(NamedTuple):
    """One string of SQL as PREPAREs, once a connection, and as EXECUTEs."""

    name: str
    prepare: str
    execute: str


@cache
def plan(sql: str) -> Plan | None:
    """Turn a string of statements into its prepared form; None where PostgreSQL cannot prepare it."""
    statements = [part.strip() for part in re.split(r";\s*(?:\n|$)", sql) if part.strip()]
    if not all(statement.upper().startswith(_PLANNED) for statement in statements):
        return None
    name = f"gym_{hashlib.md5(sql.encode(), usedforsecurity=False).hexdigest()[:12]}"
    prepares, executes = [], []
    for number, statement in enumerate(statements):
        names = list(dict.fromkeys(_PARAMETER.findall(statement)))
        body = _PARAMETER.sub(lambda match, known=names: f"${known.index(match[1]) + 1}", statement)
        arguments = f" ({', '.join(f'%({each})s' for each in names)})" if names else ""
        prepares.append(f"PREPARE {name}_{number} AS {body.replace('%%', '%')}")
        executes.append(f"EXECUTE {name}_{number}{arguments}")
    return Plan(name, ";\n".join(prepares), ";\n".join(executes))


class Connection(extensions.connection):
    """A connection that remembers what it has prepared and counts its round trips."""

    prepares: bool
    trips: int
    plans: set[str]

    def set_up(self, *, prepares: bool) -> None:
        self.prepares = prepares
        self.trips = 0
        self.plans = set()


class Cursor(extensions.cursor):
    """A cursor that runs every statement from a plan made once a connection."""

    connection: Connection
    strings_left: float = float("inf")

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - the name is psycopg2's
        if self.strings_left < 1:
            raise RuntimeError("a use case marked one_statement sent a second string of SQL")
        self.strings_left -= 1
        prepared = plan(query) if self.connection.prepares else None
        if prepared is None:
            self._send(query, vars)
            return
        if prepared.name not in self.connection.plans:
            self._send(prepared.prepare, None)
            self.connection.plans.add(prepared.name)
        self._send(prepared.execute, vars)

    def _send(self, query: str, values: Any) -> None:
        self.connection.trips += 1
        super().execute(query, values)


Guard = Callable[[Cursor], None]  # raises Unavailable where nothing may be done


class Database:
    """The pool: `await db.run(use_case, …)` in one transaction, on one of DB_POOL connections."""

    def __init__(
        self,
        settings: DatabaseSettings,
        *,
        guard: Guard | None = None,
        queue_seconds: float = QUEUE_SECONDS,
        work_seconds: float = WORK_SECONDS,
    ) -> None:
        self._settings = settings
        self._guard = guard  # until it has let a connection through
        self._queue_seconds = queue_seconds
        self._work_seconds = work_seconds
        self._threads = ThreadPoolExecutor(settings.db_pool, thread_name_prefix="db")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._connections: set[Connection] = set()
        self._jobs: set[Future[Any]] = set()
        self._closing = False
        self.trips = 0  # round trips so far, for tests that count

    async def run(self, work: Callable[Concatenate[Cursor, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `work(cursor, …)` in a transaction of its own; Unavailable when PostgreSQL cannot serve it now."""
        return await self._run(self._work_seconds, work, args, kwargs)

    async def run_long(self, work: Callable[Concatenate[Cursor, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run work that may take minutes; each of its statements may."""
        return await self._run(LONG_WORK_SECONDS, _long, (work, *args), kwargs)

    async def _run(self, seconds: float, work: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
        if self._closing:
            raise Unavailable("the process is stopping")
        job: Future[R] = self._threads.submit(self._work, time.monotonic(), work, args, kwargs)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        future = asyncio.wrap_future(job)
        future.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # somebody may have left by then
        if not (await asyncio.wait({future}, timeout=self._queue_seconds))[0]:
            if job.cancel():
                metrics.POOL_REFUSED.labels("no_connection").inc()
                raise Unavailable("no free database connection in time")
            if not (await asyncio.wait({future}, timeout=seconds))[0]:
                metrics.POOL_REFUSED.labels("no_answer").inc()
                # The thread goes on alone. Should its effect still be committed, the next delivery finds it.
                raise Unavailable("the database did not answer in time")
        try:
            return future.result()
        finally:
            del job, future  # else an error's traceback, this frame and the future hold each other, and the update

    async def close(self) -> None:
        """Let work in hand end, for a while, then give every connection back."""
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        self._closing = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        wait(self._jobs, timeout=STOP_SECONDS)
        for connection in list(self._connections):
            if not connection.closed:
                _hang_up(connection)  # a thread that still waits for a frozen server wakes up by this
        self._threads.shutdown()
        for connection in list(self._connections):
            self._drop(connection)

    def _work(self, asked: float, work: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
        metrics.POOL_SECONDS.observe(time.monotonic() - asked)
        for last_try in (False, True):
            connection = self._connection()
            trips = connection.trips
            try:
                return self._transaction(connection, work, args, kwargs)
            except psycopg2.Error as error:
                lost = _is_lost(connection, error)
                if lost:
                    self._drop(connection)
                elif isinstance(error, _STALE_PLAN) and connection.prepares:
                    self._forget_plans(connection)
                elif not isinstance(error, _TRY_AGAIN):
                    last_try = True
                if last_try or self._closing:
                    _translate(error, lost=lost)
                    raise
                log.info("database_tried_again", extra={"pgcode": error.pgcode})
            finally:
                with self._lock:
                    self.trips += connection.trips - trips
        raise AssertionError("unreachable: the last try returns or raises")

    def _transaction(self, connection: Connection, work: Callable[..., R], args: Any, kwargs: Any) -> R:
        single = getattr(work, "one_statement", False)
        connection.autocommit = single
        try:
            with connection.cursor(cursor_factory=Cursor) as cursor:
                if single:
                    cursor.strings_left = 1
                result = work(cursor, *args, **kwargs)
            if not single:
                connection.trips += 2  # BEGIN and COMMIT
                connection.commit()
            return result
        except BaseException:
            if not connection.closed and not single:
                connection.rollback()
            raise

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is None or connection.closed:
            connection = self._connect()
            self._own.connection = connection
        return connection

    def _connect(self) -> Connection:
        settings = self._settings
        try:
            connection: Connection = psycopg2.connect(
                host=settings.db_host,
                port=settings.db_port,
                dbname=settings.db_name,
                user=settings.db_user,
                password=settings.db_password,
                application_name="gymbot",
                client_encoding="UTF8",
                connect_timeout=CONNECT_SECONDS,
                # A host that vanished without a word is noticed within some ten seconds.
                keepalives_idle=5,
                keepalives_interval=2,
                keepalives_count=3,
                tcp_user_timeout=10_000,
                connection_factory=Connection,
                cursor_factory=Cursor,
            )
        except psycopg2.OperationalError as error:
            reason = _why_not(str(error))
            log.warning("database_unreachable", extra={"reason": reason})
            raise Unavailable(reason) from error
        connection.set_up(prepares=settings.db_prepare)
        with self._lock:
            self._connections.add(connection)
        if self._guard is not None:
            self._ask(self._guard, connection)
        return connection

    def _ask(self, guard: Guard, connection: Connection) -> None:
        """Let the guard look, before any work, at what is connected to for the first time."""
        connection.autocommit = True
        try:
            with connection.cursor(cursor_factory=Cursor) as cursor:
                guard(cursor)
        except BaseException as error:
            self._drop(connection)
            if isinstance(error, psycopg2.Error):
                _translate(error, lost=True)
            raise
        self._guard = None

    def _drop(self, connection: Connection) -> None:
        with self._lock:
            self._connections.discard(connection)
        if not connection.closed:
            connection.close()

    def _forget_plans(self, connection: Connection) -> None:
        connection.plans.clear()
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")


def _long(cursor: Cursor, work: Callable[Concatenate[Cursor, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Raise the role's time-out for a transaction."""
    cursor.execute(f"SET LOCAL statement_timeout = '{LONG_WORK_SECONDS}s'")
    return work(cursor, *args, **kwargs)


def _is_lost(connection: Connection, error: psycopg2.Error) -> bool:
    """Say whether the conversation is over; libpq may notice a death in mid-statement without calling it closed.

    A connection that may only read is of no use either: it may stay so when the database, or another, can be written.
    """
    died = type(error) is psycopg2.DatabaseError and error.pgcode is None
    return bool(connection.closed) or died or isinstance(error, pg.ReadOnlySqlTransaction)


def _translate(error: psycopg2.Error, *, lost: bool) -> None:
    """Raise passing troubles, which Telegram bridges by sending again, as what they are; a mistake of ours is none.

    A right that is missing is the operator's to give, and until then nothing may be lost.
    """
    code = error.pgcode or ""
    # Class 54 is a statement that is too large, whenever it is tried.
    passing = isinstance(error, psycopg2.OperationalError) and not code.startswith("54")
    if lost or passing or isinstance(error, pg.InsufficientPrivilege):
        log.warning("database_unavailable", extra={"pgcode": error.pgcode})
        raise Unavailable("the database cannot do this now") from error
    if isinstance(error, _SCHEMA_MISSING):
        raise SchemaMissing("a table, column or function is missing") from error


def _why_not(message: str) -> str:
    """Say in our own words why there is no connection: the server's may quote what nobody should read."""
    if "authentication failed" in message or "no password supplied" in message:
        return "the database refuses DB_USER or DB_PASSWORD"
    if "does not exist" in message and "FATAL" in message:
        return "the database has no DB_NAME or DB_USER of that name"
    if "too many" in message or "remaining connection slots" in message:
        return "the database has no connection left"
    if "starting up" in message or "shutting down" in message or "recovery" in message:
        return "the database is starting or stopping"
    return "the database cannot be reached at DB_HOST and DB_PORT"


def _hang_up(connection: Connection) -> None:
    """End the conversation of a connection that another thread may be waiting on."""
    with contextlib.suppress(OSError, psycopg2.Error), socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
