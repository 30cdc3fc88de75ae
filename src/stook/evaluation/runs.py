"""Runs, kept as JSON and loaded again."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from stook.errors import InvalidRequest, NotFound
from stook.evaluation.comparison import Comparison
from stook.evaluation.outcomes import Run


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
