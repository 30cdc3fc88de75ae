"""Answers that people write to questions, and pages: listed, written, taken back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from stook.application.administration import writing as service
from stook.dialects.access import Opened
from stook.dialects.bodies import documented, json_body
from stook.dialects.bounds import Name
from stook.dialects.stook.administration.access import Administrator
from stook.dialects.stook.administration.lists import PAGE, Cursor, Words, cursor_of, place_of
from stook.dialects.stook.administration.requests import WriteAnswerRequest, WritePageRequest
from stook.dialects.stook.administration.responses import CuratedAnswers, WrittenDocument
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import json, moment
from stook.identity.audit import actor_of
from stook.knowledge.ingestion.worker import index_soon
from stook.knowledge.store.curated import CuratedAnswer

router = APIRouter(tags=["Stook"])


@router.get(
    "/answers",
    summary="Answers that people wrote, the newest first",
    responses={200: {"model": CuratedAnswers}},
)
async def list_answers(
    runtime: Opened, principal: Administrator, query: Words = "", cursor: Cursor = None
) -> Response:
    page = await runtime.database.read(service.find, query, place_of(cursor, int), PAGE)
    return json(
        {"answers": list(map(_answer_json, page.items)), "next_cursor": cursor_of(page.next)}
    )


def _answer_json(answer: CuratedAnswer) -> dict[str, Any]:
    return {
        "document_id": answer.document_id,
        "question": answer.question,
        "wordings": [each for each in answer.wordings if each != answer.question],
        "text": answer.text,
        "author": answer.author,
        "stored_at": moment(answer.stored_at),
    }


@router.post(
    "/answers",
    summary="Write an answer to a question; it comes first wherever that is asked",
    responses={200: {"model": WrittenDocument}, **problems(400, 404)},
    openapi_extra=documented(WriteAnswerRequest),
)
async def write_answer(
    runtime: Opened,
    principal: Administrator,
    body: Annotated[WriteAnswerRequest, Depends(json_body(WriteAnswerRequest))],
) -> Response:
    wordings = [body.question, *body.wordings]
    given = (body.question, body.text, body.allow, wordings, body.document_id or "")
    return json({"document_id": await service.write(runtime, actor_of(principal), *given)})


@router.delete(
    "/answers/{document_id}",
    summary="Take an answer back: nobody is given it from now on",
    responses={200: {"description": "Nothing."}, **problems(404)},
)
async def remove_answer(
    runtime: Opened,
    principal: Administrator,
    document_id: Annotated[Name, Path(description="The answer's document.")],
) -> Response:
    actor = actor_of(principal)
    index_soon(await runtime.database.write(service.remove, actor, document_id))
    return Response()


@router.post(
    "/pages",
    summary="Write a page, which is found and cited as any document",
    responses={200: {"model": WrittenDocument}, **problems(400)},
    openapi_extra=documented(WritePageRequest),
)
async def write_page(
    runtime: Opened,
    principal: Administrator,
    body: Annotated[WritePageRequest, Depends(json_body(WritePageRequest))],
) -> Response:
    actor = actor_of(principal)
    stored = await service.write(runtime, actor, body.title, body.text, body.allow, ())
    return json({"document_id": stored})
