"""Fits the model that decides whether to refuse, and measures extractive answers.

    python benchmarks/fit_refusal.py

Over xquad en (48 articles, 1,190 questions with answer spans): each half of the articles is
indexed in turn, all questions are asked, and a logistic regression learns from one half's index
to tell the questions about it from the others; the other half tests it. Questions that only look
answerable (``benchmarks.lookalikes``) are then asked of the whole. The constants printed last
stand in ``stook.answering.extractive.answerability`` (see there for what was set by hand).
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.lookalikes import lookalikes
from benchmarks.tables import show
from stook.answering.base import Brief
from stook.answering.extractive import answerability as refusal
from stook.answering.extractive import scoring
from stook.conversation.context import load_sources
from stook.identity.permissions import EVERYONE_MAY_READ
from stook.identity.principals import EVERYONE
from stook.knowledge.ingestion.connectors.files import content_hash
from stook.knowledge.store.documents import Filters, SourceDocument
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings
from stook.understanding.followup import stand_alone

DATA = Path(__file__).parents[2] / "shared" / "data" / "xquad" / "beir_en"
TODAY = date(2026, 1, 1)
RIDGE = 10.0
SAMPLE = 3  # every third question that looks answerable is asked
Matrix = NDArray[np.float64]


def rows(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def documents(corpus: Sequence[dict[str, object]], titles: set[str]) -> list[SourceDocument]:
    return [
        SourceDocument(
            datasource="xquad",
            external_id=str(row["_id"]),
            title=str(row["title"]),
            url=f"https://xquad.example/{row['_id']}",
            mime_type="text/plain",
            text=str(row["text"]),
            content_hash=content_hash(str(row["text"]).encode()),
            permissions=EVERYONE_MAY_READ,
        )
        for row in corpus
        if row["title"] in titles
    ]


async def brief_for(runtime: Runtime, question: str) -> Brief:
    asked = stand_alone(question, [], TODAY)
    found = await runtime.searcher.search(asked.text, EVERYONE, Filters(), 10)
    sources = await load_sources(runtime.database, EVERYONE, found.passages)
    vectors = await runtime.searcher.window_vectors(found.passages)
    return Brief(asked, TODAY, found, sources, vectors)


async def asked_of(
    sources: list[SourceDocument], questions: Sequence[str]
) -> list[tuple[refusal.Signals, list[str]]]:
    """For each question its signals, and the three best units."""
    results: list[tuple[refusal.Signals, list[str]]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with open_runtime(Settings(data_dir=Path(folder))) as runtime:
            await runtime.ingestion.store_and_index(sources)
            for question in questions:
                brief = await brief_for(runtime, question)
                asking, candidates = scoring.score(brief)
                best = [candidate.raw for candidate in candidates[:3]]
                results.append((refusal.signals(brief, asking, candidates), best))
    return results


def fit(signals: Matrix, known: Matrix) -> Matrix:
    """Weights of a ridge logistic regression, the bias first (Newton's method)."""
    middle, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    design = np.c_[np.ones(len(signals)), (signals - middle) / spread]
    ridge = RIDGE * np.diag([0.0] + [1.0] * signals.shape[1])
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (known - chance) - ridge @ weights
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + ridge
        weights += np.linalg.solve(curve, slope)
    slopes = weights[1:] / spread
    return np.r_[weights[0] - slopes @ middle, slopes]


def row(found: refusal.Signals) -> list[float]:
    """The signals that have a weight."""
    return [float(getattr(found, name) or 0.0) for name in refusal.WEIGHTS]


def refused(scores: Matrix, known: Matrix, wrongly: float) -> float:
    """The share of unknown questions refused where that share of known ones is."""
    threshold = np.quantile(scores[known == 1], wrongly)
    return float(np.mean(scores[known == 0] < threshold))


def contains(answers: Sequence[str], wanted: Sequence[str], count: int) -> bool:
    text = " ".join(" ".join(answers[:count]).casefold().split())
    return any(" ".join(answer.casefold().split()) in text for answer in wanted)


async def main() -> None:
    corpus, queries = rows("corpus.jsonl"), rows("queries.jsonl")
    relevant = dict(
        line.split("\t")[:2] for line in (DATA / "qrels.tsv").read_text().split("\n")[1:-1]
    )
    title_of = {str(row["_id"]): str(row["title"]) for row in corpus}
    titles = sorted(set(title_of.values()))
    halves = [set(titles[::2]), set(titles[1::2])]
    questions = [str(query["text"]) for query in queries]

    everything = await asked_of(documents(corpus, set(titles)), questions)
    wanted = [query["metadata"]["answers"] for query in queries]  # type: ignore[index]
    shares = [
        np.mean(
            [contains(best, gold, n) for (_, best), gold in zip(everything, wanted, strict=True)]
        )
        for n in (1, 2, 3)
    ]
    kept = np.mean([refusal.probability(signals) >= 0.5 for signals, _ in everything])
    show(
        "Extractive answers over all of xquad en",
        ("units", "contain the gold answer"),
        [(n, f"{share:.3f}") for n, share in enumerate(shares, 1)],
    )
    print(f"wrongly refused: {1 - kept:.3f}\n")

    learned: list[tuple[Matrix, Matrix]] = []
    for half in halves:
        found = await asked_of(documents(corpus, half), questions)
        signals = np.array([row(signals) for signals, _ in found])
        known = np.array([float(title_of[relevant[str(q["_id"])]] in half) for q in queries])
        learned.append((signals, known))
    report(learned)
    changed = [one.question for one in lookalikes(corpus, queries, relevant)][::SAMPLE]
    looking = await asked_of(documents(corpus, set(titles)), changed)
    report_lookalikes(
        [refusal.probability(signals) for signals, _ in everything],
        [refusal.probability(signals) for signals, _ in looking],
    )


def report_lookalikes(known: Sequence[float], looking: Sequence[float]) -> None:
    table = []
    for wrongly in (0.05, 0.1):
        threshold = np.quantile(known, wrongly)
        table.append((wrongly, f"{np.mean(np.array(looking) < threshold):.3f}"))
    show("Questions that only look answerable", ("wrongly refused", "refused"), table)


def report(learned: list[tuple[Matrix, Matrix]]) -> None:
    table = []
    for train, test in ((0, 1), (1, 0)):
        weights = fit(*learned[train])
        signals, known = learned[test]
        scores = np.c_[np.ones(len(signals)), signals] @ weights
        shares = [f"{refused(scores, known, wrongly):.3f}" for wrongly in (0.02, 0.05, 0.1)]
        table.append((f"fitted on {train}, asked of {test}", *shares))
    signals, known = learned[0][0], learned[0][1]
    built_in = refusal.BIAS + signals @ np.array(list(refusal.WEIGHTS.values()))
    at_rest = [float(np.mean(built_in[known == 0] < 0)), float(np.mean(built_in[known == 1] < 0))]
    show("Unknown questions refused at wrong refusals of", ("", "2 %", "5 %", "10 %"), table)
    print(f"with the constants in use: {at_rest[0]:.3f} refused, {at_rest[1]:.3f} of the known\n")
    weights = fit(np.vstack([learned[0][0], learned[1][0]]), np.r_[learned[0][1], learned[1][1]])
    print("bias and weights:", ", ".join(f"{weight:.2f}" for weight in weights))


if __name__ == "__main__":
    asyncio.run(main())
