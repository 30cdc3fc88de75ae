"""POST /rest/api/v1/chat and the stored chats."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from stook.conversation import disclosure, repository
from stook.conversation.events import Ask, Turn
from stook.dialects.access import ChatCaller, Opened, owner_of
from stook.dialects.answering import KEEP_ALIVE_SECONDS, AnswerResponse
from stook.dialects.asking import checked_question, local_time, wanted_locale
from stook.dialects.bodies import documented, json_body
from stook.dialects.dialect import Dialect
from stook.dialects.glean import companions, wire
from stook.dialects.glean.history import Order, arrange
from stook.dialects.glean.models import (
    AgentConfig,
    ChatRequest,
    ChatResponse,
    DeleteChatsRequest,
    GetChatRequest,
    GetChatResponse,
    ListChatsResponse,
)
from stook.dialects.glean.rendering import LineStream, Reply, WholeAnswer, render_problem
from stook.errors import InvalidRequest
from stook.identity.principals import Principal
from stook.runtime import Runtime

router = APIRouter(prefix="/rest/api/v1", tags=["Glean"])

ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "The request cannot be answered; one line of text says why."},
    400: {"description": "The request cannot be understood."},
    401: {"description": "No valid token."},
    403: {"description": "The token lacks the scope CHAT."},
}
DAY = 24 * 60  # minutes
READ_TIMEOUT = 4.0  # seconds for which clients wait for a status without a doubt
Locale = Annotated[str | None, Query(description="RFC 5646; else Accept-Language, else English.")]
Offset = Annotated[
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
        **ERRORS,
        404: {"description": "There is no such chat, or it is not yours."},
        408: {"description": "Not answered within timeoutMillis."},
    },
    openapi_extra=documented(ChatRequest),
)
async def chat(
    request: Request,
    runtime: Opened,
    principal: ChatCaller,
    body: Annotated[ChatRequest, Depends(json_body(ChatRequest))],
    locale: Locale = None,
    offset: Offset = None,
) -> AnswerResponse:
    ask = await _ask(runtime, principal, body, request, locale, offset)
    session = body.chat_session_tracking_token or f"cs_{uuid.uuid4().hex}"
    reply = Reply(session, _agent_config(body.agent_config))
    rendering = LineStream(reply) if _streams(body, request) else WholeAnswer(reply)
    return AnswerResponse(DIALECT, runtime.engine.answer(ask), rendering, _patience(ask))


def _streams(body: ChatRequest, request: Request) -> bool:
    """The client library asks by its Accept header; browsers' libraries accept both kinds."""
    accepted = request.headers.get("accept", "")
    return bool(body.stream) or ("text/plain" in accepted and "json" not in accepted)


async def _ask(
    runtime: Runtime,
    principal: Principal,
    body: ChatRequest,
    request: Request,
    locale: str | None,
    offset: int | None,
) -> Ask:
    if any(message.uploaded_file_ids for message in body.messages):
        raise InvalidRequest("uploadedFileIds: this server takes no uploaded files.")
    chat_id = body.chat_id or None
    stored = await _stored(runtime, principal, chat_id) if chat_id else []
    order = Order(runtime.settings.glean_message_order)
    conversation = arrange(body.messages, stored, order)
    return Ask(
        principal=principal,
        question=checked_question(conversation.question, runtime.settings),
        now=local_time(offset),
        history=conversation.history,
        instructions=conversation.instructions,
        chat_id=chat_id,
        save=bool(body.save_chat or chat_id),
        filters=wire.filters(body.inclusions, body.exclusions),
        locale=wanted_locale(locale, request.headers.get("accept-language")),
        details={"application_id": body.application_id} if body.application_id else {},
        timeout_seconds=body.timeout_millis / 1000 if body.timeout_millis else None,
    )


async def _stored(runtime: Runtime, principal: Principal, chat_id: str) -> list[Turn]:
    """The turns of the caller's chat; raises NotFound."""
    messages = await runtime.database.read(disclosure.history, principal, chat_id)
    return [Turn(message.author, message.text) for message in messages]


def _agent_config(given: AgentConfig | None) -> dict[str, str]:
    asked = given or AgentConfig()
    return {"agent": asked.agent or "DEFAULT", "mode": asked.mode or "DEFAULT"}


def _patience(ask: Ask) -> float:
    """A short time limit is waited for, so that running over it still has its own status."""
    limit = ask.timeout_seconds
    return limit + 0.5 if limit is not None and limit < READ_TIMEOUT else KEEP_ALIVE_SECONDS


@router.post(
    "/listchats",
    summary="The caller's chats, newest first",
    responses={200: {"model": ListChatsResponse}, **ERRORS},
)
async def list_chats(runtime: Opened, principal: ChatCaller) -> Response:
    owner = owner_of(principal)
    chats = await runtime.database.read(repository.list_newest, owner, limit=MOST_CHATS)
    results = [
        {"chat": wire.chat_json(found, principal), "trackingToken": wire.tracking_token(found.id)}
        for found in chats
    ]
    return _json({"chatResults": results, "cursor": ""})


@router.post(
    "/getchat",
    summary="A chat with its messages, oldest first",
    responses={200: {"model": GetChatResponse}, **ERRORS, 404: {"description": "No such chat."}},
    openapi_extra=documented(GetChatRequest),
)
async def get_chat(
    runtime: Opened,
    principal: ChatCaller,
    body: Annotated[GetChatRequest, Depends(json_body(GetChatRequest))],
) -> Response:
    found = await runtime.database.read(repository.find, owner_of(principal), body.id)
    messages = await runtime.database.read(disclosure.history, principal, body.id)
    chat_json = {
        **wire.chat_json(found, principal),
        "messages": [wire.message_json(message) for message in messages],
        "roles": [],
    }
    token = wire.tracking_token(found.id)
    return _json({"chatResult": {"chat": chat_json, "trackingToken": token}})


@router.post(
    "/deletechats",
    summary="Delete some of the caller's chats",
    responses={200: {"description": "Nothing; chats that are not there are no error."}, **ERRORS},
    openapi_extra=documented(DeleteChatsRequest),
)
async def delete_chats(
    runtime: Opened,
    principal: ChatCaller,
    body: Annotated[DeleteChatsRequest, Depends(json_body(DeleteChatsRequest))],
) -> Response:
    await runtime.database.write(repository.delete, owner_of(principal), body.ids)
    return Response()


@router.post(
    "/deleteallchats",
    summary="Delete all of the caller's chats",
    responses={200: {"description": "Nothing."}, **ERRORS},
)
async def delete_all_chats(runtime: Opened, principal: ChatCaller) -> Response:
    await runtime.database.write(repository.delete_all, owner_of(principal))
    return Response()


def _json(body: object) -> Response:
    return Response(orjson.dumps(body), media_type=wire.JSON)


MOST_CHATS = 100_000

router.include_router(companions.router)

DIALECT = Dialect(
    name="Glean",
    summary="Glean's Client API: chat, search, documents, people, agents",
    router=router,
    paths=("/rest/api/",),
    render=render_problem,
    models=(ChatRequest, GetChatRequest, DeleteChatsRequest, *companions.REQUESTS),
)
