"""Administration by Stook's own API: for administrators only, whatever a token says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi.routing import iter_route_contexts

from stook.identity import administrators, audit, users
from stook.identity.principals import Scope
from stook.server.app import create_app
from stook.settings import Settings
from stook.storage.tables import administrators as appointed
from tests.dialects.administrators import ADMINISTRATION, ADMINISTRATOR, administering
from tests.dialects.served import (
    INSIDER,
    PATIENCE,
    READER,
    SECRET_QUESTION,
    SECRET_WORD,
    Credentials,
    Served,
    make_token,
    opened,
    stook,
)
from tests.dialects.test_stook import API, PAGE, signed_in


@pytest.fixture(scope="module")
def page(served: Served, data_dir: Path, people: Credentials) -> Iterator[httpx.Client]:
    """A browser of the administrator's."""
    with administering(served, data_dir) as client:
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


# --- documents -----------------------------------------------------------------------------------


def documents(page: httpx.Client, **wanted: str | int) -> dict[str, Any]:
    answer = page.get(f"{ADMINISTRATION}/documents", params=wanted)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_documents_are_listed_found_and_sorted_by_the_server(page: httpx.Client) -> None:
    everything = documents(page)
    assert everything["total"] > len(documents(page, query="holidays")["documents"]) > 0
    newest = documents(page, sort="changed", descending=True)["documents"]
    changed = [each["changed_at"] for each in newest]
    assert changed == sorted(changed, reverse=True)


