"""Structured logs, on stderr: JSON, or text for a person at a terminal.

Everything that the process logs, by structlog or by the standard library, comes out alike and
carries the id of the request that it belongs to.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
import traceback

import orjson
import structlog
from structlog.processors import ExceptionRenderer
from structlog.typing import ExcInfo, Processor

from stook.errors import SettingsError, Unavailable
from stook.settings import Settings

MOST_BEHIND = 10  # exceptions, one of which came of the other
QUOTES_NOTHING = (OSError, sqlite3.Error, SettingsError, Unavailable)
NOISY = ("httpx", "httpcore", "alembic", "asyncio")


def configure(settings: Settings) -> None:
    """Set up logging for this process; calling it again replaces the set-up."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_shared(), processors=_last(settings))
    )
    handler.addFilter(_is_news)
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.root.level))


def _is_news(record: logging.LogRecord) -> bool:
    """Not where the start failed for a reason that Stook knows: its sentence comes last anyway."""
    lines = record.getMessage().rstrip().splitlines() or [""]
    return not (lines[0].startswith("Traceback") and lines[-1].startswith("stook.errors."))


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _last(settings: Settings) -> list[Processor]:
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    # Other formatters print local variables, so questions.
    full, quiet = structlog.processors.format_exc_info, ExceptionRenderer(_without_texts)
    exceptions = full if settings.log_level == "debug" else quiet
    if settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty()):
        console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        return [drop, exceptions, console]
    return [drop, exceptions, structlog.processors.JSONRenderer(_dumps)]


def _without_texts(exc_info: ExcInfo) -> str:
    """Where an exception, and those behind it, were raised.

    What they say is left out, as it may quote a request or a document, unless it cannot.
    """
    error: BaseException | None = exc_info[1]
    parts: list[str] = []
    while error is not None and len(parts) < MOST_BEHIND:
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        said = f": {error}" if isinstance(error, QUOTES_NOTHING) else ""
        parts.append("".join(traceback.format_tb(error.__traceback__)) + kind + said)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nbehind it:\n".join(parts)


def _dumps(event: object, **_: object) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
