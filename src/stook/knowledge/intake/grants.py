"""What pushed grants mean in Stook's permissions."""

from __future__ import annotations

from collections.abc import Iterable

from stook.identity.permissions import Permissions, Subject
from stook.knowledge.intake.definitions import Datasource, Grants, PersonRef


def permissions_of(grants: Grants, datasource: Datasource) -> Permissions:
    """The permissions that a document of this datasource gets.

    A name that the datasource's realm does not know matches nobody. So does an empty one: it
    is kept, because leaving it out of an intersection would widen that.
    """
    realm = datasource.realm
    named = (_user(person, datasource.by_email) for person in grants.users)
    single = [_clause(realm, [group]) for group in grants.groups]
    joint = [_clause(realm, groups) for groups in grants.intersections]
    return Permissions(
        realm=realm,
        everyone=grants.everyone,
        realm_members=grants.datasource_users,
        users=frozenset(Subject(realm, name) for name in named if name),
        clauses=frozenset([*single, *joint]),
    )


def user_ref(name: str) -> str:
    """How a user's id is stored and compared: those that look like addresses in lower case."""
    plain = name.strip()
    return plain.lower() if "@" in plain else plain


def _user(person: PersonRef, by_email: bool) -> str:
    """The name that the datasource goes by, or the other where that one is missing."""
    names = (person.email, person.user_id) if by_email else (person.user_id, person.email)
    return user_ref(names[0] or names[1])


def _clause(realm: str, groups: Iterable[str]) -> frozenset[Subject]:
    return frozenset(Subject(realm, group) for group in groups)
