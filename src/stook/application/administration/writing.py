"""Answers and pages that people write: kept as documents, found at once, recorded."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.identity import audit
from stook.identity.audit import Action, Actor
from stook.knowledge.ingestion import standing_access
from stook.knowledge.ingestion.connectors.permissions_file import parse_allow
from stook.knowledge.ingestion.worker import index_soon
from stook.knowledge.store import curated, repository
from stook.knowledge.store.administration import OPERATOR
from stook.knowledge.store.curated import CuratedAnswer, Written
from stook.runtime import Runtime
from stook.storage.pages import Page, Place


async def write(
    runtime: Runtime,
    actor: Actor,
    title: str,
    text: str,
    allow: Sequence[str],
    wordings: Sequence[str],
    document_id: str = "",
) -> str:
    """Keep an answer to a question that is worded so, or without wordings a page; gives its id.

    ``allow`` says who may see it as ``stook index --allow`` does. ``document_id`` is of an answer
    that this one replaces. Raises InvalidRequest and NotFound.
    """
    given = (actor, title, text, allow, wordings, document_id)
    stored = await runtime.database.write(store, *given)
    index_soon([stored])
    return stored


def store(
    connection: sa.Connection,
    actor: Actor,
    title: str,
    text: str,
    allow: Sequence[str],
    wordings: Sequence[str],
    document_id: str = "",
) -> str:
    """``write``, without having it indexed at once."""
    meant, missing = standing_access.known_names(connection, [e for e in allow if e != "everyone"])
    if missing:
        raise InvalidRequest(f"Nobody is known as {', '.join(missing)}; add them first.")
    everyone = ["everyone"] if "everyone" in allow else []
    if not allow:
        raise InvalidRequest("Say who may see it: everyone, user:EMAIL or group:NAME.")
    permissions = parse_allow([*everyone, *meant])
    own_id = curated.own_id(connection, OPERATOR, document_id) if document_id else str(uuid.uuid4())
    written = Written(own_id, title, text, permissions, actor.name, tuple(wordings))
    stored = curated.put(connection, written)
    details = {"title": title.strip(), "allow": list(allow)}
    audit.record(connection, actor, Action.DOCUMENT_WRITTEN, stored, **details)
    return stored


def find(
    connection: sa.Connection, words: str, after: Place | None, size: int
) -> Page[CuratedAnswer]:
    """A page of answers, the newest first."""
    return curated.list_all(connection, OPERATOR, words, after, size)


def remove(connection: sa.Connection, actor: Actor, document_id: str) -> list[str]:
    """Take an answer back: nobody is given it from now on; raises NotFound."""
    gone = curated.get(connection, OPERATOR, document_id)
    details = {"title": gone.question, "datasource": curated.ANSWERS}
    audit.record(connection, actor, Action.DOCUMENT_REMOVED, document_id, **details)
    return repository.withdraw(connection, [document_id])
