"""Measures from where on a statement counts as supported by a passage.

    python benchmarks/fit_grounding.py

Over azure_hr: the reference answers, which a language model wrote, cut into statements. Each is
compared with the passages of the pages that its answer cites (it should be supported), and with
those of pages that another question of the same document cites (it should not, though it speaks
of the same things). For each rule: which share of either kind is taken as supported. The rule
chosen stands in ``stook.answering.generative.attribution``.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.tables import show
from stook.knowledge.encoding.embedding import Embedder, load_embedder
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.text.chunking import chunk
from stook.knowledge.text.numbers import numbers
from stook.knowledge.text.sentences import sentences
from stook.settings import Settings
from stook.understanding.content import content_terms, text_terms

DATA = Path(__file__).parents[2] / "shared" / "data" / "azure_hr"
_CITED = re.compile(r"\[([^\[\]]+\.pdf#page=\d+)\]")
RULES = [(words, fewer, close) for words in (0.5, 0.6, 0.7) for fewer, close in
         ((1.0, 1.0), (0.45, 0.6), (0.35, 0.6), (0.35, 0.7), (0.25, 0.7))]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement and a page: the best share of its words, and the best cosine, in one passage."""

    belongs: bool
    facts: bool
    share: float
    cosine: float


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def answers() -> Iterator[tuple[list[str], list[str]]]:
    """The statements of each reference answer, and the pages that it cites."""
    for row in rows("ground_truth.jsonl"):
        text = _CITED.sub("", row["truth"]).strip()
        cited = _CITED.findall(row["truth"])
        if cited:
            yield [text[span.start : span.end] for span in sentences(text)], cited


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a page, with the vectors of its windows."""

    text: str
    windows: Vectors


async def read(embedder: Embedder, page: str) -> list[Passage]:
    passages: list[Passage] = []
    for piece in chunk(page):
        windows = [page[span.start : span.end] for span in piece.windows]
        text = page[piece.span.start : piece.span.end]
        passages.append(Passage(text, await embedder.embed(windows)))
    return passages


def compare(statement: str, vector: Vectors, page: list[Passage], belongs: bool) -> Pair:
    words = content_terms(statement)
    best = Pair(belongs, False, 0.0, 0.0)
    for passage in page:
        cosine = _cosine(passage.windows, vector)
        share = len(words & text_terms(passage.text)) / max(1, len(words))
        found = Pair(belongs, numbers(statement) <= numbers(passage.text), share, cosine)
        best = max(best, found, key=lambda pair: (pair.facts, pair.share + pair.cosine))
    return best


def _cosine(windows: Vectors, vector: Vectors) -> float:
    return float(np.max(windows @ vector)) if len(windows) else 0.0


async def pairs() -> list[Pair]:
    pages = {row["_id"]: row["text"] for row in rows("beir/corpus.jsonl")}
    embedder = load_embedder(Settings(multilingual="off"))
    known = list(answers())
    cited_pages = {page for _, cited in known for page in cited if page in pages}
    passages = {page: await read(embedder, pages[page]) for page in sorted(cited_pages)}
    found: list[Pair] = []
    for number, (statements, cited) in enumerate(known):
        document = cited[0].split("#")[0]
        others = [
            other[0]
            for place, (_, other) in enumerate(known)
            if place != number and other[0].startswith(document) and other[0] not in cited
            if other[0] in passages
        ]
        own = [passage for page in cited if page in passages for passage in passages[page]]
        vectors = await embedder.embed_questions(statements)
        for statement, vector in zip(statements, vectors, strict=True):
            found.append(compare(statement, vector, own, True))
            found += [
                compare(statement, vector, passages[other], False)
                for other in dict.fromkeys(others)
            ]
    embedder.close()
    return found


def accepted(found: list[Pair], belongs: bool, words: float, fewer: float, close: float) -> float:
    asked = [pair for pair in found if pair.belongs is belongs]
    taken = [
        pair
        for pair in asked
        if pair.facts and (pair.share >= words or (pair.share >= fewer and pair.cosine >= close))
    ]
    return len(taken) / max(1, len(asked))


def main() -> None:
    if not DATA.is_dir():
        sys.exit(f"The evaluation data is absent: {DATA}")
    found = asyncio.run(pairs())
    table = []
    for rule in RULES:
        own, other = accepted(found, True, *rule), accepted(found, False, *rule)
        table.append((*(f"{value:.2f}" for value in rule), f"{own:.3f}", f"{other:.3f}"))
    columns = ("words", "fewer words", "cosine", "supported by its page", "by another page")
    show(f"Grounding: {len(found)} pairs of a statement and a page", columns, table)


if __name__ == "__main__":
    main()
