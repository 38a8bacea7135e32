"""Server-Sent Events: what happens in the chats, told to every page that listens, from where it last heard."""

import asyncio

import orjson
from aiohttp import web

from app.sandbox.answers import Problem
from app.sandbox.shapes import Json
from app.sandbox.store import Store

KEEP_ALIVE_SECONDS = 15.0
RECONNECT_MILLISECONDS = 700


class Feed:
    """Wakes the listeners whenever the store has something new; passing things it tells at once and keeps nowhere."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listeners: dict[asyncio.Event, tuple[int | None, list[Json]]] = {}
        self._stopping = False
        store.on_event = self.wake

    def wake(self) -> None:
        """Something may have happened."""
        for listener in self._listeners:
            listener.set()

    def mention(self, chat_id: int, content: Json) -> None:
        """Tell the listeners of now something that nobody needs to hear later (typing…)."""
        for listener, (about, passing) in self._listeners.items():
            if about in (None, chat_id):
                passing.append({**content, "chat_id": chat_id})
                listener.set()

    def stop(self) -> None:
        """Let every listener go."""
        self._stopping = True
        self.wake()

    async def listen(self, request: web.Request, chat_id: int | None) -> web.StreamResponse:
        """Answer with a stream of events; it starts after Last-Event-ID (or ?after=), else with what comes next."""
        after = _last_heard(request, default=self._store.last_event())
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        listener, passing = asyncio.Event(), list[Json]()
        self._listeners[listener] = (chat_id, passing)
        try:
            await response.write(f"retry: {RECONNECT_MILLISECONDS}\n\n".encode())
            while not self._stopping:
                listener.clear()
                happened = self._store.events(after=after, chat_id=chat_id)
                if happened is None:
                    # Too much was missed to be told: whoever listens looks at everything anew.
                    after = self._store.last_event()
                    await response.write(_told({"kind": "reset", "chat_id": None}, after))
                    continue
                for after, about, content in happened:  # noqa: B007 - the last one told is where the next look starts
                    await response.write(_told({**content, "chat_id": about}, after))
                while passing:
                    await response.write(_told(passing.pop(0), None))
                await _wait(listener, response)
        except ConnectionResetError:
            pass  # the page was closed
        finally:
            del self._listeners[listener]
        return response


async def _wait(listener: asyncio.Event, response: web.StreamResponse) -> None:
    try:
        async with asyncio.timeout(KEEP_ALIVE_SECONDS):
            await listener.wait()
    except TimeoutError:
        await response.write(b": still here\n\n")


def _told(content: Json, event_id: int | None) -> bytes:
    number = b"" if event_id is None else b"id: %d\n" % event_id
    return number + b"data: " + orjson.dumps(content) + b"\n\n"


def _last_heard(request: web.Request, *, default: int) -> int:
    given = request.headers.get("Last-Event-ID") or request.query.get("after")
    if not given:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Problem(400, "Last-Event-ID must be the id of an event.")
    return int(given)
