"""Custom metadata, pushed by the released client and found again."""

from __future__ import annotations

import functools
import uuid
from pathlib import Path
from typing import Any

import pytest
from glean.api_client import Glean, errors
from glean.api_client.indexing import Indexing

from stook.identity import indexing_tokens
from stook.identity.indexing_tokens import Limits
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
        limits = Limits(datasources=("another",))
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
