"""Who calls: the dependencies by which an endpoint says what it needs of its caller."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPBearer

from stook.dialects.bounds import Name
from stook.errors import Forbidden, Unauthenticated, Unavailable
from stook.identity.authentication import authenticate
from stook.identity.principals import Caller, Principal, Scope
from stook.rates import EndpointClass
from stook.runtime import Runtime

TOKEN_ID = "stook.token_id"  # noqa: S105  where the request's scope keeps it for the log
FROM_PROXY = "stook.from_proxy"  # there: whether a trusted proxy has sent it
ONLY_READS = "stook.only_reads"  # there: nothing is lost if it ends with its client
_documented = HTTPBearer(
    scheme_name="Token", auto_error=False, description="An API token, or an OAuth access token."
)
ActingAs = Annotated[
    Name | None,
    Header(
        alias="X-Glean-ActAs",
        description="The e-mail address of the person for whom a global token acts.",
    ),
]


class MissingCredentials(Unauthenticated):
    """Send a token in the header Authorization: Bearer …"""


def opened_runtime(request: Request) -> Runtime:
    """The parts of this process; raises Unavailable before they are open."""
    runtime: Runtime | None = getattr(request.app.state, "runtime", None)
    if runtime is None:
        raise Unavailable("Stook is starting; try again shortly.")
    return runtime


Opened = Annotated[Runtime, Depends(opened_runtime)]
D = TypeVar("D", bound=Callable[..., Any])
Authenticate = Callable[..., Awaitable[Caller]]
counted_by: dict[Callable[..., Any], EndpointClass] = {}  # what each dependency counts calls as
scopes_of: dict[Callable[..., Any], frozenset[Scope]] = {}  # what each dependency asks for
datasource_checks: set[Callable[..., Any]] = set()  # dependencies that check a datasource
_USUAL = {
    Scope.ENTITIES: EndpointClass.PEOPLE,
    Scope.PEOPLE: EndpointClass.PEOPLE,
    Scope.SEARCH: EndpointClass.SEARCH,
    Scope.SUMMARIZE: EndpointClass.SUMMARIZE,
}


_READING_SCOPES = frozenset({Scope.DOCUMENTS, Scope.DOCPERMISSIONS})
_READING = frozenset(
    {
        EndpointClass.AUTOCOMPLETE,
        EndpointClass.PEOPLE,
        EndpointClass.SEARCH,
        EndpointClass.SUMMARIZE,
    }
)


def caller(
    scope: Scope,
    *other_headers: str,
    also: Scope | None = None,
    endpoint: EndpointClass | None = None,
) -> Authenticate:
    """A dependency: the person on whose behalf the call is made, by a token with this scope.

    ``also`` is a second scope that the token needs.
    The call counts against the rate limit of ``endpoint``, by default the scope's usual one.
    ``other_headers`` may carry the token instead of Authorization.
    """
    counted = endpoint or _USUAL.get(scope, EndpointClass.OTHER)
    only_reads = counted in _READING or scope in _READING_SCOPES

    async def authenticated(
        request: Request,
        runtime: Opened,
        _: Annotated[object, Security(_documented)],
        acting_as: ActingAs = None,
    ) -> Caller:
        secret = secret_of(request, other_headers)
        acting_as = acting_as or request.headers.get("X-Scio-ActAs")
        request.scope[ONLY_READS] = only_reads
        principal = await authenticate(runtime.database, secret, acting_as)
        request.scope[TOKEN_ID] = principal.token_id
        principal.require(scope)
        if also is not None:
            principal.require(also)
        limiter = runtime.rate_limiter
        await limiter.admit(principal.counted_as, counted, principal.rate_limits)
        return principal

    counted_by[authenticated] = counted
    scopes_of[authenticated] = frozenset({scope} if also is None else {scope, also})
    return authenticated


async def counts_as(
    request: Request, runtime: Runtime, principal: Caller, endpoint: EndpointClass
) -> None:
    """Count a call as one of this class too, since it does the same; raises RateLimited."""
    request.scope[ONLY_READS] = endpoint in _READING
    limiter = runtime.rate_limiter
    await limiter.admit(principal.counted_as, endpoint, principal.rate_limits)


def checks_datasource(dependency: D) -> D:
    """Mark a dependency that lets a caller into a datasource; a test asks for one in each route."""
    datasource_checks.add(dependency)
    return dependency


def owner_of(principal: Principal) -> str:
    """The e-mail address under which the caller's chats are kept; raises Forbidden."""
    if principal.email is None:
        raise Forbidden("Chats belong to people; use a token that acts for one.")
    return principal.email


def secret_of(request: Request, other_headers: tuple[str, ...] = ()) -> str:
    """The token that a request carries; raises Unauthenticated."""
    for name in other_headers:
        if value := request.headers.get(name):
            return value.strip()
    header = request.headers.get("Authorization", "").strip()
    if not header:
        raise MissingCredentials
    kind, _, secret = header.partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise Unauthenticated("Invalid token format: send Authorization: Bearer <token>.")
    return secret.strip()


ChatCaller = Annotated[Caller, Depends(caller(Scope.CHAT))]
Asker = Annotated[Caller, Depends(caller(Scope.CHAT, endpoint=EndpointClass.CHAT))]
