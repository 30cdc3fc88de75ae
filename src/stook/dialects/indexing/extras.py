"""Teams, shortcuts and custom metadata."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from stook.dialects.access import Opened
from stook.dialects.bodies import json_body
from stook.dialects.bounds import Name
from stook.dialects.indexing import answers, models, organisation, reading
from stook.dialects.indexing.wire import BulkCaller, Caller, Digest, described, json
from stook.knowledge.intake import metadata, single
from stook.knowledge.intake import upload_types as kinds
from stook.knowledge.intake.metadata import Key
from stook.knowledge.intake.service import PEOPLE

pushed = APIRouter()
metadata_router = APIRouter(prefix="/rest/api/index", tags=["Glean Indexing"])
DocumentId = Annotated[
    Name, Path(alias="docId", description="The document's id, as search gives it.")
]
GroupName = Annotated[Name, Path(alias="groupName", description="The group of metadata.")]
DOCUMENT = "/document/{docId}/custom-metadata/{groupName}"
SCHEMA = "/custom-metadata/schema/{groupName}"
NO_GROUP = "There is no such group of metadata."
NOTHING = "There is no such document, or no such group of metadata."
DONE = {"success": True}


@pushed.post("/indexteam", **described("Add or replace a team", organisation.OneTeam))
async def index_team(
    runtime: Opened,
    caller: Caller,
    body: Annotated[organisation.OneTeam, Depends(json_body(organisation.OneTeam))],
) -> Response:
    caller.check_unrestricted()
    write = runtime.database.write
    await write(single.put_team, body.team.id, reading.definition(body.team), body.version)
    return Response()


@pushed.post(
    "/bulkindexteams",
    **described("Replace all teams of the organisation, page by page", organisation.BulkTeams),
)
async def bulk_index_teams(
    runtime: Opened,
    caller: BulkCaller,
    body: Annotated[organisation.BulkTeams, Depends(json_body(organisation.BulkTeams))],
    digest: Digest,
) -> Response:
    caller.check_unrestricted()
    page = reading.page(kinds.TEAMS.name, PEOPLE, body, digest)
    await runtime.pusher.bulk_teams(
        page, {team.id: reading.definition(team) for team in body.teams}
    )
    return Response()


@pushed.post("/deleteteam", **described("Remove a team", organisation.DeleteTeam))
async def delete_team(
    runtime: Opened,
    caller: Caller,
    body: Annotated[organisation.DeleteTeam, Depends(json_body(organisation.DeleteTeam))],
) -> Response:
    caller.check_unrestricted()
    await runtime.database.write(single.remove_team, body.id, body.version)
    return Response()


@pushed.post(
    "/bulkindexshortcuts",
    **described(
        "Replace all shortcuts of another service, page by page", organisation.BulkShortcuts
    ),
)
async def bulk_index_shortcuts(
    runtime: Opened,
    caller: BulkCaller,
    body: Annotated[organisation.BulkShortcuts, Depends(json_body(organisation.BulkShortcuts))],
    digest: Digest,
) -> Response:
    caller.check_unrestricted()
    page = reading.page(kinds.EXTERNAL_SHORTCUTS.name, PEOPLE, body, digest)
    await runtime.pusher.bulk_shortcuts(page, reading.shortcuts(body.shortcuts), external=True)
    return Response()


@pushed.post(
    "/uploadshortcuts",
    **described("Replace all shortcuts, page by page", organisation.BulkShortcuts),
)
async def upload_shortcuts(
    runtime: Opened,
    caller: BulkCaller,
    body: Annotated[organisation.BulkShortcuts, Depends(json_body(organisation.BulkShortcuts))],
    digest: Digest,
) -> Response:
    caller.check_unrestricted()
    page = reading.page(kinds.SHORTCUTS.name, PEOPLE, body, digest)
    await runtime.pusher.bulk_shortcuts(page, reading.shortcuts(body.shortcuts), external=False)
    return Response()


@metadata_router.put(
    DOCUMENT,
    **described(
        "Add or replace custom metadata of a document",
        models.CustomMetadata,
        answers.Success,
        missing=NOTHING,
    ),
)
async def put_metadata(
    runtime: Opened,
    caller: Caller,
    document: DocumentId,
    group: GroupName,
    body: Annotated[models.CustomMetadata, Depends(json_body(models.CustomMetadata))],
) -> Response:
    caller.check(await runtime.database.read(metadata.datasource_of, document))
    values = {each.name: each.value for each in body.custom_metadata if each.name}
    await runtime.database.write(metadata.put, document, group, values)
    return json(DONE)


@metadata_router.delete(
    DOCUMENT,
    **described("Delete custom metadata of a document", None, answers.Success, missing=NOTHING),
)
async def delete_metadata(
    runtime: Opened, caller: Caller, document: DocumentId, group: GroupName
) -> Response:
    caller.check(await runtime.database.read(metadata.datasource_of, document))
    await runtime.database.write(metadata.delete, document, group)
    return json(DONE)


@metadata_router.get(
    SCHEMA,
    **described("The keys of a group of metadata", None, models.MetadataSchema, missing=NO_GROUP),
)
async def get_schema(runtime: Opened, caller: Caller, group: GroupName) -> Response:
    keys = await runtime.database.read(metadata.schema, group)
    return json({"metadataKeys": [_key_json(key) for key in keys]})


@metadata_router.put(
    SCHEMA,
    **described(
        "Make a group of metadata or replace its keys", models.MetadataSchema, answers.Success
    ),
)
async def put_schema(
    runtime: Opened,
    caller: Caller,
    group: GroupName,
    body: Annotated[models.MetadataSchema, Depends(json_body(models.MetadataSchema))],
) -> Response:
    caller.check_unrestricted()
    keys = [Key(key.name, key.property_type, key.skip_indexing) for key in body.metadata_keys]
    await runtime.database.write(metadata.put_schema, group, keys)
    return json(DONE)


@metadata_router.delete(
    SCHEMA,
    **described(
        "Delete a group of metadata, on all documents too", None, answers.Success, missing=NO_GROUP
    ),
)
async def delete_schema(runtime: Opened, caller: Caller, group: GroupName) -> Response:
    caller.check_unrestricted()
    await runtime.database.write(metadata.delete_schema, group)
    return json(DONE)


def _key_json(key: Key) -> dict[str, Any]:
    return {"name": key.name, "propertyType": key.kind, "skipIndexing": key.skip_indexing}
