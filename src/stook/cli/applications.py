"""``stook application``: chat applications."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stook.cli.common import (
    AsJson,
    DataDir,
    moment,
    show,
    table,
    with_database,
    with_new_database,
    with_recorded,
)

if TYPE_CHECKING:
    import sqlalchemy as sa

    from stook.conversation.applications import Application, Definition

Names = Annotated[list[str] | None, typer.Option(metavar="NAME", help="May be repeated.")]


def create_application(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    own_id: Annotated[str, typer.Option("--id", help="Default: made from the name.")] = "",
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", exists=True, dir_okay=False, help="A definition in JSON; options add to it."
        ),
    ] = None,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    icon_url: Annotated[str, typer.Option(help="Where its picture is.")] = "",
    instructions: Annotated[str, typer.Option(help="For a language model.")] = "",
    model: Annotated[str, typer.Option(help="Which model answers; default: the server's.")] = "",
    starter: Annotated[
        list[str] | None,
        typer.Option(metavar="QUESTION", help="A question to begin with; may be repeated."),
    ] = None,
    datasource: Names = None,
    document: Names = None,
    container: Names = None,
    publisher: Names = None,
    not_datasource: Names = None,
    not_document: Names = None,
    not_container: Names = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Set up a chat application; names narrow what its answers are written from."""
    from stook.conversation import applications

    given: dict[str, Any] = {
        "description": description,
        "icon_url": icon_url,
        "instructions": instructions,
        "model": model,
        "starters": starter,
        "datasources": datasource,
        "documents": document,
        "containers": container,
        "publishers": publisher,
        "not_datasources": not_datasource,
        "not_documents": not_document,
        "not_containers": not_container,
    }
    values = _from_file(file) | {option: value for option, value in given.items() if value}
    definition = applications.definition_from(values)
    made = with_new_database(data_dir, _create, name, definition, own_id)
    text = f"Application {made.id}: send it as applicationId."
    show(_document(made), text, as_json=as_json)


def _create(
    connection: sa.Connection, name: str, definition: Definition, own_id: str
) -> Application:
    from stook.conversation import applications
    from stook.identity import audit
    from stook.identity.audit import Action

    made = applications.create(connection, name, definition, own_id)
    audit.record(connection, audit.operator(), Action.APPLICATION_MADE, made.id, name=name)
    return made


def list_applications(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List all chat applications."""
    from stook.conversation import applications

    found = with_database(data_dir, applications.list_all)
    rows = [("ID", "NAME", "DATASOURCES", "SINCE")]
    rows += [
        (each.id, each.name, ", ".join(each.definition.datasources), moment(each.created_at))
        for each in found
    ]
    show([_document(each) for each in found], table(rows), as_json=as_json)


def delete_application(
    application_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Delete a chat application; chats that were held in it stay readable."""
    from stook.conversation import applications
    from stook.identity.audit import Action, Deed

    deed = Deed(Action.APPLICATION_REMOVED, application_id)
    with_recorded(data_dir, deed, applications.delete, application_id)
    text = f"Application {application_id} is deleted."
    show({"id": application_id, "deleted": True}, text, as_json=as_json)


def _from_file(path: Path | None) -> dict[str, Any]:
    import json

    from stook.errors import InvalidRequest

    if path is None:
        return {}
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(held, dict):
        raise InvalidRequest(f"{path} holds no JSON object.")
    return held


def _document(application: Application) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "id": application.id,
        "name": application.name,
        **asdict(application.definition),
        "created_at": moment(application.created_at),
    }
