"""Asking from a page of another site: as a person by their token, or as a stranger.

A stranger sees documents that are for everyone, in datasources that are named for it; where none
are, there are no strangers. What is asked here is in no chat; insights know it as any question.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Security
from fastapi.security import HTTPBearer

from stook.application.asking import checked_question, local_time
from stook.application.search.finding import Filters
from stook.conversation.events import Ask, Turn
from stook.dialects import resuming
from stook.dialects.access import MissingCredentials, Opened, caller, counted_by, scopes_of
from stook.dialects.answering import AnswerResponse
from stook.dialects.bodies import documented, json_body
from stook.dialects.languages import wanted_locale
from stook.dialects.stook.endpoints.asking import STOOK, STREAM
from stook.dialects.stook.errors import problems, render_problem
from stook.dialects.stook.rendering import AskLines
from stook.dialects.stook.requests import AskFromWidgetRequest
from stook.errors import Forbidden
from stook.identity.principals import Caller, Scope
from stook.rates import EndpointClass
from stook.runtime import Runtime
from stook.understanding.question import Author

ASK = "/widget/ask"
router = APIRouter(tags=["Stook"])
_documented = HTTPBearer(scheme_name="Token", auto_error=False)
_by_token = caller(Scope.CHAT, endpoint=EndpointClass.CHAT)


async def visitor(
    request: Request, runtime: Opened, _: Annotated[object, Security(_documented)]
) -> Caller:
    """Return who asks; raises Unauthenticated, and Forbidden for pages of other origins."""
    known = None
    if request.headers.get("Authorization"):
        known = await _by_token(request, runtime, None, None)
    is_allowed = request.headers.get("Origin") in runtime.settings.origins_of_widget
    if known is None and not (is_allowed and runtime.settings.datasources_of_widget):
        raise MissingCredentials
    if not is_allowed:
        raise Forbidden("The widget is not for pages of this origin (STOOK_WIDGET_ORIGINS).")
    return known or await _stranger(request, runtime)


async def _stranger(request: Request, runtime: Runtime) -> Caller:
    """Somebody without a name, who shares their limits with all at the same address."""
    address = request.client.host if request.client else ""
    counted_as = f"widget {address}"
    await runtime.rate_limiter.admit(counted_as, EndpointClass.CHAT)
    scopes = frozenset({Scope.CHAT})
    return Caller(email=None, name="widget", scopes=scopes, counted_as=counted_as)


counted_by[visitor] = EndpointClass.CHAT
scopes_of[visitor] = frozenset({Scope.CHAT})


@router.post(
    ASK,
    summary="Ask from another site's page, as a stranger or by a person's token; nothing is kept",
    responses={**STREAM, **problems(403)},
    openapi_extra=documented(AskFromWidgetRequest),
)
async def ask_from_widget(
    request: Request,
    runtime: Opened,
    principal: Annotated[Caller, Depends(visitor)],
    body: Annotated[AskFromWidgetRequest, Depends(json_body(AskFromWidgetRequest))],
) -> AnswerResponse:
    asked = Ask(
        principal=principal,
        question=checked_question(body.question, runtime.settings),
        now=local_time(body.offset_minutes),
        history=tuple(Turn(Author(each.author), each.text) for each in body.history),
        filters=_filters(runtime, principal),
        locale=wanted_locale(body.locale, request.headers.get("accept-language")),
    )
    stream = runtime.turns.start(asked, resuming.labelled(STOOK))
    return AnswerResponse(render_problem, stream.events, AskLines())


def _filters(runtime: Runtime, principal: Caller) -> Filters:
    if principal.email is not None:
        return Filters()
    return Filters(datasources=frozenset(runtime.settings.datasources_of_widget))
