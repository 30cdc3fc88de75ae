"""Other ways to sign in than by a link: by password, and at an identity provider."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from stook.application import oidc, passwords
from stook.application.oidc import Attempt
from stook.dialects.access import Opened
from stook.dialects.bodies import documented, json_body
from stook.dialects.stook.access import (
    Reader,
    check_own_page,
    is_secure,
    session_of,
    set_cookie,
)
from stook.dialects.stook.endpoints.sessions import me_json
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import json
from stook.dialects.stook.requests import (
    ChangePasswordRequest,
    PasswordSignInRequest,
    RemovePasswordRequest,
)
from stook.dialects.stook.responses import Me, SignInOptions
from stook.errors import StookError
from stook.runtime import Runtime

BY_PASSWORD, BY_PROVIDER = "/sign-in/password", "/sign-in/oidc"
ATTEMPT_COOKIE = "stook_oidc"
ATTEMPT_PATH = "/api/stook/v1/sign-in/oidc"
ATTEMPT_SECONDS = 600

router = APIRouter(tags=["Stook"])
State = Annotated[str, Query(max_length=200, description="What the attempt began with.")]
Code = Annotated[str, Query(max_length=4000, description="The provider's code.")]


@router.get(
    "/sign-in/options",
    summary="How people can sign in here",
    responses={200: {"model": SignInOptions}},
)
async def options(runtime: Opened) -> Response:
    settings = runtime.settings
    provider = (settings.oidc_name or "OpenID Connect") if oidc.is_set(settings) else None
    return json({"passwords": settings.passwords, "provider": provider})


@router.post(
    BY_PASSWORD,
    summary="Begin a session by password; the answer sets a cookie",
    responses={200: {"model": Me}, **problems(400, 401, 403)},
    openapi_extra=documented(PasswordSignInRequest),
)
async def sign_in_by_password(
    request: Request,
    runtime: Opened,
    body: Annotated[PasswordSignInRequest, Depends(json_body(PasswordSignInRequest))],
) -> Response:
    check_own_page(request)
    browser = request.headers.get("User-Agent", "")
    address = request.client.host if request.client else ""
    begun = await passwords.sign_in(runtime, body.email, body.password, browser, address)
    response = json(await me_json(runtime, begun.principal, begun.session.id))
    set_cookie(request, response, begun.secret)
    return response


@router.post(
    "/password",
    summary="Set or change one's own password; one's other sessions end",
    responses={200: {"description": "Nothing."}, **problems(400, 403)},
    openapi_extra=documented(ChangePasswordRequest),
)
async def change_password(
    request: Request,
    runtime: Opened,
    principal: Reader,
    body: Annotated[ChangePasswordRequest, Depends(json_body(ChangePasswordRequest))],
) -> Response:
    signed = await session_of(request, runtime)
    await passwords.change(runtime, signed, body.current, body.new)
    return Response()


@router.post(
    "/password/removal",
    summary="Forget one's own password; one signs in by links again",
    responses={200: {"description": "Nothing."}, **problems(400, 403)},
    openapi_extra=documented(RemovePasswordRequest),
)
async def remove_password(
    request: Request,
    runtime: Opened,
    principal: Reader,
    body: Annotated[RemovePasswordRequest, Depends(json_body(RemovePasswordRequest))],
) -> Response:
    await passwords.remove(runtime, await session_of(request, runtime), body.current)
    return Response()


@router.get(
    BY_PROVIDER,
    summary="Go to the identity provider to sign in",
    response_class=RedirectResponse,
    status_code=303,
    responses={303: {"description": "To the provider, or back to the page with a problem."}},
)
async def go_to_provider(request: Request, runtime: Opened) -> Response:
    if not oidc.is_set(runtime.settings):
        return _back(runtime, "off")
    attempt = Attempt.new()
    try:
        response = _redirect(await oidc.begin(runtime, attempt))
    except StookError as error:
        return _back(runtime, oidc.problem_of(error))
    _keep_attempt(request, response, attempt.written())
    return response


@router.get(
    f"{BY_PROVIDER}/callback",
    summary="Come back from the identity provider; the answer sets a cookie",
    response_class=RedirectResponse,
    status_code=303,
    responses={303: {"description": "To the page, signed in or with a problem."}, **problems(400)},
)
async def come_back(
    request: Request, runtime: Opened, state: State = "", code: Code = ""
) -> Response:
    if not oidc.is_set(runtime.settings):
        return _back(runtime, "off")
    browser = request.headers.get("User-Agent", "")
    try:
        attempt = Attempt.read(request.cookies.get(ATTEMPT_COOKIE, ""))
        begun = await oidc.complete(runtime, attempt, state, code, browser)
    except StookError as error:
        response = _back(runtime, oidc.problem_of(error))
    else:
        response = _redirect(f"{runtime.settings.public_url.rstrip('/')}/")
        set_cookie(request, response, begun.secret)
    _keep_attempt(request, response, "")
    return response


def _keep_attempt(request: Request, response: Response, kept: str) -> None:
    """Lax, as the browser comes back from another site; it lets nobody in by itself."""
    response.set_cookie(
        ATTEMPT_COOKIE,
        kept,
        max_age=ATTEMPT_SECONDS if kept else 0,
        path=ATTEMPT_PATH,
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def _back(runtime: Runtime, problem: str) -> Response:
    return _redirect(f"{runtime.settings.public_url.rstrip('/')}/sign-in?problem={problem}")


def _redirect(address: str) -> Response:
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(address, 303, headers)
