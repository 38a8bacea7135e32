"""Telegram, as a bot under load sees it, in as few steps as can be: people who tap, and the Bot API that they look at.

Both are one process, so that the moment when a person has been served is known exactly: the screen has come, and the
tap is answered (by a call, or by the webhook's answer). They tap again when that is so and the webhook has answered, at
once. A bot that answers the webhook before its work gains nothing by it, and one that does so after it loses nothing.
"""

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import perf_counter, time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httptools
import orjson

from bench.workout import BOT_USER, FIRST_UPDATE, ROUND, Script, Step, person_id, same

READ = 50  # one person in so many is read to the letter, under load too
AGAIN_SECONDS = 0.2
CONNECT_SECONDS = 0.002
PATIENCE_SECONDS = 60.0
_CHAT = re.compile(rb"chat_id\D{1,80}(\d{9})\b")
_QUERY = re.compile(rb"callback_query_id\D{1,80}(\d{9})\d{10}\b")
_ANSWER = b'"answerCallbackQuery"'


@dataclass(slots=True)
class Figures:
    """What was seen of a bot in a stretch of time."""

    seconds: float = 0.0
    handled: int = 0  # updates
    taps: list[float] = field(default_factory=list)  # seconds until a person was served
    answers: list[float] = field(default_factory=list)  # seconds until the webhook answered
    calls: int = 0  # of the Bot API
    errors: int = 0  # refused or lost, and tried again
    cpu_seconds: float = 0.0  # of the bot's process
    between: tuple[float, float] = (0.0, 0.0)  # time.time() of its beginning and its end


class World:
    """All people, and the Bot API."""

    def __init__(self, script: Script, *, secret: str) -> None:
        self.script = script
        self.secret = secret
        self.people: dict[bytes, Person] = {}
        self.figures = Figures()
        self.wrong: list[str] = []  # what was not what the script says
        self.bot_port = 0
        self.api_port = 0
        self._updates = FIRST_UPDATE
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Let the Bot API listen."""
        self._server = await asyncio.get_running_loop().create_server(lambda: BotApi(self), "127.0.0.1", 0)
        self.api_port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Let everybody go."""
        self.leave()
        if self._server:
            self._server.close()

    def enter(self, numbers: Iterable[int], *, bot_port: int) -> "list[Person]":
        """Let people in, who talk to the bot at a port; those before them leave."""
        self.leave()
        self.bot_port = bot_port
        self.figures = Figures()
        people = [Person(self, number) for number in numbers]
        self.people = {person.key: person for person in people}
        return people

    def leave(self) -> None:
        """Let everybody go."""
        for person in self.people.values():
            person.hang_up()
        self.people = {}

    def next_update(self) -> int:
        self._updates += 1
        return self._updates

    async def play(self, steps: int, *, of: "Iterable[Person] | None" = None) -> None:
        """Let everybody, or some, take so many steps."""
        await self._until_served([person.walk(steps) for person in of or self.people.values()])

    async def first_answer(self, person: "Person") -> float:
        """Let somebody reach a bot that is just starting; return the moment of its first answer."""
        await self.play(1, of=[person])
        return perf_counter()

    async def measure(self, seconds: float, cpu_seconds: Callable[[], float]) -> Figures:
        """Let everybody tap for so long, and measure that; whoever is in the middle of a tap then ends it."""
        self.figures = figures = Figures()
        began, cpu, at = perf_counter(), cpu_seconds(), time()
        walks = [person.walk(len(self.script.steps)) for person in self.people.values()]
        await asyncio.sleep(seconds)
        self.figures = Figures()
        figures.seconds, figures.cpu_seconds = perf_counter() - began, cpu_seconds() - cpu
        figures.between = (at, time())
        for person in self.people.values():
            person.stop()
        await self._until_served(walks)
        figures.errors += self.figures.errors
        return figures

    async def _until_served(self, walks: "list[asyncio.Future[None]]") -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.gather(*walks)
        except TimeoutError:
            waiting = [person for person in self.people.values() if person.is_waiting]
            steps = {person.step.name for person in waiting}
            raise RuntimeError(
                f"{len(waiting)} people wait for an answer to {', '.join(sorted(steps))} for over "
                f"{PATIENCE_SECONDS:.0f} s: the bot's log says more"
            ) from None

    def called(self, method: str, body: bytes) -> bytes:
        """Answer a call of the Bot API."""
        self.figures.calls += 1
        if method in ("editMessageText", "sendMessage"):
            found = _CHAT.search(body)
            if found and found[1] in self.people:
                return self.people[found[1]].shown(body)
        elif method == "answerCallbackQuery":
            found = _QUERY.search(body)
            if found and found[1] in self.people:
                self.people[found[1]].told(body)
                return b'{"ok":true,"result":true}'
        elif method in _PLAIN:
            return _PLAIN[method]
        self.wrong.append(f"nobody expected a call of {method}")
        return b'{"ok":false,"error_code":400,"description":"Bad Request: nobody expected this"}'


