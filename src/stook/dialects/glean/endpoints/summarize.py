"""POST /rest/api/v1/summarize: a summary in the documents' own words."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application import documents
from stook.dialects.access import Opened, caller
from stook.dialects.bodies import documented, json_body
from stook.dialects.glean.endpoints.documents import NONE_VISIBLE
from stook.dialects.glean.endpoints.shared import Language
from stook.dialects.glean.errors import errors
from stook.dialects.glean.rendering import wire
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.documents import SummarizeRequest
from stook.dialects.glean.responses.documents import SummarizeResponse
from stook.errors import Forbidden, NotFound
from stook.identity.principals import Caller, Scope
from stook.understanding import locales

router = APIRouter(tags=["Glean"])
SummaryCaller = Annotated[Caller, Depends(caller(Scope.SUMMARIZE))]
USUAL_LENGTH, SHORTEST, LONGEST = 500, 50, 10_000  # characters


@router.post(
    "/summarize",
    summary="Summarise documents, perhaps about a question",
    responses={200: {"model": SummarizeResponse}, **errors("SUMMARIZE")},
    openapi_extra=documented(SummarizeRequest),
)
async def summarize(
    runtime: Opened,
    principal: SummaryCaller,
    body: Annotated[SummarizeRequest, Depends(json_body(SummarizeRequest))],
    locale: Language,
) -> Response:
    names = [spec.name for spec in body.document_specs]
    length = min(max(body.preferred_summary_length or USUAL_LENGTH, SHORTEST), LONGEST)
    try:
        text = await documents.summary(runtime, principal, names, length, body.query or "")
    except NotFound as error:
        raise Forbidden(NONE_VISIBLE) from error
    token = wire.tracking_token("summary", *names, body.query or "")
    if not text:
        message = locales.no_sentences(locale)
        return json({"error": {"message": message}, "trackingToken": token})
    summary = {"text": text, "followUpPrompts": []}
    return json({"summary": summary, "trackingToken": token})
