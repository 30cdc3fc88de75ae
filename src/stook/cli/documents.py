"""``stook index`` and ``stook reindex``."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stook.cli.common import (
    AllowUnknown,
    AsJson,
    DataDir,
    known_allow,
    progress_bar,
    run,
    say,
    settings_for,
    settings_where_there_is_something,
    show,
)

if TYPE_CHECKING:
    from stook.cli.index_run import Outcome
    from stook.knowledge.ingestion.indexing import Indexed


def index(
    sources: Annotated[
        list[str], typer.Argument(metavar="PATH_OR_URL...", help="Directories, files, addresses.")
    ],
    datasource: Annotated[
        str | None, typer.Option(metavar="NAME", help="Where they belong; default: files or web.")
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHO",
            help="everyone (the default), user:EMAIL or group:NAME; may be repeated.",
        ),
    ] = None,
    allow_unknown: AllowUnknown = False,
    crawl: Annotated[bool, typer.Option("--crawl", help="Follow links on the same host.")] = False,
    base_url: Annotated[
        str,
        typer.Option(metavar="URL", help="What stands before the path in a document's address."),
    ] = "",
    idle_rules: Annotated[
        bool,
        typer.Option(
            "--idle-rules", help="Go on though a rule of a permissions file fits nothing."
        ),
    ] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Withdraw what vanished, however much it is.")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Index documents; run it again and only changes are processed."""
    from stook.cli.index_request import Request

    settings = settings_for(data_dir)
    request = Request(
        tuple(sources), datasource, tuple(allow or ()), crawl, base_url, idle_rules, withdraw
    )
    request.check()
    request = replace(request, allow=known_allow(data_dir, request.allow, unknown=allow_unknown))
    from stook.cli.index_run import index_all

    with progress_bar("Indexing") as progress:
        outcome = run(index_all(settings, request, progress), settings)
    for name, reason in outcome.skipped:
        say(f"skipped {name}: {reason}")
    for withheld in outcome.withheld:
        say(f"stook: {withheld}")
    show(_document(outcome), _sentence(outcome), as_json=as_json)
    if outcome.failed or outcome.withheld or not (outcome.read or outcome.withdrawn):
        raise typer.Exit(1)


def reindex(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Build the search index anew from the database."""
    settings = settings_where_there_is_something(data_dir)
    from stook.cli.index_run import reindex_all

    with progress_bar("Indexing") as progress:
        done, seconds = run(reindex_all(settings, progress), settings)
    document = {
        "documents": done.documents,
        "passages": done.passages,
        "failed": list(done.failed),
        "seconds": round(seconds, 2),
    }
    show(document, f"{_amounts(done)} in {seconds:.1f} s", as_json=as_json)
    if done.failed:
        raise typer.Exit(1)


def _amounts(done: Indexed) -> str:
    failed = f", {len(done.failed)} FAILED" if done.failed else ""
    return f"{done.documents} documents indexed, {done.passages} passages{failed}"


def _sentence(outcome: Outcome) -> str:
    failed = f", {len(outcome.failed)} FAILED (run again)" if outcome.failed else ""
    return (
        f"{outcome.added} added, {outcome.changed} changed, {outcome.unchanged} unchanged, "
        f"{outcome.withdrawn} withdrawn, {len(outcome.skipped)} skipped{failed}; "
        f"{outcome.passages} passages indexed in {outcome.seconds:.1f} s"
    )


def _document(outcome: Outcome) -> dict[str, Any]:
    return {
        "added": outcome.added,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "withdrawn": outcome.withdrawn,
        "skipped": [{"name": name, "reason": reason} for name, reason in outcome.skipped],
        "failed": list(outcome.failed),
        "withheld": [asdict(one) for one in outcome.withheld],
        "passages": outcome.passages,
        "seconds": round(outcome.seconds, 2),
    }