_PLAIN = {
    method: orjson.dumps({"ok": True, "result": result})
    for method, result in {
        "getMe": BOT_USER,
        "setWebhook": True,
        "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
        "setMyCommands": True,
        "getMyCommands": [],
    }.items()
}


class Person:
    """Somebody who takes one step of the script after the other."""

    def __init__(self, world: World, number: int) -> None:
        self.key = str(person_id(number)).encode()
        self._world = world
        self._steps = world.script.steps
        self._reads = number % READ == 0
        self._place = 0
        self._left = 0
        self._walk: asyncio.Future[None] | None = None
        self.line: Line | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._began = 0.0
        self._is_served = True  # with what they see; the webhook may yet have to answer
        self._update = self._request = b""
        self._screen = self._toast = self._answered = True

    @property
    def step(self) -> Step:
        return self._steps[self._place]

    @property
    def is_waiting(self) -> bool:
        return not (self._screen and self._toast and self._answered)

    def walk(self, steps: int) -> "asyncio.Future[None]":
        """Take so many steps; the future is done when the last one has been served."""
        self._left = steps
        self._walk = asyncio.get_running_loop().create_future()
        self._tap()
        return self._walk

    def stop(self) -> None:
        """Take no further step."""
        self._left = 1

    def hang_up(self) -> None:
        if self._connecting:
            self._connecting.cancel()
        if self.line:
            self.line.transport.close()
            self.line = None

    async def connect(self) -> None:
        """Reach the bot as soon as it listens."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                _, self.line = await loop.create_connection(lambda: Line(self), "127.0.0.1", self._world.bot_port)
                return
            except OSError:
                await asyncio.sleep(CONNECT_SECONDS)

    async def tap_twice(self) -> float:
        """Take a step by two taps at once, on two lines; return the seconds until both have been answered."""
        loop = asyncio.get_running_loop()
        lines = [(await loop.create_connection(Twin, "127.0.0.1", self._world.bot_port))[1] for _ in range(2)]
        self._screen = self._toast = self._answered = False
        began = perf_counter()
        for line in lines:
            line.transport.write(self.request())
        await asyncio.gather(*(line.answered for line in lines))
        seconds = perf_counter() - began
        for line in lines:
            line.transport.close()
        self._screen = self._toast = self._answered = True
        self._place += 1
        return seconds

    def request(self) -> bytes:
        """Make this step's request, as its person's and of a number of its own."""
        self._update = str(self._world.next_update()).encode()
        step = self.step
        body = step.update.replace(self._world.script.person, self.key).replace(step.update_id, self._update)
        head = (
            f"POST /webhook HTTP/1.1\r\nHost: 127.0.0.1:{self._world.bot_port}\r\n"
            f"Content-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: {self._world.secret}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _tap(self) -> None:
        self._screen = self._answered = self._is_served = False
        self._toast = self._place == 0  # a message is answered by its screen alone
        self._request = self.request()
        self._began = perf_counter()
        self._deliver()

    def _deliver(self) -> None:
        """Post the update, again when it was refused or lost, as Telegram does."""
        if self.line is None:
            self._connecting = asyncio.get_running_loop().create_task(self.connect())
            self._connecting.add_done_callback(lambda done: done.cancelled() or self._deliver())
        else:
            self.line.transport.write(self._request)

    def shown(self, body: bytes) -> bytes:
        """See a screen, and say as the Bot API what it has become."""
        step = self.step
        if self._reads:
            self._read(body)
        self._screen = True
        self._look()
        return step.result.replace(self._world.script.person, self.key)

    def told(self, body: bytes) -> None:
        """See a tap answered."""
        if self._reads and (toast := decoded(body).get("text")) != self.step.toast:
            self._wrong("the toast", toast, self.step.toast)
        self._toast = True
        self._look()

    def answered(self, status: int, body: bytes) -> None:
        """Take the webhook's answer, as Telegram does."""
        if status != 200:
            self._world.figures.errors += 1
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._deliver)
            return
        self._world.figures.answers.append(perf_counter() - self._began)
        self._answered = True
        if not self._toast and _ANSWER in body:
            self.told(body)
        else:
            self._look()

    def lost(self) -> None:
        """Notice that the bot has closed the line; what was not answered yet is sent again."""
        self.line = None
        if not self._answered:
            self._world.figures.errors += 1
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._deliver)

    def _look(self) -> None:
        """Go on when all that a person waits for is there."""
        if self._screen and self._toast and not self._is_served:
            self._is_served = True
            self._world.figures.taps.append(perf_counter() - self._began)
            self._world.figures.handled += 1
        if self.is_waiting:
            return
        self._place += 1
        self._left -= 1
        if self._left <= 0:
            assert self._walk
            if not self._walk.done():  # nobody waits any more
                self._walk.set_result(None)
        elif self._place == len(self._steps):
            raise SystemExit("The script is too short for so fast a bot: measure for fewer seconds.")
        else:
            self._tap()

    def _read(self, body: bytes) -> None:
        """Compare a screen with the script's to the letter."""
        said, step = decoded(body), self.step
        markup = said.get("reply_markup", b"")
        screen = same(str(said.get("text")), orjson.loads(markup) if isinstance(markup, str) else markup)
        screen = screen.replace(self._update, step.update_id)
        if screen != step.shown:
            self._wrong("the screen", screen.decode(), step.shown.decode())

    def _wrong(self, what: str, came: Any, expected: Any) -> None:
        where = f"round {(self._place - 1) // len(ROUND) + 1}, step {self.step.name}"
        self._world.wrong.append(f"{where}: {what} is\n    {came}\nwhere ours is\n    {expected}")


