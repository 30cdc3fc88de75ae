"""Teams, shortcuts and custom metadata, pushed by the released client and found again."""

from __future__ import annotations

import functools
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from glean.api_client import Glean, errors
from glean.api_client.indexing import Indexing

from stook.identity import indexing_tokens, tokens
from stook.identity.indexing_tokens import Limits
from stook.identity.principals import Scope
from stook.storage.tables import shortcuts
from tests.conformance.findings import proves
from tests.conformance.test_indexing import (  # noqa: F401  fixtures
    ADA,
    Source,
    client,
    search,
    source,
    token,
)
from tests.dialects.served import Served, opened

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
METADATA = "/rest/api/index/document/{docId}/custom-metadata/{groupName}"
SCHEMA = "/rest/api/index/custom-metadata/schema/{groupName}"
KEYS = [
    {"name": "reviewed", "property_type": "TEXT"},
    {"name": "topics", "property_type": "TEXTLIST"},
    {"name": "note", "property_type": "TEXT", "skip_indexing": True},
]


class Metadata:
    """The client's calls; it asks the service's own address unless each call names another."""

    def __init__(self, client: Indexing, url: str) -> None:  # noqa: F811
        self.calls, self.url = client.custom_metadata, url

    def __getattr__(self, name: str) -> Any:
        return functools.partial(getattr(self.calls, name), server_url=self.url)


@pytest.fixture
def metadata(client: Indexing, served: Served) -> Metadata:  # noqa: F811
    return Metadata(client, served.url)


@pytest.fixture
def group(metadata: Metadata) -> str:
    """A group of metadata of its own for a test."""
    name = f"review{uuid.uuid4().hex[:8]}"
    metadata.upsert_schema(group_name=name, metadata_keys=KEYS)
    return name


def filtered(search: Any, source: Source, key: str, value: str) -> list[str]:  # noqa: F811
    filters = [{"field_name": key, "values": [{"value": value, "relation_type": "EQUALS"}]}]
    return [each.document.id for each in search(ADA, "sextant", source, facet_filters=filters)]


@proves(SCHEMA, "metadataKeys", "metadataKeys.name", "metadataKeys.propertyType")
def test_a_schema_is_kept_and_goes(metadata: Metadata, group: str) -> None:
    keys = metadata.get_schema(group_name=group).metadata_keys
    assert [(key.name, key.property_type) for key in keys] == [
        ("reviewed", "TEXT"),
        ("topics", "TEXTLIST"),
        ("note", "TEXT"),
    ]
    assert [key.skip_indexing for key in keys] == [False, False, True]
    assert metadata.delete_schema(group_name=group).success
    with pytest.raises(errors.GleanError) as refused:
        metadata.get_schema(group_name=group)
    assert refused.value.status_code == 404


@proves(METADATA, "customMetadata", "customMetadata.name", "customMetadata.value")
@proves(SCHEMA, "metadataKeys.skipIndexing")
def test_documents_are_found_by_their_metadata(
    metadata: Metadata,
    source: Source,  # noqa: F811
    search: Any,  # noqa: F811
    group: str,
) -> None:
    source.put("Tool", "The sextant lies in the cabin.")
    source.wait("Tool")
    (found,) = search(ADA, "sextant", source)
    document = found.document.id
    said = [
        {"name": "reviewed", "value": "in spring"},
        {"name": "topics", "value": ["navigation", "brass"]},
        {"name": "note", "value": "polish it"},
    ]
    put = metadata.upsert
    assert put(doc_id=document, group_name=group, custom_metadata=said).success
    assert filtered(search, source, "reviewed", "in spring") == [document]
    assert filtered(search, source, "topics", "brass") == [document]
    assert filtered(search, source, "note", "polish it") == []

    source.put("Tool", "The sextant lies in the other cabin.")  # keeps what others said of it
    source.wait("Tool")
    put(doc_id=document, group_name=group, custom_metadata=[{"name": "topics", "value": ["tin"]}])
    assert filtered(search, source, "reviewed", "in spring") == [document]
    assert filtered(search, source, "topics", "brass") == []

    assert metadata.delete(doc_id=document, group_name=group).success
    assert filtered(search, source, "reviewed", "in spring") == []


