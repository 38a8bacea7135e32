"""Updates on their way to the bot: by webhook, or fetched by getUpdates; in order, until they are taken.

By webhook each queue (a person's messages, a person's taps) has one update under way; the next one leaves when a 2xx
came back. What is refused comes again after 0, 2, 4, 8 … seconds, or when `Retry-After` says.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import orjson

from app.sandbox.answers import ApiError
from app.sandbox.shapes import Json
from app.sandbox.store import State, Store, Update

log = logging.getLogger(__name__)

MESSAGE_LIFE = 24 * 3600.0
TAP_LIFE = 150.0
LONGEST_DELAY = 64.0
LONGEST_RETRY_AFTER = 3600.0
ANSWER_SECONDS = 60.0
LONGEST_POLL = 50
MAX_CONNECTIONS = 40
ANSWER_LIMIT = 256 * 1024
POLLS_OFTEN = 5.0  # a bot that asked within these seconds is at home
NOT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")

CarryOut = Callable[[str, Json], Awaitable[Any]]


class Delivery:
    """Hands updates to the bot."""

    def __init__(self, store: Store, *, speed: float, tasks: asyncio.TaskGroup, http: aiohttp.ClientSession) -> None:
        self._store = store
        self._speed = speed
        self._group = tasks
        self._http = http
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._queues: dict[str, deque[int]] = {}
        self._failures: dict[int, int] = {}
        self._slots = asyncio.Semaphore(MAX_CONNECTIONS)
        self._hurry = asyncio.Event()
        self._poll: Poll | None = None
        self._polled_at = float("-inf")
        self._stopping = False
        self._next_copies = 1
        self.answering = True
        self.carry_out: CarryOut | None = None

    # What the chats tell the bot

    def tell_bot(self, kind: str, queue: str, content: Json, *, life: float = MESSAGE_LIFE) -> Update | None:
        """Queue an update; None when the bot has not asked for such."""
        allowed = self._store.setting("allowed_updates")
        if (kind not in allowed) if allowed else kind in NOT_BY_DEFAULT:
            return None
        copies, self._next_copies = self._next_copies, 1
        update = self._store.add_update(kind, queue, content, life=life, copies=copies)
        self._enqueue(update)
        return update

    def send_again(self, update: Update, *, times: int) -> None:
        """Queue an update that the bot had already, or one that waits, so many times."""
        waiting = update.state == "waiting"
        self._store.send_again(update.id, copies=times + (update.copies if waiting else 0))
        if not waiting:
            self._enqueue(update)

    def multiply_next(self, times: int) -> None:
        """Deliver the next update so many times."""
        self._next_copies = times

    def _enqueue(self, update: Update) -> None:
        if self.webhook:
            self._queues.setdefault(update.queue, deque()).append(update.id)
            self._work_on(update.queue)
        elif self._poll is not None:
            self._poll.woken.set()
        elif time.monotonic() - self._polled_at > POLLS_OFTEN:
            self._note_answering(False)

    def _note_answering(self, answering: bool) -> None:
        if answering != self.answering:
            self.answering = answering
            self._store.add_event(None, {"kind": "state", "answering": answering})

    # The webhook

    @property
    def webhook(self) -> Json | None:
        """The webhook as it was set, or None."""
        found: Json | None = self._store.setting("webhook")
        return found

    def start(self) -> None:
        """Take up what waits from before."""
        self._renew()
        if not self.webhook and self._store.count_waiting():
            self.answering = False

    def set_webhook(self, webhook: Json | None, *, drop: bool) -> None:
        """Deliver to another place from now on, or with None to nobody."""
        with self._store.transaction():
            self._store.set_setting("webhook", webhook)
            self._store.set_setting("last_error", None)
            if drop:
                self.drop_waiting()
        if webhook and self._poll is not None:
            self._poll.end("terminated by setWebhook request")
        self._renew()

    def drop_waiting(self) -> None:
        """Forget what the bot has not taken."""
        self._store.settle("dropped", before=2**62)
        self._queues.clear()

    def try_now(self) -> None:
        """Wait no longer for the next try."""
        self._failures.clear()
        self._renew()

    def _renew(self) -> None:
        webhook = self.webhook
        self._slots = asyncio.Semaphore(webhook["max_connections"] if webhook else MAX_CONNECTIONS)
        self._hurry.set()
        self._hurry = asyncio.Event()
        self._queues.clear()
        if webhook:
            for update in self._store.waiting():
                self._queues.setdefault(update.queue, deque()).append(update.id)
                self._work_on(update.queue)

    def _work_on(self, queue: str) -> None:
        if queue not in self._workers and not self._stopping:
            self._workers[queue] = self._group.create_task(self._drain(queue))

    async def _drain(self, queue: str) -> None:
        """Deliver a queue until it is empty."""
        try:
            while (ids := self._queues.get(queue)) and not self._stopping:
                update = self._store.update(ids[0])
                if update is None or update.state != "waiting":
                    ids.popleft()
                    continue
                if update.expires <= time.time():
                    self._note(update, {"error": "too old"}, state="expired")
                    ids.popleft()
                    continue
                webhook, slots = self.webhook, self._slots
                if not webhook:
                    return
                async with slots:
                    if slots is not self._slots or self._stopping:
                        continue  # the webhook was set anew meanwhile
                    delay = await self._post(update, webhook)
                if delay is None:
                    # With copies left the same update stays at the head and is delivered once more.
                    self._failures.pop(update.id, None)
                else:
                    await self._pause(delay / self._speed)
        finally:
            # Nothing is awaited between the last look at the queue and here, so nothing can fall between.
            del self._workers[queue]
            if not self._queues.get(queue):
                self._queues.pop(queue, None)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()

    async def _post(self, update: Update, webhook: Json) -> float | None:
        """Deliver once; None when it was taken, else the seconds until the next try."""
        headers = {"Content-Type": "application/json"}
        if webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook["secret_token"]
        retry_after = ""
        try:
            async with self._http.post(
                webhook["url"], data=orjson.dumps(update.body), headers=headers, allow_redirects=False
            ) as response:
                status = response.status
                retry_after = response.headers.get("Retry-After", "")
                reason = response.reason or ""
                body = await _read(response) if status < 300 else b""
        except TimeoutError:
            return self._failed(update, "Read timeout expired", {"error": "timeout"})
        except (aiohttp.ClientError, OSError, ValueError) as error:
            refused = isinstance(error, aiohttp.ClientConnectorError)
            words = "Connection refused" if refused else "Connection closed"
            return self._failed(update, words, {"error": words})
        if not 200 <= status < 300:
            words = f"Wrong response from the webhook: {status} {reason}".rstrip()
            return self._failed(update, words, {"status": status}, retry_after=retry_after)
        called = await self._call_in(body)
        noted = {"status": status} | ({"called": called} if called else {})
        self._note(update, noted, state="delivered")
        self._note_answering(True)
        return None

    def _failed(self, update: Update, words: str, noted: Json, *, retry_after: str = "") -> float:
        failures = self._failures.get(update.id, 0)
        self._failures[update.id] = failures + 1
        self._store.set_setting("last_error", {"date": int(time.time()), "message": words})
        self._note(update, noted, state="waiting", taken=False)
        if failures:
            self._note_answering(False)
        log.warning("update_not_taken", extra={"update_id": update.id, "reason": words, "failures": failures + 1})
        if retry_after.isascii() and retry_after.isdigit() and int(retry_after) > 0:
            return min(float(retry_after), LONGEST_RETRY_AFTER)
        return min(2.0 ** min(failures, 10), LONGEST_DELAY) if failures else 0.0

    def _note(self, update: Update, noted: Json, *, state: State, taken: bool = True) -> None:
        # Read again: copies may have been added while the update was under way.
        fresh = self._store.update(update.id) or update
        if taken and state == "delivered" and fresh.copies > 1:
            state = "waiting"
        copies = max(fresh.copies - 1, 1) if taken else fresh.copies
        if fresh.state == "waiting":  # else it was dropped meanwhile
            self._store.note_answer(fresh, {"at": int(time.time()), **noted}, state=state, copies=copies)

    async def _call_in(self, body: bytes) -> str | None:
        """Carry out the Bot API call in an answer's body, if there is one; its errors are nobody's."""
        try:
            call = orjson.loads(body)
        except orjson.JSONDecodeError:
            return None
        if not isinstance(call, dict) or not isinstance(call.get("method"), str) or self.carry_out is None:
            return None
        method = call.pop("method")
        with contextlib.suppress(ApiError):
            await self.carry_out(method, call)
        return str(method)

    # Long polling

    async def fetch(self, *, offset: int, limit: int, seconds: int) -> list[Json]:
        """What waits from an id on; everything below it is thereby taken. Waits for something to come."""
        if self.webhook:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if self._poll is not None:
            self._poll.end("terminated by other getUpdates request; make sure that only one bot instance is running")
        poll = self._poll = Poll()
        self._note_answering(True)
        try:
            return await self._fetched(poll, offset=offset, limit=limit, seconds=min(seconds, LONGEST_POLL))
        finally:
            if self._poll is poll:
                self._poll = None
            self._polled_at = time.monotonic()

    async def _fetched(self, poll: "Poll", *, offset: int, limit: int, seconds: int) -> list[Json]:
        if offset < 0:  # only the last so many; those before are forgotten
            waiting = self._store.waiting()[offset:]
            offset = waiting[0].id if waiting else 0
        if offset > 0:
            self._store.settle("delivered", before=offset)
        deadline = time.monotonic() + seconds
        while True:
            poll.woken.clear()
            self._store.expire()
            waiting = self._store.waiting(limit=limit)
            left = deadline - time.monotonic()
            if waiting or left <= 0 or self._stopping:
                return [update.body for update in waiting for _ in range(update.copies)]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await poll.woken.wait()
            if poll.conflict:
                raise ApiError(409, f"Conflict: {poll.conflict}")

    # The end

    async def stop(self, *, grace: float) -> None:
        """Start nothing new, and let what is under way end in peace for a moment."""
        self._stopping = True
        self._hurry.set()
        if self._poll is not None:
            self._poll.woken.set()
        if self._workers:
            _, left = await asyncio.wait(set(self._workers.values()), timeout=grace)
            for worker in left:
                worker.cancel()


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """An answer's body; nothing when it is longer than any call could be."""
    chunks: list[bytes] = []
    async for chunk in response.content.iter_chunked(64 * 1024):
        chunks.append(chunk)
        if sum(map(len, chunks)) > ANSWER_LIMIT:
            return b""
    return b"".join(chunks)


class Poll:
    """One getUpdates that waits."""

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        self.conflict: str | None = None

    def end(self, conflict: str) -> None:
        """Make room for somebody else."""
        self.conflict = conflict
        self.woken.set()
