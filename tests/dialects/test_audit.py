"""The audit log: what is written down, who may read it, how it is narrowed and exported."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from stook.identity import audit, indexing_tokens, tokens
from stook.identity.audit import Action, Actor, Deed
from stook.identity.indexing_tokens import Limits
from stook.identity.principals import Scope
from tests.dialects.administrators import ADMINISTRATION, ADMINISTRATOR, administering
from tests.dialects.served import (
    PATIENCE,
    READER,
    Credentials,
    Served,
    opened,
    stook,
)
from tests.dialects.test_stook import API, signed_in

AUDIT = f"{ADMINISTRATION}/audit"


@pytest.fixture(scope="module")
def page(served: Served, data_dir: Path, people: Credentials) -> Iterator[httpx.Client]:
    """A browser of the administrator's."""
    with administering(served, data_dir) as client:
        yield client


def events(page: httpx.Client, **wanted: str) -> list[dict[str, Any]]:
    """What was done, the newest first, through all pages."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        answer = page.get(AUDIT, params=wanted | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        found += answer.json()["events"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return found


def newest(page: httpx.Client, **wanted: str) -> tuple[str, str, str]:
    first = events(page, **wanted)[0]
    return first["actor"], first["action"], first["subject"]


def test_sessions_are_written_down(served: Served, data_dir: Path, page: httpx.Client) -> None:
    with signed_in(served, data_dir, READER) as browser:
        begun = events(page, action="session.begun", actor=READER)[0]
        assert begun["subject"] == READER and begun["credential"].startswith("ses_")
        assert browser.post(f"{API}/sign-out").status_code == 200
    ended = events(page, action="session.ended", actor=READER)[0]
    assert ended["details"]["session"] == begun["credential"]


def test_what_the_command_line_does_is_written_down(data_dir: Path, page: httpx.Client) -> None:
    made = stook("token", "create", "night bot", "--scopes", "CHAT", "--user", READER, "--json",
                 data_dir=data_dir)  # fmt: skip
    token = json.loads(made)["id"]
    stook("token", "revoke", token, data_dir=data_dir)
    stook("group", "add", "watch", "--member", READER, data_dir=data_dir)
    stook("group", "remove", "watch", "--yes", data_dir=data_dir)
    done = events(page, actor="command line")
    assert [(each["action"], each["subject"]) for each in done[:4]] == [
        ("group.removed", "watch"),
        ("group.member_added", "watch"),
        ("token.revoked", token),
        ("token.made", token),
    ]
    assert json.loads(made)["token"] not in str(done)


def test_acting_as_somebody_is_written_down_once(
    served: Served, data_dir: Path, page: httpx.Client
) -> None:
    with opened(data_dir) as database:
        scopes = [Scope.CHAT, Scope.ADMIN]
        everybody = database.write_now(tokens.create, "relay", scopes, None).secret
    with served.client(everybody) as program:
        program.headers["X-Glean-ActAs"] = READER
        for _ in range(3):
            assert program.get(f"{API}/me").status_code == 200
        until = time.monotonic() + PATIENCE
        while not (found := events(page, action="token.acted_as", subject=READER, actor="relay")):
            assert time.monotonic() < until
        (acted,) = found
        assert acted["actor"] == "relay" and acted["credential"].startswith("tok_")
        program.headers["X-Glean-ActAs"] = ADMINISTRATOR
        group = {"name": "acted", "members": []}
        assert program.post(f"{API}/administration/group", json=group).status_code == 200
    added = events(page, action="group", subject="acted")[0]
    assert added["actor"] == f"relay, as {ADMINISTRATOR}"


def test_what_connectors_change_of_permissions_is_written_down(
    served: Served, data_dir: Path, page: httpx.Client
) -> None:
    with opened(data_dir) as database:
        token = database.write_now(indexing_tokens.create, "tide connector", Limits())
    document = {
        "datasource": "tides", "objectType": "Note", "id": "n1", "title": "Tide",
        "viewURL": "https://tides.example/n1",
        "body": {"mimeType": "text/plain", "textContent": "The tide turns at nine."},
    }  # fmt: skip
    config = {"name": "tides", "displayName": "Tides", "urlRegex": "https://tides.example/.*"}
    grants = {"allowAnonymousAccess": True}
    named = {"datasource": "tides", "objectType": "Note", "id": "n1"}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("adddatasource", config),
        ("indexdocument", {"document": document}),
        ("updatepermissions", {**named, "permissions": grants, "viewURL": document["viewURL"]}),
        ("indexgroup", {"datasource": "tides", "group": {"name": "crew"}}),
        ("deletegroup", {"datasource": "tides", "groupName": "crew"}),
        ("deletedocument", named),
        ("deletedocument", named),
    ]
    with served.client(token.secret) as connector:
        for name, body in calls:
            answer = connector.post(f"/api/index/v1/{name}", json=body)
            assert answer.status_code == 200, answer.text
    done = events(page, actor="tide connector")
    assert [each["action"] for each in reversed(done)] == [
        "datasource.configured",
        "document.permissions_changed",
        "group.added",
        "group.removed",
        "document.removed",
    ]
    changed = done[3]["details"]
    assert changed["datasource"] == "tides" and changed["permissions"]["everyone"]
    assert "turns at nine" not in str(done)


def test_the_settings_that_a_server_starts_with_are_written_down(page: httpx.Client) -> None:
    started = events(page, action="settings")
    assert started[-1]["actor"] == "server"
    assert started[-1]["details"]["STOOK_LOG_FORMAT"] == "json"


def test_the_log_is_narrowed_by_the_server(data_dir: Path, page: httpx.Client) -> None:
    with opened(data_dir) as database:
        many = [Deed(Action.SIGN_IN_REFUSED, f"p{n}@narrow.example") for n in range(120)]
        database.write_now(audit.record_all, Actor("nadia@narrow.example"), many)
    found = events(page, actor="NADIA@narrow")
    assert [each["subject"] for each in found] == [f"p{n}@narrow.example" for n in range(120)][::-1]
    assert len(events(page, actor="nadia", subject="p11")) == 11
    assert len(events(page, actor="nadia", action="session")) == 120
    assert not events(page, actor="nadia", action="session.begun")
    at = found[0]["at"]
    assert events(page, actor="nadia", since=at) == found
    assert not events(page, actor="nadia", until=at)
    assert page.get(AUDIT, params={"since": "yesterday"}).status_code == 400


def test_an_export_is_whole_inert_and_written_down(data_dir: Path, page: httpx.Client) -> None:
    with opened(data_dir) as database:
        formula = '=HYPERLINK("https://x.example")'
        deeds = [Deed(Action.LINK_MADE, formula)] + [Deed(Action.LINK_MADE, "s")] * 1100
        database.write_now(audit.record_all, Actor("elke@export.example"), deeds)
    wanted = {"actor": "elke@export"}
    answer = page.get(f"{AUDIT}/export", params=wanted | {"kind": "csv"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 1101 and rows[-1]["subject"] == f"'{formula}"
    lines = page.get(f"{AUDIT}/export", params=wanted | {"kind": "jsonl"}).text.splitlines()
    assert json.loads(lines[-1])["subject"] == formula and len(lines) == 1101
    assert newest(page, action="audit") == (ADMINISTRATOR, "audit.exported", "")


def test_the_log_is_for_administrators(served: Served, data_dir: Path, page: httpx.Client) -> None:
    with signed_in(served, data_dir, READER) as person:
        for address in (AUDIT, f"{AUDIT}/export"):
            assert person.get(address).status_code == 403
