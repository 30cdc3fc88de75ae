"""Glean's released client pushes to Stook: documents, people, rights, bulk uploads, tokens."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from glean.api_client import Glean, errors
from glean.api_client.indexing import Indexing

from stook.identity import indexing_tokens, users
from stook.identity.indexing_tokens import Limits
from stook.identity.principals import Scope
from tests.conformance.findings import proves
from tests.dialects.served import PATIENCE, Served, make_token, opened
from tests.knowledge import files_by_code

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")

ADA, BOB = "ada@push.example", "bob@push.example"
ADDRESS = "https://push.example/"


@pytest.fixture(scope="module")
def token(served: Served, data_dir: Path) -> str:
    with opened(data_dir) as database:
        for email in (ADA, BOB):
            database.write_now(users.add, email)
        return database.write_now(indexing_tokens.create, "all", Limits()).secret


@pytest.fixture(scope="module")
def client(served: Served, token: str) -> Iterator[Indexing]:
    with Glean(api_token=token, server_url=served.url, timeout_ms=PATIENCE * 1000) as glean:
        yield glean.indexing


@pytest.fixture
def raw(served: Served, token: str) -> Iterator[httpx.Client]:
    with served.client(token) as opened_client:
        yield opened_client


@dataclass
class Source:
    """A datasource of its own for a test."""

    client: Indexing
    name: str = field(default_factory=lambda: f"push{uuid.uuid4().hex[:10]}")

    def document(self, own_id: str, text: str = "Text.", **more: Any) -> Any:
        return {
            "datasource": self.name,
            "id": own_id,
            "object_type": "Page",
            "title": f"Page {own_id}",
            "view_url": f"{ADDRESS}{own_id}",
            "body": {"mime_type": "text/plain", "text_content": text},
            "permissions": {"allow_anonymous_access": True},
            **more,
        }

    def put(
        self, own_id: str, text: str = "Text.", version: int | None = None, **more: Any
    ) -> None:
        document = self.document(own_id, text, **more)
        self.client.documents.add_or_update(document=document, version=version)

    def may_see(self, own_id: str, email: str) -> bool:
        return bool(
            self.client.documents.check_access(
                datasource=self.name, object_type="Page", doc_id=own_id, user_email=email
            ).has_access
        )

    def status(self, own_id: str) -> Any:
        return self.client.documents.status(datasource=self.name, object_type="Page", doc_id=own_id)

    def count(self) -> int | None:
        return self.client.documents.count(datasource=self.name).document_count

    def wait(self, own_id: str) -> None:
        until = time.monotonic() + PATIENCE
        while self.status(own_id).indexing_status != "INDEXED":
            assert time.monotonic() < until, "not indexed in time"
            time.sleep(0.02)


@pytest.fixture
def source(client: Indexing) -> Source:
    made = Source(client)
    page: Any = {"name": "Page", "doc_category": "KNOWLEDGE_HUB"}
    client.datasources.add(
        name=made.name,
        display_name="Push",
        url_regex=f"^{ADDRESS}.*",
        object_definitions=[page],
        is_user_referenced_by_email=True,
    )
    return made


@pytest.fixture
def search(served: Served, data_dir: Path) -> Iterator[Callable[..., list[Any]]]:
    def found(email: str, query: str, source: Source, **options: Any) -> list[Any]:
        with opened(data_dir) as database:
            secret = make_token(database, email, Scope.SEARCH)
        with Glean(api_token=secret, server_url=served.url) as glean:
            options |= {"datasource_filter": source.name, "facet_bucket_size": 10}
            return glean.client.search.query(query=query, request_options=options).results or []

    yield found


@proves("/api/index/v1/adddatasource", "name", "displayName", "urlRegex", "objectDefinitions")
@proves("/api/index/v1/getdatasourceconfig", "datasource")
def test_configuration_comes_back(client: Indexing, source: Source) -> None:
    held = client.datasources.retrieve_config(datasource=source.name)
    assert (held.name, held.display_name) == (source.name, "Push")
    assert held.object_definitions[0].name == "Page"
    assert held.is_user_referenced_by_email


@proves(
    "/api/index/v1/indexdocument",
    "document",
    "document.datasource",
    "document.id",
    "document.objectType",
    "document.title",
    "document.viewURL",
    "document.body",
    "document.summary",
    "document.comments",
    "document.author",
    "document.container",
    "document.createdAt",
    "document.updatedAt",
    "document.customProperties",
)
@proves("/api/index/v1/getdocumentstatus", "datasource", "objectType", "docId")
def test_a_document_is_searchable_with_all_that_was_said(source: Source, search: Any) -> None:
    source.put(
        "Full",
        "The orrery is oiled on Fridays.",
        summary={"mime_type": "text/html", "text_content": "<p>About the <b>orrery</b>.</p>"},
        comments=[
            {
                "id": "c1",
                "author": {"name": "Bob"},
                "content": {"mime_type": "text/plain", "text_content": "Use whale-free oil."},
                "created_at": 1_795_000_000,
            }
        ],
        author={"email": ADA, "name": "Ada Author"},
        owner={"email": BOB, "name": "Bob Owner"},
        created_at=1_700_000_000,
        updated_at=1_700_000_500,
        tags=["brass"],
        container="Workshop",
        custom_properties=[{"name": "shelf", "value": "B7"}],
    )
    source.wait("full")
    result = search(ADA, "When is the orrery oiled?", source)[0]
    assert result.url == f"{ADDRESS}Full"
    assert "oiled on Fridays" in " ".join(each.text or "" for each in result.snippets)
    metadata = result.document.metadata
    assert metadata.object_type == "Page" and metadata.container == "Workshop"
    assert metadata.update_time.timestamp() == 1_700_000_500
    for query in ("whale-free", "about the orrery", 'from:"Ada Author" orrery'):
        assert search(ADA, query, source), query
    for shelf, count in (("B7", 1), ("C9", 0)):
        equal = [{"value": shelf, "relation_type": "EQUALS"}]
        facet_filters = [{"field_name": "shelf", "values": equal}]
        assert len(search(ADA, "orrery", source, facet_filters=facet_filters)) == count


def test_binary_content_is_read_and_what_cannot_be_read_is_left_out(
    source: Source, search: Any, raw: httpx.Client
) -> None:
    content = base64.b64encode(files_by_code.pdf("The gyroscope spins at dawn.")).decode()
    body = {"mime_type": "application/pdf", "binary_content": content}
    source.put("Pdf", body=body)
    source.put("Broken", body={"mime_type": "application/pdf", "binary_content": "JVBERi0xLjQK"})
    source.wait("Pdf")
    source.wait("Broken")
    assert "gyroscope" in str(search(ADA, "gyroscope spins", source)[0].snippets[0].text)
    assert search(ADA, "Page Broken", source)
    both = {"textContent": "a", "binaryContent": "YQ=="}
    for wrong in (both, {"binaryContent": "%%%"}):
        document = {"datasource": source.name, "id": "x", "viewURL": f"{ADDRESS}x", "body": wrong}
        answer = raw.post("/api/index/v1/indexdocument", json={"document": document})
        assert answer.status_code == 400 and "ontent" in answer.text


@proves("/api/index/v1/checkdocumentaccess", "datasource", "objectType", "docId", "userEmail")
@proves("/api/index/v1/indexuser", "datasource", "user", "user.email", "user.name", "user.userId")
@proves("/api/index/v1/indexgroup", "datasource", "group", "group.name")
@proves(
    "/api/index/v1/indexmembership",
    "datasource",
    "membership",
    "membership.groupName",
    "membership.memberUserId",
    "membership.memberGroupName",
)
@pytest.mark.parametrize(
    ("permissions", "ada", "bob"),
    [
        (None, False, False),
        ({}, False, False),
        ({"allow_anonymous_access": True}, True, True),
        ({"allow_all_datasource_users_access": True}, True, False),
        ({"allowed_users": [{"email": ADA.upper()}]}, True, False),
        ({"allowed_users": [{"datasource_user_id": "u-ada"}]}, True, False),
        ({"allowed_users": [{"email": BOB}]}, False, False),
        ({"allowed_groups": ["outer"]}, True, False),
        ({"allowed_groups": ["unknown"]}, False, False),
        ({"allowed_group_intersections": [{"required_groups": ["inner", "outer"]}]}, True, False),
        ({"allowed_group_intersections": [{"required_groups": ["inner", "none"]}]}, False, False),
        ({"allowed_group_intersections": [{"required_groups": []}]}, False, False),
    ],
)
def test_every_form_of_permissions(
    client: Indexing, source: Source, permissions: dict[str, Any] | None, ada: bool, bob: bool
) -> None:
    ask = client.permissions
    ask.index_user(datasource=source.name, user={"email": ADA, "name": "Ada", "user_id": "u-ada"})
    ask.index_group(datasource=source.name, group={"name": "inner"})
    members: tuple[Any, ...] = (
        {"group_name": "inner", "member_user_id": ADA},
        {"group_name": "outer", "member_group_name": "inner"},
    )
    for member in members:
        ask.index_membership(datasource=source.name, membership=member)
    source.put("P", permissions=permissions)
    assert (source.may_see("P", ADA), source.may_see("p", BOB)) == (ada, bob)
    assert not source.may_see("P", "nobody@push.example")


@proves(
    "/api/index/v1/updatepermissions",
    "datasource",
    "objectType",
    "id",
    "viewURL",
    "permissions",
    "permissions.allowedUsers",
    "permissions.allowedGroups",
)
@proves("/api/index/v1/deleteuser", "datasource", "email")
@proves("/api/index/v1/deletegroup", "datasource", "groupName")
@proves(
    "/api/index/v1/deletemembership",
    "datasource",
    "membership",
    "membership.groupName",
    "membership.memberUserId",
)
@proves("/api/index/v1/indexdocument", "document.permissions")
@proves("/api/index/v1/debug/{datasource}/document", "objectType", "docId")
def test_changed_rights_hold_at_once(client: Indexing, source: Source, search: Any) -> None:
    source.put("Open", "The sundial is in the yard.")
    source.wait("Open")
    assert search(BOB, "sundial yard", source)
    nobody: Any = {"allowed_users": []}
    client.permissions.update_permissions(
        datasource=source.name, object_type="Page", id="OPEN", permissions=nobody
    )
    assert not search(BOB, "sundial yard", source)
    client.permissions.update_permissions(
        datasource=source.name,
        view_url=f"{ADDRESS}Open",
        permissions={"allowed_groups": ["g"]},
    )
    client.permissions.index_user(datasource=source.name, user={"email": BOB, "name": "Bob"})
    member: Any = {"group_name": "g", "member_user_id": BOB}
    client.permissions.index_membership(datasource=source.name, membership=member)
    assert source.may_see("Open", BOB)
    debugged = client.documents.debug(datasource=source.name, object_type="Page", doc_id="Open")
    assert debugged.uploaded_permissions.allowed_groups == ["g"]
    for remove, more in (
        (client.permissions.delete_membership, {"membership": member}),
        (client.permissions.delete_group, {"group_name": "g"}),
        (client.permissions.delete_user, {"email": BOB}),
    ):
        client.permissions.index_user(datasource=source.name, user={"email": BOB, "name": "Bob"})
        client.permissions.index_membership(datasource=source.name, membership=member)
        assert source.may_see("Open", BOB)
        remove(datasource=source.name, **more)
        assert not source.may_see("Open", BOB)


@proves("/api/index/v1/adddatasource", "isTestDatasource")
@proves("/api/index/v1/betausers", "datasource", "emails")
def test_a_test_datasource_is_for_beta_users(client: Indexing) -> None:
    made = Source(client)
    client.datasources.add(name=made.name, url_regex=".*", is_test_datasource=True)
    made.put("T")
    assert not made.may_see("T", ADA)
    client.permissions.authorize_beta_users(datasource=made.name, emails=[ADA])
    assert made.may_see("T", ADA) and not made.may_see("T", BOB)
    seen = client.datasource.status(datasource=made.name).datasource_visibility
    assert seen == "ENABLED_FOR_TEST_GROUP"
    client.datasources.add(name=made.name, url_regex=".*")
    assert made.may_see("T", BOB)


@proves("/api/index/v1/adddatasource", "identityDatasourceName", "isUserReferencedByEmail")
def test_identities_of_another_datasource(client: Indexing, source: Source) -> None:
    other = Source(client)
    client.datasources.add(name=other.name, url_regex=".*", is_user_referenced_by_email=True)
    client.permissions.index_user(datasource=source.name, user={"email": ADA, "name": "Ada"})
    other.put("O", permissions={"allow_all_datasource_users_access": True})
    assert not other.may_see("O", ADA)
    client.datasources.add(name=other.name, url_regex=".*", identity_datasource_name=source.name)
    assert other.may_see("O", ADA)


@proves("/api/index/v1/indexdocument", "version")
@proves("/api/index/v1/deletedocument", "datasource", "objectType", "id", "version")
def test_versions(client: Indexing, source: Source) -> None:
    source.put("V", version=5)
    source.put("V", version=5)
    with pytest.raises(errors.GleanError) as told:
        source.put("V", version=4)
    assert told.value.status_code == 409
    with pytest.raises(errors.GleanError, match="version 5"):
        client.documents.delete(datasource=source.name, object_type="Page", id="v", version=3)
    client.documents.delete(datasource=source.name, object_type="Page", id="v", version=6)
    client.documents.delete(datasource=source.name, object_type="Page", id="v")
    assert source.status("V").upload_status == "NOT_UPLOADED"
    with pytest.raises(errors.GleanError, match="version 6"):
        source.put("V", version=5)


@proves(
    "/api/index/v1/bulkindexdocuments",
    "uploadId",
    "datasource",
    "documents",
    "isFirstPage",
    "isLastPage",
    "forceRestartUpload",
    "disableStaleDocumentDeletionCheck",
    "documents.id",
    "documents.datasource",
)
@proves("/api/index/v1/getdocumentcount", "datasource")
def test_bulk_upload_replaces_the_documents(client: Indexing, source: Source) -> None:
    for own_id in ("old1", "old2"):
        source.put(own_id)

    def send(upload: str, ids: list[str], **flags: Any) -> None:
        client.documents.bulk_index(
            datasource=source.name,
            upload_id=upload,
            documents=[source.document(own_id) for own_id in ids],
            **flags,
        )

    send("u1", ["OLD1"], is_first_page=True)
    with pytest.raises(errors.GleanError) as told:
        send("u2", ["x"], is_first_page=True)
    assert told.value.status_code == 409
    send("u1", ["new2"])
    send("u1", ["new1"])
    send("u1", ["new2"])
    status = client.datasource.status(datasource=source.name).documents
    assert status.bulk_upload_history[0].status == "ACTIVE"
    assert status.bulk_upload_history[0].end_time == "NA"
    send("u1", [], is_last_page=True)
    assert source.count() == 4  # a quarter would go: that waits
    status = client.datasource.status(datasource=source.name).documents
    assert status.bulk_upload_history[0].processing_state == "DELETION PAUSED"
    send("u1", [], is_last_page=True)  # the answer was lost; it comes again
    for _ in range(2):
        send(
            "u3",
            ["only"],
            is_first_page=True,
            is_last_page=True,
            force_restart_upload=True,
            disable_stale_document_deletion_check=True,
        )
    assert source.count() == 1
    assert source.status("old1").upload_status == "NOT_UPLOADED"
    with pytest.raises(errors.GleanError) as told:
        send("never", ["x"])
    assert told.value.status_code == 400


@proves(
    "/api/index/v1/bulkindexusers",
    "uploadId",
    "datasource",
    "isFirstPage",
    "isLastPage",
    "disableStaleDataDeletionCheck",
    "users",
    "users.email",
    "users.name",
)
@proves(
    "/api/index/v1/bulkindexgroups",
    "uploadId",
    "datasource",
    "isFirstPage",
    "isLastPage",
    "disableStaleDataDeletionCheck",
    "groups",
    "groups.name",
)
@proves(
    "/api/index/v1/bulkindexmemberships",
    "uploadId",
    "datasource",
    "isFirstPage",
    "isLastPage",
    "group",
    "memberships",
    "memberships.memberUserId",
)
@proves("/api/index/v1/debug/{datasource}/user", "email")
@proves("/api/index/v1/getusercount", "datasource")
@proves("/api/index/v1/processallmemberships", "datasource")
def test_bulk_identities(client: Indexing, source: Source) -> None:
    whole: dict[str, Any] = {"is_first_page": True, "is_last_page": True}
    name, ask = source.name, client.permissions
    at_once = {**whole, "disable_stale_data_deletion_check": True}
    people: Any = [{"email": ADA, "name": "Ada"}, {"email": BOB, "name": "Bob"}]
    ask.bulk_index_users(datasource=name, upload_id="u1", users=people, **at_once)
    groups: Any = [{"name": "g"}]
    ask.bulk_index_groups(datasource=name, upload_id="g1", groups=groups, **at_once)
    members: Any = [{"member_user_id": ADA}, {"member_user_id": BOB}]
    ask.bulk_index_memberships(
        datasource=name, upload_id="m1", group="g", memberships=members, **whole
    )
    source.put("G", permissions={"allowed_groups": ["g"]})
    assert source.may_see("G", ADA) and source.may_see("G", BOB)
    ask.bulk_index_memberships(
        datasource=name, upload_id="m2", group="g", memberships=members[:1], **whole
    )
    assert source.may_see("G", ADA) and not source.may_see("G", BOB)
    ask.bulk_index_memberships(datasource=name, upload_id="m3", memberships=[], **whole)
    assert source.may_see("G", ADA)
    ask.process_memberships(request={"datasource": name})
    debugged = client.people.debug(datasource=name, email=ADA)
    assert debugged.status.is_active_user
    assert [group.name for group in debugged.uploaded_groups] == ["g"]
    ask.bulk_index_users(datasource=name, upload_id="u2", users=people[1:], **at_once)
    assert not source.may_see("G", ADA)
    assert client.people.count(datasource=name).user_count == 1


@proves(
    "/api/index/v1/debug/{datasource}/documents",
    "debugDocuments",
    "debugDocuments.objectType",
    "debugDocuments.docId",
)
@proves("/api/index/v1/debug/{datasource}/document/events", "objectType", "docId")
def test_debug_answers_have_the_exact_type(source: Source, raw: httpx.Client) -> None:
    source.put("D")
    source.wait("D")
    one = {"objectType": "Page", "docId": "D"}
    path = f"/api/index/v1/debug/{source.name}"
    for call, body in (
        ("status", None),
        ("document", one),
        ("documents", {"debugDocuments": [one, {**one, "docId": "absent"}]}),
        ("user", {"email": ADA}),
        ("document/events", one),
    ):
        answer = raw.post(f"{path}/{call}", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert [each["event"] for each in answer.json()["lifeCycleEvents"]] == ["INDEXED", "UPLOADED"]
    assert raw.post(f"{path}/document/events", json=one).headers["retry-after"]
    status = raw.post(f"{path}/document", json=one).json()["status"]
    assert status["lastIndexedAt"] >= status["lastUploadedAt"]


@proves("/api/index/v1/processalldocuments", "datasource")
def test_processing_is_asked_for_once_in_a_while(client: Indexing, source: Source) -> None:
    client.documents.process_all(request={"datasource": source.name})
    with pytest.raises(errors.GleanError) as told:
        client.documents.process_all(request={"datasource": source.name})
    assert told.value.status_code == 429 and int(told.value.headers["retry-after"]) > 3600
    client.documents.process_all()
    client.permissions.process_memberships()


@pytest.mark.parametrize(
    "item",
    [
        {"memberUserId": ADA, "memberGroupName": "staff"},  # as the official connector classes do
        {"memberUserId": ADA, "groupName": "staff"},
        {"memberUserId": ADA, "memberGroupName": "staff", "groupName": None},
    ],
)
def test_memberships_that_name_their_group(
    source: Source, raw: httpx.Client, item: dict[str, Any]
) -> None:
    source.put("M", permissions={"allowed_groups": ["staff"]})
    for email in (ADA, BOB):
        source.client.permissions.index_user(
            datasource=source.name, user={"email": email, "name": email}
        )
    assert not source.may_see("M", ADA)
    assert memberships(raw, source, item).status_code == 200
    assert source.may_see("M", ADA) and not source.may_see("M", BOB)


@pytest.mark.parametrize(
    "item", [{"memberUserId": BOB}, {"memberGroupName": "staff"}, {}, {"groupName": "staff"}]
)
def test_memberships_of_no_group_are_refused_all_of_them(
    source: Source, raw: httpx.Client, item: dict[str, Any]
) -> None:
    source.put("M", permissions={"allowed_groups": ["staff"]})
    right = {"memberUserId": ADA, "memberGroupName": "staff"}
    answer = memberships(raw, source, right, item)
    assert answer.status_code == 400 and "membership" in answer.text
    assert not source.may_see("M", ADA) and not source.may_see("M", BOB)


def memberships(raw: httpx.Client, source: Source, *given: dict[str, Any]) -> httpx.Response:
    body = {
        "uploadId": uuid.uuid4().hex,
        "datasource": source.name,
        "isFirstPage": True,
        "isLastPage": True,
        "memberships": given,
    }
    return raw.post("/api/index/v1/bulkindexmemberships", json=body)
