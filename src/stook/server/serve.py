"""Runs the application on uvicorn, in one process or several."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from stook.errors import Unavailable
from stook.server import logs
from stook.server.connection import BoundedProtocol, Limits
from stook.settings import PREFIX, Settings, load_settings

FACTORY = "stook.server.serve:app_from_environment"


def run(settings: Settings, host: str = "127.0.0.1", port: int = 8080, workers: int = 1) -> None:
    """Serve until SIGTERM or SIGINT; running answers are given time to finish.

    Raises Unavailable where the server cannot start: the port is taken, a part does not open.
    """
    logs.configure(settings)
    if workers == 1:
        app = _app(settings)
        _run(app, settings, host=host, port=port, reason=lambda: app.state.lifecycle.failure)
    else:
        _hand_down(settings)
        _run(FACTORY, settings, host=host, port=port, workers=workers, factory=True)


def _run(
    app: FastAPI | str,
    settings: Settings,
    reason: Callable[[], str] = str,
    **options: Any,
) -> None:
    try:
        uvicorn.run(
            app,
            loop="uvloop" if os.name == "posix" else "asyncio",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_worker_healthcheck=60,  # a busy machine is no reason to kill a worker
            timeout_graceful_shutdown=round(settings.shutdown_grace_seconds),
            **_at_the_door(settings),
            **options,
        )
    except SystemExit as ended:
        if ended.code:
            why = reason().rstrip(".") or "the lines above say why"
            raise Unavailable(f"The server did not start: {why}.") from ended


def _at_the_door(settings: Settings) -> dict[str, Any]:
    """How connections are limited, and who may say that they come from somebody else."""
    return {
        "http": functools.partial(BoundedProtocol, limits=Limits.of(settings)),
        "timeout_keep_alive": settings.idle_timeout_seconds,
        "proxy_headers": False,  # the application looks at them, as it knows who is trusted
    }


def app_from_environment() -> FastAPI:
    """The application of a worker process, which finds its settings in the environment."""
    settings = load_settings()
    logs.configure(settings)
    return _app(settings)


def _app(settings: Settings) -> FastAPI:
    from stook.server.app import create_app  # imports everything; a parent of workers need not

    return create_app(settings)


def _hand_down(settings: Settings) -> None:
    """Workers start as new processes: what was set on the command line travels by environment."""
    for name in settings.model_fields_set:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        if value is not None:
            os.environ[PREFIX + name.upper()] = str(value)
