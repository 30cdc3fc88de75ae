"""``stook answer``: answers that people write to questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stook.cli.common import AsJson, DataDir, Yes, confirm, moment, show, table, with_database

if TYPE_CHECKING:
    import sqlalchemy as sa

    from stook.knowledge.store.curated import CuratedAnswer

MOST_LISTED = 1000


def add_answer(
    question: str,
    text: Annotated[str, typer.Option(help="The answer, in Markdown.")] = "",
    file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A file that holds the answer.")
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(metavar="QUESTION", help="Another way to ask it; may be repeated."),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHO",
            help="everyone (the default), user:EMAIL or group:NAME; may be repeated.",
        ),
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Write an answer to a question; it comes first wherever that is asked."""
    from stook.application.administration import writing
    from stook.errors import InvalidRequest
    from stook.identity import audit

    if bool(text) == (file is not None):
        raise InvalidRequest("Give the answer, either as --text or as --file.")
    said = text if file is None else file.read_text(encoding="utf-8")
    wordings = (question, *(also or ()))
    given = (audit.operator(), question, said, allow or ["everyone"], wordings)
    stored = with_database(data_dir, writing.store, *given)
    document = {"document_id": stored, "question": question}
    show(document, f"{stored} answers it; a server indexes it within a minute.", as_json=as_json)


def list_answers(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List the answers that people wrote, the newest first."""
    found = with_database(data_dir, _find)
    rows = [("ID", "QUESTION", "WORDINGS", "BY", "SINCE")]
    rows += [
        (
            each.document_id,
            each.question,
            str(len(each.wordings)),
            each.author,
            moment(each.stored_at),
        )
        for each in found
    ]
    show([_document(each) for each in found], table(rows), as_json=as_json)


def remove_answer(
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    yes: Yes = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Take an answer back: nobody is given it from now on."""
    from stook.application.administration import writing
    from stook.identity import audit

    confirm(f"Take the answer {document_id} back?", yes=yes)
    with_database(data_dir, writing.remove, audit.operator(), document_id)
    show({"document_id": document_id, "removed": True}, f"{document_id} is gone.", as_json=as_json)


def _find(connection: sa.Connection) -> list[CuratedAnswer]:
    from stook.application.administration import writing

    return writing.find(connection, "", None, MOST_LISTED).items


def _document(answer: CuratedAnswer) -> dict[str, Any]:
    return {
        "document_id": answer.document_id,
        "question": answer.question,
        "wordings": list(answer.wordings),
        "text": answer.text,
        "author": answer.author,
        "stored_at": moment(answer.stored_at),
    }
