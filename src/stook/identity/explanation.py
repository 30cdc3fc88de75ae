"""The reasons behind a decision of ``access``, in plain sentences.

This retraces in Python, step by step, what the predicate ``visible_to`` decides in one query;
a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from stook.identity import memberships, permissions, users
from stook.identity.memberships import Chain
from stook.identity.permissions import ORGANISATION, Permissions, Subject
from stook.identity.principals import Viewer

NAMES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Target:
    """What decides about a document."""

    document_id: str
    datasource: str
    url: str
    access_set_id: int
    withdrawn_at: int | None


def reasons(connection: sa.Connection, viewer: Viewer, document: Target) -> tuple[str, ...]:
    """Every reason why a document is or is not visible."""
    if document.withdrawn_at is not None:
        return ("The document was withdrawn: nobody may see it.",)
    granted = permissions.load(connection, document.access_set_id)
    if viewer.email is None:
        return _for_nobody(granted)
    user = users.find(connection, viewer.email)
    if user is None:
        return (f"There is no user {viewer.email}.",)
    if not user.active:
        return (f"The user {user.email} is deactivated, and sees nothing.",)
    identities = memberships.identities(connection, user.email)
    chains = memberships.chains(connection, identities)
    return _grants(user.email, granted, identities, chains) or _refusal(user.email, granted, chains)


def _for_nobody(granted: Permissions) -> tuple[str, ...]:
    if granted.everyone:
        return ("Everyone may see the document.",)
    return ("Nobody is named who asks, and not everyone may see the document.",)


def _grants(
    email: str,
    granted: Permissions,
    identities: frozenset[Subject],
    chains: dict[Subject, Chain],
) -> tuple[str, ...]:
    found: list[str] = []
    if granted.everyone:
        found.append("Everyone may see the document.")
    if granted.realm_members and any(own.realm == granted.realm for own in identities):
        found.append(f"Every active user of {_realm(granted.realm)} may, and {email} is one.")
    found += [
        f"The document's permissions name {_subject(own)}, who is {email}."
        for own in sorted(granted.users & identities)
    ]
    found += [
        f"{_members_of(clause)} may: {_held(email, clause, chains)}."
        for clause in sorted(granted.clauses, key=sorted)
        if clause and clause <= chains.keys()
    ]
    return tuple(found)


def _refusal(email: str, granted: Permissions, chains: dict[Subject, Chain]) -> tuple[str, ...]:
    found = [f"Nothing gives {email} access."]
    if granted.realm_members:
        found.append(f"Every active user of {_realm(granted.realm)} may; {email} is none.")
    for clause in sorted(granted.clauses, key=sorted):
        held = clause & chains.keys()
        but = f"; {_held(email, held, chains)}" if held else ""
        found.append(f"{_members_of(clause)} may{but}.")
    if granted.users:
        found.append(f"Named in person: {_listed(granted.users)}.")
    if not (granted.realm_members or granted.clauses or granted.users):
        found.append("The document's permissions give access to nobody.")
    return tuple(found)


def _members_of(clause: Iterable[Subject]) -> str:
    names = [_group(group) for group in sorted(clause)]
    if len(names) == 1:
        return f"Members of the group {names[0]}"
    return f"Those who are members of all of the groups {', '.join(names)}"


def _held(email: str, clause: Iterable[Subject], chains: dict[Subject, Chain]) -> str:
    parts = [f"in {' through '.join(map(_group, chains[group]))}" for group in sorted(clause)]
    return f"{email} is {' and '.join(parts)}"


def _listed(subjects: Iterable[Subject]) -> str:
    names = [_subject(subject) for subject in sorted(subjects)]
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _subject(subject: Subject) -> str:
    if subject.realm == ORGANISATION:
        return subject.name
    return f"{subject.name} of {_realm(subject.realm)}"


def _group(group: Subject) -> str:
    return group.name if group.realm == ORGANISATION else f"{group.name} ({group.realm})"


def _realm(realm: str) -> str:
    return "the organisation" if realm == ORGANISATION else f"the realm {realm}"
