"""Lets in whom an identity provider or a proxy vouches for, and keeps the groups it claims."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from stook.errors import Forbidden, InvalidRequest
from stook.identity import audit, groups, users
from stook.identity.audit import Action, Actor, Deed
from stook.identity.permissions import ORGANISATION
from stook.identity.users import User
from stook.storage.tables import claimed_groups as claimed

MOST_GROUPS = 500
LONGEST_GROUP = 400  # characters
NOT_KNOWN = "{email} is not known here, or was shut out; an administrator can let you in."


def let_in(
    connection: sa.Connection, email: str, name: str, domains: Collection[str], by: str
) -> User:
    """The active person of an address, added at their first coming if of one of the domains.

    Raises Forbidden for everybody else.
    """
    try:
        known = users.find(connection, email)
    except InvalidRequest as error:
        raise Forbidden(NOT_KNOWN.format(email="This person")) from error
    if known is None and email.lower().rpartition("@")[2] in domains:
        known = users.add(connection, email, name)
        audit.record(connection, Actor(by), Action.PERSON_ADDED, known.email, name=known.name)
    if known is None or not known.active:
        raise Forbidden(NOT_KNOWN.format(email=email))
    return known


def keep_groups(connection: sa.Connection, email: str, names: Collection[str], by: str) -> None:
    """Make a person a member of the groups that are claimed for them, and of no others that were.

    Memberships that come from elsewhere stay.
    """
    wanted = {name for name in map(str.strip, names) if 0 < len(name) <= LONGEST_GROUP}
    wanted = set(sorted(wanted)[:MOST_GROUPS])
    own = claimed.c.user_email == email
    before = set(connection.scalars(sa.select(claimed.c.group_name).where(own)))
    deeds = []
    for name in sorted(before - wanted):
        groups.remove_members(connection, ORGANISATION, name, [("user", email)])
        deeds.append(Deed(Action.MEMBER_REMOVED, name, {"kind": "user", "member": email}))
    gone = claimed.c.group_name.in_(before - wanted)
    connection.execute(sa.delete(claimed).where(own, gone))
    for name in sorted(wanted - before):
        groups.add(connection, name)
        groups.add_user(connection, name, email)
        deeds.append(Deed(Action.MEMBER_ADDED, name, {"kind": "user", "member": email}))
    if fresh := [{"user_email": email, "group_name": name} for name in sorted(wanted - before)]:
        connection.execute(sa.insert(claimed), fresh)
    audit.record_all(connection, Actor(by), deeds)
