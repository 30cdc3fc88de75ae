"""Fields of the indexing calls that the walk through them leaves over."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from glean.api_client import errors
from glean.api_client.indexing import Indexing

from stook.knowledge.intake import people
from tests.conformance.findings import proves
from tests.conformance.test_indexing import (  # noqa: F401  fixtures
    ADA,
    ADDRESS,
    BOB,
    Source,
    client,
    search,
    source,
    token,
)
from tests.dialects.served import opened

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
INDEX = "/api/index/v1"
WHOLE: dict[str, Any] = {"is_first_page": True, "is_last_page": True}
INNER = (
    "datasource",
    "id",
    "objectType",
    "title",
    "viewURL",
    "body",
    "summary",
    "filename",
    "comments",
    "author",
    "owner",
    "permissions",
    "createdAt",
    "updatedAt",
    "customProperties",
    "tags",
    "status",
    "container",
)
FULL: dict[str, Any] = {
    "summary": {"mime_type": "text/plain", "text_content": "On the astrarium."},
    "comments": [
        {"id": "c", "content": {"mime_type": "text/plain", "text_content": "Wind it gently."}}
    ],
    "author": {"name": "Ann Author"},
    "owner": {"name": "Olga Owner"},
    "created_at": 1_700_000_000,
    "updated_at": 1_700_000_500,
    "tags": ["brass"],
    "status": "draft",
    "container": "Tower",
    "custom_properties": [{"name": "shelf", "value": "B7"}],
}


REGATTA = "The regatta begins at ten."
NAMELESS: dict[str, Any] = {"title": "", "filename": "boats/fair-weather_report.txt"}


def check_name(found: Any, source: Source) -> None:  # noqa: F811
    """A document without a title or a heading is called as its file is."""
    (result,) = found(ADA, "When does the regatta begin?", source)
    assert result.title == "fair weather report"


def check(found: Any, source: Source) -> None:  # noqa: F811
    """All of ``FULL`` can be found again."""
    (result,) = found(ADA, "When is the astrarium wound?", source)
    assert result.url == f"{ADDRESS}Full" and result.title == "Page Full"
    metadata = result.document.metadata
    assert (metadata.object_type, metadata.container) == ("Page", "Tower")
    assert metadata.create_time.timestamp() == 1_700_000_000
    assert metadata.update_time.timestamp() == 1_700_000_500
    for query in ("wind it gently", "on the astrarium", 'from:"Ann Author"', 'owner:"Olga Owner"'):
        assert found(ADA, query, source), query
    for name, value in (("shelf", "B7"), ("tag", "brass"), ("status", "draft")):
        for asked, count in ((value, 1), ("other", 0)):
            chosen = {"field_name": name, "values": [{"value": asked}]}
            assert len(found(ADA, "astrarium", source, facet_filters=[chosen])) == count, name


@proves(f"{INDEX}/indexdocument", "document", *(f"document.{name}" for name in INNER))
def test_one_document(source: Source, search: Any) -> None:  # noqa: F811
    source.put("Full", "The astrarium is wound at noon.", **FULL)
    source.put("Nameless", REGATTA, **NAMELESS)
    source.wait("Full")
    check(search, source)
    source.wait("Nameless")
    check_name(search, source)


@proves(f"{INDEX}/indexdocuments", "datasource", "documents", *(f"documents.{n}" for n in INNER))
def test_several_documents(client: Indexing, source: Source, search: Any) -> None:  # noqa: F811
    full = source.document("Full", "The astrarium is wound at noon.", **FULL)
    nameless = source.document("Nameless", REGATTA, **NAMELESS)
    client.documents.index(datasource=source.name, documents=[full, nameless], upload_id="u")
    source.wait("Full")
    source.wait("Nameless")
    check(search, source)
    check_name(search, source)
    client.documents.index(datasource=source.name, documents=[source.document("Third")])
    assert source.count() == 3  # nothing is taken away


@proves(f"{INDEX}/bulkindexdocuments", *(f"documents.{name}" for name in INNER))
def test_documents_in_bulk(client: Indexing, source: Source, search: Any) -> None:  # noqa: F811
    full = source.document("Full", "The astrarium is wound at noon.", **FULL)
    nameless = source.document("Nameless", REGATTA, **NAMELESS)
    client.documents.bulk_index(
        datasource=source.name, upload_id="u", documents=[full, nameless], **WHOLE
    )
    source.wait("Full")
    source.wait("Nameless")
    check(search, source)
    check_name(search, source)


@proves(
    f"{INDEX}/updatepermissions",
    "permissions.allowAnonymousAccess",
    "permissions.allowAllDatasourceUsersAccess",
    "permissions.allowedGroupIntersections",
)
def test_permissions_anew(client: Indexing, source: Source) -> None:  # noqa: F811
    ask = client.permissions
    ask.index_user(datasource=source.name, user={"email": ADA, "name": "Ada"})
    for name in ("north", "south"):
        ask.index_group(datasource=source.name, group={"name": name})
        member: Any = {"group_name": name, "member_user_id": ADA}
        ask.index_membership(datasource=source.name, membership=member)
    source.put("P")
    every: tuple[tuple[Any, bool, bool], ...] = (
        ({"allow_all_datasource_users_access": True}, True, False),
        ({"allow_anonymous_access": True}, True, True),
        ({"allowed_group_intersections": [{"required_groups": ["north", "south"]}]}, True, False),
        ({"allowed_group_intersections": [{"required_groups": ["north", "x"]}]}, False, False),
    )
    for given, ada, bob in every:
        ask.update_permissions(
            datasource=source.name, object_type="Page", id="P", permissions=given
        )
        assert (source.may_see("P", ADA), source.may_see("P", BOB)) == (ada, bob), given


@proves(f"{INDEX}/indexuser", "user.isActive", "version")
@proves(f"{INDEX}/indexgroup", "version")
@proves(f"{INDEX}/indexmembership", "version")
@proves(f"{INDEX}/deleteuser", "version")
@proves(f"{INDEX}/deletegroup", "version")
@proves(f"{INDEX}/deletemembership", "version", "membership.memberGroupName")
def test_identities_by_version(client: Indexing, source: Source) -> None:  # noqa: F811
    ask, name = client.permissions, source.name
    user: Any = {"email": ADA, "name": "Ada"}
    member: Any = {"group_name": "outer", "member_group_name": "inner"}
    ask.index_user(datasource=name, user=user, version=2)
    source.put("P", permissions={"allow_all_datasource_users_access": True})
    assert source.may_see("P", ADA)
    ask.index_user(datasource=name, user=user | {"is_active": False}, version=3)
    assert not source.may_see("P", ADA)
    ask.index_group(datasource=name, group={"name": "inner"}, version=2)
    ask.index_membership(datasource=name, membership=member, version=2)
    for stale in (
        lambda: ask.index_user(datasource=name, user=user, version=1),
        lambda: ask.index_group(datasource=name, group={"name": "inner"}, version=1),
        lambda: ask.index_membership(datasource=name, membership=member, version=1),
        lambda: ask.delete_user(datasource=name, email=ADA, version=1),
        lambda: ask.delete_group(datasource=name, group_name="inner", version=1),
        lambda: ask.delete_membership(datasource=name, membership=member, version=1),
    ):
        with pytest.raises(errors.GleanError) as told:
            stale()
        assert told.value.status_code == 409


@proves(f"{INDEX}/bulkindexusers", "forceRestartUpload", "users.userId", "users.isActive")
@proves(f"{INDEX}/bulkindexgroups", "forceRestartUpload")
@proves(f"{INDEX}/bulkindexmemberships", "forceRestartUpload", "memberships.memberGroupName")
def test_an_upload_begun_anew(client: Indexing, source: Source) -> None:  # noqa: F811
    ask, name = client.permissions, source.name
    users = [
        {"email": ADA, "name": "Ada", "user_id": "u-ada", "is_active": True},
        {"email": BOB, "name": "Bob", "user_id": "u-bob", "is_active": False},
    ]
    members = [{"member_group_name": "inner"}, {"member_user_id": ADA}]
    calls: tuple[tuple[Callable[..., object], dict[str, Any]], ...] = (
        (ask.bulk_index_users, {"users": users}),
        (ask.bulk_index_groups, {"groups": [{"name": "inner"}, {"name": "outer"}]}),
        (ask.bulk_index_memberships, {"group": "outer", "memberships": members}),
    )
    for call, more in calls:
        call(datasource=name, upload_id="u1", is_first_page=True, **more)
        with pytest.raises(errors.GleanError) as told:
            call(datasource=name, upload_id="u2", **WHOLE, **more)
        assert told.value.status_code == 409
        call(datasource=name, upload_id="u2", **WHOLE, force_restart_upload=True, **more)
    source.put("P", permissions={"allowed_groups": ["outer"]})
    assert source.may_see("P", ADA) and not source.may_see("P", BOB)
    source.put("Q", permissions={"allowed_users": [{"datasource_user_id": "u-ada"}]})
    assert source.may_see("Q", ADA)


@proves(f"{INDEX}/bulkindexemployees", "uploadId", "employees", "employees.email")
def test_employees_in_bulk(client: Indexing, data_dir: Path) -> None:  # noqa: F811
    email = f"{uuid.uuid4().hex}@push.example"
    employee: Any = {"email": email, "department": "Maps", "first_name": "Flo", "last_name": "Fern"}
    client.people.bulk_index(
        upload_id=uuid.uuid4().hex,
        employees=[employee],
        force_restart_upload=True,
        **WHOLE,
    )
    client.people.process_all_employees_and_teams()
    with opened(data_dir) as database:
        assert database.read_now(people.definitions)[email]["department"] == "Maps"
        client.people.delete(employee_email=email)
        assert email not in database.read_now(people.definitions)


@proves(f"{INDEX}/debug/{{datasource}}/document/events", "startDate", "maxEvents")
def test_events_of_a_document(client: Indexing, source: Source) -> None:  # noqa: F811
    source.put("D")
    source.wait("D")
    document: dict[str, Any] = {"datasource": source.name, "object_type": "Page", "doc_id": "D"}
    events = client.documents.debug_events(**document, max_events=1).life_cycle_events
    assert [each.event for each in events] == ["INDEXED"]
    other = Source(client)
    client.datasources.add(name=other.name, url_regex=".*")
    other.put("D")
    document["datasource"] = other.name
    later = client.documents.debug_events(**document, start_date="2099-01-01 00:00:00")
    assert not later.life_cycle_events
