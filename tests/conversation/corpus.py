"""Corpora to ask questions of, and briefs made without a database."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np

from stook.answering.base import Brief, Source
from stook.conversation.events import Answer, Ask, Event, Failed, Finished
from stook.errors import UnreadableDocument
from stook.identity import users
from stook.identity.permissions import EVERYONE_MAY_READ, Permissions
from stook.identity.principals import EVERYONE, Principal
from stook.knowledge.ingestion import cutting
from stook.knowledge.ingestion.connectors.files import content_hash
from stook.knowledge.ingestion.parsing import Parser
from stook.knowledge.retrieval.query import QueryTerm
from stook.knowledge.retrieval.retriever import Found
from stook.knowledge.store.documents import Document, FoundPassage, SourceDocument, document_id
from stook.knowledge.store.neighbourhoods import Neighbourhood
from stook.knowledge.text.analysis import query_terms
from stook.knowledge.text.chunking import chunk
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings
from stook.understanding.content import text_terms
from stook.understanding.followup import stand_alone

ROOT = Path(__file__).parents[2]
HANDBOOK = ROOT / "examples" / "handbook"
SOURCEGRAPH = ROOT.parent / "shared" / "data" / "handbook" / "sourcegraph"
QUESTIONS = ROOT / "tests" / "questions"

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=timezone(timedelta(hours=1)))
ANN, BOB = Principal("ann@example.com"), Principal("bob@example.com")
RESTRICTED = "restricted"


def questions(name: str) -> list[dict[str, Any]]:
    """The rows of a question file."""
    return [json.loads(line) for line in (QUESTIONS / name).read_text("utf-8").splitlines()]


async def markdown_documents(
    root: Path, permissions: Mapping[str, Permissions] | None = None
) -> list[SourceDocument]:
    """Every Markdown file below a directory; permissions go by the path, default: everyone."""
    parser = Parser(Settings(data_dir=root))
    granted = permissions or {}
    found: list[SourceDocument] = []
    paths = await asyncio.to_thread(lambda: sorted(root.rglob("*.md")))
    try:
        for path in paths:
            name = str(path.relative_to(root))
            try:
                parsed = await parser.parse(path, path.name)
            except UnreadableDocument:  # empty files
                continue
            found.append(
                SourceDocument(
                    datasource=root.name,
                    external_id=name,
                    title=parsed.title,
                    url=path.as_uri(),
                    mime_type=parsed.mime_type,
                    text=parsed.text,
                    content_hash=content_hash(path.read_bytes()),
                    permissions=granted.get(name, EVERYONE_MAY_READ),
                    updated_at=parsed.updated_at,
                )
            )
    finally:
        await parser.close()
    return found


@contextlib.asynccontextmanager
async def opened(
    data_dir: Path, documents: list[SourceDocument], people: list[str]
) -> AsyncIterator[Runtime]:
    """A runtime with documents indexed and people known."""
    async with open_runtime(Settings(data_dir=data_dir)) as runtime:
        for email in people:
            await runtime.database.write(users.add, email)
        await runtime.ingestion.store_and_index(documents)
        yield runtime


def ask(question: str, principal: Principal = EVERYONE, **more: Any) -> Ask:
    return Ask(principal=principal, question=question, now=more.pop("now", NOW), **more)


def answer_in(events: Sequence[Event]) -> Answer:
    """The answer that a stream ends with."""
    last = events[-1]
    assert isinstance(last, Finished), last
    return last.answer


async def events_of(runtime: Runtime, asked: Ask) -> list[Event]:
    return [event async for event in runtime.engine.answer(asked)]


async def answer_to(runtime: Runtime, asked: Ask) -> Answer:
    """The answer; raises what the turn failed with."""
    last = (await events_of(runtime, asked))[-1]
    if isinstance(last, Failed):
        raise last.error
    assert isinstance(last, Finished)
    return last.answer


# --- briefs without a database -----------------------------------------------------------------


def brief(question: str, texts: Mapping[str, str], **limits: Any) -> Brief:
    """A brief over Markdown texts by title: every passage found, ranked by shared words."""
    asked = stand_alone(question, [], TODAY)
    sources = [_source(rank, title, text) for rank, (title, text) in enumerate(texts.items())]
    wanted = frozenset(query_terms(question))
    sources = [
        Source(
            source.document,
            source.version,
            source.near,
            tuple(_ranked(passage, wanted) for passage in source.passages),
            source.rank,
        )
        for source in sources
    ]
    passages = tuple(passage for source in sources for passage in source.passages)
    terms = tuple(QueryTerm(term, 1.0) for term in query_terms(question))
    found = Found(passages, np.zeros(4, dtype=np.float32), terms)
    return Brief(asked, TODAY, found, tuple(sources), {}, **limits)


def _source(rank: int, title: str, text: str) -> Source:
    document = Document(
        id=document_id("test", title),
        datasource="test",
        external_id=title,
        title=title,
        url=f"https://docs.example.com/{rank}",
        mime_type="text/markdown",
        object_type="",
        container="",
        publisher="",
        author="",
        created_at=None,
        updated_at=None,
        details={},
    )
    passages = tuple(
        FoundPassage(
            document,
            1,
            piece.ordinal,
            piece.span,
            text[piece.span.start : piece.span.end],
            piece.heading_path,
            0.0,
            0.0,
            0.0,
        )
        for piece in chunk(text)
    )
    near = Neighbourhood(cutting.passages(text, chunk(text)), whole=True)
    return Source(document, 1, near, passages, rank)


def _ranked(passage: FoundPassage, wanted: frozenset[str]) -> FoundPassage:
    names = "\n".join((passage.document.title, *passage.heading_path, passage.text))
    share = len(wanted & text_terms(names)) / max(1, len(wanted))
    return FoundPassage(
        passage.document,
        passage.version,
        passage.ordinal,
        passage.span,
        passage.text,
        passage.heading_path,
        share,
        share,
        share,
    )
