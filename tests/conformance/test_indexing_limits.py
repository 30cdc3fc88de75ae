"""What the Indexing API understands though it is loose, what it refuses, and whom."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from glean.api_client import Glean, errors

from stook.identity import indexing_tokens, tokens
from stook.identity.indexing_tokens import Limits
from tests.conformance.test_indexing import (
    ADA,
    ADDRESS,
    Source,
    client,
    raw,
    source,
    token,
)
from tests.dialects.served import PATIENCE, Served, make_token, opened, stook

__all__ = ["client", "raw", "source", "token"]  # fixtures
pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_loose_requests_are_understood(
    source: Source, raw: httpx.Client, content_type: str
) -> None:
    loose = f"""{{"uploadId": 7, "datasource": "{source.name}", "isFirstPage": "true",
        "isLastPage": "true", "forceRestartUpload": "True", "unknown": [], "documents": [{{
        "datasource": "{source.name}", "id": 12, "objectType": "Page", "title": "Loose",
        "viewURL": "{ADDRESS}12", "body": "Only text.", "tags": "one", "author": "Ada",
        "createdAt": "2026-01-02T03:04:05Z", "updatedAt": "1795000000", "summary": null,
        "permissions": {{"allowAnonymousAccess": "true", "allowedUsers": null}}}}]}}"""
    answer = raw.post(
        "/api/index/v1/bulkindexdocuments",
        content=loose,
        headers={"Content-Type": content_type},
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert source.may_see("12", ADA)


@pytest.mark.parametrize(
    "change",
    [
        {"viewURL": "https://elsewhere.example/1"},
        {"viewURL": ""},
        {"viewURL": f"javascript:alert(1)//{ADDRESS}"},
        {"id": "x" * 201},
        {"objectType": "two words"},
        {"datasource": "nosuchsource"},
        {"createdAt": {}},
        {"permissions": {"allowedGroups": ["x" * 500]}},
    ],
)
def test_wrong_documents_are_refused(
    source: Source, raw: httpx.Client, change: dict[str, Any]
) -> None:
    document = {"datasource": source.name, "id": "w", "viewURL": f"{ADDRESS}w", **change}
    answer = raw.post("/api/index/v1/indexdocument", json={"document": document})
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"
    assert answer.text.count("\n") == 1
    assert source.count() == 0


@pytest.mark.parametrize("name", ["", "two words", "scioGroup", " x"])
def test_wrong_group_names_are_refused(source: Source, raw: httpx.Client, name: str) -> None:
    body = {"datasource": source.name, "group": {"name": name}}
    assert raw.post("/api/index/v1/indexgroup", json=body).status_code == 400


def test_tokens_are_for_their_datasource_address_and_api(
    served: Served, data_dir: Path, source: Source, token: str
) -> None:
    def made(*options: str) -> httpx.Client:
        arguments = ("token", "create", "limited", "--scopes", "INDEXING", "--json", *options)
        return served.client(
            httpx.Response(200, text=stook(*arguments, data_dir=data_dir)).json()["token"]
        )

    own, path = {"datasource": source.name}, "/api/index/v1/getdocumentcount"
    with made("--datasource", source.name, "--from", "127.0.0.0/8") as right:
        assert right.post(path, json=own).status_code == 200
        assert right.post(path, json={"datasource": "other"}).status_code == 403
        employee = {"employee": {"email": ADA, "department": "x"}}
        assert right.post("/api/index/v1/indexemployee", json=employee).status_code == 403
        assert right.post("/rest/api/v1/search", json={"query": "x"}).status_code in (400, 403)
        assert right.post("/rest/api/v1/listchats").status_code in (400, 403)
    with made("--from", "203.0.113.0/24") as elsewhere:
        assert elsewhere.post(path, json=own).status_code == 403
    with opened(data_dir) as database:
        chatting = make_token(database, ADA)
    with served.client(chatting) as chat:
        answer = chat.post(path, json=own)
        assert answer.status_code == 403 and "INDEXING" in answer.text


def test_a_rotated_token(served: Served, data_dir: Path, source: Source) -> None:
    with opened(data_dir) as database:
        limits = Limits(rotation_minutes=2880)
        secret = database.write_now(indexing_tokens.create, "turns", limits).secret
    with Glean(api_token=secret, server_url=served.url) as glean:
        rotated = glean.indexing.authentication.rotate_token()
        assert rotated.rotation_period_minutes == 2880
        assert abs(rotated.created_at - time.time()) < PATIENCE
        assert glean.indexing.documents.count(datasource=source.name).document_count == 0
        with pytest.raises(
            errors.GleanError
        ) as told:  # the old secret still works, but not for this
            glean.indexing.authentication.rotate_token()
        assert told.value.status_code == 401
    with Glean(api_token=rotated.raw_secret, server_url=served.url) as glean:
        assert glean.indexing.documents.count(datasource=source.name).document_count == 0
        third = glean.indexing.authentication.rotate_token().raw_secret
    with served.client(secret) as first:
        body = {"datasource": source.name}
        assert first.post("/api/index/v1/getdocumentcount", json=body).status_code == 401
    with opened(data_dir) as database:
        found = database.read_now(tokens.find_by_secret, third)
        database.write_now(tokens.revoke, found.id)
    with served.client(third) as revoked:
        assert revoked.post("/api/index/v1/getdocumentcount", json=body).status_code == 401
