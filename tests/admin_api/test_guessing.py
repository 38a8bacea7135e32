"""Guessing at passwords gets slow for strangers, by name and by address; the owner's own device is never kept out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from admin_panel.backend import tokens
from app.modules.admins import rules, service
from app.modules.admins.model import Device
from app.modules.errors import TooManyGuesses, WrongPassword
from app.modules.postgres import Cursor, Database
from tests.admin_api.conftest import PASSWORD, Answer, Api
from tests.migrations.conftest import settings_of
from tests.stage import connected

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
HERE, THERE = "203.0.113.7", "203.0.113.8"


class Guesser:
    """Somebody who tries passwords, by a clock of their own; the passwords themselves are not looked at here."""

    def __init__(self, db: Database, name: str) -> None:
        self.db, self.name, self.at = db, name, NOON

    async def waits(self, address: str = HERE, *, device: Device | None = None, name: str | None = None) -> int:
        """Try once: 0 when the try was let through, else the seconds to wait."""
        try:
            guess = await self.db.run(
                service.begin_guess, name=name or self.name, address=address, device=device, at=self.at
            )
        except TooManyGuesses as refusal:
            return refusal.retry_after
        self.last = guess
        return 0

    async def is_right(self) -> None:
        """The last try was the right password."""
        refresh_hash = tokens.refresh_hash("x")
        await self.db.run(service.sign_in, guess=self.last, session_id=uuid4(), refresh_hash=refresh_hash, at=self.at)

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)


@pytest.fixture
async def db(database_env: dict[str, str]) -> AsyncIterator[Database]:
    """A database of this test's own."""
    made = Database(settings_of(database_env))
    yield made
    await made.close()


@pytest.fixture
async def ann(db: Database) -> Guesser:
    """Ann is an admin; here is somebody who guesses at her password."""
    await db.run(service.set_password, name="Ann", password_hash="x", at=NOON)
    return Guesser(db, "ann")


