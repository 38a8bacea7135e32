"""Whatever arrives at POST /webhook with the right secret gets a clear answer, and memory stays flat.

hypothesis makes it up; a real bot process takes it, with the sandbox as Telegram. An example is one hostile body, text,
name or tap: what is sent around it, to open the question that it answers or the lists that show it, is not counted.
1,000 of them in `make test`, always the same; 100,000 in `make fuzz`, others each time. A failure names the command
that makes the same ones again.
"""

import copy
import http.client
import importlib
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiogram.filters.callback_data import CallbackData
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from app.modules.catalog.model import Kind
from app.utils.units import Unit
from dev.servers import Postgres, Valkey, temporary_folder
from tests.conftest import find_free_port
from tests.stage import ROOT, SECRET, Process, Sandbox, webhook_env

FUZZ = bool(os.environ.get("FUZZ"))
EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "100000")) if FUZZ else 1_000
SEED = int(os.environ.get("HOSTILE_SEED") or (random.SystemRandom().randrange(2**32) if FUZZ else 1))
REPLAY = f"again: HOSTILE_SEED={SEED} HOSTILE_EXAMPLES={EXAMPLES} make fuzz ARGS='-k hostile_input'"
PEOPLE = 6
GROWTH_MIB = 20
WARM_ROUNDS = 2
MARK = "Zanzibarquux"  # stands in much of what is typed, and never in a log
ERASED_EVERY = 12  # examples: what people may keep is limited, and beyond the limit every name is refused alike
# What is logged of a bug. What aiogram cannot read is none: update_not_understood.
TROUBLES = {"update_failed", "update_parked", "update_not_kept", "update_postponed", "person_not_told"}
TROUBLES |= {"crashed", "task_failed", "python_warning", "bot_api_failed", "bot_api_garbled"}

pytestmark = pytest.mark.timeout(36_000 if FUZZ else 400)

Json = Any


def hostile(share: float) -> Any:
    """Give a test its share of the examples, the same ones for the same seed."""
    return lambda test: seed(SEED)(
        settings(
            max_examples=max(int(EXAMPLES * share), 1),
            deadline=None,
            database=None,
            print_blob=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )(test)
    )


class Attacker:
    """Some people in the sandbox, and a connection to the bot over which anything can be sent in their names."""

    def __init__(self, process: Process, sandbox: Sandbox, people: list[int]) -> None:
        self.process = process
        self.people = people
        self._bot = http.client.HTTPConnection("127.0.0.1", process.port, timeout=60)
        self._telegram = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=60)
        self._update_id = int(time.time())
        self._turns = dict.fromkeys(people, 0)
        self.seen: dict[int, int] = {}

    def post(self, body: bytes) -> tuple[int, Json]:
        """Send a body and return the answer, which must be JSON and blame nobody but the body."""
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
        self._bot.request("POST", "/webhook", body, headers)
        answer = self._bot.getresponse()
        content = json.loads(answer.read())
        assert answer.status in (200, 400, 413), f"{answer.status} {content}; {REPLAY}"
        return answer.status, content

    def new_id(self) -> int:
        """Number an update."""
        self._update_id += 1
        return self._update_id

    def update(self, kind: str, content: Json) -> Json:
        """Send an update as Telegram would, and return the call that is its answer."""
        status, reply = self.post(json.dumps({"update_id": self.new_id(), kind: content}).encode())
        assert status == 200, f"{status} {reply}; {REPLAY}"
        return reply

    def write(self, who: int, text: str, **names: Json) -> None:
        """Send a text, and see a new message come back."""
        before = self.seen.get(who, 0)
        reply = self.update("message", message(who, text, **names))
        self.seen[who] = self.newest(who)["message_id"]
        assert self.seen[who] > before or reply.get("method") == "sendMessage", f"no answer to {text!r}; {REPLAY}"

    def tap(self, who: int, data: str, *, below: str = "flow") -> None:
        """Tap a button, and have the tap answered."""
        reply = self.update("callback_query", tap(who, data, message_id=self.seen.get(who, 1), below=below))
        assert reply.get("method") == "answerCallbackQuery", f"no answer to {data!r}; {REPLAY}"
        assert reply["callback_query_id"] == f"tap of {who}"

    def newest(self, who: int) -> Json:
        """Look at the newest message in a chat."""
        self._telegram.request("GET", f"/chats/{who}?limit=1")
        messages = json.loads(self._telegram.getresponse().read())["messages"]
        return messages[-1] if messages else {"message_id": 0}

    def open(self, who: int, question: str) -> None:
        """Bring a question onto a person's screen."""
        opens = QUESTIONS[question]
        if opens.startswith("/"):
            self.write(who, opens)
            return
        self.tap(who, opens)
        if question == "new name":  # of the first thing in the list of one's own
            buttons = sum(self.newest(who).get("reply_markup", {}).get("inline_keyboard", []), [])
            own = [button["callback_data"] for button in buttons if button["callback_data"].startswith("en1:")]
            if own:
                self.tap(who, own[0])

    def may_begin_anew(self, who: int) -> None:
        """Erase a person now and then, so that their lists are never full for long."""
        self._turns[who] += 1
        if self._turns[who] % ERASED_EVERY == 0:
            self.write(who, "/delete_me")
            self.write(who, "DELETE")

    def close(self) -> None:
        """Hang up."""
        self._bot.close()
        self._telegram.close()


