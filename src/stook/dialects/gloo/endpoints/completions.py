"""Completions, version 1, version 2 and grounded, and the models that there are.

The words come from the documents, as everywhere here: a conversation is sent along, and its last
message is answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application import models, publishers
from stook.application.asking import checked_question, local_time
from stook.application.search.finding import Filters
from stook.conversation.events import Ask, Turn
from stook.dialects.access import Asker, Opened
from stook.dialects.answering import AnswerResponse
from stook.dialects.bodies import content, documented, json_body
from stook.dialects.gloo import errors
from stook.dialects.gloo.endpoints.publishing import EVERY_PUBLISHER, published
from stook.dialects.gloo.errors import ERRORS
from stook.dialects.gloo.rendering import wire
from stook.dialects.gloo.rendering.completions import (
    CompletionStream,
    Reply,
    WholeCompletion,
    count_tokens,
)
from stook.dialects.gloo.requests.completions import (
    CompletionMessage,
    CompletionRequest,
    CompletionV2Request,
    GroundedRequest,
    Part,
    Routing,
    Settings,
)
from stook.dialects.gloo.responses.completions import (
    Completion,
    CompletionEvents,
    CompletionV2,
    GroundedCompletion,
    ModelList,
)
from stook.errors import InvalidRequest
from stook.identity.principals import Principal
from stook.runtime import Runtime
from stook.understanding.prompt_parts import passages_beside
from stook.understanding.question import Author

first = APIRouter(tags=["Gloo"])
second = APIRouter(prefix="/ai/v2/chat/completions", tags=["Gloo Completions"])

GREETING = CompletionMessage(role="user", content="Hello world!")
CHARACTERS = 4  # that a token has, about
STREAMED = content("text/event-stream", CompletionEvents)


@first.post(
    "/ai/v1/chat/completions",
    summary="Complete a conversation",
    responses={200: {"model": Completion, "content": STREAMED}, 422: ERRORS[422]},
    openapi_extra=documented(CompletionRequest),
)
async def complete(
    runtime: Opened,
    principal: Asker,
    body: Annotated[CompletionRequest, Depends(json_body(CompletionRequest))],
) -> AnswerResponse:
    model = models.chosen(runtime.settings, body.model)
    ask = asked(runtime, principal, body, body.messages, model)
    reply = Reply(
        model=model.id,
        prompt_tokens=size(body.messages),
        publishers={},
        with_usage=_with_usage(body),
        ends_with_done=True,
        nested_errors=False,
    )
    rendering = CompletionStream(reply) if body.stream else WholeCompletion(reply)
    return AnswerResponse(errors.render_problem, runtime.turns.answer(ask), rendering)


@second.post(
    "",
    summary="Complete a conversation, with a choice of models",
    responses={200: {"model": CompletionV2, "content": STREAMED}, 422: ERRORS[422]},
    openapi_extra=documented(CompletionV2Request),
)
async def complete_routed(
    runtime: Opened,
    principal: Asker,
    body: Annotated[CompletionV2Request, Depends(json_body(CompletionV2Request))],
) -> AnswerResponse:
    model = models.chosen(runtime.settings, body.model, body.model_family)
    ask = asked(runtime, principal, body, body.messages, model)
    reply = _reply(body, body.messages, model, {}, None)
    return _routed(runtime, ask, body, reply)


@second.post(
    "/grounded",
    summary="Complete a conversation from a publisher's documents, with citations",
    responses={200: {"model": GroundedCompletion, "content": STREAMED}, 422: ERRORS[422]},
    openapi_extra=documented(GroundedRequest),
)
async def complete_grounded(
    runtime: Opened,
    principal: Asker,
    body: Annotated[GroundedRequest, Depends(json_body(GroundedRequest))],
) -> AnswerResponse:
    messages = [GREETING] if body.messages is None else body.messages
    name = EVERY_PUBLISHER if body.rag_publisher is None else body.rag_publisher
    where = await published(runtime, principal, name)
    model = models.chosen(runtime.settings, body.model, body.model_family)
    ask = asked(runtime, principal, body, messages, model, where, body.sources_limit)
    shown = await publishers.shown_names(runtime)
    reply = _reply(body, messages, model, shown, body.include_citations)
    return _routed(runtime, ask, body, reply)


@first.get(
    "/platform/v2/models",
    summary="The models that this server has",
    responses={200: {"model": ModelList}},
)
async def list_models(runtime: Opened) -> Response:
    unknown = {"context_window": None, "pricing": None, "output_modalities": ["text"]}
    data = [{**asdict(model), **unknown} for model in models.served(runtime.settings)]
    return wire.json({"object": "list", "data": data})


def _reply(
    body: Routing,
    messages: Sequence[CompletionMessage],
    model: models.ServedModel,
    shown: wire.Publishers,
    with_citations: bool | None,
) -> Reply:
    return Reply(
        model=model.id,
        prompt_tokens=size(messages),
        publishers=shown,
        routing=_routing(body, model),
        with_citations=with_citations,
        with_usage=_with_usage(body),
    )


def _routed(runtime: Runtime, ask: Ask, body: Routing, reply: Reply) -> AnswerResponse:
    rendering = CompletionStream(reply) if body.stream else WholeCompletion(reply)
    return AnswerResponse(errors.render_completion_problem, runtime.turns.answer(ask), rendering)


def _routing(body: Routing, model: models.ServedModel) -> dict[str, Any]:
    """How the model was found; raises Unprocessable where the request says it in no one way."""
    ways = {
        "auto_routing": body.auto_routing,
        "model_family": body.model_family,
        "direct_model_selection": body.model,
    }
    chosen = [way for way, value in ways.items() if value]
    if len(chosen) != 1:
        raise errors.Unprocessable(
            "Give exactly one of auto_routing: true, model and model_family."
        )
    if body.tradition == "not_faith_specific" and not body.model:
        raise errors.Unprocessable("Model is required when tradition is set to not_faith_specific.")
    found: dict[str, Any] = {
        "provider": models.PROVIDER,
        "model_family": model.family,
        "auto_routing": bool(body.auto_routing),
        "routing_mechanism": chosen[0],
    }
    if chosen != ["direct_model_selection"]:  # the first one is tried first: nothing to weigh
        found |= {"routing_tier": "tier_1", "routing_confidence": 1.0}
    return found | ({"tradition": body.tradition} if body.tradition else {})


def asked(
    runtime: Runtime,
    principal: Principal,
    body: Settings,
    messages: Sequence[CompletionMessage],
    model: models.ServedModel,
    where: Filters | None = None,
    most_sources: int | None = None,
) -> Ask:
    """The question that the last message is; raises InvalidRequest."""
    _check(body, messages)
    told = [each for each in messages if each.role in ("system", "developer")]
    said = [each for each in messages if each.role in ("user", "assistant")]
    longest = body.max_completion_tokens or body.max_tokens
    return Ask(
        principal=principal,
        question=checked_question(_text(said[-1]), runtime.settings),
        now=local_time(None),
        history=tuple(Turn(_author(each), _text(each)) for each in said[:-1]),
        instructions="\n\n".join(map(_text, told)),
        passages=tuple(
            found for each in told for found in passages_beside(_text(each), whole=False)
        ),
        filters=where or Filters(),
        max_characters=longest * CHARACTERS if longest else None,
        max_sources=most_sources,
        stops=tuple(body.stop),
        suggest=False,
        wish=models.wish(runtime.settings, model, body.temperature),
    )


def _check(body: Settings, messages: Sequence[CompletionMessage]) -> None:
    """What cannot be done here is refused, rather than left out in silence."""
    if body.tools and body.tool_choice != "none":
        raise InvalidRequest(
            "tools: answers here rest on documents alone and no tool is called; leave tools "
            "out, or send tool_choice: none."
        )
    if body.response_format is not None and body.response_format.type != "text":
        raise InvalidRequest("response_format: answers here are plain text; ask for type text.")
    if not messages:
        raise InvalidRequest("messages: send at least one.")
    if messages[-1].role != "user":
        raise InvalidRequest("messages: the last one must be the user's; it is what is answered.")


def _text(message: CompletionMessage) -> str:
    """What a message says; raises InvalidRequest where it is not only text."""
    if isinstance(message.content, str) or message.content is None:
        return message.content or ""
    return "\n".join(_text_of_part(part) for part in message.content)


def _text_of_part(part: Part) -> str:
    if part.text is None or part.type not in ("text", "input_text", "output_text"):
        raise InvalidRequest(f"messages: {part.type[:50]} is not read here; send text.")
    return part.text


def _author(message: CompletionMessage) -> Author:
    return Author.USER if message.role == "user" else Author.ASSISTANT


def size(messages: Sequence[CompletionMessage]) -> int:
    """How many words and marks were sent along."""
    return sum(count_tokens(_text(message)) for message in messages)


def _with_usage(body: Settings) -> bool:
    return bool(body.stream_options and body.stream_options.include_usage)
