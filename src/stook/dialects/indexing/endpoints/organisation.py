"""Teams and shortcuts of the organisation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application.intake import identities
from stook.application.intake.identities import PEOPLE
from stook.dialects.access import Opened
from stook.dialects.bodies import json_body
from stook.dialects.indexing.endpoints.callers import (
    BulkUnrestricted,
    Digest,
    Unrestricted,
    described,
)
from stook.dialects.indexing.requests import organisation, reading

router = APIRouter()


@router.post("/indexteam", **described("Add or replace a team", organisation.OneTeam))
async def index_team(
    runtime: Opened,
    caller: Unrestricted,
    body: Annotated[organisation.OneTeam, Depends(json_body(organisation.OneTeam))],
) -> Response:
    said = reading.definition(body.team)
    await identities.put_team(runtime, body.team.id, said, body.version)
    return Response()


@router.post(
    "/bulkindexteams",
    **described("Replace all teams of the organisation, page by page", organisation.BulkTeams),
)
async def bulk_index_teams(
    runtime: Opened,
    caller: BulkUnrestricted,
    body: Annotated[organisation.BulkTeams, Depends(json_body(organisation.BulkTeams))],
    digest: Digest,
) -> Response:
    page = reading.page(PEOPLE, body, digest)
    teams = {team.id: reading.definition(team) for team in body.teams}
    await identities.bulk_teams(runtime, page, teams)
    return Response()


@router.post("/deleteteam", **described("Remove a team", organisation.DeleteTeam))
async def delete_team(
    runtime: Opened,
    caller: Unrestricted,
    body: Annotated[organisation.DeleteTeam, Depends(json_body(organisation.DeleteTeam))],
) -> Response:
    await identities.remove_team(runtime, body.id, body.version)
    return Response()


@router.post(
    "/bulkindexshortcuts",
    **described(
        "Replace all shortcuts of another service, page by page", organisation.BulkShortcuts
    ),
)
async def bulk_index_shortcuts(
    runtime: Opened,
    caller: BulkUnrestricted,
    body: Annotated[organisation.BulkShortcuts, Depends(json_body(organisation.BulkShortcuts))],
    digest: Digest,
) -> Response:
    page = reading.page(PEOPLE, body, digest)
    given = reading.shortcuts(body.shortcuts)
    await identities.bulk_shortcuts(runtime, page, given, external=True)
    return Response()


@router.post(
    "/uploadshortcuts",
    **described("Replace all shortcuts, page by page", organisation.BulkShortcuts),
)
async def upload_shortcuts(
    runtime: Opened,
    caller: BulkUnrestricted,
    body: Annotated[organisation.BulkShortcuts, Depends(json_body(organisation.BulkShortcuts))],
    digest: Digest,
) -> Response:
    page = reading.page(PEOPLE, body, digest)
    given = reading.shortcuts(body.shortcuts)
    await identities.bulk_shortcuts(runtime, page, given, external=False)
    return Response()
