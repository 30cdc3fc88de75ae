"""POST /api/v1/send_message."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request

from stook.application.asking import checked_question, local_time
from stook.conversation.chats import repository
from stook.conversation.chats.records import Chat
from stook.conversation.events import Ask
from stook.conversation.faqs import document_at
from stook.conversation.turns import save as saving
from stook.dialects.access import Opened, owner_of
from stook.dialects.answering import AnswerResponse
from stook.dialects.bodies import content, documented, json_body
from stook.dialects.dialect import Dialect
from stook.dialects.gleen import product_faqs
from stook.dialects.gleen.keys import GleenCaller
from stook.dialects.gleen.models import (
    GleenError,
    SendMessageEvents,
    SendMessageRequest,
    SendMessageResponse,
)
from stook.dialects.gleen.rendering import EventStream, Reply, WholeAnswer, render_problem
from stook.errors import InvalidRequest, NotFound
from stook.identity.principals import Principal
from stook.runtime import Runtime

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
        faq = await product_faqs.chosen(runtime, principal, body.faq_id, question)
    chat = await _chat(runtime, principal, body.thread_id)
    ask = await _ask(runtime, principal, body, question)
    streams = bool(body.stream) and "text/event-stream" in request.headers.get("accept", "")
    if streams and chat is None:  # each event names the thread
        chat = await saving.begin(runtime.database, owner_of(principal), question)
    ask = replace(ask, chat_id=chat.id if chat else None)
    events = product_faqs.offered(runtime).answer(ask, faq) if faq else runtime.turns.answer(ask)
    reply = Reply(
        question=question,
        locale=ask.locale,
        thread_id=str(chat.number) if chat else "",
        functions=body.functions,
        metadata=body.user_metadata or {},
    )
    return AnswerResponse(DIALECT, events, EventStream(reply) if streams else WholeAnswer(reply))


async def _ask(
    runtime: Runtime, principal: Principal, body: SendMessageRequest, question: str
) -> Ask:
    page = body.page_url and await document_at(runtime.database, principal, body.page_url)
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
        details={name: value for name, value in kept.items() if value},
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
    number = int(thread_id)
    return await runtime.database.read(repository.find_by_number, principal.email, number)


router.include_router(product_faqs.router)
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
