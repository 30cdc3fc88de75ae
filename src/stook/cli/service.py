"""``stook serve``, ``stook doctor``, ``stook version``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stook.cli.common import (
    AsJson,
    DataDir,
    run,
    say,
    settings_for,
    show,
    sign_in_link,
    with_new_database,
)

if TYPE_CHECKING:
    import sqlalchemy as sa

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - addresses that nobody can open


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8080,
    workers: Annotated[int, typer.Option(min=1, help="How many processes serve.")] = 1,
    link: Annotated[
        bool | None,
        typer.Option(
            "--link/--no-link",
            help="Print a link that opens the page as administrator; default: on a terminal.",
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Serve the page and the APIs until told to stop."""
    settings = settings_for(data_dir)
    wants_link = sys.stdout.isatty() if link is None else link  # no secrets in collected logs
    from stook.server import page
    from stook.server import serve as server

    if wants_link and page.built() is None:
        say("The page to ask in was not built: run `make setup`, or install Stook anew.")
    elif port and wants_link:
        say(f"Open {_administrators_link(data_dir, host, port)}")
    server.run(settings, host, port, workers)


def _administrators_link(data_dir: Path | None, host: str, port: int) -> str:
    """What signs the first administrator in at the page, once."""

    def make(connection: sa.Connection) -> str:
        from stook.identity import administrators, audit, browser_sessions
        from stook.identity.audit import Action

        email = administrators.first(connection)
        audit.record(connection, audit.operator(), Action.LINK_MADE, email)
        return browser_sessions.make_link(connection, email)

    reached = "127.0.0.1" if host in EVERYWHERE else host
    address = f"[{reached}]" if ":" in reached else reached
    return sign_in_link(f"http://{address}:{port}", with_new_database(data_dir, make))


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
