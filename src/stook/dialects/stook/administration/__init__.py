"""The part of Stook's own API that is for administrators only: /api/stook/v1/administration."""

from __future__ import annotations

from fastapi import APIRouter

from stook.dialects.stook.administration import (
    auditing,
    documents,
    explaining,
    groups,
    insights,
    overview,
    people,
    tokens,
    writing,
)
from stook.dialects.stook.administration.requests import REQUESTS

__all__ = ["REQUESTS", "router"]

router = APIRouter(prefix="/administration")
for _part in (overview, documents, people, groups, tokens, explaining, auditing, insights, writing):
    router.include_router(_part.router)
