"""Datasources, and the token that pushes into them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from stook.application.intake import datasources
from stook.dialects.access import Opened, secret_of
from stook.dialects.indexing import responses
from stook.dialects.indexing.endpoints.callers import Caller, described, within
from stook.dialects.indexing.rendering import MICROS, json
from stook.dialects.indexing.requests import bodies, reading

router = APIRouter()


@router.post(
    "/adddatasource",
    **described("Make or configure a datasource", bodies.CustomDatasourceConfig),
)
async def add_datasource(
    runtime: Opened,
    caller: Caller,
    body: Annotated[
        bodies.CustomDatasourceConfig,
        Depends(within(bodies.CustomDatasourceConfig, lambda body: body.name)),
    ],
) -> Response:
    await datasources.configure(runtime, caller.actor, reading.datasource(body))
    return Response()


@router.post(
    "/getdatasourceconfig",
    **described("A datasource's configuration", bodies.OfDatasource, bodies.CustomDatasourceConfig),
)
async def get_datasource_config(
    runtime: Opened,
    body: Annotated[bodies.OfDatasource, Depends(within(bodies.OfDatasource))],
) -> Response:
    found = await datasources.get(runtime, body.datasource)
    return json({"name": found.name, "displayName": found.display_name, **found.config})


@router.post(
    "/rotatetoken", **described("Give the token a new secret", None, responses.RotatedToken)
)
async def rotate_token(request: Request, runtime: Opened, caller: Caller) -> Response:
    rotated = await datasources.rotate(runtime, secret_of(request))
    answer: dict[str, object] = {
        "rawSecret": rotated.secret,
        "createdAt": rotated.created_at // MICROS,
    }
    if rotated.rotation_minutes is not None:
        answer["rotationPeriodMinutes"] = rotated.rotation_minutes
    return json(answer)
