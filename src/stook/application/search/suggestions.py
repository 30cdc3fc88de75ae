"""What somebody may want to see: for what they typed, beside a document, or lately changed."""

from __future__ import annotations

from collections.abc import Collection

from stook.application.search.finding import Filters, FoundDocument, find
from stook.application.search.operators import TypedQuery
from stook.conversation import asked, feedback
from stook.identity.principals import Caller, Principal, Scope
from stook.knowledge.intake import shortcuts
from stook.knowledge.intake.shortcuts import PREFIX, Shortcut
from stook.knowledge.store import catalogue
from stook.knowledge.store.documents import Document
from stook.knowledge.text.snippets import opening
from stook.runtime import Runtime

__all__ = [
    "PREFIX",
    "Shortcut",
    "lately_changed",
    "lately_viewed",
    "questions",
    "related",
    "shortcuts_for",
    "titled",
]

BEGINNING = 500  # characters of a document that its relatives are found by
LOOKED_AT = 100  # addresses that somebody looked at last, of which some are shown


async def shortcuts_for(runtime: Runtime, caller: Caller, typed: str, most: int) -> list[Shortcut]:
    """Return shortcuts that fit what the caller typed and that they may be shown."""
    is_admin = Scope.ADMIN in caller.scopes
    read = runtime.database.read
    return await read(shortcuts.typed_for, typed, caller.email, is_admin, most)


async def titled(
    runtime: Runtime, principal: Principal, typed: str, within: Collection[str], most: int
) -> list[Document]:
    """Return documents whose titles begin words as they were typed."""
    return await runtime.database.read(catalogue.titled, principal, typed, within, most)


async def questions(runtime: Runtime, principal: Principal, typed: str, most: int) -> list[str]:
    """Return the principal's own earlier questions that hold what was typed."""
    if not principal.email:
        return []
    return await runtime.database.read(asked.questions, principal.email, typed, most)


async def related(
    runtime: Runtime, principal: Principal, source: str, where: Filters
) -> list[FoundDocument]:
    """Find documents near to the beginning of the source; without a source, the newest."""
    if not source:
        return await find(runtime, principal, TypedQuery(), where)
    known = await runtime.database.read(catalogue.named, principal, [source])
    if source not in known:
        return []
    document = known[source]
    texts = await runtime.database.read(catalogue.texts, principal, [document.id])
    beginning = f"{document.title}\n{opening(texts.get(document.id, ''), BEGINNING)}"
    found = await find(runtime, principal, TypedQuery(beginning), where)
    return [each for each in found if each.document.id != document.id]


async def lately_changed(
    runtime: Runtime, principal: Principal, where: Filters, most: int
) -> list[Document]:
    """Return the documents that changed last."""
    return await runtime.database.read(catalogue.newest, principal, where, most)


async def lately_viewed(
    runtime: Runtime, principal: Principal, within: Collection[str], most: int
) -> list[Document]:
    """Return documents that the principal looked at and may still see, the last one first."""
    if not principal.email:
        return []
    urls = await runtime.database.read(feedback.viewed, principal.email, LOOKED_AT)
    known = await runtime.database.read(catalogue.named, principal, urls)
    found = [known[url] for url in urls if url in known]
    return [each for each in found if not within or each.datasource in within][:most]
