"""GET /api/v1/product-faqs, and the questions that it offers."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from stook.application.asking import local_time
from stook.conversation import faqs
from stook.conversation.faqs import AnsweredFaq, Faq, Faqs
from stook.dialects.access import Opened
from stook.dialects.bounds import Address, Name
from stook.dialects.gleen.keys import GleenCaller
from stook.dialects.gleen.models import ProductFaqsResponse
from stook.dialects.gleen.rendering import JSON, UnknownFaq
from stook.errors import InvalidRequest, NotFound
from stook.identity.principals import Principal
from stook.runtime import Runtime

router = APIRouter()


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
    found = await offered(runtime).about(page_url, principal, local_time(None), locale)
    body = {"faqs": [_faq_json(each) for each in found]}
    return Response(orjson.dumps(body), media_type=JSON)


def offered(runtime: Runtime) -> Faqs:
    """What offers questions, and answers them."""
    return Faqs(runtime.settings, runtime.database, runtime.searcher)


async def chosen(runtime: Runtime, principal: Principal, faq_id: int, question: str) -> Faq:
    """The question of that number; raises UnknownFaq, or InvalidRequest where it is another."""
    try:
        faq = await runtime.database.read(faqs.find, principal, faq_id)
    except NotFound as error:
        raise UnknownFaq from error
    if faq.question != question:
        raise InvalidRequest(f"query_text must be the question of faq_id {faq_id}, word for word.")
    return faq


def _faq_json(each: AnsweredFaq) -> dict[str, object]:
    return {"id": each.faq.id, "question": each.faq.question, "answer": each.answer.text}