def today() -> int:
    """Number the present day as buttons do."""
    return (datetime.now(UTC).date() - datetime(2000, 1, 1, tzinfo=UTC).date()).days


def message(who: int, text: str, **names: Json) -> Json:
    """A text message, as Telegram tells of it."""
    sender = {"id": who, "is_bot": False, "first_name": "Ann", **names}
    chat = {"id": who, "type": "private", "first_name": sender["first_name"]}
    return {"message_id": 10, "from": sender, "chat": chat, "date": int(time.time()), "text": text}


def tap(who: int, data: str, *, message_id: int = 1, below: str = "flow") -> Json:
    """A tap on a button, below a message that can be edited, is too old for it, or is nobody's."""
    chat = {"id": who, "type": "private", "first_name": "Ann"}
    bot = {"id": 5401000001, "is_bot": True, "first_name": "Gym bot"}
    messages = {
        "flow": {"message": {"message_id": message_id, "from": bot, "chat": chat, "date": 1_700_000_000, "text": "x"}},
        "too old": {"message": {"message_id": message_id, "chat": chat, "date": 0}},
        "gone": {"message": {"message_id": 2**52, "from": bot, "chat": chat, "date": 1_700_000_000, "text": "x"}},
        "inline": {"inline_message_id": "AbC"},
    }
    sender = {"id": who, "is_bot": False, "first_name": "Ann"}
    return {"id": f"tap of {who}", "from": sender, "chat_instance": "1", "data": data, **messages[below]}


DAY = str(today())
QUESTIONS = {
    "none": "/cancel",
    "name": "rm1::0",
    "exercise": "re1:1:",
    "weight": f"rs1:2:1:{DAY}",
    "reps": f"rk1:3:1:60:{DAY}",
    "clock": "pc1",
    "erasure": "/delete_me",
    "note": f"rn1:4:{DAY}",
    "muscle name": "em1",
    "exercise name": "ex1:1",
    "new name": "er1:1",
}


@pytest.fixture(scope="module")
async def bot(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    postgres: Postgres,
    template_database: str,
) -> AsyncIterator[Attacker]:
    """A bot, a sandbox, a database and a Valkey of their own: update numbers are made up here."""
    if FUZZ:
        with request.config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
            sys.stdout.write(f"{REPLAY}\n")
    folder: Path = tmp_path_factory.mktemp("hostile_input")
    postgres.create_database("hostile_input", template=template_database)
    with temporary_folder() as redis_folder:
        valkey = Valkey(redis_folder / "valkey", durable=False)
        valkey.start()
        sandbox = Sandbox(port=find_free_port(), folder=folder)
        await sandbox.start()
        port = find_free_port()
        env = webhook_env(port=port, api_url=sandbox.url, database=postgres.env("hostile_input"), redis=valkey.env())
        process = Process("app.main_webhook", port=port, env=env, log=folder / "bot.log")
        await process.start()
        await process.logged("webhook_set")
        made = Attacker(process, sandbox, [(await sandbox.person()).id for _ in range(PEOPLE)])
        yield made
        made.close()
        assert await process.stop() == 0
        assert await sandbox.stop() == 0
        valkey.stop()
    postgres.drop_database("hostile_input")


