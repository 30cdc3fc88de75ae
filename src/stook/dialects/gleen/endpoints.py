"""POST /api/v1/send_message."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from stook.conversation import repository
from stook.conversation.events import Ask
from stook.dialects.access import Opened, caller
from stook.dialects.answering import AnswerResponse
from stook.dialects.asking import checked_question, local_time
from stook.dialects.bodies import content, documented, json_body
from stook.dialects.dialect import Dialect
from stook.dialects.gleen.models import (
    GleenError,
    SendMessageEvents,
    SendMessageRequest,
    SendMessageResponse,
)
from stook.dialects.gleen.rendering import EventStream, WholeAnswer, render_problem
from stook.errors import NotFound
from stook.identity.principals import Principal, Scope
from stook.rates import EndpointClass
from stook.runtime import Runtime

router = APIRouter(tags=["Gleen"])
KEY_HEADERS = ("ALHENA_API_KEY", "X-API-Key")
GleenCaller = Annotated[
    Principal, Depends(caller(Scope.CHAT, *KEY_HEADERS, endpoint=EndpointClass.CHAT))
]
_NUMBER = re.compile("[0-9]{1,18}")


@router.post(
    "/api/v1/send_message",
    summary="Send a question to the knowledge base",
    responses={
        200: {
            "model": SendMessageResponse,
            "content": content("text/event-stream", SendMessageEvents),
            "description": "The answer; streamed, pieces of its text and then the whole.",
        },
        404: {"description": "There is no such thread, or it is not the caller's."},
    },
    openapi_extra=documented(SendMessageRequest),
)
async def send_message(
    request: Request,
    runtime: Opened,
    principal: GleenCaller,
    body: Annotated[SendMessageRequest, Depends(json_body(SendMessageRequest))],
) -> AnswerResponse:
    question = checked_question(body.query_text, runtime.settings)
    chat_id = await _chat_id(runtime, principal, body.thread_id)
    locale = body.locale or "en"
    ask = Ask(
        principal=principal,
        question=question,
        now=local_time(None),
        chat_id=chat_id,
        save=True,
        locale=locale,
        suggest=False,
    )
    events = runtime.turns.answer(ask)
    wants_events = "text/event-stream" in request.headers.get("accept", "")
    if body.stream and wants_events:
        return AnswerResponse(DIALECT, events, EventStream(locale, body.thread_id or None))
    return AnswerResponse(DIALECT, events, WholeAnswer(locale))


async def _chat_id(runtime: Runtime, principal: Principal, thread_id: str | None) -> str | None:
    """The chat that the thread is; raises NotFound where it is not the caller's."""
    if not thread_id:
        return None
    if principal.email is None or not _NUMBER.fullmatch(thread_id):
        raise NotFound
    number = int(thread_id)
    found = await runtime.database.read(repository.find_by_number, principal.email, number)
    return found.id


DIALECT = Dialect(
    name="Gleen",
    summary="Gleen AI's send_message, with threads",
    router=router,
    paths=("/api/v1/",),
    render=render_problem,
    models=(SendMessageRequest, SendMessageEvents),
    error=GleenError,
    error_type="application/json",
)
