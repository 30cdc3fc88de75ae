"""Who may see which document.

``visible_to`` is the only place that builds this predicate; everything that reads documents for
somebody starts from it. It resolves identities, nested groups and permission clauses inside the
database at the moment of the question, so that a change of rights holds from the next answer on.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import sqlalchemy as sa

from stook.identity import explanation
from stook.identity.names import spellings
from stook.identity.principals import Viewer
from stook.storage.tables import (
    access_set_groups,
    access_set_users,
    access_sets,
    beta_users,
    documents,
    group_members,
    realm_users,
    test_datasources,
    users,
)
from stook.storage.text import is_storable

STATEMENTS_KEPT = 256
MOST_EXPLAINED = 100  # documents of one name
TARGET_COLUMNS = ("id", "datasource", "url", "access_set_id", "withdrawn_at")
ATTACHED = "_chat_files"  # the datasource of files that people attach to their questions
AccessSets = sa.Select[tuple[int]] | sa.CompoundSelect[tuple[int]]
_FOR_EVERYONE = sa.select(access_sets.c.id).where(access_sets.c.everyone)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether somebody may see a document, and every reason in plain sentences."""

    document_id: str
    datasource: str
    url: str
    allowed: bool
    reasons: tuple[str, ...]


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The predicate over ``documents``: not withdrawn, and this viewer may see it.

    A test datasource is hidden from all but its beta users, and an attached file from all
    requests but those that refer to it.

    It filters what other conditions find; it never leads: the sum keeps SQLite from walking
    through everything that the person may see in order to look up a few documents by id.
    """
    return sa.and_(
        documents.c.withdrawn_at.is_(None),
        (documents.c.access_set_id + 0).in_(visible_access_sets(viewer)),
        documents.c.datasource.not_in(_hidden_datasources(viewer)),
        _is_no_attachment_of_others(viewer),
    )


def _is_no_attachment_of_others(viewer: Viewer) -> sa.ColumnElement[bool]:
    ordinary = documents.c.datasource != ATTACHED
    if not viewer.attachments:
        return ordinary
    return sa.or_(ordinary, documents.c.id.in_(viewer.attachments))


def _hidden_datasources(viewer: Viewer) -> sa.Select[tuple[str]]:
    beta, tested = beta_users.c, test_datasources.c.datasource
    is_beta = sa.exists().where(beta.datasource == tested, beta.email == (viewer.email or ""))
    if viewer.sees_all:
        return sa.select(tested).where(sa.false())
    return sa.select(tested).where(~is_beta)


def visible_access_sets(viewer: Viewer) -> AccessSets:
    """The numbers of the access sets whose documents this viewer may see."""
    if viewer.sees_all:
        return sa.select(access_sets.c.id)
    if viewer.email is None:
        return _FOR_EVERYONE
    return _visible_to_person(viewer.email)


def other_access_sets(c: sa.Connection, visible: frozenset[int]) -> frozenset[int]:
    """The numbers of all access sets but these, for who sees so many that these are fewer."""
    return frozenset(c.scalars(sa.select(access_sets.c.id))) - visible


@functools.lru_cache(maxsize=STATEMENTS_KEPT)
def _visible_to_person(email: str) -> AccessSets:
    """A statement, not its result: building it costs as much as running it."""
    identities = _identities(email)
    memberships = _memberships(identities)
    return sa.union(
        _FOR_EVERYONE.where(sa.exists().select_from(identities)),
        _sets_for_realms(identities),
        _sets_naming(identities),
        _sets_with_met_clause(memberships),
    )


def _identities(email: str) -> sa.CTE:
    """(realm, ref) pairs by which permissions and groups may mean this person.

    There is none, and so nothing is visible, where the person is unknown or deactivated. In the
    realm of a datasource the person is meant by that realm's id or by e-mail address; a name
    that is also the id or the address of somebody else there means neither.
    """
    own = sa.select(sa.literal("").label("realm"), users.c.email.label("ref")).where(
        users.c.email == email, users.c.active
    )
    account, other = realm_users.alias("account"), realm_users.alias("other")
    held = sa.select(account.c.realm).where(
        account.c.email == email, account.c.active, sa.exists(own)
    )
    same_realm = sa.and_(other.c.realm == account.c.realm, other.c.email != email)
    address_of_other = sa.exists().where(same_realm, other.c.email == account.c.user_ref)
    id_of_other = sa.exists().where(same_realm, other.c.user_ref == account.c.email)
    by_id = held.add_columns(account.c.user_ref).where(~address_of_other)
    by_email = held.add_columns(account.c.email).where(~id_of_other)
    return own.union(by_id, by_email).cte("identities")


def _memberships(identities: sa.CTE) -> sa.CTE:
    """(realm, name) of every group the person is in, directly or through other groups."""
    member = group_members.c
    direct = sa.select(member.realm, member.group_name.label("name")).where(
        member.member_kind == "user", _is_any(identities, member.realm, member.member_ref)
    )
    found = direct.cte("memberships", recursive=True)
    nested = sa.select(member.realm, member.group_name).where(
        member.member_kind == "group",
        member.realm == found.c.realm,
        member.member_ref == found.c.name,
    )
    return found.union(nested)


def _sets_for_realms(identities: sa.CTE) -> sa.Select[tuple[int]]:
    realms = sa.select(identities.c.realm)
    return sa.select(access_sets.c.id).where(
        access_sets.c.realm_members, access_sets.c.realm.in_(realms)
    )


def _sets_naming(identities: sa.CTE) -> sa.Select[tuple[int]]:
    named = access_set_users.c
    return sa.select(named.access_set_id).where(_is_any(identities, named.realm, named.user_ref))


def _sets_with_met_clause(memberships: sa.CTE) -> sa.Select[tuple[int]]:
    """A clause is met when the person is in as many of its groups as it has.

    The count begins with groups that the person is in, so that a clause without groups, if
    there could be one, is never met.
    """
    required, every = access_set_groups.c, access_set_groups.alias("every").c
    size = (
        sa.select(sa.func.count())
        .where(every.access_set_id == required.access_set_id, every.clause == required.clause)
        .scalar_subquery()
    )
    return (
        sa.select(required.access_set_id)
        .where(_is_any(memberships, required.realm, required.group_name))
        .group_by(required.access_set_id, required.clause)
        .having(sa.func.count() == size)
    )


def _is_any(
    names: sa.CTE, realm: sa.ColumnElement[str], name: sa.ColumnElement[str]
) -> sa.ColumnElement[bool]:
    return sa.tuple_(realm, name).in_(sa.select(names))


def explain_access(
    connection: sa.Connection, viewer: Viewer, name: str, datasource: str = ""
) -> tuple[Explanation, ...]:
    """Why this viewer may or may not see each document of a name; none if there is none.

    A name is an id, an address, a path or the source's own id; several datasources may use one.
    Whether is decided by ``visible_to`` alone; the reasons retrace how. They name people and
    groups: show them to administrators only.
    """
    targets = _find_documents(connection, name, datasource)
    return tuple(_explained(connection, viewer, target) for target in targets)


def _explained(connection: sa.Connection, viewer: Viewer, found: explanation.Target) -> Explanation:
    query = sa.select(documents.c.id).where(documents.c.id == found.document_id, visible_to(viewer))
    allowed = connection.execute(query).first() is not None
    reasons = explanation.reasons(connection, viewer, found)
    if connection.scalar(_hidden_datasources(viewer).where(_is_of(found.document_id))):
        reasons += ("Its datasource is a test datasource, which only beta users see.",)
    return Explanation(found.document_id, found.datasource, found.url, allowed, reasons)


def _is_of(document_id: str) -> sa.ColumnElement[bool]:
    """Whether a test datasource is the one of a document."""
    return sa.exists().where(
        documents.c.id == document_id, documents.c.datasource == test_datasources.c.datasource
    )


def _find_documents(
    connection: sa.Connection, name: str, datasource: str
) -> list[explanation.Target]:
    """By id alone, else by any other name; withdrawn ones where there are no others."""
    if not is_storable(name):
        return []
    columns, names = documents.c, spellings(name)
    query = sa.select(*(columns[field] for field in TARGET_COLUMNS)).order_by(columns.id)
    if datasource:
        query = query.where(columns.datasource == datasource)
    named = sa.or_(columns.url.in_(names), columns.external_id.in_(names))
    rows = connection.execute(query.where(columns.id == name)).all()
    rows = rows or connection.execute(query.where(named).limit(MOST_EXPLAINED)).all()
    live = [row for row in rows if row.withdrawn_at is None]
    return [explanation.Target(*row) for row in live or rows]
