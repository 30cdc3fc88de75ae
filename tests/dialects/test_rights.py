"""Who may do and see what, through every door."""

from __future__ import annotations

import inspect
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi.routing import iter_route_contexts

from stook.dialects.access import datasource_checks, scopes_of
from stook.identity import tokens, users
from stook.identity.principals import Scope
from stook.server.app import create_app
from stook.server.page import ROUTES, WIDGET
from stook.settings import Settings
from stook.storage import clock
from stook.storage.tables import access_set_users
from tests.dialects.served import (
    INSIDER,
    READER,
    SECRET_QUESTION,
    SECRET_WORD,
    Credentials,
    Served,
    make_token,
    opened,
)

PUBLIC = {
    ("get", "/health"),
    ("get", "/ready"),
    ("post", "/oauth2/token"),
    ("get", "/.well-known/jwks.json"),
    ("get", "/platform/v2/models"),
    ("post", "/api/stook/v1/sign-in"),
    ("get", "/api/stook/v1/sign-in/options"),
    ("post", "/api/stook/v1/sign-in/password"),
    ("get", "/api/stook/v1/sign-in/oidc"),
    ("get", "/api/stook/v1/sign-in/oidc/callback"),
}
INDEXING = ("/api/index/", "/rest/api/index/")
IN_NO_DATASOURCE = {  # any indexing token may call these
    ("post", "/api/index/v1/rotatetoken"),
    ("get", "/rest/api/index/custom-metadata/schema/{groupName}"),
}
INTO_A_PUBLISHER = {
    ("post", "/ingestion/v2/files"),
    ("post", "/ingestion/v1/real_time_upload"),
    ("post", "/engine/v2/item"),
    ("get", "/engine/v2/publisher/{publisher_id}/items"),
}
ACCEPTS = ("application/json", "text/plain", "text/event-stream")


def calls_of(route: Any) -> set[Any]:
    """Everything that a route depends on, at any depth."""
    waiting, found = list(route.dependant.dependencies), set()
    while waiting:
        part = waiting.pop()
        found.add(part.call)
        waiting += part.dependencies
    return found


def routes(client: httpx.Client) -> Iterator[tuple[str, str]]:
    """Every operation that the server describes, but those that need no caller."""
    paths = client.get("/openapi.json").json()["paths"]
    for path, operations in paths.items():
        for method in operations:
            if (method, path) not in PUBLIC:
                yield method, path


def test_stranger_gets_nowhere(stranger: httpx.Client) -> None:
    walked = list(routes(stranger))
    assert len(walked) >= 11
    for method, path in walked:
        for token in (
            None,
            "",
            "Bearer",
            "Bearer stook_x",
            "Basic eDp5",
            "Bearer a.b.c",
            "x" * 9000,
        ):
            headers = {} if token is None else {"Authorization": token}
            for content in (b"", b"{", b"{}"):
                answer = stranger.request(method, path, content=content, headers=headers)
                assert answer.status_code == 401, (method, path, token)
                assert answer.headers["www-authenticate"]


def test_every_route_is_described() -> None:
    """Nothing answers outside the description: the walk above has seen every door."""
    app = create_app(Settings())
    described = {(method, path) for path, each in app.openapi()["paths"].items() for method in each}
    served = {
        (method.lower(), route.path)
        for route in iter_route_contexts(app.routes)
        for method in set(route.methods or ()) - {"HEAD"}
    }
    assert described <= served
    files_of_page = {
        ("get", path) for path in (*ROUTES, WIDGET, "/assets/{name}")
    }  # nobody's in particular
    assert served - described - files_of_page == {("get", "/"), ("get", "/openapi.json")}


def test_every_handler_says_in_its_signature_what_it_needs_of_its_caller() -> None:
    """One dependency checks the token's scopes, or one the datasource that is pushed into."""
    for route in iter_route_contexts(create_app(Settings()).routes):
        (method, *_) = set(route.methods or ()) - {"HEAD"}
        operation = (method.lower(), route.path)
        if not getattr(route, "include_in_schema", False) or operation in PUBLIC:
            continue
        calls = calls_of(route)
        scopes = [scopes_of[call] for call in calls if call in scopes_of]
        pushes = any(call in datasource_checks for call in calls)
        if operation[1].startswith(INDEXING):
            assert pushes == (operation not in IN_NO_DATASOURCE), operation
        else:
            assert len(scopes) == 1 and scopes[0], operation
            assert pushes == (operation in INTO_A_PUBLISHER), operation
        source = inspect.getsource(route.endpoint)
        assert not re.search(r"\.(require|check|check_unrestricted)\(", source), operation


def test_token_without_the_scope_gets_nowhere(
    served: Served, people: Credentials, stranger: httpx.Client
) -> None:
    with served.client(people.unscoped) as feedback, served.client(people.reader) as chat:
        for method, path in routes(stranger):
            client = chat if path.endswith("/feedback") else feedback
            answer = client.request(method, path, content=b"{")
            assert answer.status_code == 403, (method, path)
            assert "lacks the scope" in answer.text or "Forbidden" in answer.text


