"""POST /rest/api/v1/explainanswer: how an answer comes about, for administrators.

This is Stook's own; Glean's API has nothing of the kind.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import TypeAdapter
from starlette.responses import Response

from stook.answering.explanation import Explanation
from stook.application.asking import checked_question, local_time
from stook.conversation.events import Ask
from stook.dialects.access import Opened, caller
from stook.dialects.bodies import documented, json_body
from stook.dialects.glean.endpoints.shared import Language
from stook.dialects.glean.errors import errors
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.explaining import ExplainAnswerRequest
from stook.identity.principals import Caller, Scope
from stook.rates import EndpointClass

router = APIRouter(tags=["Glean"])
AdminAsker = Annotated[Caller, Depends(caller(Scope.ADMIN, endpoint=EndpointClass.CHAT))]
_EXPLANATION = TypeAdapter(Explanation)
TIMEOUT_SECONDS = 60.0


@router.post(
    "/explainanswer",
    summary="Explain how an answer comes about",
    description="Shows what was understood, searched for, found, weighed, taken and left, from "
    "the documents that the caller, or the person acted for, may see. Takes a token with the "
    "scope ADMIN.",
    responses={200: {"model": Explanation}, **errors("ADMIN", s408="Not done in time.")},
    openapi_extra=documented(ExplainAnswerRequest),
)
async def explain_answer(
    runtime: Opened,
    principal: AdminAsker,
    body: Annotated[ExplainAnswerRequest, Depends(json_body(ExplainAnswerRequest))],
    locale: Language,
) -> Response:
    explained = await runtime.engine.explain(
        Ask(
            principal=principal,
            question=checked_question(body.question, runtime.settings),
            now=local_time(body.timezone_offset),
            locale=locale,
            timeout_seconds=TIMEOUT_SECONDS,
        )
    )
    return json(_EXPLANATION.dump_python(explained, mode="json"))
