"""Custom metadata of documents."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from stook.application.intake import metadata
from stook.application.intake.definitions import Key
from stook.dialects.access import Opened
from stook.dialects.bodies import json_body
from stook.dialects.bounds import Name
from stook.dialects.indexing import responses
from stook.dialects.indexing.endpoints.callers import (
    Caller,
    DocumentId,
    Unrestricted,
    described,
)
from stook.dialects.indexing.rendering import json
from stook.dialects.indexing.requests import bodies

router = APIRouter(prefix="/rest/api/index", tags=["Glean Indexing"])
GroupName = Annotated[Name, Path(alias="groupName", description="The group of metadata.")]
DOCUMENT = "/document/{docId}/custom-metadata/{groupName}"
SCHEMA = "/custom-metadata/schema/{groupName}"
NO_GROUP = "There is no such group of metadata."
NOTHING = "There is no such document, or no such group of metadata."
DONE = {"success": True}


@router.put(
    DOCUMENT,
    **described(
        "Add or replace custom metadata of a document",
        bodies.CustomMetadata,
        responses.Success,
        missing=NOTHING,
    ),
)
async def put_metadata(
    runtime: Opened,
    document: DocumentId,
    group: GroupName,
    body: Annotated[bodies.CustomMetadata, Depends(json_body(bodies.CustomMetadata))],
) -> Response:
    values = {each.name: each.value for each in body.custom_metadata if each.name}
    await metadata.put(runtime, document, group, values)
    return json(DONE)


@router.delete(
    DOCUMENT,
    **described("Delete custom metadata of a document", None, responses.Success, missing=NOTHING),
)
async def delete_metadata(runtime: Opened, document: DocumentId, group: GroupName) -> Response:
    await metadata.delete(runtime, document, group)
    return json(DONE)


@router.get(
    SCHEMA,
    **described("The keys of a group of metadata", None, bodies.MetadataSchema, missing=NO_GROUP),
)
async def get_schema(runtime: Opened, caller: Caller, group: GroupName) -> Response:
    keys = await metadata.schema(runtime, group)
    return json({"metadataKeys": [_key_json(key) for key in keys]})


@router.put(
    SCHEMA,
    **described(
        "Make a group of metadata or replace its keys", bodies.MetadataSchema, responses.Success
    ),
)
async def put_schema(
    runtime: Opened,
    caller: Unrestricted,
    group: GroupName,
    body: Annotated[bodies.MetadataSchema, Depends(json_body(bodies.MetadataSchema))],
) -> Response:
    keys = [Key(key.name, key.property_type, key.skip_indexing) for key in body.metadata_keys]
    await metadata.put_schema(runtime, group, keys)
    return json(DONE)


@router.delete(
    SCHEMA,
    **described(
        "Delete a group of metadata, on all documents too",
        None,
        responses.Success,
        missing=NO_GROUP,
    ),
)
async def delete_schema(runtime: Opened, caller: Unrestricted, group: GroupName) -> Response:
    await metadata.delete_schema(runtime, group)
    return json(DONE)


def _key_json(key: Key) -> dict[str, Any]:
    return {"name": key.name, "propertyType": key.kind, "skipIndexing": key.skip_indexing}
