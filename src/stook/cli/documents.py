"""``stook index`` and ``stook reindex``."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stook.cli.common import (
    AllowUnknown,
    AsJson,
    DataDir,
    configure_logging,
    known_allow,
    settings_where_there_is_something,
    show,
)
from stook.cli.stopping import Stopper

if TYPE_CHECKING:
    from stook.knowledge.ingestion.indexing import Indexed

STOPPING = "stopping; run again to go on."


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
    widen: Annotated[
        bool, typer.Option("--widen", help="Open to everyone what was closed before this run.")
    ] = False,
    max_file_mib: Annotated[
        int | None,
        typer.Option(min=1, metavar="MIB", help="Leave larger files out; default: the setting."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", dir_okay=False, help="Write a line of JSON for each file."),
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Index documents; run it again and only changes are processed."""
    from stook.cli.index_request import Request
    from stook.settings import load_settings

    settings = load_settings(data_dir=data_dir, max_file_mib=max_file_mib)
    request = Request(
        tuple(sources),
        datasource,
        tuple(allow or ()),
        crawl,
        base_url,
        idle_rules=idle_rules,
        withdraw=withdraw,
        allow_unknown=allow_unknown,
        widen=widen,
    )
    request.check()
    request = replace(request, allow=known_allow(data_dir, request.allow, unknown=allow_unknown))
    stopper = Stopper(STOPPING)
    configure_logging(settings)
    from stook.cli import index_report
    from stook.cli.index_run import index_all
    from stook.cli.progress import Watch, open_report

    with contextlib.ExitStack() as opened:
        file = open_report(report)
        if file is not None:
            opened.enter_context(file)
        progress = opened.enter_context(Watch(report=file))
        outcome = stopper.run(index_all(settings, request, progress))
    index_report.tell(outcome)
    show(index_report.document(outcome), index_report.sentence(outcome), as_json=as_json)
    undone = outcome.failed or outcome.withheld or outcome.kept_closed.count
    if undone or not (outcome.read or outcome.withdrawn):
        raise typer.Exit(1)


def reindex(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Build the search index anew from the database."""
    settings = settings_where_there_is_something(data_dir)
    stopper = Stopper(STOPPING)
    configure_logging(settings)
    from stook.cli.index_run import reindex_all
    from stook.cli.progress import Watch

    with Watch() as progress:
        done, seconds = stopper.run(reindex_all(settings, progress))
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
