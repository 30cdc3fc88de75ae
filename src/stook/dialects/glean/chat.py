"""POST /rest/api/v1/chat."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from stook.conversation.events import Ask
from stook.dialects.access import Asker, Opened
from stook.dialects.answering import KEEP_ALIVE_SECONDS, AnswerResponse
from stook.dialects.bodies import documented, json_body
from stook.dialects.dialect import Dialect, Problem
from stook.dialects.glean import wire
from stook.dialects.glean.chat_ask import NO_MODEL, Asking, wish
from stook.dialects.glean.models import ChatRequest, ChatResponse, QueuedResponse
from stook.dialects.glean.rendering import LineStream, Reply, WholeAnswer, render_problem
from stook.dialects.glean.shapes import DAY, Locale, errors, json
from stook.errors import Unavailable
from stook.runtime import Runtime

router = APIRouter(tags=["Glean"])
DIALECT = Dialect("Glean", "Chat", router, (), render_problem)
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
            "content": {"text/plain": {"schema": {"type": "string"}}},
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
    locale: Locale = None,
    offset: ZoneOffset = None,
) -> Response:
    accept_language = request.headers.get("accept-language")
    ask = await Asking(runtime, principal, body, locale, accept_language, offset).ask()
    wanted = wish(body.agent_config)
    streams = _streams(body, request)
    reply = Reply(_session(body), wanted.json(), wire.warnings(body.inclusions))
    rendering = LineStream(reply) if streams else WholeAnswer(reply)
    if not wanted.uses_documents:
        refusal = Problem(200, NO_MODEL, Unavailable(NO_MODEL))
        return Response(rendering.broken(refusal), media_type=rendering.media_type)
    if ask.chat_id and not streams and await _is_queued(runtime, ask.chat_id):
        return _queued(runtime, ask, ask.chat_id)
    events = runtime.chat_queue.answer(ask)
    return AnswerResponse(DIALECT, events, rendering, _patience(ask))


def _streams(body: ChatRequest, request: Request) -> bool:
    """The client library asks by its Accept header; browsers' libraries accept both kinds."""
    accepted = request.headers.get("accept", "")
    return bool(body.stream) or ("text/plain" in accepted and "json" not in accepted)


def _session(body: ChatRequest) -> str:
    """The client's own name for its session, if it has one."""
    info = body.session_info
    own = body.chat_session_tracking_token or (info.session_tracking_token if info else None)
    return own or f"cs_{uuid.uuid4().hex}"


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
