"""Results, kept as JSON beside the benchmarks: one file a set, and one for refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stook.evaluation.outcomes import Run
from stook.evaluation.summary import Summary

RESULTS = Path(__file__).parents[1] / "results" / "quality"
REFUSALS = "refusals"
DECIMALS = 4

Recorded = dict[str, dict[str, Any]]  # by configuration: what was measured, and how


def record(run: Run, configuration: str) -> None:
    """Keep a run's summary, in the place of an earlier one of the same configuration."""
    found = load(run.name)
    found[configuration] = {
        "measured": f"{run.started:%Y-%m-%d}",
        "retrieval": run.retrieval,
        "model": run.model,
        "summary": run.summary,
    }
    save(run.name, found)


def load(name: str) -> Recorded:
    """What is kept of a set; nothing where it was not measured."""
    path = RESULTS / f"{name}.json"
    held: Recorded = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return held


def summary(name: str, configuration: str) -> Summary | None:
    """The measures of a set with a configuration, if they are kept."""
    held = load(name).get(configuration)
    return held["summary"] if held else None


def save(name: str, found: Recorded) -> None:
    """Keep what was measured of a set, rounded."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_rounded(found), indent=1, sort_keys=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _rounded(held: Any) -> Any:
    if isinstance(held, dict):
        return {key: _rounded(value) for key, value in held.items()}
    return round(held, DECIMALS) if isinstance(held, float) else held
