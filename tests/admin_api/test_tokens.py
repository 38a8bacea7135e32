"""Tokens: forged, old, foreign, revoked and reused ones are answered alike; good ones count until they do not."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.admin_api.conftest import BOT_TOKEN, JWT_SECRET, PASSWORD, Answer, Api

Claims = dict[str, Any]
HEADER = {"alg": "HS256", "typ": "JWT"}
SIGN_IN_FIRST = "Sign in first, or again: this token does not count, or no more."


def part(content: Any) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def signed(claims: Any, header: Any = HEADER, *, secret: str = JWT_SECRET, digest: str = "sha256") -> str:
    """Make a token by hand, for no library makes these."""
    body = f"{part(header)}.{part(claims)}"
    signature = hmac.digest(secret.encode(), body.encode(), digest)
    return f"{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def claims_of(token: str) -> Claims:
    text = token.split(".")[1]
    found: Claims = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def flipped(token: str, where: int) -> str:
    other = "A" if token[where] != "A" else "B"
    return token[:where] + other + token[where:][1:]


NOW = int(time.time())  # tests may run many minutes later
ATTACKS: dict[str, Callable[[Claims, str], str]] = {
    "nothing": lambda claims, token: "",
    "rubbish": lambda claims, token: "a.b.c",
    "two parts": lambda claims, token: token.rpartition(".")[0],
    "four parts": lambda claims, token: f"{token}.x",
    "very long": lambda claims, token: "x" * 8000,
    "none": lambda claims, token: f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}.",
    "None, in capitals": lambda claims, token: f"{part({'alg': 'NONE', 'typ': 'JWT'})}.{part(claims)}.",
    "none, but signed": lambda claims, token: signed(claims, {"alg": "none", "typ": "JWT"}),
    "no algorithm": lambda claims, token: signed(claims, {"typ": "JWT"}),
    "signature left out": lambda claims, token: token.rpartition(".")[0] + ".",
    "HS512": lambda claims, token: signed(claims, {"alg": "HS512", "typ": "JWT"}, digest="sha512"),
    "says RS256, signed by HMAC": lambda claims, token: signed(claims, {"alg": "RS256", "typ": "JWT"}),
    "says ES256, signed by HMAC": lambda claims, token: signed(claims, {"alg": "ES256", "typ": "JWT"}),
    "kid to a file": lambda claims, token: signed(claims, HEADER | {"kid": "../../../../dev/null"}, secret=""),
    "kid with our key": lambda claims, token: signed(claims, HEADER | {"kid": "1"}),
    "kid that is SQL": lambda claims, token: signed(claims, HEADER | {"kid": "' OR 1=1 --"}),
    "a key of their own in the header": lambda claims, token: signed(
        claims, HEADER | {"jwk": {"kty": "oct", "k": part("attacker")}}, secret="attacker"
    ),
    "jku": lambda claims, token: signed(claims, HEADER | {"jku": "http://127.0.0.1:1/keys"}, secret="attacker"),
    "crit": lambda claims, token: signed(claims, HEADER | {"crit": ["exp"]}),
    "another secret": lambda claims, token: signed(claims, secret="x" * 40),
    "empty secret": lambda claims, token: signed(claims, secret=""),
    "no exp": lambda claims, token: signed({name: claims[name] for name in claims if name != "exp"}),
    "exp is null": lambda claims, token: signed(claims | {"exp": None}),
    "exp long ago": lambda claims, token: signed(claims | {"iat": NOW - 2000, "exp": NOW - 1100}),
    "exp a second ago": lambda claims, token: signed(claims | {"iat": NOW - 800, "exp": NOW - 1}),
    "exp in a year": lambda claims, token: signed(claims | {"exp": NOW + 31_536_000}),
    "exp a second too far": lambda claims, token: signed(claims | {"exp": claims["iat"] + 901}),
    "exp infinite": lambda claims, token: signed(json.dumps(claims).replace(str(claims["exp"]), "Infinity")),
    "exp 1e999": lambda claims, token: signed(json.dumps(claims).replace(str(claims["exp"]), "1e999")),
    "exp NaN": lambda claims, token: signed(json.dumps(claims).replace(str(claims["exp"]), "NaN")),
    "exp of 400 digits": lambda claims, token: signed(json.dumps(claims).replace(str(claims["exp"]), "9" * 400)),
    "exp as text": lambda claims, token: signed(claims | {"exp": str(claims["exp"])}),
    "exp true": lambda claims, token: signed(claims | {"exp": True}),
    "iat in the future": lambda claims, token: signed(
        claims | {"iat": int(time.time()) + 300, "exp": int(time.time()) + 900}
    ),
    "iat negative": lambda claims, token: signed(claims | {"iat": -1}),
    "no iat": lambda claims, token: signed({name: claims[name] for name in claims if name != "iat"}),
    "no sub": lambda claims, token: signed({name: claims[name] for name in claims if name != "sub"}),
    "no aud": lambda claims, token: signed({name: claims[name] for name in claims if name != "aud"}),
    "no iss": lambda claims, token: signed({name: claims[name] for name in claims if name != "iss"}),
    "no jti": lambda claims, token: signed({name: claims[name] for name in claims if name != "jti"}),
    "no session": lambda claims, token: signed({name: claims[name] for name in claims if name != "sid"}),
    "aud of users": lambda claims, token: signed(claims | {"aud": "gym-user"}),
    "aud of devices": lambda claims, token: signed(claims | {"aud": "gym-device"}),
    "aud a list": lambda claims, token: signed(claims | {"aud": ["gym-admin", "gym-user"]}),
    "another iss": lambda claims, token: signed(claims | {"iss": "elsewhere"}),
    "another admin's sub": lambda claims, token: signed(claims | {"sub": str(int(claims["sub"]) + 1)}),
    "sub a number": lambda claims, token: signed(claims | {"sub": int(claims["sub"])}),
    "sub huge": lambda claims, token: signed(claims | {"sub": "9" * 20}),
    "sub that is SQL": lambda claims, token: signed(claims | {"sub": "1 OR 1=1"}),
    "a session that is none": lambda claims, token: signed(claims | {"sid": str(uuid4())}),
    "a session that is no UUID": lambda claims, token: signed(claims | {"sid": "x"}),
    "a session that is a list": lambda claims, token: signed(claims | {"sid": [claims["sid"]]}),
    "claims are a list": lambda claims, token: signed([1]),
    "claims nested deep": lambda claims, token: signed('{"a":' * 3000 + "1" + "}" * 3000),
    "a bit of the header": lambda claims, token: flipped(token, 5),
    "a bit of the claims": lambda claims, token: flipped(token, token.index(".") + 12),
    "the first letter of the signature": lambda claims, token: flipped(token, token.rindex(".") + 1),
    "a letter within the signature": lambda claims, token: flipped(token, token.rindex(".") + 20),
}


def assert_refused(answer: Answer) -> None:
    """401, one body for all, and the header that says how to sign in."""
    assert answer.status == 401, answer.text
    assert {name: answer.json[name] for name in ("error", "detail")} == {
        "error": "unauthorized",
        "detail": SIGN_IN_FIRST,
    }
    assert set(answer.json) == {"error", "detail", "request_id"}
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def new_pair(api: Api) -> tuple[Api, str, str]:
    """An admin who signs in: the API as they see it, their refresh token, their name."""
    name = await api.new_admin()
    answer = await api.login(name)
    assert answer.status == 200, answer.text
    return api.as_(answer.json["access_token"]), answer.json["refresh_token"], name


async def test_the_token_that_all_attacks_start_from_is_good(admin: Api) -> None:
    for token in (admin.token, signed(claims_of(admin.token))):
        assert (await admin.as_(token).ask("GET", "/api/v1/auth/me")).status == 200


@pytest.mark.parametrize("attack", ATTACKS)
async def test_a_forged_token_opens_nothing(admin: Api, attack: str) -> None:
    forged = ATTACKS[attack](claims_of(admin.token), admin.token)
    assert_refused(await admin.as_("").ask("GET", "/api/v1/auth/me", headers={"Authorization": f"Bearer {forged}"}))


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Basic {token}", "Token {token}", "{token}", "Bearer {token} {token}", "Bearer  "],
    ids=["empty", "no token", "basic", "another scheme", "no scheme", "two", "blank"],
)
async def test_a_token_comes_as_a_bearer_alone(admin: Api, header: str) -> None:
    given = {"Authorization": header.format(token=admin.token)}
    assert_refused(await admin.as_("").ask("GET", "/api/v1/auth/me", headers=given))


async def test_a_token_in_the_address_or_a_cookie_opens_nothing(admin: Api) -> None:
    nobody = admin.as_("")
    for name in ("token", "access_token", "authorization"):
        given = {"Cookie": f"{name}={admin.token}"}
        assert_refused(await nobody.ask("GET", f"/api/v1/auth/me?{name}={admin.token}", headers=given))


async def test_a_session_that_is_over_opens_nothing_from_the_next_request_on(anonymous: Api) -> None:
    someone, refresh, _ = await new_pair(anonymous)
    assert (await someone.ask("POST", "/api/v1/auth/logout")).status == 204
    assert_refused(await someone.ask("GET", "/api/v1/auth/me"))
    assert_refused(await someone.ask("POST", "/api/v1/auth/logout"))
    assert_refused(await anonymous.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": refresh}))


async def test_everywhere_means_every_session_of_this_admin_and_of_no_other(anonymous: Api, admin: Api) -> None:
    first, _, name = await new_pair(anonymous)
    second = anonymous.as_((await anonymous.login(name)).json["access_token"])
    assert (await first.ask("POST", "/api/v1/auth/logout-everywhere")).status == 204
    for ended in (first, second):
        assert_refused(await ended.ask("GET", "/api/v1/auth/me"))
    assert (await admin.ask("GET", "/api/v1/auth/me")).status == 200


async def test_a_session_ends_by_itself(anonymous: Api) -> None:
    someone, refresh, _ = await new_pair(anonymous)
    someone.sql("UPDATE admin_sessions SET expires_at = now() WHERE id = %s", claims_of(someone.token)["sid"])
    assert_refused(await someone.ask("GET", "/api/v1/auth/me"))
    assert_refused(await anonymous.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": refresh}))


async def test_a_disabled_admin_is_out_at_once(anonymous: Api) -> None:
    someone, refresh, name = await new_pair(anonymous)
    someone.sql("UPDATE admins SET disabled_at = now() WHERE name = %s", name)
    assert_refused(await someone.ask("GET", "/api/v1/auth/me"))
    assert_refused(await anonymous.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": refresh}))
    wrong = await anonymous.login(name)
    assert (wrong.status, wrong.json["error"]) == (401, "wrong_password")


async def test_a_refresh_token_counts_once_and_its_second_time_ends_the_family(anonymous: Api) -> None:
    first, refresh, _ = await new_pair(anonymous)
    renewed = await anonymous.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": refresh})
    assert renewed.status == 200
    assert renewed.json["refresh_token"] != refresh
    second = anonymous.as_(renewed.json["access_token"])
    for each in (first, second):
        assert (await each.ask("GET", "/api/v1/auth/me")).status == 200
    assert_refused(await anonymous.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": refresh}))
    for each in (first, second):
        assert_refused(await each.ask("GET", "/api/v1/auth/me"))
    assert "refresh_token_reused" in anonymous.process.events()
    newest = renewed.json["refresh_token"]
    assert_refused(await anonymous.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": newest}))


async def test_of_two_at_once_one_renews_and_the_family_ends(anonymous: Api) -> None:
    _, refresh, _ = await new_pair(anonymous)
    asked = [anonymous.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": refresh}) for _ in range(5)]
    answers = sorted(await asyncio.gather(*asked), key=lambda answer: answer.status)
    assert [answer.status for answer in answers] == [200, 401, 401, 401, 401]
    assert_refused(await anonymous.as_(answers[0].json["access_token"]).ask("GET", "/api/v1/auth/me"))


@pytest.mark.parametrize(
    "token",
    ["x", "ä" * 64, "A" * 64, "A" * 63, "=" * 64, "-" * 200, "\u0000" * 64],
    ids=["short", "not ascii", "no session", "odd", "padding", "dashes", "zeros"],
)
async def test_a_refresh_token_that_is_none(anonymous: Api, token: str) -> None:
    assert_refused(await anonymous.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": token}))


async def test_an_access_token_renews_nothing_and_a_refresh_token_opens_nothing(anonymous: Api) -> None:
    someone, refresh, _ = await new_pair(anonymous)
    assert_refused(await anonymous.as_(refresh).ask("GET", "/api/v1/auth/me"))
    too_long = await anonymous.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": someone.token})
    assert too_long.status == 422


async def test_no_token_and_no_password_is_kept_or_logged(anonymous: Api) -> None:
    someone, refresh, name = await new_pair(anonymous)
    ((kept,),) = someone.sql("SELECT refresh_hash FROM admin_sessions WHERE id = %s", claims_of(someone.token)["sid"])
    assert bytes(kept) == hashlib.sha256(refresh.encode()).digest()
    ((password_hash,),) = someone.sql("SELECT password_hash FROM admins WHERE name = %s", name)
    assert password_hash.startswith("$argon2id$")
    said = anonymous.process.log.read_text(encoding="utf-8")
    for secret in (someone.token, refresh, PASSWORD, password_hash, JWT_SECRET):
        assert secret not in said


async def test_another_password_ends_the_other_sessions(anonymous: Api) -> None:
    first, _, name = await new_pair(anonymous)
    second = anonymous.as_((await anonymous.login(name)).json["access_token"])
    change = {"current_password": PASSWORD, "new_password": "a better one than that"}
    wrong = await first.ask("POST", "/api/v1/auth/password", json=change | {"current_password": "wrong" * 3})
    assert (wrong.status, wrong.json["error"]) == (409, "wrong_password")
    weak = await first.ask("POST", "/api/v1/auth/password", json=change | {"new_password": "short"})
    assert (weak.status, weak.json["error"]) == (409, "bad_password")
    assert (await second.ask("GET", "/api/v1/auth/me")).status == 200
    assert (await first.ask("POST", "/api/v1/auth/password", json=change)).status == 204
    assert (await first.ask("GET", "/api/v1/auth/me")).status == 200
    assert_refused(await second.ask("GET", "/api/v1/auth/me"))
    assert (await anonymous.login(name)).status == 401
    assert (await anonymous.login(name, "a better one than that")).status == 200
    ((action, after),) = first.sql(
        "SELECT action, after FROM audit AS e JOIN admins AS a ON a.id = e.admin_id WHERE a.name = %s", name
    )
    assert (action, after) == ("password", {"sessions_ended": True})


# Telegram.


def init_data(user: Any, *, age: int = 0, token: str = BOT_TOKEN, **more: str) -> str:
    """What a Mini App would be given, signed as Telegram does."""
    fields = {"auth_date": str(int(time.time()) - age), "query_id": "AAE", "user": json.dumps(user)} | more
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", token.encode(), "sha256")
    return urlencode(fields | {"hash": hmac.digest(key, lines.encode(), "sha256").hex()})


async def exchange(api: Api, given: str) -> Answer:
    return await api.ask("POST", "/api/v1/auth/telegram", json={"init_data": given})


async def test_who_comes_from_telegram_gets_a_token_for_their_own(anonymous: Api, person: int) -> None:
    answer = await exchange(anonymous, init_data({"id": person, "first_name": "Ann & Co <3"}))
    assert (answer.status, answer.json["expires_in"]) == (200, 900)
    someone = anonymous.as_(answer.json["access_token"])
    profile = await someone.ask("GET", "/api/v1/user/profile")
    assert (profile.status, profile.json["id"]) == (200, person)
    assert_refused(await someone.ask("GET", "/api/v1/muscles"))
    assert_refused(await someone.ask("GET", "/api/v1/auth/me"))


@pytest.mark.parametrize(
    "given",
    [
        lambda user: init_data(user, age=3660),
        lambda user: init_data(user, age=-300),
        lambda user: init_data(user, token="5401000001:another_0123456789abcdef"),
        lambda user: init_data(user).replace("first_name", "first_nome"),
        lambda user: init_data(user) + "&user=%7B%22id%22%3A1%7D",
        lambda user: init_data(user, auth_date="never"),
        lambda user: init_data(user, auth_date="9" * 400),
        lambda user: init_data(user | {"id": str(user["id"])}),
        lambda user: init_data(user | {"id": True}),
        lambda user: init_data(user | {"id": 2**64}),
        lambda user: init_data([user]),
        lambda user: init_data(user).rpartition("hash=")[0] + "hash=",
        lambda user: init_data(user).rpartition("&hash=")[0],
        lambda user: "hash",
        lambda user: "&".join(f"a{number}=1" for number in range(200)),
    ],
    ids=[
        "an hour old",
        "from the future",
        "another bot's",
        "changed",
        "two users",
        "no date",
        "a huge date",
        "id is text",
        "id is true",
        "id too great",
        "user is a list",
        "empty hash",
        "no hash",
        "rubbish",
        "many fields",
    ],
)
async def test_init_data_that_is_not_telegrams(anonymous: Api, person: int, given: Callable[[Any], str]) -> None:
    assert_refused(await exchange(anonymous, given({"id": person, "first_name": "Ann"})))


async def test_whom_the_bot_does_not_know_is_told_so(anonymous: Api) -> None:
    answer = await exchange(anonymous, init_data({"id": 999_999_999, "first_name": "Nobody"}))
    assert (answer.status, answer.json["error"]) == (404, "stranger")


async def test_who_erased_themselves_is_out_at_once(
    anonymous: Api, person: int, user_token: Callable[..., str]
) -> None:
    someone = anonymous.as_(user_token(person))
    assert (await someone.ask("GET", "/api/v1/user/profile")).status == 200
    anonymous.sql("DELETE FROM users WHERE id = %s", person)
    assert_refused(await someone.ask("GET", "/api/v1/user/profile"))


@pytest.mark.parametrize("change", [{"aud": "gym-admin"}, {"sub": "0"}, {"sub": "x"}, {"sub": "9" * 30}, {"sub": ""}])
async def test_a_forged_user_token_opens_nothing(
    anonymous: Api, person: int, user_token: Callable[..., str], change: Claims
) -> None:
    someone = anonymous.as_(signed(claims_of(user_token(person)) | change))
    assert_refused(await someone.ask("GET", "/api/v1/user/profile"))
