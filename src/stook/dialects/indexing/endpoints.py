"""The Indexing API: its datasources, its tokens, and all its other routes put together."""

from __future__ import annotations

import inspect
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.responses import Response

from stook.dialects.access import Opened, secret_of
from stook.dialects.bodies import json_body
from stook.dialects.dialect import Dialect
from stook.dialects.indexing import (
    answers,
    debug,
    documents,
    extras,
    identities,
    models,
    organisation,
    reading,
)
from stook.dialects.indexing.wire import MICROS, Caller, described, json, render_problem
from stook.identity import indexing_tokens
from stook.knowledge.intake import datasources

router = APIRouter(prefix="/api/index/v1", tags=["Glean Indexing"])


@router.post(
    "/adddatasource",
    **described("Make or configure a datasource", models.CustomDatasourceConfig),
)
async def add_datasource(
    runtime: Opened,
    caller: Caller,
    body: Annotated[
        models.CustomDatasourceConfig, Depends(json_body(models.CustomDatasourceConfig))
    ],
) -> Response:
    caller.check(body.name)
    await runtime.pusher.configure(reading.datasource(body))
    return Response()


@router.post(
    "/getdatasourceconfig",
    **described("A datasource's configuration", models.OfDatasource, models.CustomDatasourceConfig),
)
async def get_datasource_config(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.OfDatasource, Depends(json_body(models.OfDatasource))],
) -> Response:
    caller.check(body.datasource)
    found = await runtime.database.read(datasources.get, body.datasource)
    return json({"name": found.name, "displayName": found.display_name, **found.config})


@router.post("/rotatetoken", **described("Give the token a new secret", None, answers.RotatedToken))
async def rotate_token(request: Request, runtime: Opened, caller: Caller) -> Response:
    rotated = await runtime.database.write(indexing_tokens.rotate, secret_of(request))
    answer: dict[str, object] = {
        "rawSecret": rotated.secret,
        "createdAt": rotated.created_at // MICROS,
    }
    if rotated.rotation_minutes is not None:
        answer["rotationPeriodMinutes"] = rotated.rotation_minutes
    return json(answer)


for part in (documents.router, identities.router, extras.pushed, debug.router):
    router.include_router(part)
whole = APIRouter()
whole.include_router(router)
whole.include_router(extras.metadata_router)

_BODIES = tuple(
    model
    for module in (models, organisation)
    for _, model in inspect.getmembers(module, inspect.isclass)
    if issubclass(model, BaseModel) and model.__module__ == module.__name__
)

DIALECT = Dialect(
    name="Glean Indexing",
    summary="Glean's Indexing API: documents, people and permissions pushed by connectors.",
    router=whole,
    paths=("/api/index/", "/rest/api/index/"),
    render=render_problem,
    models=_BODIES,
)
