"""``stook user``, ``stook group``, ``stook explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from stook.cli.common import AsJson, DataDir, moment, show, table, with_database

if TYPE_CHECKING:
    import sqlalchemy as sa

    from stook.identity.access import Explanation


def add_user(
    email: str,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Add a person, or let a deactivated one in again."""
    from stook.identity import users

    user = with_database(data_dir, users.add, email, name)
    show({"email": user.email, "name": user.name}, f"{user.email} is a user.", as_json=as_json)


def list_users(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List everybody."""
    from stook.identity import users

    found = with_database(data_dir, users.list_all)
    rows = [("EMAIL", "NAME", "ACTIVE", "SINCE")]
    rows += [
        (user.email, user.name, "yes" if user.active else "no", moment(user.created_at))
        for user in found
    ]
    document = [
        {
            "email": user.email,
            "name": user.name,
            "active": user.active,
            "created_at": moment(user.created_at),
        }
        for user in found
    ]
    show(document, table(rows), as_json=as_json)


def deactivate_user(email: str, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Shut a person out: they see nothing, and their tokens stop working."""
    from stook.identity import users

    with_database(data_dir, users.deactivate, email)
    show({"email": email, "active": False}, f"{email} is deactivated.", as_json=as_json)


def add_group(
    name: str,
    member: Annotated[
        list[str] | None, typer.Option(metavar="EMAIL", help="A member; may be repeated.")
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Add a group, or members to one."""
    members = member or []
    with_database(data_dir, _add_members, name, members)
    document = {"name": name, "added": members}
    show(document, f"Group {name}: {len(members)} added.", as_json=as_json)


def list_groups(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List every group and its direct members."""
    from stook.identity import groups

    found = with_database(data_dir, groups.list_all)
    rows = [("GROUP", "OF", "MEMBERS")]
    rows += [
        (group.name, group.realm or "organisation", ", ".join(group.users + group.groups))
        for group in found
    ]
    document = [
        {
            "name": group.name,
            "realm": group.realm,
            "users": list(group.users),
            "groups": list(group.groups),
        }
        for group in found
    ]
    show(document, table(rows), as_json=as_json)


def explain(
    email: str,
    document: Annotated[str, typer.Argument(help="The document's id, path or URL.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Say why somebody may or may not see a document."""
    found = with_database(data_dir, _explain, email, document)
    verdict = "may see" if found.allowed else "may not see"
    lines = [f"{email} {verdict} {document}:", *(f"- {reason}" for reason in found.reasons)]
    answer = {
        "email": email,
        "document": document,
        "allowed": found.allowed,
        "reasons": list(found.reasons),
    }
    show(answer, "\n".join(lines), as_json=as_json)


def _add_members(connection: sa.Connection, name: str, members: list[str]) -> None:
    from stook.identity import groups

    groups.add(connection, name)
    for member in members:
        groups.add_user(connection, name, member)


def _explain(connection: sa.Connection, email: str, document: str) -> Explanation:
    from stook.identity.access import explain_access
    from stook.identity.principals import Principal
    from stook.identity.users import normalise_email

    return explain_access(connection, Principal(email=normalise_email(email)), document)
