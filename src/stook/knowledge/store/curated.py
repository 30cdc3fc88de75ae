"""Answers that people wrote to questions, and pages: documents like others, but found by wording.

An answer is the text of a document behind its question, with permissions of its own. A question
asks for it whose words are those of one of its wordings, in their order, leaving out the words
that no question differs by.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import InvalidRequest, NotFound
from stook.identity.access import visible_to
from stook.identity.permissions import Permissions
from stook.identity.principals import Viewer
from stook.knowledge.store import catalogue, repository
from stook.knowledge.store.documents import Document, Filters, SourceDocument, Span
from stook.knowledge.text import analysis
from stook.storage import pages
from stook.storage.pages import Order, Page, Place
from stook.storage.tables import curated_questions as wordings
from stook.storage.tables import documents
from stook.storage.text import is_storable

ANSWERS, PAGES = "stook-answers", "stook-pages"  # datasources
SHOWN = {ANSWERS: "Answers", PAGES: "Pages"}
MOST_WORDINGS = 100
# Where a question differs from another by nothing else, both ask the same.
_LIGHT = frozenset(
    term
    for word in (
        "a an the is are was were be do does did can could will would shall should may might must "
        "have has had i me my we us our you your it its this that these those there what which of "
        "for please tell know want need like about"
    ).split()
    for term in analysis.terms(word)
)


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody writes: an answer to a question worded in these ways, or a page."""

    id: str
    title: str
    text: str
    permissions: Permissions
    author: str
    wordings: tuple[str, ...] = ()  # none: a page

    @property
    def datasource(self) -> str:
        return ANSWERS if self.wordings else PAGES


@dataclass(frozen=True, slots=True)
class Match:
    """The answer that was written to a question: ``text`` is its document's at ``span``."""

    document: Document
    version: int
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class CuratedAnswer:
    """An answer in a list, with the wordings of its question."""

    document_id: str
    question: str
    text: str
    author: str
    stored_at: int
    wordings: tuple[str, ...]


def key_of(question: str) -> str:
    """What two wordings of a question have in common; "" where nothing is left of it."""
    told = [term for term in analysis.terms(question) if term not in _LIGHT]
    return hashlib.sha256(" ".join(told).encode()).hexdigest() if told else ""


def put(connection: sa.Connection, written: Written) -> str:
    """Store what was written, over what was there before; gives the document's id.

    Raises InvalidRequest where a wording holds no word that tells what is asked.
    """
    title, text = written.title.strip(), written.text.strip()
    if not title or not text:
        raise InvalidRequest("Give it a title, and a text.")
    keys = {key_of(wording): wording.strip() for wording in written.wordings}
    if "" in keys:
        raise InvalidRequest(f"No word of {keys['']!r} tells what is asked.")
    whole = f"{_heading(title)}{text}\n"
    source = SourceDocument(
        datasource=written.datasource,
        external_id=written.id,
        title=title,
        url="",
        mime_type="text/markdown",
        text=whole,
        content_hash=hashlib.sha256(whole.encode()).hexdigest(),
        permissions=written.permissions,
        author=written.author,
    )
    repository.check(source)
    repository.ensure_datasource(connection, source.datasource, SHOWN[source.datasource])
    repository.store(connection, [source])
    connection.execute(sa.delete(wordings).where(wordings.c.document_id == source.id))
    rows = [
        {"document_id": source.id, "wording_key": key, "wording": wording}
        for key, wording in keys.items()
    ]
    if rows:
        connection.execute(sa.insert(wordings), rows)
    return source.id


def find(connection: sa.Connection, viewer: Viewer, where: Filters, question: str) -> Match | None:
    """What somebody wrote as the answer to a question, if it may be found."""
    key = key_of(question)
    if not key:
        return None
    query = sa.select(wordings.c.document_id).where(wordings.c.wording_key == key)
    known = list(connection.scalars(query.limit(MOST_WORDINGS)))
    found = catalogue.newest_of(connection, viewer, where, known) if known else None
    if found is None:
        return None
    document, version = found
    text = repository.text_of(connection, viewer, document.id)
    span = Span(len(_heading(document.title)), len(text.rstrip()))
    return Match(document, version, text[span.start : span.end], span)


def list_all(
    connection: sa.Connection, viewer: Viewer, words: str, after: Place | None, size: int
) -> Page[CuratedAnswer]:
    """Answers whose question holds all words, the newest first."""
    if not is_storable(words):
        return Page([], None)
    column = documents.c
    query = _answers(viewer)
    for word in words.lower().split():
        query = query.where(sa.func.lower(column.title).contains(word, autoescape=True))
    order = Order(column.stored_at, column.id, descending=True)
    page = pages.cut(connection, query, order, after, size)
    found = [_answer(connection, viewer, row) for row in page.items]
    return Page(found, page.next)


def get(connection: sa.Connection, viewer: Viewer, answer_id: str) -> CuratedAnswer:
    """One answer; raises NotFound."""
    query = _answers(viewer).where(documents.c.id == answer_id)
    row = connection.execute(query).one_or_none() if is_storable(answer_id) else None
    if row is None:
        raise NotFound("There is no such answer.")
    return _answer(connection, viewer, row)


def own_id(connection: sa.Connection, viewer: Viewer, answer_id: str) -> str:
    """By which id an answer is written over; raises NotFound."""
    get(connection, viewer, answer_id)
    query = sa.select(documents.c.external_id).where(visible_to(viewer))
    return str(connection.scalar(query.where(documents.c.id == answer_id)))


def _answers(viewer: Viewer) -> sa.Select[tuple[str, str, str, int]]:
    column = documents.c
    query = sa.select(column.id, column.title, column.author, column.stored_at)
    return query.where(visible_to(viewer), column.datasource == ANSWERS)


def _answer(
    connection: sa.Connection, viewer: Viewer, row: sa.Row[tuple[str, str, str, int]]
) -> CuratedAnswer:
    own = wordings.c.document_id == row.id
    said = connection.scalars(sa.select(wordings.c.wording).where(own).order_by(wordings.c.wording))
    text = repository.text_of(connection, viewer, row.id)
    answer = text[len(_heading(row.title)) :].strip()
    return CuratedAnswer(row.id, row.title, answer, row.author, row.stored_at, tuple(said))


def _heading(title: str) -> str:
    return f"# {title}\n\n"
