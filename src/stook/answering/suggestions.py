"""Follow-up questions that the documents can answer, made from what was found.

They come from headings near the answer that it did not use: those that are questions as they
are, the others put into words. Each is asked, of the passages already found, before it is
offered.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stook.answering.base import Brief, Source
from stook.answering.extractive.answerer import extract_answer
from stook.answering.extractive.units import structure
from stook.answering.markdown import inline
from stook.answering.outcome import Outcome
from stook.answering.pieces import Citation
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.retrieval.query import QueryTerm
from stook.knowledge.retrieval.retriever import Found, Searcher
from stook.knowledge.store.documents import FoundPassage
from stook.knowledge.text import dates
from stook.understanding import content
from stook.understanding.question import Question

MOST = 3
TRIED = 5  # questions made, of which some may turn out not to be answered
LONGEST_HEADING = 80  # characters
SHORT_TITLE = 4  # words

_GENERIC = frozenset(
    word
    for line in (
        "overview introduction intro contents summary background about general other notes faq",
        "faqs resources links related references appendix miscellaneous definitions scope purpose",
    )
    for word in line.split()
)
_LABEL = re.compile(r"^(?:q\d*[:.)]|question[:.]|\d+(?:\.\d+)*[.)]?)\s+", re.IGNORECASE)
_QUESTION = re.compile(
    r"^(?:what|when|where|which|who|why|how|can|do|does|is|are|should|may|will)\b.*\?$",
    re.IGNORECASE,
)
_HOW_TO = re.compile(r"^how to\s+(.+)$", re.IGNORECASE)
_KIND = re.compile(
    r"\b(?:policy|guide|guidelines|handbook|program|programme|process|plan|rules|overview|FAQ"
    r"|procedure|agreement|playbook|standard|calendar)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that has text below it, in one of the sources."""

    source: Source
    path: tuple[str, ...]
    relevance: float

    @property
    def text(self) -> str:
        return self.path[-1]


async def suggest(
    searcher: Searcher, brief: Brief, citations: Sequence[Citation]
) -> tuple[str, ...]:
    """At most three questions, each answered by what was found; none without an answer."""
    if not citations:
        return ()
    made = await asyncio.to_thread(_made, brief, citations)
    return await _checked(searcher, brief, made[:TRIED], MOST)


async def questions_about(searcher: Searcher, brief: Brief, most: int) -> tuple[str, ...]:
    """Questions that the sources of the brief answer, whatever was asked, best first."""
    made = await asyncio.to_thread(_made, brief, ())
    return await _checked(searcher, brief, made[: 2 * most], most)


async def _checked(
    searcher: Searcher, brief: Brief, made: Sequence[tuple[str, Heading]], most: int
) -> tuple[str, ...]:
    """The first that are answered; the next are looked at only where some of these are not."""
    kept: list[str] = []
    while made and len(kept) < most:
        wanted = most - len(kept)
        now, made = made[:wanted], made[wanted:]
        vectors = await searcher.embed_questions([question for question, _ in now])
        kept += await asyncio.to_thread(_answered, brief, now, vectors)
    return tuple(kept)


def _made(brief: Brief, citations: Sequence[Citation]) -> list[tuple[str, Heading]]:
    questions: dict[str, Heading] = {}
    for heading in _unused(brief, citations):
        questions.setdefault(question_about(heading), heading)
    return list(questions.items())


def _unused(brief: Brief, citations: Sequence[Citation]) -> list[Heading]:
    used = {(citation.document.id, citation.heading_path) for citation in citations}
    cited = {citation.document.id for citation in citations}
    asked = content.content_terms(brief.question.text)
    fresh = [
        heading
        for source in brief.sources
        for heading in _headings(source)
        if (source.document.id, heading.path) not in used and _is_telling(heading, asked)
    ]
    return sorted(
        fresh,
        key=lambda item: (item.source.document.id not in cited, -item.relevance, item.source.rank),
    )


