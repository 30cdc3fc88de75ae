"""Gloo's messages and chats: /ai/v1/message, /ai/v1/chat, /ai/v1/chats."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from stook.conversation import disclosure, repository
from stook.conversation.events import Ask
from stook.dialects.access import Asker, ChatCaller, Opened, owner_of
from stook.dialects.answering import AnswerResponse
from stook.dialects.asking import checked_question, local_time
from stook.dialects.bodies import documented, json_body, json_object
from stook.dialects.dialect import Dialect
from stook.dialects.gloo import token, wire
from stook.dialects.gloo.models import (
    DeletedChat,
    GlooChat,
    GlooChats,
    GlooError,
    KallmResponse,
    MessageRequest,
    MessageResponse,
    Switch,
)
from stook.dialects.gloo.rendering import EventStream, Form, WholeAnswer
from stook.errors import InvalidRequest, NotFound
from stook.identity.principals import Principal
from stook.knowledge.documents import Filters
from stook.runtime import Runtime

router = APIRouter(prefix="/ai/v1", tags=["Gloo"])

ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": GlooError},
    403: {"model": GlooError},
    404: {"model": GlooError},
    429: {"model": GlooError},
}
Body = Annotated[MessageRequest, Depends(json_body(MessageRequest))]
ChatIdInQuery = Annotated[str | None, Query(alias="chat_id")]


class Switches:
    """The parameters of the query that may also stand in the body, where they count more."""

    def __init__(
        self,
        chat_id: ChatIdInQuery = None,
        intent: Switch | None = None,
        enable_sources: Annotated[int | None, Query(ge=0, le=2)] = None,
        enable_suggestions: Switch | None = None,
    ) -> None:
        self.chat_id = chat_id
        self.intent = intent
        self.enable_sources = enable_sources
        self.enable_suggestions = enable_suggestions


InQuery = Annotated[Switches, Depends()]


@router.post(
    "/message",
    summary="Ask, in a new chat or in one that exists",
    responses={200: {"model": MessageResponse}, **ERRORS},
    openapi_extra=documented(MessageRequest),
)
async def send_message(
    runtime: Opened, principal: Asker, body: Body, query: InQuery
) -> AnswerResponse:
    return await _answer(runtime, principal, body, query, short=False)


@router.post(
    "/message/kallm",
    summary="Ask, and get the short form of the answer",
    responses={200: {"model": KallmResponse}, **ERRORS},
    openapi_extra=documented(MessageRequest),
)
async def send_message_short(
    runtime: Opened, principal: Asker, body: Body, query: InQuery
) -> AnswerResponse:
    return await _answer(runtime, principal, body, query, short=True)


async def _answer(
    runtime: Runtime, principal: Principal, body: MessageRequest, query: Switches, short: bool
) -> AnswerResponse:
    ask = _ask(runtime, principal, body, query)
    shows_sources = _first(body.enable_sources, query.enable_sources, 1) != 0
    form = Form(short, shows_sources, body.sources_limit or 0)
    events = runtime.turns.answer(ask)
    if body.stream:
        return AnswerResponse(DIALECT, events, EventStream(form))
    return AnswerResponse(DIALECT, events, WholeAnswer(form))


def _ask(runtime: Runtime, principal: Principal, body: MessageRequest, query: Switches) -> Ask:
    given = body.chat_id or query.chat_id
    return Ask(
        principal=principal,
        question=_question(body, runtime),
        now=local_time(None),
        chat_id=wire.chat_identifier(given) if given else None,
        save=True,
        filters=Filters(publishers=frozenset(body.publishers)),
        max_characters=body.character_limit or None,
        max_sources=body.sources_limit or None,
        suggest=_first(body.enable_suggestions, query.enable_suggestions, 1) == 1,
        details={
            "character_limit": body.character_limit,
            "sources_limit": body.sources_limit or 0,
            "stream": bool(body.stream),
            "publishers": body.publishers,
        },
    )


def _question(body: MessageRequest, runtime: Runtime) -> str:
    try:
        return checked_question(body.query, runtime.settings)
    except InvalidRequest as error:
        fault = {"type": "value_error", "loc": ("body", "query"), "msg": error.message}
        raise RequestValidationError([{**fault, "input": None}]) from error


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


@router.get(
    "/chat",
    summary="A chat with its messages, oldest first",
    responses={200: {"model": GlooChat}, **ERRORS},
)
async def get_chat(
    runtime: Opened, principal: ChatCaller, chat_id: Annotated[str, Query()]
) -> Response:
    owner = owner_of(principal)
    identifier = wire.chat_identifier(chat_id)
    found = await runtime.database.read(repository.find, owner, identifier)
    messages = await runtime.database.read(disclosure.history, principal, identifier)
    return _json(
        {
            "user_id": wire.user_identifier(owner),
            **wire.chat_entry(found),
            "messages": wire.messages_json(messages),
            "summary": None,
        }
    )


@router.get(
    "/chats",
    summary="The caller's chats, newest first",
    responses={200: {"model": GlooChats}, **ERRORS},
)
async def list_chats(runtime: Opened, principal: ChatCaller) -> Response:
    chats = await runtime.database.read(
        repository.list_newest, owner_of(principal), limit=MOST_CHATS
    )
    return _json({"chats": [wire.chat_entry(found) for found in chats]})


@router.delete("/chat", summary="Delete a chat", responses={200: {"model": DeletedChat}, **ERRORS})
async def delete_chat(
    request: Request, runtime: Opened, principal: ChatCaller, chat_id: ChatIdInQuery = None
) -> Response:
    given = chat_id or (await json_object(request)).get("chat_id")
    if not isinstance(given, str):
        fault = {"type": "missing", "loc": ("query", "chat_id"), "msg": "Field required"}
        raise RequestValidationError([{**fault, "input": None}])
    identifier = wire.chat_identifier(given)
    if not await runtime.database.write(repository.delete, owner_of(principal), [identifier]):
        raise NotFound
    return _json({"deleted": True, "chat_id": wire.prefixed(wire.CHAT, identifier)})


def _json(body: object) -> Response:
    return Response(orjson.dumps(body), media_type=wire.JSON)


MOST_CHATS = 100_000
both = APIRouter()
both.include_router(token.router)
both.include_router(router)

DIALECT = Dialect(
    name="Gloo",
    summary="Gloo AI's token, message and chat APIs",
    router=both,
    paths=("/oauth2/", "/ai/"),
    render=wire.render_problem,
    models=(MessageRequest,),
)
