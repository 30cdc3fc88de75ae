"""POST /rest/api/v1/feedback and /activity: what people say and do, kept for their organisation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from stook.application import feedback as service
from stook.dialects.access import Opened, caller, owner_of
from stook.dialects.bodies import documented, json_body, validated_json
from stook.dialects.bounds import Line
from stook.dialects.glean.errors import errors
from stook.dialects.glean.requests.feedback import ActivityRequest, FeedbackRequest
from stook.identity.principals import Caller, Scope

router = APIRouter(tags=["Glean"])
FeedbackCaller = Annotated[Caller, Depends(caller(Scope.FEEDBACK))]
ActivityCaller = Annotated[Caller, Depends(caller(Scope.ACTIVITY))]
InQuery = Annotated[Line | None, Query(alias="feedback", description="The body, as JSON.")]


@router.post(
    "/feedback",
    summary="Say what came of an answer or a result",
    responses={200: {"description": "Nothing."}, **errors("FEEDBACK")},
    openapi_extra=documented(FeedbackRequest, required=False),
)
async def give_feedback(
    request: Request, runtime: Opened, principal: FeedbackCaller, in_query: InQuery = None
) -> Response:
    raw = await request.body()
    body = validated_json(FeedbackRequest, raw if raw.strip() else (in_query or "").encode())
    given = service.Feedback(
        event=body.event.value,
        tracking_tokens=tuple(body.tracking_tokens),
        id=body.id or "",
        category=body.category or "",
        details=body.model_dump(mode="json", by_alias=True, exclude_none=True),
    )
    await service.give(runtime, owner_of(principal), given)
    return Response()


@router.post(
    "/activity",
    summary="Report what was done to documents",
    responses={200: {"description": "Nothing."}, **errors("ACTIVITY")},
    openapi_extra=documented(ActivityRequest),
)
async def report_activity(
    runtime: Opened,
    principal: ActivityCaller,
    body: Annotated[ActivityRequest, Depends(json_body(ActivityRequest))],
) -> Response:
    events = [
        service.Activity(
            action=event.action.value,
            url=event.url,
            happened_at=_micros(event.timestamp),
            id=event.id or "",
            details=event.params or {},
        )
        for event in body.events
    ]
    await service.report(runtime, owner_of(principal), events)
    return Response()


def _micros(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000_000)