def _headings(source: Source) -> Iterator[Heading]:
    """Those with text of a found passage below them; the passage's score is their relevance."""
    layout = structure(source.text)
    for path, units in itertools.groupby(layout.units, key=lambda unit: unit.heading_path):
        places = [unit.span.start for unit in units]
        scores = [
            passage.score
            for passage in source.passages
            if any(passage.span.start <= place < passage.span.end for place in places)
        ]
        if path and scores:
            yield Heading(source, path, max(scores))


def _is_telling(heading: Heading, asked: frozenset[str]) -> bool:
    text = heading.text
    if len(text) > LONGEST_HEADING or text == heading.source.document.title:
        return False
    if text.lower().strip(" :") in _GENERIC or "](" in text or "<" in text:
        return False
    words = content.content_terms(text)
    return bool(words) and not words <= asked


def question_about(heading: Heading) -> str:
    """A question that the text below the heading answers."""
    text = _LABEL.sub("", inline(heading.text).replace("**", "")).strip()
    if _QUESTION.match(text):
        return text[0].upper() + text[1:]
    how_to = _HOW_TO.match(text)
    if how_to:
        return f"How do I {how_to[1].rstrip('.:?')}?"
    about = _in_sentence(text.rstrip(" .:?"), heading.source)
    return f"What does {_named(heading.source.document.title)} say about {about}?"


def _named(title: str) -> str:
    if _KIND.search(title):
        return f"the {title}"
    return f"the {title} page" if len(title.split()) <= SHORT_TITLE else f"“{title}”"


def _in_sentence(text: str, source: Source) -> str:
    """The heading without its capital, unless it begins with a name, or the year of the title."""
    years = dates.years(source.document.title)
    if years and text.endswith(f" {years[0]}"):
        text = text.removesuffix(f" {years[0]}")
    first = re.match(r"\w+", text)
    if first is None or not first[0][1:].islower():
        return text
    others = re.findall(r"[^\W\d_]+", text[first.end() :])
    is_name = re.search(rf"[a-z,] {re.escape(first[0])}\b", source.text) is not None
    if is_name or (others and all(word[0].isupper() for word in others)):
        return text
    return first[0].lower() + text[first.end() :]


# --- asking them -------------------------------------------------------------------------------


def _answered(brief: Brief, made: Sequence[tuple[str, Heading]], vectors: Vectors) -> list[str]:
    return [
        question
        for (question, heading), vector in zip(made, vectors, strict=True)
        if _is_answered(brief, question, heading, vector)
    ]


def _is_answered(brief: Brief, question: str, heading: Heading, vector: Vectors) -> bool:
    """Whether the answer to the question, from these passages, comes from below the heading."""
    asked = Question(asked=question, text=question, own=heading.text, inherited="")
    passages = tuple(_ranked(brief, content.content_terms(question), vector))
    terms = tuple(QueryTerm(term, 1.0) for term in sorted(content.content_terms(question)))
    dense = max(passage.dense for passage in passages)
    found = Found(passages, vector, terms, brief.found.best_lexical, dense)
    by_id = {passage.document.id: passage for passage in passages}
    sources = tuple(
        replace(source, passages=tuple(p for p in passages if p.document.id == source.document.id))
        for source in brief.sources
        if source.document.id in by_id
    )
    extract = extract_answer(replace(brief, question=asked, found=found, sources=sources))
    if extract.outcome is not Outcome.ANSWERED:
        return False
    below = len(heading.path)
    return any(
        citation.document.id == heading.source.document.id
        and citation.heading_path[:below] == heading.path
        for citation in extract.draft.citations
    )


def _ranked(brief: Brief, words: frozenset[str], vector: Vectors) -> Iterator[FoundPassage]:
    """The passages, scored anew for another question."""
    for passage in brief.found.passages:
        windows = brief.vectors.get((passage.document.id, passage.ordinal))
        dense = float(np.max(windows @ vector)) if windows is not None else passage.dense
        names = "\n".join((passage.document.title, *passage.heading_path, passage.text))
        share = len(words & content.text_terms(names)) / len(words) if words else 0.0
        score = (share + max(dense, 0.0)) / 2
        yield replace(passage, dense=dense, late=None, score=score)
