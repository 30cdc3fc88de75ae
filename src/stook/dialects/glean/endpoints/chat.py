"""POST /rest/api/v1/chat."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from stook.conversation.events import Ask
from stook.dialects import resuming
from stook.dialects.access import Asker, ChatCaller, Opened
from stook.dialects.answering import KEEP_ALIVE_SECONDS, AnswerResponse
from stook.dialects.bodies import content, documented, json_body
from stook.dialects.dialect import problem
from stook.dialects.glean.endpoints.asking import NO_MODEL, Asking, wish
from stook.dialects.glean.endpoints.shared import Language
from stook.dialects.glean.errors import errors, render_problem
from stook.dialects.glean.rendering import wire
from stook.dialects.glean.rendering.chat import LineStream, Reply, WholeAnswer
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.chat import ChatRequest
from stook.dialects.glean.requests.fields import DAY
from stook.dialects.glean.requests.message_order import new_session
from stook.dialects.glean.responses.chat import (
    ChatLines,
    ChatResponse,
    QueuedResponse,
    StoppedResponse,
)
from stook.errors import NotFound, Unavailable
from stook.runtime import Runtime
from stook.understanding.question import Author

router = APIRouter(tags=["Glean"])
CHAT = "glean chat"
READ_TIMEOUT = 4.0  # seconds for which clients wait for a status without a doubt
ZoneOffset = Annotated[
    int | None,
    Query(alias="timezoneOffset", gt=-DAY, lt=DAY, description="Minutes from UTC."),
]


@router.post(
    "/chat",
    summary="Ask, in a conversation",
    responses={
        200: {
            "model": ChatResponse,
            "content": content("text/plain", ChatLines),
            "description": "One ChatResponse; as text/plain, one ChatResponse a line.",
        },
        202: {"model": QueuedResponse, "description": "The chat is busy; asked when it is not."},
        **errors(
            "CHAT",
            s404="There is no such chat, or it is not yours.",
            s408="Not answered within timeoutMillis.",
        ),
    },
    openapi_extra=documented(ChatRequest),
)
async def chat(
    request: Request,
    runtime: Opened,
    principal: Asker,
    body: Annotated[ChatRequest, Depends(json_body(ChatRequest))],
    locale: Language,
    offset: ZoneOffset = None,
) -> Response:
    ask = await Asking(runtime, principal, body, locale, offset).ask()
    wanted = wish(body.agent_config)
    streams = _streams(body, request)
    reply = Reply(_session(body, ask), wanted.json(), wire.warnings(body.inclusions))
    rendering = LineStream(reply) if streams else WholeAnswer(reply)
    if not (wanted.uses_documents or runtime.engine.has_model):
        refusal = problem(Unavailable(NO_MODEL), locale)
        return Response(rendering.broken(refusal), media_type=rendering.media_type)
    if ask.chat_id and not streams and await _is_queued(runtime, ask.chat_id):
        return _queued(runtime, ask, ask.chat_id)
    if streams and resuming.is_wanted(request):
        stream = runtime.turns.start(ask, resuming.labelled(CHAT, **asdict(reply)))
        events, headers = stream.events, resuming.naming(stream)
    else:
        events, headers = runtime.turns.answer(ask), {}
    return AnswerResponse(render_problem, events, rendering, _patience(ask), headers, locale)


@router.get(
    "/chat/streams/{turn_id}",
    summary="The lines of a streamed answer, again",
    description="Stook's own. An answer that was asked for with the header X-Stook-Resumable: "
    "true goes on without its client, which gets the lines behind the first ``after`` here, on "
    "any server, until some minutes after its end. Lines without anything in them do not count. "
    "The header X-Stook-Turn of the first response has the id.",
    responses={
        200: {"content": content("text/plain", ChatLines)},
        **errors("CHAT", s404="There is no such answer, or it is not yours."),
    },
)
async def resume_chat(
    runtime: Opened, principal: ChatCaller, turn_id: resuming.TurnId, after: resuming.After = 0
) -> AnswerResponse:
    stream = await resuming.follow(runtime, principal, CHAT, turn_id)
    kept = stream.label
    reply = Reply(kept["session"], kept["agent_config"], tuple(kept["warnings"]))
    rendering = resuming.Resumed(LineStream(reply), after, b"\n")
    return AnswerResponse(render_problem, stream.events, rendering, headers=resuming.naming(stream))


@router.delete(
    "/chat/streams/{turn_id}",
    summary="Stop an answer that is being written",
    description="Stook's own. What was written and cited until then stays in a saved chat.",
    responses={
        200: {"model": StoppedResponse},
        **errors("CHAT", s404="No such answer of yours is being written."),
    },
)
async def stop_chat(runtime: Opened, principal: ChatCaller, turn_id: resuming.TurnId) -> Response:
    if not await resuming.stop(runtime, principal, turn_id):
        raise NotFound("No such answer of yours is being written.")
    return json({"stopped": True})


def _streams(body: ChatRequest, request: Request) -> bool:
    """The client library asks by its Accept header; browsers' libraries accept both kinds."""
    accepted = request.headers.get("accept", "")
    return bool(body.stream) or ("text/plain" in accepted and "json" not in accepted)


def _session(body: ChatRequest, ask: Ask) -> str:
    """The client's session, or a new one that began with its first question."""
    said = [turn.text for turn in ask.history if turn.author is Author.USER]
    return body.session or new_session([*said, ask.question][0])


async def _is_queued(runtime: Runtime, chat_id: str) -> bool:
    queues = runtime.settings.chats_in_flight == "queue"
    return queues and await runtime.chat_queue.is_busy(chat_id)


def _queued(runtime: Runtime, ask: Ask, chat_id: str) -> Response:
    request_id = runtime.chat_queue.put(ask)
    body = {"chatId": chat_id, "queuedRequestId": request_id, "isSavedToChatHistory": True}
    return json(body, 202)


def _patience(ask: Ask) -> float:
    """A short time limit is waited for, so that running over it still has its own status."""
    limit = ask.timeout_seconds
    return limit + 0.5 if limit is not None and limit < READ_TIMEOUT else KEEP_ALIVE_SECONDS
