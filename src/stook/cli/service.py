"""``stook serve``, ``stook doctor``, ``stook version``."""

from __future__ import annotations

from typing import Annotated

import typer

from stook.cli.common import AsJson, DataDir, run, say, settings_for, show


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8080,
    workers: Annotated[int, typer.Option(min=1, help="How many processes serve.")] = 1,
    data_dir: DataDir = None,
) -> None:
    """Serve the APIs until told to stop."""
    settings = settings_for(data_dir)
    from stook.server import serve as server

    server.run(settings, host, port, workers)


def doctor(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Check settings, database, model, index and disk, and say what to do."""
    settings = settings_for(data_dir)
    from stook.cli import checks

    found = run(checks.run_all(settings), settings)
    healthy = all(check.ok for check in found)
    document = {
        "ok": healthy,
        "checks": [
            {"name": check.name, "ok": check.ok, "found": check.found, "advice": check.advice}
            for check in found
        ],
    }
    show(document, "\n".join(map(str, found)), as_json=as_json)
    if not healthy:
        say("stook: something needs attention; see the lines that begin with an exclamation mark.")
        raise typer.Exit(1)


def version(as_json: AsJson = False) -> None:
    """Print the version."""
    from stook import __version__

    show({"version": __version__}, __version__, as_json=as_json)
