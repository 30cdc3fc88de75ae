"""Whether the process is up, and whether it can serve."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa
import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from stook.runtime import Runtime
from stook.server.lifecycle import Lifecycle, Phase

log = structlog.get_logger(__name__)
router = APIRouter(tags=["Operation"], default_response_class=JSONResponse)

DATABASE_SECONDS = 5.0


class Health(BaseModel):
    """``status`` is "ok", or says what is wrong."""

    status: str


@router.get("/health", summary="Is the process up?", response_model=Health)
async def health() -> Response:
    return JSONResponse({"status": "ok"})


@router.get(
    "/ready",
    summary="Can it serve?",
    response_model=Health,
    responses={503: {"model": Health}},
)
async def ready(request: Request) -> Response:
    lifecycle: Lifecycle = request.app.state.lifecycle
    runtime: Runtime | None = getattr(request.app.state, "runtime", None)
    if lifecycle.phase is not Phase.SERVING or runtime is None:
        return _not_ready(lifecycle.phase.value)
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            await runtime.database.read(_select_one)
    except Exception as error:
        log.warning("not ready", exc_info=error)
        return _not_ready("the database does not answer")
    return JSONResponse({"status": "ok"})


def _select_one(connection: sa.Connection) -> None:
    connection.execute(sa.select(sa.literal(1)))


def _not_ready(reason: str) -> Response:
    return JSONResponse({"status": reason}, 503, {"Retry-After": "1"})