@pytest.fixture(scope="module")
def warm(bot: Attacker) -> float:
    """The memory of a bot that has seen a bit of everything, the largest bodies too."""
    for _ in range(WARM_ROUNDS):
        for who in bot.people:
            for question in QUESTIONS:
                bot.open(who, question)
                bot.write(who, "w" * 4096)
            bot.tap(who, f"rr1:1:1:60:8:{DAY}")
            bot.tap(who, f"rd1:1:1:60:8:{DAY}")
        bot.post(b"[" * 120_000)
        bot.post(b'{"update_id": 1, "message": ["' + b"w" * 120_000 + b'"]}')
        bot.post(b'{"update_id": 1, "a": [' + b"1," * 60_000 + b"1]}")
    return bot.process.memory_mib()


# What people type.

WORDS = st.text(st.characters(), max_size=40)  # half surrogate pairs too, which JSON can write
MARKED = WORDS.map(lambda words: f"{words} {MARK}")
LONG = st.builds(
    lambda unit, size: (unit * size)[:size], WORDS.filter(bool), st.sampled_from([64, 65, 500, 2048, 4096])
)
DIGITS = st.text(st.characters(categories=["Nd", "Nl", "No"]), min_size=1, max_size=6)
NUMBERS = st.one_of(
    DIGITS,
    st.integers(-5, 1200).map(str),
    st.decimals(0, 1001, places=2).map(str),
    st.sampled_from(["NaN", "-inf", "1e5", "1e999999", "0x10", "١٢٫٥", "6️⃣0️⃣", "²", "½", "9" * 4096, "1_000"]),
)
SETS = st.builds(
    lambda numbers, signs: "".join(number + sign for number, sign in zip(numbers, signs, strict=False)),
    st.lists(NUMBERS, min_size=1, max_size=8),
    st.lists(
        st.sampled_from(["x", "×", "х", "*", " x ", "kg x ", "lb×", " ", "\n", ",", ", ", ";", "@", "", "\0"]),
        min_size=8,
        max_size=8,
    ),
)
COMMANDS = st.builds(
    lambda command, rest: f"/{command}{rest}",
    st.sampled_from(["gym", "start", "history", "records", "edit", "settings", "help", "cancel", "GYM", "gym@x", "x"])
    | WORDS,
    st.one_of(st.just(""), st.just("@"), st.just("@other_bot"), WORDS, MARKED.map(lambda words: f" {words}")),
)
CLOCKS = st.builds(
    lambda hours, sign, minutes, half: f"{hours}{sign}{minutes}{half}",
    NUMBERS,
    st.sampled_from([":", ".", " ", "", "h", "："]),
    NUMBERS | st.just(""),
    st.sampled_from(["", " pm", "AM", " p.m."]),
)
ERASURES = st.sampled_from(["DELETE", "delete", ' "Delete" ', "DЕLETE", "DELETE DELETE", "ＤＥＬＥＴＥ", "DELETE\0"])
NAMES = st.one_of(
    WORDS,
    MARKED,
    LONG,
    st.text(st.sampled_from("<>&\"'\\%_\0\u202e\u200d\u2066\ufe0f\u0301 \n👨‍👩‍👧ßİıﬁ"), min_size=1, max_size=70),
    st.sampled_from(
        ["Chest", "ch\u0435st", "<b>", "&lt;", "</pre>", "%s", "{x}", "%(name)s", "'; --", "null", "\ud83d"]
    ),
)
TEXTS = st.one_of(NAMES, SETS, NUMBERS, COMMANDS, CLOCKS, ERASURES)

# What buttons carry.