async def test_the_sixth_try_waits_and_the_wait_doubles(ann: Guesser) -> None:
    assert [await ann.waits() for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    waits = []
    for _ in range(12):
        ann.later(seconds=await ann.waits())
        assert await ann.waits() == 0
        waits.append(await ann.waits())
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert await ann.waits(THERE) == 0


async def test_the_right_password_wipes_the_slate(ann: Guesser) -> None:
    for _ in range(3):
        assert [await ann.waits() for _ in range(5)] == [0] * 5
        ann.later(seconds=1)
        assert await ann.waits() == 0
        await ann.is_right()


async def test_an_unknown_name_waits_as_a_known_one(ann: Guesser, db: Database) -> None:
    nobody = Guesser(db, "nobody")
    told = [[await each.waits(address) for _ in range(9)] for each, address in ((ann, HERE), (nobody, THERE))]
    assert told[0] == told[1]


async def test_many_at_once_are_counted_one_by_one(ann: Guesser) -> None:
    waits = await asyncio.gather(*(ann.waits() for _ in range(30)))
    assert sorted(waits) == [0] * 5 + [1] * 25


async def test_one_address_cannot_go_through_many_names(ann: Guesser) -> None:
    assert [await ann.waits(name=f"name {number}") for number in range(21)] == [0] * 20 + [1]
    assert await ann.waits(THERE) == 0


async def test_all_addresses_of_one_network_are_one(ann: Guesser) -> None:
    network = [f"2001:db8:0:1:{number:x}::{number:x}" for number in range(1, 22)]
    assert [await ann.waits(address, name=f"name {address}") for address in network] == [0] * 20 + [1]
    assert await ann.waits("2001:db8:0:2::1", name="next door") == 0
    spellings = [f"::ffff:{HERE}", HERE] * 3
    assert [await ann.waits(address) for address in spellings] == [0] * 5 + [1]


async def test_an_army_of_addresses_gets_one_try_a_minute_and_the_owners_device_any(ann: Guesser) -> None:
    tried = 0
    for number in range(600):  # ten minutes, a try a second
        tried += await ann.waits(f"198.51.{number // 250}.{number % 250}") == 0
        ann.later(seconds=1)
    assert tried < 40
    device = Device(ann.last.account.admin_id or 0, "mark")
    assert await ann.waits(HERE) > 0
    assert [await ann.waits(HERE, device=device) for _ in range(10)] == [0] * 10
    assert await ann.waits(HERE, device=device) == 1
    ann.later(hours=2)
    assert await ann.waits(HERE) == 0


async def test_a_devices_mark_is_for_its_admin_alone(ann: Guesser, db: Database) -> None:
    await db.run(service.set_password, name="Bob", password_hash="x", at=NOON)
    assert await ann.waits() == 0
    anns = Device(ann.last.account.admin_id or 0, "mark")
    bob = Guesser(db, "bob")
    assert [await bob.waits(THERE, device=anns) for _ in range(6)] == [0] * 5 + [1]
    assert await ann.waits(device=anns) == 0


async def test_tries_are_forgotten(ann: Guesser, db: Database) -> None:
    await ann.waits()
    ann.later(days=2)
    await ann.waits("198.51.100.1", name="another")
    ((kept,),) = await rows(db, "SELECT count(*) FROM admin_guesses")
    assert kept == 3


async def test_a_password_that_is_another_by_now_opens_no_session(ann: Guesser, db: Database) -> None:
    await ann.waits()
    await db.run(service.set_password, name="Ann", password_hash="y", at=NOON)
    with pytest.raises(WrongPassword):
        await ann.is_right()
    await ann.waits()
    await ann.is_right()


async def test_who_signs_in_waits_for_who_just_sets_another_password(
    ann: Guesser, db: Database, database_env: dict[str, str]
) -> None:
    await ann.waits()
    with connected(database_env) as cursor:
        service.set_password(cursor, name="Ann", password_hash="y", at=NOON)  # type: ignore[arg-type]  # a plain one
        signing_in = asyncio.create_task(ann.is_right())  # noqa: TID251 - two at once
        while not await rows(db, "SELECT FROM pg_locks AS l WHERE NOT l.granted"):
            assert not signing_in.done()
    with pytest.raises(WrongPassword):
        await signing_in
    assert await rows(db, "SELECT FROM admin_sessions") == []


async def rows(db: Database, statement: str) -> list[tuple[Any, ...]]:
    def work(cursor: Cursor) -> list[tuple[Any, ...]]:
        cursor.execute(statement)
        return cursor.fetchall()

    return await db.run(work)


# Over HTTP.


async def guess(api: Api, name: str, address: str, password: str = "wrong wrong wrong", **headers: str) -> Answer:
    """Try to sign in from an address."""
    return await api.login(name, password, **{"X-Forwarded-For": address}, **headers)


@pytest.fixture
def guesses(anonymous: Api) -> Api:
    """The API, with nothing guessed so far."""
    anonymous.sql("DELETE FROM admin_guesses")
    return anonymous


async def test_who_must_wait_is_told_how_long_and_a_device_that_signed_in_need_not(guesses: Api) -> None:
    name = await guesses.new_admin()
    cookie = (await guess(guesses, name, HERE, PASSWORD)).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/api/v1/auth"} <= {each.strip() for each in cookie.split(";")}
    assert (await guess(guesses, name, HERE)).status == 401
    guesses.sql("UPDATE admin_guesses SET wait_until = now() + INTERVAL '10 minutes'")
    for forged in ("", "gym_device=x", "gym_device=a.b.c"):
        waits = await guess(guesses, name, HERE, PASSWORD, Cookie=forged)
        assert (waits.status, waits.json["error"]) == (429, "too_many_tries")
        assert 0 < int(waits.headers["Retry-After"]) <= 600
    assert (await guess(guesses, name, HERE, PASSWORD, Cookie=cookie.split(";")[0])).status == 200


async def test_an_unknown_name_is_answered_as_a_known_one(guesses: Api) -> None:
    answers = [await guess(guesses, name, HERE) for name in ("nobody", await guesses.new_admin())]
    told = [(answer.status, answer.json["error"], answer.json["detail"]) for answer in answers]
    assert told == [(401, "wrong_password", "The name or the password is wrong.")] * 2


async def test_who_is_signed_in_cannot_guess_either(guesses: Api) -> None:
    name = await guesses.new_admin()
    someone = guesses.as_((await guesses.login(name)).json["access_token"])
    change = {"current_password": "wrong wrong wrong", "new_password": "a better one than that"}
    assert (await someone.ask("POST", "/api/v1/auth/password", json=change)).status == 409
    guesses.sql("UPDATE admin_guesses SET wait_until = now() + INTERVAL '10 minutes'")
    right = change | {"current_password": PASSWORD}
    assert (await someone.ask("POST", "/api/v1/auth/password", json=right)).status == 429
    assert (await someone.ask("GET", "/api/v1/auth/me")).status == 200


async def test_nothing_typed_is_kept(guesses: Api) -> None:
    await guess(guesses, "my password in the wrong field", HERE)
    ((kept,),) = guesses.sql("SELECT string_agg(g::text, '') FROM admin_guesses AS g")
    assert "password" not in kept
    assert HERE not in kept


@pytest.mark.parametrize(
    ("name", "password"),
    [("", "x"), ("x", ""), ("x" * 300, "y" * 70_000), ("a\x00b", "c\x00d"), ("\ud800", "\ud800"), ("é" * 64, "ü" * 64)],
    ids=["no name", "no password", "too large", "NUL", "half a pair", "not ascii"],
)
async def test_hostile_names_and_passwords(guesses: Api, name: str, password: str) -> None:
    body = b"username=" + _quoted(name) + b"&password=" + _quoted(password)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await guesses.ask("POST", "/api/v1/auth/login", data=body, headers=headers)
    assert answer.status in (401, 413, 422), answer.text
    assert set(answer.json) == {"error", "detail", "request_id"}


def _quoted(text: str) -> bytes:
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass")).encode()


# The rules.


@pytest.mark.parametrize(
    ("tried", "seconds"), [(1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (14, 512), (15, 900), (10_000, 900)]
)
def test_each_try_beyond_the_free_ones_doubles_the_wait(tried: int, seconds: int) -> None:
    pair = rules.targets(name_key="ann", address=HERE, device=None)[0]
    assert rules.wait_until(pair, tried, at=NOON) == NOON + timedelta(seconds=seconds)


def test_strangers_are_counted_thrice_and_a_known_device_once() -> None:
    strangers = rules.targets(name_key="ann", address=HERE, device=None)
    assert [(target.free, target.longest) for target in strangers] == [(5, 900), (20, 900), (20, 60)]
    assert len({target.key for target in strangers}) == 3
    (known,) = rules.targets(name_key="ann", address=HERE, device=Device(1, "mark"))
    assert known.key not in {target.key for target in strangers}


@pytest.mark.parametrize(("minutes", "tried"), [(0, 8), (60, 8), (61, 1)])
def test_tries_are_forgotten_an_hour_after_the_last(minutes: int, tried: int) -> None:
    assert rules.tries(7, last_at=NOON - timedelta(minutes=minutes), at=NOON) == tried


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("correct horse", None),
        ("eleven char", rules.Weak.SHORT),
        ("x" * 257, rules.Weak.LONG),
        ("aaaaaaaaaaaa", rules.Weak.SAME_LETTERS),
        ("abcabcabcabc", rules.Weak.SAME_LETTERS),
        ("Ann Smith 1234", rules.Weak.LIKE_THE_NAME),
        ("ann smith and much else besides", None),
    ],
    ids=["good", "short", "long", "one letter", "three letters", "the name", "the name and more"],
)
def test_what_a_password_may_be(password: str, wrong: rules.Weak | None) -> None:
    assert rules.weak(password, name="ann smith") == wrong


def test_a_session_is_renewed_for_a_fortnight_and_ends_after_ninety_days() -> None:
    assert rules.session_end(started_at=NOON, at=NOON) == NOON + timedelta(days=14)
    assert rules.session_end(started_at=NOON, at=NOON + timedelta(days=80)) == NOON + timedelta(days=90)
