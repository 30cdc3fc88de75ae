"""What the endpoints share: who calls, what they answer, how they are described."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel
from starlette.responses import Response

from stook.dialects.access import TOKEN_ID, Opened, counted_by, secret_of
from stook.dialects.bodies import documented, json_body
from stook.dialects.dialect import Problem
from stook.dialects.indexing.models import MaybeDatasource
from stook.identity import indexing_tokens
from stook.identity.indexing_tokens import Indexer
from stook.knowledge.intake.definitions import Grants, PersonRef
from stook.rates import EndpointClass

JSON = "application/json; charset=UTF-8"  # older clients compare it letter by letter
TEXT = "text/plain; charset=UTF-8"
MICROS = 1_000_000
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The request cannot be understood, or names no datasource."},
    403: {"description": "The token is not for indexing, this datasource or this address."},
    409: {"description": "A later version is stored, or another upload has not ended."},
}
_documented = HTTPBearer(
    scheme_name="IndexingToken", auto_error=False, description="An indexing token."
)


def indexer(endpoint: EndpointClass) -> Callable[..., Awaitable[Indexer]]:
    """A dependency: who brings something in, by an indexing token."""

    async def authenticated(
        request: Request, runtime: Opened, _: Annotated[object, Security(_documented)]
    ) -> Indexer:
        address = request.client.host if request.client else ""
        found = await indexing_tokens.authenticate(runtime.database, secret_of(request), address)
        request.scope[TOKEN_ID] = found.token_id
        await runtime.rate_limiter.admit(found.token_id, endpoint, found.rate_limits)
        return found

    counted_by[authenticated] = endpoint
    return authenticated


Caller = Annotated[Indexer, Depends(indexer(EndpointClass.INDEXING))]
BulkCaller = Annotated[Indexer, Depends(indexer(EndpointClass.BULK))]


def described(
    summary: str,
    model: type[BaseModel] | None = None,
    response: type[BaseModel] | None = None,
    missing: str = "",
) -> dict[str, Any]:
    """What a route says of itself; without ``response`` it answers with nothing.

    ``missing`` says what is not there where it answers 404.
    """
    success: dict[str, Any] = {"model": response} if response else {"description": "Done."}
    extra = documented(model) if model else None
    responses: dict[int | str, dict[str, Any]] = {200: success, **ERRORS}
    if missing:
        responses[404] = {"description": missing}
    return {"summary": summary, "responses": responses, "openapi_extra": extra}


async def body_digest(request: Request) -> str:
    """A dependency: SHA-256 of the body, by which a page that comes again is known."""
    return hashlib.sha256(await request.body()).hexdigest()


Digest = Annotated[str, Depends(body_digest)]


async def _maybe_datasource(request: Request) -> MaybeDatasource:
    if not (await request.body()).strip():
        return MaybeDatasource()
    return await json_body(MaybeDatasource)(request)


AnyDatasource = Annotated[MaybeDatasource, Depends(_maybe_datasource)]


def json(body: object) -> Response:
    return Response(orjson.dumps(body), media_type=JSON)


def iso(micros: int) -> str:
    """A time as the debug calls write it: 2026-11-20T10:00:00.000Z."""
    moment = datetime.fromtimestamp(micros / MICROS, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def grants_json(grants: Grants) -> dict[str, Any]:
    """Grants as DocumentPermissionsDefinition."""
    return {
        "allowedUsers": [_person_json(user) for user in grants.users],
        "allowedGroups": list(grants.groups),
        "allowedGroupIntersections": [
            {"requiredGroups": list(groups)} for groups in grants.intersections
        ],
        "allowAnonymousAccess": grants.everyone,
        "allowAllDatasourceUsersAccess": grants.datasource_users,
    }


def _person_json(person: PersonRef) -> dict[str, str]:
    named = {"email": person.email, "datasourceUserId": person.user_id, "name": person.name}
    return {key: value for key, value in named.items() if value}


def render_problem(found: Problem) -> Response:
    """An error: one line of text."""
    line = " ".join(found.message.split())
    return Response(line + "\n", found.status, dict(found.headers), media_type=TEXT)
