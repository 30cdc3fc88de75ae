"""The permission model in plain Python, written from its description and not from the queries."""

from __future__ import annotations

from dataclasses import dataclass, field

from stook.identity.permissions import ORGANISATION, Permissions, Subject


@dataclass(frozen=True)
class Account:
    """A user of a datasource's realm."""

    realm: str
    ref: str
    email: str
    active: bool


@dataclass(frozen=True)
class World:
    """Everything that decides who may see what."""

    users: dict[str, bool]  # address: active
    accounts: list[Account]
    members: set[tuple[str, str, str, str]]  # realm, group, "user" or "group", member
    documents: dict[str, tuple[Permissions, bool]] = field(default_factory=dict)  # withdrawn?

    def may_see(self, email: str | None, document: str) -> bool:
        permissions, withdrawn = self.documents[document]
        if withdrawn:
            return False
        if email is None:
            return permissions.everyone
        if not self.users.get(email, False):
            return False
        return self._is_granted(email, permissions)

    def _is_granted(self, email: str, permissions: Permissions) -> bool:
        if permissions.everyone:
            return True
        if permissions.realm_members and self._is_in_realm(email, permissions.realm):
            return True
        if any(self._means(subject, email) for subject in permissions.users):
            return True
        return any(
            clause and all(self._is_member(email, group, frozenset()) for group in clause)
            for clause in permissions.clauses
        )

    def _is_in_realm(self, email: str, realm: str) -> bool:
        if realm == ORGANISATION:
            return True
        names = {a.ref for a in self.accounts if a.realm == realm and a.email == email} | {email}
        return any(self._means(Subject(realm, name), email) for name in names)

    def _means(self, subject: Subject, email: str) -> bool:
        """A name means somebody who has it as id or address, if nobody else has."""
        if subject.realm == ORGANISATION:
            return subject.name == email
        bearers = [
            account
            for account in self.accounts
            if account.realm == subject.realm and subject.name in (account.ref, account.email)
        ]
        if any(account.email != email for account in bearers):
            return False
        return any(account.active for account in bearers)

    def _is_member(self, email: str, group: Subject, above: frozenset[Subject]) -> bool:
        """Whether the person is in a group, or in a group in it; ``above`` ends circles."""
        if group in above:
            return False
        for realm, name, kind, ref in self.members:
            if (realm, name) != (group.realm, group.name):
                continue
            member = Subject(realm, ref)
            if kind == "user" and self._means(member, email):
                return True
            if kind == "group" and self._is_member(email, member, above | {group}):
                return True
        return False
