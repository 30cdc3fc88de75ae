"""Measures one set with one configuration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import stook
from benchmarks.quality.indexes import prepared
from benchmarks.quality.sets import SETS, spread
from stook.evaluation.asking import Asker, Progress
from stook.evaluation.outcomes import Run
from stook.evaluation.summary import Summary, summarise
from stook.knowledge.search import Retrieval
from stook.runtime import open_runtime
from stook.settings import Settings


@dataclass(frozen=True, slots=True)
class Configuration:
    """What ranks, what answers, and whether answers are looked at."""

    retrieval: Retrieval = Retrieval.FULL
    model: str = "extractive"
    answers: bool = False


CONFIGURATIONS = {
    "bm25": Configuration(Retrieval.BM25),
    "dense": Configuration(Retrieval.DENSE),
    "hybrid": Configuration(Retrieval.HYBRID),
    "full": Configuration(Retrieval.FULL),
    "answers": Configuration(answers=True),
}


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
    settings = Settings(data_dir=await prepared(asked.corpus, cache), model=how.model)
    questions = spread(asked.questions(), sample)
    started = datetime.now(UTC)
    async with open_runtime(settings, retrieval=how.retrieval) as runtime:
        asker = Asker(runtime.database, runtime.searcher, runtime.engine, answers=how.answers)
        await asker.ask_all(questions[:1], lambda _done, _total: None)  # warms up
        outcomes = await asker.ask_all(questions, progress)
    return Run(
        name=name,
        version=stook.__version__,
        started=started,
        retrieval=how.retrieval.value,
        model=how.model,
        summary=summarise(outcomes),
        outcomes=tuple(outcomes),
    )
