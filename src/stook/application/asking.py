"""Checks what is asked, and tells the time where the asker is."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import structlog

from stook.errors import InvalidRequest
from stook.identity.principals import Viewer
from stook.knowledge.retrieval import provenance
from stook.runtime import Runtime
from stook.settings import Settings

LONGEST_ANSWER = provenance.LONGEST  # characters of an answer that its question is told by
log = structlog.get_logger(__name__)


def checked_question(text: str, settings: Settings) -> str:
    """The question without white space around it; raises InvalidRequest if empty or too long."""
    question = text.strip()
    if not question:
        raise InvalidRequest("The question is empty; say what you would like to know.")
    if len(question) > settings.max_question_characters:
        raise InvalidRequest(
            f"The question has {len(question):,} characters; "
            f"at most {settings.max_question_characters:,} are read."
        )
    log.debug("asked", question=question)
    return question


def local_time(offset_minutes: int | None) -> datetime:
    """Now, where the asker is: by their offset from UTC, else where the server stands."""
    if offset_minutes is None:
        return datetime.now().astimezone()
    return datetime.now(timezone(timedelta(minutes=offset_minutes)))


async def share_taken(runtime: Runtime, viewer: Viewer, answer: str, question: str) -> float:
    """Return the share of an answer that stands word for word in what a question finds."""
    return await provenance.share_taken(runtime.searcher, viewer, answer, question)
