"""API tokens, OAuth clients, and who they say is asking."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
from typing import Any

import pytest
import sqlalchemy as sa
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from stook.errors import (
    Forbidden,
    InvalidRequest,
    MissingScope,
    NotFound,
    StookError,
    Unauthenticated,
)
from stook.identity import credentials, oauth, signing, tokens, users
from stook.identity.authentication import authenticate
from stook.identity.principals import Caller, Scope, administrators_view
from stook.storage import clock, tables
from stook.storage.database import Database

HOUR = 3600


@pytest.fixture
def people(database: Database) -> Database:
    for email, name in (("ana@x.org", "Ana"), ("bob@x.org", "Bob"), ("old@x.org", "Old")):
        database.write_now(users.add, email, name)
    database.write_now(users.deactivate, "old@x.org")
    return database


def user_token(database: Database, *scopes: Scope) -> tokens.NewToken:
    return database.write_now(tokens.create, "t", scopes or (Scope.CHAT,), "ana@x.org")


def global_token(database: Database, *scopes: Scope) -> tokens.NewToken:
    return database.write_now(tokens.create, "g", scopes or (Scope.CHAT,))


def access_token(database: Database, lifetime: int = HOUR) -> tuple[oauth.NewClient, str]:
    client = database.write_now(oauth.create_client, "app", "ana@x.org")
    issued = database.write_now(oauth.issue_access_token, *_pair(client), lifetime)
    return client, issued.token


def _pair(client: oauth.NewClient) -> tuple[str, str]:
    return client.client_id, client.client_secret


# --- API tokens --------------------------------------------------------------------------------


async def test_a_user_token_acts_for_its_user(people: Database) -> None:
    new = user_token(people, Scope.CHAT, Scope.SEARCH)
    scopes = frozenset({Scope.CHAT, Scope.SEARCH})
    ana = Caller("ana@x.org", "Ana", scopes, new.id, counted_as=new.id)
    assert await authenticate(people, new.secret) == ana
    assert await authenticate(people, new.secret, " ANA@x.org ") == ana
    with pytest.raises(Forbidden, match="its own user only"):
        await authenticate(people, new.secret, "bob@x.org")


async def test_a_global_token_acts_for_whom_it_names(people: Database) -> None:
    new = global_token(people)
    bob = await authenticate(people, new.secret, "Bob@X.org")
    assert (bob.email, bob.name, bob.token_id) == ("bob@x.org", "Bob", new.id)
    with pytest.raises(InvalidRequest, match="Required header missing: X-Glean-ActAs"):
        await authenticate(people, new.secret)
    for nobody in ("eve@x.org", "old@x.org", "nonsense", "\0", "\ud800@x.org", "x" * 9999):
        with pytest.raises(Unauthenticated, match="Invalid identity"):
            await authenticate(people, new.secret, nobody)


async def test_a_token_for_indexing_needs_nobody_to_act_for(people: Database) -> None:
    new = global_token(people, Scope.INDEXING)
    assert await authenticate(people, new.secret) == Caller(
        None, "g", frozenset({Scope.INDEXING}), new.id, counted_as=new.id
    )
    both = global_token(people, Scope.INDEXING, Scope.SEARCH)
    with pytest.raises(InvalidRequest, match="ActAs"):
        await authenticate(people, both.secret)


async def test_what_is_no_token_is_refused(people: Database) -> None:
    secret = user_token(people).secret
    unknown = credentials.new_secret()
    for wrong in (
        unknown,
        secret[:-1],
        secret + "0",
        secret.upper(),
        "x",
        "\0",
        "\ud800",
        "stook_",
    ):
        with pytest.raises(Unauthenticated, match="Invalid Secret"):
            await authenticate(people, wrong)
    with pytest.raises(Unauthenticated, match="required"):
        await authenticate(people, "")
    for malformed in ("a.b.c", "..", "x" * 9000, "\ud800.\0.x"):
        with pytest.raises(Unauthenticated, match="Invalid token format"):
            await authenticate(people, malformed)


async def test_expired_revoked_and_deactivated_are_refused(people: Database) -> None:
    later = clock.now() + 60_000_000
    short = people.write_now(tokens.create, "t", [Scope.CHAT], "ana@x.org", later)
    assert (await authenticate(people, short.secret)).token_id == short.id
    passed = sa.update(tables.tokens).values(expires_at=clock.now())
    await people.write(lambda c: c.execute(passed).rowcount)
    with pytest.raises(Unauthenticated, match="expired"):
        await authenticate(people, short.secret)
    revoked, kept = user_token(people), user_token(people)
    await people.write(tokens.revoke, revoked.id)
    with pytest.raises(Unauthenticated, match="revoked"):
        await authenticate(people, revoked.secret)
    assert (await authenticate(people, kept.secret)).email == "ana@x.org"
    await people.write(users.deactivate, "ana@x.org")
    with pytest.raises(Unauthenticated, match="deactivated"):
        await authenticate(people, kept.secret)


async def test_use_is_recorded_at_most_once_a_minute(people: Database) -> None:
    new = user_token(people)

    async def last_used() -> int | None:
        await people.write(lambda c: c.scalar(sa.select(1)))  # behind what is recorded later
        (token,) = [t for t in await people.read(tokens.list_all) if t.id == new.id]
        return token.last_used_at

    assert await last_used() is None
    await authenticate(people, new.secret)
    first = await _until_set(last_used)
    await authenticate(people, new.secret)
    assert await last_used() == first
    await people.write(tokens.record_use, new.id, first + tokens.USE_RECORDED_EVERY - 1)
    assert await last_used() == first
    await people.write(tokens.record_use, new.id, first + tokens.USE_RECORDED_EVERY)
    assert await last_used() == first + tokens.USE_RECORDED_EVERY


async def _until_set(last_used: object) -> int:
    for _ in range(1000):
        value: int | None = await last_used()  # type: ignore[operator]
        if value is not None:
            return value
        await asyncio.sleep(0.01)
    raise AssertionError("the use was never recorded")


def test_the_secret_is_stored_nowhere(people: Database) -> None:
    new = user_token(people)
    rows = people.read_now(lambda c: c.execute(sa.select(tables.tokens)).all())
    assert new.secret not in repr(rows)
    assert len(rows[0].secret_hash) == 64
    listed = people.read_now(tokens.list_all)
    assert [(t.id, t.name, t.user_email) for t in listed] == [(new.id, "t", "ana@x.org")]


def test_tokens_that_make_no_sense_are_refused(people: Database) -> None:
    refused: list[tuple[tuple[Any, ...], type[StookError]]] = [
        (("", [Scope.CHAT]), InvalidRequest),
        (("t\0", [Scope.CHAT]), InvalidRequest),
        (("t", []), InvalidRequest),
        (("t", ["NO_SUCH_SCOPE"]), InvalidRequest),
        (("t", [Scope.CHAT], "eve@x.org"), NotFound),
        (("t", [Scope.CHAT], "old@x.org"), InvalidRequest),
        (("t", [Scope.CHAT], ""), InvalidRequest),  # must not become a global one
        (("t", [Scope.CHAT], None, clock.now() - 1), InvalidRequest),
    ]
    for arguments, error in refused:
        with pytest.raises(error):
            people.write_now(tokens.create, *arguments)
    assert people.read_now(tokens.list_all) == []
    with pytest.raises(NotFound):
        people.write_now(tokens.revoke, "tok_unknown")


def test_secrets_can_be_told_from_look_alikes() -> None:
    made = {credentials.new_secret() for _ in range(200)}
    assert len(made) == 200
    for secret in made:
        assert credentials.is_well_formed(secret)
        assert len(secret) == len("stook_") + 43 + 6
        changed = secret[:20] + ("a" if secret[20] != "a" else "b") + secret[21:]
        assert not credentials.is_well_formed(changed)


def test_a_scope_that_is_missing_is_named() -> None:
    Caller("ana@x.org", scopes=frozenset({Scope.CHAT})).require(Scope.CHAT)
    with pytest.raises(MissingScope, match="SEARCH"):
        Caller("ana@x.org", scopes=frozenset({Scope.CHAT})).require(Scope.SEARCH)


# --- OAuth -------------------------------------------------------------------------------------


def test_only_administrators_see_with_an_administrators_eyes() -> None:
    eyes = administrators_view(Caller("ana@x.org", scopes=frozenset({Scope.ADMIN})))
    assert eyes.sees_all and eyes.email == "ana@x.org"
    assert not eyes.referring_to(["a"]).sees_all
    with pytest.raises(MissingScope):
        administrators_view(Caller("ana@x.org", scopes=frozenset({Scope.SEARCH})))
    with pytest.raises((TypeError, AttributeError)):
        dataclasses.replace(Caller("ana@x.org"), sees_all=True)  # type: ignore[call-arg]


async def test_an_access_token_acts_for_the_user_of_its_client(people: Database) -> None:
    client, token = access_token(people)
    ana = await authenticate(people, token)
    assert (ana.email, ana.token_id) == ("ana@x.org", client.client_id)
    assert ana.scopes == {Scope.CHAT, Scope.SEARCH}
    with pytest.raises(Forbidden):
        await authenticate(people, token, "bob@x.org")


def test_an_access_token_says_what_clients_expect(people: Database) -> None:
    client, token = access_token(people)
    published: Any = people.read_now(oauth.jwks)
    keys = KeySet.import_key_set(published)
    claims = jwt.decode(token, keys, ["ES256"]).claims
    assert claims["sub"] == claims["client_id"] == client.client_id
    assert (claims["scope"], claims["token_use"]) == ("api/access", "access")
    assert claims["exp"] == claims["iat"] + HOUR
    assert claims["iss"]
    assert len(claims["jti"]) == 32


def test_the_public_keys_hold_nothing_private(people: Database) -> None:
    access_token(people)
    (key,) = people.read_now(oauth.jwks)["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


async def test_wrong_client_credentials_are_refused(people: Database) -> None:
    client, _ = access_token(people)
    for wrong in (
        (client.client_id, credentials.new_secret()),
        (client.client_id, ""),
        ("0" * 26, client.client_secret),
        ("\0", client.client_secret),
        ("", ""),
    ):
        with pytest.raises(Unauthenticated, match="Invalid client credentials"):
            await people.write(oauth.issue_access_token, *wrong, HOUR)


async def test_revoking_a_client_ends_its_access_tokens(people: Database) -> None:
    client, token = access_token(people)
    await people.write(oauth.revoke_client, client.client_id)
    with pytest.raises(Unauthenticated, match="revoked"):
        await authenticate(people, token)
    with pytest.raises(Unauthenticated):
        await people.write(oauth.issue_access_token, *_pair(client), HOUR)
    with pytest.raises(NotFound):
        await people.write(oauth.revoke_client, "unknown")
    (listed,) = await people.read(oauth.list_clients)
    assert listed.revoked_at is not None


async def test_deactivating_the_user_ends_access_tokens(people: Database) -> None:
    client, token = access_token(people)
    await people.write(users.deactivate, "ana@x.org")
    with pytest.raises(Unauthenticated, match="deactivated"):
        await authenticate(people, token)
    with pytest.raises(Unauthenticated, match="deactivated"):
        await people.write(oauth.issue_access_token, *_pair(client), HOUR)


def test_clients_that_make_no_sense_are_refused(people: Database) -> None:
    for name, email, error in (
        ("", "ana@x.org", InvalidRequest),
        ("app", "eve@x.org", NotFound),
        ("app", "old@x.org", InvalidRequest),
    ):
        with pytest.raises(error):
            people.write_now(oauth.create_client, name, email)


async def test_access_tokens_expire(people: Database) -> None:
    _, token = access_token(people, lifetime=0)
    with pytest.raises(Unauthenticated, match="expired"):
        await authenticate(people, token)


async def test_forged_access_tokens_are_refused(people: Database) -> None:
    client, token = access_token(people)
    header, payload, signature = token.split(".")
    known = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
    now = clock.now() // 1_000_000
    claims = {
        "sub": client.client_id,
        "iss": oauth.ISSUER,
        "iat": now,
        "exp": now + HOUR,
        "token_use": "access",
    }
    stranger = ECKey.generate_key("P-256")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": known}).encode()).decode()
    other = "A" if signature[0] != "A" else "B"
    for forged in (
        jwt.encode({"alg": "ES256", "kid": known}, claims, stranger, ["ES256"]),
        jwt.encode({"alg": "ES256", "kid": "key_of_mine"}, claims, stranger, ["ES256"]),
        jwt.encode({"alg": "ES256", "kid": "\0"}, claims, stranger, ["ES256"]),
        jwt.encode({"alg": "ES256"}, claims, stranger, ["ES256"]),
        f"{none.rstrip('=')}.{payload}.",
        f"{header}.{payload}.{other}{signature[1:]}",
        f"{header}.{payload[:-4]}AAAA.{signature}",
    ):
        with pytest.raises(Unauthenticated, match=r"Invalid (Secret|token format)"):
            await authenticate(people, forged)


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "another"},
        {"token_use": "id"},
        {"exp": 4_000_000_000},  # lives longer than any token that is issued
        {"exp": "soon"},
        {"exp": None},
        {"iat": None},
        {"iat": "now"},
        {"iat": 4_000_000_000},
        {"exp": 1_000},
        {"sub": None},
        {"sub": ["a"]},
    ],
)
async def test_claims_that_are_never_issued_are_refused(
    people: Database, change: dict[str, object]
) -> None:
    client, _ = access_token(people)
    now = clock.now() // 1_000_000
    claims = {
        "sub": client.client_id,
        "iss": oauth.ISSUER,
        "iat": now,
        "exp": now + HOUR,
        "token_use": "access",
    }
    token = people.write_now(signing.sign, claims)
    assert (await authenticate(people, token)).email == "ana@x.org"
    wrong = people.write_now(signing.sign, claims | change)
    with pytest.raises(Unauthenticated):
        await authenticate(people, wrong)


async def test_a_rotated_key_verifies_what_it_signed(people: Database) -> None:
    client, old = access_token(people)
    key_id = await people.write(signing.rotate)
    new = (await people.write(oauth.issue_access_token, *_pair(client), HOUR)).token
    assert json.loads(base64.urlsafe_b64decode(new.split(".")[0] + "=="))["kid"] == key_id
    for token in (old, new):
        assert (await authenticate(people, token)).email == "ana@x.org"
    assert len((await people.read(oauth.jwks))["keys"]) == 2


async def test_a_key_that_leaked_verifies_nothing_any_more(people: Database) -> None:
    client, old = access_token(people)
    await people.write(signing.rotate, distrust=True)
    with pytest.raises(Unauthenticated, match="Invalid Secret"):
        await authenticate(people, old)
    new = (await people.write(oauth.issue_access_token, *_pair(client), HOUR)).token
    assert (await authenticate(people, new)).email == "ana@x.org"


async def test_a_retired_key_signs_nothing_new(people: Database) -> None:
    _, token = access_token(people)
    retired = sa.update(tables.signing_keys).values(retired_at=clock.now() - 120_000_000)
    await people.write(lambda c: c.execute(retired).rowcount)
    with pytest.raises(Unauthenticated, match="Invalid Secret"):
        await authenticate(people, token)


async def test_the_first_key_is_made_once(people: Database) -> None:
    client = await people.write(oauth.create_client, "app", "ana@x.org")
    issued = await asyncio.gather(
        *(people.write(oauth.issue_access_token, *_pair(client), HOUR) for _ in range(8))
    )
    assert len((await people.read(oauth.jwks))["keys"]) == 1
    for token in issued:
        assert (await authenticate(people, token.token)).email == "ana@x.org"
