"""POST /rest/api/v1/createauthtoken and /checkdatasourceauth."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.responses import Response

from stook.application import sessions
from stook.dialects.access import ChatCaller, Opened, caller
from stook.dialects.glean.shapes import Wire, errors, json
from stook.identity.principals import Caller, Scope

router = APIRouter(tags=["Glean"])
SearchCaller = Annotated[Caller, Depends(caller(Scope.SEARCH))]


class CreateAuthTokenResponse(Wire):
    """A token for the person's browser."""

    token: str
    expiration_time: int = Field(description="Seconds since the epoch.")


class CheckDatasourceAuthResponse(Wire):
    """Datasources that need the person to sign in; Stook keeps all rights itself, so there are
    none."""

    unauthorized_datasource_instances: list[dict[str, Any]]


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
