"""Administration by Stook's own API: for administrators only, whatever a token says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from fastapi.routing import iter_route_contexts

from stook.identity import administrators, users
from stook.identity.principals import Scope
from stook.server.app import create_app
from stook.settings import Settings
from stook.storage.tables import administrators as appointed
from tests.dialects.served import INSIDER, READER, Credentials, Served, make_token, opened
from tests.dialects.test_stook import API, signed_in

ADMINISTRATION = f"{API}/administration"
ADMINISTRATOR = "ada@alderbrook.example"


@pytest.fixture(scope="module")
def page(served: Served, data_dir: Path, people: Credentials) -> Iterator[httpx.Client]:
    """A browser of the administrator's."""
    with opened(data_dir) as database:
        database.write_now(users.add, ADMINISTRATOR, "Ada")
        database.write_now(administrators.appoint, ADMINISTRATOR)
    with signed_in(served, data_dir, ADMINISTRATOR) as client:
        yield client


def doors() -> list[tuple[str, str]]:
    """Every route of administration."""
    return [
        (method, route.path)
        for route in iter_route_contexts(create_app(Settings()).routes)
        if route.path.startswith(ADMINISTRATION)
        for method in sorted(route.methods or ())
    ]


def test_nobody_else_gets_in(
    served: Served, data_dir: Path, page: httpx.Client, people: Credentials
) -> None:
    """Neither a person at the page, nor by tokens with the scope, of their own or a global one."""
    with opened(data_dir) as database:
        own = make_token(database, READER, Scope.ADMIN)
        everybody = make_token(database, None, Scope.ADMIN)
    found = doors()
    assert ("GET", f"{ADMINISTRATION}/overview") in found
    with (
        signed_in(served, data_dir, READER) as person,
        served.client(own) as token,
        served.client(everybody) as acting,
    ):
        acting.headers["X-Glean-ActAs"] = INSIDER
        for method, path in found:
            for client in (person, token, acting):
                answer = client.request(method, path, content=b"{}")
                assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), path
        acting.headers["X-Glean-ActAs"] = ADMINISTRATOR
        assert acting.get(f"{ADMINISTRATION}/overview").status_code == 200


def test_a_token_does_not_outlive_its_owners_office(
    served: Served, data_dir: Path, page: httpx.Client
) -> None:
    former = "fay@alderbrook.example"
    with opened(data_dir) as database:
        database.write_now(users.add, former, "Fay")
        database.write_now(administrators.appoint, former)
        token = make_token(database, former, Scope.ADMIN)
        with signed_in(served, data_dir, former) as browser, served.client(token) as program:
            for client in (browser, program):
                assert client.get(f"{ADMINISTRATION}/overview").status_code == 200
            dismissed = sa.delete(appointed).where(appointed.c.email == former)
            database.write_now(lambda connection: connection.execute(dismissed) and None)
            for client in (browser, program):
                assert client.get(f"{ADMINISTRATION}/overview").status_code == 403


def test_the_overview_says_how_the_server_stands(page: httpx.Client) -> None:
    found = page.get(f"{ADMINISTRATION}/overview").json()
    assert found["counts"]["documents"] > 10 and found["counts"]["passages"] > 10
    assert found["people"]["active"] >= 3 and found["people"]["sessions"] >= 1
    assert found["database"].startswith("SQLite 3.")
    assert all(found["bytes"][name] > 10_000 for name in ("database", "index"))


def test_settings_tell_where_they_come_from(page: httpx.Client) -> None:
    listed = page.get(f"{ADMINISTRATION}/settings").json()["settings"]
    found = {each["name"]: each for each in listed}
    assert found["STOOK_LOG_FORMAT"]["origin"] == "environment"
    assert found["STOOK_RATE_LIMITS"]["origin"] == "default"
