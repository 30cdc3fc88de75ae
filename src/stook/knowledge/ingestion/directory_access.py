"""Applies a permissions file: its people and groups to SQL, its rules to each file's path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from stook.knowledge.ingestion.connectors.permissions_file import (
    FILE_NAME,
    DirectoryPermissions,
    Idle,
)
from stook.knowledge.store import repository

SHOWN = 5  # rules named in one message
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DirectoryAccess:
    """Who may read the files below ``root``.

    What the permissions file there says; without one what ``--allow`` said, in this run or an
    earlier one; else everyone. ``former`` are the rules of an earlier run, as long as nobody has
    said that what they closed may open.
    """

    root: Path
    allow: tuple[str, ...] = ()
    rules: DirectoryPermissions | None = None
    former: DirectoryPermissions | None = None
    standing: Mapping[str, Permissions] = field(default_factory=dict)
    names: tuple[str, ...] = ()  # of all that lies below ``root``, where there are rules

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

    def former_permissions_of(self, path: Path) -> Permissions | None:
        """Who might read a file below ``root`` by the former rules; None if there are none."""
        if self.former is None:
            return None
        return self.former.permissions_of(path.relative_to(self.root).as_posix())


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
            names, unlisted = files.names(root)
            idle = rules.idle_rules(names, unlisted)
            _check_idle(root, idle, warn=root == resolved, put_up=idle_rules)
            return DirectoryAccess(root, rules=rules, names=(*names, *unlisted))
    return DirectoryAccess(directory, tuple(allow))


def _check_idle(root: Path, idle: Sequence[Idle], *, warn: bool, put_up: bool) -> None:
    """A rule that does nothing may be misspelt, and what it was to protect be open.

    The whole directory is looked at, even where only a part of it is indexed: what was renamed
    there must not open either.
    """
    opening = [rule.pattern for rule in idle if rule.opens and not rule.is_overruled]
    if opening and not put_up:
        raise InvalidRequest(
            f"{root / FILE_NAME}: nothing matches the rule for {_some(opening)}, and "
            "what it was to close would be open. Was it renamed? Mend or remove the rule, or go "
            "on with --idle-rules. Nothing was indexed."
        )
    overruled = [rule.pattern for rule in idle if rule.is_overruled]
    if overruled and not put_up:
        raise InvalidRequest(
            f"{root / FILE_NAME}: all that the rule for {_some(overruled)} closes is opened to "
            "everyone by a later rule, and the last rule that matches holds. Put the rules in "
            "order, remove one, or go on with --idle-rules. Nothing was indexed."
        )
    for rule in idle if warn or opening or overruled else ():
        event = "a later rule opens all of it" if rule.is_overruled else "a rule matches nothing"
        log.warning(event, directory=str(root), path=rule.pattern)


def apply(
    connection: sa.Connection,
    access: DirectoryAccess,
    path: Path,
    datasource: str,
    *,
    allow_unknown: bool = False,
    widen: bool = False,
) -> DirectoryAccess:
    """Make the people and groups of a permissions file known, as the datasource's own.

    Gives the access with what earlier runs said; with ``widen`` what their rules closed may open.
    A person who was deactivated stays so. Raises InvalidRequest where the datasource has its
    groups from another directory, where the permissions file of an earlier run has vanished, or
    where a rule names somebody whom nobody knows (unless ``allow_unknown``).
    """
    repository.ensure_datasource(connection, datasource)
    if access.rules is not None:
        _check_users(connection, access.root, access.rules, put_up=allow_unknown)
        _apply_rules(connection, access, access.rules, datasource)
        former = None if widen else _former(connection, access, access.rules, datasource)
        if former is None:
            standing_access.keep_rules(connection, datasource, access.rules.text)
        return replace(access, former=former)
    resolved = path.expanduser().resolve()
    if not access.allow:
        standing_access.refuse_without_rules(connection, resolved, datasource)
        standing_access.refuse_moved(connection, resolved, datasource)
    standing_access.settle(connection, datasource, str(resolved), access.allow)
    return replace(access, standing=standing_access.load(connection, datasource))


def _check_users(
    connection: sa.Connection, root: Path, rules: DirectoryPermissions, *, put_up: bool
) -> None:
    """A name that nobody has may be misspelt, and then lets nobody in, or later a stranger."""
    unknown = [email for email in rules.unlisted_users() if users.find(connection, email) is None]
    if unknown and not put_up:
        raise InvalidRequest(
            f"{root / FILE_NAME}: nobody is known as {_some(unknown)}. Mend the name, add the "
            "person under [[users]] there or with `stook user add`, or say --allow-unknown. "
            "Nothing was indexed."
        )
    for email in unknown:
        log.warning("nobody is known by this name yet", directory=str(root), user=email)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _former(
    connection: sa.Connection, access: DirectoryAccess, rules: DirectoryPermissions, datasource: str
) -> DirectoryPermissions | None:
    """The rules of an earlier run, if they close anything that lies there and is open now."""
    text = standing_access.rules_kept(connection, datasource)
    if text is None or text == rules.text:
        return None
    former = permissions_file.parse(text, access.root / FILE_NAME, datasource)
    return former if any(rules.opens(name, former) for name in access.names) else None


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
