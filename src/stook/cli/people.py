"""``stook user``, ``stook group``, ``stook explain``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stook.cli.common import (
    LOCAL,
    AsJson,
    DataDir,
    Yes,
    confirm,
    moment,
    say,
    show,
    sign_in_link,
    table,
    with_database,
    with_new_database,
    with_recorded,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from stook.identity.access import Explanation
    from stook.identity.users import User

NO, UNKNOWN = 3, 4  # exit codes: 1 and 2 say that the command failed


def add_user(
    email: str,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    administrator: Annotated[
        bool, typer.Option("--administrator", help="They look after the server, too.")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Add a person, or let a deactivated one in again."""
    user = with_new_database(data_dir, _add_user, email, name, administrator)
    show({"email": user.email, "name": user.name}, f"{user.email} is a user.", as_json=as_json)


def _add_user(connection: sa.Connection, email: str, name: str, administrator: bool) -> User:
    from stook.identity import administrators, audit, users
    from stook.identity.audit import Action

    user, actor = users.add(connection, email, name), audit.operator()
    audit.record(connection, actor, Action.PERSON_ADDED, user.email, name=user.name)
    if administrator:
        administrators.appoint(connection, email)
        audit.record(connection, actor, Action.APPOINTED, user.email)
    return user


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


def make_link(
    email: str,
    url: Annotated[str, typer.Option(help="Where people find the server.")] = LOCAL,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Print a link that signs a person in at the page, once, within an hour."""
    from stook.identity import browser_sessions
    from stook.identity.audit import Action, Deed

    deed = Deed(Action.LINK_MADE, email)
    secret = with_recorded(data_dir, deed, browser_sessions.make_link, email)
    link = sign_in_link(url, secret)
    show({"email": email, "link": link}, link, as_json=as_json)


def deactivate_user(email: str, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Shut a person out: they see nothing, and their tokens stop working."""
    from stook.identity import users
    from stook.identity.audit import Action, Deed

    deed = Deed(Action.PERSON_DEACTIVATED, email)
    with_recorded(data_dir, deed, users.deactivate, email)
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
    with_new_database(data_dir, _add_members, name, members)
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


def remove_group(
    name: str,
    member: Annotated[
        list[str] | None,
        typer.Option(metavar="WHO", help="Only this member, EMAIL or group:NAME; may be repeated."),
    ] = None,
    realm: Annotated[
        str, typer.Option(metavar="DATASOURCE", help="Whose group; default: the organisation's.")
    ] = "",
    yes: Yes = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Remove a group, or members from it."""
    from stook.identity import groups
    from stook.identity.audit import Action, Deed

    group, naming = with_database(data_dir, _group_and_use, name, realm)
    if member:
        with_database(data_dir, _remove_members, realm, group, member)
        text = f"Group {group}: {len(member)} removed."
        show({"name": group, "removed": member}, text, as_json=as_json)
        return
    confirm(f"Remove the group {group}? {naming} documents name it.", yes=yes)
    deed = Deed(Action.GROUP_REMOVED, group, {"realm": realm})
    with_recorded(data_dir, deed, groups.remove, realm, [group])
    show({"name": group, "removed": True}, f"Group {group} is removed.", as_json=as_json)


def explain(
    email: str,
    document: Annotated[str, typer.Argument(help="The document's id, path or URL.")],
    datasource: Annotated[
        str, typer.Option(metavar="NAME", help="Of which datasource, where several have it.")
    ] = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Say why somebody may or may not see a document.

    Exit code 0: yes; 3: no; 4: not to be told, as the person or the document is unknown, or
    several documents have the name and differ.
    """
    told = with_database(data_dir, _explain, email, document, datasource)
    answer = _verdict([one.allowed for one in told])
    show(
        {
            "email": email,
            "document": document,
            "answer": answer,
            "allowed": {"yes": True, "no": False}.get(answer),
            "reasons": [reason for one in told for reason in one.reasons],
            "documents": [asdict(one) for one in told],
        },
        "\n\n".join(_told(email, document, one) for one in told),
        as_json=as_json,
    )
    if answer == "differs":
        say("stook: the documents of this name differ; name one by its id or with --datasource.")
    if answer != "yes":
        raise typer.Exit(NO if answer == "no" else UNKNOWN)


def _verdict(allowed: Sequence[bool]) -> str:
    if not allowed:
        return "unknown"
    if all(allowed):
        return "yes"
    return "differs" if any(allowed) else "no"


def _told(email: str, document: str, one: Explanation) -> str:
    verdict = "may see" if one.allowed else "may not see"
    head = f"{email} {verdict} {document} of {one.datasource} ({one.document_id}):"
    return "\n".join([head, *(f"- {reason}" for reason in one.reasons)])


def _add_members(connection: sa.Connection, name: str, members: list[str]) -> None:
    from stook.identity import audit, groups
    from stook.identity.audit import Action, Deed
    from stook.identity.names import known_as
    from stook.identity.permissions import ORGANISATION

    name = known_as(name, groups.names(connection, ORGANISATION)) or name
    groups.add(connection, name)
    deeds = [] if members else [Deed(Action.GROUP_ADDED, name)]
    for member in members:
        groups.add_user(connection, name, member)
        deeds.append(Deed(Action.MEMBER_ADDED, name, {"kind": "user", "member": member}))
    audit.record_all(connection, audit.operator(), deeds)


def _group_and_use(connection: sa.Connection, name: str, realm: str) -> tuple[str, int]:
    """The group as it is stored, and how many documents name it; raises NotFound."""
    from stook.errors import NotFound
    from stook.identity import groups
    from stook.identity.names import known_as
    from stook.knowledge.store import administration

    group = known_as(name, groups.names(connection, realm))
    if group is None:
        of = f" of {realm}" if realm else ""
        raise NotFound(f"There is no group {name}{of}; `stook group list` shows them all.")
    return group, administration.count_naming(connection, realm, group)


def _remove_members(
    connection: sa.Connection, realm: str, group: str, members: Sequence[str]
) -> None:
    """Raises NotFound, and removes nobody, where one is no member."""
    from stook.errors import NotFound
    from stook.identity import audit, groups
    from stook.identity.audit import Action, Deed
    from stook.identity.names import known_as
    from stook.knowledge.ingestion import standing_access

    standing_access.refuse_named_elsewhere(connection, realm, group)
    held = groups.members(connection, realm, group)
    gone = []
    for member in members:
        kind, ref = ("group", member[6:]) if member.startswith("group:") else ("user", member)
        known = known_as(ref, [name for of_kind, name in held if of_kind == kind])
        if known is None:
            raise NotFound(f"{member} is no direct member of {group}; see `stook group list`.")
        gone.append((kind, known))
    groups.remove_members(connection, realm, group, gone)
    deeds = [
        Deed(Action.MEMBER_REMOVED, group, {"realm": realm, "kind": kind, "member": name})
        for kind, name in gone
    ]
    audit.record_all(connection, audit.operator(), deeds)


def _explain(
    connection: sa.Connection, email: str, document: str, datasource: str
) -> tuple[Explanation, ...]:
    """Of every document of that name, or of the file at that path; empty where one is unknown."""
    from stook.identity import users
    from stook.identity.access import explain_access
    from stook.identity.principals import Principal

    principal = Principal(email=users.normalise_email(email))
    told = explain_access(connection, principal, document, datasource)
    if not told and Path(document).exists():
        told = explain_access(connection, principal, str(Path(document).resolve()), datasource)
    if not told:
        say(f"stook: There is no document {document}; `stook document list` shows them all.")
    elif users.find(connection, email) is None:
        say(f"stook: There is no user {email}; `stook user list` shows them all.")
        return ()
    return told