CALLBACKS = sorted(
    (
        each
        for path in ROOT.glob("app/modules/*/callbacks.py")
        for each in vars(importlib.import_module(f"app.modules.{path.parent.name}.callbacks")).values()
        if isinstance(each, type) and issubclass(each, CallbackData) and each is not CallbackData
    ),
    key=lambda each: each.__prefix__,
)
EDGES = [-1, 0, 1, 15, 99, 100, 9999, 10_000, 2**31 - 1, 2**31, 2**32, 2**63 - 1, 2**63, 2**64, 10**30]
DAYS = st.one_of(
    st.sampled_from(["", DAY, f"{DAY}m", f"{DAY}h"]),
    st.builds(lambda day, sign: f"{day}{sign}", st.integers(0, 99_999), st.sampled_from(["", "m", "h"])),
)
WEIGHTS = st.decimals(0, "999.99", places=2).map(str) | st.sampled_from(["0", "60", "62.5", "999.99", "0.00001"])
SMALLS = st.integers(1, 25).map(str) | st.sampled_from(["1", "0", "99", "100", "9999"])
IDS = st.integers(1, 25).map(str) | st.sampled_from(["1", "2", "3", "2147483647"])
FIELDS = {
    "day": DAYS,
    "until": DAYS,
    "after": DAYS,
    "weight": WEIGHTS,
    "seen_weight": WEIGHTS,
    "exercise": IDS,
    "muscle": IDS,
    "id": IDS,
    "entry": st.integers(1, 25).map(str) | st.just(str(2**63 - 1)),
    "page": st.integers(0, 25).map(str) | st.just("99"),
    "minutes": st.integers(0, 24 * 60 - 1).map(str),
    "zone": st.sampled_from(
        ["Europe/Berlin", "UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Europe", "America/Nowhere", "/"]
    ),
    "region": st.sampled_from(["Europe", "Asia", "Nowhere", "UTC", "europe", "/"]),
    "unit": st.sampled_from([unit.value for unit in Unit]),
    "step": st.sampled_from(["0", "1.25", "2.5", "5"]),
    "kind": st.sampled_from([kind.value for kind in Kind]),
    "sure": st.sampled_from(["0", "1"]),
    "month": st.sampled_from(["0", "1", "202611", "202613", "202600", "999912", "1001", "999900", "100"]),
}
RUBBISH = st.one_of(
    WORDS,
    MARKED,
    DIGITS,
    st.sampled_from(EDGES).map(str),
    st.sampled_from(
        ["999.991", "1e2", "NaN", "Infinity", "-0", "060", "٦٠", "99999hm", "m", "100000", "../etc", "True"]
    ),
)


@st.composite
def button_data(draw: st.DrawFn) -> str:
    """The data of a real button, with something wrong in it more often than not; or none of a button at all."""
    kind = draw(st.sampled_from(CALLBACKS))
    values = [draw(FIELDS.get(name, SMALLS)) for name in kind.model_fields]
    prefix, separator = kind.__prefix__, ":"
    match draw(st.sampled_from(["right"] * 4 + ["field"] * 2 + ["more", "fewer", "separator", "prefix", "none"])):
        case "field" if values:
            values[draw(st.integers(0, len(values) - 1))] = draw(RUBBISH)
        case "more":
            values.append(draw(RUBBISH))
        case "fewer":
            values = values[:-1]
        case "separator":
            separator = draw(st.sampled_from(["|", "::", "：", " ", "", ":\0"]))
        case "none":
            return draw(WORDS | LONG | MARKED)
        case "prefix":
            prefix = draw(st.sampled_from([prefix.upper(), prefix[:-1], prefix[:-1] + "١", prefix + "0", "", MARK]))
    return separator.join([prefix, *values])


# Bodies.

