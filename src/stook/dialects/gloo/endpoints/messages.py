"""/ai/v1/message: ask, stop, delete, rate."""

from __future__ import annotations

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from stook.application import chats, feedback, models, publishers
from stook.application.asking import checked_question, local_time
from stook.conversation.events import Ask
from stook.dialects.access import Asker, ChatCaller, Opened, owner_of
from stook.dialects.answering import AnswerResponse
from stook.dialects.bodies import documented, json_body
from stook.dialects.bounds import Name
from stook.dialects.gloo import errors
from stook.dialects.gloo.errors import ERRORS
from stook.dialects.gloo.rendering import wire
from stook.dialects.gloo.rendering.messages import EventStream, Form, WholeAnswer
from stook.dialects.gloo.requests.messages import MessageRequest, RatingRequest, Switch
from stook.dialects.gloo.responses.messages import (
    DeletedMessage,
    KallmResponse,
    MessageResponse,
    RatedMessage,
    StoppedMessage,
)
from stook.errors import InvalidRequest
from stook.identity.principals import Principal
from stook.runtime import Runtime
from stook.settings import Settings

router = APIRouter(prefix="/ai/v1", tags=["Gloo"])
Body = Annotated[MessageRequest, Depends(json_body(MessageRequest))]


class Switches:
    """The parameters of the query that may also stand in the body, where they count more."""

    def __init__(
        self,
        chat_id: Annotated[Name | None, Query(description="The chat to go on with.")] = None,
        intent: Annotated[
            Switch | None, Query(description="1: the answer needs sources; 0: it needs none.")
        ] = None,
        enable_sources: Annotated[
            int | None,
            Query(ge=0, le=2, description="0: never; 1: unless the intent is 0; 2: always."),
        ] = None,
        enable_suggestions: Annotated[
            Switch | None, Query(description="0: no further questions are suggested. Default: 1.")
        ] = None,
    ) -> None:
        self.chat_id = chat_id
        self.intent = intent
        self.enable_sources = enable_sources
        self.enable_suggestions = enable_suggestions


InQuery = Annotated[Switches, Depends()]


def message_name(
    message_id: Annotated[Name | None, Query(description="The answer's id.")] = None,
    query_id: Annotated[
        Name | None, Query(description="Instead: of the question with its answer.")
    ] = None,
    chat_id: Annotated[Name | None, Query(description="Its chat; need not be named.")] = None,
) -> str:
    """A dependency: the own id of a message, or of a question with its answer."""
    given = message_id or query_id
    if not given:
        raise errors.missing("message_id")
    return wire.message_identifier(given)


Named = Annotated[str, Depends(message_name)]


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


@router.put(
    "/message",
    summary="Stop an answer that is being written",
    responses={200: {"model": StoppedMessage}, **ERRORS},
)
async def stop_message(
    runtime: Opened,
    principal: ChatCaller,
    name: Named,
    task: Annotated[Literal["stop"], Query(description="What is to be done with it.")],
) -> Response:
    stopped = await runtime.turns.stop(name, principal)
    return wire.json({"task": task, "success": stopped})


@router.delete(
    "/message",
    summary="Delete an answer; by query_id, the question too",
    responses={200: {"model": DeletedMessage}, **ERRORS},
)
async def delete_message(runtime: Opened, principal: ChatCaller, name: Named) -> Response:
    gone = await chats.delete_message(runtime, owner_of(principal), name)
    return wire.json({"deleted": True, "message_id": wire.prefixed(wire.MESSAGE, gone.id)})


@router.patch(
    "/message",
    summary="Rate an answer",
    responses={200: {"model": RatedMessage}, **ERRORS},
    openapi_extra=documented(RatingRequest),
)
async def rate_message(
    runtime: Opened,
    principal: ChatCaller,
    name: Named,
    body: Annotated[RatingRequest, Depends(json_body(RatingRequest))],
) -> Response:
    said = body.model_dump(exclude_none=True)
    await feedback.rate(runtime, owner_of(principal), name, body.rating > 0, said)
    return wire.json({"success": True})


async def _answer(
    runtime: Runtime, principal: Principal, body: MessageRequest, query: Switches, short: bool
) -> AnswerResponse:
    enable = _first(body.enable_sources, query.enable_sources)
    wishes = wire.Wishes(
        intent=_first(body.intent, query.intent),
        enable_sources=1 if enable is None else enable,
        sources_limit=body.sources_limit or 0,
    )
    ask = await _ask(runtime, principal, body, query, wishes)
    shown = await publishers.shown_names(runtime)
    form = Form(short, wishes, shown, models.usual(runtime.settings).id)
    rendering = EventStream(form, ask) if body.stream else WholeAnswer(form)
    return AnswerResponse(errors.render_problem, runtime.turns.answer(ask), rendering)


async def _ask(
    runtime: Runtime,
    principal: Principal,
    body: MessageRequest,
    query: Switches,
    wishes: wire.Wishes,
) -> Ask:
    given = body.chat_id or query.chat_id
    return Ask(
        principal=principal,
        question=_question(body, runtime.settings),
        now=local_time(None),
        chat_id=wire.chat_identifier(given) if given else None,
        save=True,
        filters=await publishers.published_by(runtime, body.publishers),
        max_characters=body.character_limit or None,
        max_sources=body.sources_limit or None,
        uses_documents=wishes.intent != 0 or not runtime.engine.has_model,
        suggest=_first(body.enable_suggestions, query.enable_suggestions) != 0,
        turn_id=str(uuid.uuid4()),
        message_id=str(uuid.uuid4()),
        told_again={
            "character_limit": body.character_limit,
            "sources_limit": wishes.sources_limit,
            "stream": bool(body.stream),
            "publishers": body.publishers,
            "intent": wishes.intent,
            "enable_sources": wishes.enable_sources,
        },
    )


def _question(body: MessageRequest, settings: Settings) -> str:
    try:
        return checked_question(body.query, settings)
    except InvalidRequest as error:
        raise errors.fault("body", "query", "value_error", error.message) from error


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)
