"""POST /api/v1/send_message and GET /api/v1/product-faqs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from stook.application import chats, documents, faqs
from stook.application.asking import checked_question, local_time
from stook.application.chats import Chat
from stook.application.faqs import AnsweredFaq, Faq
from stook.conversation.events import Ask
from stook.dialects.access import Opened, caller, owner_of
from stook.dialects.answering import AnswerResponse
from stook.dialects.bodies import content, documented, json_body
from stook.dialects.bounds import Address, Name
from stook.dialects.dialect import Dialect
from stook.dialects.gleen.errors import JSON, GleenError, UnknownFaq, render_problem
from stook.dialects.gleen.rendering import EventStream, Reply, WholeAnswer
from stook.dialects.gleen.requests import SendMessageRequest
from stook.dialects.gleen.responses import (
    ProductFaqsResponse,
    SendMessageEvents,
    SendMessageResponse,
)
from stook.errors import InvalidRequest, NotFound
from stook.identity.principals import Caller, Principal, Scope
from stook.rates import EndpointClass
from stook.runtime import Runtime

HEADERS = ("ALHENA_API_KEY", "X-API-Key")  # that may carry the token, as Gleen's pages say
GleenCaller = Annotated[Caller, Depends(caller(Scope.CHAT, *HEADERS, endpoint=EndpointClass.CHAT))]
router = APIRouter(tags=["Gleen"])
PRIVATE = "_"  # what keys of user_metadata begin with that nobody but functions may be given
LARGEST_METADATA = 16_384  # bytes of JSON
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
        404: {"description": "There is no such thread or FAQ, or it is not the caller's."},
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
    faq = None
    if body.faq_id is not None:
        faq = await _chosen(runtime, principal, body.faq_id, question)
    chat = await _chat(runtime, principal, body.thread_id)
    ask = await _ask(runtime, principal, body, question)
    streams = bool(body.stream) and "text/event-stream" in request.headers.get("accept", "")
    if streams and chat is None:  # each event names the thread
        chat = await chats.begin(runtime, owner_of(principal), question)
    ask = replace(ask, chat_id=chat.id if chat else None)
    events = faqs.answer(runtime, ask, faq) if faq else runtime.turns.answer(ask)
    reply = Reply(
        question=question,
        locale=ask.locale,
        thread_id=str(chat.number) if chat else "",
        functions=[each.function() for each in body.functions],
        metadata=body.user_metadata or {},
    )
    return AnswerResponse(
        render_problem, events, EventStream(reply) if streams else WholeAnswer(reply)
    )


async def _ask(
    runtime: Runtime, principal: Principal, body: SendMessageRequest, question: str
) -> Ask:
    page = body.page_url and await documents.at_address(runtime, principal, body.page_url)
    public = _public(body.user_metadata or {})
    kept = {"page_url": body.page_url, "user_metadata": public}
    return Ask(
        principal=principal,
        question=question,
        now=local_time(None),
        instructions=_circumstances(public, body.page_url),
        files=(page.id,) if page else (),
        save=True,
        locale=body.locale or "en",
        suggest=False,
        told_again={name: value for name, value in kept.items() if value},
    )


def _public(metadata: dict[str, Any]) -> dict[str, Any]:
    """What a model may be told of the user; raises InvalidRequest where it is very much."""
    if len(orjson.dumps(metadata)) > LARGEST_METADATA:
        raise InvalidRequest(f"user_metadata is longer than {LARGEST_METADATA} bytes of JSON.")
    return {key: value for key, value in metadata.items() if not key.startswith(PRIVATE)}


def _circumstances(public: dict[str, Any], page_url: str | None) -> str:
    lines = [f"{key}: {orjson.dumps(value).decode()}" for key, value in public.items()]
    about = ["What is known of the user:", *lines] if lines else []
    page = [f"The user is on the page {page_url}"] if page_url else []
    return "\n".join([*about, *page])


async def _chat(runtime: Runtime, principal: Principal, thread_id: str | None) -> Chat | None:
    """The chat that the thread is; raises NotFound where it is not the caller's."""
    if not thread_id:
        return None
    if principal.email is None or not _NUMBER.fullmatch(thread_id):
        raise NotFound
    return await chats.numbered(runtime, principal.email, int(thread_id))


@router.get(
    "/api/v1/product-faqs",
    summary="Questions that the page at an address answers",
    responses={200: {"model": ProductFaqsResponse}},
)
async def product_faqs(
    runtime: Opened,
    principal: GleenCaller,
    page_url: Annotated[
        Address, Query(max_length=4000, description="The page that people look at.")
    ],
    locale: Annotated[Name, Query(description="RFC 5646; the language of the questions.")] = "en",
) -> Response:
    found = await faqs.about(runtime, principal, page_url, locale)
    body = {"faqs": [_faq_json(each) for each in found]}
    return Response(orjson.dumps(body), media_type=JSON)


async def _chosen(runtime: Runtime, principal: Principal, faq_id: int, question: str) -> Faq:
    """The question of that number; raises UnknownFaq, or InvalidRequest where it is another."""
    try:
        faq = await faqs.find(runtime, principal, faq_id)
    except NotFound as error:
        raise UnknownFaq from error
    if faq.question != question:
        raise InvalidRequest(f"query_text must be the question of faq_id {faq_id}, word for word.")
    return faq


def _faq_json(each: AnsweredFaq) -> dict[str, object]:
    return {"id": each.faq.id, "question": each.faq.question, "answer": each.answer.text}


DIALECT = Dialect(
    name="Gleen",
    summary="Gleen AI's send_message with threads, and the questions that a page answers",
    router=router,
    paths=("/api/v1/",),
    render=render_problem,
    models=(SendMessageRequest, SendMessageEvents),
    error=GleenError,
    error_type="application/json",
)
