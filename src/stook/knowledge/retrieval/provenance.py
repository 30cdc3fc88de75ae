"""Whether a text was written from what a question finds."""

from __future__ import annotations

from collections.abc import Iterable

from stook.identity.principals import Viewer
from stook.knowledge.retrieval.retriever import Searcher
from stook.knowledge.store.documents import Filters
from stook.knowledge.text.words import words as words_of

LONGEST = 4000  # characters of the text that are looked at
LONGEST_QUESTION = 1000  # characters of it that are searched for
PASSAGES = 10  # that a question finds, at most
TOGETHER = 4  # words in a row that stand in a passage only if the text was taken from it
FADING = 0.1  # how much less a passage says, for each one that is found before it


async def share_taken(searcher: Searcher, viewer: Viewer, text: str, question: str) -> float:
    """The share of a text that stands word for word in what the person finds for a question."""
    found = await searcher.search(question[:LONGEST_QUESTION], viewer, Filters(), PASSAGES)
    return taken_from(text, (passage.text for passage in found.passages))


def taken_from(text: str, passages: Iterable[str]) -> float:
    """The share of a text, 0 to 1, that stands word for word in one of the passages, best first."""
    own = _runs(text[:LONGEST])
    shares = (
        len(own & _runs(passage)) / (1 + FADING * rank) for rank, passage in enumerate(passages)
    )
    return max(shares, default=0.0) / len(own) if own else 0.0


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = [word.lower() for word in words_of(text)]
    return frozenset(zip(*(words[start:] for start in range(TOGETHER)), strict=False))