def test_metadata_is_refused_where_it_cannot_be(
    metadata: Metadata,
    source: Source,  # noqa: F811
    search: Any,  # noqa: F811
    group: str,
    served: Served,
    data_dir: Path,
) -> None:
    source.put("Tool", "The sextant lies in the cabin.")
    source.wait("Tool")
    document = search(ADA, "sextant", source)[0].document.id
    said = [{"name": "reviewed", "value": "now"}]
    wrong = [
        (metadata, document, group, [{"name": "unknown", "value": 1}], 400),
        (metadata, document, "none", said, 404),
        (metadata, "none", group, said, 404),
    ]
    with opened(data_dir) as database:
        limits = Limits(datasources=frozenset({"another"}))
        secret = database.write_now(indexing_tokens.create, "narrow", limits).secret
    with Glean(api_token=secret, server_url=served.url) as glean:
        narrow = Metadata(glean.indexing, served.url)
        for by, which, where, values, status in [
            *wrong,
            (narrow, document, group, said, 403),
        ]:
            with pytest.raises(errors.GleanError) as refused:
                by.upsert(doc_id=which, group_name=where, custom_metadata=values)
            assert refused.value.status_code == status
        with pytest.raises(errors.GleanError) as refused:
            narrow.delete_schema(group_name=group)
        assert refused.value.status_code == 403


@pytest.fixture
def teams(served: Served, data_dir: Path) -> Any:
    """The names of the teams that a person is told of, with the number of their members."""

    def told() -> dict[str, int | None]:
        with opened(data_dir) as database:
            secret = database.write_now(tokens.create, "teams", {Scope.ENTITIES}, ADA).secret
        with Glean(api_token=secret, server_url=served.url) as glean:
            found = glean.client.entities.list(entity_type="TEAMS").team_results or []
        return {team.name: team.member_count for team in found}

    return told


@proves("/api/index/v1/indexteam", "team", "team.id", "team.name", "team.members", "version")
@proves("/api/index/v1/deleteteam", "id")
def test_a_team_is_listed_until_it_is_deleted(client: Indexing, teams: Any) -> None:  # noqa: F811
    members = [{"email": ADA}, {"email": "new@push.example"}]
    team = {"id": "riggers", "name": "The riggers", "members": members, "department": "Deck"}
    client.people.index_team(team=team, version=5)
    assert teams()["The riggers"] == 2
    with pytest.raises(errors.GleanError) as refused:
        client.people.index_team(team=team, version=4)
    assert refused.value.status_code == 409
    client.people.delete_team(id="riggers")
    assert "The riggers" not in teams()


@proves("/api/index/v1/bulkindexteams", "uploadId", "teams", "isFirstPage", "isLastPage")
def test_an_upload_of_teams_replaces_them(client: Indexing, teams: Any) -> None:  # noqa: F811
    crews = [{"id": f"crew{n}", "name": f"Crew {n}", "members": []} for n in range(6)]
    flags = {"is_first_page": True, "is_last_page": True}
    client.people.bulk_index_teams(upload_id=uuid.uuid4().hex, teams=crews, **flags)
    assert set(teams()) >= {"Crew 0", "Crew 5"}
    client.people.bulk_index_teams(upload_id=uuid.uuid4().hex, teams=crews[1:], **flags)
    assert "Crew 0" not in teams() and "Crew 5" in teams()


@proves("/api/index/v1/bulkindexshortcuts", "uploadId", "shortcuts", "isFirstPage", "isLastPage")
@proves("/api/index/v1/uploadshortcuts", "uploadId", "shortcuts", "isFirstPage", "isLastPage")
def test_shortcuts_are_kept_apart_by_where_they_lead(
    client: Indexing,  # noqa: F811
    data_dir: Path,
) -> None:
    def kept() -> set[tuple[str, bool]]:
        with opened(data_dir) as database:
            query = sa.select(shortcuts.c.alias, shortcuts.c.external)
            return {tuple(row) for row in database.read_now(lambda c: c.execute(query).all())}

    def pointing(alias: str) -> dict[str, Any]:
        return {"input_alias": alias, "destination_url": "https://push.example", "created_by": ADA}

    flags = {"is_first_page": True, "is_last_page": True}
    away = [pointing(name) | {"intermediate_url": "https://go.example"} for name in ("a", "b")]
    client.shortcuts.bulk_index(upload_id=uuid.uuid4().hex, shortcuts=away, **flags)
    client.shortcuts.upload(upload_id=uuid.uuid4().hex, shortcuts=[pointing("a")], **flags)
    assert kept() == {("a", True), ("b", True), ("a", False)}
    client.shortcuts.bulk_index(upload_id=uuid.uuid4().hex, shortcuts=away[1:], **flags)
    assert kept() == {("b", True), ("a", False)}
