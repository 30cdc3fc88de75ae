"""How an answer to a person comes about."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import TypeAdapter
from starlette.responses import Response

from stook.answering.explanation import Explanation
from stook.application.administration import explaining as service
from stook.application.asking import checked_question, local_time
from stook.dialects.access import Opened
from stook.dialects.bodies import documented, json_body
from stook.dialects.stook.administration.access import AskingAdministrator
from stook.dialects.stook.administration.requests import ExplainRequest
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import json

router = APIRouter(tags=["Stook"])
_EXPLANATION = TypeAdapter(Explanation)


@router.post(
    "/explanation",
    summary="Explain how the answer to a person comes about: found, weighed, taken, left",
    responses={200: {"model": Explanation}, **problems(404)},
    openapi_extra=documented(ExplainRequest),
)
async def explain(
    runtime: Opened,
    principal: AskingAdministrator,
    body: Annotated[ExplainRequest, Depends(json_body(ExplainRequest))],
) -> Response:
    question = checked_question(body.question, runtime.settings)
    now = local_time(body.offset_minutes)
    found = await service.explain(runtime, principal, question, now, body.email or "")
    return json(_EXPLANATION.dump_python(found, mode="json"))
