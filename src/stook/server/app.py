"""The application: every dialect behind the same middleware, on one opened runtime."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from stook import __version__
from stook.application.administration.audit_log import note_settings
from stook.dialects.glean.endpoints import DIALECT as GLEAN
from stook.dialects.glean.endpoints.files import UPLOAD_PATH
from stook.dialects.gleen.endpoints import DIALECT as GLEEN
from stook.dialects.gloo.endpoints import COMPLETIONS as GLOO_COMPLETIONS
from stook.dialects.gloo.endpoints import DIALECT as GLOO
from stook.dialects.gloo.endpoints import tokens
from stook.dialects.gloo.endpoints.ingestion import FILES_PATH
from stook.dialects.indexing.endpoints import DIALECT as INDEXING
from stook.dialects.platform.endpoints import DIALECT as PLATFORM
from stook.dialects.scim.endpoints import DIALECT as SCIM
from stook.dialects.stook import endpoints as own
from stook.errors import StookError
from stook.knowledge.ingestion.worker import start_worker
from stook.knowledge.retrieval import spelling
from stook.runtime import open_runtime
from stook.server import health
from stook.server.description import described, operation_id, tags
from stook.server.errors import Errors, render_error
from stook.server.front import front_router
from stook.server.leaving import Leaving
from stook.server.lifecycle import Lifecycle, Phase
from stook.server.loop_watch import watching
from stook.server.methods import Addresses, Options, WidgetOrigins, add_origins
from stook.server.middleware import BodyLimit, Gate, HeldBack, RequestLog, Rescue
from stook.server.peers import Peers
from stook.settings import Settings

DIALECTS = (own.DIALECT, GLEAN, PLATFORM, GLEEN, GLOO, GLOO_COMPLETIONS, INDEXING, SCIM)
UPLOADS = (UPLOAD_PATH, FILES_PATH, own.UPLOAD_PATH)
MIB = 1024 * 1024


def create_app(settings: Settings) -> FastAPI:
    """The application for one process; opens its parts when the server starts it."""
    app = FastAPI(
        title="Stook",
        version=__version__,
        description="Answers from an organisation's own documents, with citations.",
        lifespan=_lifespan(settings),
        openapi_url=None,  # FastAPI makes the description on the event loop; see front.py
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=Response,  # so that what has no body is described without one
        generate_unique_id_function=operation_id,
        openapi_tags=tags(DIALECTS),
    )
    app.state.lifecycle = Lifecycle()
    app.state.errors = Errors(DIALECTS)
    _add_middleware(app, settings)
    for kind in (StookError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, render_error)
    for dialect in DIALECTS:
        app.include_router(dialect.router)
    app.include_router(health.router)
    app.include_router(front_router(app, DIALECTS))
    app.openapi = described(app, DIALECTS)  # type: ignore[method-assign]
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """The last one added is the outermost."""
    errors = app.state.errors
    limit, uploads = settings.max_request_mib * MIB, settings.chat_files_mib * MIB
    strangers = {tokens.PATH: tokens.LONGEST_FORM}
    strangers |= dict.fromkeys(own.SIGN_IN_PATHS, own.LONGEST_SIGN_IN)
    others = dict.fromkeys(UPLOADS, uploads) | strangers
    app.add_middleware(BodyLimit, limit=limit, others=others)
    app.add_middleware(Leaving, errors=errors)
    app.add_middleware(Options, routes=app.routes)
    app.add_middleware(Gate, lifecycle=app.state.lifecycle, errors=errors)
    app.add_middleware(Rescue, errors=errors)
    app.add_middleware(HeldBack)
    add_origins(app, settings.origins)
    app.add_middleware(WidgetOrigins, path=own.WIDGET_PATH, origins=settings.origins_of_widget)
    app.add_middleware(RequestLog)
    app.add_middleware(Addresses)
    if settings.proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.proxies)
        app.add_middleware(Peers, proxies=settings.proxies)


def _build_routes(app: FastAPI) -> None:
    """Do what the first request would do otherwise, for a quarter of a second on the event loop."""
    anything = {"type": "http", "method": "GET", "path": "/-", "root_path": "", "headers": []}
    for route in app.routes:
        route.matches(anything)


def _lifespan(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        lifecycle: Lifecycle = app.state.lifecycle
        async with AsyncExitStack() as stack:
            try:
                app.state.runtime = await stack.enter_async_context(open_runtime(settings))
                await app.state.runtime.database.write(note_settings, settings)
                await app.state.runtime.engine.ready()
                dictionary = asyncio.create_task(spelling.load())  # the start does not wait for it
                stack.callback(dictionary.cancel)
                await stack.enter_async_context(start_worker(app.state.runtime))
                await stack.enter_async_context(app.state.runtime.uploads.reading())
                await asyncio.to_thread(_build_routes, app)
                # What was loaded stays: looking through it again would hold the event loop.
                await asyncio.to_thread(gc.collect)
                gc.freeze()
            except Exception as error:
                lifecycle.failure = str(error).strip().partition("\n")[0]
                raise
            stack.enter_context(watching(asyncio.get_running_loop()))
            lifecycle.phase = Phase.SERVING
            lifecycle.close_on_signals()
            try:
                yield
            finally:
                lifecycle.close()
                app.state.runtime = None

    return lifespan
