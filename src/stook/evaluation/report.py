"""A run as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stook.evaluation.comparison import Comparison, QuestionChange
from stook.evaluation.outcomes import Run

LISTED = 10  # questions listed of each kind of change


def show(run: Run, before: Run | None, changed: Comparison | None) -> None:
    """Print the measures and, where there is an earlier run, what changed."""
    console = Console(highlight=False)
    console.print(_measures(run, before))
    if changed is not None:
        console.print(_changes(changed))


def _measures(run: Run, before: Run | None) -> Table:
    title = f"{run.name}: {run.retrieval}, {run.model}"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("")
    table.add_column("measure")
    if before is not None:
        table.add_column("before", justify="right")
    table.add_column("now" if before is not None else "", justify="right")
    for section, measures in run.summary.items():
        for number, (measure, value) in enumerate(measures.items()):
            first = section if number == 0 else ""
            then = before.summary.get(section, {}).get(measure) if before else None
            cells = [figure(then, section)] if before is not None else []
            table.add_row(first, measure, *cells, figure(value, section))
        table.add_section()
    return table


def figure(value: float | None, section: str) -> str:
    """A measure for people: counts whole, times in milliseconds, the rest from 0 to 1."""
    if value is None:
        return "–"
    if section == "questions":
        return f"{value:.0f}"
    return f"{value:.0f} ms" if section == "latency" else f"{value:.3f}"


def _changes(changed: Comparison) -> Table:
    title = (
        f"{len(changed.better)} questions better, {len(changed.worse)} worse, "
        f"{len(changed.mixed)} both, {changed.unchanged} unchanged"
    )
    if changed.missing:
        title += f", {len(changed.missing)} asked in one run only"
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in ("", "question", "measure", "before", "now"):
        table.add_column(name, justify="right" if name in ("before", "now") else "left")
    for kind, questions in (
        ("worse", changed.worse),
        ("both", changed.mixed),
        ("better", changed.better),
    ):
        _add(table, kind, questions)
    return table


def _add(table: Table, kind: str, questions: Sequence[QuestionChange]) -> None:
    for one in questions[:LISTED]:
        for number, change in enumerate(one.changes):
            first = (kind, Text(one.question)) if number == 0 else ("", "")
            table.add_row(*first, change.measure, f"{change.before:.3f}", f"{change.after:.3f}")
    if len(questions) > LISTED:
        table.add_row(kind, f"… and {len(questions) - LISTED} more", "", "", "")
