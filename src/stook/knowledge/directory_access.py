"""Applies a permissions file: its people and groups to SQL, its rules to each file's path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.identity import groups, realms, users
from stook.identity.permissions import Permissions
from stook.identity.realms import Account
from stook.knowledge import repository
from stook.knowledge.connectors import permissions_file
from stook.knowledge.connectors.permissions_file import FILE_NAME, DirectoryPermissions
from stook.storage.tables import datasources


@dataclass(frozen=True, slots=True)
class DirectoryAccess:
    """Who may read the files below ``root``: what the file there says, else ``allowed``."""

    root: Path
    allowed: Permissions
    rules: DirectoryPermissions | None = None

    def permissions_of(self, path: Path) -> Permissions:
        """Who may read a file below ``root``, both without symbolic links."""
        if self.rules is None:
            return self.allowed
        return self.rules.permissions_of(path.relative_to(self.root).as_posix())

    def idle_rules(self, paths: Iterable[Path]) -> list[str]:
        """Patterns of rules that match none of these files."""
        if self.rules is None:
            return []
        return self.rules.idle_rules(path.relative_to(self.root).as_posix() for path in paths)


def find(path: Path, datasource: str, allow: list[str]) -> DirectoryAccess:
    """Who may read what is at a path; the nearest directory with a permissions file decides.

    That may be a directory above: its rules hold for a part of it, too. Raises InvalidRequest
    where the file has a mistake, or ``allow`` would override it.
    """
    resolved = path.expanduser().resolve()
    directory = resolved if resolved.is_dir() else resolved.parent
    allowed = permissions_file.parse_allow(allow)
    for root in (directory, *directory.parents):
        rules = permissions_file.load(root, datasource)
        if rules is not None and allow:
            raise InvalidRequest(f"{root / FILE_NAME} says who may read; leave out --allow.")
        if rules is not None:
            return DirectoryAccess(root, allowed, rules)
    return DirectoryAccess(directory, allowed)


def apply(connection: sa.Connection, access: DirectoryAccess, datasource: str) -> None:
    """Make the people and groups of a permissions file known, as the datasource's own.

    A person who was deactivated stays so. Raises InvalidRequest where the datasource has its
    groups from another directory: one would overwrite the other's.
    """
    repository.ensure_datasource(connection, datasource)
    if access.rules is None:
        return
    _claim_realm(connection, access.root, datasource)
    for person in access.rules.users:
        if users.find(connection, person.email) is None:
            users.add(connection, person.email, person.name)
    accounts = [Account(one.email, one.email, one.name) for one in access.rules.users]
    realms.replace(connection, datasource, accounts)
    for group in access.rules.groups:
        groups.replace_members(connection, datasource, group.name, group.users, group.groups)


def _claim_realm(connection: sa.Connection, root: Path, datasource: str) -> None:
    is_this = datasources.c.name == datasource
    config = dict(connection.scalar(sa.select(datasources.c.config).where(is_this)) or {})
    holder = config.get("permissions_root")
    if holder not in (None, str(root)) and (Path(str(holder)) / FILE_NAME).exists():
        raise InvalidRequest(
            f"Datasource {datasource} has its groups from {Path(str(holder)) / FILE_NAME}; "
            "give this directory a --datasource of its own."
        )
    config["permissions_root"] = str(root)
    connection.execute(sa.update(datasources).where(is_this).values(config=config))