def test_expired_revoked_and_orphaned_tokens(
    data_dir: Path, served: Served, stranger: httpx.Client
) -> None:
    with opened(data_dir) as database:
        gone = "gone@alderbrook.example"
        database.write_now(users.add, gone, "Gone")
        orphaned = make_token(database, gone)
        database.write_now(users.deactivate, gone)
        new = database.write_now(tokens.create, "revoked", [Scope.CHAT], READER)
        database.write_now(tokens.revoke, new.id)
        expires_at = clock.now() + 500_000
        expired = make_token(database, READER, expires_at=expires_at)
    while clock.now() <= expires_at:
        time.sleep(0.05)
    for token in (orphaned, new.secret, expired):
        for method, path in routes(stranger):
            headers = {"Authorization": f"Bearer {token}"}
            answer = stranger.request(method, path, content=b"{}", headers=headers)
            assert answer.status_code == 401, (method, path)


def secret_requests() -> Iterator[tuple[str, dict[str, Any], str]]:
    """The question for the secret, in the words of each API, whole and streamed."""
    message = {"author": "USER", "fragments": [{"text": SECRET_QUESTION}]}
    for accept in ACCEPTS:
        for stream in (False, True):
            yield "/rest/api/v1/chat", {"messages": [message], "stream": stream}, accept
            yield "/api/v1/send_message", {"query_text": SECRET_QUESTION, "stream": stream}, accept
            yield "/ai/v1/message", {"query": SECRET_QUESTION, "stream": stream}, accept
            yield "/ai/v1/message/kallm", {"query": SECRET_QUESTION, "stream": stream}, accept


@pytest.mark.parametrize(("path", "body", "accept"), list(secret_requests()))
def test_restricted_words_come_out_for_those_with_the_right_only(
    reader: httpx.Client, insider: httpx.Client, path: str, body: dict[str, Any], accept: str
) -> None:
    told = insider.post(path, json=body, headers={"Accept": accept})
    assert told.status_code == 200 and SECRET_WORD in told.text
    hidden = reader.post(path, json=body, headers={"Accept": accept})
    assert hidden.status_code == 200
    for word in (SECRET_WORD, "sextant", "stipend.md", "secrets"):
        assert word not in hidden.text


def test_right_is_taken_away_and_given_at_once(
    data_dir: Path, reader: httpx.Client, insider: httpx.Client
) -> None:
    column = access_set_users.c
    with opened(data_dir) as database:
        own = sa.select(column.access_set_id).where(column.user_ref == INSIDER)
        insiders = list(database.read_now(lambda connection: connection.scalars(own)))

    def give_to(connection: sa.Connection, email: str) -> None:
        change = sa.update(access_set_users).where(column.access_set_id.in_(insiders))
        connection.execute(change.values(user_ref=email))

    body = {"query_text": SECRET_QUESTION}
    chat_id = insider.post("/ai/v1/message", json={"query": SECRET_QUESTION}).json()["chat_id"]

    def stored() -> str:
        gloo = insider.get("/ai/v1/chat", params={"chat_id": chat_id})
        glean = insider.post("/rest/api/v1/getchat", json={"id": chat_id[1:]})
        again = {"query": "What about them?", "chat_id": chat_id}
        return gloo.text + glean.text + insider.post("/ai/v1/message", json=again).text

    assert SECRET_WORD in stored()
    with opened(data_dir) as database:
        database.write_now(give_to, READER)
        try:
            assert SECRET_WORD not in stored() and "stipend.md" not in stored()
            assert SECRET_WORD in reader.post("/api/v1/send_message", json=body).text
            assert SECRET_WORD not in insider.post("/api/v1/send_message", json=body).text
        finally:
            database.write_now(give_to, INSIDER)
    assert SECRET_WORD in insider.post("/api/v1/send_message", json=body).text
    assert SECRET_WORD in stored()


def test_acting_as_somebody_else_needs_a_global_token(
    served: Served, people: Credentials, stranger: httpx.Client
) -> None:
    body = {"query_text": SECRET_QUESTION}
    own = {"Authorization": f"Bearer {people.reader}", "X-Glean-ActAs": "ines@alderbrook.example"}
    assert stranger.post("/api/v1/send_message", json=body, headers=own).status_code == 403
    own["Authorization"] = f"Bearer {people.everyone}"
    assert SECRET_WORD in stranger.post("/api/v1/send_message", json=body, headers=own).text


def test_questions_are_not_logged(served: Served, reader: httpx.Client) -> None:
    word = "Xylographer"
    reader.post("/api/v1/send_message", json={"query_text": f"What does the {word} earn?"})
    reader.post("/ai/v1/message", json={"query": word, "chat_id": f"c{word}"})
    reader.get("/ai/v1/chat", params={"chat_id": word})
    last = reader.post(f"/rest/api/v1/{word}", json={"messages": word})
    assert served.logged(last.headers["X-Request-Id"])
    lines = [json.loads(line) for line in served.log.read_text().splitlines()]
    assert word not in served.log.read_text()
    assert SECRET_WORD not in served.log.read_text()
    requests = [line for line in lines if line["event"] == "request"]
    assert {"method", "route", "status", "milliseconds", "token_id", "request_id"} <= set(
        requests[-1]
    )
    assert any(line["route"] == "/ai/v1/message" and line["token_id"] for line in requests)
