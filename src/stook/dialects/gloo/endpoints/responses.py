"""Responses, versions 1 and 2: OpenAI's newer shape of a completion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application import models
from stook.dialects.access import Asker, Opened
from stook.dialects.answering import AnswerResponse
from stook.dialects.bodies import documented, json_body
from stook.dialects.dialect import Problem
from stook.dialects.gloo.endpoints.completions import STREAMED, asked, size
from stook.dialects.gloo.errors import ERRORS, render_completion_problem, render_problem
from stook.dialects.gloo.rendering.responses import Reply, ResponseStream, WholeResponse
from stook.dialects.gloo.requests.completions import (
    CompletionMessage,
    CompletionRequest,
    ResponseFormat,
)
from stook.dialects.gloo.requests.responses import ResponsesRequest
from stook.dialects.gloo.responses.responses import GlooResponse
from stook.errors import InvalidRequest
from stook.identity.principals import Principal
from stook.runtime import Runtime

first = APIRouter(prefix="/ai/v1", tags=["Gloo"])
second = APIRouter(prefix="/ai/v2", tags=["Gloo Completions"])
Body = Annotated[ResponsesRequest, Depends(json_body(ResponsesRequest))]


@first.post(
    "/responses",
    summary="Respond to a text or a conversation",
    responses={200: {"model": GlooResponse, "content": STREAMED}, 422: ERRORS[422]},
    openapi_extra=documented(ResponsesRequest),
)
async def respond(runtime: Opened, principal: Asker, body: Body) -> AnswerResponse:
    return _answer(runtime, principal, body, render_problem)


@second.post(
    "/responses",
    summary="Respond to a text or a conversation, version 2",
    responses={200: {"model": GlooResponse, "content": STREAMED}, 422: ERRORS[422]},
    openapi_extra=documented(ResponsesRequest),
)
async def respond_v2(runtime: Opened, principal: Asker, body: Body) -> AnswerResponse:
    return _answer(runtime, principal, body, render_completion_problem)


def _answer(
    runtime: Runtime,
    principal: Principal,
    body: ResponsesRequest,
    render: Callable[[Problem], Response],
) -> AnswerResponse:
    if body.previous_response_id:
        raise InvalidRequest(
            "previous_response_id: responses are not kept; send the conversation in input."
        )
    request = _as_completion(body)
    model = models.chosen(runtime.settings, body.model)
    ask = asked(runtime, principal, request, request.messages, model)
    reply = Reply(
        model=model.id,
        instructions=body.instructions,
        prompt_tokens=size(request.messages),
    )
    rendering = ResponseStream(reply) if body.stream else WholeResponse(reply)
    return AnswerResponse(render, runtime.turns.answer(ask), rendering)


def _as_completion(body: ResponsesRequest) -> CompletionRequest:
    messages = [CompletionMessage(role="system", content=body.instructions or None)]
    if isinstance(body.input, str):
        messages.append(CompletionMessage(role="user", content=body.input))
    else:
        messages += body.input
    kind = body.text.format.type if body.text and body.text.format else "text"
    return CompletionRequest(
        messages=messages,
        max_tokens=body.max_output_tokens,
        temperature=body.temperature,
        tools=body.tools,
        tool_choice=body.tool_choice,
        response_format=ResponseFormat(type=kind),
    )
