"""What a permission definition says, and how it is interned as an access set."""

from __future__ import annotations

from dataclasses import dataclass

ORGANISATION = ""  # the realm of the organisation's own users and groups


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A user or a group, named within a realm (users of the organisation by e-mail address)."""

    realm: str
    name: str


@dataclass(frozen=True, slots=True)
class Permissions:
    """Access is given to whoever meets any one of these; the default gives it to nobody.

    ``clauses`` are sets of groups: a member of every group of one clause has access.
    ``realm_members`` gives it to all active users of ``realm``.
    """

    realm: str = ORGANISATION
    everyone: bool = False
    realm_members: bool = False
    users: frozenset[Subject] = frozenset()
    clauses: frozenset[frozenset[Subject]] = frozenset()


EVERYONE_MAY_READ = Permissions(everyone=True)
