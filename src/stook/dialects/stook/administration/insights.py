"""Insights: what is asked, how it is answered, what is missing, which documents are of use."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from stook.application.administration import insights as service
from stook.conversation.insights import Complaint, DayCount
from stook.conversation.question_log import AskedQuestion
from stook.dialects.access import Opened
from stook.dialects.stook.administration.access import Administrator
from stook.dialects.stook.administration.lists import PAGE, Cursor, cursor_of, place_of
from stook.dialects.stook.administration.responses import (
    InsightsSummary,
    UnansweredQuestions,
    UsedDocuments,
)
from stook.dialects.stook.rendering import json, moment
from stook.knowledge.store.usage import Kind, Used

router = APIRouter(tags=["Stook"])
Days = Annotated[int, Query(ge=1, le=365, description="How many days, today the last of them.")]
Which = Annotated[Kind, Query(description="Which documents.")]


@router.get(
    "/insights",
    summary="How questions were answered in the last days: counts, speed, feedback",
    responses={200: {"model": InsightsSummary}},
)
async def insights(runtime: Opened, principal: Administrator, days: Days = 30) -> Response:
    found = await service.summary(runtime, days)
    by_day = {each.day: each for each in found.days}
    span = range(found.today - days + 1, found.today + 1)
    opinions = found.opinions
    return json(
        {
            "days": [_day_json(by_day.get(day) or DayCount(day, 0, 0, 0, 0)) for day in span],
            "speed": list(map(asdict, found.speed)),
            "good": opinions.good,
            "bad": opinions.bad,
            "complaints": list(map(_complaint_json, opinions.complaints)),
            "text_days": runtime.settings.question_text_days,
        }
    )


def _day_json(day: DayCount) -> dict[str, Any]:
    date = datetime.fromtimestamp(day.day * 86_400, UTC).date().isoformat()
    return asdict(day) | {"day": date}


def _complaint_json(complaint: Complaint) -> dict[str, Any]:
    return asdict(complaint) | {"said_at": moment(complaint.said_at)}


@router.get(
    "/insights/unanswered",
    summary="Questions of the last days that were not answered, those of a meaning together",
    responses={200: {"model": UnansweredQuestions}},
)
async def unanswered(runtime: Opened, principal: Administrator, days: Days = 30) -> Response:
    found = await service.unanswered(runtime, days)
    clusters = [{"questions": list(map(_question_json, each.questions))} for each in found]
    return json({"clusters": clusters, "text_days": runtime.settings.question_text_days})


def _question_json(question: AskedQuestion) -> dict[str, Any]:
    return {
        "text": question.text,
        "outcome": question.outcome,
        "asked_at": moment(question.asked_at),
    }


@router.get(
    "/insights/documents",
    summary="Documents that are cited most, never, or have not changed for long",
    responses={200: {"model": UsedDocuments}},
)
async def used_documents(
    runtime: Opened,
    principal: Administrator,
    kind: Which = Kind.MOST_CITED,
    days: Days = 30,
    cursor: Cursor = None,
) -> Response:
    after = place_of(cursor, int)
    page = await runtime.database.read(service.documents, kind, days, after, PAGE)
    return json(
        {"documents": list(map(_used_json, page.items)), "next_cursor": cursor_of(page.next)}
    )


def _used_json(used: Used) -> dict[str, Any]:
    return asdict(used) | {"changed_at": moment(used.changed_at)}
