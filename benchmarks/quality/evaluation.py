"""Measures one set with one configuration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.indexes import prepared, settings_for
from benchmarks.quality.sets import SETS, spread
from stook.answering.generative.answerer import EXTRACTIVE
from stook.cli.common import configure_logging
from stook.evaluation.asking import Plan, Progress, ask_all
from stook.evaluation.outcomes import Run
from stook.evaluation.summary import Summary
from stook.knowledge.retrieval.retriever import Retrieval

PATIENCE = 600  # seconds for a local model on a slow machine; else another answers for it


@dataclass(frozen=True, slots=True)
class Configuration:
    """What ranks, what answers, and whether answers are looked at."""

    retrieval: Retrieval = Retrieval.FULL
    model: str = EXTRACTIVE
    answers: bool = False
    most: int | None = None  # questions; where each takes seconds


CONFIGURATIONS = {
    "bm25": Configuration(Retrieval.BM25),
    "dense": Configuration(Retrieval.DENSE),
    "hybrid": Configuration(Retrieval.HYBRID),
    "quick": Configuration(Retrieval.QUICK),
    "full": Configuration(Retrieval.FULL),
    "rewritten": Configuration(model="local:smollm2"),
    "answers": Configuration(answers=True),
    "local": Configuration(model="local:smollm2", answers=True, most=20),
}


def applies(name: str, configuration: str) -> bool:
    """Whether a configuration changes anything: only follow-ups are rewritten."""
    how = CONFIGURATIONS[configuration]
    if how.model == EXTRACTIVE or how.answers:
        return True
    return any(question.history for question in SETS[name].questions())


async def evaluate(
    name: str, configuration: str, cache: Path, sample: int | None = None
) -> Summary:
    """The measures of a set, by section (see ``stook.evaluation.summary``)."""
    return (await measure(name, configuration, cache, sample)).summary


async def measure(
    name: str,
    configuration: str,
    cache: Path,
    sample: int | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Run:
    """The same, with what came of each question. ``sample``: at most so many are asked."""
    asked, how = SETS[name], CONFIGURATIONS[configuration]
    directory = await prepared(asked.corpus, cache)
    settings = settings_for(directory, model=how.model, model_timeout_seconds=PATIENCE)
    configure_logging(settings)
    questions = spread(spread(asked.questions(), sample), how.most)
    plan = Plan(name, retrieval=how.retrieval, answers=how.answers)
    return await ask_all(settings, questions, plan, progress)