class Line(asyncio.Protocol):
    """A person's keep-alive connection to the bot: one of Telegram's."""

    transport: asyncio.Transport

    def __init__(self, person: Person) -> None:
        self._person = person
        self._body = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._parser = httptools.HttpResponseParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        body, self._body = self._body, b""
        self._person.answered(self._parser.get_status_code(), body)

    def connection_lost(self, _: Exception | None) -> None:
        if self._person.line is self:
            self._person.lost()


class Twin(asyncio.Protocol):
    """One of two lines for two taps at once."""

    transport: asyncio.Transport

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.answered = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self.answered.set_result(None)


class BotApi(asyncio.Protocol):
    """One connection of the bot to the Bot API."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._body: list[bytes] = []

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url = url

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        body, self._body = b"".join(self._body), []
        method = urlsplit(self._url.decode()).path.rpartition("/")[2]
        answer = self._world.called(method, body)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer)
        self._transport.write(head + answer)


def decoded(body: bytes) -> dict[str, Any]:
    """Read a call's parameters: JSON, a form, or a form of parts."""
    if body.startswith(b"{"):
        return dict(orjson.loads(body))
    if not body.startswith(b"--"):
        return dict(parse_qsl(body.decode()))
    boundary, _, _ = body.partition(b"\r\n")
    found = {}
    for part in body.split(boundary)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = re.search(rb'name="([^"]+)"', head)
        if name:
            found[name[1].decode()] = value.removesuffix(b"\r\n").decode()
    return found
