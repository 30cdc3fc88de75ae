"""The kinds of bulk uploads: what each replaces, and how what it lacks is removed."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from stook.identity import groups, realms
from stook.knowledge.intake import documents, events, identities, people, shortcuts, teams, uploads
from stook.knowledge.intake.uploads import Kind
from stook.storage import locks

Refs = Collection[str]


def remove_due(connection: sa.Connection) -> list[str]:
    """Removals whose time has come, and events that are too old; gives what is to be indexed."""
    locks.hold(connection, "removals that are due")
    events.prune(connection)
    return uploads.remove_due(connection, KINDS)


def _remove_documents(
    connection: sa.Connection, datasource: str, subject: str, refs: Refs
) -> list[str]:
    return documents.withdraw(connection, refs)


def _remove_users(
    connection: sa.Connection, datasource: str, subject: str, refs: Refs
) -> list[str]:
    identities.remove_users(connection, datasource, refs)
    return []


def _remove_groups(
    connection: sa.Connection, datasource: str, subject: str, refs: Refs
) -> list[str]:
    groups.remove(connection, datasource, refs)
    return []


def _remove_members(
    connection: sa.Connection, datasource: str, subject: str, refs: Refs
) -> list[str]:
    groups.remove_members(connection, datasource, subject, list(map(identities.member_of, refs)))
    return []


def _remove_people(
    connection: sa.Connection, datasource: str, subject: str, refs: Refs
) -> list[str]:
    people.remove(connection, refs)
    return []


def _remove_teams(
    connection: sa.Connection, datasource: str, subject: str, refs: Refs
) -> list[str]:
    teams.remove(connection, refs)
    return []


DOCUMENTS = Kind(
    "documents", lambda connection, name, _: documents.live(connection, name), _remove_documents
)
USERS = Kind(
    "users",
    lambda connection, name, _: [each.user_ref for each in realms.list_all(connection, name)],
    _remove_users,
)
GROUPS = Kind("groups", lambda connection, name, _: groups.names(connection, name), _remove_groups)
MEMBERSHIPS = Kind(
    "memberships",
    lambda connection, name, group: [
        identities.ref_of(each) for each in groups.members(connection, name, group)
    ],
    _remove_members,
    guarded=False,
)
EMPLOYEES = Kind("employees", lambda connection, *_: people.current(connection), _remove_people)
TEAMS = Kind("teams", lambda connection, *_: teams.ids(connection), _remove_teams)
SHORTCUTS = Kind(
    "shortcuts",
    lambda connection, *_: shortcuts.aliases(connection, external=False),
    lambda connection, _, __, refs: shortcuts.remove(connection, refs, external=False),
    guarded=False,
)
EXTERNAL_SHORTCUTS = Kind(
    "external shortcuts",
    lambda connection, *_: shortcuts.aliases(connection, external=True),
    lambda connection, _, __, refs: shortcuts.remove(connection, refs, external=True),
    guarded=False,
)
KINDS = (
    DOCUMENTS,
    USERS,
    GROUPS,
    MEMBERSHIPS,
    EMPLOYEES,
    TEAMS,
    SHORTCUTS,
    EXTERNAL_SHORTCUTS,
)
