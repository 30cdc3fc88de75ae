"""``stook document`` and ``stook datasource``: what is stored, and its removal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stook.cli.common import (
    AsJson,
    DataDir,
    Yes,
    confirm,
    moment,
    run,
    settings_where_there_is_something,
    show,
    table,
    with_database,
)

if TYPE_CHECKING:
    from stook.application.administration.documents import Inspected
    from stook.identity.permissions import Permissions
    from stook.knowledge.store.administration import Entry

OfDatasource = Annotated[str, typer.Option(metavar="NAME", help="Only of this datasource.")]
Below = Annotated[
    str, typer.Option("--below", metavar="PLACE", help="All in a directory, or below an address.")
]


def list_documents(
    datasource: OfDatasource = "",
    below: Below = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many.")] = 1000,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """List documents, whoever may see them."""
    from stook.knowledge.store import administration

    found = with_database(
        data_dir, administration.entries, below=_place(below), datasource=datasource
    )
    rows = [("ID", "DATASOURCE", "NAME", "TITLE", "STORED")]
    rows += [
        (one.id, one.datasource, one.external_id, one.title, moment(one.stored_at))
        for one in found[:limit]
    ]
    more = f"\n… and {len(found) - limit} more; see --limit." if len(found) > limit else ""
    show([_listed(one) for one in found[:limit]], table(rows) + more, as_json=as_json)


def show_document(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its id, path or URL.")],
    datasource: OfDatasource = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show what is known of a document, and who may see it."""
    from stook.application.administration.documents import inspect

    [entry] = _meant(data_dir, (name,), datasource)
    found = with_database(data_dir, inspect, entry.id)
    document = _shown(found)
    lines = [f"{key.replace('_', ' ')}: {_plain(key, value)}" for key, value in document.items()]
    show(document, "\n".join(lines), as_json=as_json)


def remove_documents(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME...", help="Ids, paths or URLs.")
    ] = None,
    below: Below = "",
    datasource: OfDatasource = "",
    yes: Yes = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Remove documents from the answers and the index; files stay where they are.

    A file that is still there comes back when its directory is indexed again.
    """
    from stook.errors import InvalidRequest
    from stook.knowledge.store import administration

    settings = settings_where_there_is_something(data_dir)
    if bool(names) == bool(below):
        raise InvalidRequest("Say what to remove: either NAMEs, or --below PLACE.")
    if names:
        found = _meant(data_dir, tuple(names), datasource)
    else:
        found = with_database(
            data_dir, administration.entries, below=_place(below), datasource=datasource
        )
    if not found:
        raise _no_document(below)
    confirm(f"Remove {_some(found)}?", yes=yes)
    from stook.cli import removing

    removed = run(removing.remove_documents(settings, [one.id for one in found]), settings)
    document = {"removed": removed, "documents": [_listed(one) for one in found]}
    show(document, f"{removed} document{'s' * (removed != 1)} removed.", as_json=as_json)


def list_datasources(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List datasources, and how much is in each."""
    from stook.knowledge.store import administration

    found = with_database(data_dir, administration.list_datasources)
    rows = [("NAME", "SHOWN AS", "DOCUMENTS", "GROUPS", "SINCE")]
    rows += [
        (one.name, one.display_name, str(one.documents), str(one.groups), moment(one.created_at))
        for one in found
    ]
    document = [
        {
            "name": one.name,
            "display_name": one.display_name,
            "documents": one.documents,
            "groups": one.groups,
            "created_at": moment(one.created_at),
        }
        for one in found
    ]
    show(document, table(rows), as_json=as_json)


def remove_datasource(
    name: str, yes: Yes = False, as_json: AsJson = False, data_dir: DataDir = None
) -> None:
    """Remove a datasource with its documents, its groups, and what was said of it."""
    from stook.knowledge.store import administration

    settings = settings_where_there_is_something(data_dir)
    held = with_database(data_dir, administration.ids_of, name)
    confirm(f"Remove the datasource {name} with {len(held)} documents?", yes=yes)
    from stook.cli import removing

    removed = run(removing.remove_datasource(settings, name), settings)
    text = f"The datasource {name} and {removed} documents are removed."
    show({"name": name, "removed": True, "documents": removed}, text, as_json=as_json)


def _meant(data_dir: Path | None, names: tuple[str, ...], datasource: str) -> list[Entry]:
    """The one document of each name; raises NotFound, and InvalidRequest where there are more."""
    from stook.errors import InvalidRequest
    from stook.knowledge.store import administration

    found: dict[str, Entry] = {}
    for name in names:
        forms = {name, _place(name)}
        of_name = with_database(data_dir, administration.entries, forms, datasource=datasource)
        if not of_name:
            raise _no_document(name)
        if len(of_name) > 1:
            ids = ", ".join(f"{one.id} of {one.datasource}" for one in of_name[:10])
            raise InvalidRequest(f"{name} names {ids}; give the id, or --datasource.")
        found[of_name[0].id] = of_name[0]
    return list(found.values())


def _no_document(name: str) -> Exception:
    from stook.errors import NotFound

    return NotFound(f"There is no document {name}; `stook document list` shows them all.")


def _place(name: str) -> str:
    """A path of this machine as documents carry it, whether it is still there or not."""
    return str(Path(name).expanduser().resolve()) if name and "://" not in name else name


def _some(found: list[Entry]) -> str:
    if len(found) == 1:
        return f"{found[0].external_id} of {found[0].datasource}"
    return f"{len(found)} documents, the first of them {found[0].external_id}"


def _listed(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "datasource": entry.datasource,
        "name": entry.external_id,
        "title": entry.title,
        "url": entry.url,
        "path": entry.path or None,
        "stored_at": moment(entry.stored_at),
    }


def _shown(found: Inspected) -> dict[str, Any]:
    details, reading = found.details, found.reading
    return _listed(details.entry) | {
        "mime_type": details.mime_type,
        "author": details.author or None,
        "version": details.version,
        "passages": details.passages,
        "places": len(reading.places),
        "notes": list(reading.notes),
        "searchable": details.is_searchable,
        "readers": _readers(details.permissions),
    }


def _readers(permissions: Permissions) -> list[str]:
    """Who may see a document, as ``--allow`` says it; groups of a clause are joined by ``+``."""
    everyone = ["everyone"] if permissions.everyone else []
    members = [f"members of {permissions.realm}"] if permissions.realm_members else []
    users = [f"user:{user.name}" for user in sorted(permissions.users)]
    clauses = sorted(
        "+".join(f"group:{group.name}" for group in sorted(clause))
        for clause in permissions.clauses
    )
    return everyone + members + users + clauses


def _plain(key: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or ("nobody" if key == "readers" else "none")
    return "" if value is None else str(value)
