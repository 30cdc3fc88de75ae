"""What could be asked next: questions that the documents of the answer are known to answer.

They were made, and asked of their documents, when these were indexed (``knowledge/questions``),
or somebody asked them and said that the answer was good. Here some of them are chosen: those
that have to do with the answer, that it has not answered, and of each origin one at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stook.answering.base import Brief
from stook.answering.pieces import Citation
from stook.knowledge.questions.making import Origin
from stook.knowledge.store.documents import Span
from stook.knowledge.store.questions import KeptQuestion
from stook.understanding.content import content_terms

MOST = 3
SAME = 0.75  # of the terms of two questions, from which on they ask the same
# Cosines of the question asked and the window that answers the next: the least, in a document
# that is cited and in others; and what it is worth that it is cited.
NEAR_CITED, NEAR = 0.25, 0.45
CITED = 0.2
_PREFERRED = (Origin.ASKED, Origin.FAQ, Origin.HEADING, Origin.STATEMENT)


def suggest(
    brief: Brief, citations: Sequence[Citation], kept: Sequence[KeptQuestion]
) -> tuple[str, ...]:
    """At most three questions, each of another origin; none without citations."""
    if not citations:
        return ()
    asked = content_terms(brief.question.text)
    cited = {citation.document.id for citation in citations}
    cosines = _cosines(brief)
    scored: list[tuple[float, int, int, KeptQuestion]] = []
    for place, one in enumerate(kept):
        if _alike(content_terms(one.question), asked) or _is_answered(one, citations):
            continue
        near = max((near for name, span, near in cosines if _holds(name, span, one)), default=0.0)
        if near >= (NEAR_CITED if one.document_id in cited else NEAR):
            worth = near + CITED * (one.document_id in cited)
            scored.append((-worth, _PREFERRED.index(one.origin), place, one))
    return _of_each_origin(one for *_, one in sorted(scored, key=lambda item: item[:3]))


def questions_about(kept: Sequence[KeptQuestion], most: int) -> tuple[str, ...]:
    """Questions that documents answer, whatever was asked: first those that people put."""
    ordered = sorted(kept, key=lambda one: _PREFERRED.index(one.origin))
    return tuple(dict.fromkeys(one.question for one in ordered))[:most]


def _of_each_origin(questions: Iterable[KeptQuestion]) -> tuple[str, ...]:
    chosen: dict[Origin, KeptQuestion] = {}
    for one in questions:
        terms = content_terms(one.question)
        others = (content_terms(other.question) for other in chosen.values())
        if one.origin not in chosen and not any(_alike(terms, other) for other in others):
            chosen[one.origin] = one
    return tuple(one.question for one in chosen.values())[:MOST]


def _alike(terms: frozenset[str], others: frozenset[str]) -> bool:
    smaller = min(len(terms), len(others))
    return bool(smaller) and len(terms & others) >= SAME * smaller


def _is_answered(one: KeptQuestion, citations: Sequence[Citation]) -> bool:
    """Whether the answer shows what answers the question, too."""
    return any(
        citation.document.id == one.document_id
        and one.answer.start < citation.snippet.span.end
        and citation.snippet.span.start < one.answer.end
        for citation in citations
    )


def _cosines(brief: Brief) -> list[tuple[str, Span, float]]:
    """How near the question asked is to each window that was found."""
    query = brief.found.query_vector
    found = []
    for source in brief.sources:
        for passage in source.passages:
            vectors = brief.vectors.get((source.document.id, passage.ordinal))
            chunk = source.near.chunks.get(passage.ordinal)
            if vectors is not None and chunk is not None and len(vectors) == len(chunk.windows):
                near = zip(chunk.windows, (vectors @ query).tolist(), strict=True)
                found += [(source.document.id, *pair) for pair in near]
    return found


def _holds(document_id: str, span: Span, one: KeptQuestion) -> bool:
    is_there = span.start < one.answer.end and one.answer.start < span.end
    return document_id == one.document_id and is_there
