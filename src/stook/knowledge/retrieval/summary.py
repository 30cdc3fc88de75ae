"""Summaries word for word: the sentences nearest to what the documents are about.

Sentences are weighed by the cosine of their vector with the mean of all of them (and with the
question, if there is one); those that repeat a chosen one are passed over (maximal marginal
relevance, Carbonell and Goldstein 1998); the chosen are given in the order of the documents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stook.knowledge.index.protocol import Vectors
from stook.knowledge.retrieval.retriever import Searcher
from stook.knowledge.text.sentences import sentences, without_marker
from stook.knowledge.text.words import words

MOST_SENTENCES = 240  # weighed; of longer texts the beginnings
FEWEST_WORDS = 5
VARIETY = 0.35  # how much likeness to a chosen sentence takes away
EARLINESS = 0.1  # how much the first sentence of a text is worth over its last
ABOUT = 0.7  # how much the question weighs against the documents' own subject
_NOT_PROSE = re.compile(r"\s*(?:#|\||```|<|!\[)")


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    position: float  # 0 at the beginning of its document, 1 at the end


async def summarize(searcher: Searcher, texts: Sequence[str], longest: int, query: str = "") -> str:
    """At most about ``longest`` characters, at least one sentence; empty if there is none."""
    share = max(1, MOST_SENTENCES // max(1, len(texts)))
    found = [sentence for text in texts for sentence in _sentences(text)[:share]]
    if not found:
        return ""
    vectors = await searcher.embed([sentence.text for sentence in found])
    weights = _weights(found, vectors)
    if query.strip():
        asked = await searcher.embed_questions([query])
        weights = (1 - ABOUT) * weights + ABOUT * (vectors @ asked[0])
    chosen = _choose(found, vectors, weights, longest)
    return " ".join(found[at].text for at in sorted(chosen))


def _sentences(text: str) -> list[_Sentence]:
    spans = [without_marker(text, span) for span in sentences(text)]
    pieces = [(span.start, text[span.start : span.end]) for span in spans]
    return [
        _Sentence(" ".join(piece.split()), start / len(text))
        for start, piece in pieces
        if len(words(piece)) >= FEWEST_WORDS and _is_prose(piece)
    ]


def _is_prose(piece: str) -> bool:
    """No heading, table or code, and no item that only goes on with the line above it."""
    return not (_NOT_PROSE.match(piece) or piece[0].islower() or piece.endswith(":"))


def _weights(found: Sequence[_Sentence], vectors: Vectors) -> Vectors:
    mean = vectors.mean(axis=0)
    mean /= np.linalg.norm(mean) or 1.0
    early = np.array([1 - sentence.position for sentence in found], dtype=np.float32)
    weights: Vectors = vectors @ mean + EARLINESS * early
    return weights


def _choose(
    found: Sequence[_Sentence], vectors: Vectors, weights: Vectors, longest: int
) -> list[int]:
    chosen: list[int] = []
    left = longest
    likeness = np.zeros(len(found), dtype=np.float32)
    open_ones = set(range(len(found)))
    while open_ones:
        best = max(open_ones, key=lambda at: (weights[at] - VARIETY * likeness[at], -at))
        open_ones.discard(best)
        if chosen and len(found[best].text) + 1 > left:
            continue
        chosen.append(best)
        left -= len(found[best].text) + 1
        likeness = np.maximum(likeness, vectors @ vectors[best])
    return chosen
