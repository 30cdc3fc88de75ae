"""Runs: made by asking, kept as JSON, loaded again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from stook import __version__
from stook.errors import InvalidRequest, NotFound
from stook.evaluation.asking import Asker, Progress
from stook.evaluation.comparison import Comparison
from stook.evaluation.outcomes import Run
from stook.evaluation.questions import Question
from stook.evaluation.summary import summarise
from stook.knowledge.search import Retrieval
from stook.runtime import open_runtime
from stook.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """How questions are asked; ``depth`` is in documents."""

    name: str
    depth: int = 10
    retrieval: Retrieval = Retrieval.FULL
    answers: bool = True


async def ask_all(
    settings: Settings, questions: Sequence[Question], plan: Plan, progress: Progress
) -> Run:
    """Ask every question of what is indexed, one after another; the first is asked twice, as it
    would otherwise be the slowest for nothing but being the first."""
    started = datetime.now(UTC)
    async with open_runtime(settings, retrieval=plan.retrieval) as runtime:
        asker = Asker(runtime.database, runtime.searcher, runtime.engine, plan.depth, plan.answers)
        await asker.ask(questions[0])
        outcomes = await asker.ask_all(questions, progress)
    return Run(
        name=plan.name,
        version=__version__,
        started=started,
        retrieval=plan.retrieval.value,
        model=settings.model,
        summary=summarise(outcomes),
        outcomes=tuple(outcomes),
    )


def load(path: Path) -> Run:
    """A run that was kept; raises NotFound or InvalidRequest."""
    run = load_if_run(path)
    if run is None:
        raise InvalidRequest(f"{path} is no run: make one with `stook eval FILE --json > {path}`.")
    return run


def load_if_run(path: Path) -> Run | None:
    """The run in a file; None where the file holds something else. Raises NotFound."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.") from error
    except (OSError, ValueError):
        return None
    if not isinstance(held, dict) or "outcomes" not in held:
        return None
    try:
        return Run.model_validate(held)
    except ValidationError as error:
        raise InvalidRequest(f"{path} is a run of another version of Stook.") from error


def dump(run: Run, comparison: Comparison | None = None) -> str:
    """The run as one JSON document; ``load`` reads it with or without a comparison."""
    document = run.model_dump(mode="json")
    if comparison is not None:
        document["comparison"] = comparison.model_dump(mode="json")
    return json.dumps(document, ensure_ascii=False, indent=1)
