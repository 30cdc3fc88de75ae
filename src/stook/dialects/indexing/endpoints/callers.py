"""Who pushes, and into which datasources; how the routes are described."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from operator import attrgetter
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Request, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from stook.application.intake import datasources, metadata
from stook.dialects.access import TOKEN_ID, Opened, checks_datasource, counted_by, secret_of
from stook.dialects.bodies import documented, json_body
from stook.dialects.bounds import Name
from stook.dialects.indexing.errors import ERRORS
from stook.dialects.indexing.requests.bodies import MaybeDatasource
from stook.identity.indexing_tokens import Indexer
from stook.rates import EndpointClass

M = TypeVar("M", bound=BaseModel)
_documented = HTTPBearer(
    scheme_name="IndexingToken", auto_error=False, description="An indexing token."
)


def indexer(endpoint: EndpointClass) -> Callable[..., Awaitable[Indexer]]:
    """A dependency: who brings something in, by an indexing token."""

    async def authenticated(
        request: Request, runtime: Opened, _: Annotated[object, Security(_documented)]
    ) -> Indexer:
        address = request.client.host if request.client else ""
        found = await datasources.authenticate(runtime, secret_of(request), address)
        request.scope[TOKEN_ID] = found.token_id
        await runtime.rate_limiter.admit(found.token_id, endpoint, found.rate_limits)
        return found

    counted_by[authenticated] = endpoint
    return authenticated


_one, _many = indexer(EndpointClass.INDEXING), indexer(EndpointClass.BULK)
Caller = Annotated[Indexer, Depends(_one)]
BulkCaller = Annotated[Indexer, Depends(_many)]


def within(
    model: type[M], name: Callable[[M], str] = attrgetter("datasource"), *, bulk: bool = False
) -> Callable[..., Awaitable[M]]:
    """A dependency: a body that names a datasource into which the caller may push."""
    read, who = json_body(model), _many if bulk else _one

    @checks_datasource
    async def allowed(
        caller: Indexer = Depends(who),  # noqa: B008 - what is asked for is known only here
        body: M = Depends(read),  # noqa: B008
    ) -> M:
        caller.check(name(body))
        return body

    return allowed


@checks_datasource
async def _unrestricted(caller: Caller) -> Indexer:
    caller.check_unrestricted()
    return caller


@checks_datasource
async def _bulk_unrestricted(caller: BulkCaller) -> Indexer:
    caller.check_unrestricted()
    return caller


Unrestricted = Annotated[Indexer, Depends(_unrestricted)]  # may push into every datasource
BulkUnrestricted = Annotated[Indexer, Depends(_bulk_unrestricted)]


@checks_datasource
async def _of_path(
    caller: Caller, datasource: Annotated[Name, Path(description="The datasource's name.")]
) -> str:
    caller.check(datasource)
    return datasource


DatasourceName = Annotated[str, Depends(_of_path)]  # one into which the caller may push


@checks_datasource
async def _own_document(
    runtime: Opened,
    caller: Caller,
    document: Annotated[
        Name, Path(alias="docId", description="The document's id, as search gives it.")
    ],
) -> str:
    caller.check(await metadata.datasource_of(runtime, document))
    return document


DocumentId = Annotated[str, Depends(_own_document)]  # in a datasource that the caller pushes into


@checks_datasource
async def _maybe_datasource(request: Request, caller: Caller) -> MaybeDatasource:
    named = MaybeDatasource()
    if (await request.body()).strip():
        named = await json_body(MaybeDatasource)(request)
    if named.datasource:
        caller.check(named.datasource)
    else:
        caller.check_unrestricted()
    return named


AnyDatasource = Annotated[MaybeDatasource, Depends(_maybe_datasource)]


async def body_digest(request: Request) -> str:
    """A dependency: SHA-256 of the body, by which a page that comes again is known."""
    return hashlib.sha256(await request.body()).hexdigest()


Digest = Annotated[str, Depends(body_digest)]


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
