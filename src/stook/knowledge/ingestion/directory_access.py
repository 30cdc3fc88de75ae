"""Applies a permissions file: its people and groups to SQL, its rules to each file's path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import sqlalchemy as sa
import structlog

from stook.errors import InvalidRequest
from stook.identity import groups, realms, users
from stook.identity.permissions import EVERYONE_MAY_READ, Permissions
from stook.identity.realms import Account
from stook.knowledge.ingestion import standing_access
from stook.knowledge.ingestion.connectors import files, permissions_file
from stook.knowledge.ingestion.connectors.permissions_file import FILE_NAME, DirectoryPermissions
from stook.knowledge.store import repository

SHOWN = 5  # rules named in one message
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DirectoryAccess:
    """Who may read the files below ``root``.

    What the permissions file there says; without one what ``--allow`` said, in this run or an
    earlier one; else everyone.
    """

    root: Path
    allow: tuple[str, ...] = ()
    rules: DirectoryPermissions | None = None
    standing: Mapping[str, Permissions] = field(default_factory=dict)

    def permissions_of(self, path: Path, before: Path | None = None) -> Permissions:
        """Who may read a file below ``root``, both without symbolic links.

        ``before`` is where the file lay: what was said of that place holds until something is
        said of the new one.
        """
        if self.rules is None:
            places = (path,) if before is None else (path, before)
            said = (standing_access.nearest(self.standing, place) for place in places)
            return next(filter(None, said), EVERYONE_MAY_READ)
        return self.rules.permissions_of(path.relative_to(self.root).as_posix())


def find(
    path: Path, datasource: str, allow: list[str], *, idle_rules: bool = False
) -> DirectoryAccess:
    """Who may read what is at a path; the nearest directory with a permissions file decides.

    That may be a directory above: its rules hold for a part of it, too. Raises InvalidRequest
    where the file has a mistake, ``allow`` would override it, or a rule matches nothing while
    others may read what it was to close (unless ``idle_rules`` are put up with).
    """
    resolved = path.expanduser().resolve()
    directory = resolved if resolved.is_dir() else resolved.parent
    permissions_file.parse_allow(allow)
    for root in (directory, *directory.parents):
        rules = permissions_file.load(root, datasource)
        if rules is not None and allow:
            raise InvalidRequest(f"{root / FILE_NAME} says who may read; leave out --allow.")
        if rules is not None:
            _check_rules(root, rules, warn=root == resolved, put_up=idle_rules)
            return DirectoryAccess(root, rules=rules)
    return DirectoryAccess(directory, tuple(allow))


def _check_rules(root: Path, rules: DirectoryPermissions, *, warn: bool, put_up: bool) -> None:
    """A rule that matches nothing may be misspelt, and what it was to protect be open.

    The whole directory is looked at, even where only a part of it is indexed: what was renamed
    there must not open either.
    """
    idle = rules.idle_rules(*files.names(root))
    opening = [rule.pattern for rule in idle if rule.opens]
    if opening and not put_up:
        raise InvalidRequest(
            f"{root / FILE_NAME}: nothing matches the rule for {', '.join(opening[:SHOWN])}, and "
            "what it was to close would be open. Was it renamed? Mend or remove the rule, or go "
            "on with --idle-rules. Nothing was indexed."
        )
    for rule in idle if warn or opening else ():
        log.warning("a rule matches nothing", directory=str(root), path=rule.pattern)


def apply(
    connection: sa.Connection, access: DirectoryAccess, path: Path, datasource: str
) -> DirectoryAccess:
    """Make the people and groups of a permissions file known, as the datasource's own.

    Gives the access with what earlier runs said. A person who was deactivated stays so. Raises
    InvalidRequest where the datasource has its groups from another directory, or where the
    permissions file of an earlier run has vanished.
    """
    repository.ensure_datasource(connection, datasource)
    if access.rules is not None:
        _apply_rules(connection, access, access.rules, datasource)
        return access
    resolved = path.expanduser().resolve()
    if not access.allow:
        standing_access.refuse_without_rules(connection, resolved, datasource)
        standing_access.refuse_moved(connection, resolved, datasource)
    standing_access.settle(connection, datasource, str(resolved), access.allow)
    return replace(access, standing=standing_access.load(connection, datasource))


def _apply_rules(
    connection: sa.Connection, access: DirectoryAccess, rules: DirectoryPermissions, datasource: str
) -> None:
    standing_access.claim_realm(connection, access.root, datasource)
    for person in rules.users:
        if users.find(connection, person.email) is None:
            users.add(connection, person.email, person.name)
    accounts = [Account(one.email, one.email, one.name) for one in rules.users]
    realms.replace(connection, datasource, accounts)
    named = {group.name for group in rules.groups}
    groups.remove(connection, datasource, set(groups.names(connection, datasource)) - named)
    for group in rules.groups:
        groups.replace_members(connection, datasource, group.name, group.users, group.groups)