@pytest.mark.parametrize(
    "cursor",
    ["!", "WyJhIl0=", "WzEsMV0=", "WzEsImEiXQ==", "bnVsbA==", "W3RydWUsImEiXQ==", "Ww==", "e30="],
)
def test_a_cursor_of_somewhere_else_is_refused(page: httpx.Client, cursor: str) -> None:
    answer = page.get(f"{ADMINISTRATION}/documents", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


def test_a_document_tells_who_may_see_it_and_why(page: httpx.Client) -> None:
    (secret,) = documents(page, datasource="secrets")["documents"]
    address = f"{ADMINISTRATION}/documents/{secret['id']}"
    details = page.get(address).json()
    assert details["permissions"]["users"] == [{"realm": "", "name": INSIDER}]
    assert not details["permissions"]["everyone"] and details["passages"] == 1
    (passage,) = page.get(f"{address}/passages").json()["passages"]
    assert SECRET_WORD in passage["text"]
    people = page.get(f"{address}/viewers", params={"query": "alderbrook"}).json()["people"]
    allowed = {each["email"]: each["allowed"] for each in people}
    assert allowed[INSIDER] and not allowed[READER] and not allowed[ADMINISTRATOR]
    assert all(each["reasons"] for each in people)
    (insider,) = page.get(f"{address}/viewers", params={"query": "ines"}).json()["people"]
    assert INSIDER in insider["reasons"][0]


def test_what_a_person_may_see_is_listed(page: httpx.Client) -> None:
    seen = documents(page, person=READER)
    assert seen["total"] == documents(page, person=INSIDER)["total"] - 1
    held = page.get(f"{ADMINISTRATION}/datasources", params={"person": READER}).json()
    assert {each["name"]: each["documents"] for each in held["datasources"]}["secrets"] == 0
    answer = page.get(f"{ADMINISTRATION}/documents", params={"person": "no@alderbrook.example"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_files_of_chats_are_their_persons_own(
    served: Served, data_dir: Path, page: httpx.Client
) -> None:
    with signed_in(served, data_dir, READER) as reader:
        files = {"files": ("note.txt", b"The griffin sleeps at noon.", "text/plain")}
        (kept,) = reader.post(f"{API}/files", files=files).json()["files"]
        until = time.monotonic() + PATIENCE
        while kept["status"] == "PROCESSING" and time.monotonic() < until:
            (kept,) = reader.get(f"{API}/files", params={"ids": kept["id"]}).json()["files"]
        assert reader.get(f"{API}/documents/{kept['document_id']}").status_code == 200
    address = f"{ADMINISTRATION}/documents/{kept['document_id']}"
    for path in ("", "/passages", "/viewers"):
        assert page.get(address + path).status_code == 404
    assert page.delete(address).status_code == 404
    assert documents(page, query="note.txt")["total"] == 0
    assert page.delete(f"{ADMINISTRATION}/datasources/_chat_files").status_code == 400


def test_what_is_removed_is_gone_from_every_answer_and_recorded(
    served: Served, data_dir: Path, page: httpx.Client, tmp_path: Path
) -> None:
    for name in ("griffin", "basilisk"):
        (tmp_path / f"{name}.md").write_text(f"# The {name}\n\nThe {name} sleeps at noon.\n")
    stook("index", str(tmp_path), "--datasource", "beasts", data_dir=data_dir)
    (griffin,) = documents(page, query="griffin", datasource="beasts")["documents"]
    address = f"{ADMINISTRATION}/documents/{griffin['id']}"
    assert page.delete(address).status_code == 200
    assert page.get(address).status_code == 404 and page.delete(address).status_code == 404
    found = page.get(f"{API}/search", params={"query": "griffin basilisk", "exact": True}).json()
    titles = [each["document"]["title"] for each in found["results"]]
    assert "The basilisk" in titles and "The griffin" not in titles
    gone = page.delete(f"{ADMINISTRATION}/datasources/beasts").json()
    assert gone == {"documents": 1, "complete": True}
    assert page.delete(f"{ADMINISTRATION}/datasources/beasts").status_code == 404
    with opened(data_dir) as database:
        recorded = database.read_now(audit.find, audit.Wanted(actor=ADMINISTRATOR), None, 2)
    assert [(each.action, each.subject) for each in recorded] == [
        ("datasource.removed", "beasts"), ("document.removed", griffin["id"]),
    ]  # fmt: skip
    assert all(each.credential.startswith("ses_") for each in recorded)


# --- people, groups, tokens ----------------------------------------------------------------------


def test_an_invited_person_signs_in_once_and_is_signed_out(
    served: Served, page: httpx.Client
) -> None:
    email = "ivo@alderbrook.example"
    invited = page.post(f"{ADMINISTRATION}/people", json={"email": email, "name": "Ivo"}).json()
    with served.client() as browser:
        browser.headers.update(PAGE)
        begun = browser.post(f"{API}/sign-in", json={"link": invited["link"]})
        assert begun.json()["email"] == email and not begun.json()["administrator"]
        details = page.get(f"{ADMINISTRATION}/person", params={"email": email}).json()
        assert len(details["sessions"]) == 1
        ended = page.post(f"{ADMINISTRATION}/people/sign-out", json={"email": email})
        assert ended.json() == {"ended": 1}
        assert browser.get(f"{API}/me").status_code == 401
    shut = page.patch(f"{ADMINISTRATION}/people", json={"email": ADMINISTRATOR, "active": False})
    assert (shut.status_code, shut.json()["code"]) == (400, "invalid_request")


def test_a_group_opens_documents_and_closes_them(
    served: Served, data_dir: Path, page: httpx.Client, tmp_path: Path
) -> None:
    (tmp_path / "kelp.md").write_text("# Kelp\n\nThe kelp is harvested by the diving crew.\n")
    allow = ("--allow", "group:diving", "--allow-unknown")
    stook("index", str(tmp_path), "--datasource", "sea", *allow, data_dir=data_dir)
    member = {"kind": "user", "name": READER}
    with signed_in(served, data_dir, READER) as reader:

        def sees() -> bool:
            found = reader.get(f"{API}/search", params={"query": "kelp harvested", "exact": True})
            return "Kelp" in [each["document"]["title"] for each in found.json()["results"]]

        assert not sees()
        joined = {"name": "diving", "members": [member]}
        assert page.post(f"{ADMINISTRATION}/group", json=joined).status_code == 200
        assert sees()
        found = page.get(f"{ADMINISTRATION}/group", params={"name": "diving"}).json()
        assert (found["documents"], found["members"]) == (1, [member])
        gone = {"name": "diving", "kind": "user", "member": READER}
        assert page.delete(f"{ADMINISTRATION}/group/member", params=gone).status_code == 200
        assert not sees()
    assert page.delete(f"{ADMINISTRATION}/group", params={"name": "diving"}).status_code == 200
    assert page.delete(f"{ADMINISTRATION}/datasources/sea").json()["complete"]


def test_a_token_is_shown_once_and_ends_when_revoked(served: Served, page: httpx.Client) -> None:
    wanted = {"name": "bot", "scopes": ["CHAT"], "email": READER, "days": 1}
    made = page.post(f"{ADMINISTRATION}/tokens", json=wanted).json()
    listed = page.get(f"{ADMINISTRATION}/tokens", params={"query": "bot"}).text
    assert made["id"] in listed and made["token"] not in listed
    with served.client(made["token"]) as program:
        assert program.get(f"{API}/me").json()["email"] == READER
        assert page.delete(f"{ADMINISTRATION}/tokens/{made['id']}").status_code == 200
        assert program.get(f"{API}/me").status_code == 401
    assert page.post(f"{ADMINISTRATION}/tokens", json=wanted | {"scopes": []}).status_code == 400


# --- explanations --------------------------------------------------------------------------------


def test_an_answer_is_explained_as_the_person_would_get_it(
    data_dir: Path, page: httpx.Client
) -> None:
    def explained(email: str) -> dict[str, Any]:
        body = {"question": SECRET_QUESTION, "email": email}
        found: dict[str, Any] = page.post(f"{ADMINISTRATION}/explanation", json=body).json()
        return found

    assert SECRET_WORD in explained(INSIDER)["answer"]
    assert SECRET_WORD not in str(explained(READER))
    unknown = {"question": SECRET_QUESTION, "email": "no@alderbrook.example"}
    assert page.post(f"{ADMINISTRATION}/explanation", json=unknown).status_code == 404
    with opened(data_dir) as database:
        recorded = database.read_now(audit.find, audit.Wanted(action="answer"), None, 9)
    assert [each.subject for each in recorded] == [READER, INSIDER]
    assert SECRET_QUESTION not in str(recorded)
