"""Who may see which document.

``visible_to`` is the only place that builds this predicate; everything that reads documents for
somebody starts from it. It resolves identities, nested groups and permission clauses inside the
database at the moment of the question, so that a change of rights holds from the next answer on.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from stook.identity import explanation
from stook.identity.principals import Principal
from stook.storage.tables import (
    access_set_groups,
    access_set_users,
    access_sets,
    documents,
    group_members,
    realm_users,
    users,
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether somebody may see a document, and every reason in plain sentences."""

    allowed: bool
    reasons: tuple[str, ...]


def visible_to(principal: Principal) -> sa.ColumnElement[bool]:
    """The predicate over ``documents``: not withdrawn, and this principal may see it."""
    return sa.and_(
        documents.c.withdrawn_at.is_(None),
        documents.c.access_set_id.in_(visible_access_sets(principal)),
    )


def visible_access_sets(principal: Principal) -> sa.Select[tuple[int]]:
    """The numbers of the access sets whose documents this principal may see."""
    if principal.email is None:
        return sa.select(access_sets.c.id).where(access_sets.c.everyone)
    identities = _identities(principal.email)
    memberships = _memberships(identities)
    grants = sa.or_(
        access_sets.c.everyone,
        sa.and_(
            access_sets.c.realm_members, access_sets.c.realm.in_(sa.select(identities.c.realm))
        ),
        access_sets.c.id.in_(_sets_naming(identities)),
        access_sets.c.id.in_(_sets_with_met_clause(memberships)),
    )
    return sa.select(access_sets.c.id).where(grants, _is_active(principal.email))


def _is_active(email: str) -> sa.ColumnElement[bool]:
    return sa.exists().where(users.c.email == email, users.c.active)


def _identities(email: str) -> sa.CTE:
    """(realm, ref) pairs under which permissions and groups may name this person."""
    own = sa.select(sa.literal("").label("realm"), sa.literal(email).label("ref"))
    active = (realm_users.c.email == email, realm_users.c.active)
    by_id = sa.select(realm_users.c.realm, realm_users.c.user_ref).where(*active)
    by_email = sa.select(realm_users.c.realm, realm_users.c.email).where(*active)
    return own.union(by_id, by_email).cte("identities")


def _memberships(identities: sa.CTE) -> sa.CTE:
    """(realm, name) of every group the person is in, directly or through other groups."""
    member = group_members.c
    direct = sa.select(member.realm, member.group_name.label("name")).where(
        member.member_kind == "user",
        sa.exists().where(
            identities.c.realm == member.realm, identities.c.ref == member.member_ref
        ),
    )
    found = direct.cte("memberships", recursive=True)
    nested = sa.select(member.realm, member.group_name).where(
        member.member_kind == "group",
        member.realm == found.c.realm,
        member.member_ref == found.c.name,
    )
    return found.union(nested)


def _sets_naming(identities: sa.CTE) -> sa.Select[tuple[int]]:
    named = access_set_users.c
    return sa.select(named.access_set_id).where(
        named.realm == identities.c.realm, named.user_ref == identities.c.ref
    )


def _sets_with_met_clause(memberships: sa.CTE) -> sa.Select[tuple[int]]:
    required = access_set_groups.c
    held = sa.and_(memberships.c.realm == required.realm, memberships.c.name == required.group_name)
    return (
        sa.select(required.access_set_id)
        .select_from(access_set_groups.outerjoin(memberships, held))
        .group_by(required.access_set_id, required.clause)
        .having(sa.func.count() == sa.func.count(memberships.c.name))
    )


def explain_access(
    connection: sa.Connection, principal: Principal, document_id_or_url: str
) -> Explanation:
    """Why this principal may or may not see a document.

    Whether is decided by ``visible_to`` alone; the reasons retrace how. They name people and
    groups: show them to administrators only.
    """
    found = _find_document(connection, document_id_or_url)
    if found is None:
        return Explanation(False, (f"There is no document {document_id_or_url}.",))
    query = sa.select(documents.c.id).where(
        documents.c.id == found.document_id, visible_to(principal)
    )
    allowed = connection.execute(query).first() is not None
    return Explanation(allowed, explanation.reasons(connection, principal, found))


def _find_document(connection: sa.Connection, name: str) -> explanation.Target | None:
    """By id, else by URL, else by the source's own id; one that is not withdrawn comes first."""
    columns = documents.c
    tier = sa.case((columns.id == name, 0), (columns.url == name, 1), else_=2)
    row = connection.execute(
        sa.select(columns.id, columns.access_set_id, columns.withdrawn_at)
        .where(sa.or_(columns.id == name, columns.url == name, columns.external_id == name))
        .order_by(tier, columns.withdrawn_at.is_not(None), columns.id)
        .limit(1)
    ).one_or_none()
    return explanation.Target(*row) if row else None
