"""Explains an answer as a person would get it; asking as somebody else is recorded."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from stook.answering.explanation import Explanation
from stook.application.administration.documents import acting_as
from stook.conversation.events import Ask
from stook.identity import audit
from stook.identity.audit import Action
from stook.identity.principals import Caller, Principal
from stook.runtime import Runtime

TIMEOUT_SECONDS = 60.0


async def explain(
    runtime: Runtime, administrator: Caller, question: str, now: datetime, email: str
) -> Explanation:
    """How the answer to a person, or to the administrator, comes about; raises NotFound.

    Nothing of it is kept but that it was asked as whom.
    """
    asker: Principal = administrator
    if email:
        asker = await runtime.database.write(_acting_as, administrator, email)
    ask = Ask(principal=asker, question=question, now=now, timeout_seconds=TIMEOUT_SECONDS)
    return await runtime.engine.explain(ask)


def _acting_as(connection: sa.Connection, administrator: Caller, email: str) -> Principal:
    asker = acting_as(connection, email)
    actor = audit.actor_of(administrator)
    audit.record(connection, actor, Action.ANSWER_EXPLAINED, asker.email or "")
    return asker
