"""Who calls Stook's own API: a browser by its session's cookie, a program by its token.

A cookie travels with whatever makes a browser ask. So a call that changes something, and comes
with one, must carry a header that no other site can set, and must not come from another origin.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.responses import Response

from stook.application.sessions import SignedIn, recognise, vouched_for
from stook.dialects.access import (
    FROM_PROXY,
    TOKEN_ID,
    ActingAs,
    Authenticate,
    Opened,
    caller,
    counted_by,
    opened_runtime,
    scopes_of,
)
from stook.errors import Forbidden, Unauthenticated
from stook.identity.browser_sessions import LONGEST, SECOND
from stook.identity.principals import Caller, Scope
from stook.rates import EndpointClass
from stook.runtime import Runtime
from stook.settings import Settings

COOKIE = "stook_session"
COOKIE_PATH = "/api/stook"
OWN_HEADER = "X-Stook-Page"
SAFE_METHODS = ("GET", "HEAD")
_documented = HTTPBearer(scheme_name="Token", auto_error=False)
_cookie = APIKeyCookie(
    name=COOKIE,
    scheme_name="Session",
    auto_error=False,
    description=f"A browser's session. Calls that change something also send {OWN_HEADER}: 1.",
)


class NotSignedIn(Unauthenticated):
    """You are not signed in, or your session has ended; sign in again."""


def signed_in(scope: Scope, endpoint: EndpointClass = EndpointClass.OTHER) -> Authenticate:
    """A dependency: the person who calls, counted against the rate limit of ``endpoint``."""
    by_token = caller(scope, endpoint=endpoint)

    async def authenticated(
        request: Request,
        runtime: Opened,
        _: Annotated[object, Security(_documented)],
        __: Annotated[object, Security(_cookie)],
        acting_as: ActingAs = None,
    ) -> Caller:
        if request.headers.get("Authorization"):
            return await by_token(request, runtime, None, acting_as)
        principal = await _person(request, runtime)
        principal.require(scope)
        await runtime.rate_limiter.admit(principal.counted_as, endpoint, principal.rate_limits)
        return principal

    counted_by[authenticated] = endpoint
    scopes_of[authenticated] = frozenset({scope})
    return authenticated


async def _person(request: Request, runtime: Runtime) -> Caller:
    """Who is signed in with this browser, or named by a trusted proxy."""
    email = forwarded_email(request, runtime.settings)
    if not email:
        return (await session_of(request, runtime)).principal
    if request.method not in SAFE_METHODS:
        check_own_page(request)  # the proxy names its user for whatever made the browser ask
    principal = await vouched_for(runtime.database, email, runtime.settings.domains)
    request.scope[TOKEN_ID] = principal.token_id
    return principal


def forwarded_email(request: Request, settings: Settings) -> str:
    """Whom a trusted proxy names in the one header for it; "" where none does."""
    if not settings.proxy_user_header or not request.scope.get(FROM_PROXY):
        return ""
    named = request.headers.getlist(settings.proxy_user_header)
    return named[0].strip() if len(named) == 1 else ""


async def session_of(request: Request, runtime: Opened) -> SignedIn:
    """Who is signed in with this browser; raises Unauthenticated and Forbidden."""
    secret = request.cookies.get(COOKIE, "")
    if not secret:
        raise NotSignedIn
    if request.method not in SAFE_METHODS:
        check_own_page(request)
    found = await recognise(runtime.database, secret)
    request.scope[TOKEN_ID] = found.principal.token_id
    return found


def check_own_page(request: Request) -> None:
    """Raise Forbidden unless this server's own page makes the call."""
    if OWN_HEADER not in request.headers:
        raise Forbidden(f"Send the header {OWN_HEADER}: 1 with calls that change something.")
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site != "same-origin" or (origin and urlsplit(origin).netloc != request.headers.get("Host")):
        raise Forbidden("Calls from pages of other sites are refused.")


def set_cookie(request: Request, response: Response, secret: str) -> None:
    """Give the browser its session; an empty secret takes it away."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=LONGEST // SECOND if secret else 0,
        path=COOKIE_PATH,
        secure=is_secure(request),
        httponly=True,
        samesite="strict",
    )


def is_secure(request: Request) -> bool:
    """Whether the browser speaks TLS, with Stook or with a proxy before it."""
    public: str = opened_runtime(request).settings.public_url
    return request.url.scheme == "https" or public.startswith("https://")


Reader = Annotated[Caller, Depends(signed_in(Scope.CHAT))]
Asker = Annotated[Caller, Depends(signed_in(Scope.CHAT, EndpointClass.CHAT))]
Uploader = Annotated[Caller, Depends(signed_in(Scope.CHAT, EndpointClass.UPLOAD))]
Finder = Annotated[Caller, Depends(signed_in(Scope.SEARCH, EndpointClass.SEARCH))]
Critic = Annotated[Caller, Depends(signed_in(Scope.FEEDBACK))]
