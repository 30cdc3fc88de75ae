"""Signing in and out, and who is signed in where."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from stook import __version__
from stook.application import applications, documents, passwords
from stook.application import sessions as service
from stook.application.applications import Application
from stook.dialects.access import Opened
from stook.dialects.bodies import documented, json_body
from stook.dialects.bounds import Name
from stook.dialects.stook.access import COOKIE, Reader, check_own_page, session_of, set_cookie
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import json, moment
from stook.dialects.stook.requests import SignInRequest
from stook.dialects.stook.responses import Me, PageSessions
from stook.identity import browser_sessions
from stook.identity.browser_sessions import BrowserSession
from stook.identity.principals import Caller, Scope
from stook.runtime import Runtime

SIGN_IN = "/sign-in"
LONGEST_SIGN_IN = 4096  # bytes; anybody may send one, so it is never much to read

router = APIRouter(tags=["Stook"])


@router.post(
    SIGN_IN,
    summary="Begin a session by a one-time link; the answer sets a cookie",
    responses={200: {"model": Me}, **problems(400, 401, 403)},
    openapi_extra=documented(SignInRequest),
)
async def sign_in(
    request: Request,
    runtime: Opened,
    body: Annotated[SignInRequest, Depends(json_body(SignInRequest))],
) -> Response:
    check_own_page(request)
    browser = request.headers.get("User-Agent", "")
    begun = await service.sign_in(runtime.database, body.link, browser)
    response = json(await me_json(runtime, begun.principal, begun.session.id))
    set_cookie(request, response, begun.secret)
    return response


@router.post(
    "/sign-out",
    summary="End the session of this browser",
    responses={200: {"description": "Nothing; the cookie is taken away."}},
)
async def sign_out(request: Request, runtime: Opened, principal: Reader) -> Response:
    response = Response()
    if request.cookies.get(COOKIE):
        found = await session_of(request, runtime)
        await runtime.database.write(service.end, found.principal, found.session.id)
        set_cookie(request, response, "")
    return response


@router.get("/me", summary="Who calls, and what this server allows", responses={200: {"model": Me}})
async def me(runtime: Opened, principal: Reader) -> Response:
    return json(await me_json(runtime, principal, principal.token_id))


async def me_json(runtime: Runtime, principal: Caller, session_id: str | None) -> dict[str, object]:
    """A Me."""
    apps = await documents.datasources(runtime, principal)
    found = await applications.available(runtime)
    email = principal.email or ""
    has_password = bool(email) and await runtime.database.read(passwords.has_one, email)
    return {
        "email": principal.email or "",
        "name": principal.name,
        "administrator": Scope.ADMIN in principal.scopes,
        "version": __version__,
        "session_id": session_id,
        "has_password": has_password,
        "max_file_mib": runtime.settings.max_file_mib,
        "files_per_upload": runtime.settings.chat_files_per_upload,
        "datasources": [{"name": name, "display_name": shown} for name, shown in apps.items()],
        "applications": [_application_json(each) for each in found],
    }


def _application_json(application: Application) -> dict[str, object]:
    return {
        "id": application.id,
        "name": application.name,
        "description": application.definition.description,
        "starters": list(application.definition.starters),
    }


@router.get(
    "/sessions",
    summary="Where the caller is signed in",
    responses={200: {"model": PageSessions}},
)
async def list_sessions(runtime: Opened, principal: Reader) -> Response:
    found = await runtime.database.read(browser_sessions.list_all, principal.email or "")
    return json({"sessions": [_session_json(each, principal) for each in found]})


def _session_json(session: BrowserSession, principal: Caller) -> dict[str, object]:
    return {
        "id": session.id,
        "browser": session.browser,
        "created_at": moment(session.created_at),
        "seen_at": moment(session.seen_at),
        "expires_at": moment(session.expires_at),
        "current": session.id == principal.token_id,
    }


@router.delete(
    "/sessions/{session_id}",
    summary="End one of the caller's sessions",
    responses={200: {"description": "Nothing."}, **problems(404)},
)
async def end_session(
    runtime: Opened,
    principal: Reader,
    session_id: Annotated[Name, Path(description="The session's id.")],
) -> Response:
    await runtime.database.write(service.end, principal, session_id)
    return Response()
