"""API tokens: listed, made, revoked."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from stook.application.administration import tokens as service
from stook.dialects.access import Opened
from stook.dialects.bodies import documented, json_body
from stook.dialects.bounds import Name
from stook.dialects.stook.administration.access import Administrator
from stook.dialects.stook.administration.lists import PAGE, Cursor, Words, cursor_of, place_of
from stook.dialects.stook.administration.requests import MakeTokenRequest
from stook.dialects.stook.administration.responses import MadeToken, TokenList
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import json, moment
from stook.errors import NotFound
from stook.identity.audit import actor_of
from stook.identity.tokens import Token
from stook.storage.text import is_storable

router = APIRouter(tags=["Stook"])
Alive = Annotated[bool, Query(description="Without those that were revoked or have expired.")]


@router.get(
    "/tokens",
    summary="API tokens, never their secrets, the newest first",
    responses={200: {"model": TokenList}},
)
async def list_tokens(
    runtime: Opened,
    principal: Administrator,
    query: Words = "",
    alive: Alive = True,
    cursor: Cursor = None,
) -> Response:
    after = place_of(cursor, int)
    page = await runtime.database.read(service.find, query, alive=alive, after=after, size=PAGE)
    return json({"tokens": list(map(_token_json, page.items)), "next_cursor": cursor_of(page.next)})


def _token_json(token: Token) -> dict[str, Any]:
    times = ("created_at", "expires_at", "revoked_at", "last_used_at")
    return {
        "id": token.id,
        "name": token.name,
        "email": token.user_email,
        "scopes": sorted(token.scopes),
        **{name: _moment(getattr(token, name)) for name in times},
    }


def _moment(at: int | None) -> str | None:
    return None if at is None else moment(at)


@router.post(
    "/tokens",
    summary="Make an API token; the answer shows it this once",
    responses={200: {"model": MadeToken}, **problems(404)},
    openapi_extra=documented(MakeTokenRequest),
)
async def make_token(
    runtime: Opened,
    principal: Administrator,
    body: Annotated[MakeTokenRequest, Depends(json_body(MakeTokenRequest))],
) -> Response:
    wanted = (body.name, body.scopes, body.email, body.days)
    made = await runtime.database.write(service.make, actor_of(principal), *wanted)
    return json({"id": made.id, "token": made.secret})


@router.delete(
    "/tokens/{token_id}",
    summary="Revoke a token: from the next request on it is worth nothing",
    responses={200: {"description": "Nothing."}, **problems(404)},
)
async def revoke_token(
    runtime: Opened,
    principal: Administrator,
    token_id: Annotated[Name, Path(description="The token's id.")],
) -> Response:
    if not is_storable(token_id):
        raise NotFound("There is no such token.")
    await runtime.database.write(service.revoke, actor_of(principal), token_id)
    return Response()
