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
NOT_IN_ANSWERS = ("setwebhook", "deletewebhook", "close", "logout")
NOT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")

CarryOut = Callable[[str, Json], Awaitable[None]]


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
        self._due: dict[int, float] = {}  # when an update may be tried again
        self._slots = asyncio.Semaphore(MAX_CONNECTIONS)
        self._hurry = asyncio.Event()
        self._poll: Poll | None = None
        self._polled_at = float("-inf")
        self._look: asyncio.TimerHandle | None = None
        self._stopping = False
        self._next_copies = 1
        self._next_dropped = 0
        self._next_held = 0
        self._held: list[Update] = []
        self._answering = True
        self._told = self.state
        self.carry_out: CarryOut | None = None

    # What the chats tell the bot

    def tell_bot(self, kind: str, queue: str, content: Json, *, life: float = MESSAGE_LIFE) -> Update | None:
        """Queue an update; None when the bot has not asked for such."""
        allowed = self._store.setting("allowed_updates")
        if (kind not in allowed) if allowed else kind in NOT_BY_DEFAULT:
            return None
        copies, self._next_copies = self._next_copies, 1
        update = self._store.add_update(kind, queue, content, life=life, copies=copies)
        if self._next_dropped:
            self._next_dropped -= 1
            self.drop(update)
        elif self._next_held:
            self._next_held -= 1
            self._held.append(update)
            if not self._next_held:
                self._release()
        else:
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

    def drop_next(self, times: int) -> None:
        """Lose so many updates from now on."""
        self._next_dropped = times

    def reverse_next(self, times: int) -> None:
        """Hold back so many updates, and deliver them last one first."""
        self._next_held = times

    def drop(self, update: Update) -> None:
        """Lose one update."""
        self._store.note_answer(update, {"error": "dropped by order"}, state="dropped", copies=update.copies)

    def _release(self) -> None:
        held, self._held, self._next_held = self._held, [], 0
        for update in reversed(held):
            self._enqueue(update)

    def _enqueue(self, update: Update) -> None:
        if self.webhook:
            self._queues.setdefault(update.queue, deque()).append(update.id)
            self._work_on(update.queue)
        elif self._poll is not None:
            self._poll.woken.set()
        elif not self._polled_lately:
            self._note_answering(False)

    # What the page says of the bot

    @property
    def state(self) -> Json:
        """Whether the bot answers, how it hears of things, and why it does not."""
        mode = "webhook" if self.webhook else "polling" if self._poll or self._polled_lately else "none"
        error = None if self._answering else self._store.setting("last_error")
        return {"answering": self._answering, "mode": mode} | ({"last_error": error["message"]} if error else {})

    def _note_answering(self, answering: bool) -> None:
        self._answering = answering
        self._tell_state()

    def _tell_state(self) -> None:
        if self.state != self._told:
            self._told = self.state
            self._store.add_event(None, {"kind": "state", **self._told})

    @property
    def _polled_lately(self) -> bool:
        return self._store.clock.now() - self._polled_at <= POLLS_OFTEN

    def _look_after_poller(self) -> None:
        """A bot that stopped polling is gone, whether somebody writes to it or not."""
        if self._told["mode"] == "polling" and self._poll is None and not self._polled_lately:
            self._note_answering(False)

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
            self._answering = False
        self._tell_state()

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
        if webhook:
            self._polled_at = float("-inf")
            self._answering = True  # until it is tried: whoever set it was there a moment ago
        self._tell_state()

    def drop_waiting(self) -> None:
        """Forget what the bot has not taken."""
        self._store.settle("dropped", before=2**62)
        self._queues.clear()
        self._held.clear()

    def begin_anew(self) -> None:
        """Forget what waits, what was ordered, and who polled: the clock goes back."""
        self.drop_waiting()
        self._next_copies, self._next_dropped, self._next_held = 1, 0, 0
        self._polled_at = float("-inf")
        self._note_answering(True)
        self.look_again()

    def try_now(self) -> None:
        """Wait no longer for the next try, nor for more to hold back."""
        self._failures.clear()
        self._renew()
        self._release()

    def look_again(self) -> None:
        """The clock was moved: some waits may be over."""
        self._hurry.set()
        self._hurry = asyncio.Event()
        self._look_after_poller()

    def _renew(self) -> None:
        webhook = self.webhook
        self._slots = asyncio.Semaphore(webhook["max_connections"] if webhook else MAX_CONNECTIONS)
        self._due.clear()
        self.look_again()
        self._queues.clear()
        if webhook:
            held = {update.id for update in self._held}
            for update in self._store.waiting():
                if update.id in held:
                    continue
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
                    done = ids.popleft()
                    self._failures.pop(done, None)
                    self._due.pop(done, None)
                    continue
                if update.expires <= self._store.clock.now():
                    self._store.expire()
                    continue
                if (left := self._due.get(update.id, 0.0) - self._store.clock.now()) > 0:
                    await self._pause(left)
                    continue
                webhook, slots = self.webhook, self._slots
                if not webhook:
                    return
                async with slots:
                    if slots is not self._slots or self._stopping:
                        continue  # the webhook was set anew meanwhile
                    delay = await self._post(update, webhook)
                # Taken with copies left, the same update stays at the head and is delivered once more.
                self._due[update.id] = self._store.clock.now() + delay / self._speed
        finally:
            # Nothing is awaited between the last look at the queue and here, so nothing can fall between.
            del self._workers[queue]
            if not self._queues.get(queue):
                self._queues.pop(queue, None)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()

    async def _post(self, update: Update, webhook: Json) -> float:
        """Deliver once; the seconds until the next try, if there must be one."""
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
            asked = {"retry_after": retry_after} if retry_after else {}
            return self._failed(update, words, {"status": status, **asked}, retry_after=retry_after)
        called = await self._call_in(body)
        noted = {"status": status} | ({"called": called} if called else {})
        self._note(update, noted, state="delivered")
        self._failures.pop(update.id, None)
        self._note_answering(True)
        return 0.0

    def _failed(self, update: Update, words: str, noted: Json, *, retry_after: str = "") -> float:
        failures = self._failures.get(update.id, 0)
        self._failures[update.id] = failures + 1
        delay = 0.0 if failures == 0 else min(2.0 ** min(failures, 10), LONGEST_DELAY)
        if retry_after.isascii() and retry_after.isdigit() and int(retry_after) > 0:
            delay = min(float(retry_after), LONGEST_RETRY_AFTER)
        self._store.set_setting("last_error", {"date": int(self._store.clock.now()), "message": words})
        too_late = self._store.clock.now() + delay / self._speed > update.expires
        self._note(update, noted, state="expired" if too_late else "waiting", taken=False)
        if failures:
            self._note_answering(False)
        log.warning("update_not_taken", extra={"update_id": update.id, "reason": words, "failures": failures + 1})
        return delay

    def _note(self, update: Update, noted: Json, *, state: State, taken: bool = True) -> None:
        # Read again: copies may have been added while the update was under way.
        fresh = self._store.update(update.id) or update
        if taken and state == "delivered" and fresh.copies > 1:
            state = "waiting"
        copies = max(fresh.copies - 1, 1) if taken else fresh.copies
        if fresh.state == "waiting":  # else it was dropped meanwhile
            self._store.note_answer(fresh, {"at": int(self._store.clock.now()), **noted}, state=state, copies=copies)

    async def _call_in(self, body: bytes) -> str | None:
        """Carry out the Bot API call in an answer's body, if there is one."""
        try:
            call = orjson.loads(body)
        except orjson.JSONDecodeError:
            return None
        if not isinstance(call, dict) or not isinstance(call.get("method"), str) or self.carry_out is None:
            return None
        method: str = call.pop("method")
        if method.lower().startswith("get") or method.lower() in NOT_IN_ANSWERS:
            return None
        await self.carry_out(method, call)
        return method

    # Long polling

    async def fetch(self, *, offset: int, limit: int, seconds: int) -> list[Json]:
        """What waits from an id on; everything below it is thereby taken. Waits for something to come."""
        if self._poll is not None:
            self._poll.end("terminated by other getUpdates request; make sure that only one bot instance is running")
        poll = self._poll = Poll()
        self._note_answering(True)
        try:
            return await self._fetched(poll, offset=offset, limit=limit, seconds=seconds)
        finally:
            if self._poll is poll:
                self._poll = None
            self._polled_at = self._store.clock.now()
            if self._look is not None:
                self._look.cancel()
            self._look = asyncio.get_running_loop().call_later(POLLS_OFTEN + 0.1, self._look_after_poller)

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