HUGE = st.sampled_from([*EDGES, -(2**31), -(2**63), -(2**64), 10**300, 1e308, -0.0, 1.5, 253402300800, -62135596801])
LEAVES = st.one_of(st.none(), st.booleans(), HUGE, st.floats(allow_nan=False, allow_infinity=False), WORDS, MARKED)
SHAPES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
PERSON = 7_999_999_999  # whom Telegram does not know
KINDS: dict[str, Json] = {
    "message": message(PERSON, "60x8"),
    "edited_message": message(PERSON, "60x8") | {"edit_date": 1_700_000_000},
    "channel_post": {"message_id": 1, "chat": {"id": -100, "type": "channel", "title": "x"}, "date": 1, "text": "x"},
    "callback_query": tap(PERSON, f"rr1:1:1:60:8:{DAY}"),
    "my_chat_member": {
        "chat": {"id": PERSON, "type": "private", "first_name": "Ann"},
        "from": {"id": PERSON, "is_bot": False, "first_name": "Ann"},
        "date": 1_700_000_000,
        "old_chat_member": {"user": {"id": 1, "is_bot": True, "first_name": "x"}, "status": "member"},
        "new_chat_member": {"user": {"id": 1, "is_bot": True, "first_name": "x"}, "status": "kicked", "until_date": 0},
    },
    "inline_query": {
        "id": "1",
        "from": {"id": PERSON, "is_bot": False, "first_name": "A"},
        "query": "x",
        "offset": "",
    },
    "poll_answer": {"poll_id": "1", "user": {"id": PERSON, "is_bot": False, "first_name": "A"}, "option_ids": [0]},
    "message_of_the_future": {"from": {"id": PERSON}, "anything": [1, {"x": None}]},
}
GROUP = {"id": -1001, "type": "supergroup", "title": "x"}
EXTRAS: dict[str, Json] = {
    "photo": [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}],
    "sticker": {},
    "entities": [{"type": "bot_command", "offset": 0, "length": 99}],
    "reply_to_message": message(PERSON, "x"),
    "sender_chat": GROUP,
    "via_bot": {"id": 1, "is_bot": True, "first_name": "x"},
    "new_chat_members": [],
    "successful_payment": {},
}


def places(content: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Name every place in a piece of JSON."""
    if path:
        yield path
    if isinstance(content, dict | list):
        for key in content if isinstance(content, dict) else range(len(content)):
            yield from places(content[key], (*path, key))


def holder(content: Json, path: tuple[Any, ...]) -> Json:
    """Find what holds a place."""
    for key in path[:-1]:
        content = content[key]
    return content


@st.composite
def bent_updates(draw: st.DrawFn) -> Json:
    """An update of some kind with a few things in it gone, of another type, or too many; it is numbered when sent."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    update = {kind: copy.deepcopy(KINDS[kind])}
    if kind.endswith("message"):
        update[kind]["text"] = draw(TEXTS)
        for name in draw(st.lists(st.sampled_from(sorted(EXTRAS)), max_size=2)):
            update[kind][name] = copy.deepcopy(EXTRAS[name])
        if draw(st.booleans()):
            update[kind]["chat"] = draw(st.sampled_from([GROUP, {"id": 2**63, "type": "private"}, GROUP | {"id": 1}]))
    if kind == "callback_query":
        update[kind]["data"] = draw(button_data())
    update = copy.deepcopy(update)  # what was drawn may be shared
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(list(places(update))))
        inside = holder(update, path)
        match draw(st.sampled_from(["gone", "other", "other", "other", "null", "number"])):
            case "gone" if len(path) > 1:
                del inside[path[-1]]
            case "null":
                inside[path[-1]] = None
            case "number":
                inside[path[-1]] = draw(HUGE)
            case _:
                inside[path[-1]] = draw(SHAPES)
        if not isinstance(update.get(kind), dict):
            break
    if isinstance(update.get(kind), dict) and draw(st.integers(0, 3)) == 0:
        number = draw(st.sampled_from([-1, 0, 1, 2**52, 2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63)]))
        update[kind] |= {"from": {"id": number, "is_bot": False, "first_name": "Ann"}}
        if kind.endswith("message"):
            update[kind] |= {"chat": {"id": number, "type": "private"}, "date": draw(HUGE | st.just(1))}
    if draw(st.integers(0, 4)) == 0:
        other = draw(st.sampled_from(sorted(KINDS)))  # two kinds in one
        update[other] = copy.deepcopy(KINDS[other])
    if draw(st.integers(0, 5)) == 0:
        update["update_id"] = draw(SHAPES)
    return update


