"""Rate limits over real sockets: two servers on one database, and what each API answers."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from glean.api_client import Glean, errors

from stook.dialects.access import counted_by
from stook.dialects.answering import AnswerResponse
from stook.identity import indexing_tokens, oauth, tokens, users
from stook.identity.principals import Scope
from stook.rates import EndpointClass
from stook.server.app import create_app
from stook.settings import Settings
from stook.storage.database import Database, open_database
from stook.storage.schema import upgrade
from tests.dialects.served import PATIENCE, Served, serve
from tests.dialects.test_rights import PUBLIC, calls_of

PERSON, OTHER_PERSON = "rita@alderbrook.example", "ines@alderbrook.example"
STRICT = {"STOOK_RATE_LIMITS": "1/d burst 1"}
CHEAP = "/ai/v1/chats"  # of the class "other"
DAY = 86_400
Nodes = tuple[Served, Served]


@contextlib.contextmanager
def made(url: str) -> Iterator[Database]:
    """The database, with two people in it."""
    database = open_database(url)
    try:
        upgrade(database)
        for email in (PERSON, OTHER_PERSON):
            database.write_now(users.add, email)
        yield database
    finally:
        database.close()


def token_of(database: Database, email: str | None, rates: str = "") -> str:
    scopes = set(Scope) - {Scope.ADMIN, Scope.INDEXING}
    return database.write_now(tokens.create, "t", scopes, email, None, rates).secret


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("limited")


@pytest.fixture(scope="module")
def database(data_dir: Path) -> Iterator[Database]:
    with made(f"sqlite:///{data_dir / 'stook.db'}") as database:
        yield database


@pytest.fixture(scope="module")
def nodes(data_dir: Path, database: Database) -> Iterator[Nodes]:
    with serve(data_dir, **STRICT) as one, serve(data_dir, **STRICT) as another:
        yield one, another


@pytest.fixture
def client(nodes: Nodes, database: Database) -> Iterator[httpx.Client]:
    """With a token of its own, for each test."""
    with nodes[0].client(token_of(database, PERSON)) as client:
        yield client


def allowed(nodes: Nodes, token: str, calls: int, **headers: str) -> int:
    """How many calls are let through, made of both servers at once."""

    def call(number: int) -> int:
        sent = {"Authorization": f"Bearer {token}", **headers}
        url = nodes[number % 2].url + CHEAP
        return httpx.get(url, headers=sent, timeout=PATIENCE).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(call, range(calls)))
    assert set(statuses) <= {200, 429}
    return statuses.count(200)


def test_servers_count_together(nodes: Nodes, database: Database) -> None:
    token = token_of(database, PERSON, "other=1/d burst 11")
    assert allowed(nodes, token, 24) == 11
    assert allowed(nodes, token_of(database, PERSON), 4) == 1


def test_servers_count_together_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    settings = {**STRICT, "STOOK_DATABASE_URL": postgres_url}
    with (
        made(postgres_url) as database,
        serve(tmp_path, **settings) as one,
        serve(tmp_path, **settings) as another,
    ):
        token = token_of(database, PERSON, "other=1/d burst 11")
        assert allowed((one, another), token, 24) == 11
        assert allowed((one, another), token_of(database, PERSON), 4) == 1


def test_a_global_token_counts_against_whom_it_acts_for(nodes: Nodes, database: Database) -> None:
    one, another = token_of(database, None), token_of(database, None)
    person, other = ({"X-Glean-ActAs": email} for email in (PERSON, OTHER_PERSON))
    assert allowed(nodes, one, 4, **person) == 1
    assert allowed(nodes, another, 4, **person) == 0
    assert allowed(nodes, another, 4, **other) == 1
    assert allowed(nodes, token_of(database, PERSON), 4) == 1


def refused(call: Callable[[], httpx.Response]) -> httpx.Response:
    """The second answer, which says when to try again."""
    assert call().status_code != 429
    answer = call()
    assert answer.status_code == 429
    assert DAY - 600 < int(answer.headers["Retry-After"]) <= DAY
    return answer


def test_glean(client: httpx.Client) -> None:
    answer = refused(lambda: client.post("/rest/api/v1/listchats"))
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"
    assert answer.text == "Too many calls: other may be called once a day with this token.\n"


def test_the_released_client_of_glean(nodes: Nodes, database: Database) -> None:
    with Glean(api_token=token_of(database, PERSON), server_url=nodes[1].url) as glean:
        glean.client.chat.list()
        with pytest.raises(errors.GleanError) as told:
            glean.client.chat.list()
    assert told.value.status_code == 429
    assert int(told.value.headers["retry-after"]) > DAY - 600


def test_platform(client: httpx.Client) -> None:
    answer = refused(lambda: client.post("/api/search", json={"query": "holidays"}))
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["code"]) == (429, "rate_limit_exceeded")
    assert told["detail"].startswith("Too many calls: search may be called once a day")


def test_gleen(client: httpx.Client) -> None:
    answer = refused(lambda: client.post("/api/v1/send_message", json={"query_text": "Hello?"}))
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert list(answer.json()) == ["error"]
    assert answer.json()["error"].startswith("rate limit exceeded")


def test_gloo(client: httpx.Client) -> None:
    answer = refused(lambda: client.get(CHEAP))
    told = answer.json()
    assert (told["error"], told["code"]) == ("Rate limit exceeded", "too_many_requests")
    wait = int(answer.headers["X-RateLimit-Reset"]) - time.time()
    assert DAY - 600 < wait <= DAY + 1


def test_access_tokens_of_gloo(nodes: Nodes, database: Database) -> None:
    new = database.write_now(oauth.create_client, "app", PERSON, "other=1/d burst 3")
    form = {"grant_type": "client_credentials"}
    credentials = (new.client_id, new.client_secret)

    def ask() -> httpx.Response:
        return httpx.post(
            nodes[0].url + "/oauth2/token", data=form, auth=credentials, timeout=PATIENCE
        )

    secret = ask().json()["access_token"]
    assert allowed(nodes, secret, 6) == 3
    answer = ask()
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")


def test_indexing(nodes: Nodes, database: Database) -> None:
    def client(rates: str) -> httpx.Client:
        only = indexing_tokens.Limits()
        new = database.write_now(indexing_tokens.create, "t", only, None, rates)
        return nodes[0].client(new.secret)

    with client("") as strict, client("off") as free:
        answer = refused(lambda: strict.post("/api/index/v1/getusercount", json={}))
        assert answer.text.startswith("Too many calls: indexing may be called once a day")
        refused(lambda: strict.post("/api/index/v1/bulkindexusers", json={}))
        assert [free.post("/api/index/v1/getusercount", json={}).status_code != 429] * 5


def test_who_is_refused_is_not_counted(client: httpx.Client, nodes: Nodes) -> None:
    """Neither strangers nor calls beyond a token's rights take anything from its bucket."""
    for _ in range(3):
        assert client.post("/api/index/v1/getusercount", json={}).status_code == 403
        assert httpx.get(nodes[0].url + CHEAP, timeout=PATIENCE).status_code == 401
    assert client.get(CHEAP).status_code == 200


def test_every_route_has_a_class_of_calls() -> None:
    app, walked = create_app(Settings()), set()
    for route in iter_route_contexts(app.routes):
        operations = {(method.lower(), route.path) for method in route.methods or ()}
        if not getattr(route, "include_in_schema", False) or operations <= PUBLIC:
            continue
        counted = [counted_by[call] for call in calls_of(route) if call in counted_by]
        assert len(counted) == 1, f"{operations} are not limited; their caller must be"
        answers = AnswerResponse.__name__ in str(route.endpoint.__annotations__.get("return"))
        if answers and "POST" in (route.methods or ()):
            assert counted[0] in (EndpointClass.CHAT, EndpointClass.AGENTS), operations
        walked |= operations
    described = {
        (method, path) for path, methods in app.openapi()["paths"].items() for method in methods
    }
    assert walked == described - PUBLIC
