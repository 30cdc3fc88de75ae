"""A session ends with what made it, at the very next request, and makes no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from stook.errors import Forbidden, Unauthenticated
from stook.identity import credentials, oauth, sessions, signing, tokens, users
from stook.identity.authentication import authenticate
from stook.identity.principals import Scope
from stook.storage import clock, tables
from stook.storage.database import Database

ANA = "ana@x.org"
HOUR = 3600


@pytest.fixture
def people(database: Database) -> Database:
    for email in (ANA, "bob@x.org"):
        database.write_now(users.add, email)
    return database


async def session_of(database: Database, secret: str, act_as: str | None = None) -> str:
    maker = await authenticate(database, secret, act_as)
    return (await database.write(sessions.begin, maker)).token


def client_of_ana(database: Database) -> tuple[oauth.NewClient, str]:
    client = database.write_now(oauth.create_client, "app", ANA)
    pair = (client.client_id, client.client_secret)
    return client, database.write_now(oauth.issue_access_token, *pair, HOUR).token


def _expired(connection: sa.Connection, token_id: str) -> None:
    row = tables.tokens.c.id == token_id
    connection.execute(sa.update(tables.tokens).where(row).values(expires_at=clock.now()))


def _removed(connection: sa.Connection, token_id: str) -> None:
    connection.execute(sa.delete(tables.tokens).where(tables.tokens.c.id == token_id))


@pytest.mark.parametrize("owner", [ANA, None])
@pytest.mark.parametrize("end", [tokens.revoke, _expired, _removed])
async def test_a_session_ends_with_its_token(
    people: Database, owner: str | None, end: Callable[[sa.Connection, str], None]
) -> None:
    maker = people.write_now(tokens.create, "t", [Scope.CHAT], owner)
    session = await session_of(people, maker.secret, ANA)
    assert (await authenticate(people, session)).email == ANA
    await people.write(end, maker.id)
    with pytest.raises(Unauthenticated, match="ended with the token that made it"):
        await authenticate(people, session)


async def test_a_session_ends_with_its_client(people: Database) -> None:
    client, access = client_of_ana(people)
    session = await session_of(people, access)
    assert (await authenticate(people, session)).email == ANA
    await people.write(oauth.revoke_client, client.client_id)
    with pytest.raises(Unauthenticated, match="ended with the token that made it"):
        await authenticate(people, session)


async def test_a_session_ends_with_a_key_that_leaked(people: Database) -> None:
    _, access = client_of_ana(people)
    session = await session_of(people, access)
    await people.write(signing.rotate)
    assert (await authenticate(people, session)).email == ANA
    await people.write(signing.rotate, distrust=True)
    with pytest.raises(Unauthenticated):
        await authenticate(people, session)


async def test_a_session_ends_with_its_person(people: Database) -> None:
    for owner in (ANA, None):
        maker = people.write_now(tokens.create, "t", [Scope.CHAT], owner)
        session = await session_of(people, maker.secret, ANA)
        await people.write(users.deactivate, ANA)
        with pytest.raises(Unauthenticated, match="deactivated"):
            await authenticate(people, session)
        await people.write(users.add, ANA)


async def test_a_session_lives_no_longer_than_what_made_it(people: Database) -> None:
    soon = clock.now() + 60_000_000
    maker = people.write_now(tokens.create, "t", [Scope.CHAT], ANA, soon)
    principal = await authenticate(people, maker.secret)
    assert (await people.write(sessions.begin, principal)).expires_at == soon
    client = people.write_now(oauth.create_client, "app", ANA)
    pair = (client.client_id, client.client_secret)
    access = people.write_now(oauth.issue_access_token, *pair, 120).token
    principal = await authenticate(people, access)
    begun = await people.write(sessions.begin, principal)
    assert principal.expires_at == begun.expires_at < clock.now() + 121_000_000


async def test_a_session_makes_no_other(people: Database) -> None:
    _, access = client_of_ana(people)
    own = people.write_now(tokens.create, "t", [Scope.CHAT], ANA).secret
    everybodys = people.write_now(tokens.create, "t", [Scope.CHAT]).secret
    for secret, act_as in ((own, None), (everybodys, ANA), (access, None)):
        session = await session_of(people, secret, act_as)
        with pytest.raises(Forbidden, match="makes no other"):
            await session_of(people, session)
        with pytest.raises(Forbidden, match="its own user only"):
            await authenticate(people, session, "bob@x.org")


async def test_sessions_that_ended_are_cleared_away(people: Database) -> None:
    maker = people.write_now(tokens.create, "browser session", [Scope.CHAT], ANA)
    everybodys = people.write_now(tokens.create, "t", [Scope.CHAT])
    session = await session_of(people, maker.secret)
    stored = people.read_now(tokens.find_by_secret, session)
    assert stored is not None and stored.parent_id == maker.id
    await people.write(_expired, stored.id)
    await people.write(_expired, maker.id)
    await session_of(people, everybodys.secret, "bob@x.org")
    assert not await people.read(tokens.find_by_secret, session)
    assert await people.read(tokens.find, maker.id)  # what a person made stays in the list


async def test_an_unknown_parent_is_none(people: Database) -> None:
    made = people.write_now(tokens.create, "t", [Scope.CHAT], ANA, None, "", "", "tok_gone")
    assert credentials.is_well_formed(made.secret)
    with pytest.raises(Unauthenticated, match="ended"):
        await authenticate(people, made.secret)


async def test_a_session_has_no_right_over_people_documents_or_the_server(people: Database) -> None:
    mighty = [Scope.CHAT, Scope.ADMIN, Scope.INDEXING, Scope.SCIM]
    maker = people.write_now(tokens.create, "t", mighty, ANA).secret
    principal = await authenticate(people, await session_of(people, maker))
    assert principal.scopes == {Scope.CHAT}
