"""POST /rest/api/v1/createauthtoken and /checkdatasourceauth."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application import sessions
from stook.dialects.access import ChatCaller, Opened, caller
from stook.dialects.glean.errors import errors
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.responses.sessions import (
    CheckDatasourceAuthResponse,
    CreateAuthTokenResponse,
)
from stook.identity.principals import Caller, Scope

router = APIRouter(tags=["Glean"])
SearchCaller = Annotated[Caller, Depends(caller(Scope.SEARCH))]


@router.post(
    "/createauthtoken",
    summary="A short-lived token for the caller's browser",
    responses={200: {"model": CreateAuthTokenResponse}, **errors("CHAT")},
)
async def create_auth_token(runtime: Opened, principal: ChatCaller) -> Response:
    session = await sessions.begin_short_lived(runtime, principal)
    return json({"token": session.token, "expirationTime": session.expires_at // 1_000_000})


@router.post(
    "/checkdatasourceauth",
    summary="Which datasources the caller must sign in to",
    responses={200: {"model": CheckDatasourceAuthResponse}, **errors("SEARCH")},
)
async def check_datasource_auth(runtime: Opened, principal: SearchCaller) -> Response:
    return json({"unauthorizedDatasourceInstances": []})
