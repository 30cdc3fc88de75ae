"""How the server stands, and the settings in force."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter
from starlette.responses import Response

from stook import __version__
from stook.application.administration import overview as service
from stook.application.administration.effective_settings import effective_settings
from stook.dialects.access import Opened
from stook.dialects.stook.administration.access import Administrator
from stook.dialects.stook.administration.responses import EffectiveSettings, ServerOverview
from stook.dialects.stook.rendering import json

router = APIRouter(tags=["Stook"])


@router.get(
    "/overview",
    summary="How the server stands: what is stored, and what is being worked on",
    responses={200: {"model": ServerOverview}},
)
async def overview(runtime: Opened, principal: Administrator) -> Response:
    found = await service.overview(runtime)
    return json(
        {
            "version": __version__,
            "database": found.database,
            "model": runtime.settings.model,
            "counts": asdict(found.counts),
            "people": asdict(found.people),
            "jobs": asdict(found.jobs),
            "bytes": asdict(found.room),
        }
    )


@router.get(
    "/settings",
    summary="The settings in force, and where each comes from",
    responses={200: {"model": EffectiveSettings}},
)
async def settings(runtime: Opened, principal: Administrator) -> Response:
    return json({"settings": [asdict(each) for each in effective_settings(runtime.settings)]})
