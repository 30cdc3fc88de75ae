"""Structured logs, on stderr: JSON, or text for a person at a terminal.

Everything that the process logs, by structlog or by the standard library, comes out alike and
carries the id of the request that it belongs to.
"""

from __future__ import annotations

import logging
import sys

import orjson
import structlog
from structlog.typing import Processor

from stook.settings import Settings

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
    if settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty()):
        return [drop, structlog.dev.ConsoleRenderer(exception_formatter=_plain_traceback)]
    return [drop, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(_dumps)]


_plain_traceback = structlog.dev.plain_traceback  # others print local variables, so questions


def _dumps(event: object, **_: object) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
