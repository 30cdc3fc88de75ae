"""Asking, coming back to an answer that is being written, and stopping it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from stook.application import applications, chats, feedback, files
from stook.application.asking import checked_question, local_time
from stook.application.search.finding import Filters
from stook.conversation.events import Ask
from stook.dialects import resuming
from stook.dialects.access import Opened, owner_of
from stook.dialects.answering import AnswerResponse
from stook.dialects.bodies import content, documented, json_body
from stook.dialects.languages import wanted_locale
from stook.dialects.stook.access import Asker, Critic, Reader
from stook.dialects.stook.errors import problems, render_problem
from stook.dialects.stook.rendering import LINES, AskLines, json
from stook.dialects.stook.requests import AnswerFeedbackRequest, AskRequest
from stook.dialects.stook.responses import AskEvent, StoppedTurn
from stook.identity.principals import Principal
from stook.runtime import Runtime

router = APIRouter(tags=["Stook"])
STOOK = "stook"  # in a stored turn's label
NAMED_WITHIN = 0.2  # seconds until the page knows the answer's id, and finds it when it comes back
STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": content(LINES, AskEvent), "description": "One AskEvent a line."}
}


@router.post(
    "/ask",
    summary="Ask; the answer streams, and goes on without its listener",
    responses={**STREAM, **problems(404, 409)},
    openapi_extra=documented(AskRequest),
)
async def ask(
    request: Request,
    runtime: Opened,
    principal: Asker,
    body: Annotated[AskRequest, Depends(json_body(AskRequest))],
) -> AnswerResponse:
    language = wanted_locale(body.locale, request.headers.get("accept-language"))
    asked = await _ask(runtime, principal, body, language)
    stream = runtime.turns.start(asked, resuming.labelled(STOOK))
    return AnswerResponse(
        render_problem, stream.events, AskLines(), NAMED_WITHIN, resuming.naming(stream)
    )


async def _ask(runtime: Runtime, principal: Principal, body: AskRequest, language: str) -> Ask:
    owner = owner_of(principal)
    question = checked_question(body.question, runtime.settings)
    attached = await files.asked_about(runtime, owner, body.files, body.chat_id)
    application = await applications.chosen(runtime, owner, body.application_id, body.chat_id)
    if body.chat_id and body.replaces:
        await chats.cut_back(runtime, owner, body.chat_id, body.replaces)
    own = application.definition if application else None
    filters = Filters(datasources=frozenset(body.datasources))
    return Ask(
        principal=principal,
        question=question,
        now=local_time(body.offset_minutes),
        files=tuple(file.document_id for file in attached),
        chat_id=body.chat_id,
        save=True,
        instructions=own.instructions if own else "",
        filters=replace(filters, within=own.filters) if own else filters,
        locale=language,
        effort=body.effort,
        application_id=application.id if application else None,
        attached=tuple(body.files),
    )


@router.get(
    "/turns/{turn_id}/events",
    summary="The lines of an answer, again; behind the first ``after``",
    responses={**STREAM, **problems(404)},
)
async def resume(
    runtime: Opened, principal: Reader, turn_id: resuming.TurnId, after: resuming.After = 0
) -> AnswerResponse:
    stream = await resuming.follow(runtime, principal, STOOK, turn_id)
    rendering = resuming.Resumed(AskLines(), after, b"\n")
    return AnswerResponse(render_problem, stream.events, rendering, headers=resuming.naming(stream))


@router.delete(
    "/turns/{turn_id}",
    summary="Stop an answer that is being written; what it has cited so far is kept",
    responses={200: {"model": StoppedTurn}},
)
async def stop(runtime: Opened, principal: Reader, turn_id: resuming.TurnId) -> Response:
    return json({"stopped": await resuming.stop(runtime, principal, turn_id)})


@router.post(
    "/feedback",
    summary="Say whether an answer was good",
    responses={200: {"description": "Nothing."}},
    openapi_extra=documented(AnswerFeedbackRequest),
)
async def give_feedback(
    runtime: Opened,
    principal: Critic,
    body: Annotated[AnswerFeedbackRequest, Depends(json_body(AnswerFeedbackRequest))],
) -> Response:
    said = {"reason": body.reason, "comment": body.comment}
    await feedback.vote(runtime, owner_of(principal), body.message_id, body.good, said)
    return Response()
