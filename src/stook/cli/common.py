"""What the commands share. Imports little: every command pays for it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer

if TYPE_CHECKING:
    import sqlalchemy as sa

    from stook.identity.audit import Deed
    from stook.identity.principals import Principal
    from stook.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Where Stook keeps its data.", file_okay=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before what cannot be undone.")]
AllowUnknown = Annotated[
    bool,
    typer.Option("--allow-unknown", help="Take names that nobody has yet."),
]
AskAs = Annotated[
    str | None,
    typer.Option("--as", metavar="EMAIL", help="Who asks; default: what everyone may see."),
]
LOCAL = "http://127.0.0.1:8080"


def sign_in_link(url: str, secret: str) -> str:
    """A link that signs in. What stands behind # is sent to no server, and into no log."""
    return f"{url.rstrip('/')}/sign-in#{secret}"


def settings_for(data_dir: Path | None) -> Settings:
    """The settings, with ``--data-dir`` going before all others."""
    from stook.settings import load_settings

    return load_settings(data_dir=data_dir)


def settings_where_there_is_something(data_dir: Path | None) -> Settings:
    """The settings, for a command that reads and makes nothing; raises NotFound."""
    from stook.errors import NotFound
    from stook.storage.schema import is_made

    settings = settings_for(data_dir)
    if not is_made(settings.sql_url):
        where = "the database" if settings.database_url else str(settings.data_dir.absolute())
        raise NotFound(
            f"There is nothing in {where}. `stook index PATH` brings documents in; "
            "--data-dir or STOOK_DATA_DIR names another place."
        )
    return settings


def run(main: Coroutine[Any, Any, T], settings: Settings) -> T:
    """Run a command's coroutine, with logging on stderr as the settings say."""
    configure_logging(settings)
    return asyncio.run(main)


def with_database(
    data_dir: Path | None,
    query: Callable[Concatenate[sa.Connection, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run one query function in a transaction of its own; raises NotFound without a database.

    It does not go through ``runtime``, which loads the search engine: a second for nothing.
    """
    return _query(settings_where_there_is_something(data_dir), query, *args, **kwargs)


def with_recorded(
    data_dir: Path | None,
    deed: Deed,
    query: Callable[Concatenate[sa.Connection, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """``with_database``, for what the audit log is to tell of."""
    from stook.identity import audit

    actor = audit.operator()
    return with_database(data_dir, audit.recorded(actor, deed, query), *args, **kwargs)


def with_new_database(
    data_dir: Path | None,
    query: Callable[Concatenate[sa.Connection, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """``with_database``, for what may be the first command: the database is made."""
    return _query(settings_for(data_dir), query, *args, **kwargs)


def _query(
    settings: Settings,
    query: Callable[Concatenate[sa.Connection, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    from stook.storage.database import open_database
    from stook.storage.privacy import keep_private
    from stook.storage.schema import upgrade

    configure_logging(settings)
    keep_private(settings)
    with contextlib.closing(open_database(settings.sql_url)) as database:
        upgrade(database)
        return database.write_now(query, *args, **kwargs)


def configure_logging(settings: Settings) -> None:
    """Warnings and worse go to stderr, one line each; more when the settings ask for it."""
    import logging
    import sys

    import structlog

    wanted = logging.getLevelNamesMapping()[settings.log_level.upper()]
    level = max(wanted, logging.WARNING) if wanted > logging.DEBUG else wanted
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def print_json(document: object) -> None:
    """The one JSON document of a command."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def say(message: str) -> None:
    """A message for the person at the terminal."""
    typer.echo(message, err=True)


def known_allow(data_dir: Path | None, allow: Sequence[str], *, unknown: bool) -> tuple[str, ...]:
    """What ``--allow`` says, with names as they are stored.

    Raises InvalidRequest where nobody has a name, and documents would be closed to everybody
    without a word; unless ``unknown`` names are wanted.
    """
    from stook.errors import InvalidRequest
    from stook.knowledge.ingestion import standing_access
    from stook.knowledge.ingestion.connectors.permissions_file import parse_allow
    from stook.storage.schema import is_made

    parse_allow(allow)
    named = [entry for entry in allow if entry != "everyone"]
    if not named:
        return tuple(allow)
    meant, missing = list(allow), named
    if is_made(settings_for(data_dir).sql_url):
        meant, missing = with_database(data_dir, standing_access.known_names, allow)
    if missing and not unknown:
        raise InvalidRequest(
            f"Nobody is known as {', '.join(missing)}. Mend the name, add it with `stook user add` "
            "or `stook group add`, or say --allow-unknown. Nothing was done."
        )
    for entry in missing:
        say(f"stook: nobody is known as {entry} yet.")
    return tuple(meant)


def confirm(question: str, *, yes: bool) -> None:
    """Ask before what cannot be undone; raises InvalidRequest where there is nobody to ask."""
    import sys

    from stook.errors import InvalidRequest

    if yes:
        return
    if not sys.stdin.isatty():
        raise InvalidRequest(f"{question} Nothing was done; say --yes to go on.")
    if not typer.confirm(question, err=True):
        raise typer.Exit(1)


def show(document: object, text: str, *, as_json: bool) -> None:
    """Print a result in the form asked for."""
    if as_json:
        print_json(document)
    elif text:
        typer.echo(text)


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows as aligned columns; the first row is the heading. No cell may steer the terminal."""
    rows = [tuple(map(_printable, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def moment(microseconds: int | None) -> str:
    """A stored time for people and JSON: ISO 8601 in UTC, or nothing."""
    from datetime import UTC, datetime

    if microseconds is None:
        return ""
    return datetime.fromtimestamp(microseconds / 1e6, UTC).isoformat(timespec="seconds")


def principal_for(connection: sa.Connection, email: str | None) -> Principal:
    """Whom ``--as`` names; raises NotFound for somebody unknown or deactivated."""
    from stook.errors import NotFound
    from stook.identity import users
    from stook.identity.principals import EVERYONE, Principal

    if email is None:
        return EVERYONE
    user = users.find(connection, email)
    if user is None or not user.active:
        raise NotFound(f"There is no active user {email}; add one with `stook user add {email}`.")
    return Principal(email=user.email, name=user.name)


@contextlib.contextmanager
def progress_bar(
    description: str, total: int | None = None
) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on stderr, on a terminal only; gives a function that takes (done, total)."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(description, total=total)
        yield lambda done, total: progress.update(task, completed=done, total=total)