@st.composite
def nearly_json(draw: st.DrawFn) -> bytes:
    """An update as JSON with a few bytes changed, or cut off, or with fields twice, or buried deep."""
    body = json.dumps({"update_id": draw(HUGE), **draw(bent_updates())}, ensure_ascii=draw(st.booleans()))
    whole = body.encode("utf-8", "surrogatepass")
    match draw(st.sampled_from(["bytes", "cut", "twice", "deep", "large", "other"])):
        case "bytes":
            at = draw(st.integers(0, len(whole)))
            return whole[:at] + draw(st.binary(min_size=1, max_size=6)) + whole[at + draw(st.integers(0, 6)) :]
        case "cut":
            return whole[: draw(st.integers(0, len(whole)))]
        case "twice":
            return b'{"update_id": 1, "message": null, ' + whole[1:-1] + b', "message": {"text": 1}}'
        case "deep":
            depth = draw(st.sampled_from([50, 200, 900, 1_000, 1_100, 5_000, 20_000]))
            opening, closing = draw(st.sampled_from([(b"[", b"]"), (b'{"message":', b"}"), (b'{"a":[', b"]}")]))
            return b'{"update_id": 1, "message": ' + opening * depth + b"1" + closing * depth + b"}"
        case "large":
            size = draw(st.sampled_from([60_000, 130_900, 131_072, 131_073, 200_000]))
            return (b'{"update_id": 1, "x": "' + b"y" * size)[: size - 2] + b'"}'
        case _:
            return draw(st.sampled_from([b"\xef\xbb\xbf", b" ", b"\x00", b"\xff\xfe"])) + whole


OTHER_BODIES = st.one_of(
    st.binary(max_size=200),
    SHAPES.map(lambda shape: json.dumps(shape).encode()),
    st.sampled_from(
        [b"NaN", b"[Infinity]", b'{"update_id":1e400}', b'{"update_id":' + b"9" * 5000 + b"}", b'"\\ud800"']
    ),
    nearly_json(),
)
BODIES = st.booleans().flatmap(lambda bent: bent_updates() if bent else OTHER_BODIES)
WHO = st.integers(0, PEOPLE - 1)


@hostile(0.45)
@given(body=BODIES)
def test_any_body_is_taken_or_refused_in_words(bot: Attacker, warm: float, body: Json) -> None:
    if isinstance(body, dict):
        body = json.dumps({"update_id": bot.new_id(), **body}).encode()
    status, answer = bot.post(body)
    assert isinstance(answer, dict)
    assert status == 200 or set(answer) == {"error"}


@hostile(0.25)
@given(who=WHO, question=st.sampled_from(sorted(QUESTIONS)), text=TEXTS)
def test_any_text_is_answered_whatever_was_asked(
    bot: Attacker, warm: float, who: int, question: str, text: str
) -> None:
    bot.may_begin_anew(bot.people[who])
    bot.open(bot.people[who], question)
    bot.write(bot.people[who], text)


@hostile(0.1)
@given(who=WHO, names=st.fixed_dictionaries({}, optional=dict.fromkeys(("first_name", "last_name", "username"), NAMES)))
def test_people_may_have_any_names(bot: Attacker, warm: float, who: int, names: dict[str, str]) -> None:
    bot.write(bot.people[who], "/start", **names)


@hostile(0.05)
@given(who=WHO, question=st.sampled_from(["muscle name", "exercise name", "new name", "note"]), name=NAMES)
def test_what_is_named_so_is_shown_on_every_list(
    bot: Attacker, warm: float, who: int, question: str, name: str
) -> None:
    person = bot.people[who]
    bot.may_begin_anew(person)
    bot.open(person, question)
    bot.write(person, name)
    for list_of in ("rm1::0", "ra1:1:1:", "er1:1", "ed1:1", "ei1:1:1", "es1:1", f"rf1:{DAY}", f"re1:4:{DAY}"):
        bot.tap(person, list_of)
    bot.write(person, name)  # now it is looked for


@hostile(0.15)
@given(
    who=WHO,
    data=button_data(),
    below=st.sampled_from(["flow", "flow", "flow", "too old", "gone", "inline"]),
)
def test_any_tap_is_answered(bot: Attacker, warm: float, who: int, data: str, below: str) -> None:
    bot.tap(bot.people[who], data, below=below)


def test_memory_stayed_flat(bot: Attacker, warm: float) -> None:
    grown = bot.process.memory_mib() - warm
    assert grown < GROWTH_MIB, f"{grown:.1f} MiB more than after the warm-up; {REPLAY}"


def test_the_log_has_no_bug_and_nobodys_words(bot: Attacker) -> None:
    said = bot.process.log.read_text(encoding="utf-8")
    assert MARK not in said
    assert SECRET not in said
    assert "Traceback" not in said
    assert "exc_info" not in said, REPLAY
    assert not TROUBLES & set(bot.process.events()), REPLAY
