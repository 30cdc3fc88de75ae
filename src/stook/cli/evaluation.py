"""``stook eval`` and ``stook feedback export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stook.cli.common import (
    AsJson,
    DataDir,
    progress_bar,
    run,
    say,
    settings_where_there_is_something,
    with_database,
)

if TYPE_CHECKING:
    from stook.evaluation.outcomes import Run
    from stook.settings import Settings

HtmlPage = Annotated[
    Path | None, typer.Option("--html", metavar="PAGE", help="Write a page with plots.")
]
Before = Annotated[
    Path | None,
    typer.Option("--compare", metavar="RUN.json", help="An earlier run, to compare with."),
]
TrecRun = Annotated[
    Path | None,
    typer.Option("--run", metavar="RUN", help="Write a TREC run, and RUN.qrels beside it."),
]
Depth = Annotated[int, typer.Option(min=10, max=1000, help="How many documents are ranked.")]
Ranking = Annotated[
    Literal["bm25", "dense", "hybrid", "quick", "full"] | None,
    typer.Option(help="What ranks: a part of it alone, or everything; default: as set."),
]
NoAnswers = Annotated[
    bool, typer.Option("--no-answers", help="Look only at what is found, not at answers.")
]


def evaluate(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Questions (JSON Lines), or an earlier run (--json > RUN.json)."
        ),
    ],
    as_json: AsJson = False,
    html: HtmlPage = None,
    compare: Before = None,
    run_file: TrecRun = None,
    depth: Depth = 10,
    no_answers: NoAnswers = False,
    retrieval: Ranking = None,
    data_dir: DataDir = None,
) -> None:
    """Ask the questions of a file, and measure what is found and answered."""
    from stook.evaluation import comparison, page, report, runs, trec

    before = runs.load(compare) if compare else None
    done = runs.load_if_run(file)
    if done is None:
        settings = settings_where_there_is_something(data_dir)
        done = _ask_all(settings, file, depth, retrieval, answers=not no_answers)
    changed = comparison.compare(before, done) if before else None
    if html:
        html.write_text(page.render(done, changed), encoding="utf-8")
        say(f"The page is {html}.")
    if run_file:
        run_file.write_text("".join(trec.run_lines(done.outcomes)), encoding="utf-8")
        qrels = run_file.with_name(f"{run_file.name}.qrels")
        qrels.write_text("".join(trec.qrels_lines(done.outcomes)), encoding="utf-8")
        say(f"The TREC run is {run_file}, its judgements are {qrels}.")
    if as_json:
        typer.echo(runs.dump(done, changed))
    else:
        report.show(done, before, changed)


def _ask_all(
    settings: Settings, file: Path, depth: int, retrieval: str | None, *, answers: bool
) -> Run:
    from stook.evaluation import questions

    asked = questions.load(file)  # before anything heavy is loaded
    from stook.evaluation import asking
    from stook.knowledge.retrieval.retriever import Retrieval

    ranking = Retrieval(retrieval) if retrieval else None
    with progress_bar("Asking", len(asked)) as progress:
        how = asking.Plan(file.name, depth, ranking, answers)
        return run(asking.ask_all(settings, asked, how, progress), settings)


def export_feedback(
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Where to write; default: stdout."),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Turn votes on answers into questions for `stook eval`."""
    from stook.evaluation import questions, voted

    found = with_database(data_dir, voted.questions)
    lines = questions.dump(found)
    if output is None:
        typer.echo(lines, nl=False)
    else:
        output.write_text(lines, encoding="utf-8")
    to_look_at = sum(bool(one.note) for one in found)
    say(f"{len(found) - to_look_at} good answers, {to_look_at} questions to look at.")
